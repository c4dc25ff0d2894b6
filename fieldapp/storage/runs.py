"""Runs: what links to what, without reading the log.

Every held event lies in exactly one run, a contiguous linear piece of a stream. Runs link only end to start: where a
stream forks, the run is split. Receipts, gaps and forks follow from the runs alone (oracle section 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.canonical import canonical
from fieldapp.domain.chains import Chains
from fieldapp.ids import EventId, StreamId
from fieldapp.storage.database import Store
from fieldapp.storage.log import Piece, pieces_of, stream_ids


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers ``first`` to ``last`` of a stream, built on ``prev`` and ending in ``head`` (ids as 32 bytes)."""

    first: int
    last: int
    prev: bytes | None
    head: bytes


def runs_of(store: Store, stream: int) -> list[Run]:
    """The runs of one stream by first number."""
    rows = store.rows("SELECT from_seq, to_seq, prev, head FROM run WHERE stream = ? ORDER BY from_seq, n", (stream,))
    return [Run(*row) for row in rows]


def add_unopposed(store: Store, stream: int, run: Run) -> bool:
    """Add a run none of whose numbers is held yet. False, and nothing done, where one is."""
    touching = store.rows(
        "SELECT n, to_seq, head, prev FROM run WHERE stream = ? AND from_seq <= ? AND to_seq >= ?",
        (stream, run.last, run.first - 1),
    )
    if any(to >= run.first for _, to, _, _ in touching):
        return False
    before = [n for n, _, head, _ in touching if head == run.prev]
    if before:
        # nothing follows this end yet: what follows it would have the number that is free here
        store.execute("UPDATE run SET to_seq = ?, head = ? WHERE n = ?", (run.last, run.head, before[0]))
    else:
        store.execute(
            "INSERT INTO run (stream, from_seq, to_seq, prev, head) VALUES (?,?,?,?,?)",
            (stream, run.first, run.last, run.prev, run.head),
        )
    return True


def add_overlapping(store: Store, stream: int, piece: Piece) -> tuple[set[str], int]:
    """Add a piece some of whose numbers are held; return its new ids, and how many of them have a rival.

    Reads the held events of the runs it touches and cuts all of them anew.
    """
    last = piece.first + len(piece.lines) - 1
    rows = store.rows(
        "SELECT n, from_seq, to_seq, prev, head FROM run WHERE stream = ? AND from_seq <= ? AND to_seq >= ?",
        (stream, last, piece.first),
    )
    touched = [Run(first, end, prev, head) for _, first, end, prev, head in rows]
    held = _ids_in(store, stream, touched)
    events = dict(held)
    before = piece.prev
    for seq, i in enumerate(piece.ids, piece.first):
        events[i] = (seq, before)
        before = i
    new = set(events.keys() - held.keys())
    if new:
        store.executemany("DELETE FROM run WHERE n = ?", [(row[0],) for row in rows])
        store.executemany(
            "INSERT INTO run (stream, from_seq, to_seq, prev, head) VALUES (?,?,?,?,?)",
            [(stream, run.first, run.last, run.prev, run.head) for run in cut(events)],
        )
    numbers = {seq for seq, _ in held.values()}
    return new, sum(events[i][0] in numbers for i in new)


def _ids_in(store: Store, stream: int, runs: Iterable[Run]) -> dict[str, tuple[int, str | None]]:
    """Number and previous id of every event in these runs, walked back from their heads through the log."""
    found: dict[str, tuple[int, str | None]] = {}
    for run in runs:
        place = {
            i: (seq, before)
            for piece in pieces_of(store, stream, run.first, run.last)
            for seq, (i, before) in enumerate(
                zip(piece.ids, [piece.prev, *piece.ids[:-1]], strict=True), piece.first
            )
        }
        at: str | None = run.head.hex()
        for _ in range(run.last - run.first + 1):
            if at is None:
                raise LookupError(f"run of stream {stream} ends early")
            found[at] = place[at]
            at = found[at][1]
    return found


