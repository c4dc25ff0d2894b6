"""Reading current records: one, a list, its history, and what is open about it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.canonical import canonical, parse
from fieldapp.domain.events import Event
from fieldapp.ids import EventId, RecordName, StreamId
from fieldapp.storage.columns import values_of
from fieldapp.storage.database import Store
from fieldapp.storage.knowing import Written
from fieldapp.storage.log import events_at, stream_ids
from fieldapp.storage.schema import Layout
from fieldapp.storage.state import places_of, text_member


@dataclass(frozen=True, slots=True)
class ConflictFound:
    """A group of a record with more than one reading, most dangerous first, and the events that hold them."""

    record: RecordName
    group: str
    readings: list[Any]
    events: list[EventId]


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """An event that names parents or needs which are not here; without a need it does not count."""

    event: EventId
    record: RecordName
    parents: list[EventId]
    needs: list[EventId]
    counts: bool


@dataclass(frozen=True, slots=True)
class QuarantinedEvent:
    """An event that is held and passed on but does not count, and why."""

    event: EventId
    record: RecordName
    reason: str
    stream: StreamId
    seq: int


@dataclass(frozen=True, slots=True)
class Record:
    """One current record, complete."""

    name: RecordName
    kind: str
    owner: str
    id: str
    values: dict[str, Any]
    """Merged values by group, as events write them."""
    fields: dict[str, Any]
    """Every declared field by name, as events write it (decimals are text); None where absent or not understood."""
    heads: list[EventId]
    """The parents of the next edit."""
    retracted: bool
    settled: bool
    conflicts: list[ConflictFound]
    at: str | None
    by: str | None
    stream: StreamId
    seq: int
    events: int


@dataclass(frozen=True, slots=True)
class Change:
    """What an event did to one group: the readings its author was shown (none for a first value), and the new value."""

    before: list[Any]
    after: Any


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One event of a record."""

    event: EventId
    stream: StreamId
    seq: int
    parents: list[EventId]
    at: str | None
    by: str | None
    why: str | None
    changes: dict[str, Change]
    """By group; ``exists`` is the group of retracting and restoring."""
    counts: bool
    reason: str | None
    """Why it is quarantined."""
    value: dict[str, Any]
    """The whole event without ``stream`` and ``prev``."""


def read(store: Store, record: RecordName) -> Record | None:
    """The current record of this name; None where there is none that counts."""
    kind, owner, i = _split(record)
    layout = store.layout(kind)
    key = (i, owner) if layout.kind else (kind, i, owner)
    same = " AND ".join(f'"{column}" = ?' for column in layout.key)
    row = store.row(f'SELECT {layout.column_list} FROM "{layout.table}" WHERE {same}', key)  # noqa: S608
    return _record(store, layout, row) if row else None


def _split(record: RecordName) -> tuple[str, str, str]:
    parts = record.split("/")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", "")


def _record(store: Store, layout: Layout, row: tuple[Any, ...]) -> Record:
    kind = row[0] if layout.kind is None else layout.table
    i, owner, stream, seq, heads, events, unsettled, retracted, at, by = row[len(layout.base) - 10 : len(layout.base)]
    name = f"{kind}/{owner}/{i}"
    values = values_of(layout.kind, row[len(layout.base) : -1], row[-1])
    return Record(
        name, kind, owner, i, values, fields_of(layout, values), head_ids(heads), bool(retracted), not unsettled,
        conflicts(store, name) if unsettled else [], at, by, stream_ids(store)[stream], seq, events,
    )


def fields_of(layout: Layout, values: Mapping[str, Any]) -> dict[str, Any]:
    """Every declared field by name, as the merged values have it."""
    fields: dict[str, Any] = {}
    for group in layout.kind.groups if layout.kind else ():
        value = values.get(group.name)
        for one in group.fields:
            fields[one.name] = value if group.bare else value.get(one.key) if isinstance(value, dict) else None
    return fields


def head_ids(heads: bytes) -> list[EventId]:
    """The ids that a ``heads`` column holds."""
    return [heads[at : at + 32].hex() for at in range(0, len(heads), 32)]


def every_record(store: Store) -> Iterator[tuple[RecordName, dict[str, Any], list[EventId], bool, bool]]:
    """All current records in the order of their names: name, values, heads, retracted, settled."""
    kinds = [(name, layout) for name, layout in store.layouts.items()]
    kinds += [(name, store.other) for (name,) in store.rows("SELECT DISTINCT kind FROM other")]
    for kind, layout in sorted(kinds, key=lambda one: one[0] + "/"):
        only = " WHERE kind = ?" if layout.kind is None else ""
        cursor = store.execute(
            f'SELECT id, owner, heads, unsettled, retracted, extra, {layout.field_list} FROM "{layout.table}"{only}'  # noqa: S608
            " ORDER BY owner || '/' || id",
            (kind,) if only else (),
        )
        for i, owner, heads, unsettled, retracted, extra, *fields in cursor:
            values = values_of(layout.kind, fields[: len(layout.fields)], extra)
            yield f"{kind}/{owner}/{i}", values, head_ids(heads), bool(retracted), not unsettled


def history(store: Store, record: RecordName) -> list[HistoryEvent]:
    """All held events of a record, oldest first: after the events they build on, then by time written and id."""
    events = events_of(store, record)
    reasons = {q.event: q.reason for q in quarantined(store, record)}
    waiting = {p.event for p in pending(store, record) if not p.counts}
    return [_history_event(events, events[i], reasons, waiting) for i in _in_order(events)]


