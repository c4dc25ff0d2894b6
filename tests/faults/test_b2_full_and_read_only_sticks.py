"""B2 and B3: a full stick, one that is read-only or comes back as another device, and one of false capacity.

Where this system lets a process mount a small disk of its own, a real one is used; everywhere, the same calls fail as
they do on one.
"""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from fieldapp.operations import export, imports, records
from fieldapp.sync.errors import StickError, StickFull, StickReadOnly, StickUnreliable
from fieldapp.sync.stick import Medium, find_bundles, write_to_stick
from tests.builders import a_find, deployment
from tests.builders_faults import FailingMedium

SMALL_DISK = """
import ctypes, json, os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from fieldapp.sync import stick
from fieldapp.sync.errors import StickError
source, place, size = Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
libc = ctypes.CDLL(None, use_errno=True)
def mounted(flags, options):
    if libc.mount(b"tmpfs", os.fsencode(place), b"tmpfs", flags, options.encode()):
        print(json.dumps({"not allowed": os.strerror(ctypes.get_errno())}))
        raise SystemExit
mounted(0, f"size={size}")
class Hopeful(stick.Medium):
    def free_bytes(self, folder): return 1 << 40
said = []
for read_only in (False, True):
    if read_only:
        mounted(32 | 1, f"size={size}")
    try:
        stick.write_to_stick(source, place, medium=Hopeful())
        said.append("written")
    except StickError as error:
        said.append(error.code)
    said.append(len(stick.find_bundles(place).candidates))
print(json.dumps(said))
"""


def on_a_small_disk(source: Path, place: Path, size: int) -> Any:
    """What a stick of ``size`` bytes says, first writable and then read-only; None where nothing may be mounted."""
    root = Path(__file__).parents[2]
    command = ["unshare", "--user", "--map-root-user", "--mount", sys.executable, "-c", SMALL_DISK, root, source,
               place, size]
    if shutil.which("unshare") is None:
        return None
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:  # this system gives nobody a disk of his own
        return None
    said = json.loads(done.stdout)
    return None if isinstance(said, dict) else said


@pytest.mark.parametrize("size", [4096, 65_536, 131_072, 196_608])
def test_b2_a_stick_that_is_full_at_the_nth_byte_is_said_and_holds_no_bundle(tmp_path: Path, size: int) -> None:
    source, place = tmp_path / "aaaaaaaa-1.fieldbundle", tmp_path / "stick"
    source.write_bytes(bytes(range(256)) * 1024)
    place.mkdir()
    assert on_a_small_disk(source, place, size) in (["stick_full", 0, "stick_read_only", 0], None)

    class Small(Medium):
        def write(self, stream: RawIOBase, data: bytes) -> None:
            super().write(stream, data[:size])
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StickFull):
        write_to_stick(source, place, medium=Small())
    assert find_bundles(place).candidates == []


def test_b2_a_stick_with_room_takes_the_file_and_a_read_only_one_is_named(tmp_path: Path) -> None:
    source, place = tmp_path / "aaaaaaaa-1.fieldbundle", tmp_path / "stick"
    source.write_bytes(bytes(range(256)) * 1024)
    place.mkdir()
    assert on_a_small_disk(source, place, 1 << 20) in (["written", 1, "stick_read_only", 1], None)
    with pytest.raises(StickReadOnly):
        write_to_stick(source, place, medium=FailingMedium(2, errno.EROFS))


def test_b2_taken_out_and_put_back_as_another_device_is_never_safe(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        name = a_find(laptop).name

        class PutBack(Medium):
            def sync(self, stream: RawIOBase) -> None:
                super().sync(stream)
                there.stick.rename(tmp_path / "taken out")
                there.stick.mkdir()

        with mock.patch("fieldapp.sync.stick.Medium", PutBack), pytest.raises(StickError):
            export.export_for_hq(laptop, there.stick)
        assert imports.look_in(there.stick) == imports.look_in(tmp_path / "taken out") == []
        assert records.whereabouts(laptop, [name]) == {name: "here"}


class FalseCapacity(Medium):
    """It takes everything, and gives back zeros beyond its first kilobyte."""

    def read(self, path: Path) -> Any:
        data = path.read_bytes()
        return BytesIO(data[:1024] + bytes(len(data) - 1024))


def test_b3_a_stick_of_false_capacity_is_not_used_and_nothing_counts_as_exported(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        name = a_find(laptop).name
        false = mock.patch("fieldapp.sync.stick.Medium", FalseCapacity)
        with false, pytest.raises(StickUnreliable, match="do not use"):
            export.export_for_hq(laptop, there.stick)
        assert imports.look_in(there.stick) == []
        assert records.whereabouts(laptop, [name]) == {name: "here"}
        assert there.carry(laptop).new > 0


def test_b3_names_on_a_stick_are_plain_short_and_never_the_same_twice(tmp_path: Path) -> None:
    """FAT knows no difference of case and some letters not at all; a later file never takes an earlier one's place."""
    with deployment(tmp_path, "laptop") as there:
        names = {export.export_for_hq(there.laptops["laptop"], there.stick).path.name.lower() for _ in range(20)}
        assert len(names) == 20
        allowed = set("abcdefghijklmnopqrstuvwxyz0123456789-.")
        assert all(set(name) <= allowed and len(name) < 64 and name.count(".") == 1 for name in names)
