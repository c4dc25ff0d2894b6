"""Reading a bundle: everything is verified, from one private copy, before anything is handed out (FORMAT.md, 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Self

from fieldapp.domain.segments import MAX_PACKED_BYTES, ChainedSegment, decode_segment
from fieldapp.errors import OperatorError
from fieldapp.ids import DeviceId, EventId
from fieldapp.sync.container import MANIFEST, SIGNATURE, NotOurZip, TooMuch, ZipReader, in_order, read_zip
from fieldapp.sync.demonstration import is_demonstration
from fieldapp.sync.errors import (
    BundleAltered,
    BundleTooLarge,
    BundleTooNew,
    BundleUnsigned,
    Cancelled,
    DemonstrationRefused,
    NotAddressedHere,
    OtherDeployment,
    RealRefused,
    SegmentDamaged,
    SegmentOfDemonstration,
    SegmentOfRealWork,
    SegmentSignatureWrong,
    SegmentTooNew,
    SenderSignatureWrong,
    UnknownSender,
    shown,
    shown_name,
)
from fieldapp.sync.keys import ReceivingKey, SignatureWrong, device_of
from fieldapp.sync.manifest import (
    FORMAT,
    MANIFEST_COMMENT,
    MAX_MANIFEST_BYTES,
    Manifest,
    NewerManifest,
    NotAManifest,
    SegmentEntry,
    photo_member,
    read_manifest,
)
from fieldapp.sync.minisign import MAX_SIGNATURE_BYTES, verify_text
from fieldapp.sync.sealing import Opened, Progress, open_sealed
from fieldapp.sync.segments import check_segment

_MAX_KEPT_LINES_BYTES = 16 << 20
"""Unpacked lines of a bundle that are kept for whoever takes them in; beyond, they are unpacked once more."""


class SenderState(Enum):
    """What the reader knows of the sender. Only ``UNKNOWN`` refuses the bundle."""

    KNOWN = "known"
    REVOKED = "revoked"
    INVITED = "invited"
    """Not enrolled, but the token proof is right and unused."""
    TOKEN_USED = "token_used"  # noqa: S105 - a state, no secret
    """Not enrolled; the token is right but was used before."""
    UNPROVEN = "unproven"
    """Not enrolled here and without a token; headquarters' own grant in the bundle may show that it once was."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Expectation:
    """What the reader knows; what is None is not looked at (``inspect``)."""

    deployment_id: str | None = None
    deployment_name: str = ""
    audiences: frozenset[str] | None = None
    """Whose bundles are read here: ``{"hq"}``, or ``{"team/t7"}``."""
    sender: Callable[[Manifest], SenderState] | None = None
    """Asked after signature, deployment and addressee were found right."""
    has_segment: Callable[[SegmentEntry], bool] | None = None
    """A segment whose head, and with it all its events, are held already is not unpacked again."""
    demonstration: bool | None = None


@dataclass(frozen=True)
class ReadSegment:
    """A segment of a bundle: good, refused (its events are a gap), or known already (not looked into)."""

    entry: SegmentEntry
    refused: OperatorError | None
    known: bool
    checked: ChainedSegment | None
    _zip: ZipReader

    @property
    def device(self) -> DeviceId:
        """Whose stream it is."""
        return self.entry.stream.partition(".")[0]

    def data(self) -> bytes:
        """The packed bytes, to be stored and carried on unchanged."""
        return self.checked.data if self.checked else self._zip.read(self.entry.member, MAX_PACKED_BYTES)

    def signature(self) -> str:
        """The text of its signature file."""
        return self._zip.read(self.entry.member + ".minisig", MAX_SIGNATURE_BYTES).decode("ascii")

    def lines(self) -> list[bytes]:
        """The event lines. Only for a segment that was checked."""
        return self.checked.lines if self.checked else decode_segment(self.data())[1]

    def ids(self) -> list[EventId]:
        """The events' ids, in order; empty for a segment that was not checked."""
        return self.checked.event_ids() if self.checked else []


