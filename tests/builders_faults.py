"""What faults are made of: bundles of single days, forged events and receipts, a file-size limit, markup."""

from __future__ import annotations

import json
import os
import resource
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any

from fieldapp.domain.canonical import canonical
from fieldapp.domain.segments import SegmentHeader, encode_segment, head_of
from fieldapp.ids import uuid7
from fieldapp.operations import export, lookup
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import note_seen
from fieldapp.storage import journal
from fieldapp.storage.database import Store
from fieldapp.storage.ingest import IncomingSegment, ingest
from fieldapp.storage.journal import StoredSegment
from fieldapp.storage.merged import merge_result
from fieldapp.sync.bundle import BundleContent, PackedPhoto, PackedSegment, write_bundle
from fieldapp.sync.invitation import token_proof
from fieldapp.sync.keys import DeviceKeys
from fieldapp.sync.manifest import Receipt
from fieldapp.sync.segments import sign_segment
from fieldapp.sync.stick import Medium, bundle_name

JPEG = b"\xff\xd8\xff"
"""The first bytes of a photo that is taken."""
MARKUP = '<b>bold</b> <img src="file:///etc/passwd"> <a href="https://example.org">x</a> &amp; {place}'
"""A name, a note or an error that must be seen exactly as it stands here."""


def sealed_day(laptop: Workspace) -> StoredSegment:
    """Seal what was saved since the last call, and return that segment."""
    export._seal_own(laptop)
    streams = [stream.id for stream in lookup.own_streams(laptop, closed=False)]
    segments = [segment for stream in streams for segment in journal.segments_from(laptop.store, stream)]
    return max(segments, key=lambda segment: segment.n)


def packed(segment: StoredSegment) -> PackedSegment:
    """A stored segment as a bundle carries it."""
    return export._packed(segment)


def carried(laptop: Workspace, folder: Path, segments: Sequence[PackedSegment], photos: Sequence[PackedPhoto] = (),
            with_token: bool = False, **changes: Any) -> Path:
    """A bundle of this laptop for headquarters with just these segments, properly signed and sealed."""
    hq = export.headquarters_keys(laptop)
    content = export._content(laptop, "hq", [], photos, receipts=[])
    values = vars(content) | {"segments": list(segments)} | changes
    if with_token:
        values["token_proof"] = token_proof(laptop.meta("token"), laptop.device, content.bundle.id)
    return written(laptop, BundleContent(**values), [hq.active, hq.escrow], folder)


def answered(hq: Workspace, team: str, folder: Path, receipts: Sequence[Receipt]) -> Path:
    """A return bundle of headquarters with just these receipts."""
    keys = [row["receiving_key"] for row in lookup.rows(hq, "device") if team in (lookup.shape(row, "teams") or [])]
    content = export._content(hq, f"team/{team}", [], [], receipts=receipts, hq_epoch=hq.meta("epoch"))
    return written(hq, content, [str(key) for key in keys], folder)


def written(ws: Workspace, content: BundleContent, recipients: Sequence[str], folder: Path) -> Path:
    """A bundle in ``folder`` under a name of its own."""
    name = bundle_name(content.bundle.number, ws.entropy)
    return write_bundle(content, ws.keys, recipients, folder / name).path


def forged_segment(
    keys: DeviceKeys, lines: Sequence[bytes], *, audience: str = "team/t7", stream: str = "forged23",
    signed_by: DeviceKeys | None = None,
) -> PackedSegment:
    """A segment of a stream nobody has seen yet, with any bytes as its lines, signed by its device."""
    header = SegmentHeader(
        audience=audience, format=0, first=1, key=keys.signing_public, prev=None, stream=f"{keys.device}.{stream}"
    )
    data = encode_segment(header, lines)
    return PackedSegment(header, len(lines), head_of(header, lines), data, sign_segment(signed_by or keys, data))


def event_body(ws: Workspace, changes: dict[str, Any], *, owner: str = "t7", kind: str = "find", seq: int = 1,
               **members: Any) -> dict[str, Any]:
    """An event as a laptop might write it, not yet a line."""
    record = f"{kind}/{owner}/{uuid7(ws.clock.now(), ws.entropy)}"
    return {"at": "2024-07-30T06:00:00Z", "by": "X", "parents": [], "record": record, "seq": seq, "set": changes} | (
        members
    )


def event_line(ws: Workspace, changes: dict[str, Any], **members: Any) -> bytes:
    """The canonical line of ``event_body``."""
    return canonical(event_body(ws, changes, **members))


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """No file of this process grows beyond ``size`` bytes meanwhile: writes fail as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def share(giver: Workspace, taker: Workspace) -> None:
    """What a team lead's stick does: the taker gets everything the giver wrote, byte for byte."""
    export._seal_own(giver)
    segments = [s for stream in lookup.own_streams(giver) for s in journal.segments_from(giver.store, stream.id)]
    taken = ingest(taker.store, [incoming(segment) for segment in segments])
    note_seen(taker, taken.heads)


def incoming(segment: StoredSegment) -> IncomingSegment:
    """A stored segment as another store is given it."""
    return IncomingSegment(
        segment.stream, segment.from_seq, segment.to_seq, segment.prev, segment.head, segment.data, segment.sig
    )


def everything_derived(store: Store) -> str:
    """Records, conflicts, gaps, forks, quarantine and receipts in one text."""
    return json.dumps(merge_result(store), sort_keys=True)


class FailingMedium(Medium):
    """A stick whose ``nth`` call fails with an error number, and every later one unless ``for_ever`` is False.

    0 for a sound one that counts.
    """

    def __init__(self, nth: int, number: int, *, for_ever: bool = True) -> None:
        self.calls, self._nth, self._number, self._for_ever = 0, nth, number, for_ever

    def _call(self) -> None:
        self.calls += 1
        if self._nth and (self.calls == self._nth or (self._for_ever and self.calls > self._nth)):
            raise OSError(self._number, os.strerror(self._number))

    def free_bytes(self, folder: Path) -> int:
        self._call()
        return super().free_bytes(folder)

    def create(self, path: Path) -> RawIOBase:
        self._call()
        return super().create(path)

    def write(self, stream: RawIOBase, data: bytes) -> None:
        super().write(stream, data[: len(data) // 2])
        self._call()
        super().write(stream, data[len(data) // 2 :])

    def sync(self, stream: RawIOBase) -> None:
        self._call()
        super().sync(stream)

    def read(self, path: Path) -> BufferedReader:
        self._call()
        return super().read(path)

    def rename(self, part: Path, path: Path) -> None:
        self._call()
        super().rename(part, path)

    def sync_directory(self, folder: Path) -> None:
        self._call()
        super().sync_directory(folder)

    def remove(self, path: Path) -> None:
        """A stick that is gone lets nothing be taken away."""
        if not self._for_ever:
            super().remove(path)
