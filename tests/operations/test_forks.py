"""Two machines write one log: both branches are shown, and one is enrolled anew (M29); real copies, real bundles."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fieldapp.ids import SeededEntropy
from fieldapp.operations import export, forks, headquarters, imports, inbox, joining, lookup, records
from fieldapp.operations.errors import RecordMissing, WrongRole
from fieldapp.operations.forks import Fork
from fieldapp.operations.workspace import Workspace, open_workspace
from tests.builders import Deployment, a_find, clock, deployment


def cloned(there: Deployment) -> tuple[Workspace, Workspace, str]:
    """The original, its perfect copy, and a find both hold."""
    laptop = there.laptops["laptop"]
    there.exchange(laptop)
    common = a_find(laptop).name
    laptop.close()
    shutil.copytree(laptop.folder, laptop.folder.with_name("copy"))
    there.laptops["laptop"] = open_workspace(laptop.folder, clock=clock())
    there.laptops["copy"] = open_workspace(laptop.folder.with_name("copy"), clock=clock())
    return there.laptops["laptop"], there.laptops["copy"], common


def forked(there: Deployment) -> tuple[Workspace, Workspace, str, list[str]]:
    """Both machines correct the common find and log on; HQ has both. Returns the names of what each logged."""
    original, copy, common = cloned(there)
    records.correct(original, common, {"depth_cm": 10}, "measured")
    records.correct(copy, common, {"depth_cm": 40}, "measured")
    logged = [a_find(original).name, a_find(original).name, a_find(copy).name]
    there.carry(original)
    there.carry(copy)
    return original, copy, common, logged


def the_fork(there: Deployment) -> Fork:
    """The one fork at headquarters."""
    (fork,) = forks.forks(there.hq)
    return fork


def finds(ws: Workspace) -> set[str]:
    """Names of the finds that count."""
    return {row.name for row in lookup.rows(ws, "find", retracted=False)}


def test_both_branches_are_shown_with_what_each_wrote_and_what_both_changed(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        original, _copy, common, (one, two, three) = forked(there)
        fork = the_fork(there)
        assert (fork.device, fork.name, fork.teams, fork.seq) == (original.device, "laptop", ("t7",), 2)
        assert fork.both == (common,)
        assert not fork.cut_off
        assert {(branch.entries, branch.last): set(branch.records) for branch in fork.branches} == {
            (3, 4): {common, one, two}, (2, 3): {common, three},
        }
        assert all(branch.by == ("Laptop",) and branch.first_at <= branch.last_at for branch in fork.branches)


def test_enrolling_anew_cuts_the_old_key_off_after_what_came_and_loses_nothing_later(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        original, copy, common, logged = forked(there)
        file = there.stick / "again.fieldinvite"
        invitation = forks.reenrol(there.hq, original.device, file, "the disk was copied")
        assert (invitation.team, invitation.device_name) == ("t7", "laptop")
        assert finds(there.hq) == {common, *logged}, "both branches go on counting"
        assert the_fork(there).cut_off
        late = {a_find(original).name, a_find(copy).name}
        assert sum(there.carry(laptop).quarantined for laptop in (original, copy)) >= 2
        assert finds(there.hq) == {common, *logged}
        assert {one["record"] for one in inbox.quarantined(there.hq)} == late
        fresh = joining.start_invited(
            tmp_path / "fresh", file, "Laptop", clock=clock(), entropy=SeededEntropy("fresh"), use_keyring=False
        )
        there.laptops["fresh"] = fresh
        new = a_find(fresh).name
        assert there.exchange(fresh).sender_state == "invited"
        assert finds(there.hq) == {common, *logged, new}
        assert fresh.device != original.device
        assert records.whereabouts(fresh, [new]) == {new: "hq"}


def test_only_the_chosen_branch_goes_on_counting_where_one_is_chosen(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        original, _copy, common, (one, two, three) = forked(there)
        (kept,) = [branch.head for branch in the_fork(there).branches if one in branch.records]
        forks.reenrol(there.hq, original.device, there.stick / "a.fieldinvite", "a stolen copy", keep=[kept[:12]])
        assert finds(there.hq) == {common, one, two}
        assert records.get(there.hq, common).fields["depth_cm"] == 10
        assert records.get(there.hq, common).settled
        assert three in {entry["record"] for entry in inbox.quarantined(there.hq)}


def test_a_second_machine_is_invited_without_moving_the_cut_off(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        original, _copy, _common, _logged = forked(there)
        forks.reenrol(there.hq, original.device, there.stick / "a.fieldinvite", "copied")
        a_find(original)
        there.carry(original)
        before = len(inbox.quarantined(there.hq))
        forks.reenrol(there.hq, original.device, there.stick / "b.fieldinvite", "copied")
        assert len(inbox.quarantined(there.hq)) == before == 1
        assert (there.stick / "b.fieldinvite").exists()


def test_a_wrong_head_or_device_changes_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        original, _copy, common, logged = forked(there)
        file = there.stick / "a.fieldinvite"
        for device, keep in ((original.device, ["f" * 64]), (original.device, [""]), ("a" * 20, []),
                             (there.hq.device, [])):
            with pytest.raises(RecordMissing):
                forks.reenrol(there.hq, device, file, "why", keep=keep)
        assert not file.exists()
        assert not the_fork(there).cut_off
        assert finds(there.hq) == {common, *logged}
        with pytest.raises(WrongRole):
            forks.reenrol(original, original.device, file, "why")


def test_a_cut_off_laptop_gets_no_return_bundle_and_its_finds_stay(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop", "other") as there:
        there.exchange(there.laptops["other"])
        original, _copy, _common, _logged = forked(there)
        forks.reenrol(there.hq, original.device, there.stick / "a.fieldinvite", "copied")
        back = export.export_for_team(there.hq, "t7", there.stick)
        assert imports.inspect(there.laptops["other"], back.path).manifest.recipient.keys == [
            there.laptops["other"].keys.recipient
        ]
        headquarters.revoke(there.hq, there.laptops["other"].device, "returned")
        assert len(finds(there.hq)) == 4