class ReadBundle:
    """A verified bundle. Use it in a ``with`` statement: its private copy is deleted at the end."""

    def __init__(self, opened: Opened, archive: ZipReader, raw_manifest: bytes, manifest: Manifest) -> None:
        self._opened, self._zip = opened, archive
        self.manifest, self.raw_manifest = manifest, raw_manifest
        self.sealed_size = opened.sealed_size
        self.sender_state: SenderState | None = None
        self.segments: list[ReadSegment] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Delete the private copy."""
        self._zip.close()
        self._opened.path.unlink(missing_ok=True)

    def hand_over(self) -> list[ReadSegment]:
        """The segments, for whoever takes them in. They are let go here: of a large bundle they fill the memory."""
        handed, self.segments = self.segments, []
        return handed

    @property
    def photos(self) -> list[str]:
        """SHA-256 of each photo carried."""
        prefix = photo_member("")
        return [member.sha256 for member in self.manifest.members if member.name.startswith(prefix)]

    def photo_size(self, sha256: str) -> int:
        """A photo's size in bytes. Raises KeyError for one that is not carried."""
        return self._zip.entries[photo_member(sha256)].size

    def photo(self, sha256: str) -> Iterator[bytes]:
        """A photo's bytes, piece by piece. Raises KeyError for one that is not carried."""
        return self._zip.chunks(photo_member(sha256))

    def member(self, name: str, most: int = 1 << 26) -> bytes:
        """A member's bytes, at most ``most``. Raises KeyError for one that is not carried."""
        return self._zip.read(name, most)


