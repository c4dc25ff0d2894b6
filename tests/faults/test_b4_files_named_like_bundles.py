"""B4: empty file, .part only, 1-byte file, a folder or pipe named like a bundle, 10,000 files on the stick."""

import os
from pathlib import Path

import pytest

from fieldapp.sync.errors import BundleDamaged, BundleUnreadable, NotABundle, StickError, StickGone
from fieldapp.sync.stick import MAX_FILES, find_bundles
from tests.builders_sync import bundle, read_at_hq


def test_only_ordinary_files_named_like_bundles_are_offered(tmp_path: Path) -> None:
    good = bundle(tmp_path, name="good").path
    (tmp_path / "GOOD.FIELDBUNDLE").write_bytes(good.read_bytes())
    (tmp_path / "empty.fieldbundle").touch()
    (tmp_path / "one.fieldbundle").write_bytes(b"a")
    (tmp_path / "cut.fieldbundle.part").write_bytes(b"a" * 1000)
    (tmp_path / "folder.fieldbundle").mkdir()
    os.mkfifo(tmp_path / "pipe.fieldbundle")
    (tmp_path / "link.fieldbundle").symlink_to(good)
    (tmp_path / "photo.jpg").touch()
    found = find_bundles(tmp_path)
    assert [(one.path.name, type(one.refused)) for one in found.candidates] == [
        ("GOOD.FIELDBUNDLE", type(None)),
        ("empty.fieldbundle", BundleDamaged),
        ("good.fieldbundle", type(None)),
        ("one.fieldbundle", BundleDamaged),
    ]
    assert not found.more


@pytest.mark.parametrize("data", [b"", b"a", b"age", b"age-encryption.org/v1", b"age-encryption.org/v1\n"])
def test_empty_and_tiny_files_are_refused_by_name(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.fieldbundle"
    file.write_bytes(data)
    with pytest.raises(BundleDamaged, match=r"x\.fieldbundle"):
        read_at_hq(file, tmp_path)
    assert file.read_bytes() == data


@pytest.mark.parametrize("data", [b"PK\x03\x04" * 100, b"%PDF-1.7", b"\0" * 500, b"ustar" * 200, b"AGE-ENCRYPTION"])
def test_other_files_are_refused_as_no_bundle(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.fieldbundle"
    file.write_bytes(data)
    with pytest.raises(NotABundle):
        read_at_hq(file, tmp_path)


def test_a_folder_a_pipe_and_a_missing_file_are_refused_without_waiting(tmp_path: Path) -> None:
    (tmp_path / "folder.fieldbundle").mkdir()
    os.mkfifo(tmp_path / "pipe.fieldbundle")
    for name in ("folder", "pipe"):
        with pytest.raises(NotABundle):
            read_at_hq(tmp_path / f"{name}.fieldbundle", tmp_path)
    with pytest.raises(BundleUnreadable, match="No such file"):
        read_at_hq(tmp_path / "missing.fieldbundle", tmp_path)


def test_ten_thousand_files_are_looked_at_and_no_more(tmp_path: Path) -> None:
    for number in range(MAX_FILES):
        (tmp_path / f"{number}.txt").touch()
    assert not find_bundles(tmp_path).more
    (tmp_path / "one-more.fieldbundle").touch()
    found = find_bundles(tmp_path)
    assert found.more
    assert len(found.candidates) <= 1


def test_a_stick_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(StickGone):
        find_bundles(tmp_path / "gone")
    (tmp_path / "file").touch()
    with pytest.raises(StickError):
        find_bundles(tmp_path / "file")
