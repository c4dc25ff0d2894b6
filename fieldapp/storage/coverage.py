"""What of each stream is here: ranges of numbers, events whose clock was in doubt, days that records claim."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import NamedTuple

from fieldapp.domain.canonical import parse
from fieldapp.domain.segments import decode_segment
from fieldapp.ids import DeviceId, StreamId
from fieldapp.storage.database import Store

_DOUBT = b'"clock":"doubt"'


def received(store: Store) -> dict[StreamId, list[tuple[int, int]]]:
    """The ranges of numbers (first, last) that are here of each stream, in order; touching ranges are one."""
    found: dict[StreamId, list[tuple[int, int]]] = {}
    rows = store.rows(
        "SELECT s.id, r.from_seq, r.to_seq FROM run r JOIN stream s ON s.n = r.stream ORDER BY s.id, r.from_seq"
    )
    for stream, first, last in rows:
        ranges = found.setdefault(stream, [])
        if ranges and first <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        else:
            ranges.append((first, last))
    return found


def doubtful(store: Store) -> set[tuple[StreamId, int]]:
    """Places of events in sealed segments that were written while their device's clock could not be right.

    Only segments that came since the last call are read.
    """
    seen: tuple[int, set[tuple[StreamId, int]]] = store.caches.get("doubtful", (0, set()))
    upto, places = seen
    numbers = [n for (n,) in store.rows("SELECT n FROM segment WHERE n > ? ORDER BY n", (upto,))]
    for n in numbers:
        row = store.row("SELECT data FROM segment WHERE n = ?", (n,))
        if row is None:
            continue
        header, lines = decode_segment(row[0])
        for seq, line in enumerate(lines, header.first):
            # the bytes may stand deeper in the event as well, so the event itself is asked
            if _DOUBT in line and parse(line).get("clock") == "doubt":
                places.add((header.stream, seq))
        upto = n
    store.caches["doubtful"] = (upto, places)
    return places


class Dated(NamedTuple):
    """A record's first event, and the day that the record claims now."""

    kind: str
    owner: str
    id: str
    stream: StreamId
    seq: int
    at: str
    by: str
    day: str
    received_at: str
    """When the bundle that brought the event was taken in here (UTC); empty for what was written here."""

    @property
    def record(self) -> str:
        """The record's full name."""
        return f"{self.kind}/{self.owner}/{self.id}"


def dated(
    store: Store, kind: str, column: str, streams: Collection[StreamId] | None = None
) -> Iterator[Dated]:
    """Present records of a kind that claim a day in ``column``, in the order of their streams and numbers.

    Of all streams, or of those named.
    """
    if kind not in store.layouts or column not in store.layouts[kind].field_names:
        raise ValueError(f"{kind}.{column}")
    names = dict(store.rows("SELECT n, id FROM stream"))
    pieces: dict[int, list[tuple[int, int, str]]] = {}
    for stream, first, last, taken_at in store.rows(
        "SELECT g.stream, g.from_seq, g.to_seq, b.taken_at FROM segment g JOIN bundle b ON b.id = g.bundle"
        " WHERE b.direction = 'in' ORDER BY g.stream, g.from_seq, g.n"
    ):
        pieces.setdefault(stream, []).append((first, last, taken_at))
    some = "" if streams is None else " AND stream IN (SELECT value FROM json_each(?))"
    wanted = None if streams is None else set(streams)
    numbers = [n for n, name in names.items() if wanted is not None and name in wanted]
    rows = store.rows(
        f'SELECT id, owner, stream, seq, at, "by", "{column}" FROM "{kind}"'  # noqa: S608 - declared names
        f' WHERE retracted = 0 AND "{column}" IS NOT NULL{some} ORDER BY stream, seq',
        () if streams is None else (json.dumps(numbers),),
    )
    came: Iterator[tuple[int, int, str]] = iter(())
    here, piece = None, (0, -1, "")
    for i, owner, stream, seq, at, by, day in rows:
        if stream != here:
            here, came, piece = stream, iter(pieces.get(stream, ())), (0, -1, "")
        while piece[1] < seq:
            piece = next(came, (0, 2**62, ""))
        brought = piece[2] if piece[0] <= seq else ""
        yield Dated(kind, owner, i, names[stream], seq, at or "", by or "", day, brought)


def last_taken_in(store: Store) -> dict[DeviceId, str]:
    """When a bundle with something of each device was last taken in here (UTC), whoever carried it."""
    rows = store.rows(
        "SELECT s.device, max(b.taken_at) FROM segment g JOIN stream s ON s.n = g.stream JOIN bundle b"
        " ON b.id = g.bundle WHERE b.direction = 'in' GROUP BY s.device"
    )
    return dict(rows)
