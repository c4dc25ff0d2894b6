"""C2: signatures at the edge of what the curve allows have one fixed answer, whichever library checks them."""

from __future__ import annotations

import base64
import hashlib

import pytest

from fieldapp.sync.keys import SignatureWrong, verify
from tests.builders_sync import LAPTOP
from tests.second_reader.container import ORDER_OF_THE_GROUP, SMALL_ORDER

MESSAGE = b"message"
WEAK = sorted({(value + sign) % 2**256 for value in SMALL_ORDER for sign in (0, 2**255)})
"""All spellings of the points of small order: with such a key anybody can sign."""


def refused(key: bytes, signature: bytes) -> bool:
    try:
        verify(base64.b64encode(key).decode(), MESSAGE, signature)
    except SignatureWrong:
        return True
    return False


def test_c2_a_key_of_small_order_is_no_key() -> None:
    assert len(WEAK) == 14
    points = [value.to_bytes(32, "little") for value in WEAK]
    for key in points:
        assert all(refused(key, r + bytes(32)) for r in points)


def test_c2_a_point_of_small_order_is_no_half_of_a_signature() -> None:
    own = base64.b64decode(LAPTOP.signing_public)
    halves = [value.to_bytes(32, "little") for value in WEAK]
    assert all(refused(own, r + s) for r in halves for s in (bytes(32), b"\x01" + bytes(31)))


@pytest.mark.parametrize("more", [1, 2, 3, 7])
def test_c2_a_scalar_beyond_the_group_is_refused(more: int) -> None:
    signature = LAPTOP.sign(MESSAGE)
    own = base64.b64decode(LAPTOP.signing_public)
    scalar = int.from_bytes(signature[32:], "little")
    assert not refused(own, signature)
    assert refused(own, signature[:32] + (scalar + more * ORDER_OF_THE_GROUP).to_bytes(32, "little"))


def test_c2_a_signature_of_another_length_or_with_any_bit_changed_is_refused() -> None:
    signature, own = LAPTOP.sign(MESSAGE), base64.b64decode(LAPTOP.signing_public)
    assert all(refused(own, signature[:length]) for length in (0, 32, 63))
    assert refused(own, signature + b"\0")
    for place in range(512):
        changed = bytearray(signature)
        changed[place // 8] ^= 1 << place % 8
        assert refused(own, bytes(changed))


def test_c2_a_key_that_is_no_point_is_refused() -> None:
    """About half of all texts of 32 bytes are no points; none of them may be a crash."""
    signature = LAPTOP.sign(MESSAGE)
    assert all(refused(hashlib.sha256(bytes([n])).digest(), signature) for n in range(40))
