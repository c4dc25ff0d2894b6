"""Identifiers, and the only source of randomness."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime
from typing import Protocol

DeviceId = str
"""First 20 characters of lower-case base32(SHA-256(Ed25519 public key)): a segment header proves itself."""
StreamId = str
"""``<device>.<random>``: one installation's log for one audience."""
EventId = str
"""SHA-256 of stream, previous id and line, 64 lower-case hexadecimal digits."""
RecordName = str
"""``<kind>/<owner>/<id>``."""

_TAG_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters written on tags: no I or O, which are read as 1 and 0."""


class Entropy(Protocol):
    """What the program needs of a source of randomness."""

    def take(self, count: int) -> bytes:
        """``count`` bytes nobody can guess."""
        ...


class SystemEntropy:
    """The operating system's source."""

    def take(self, count: int) -> bytes:
        """``count`` bytes nobody can guess."""
        return secrets.token_bytes(count)


class SeededEntropy:
    """The same bytes for the same seed, for demonstration data and tests. Never for real keys."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed.encode(), 0

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes of this seed's sequence."""
        taken = b""
        while len(taken) < count:
            self._count += 1
            taken += hashlib.sha256(self._seed + b"\n" + str(self._count).encode()).digest()
        return taken[:count]


def uuid7(moment: datetime, entropy: Entropy) -> str:
    """A time-ordered UUID (RFC 9562 version 7) as 36 characters of text."""
    value = int(moment.timestamp() * 1000).to_bytes(6, "big") + entropy.take(10)
    number = int.from_bytes(value, "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def device_id(signing_public_key: bytes) -> DeviceId:
    """The id of the device that holds the private half of this Ed25519 public key (32 bytes)."""
    return base64.b32encode(hashlib.sha256(signing_public_key).digest()).decode().lower()[:20]


def stream_id(device: DeviceId, entropy: Entropy) -> StreamId:
    """A new stream of ``device``."""
    return f"{device}.{base64.b32encode(entropy.take(5)).decode().lower()}"


def tag_prefix(entropy: Entropy) -> str:
    """Three random letters for a laptop that no headquarters has named yet."""
    return "".join(_TAG_LETTERS[byte % len(_TAG_LETTERS)] for byte in entropy.take(3))


def local_id(prefix: str, number: int) -> str:
    """A number short enough for an item's tag: prefix, counter, check letter (``QKD-0001-T``)."""
    body = f"{prefix}-{number:04d}"
    return f"{body}-{check_letter(body)}"


def check_letter(body: str) -> str:
    """The letter that catches one wrong or two swapped characters: weighted sum modulo 23 (a prime)."""
    total = sum((place + 2) * ord(character) for place, character in enumerate(body.upper()))
    return _TAG_LETTERS[total % 23]
