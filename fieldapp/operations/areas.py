"""Hazardous areas: entered and corrected by their outlines or as captured records, and published by headquarters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fieldapp.domain.checks import Finding
from fieldapp.domain.kinds import Field
from fieldapp.domain.lists_in_force import Lists
from fieldapp.domain.records.hazardous_area import CAPTURED
from fieldapp.domain.registry import KINDS
from fieldapp.domain.validation import field_value
from fieldapp.ids import RecordName
from fieldapp.operations import checks, current_task, finds, lookup, outlines, paper, positions, records
from fieldapp.operations.outlines import TypedOutline, TypedPoint
from fieldapp.operations.paper import Paper
from fieldapp.operations.paper_errors import PublishedAlready
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record

KIND = KINDS["hazardous_area"]
_OWN = frozenset(("local_id", "source", "task"))
"""Fields that a published record has of its own; a task is the business of the team that has it."""
_OF_THE_GROUND = ("outline", "area_m2", "perimeter_m", "points", "line", "legs", "readings", "outline_accuracy_m")
_LINE = re.compile(r"(?P<text>.+?)\s*(?:[=:;\t]|\s[xх*])\s*(?P<quantity>[0-9][0-9 ]*)")


def add(
    ws: Workspace,
    fields: Mapping[str, object],
    *,
    outline: TypedOutline = (),
    line: TypedOutline = (),
    record: Paper | None = None,
    position: str | None = None,
    expected: Sequence[str] | None = None,
    by: str | None = None,
) -> Record:
    """Save a hazardous area. Everything may be missing.

    ``outline``: typed points, ``line`` those of what is a line and no area (a former contact line); ``record``: what
    stands on a captured record, which gives outline, reference point and other readings; ``position``: the reference
    point as typed; ``expected``: its mines, a line each (``PMN-2 = 120``).
    Raises CoordinateNotUnderstood, BearingNotUnderstood, RecordNotLaidOff, FieldsNotValid.
    """
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    given = {**_defaults(ws, record), **current_task.inherited(ws, KIND.name, given)}
    return records.add(ws, KIND.name, given | _typed(ws, outline, line, record, position, expected), by=by)


def correct(
    ws: Workspace,
    name: RecordName,
    fields: Mapping[str, object],
    why: str,
    *,
    outline: TypedOutline | None = None,
    line: TypedOutline | None = None,
    record: Paper | None = None,
    position: str | None = None,
    expected: Sequence[str] | None = None,
    heads: Sequence[str] | None = None,
    by: str | None = None,
) -> Record:
    """Correct an area with a reason. A new ``outline``, ``line`` or ``record`` replaces all of the ground.

    An outline that was typed does not follow from a paper, so no legs and readings stay beside it.
    """
    values = dict(fields)
    if outline is not None or line is not None or record is not None:
        values |= dict.fromkeys(_OF_THE_GROUND)
    values |= _typed(ws, outline or (), line or (), record, position, expected)
    return records.correct(ws, name, current_task.named(ws, values), why, heads=heads, by=by)


def _defaults(ws: Workspace, record: Paper | None) -> dict[str, object]:
    """Nothing about danger is assumed but that an area is open until somebody says otherwise."""
    found: dict[str, object] = {"status": "open", "informed_on": ws.clock.now().date().isoformat()}
    if record is not None:
        found |= {
            "classification": CAPTURED, "evidence": "indirect", "evidence_kind": "captured_record",
            "evidence_source": "record", "record_verdict": "not_searched",
        }  # fmt: skip
    return found


def look(
    ws: Workspace, *, outline: TypedOutline = (), record: Paper | None = None, name: RecordName | None = None
) -> list[Finding]:
    """What may be wrong with ground before it is saved, new or that of area ``name``; errors as ``add``."""
    land = _typed(ws, outline, (), record, None, None)
    return checks.of_area(ws, land.get("outline"), land, name)


def _typed(
    ws: Workspace, outline: TypedOutline, line: TypedOutline, record: Paper | None, position: str | None,
    expected: Sequence[str] | None,
) -> dict[str, Any]:
    frame = positions.frame_of(ws)
    found: dict[str, Any] = {}
    if record is not None:
        worked = paper.work_out(record, frame)
        found |= paper.land_of(record, worked) | positions.typed_fields(record.ties[0].text, frame, record.system)
    elif outline:
        found |= {k: v for k, v in outlines.fields_of(outlines.measure(outline, frame)).items() if k in KIND.by_name}
    if line:
        found["line"] = [ring for part in outlines.measure(line, frame).outline for ring in part] or None
    if position and position.strip():
        found |= positions.typed_fields(position, frame)
    if expected is not None:
        mines = expected_of(expected, ws.lists)
        found["expected"] = mines or None
        if mines:
            found.setdefault("expected_total", sum(one["quantity"] for one in mines))
    return found


def one_ring(points: Sequence[str], system: str = "auto") -> TypedOutline:
    """The outline of one ring of typed points; nothing for no points."""
    typed = [TypedPoint(text, system=system) for text in points if text.strip()]
    return [[typed]] if typed else []


def expected_of(lines: Sequence[str], lists: Lists) -> list[dict[str, Any]]:
    """The table of mines of a captured record from lines like ``PMN-2 = 120``: text, model where it means one, number.

    A line without a number is kept with the number 0: what it says is not lost.
    """
    found = []
    for line in (one.strip() for one in lines):
        if not line:
            continue
        read = _LINE.fullmatch(line)
        text = read["text"].strip() if read else line
        mine: dict[str, Any] = {"text": text, "quantity": int(read["quantity"].replace(" ", "")) if read else 0}
        model = finds.model_fields(text, lists).get("model")
        found.append(mine | ({"model": model} if model else {}))
    return found


def expected_lines(kept: object) -> list[str]:
    """The lines that ``expected_of`` reads back the same."""
    if not isinstance(kept, list):
        return []
    return [f"{one.get('text', '')} = {one.get('quantity', 0)}" for one in kept if isinstance(one, dict)]


def publish(ws: Workspace, name: RecordName, why: str = "", *, by: str | None = None) -> Record:
    """Tell all teams of a team's area: headquarters' own record of it, naming its source; returns that record.

    Published again, what changed in the source is corrected in it, with ``why``; a retracted source retracts it. What
    the source never said stays as headquarters has it. Raises WrongRole, PublishedAlready.
    """
    ws.require_hq()
    with ws.store.transaction():
        source = records.get(ws, name)
        if source.owner == "hq":
            raise PublishedAlready(number=_number(source))
        said = {one.name: field_value(KIND, source.values, one.name) for one in _published_fields()}
        before = published_as(ws, name)
        if before is None:
            given = {key: value for key, value in said.items() if value is not None}
            return records.add(ws, KIND.name, {**given, "source": name}, owner="hq", by=by)
        reason = why.strip() or f"<- {_number(source)}"
        if source.retracted and not before.retracted:
            return records.retract(ws, before.name, reason, by=by)
        now = {one.name: field_value(KIND, before.values, one.name) for one in _published_fields()}
        changed = {key: value for key, value in said.items() if value is not None and value != now[key]}
        if not changed:
            raise PublishedAlready(number=_number(before))
        return records.correct(ws, before.name, changed, reason, by=by)


def _published_fields() -> list[Field]:
    return [one for one in KIND.fields if one.name not in _OWN]


def published_as(ws: Workspace, name: RecordName) -> Record | None:
    """Headquarters' record that was made of a team's area; None where it was never published."""
    rows = lookup.rows(ws, KIND.name, owner="hq", equal={"source": name})
    return records.get(ws, rows[-1].name) if rows else None


def _number(record: Record) -> str:
    return str(record.fields.get("local_id") or record.name)
