"""B6: two bundles spliced; chunks swapped, repeated, dropped; trailing or leading junk."""

from pathlib import Path

import pytest

from fieldapp.sync.bundle import PackedPhoto
from fieldapp.sync.container import measure
from fieldapp.sync.errors import BundleAltered, BundleDamaged, BundleError, NotABundle, SenderSignatureWrong
from fieldapp.sync.manifest import BundleId
from tests.builders_sync import HQ, bundle, inside, plain_zip, read_at_hq, sealed, zipped

CHUNK = 65_536 + 16
"""A chunk of an age file: 64 KiB and its tag."""
PHOTO = bytes(range(256)) * 800


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    """A bundle of several age chunks."""
    photo = PackedPhoto(measure("", PHOTO).sha256, PHOTO)
    return bundle(tmp_path, recipients=[HQ.recipient], photos=[photo]).path.read_bytes()


def refused(tmp_path: Path, data: bytes, error: type[BundleError]) -> None:
    file = tmp_path / "x.fieldbundle"
    file.write_bytes(data)
    with pytest.raises(error):
        read_at_hq(file, tmp_path)
    assert file.read_bytes() == data
    assert not [name for name in tmp_path.iterdir() if name.name.startswith("opening")]


def test_b6_chunks_swapped_repeated_or_dropped_are_refused(tmp_path: Path, whole: bytes) -> None:
    header = whole.index(b"\n", whole.index(b"\n---") + 1) + 1 + 16
    chunks = [whole[start : start + CHUNK] for start in range(header, len(whole), CHUNK)]
    assert len(chunks) == 4
    for order in [(1, 0, 2, 3), (0, 0, 1, 2, 3), (0, 2, 3), (0, 1, 2), (0, 1, 3), (0, 1, 2, 3, 3), (3,), ()]:
        refused(tmp_path, whole[:header] + b"".join(chunks[number] for number in order), BundleDamaged)


def test_b6_junk_before_and_after_is_refused(tmp_path: Path, whole: bytes) -> None:
    refused(tmp_path, whole + b"\0", BundleDamaged)
    refused(tmp_path, whole + whole, BundleDamaged)
    refused(tmp_path, b"\xef\xbb\xbf" + whole, NotABundle)
    refused(tmp_path, b"\n" + whole, NotABundle)


def test_b6_two_bundles_spliced_at_any_chunk_are_refused(tmp_path: Path, whole: bytes) -> None:
    other = bundle(
        tmp_path, recipients=[HQ.recipient], name="b", photos=[PackedPhoto(measure("", PHOTO).sha256, PHOTO)]
    )
    for place in range(200, len(whole), CHUNK // 2):
        refused(tmp_path, whole[:place] + other.path.read_bytes()[place:], BundleDamaged)


def test_b6_line_ends_changed_on_the_way_are_refused(tmp_path: Path, whole: bytes) -> None:
    refused(tmp_path, whole.replace(b"\n", b"\r\n"), BundleDamaged)


def test_b6_the_insides_of_two_bundles_mixed_are_refused(tmp_path: Path) -> None:
    first = inside(bundle(tmp_path, name="a").path, tmp_path)
    second = inside(bundle(tmp_path, name="b", bundle=BundleId("second", 2)).path, tmp_path)
    for name in first:
        mixed = first | {name: second[name]}
        if mixed != first:
            with pytest.raises((BundleAltered, SenderSignatureWrong)):
                read_at_hq(sealed(zipped(mixed), tmp_path / "x.fieldbundle"), tmp_path)


@pytest.mark.parametrize("change", ["drop", "add", "rename", "other bytes", "empty"])
def test_b6_members_dropped_added_or_exchanged_are_refused(tmp_path: Path, change: str) -> None:
    members = inside(bundle(tmp_path).path, tmp_path)
    data = members["README.txt"]
    changed = {
        "drop": {name: value for name, value in members.items() if name != "README.txt"},
        "add": members | {"extra.txt": b"x"},
        "rename": {name: value for name, value in members.items() if name != "README.txt"} | {"readme.txt": data},
        "other bytes": members | {"README.txt": data[::-1]},
        "empty": members | {"README.txt": b""},
    }[change]
    with pytest.raises(BundleAltered):
        read_at_hq(sealed(zipped(changed), tmp_path / "x.fieldbundle"), tmp_path)


def test_b6_junk_inside_the_encryption_is_refused(tmp_path: Path) -> None:
    plain = plain_zip(bundle(tmp_path).path, tmp_path)
    for data in [plain + b"\0", b"\0" + plain, plain + plain, b"", b"PK"]:
        with pytest.raises(BundleAltered):
            read_at_hq(sealed(data, tmp_path / "x.fieldbundle"), tmp_path)
