"""Device and escrow keys, checked against Debian's age tools."""

import subprocess
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.ids import SeededEntropy, device_id
from fieldapp.sync.keys import (
    DeviceKeys,
    ReceivingKey,
    SignatureWrong,
    device_of,
    escrow_file,
    public_bytes,
    recipient_of,
    verify,
)


def keys(seed: str = "a") -> DeviceKeys:
    return DeviceKeys.from_entropy(SeededEntropy(seed))


def test_the_same_entropy_makes_the_same_keys_and_other_entropy_others() -> None:
    assert keys("a").to_private() == keys("a").to_private()
    assert (keys("a").device, keys("a").recipient) != (keys("b").device, keys("b").recipient)


def test_keys_stored_as_private_bytes_come_back_whole() -> None:
    again = DeviceKeys.from_private(keys().to_private())
    assert (again.device, again.signing_public, again.recipient) == (
        keys().device,
        keys().signing_public,
        keys().recipient,
    )
    with pytest.raises(ValueError, match="64 bytes"):
        DeviceKeys.from_private(b"short")


def test_the_device_id_follows_from_the_public_key() -> None:
    assert keys().device == device_id(public_bytes(keys().signing_public)) == device_of(keys().signing_public)


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_a_receiving_key_is_read_back_from_its_own_text(private: bytes) -> None:
    key = ReceivingKey(private)
    assert ReceivingKey.from_text(escrow_file(key, ["kept in the safe"])).to_private() == private


@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_age_keygen_finds_the_same_recipient_in_the_escrow_file(seed: str, tmp_path: Path) -> None:
    key = ReceivingKey.from_entropy(SeededEntropy(seed))
    file = tmp_path / "escrow.txt"
    file.write_text(escrow_file(key, ["fieldapp escrow key", "two\nlines"]))
    found = subprocess.run(["age-keygen", "-y", file], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == key.recipient


def test_age_opens_what_was_encrypted_to_the_escrow_key(tmp_path: Path) -> None:
    key = ReceivingKey.from_entropy(SeededEntropy("escrow"))
    identity, sealed = tmp_path / "escrow.txt", tmp_path / "x.age"
    identity.write_text(escrow_file(key))
    sealed.write_bytes(pyrage.encrypt(b"test bundle", [recipient_of(key.recipient)]))
    opened = subprocess.run(["age", "-d", "-i", identity, sealed], capture_output=True, check=True)
    assert opened.stdout == b"test bundle"


@pytest.mark.parametrize("place", [17, 30, 73])
def test_one_wrong_letter_in_a_receiving_key_is_refused(place: int) -> None:
    text = ReceivingKey.from_entropy(SeededEntropy("a")).text
    other = "Q" if text[place] != "Q" else "P"
    with pytest.raises(ValueError, match="letter"):
        ReceivingKey.from_text(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize("text", ["", "# only a comment\n", "age1xyz", "AGE-SECRET-KEY-1", "AGE-secret-key-1qqqqqq"])
def test_a_text_that_is_no_receiving_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        ReceivingKey.from_text(text)


def test_a_signature_counts_only_for_its_message_and_key() -> None:
    signature = keys().sign(b"message")
    verify(keys().signing_public, b"message", signature)
    for public, message, other in [
        (keys("b").signing_public, b"message", signature),
        (keys().signing_public, b"massage", signature),
        (keys().signing_public, b"message", signature[:-1]),
        (keys().signing_public, b"message", signature[:32] + bytes([signature[32] ^ 1]) + signature[33:]),
        (keys().signing_public.rstrip("="), b"message", signature),
        ("ключ", b"message", signature),
    ]:
        with pytest.raises(SignatureWrong):
            verify(public, message, other)


def test_a_signature_with_a_raised_scalar_is_refused() -> None:
    """Adding the group order to S gives a second signature that careless readers take (RFC 8032, 5.1.7)."""
    order = 2**252 + 27742317777372353535851937790883648493
    signature = keys().sign(b"message")
    raised = int.from_bytes(signature[32:], "little") + order
    with pytest.raises(SignatureWrong):
        verify(keys().signing_public, b"message", signature[:32] + raised.to_bytes(32, "little"))


def test_a_text_that_is_no_recipient_is_refused() -> None:
    with pytest.raises(ValueError):
        recipient_of("age1nobody")
