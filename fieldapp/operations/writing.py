"""How an event is written: who, when, why, in which stream, and what had been seen."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from fieldapp import __version__, clock, ids
from fieldapp.domain.events import MAX_LINE_BYTES, Event, LineTooLong
from fieldapp.domain.registry import KINDS
from fieldapp.ids import RecordName, StreamId
from fieldapp.operations import lookup
from fieldapp.operations.errors import RecordTooLarge
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal, knowing, runs

_FLOOR = "clock_floor"
_CLAIMS = "plot/"
"""Records that say ground was released: the alarm asks what their writer knew."""
_MOST_ENDS = 300
"""About 35 kB of a line's 256."""
HQ_ALONE = frozenset(("task",))
"""Kinds whose records, while headquarters owns them, no team gets: a task says where uncleared ground lies."""


def write(
    ws: Workspace,
    record: RecordName,
    changes: dict[str, Any],
    *,
    parents: Sequence[str] = (),
    why: str | None = None,
    by: str | None = None,
    audience: str | None = None,
) -> Event:
    """Write one event and return it. It is committed and on disk when this returns (if no transaction was open).

    ``audience`` defaults to who is to know of the owner's records (``audience_of``).
    """
    with ws.store.transaction():
        wanted = audience or audience_of(record)
        begins = journal.own_stream(ws.store, wanted) is None
        stream = stream_for(ws, wanted)
        body = _body(ws, record, changes, sorted(parents), why, by)
        seen = ws.get_json(f"seen:{stream}", [])
        if seen:
            ws.set_json(f"seen:{stream}", [])
        beside: list[list[Any]] = []
        if begins or record.startswith(_CLAIMS):
            beside = _held_beside(ws, stream, {end[0] for end in seen})
        try:
            return _append(ws, stream, body, seen, beside)
        except LineTooLong as error:
            raise RecordTooLarge(kb=MAX_LINE_BYTES // 1024) from error


def _append(
    ws: Workspace, stream: StreamId, body: dict[str, Any], seen: list[list[Any]], beside: list[list[Any]]
) -> Event:
    known = sorted([*seen, *beside])
    try:
        return journal.append(ws.store, stream, {**body, "seen": known} if known else body)
    except LineTooLong:
        if not beside:
            raise
        return _append(ws, stream, body, seen, [])  # what it does not say was unknown, which alarms


def _held_beside(ws: Workspace, stream: StreamId, named: Collection[StreamId]) -> list[list[Any]]:
    """Ends that are held here and that ``stream`` has never named: other own streams, what came before it began.

    Who begins a stream or draws a plot says all that was known, or the missed-item alarm must take it for unknown.
    The first so many, own streams first; what is left out is unknown, which alarms.
    """
    so_far = knowing.named_so_far(ws.store, stream)
    others = [info for info in journal.streams(ws.store) if info.id not in {stream, *named}]
    others.sort(key=lambda info: (info.device != ws.device, info.id))
    ends = (
        [info.id, seq, head] for info in others for seq, head in runs.whole_ends(ws.store, info.id)
        if seq > so_far.get(knowing.word(info.id), 0)
    )
    return list(itertools.islice(ends, _MOST_ENDS))


def audience_of(record: RecordName) -> str:
    """Who gets the streams that events on ``record`` are written to: audience follows owner and kind.

    A team's records go to that team; headquarters' own to all, those of private kinds and of ``HQ_ALONE`` to
    headquarters only.
    """
    kind, owner = record.split("/")[:2]
    if owner != "hq":
        return f"team/{owner}"
    return "hq" if kind in HQ_ALONE or (kind in KINDS and KINDS[kind].private) else "all"


def stream_for(ws: Workspace, audience: str) -> StreamId:
    """This installation's stream for ``audience``, started if there is none yet."""
    stream = journal.own_stream(ws.store, audience)
    if stream is None:
        stream = ids.stream_id(ws.device, ws.entropy)
        journal.new_stream(ws.store, stream, audience)
    return stream


def _body(
    ws: Workspace, record: RecordName, changes: dict[str, Any], parents: list[str], why: str | None, by: str | None
) -> dict[str, Any]:
    now = ws.clock.now()
    at = clock.stamp(now)
    floor = ws.meta(_FLOOR)
    if at > floor:
        ws.set_meta(_FLOOR, at)
    body: dict[str, Any] = {
        "app": __version__, "at": at, "by": by or ws.person, "clock": "doubt" if at < floor else "ok",
        "offset_min": clock.offset_min(now), "parents": parents, "record": record, "set": changes,
    }
    if why:
        body["why"] = why
    return body


def note_seen(ws: Workspace, streams: Iterable[StreamId]) -> None:
    """Remember how far an import brought these streams: the next event of every own stream says that it knew them.

    Only ends with everything before them: what lies behind a gap did not bring what belongs into it.
    """
    heads = {stream: [[stream, seq, head] for seq, head in runs.whole_ends(ws.store, stream)] for stream in streams}
    heads = {stream: ends for stream, ends in heads.items() if ends}
    if not heads:
        return
    for own in (info.id for info in lookup.own_streams(ws, closed=False)):
        kept = [one for one in ws.get_json(f"seen:{own}", []) if one[0] not in heads]
        ws.set_json(f"seen:{own}", sorted([*kept, *(end for ends in heads.values() for end in ends)]))


def raise_clock_floor(ws: Workspace, at: str) -> None:
    """A signed file of headquarters was made at ``at``: this computer's clock cannot be right before it."""
    if at > ws.meta(_FLOOR):
        ws.set_meta(_FLOOR, at)
