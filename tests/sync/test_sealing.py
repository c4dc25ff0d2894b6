"""The outside of a bundle: limits that hold before any work, and errors that keep their meaning."""

import io
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from fieldapp.sync.errors import BundleTooLarge, NoRoom
from fieldapp.sync.sealing import AGE_START, open_sealed, seal
from tests.builders_sync import HQ, sealed


def test_a_file_larger_than_fat_can_hold_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "x.fieldbundle"
    with file.open("wb") as out:
        out.write(AGE_START)
        out.truncate(2**32)
    with pytest.raises(BundleTooLarge, match="4 GiB"):
        open_sealed(file, tmp_path, [HQ.receiving])


def test_too_little_room_for_the_private_copy_is_said_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sealed(b"x", tmp_path / "x.fieldbundle")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(NoRoom, match="17 MB are needed"):
        open_sealed(file, tmp_path, [HQ.receiving])


class FailingFile(io.BytesIO):
    """A disk that is full after ``room`` bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # bytes are all that comes
        if self.tell() + len(data) > self._room:
            raise OSError(28, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("size", [1, 1_000, 70_000, 200_000])
def test_a_write_that_fails_is_never_taken_for_success(size: int) -> None:
    """The encrypter itself says nothing when its last write fails."""
    for room in (0, 100, size // 2, size + 100):  # a sealed file is longer, by how much is left to chance
        with pytest.raises(OSError, match="No space"):
            seal(io.BytesIO(bytes(size)), FailingFile(room), [HQ.recipient])


def test_a_source_that_cannot_be_read_keeps_its_own_error() -> None:
    class Broken(io.BytesIO):
        def read(self, count: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        seal(Broken(), io.BytesIO(), [HQ.recipient])


def test_a_bundle_for_nobody_is_not_made() -> None:
    with pytest.raises(ValueError, match="nobody"):
        seal(io.BytesIO(b"x"), io.BytesIO(), [])
