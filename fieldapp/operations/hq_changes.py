"""What headquarters changed in a team's records: shown on each of its laptops until seen there (M6).

The changes are ordinary events of headquarters and stay in the history. Which of them were seen on this laptop is
noted beside the log; nothing is sent about it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.registry import HQ_KINDS, KINDS
from fieldapp.ids import EventId, RecordName
from fieldapp.operations import lookup, words
from fieldapp.operations.records import own_teams
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal
from fieldapp.storage import records as stored
from fieldapp.storage.listing import Row
from fieldapp.storage.records import Change, HistoryEvent

CORRECTED, SETTLED, RETRACTED, RESTORED = "corrected", "settled", "retracted", "restored"
_UNSEEN = "hq_changes_unseen"
_PAPERWORK = frozenset(("sign_off", "answer", "question"))
"""Kinds whose changes have pages of their own."""


@dataclass(frozen=True)
class HqChange:
    """One change of headquarters to one record of this team."""

    event: EventId
    row: Row
    """The record as it is now."""
    what: str
    """``corrected``, ``settled``, ``retracted`` or ``restored``."""
    by: str
    at: str
    why: str
    changes: dict[str, Change]
    """By group; without the group of retracting and restoring."""
    counts: bool
    seen: bool

    @property
    def record(self) -> RecordName:
        """The record's name."""
        return self.row.name

    @property
    def number(self) -> str:
        """The number people know the record by."""
        return str(self.row.get("local_id") or self.row["id"][:8])


@dataclass(frozen=True)
class _Place:
    """An event of headquarters on a record of this team, and where it lies."""

    record: RecordName
    event: EventId
    stream: int
    seq: int


def count(ws: Workspace) -> int:
    """How many records headquarters changed that nobody has looked at here."""
    places, rows = _wanted(ws, seen=False)
    return len({one.record for one in _changing(places, rows)})


def listed(ws: Workspace, *, seen: bool = False, limit: int | None = None) -> list[HqChange]:
    """Changes of headquarters that nobody has looked at here, newest first; with ``seen`` the others too."""
    places, rows = _wanted(ws, seen=seen)
    unseen = _unseen(ws, {one.event for one in places})
    by_record: dict[RecordName, set[EventId]] = {}
    for one in _changing(places, rows):
        by_record.setdefault(one.record, set()).add(one.event)
    found = [
        _change(rows[record], step, seen=step.event not in unseen)
        for record, mine in by_record.items()
        for step in stored.history(ws.store, record)
        if step.event in mine
    ]
    return sorted(found, key=lambda one: (one.at, one.event), reverse=True)[:limit]


def _wanted(ws: Workspace, *, seen: bool) -> tuple[list[_Place], dict[RecordName, Row]]:
    places = _all(ws)
    if not seen:
        unseen = _unseen(ws, {one.event for one in places})
        places = [one for one in places if one.event in unseen]
    return places, lookup.rows_of(ws, {one.record for one in places})


def _changing(places: Iterable[_Place], rows: Mapping[RecordName, Row]) -> list[_Place]:
    """Without the events that records began with: what headquarters entered itself it did not change."""
    return [
        one
        for one in places
        if one.record in rows and (rows[one.record]["stream"], rows[one.record]["seq"]) != (one.stream, one.seq)
    ]


def _change(row: Row, step: HistoryEvent, *, seen: bool) -> HqChange:
    changes = {group: change for group, change in step.changes.items() if group != "exists"}
    exists = step.changes.get("exists")
    if exists is not None:
        what = RETRACTED if exists.after is False else RESTORED
    else:
        what = SETTLED if any(len(change.before) > 1 for change in changes.values()) else CORRECTED
    return HqChange(step.event, row, what, step.by or "", step.at or "", step.why or "", changes, step.counts, seen)


def mark_seen(ws: Workspace, events: Collection[EventId] | None = None) -> int:
    """Somebody here has looked at these changes, at all of them if none are named; returns how many were new."""
    ws.require_field()
    with ws.store.transaction():
        unseen = _unseen(ws, {one.event for one in _all(ws)})
        looked_at = unseen if events is None else unseen & set(events)
        ws.set_json(_UNSEEN, sorted(unseen - looked_at))
    return len(looked_at)


def known(ws: Workspace) -> set[EventId]:
    """What headquarters wrote on this team's records, as far as it is here: asked before an import."""
    return {one.event for one in _all(ws)}


def note_new(ws: Workspace, before: Collection[EventId]) -> list[RecordName]:
    """After an import: what headquarters changed since ``before`` is unseen; returns the records, sorted."""
    new = [one for one in _all(ws) if one.event not in before]
    kept = ws.get_json(_UNSEEN, None)
    if new and kept is not None:
        ws.set_json(_UNSEEN, sorted({*kept, *(one.event for one in new)}))
    return sorted({one.record for one in _changing(new, lookup.rows_of(ws, {one.record for one in new}))})


def _unseen(ws: Workspace, every: set[EventId]) -> set[EventId]:
    """Those of ``every`` that nobody has looked at; all of them as long as nobody has looked at any."""
    kept: Sequence[EventId] | None = ws.get_json(_UNSEEN, None)
    return every if kept is None else every.intersection(kept)


def _all(ws: Workspace) -> list[_Place]:
    """Every event of headquarters on records of this laptop's teams that have more than one event."""
    if ws.role != "field" or ws.deployment is None:
        return []
    streams = [one.id for one in journal.streams(ws.store) if words.is_headquarters(ws, one.device)]
    kinds = [kind for kind in KINDS if kind not in HQ_KINDS and kind not in _PAPERWORK]
    return [_Place(*found) for found in stored.written_by(ws.store, streams, kinds, own_teams(ws))]


def as_json(one: HqChange) -> dict[str, Any]:
    """A change as the command line prints it."""
    return {
        "record": one.record, "number": one.number, "event": one.event, "what": one.what, "by": one.by, "at": one.at,
        "why": one.why, "counts": one.counts, "seen": one.seen,
        "changes": [
            {"group": group, "before": change.before, "after": change.after} for group, change in one.changes.items()
        ],
    }
