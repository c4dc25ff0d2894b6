"""F1: what hostile ZIPs do, packed into an encrypted file by somebody who knows HQ's public key: all refused."""

import io
import stat
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from fieldapp.sync.container import MANIFEST, SIGNATURE
from fieldapp.sync.errors import BundleAltered, BundleError, BundleTooLarge
from tests.builders_sync import bundle, inside, plain_zip, read_at_hq, sealed


def refused(tmp_path: Path, data: bytes, error: type[BundleError] = BundleAltered) -> None:
    with pytest.raises(error):
        read_at_hq(sealed(data, tmp_path / "x.fieldbundle"), tmp_path)


def python_zip(members: list[tuple[zipfile.ZipInfo | str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def info(name: str, mode: int = 0) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    return entry


@pytest.fixture
def members(tmp_path: Path) -> dict[str, bytes]:
    return inside(bundle(tmp_path).path, tmp_path)


def test_f1_the_right_members_packed_by_another_program_are_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    listed: list[tuple[zipfile.ZipInfo | str, bytes]] = list(members.items())
    refused(tmp_path, python_zip(listed))
    refused(tmp_path, python_zip(listed, zipfile.ZIP_DEFLATED))


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/x", "C:\\x", "..\\x", "photos/../../x", "a/b/c", "имя", "x\n", "a\u202eb", "x" * 255, " ", "."],
)
def test_f1_names_that_mean_another_place_are_refused(tmp_path: Path, members: dict[str, bytes], name: str) -> None:
    refused(tmp_path, python_zip([*members.items(), (info(name), b"x")]))


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFBLK | 0o600, stat.S_IFIFO | 0o600])
def test_f1_links_and_devices_are_refused(tmp_path: Path, members: dict[str, bytes], mode: int) -> None:
    refused(tmp_path, python_zip([*members.items(), (info("link", mode), b"/etc/passwd")]))


def test_f1_a_member_twice_is_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    refused(tmp_path, python_zip([*members.items(), (MANIFEST, b"{}")]))
    plain = plain_zip(bundle(tmp_path).path, tmp_path)
    end = plain.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack("<HII", plain[end + 10 : end + 20])
    last = plain[plain.rindex(b"PK\x01\x02") : end]
    twice = (
        plain[:end]
        + last
        + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count + 1, count + 1, size + len(last), start, 0)
    )
    refused(tmp_path, twice)


def test_f1_prefix_suffix_comment_and_hidden_bytes_are_refused(tmp_path: Path) -> None:
    plain = plain_zip(bundle(tmp_path).path, tmp_path)
    commented = plain[:-2] + struct.pack("<H", 4) + b"note"
    central = plain.index(b"PK\x01\x02")
    hidden = bytearray(plain[:central] + b"hidden" + plain[central:])
    hidden[-6:-2] = struct.pack("<I", central + 6)
    for data in [b"MZ" + plain, plain + b"x", commented, bytes(hidden), plain[:-22], plain + plain]:
        refused(tmp_path, data)


def test_f1_lying_sizes_and_overlapping_members_are_refused(tmp_path: Path) -> None:
    plain = plain_zip(bundle(tmp_path).path, tmp_path)
    central = plain.index(b"PK\x01\x02")
    for place, value in [(central + 24, 1), (central + 20, 2**32 - 1), (central + 42, 30), (18, 5), (22, 2**31)]:
        changed = bytearray(plain)
        changed[place : place + 4] = struct.pack("<I", value)
        refused(tmp_path, bytes(changed))


@pytest.mark.parametrize(("place", "value"), [(6, 1), (6, 8), (6, 0x800), (8, 8), (28, 4), (10, 1), (4, 45)])
def test_f1_flags_methods_and_extra_fields_are_refused(tmp_path: Path, place: int, value: int) -> None:
    """Encrypted, streamed, UTF-8, deflated, with an extra field, dated, ZIP64: in the first local header."""
    changed = bytearray(plain_zip(bundle(tmp_path).path, tmp_path))
    changed[place : place + 2] = struct.pack("<H", value)
    refused(tmp_path, bytes(changed))


def test_f1_too_many_members_are_refused_before_they_are_listed(tmp_path: Path) -> None:
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 0, 0, 0)
    refused(tmp_path, end, BundleTooLarge)
    refused(tmp_path, python_zip([(f"m{number}", b"") for number in range(20_001)]), BundleTooLarge)


def test_f1_a_manifest_larger_than_any_is_refused_before_it_is_parsed(
    tmp_path: Path, members: dict[str, bytes]
) -> None:
    from tests.builders_sync import zipped

    huge = members | {MANIFEST: b" " * (8 << 20) + b" ", SIGNATURE: members[SIGNATURE]}
    refused(tmp_path, zipped(huge), BundleTooLarge)


def test_f1_an_empty_zip_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0, 0, 0, 0, 0))
