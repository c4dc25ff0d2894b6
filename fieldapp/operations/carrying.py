"""Which streams a bundle carries, and from where on: what its readers may see and have not said they have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from fieldapp.ids import DeviceId, EventId, StreamId
from fieldapp.operations import enrolment
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal, ledger
from fieldapp.storage.journal import StoredSegment, StreamInfo
from fieldapp.sync.manifest import Receipt

Told = Mapping[StreamId, Collection[tuple[int, EventId]]]
"""How far a device said it has each stream: one end for each branch."""


def audiences_of(ws: Workspace, team: str) -> set[str]:
    """The audiences a team reads: its own, everybody's, and those of its laptops from the time they worked alone."""
    alone = {f"team/{d.device}" for d in enrolment.devices(ws) if team in d.teams and d.device in d.teams}
    return {f"team/{team}", "all", *alone}


def streams_for(ws: Workspace, audiences: Collection[str]) -> list[StreamInfo]:
    """Every stream held here for one of these audiences, whoever wrote it."""
    return [stream for stream in journal.streams(ws.store) if stream.audience in audiences]


def held(ws: Workspace) -> list[Receipt]:
    """How far this workspace has every stream without a gap, one line for each branch: what need not be sent here."""
    epoch = ws.meta("hq_epoch", "0")
    return [
        Receipt(str(one["stream"]), int(str(one["seq"])), str(one["head"]), epoch)
        for one in journal.receipts_to_give(ws.store)
    ]


def note_told(ws: Workspace, device: DeviceId, told: Iterable[Receipt]) -> None:
    """Keep what a device said it has; the next bundle for it begins there."""
    ws.set_json(f"known_by:{device}", [[one.stream, one.seq, one.head] for one in told])


def told_by(ws: Workspace, device: DeviceId) -> dict[StreamId, list[tuple[int, EventId]]]:
    """What a device said it has, by stream; nothing if it was never heard."""
    found: dict[StreamId, list[tuple[int, EventId]]] = {}
    for stream, seq, head in ws.get_json(f"known_by:{device}", []):
        found.setdefault(stream, []).append((seq, head))
    return found


def told_by_hq(ws: Workspace) -> dict[StreamId, list[tuple[int, EventId]]]:
    """What headquarters confirmed in its newest epoch."""
    safe = ledger.confirmed(ws.store)
    found: dict[StreamId, list[tuple[int, EventId]]] = {}
    for one in ledger.receipts(ws.store):
        if one.seq <= safe.get(one.stream, 0) and ledger.in_newest_epoch(ws.store, one.epoch):
            found.setdefault(one.stream, []).append((one.seq, one.head))
    return found


def segments_for(
    ws: Workspace, streams: Iterable[StreamInfo], readers: Mapping[DeviceId, Told],
    asked: Mapping[StreamId, int] | None = None,
) -> list[StoredSegment]:
    """The segments of these streams that one of the readers (by device) lacks, unchanged. All must be sealed.

    ``asked`` names streams that are to begin after an earlier number all the same.
    """
    branches = journal.branches(ws.store)
    found: list[StoredSegment] = []
    for stream in streams:
        ends = branches.get(stream.id, [])
        # who wrote a stream has it, unless what it told says otherwise: then it was restored from an older state
        wanting = [told for reader, told in readers.items() if reader != stream.device or told]
        after = min((_has_up_to(ws, stream.id, ends, told) for told in wanting), default=None)
        if after is None:
            continue
        after = min(after, (asked or {}).get(stream.id, after))
        if ends and after < ends[-1][0]:
            found += journal.segments_from(ws.store, stream.id, after)
    return found


def _has_up_to(ws: Workspace, stream: StreamId, ends: list[tuple[int, EventId]], told: Told) -> int:
    """Up to which number everything held here is known to have arrived; 0 where a branch of a fork is missing."""
    said = told.get(stream, ())
    if len(ends) > 1:
        return ends[-1][0] if set(ends) <= set(said) else 0
    return max((seq for seq, head in said if journal.holds(ws.store, stream, seq, head)), default=0)
