"""Writing this installation's own streams, sealing them, and handing segments out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.canonical import canonical
from fieldapp.domain.chains import Chains
from fieldapp.domain.events import Event, of_value
from fieldapp.domain.segments import MAX_EVENTS, SEGMENT_FORMAT, SegmentHeader, encode_segment
from fieldapp.ids import EventId, StreamId
from fieldapp.storage.database import Store
from fieldapp.storage.ingest import Intake, ensure_stream
from fieldapp.storage.log import Piece, events_at
from fieldapp.storage.runs import all_chains

_MAX_SEALED_BYTES = 16 << 20
"""Unpacked bytes that are sealed into one segment, well under what readers take."""


class NotWritable(ValueError):
    """The stream is not this installation's own, or somebody else wrote on: a new one must be started."""


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """A stream that is known here."""

    id: StreamId
    device: str
    audience: str
    own: bool
    """Started by this installation."""
    closed: bool
    """Never to be written again (restored, cloned, or another installation wrote on)."""


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """A segment byte for byte as it was sealed or received."""

    n: int
    stream: StreamId
    audience: str
    from_seq: int
    to_seq: int
    prev: EventId | None
    head: EventId
    sig: str | None
    data: bytes


def new_stream(store: Store, stream: StreamId, audience: str) -> None:
    """Start a stream of this installation for one audience (``team/<t>``, ``all`` or ``hq``)."""
    with store.transaction():
        n = ensure_stream(store, stream, audience)
        store.execute("UPDATE stream SET own = 1 WHERE n = ?", (n,))


def own_stream(store: Store, audience: str) -> StreamId | None:
    """The stream this installation writes for ``audience``; None where it has to start one."""
    found = store.row(
        "SELECT id FROM stream WHERE own = 1 AND closed = 0 AND audience = ? ORDER BY n DESC LIMIT 1", (audience,)
    )
    return str(found[0]) if found else None


def close_streams(store: Store) -> None:
    """Never write on the streams there are: this workspace was restored or copied. The next save starts new ones."""
    with store.transaction():
        store.execute("UPDATE stream SET closed = 1 WHERE own = 1")


def streams(store: Store) -> list[StreamInfo]:
    """All streams known here."""
    rows = store.rows("SELECT id, device, audience, own, closed FROM stream ORDER BY id")
    return [StreamInfo(i, device, audience, bool(own), bool(closed)) for i, device, audience, own, closed in rows]


def append(store: Store, stream: StreamId, body: dict[str, Any]) -> Event:
    """Write one event: ``body`` is the event without ``stream``, ``prev`` and ``seq``.

    In its own transaction, committed when this returns, or in the caller's. Raises NotWritable, and NotAnEvent or
    NoCanonicalForm for a body that is no event.
    """
    with store.transaction():
        found = store.row("SELECT n, tip_seq, tip FROM stream WHERE id = ? AND own = 1 AND closed = 0", (stream,))
        if found is None:
            raise NotWritable(stream)
        n, tip_seq, tip = found
        value = {**body, "seq": tip_seq + 1}
        line = canonical(value)
        event = of_value(stream, tip.hex() if tip else None, value, line)
        mine = bytes.fromhex(event.id)
        store.execute(
            "INSERT INTO unsealed (stream, seq, prev, id, line) VALUES (?,?,?,?,?)", (n, event.seq, tip, mine, line)
        )
        store.execute("UPDATE stream SET tip_seq = ?, tip = ? WHERE n = ?", (event.seq, mine, n))
        intake = Intake(store)
        intake.own(n, Piece(stream, event.seq, event.prev, [line], [event.id]))
        intake.finish()
    return event


def seal(store: Store, stream: StreamId, sign: Callable[[bytes], str], public_key: str) -> list[int]:
    """Move the stream's events that lie open into signed segments; return the segments' numbers.

    ``sign`` is given the packed segment and returns its signature; ``public_key`` is the device's, in base64.
    """
    with store.transaction():
        found = store.row("SELECT n, audience FROM stream WHERE id = ? AND own = 1", (stream,))
        if found is None:
            raise NotWritable(stream)
        n, audience = found
        sealed: list[int] = []
        for rows in _portions(store, n):
            first, prev = rows[0][0], rows[0][1]
            header = SegmentHeader(audience, SEGMENT_FORMAT, first, public_key, prev.hex() if prev else None, stream)
            data = encode_segment(header, [line for *_, line in rows])
            sealed.append(int(store.execute(
                "INSERT INTO segment (stream, from_seq, to_seq, prev, head, sig, data) VALUES (?,?,?,?,?,?,?)",
                (n, first, rows[-1][0], prev, rows[-1][2], sign(data), data),
            ).lastrowid))
        store.execute("DELETE FROM unsealed WHERE stream = ?", (n,))
        return sealed


