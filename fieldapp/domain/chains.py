"""Receipts, gaps and forks of streams, from what links to what (oracle section 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fieldapp.domain.canonical import canonical


@dataclass(frozen=True, slots=True)
class Piece:
    """A contiguous run of one stream, from number ``first`` to ``last``, built on ``prev`` and ending in ``head``.

    ``ids`` are the ids of its events in order; an implementation that stores segments may give only the ends.
    """

    stream: str
    first: int
    last: int
    prev: str | None
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chains:
    """What is known of all streams."""

    receipts: list[dict[str, object]]
    """One for each chain end that reaches back to 1: stream, seq, head."""
    gaps: list[dict[str, object]]
    """Stream, from, to (for people), head: what to ask for."""
    forks: list[dict[str, object]]
    """Stream, seq, events: the first number that has two ids."""


def chains(pieces: Iterable[Piece]) -> Chains:
    """Receipts, gaps and forks of the events in ``pieces``; overlapping and repeated pieces are fine."""
    place: dict[str, tuple[str, int, str | None]] = {}
    for piece in pieces:
        before = piece.prev
        for number, i in enumerate(piece.ids, piece.first):
            place[i] = (piece.stream, number, before)
            before = i
    streams: dict[str, dict[int, set[str]]] = {}
    linked: dict[str, str | None] = {}
    following: dict[str, list[str]] = {}
    for i, (stream, seq, prev) in place.items():
        streams.setdefault(stream, {}).setdefault(seq, set()).add(i)
        link = prev if prev in place and place[prev][:2] == (stream, seq - 1) else None
        linked[i] = link
        if link is not None:
            following.setdefault(link, []).append(i)
    receipts, gaps, forks = [], [], []
    for stream, numbers in streams.items():
        receipts += _receipts(stream, numbers, place, following)
        gaps += _gaps(stream, numbers, place, linked, following)
        forked = min((seq for seq, ids in numbers.items() if len(ids) > 1), default=None)
        if forked is not None:
            forks.append({"stream": stream, "seq": forked, "events": sorted(numbers[forked])})
    unique = {canonical(gap): gap for gap in gaps}
    return Chains(
        sorted(receipts, key=canonical), [unique[k] for k in sorted(unique)], sorted(forks, key=canonical)
    )


def _receipts(
    stream: str,
    numbers: dict[int, set[str]],
    place: dict[str, tuple[str, int, str | None]],
    following: dict[str, list[str]],
) -> list[dict[str, object]]:
    reached = list(numbers.get(1, ()))
    for i in reached:  # grows while it is walked
        reached += following.get(i, ())
    return [{"stream": stream, "seq": place[i][1], "head": i} for i in reached if i not in following]


def _gaps(
    stream: str,
    numbers: dict[int, set[str]],
    place: dict[str, tuple[str, int, str | None]],
    linked: dict[str, str | None],
    following: dict[str, list[str]],
) -> list[dict[str, object]]:
    ends = [seq for seq, ids in numbers.items() if any(i not in following for i in ids)]
    found: list[dict[str, object]] = []
    for seq, ids in numbers.items():
        for i in ids if seq > 1 else ():
            if linked[i] is None:
                start = 1 + max((end for end in ends if end < seq - 1), default=0)
                found.append({"stream": stream, "from": start, "to": seq - 1, "head": place[i][2]})
    return found
