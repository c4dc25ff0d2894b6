"""The slow way to a current record, right in every case: all its events from the log through the merge.

What ``ingest`` does faster must come out as this does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from fieldapp.domain.canonical import canonical
from fieldapp.domain.events import Event
from fieldapp.domain.merge import Conflict, Incomplete, RecordState, incomplete, live, record_state
from fieldapp.storage.columns import row_of
from fieldapp.storage.database import Store
from fieldapp.storage.log import events_at
from fieldapp.storage.schema import Layout

_AT_ONCE = 400
"""Records computed together: their events are read segment by segment."""

Place = tuple[int, int]
"""Stream number, and number in the stream."""

_AMONG = "record IN (SELECT value FROM json_each(?))"


def recompute(store: Store, records: Iterable[str]) -> None:
    """Compute these records from all their held events and write rows, history, conflicts and pending."""
    names = iter(sorted(records))
    while chunk := list(islice(names, _AT_ONCE)):
        _recompute(store, chunk)


def places_of(store: Store, names: list[str]) -> dict[str, dict[str, Place]]:
    """Where every held event of these records lies: by record, by id."""
    places: dict[str, dict[str, Place]] = {name: {} for name in names}
    for record, i, stream, seq in store.rows(
        f"SELECT record, id, stream, seq FROM history WHERE {_AMONG}", (json.dumps(names),)  # noqa: S608
    ):
        places[record][i.hex()] = (stream, seq)
    for layout, pairs in _by_layout(store, names):
        for kind, owner, i, stream, seq, heads in store.rows(
            _plain_query(layout), (json.dumps([list(pair) for pair in pairs]),)
        ):
            places[f"{kind}/{owner}/{i}"].setdefault(heads.hex(), (stream, seq))
    return places


def _by_layout(store: Store, names: Iterable[str]) -> Iterator[tuple[Layout, list[tuple[str, str, str]]]]:
    tables: dict[str, tuple[Layout, list[tuple[str, str, str]]]] = {}
    for name in names:
        kind, owner, i = name.split("/")
        layout = store.layout(kind)
        tables.setdefault(layout.table, (layout, []))[1].append((kind, owner, i))
    return iter(tables.values())


def _plain_query(layout: Layout) -> str:
    kind = "t.kind" if layout.kind is None else f"'{layout.table}'"
    same_kind = " AND t.kind = j.value->>0" if layout.kind is None else ""
    return (
        f"SELECT {kind}, t.owner, t.id, t.stream, t.seq, t.heads FROM json_each(?) j"  # noqa: S608 - declared names
        f' JOIN "{layout.table}" t ON t.id = j.value->>2 AND t.owner = j.value->>1{same_kind}'
        " WHERE t.events = 1 AND length(t.heads) = 32"
    )


def _recompute(store: Store, names: list[str]) -> None:
    places = places_of(store, names)
    events = events_at(store, {place for ids in places.values() for place in ids.values()})
    refused, waiting, needs_met = _judged(store, names)
    wanted = (json.dumps(names),)
    for table in ("history", "conflict", "pending"):
        store.execute(f"DELETE FROM {table} WHERE {_AMONG}", wanted)  # noqa: S608 - our own names
    history: list[tuple[Any, ...]] = []
    conflicts: list[tuple[Any, ...]] = []
    pending: list[tuple[Any, ...]] = []
    for name in names:
        here = {i: events[i] for i in places[name]}
        applied = {i: event for i, event in here.items() if i not in refused and i not in waiting}
        open_events = incomplete(name, here, refused, applied.keys() | needs_met)
        state = record_state(name, applied) if applied else None
        unsettled = bool(open_events) or bool(state and state.conflicts)
        _write_row(store, name, here, applied, places[name], state, unsettled=unsettled)
        if not (state and not unsettled and is_plain(here, state)):
            history += [(name, bytes.fromhex(i), *place) for i, place in places[name].items()]
        pending += map(_pending_row, open_events)
        conflicts += [_conflict_row(c, applied) for c in (state.conflicts if state else ())]
    store.executemany("INSERT INTO history (record, id, stream, seq) VALUES (?,?,?,?)", history)
    store.executemany(
        "INSERT INTO conflict (record, grp, readings, events, kind, owner, alike, since) VALUES (?,?,?,?,?,?,?,?)",
        conflicts,
    )
    store.executemany("INSERT INTO pending (event, record, parents, needs, counts) VALUES (?,?,?,?,?)", pending)


def is_plain(here: Mapping[str, Event], state: RecordState) -> bool:
    """One event that names no other and counts: its row says all, and no history is kept."""
    if len(here) != 1:
        return False
    (event,) = here.values()
    return not event.parents and not event.needs and state.heads == [event.id]


def _judged(store: Store, names: list[str]) -> tuple[set[str], set[str], set[str]]:
    """Of these records: quarantined events, events waiting for a need, and needs that count."""
    wanted = (json.dumps(names),)
    refused = {
        i.hex() for (i,) in store.rows(f"SELECT event FROM quarantine WHERE {_AMONG}", wanted)  # noqa: S608
    }
    needs = store.rows(f"SELECT event, need, counts FROM needing WHERE {_AMONG}", wanted)  # noqa: S608
    waiting = {event.hex() for event, _, counts in needs if not counts}
    return refused, waiting, {need.hex() for _, need, counts in needs if counts}


def _conflict_row(conflict: Conflict, applied: Mapping[str, Event]) -> tuple[Any, ...]:
    """With what makes conflicts alike, and since when there are two readings, as far as clocks can be believed."""
    kind, owner, _ = conflict.record.split("/")
    sides = [held.values() for _, held in held_readings(conflict.group, conflict.readings, conflict.events, applied)]
    moments = sorted(min(text_member(event.value, "at") or "" for event in side) for side in sides if side)
    said: Any = conflict.readings
    if conflict.group == "exists":  # yes and no are the readings of all of them: what was done, and why, tells apart
        said = sorted(canonical([applied[i].set, applied[i].value.get("why")]).decode() for i in conflict.events)
    alike = hashlib.sha256(canonical([kind, conflict.group, said])).hexdigest()[:32]
    return (
        conflict.record, conflict.group, canonical(conflict.readings).decode(), canonical(conflict.events).decode(),
        kind, owner, alike, moments[min(1, len(moments) - 1)],
    )


def held_readings(
    group: str, readings: Sequence[Any], holders: Iterable[str], applied: Mapping[str, Event]
) -> list[tuple[Any, dict[str, Event]]]:
    """Each reading of a conflict with the events that hold it, by id.

    In a disputed retraction these are the retractions, and against them what was said without knowing of them.
    """
    held: list[tuple[Any, dict[str, Event]]] = [(reading, {}) for reading in readings]
    if group == "exists":
        retractions = {i for i in live(applied).get("exists", ()) if applied[i].set["exists"] is False}
        keys = {i: canonical(i not in retractions) for i in holders}
    else:
        keys = {i: canonical(applied[i].set[group]) for i in holders}
    places = {canonical(reading): place for place, reading in enumerate(readings)}
    for i, key in keys.items():
        held[places[key]][1][i] = applied[i]
    return held


def _pending_row(one: Incomplete) -> tuple[Any, ...]:
    return (
        bytes.fromhex(one.event), one.record, canonical(one.parents).decode(), canonical(one.needs).decode(),
        int(one.counts),
    )


def first_of(applied: Mapping[str, Event]) -> Event:
    """The event a record is dated by: one that built on nothing, the earliest written, then the lowest id."""
    return min(applied.values(), key=lambda e: (bool(e.parents), text_member(e.value, "at") or "", e.id))


def text_member(value: Mapping[str, Any], name: str) -> str | None:
    """A member of an event that should be text; None where it is absent or something else."""
    member = value.get(name)
    return member if isinstance(member, str) else None


def _write_row(
    store: Store, name: str, here: Mapping[str, Event], applied: Mapping[str, Event], places: Mapping[str, Place],
    state: RecordState | None, *, unsettled: bool,
) -> None:
    kind, owner, i = name.split("/")
    layout = store.layout(kind)
    key = (i, owner) if layout.kind else (kind, i, owner)
    if state is None:
        same = " AND ".join(f'"{column}" = ?' for column in layout.key)
        store.execute(f'DELETE FROM "{layout.table}" WHERE {same}', key)  # noqa: S608 - declared names
        return
    first = first_of(applied)
    fields, extra = row_of(layout.kind, state.values)
    store.execute(layout.upsert, (
        *key, *places[first.id], b"".join(map(bytes.fromhex, state.heads)), len(here), int(unsettled),
        int(state.retracted), text_member(first.value, "at"), text_member(first.value, "by"), *fields, extra,
    ))
