"""Which streams a bundle carries, and from where on: what its readers may see and have not said they have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from fieldapp.ids import DeviceId, EventId, StreamId
from fieldapp.operations import enrolment, lookup
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal, ledger
from fieldapp.storage.journal import StoredSegment, StreamInfo
from fieldapp.storage.log import stream_ids
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


_TOLD_KEPT = 4
"""What a device said in its last bundles, from which two running copies of one workspace are both served."""


def note_told(ws: Workspace, device: DeviceId, told: Iterable[Receipt]) -> None:
    """Keep what a device said it has; the next bundle for it begins there."""
    latest = [[one.stream, one.seq, one.head] for one in told]
    earlier = [one for one in ws.get_json(f"told_by:{device}", []) if one != latest]
    ws.set_json(f"told_by:{device}", [latest, *earlier][:_TOLD_KEPT])


def told_by(ws: Workspace, device: DeviceId) -> list[dict[StreamId, list[tuple[int, EventId]]]]:
    """What a device said it has, by stream; nothing if it was never heard.

    What it said last; where two machines write its logs, what it said in each of its last bundles, because one of
    them may be behind the other. Behind a gap it cannot be told apart and is sent a little more.
    """
    said = ws.get_json(f"told_by:{device}", [])
    if not any(s.partition(".")[0] == device and len(ends) > 1 for s, ends in journal.branches(ws.store).items()):
        said = said[:1]
    found = []
    for told in said or [[]]:
        by_stream: dict[StreamId, list[tuple[int, EventId]]] = {}
        for stream, seq, head in told:
            by_stream.setdefault(stream, []).append((seq, head))
        found.append(by_stream)
    return found


def readers(ws: Workspace, devices: Iterable[DeviceId]) -> list[tuple[DeviceId, Told]]:
    """These devices with what each of them said it has."""
    return [(device, told) for device in devices for told in told_by(ws, device)]


def told_by_hq(ws: Workspace) -> dict[StreamId, list[tuple[int, EventId]]]:
    """What headquarters confirmed in its newest epoch."""
    safe = ledger.confirmed(ws.store)
    found: dict[StreamId, list[tuple[int, EventId]]] = {}
    for one in ledger.receipts(ws.store):
        if one.seq <= safe.get(one.stream, 0) and ledger.in_newest_epoch(ws.store, one.epoch):
            found.setdefault(one.stream, []).append((one.seq, one.head))
    return found


def segments_for(
    ws: Workspace, streams: Iterable[StreamInfo], readers: Sequence[tuple[DeviceId, Told]],
    asked: Mapping[StreamId, int] | None = None,
) -> list[StoredSegment]:
    """The segments of these streams that one of the readers (device, what it said) lacks, unchanged, all sealed.

    ``asked`` names streams that are to begin after an earlier number all the same.
    """
    branches = journal.branches(ws.store)
    found: list[StoredSegment] = []
    for stream in streams:
        ends = branches.get(stream.id, [])
        # who wrote a stream has it, unless what it told says otherwise: then it was restored from an older state
        wanting = [told for reader, told in readers if reader != stream.device or told]
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


def note_asked_photos(ws: Workspace, device: DeviceId, asked: Iterable[str]) -> None:
    """Keep which photos a seat of headquarters said it lacks; the next bundle for seats carries them."""
    ws.set_json(f"photos_asked_by:{device}", sorted(asked))


def photos_lacking(ws: Workspace, readers: Iterable[tuple[DeviceId, Told]]) -> set[str]:
    """Photos (SHA-256) that one of the readers lacks: asked for, or named by a record that it has not said it has."""
    rows = [row for row in lookup.rows(ws, "photo") if isinstance(row["sha256"], str)]
    names = stream_ids(ws.store)
    lacking: set[str] = set()
    for device, told in readers:
        upto = {stream: max(seq for seq, _head in ends) for stream, ends in told.items()}
        lacking.update(ws.get_json(f"photos_asked_by:{device}", []))
        lacking.update(row["sha256"] for row in rows if row["seq"] > upto.get(names[row["stream"]], 0))
    return lacking & {row["sha256"] for row in rows}
