"""Devices, segments and bundles with valid defaults; forgers' tools that sign or seal what the product would not."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fieldapp.domain.canonical import canonical
from fieldapp.domain.segments import SegmentHeader, encode_segment, head_of
from fieldapp.ids import SeededEntropy
from fieldapp.sync.bundle import BundleContent, BundleFile, PackedPhoto, PackedSegment, write_bundle
from fieldapp.sync.container import MANIFEST, SIGNATURE, Member, measure, read_zip, write_zip
from fieldapp.sync.keys import DeviceKeys
from fieldapp.sync.manifest import MANIFEST_COMMENT, BundleId, Deployment
from fieldapp.sync.minisign import sign_text
from fieldapp.sync.reading import Expectation, ReadBundle, SenderState, read_bundle
from fieldapp.sync.sealing import open_sealed, seal
from fieldapp.sync.segments import sign_segment


def device(name: str) -> DeviceKeys:
    """The keys of a test's laptop or headquarters, by name."""
    return DeviceKeys.from_entropy(SeededEntropy(f"test {name}"))


HQ, ESCROW, LAPTOP, STRANGER = device("hq"), device("escrow"), device("laptop"), device("stranger")
HQ_KEYS = [HQ.recipient, ESCROW.recipient]
PHOTO = b"\xff\xd8 a photo"
PHOTO_SHA256 = measure("photo", PHOTO).sha256


def event_lines(first: int = 1, count: int = 2) -> list[bytes]:
    """Lines that are canonical and small; sync does not look into them."""
    return [canonical({"parents": [], "seq": seq, "set": {}}) for seq in range(first, first + count)]


def segment(
    keys: DeviceKeys = LAPTOP,
    lines: Sequence[bytes] | None = None,
    signed_by: DeviceKeys | None = None,
    **changes: Any,
) -> PackedSegment:
    """A sealed segment of ``keys``; ``changes`` go into its header, ``signed_by`` forges."""
    header = SegmentHeader(
        audience="team/t7", format=0, first=1, key=keys.signing_public, prev=None, stream=f"{keys.device}.aaaaaaaa"
    )
    header = msgspec.structs.replace(header, **changes)
    lines = event_lines(header.first) if lines is None else lines
    data = encode_segment(header, lines)
    last = header.first + len(lines) - 1
    return PackedSegment(header, last, head_of(header, lines), data, sign_segment(signed_by or keys, data))


def content(**changes: Any) -> BundleContent:
    """A day's bundle for HQ: one segment, one photo, one readable member."""
    values: dict[str, Any] = {
        "bundle": BundleId("0192f0c1-0000-7000-8000-000000000001", 1),
        "created": "2026-11-22T06:15:00Z",
        "app": "0.1.0",
        "deployment": Deployment("dep-1", "Programme"),
        "sender_name": "laptop 2",
        "audience": "hq",
        "segments": [segment()],
        "photos": [PackedPhoto(PHOTO_SHA256, PHOTO)],
        "readable": {"README.txt": b"A bundle.\n"},
        "totals": {"finds": {"ap_mine": 2}, "plots": 0, "area_m2": "0"},
    }
    return BundleContent(**(values | changes))


def bundle(
    folder: Path, keys: DeviceKeys = LAPTOP, recipients: Sequence[str] = HQ_KEYS, name: str = "a", **changes: Any
) -> BundleFile:
    """A bundle written to ``folder``."""
    return write_bundle(content(**changes), keys, recipients, folder / f"{name}.fieldbundle")


def expectation(**changes: Any) -> Expectation:
    """What HQ knows: its deployment, its audience, the laptop."""
    values: dict[str, Any] = {
        "deployment_id": "dep-1",
        "deployment_name": "Programme",
        "audiences": frozenset({"hq"}),
        "sender": known(LAPTOP),
        "demonstration": False,
    }
    return Expectation(**(values | changes))


def known(*devices: DeviceKeys, state: SenderState = SenderState.KNOWN) -> Callable[[Any], SenderState]:
    """A reader that knows these devices."""
    names = {keys.device for keys in devices}
    return lambda manifest: state if manifest.sender.device in names else SenderState.UNKNOWN


def read_at_hq(path: Path, private: Path, **changes: Any) -> ReadBundle:
    """Read as the headquarters of ``expectation``."""
    return read_bundle(path, [HQ.receiving], private, expectation(**changes))


def inside(path: Path, private: Path) -> dict[str, bytes]:
    """A bundle's members, as HQ can open them."""
    opened = open_sealed(path, private, [HQ.receiving])
    try:
        with read_zip(opened.path) as archive:
            return {name: archive.read(name, 2**32) for name in archive.entries}
    finally:
        opened.path.unlink()


def plain_zip(path: Path, private: Path) -> bytes:
    """The decrypted ZIP of a bundle."""
    opened = open_sealed(path, private, [HQ.receiving])
    try:
        return opened.path.read_bytes()
    finally:
        opened.path.unlink()


def sealed(plain: bytes, path: Path, recipients: Sequence[str] = (HQ.recipient,)) -> Path:
    """Encrypt any bytes, as everybody who knows HQ's public key can."""
    with path.open("wb") as out:
        seal(io.BytesIO(plain), out, recipients)
    return path


def zipped(members: dict[str, bytes]) -> bytes:
    """Pack any members in the product's own way."""
    return write_zip(as_members(members.items()))


def as_members(members: Iterable[tuple[str, bytes]]) -> list[Member]:
    """Measured members."""
    return [measure(name, data) for name, data in members]


def resigned(members: dict[str, bytes], manifest: Any, keys: DeviceKeys) -> dict[str, bytes]:
    """The members with another manifest (a value, or bytes as they are), signed by ``keys``."""
    data = manifest if isinstance(manifest, bytes) else canonical(manifest)
    return members | {MANIFEST: data, SIGNATURE: sign_text(keys, data, MANIFEST_COMMENT).encode()}


def reading_only(patch: pytest.MonkeyPatch, newest: int) -> None:
    """Until ``patch`` is undone this process is a program that reads and writes formats up to ``newest`` only."""
    for module in ("sync.manifest", "sync.bundle", "sync.reading", "operations.formats"):
        patch.setattr(f"fieldapp.{module}.FORMAT", newest)
