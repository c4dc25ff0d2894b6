"""I1, I2 and I4: forty teams at once, an unknown end of a commit, and backups that are whole."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from fieldapp.errors import OperatorError
from fieldapp.operations import backup, export, imports, photos, records, verifying
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage.database import Store
from fieldapp.storage.errors import DiskFailed
from fieldapp.storage.merged import state_hash
from tests.builders import a_find, a_plot, clock, deployment
from tests.builders_faults import JPEG, everything_derived

TEAMS = 40


def test_i1_forty_teams_at_once_and_one_of_them_bad(tmp_path: Path) -> None:
    with deployment(tmp_path) as there:
        files = []
        for number in range(TEAMS):
            laptop = there.join(f"laptop{number}", f"team{number}")
            a_find(laptop)
            files.append(export.export_for_hq(laptop, there.stick).path)
            laptop.close()
        bad = files[17]
        data = bytearray(bad.read_bytes())
        data[len(data) // 2] ^= 1
        bad.write_bytes(bytes(data))
        outcomes = imports.import_files(there.hq, files)
        assert [one.file for one in outcomes if one.status == "refused"] == [bad.name]
        assert sum(one.status == "imported" for one in outcomes) == TEAMS - 1
        assert sum(one.kinds.get("find", 0) for one in outcomes) == TEAMS - 1
        (reason,) = [one.reason for one in outcomes if one.reason]
        assert bad.name in reason
        assert bad.read_bytes() == bytes(data)
        assert verifying.check(there.hq, read_data=True).problems == []
        there.laptops.clear()


@pytest.mark.parametrize("done", [True, False], ids=["it was done", "it was not"])
def test_i2_a_commit_whose_outcome_is_unknown_is_put_right_by_the_same_import_again(
    tmp_path: Path, done: bool
) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        names = [a_find(laptop).name, a_plot(laptop).name]
        file = export.export_for_hq(laptop, there.stick).path
        run = Store.execute

        def lost(self: Store, sql: str, parameters: Any = ()) -> Any:
            if sql != "COMMIT":
                return run(self, sql, parameters)
            if done:
                run(self, sql)
            raise DiskFailed(reason="connection lost")

        with mock.patch.object(Store, "execute", lost), pytest.raises(DiskFailed):
            imports.import_file(there.hq, file)
        there.hq.close()
        there.hq = open_workspace(there.hq.folder, clock=clock())
        outcome = imports.import_file(there.hq, file)
        assert outcome.status == ("known" if done else "imported")
        again = everything_derived(there.hq.store)
        assert imports.import_file(there.hq, file).status == "known"
        assert everything_derived(there.hq.store) == again
        assert all(records.get(there.hq, name).settled for name in names)
        there.answer(laptop)
        assert set(records.whereabouts(laptop, names).values()) == {"hq"}


def test_i4_a_backup_taken_during_an_import_is_whole_and_as_before_it(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        before = state_hash(there.hq.store)
        picture = tmp_path / "a.jpg"
        picture.write_bytes(JPEG + b"picture")
        for _ in range(3):
            photos.add_photo(laptop, picture)
            a_find(laptop)
        file = export.export_for_hq(laptop, there.stick).path
        taken: list[Path] = []

        def back_up(step: str, _done: int, _total: int) -> None:
            to = tmp_path / f"{len(taken)}.backup"
            with there.hq.beside() as other:
                other.store.execute("PRAGMA busy_timeout = 0")  # this thread holds the database: no use to wait
                backup.backup(other, to)
            taken.append(to)

        imports.import_file(there.hq, file, progress=back_up)
        assert len(taken) > 2
        for number, one in enumerate(taken):
            with backup.restore(
                one, tmp_path / f"restored {number}", backup.keys_of(there.hq), clock=clock(), use_keyring=False
            ) as restored:
                assert state_hash(restored.store) == before
                assert verifying.check(restored, read_data=True).problems == []


FLIPS = 24


def test_i4_every_flipped_byte_of_rows_segments_and_photos_is_found(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        picture = tmp_path / "a.jpg"
        picture.write_bytes(JPEG + bytes(2_000))
        photos.add_photo(laptop, picture)
        for _ in range(4):
            a_find(laptop)
        there.carry(laptop)
        hq = there.hq
        assert verifying.check(hq, read_data=True).problems == []
        (photo,) = hq.photos.glob("*.age")
        whole = photo.read_bytes()
        for n in range(FLIPS):
            harmed = bytearray(whole)
            harmed[n * len(whole) // FLIPS] ^= 1 << n % 8
            photo.write_bytes(bytes(harmed))
            assert verifying.check(hq, read_data=True).problems, f"photo, byte {n * len(whole) // FLIPS}"
        photo.write_bytes(whole)
        (n, data), *_ = hq.store.rows("SELECT n, data FROM segment ORDER BY length(data) DESC")
        for at in range(FLIPS):
            harmed = bytearray(data)
            harmed[at * len(data) // FLIPS] ^= 1 << at % 8
            hq.store.execute("UPDATE segment SET data = ? WHERE n = ?", (bytes(harmed), n))
            hq.store.caches.clear()
            assert found(hq), f"segment, byte {at * len(data) // FLIPS}"
        hq.store.execute("UPDATE segment SET data = ? WHERE n = ?", (data, n))
        hq.store.caches.clear()
        for change in ("depth_cm = 99", "category = 'uxo'", "lat = 1", "retracted = 1", "heads = zeroblob(32)"):
            hq.store.execute(f"UPDATE find SET {change} WHERE n = (SELECT max(n) FROM find)")
            assert found(hq), change
            hq.close()
            there.hq = hq = open_workspace(hq.folder, clock=clock())
            hq.store.set_meta("declarations", "")
            hq.close()
            there.hq = hq = open_workspace(hq.folder, clock=clock())
            assert not found(hq)


def named(folder: Path) -> list[str]:
    """What opening and checking a workspace says of it; anything that is no sentence for a person is raised."""
    try:
        with open_workspace(folder, clock=clock()) as ws:
            return found(ws)
    except OperatorError as error:
        return [str(error)]


def found(ws: Workspace) -> list[str]:
    return verifying.check(ws, read_data=True).problems


def test_i4_a_flipped_byte_of_the_database_file_is_found_or_refused(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        a_find(there.laptops["laptop"])
        there.carry(there.laptops["laptop"])
        folder = there.hq.folder
        there.hq.close()
        file = folder / "records.db"
        whole = file.read_bytes()
        for n in range(FLIPS):
            copy = tmp_path / f"copy{n}"
            shutil.copytree(folder, copy)
            harmed = bytearray(whole)
            harmed[(2 * n + 1) * len(whole) // (2 * FLIPS)] ^= 1 << n % 8
            (copy / "records.db").write_bytes(bytes(harmed))
            assert named(copy), f"byte {(2 * n + 1) * len(whole) // (2 * FLIPS)}"
            shutil.rmtree(copy)
        there.hq = open_workspace(folder, clock=clock())


def test_i4_a_photo_that_was_here_and_is_gone_is_found_at_both_ends(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        laptop = there.laptops["north"]
        (picture := tmp_path / "tag.jpg").write_bytes(JPEG)
        digest = str(photos.add_photo(laptop, picture).fields["sha256"])
        assert photos.missing_photos(there.hq) == []
        there.carry(laptop)
        for ws in (laptop, there.hq):
            assert verifying.check(ws, read_data=True).problems == []
            photos.photo_path(ws, digest).unlink()
            assert verifying.check(ws, read_data=True).problems == [f"The photo {digest[:12]} was here and is gone."]
            said = verifying.check(ws, read_data=True, language="ru").problems
            assert said == [f"Фото {digest[:12]} было здесь и пропало."]


def test_i4_a_photo_that_never_came_is_no_damage(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        laptop = there.laptops["north"]
        (picture := tmp_path / "tag.jpg").write_bytes(JPEG)
        photos.add_photo(laptop, picture)
        imports.import_file(there.hq, export.export_for_hq(laptop, there.stick, thin=True).path)
        assert len(photos.missing_photos(there.hq)) == 1
        assert verifying.check(there.hq, read_data=True).problems == []
