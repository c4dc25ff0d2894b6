"""Personal parts of victims: sealed one by one, and carried by a file of their own (``.fieldpersonal``, FORMAT.md).

A part is opened in memory only: nothing that says who a person is ever lies on a disk in the clear.
"""

from __future__ import annotations

import base64
import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pyrage
from msgspec import Meta

from fieldapp.domain.canonical import NoCanonicalForm, canonical, parse
from fieldapp.ids import Entropy
from fieldapp.sync.container import (
    MANIFEST,
    SIGNATURE,
    ChunkReader,
    NotOurZip,
    Source,
    ZipReader,
    in_order,
    measure,
    read_zip,
    zip_chunks,
)
from fieldapp.sync.demonstration import is_demonstration
from fieldapp.sync.errors import (
    BundleAltered,
    BundleTooNew,
    DemonstrationRefused,
    NotABundle,
    NotAddressedHere,
    NotAPersonalFile,
    OtherDeployment,
    PartLocked,
    RealRefused,
    SenderSignatureWrong,
    UnknownSender,
    shown,
    shown_name,
)
from fieldapp.sync.keys import DeviceKeys, ReceivingKey, SignatureWrong, device_of, recipient_of
from fieldapp.sync.manifest import Deployment, Number, ReceivingKeyText, Sender, Stamp, Sum
from fieldapp.sync.minisign import MAX_SIGNATURE_BYTES, sign_text, verify_text
from fieldapp.sync.sealing import open_sealed, seal, write_all
from fieldapp.sync.stick import MAX_FILES, failure

PERSONAL_SUFFIX = ".fieldpersonal"
PERSONAL_COMMENT = "fieldapp personal"
PERSONAL_FORMAT = 0
MAX_PARTS = 2_000
MAX_PART_BYTES = 72 * 1024
"""Of a sealed part: the longest plain one for some dozens of keys."""
MAX_FILE_BYTES = 200_000_000
_MAX_MANIFEST_BYTES = 1 << 20


class PartEntry(msgspec.Struct, frozen=True):
    """One sealed part: the victim's record, SHA-256 and size in bytes of the sealed part."""

    record: Annotated[str, Meta(pattern=r"^victim/[a-z0-9_-]{1,40}/[a-z0-9-]{1,64}\Z")]
    sha256: Sum
    size: Annotated[int, Meta(ge=200, le=MAX_PART_BYTES)]


class PersonalManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the file is, whose, for whom, and every part inside."""

    content: Literal["personal"] = "personal"
    """Tells this file from every other that is packed alike."""
    created: Stamp
    demonstration: bool
    deployment: Deployment
    format: Number
    minimum_reader: Number
    parts: Annotated[list[PartEntry], Meta(min_length=1, max_length=MAX_PARTS)]
    recipients: Annotated[list[ReceivingKeyText], Meta(min_length=1, max_length=100)]
    """All keys that the file was encrypted to (sorted)."""
    sender: Sender


class _Version(msgspec.Struct):
    content: Literal["personal"]
    minimum_reader: Number


@dataclass(frozen=True)
class Reader:
    """What the one who opens such a file knows."""

    identities: Sequence[ReceivingKey]
    deployment_id: str
    deployment_name: str
    demonstration: bool
    enrolled: Callable[[Sender], bool]
    """Asked after signature, deployment and addressee were found right."""


def seal_part(plain: bytes, recipients: Sequence[str]) -> bytes:
    """Encrypt ``plain`` to every one of ``recipients`` (``age1...``). Raises ValueError for none or a wrong one."""
    if not recipients:
        raise ValueError("nobody could open it")
    return bytes(pyrage.encrypt(plain, [recipient_of(text) for text in sorted(set(recipients))]))


def open_part(data: bytes, identities: Sequence[ReceivingKey]) -> bytes:
    """Decrypt a part, in memory. Raises PartLocked where none of our keys opens it, or it is damaged."""
    if len(data) > MAX_PART_BYTES:
        raise PartLocked
    try:
        return bytes(pyrage.decrypt(data, [key.identity for key in identities]))
    except pyrage.DecryptError as error:
        raise PartLocked from error


def personal_name(entropy: Entropy) -> str:
    """A file name that says nothing: 8 random base32 letters. ASCII, safe on FAT."""
    return base64.b32encode(entropy.take(5)).decode().lower() + PERSONAL_SUFFIX


def find_personal(folder: Path) -> list[Path]:
    """Ordinary files in ``folder`` named like files of personal parts; no links. Raises the stick's errors."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                Path(entry.path)
                for entry in itertools.islice(entries, MAX_FILES)
                if entry.name.lower().endswith(PERSONAL_SUFFIX) and entry.is_file(follow_symlinks=False)
            )
    except OSError as error:
        raise failure(error, str(folder), 0) from error


def part_member(sha256: str) -> str:
    """The member that holds a part."""
    return f"parts/{sha256}.age"


