"""What of each stream is here: ranges of numbers, events whose clock was in doubt, days that records claim."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from fieldapp.domain.canonical import parse
from fieldapp.ids import DeviceId, StreamId
from fieldapp.storage.database import Store
from fieldapp.storage.log import Piece

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
    """Places of events that were written while their device's clock could not be right."""
    return set(store.rows("SELECT s.id, d.seq FROM doubt d JOIN stream s ON s.n = d.stream"))


def note_doubts(store: Store, stream: int, piece: Piece) -> None:
    """Note which events of a new piece say that their clock was in doubt."""
    places = [
        (stream, seq)
        for seq, line in enumerate(piece.lines, piece.first)
        # the bytes may stand deeper in the event as well, so the event itself is asked
        if _DOUBT in line and parse(line).get("clock") == "doubt"
    ]
    if places:
        store.executemany("INSERT OR IGNORE INTO doubt (stream, seq) VALUES (?,?)", places)


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


class Unusual(NamedTuple):
    """A dated record that was not simply entered on its day, and what is known of the entries around it."""

    dated: Dated
    before: str
    """The latest moment among the earlier first events of records of the kind in this log; empty for the first."""
    doubt: bool
    """Was the clock in doubt when it was written?"""


def dated(
    store: Store, kind: str, column: str, streams: Collection[StreamId] | None = None
) -> Iterator[Dated]:
    """Present records of a kind that claim a day in ``column``, in the order of their streams and numbers.

    Of all streams, or of those named.
    """
    names = dict(store.rows("SELECT n, id FROM stream"))
    for (i, owner, stream, seq, at, by, day), brought in _placed(store, kind, column, streams):
        yield Dated(kind, owner, i, names[stream], seq, at or "", by or "", day, brought)


def unusual(
    store: Store, kind: str, column: str, streams: Collection[StreamId] | None = None
) -> Iterator[Unusual]:
    """As ``dated``, without those dated on the day they were written, in order, under a clock nobody doubts.

    Nearly all are; so half a million of them are passed over without being made into anything.
    """
    names = dict(store.rows("SELECT n, id FROM stream"))
    doubts = set(store.rows("SELECT stream, seq FROM doubt"))
    here, before = None, ""
    for (i, owner, stream, seq, written, by, day), brought in _placed(store, kind, column, streams):
        at = written or ""
        if stream != here:
            here, before = stream, ""
        doubt = (stream, seq) in doubts
        if doubt or day != at[:10] or before > at or (brought and at > brought):
            one = Dated(kind, owner, i, names[stream], seq, at, by or "", day, brought)
            yield Unusual(one, before, doubt)
        before = max(before, at)


class DayGroup(NamedTuple):
    """Dated records of one stream whose first events were written on the same day."""

    stream: int
    written: str
    """That day (the first ten letters of the moments); empty where no moment is known."""
    first: int
    """The lowest number of their first events in the stream; ``last`` is the highest."""
    last: int
    earliest: str
    """The earliest day that one of them claims; ``latest`` is the latest."""
    latest: str


def day_groups(store: Store, kind: str, column: str, above: int, up_to: int) -> list[DayGroup]:
    """Present records of a kind that claim a day in ``column``, grouped, of the rows ``above`` < n <= ``up_to``.

    A slice of the table at a time: it is counted without its half million records being made into anything.
    """
    _check(store, kind, column)
    rows = store.rows(
        f"""SELECT stream, coalesce(substr(at, 1, 10), ''), min(seq), max(seq), min("{column}"), max("{column}")
        FROM "{kind}" WHERE n > ? AND n <= ? AND retracted = 0 AND "{column}" IS NOT NULL GROUP BY 1, 2""",  # noqa: S608
        (above, up_to),
    )
    return [DayGroup(*row) for row in rows]


class DatedRow(NamedTuple):
    """A dated record as its table has it; ``stream`` and ``seq`` are the place of its first event."""

    kind: str
    id: str
    owner: str
    stream: int
    seq: int
    at: str
    by: str
    day: str


def dated_in(
    store: Store, kind: str, column: str, above: int, up_to: int, groups: Collection[tuple[int, str]]
) -> list[DatedRow]:
    """The records of these groups (stream and day they were written), of the rows ``above`` < n <= ``up_to``."""
    _check(store, kind, column)
    rows = store.rows(
        f"""SELECT id, owner, stream, seq, coalesce(at, ''), coalesce("by", ''), "{column}" FROM "{kind}"
        WHERE n > ? AND n <= ? AND retracted = 0 AND "{column}" IS NOT NULL
        AND stream || ' ' || coalesce(substr(at, 1, 10), '') IN (SELECT value FROM json_each(?))""",  # noqa: S608
        (above, up_to, json.dumps([f"{stream} {written}" for stream, written in groups])),
    )
    return [DatedRow(kind, *row) for row in rows]


def last_row(store: Store, kind: str) -> int:
    """The number of the last row of a kind, 0 where there is none."""
    store.layout(kind)
    return int(store.rows(f'SELECT coalesce(max(n), 0) FROM "{kind}"')[0][0])  # noqa: S608 - checked


def arrivals(store: Store) -> dict[int, list[tuple[int, int, str]]]:
    """What was taken in of each stream, by its number: from, to, and the moment (UTC), in the order of the numbers."""
    found: dict[int, list[tuple[int, int, str]]] = {}
    for stream, first, last, taken_at in store.rows(
        "SELECT g.stream, g.from_seq, g.to_seq, b.taken_at FROM segment g JOIN bundle b ON b.id = g.bundle"
        " WHERE b.direction = 'in' ORDER BY g.stream, g.from_seq, g.n"
    ):
        found.setdefault(stream, []).append((first, last, taken_at))
    return found


def _check(store: Store, kind: str, column: str) -> None:
    if kind not in store.layouts or column not in store.layouts[kind].field_names:
        raise ValueError(f"{kind}.{column}")


def _placed(
    store: Store, kind: str, column: str, streams: Collection[StreamId] | None
) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Id, owner, stream, number, moment, person and day of each record, and when the bundle with it was taken in."""
    _check(store, kind, column)
    pieces = arrivals(store)
    some = "" if streams is None else (
        " AND stream IN (SELECT s.n FROM stream s WHERE s.id IN (SELECT value FROM json_each(?)))"
    )
    came: Iterator[tuple[int, int, str]] = iter(())
    here, first, last, taken = None, 0, -1, ""
    for row in store.execute(
        f'SELECT id, owner, stream, seq, at, "by", "{column}" FROM "{kind}"'  # noqa: S608 - declared names
        f' WHERE retracted = 0 AND "{column}" IS NOT NULL{some} ORDER BY stream, seq',
        () if streams is None else (json.dumps(sorted(streams)),),
    ):
        stream, seq = row[2], row[3]
        if stream != here:
            here, came, first, last, taken = stream, iter(pieces.get(stream, ())), 0, -1, ""
        while last < seq:
            first, last, taken = next(came, (0, 2**62, ""))
        yield row, taken if first <= seq else ""


def last_taken_in(store: Store) -> dict[DeviceId, str]:
    """When a bundle with something of each device was last taken in here (UTC), whoever carried it."""
    rows = store.rows(
        "SELECT s.device, max(b.taken_at) FROM segment g JOIN stream s ON s.n = g.stream JOIN bundle b"
        " ON b.id = g.bundle WHERE b.direction = 'in' GROUP BY s.device"
    )
    return dict(rows)
