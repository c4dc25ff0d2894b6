"""What changed in a record since headquarters decided on it, field by field; a plot's new ground in square metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldapp.domain.merge import record_state
from fieldapp.geodesy import overlap
from fieldapp.ids import RecordName
from fieldapp.operations import records, review
from fieldapp.operations.review import Judgement
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import records as stored
from fieldapp.storage.records import Change, Record

__all__ = ["Change", "Since", "since_decision"]


@dataclass(frozen=True)
class Since:
    """The decision that no longer holds, and what is different now."""

    verdict: str
    by: str
    at: str
    remarks: str
    changes: dict[str, Change]
    """By group: what was decided on (one reading), and what stands now. ``exists``: retracted or restored."""
    area_before_m2: float | None = None
    area_now_m2: float | None = None
    new_ground_m2: float | None = None
    """Of a plot: ground of the outline now that the decided outline did not have (M7); it needs both signatures."""
    lost_ground_m2: float | None = None


def since_decision(ws: Workspace, name: RecordName) -> Since | None:
    """What changed since the last decision on an earlier version: the last approval where there is one.

    None where no decision names an earlier version whose entries are all here. Raises RecordMissing.
    """
    record = records.get(ws, name)
    earlier = [one for one in review.judgements(ws, names=[name]).get(name, []) if not one.current and one.seen]
    events = stored.counting_events(ws.store, name)
    known = [one for one in earlier if events.keys() >= set(one.seen)]
    approved = [one for one in known if one.verdict == "approved"]
    if not known:
        return None
    last = (approved or known)[-1]
    then = record_state(name, {event: events[event] for event in last.seen})
    changes = _changes(then.values, record)
    if then.retracted != record.retracted:
        changes["exists"] = Change([not then.retracted], not record.retracted)
    return _of_plot(ws, record, last, changes, then.values)


def _changes(then: dict[str, Any], record: Record) -> dict[str, Change]:
    groups = dict.fromkeys((*then, *record.values))
    return {
        group: Change([then[group]] if group in then else [], record.values.get(group))
        for group in groups
        if then.get(group) != record.values.get(group)
    }


def _of_plot(
    ws: Workspace, record: Record, last: Judgement, changes: dict[str, Change], then: dict[str, Any]
) -> Since:
    remarks = str(records.get(ws, last.name).fields.get("remarks") or "")
    said = (last.verdict, last.by, last.at, remarks, changes)
    if record.kind != "plot" or "land" not in changes:
        return Since(*said)
    before, now = _members(then.get("land")), _members(record.values.get("land"))
    grown = lost = None
    if before.get("outline") and now.get("outline"):
        grown = overlap.beyond_m2(now["outline"], before["outline"])
        lost = overlap.beyond_m2(before["outline"], now["outline"])
    return Since(*said, _number(before.get("area_m2")), _number(now.get("area_m2")), grown, lost)


def _members(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> float | None:
    try:
        return None if value is None else float(str(value))
    except ValueError:
        return None
