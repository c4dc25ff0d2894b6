"""The keys of a device and of the escrow: Ed25519 to sign, X25519 (age) to receive."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import Any

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fieldapp.ids import DeviceId, Entropy, device_id

_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


class SignatureWrong(ValueError):
    """A signature, or the key it is said to be by, is not right."""


class ReceivingKey:
    """An age X25519 identity made from 32 private bytes."""

    def __init__(self, private: bytes) -> None:
        if len(private) != 32:
            raise ValueError("a receiving key has 32 bytes")
        self._private = private
        self.text = _bech32("age-secret-key-", private).upper()
        """``AGE-SECRET-KEY-1...``, as the ``age`` tool reads it."""
        self.identity: Any = pyrage.x25519.Identity.from_str(self.text)
        self.recipient: str = str(self.identity.to_public())
        """``age1...``: what others encrypt to."""

    @classmethod
    def from_entropy(cls, entropy: Entropy) -> ReceivingKey:
        """A new key."""
        return cls(entropy.take(32))

    @classmethod
    def from_text(cls, text: str) -> ReceivingKey:
        """The key of an identity file: comment lines and one ``AGE-SECRET-KEY-1...`` line. Raises ValueError."""
        lines = [line.strip() for line in text.splitlines()]
        keys = [line for line in lines if line and not line.startswith("#")]
        if len(keys) != 1:
            raise ValueError("one key is expected")
        return cls(_bech32_data("age-secret-key-", keys[0]))

    def to_private(self) -> bytes:
        """The 32 bytes that make this key again."""
        return self._private


class DeviceKeys:
    """Both keys of one device. They are made on the machine and never leave it."""

    def __init__(self, signing: bytes, receiving: bytes) -> None:
        self._private = signing
        self._signing = Ed25519PrivateKey.from_private_bytes(signing)
        self._public = self._signing.public_key().public_bytes_raw()
        self.receiving = ReceivingKey(receiving)

    @classmethod
    def from_entropy(cls, entropy: Entropy) -> DeviceKeys:
        """New keys; the same keys for the same entropy."""
        return cls(entropy.take(32), entropy.take(32))

    @classmethod
    def from_private(cls, private: bytes) -> DeviceKeys:
        """The keys written by ``to_private``. Raises ValueError for anything but 64 bytes."""
        if len(private) != 64:
            raise ValueError("device keys have 64 bytes")
        return cls(private[:32], private[32:])

    def to_private(self) -> bytes:
        """64 bytes: the private signing key, then the private receiving key. Only for the encrypted database."""
        return self._private + self.receiving.to_private()

    @property
    def device(self) -> DeviceId:
        """The id that follows from the public signing key."""
        return device_id(self._public)

    @property
    def signing_public(self) -> str:
        """The Ed25519 public key, base64."""
        return base64.b64encode(self._public).decode()

    @property
    def recipient(self) -> str:
        """``age1...``: what others encrypt to."""
        return self.receiving.recipient

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature (64 bytes) of ``message``."""
        return self._signing.sign(message)


def verify(public: str, message: bytes, signature: bytes) -> None:
    """Check an Ed25519 signature by the base64 key ``public``. Raises SignatureWrong."""
    try:
        Ed25519PublicKey.from_public_bytes(public_bytes(public)).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise SignatureWrong("signature") from error


def public_bytes(public: str) -> bytes:
    """The 32 bytes of a base64 public key in its one spelling. Raises SignatureWrong."""
    try:
        key = base64.b64decode(public.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise SignatureWrong("key") from error
    if len(key) != 32 or base64.b64encode(key).decode() != public or _is_weak(key):
        raise SignatureWrong("key")
    return key


_WEAK = frozenset(
    bytes.fromhex(text)
    for text in (
        "00" * 32, "01" + "00" * 31, "ec" + "ff" * 30 + "7f", "ed" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )
)
"""Points of small order in all their spellings, without the sign bit: anybody can sign for such a key (Cremers and
Jackson, "Prime, Order Please!", 2019, table 1)."""


def _is_weak(key: bytes) -> bool:
    return key[:31] + bytes([key[31] & 0x7F]) in _WEAK


def device_of(public: str) -> DeviceId:
    """The device id that a base64 public key proves. Raises SignatureWrong."""
    return device_id(public_bytes(public))


def recipient_of(text: str) -> Any:
    """The pyrage recipient of ``age1...``. Raises ValueError."""
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise ValueError(text) from error


def escrow_file(key: ReceivingKey, comments: Iterable[str] = ()) -> str:
    """The text of the escrow key's file, which ``age -d -i FILE`` reads. ``comments`` are plain sentences."""
    notes = [f"# {line}" for comment in comments for line in comment.splitlines()]
    return "\n".join([*notes, f"# public key: {key.recipient}", key.text, ""])


def _checksum_state(values: Iterable[int]) -> int:
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATOR):
            if top >> place & 1:
                state ^= generator
    return state


def _expanded(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _bech32(prefix: str, data: bytes) -> str:
    """BIP-173, without its limit of 90 characters (as the age specification says)."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[start : start + 5], 2) for start in range(0, len(bits), 5)]
    state = _checksum_state([*_expanded(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [state >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join(_BECH32[value] for value in values)


def _bech32_data(prefix: str, text: str) -> bytes:
    lower = text.lower()
    if text not in (lower, text.upper()) or not lower.startswith(prefix + "1"):
        raise ValueError("not such a key")
    values = [_BECH32.index(letter) for letter in lower[len(prefix) + 1 :]]
    bits = "".join(f"{value:05b}" for value in values[:-6])
    data = int(bits or "0", 2) >> len(bits) % 8
    found = data.to_bytes(len(bits) // 8, "big")
    if _bech32(prefix, found) != lower:
        raise ValueError("a letter of the key is wrong")
    return found
