"""What went out and came in: bundles, receipts, refused files, photos; and so where each record is safe."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fieldapp.ids import EventId, RecordName, StreamId
from fieldapp.storage.database import Store
from fieldapp.storage.journal import branches, forks, holds
from fieldapp.storage.judging import standing
from fieldapp.storage.state import places_of

Whereabouts = Literal["here", "stick", "hq"]
"""Only on this laptop; written to a stick as well; confirmed by headquarters."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Headquarters' statement that a stream is safe there up to ``head``."""

    stream: StreamId
    seq: int
    head: EventId
    epoch: str
    at: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was written or imported. ``counts`` are whatever the writer wants to show of it."""

    id: str
    direction: Literal["out", "in"]
    file: str
    sender: str | None
    created: str | None
    taken_at: str
    counts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was refused; it was left untouched."""

    file: str
    sha256: str | None
    at: str
    code: str
    reason: str


def add_receipts(
    store: Store, receipts: Iterable[Receipt], direction: Literal["got", "given"] = "got"
) -> list[StreamId]:
    """Keep receipts; return own streams somebody else writes on, which were closed.

    That is so when a receipt for an own stream names an event which this installation does not hold, or holds only
    as a branch beside its own.
    """
    foreign: list[StreamId] = []
    with store.transaction():
        for receipt in receipts:
            store.execute(
                "INSERT OR IGNORE INTO receipt (direction, stream, seq, head, epoch, at) VALUES (?,?,?,?,?,?)",
                (direction, receipt.stream, receipt.seq, receipt.head, receipt.epoch, receipt.at),
            )
            own = store.row("SELECT n FROM stream WHERE id = ? AND own = 1", (receipt.stream,))
            elsewhere = not holds(store, receipt.stream, receipt.seq, receipt.head)
            forked = len(branches(store).get(receipt.stream, ())) > 1
            if direction == "got" and own and (elsewhere or forked):
                store.execute("UPDATE stream SET closed = 1 WHERE n = ?", own)
                foreign.append(receipt.stream)
    return foreign


def receipts(store: Store, direction: Literal["got", "given"] = "got") -> list[Receipt]:
    """All receipts, by stream and number."""
    rows = store.rows(
        "SELECT stream, seq, head, epoch, at FROM receipt WHERE direction = ? ORDER BY stream, seq, head", (direction,)
    )
    return [Receipt(*row) for row in rows]


def epoch_number(epoch: str) -> int:
    """The number that begins an epoch's text (``<number>-<random>``); 0 where there is none."""
    number, dash, _random = epoch.partition("-")
    return int(number) if dash and number.isascii() and number.isdigit() and len(number) < 10 else 0


def note_epoch(store: Store, epoch: str) -> bool:
    """Keep the epoch that a signed file of headquarters names. False where a newer one is known.

    Two epochs of one number (one backup was restored twice) are both kept: only what both confirm is safe.
    """
    known = _newest_epochs(store)
    number = epoch_number(epoch)
    newest = max((epoch_number(one) for one in known), default=-1)
    if number > newest:
        store.set_meta(_EPOCHS, json.dumps([epoch]))
    elif number == newest and epoch not in known:
        store.set_meta(_EPOCHS, json.dumps([*known, epoch]))
    return number >= newest


def in_newest_epoch(store: Store, epoch: str) -> bool:
    """Does a receipt of this epoch count? Older ones are void: that store lost what it had confirmed."""
    known = _newest_epochs(store)
    return not known or epoch in known


def _newest_epochs(store: Store) -> list[str]:
    return [str(epoch) for epoch in json.loads(store.get_meta(_EPOCHS) or "[]")]


_EPOCHS = "hq_epochs"


def confirmed(store: Store) -> dict[StreamId, int]:
    """Up to which number each stream held here is safe at headquarters: the highest receipt in our own chain.

    Only receipts of the newest epoch count that a signed file of headquarters named.
    """
    known = _newest_epochs(store)
    safe: dict[str, dict[StreamId, int]] = {epoch: {} for epoch in known or [""]}
    rows = store.rows(
        "SELECT stream, seq, head, epoch FROM receipt WHERE direction = 'got' ORDER BY seq DESC"
    )
    for stream, seq, head, epoch in rows:
        found = safe.get(epoch if known else "")
        if found is not None and stream not in found and holds(store, stream, seq, head):
            found[stream] = seq
    for found in safe.values():
        _leave_out_forks(store, found)
    first, *others = safe.values()
    in_all = [stream for stream in first if all(stream in other for other in others)]
    return {stream: min(found[stream] for found in safe.values()) for stream in in_all}


def _leave_out_forks(store: Store, found: dict[StreamId, int]) -> None:
    """Where both branches of a fork are held here a number says nothing of the other branch.

    Unless each branch's end was confirmed, only what lies before the fork is safe.
    """
    ends = branches(store)
    forked = [stream for stream in found if len(ends.get(stream, ())) > 1]
    if not forked:
        return
    told = {(one.stream, one.seq, one.head) for one in receipts(store) if in_newest_epoch(store, one.epoch)}
    first = {str(fork["stream"]): int(str(fork["seq"])) for fork in reversed(forks(store))}
    for stream in forked:
        if not all((stream, seq, head) in told for seq, head in ends[stream]):
            found[stream] = min(found[stream], first.get(stream, 1) - 1)


