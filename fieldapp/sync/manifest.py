"""The signed list of what a bundle is, whose, for whom, and of every byte inside (``manifest.json``, FORMAT.md)."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from fieldapp.domain.canonical import NoCanonicalForm, canonical, parse
from fieldapp.domain.segments import MAX_EVENTS
from fieldapp.sync.container import MANIFEST, SIGNATURE, in_order

FORMAT = 1
"""The newest bundle format that this program reads and writes. It is frozen; format 0 was its draft."""
OLDEST_WRITTEN = 0
"""Formats from here on are still written, for readers that have shown no newer one (FORMAT.md, 11)."""
MANIFEST_COMMENT = "fieldapp manifest"
"""Trusted comment of manifest signatures."""
MAX_MANIFEST_BYTES = 8 << 20

Text = Annotated[str, Meta(max_length=200)]
Audience = Annotated[str, Meta(pattern=r"^(all|hq|team/[a-z0-9][a-z0-9_-]{0,39})\Z")]
Device = Annotated[str, Meta(pattern=r"^[a-z2-7]{20}\Z")]
Stream = Annotated[str, Meta(pattern=r"^[a-z2-7]{20}\.[a-z2-7]{1,40}\Z")]
Sum = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
PublicKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{43}=\Z")]
ReceivingKeyText = Annotated[str, Meta(pattern=r"^age1[a-z0-9]{58}\Z")]
Number = Annotated[int, Meta(ge=0, lt=2**53)]
Seq = Annotated[int, Meta(ge=1, lt=2**53)]
Stamp = Annotated[
    str,
    Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z\Z"),
]
MemberName = Annotated[str, Meta(pattern=r"^([A-Za-z0-9][A-Za-z0-9_-]{0,31}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,119}\Z")]


class NotAManifest(ValueError):
    """The bytes are no manifest; the argument says why."""


class NewerManifest(NotAManifest):
    """A reader of this format is not enough. The argument is the format that is."""


class Deployment(msgspec.Struct, frozen=True):
    """The programme that the bundle belongs to."""

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Text


class Sender(msgspec.Struct, frozen=True):
    """The device that packed and signed."""

    device: Device
    key: PublicKey
    recipient: ReceivingKeyText
    name: Text


class Recipient(msgspec.Struct, frozen=True):
    """Whom it is for, and all keys that it was encrypted to (sorted)."""

    audience: Audience
    keys: Annotated[list[ReceivingKeyText], Meta(min_length=1, max_length=1_000)]


class BundleId(msgspec.Struct, frozen=True):
    """``id`` is random; ``number`` is counted by the sender, from 1."""

    id: Annotated[str, Meta(pattern=r"^[0-9a-z-]{1,64}\Z")]
    number: Seq


class MemberEntry(msgspec.Struct, frozen=True):
    """A member of the ZIP: size in bytes."""

    name: MemberName
    size: Annotated[int, Meta(ge=0, lt=2**32)]
    sha256: Sum


class SegmentEntry(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """A segment and the member that holds it; its signature is the member of that name + ``.minisig``."""

    stream: Stream
    audience: Audience
    first: Seq
    last: Seq
    prev: Sum | None
    head: Sum
    member: MemberName


class Receipt(msgspec.Struct, frozen=True):
    """HQ's statement that it holds a stream's chain up to ``seq``, ending in ``head``."""

    stream: Stream
    seq: Seq
    head: Sum
    epoch: Text


class Asked(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """Events that are asked for: the chain back from ``head``; the numbers are for people."""

    stream: Stream
    first: Seq
    last: Seq
    head: Sum


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The whole manifest. Members of newer versions are left alone: they are signed, but mean nothing here."""

    app: Text
    bundle: BundleId
    created: Stamp
    demonstration: bool
    deployment: Deployment
    format: Number
    hq_epoch: Text | None
    lists: Annotated[dict[str, Text], Meta(max_length=200)]
    members: Annotated[list[MemberEntry], Meta(max_length=20_000)]
    minimum_reader: Number
    newest_read: Number
    receipts: Annotated[list[Receipt], Meta(max_length=20_000)]
    recipient: Recipient
    segments: Annotated[list[SegmentEntry], Meta(max_length=10_000)]
    sender: Sender
    token_proof: Sum | None
    totals: dict[str, Any]
    asked: Annotated[list[Asked], Meta(max_length=10_000)] = []
    asked_photos: Annotated[list[Sum], Meta(max_length=20_000)] = []

    def to_bytes(self) -> bytes:
        """The canonical bytes. Raises NotAManifest for contents that no reader would take."""
        try:
            data = canonical(msgspec.to_builtins(self))
        except NoCanonicalForm as error:
            raise NotAManifest(str(error)) from error
        read_manifest(data)
        return data


class _Version(msgspec.Struct):
    """What is read before anything else, in every version."""

    format: Number
    minimum_reader: Number


def segment_member(stream: str, first: int, last: int, head: str) -> str:
    """The name of the member that holds a segment."""
    return f"segments/{stream}-{first}-{last}-{head[:8]}.jsonl.zst"


def photo_member(sha256: str) -> str:
    """The name of the member that holds a photo."""
    return f"photos/{sha256}"


def read_manifest(data: bytes) -> Manifest:
    """Decode and check a manifest. Raises NewerManifest or NotAManifest."""
    if len(data) > MAX_MANIFEST_BYTES:
        raise NotAManifest("size")
    try:
        value = parse(data)
        version = msgspec.convert(value, _Version)
        if version.minimum_reader > FORMAT:
            raise NewerManifest(str(version.minimum_reader))
        manifest = msgspec.convert(value, Manifest)
    except (NoCanonicalForm, msgspec.ValidationError) as error:
        raise NotAManifest(str(error)) from error
    _check_members(manifest)
    return manifest


def _check_members(manifest: Manifest) -> None:
    names = [member.name for member in manifest.members]
    if names != in_order(set(names)) or MANIFEST in names or SIGNATURE in names:
        raise NotAManifest("members")
    expected: list[str] = []
    for segment in manifest.segments:
        if segment.member != segment_member(segment.stream, segment.first, segment.last, segment.head):
            raise NotAManifest("segment member")
        if not 1 <= segment.last - segment.first + 1 <= MAX_EVENTS or (segment.first == 1) != (segment.prev is None):
            raise NotAManifest("segment numbers")
        expected += [segment.member, segment.member + ".minisig"]
    if sorted(expected) != [name for name in names if name.startswith("segments/")]:
        raise NotAManifest("segments")
    if any(m.name != photo_member(m.sha256) for m in manifest.members if m.name.startswith("photos/")):
        raise NotAManifest("photos")
    if manifest.recipient.keys != sorted(set(manifest.recipient.keys)):
        raise NotAManifest("recipient keys")
