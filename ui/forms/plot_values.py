"""From what stands in the Plot form to a saved or corrected plot, and what is measured while it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from fieldapp.domain.lists_in_force import Lists
from fieldapp.domain.registry import KINDS
from fieldapp.domain.validation import groups_to_set, missing_for_sign_off
from fieldapp.errors import OperatorError
from fieldapp.geodesy.frame import FRAME
from fieldapp.operations import plots, positions
from fieldapp.operations.browsing import Record
from fieldapp.operations.plots import Measured
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui.forms.record_form import as_typed, name_of

PLOT = KINDS["plot"]
_APART = frozenset(("outline", "area_m2"))
"""Declared fields that come from the points."""


def points_of(values: Mapping[str, str]) -> list[str]:
    """The typed points; rows left empty are no points."""
    return [line for line in values["points"].split("\n") if line.strip()]


def fields_of(values: Mapping[str, str]) -> dict[str, object]:
    """The declared fields among the form's values, as typed; the points stand apart."""
    return {name: text for name, text in values.items() if name in PLOT.by_name and name not in _APART}


def save(ws: Workspace, values: Mapping[str, str]) -> Record:
    """Save the plot that ``values`` describe. An outline that encloses nothing is saved without an area."""
    return plots.add_plot(ws, fields_of(values), points_of(values))


def correct(ws: Workspace, name: str, before: Mapping[str, str], now: Mapping[str, str]) -> Record:
    """Correct the plot ``name``: only what differs between ``before`` and ``now`` is written.

    ``now["heads"]`` are the versions the form was opened with, ``now["reason"]`` the reason.
    """
    changed = {one: text for one, text in fields_of(now).items() if text != before.get(one, "")}
    points = points_of(now) if now["points"] != before["points"] else None
    if points == []:
        changed |= {"outline": None, "area_m2": None}
    return plots.correct_plot(ws, name, changed, now["reason"], points=points, heads=now["heads"].split())


def values_of(record: Record) -> dict[str, str]:
    """What the form shows of a saved plot."""
    values = {one.name: as_typed(record.fields.get(one.name)) for one in PLOT.fields if one.name not in _APART}
    values["points"] = "\n".join(plots.typed_points(record.fields.get("outline")))
    values["heads"] = " ".join(record.heads)
    return values


@dataclass(frozen=True)
class Looked:
    """What can be said of the points now: ``measured`` is None while a point cannot be read."""

    rows: list[tuple[str, str]]
    """For each row its sentence and tone."""
    measured: Measured | None
    unread: list[str]
    """Names of the points that cannot be read."""
    read: list[tuple[str, float, float]]
    """Name, latitude and longitude of the points that can."""


def look(lines: Sequence[str], texts: Texts) -> Looked:
    """Read each point back and measure the outline; ``lines`` are the rows, empty ones included."""
    rows: list[tuple[str, str]] = []
    unread: list[str] = []
    places: list[int] = []
    known: list[tuple[str, float, float]] = []
    for place, line in enumerate(lines):
        if not line.strip():
            rows.append((texts(N_("Left empty: no point")), "text2"))
            continue
        try:
            read = positions.read(line, FRAME)
        except OperatorError as error:
            rows.append((error.parts(texts)[0], "danger"))
            unread.append(plots.role_of(place))
        else:
            rows.append((read.second, "text2"))
            places.append(place)
            known.append((plots.role_of(place), read.understood.lat, read.understood.lon))
    if unread:
        return Looked(rows, None, unread, known)
    measured = plots.measure([lines[place] for place in places])
    for place, leg_m in zip(places, measured.legs_m, strict=False):
        to_next = texts(N_("{metres} m"), metres=texts.number(leg_m, 1))
        rows[place] = (texts(N_("{position} \u00b7 to next {leg}"), position=rows[place][0], leg=to_next), "text2")
    swapped = [places[index] for index, _hint in measured.swaps]
    for place in swapped:
        rows[place] = (texts(N_("Swapped? Outside the work area as typed: {line}"), line=rows[place][0]), "warn")
    return Looked(rows, measured, [], known)


def swapped_back(lines: Sequence[str], measured: Measured) -> list[str]:
    """The points with latitude and longitude exchanged where only that lies in the work area."""
    typed = [place for place, line in enumerate(lines) if line.strip()]
    fixed = list(lines)
    for index, hint in measured.swaps:
        fixed[typed[index]] = f"{hint.lat!r} {hint.lon!r}"
    return fixed


def difference(area_m2: Decimal | None, declared: str, texts: Texts) -> str:
    """Computed minus declared, with its sign; a dash where one of them is missing."""
    try:
        stated = Decimal(declared.replace(",", "."))
    except InvalidOperation:
        return "\u2013"
    if area_m2 is None or not stated.is_finite():
        return "\u2013"
    apart = area_m2 - stated
    number = texts.number(apart)
    return texts(N_("{value} m²"), value=f"+{number}" if apart > 0 else number)


def missing(values: Mapping[str, str], measured: Measured | None, texts: Texts, lists: Lists) -> list[str]:
    """Names of what the plot still needs to be signed off."""
    typed = dict(fields_of(values))
    typed["local_id"] = "-"
    typed["completed_on"] = typed.get("completed_on") or "2000-01-01"  # saving fills in the day
    changes, _problems = groups_to_set(PLOT, typed, lists=lists)
    needed = missing_for_sign_off(PLOT, changes)
    has_outline = measured is not None and bool(measured.vertices)
    return [name_of(one, texts) for one in needed if not (one.name == "outline" and has_outline)]
