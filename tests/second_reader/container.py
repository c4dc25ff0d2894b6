"""Layers of a bundle, read a second time: age, ZIP, minisign, zstd.

Written from `fieldapp/sync/FORMAT.md` alone, with other means than the product's reader where there was a choice.
Nothing here imports fieldapp: what both readers share is the page, not code.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import re
import struct
import zlib
from typing import Any, Final

import pyrage
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

AGE_FIRST_LINE: Final = b"age-encryption.org/v1\n"
MOST_FILE_BYTES: Final = 2**32 - 1
MOST_MEMBERS: Final = 20_000
MOST_SIGNATURE_BYTES: Final = 512
MOST_PACKED: Final = 16 * 2**20
MOST_HEADER: Final = 1_024
MOST_UNPACKED: Final = 32 * 2**20
MOST_WINDOW: Final = 32 * 2**20
MOST_LEVELS: Final = 32
LARGEST: Final = 2**53 - 1
ORDER_OF_THE_GROUP: Final = 2**252 + 27742317777372353535851937790883648493
FIELD: Final = 2**255 - 19
EIGHTH: Final = 2707385501144840649318225287225658788936804267575313519463743609750303402022
SMALL_ORDER: Final = {0, 1, FIELD - 1, FIELD, FIELD + 1, EIGHTH, FIELD - EIGHTH}
"""Section 5: the second coordinates of points of small order, in every spelling."""
MEMBER_NAME: Final = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9_-]{0,31}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
JSON_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


class Refused(Exception):
    """A bundle, or a segment, that is not taken: `name` from the table of section 8, `why` in words for the test."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        self.why = why


def decrypted(sealed: bytes, identity: str) -> bytes:
    """Section 3: the plaintext of a binary age file, or `Refused`."""
    if not sealed.startswith(AGE_FIRST_LINE):
        cut = AGE_FIRST_LINE[:-1].startswith(sealed[: len(AGE_FIRST_LINE) - 1])
        raise Refused("bundle_damaged" if cut else "not_a_bundle", "the first line is not that of age")
    if len(sealed) > MOST_FILE_BYTES:
        raise Refused("bundle_too_large", "larger than FAT can hold")
    try:
        return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]))
    except pyrage.DecryptError as problem:
        name = "bundle_not_for_this_key" if "No matching keys" in str(problem) else "bundle_damaged"
        raise Refused(name, str(problem)) from problem


def canonical(value: Any) -> bytes:
    """Canonical JSON of section 1."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def decoded(data: bytes) -> Any:
    """What canonical bytes say; ValueError when they are not canonical."""
    try:
        value = json.loads(data.decode("utf-8"))
        _check_form(value, 1)
        again = canonical(value)
    except RecursionError as problem:
        raise ValueError("too deep") from problem
    if again != data:
        raise ValueError("not in canonical form")
    return value


def _check_form(value: Any, level: int) -> None:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValueError("integer too large")
        return
    if level > MOST_LEVELS:
        raise ValueError("too deep")
    if isinstance(value, list):
        for item in value:
            _check_form(item, level + 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            if not JSON_NAME.fullmatch(name):
                raise ValueError("member name")
            _check_form(item, level + 1)
    else:
        raise ValueError("a fraction")  # noqa: TRY004 - one kind of error for all that is not canonical


def unzipped(data: bytes) -> dict[str, bytes]:
    """Section 4: the members in their order, when the file is exactly what the page says and nothing else."""
    if len(data) > MOST_FILE_BYTES:
        raise Refused("bundle_too_large", "no ZIP of this size")
    if len(data) < 22:
        raise Refused("bundle_altered", "no ZIP of this size")
    magic, disk, disk2, count, count2, size, place, comment = struct.unpack("<4s4H2IH", data[-22:])
    if (magic, disk, disk2, comment, count2) != (b"PK\x05\x06", 0, 0, 0, count):
        raise Refused("bundle_altered", "end record")
    if place + size + 22 != len(data):
        raise Refused("bundle_altered", "something before, between or behind")
    if count > MOST_MEMBERS:
        raise Refused("bundle_too_large", "members")
    members: dict[str, bytes] = {}
    directory, position = io.BytesIO(data[place:-22]), 0
    for _ in range(count):
        name, crc, length = _directory_entry(directory, position)
        raw = name.encode("ascii")
        head = struct.pack("<4s5H3I2H", b"PK\x03\x04", 10, 0, 0, 0, 0x21, crc, length, length, len(raw), 0) + raw
        local = position + len(head) + length
        body = data[position + len(head) : local]
        if local > place or data[position : position + len(head)] != head or zlib.crc32(body) != crc:
            raise Refused("bundle_altered", f"local header or sum of {name}")
        if name in members:
            raise Refused("bundle_altered", f"{name} twice")
        members[name] = body
        position = local
    if position != place or directory.read(1):
        raise Refused("bundle_altered", "a gap before the directory or in it")
    _check_order(list(members))
    return members


def _directory_entry(directory: io.BytesIO, position: int) -> tuple[str, int, int]:
    fixed = directory.read(46)
    if len(fixed) < 46:
        raise Refused("bundle_altered", "directory cut short")
    crc, size, _size2, name_length = struct.unpack_from("<3IH", fixed, 16)
    raw = directory.read(name_length)
    made = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 10, 10, 0, 0, 0, 0x21, crc, size, size, name_length, 0, 0, 0, 0, 0, position
    )
    name = raw.decode("latin-1")
    if made != fixed or len(raw) != name_length or not MEMBER_NAME.fullmatch(name):
        raise Refused("bundle_altered", "directory entry")
    return name, crc, size


def _check_order(names: list[str]) -> None:
    if names[:1] != ["manifest.json"]:
        raise Refused("bundle_altered", "the manifest is not the first member")
    if names[1:2] != ["manifest.json.minisig"]:
        raise Refused("bundle_unsigned", "the signature is not the second member")
    if names[2:] != sorted(names[2:]):
        raise Refused("bundle_altered", "members out of order")


def base64_bytes(text: Any, length: int) -> bytes:
    """Base64 in its one spelling with this many bytes behind it; ValueError otherwise."""
    if not isinstance(text, str):
        raise ValueError("no text")  # noqa: TRY004 - one kind of error for all that is no base64
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as problem:
        raise ValueError("no base64") from problem
    if base64.b64encode(data).decode() != text or len(data) != length:
        raise ValueError("another spelling or length")
    return data


def device_id(public_key: bytes) -> str:
    """Section 1: the name that follows from a key."""
    return base64.b32encode(hashlib.sha256(public_key).digest()).decode().lower()[:20]


def signed(data: bytes, signature: bytes, public_key: bytes, kind: str) -> bool:
    """Section 5: whether these four lines are this key's signature of this kind over the data."""
    lines = signature.split(b"\n")
    if len(signature) > MOST_SIGNATURE_BYTES or len(lines) != 5 or lines[4]:
        return False
    key_id = hashlib.sha256(public_key).digest()[:8]
    if int.from_bytes(public_key, "little") % 2**255 in SMALL_ORDER:
        return False
    try:
        first = base64_bytes(lines[1].decode("ascii"), 74)
        second = base64_bytes(lines[3].decode("ascii"), 64)
        if lines[0] != b"untrusted comment: fieldapp" or lines[2] != b"trusted comment: " + kind.encode():
            return False
        if first[:10] != b"ED" + key_id:
            return False
        key = Ed25519PublicKey.from_public_bytes(public_key)
        for made, over in (
            (first[10:], hashlib.blake2b(data, digest_size=64).digest()),
            (second, first[10:] + kind.encode()),
        ):
            if int.from_bytes(made[32:], "little") >= ORDER_OF_THE_GROUP:
                return False
            key.verify(made, over)
    except (ValueError, InvalidSignature):
        return False
    return True


