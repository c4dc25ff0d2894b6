"""From what stands in the Area form to a saved or corrected hazardous area, and what follows while it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldapp.domain.records.hazardous_area import CAPTURED
from fieldapp.errors import OperatorError
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.operations import areas, paper, paper_wording
from fieldapp.operations.browsing import Record
from fieldapp.operations.outlines import TypedOutline
from fieldapp.operations.paper import Landmark, Paper, Reading, WorkedOut
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import Texts
from ui.forms import outline_values, paper_editor, typed_outline
from ui.forms.find_values import position_text
from ui.forms.record_form import as_typed

AREA = areas.KIND
POINTS, LINE, RECORD = "points", "line", "record"
"""How the ground is given: by turning points, as a line that is no area, or as a captured record is written."""
_APART = frozenset((
    "area_m2", "perimeter_m", "outline", "line", "points", "legs", "readings", "outline_accuracy_m", "expected", "lat",
    "lon",
))  # fmt: skip
"""Declared fields that follow from what was typed otherwise."""


def fields_of(values: Mapping[str, str]) -> dict[str, object]:
    """The declared fields among the form's values, as typed."""
    return {name: text for name, text in values.items() if name in AREA.by_name and name not in _APART}


def paper_in(values: Mapping[str, str]) -> Paper | None:
    """The captured record that was typed; None where the ground is given by turning points."""
    return _dated(paper_editor.paper_of(values["paper"]), values) if values["how"] == RECORD else None


def _dated(typed: Paper | None, values: Mapping[str, str]) -> Paper | None:
    """Azimuths are as old as the field, where nothing else is said of them."""
    return typed.dated(values["laid_on"]) if typed is not None else None


def _drawn(values: Mapping[str, str]) -> tuple[TypedOutline, TypedOutline]:
    """Outline and line as typed; one of them is empty."""
    if values["how"] == RECORD:
        return (), ()
    typed = outline_values.outline_of(typed_outline.from_text(values["points"]))
    return ((), typed) if values["how"] == LINE else (typed, ())


def _mines(values: Mapping[str, str]) -> list[str]:
    return [line for line in values["mines"].split("\n") if line.strip()]


def save(ws: Workspace, values: Mapping[str, str]) -> Record:
    """Save the area that ``values`` describe."""
    outline, line = _drawn(values)
    return areas.add(
        ws, fields_of(values), outline=outline, line=line, record=paper_in(values), position=values["position"],
        expected=_mines(values) or None,
    )  # fmt: skip


def correct(ws: Workspace, name: str, before: Mapping[str, str], now: Mapping[str, str]) -> Record:
    """Correct the area ``name``: only what differs between ``before`` and ``now`` is written."""
    changed = {one: text for one, text in fields_of(now).items() if text != before.get(one, "")}
    ground = any(now[one] != before[one] for one in ("how", "points", "paper"))
    record = paper_in(now) if ground else None
    outline, line = _drawn(now) if ground and record is None else (None, None)
    if now["position"] != before["position"] and not now["position"].strip():
        changed |= {"lat": None, "lon": None}
    return areas.correct(
        ws, name, changed, now["reason"], outline=outline, line=line or None, record=record,
        position=now["position"] if now["position"] != before["position"] else None,
        expected=_mines(now) if now["mines"] != before["mines"] else None, heads=now["heads"].split(),
    )  # fmt: skip


def values_of(record: Record) -> dict[str, str]:
    """What the form shows of a saved area."""
    fields = record.fields
    values = {one.name: as_typed(fields.get(one.name)) for one in AREA.fields if one.name not in _APART}
    kept = paper.from_stored(fields.get("legs"))
    values["paper"] = paper_editor.as_text(kept) if kept is not None else ""
    line = fields.get("line")
    drawn = [[part] for part in line] if isinstance(line, list) else fields.get("outline")
    typed = outline_values.typed_of_stored(drawn, fields.get("points"))
    values["points"] = typed_outline.as_text(typed) if kept is None else ""
    written = kept is not None or (fields.get("classification") == CAPTURED and not drawn)
    values["how"] = RECORD if written else LINE if line else POINTS
    values["mines"] = "\n".join(areas.expected_lines(fields.get("expected")))
    values["position"] = position_text(record)
    values["heads"] = " ".join(record.heads)
    return values


@dataclass(frozen=True)
class LookedAtPaper:
    """What can be said of a captured record now: ``worked`` is None while something in it cannot be read."""

    worked: WorkedOut | None = None
    paper: Paper | None = None
    marks: Sequence[tuple[str, str]] = ()
    """What each landmark says below itself: sentence and tone."""
    facts: Sequence[tuple[str, str]] = ()
    remarks: Sequence[str] = ()
    problem: tuple[str, str] = ("", "")
    """What cannot be read, and what to do; empty where all can."""
    readings: Sequence[Reading] = ()


def look_at_paper(values: Mapping[str, str], texts: Texts, frame: Frame = FRAME) -> LookedAtPaper:
    """Work a captured record out as far as it is typed."""
    typed = _dated(paper_editor.paper_of(values["paper"]), values)
    if typed is None:
        return LookedAtPaper()
    try:
        worked = paper.work_out(typed, frame)
    except OperatorError as error:
        what, _kept, do = error.parts(texts)
        return LookedAtPaper(None, typed, problem=(what, do))
    return LookedAtPaper(
        worked, typed, [_mark(mark, number, texts) for number, mark in enumerate(worked.landmarks, 1)],
        paper_wording.facts(worked, texts, brief=True), paper_wording.remarks(worked, typed, texts),
        readings=worked.readings,
    )  # fmt: skip


def _mark(mark: Landmark, number: int, texts: Texts) -> tuple[str, str]:
    """A landmark as it was read; from the second on, how far apart its corner 1 is."""
    said = paper_wording.place(mark.at)
    if number > 1 and mark.off_m is not None:
        return paper_wording.apart(said, mark.off_m, texts), "warn" if mark.off_m > FAR_APART_M else "text2"
    notes = [note.sentence(texts) for note in mark.understood.notes]
    return " · ".join([said, *notes]), "warn" if notes else "text2"


FAR_APART_M = 10.0
"""Landmarks that put corner 1 farther apart than this are looked at again."""
