"""Signature files, checked against Debian's minisign both ways."""

import base64
import subprocess
from pathlib import Path

import pytest

from fieldapp.ids import SeededEntropy
from fieldapp.sync.keys import DeviceKeys, SignatureWrong
from fieldapp.sync.minisign import key_id, public_key_text, sign_text, verify_text

KEYS = DeviceKeys.from_entropy(SeededEntropy("a"))
OTHER = DeviceKeys.from_entropy(SeededEntropy("b"))
DATA = b"what was signed\n"
COMMENT = "fieldapp test"
TEXT = sign_text(KEYS, DATA, COMMENT)


def test_minisign_accepts_our_signature_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "data.minisig").write_text(TEXT)
    command: list[str | Path] = ["minisign", "-V", "-m", tmp_path / "data", "-P", public_key_text(KEYS.signing_public)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert COMMENT in done.stdout
    (tmp_path / "data").write_bytes(DATA + b"!")
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_a_signature_made_by_minisign_itself_has_the_form_we_read(tmp_path: Path) -> None:
    public, private = tmp_path / "m.pub", tmp_path / "m.key"
    (tmp_path / "data").write_bytes(DATA)
    make: list[str | Path] = ["minisign", "-G", "-W", "-p", public, "-s", private]
    subprocess.run(make, capture_output=True, check=True)
    command: list[str | Path] = [
        "minisign",
        "-S",
        "-s",
        private,
        "-m",
        tmp_path / "data",
        "-c",
        "fieldapp",
        "-t",
        COMMENT,
    ]
    subprocess.run(command, capture_output=True, check=True)
    key = base64.b64decode(public.read_text().splitlines()[1])
    text = (tmp_path / "data.minisig").read_text()
    theirs, ours = base64.b64decode(text.splitlines()[1]), key_id(base64.b64encode(key[10:]).decode())
    renamed = base64.b64encode(theirs[:2] + ours + theirs[10:]).decode()
    verify_text(base64.b64encode(key[10:]).decode(), DATA, text.replace(text.splitlines()[1], renamed), COMMENT)


def test_a_signature_counts_only_for_its_data_key_and_comment() -> None:
    verify_text(KEYS.signing_public, DATA, TEXT, COMMENT)
    for public, data, comment in [
        (OTHER.signing_public, DATA, COMMENT),
        (KEYS.signing_public, DATA + b"\n", COMMENT),
        (KEYS.signing_public, DATA, "fieldapp manifest"),
    ]:
        with pytest.raises(SignatureWrong):
            verify_text(public, data, TEXT, comment)


def test_every_bit_flip_and_truncation_of_a_signature_file_is_refused() -> None:
    whole = TEXT.encode()
    spellings = [whole[:end] for end in range(len(whole))] + [whole + b"\n", whole.replace(b"\n", b"\r\n")]
    for place in range(len(whole)):
        spellings += [whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :] for bit in range(8)]
    for spelling in spellings:
        with pytest.raises(SignatureWrong):
            verify_text(KEYS.signing_public, DATA, spelling.decode("latin-1"), COMMENT)


def test_the_same_message_is_always_signed_alike() -> None:
    assert sign_text(KEYS, DATA, COMMENT) == TEXT


def test_a_comment_of_two_lines_cannot_be_signed() -> None:
    with pytest.raises(ValueError, match="one line"):
        sign_text(KEYS, DATA, "one\ntwo")
