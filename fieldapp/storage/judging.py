"""Which held events count: authority kept up as grants and chains change, and needs (oracle section 4)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from fieldapp.domain.authority import Authority
from fieldapp.domain.events import Event
from fieldapp.storage.database import Store
from fieldapp.storage.log import events_at, pieces_of, stream_events, stream_ids

_ENROLMENTS = "device/hq/"


@dataclass(frozen=True, slots=True)
class Standing:
    """The authority as the held enrolments make it, and these enrolments with the number of their stream."""

    authority: Authority
    enrolments: dict[str, Event]

    def has_cut_off(self, device: str) -> bool:
        """Has a grant of the device a cut-off? Then each of its events is judged by its chain."""
        return any(grant["until"] is not None for grant in self.authority.grants.get(device, ()))


def standing(store: Store) -> Standing:
    """The authority now. It is remembered; ``refresh`` makes it anew."""
    found: Standing | None = store.caches.get("standing")
    if found is None:
        found = store.caches["standing"] = _standing(store)
    return found


def _standing(store: Store) -> Standing:
    places = store.rows(
        "SELECT stream, seq, id FROM history WHERE record >= ? AND record < ?", (_ENROLMENTS, "device/hq0")
    )
    table = "device" if "device" in store.layouts else "other"
    of_kind = "" if table == "device" else " AND kind = 'device'"
    places += store.rows(
        f'SELECT stream, seq, heads FROM "{table}" WHERE owner = ? AND events = 1{of_kind}',  # noqa: S608
        ("hq",),
    )
    wanted = {i.hex() for _, _, i in places}
    enrolments = {i: e for i, e in events_at(store, {place[:2] for place in places}).items() if i in wanted}

    numbers = {name: n for n, name in stream_ids(store).items()}

    def lookup(stream: str, seq: int, i: str) -> Event | None:
        for piece in pieces_of(store, numbers[stream], seq, seq) if stream in numbers and 0 < seq < 2**53 else ():
            at = seq - piece.first
            if piece.ids[at] == i:
                return Event(i, stream, seq, piece.ids[at - 1] if at else piece.prev, "", (), (), {}, {}, b"")
        return None

    return Standing(Authority(enrolments.values(), store.root, lookup), enrolments)


def refresh(store: Store) -> set[str]:
    """Make the authority anew after enrolments or cut-off chains changed; judge again whom that touches.

    Returns the records whose events began or stopped to count.
    """
    before = standing(store).authority
    new = store.caches["standing"] = _standing(store)
    old, grants, seats = before.grants, new.authority.grants, new.authority.seats
    devices = [device for device in old.keys() | grants.keys() if old.get(device) != grants.get(device)]
    if seats != before.seats:  # what seats wrote on device records of any owner rests on whom they name
        devices += [*seats, *before.seats]
    streams = store.rows(
        "SELECT n FROM stream WHERE device IN (SELECT value FROM json_each(?)) AND n IN (SELECT stream FROM run)",
        (json.dumps(devices),),
    )
    changed = judge_again(store, [n for (n,) in streams])
    numbers = {name: n for n, name in stream_ids(store).items()}
    by_stream: dict[int, list[Event]] = {}
    for event in new.enrolments.values():
        by_stream.setdefault(numbers[event.stream], []).append(event)
    for n, events in by_stream.items():
        changed |= _judge(store, n, events)
    return changed


def judge_again(store: Store, streams: list[int]) -> set[str]:
    """Judge every event of these streams under the authority now; return the records that it changes."""
    changed: set[str] = set()
    for n in streams:
        changed |= _judge(store, n, list(stream_events(store, n)))
    return changed


def _judge(store: Store, stream: int, events: list[Event]) -> set[str]:
    refuse = standing(store).authority.refuse
    before = dict(store.rows("SELECT event, reason FROM quarantine WHERE stream = ?", (stream,)))
    released: list[tuple[bytes]] = []
    refused: list[tuple[bytes, str, int, int, str]] = []
    changed: set[str] = set()
    for event in events:
        i = bytes.fromhex(event.id)
        reason = refuse(event)
        if reason == before.get(i):
            continue
        changed.add(event.record)
        if reason is None:
            released.append((i,))
        else:
            refused.append((i, event.record, stream, event.seq, reason))
    store.executemany("DELETE FROM quarantine WHERE event = ?", released)
    quarantine(store, refused)
    return changed


def quarantine(store: Store, rows: list[tuple[bytes, str, int, int, str]]) -> None:
    """Keep these events (id, record, stream, number, reason) from counting."""
    store.executemany(
        "INSERT INTO quarantine (event, record, stream, seq, reason) VALUES (?,?,?,?,?)"
        " ON CONFLICT(event) DO UPDATE SET reason = excluded.reason",
        rows,
    )
    if rows:
        blocked(store).update(row[1] for row in rows)


def blocked(store: Store) -> set[str]:
    """Records that may have events although they have no row; more than these do no harm."""
    found: set[str] | None = store.caches.get("blocked")
    if found is None:
        rows = store.rows("SELECT record FROM quarantine UNION SELECT record FROM needing")
        found = store.caches["blocked"] = {record for (record,) in rows}
    return found


def unheld(store: Store) -> set[str]:
    """Ids that held events need and that are not here."""
    found: set[str] | None = store.caches.get("unheld")
    if found is None:
        found = store.caches["unheld"] = {
            need.hex() for (need,) in store.rows("SELECT need FROM needing WHERE held = 0")
        }
    return found


def add_needs(store: Store, events: list[Event]) -> None:
    """Note what these new events need; whether it is here is found out by ``settle_needs``."""
    store.executemany(
        "INSERT OR IGNORE INTO needing (event, record, need, held, counts) VALUES (?,?,?,0,0)",
        [(bytes.fromhex(e.id), e.record, bytes.fromhex(need)) for e in events for need in e.needs],
    )
    blocked(store).update(e.record for e in events)
    unheld(store).update(need for e in events for need in e.needs)


def settle_needs(store: Store, arrived: set[str], new: set[str]) -> set[str]:
    """Find which needs count now. ``arrived``: needed ids seen to come in; ``new``: needs never looked for before.

    Returns the records of the events for which a need began or stopped to count.
    """
    held = arrived | _held(store, new - arrived)
    store.executemany("UPDATE needing SET held = 1 WHERE need = ?", [(bytes.fromhex(i),) for i in held])
    unheld(store).difference_update(held)
    rows = store.rows("SELECT event, need, held, counts, record FROM needing")
    if not rows:
        return set()
    refused = {i for (i,) in store.rows("SELECT event FROM quarantine")}
    missing = {need for _, need, is_held, _, _ in rows if not is_held or need in refused}
    while waiting := {event for event, need, *_ in rows if need in missing} - missing:
        missing |= waiting
    changed = [(int(need not in missing), event, need, record) for event, need, _, counts, record in rows
               if counts != (need not in missing)]
    store.executemany("UPDATE needing SET counts = ? WHERE event = ? AND need = ?", [row[:3] for row in changed])
    return {row[3] for row in changed}


def _held(store: Store, ids: set[str]) -> set[str]:
    """Which of these events are here. There is no index of all ids: needs are rare, and this reads every head."""
    if not ids:
        return set()
    wanted = json.dumps(sorted(ids))
    among = "IN (SELECT unhex(value) FROM json_each(?))"
    found = {i for (i,) in store.rows(f"SELECT id FROM history WHERE id {among}", (wanted,))}  # noqa: S608
    for layout in store.all_layouts():
        rows = store.rows(
            f'SELECT heads FROM "{layout.table}" WHERE events = 1 AND heads {among}', (wanted,)  # noqa: S608
        )
        found |= {i for (i,) in rows}
    return {i.hex() for i in found}
