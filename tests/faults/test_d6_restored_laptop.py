"""D6: a laptop restored from an older state goes on: a new log, nothing dropped, both histories at headquarters."""

from __future__ import annotations

import shutil
from pathlib import Path

from fieldapp.operations import backup, inbox, lookup, records, today, verifying
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage import journal
from tests.builders import Deployment, a_find, clock, deployment


def finds(ws: Workspace) -> set[str]:
    return {row.name for row in lookup.rows(ws, "find")}


def alike(there: Deployment, laptop: Workspace) -> None:
    """Both hold the same records, and nothing is wrong with either."""
    checked = [verifying.check(ws, read_data=True) for ws in (there.hq, laptop)]
    assert checked[0].problems == checked[1].problems == []
    assert checked[0].state_hash == checked[1].state_hash


def test_d6_a_restored_laptop_writes_a_new_log_and_gets_its_lost_records_back(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        names = {a_find(laptop).name}
        backup.backup(laptop, tmp_path / "monday.backup")
        old = journal.own_stream(laptop.store, "team/t7")
        names |= {a_find(laptop).name, a_find(laptop).name}
        there.carry(laptop)
        laptop.close()
        shutil.rmtree(laptop.folder)
        keys = backup.keys_of(there.hq)
        laptop = backup.restore(tmp_path / "monday.backup", tmp_path / "again", keys, clock=clock(), use_keyring=False)
        there.laptops["laptop"] = laptop
        assert len(finds(laptop)) == 1
        later = a_find(laptop).name
        assert journal.own_stream(laptop.store, "team/t7") not in (None, old)
        outcome = there.carry(laptop)
        assert (outcome.new, outcome.forked, outcome.quarantined) == (1, 0, 0)
        assert finds(there.hq) == names | {later}
        there.answer(laptop)
        assert finds(laptop) == names | {later}
        assert set(records.whereabouts(laptop, sorted(names | {later})).values()) == {"hq"}
        assert inbox.forks(there.hq) == inbox.gaps(there.hq) == []
        alike(there, laptop)
        assert there.exchange(laptop).alarms == []


def test_d6_so_does_one_whose_folder_was_copied_back(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        there.exchange(laptop)
        names = {a_find(laptop).name}
        laptop.close()
        shutil.copytree(laptop.folder, tmp_path / "three days ago")
        laptop = open_workspace(laptop.folder, clock=clock())
        names |= {a_find(laptop).name, a_find(laptop).name}
        there.carry(laptop)
        laptop.close()
        shutil.rmtree(laptop.folder)
        shutil.copytree(tmp_path / "three days ago", laptop.folder)
        laptop = there.laptops["laptop"] = open_workspace(laptop.folder, clock=clock())
        names.add(a_find(laptop).name)
        assert there.carry(laptop).forked == 1
        assert finds(there.hq) == names
        assert len(there.answer(laptop).alarms) == 1
        assert finds(laptop) == names
        assert journal.own_stream(laptop.store, "team/t7") is None
        names.add(a_find(laptop).name)
        there.exchange(laptop)
        assert finds(there.hq) == finds(laptop) == names
        assert today.places(laptop).here == today.places(laptop).stick == 0
        assert len(inbox.forks(there.hq)) == 1
        alike(there, laptop)