def events_of(store: Store, record: RecordName) -> dict[EventId, Event]:
    """All held events of a record by id, quarantined ones too."""
    if not all(_split(record)):
        return {}
    places = places_of(store, [record])[record]
    held = events_at(store, places.values())
    return {i: held[i] for i in places}


def counting_events(store: Store, record: RecordName) -> dict[EventId, Event]:
    """The held events of a record that count, by id: what an earlier version of it is made from."""
    held = events_of(store, record)
    out = {q.event for q in quarantined(store, record)} | {p.event for p in pending(store, record) if not p.counts}
    return {i: event for i, event in held.items() if i not in out}


def places_in(store: Store, record: RecordName) -> dict[EventId, Written]:
    """Where every held event of a record lies, by id."""
    places = places_of(store, [record])[record]
    return {i: Written(stream, seq, i) for i, (stream, seq) in places.items()}


def _in_order(events: Mapping[str, Event]) -> list[str]:
    """Ids with parents before children; ids are hashes, so there are no cycles."""
    left = {i: {p for p in event.parents if p in events} for i, event in events.items()}
    ordered: list[str] = []
    while left:
        ready = [i for i, parents in left.items() if not parents]
        first = min(ready, key=lambda i: (text_member(events[i].value, "at") or "", i))
        ordered.append(first)
        del left[first]
        for parents in left.values():
            parents.discard(first)
    return ordered


def _history_event(
    events: Mapping[str, Event], event: Event, reasons: Mapping[str, str], waiting: set[str]
) -> HistoryEvent:
    changes = {group: Change(_shown_before(events, event, group), after) for group, after in event.set.items()}
    at, by, why = (text_member(event.value, name) for name in ("at", "by", "why"))
    return HistoryEvent(
        event.id, event.stream, event.seq, list(event.parents), at, by, why, changes,
        event.id not in reasons and event.id not in waiting, reasons.get(event.id), event.value,
    )


def written_by(
    store: Store, streams: Collection[StreamId], kinds: Collection[str], owners: Collection[str]
) -> list[tuple[RecordName, EventId, int, int]]:
    """Events of these streams on records that have more than one: record, event, number of the stream, place in it."""
    rows = store.rows(
        "SELECT h.record, h.id, h.stream, h.seq FROM history h JOIN stream s ON s.n = h.stream"
        " WHERE s.id IN (SELECT value FROM json_each(?)) ORDER BY h.record, h.id",
        (json.dumps(sorted(streams)),),
    )
    wanted, found = {(kind, owner) for kind in kinds for owner in owners}, []
    for record, event, stream, seq in rows:
        kind, owner, _ = record.split("/")
        if (kind, owner) in wanted:
            found.append((record, event.hex(), stream, seq))
    return found


def _shown_before(events: Mapping[str, Event], event: Event, group: str) -> list[Any]:
    """The readings of a group that the author of an event was shown, equal ones once.

    A parent may be there for another group: what it wrote in this one had been replaced before, by an event that the
    other parents stand on.
    """
    held = [events[p] for p in event.parents if p in events and group in events[p].set]
    if len(held) > 1:
        known = _before(events, event)
        replaced = {p for i in known if group in events[i].set for p in events[i].parents}
        held = [one for one in held if one.id not in replaced]
    return list({canonical(one.set[group]): one.set[group] for one in held}.values())


def _before(events: Mapping[str, Event], event: Event) -> set[EventId]:
    found: set[EventId] = set()
    waiting = list(event.parents)
    while waiting:
        i = waiting.pop()
        if i in events and i not in found:
            found.add(i)
            waiting += events[i].parents
    return found


def _of_record(record: RecordName | None) -> tuple[str, tuple[str, ...]]:
    return (" WHERE record = ?", (record,)) if record is not None else ("", ())


def conflicts(store: Store, record: RecordName | None = None) -> list[ConflictFound]:
    """Open conflicts, of one record or all, by record and group."""
    where, parameters = _of_record(record)
    rows = store.rows(
        f"SELECT record, grp, readings, events FROM conflict{where} ORDER BY record, grp", parameters  # noqa: S608
    )
    return [ConflictFound(r, group, parse(found.encode()), json.loads(events)) for r, group, found, events in rows]


def pending(store: Store, record: RecordName | None = None) -> list[PendingEvent]:
    """Events that name something which is not here, of one record or all."""
    where, parameters = _of_record(record)
    rows = store.rows(
        f"SELECT event, record, parents, needs, counts FROM pending{where} ORDER BY record, event",  # noqa: S608
        parameters,
    )
    return [PendingEvent(e.hex(), r, json.loads(ps), json.loads(ns), bool(counts)) for e, r, ps, ns, counts in rows]


def quarantined(store: Store, record: RecordName | None = None) -> list[QuarantinedEvent]:
    """Events that do not count for want of authority, of one record or all."""
    where, parameters = _of_record(record)
    names = stream_ids(store)
    rows = store.rows(
        f"SELECT event, record, reason, stream, seq FROM quarantine{where} ORDER BY record, event",  # noqa: S608
        parameters,
    )
    return [QuarantinedEvent(e.hex(), r, reason, names[stream], seq) for e, r, reason, stream, seq in rows]
