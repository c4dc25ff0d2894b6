"""Writing a bundle: members are measured, listed in a signed manifest, packed and encrypted in one stream."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import RawIOBase
from pathlib import Path
from typing import Any

from fieldapp.domain.segments import SegmentHeader
from fieldapp.ids import EventId
from fieldapp.sync.container import MANIFEST, SIGNATURE, ChunkReader, Member, NotOurZip, Source, measure, zip_chunks
from fieldapp.sync.errors import Cancelled
from fieldapp.sync.keys import DeviceKeys
from fieldapp.sync.manifest import (
    FORMAT,
    MANIFEST_COMMENT,
    OLDEST_WRITTEN,
    Asked,
    BundleId,
    Deployment,
    Manifest,
    MemberEntry,
    NotAManifest,
    Receipt,
    Recipient,
    SegmentEntry,
    Sender,
    photo_member,
    segment_member,
)
from fieldapp.sync.minisign import sign_text
from fieldapp.sync.sealing import Progress, seal, write_all
from fieldapp.sync.stick import failure, sync_directory


@dataclass(frozen=True)
class PackedSegment:
    """A sealed segment to be carried: its bytes (or what opens them), signature and place in its stream."""

    header: SegmentHeader
    last: int
    head: EventId
    data: Source
    signature: str

    @property
    def entry(self) -> SegmentEntry:
        """Its line in the manifest."""
        head = self.header
        name = segment_member(head.stream, head.first, self.last, self.head)
        return SegmentEntry(head.stream, head.audience, head.first, self.last, head.prev, self.head, name)


@dataclass(frozen=True)
class PackedPhoto:
    """A photo to be carried, named by the SHA-256 of its bytes."""

    sha256: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class BundleContent:
    """Everything a bundle says and carries, apart from the sender's keys and the recipients' keys."""

    bundle: BundleId
    created: str
    """Stamp, UTC."""
    app: str
    deployment: Deployment
    sender_name: str
    audience: str
    """``hq`` or ``team/<t>``."""
    segments: Sequence[PackedSegment] = ()
    photos: Sequence[PackedPhoto] = ()
    readable: Mapping[str, bytes] = field(default_factory=dict)
    """Members for people: ``README.txt``, ``summary.html``, ``finds.csv``, ``plots.geojson``."""
    receipts: Sequence[Receipt] = ()
    asked: Sequence[Asked] = ()
    asked_photos: Sequence[str] = ()
    totals: Mapping[str, Any] = field(default_factory=dict)
    """Control totals: integers and decimal text under names ``[a-z][a-z0-9_]*``."""
    lists: Mapping[str, str] = field(default_factory=dict)
    """Versions of the reference lists, by list."""
    token_proof: str | None = None
    hq_epoch: str | None = None
    demonstration: bool = False
    format: int = FORMAT
    """The format it is written in: what all its readers have shown that they read, OLDEST_WRITTEN to FORMAT."""


@dataclass(frozen=True)
class BundleFile:
    """A bundle that was written and synced to disk."""

    path: Path
    size: int
    sha256: str
    manifest: Manifest


def write_bundle(
    content: BundleContent,
    keys: DeviceKeys,
    recipients: Sequence[str],
    path: Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> BundleFile:
    """Write a bundle for ``recipients`` (``age1...``) to ``path``: whole or not at all.

    Works under ``<path>.part``, which is removed on any error. Raises Cancelled, StickError classes (no room, not
    writable), and ValueError for contents that no reader would take.
    """
    recipients = sorted(set(recipients))
    members = _measured(content, progress, cancelled)
    manifest = _manifest(content, keys, recipients, members)
    data = manifest.to_bytes()
    signature = sign_text(keys, data, MANIFEST_COMMENT).encode()
    every = [measure(MANIFEST, data), measure(SIGNATURE, signature), *members]
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb", buffering=0) as out:
            hashing = _Hashing(out)
            total = sum(member.size for member in every)
            plain = _Watched(ChunkReader(zip_chunks(every)), total, progress, cancelled)
            seal(plain, hashing, recipients)
            os.fsync(out.fileno())
        part.replace(path)
        sync_directory(path.parent)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise failure(error, str(path.parent), sum(member.size for member in every)) from error
        raise
    return BundleFile(path, hashing.size, hashing.digest.hexdigest(), manifest)


def _measured(content: BundleContent, progress: Progress | None, cancelled: Callable[[], bool] | None) -> list[Member]:
    sources: list[tuple[str, Source]] = list(content.readable.items())
    for segment in content.segments:
        name = segment.entry.member
        sources += [(name, segment.data), (name + ".minisig", segment.signature.encode())]
    sources += [(photo_member(photo.sha256), photo.source) for photo in content.photos]
    members = []
    for done, (name, source) in enumerate(sources, start=1):
        if cancelled and cancelled():
            raise Cancelled
        members.append(measure(name, source))
        if progress:
            progress("measure", done, len(sources))
    for member in members:
        if member.name.startswith("photos/") and member.name != photo_member(member.sha256):
            raise NotOurZip(member.name)
    return members


def _manifest(
    content: BundleContent, keys: DeviceKeys, recipients: Sequence[str], members: Sequence[Member]
) -> Manifest:
    entries = [MemberEntry(member.name, member.size, member.sha256) for member in members]
    segments = sorted((segment.entry for segment in content.segments), key=lambda entry: entry.member)
    if not recipients:
        raise NotAManifest("nobody could open it")
    if not OLDEST_WRITTEN <= content.format <= FORMAT:
        raise NotAManifest("format")
    return Manifest(
        app=content.app,
        asked=list(content.asked),
        asked_photos=sorted(content.asked_photos),
        bundle=content.bundle,
        created=content.created,
        demonstration=content.demonstration,
        deployment=content.deployment,
        format=content.format,
        hq_epoch=content.hq_epoch,
        lists=dict(content.lists),
        members=sorted(entries, key=lambda entry: entry.name),
        minimum_reader=content.format,
        newest_read=FORMAT,
        receipts=sorted(content.receipts, key=lambda receipt: (receipt.stream, receipt.seq, receipt.head)),
        recipient=Recipient(content.audience, list(recipients)),
        segments=segments,
        sender=Sender(keys.device, keys.signing_public, keys.recipient, content.sender_name),
        token_proof=content.token_proof,
        totals=dict(content.totals),
    )


class _Hashing:
    """The sealed file as it is written: counted and hashed."""

    def __init__(self, out: RawIOBase) -> None:
        self._out, self.size, self.digest = out, 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return write_all(self._out, data)

    def flush(self) -> None:
        """Nothing waits here: the file is not buffered."""


class _Watched:
    """The plain stream as the encrypter takes it: shown and stoppable."""

    def __init__(
        self, plain: ChunkReader, total: int, progress: Progress | None, cancelled: Callable[[], bool] | None
    ) -> None:
        self._plain, self._total, self._progress, self._cancelled = plain, total, progress, cancelled
        self._done = 0

    def read(self, count: int = -1) -> bytes:
        if self._cancelled and self._cancelled():
            raise Cancelled
        data = self._plain.read(count)
        self._done += len(data)
        if self._progress:
            self._progress("pack", min(self._done, self._total), self._total)
        return data
