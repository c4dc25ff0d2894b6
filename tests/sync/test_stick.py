"""Writing a bundle to a stick so that "safe to unplug" is true."""

import errno
import hashlib
import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from fieldapp.ids import SeededEntropy, SystemEntropy
from fieldapp.sync.errors import Cancelled, StickError, StickFull, StickGone, StickReadOnly, StickUnreliable
from fieldapp.sync.stick import Medium, bundle_name, find_bundles, write_to_stick
from tests.builders_faults import FailingMedium

DATA = bytes(range(256)) * 10_000


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "abcdefgh-1.fieldbundle"
    file.write_bytes(DATA)
    return file


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_the_file_is_there_whole_before_it_is_safe_to_unplug(source: Path, stick: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    done = write_to_stick(source, stick, progress=lambda *step: steps.append(step))
    assert done.path == stick / source.name
    assert done.path.read_bytes() == DATA
    assert (done.size, done.sha256) == (len(DATA), hashlib.sha256(DATA).hexdigest())
    assert [file.name for file in stick.iterdir()] == [source.name]
    assert steps[-1] == ("read back", len(DATA), len(DATA))
    assert ("write", len(DATA), len(DATA)) in steps


def test_the_same_bundle_twice_is_one_file(source: Path, stick: Path) -> None:
    write_to_stick(source, stick)
    write_to_stick(source, stick)
    assert len(find_bundles(stick).candidates) == 1


@pytest.mark.parametrize("for_ever", [False, True])
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EROFS, errno.ENODEV])
def test_whichever_call_fails_only_a_part_or_nothing_is_left(
    source: Path, stick: Path, number: int, for_ever: bool
) -> None:
    expected = {errno.ENOSPC: StickFull, errno.EROFS: StickReadOnly, errno.ENODEV: StickGone}.get(number, StickError)
    sound = FailingMedium(0, number, for_ever=False)
    write_to_stick(source, stick, medium=sound)
    (stick / source.name).unlink()
    assert sound.calls == 9
    for nth in range(1, sound.calls):
        with pytest.raises(expected) as caught:
            write_to_stick(source, stick, medium=FailingMedium(nth, number, for_ever=for_ever))
        assert type(caught.value) is expected
        assert find_bundles(stick).candidates == []


def test_a_failing_sync_of_the_folder_is_not_called_safe(source: Path, stick: Path) -> None:
    with pytest.raises(StickError):
        write_to_stick(source, stick, medium=FailingMedium(9, errno.EIO, for_ever=False))


class LyingMedium(Medium):
    """A stick of false capacity: what is read back is something else."""

    def read(self, path: Path) -> Any:
        return BytesIO(path.read_bytes()[:-1] + b"\0")


def test_a_stick_that_gives_back_other_data_is_not_used(source: Path, stick: Path) -> None:
    with pytest.raises(StickUnreliable, match="do not use it"):
        write_to_stick(source, stick, medium=LyingMedium())
    assert list(stick.iterdir()) == []


class SmallMedium(Medium):
    """A stick with little room."""

    def free_bytes(self, folder: Path) -> int:
        return 1_500_000


def test_too_little_room_is_said_before_anything_is_written(source: Path, stick: Path) -> None:
    with pytest.raises(StickFull, match="4 MB are needed, 1 MB are free"):
        write_to_stick(source, stick, medium=SmallMedium())
    assert list(stick.iterdir()) == []


def test_a_stick_that_is_gone_is_said(source: Path, stick: Path) -> None:
    with pytest.raises(StickGone):
        write_to_stick(source, stick / "gone")


def test_writing_can_be_stopped_and_leaves_nothing(source: Path, stick: Path) -> None:
    for stopped in range(6):
        asked = iter([False] * stopped + [True])
        with pytest.raises(Cancelled):
            write_to_stick(source, stick, cancelled=lambda: next(asked))  # noqa: B023
        assert list(stick.iterdir()) == []


def test_names_are_neutral_and_safe_on_fat() -> None:
    names = {bundle_name(number, SystemEntropy()) for number in range(1, 200)}
    assert len(names) == 199
    assert all(re.fullmatch(r"[a-z2-7]{8}-[1-9][0-9]*\.fieldbundle", name) for name in names)
    assert bundle_name(7, SeededEntropy("a")) == bundle_name(7, SeededEntropy("a"))


def test_reading_back_comes_from_the_stick_and_not_from_memory(
    source: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []

    def noted(handle: int, start: int, length: int, advice: int) -> None:
        assert (start, length) == (0, 0)
        asked.append((str(Path(f"/proc/self/fd/{handle}").readlink()), advice))

    monkeypatch.setattr(os, "posix_fadvise", noted)
    write_to_stick(source, stick)
    part = str(stick / source.name) + ".part"
    assert asked == [(part, os.POSIX_FADV_DONTNEED)] * 2
