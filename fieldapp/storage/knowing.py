"""What was known when: did the writer of one event hold another event?

Kept from the events' own ``seen`` members and the order of streams, never from a time. ``saw`` holds, for each event
that has ``seen``, the ends of streams it names (a stream by a short ``word``: it need not be here); it follows from
the log and is dropped with the state. What cannot be shown was not known: behind a gap, on another branch of a fork,
in a stream that was not named.

Only what the writer itself held counts. That somebody it had heard of held more (headquarters, a team mate) is no
knowledge of the writer, so nothing is followed from stream to stream.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from fieldapp.domain.canonical import MAX_INTEGER, NoCanonicalForm, parse
from fieldapp.ids import EventId, StreamId
from fieldapp.storage.database import Store
from fieldapp.storage.log import Piece, pieces_of, stream_ids
from fieldapp.storage.runs import Run, links_back, runs_of

_SEEN = b'"seen":[['


class Written(NamedTuple):
    """An event and its place: number of its stream, number in it, id."""

    stream: int
    seq: int
    id: EventId


def note_saw(store: Store, stream: int, piece: Piece) -> None:
    """Note which ends of other streams the events of a new piece say they held."""
    rows = [
        (stream, word(name), upto, seq, bytes.fromhex(i), bytes.fromhex(head))
        for seq, (line, i) in enumerate(zip(piece.lines, piece.ids, strict=True), piece.first)
        if _SEEN in line
        for name, upto, head in _ends(line)
    ]
    if rows:
        store.executemany("INSERT OR IGNORE INTO saw VALUES (?,?,?,?,?,?)", rows)


def _ends(line: bytes) -> list[tuple[str, int, str]]:
    try:
        seen = parse(line).get("seen")
    except NoCanonicalForm:
        return []
    return [tuple(one) for one in seen if _is_end(one)] if isinstance(seen, list) else []


def _is_end(one: Any) -> bool:
    return (
        isinstance(one, list) and len(one) == 3 and isinstance(one[0], str) and type(one[1]) is int
        and 0 < one[1] <= MAX_INTEGER and isinstance(one[2], str) and len(one[2]) == 64
        and set(one[2]) <= set("0123456789abcdef")
    )


def word(stream: StreamId) -> int:
    """A number that stands for a stream's id, whether the stream is here or not."""
    return int.from_bytes(hashlib.sha256(stream.encode()).digest()[:7])


def named_so_far(store: Store, stream: StreamId) -> dict[int, int]:
    """How far each other stream (by its ``word``) is named in ``seen`` members of this stream."""
    rows = store.rows(
        "SELECT w.other, max(w.upto) FROM saw w JOIN stream s ON s.n = w.stream WHERE s.id = ? GROUP BY w.other",
        (stream,),
    )
    return {int(other): int(upto) for other, upto in rows}


class Knowing:
    """Answers about the log as it is now; made anew for each reading."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = stream_ids(store)
        self._runs: dict[int, list[Run]] = {}
        self._saw: dict[tuple[int, int], list[tuple[int, int, bytes, bytes]]] = {}
        self._held: dict[tuple[int, int, EventId], bool] = {}

    def knew(self, writer: Written, event: Written) -> bool:
        """Did the writer of the one hold the other? By the writer's stream and what it says it had seen."""
        if writer.stream == event.stream:
            return event.seq < writer.seq and self._before(event, writer)
        return any(
            upto >= event.seq and seq <= writer.seq
            and self._before(Written(writer.stream, seq, by.hex()), writer)
            and self._is_held(event.stream, upto, head.hex())
            and self._before(event, Written(event.stream, upto, head.hex()))
            for upto, seq, by, head in self._seen(writer.stream, event.stream)
        )

    def _seen(self, stream: int, other: int) -> list[tuple[int, int, bytes, bytes]]:
        key = (stream, other)
        if key not in self._saw:
            self._saw[key] = self._store.rows(
                "SELECT upto, seq, event, head FROM saw WHERE stream = ? AND other = ? ORDER BY upto DESC",
                (stream, word(self._names[other])),
            )
        return self._saw[key]

    def _before(self, first: Written, last: Written) -> bool:
        """Does ``first`` lie on the chain that ends in ``last`` (of the same stream), or is it that event?"""
        if first.seq > last.seq or (first.seq == last.seq and first.id != last.id):
            return False
        runs = self._runs_of(first.stream)
        if len(runs) == 1:
            return True
        start, end = self._run_of(runs, first), self._run_of(runs, last)
        return start is not None and end is not None and start in links_back(runs, end)

    def _runs_of(self, stream: int) -> list[Run]:
        if stream not in self._runs:
            self._runs[stream] = runs_of(self._store, stream)
        return self._runs[stream]

    def _run_of(self, runs: list[Run], event: Written) -> int | None:
        around = [at for at, run in enumerate(runs) if run.first <= event.seq <= run.last]
        if len(around) == 1:
            return around[0]
        return next((at for at in around if self._is_in(event, runs[at])), None)

    def _is_in(self, event: Written, run: Run) -> bool:
        """Walk a branch of a fork back from its head: only the ids tell the branches apart."""
        before = {
            i: prev
            for piece in pieces_of(self._store, event.stream, run.first, run.last)
            for i, prev in zip(piece.ids, [piece.prev, *piece.ids[:-1]], strict=True)
        }
        at: str | None = run.head.hex()
        for _ in range(run.last - event.seq):
            at = before.get(at) if at is not None else None
        return at == event.id

    def _is_held(self, stream: int, seq: int, i: EventId) -> bool:
        """Is this very event here? Ends that are named are nearly always the last of a segment."""
        key = (stream, seq, i)
        if key not in self._held:
            head = bytes.fromhex(i)
            self._held[key] = (
                any(run.last == seq and run.head == head for run in self._runs_of(stream))
                or self._store.row(
                    "SELECT 1 FROM segment WHERE head = ? AND stream = ? AND to_seq = ?", (head, stream, seq)
                ) is not None
                or any(piece.ids[seq - piece.first] == i for piece in pieces_of(self._store, stream, seq, seq))
            )
        return self._held[key]
