"""Backup and restore: which keys open it, what a damaged one leaves, and when headquarters is reminded."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from fieldapp.clock import SetClock
from fieldapp.operations import backup, lookup, photos, verifying
from fieldapp.operations.errors import WorkspaceExists
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record
from fieldapp.sync.archive import write_archive
from fieldapp.sync.keys import ReceivingKey
from tests.builders import START, a_find, a_plot, alone, clock, deployment
from tests.builders_faults import JPEG
from tests.builders_missed import alarms, found_inside, levels
from tests.cli.runner import done


def again(file: Path, folder: Path, keys: list[ReceivingKey]) -> Workspace:
    return backup.restore(file, folder, keys, clock=clock(), use_keyring=False)


def test_a_laptop_alone_is_restored_from_its_key_file_with_photos(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        name = a_find(laptop).name
        (tmp_path / "photo.jpg").write_bytes(JPEG + b"seen")
        photo = photos.add_photo(laptop, tmp_path / "photo.jpg", shows=name)
        backup.backup(laptop, tmp_path / "file.backup")
        state, prefix = verifying.check(laptop, read_data=True).state_hash, laptop.prefix
        assert not list(laptop.private.iterdir())
    shutil.copy(tmp_path / "laptop" / "workspace.key", tmp_path / "kept.key")
    shutil.rmtree(tmp_path / "laptop")
    with again(tmp_path / "file.backup", tmp_path / "new", backup.keys_in(tmp_path / "kept.key")) as restored:
        checked = verifying.check(restored, read_data=True)
        assert (checked.state_hash, checked.problems) == (state, [])
        assert photos.read_photo(restored, str(photo.fields["sha256"])) == JPEG + b"seen"
        assert restored.prefix != prefix
        assert lookup.own_streams(restored, closed=False) == []


@pytest.mark.parametrize("whose", ["own", "headquarters", "escrow"])
def test_a_laptops_backup_opens_with_its_own_and_headquarters_keys(tmp_path: Path, whose: str) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop)
        backup.backup(laptop, tmp_path / "file.backup")
        keys = {
            "own": backup.keys_of(laptop), "headquarters": backup.keys_of(there.hq),
            "escrow": backup.keys_in(tmp_path / "hq-escrow.txt"),
        }[whose]
        with again(tmp_path / "file.backup", tmp_path / "new", keys) as restored:
            assert restored.device == laptop.device


def test_other_keys_do_not_and_nothing_is_left(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop, alone(tmp_path / "other") as other:
        backup.backup(laptop, tmp_path / "file.backup")
        for keys in (backup.keys_of(other), []):
            with pytest.raises(backup.BackupLocked):
                again(tmp_path / "file.backup", tmp_path / "new", keys)
            assert not (tmp_path / "new").exists()
    (tmp_path / "no.key").write_text("nothing", encoding="utf-8")
    with pytest.raises(backup.NotAKey):
        backup.keys_in(tmp_path / "no.key")


def test_a_cut_or_foreign_file_restores_nothing(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        keys, own = backup.keys_of(laptop), [key.recipient for key in backup.keys_of(laptop)]
        backup.backup(laptop, tmp_path / "file.backup")
    whole = (tmp_path / "file.backup").read_bytes()
    (tmp_path / "cut.backup").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "changed.backup").write_bytes(whole[:-100] + b"x" + whole[-99:])
    (tmp_path / "text.backup").write_bytes(b"not this")
    write_archive({"../evil": b"x"}, tmp_path / "evil.backup", own)
    write_archive({"records.db": b"x"}, tmp_path / "part.backup", own)
    write_archive({"records.db": b"x", "workspace.key": b"00"}, tmp_path / "key.backup", own)
    for name in ("cut", "changed", "text", "evil", "part", "key"):
        with pytest.raises(backup.BackupDamaged):
            again(tmp_path / f"{name}.backup", tmp_path / "new", keys)
        assert not (tmp_path / "new").exists()
    assert not (tmp_path / "evil").exists()


def test_no_file_and_no_folder_is_written_over(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        a_find(laptop)
        backup.backup(laptop, tmp_path / "file.backup")
        before = (tmp_path / "file.backup").read_bytes()
        with pytest.raises(backup.BackupThere):
            backup.backup(laptop, tmp_path / "file.backup")
        assert (tmp_path / "file.backup").read_bytes() == before
        with pytest.raises(WorkspaceExists):
            again(tmp_path / "file.backup", tmp_path / "laptop", backup.keys_of(laptop))
        assert len(lookup.rows(laptop, "find")) == 1


def test_nothing_can_be_read_in_the_file(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        a_find(laptop, remarks="canary")
        backup.backup(laptop, tmp_path / "file.backup")
        assert b"canary" not in (tmp_path / "file.backup").read_bytes()


def test_the_standard_tools_open_it(tmp_path: Path) -> None:
    with deployment(tmp_path) as there:
        backup.backup(there.hq, tmp_path / "file.backup")
    plain = tmp_path / "plain.tar"
    key, file = str(tmp_path / "hq-escrow.txt"), str(tmp_path / "file.backup")
    subprocess.run(["age", "-d", "-i", key, "-o", str(plain), file], check=True)
    listed = subprocess.run(["tar", "-tf", str(plain)], check=True, capture_output=True, text=True).stdout.split()
    assert listed == ["records.db", "workspace.key"]


def test_headquarters_is_reminded_when_the_last_backup_is_older_than_a_week(tmp_path: Path) -> None:
    with deployment(tmp_path) as there:
        assert backup.days_without(there.hq) == -1
        backup.backup(there.hq, tmp_path / "file.backup")
        assert backup.days_without(there.hq) is None
        there.hq.clock = SetClock(START + timedelta(days=9), timedelta(0))
        assert backup.days_without(there.hq) == 8


def test_backup_and_restore_through_commands(tmp_path: Path) -> None:
    done("init", tmp_path / "laptop", "--name", "Aysel", "--key-file")
    number = done("find", "add", "TM-62M", workspace=tmp_path / "laptop")["local_id"]
    written = done("backup", tmp_path / "file.backup", workspace=tmp_path / "laptop")
    assert set(written) == {"file", "size", "sha256"}
    for more in (("--key", tmp_path / "laptop" / "workspace.key"), ()):
        folder = tmp_path / f"new {len(more)}"
        done("restore", written["file"], folder, "--key-file", *more, workspace=tmp_path / "laptop")
        assert [row["local_id"] for row in done("find", "list", workspace=folder)["records"]] == [number]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [("", "find plot", "alarm"), ("find", "plot", "round"), ("plot", "find", "alarm"), ("", "plot find", "alarm")],
)
def test_a_laptop_put_back_from_a_backup_knows_what_the_backup_held_and_no_more(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    made: dict[str, Record] = {}

    def enter(ws: Workspace, what: str) -> None:
        made[what] = found_inside(ws) if what == "find" else a_plot(ws)

    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops.pop("laptop")
        there.carry(laptop)
        if before:
            enter(laptop, before)
        backup.backup(laptop, tmp_path / "kept")
        lost, anew = after.split() if " " in after else ("", after)
        if lost:
            enter(laptop, lost)
        there.carry(laptop)
        keys = backup.keys_of(laptop)
        laptop.close()
        with again(tmp_path / "kept", tmp_path / "new", keys) as restored:
            enter(restored, anew)
            there.carry(restored)
        assert levels(there.hq, made["find"]) == [expected]
        assert alarms(there.hq) == ({(made["find"].name, made["plot"].name)} if expected == "alarm" else set())