def write_personal(manifest: PersonalManifest, parts: Mapping[str, Path], keys: DeviceKeys, path: Path) -> None:
    """Write the file with the parts (by SHA-256) to ``path``, signed and encrypted; on disk when this returns.

    Raises OSError, and ValueError for contents that no reader would take.
    """
    raw = canonical(msgspec.to_builtins(manifest))
    if msgspec.convert(parse(raw), PersonalManifest) != manifest or len(raw) > _MAX_MANIFEST_BYTES:
        raise ValueError("manifest")
    sources: list[tuple[str, Source]] = [(MANIFEST, raw)]
    sources.append((SIGNATURE, sign_text(keys, raw, PERSONAL_COMMENT).encode()))
    sources += [(part_member(digest), source) for digest, source in parts.items()]
    try:
        with path.open("wb", buffering=0) as out:
            chunks = zip_chunks(measure(*source) for source in sources)
            seal(ChunkReader(chunks), _Unbuffered(out), manifest.recipients)
            os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def read_personal(path: Path, reader: Reader, private_dir: Path) -> tuple[PersonalManifest, dict[str, bytes]]:
    """Verify the file whole and hand out its parts, still sealed, by SHA-256. The file is left as it is.

    Order: age, ZIP, manifest's form and signature, demonstration, deployment, addressee, sender, members' sizes and
    sums. Raises a BundleError for the first that fails. What is opened privately holds sealed parts only.
    """
    file = shown_name(path)
    try:
        opened = open_sealed(path, private_dir, reader.identities, most=MAX_FILE_BYTES)
    except NotABundle as error:
        raise NotAPersonalFile(file=file) from error
    try:
        with read_zip(opened.path) as archive:
            manifest = _manifest(file, archive)
            _check_expected(file, manifest, reader)
            return manifest, _parts(file, archive, manifest)
    except NotOurZip as error:
        raise BundleAltered(file=file) from error
    finally:
        opened.path.unlink(missing_ok=True)


def _manifest(file: str, archive: ZipReader) -> PersonalManifest:
    if list(archive.entries)[:2] != [MANIFEST, SIGNATURE]:
        raise NotAPersonalFile(file=file)
    raw = archive.read(MANIFEST, _MAX_MANIFEST_BYTES)
    try:
        value = parse(raw)
        needed = msgspec.convert(value, _Version).minimum_reader
        if needed > PERSONAL_FORMAT:
            raise BundleTooNew(file=file, needed=needed, have=PERSONAL_FORMAT)
        manifest = msgspec.convert(value, PersonalManifest)
    except (NoCanonicalForm, msgspec.ValidationError) as error:
        raise NotAPersonalFile(file=file) from error
    try:
        if device_of(manifest.sender.key) != manifest.sender.device:
            raise SenderSignatureWrong(file=file)
        signature = archive.read(SIGNATURE, MAX_SIGNATURE_BYTES).decode("latin-1")
        verify_text(manifest.sender.key, raw, signature, PERSONAL_COMMENT)
    except SignatureWrong as error:
        raise SenderSignatureWrong(file=file) from error
    return manifest


def _check_expected(file: str, manifest: PersonalManifest, reader: Reader) -> None:
    practice = is_demonstration(manifest.sender.device)
    if manifest.demonstration != practice:
        raise BundleAltered(file=file)
    if practice != reader.demonstration:
        raise DemonstrationRefused(file=file) if practice else RealRefused(file=file)
    if manifest.deployment.id != reader.deployment_id:
        raise OtherDeployment(file=file, theirs=shown(manifest.deployment.name), ours=reader.deployment_name)
    if {key.recipient for key in reader.identities}.isdisjoint(manifest.recipients):
        raise NotAddressedHere(file=file, audience="hq")
    if not reader.enrolled(manifest.sender):
        raise UnknownSender(file=file, sender=shown(manifest.sender.name), device=manifest.sender.device)


def _parts(file: str, archive: ZipReader, manifest: PersonalManifest) -> dict[str, bytes]:
    sizes = {part_member(part.sha256): part.size for part in manifest.parts}
    if len(sizes) != len(manifest.parts) or in_order([MANIFEST, SIGNATURE, *sizes]) != list(archive.entries):
        raise BundleAltered(file=file)
    for part in manifest.parts:
        name = part_member(part.sha256)
        if archive.entries[name].size != part.size or archive.sha256(name) != part.sha256:
            raise BundleAltered(file=file)
    return {part.sha256: archive.read(part_member(part.sha256), MAX_PART_BYTES) for part in manifest.parts}


class _Unbuffered:
    """An unbuffered file that is written to until everything is."""

    def __init__(self, out: RawIOBase) -> None:
        self._out = out

    def write(self, data: bytes) -> int:
        return write_all(self._out, data)

    def flush(self) -> None:
        """Nothing waits here: the file is not buffered."""
