"""Invitations and token proofs."""

import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fieldapp.domain.canonical import canonical, parse
from fieldapp.ids import SeededEntropy
from fieldapp.sync.demonstration import demonstration_keys
from fieldapp.sync.errors import (
    InvitationAltered,
    InvitationError,
    InvitationOver,
    InvitationTooNew,
    NotAnInvitation,
)
from fieldapp.sync.invitation import (
    INVITATION_COMMENT,
    Headquarters,
    Invitation,
    check_not_over,
    invitation_text,
    new_token,
    read_invitation,
    token_fits,
    token_proof,
    write_invitation,
)
from fieldapp.sync.keys import DeviceKeys
from fieldapp.sync.manifest import Deployment
from fieldapp.sync.minisign import public_key_text, sign_text
from tests.builders_sync import ESCROW, HQ, LAPTOP, STRANGER

TOKEN = new_token(SeededEntropy("token"))


def invitation(keys: DeviceKeys = HQ, **changes: Any) -> Invitation:
    values: dict[str, Any] = {
        "created": "2026-11-22T06:15:00Z",
        "demonstration": False,
        "deployment": Deployment("dep-1", "Programme"),
        "device_name": "laptop 2",
        "format": 0,
        "hq": Headquarters(keys.device, keys.signing_public, keys.recipient, ESCROW.recipient),
        "minimum_reader": 0,
        "prefix": "T7B",
        "team": "t7",
        "team_name": "Komanda 7",
        "token": TOKEN,
        "until": "2026-12-31",
    }
    return Invitation(**(values | changes))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "laptop-2.fieldinvite"
    write_invitation(invitation(), HQ, path)
    return path


def test_what_hq_wrote_is_what_the_laptop_reads(file: Path) -> None:
    assert read_invitation(file) == invitation()
    assert invitation().recipients == sorted([HQ.recipient, ESCROW.recipient])
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_it_holds_no_private_key(file: Path) -> None:
    text = file.read_bytes()
    private = HQ.to_private()
    for secret in (private[:32], private[:32].hex().encode(), b"AGE-SECRET-KEY", b"secret"):
        assert secret not in text


def test_minisign_verifies_its_first_line(file: Path) -> None:
    line, _, signature = file.read_bytes().partition(b"\n")
    (file.parent / "line").write_bytes(line + b"\n")
    (file.parent / "line.minisig").write_bytes(signature)
    command = ["minisign", "-V", "-m", str(file.parent / "line"), "-P", public_key_text(HQ.signing_public)]
    assert INVITATION_COMMENT in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_every_bit_flip_and_truncation_is_refused(file: Path) -> None:
    whole = file.read_bytes()
    for place in range(len(whole)):
        spellings = [whole[:place]]
        spellings += [whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :] for bit in range(8)]
        for data in spellings:
            file.write_bytes(data)
            with pytest.raises(InvitationError):
                read_invitation(file)
    for data in (whole + b"\n", b"\n" + whole, whole + whole, whole.replace(b"\n", b"\r\n"), b"x" * 20_000):
        file.write_bytes(data)
        with pytest.raises(InvitationError):
            read_invitation(file)


def signed(value: Any, keys: DeviceKeys, path: Path) -> Path:
    line = canonical(value) + b"\n"
    path.write_text(line.decode() + sign_text(keys, line, INVITATION_COMMENT))
    return path


def test_a_signature_by_somebody_else_is_refused(tmp_path: Path) -> None:
    value = msgspec.to_builtins(invitation())
    with pytest.raises(InvitationAltered):
        read_invitation(signed(value, STRANGER, tmp_path / "a"))
    value["hq"]["key"] = STRANGER.signing_public
    with pytest.raises(InvitationAltered):
        read_invitation(signed(value, STRANGER, tmp_path / "b"))
    with pytest.raises(ValueError):
        invitation_text(invitation(), STRANGER)


def test_a_newer_invitation_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InvitationTooNew, match="format 2"):
        read_invitation(signed({"minimum_reader": 2}, HQ, tmp_path / "a"))


@pytest.mark.parametrize("field", Invitation.__struct_fields__)
def test_a_missing_or_wrong_field_is_refused(tmp_path: Path, field: str) -> None:
    value = msgspec.to_builtins(invitation())
    without = {name: one for name, one in value.items() if name != field}
    for other in (without, value | {field: [[]]}):
        with pytest.raises(NotAnInvitation):
            read_invitation(signed(other, HQ, tmp_path / "a"))


def test_other_files_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("an invitation to lunch")
    for path in (tmp_path, tmp_path / "missing", tmp_path / "text"):
        with pytest.raises(NotAnInvitation):
            read_invitation(path)


def test_members_of_newer_versions_are_left_alone(tmp_path: Path) -> None:
    value = msgspec.to_builtins(invitation()) | {"lunch": "at noon"}
    assert read_invitation(signed(value, HQ, tmp_path / "a")) == invitation()


def test_the_last_day_is_still_a_day(file: Path) -> None:
    check_not_over(invitation(), "2026-12-31", file.name)
    with pytest.raises(InvitationOver, match="2026-12-31"):
        check_not_over(invitation(), "2027-01-01", file.name)


def test_demonstration_keys_make_demonstration_invitations_only(tmp_path: Path) -> None:
    practice = demonstration_keys("hq")
    write_invitation(invitation(practice, demonstration=True), practice, tmp_path / "a")
    assert read_invitation(tmp_path / "a").demonstration
    write_invitation(invitation(practice), practice, tmp_path / "b")
    write_invitation(invitation(demonstration=True), HQ, tmp_path / "c")
    for name in "bc":
        with pytest.raises(InvitationAltered):
            read_invitation(tmp_path / name)


def test_a_token_proof_counts_for_its_device_and_bundle_only() -> None:
    proof = token_proof(TOKEN, LAPTOP.device, "bundle-1")
    assert token_fits(TOKEN, LAPTOP.device, "bundle-1", proof)
    assert TOKEN not in proof
    for token, device, bundle_id in [
        (new_token(SeededEntropy("other")), LAPTOP.device, "bundle-1"),
        (TOKEN, STRANGER.device, "bundle-1"),
        (TOKEN, LAPTOP.device, "bundle-2"),
    ]:
        assert not token_fits(token, device, bundle_id, proof)


def test_the_file_is_one_canonical_line_and_its_signature(file: Path) -> None:
    line, *rest = file.read_text().splitlines()
    assert parse(line.encode()) == msgspec.to_builtins(invitation())
    assert len(rest) == 4
