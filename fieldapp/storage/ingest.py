"""Taking events into the log and the current records: other devices' segments and this one's own saves.

Set union: any order, any repetition, any cut gives the same state. The common case goes straight into its row; every
other event is noted in ``history`` and its record is computed anew from the log at the end (``state.recompute``).
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.authority import Authority
from fieldapp.domain.events import Event, NotAnEvent, decode
from fieldapp.domain.segments import ChainedSegment, NewerSegment, NotASegment, chain_segment
from fieldapp.ids import EventId, RecordName, StreamId
from fieldapp.storage import coverage, judging, kept_grounds, knowing, map_chunks, missed, owing, space, waiting
from fieldapp.storage.database import Store
from fieldapp.storage.generations import note_changed
from fieldapp.storage.log import Piece, piece_of, remember
from fieldapp.storage.rows import Arrived, Rows, add_history, new_row
from fieldapp.storage.runs import Run, add_overlapping, add_unopposed
from fieldapp.storage.schema import create_indexes, drop_indexes, spatial_kinds
from fieldapp.storage.state import recompute
from fieldapp.storage.typed import Typed, TypedKind, kind_in, typed_kinds

_BULK_EVENTS = 20_000
"""From this many events on, and more than are here already, further indexes are made after the load."""
_MANY = 4
"""From this many segments on, the garbage collector rests while they are taken in."""

Read = Typed | Event
"""A line as it was read: the fast or the generic way."""

Progress = Callable[[int, int], None]
"""Called with segments done and segments in all (0 where unknown)."""


@dataclass(frozen=True, slots=True)
class IncomingSegment:
    """A segment whose signature has been verified.

    Its other members are what the carrier says of it, to know a segment without unpacking it; where they turn out
    wrong the segment is refused.
    """

    stream: StreamId
    from_seq: int
    to_seq: int
    prev: EventId | None
    head: EventId
    data: bytes
    sig: str | None = None
    bundle: str | None = None
    chained: ChainedSegment | None = None
    """What unpacking and chaining ``data`` gave, where the caller had to do it anyhow; else it is done here."""


@dataclass(frozen=True, slots=True)
class RefusedSegment:
    """A segment that was not taken, and the rule it breaks."""

    stream: StreamId
    from_seq: int
    to_seq: int
    reason: str


@dataclass
class IngestResult:
    """What an ingest did, counted in events."""

    new: int = 0
    known: int = 0
    differ: int = 0
    """New events at a number that another event holds already: a fork."""
    quarantined: int = 0
    """New events that do not count (yet)."""
    pending: int = 0
    """New events that name something which is not here."""
    events_by_kind: Counter[str] = field(default_factory=Counter)
    segments: int = 0
    """Segments stored."""
    refused: list[RefusedSegment] = field(default_factory=list)
    touched: set[RecordName] = field(default_factory=set)
    """Records that were looked at as a whole: corrected, in doubt, or judged again. Not those merely created."""
    heads: dict[StreamId, tuple[int, EventId]] = field(default_factory=dict)
    """The furthest new event of each stream: what ``seen`` names."""


def ingest(store: Store, segments: Iterable[IncomingSegment], *, progress: Progress | None = None) -> IngestResult:
    """Take segments into the log and the current records, in one transaction (or the caller's).

    Segments that are known are not unpacked. A segment that is none, or is not what its carrier says, or holds a line
    that is no event, is refused whole and listed; the others are taken. Headquarters' streams go first, so that new
    laptops are enrolled when their events come.
    """
    with store.transaction():
        intake = Intake(store)
        waiting = [segment for segment in segments if not intake.knows(segment)]
        events = sum(segment.to_seq - segment.from_seq + 1 for segment in waiting)
        with _collector_resting(len(waiting)), _indexes_resting(store, events):
            return _take(intake, waiting, progress)


def _take(intake: Intake, waiting: list[IncomingSegment], progress: Progress | None) -> IngestResult:
    first = intake.headquarters()
    waiting.sort(key=lambda s: (s.stream.split(".")[0] not in first, s.stream, s.from_seq))
    waiting.reverse()
    total = len(waiting)
    for done in range(total):
        if progress:
            progress(done, total)
        intake.segment(waiting.pop())  # what is in the log need not stay in memory
    return intake.finish()


@contextmanager
def _indexes_resting(store: Store, events: int) -> Iterator[None]:
    held = store.rows("SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM run")[0][0]
    if events < max(_BULK_EVENTS, held):
        yield
        return
    for kind in store.kinds.values():
        drop_indexes(store.schema(), kind)
    yield  # an error rolls the dropping back with everything else
    for kind in store.kinds.values():
        create_indexes(store.schema(), kind)


@contextmanager
def _collector_resting(segments: int) -> Iterator[None]:
    """Hundreds of thousands of short-lived rows make the collector look at everything over and over."""
    if segments < _MANY or not gc.isenabled():
        yield
        return
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


class Intake:
    """One intake of events; ``finish`` brings everything up to date. Inside a transaction."""

    def __init__(self, store: Store) -> None:
        self.result = IngestResult()
        self._store = store
        self._rows = Rows(store)
        if "typed" not in store.constants:
            store.constants["typed"] = typed_kinds(dict(store.kinds))
        self._typed: dict[str, TypedKind] = store.constants["typed"]
        self._blocked = judging.blocked(store)
        self._unheld = judging.unheld(store)
        self._dirty: set[str] = set()
        self._corrected: set[str] = set()
        self._slow_ids: set[str] = set()
        self._cut_streams: set[int] = set()
        self._new_needs: set[str] = set()
        self._arrived: set[str] = set()
        self._enrolments_came = False
        self._spatial = spatial_kinds(store.kinds)
        self._first_new: dict[str, int] = {}
        """The first row of each kind with outlines that is made here."""

    def segment(self, incoming: IncomingSegment) -> None:
        """Take one segment, know it, or refuse it."""
        if self.knows(incoming):
            return
        try:
            chained = incoming.chained
            if chained is None or chained.data is not incoming.data:
                chained = chain_segment(incoming.data)
            piece = piece_of(chained)
            if (piece.stream, piece.first, piece.first + len(piece.lines) - 1, piece.prev, piece.ids[-1]) != (
                incoming.stream, incoming.from_seq, incoming.to_seq, incoming.prev, incoming.head
            ):
                raise NotASegment("not what its carrier says")
            read = self._read(piece)
            stream = ensure_stream(self._store, piece.stream, chained.header.audience)
        except NewerSegment:
            self._refuse(incoming, "newer format")
        except (NotASegment, NotAnEvent) as error:
            self._refuse(incoming, str(error))
        else:
            self._add_segment(stream, incoming, piece, read)

    def _refuse(self, incoming: IncomingSegment, reason: str) -> None:
        self.result.refused.append(RefusedSegment(incoming.stream, incoming.from_seq, incoming.to_seq, reason))

    def headquarters(self) -> set[str]:
        """The devices whose enrolments count: what they write is taken first."""
        authority = judging.standing(self._store).authority
        return {authority.root, *authority.seats}

    def knows(self, incoming: IncomingSegment) -> bool:
        """Is everything in the segment here? The head vouches for all before it, so it need not be unpacked."""
        found = self._store.row(
            "SELECT 1 FROM segment g JOIN stream s ON s.n = g.stream"
            " WHERE s.id = ? AND g.head = ? AND g.from_seq <= ? AND g.to_seq = ?",
            (incoming.stream, bytes.fromhex(incoming.head), incoming.from_seq, incoming.to_seq),
        )
        if found is not None:
            self.result.known += incoming.to_seq - incoming.from_seq + 1
        return found is not None

    def _read(self, piece: Piece) -> list[Read]:
        """Every line as an event, typed where it can be. Raises NotAnEvent."""
        read: list[Read] = []
        typed = self._typed
        prev = piece.prev
        for seq, (line, i) in enumerate(zip(piece.lines, piece.ids, strict=True), piece.first):
            kind = typed.get(kind_in(line))
            event = kind.read(line, seq) if kind else None
            read.append(event if event is not None else _decode(piece.stream, prev, line, seq))
            prev = i
        return read

    def _add_segment(self, stream: int, incoming: IncomingSegment, piece: Piece, read: list[Read]) -> None:
        if not self._add(stream, piece, read):
            return
        store = self._store
        n = store.execute(
            "INSERT INTO segment (stream, from_seq, to_seq, prev, head, sig, data, bundle) VALUES (?,?,?,?,?,?,?,?)",
            (stream, incoming.from_seq, incoming.to_seq, bytes.fromhex(incoming.prev) if incoming.prev else None,
             bytes.fromhex(incoming.head), incoming.sig, incoming.data, incoming.bundle),
        ).lastrowid
        remember(store, n, piece)
        # a stream of this installation that others write on as well is never written again
        store.execute("UPDATE stream SET closed = 1 WHERE n = ? AND own = 1", (stream,))
        self.result.segments += 1
        self._judge_enrolments()

    def own(self, stream: int, piece: Piece) -> None:
        """Take events that lie in the log already: this installation's own, and all when state is made anew."""
        self._add(stream, piece, self._read(piece))
        self._judge_enrolments()

    def _add(self, stream: int, piece: Piece, read: list[Read]) -> bool:
        """Bring the new events of a piece into the records. False where it has none."""
        last = piece.first + len(piece.lines) - 1
        run = Run(piece.first, last, bytes.fromhex(piece.prev) if piece.prev else None, bytes.fromhex(piece.ids[-1]))
        new = None
        if not add_unopposed(self._store, stream, run):
            new, rivals = add_overlapping(self._store, stream, piece)
            self.result.differ += rivals
            self.result.known += len(piece.ids) - len(new)
            if not new:
                return False
        self.result.new += len(piece.ids) if new is None else len(new)
        if last >= self.result.heads.get(piece.stream, (0, ""))[0]:
            self.result.heads[piece.stream] = (last, piece.ids[-1])
        if self._unheld:
            self._arrived |= self._unheld.intersection(piece.ids)
        coverage.note_doubts(self._store, stream, piece)
        knowing.note_saw(self._store, stream, piece)
        self._sort(stream, piece, read, new)
        return True

    def _sort(self, stream: int, piece: Piece, read: list[Read], new: set[str] | None) -> None:
        """Send each event the fast or the slow way."""
        created: dict[str, list[tuple[Any, ...]]] = {}
        corrected: dict[str, list[Arrived]] = {}
        slow: list[Event] = []
        counts: dict[str, int] = {}
        fine = Accepted(judging.standing(self._store).authority, piece.stream.split(".", 1)[0])
        dirty, blocked = self._dirty, self._blocked
        for seq, (event, i) in enumerate(zip(read, piece.ids, strict=True), piece.first):
            if new is not None and i not in new:
                continue
            kind = event.kind
            counts[kind] = counts.get(kind, 0) + 1
            if not isinstance(event, Typed):
                slow.append(event)
                continue
            record = event.event.record
            if not fine[kind, event.owner] or record in dirty or record in blocked:
                slow.append(piece.event(seq))
            elif event.event.parents:
                corrected.setdefault(kind, []).append(Arrived(seq, i, event))
            else:
                created.setdefault(kind, []).append(new_row(seq, i, event))
        for kind, rows in created.items():
            if self._spatial.get(kind) is not None and kind not in self._first_new:
                self._first_new[kind] = coverage.last_row(self._store, kind) + 1
            slow += [piece.event(seq) for seq in self._rows.create(stream, self._typed[kind], rows)]
        for kind, arrived in corrected.items():
            self._corrected.update(one.typed.event.record for one in arrived)
            slow += [piece.event(one.seq) for one in self._rows.correct(stream, self._typed[kind], arrived)]
        self._slowly(stream, slow)
        self.result.events_by_kind.update(counts)
        self._enrolments_came |= "device" in counts

    def _slowly(self, stream: int, events: list[Event]) -> None:
        """Note events whose records must be computed as a whole."""
        if not events:
            return
        standing = judging.standing(self._store)
        # where there is a cut-off the whole stream is judged at the end, when its chain is known
        cut_off = standing.has_cut_off(events[0].device)
        refused: list[tuple[bytes, str, int, int, str]] = []
        for event in events:
            reason = None if cut_off else standing.authority.refuse(event)
            if reason is not None:
                refused.append((bytes.fromhex(event.id), event.record, stream, event.seq, reason))
        add_history(self._store, [(e.record, bytes.fromhex(e.id), stream, e.seq) for e in events])
        judging.quarantine(self._store, refused)
        needing = [event for event in events if event.needs]
        if needing:
            judging.add_needs(self._store, needing)
            self._new_needs.update(need for event in needing for need in event.needs)
        if cut_off:
            self._cut_streams.add(stream)
        self._dirty.update(event.record for event in events)
        self._slow_ids.update(event.id for event in events)

    def _judge_enrolments(self) -> None:
        """New enrolments take effect at once: what comes next is judged by them."""
        if self._enrolments_came:
            self._enrolments_came = False
            self._dirty |= judging.refresh(self._store)

    def finish(self) -> IngestResult:
        """Judge what waited for the whole delivery, and compute the records that need it."""
        store, result = self._store, self.result
        if self._cut_streams:
            self._dirty |= judging.refresh(store)
            self._dirty |= judging.judge_again(store, sorted(self._cut_streams))
        self._dirty |= judging.settle_needs(store, self._arrived, self._new_needs)
        recompute(store, self._dirty)
        space.keep_up(store, self._first_new, self._dirty | self._corrected)
        changed = self._dirty | self._corrected
        for stir in (waiting.stir, owing.UPKEEP.stir, missed.UPKEEP.stir, map_chunks.stir):
            stir(store, changed)
        kinds = {*result.events_by_kind, *(name.split("/", 1)[0] for name in changed)}
        note_changed(store, kinds)
        kept_grounds.forget(store, kinds)
        result.touched = self._dirty
        if self._slow_ids:
            result.quarantined = len(self._slow_ids & _ids(store, "quarantine"))
            result.pending = len(self._slow_ids & _ids(store, "pending"))
        return result


def _ids(store: Store, table: str) -> set[str]:
    return {i.hex() for (i,) in store.rows(f"SELECT event FROM {table}")}  # noqa: S608 - our own names


def _decode(stream: StreamId, prev: EventId | None, line: bytes, seq: int) -> Event:
    event = decode(stream, prev, line)
    if event.seq != seq:
        raise NotAnEvent("stream, record or seq")
    return event


class Accepted(dict[tuple[str, str], bool]):
    """Does every event of a device on records of this kind and owner count? Asked of the authority once for each."""

    def __init__(self, authority: Authority, device: str) -> None:
        super().__init__()
        self._authority, self._device = authority, device

    def __missing__(self, key: tuple[str, str]) -> bool:
        answer = self[key] = self._authority.simple(self._device, *key) is None
        return answer


def ensure_stream(store: Store, stream: StreamId, audience: str) -> int:
    """The number of a stream, which is made known here if it is not. Raises NotASegment for another audience."""
    found = store.row("SELECT n, audience FROM stream WHERE id = ?", (stream,))
    if found is not None:
        if found[1] != audience:
            raise NotASegment("another audience")
        return int(found[0])
    store.caches.pop("streams", None)
    return int(
        store.execute(
            "INSERT INTO stream (id, device, audience, own, closed, tip_seq, tip) VALUES (?,?,?,0,0,0,NULL)",
            (stream, stream.split(".")[0], audience),
        ).lastrowid
    )
