"""What headquarters changed in a team's records is shown to the team until somebody there has seen it (M6)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.operations import conflicts, export, headquarters, hq_changes, imports, joining, records, review
from fieldapp.operations.errors import OnlyField, ReasonNeeded
from fieldapp.operations.hq_changes import CORRECTED, RETRACTED, SETTLED
from fieldapp.storage.rebuild import rebuild
from tests.builders import a_find, alone, deployment


def test_a_settlement_of_headquarters_travels_back_and_the_laptop_says_so(tmp_path: Path) -> None:
    with deployment(tmp_path, "north", "south") as there:
        north, south = there.laptops["north"], there.laptops["south"]
        find = a_find(north).name
        for laptop in (north, south):
            there.exchange(laptop)
        records.correct(north, find, {"depth_cm": 18}, "measured again")
        records.correct(south, find, {"depth_cm": 30}, "the sketch says so")
        for laptop in (north, south):
            there.carry(laptop)
        (line,) = conflicts.part(there.hq).lines
        shown = conflicts.opened(there.hq, line.alike.alike)
        assert shown is not None
        assert hq_changes.count(north) == 0
        conflicts.settle(there.hq, "depth_cm", 18, "photo shows it", heads=shown.heads, readings=[30, 18])
        back = there.answer(north)
        assert back.hq_changed == [find]
        (change,) = hq_changes.listed(north)
        assert (change.what, change.by, change.why, change.seen) == (SETTLED, "Officer", "photo shows it", False)
        assert sorted(change.changes["depth_cm"].before) == [18, 30]
        assert change.changes["depth_cm"].after == 18
        assert records.get(north, find).settled
        assert hq_changes.mark_seen(north, [change.event]) == 1
        assert (hq_changes.count(north), hq_changes.listed(north)) == (0, [])
        there.answer(south)
        assert hq_changes.count(south) == 1, "each laptop shows it until somebody there has seen it"


def test_corrections_are_shown_until_seen_and_again_when_another_comes(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        first, second = a_find(north).name, a_find(north).name
        there.exchange(north)
        records.correct(there.hq, first, {"place": "AZ-FUZ"}, "wrong district")
        records.retract(there.hq, second, "practice record")
        assert sorted(there.answer(north).hq_changed) == sorted((first, second))
        assert [one.what for one in hq_changes.listed(north)] == [RETRACTED, CORRECTED]
        assert there.answer(north).hq_changed == [], "the same file again brings nothing new"
        assert hq_changes.count(north) == 2
        assert hq_changes.mark_seen(north) == 2
        assert hq_changes.mark_seen(north) == 0
        records.correct(there.hq, first, {"place": "AZ-AGM"}, "it was right")
        there.answer(north)
        (new,) = hq_changes.listed(north)
        assert (new.record, new.changes["place"].before, new.changes["place"].after) == (first, ["AZ-FUZ"], "AZ-AGM")
        assert [one.seen for one in hq_changes.listed(north, seen=True)] == [False, True, True]
        rebuild(north.store)
        assert [one.event for one in hq_changes.listed(north)] == [new.event]


def test_the_teams_own_changes_decisions_and_what_headquarters_entered_are_no_changes_of_headquarters(
    tmp_path: Path,
) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        find = a_find(north).name
        records.correct(north, find, {"depth_cm": 18}, "measured again")
        there.exchange(north)
        review.decide(there.hq, [find], "approved")
        made = records.add(there.hq, "find", {"category": "uxo"}, owner="t7").name
        assert there.answer(north).hq_changed == []
        records.correct(north, made, {"depth_cm": 4}, "seen")
        assert hq_changes.count(north) == 0
        assert hq_changes.listed(north, seen=True) == []


def test_a_dry_run_names_the_records_and_notes_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        find = a_find(north).name
        there.exchange(north)
        hq_changes.mark_seen(north)
        records.correct(there.hq, find, {"depth_cm": 30}, "the sketch says so")
        back = export.export_for_team(there.hq, "t7", there.stick).path
        assert imports.import_file(north, back, dry_run=True).hq_changed == [find]
        assert hq_changes.count(north) == 0
        assert imports.import_file(north, back).hq_changed == [find]
        assert hq_changes.count(north) == 1


def test_what_was_entered_before_joining_is_corrected_by_headquarters_and_shown_too(tmp_path: Path) -> None:
    with deployment(tmp_path) as there, alone(tmp_path / "early") as early:
        find = a_find(early).name
        headquarters.invite(there.hq, "t7", there.stick / "a.fieldinvite")
        joining.join(early, there.stick / "a.fieldinvite")
        there.carry(early)
        records.correct(there.hq, find, {"depth_cm": 30}, "the sketch says so")
        assert there.answer(early).hq_changed == [find]
        assert [one.record for one in hq_changes.listed(early)] == [find]


def test_headquarters_gives_a_reason_and_has_no_such_list_itself(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        find = a_find(there.laptops["north"]).name
        there.carry(there.laptops["north"])
        with pytest.raises(ReasonNeeded):
            records.correct(there.hq, find, {"depth_cm": 30}, " ")
        records.correct(there.hq, find, {"depth_cm": 30}, "the sketch says so")
        assert hq_changes.listed(there.hq, seen=True) == []
        with pytest.raises(OnlyField):
            hq_changes.mark_seen(there.hq)


def test_a_second_correction_is_no_settlement(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        find = a_find(north).name
        records.correct(north, find, {"depth_cm": 18}, "measured again")
        there.exchange(north)
        records.correct(there.hq, find, {"depth_cm": 30}, "the sketch says so")
        there.answer(north)
        (change,) = hq_changes.listed(north)
        assert (change.what, change.changes["depth_cm"].before) == (CORRECTED, [18])