def cut(events: dict[str, tuple[int, str | None]]) -> Iterator[Run]:
    """Linear runs of these events of one stream (id: number, previous id), split where something forks."""
    following: dict[str, list[str]] = {}
    starts: list[str] = []
    for i, (seq, before) in events.items():
        if before is not None and events.get(before, (0, None))[0] == seq - 1:
            following.setdefault(before, []).append(i)
        else:
            starts.append(i)
    starts += [i for ids in following.values() if len(ids) > 1 for i in ids]
    for start in starts:
        end = start
        while len(after := following.get(end, [])) == 1:
            end = after[0]
        first, before = events[start]
        yield Run(first, events[end][0], bytes.fromhex(before) if before else None, bytes.fromhex(end))


def all_chains(store: Store) -> Chains:
    """Receipts, gaps and forks of all streams, exactly as the reference model lists them."""
    receipts: list[dict[str, object]] = []
    gaps: list[dict[str, object]] = []
    forks: list[dict[str, object]] = []
    for n, name in store.rows("SELECT n, id FROM stream"):
        runs = runs_of(store, n)
        linked = _links(runs)
        receipts += _receipts(name, runs, linked)
        gaps += _gaps(name, runs, linked)
        forks += _forks(store, n, runs)
    unique = {canonical(gap): gap for gap in gaps}
    return Chains(sorted(receipts, key=canonical), [unique[k] for k in sorted(unique)], sorted(forks, key=canonical))


def _links(runs: list[Run]) -> dict[int, list[int]]:
    """Which runs follow which, by position; -1: those that follow nothing held."""
    ends = {(run.last, run.head): at for at, run in enumerate(runs)}
    linked: dict[int, list[int]] = {}
    for at, run in enumerate(runs):
        before = ends.get((run.first - 1, run.prev)) if run.prev else None
        linked.setdefault(-1 if before is None else before, []).append(at)
    return linked


def links_back(runs: list[Run], end: int) -> set[int]:
    """Positions of the runs on the chain that ends in the run at position ``end``, itself too."""
    ends = {(run.last, run.head): at for at, run in enumerate(runs)}
    found: set[int] = set()
    at: int | None = end
    while at is not None:
        found.add(at)
        prev = runs[at].prev
        at = ends.get((runs[at].first - 1, prev)) if prev is not None else None
    return found


def whole_ends(store: Store, stream: StreamId) -> list[tuple[int, EventId]]:
    """The ends (number, id) of a stream's branches that reach back to its first event: all before them is here."""
    found = store.row("SELECT n FROM stream WHERE id = ?", (stream,))
    runs = runs_of(store, int(found[0])) if found else []
    return [(one["seq"], one["head"]) for one in _receipts(stream, runs, _links(runs))]


def _receipts(name: str, runs: list[Run], linked: dict[int, list[int]]) -> list[dict[str, Any]]:
    reached = [at for at in linked.get(-1, ()) if runs[at].first == 1]
    for at in reached:  # grows while it is walked
        reached += linked.get(at, ())
    return [
        {"stream": name, "seq": runs[at].last, "head": runs[at].head.hex()} for at in reached if at not in linked
    ]


def _gaps(name: str, runs: list[Run], linked: dict[int, list[int]]) -> list[dict[str, object]]:
    ends = [run.last for at, run in enumerate(runs) if at not in linked]
    found: list[dict[str, object]] = []
    for run in (runs[at] for at in linked.get(-1, ()) if runs[at].prev is not None):
        before = run.first - 1
        start = 1 + max((end for end in ends if end < before), default=0)
        found.append(
            {"stream": name, "from": start, "to": before, "head": run.prev.hex() if run.prev else None}
        )
    return found


def _forks(store: Store, stream: int, runs: list[Run]) -> list[dict[str, object]]:
    doubled = _first_doubled(runs)
    if doubled is None:
        return []
    piece_ids = {
        piece.ids[doubled - piece.first] for piece in pieces_of(store, stream, doubled, doubled)
    }
    return [{"stream": stream_ids(store)[stream], "seq": doubled, "events": sorted(piece_ids)}]


def _first_doubled(runs: list[Run]) -> int | None:
    """The first number that two runs hold."""
    furthest = 0
    for run in runs:  # by first number, so the first overlap found begins lowest
        if run.first <= furthest:
            return run.first
        furthest = max(furthest, run.last)
    return None
