"""Reading the log: events out of verbatim segments and out of the own events not sealed yet."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fieldapp.domain.events import Event, decode
from fieldapp.domain.segments import ChainedSegment, chain_segment
from fieldapp.storage.database import Store

_REMEMBERED = 12
"""Unpacked segments kept in memory, about a megabyte each."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A contiguous run of event lines with their ids. ``prev`` is the id before the first."""

    stream: str
    first: int
    prev: str | None
    lines: list[bytes]
    ids: list[str]

    def event(self, seq: int) -> Event:
        """The event with this number."""
        at = seq - self.first
        return decode(self.stream, self.ids[at - 1] if at else self.prev, self.lines[at])

    def events(self) -> Iterator[Event]:
        """All its events in order."""
        return (self.event(seq) for seq in range(self.first, self.first + len(self.lines)))


def piece_of(chained: ChainedSegment) -> Piece:
    """The run of events that a segment holds."""
    header = chained.header
    return Piece(header.stream, header.first, header.prev, chained.lines, chained.event_ids())


class _StreamIds(dict[int, str]):
    """Stream ids by number; one that another connection has added since is looked up."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.rows("SELECT n, id FROM stream"))
        self._store = store

    def __missing__(self, n: int) -> str:
        found = self._store.row("SELECT id FROM stream WHERE n = ?", (n,))
        if found is None:
            raise KeyError(n)
        self[n] = found[0]
        return self[n]


def stream_ids(store: Store) -> dict[int, str]:
    """The id of each stream by its number."""
    cached: dict[int, str] | None = store.caches.get("streams")
    if cached is None:
        cached = store.caches["streams"] = _StreamIds(store)
    return cached


def segment_piece(store: Store, n: int) -> Piece:
    """Segment number ``n``, unpacked; the last few are remembered."""
    cache: OrderedDict[int, Piece] = store.caches.setdefault("pieces", OrderedDict())
    if n in cache:
        cache.move_to_end(n)
        return cache[n]
    found = store.row("SELECT data FROM segment WHERE n = ?", (n,))
    if found is None:
        raise LookupError(f"segment {n}")
    return remember(store, n, piece_of(chain_segment(found[0])))


def remember(store: Store, n: int, piece: Piece) -> Piece:
    """Keep an unpacked segment in memory for a while."""
    cache: OrderedDict[int, Piece] = store.caches.setdefault("pieces", OrderedDict())
    cache[n] = piece
    if len(cache) > _REMEMBERED:
        cache.popitem(last=False)
    return piece


def pieces_of(store: Store, stream: int, first: int = 1, last: int | None = None) -> Iterator[Piece]:
    """All stored pieces of a stream that touch the numbers ``first`` to ``last``; they may overlap."""
    end = 2**62 if last is None else last
    for (n,) in store.rows(
        "SELECT n FROM segment WHERE stream = ? AND from_seq <= ? AND to_seq >= ? ORDER BY from_seq, n",
        (stream, end, first),
    ):
        yield segment_piece(store, n)
    name = stream_ids(store)[stream]
    for seq, prev, i, line in store.rows(
        "SELECT seq, prev, id, line FROM unsealed WHERE stream = ? AND seq BETWEEN ? AND ? ORDER BY seq",
        (stream, first, end),
    ):
        yield Piece(name, seq, prev.hex() if prev else None, [line], [i.hex()])


def stream_events(store: Store, stream: int) -> Iterator[Event]:
    """Every event of a stream once, both branches of a fork too."""
    seen: set[str] = set()
    for piece in pieces_of(store, stream):
        for event in piece.events():
            if event.id not in seen:
                seen.add(event.id)
                yield event


def events_at(store: Store, places: Iterable[tuple[int, int]]) -> dict[str, Event]:
    """All events at these places (stream number, number in it), by id: two where a stream is forked."""
    found: dict[str, Event] = {}
    wanted: dict[int, set[int]] = {}
    for stream, seq in places:
        wanted.setdefault(stream, set()).add(seq)
    for stream, numbers in wanted.items():
        for piece in _pieces_with(store, stream, numbers):
            for seq in numbers:
                if piece.first <= seq < piece.first + len(piece.lines):
                    i = piece.ids[seq - piece.first]
                    if i not in found:
                        found[i] = piece.event(seq)
    return found


def _pieces_with(store: Store, stream: int, numbers: set[int]) -> Iterator[Piece]:
    if len(numbers) == 1:
        only = next(iter(numbers))
        yield from pieces_of(store, stream, only, only)
        return
    ordered = sorted(numbers)
    start = 0
    for end in range(1, len(ordered) + 1):
        # numbers close together lie in the same segments; one question for each cluster
        if end == len(ordered) or ordered[end] - ordered[end - 1] > 500:
            yield from pieces_of(store, stream, ordered[start], ordered[end - 1])
            start = end