def _portions(store: Store, stream: int) -> Iterator[list[tuple[int, bytes | None, bytes, bytes]]]:
    rows = store.rows("SELECT seq, prev, id, line FROM unsealed WHERE stream = ? ORDER BY seq", (stream,))
    portion: list[tuple[int, bytes | None, bytes, bytes]] = []
    size = 0
    for seq, prev, i, line in rows:
        if portion and (len(portion) == MAX_EVENTS or size + len(line) > _MAX_SEALED_BYTES):
            yield portion
            portion, size = [], 0
        portion.append((seq, prev, i, line))
        size += len(line) + 1
    if portion:
        yield portion


def segments_from(store: Store, stream: StreamId, after_seq: int = 0) -> list[StoredSegment]:
    """The stored segments of a stream with events after number ``after_seq``, in order; own events must be sealed."""
    rows = store.rows(
        "SELECT g.n, s.id, s.audience, g.from_seq, g.to_seq, g.prev, g.head, g.sig, g.data FROM segment g"
        " JOIN stream s ON s.n = g.stream WHERE s.id = ? AND g.to_seq > ? ORDER BY g.from_seq, g.n",
        (stream, after_seq),
    )
    return [
        StoredSegment(n, i, audience, first, last, prev.hex() if prev else None, head.hex(), sig, data)
        for n, i, audience, first, last, prev, head, sig, data in rows
    ]


def chains(store: Store) -> Chains:
    """Receipts, gaps and forks of all streams, as the reference model lists them."""
    return all_chains(store)


def branches(store: Store) -> dict[StreamId, list[tuple[int, EventId]]]:
    """The ends of every stream (number, id), one for each branch, behind a gap too; highest last."""
    rows = store.rows(
        "SELECT s.id, r.to_seq, r.head FROM run r JOIN stream s ON s.n = r.stream WHERE NOT EXISTS"
        " (SELECT 1 FROM run f WHERE f.stream = r.stream AND f.from_seq = r.to_seq + 1 AND f.prev = r.head)"
        " ORDER BY s.id, r.to_seq, r.head"
    )
    found: dict[StreamId, list[tuple[int, EventId]]] = {}
    for stream, seq, head in rows:
        found.setdefault(stream, []).append((seq, head.hex()))
    return found


def gaps(store: Store) -> list[dict[str, object]]:
    """What is missing: stream, from, to (for people), head (what to ask for)."""
    return chains(store).gaps


def forks(store: Store) -> list[dict[str, object]]:
    """Streams with two events at one number: stream, seq, events."""
    return chains(store).forks


def receipts_to_give(store: Store) -> list[dict[str, object]]:
    """What may be confirmed from what is committed here: stream, seq, head; one for each branch back to 1."""
    return chains(store).receipts


def next_number(store: Store) -> int:
    """The next number of this installation's counter for local ids, from 1; used up when the transaction commits."""
    with store.transaction():
        number = int(store.get_meta("counter") or 0) + 1
        store.execute(
            "INSERT INTO meta VALUES ('counter', ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            (str(number),),
        )
        return number


def holds(store: Store, stream: StreamId, seq: int, head: EventId) -> bool:
    """Is the event with this id held here at this place of this stream?"""
    found = store.row("SELECT n FROM stream WHERE id = ?", (stream,))
    if found is None:
        return False
    ends = "SELECT 1 FROM segment WHERE head = ? AND stream = ? AND to_seq = ?"  # what a receipt names, mostly
    return store.row(ends, (bytes.fromhex(head), found[0], seq)) is not None or head in events_at(
        store, [(found[0], seq)]
    )


def has_segment(store: Store, head: EventId, first: int = 1) -> bool:
    """Is a segment that ends in this event, and begins with number ``first`` or later, known?

    So it is when a stored segment ends there and begins no later, or when a segment or a stream ends there and nothing
    of the stream is missing. Else, behind a gap, the answer is no: another cut may fill the gap.
    """
    known = bytes.fromhex(head)
    if store.row("SELECT 1 FROM segment WHERE head = ? AND from_seq <= ?", (known, first)) is not None:
        return True
    return store.row(
        "SELECT 1 FROM (SELECT stream FROM segment WHERE head = ? UNION ALL SELECT stream FROM run WHERE head = ?) h"
        " WHERE NOT EXISTS (SELECT 1 FROM run r WHERE r.stream = h.stream AND r.from_seq > 1 AND NOT EXISTS"
        " (SELECT 1 FROM run b WHERE b.stream = r.stream AND b.to_seq = r.from_seq - 1 AND b.head = r.prev))",
        (known, known),
    ) is not None