def first_line(packed: bytes) -> bytes:
    """The header line of a segment, unpacked alone: who must have signed stands there."""
    try:
        _frame_start(packed)
        with zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW).stream_reader(packed) as stream:
            line, end, _ = stream.read(MOST_HEADER + 1).partition(b"\n")
    except (zstandard.ZstdError, IndexError) as problem:
        raise Refused("segment_damaged", str(problem)) from problem
    if not end:
        raise Refused("segment_damaged", "header")
    return line


def unpacked(packed: bytes) -> bytes:
    """Section 7: what one zstd frame holds. The frame is walked block by block: nothing may lie behind it."""
    try:
        size, at = _frame_start(packed)
        _check_frame_end(packed, at)
        plain = zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW).decompress(packed, max_output_size=size)
    except (zstandard.ZstdError, IndexError, struct.error) as problem:
        raise Refused("segment_damaged", str(problem)) from problem
    if len(plain) != size:
        raise Refused("segment_damaged", "unpacked size")
    return plain


def _frame_start(packed: bytes) -> tuple[int, int]:
    """The content size that the frame says, and where its first block begins."""
    if len(packed) > MOST_PACKED:
        raise Refused("segment_damaged", "packed size")
    if packed[:4] != b"\x28\xb5\x2f\xfd":
        raise Refused("segment_damaged", "no zstd frame")
    descriptor, at = packed[4], 5
    single, flag = bool(descriptor & 0x20), descriptor >> 6
    if descriptor & 0x08:
        raise Refused("segment_damaged", "reserved bit")
    window = 0
    if not single:
        exponent, mantissa = packed[at] >> 3, packed[at] & 7
        window = (1 << (10 + exponent)) + ((1 << (10 + exponent)) >> 3) * mantissa
        at += 1
    dictionary = packed[at : at + (0, 1, 2, 4)[descriptor & 3]]
    if any(dictionary):
        raise Refused("segment_damaged", "dictionary")
    at += len(dictionary)
    width = {0: 1 if single else 0, 1: 2, 2: 4, 3: 8}[flag]
    if not width:
        raise Refused("segment_damaged", "no content size")
    size = int.from_bytes(packed[at : at + width], "little") + (256 if width == 2 else 0)
    at += width
    if size > MOST_UNPACKED or window > MOST_WINDOW:
        raise Refused("segment_damaged", "unpacked size or window")
    return size, at


def _check_frame_end(packed: bytes, at: int) -> None:
    while True:
        block = int.from_bytes(packed[at : at + 3], "little")
        if at + 3 > len(packed):
            raise Refused("segment_damaged", "frame cut short")
        at += 3 + (1 if (block >> 1) & 3 == 1 else block >> 3)
        if block & 1:
            break
    if at + (4 if packed[4] & 4 else 0) != len(packed):
        raise Refused("segment_damaged", "something behind the frame")