def mark_exported(store: Store, ends: Mapping[StreamId, int], at: str, bundle: str | None = None) -> None:
    """Note up to which number each stream was written out and read back."""
    with store.transaction():
        store.executemany(
            "INSERT INTO exported (stream, seq, at, bundle) VALUES (?,?,?,?) ON CONFLICT(stream) DO UPDATE SET"
            " seq = excluded.seq, at = excluded.at, bundle = excluded.bundle WHERE excluded.seq >= exported.seq",
            [(stream, seq, at, bundle) for stream, seq in ends.items()],
        )


def exported(store: Store) -> dict[StreamId, int]:
    """Up to which number each stream was written out."""
    return dict(store.rows("SELECT stream, seq FROM exported"))


def whereabouts(store: Store, records: Iterable[RecordName]) -> dict[RecordName, Whereabouts]:
    """Where each record is safe: the weakest of its events that this device or a team mate's wrote.

    What headquarters wrote is there; what came from a team mate is at least on a stick. Only a receipt makes either
    safe. At headquarters itself only its own events are looked at.
    """
    names = list(records)
    safe, out = confirmed(store), exported(store)
    written = _written_in_the_field(store)
    found: dict[RecordName, Whereabouts] = {}
    for start in range(0, len(names), 1000):
        for name, places in places_of(store, names[start : start + 1000]).items():
            events = [(written[stream], seq) for stream, seq in places.values() if stream in written]
            if all(seq <= safe.get(stream, 0) for (stream, _own), seq in events):
                found[name] = "hq"
            elif all(not own or seq <= max(safe.get(stream, 0), out.get(stream, 0)) for (stream, own), seq in events):
                found[name] = "stick"
            else:
                found[name] = "here"
    return found


def _written_in_the_field(store: Store) -> dict[int, tuple[StreamId, bool]]:
    """Streams whose events are not at headquarters by themselves: their id, and whether this device writes them."""
    rows = store.rows("SELECT n, id, device, device IN (SELECT device FROM stream WHERE own = 1) FROM stream")
    if store.get_meta("role") == "hq":
        return {n: (stream, True) for n, stream, _device, own in rows if own}
    authority = standing(store).authority
    at_hq = {authority.root, *authority.seats}
    return {n: (stream, bool(own)) for n, stream, device, own in rows if own or device not in at_hq}


def add_bundle(store: Store, bundle: Bundle) -> None:
    """Note a bundle; one that is known already keeps its first entry."""
    with store.transaction():
        store.execute(
            "INSERT OR IGNORE INTO bundle (id, direction, file, sender, created, taken_at, counts)"
            " VALUES (?,?,?,?,?,?,?)",
            (bundle.id, bundle.direction, bundle.file, bundle.sender, bundle.created, bundle.taken_at,
             json.dumps(bundle.counts)),
        )


def bundles(store: Store, direction: Literal["out", "in"] | None = None) -> list[Bundle]:
    """Bundles written and imported, the latest first."""
    rows = store.rows(
        "SELECT id, direction, file, sender, created, taken_at, counts FROM bundle"
        " WHERE direction = coalesce(?, direction) ORDER BY rowid DESC",
        (direction,),
    )
    return [
        Bundle(i, way, file, sender, created, taken_at, json.loads(counts))
        for i, way, file, sender, created, taken_at, counts in rows
    ]


def add_refusal(store: Store, refusal: Refusal) -> None:
    """Note a file that was refused."""
    with store.transaction():
        store.execute(
            "INSERT INTO refused (file, sha256, at, code, reason) VALUES (?,?,?,?,?)",
            (refusal.file, refusal.sha256, refusal.at, refusal.code, refusal.reason),
        )


def refusals(store: Store) -> list[Refusal]:
    """Refused files, the latest first."""
    return [Refusal(*row) for row in store.rows("SELECT file, sha256, at, code, reason FROM refused ORDER BY n DESC")]


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """The bytes of a photo as they lie beside the database. ``state``: ``here``, ``wanted`` or ``lost``."""

    sha256: str
    size: int
    state: str


def set_photo_file(store: Store, photo: PhotoFile) -> None:
    """Note the state of a photo's bytes."""
    with store.transaction():
        store.execute(
            "INSERT INTO photo_file (sha256, size, state) VALUES (?,?,?)"
            " ON CONFLICT(sha256) DO UPDATE SET size = excluded.size, state = excluded.state",
            (photo.sha256, photo.size, photo.state),
        )


def photo_files(store: Store, state: str | None = None) -> list[PhotoFile]:
    """The known photo files, or those in one state, by hash."""
    rows = store.rows(
        "SELECT sha256, size, state FROM photo_file WHERE state = coalesce(?, state) ORDER BY sha256", (state,)
    )
    return [PhotoFile(*row) for row in rows]
