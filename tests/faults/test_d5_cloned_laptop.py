"""D5: a copied workspace and its original both write on: both branches come in, listed; nothing is overwritten."""

import shutil
from pathlib import Path

from fieldapp.operations import export, imports, inbox, lookup, records, today, verifying
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage import journal
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


def test_d5_both_branches_come_in_and_the_fork_is_listed(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        original, copy, common = cloned(there)
        names = {common, a_find(original).name, a_find(original).name, a_find(copy).name}
        assert there.carry(original).forked == 0
        outcome = there.carry(copy)
        assert (outcome.status, outcome.new, outcome.forked, outcome.quarantined) == ("imported", 1, 1, 0)
        assert {row.name for row in lookup.rows(there.hq, "find")} == names
        (fork,) = inbox.forks(there.hq)
        assert fork["stream"].split(".")[0] == original.device
        assert len(fork["events"]) == 2
        assert inbox.gaps(there.hq) == []
        assert verifying.check(there.hq, read_data=True).problems == []


def test_d5_edits_of_one_record_on_both_are_a_conflict_with_both_values(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        original, copy, common = cloned(there)
        records.correct(original, common, {"depth_cm": 10}, "measured")
        records.correct(copy, common, {"depth_cm": 40}, "measured")
        there.carry(original)
        outcome = there.carry(copy)
        assert outcome.differ == 1
        (conflict,) = inbox.conflicts(there.hq)
        assert (conflict["record"], sorted(conflict["readings"])) == (common, [10, 40])


def test_d5_each_learns_of_the_other_by_its_receipt_and_writes_on_in_a_stream_of_its_own(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        original, copy, common = cloned(there)
        mine, theirs = a_find(original).name, a_find(copy).name
        there.carry(original)
        there.carry(copy)
        shared = journal.own_stream(original.store, "team/t7")
        for laptop, own in ((original, mine), (copy, theirs)):
            outcome = there.answer(laptop)
            assert len(outcome.alarms) == 1
            assert records.whereabouts(laptop, [common, own]) == {common: "hq", own: "hq"}
            assert journal.own_stream(laptop.store, "team/t7") is None
        later = {a_find(original).name, a_find(copy).name}
        streams = {journal.own_stream(laptop.store, "team/t7") for laptop in (original, copy)}
        assert len(streams | {shared}) == 3
        for laptop in (original, copy):
            assert there.exchange(laptop).new == 1
            assert today.places(laptop).here == 0
        assert {row.name for row in lookup.rows(there.hq, "find")} == {common, mine, theirs} | later
        assert len(inbox.forks(there.hq)) == 1


def test_d5_in_either_order_headquarters_has_the_same(tmp_path: Path) -> None:
    found = []
    for first, second in (("laptop", "copy"), ("copy", "laptop")):
        folder = tmp_path / first
        folder.mkdir()
        with deployment(folder, "laptop") as there:
            cloned(there)
            a_find(there.laptops["laptop"])
            a_find(there.laptops["copy"])
            bundles = [export.export_for_hq(there.laptops[name], there.stick).path for name in (first, second)]
            outcomes = imports.import_files(there.hq, bundles)
            found.append((sum(one.new for one in outcomes), len(inbox.forks(there.hq)), len(
                lookup.rows(there.hq, "find")
            )))
    assert found[0] == found[1] == (3, 1, 3)