def read_bundle(
    path: Path,
    identities: Sequence[ReceivingKey],
    private_dir: Path,
    expect: Expectation = Expectation(),
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ReadBundle:
    """Verify a bundle and hand it out. ``identities`` are our receiving keys, ``private_dir`` takes the private copy.

    Order: age, ZIP, manifest's signature and form, demonstration, deployment, addressee, sender, members' sums,
    segments. Raises a BundleError for the first that fails, Cancelled when stopped; a bad segment alone is marked
    ``refused``. The file itself is never changed, and nothing private is left behind on an error.
    """
    file = shown_name(path)
    opened = open_sealed(path, private_dir, identities, progress, cancelled)
    archive: ZipReader | None = None
    try:
        archive = read_zip(opened.path)
        raw, manifest = _verified_manifest(file, archive)
        bundle = ReadBundle(opened, archive, raw, manifest)
        _check_expected(file, manifest, identities, expect)
        bundle.sender_state = _sender_state(file, manifest, expect)
        _check_members(file, archive, manifest, progress, cancelled)
        kept_bytes = 0
        for done, entry in enumerate(manifest.segments, start=1):
            _go_on(progress, cancelled, "segments", done, len(manifest.segments))
            segment = _read_segment(archive, entry, manifest, expect)
            if segment.checked:
                kept_bytes += segment.checked.line_bytes()
                if kept_bytes > _MAX_KEPT_LINES_BYTES:
                    segment = replace(segment, checked=segment.checked.without_lines())
            bundle.segments.append(segment)
        return bundle
    except BaseException as error:
        if archive:
            archive.close()
        opened.path.unlink(missing_ok=True)
        if isinstance(error, TooMuch):
            raise BundleTooLarge(file=file, limit=str(error)) from error
        if isinstance(error, NotOurZip):
            raise BundleAltered(file=file) from error
        raise


def _verified_manifest(file: str, archive: ZipReader) -> tuple[bytes, Manifest]:
    names = list(archive.entries)
    if names[:1] != [MANIFEST]:
        raise BundleAltered(file=file)
    if names[1:2] != [SIGNATURE]:
        raise BundleUnsigned(file=file)
    raw = archive.read(MANIFEST, MAX_MANIFEST_BYTES)
    try:
        manifest = read_manifest(raw)
    except NewerManifest as error:
        raise BundleTooNew(file=file, needed=str(error), have=FORMAT) from error
    except NotAManifest as error:
        raise BundleAltered(file=file) from error
    try:
        _verify(manifest, raw, archive.read(SIGNATURE, MAX_SIGNATURE_BYTES).decode("latin-1"))
    except SignatureWrong as error:
        raise SenderSignatureWrong(file=file) from error
    return raw, manifest


def verified_manifest(raw: bytes, signature: str) -> Manifest:
    """A manifest that lies in another one's bundle, by its own sender. Raises NotAManifest, SignatureWrong."""
    manifest = read_manifest(raw)
    _verify(manifest, raw, signature)
    return manifest


def _verify(manifest: Manifest, raw: bytes, signature: str) -> None:
    sender = manifest.sender
    if device_of(sender.key) != sender.device:
        raise SignatureWrong("device")
    verify_text(sender.key, raw, signature, MANIFEST_COMMENT)


def _check_expected(file: str, manifest: Manifest, identities: Sequence[ReceivingKey], expect: Expectation) -> None:
    practice = manifest.demonstration or is_demonstration(manifest.sender.device)
    if expect.demonstration is False and practice:
        raise DemonstrationRefused(file=file)
    if manifest.demonstration != is_demonstration(manifest.sender.device):
        raise BundleAltered(file=file)
    if expect.demonstration is True and not practice:
        raise RealRefused(file=file)
    if expect.deployment_id not in (None, manifest.deployment.id):
        raise OtherDeployment(file=file, theirs=shown(manifest.deployment.name), ours=expect.deployment_name)
    ours = {key.recipient for key in identities}
    elsewhere = expect.audiences is not None and manifest.recipient.audience not in expect.audiences
    if elsewhere or ours.isdisjoint(manifest.recipient.keys):
        raise NotAddressedHere(file=file, audience=manifest.recipient.audience)


def _sender_state(file: str, manifest: Manifest, expect: Expectation) -> SenderState | None:
    if expect.sender is None:
        return None
    state = expect.sender(manifest)
    if state is SenderState.UNKNOWN:
        raise UnknownSender(file=file, sender=shown(manifest.sender.name), device=manifest.sender.device)
    return state


def _check_members(
    file: str,
    archive: ZipReader,
    manifest: Manifest,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    """Exactly what the manifest lists is there, with its sizes and sums."""
    listed = in_order([MANIFEST, SIGNATURE, *(member.name for member in manifest.members)])
    if listed != list(archive.entries):
        raise BundleAltered(file=file)
    for done, member in enumerate(manifest.members, start=1):
        _go_on(progress, cancelled, "members", done, len(manifest.members))
        if archive.entries[member.name].size != member.size or archive.sha256(member.name) != member.sha256:
            raise BundleAltered(file=file)


def _read_segment(archive: ZipReader, entry: SegmentEntry, manifest: Manifest, expect: Expectation) -> ReadSegment:
    facts: dict[str, object] = {"stream": entry.stream, "first": entry.first, "last": entry.last}
    known = bool(expect.has_segment and expect.has_segment(entry))
    checked: ChainedSegment | None = None
    refused: OperatorError | None = None
    try:
        if is_demonstration(entry.stream.partition(".")[0]) != manifest.demonstration:
            raise SegmentOfRealWork(**facts) if manifest.demonstration else SegmentOfDemonstration(**facts)
        if not known:
            checked = _checked(archive, entry)
    except (SegmentSignatureWrong, SegmentTooNew, SegmentOfDemonstration, SegmentOfRealWork) as error:
        refused = type(error)(**facts)
    except SegmentDamaged as error:
        refused = SegmentDamaged(**facts, reason=error.facts["reason"])
    return ReadSegment(entry, refused, known, checked, archive)


def _checked(archive: ZipReader, entry: SegmentEntry) -> ChainedSegment:
    try:
        data = archive.read(entry.member, MAX_PACKED_BYTES)
        signature = archive.read(entry.member + ".minisig", MAX_SIGNATURE_BYTES).decode("latin-1")
    except TooMuch as error:
        raise SegmentDamaged(reason="packed size") from error
    checked = check_segment(data, signature)
    head = checked.header
    told = (entry.stream, entry.audience, entry.first, entry.last, entry.prev, entry.head)
    if told != (head.stream, head.audience, head.first, checked.last, head.prev, checked.head):
        raise SegmentDamaged(reason="header")
    return checked


def _go_on(progress: Progress | None, cancelled: Callable[[], bool] | None, step: str, done: int, total: int) -> None:
    if cancelled and cancelled():
        raise Cancelled
    if progress:
        progress(step, done, total)
