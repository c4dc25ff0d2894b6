"""Tasks out of a file of areas: looked at first, then made, all that were chosen or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from fieldapp.domain.kinds import Kind
from fieldapp.domain.registry import KINDS
from fieldapp.domain.validation import groups_to_set
from fieldapp.exchange.areas import Area
from fieldapp.geodesy import coordinates
from fieldapp.geodesy.area import Problem, geometry_problems, outline_area_m2
from fieldapp.geodesy.coordinates import SwapHint
from fieldapp.operations import tasks
from fieldapp.operations.area_files import read_areas
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record
from fieldapp.texts import N_, Texts

_TAKEN = (
    "task_kind", "method", "other_methods", "depth_required", "place", "qc_asked", "starts_on", "due_on", "remarks"
)  # fmt: skip
"""Fields of a task that a file may bring under these names; what it brings besides stays in the file."""


@dataclass(frozen=True)
class Candidate:
    """One area of a file, and whether it can be a task."""

    at: int
    """Its number in the file, from 1."""
    title: str
    outline: tasks.Outline
    fields: Mapping[str, object] = field(default_factory=dict)
    area_m2: Decimal | None = None
    points: int = 0
    problems: tuple[Problem, ...] = ()
    unread: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    swap: SwapHint | None = None
    """Set where all of it lies outside the work area while its swap lies inside: asked, never done."""

    @property
    def sound(self) -> bool:
        """Can it be a task as it stands?"""
        return self.area_m2 is not None and not self.problems and not self.unread

    @property
    def ready(self) -> bool:
        """Sound, and nothing has to be asked: it is made without being named."""
        return self.sound and self.swap is None

    def reason(self, texts: Texts) -> str:
        """Why it cannot be a task, or what looks odd; empty where nothing does."""
        if self.unread:
            return texts(self.unread, **self.facts)
        said = [problem.sentence(texts) for problem in self.problems]
        if self.swap is not None:
            said.append(self.swap.sentence(texts))
        return " ".join(said)


def preview(file: Path, kind: str = "task", taken: Collection[str] = _TAKEN) -> list[Candidate]:
    """What a GeoJSON or CSV file would make, feature by feature. Writes nothing. Raises AreasNotRead.

    ``taken``: the fields of ``kind`` that the file may bring.
    """
    return [_candidate(area, at, file.stem, KINDS[kind], taken) for at, area in enumerate(read_areas(file), 1)]


def _candidate(area: Area, at: int, stem: str, kind: Kind, taken: Collection[str]) -> Candidate:
    title = (area.title or stem)[:200]
    if area.problem:
        return Candidate(at, title, [], unread=area.problem, facts=area.facts)
    fields, odd = _fields(area.properties, kind, taken)
    points = sum(len(ring) for part in area.parts for ring in part)
    if odd:
        return Candidate(at, title, area.parts, points=points, unread=odd[0], facts=odd[1])
    found = geometry_problems(area.parts) if points else [Problem("too_few_points")]
    problems = tuple(problem for problem in found if problem.blocks)
    return Candidate(
        at, title, area.parts, fields, None if problems else outline_area_m2(area.parts), points, problems,
        swap=_swap(area.parts),
    )  # fmt: skip


def _fields(
    properties: Mapping[str, str], kind: Kind, taken: Collection[str]
) -> tuple[dict[str, object], tuple[str, dict[str, object]] | None]:
    """The kind's fields among a feature's, and the first that cannot be taken."""
    given: dict[str, object] = {name: properties[name] for name in taken if properties.get(name)}
    _, problems = groups_to_set(kind, given)
    if problems:
        odd = problems[0]
        return {}, (N_("“{value}” cannot be its {field}."), {"value": str(given[odd.field])[:80], "field": odd.field})
    return given, None


def _swap(parts: tasks.Outline) -> SwapHint | None:
    hints = [
        coordinates.swap_hint(float(vertex["lat"]), float(vertex["lon"]))
        for part in parts for ring in part for vertex in ring
    ]  # fmt: skip
    return hints[0] if hints and all(hint is not None for hint in hints) else None


def make(
    ws: Workspace,
    candidates: Sequence[Candidate],
    fields: Mapping[str, object],
    *,
    only: Collection[int] | None = None,
    team: str | None = None,
    by: str | None = None,
) -> list[Record]:
    """Make a task of each candidate that is ready, or of the sound ones that ``only`` numbers; all of them or none.

    An area that looks swapped is made only where it is named: a task in the wrong place sends people there.
    ``fields`` stand where the file brings none. Raises WrongRole, NoSuchTeam, FieldsNotValid.
    """
    chosen = [one for one in candidates if (one.ready if only is None else one.sound and one.at in only)]
    with ws.store.transaction():
        return [
            tasks.create(ws, {**fields, **one.fields, "title": one.title}, outline=one.outline, team=team, by=by)
            for one in chosen
        ]


def as_json(one: Candidate, texts: Texts) -> dict[str, Any]:
    """As the command line prints it."""
    return {
        "at": one.at, "title": one.title, "sound": one.sound, "points": one.points,
        "area_m2": None if one.area_m2 is None else float(one.area_m2), "reason": one.reason(texts),
        "fields": dict(one.fields),
    }  # fmt: skip
