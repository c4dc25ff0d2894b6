"""Conflicts as an officer sees them: all readings, what is alike together, settled as shown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fieldapp.clock import SetClock
from fieldapp.operations import conflicts, records
from fieldapp.operations.conflicts import Opened, Wanted
from fieldapp.operations.errors import ConflictGone, ListChanged, NotOneReading, ReasonNeeded
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.rebuild import rebuild
from tests.builders import START, Deployment, a_find, a_plot, deployment


def two_depths(there: Deployment, laptop: Workspace, *names: str, team: int = 18, hq: int = 30) -> None:
    """Headquarters and the team correct the depth of each record apart from each other; headquarters has both."""
    for name in names:
        records.correct(there.hq, name, {"depth_cm": hq}, "the sketch says so")
        records.correct(laptop, name, {"depth_cm": team}, "measured again")
    there.carry(laptop)


def only(ws: Workspace, wanted: Wanted = conflicts.EVERYTHING) -> Opened:
    (line,) = conflicts.part(ws, wanted).lines
    found = conflicts.opened(ws, line.alike.alike, wanted)
    assert found is not None
    return found


def take(ws: Workspace, found: Opened, place: int, why: str = "seen on site") -> conflicts.Settled:
    readings = [one.value for one in found.readings]
    return conflicts.settle(
        ws, found.line.alike.group, readings[place], why, heads=found.heads, readings=readings
    )


def test_a_conflict_shows_who_said_what_when_and_why_the_one_shown_meanwhile_first(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        find = a_find(north, quantity=2, place="AZ-AGM")
        there.carry(north)
        records.correct(there.hq, find.name, {"quantity": 1}, "the sketch says one")
        records.correct(north, find.name, {"quantity": 4}, "counted again")
        there.carry(north)
        found = only(there.hq)
        assert (found.line.alike.kind, found.line.alike.group) == ("find", "amount")
        first, second = found.readings
        assert (first.value["quantity"], first.shown, first.dangerous) == (4, True, True)
        assert (second.value["quantity"], second.shown, second.dangerous) == (1, False, False)
        (team,), (officer,) = first.holders, second.holders
        assert (team.by, team.laptop, team.teams, team.hq, team.why) == (
            "North", "north", ("Team t7",), False, "counted again",
        )
        assert (officer.by, officer.hq, officer.why) == ("Officer", True, "the sketch says one")
        assert team.at > "2024-07-29T06"
        (record,) = found.records
        assert (record.number, record.day) == (find.fields["local_id"], "2024-07-29")
        assert (record.row["place"], record.row["lat"]) == ("AZ-AGM", 39.9899)
        assert list(record.heads) == records.get(there.hq, find.name).heads


def test_a_conflict_is_as_old_as_its_second_reading(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        find = a_find(north).name
        there.carry(north)
        records.correct(there.hq, find, {"depth_cm": 30}, "sketch")
        assert isinstance(north.clock, SetClock)
        north.clock.set(START + timedelta(days=3))
        records.correct(north, find, {"depth_cm": 18}, "measured")
        there.carry(north)
        assert isinstance(there.hq.clock, SetClock)
        there.hq.clock.set(START + timedelta(days=10, hours=1))
        (line,) = conflicts.part(there.hq).lines
        assert (line.alike.since[:10], line.days) == ("2024-08-01", 7)
        assert conflicts.part(there.hq, Wanted(days=7)).conflicts == 1
        assert conflicts.part(there.hq, Wanted(days=8)).conflicts == 0


def test_only_equal_readings_of_one_kind_and_group_are_alike(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        names = [a_find(north).name for _ in range(5)]
        plot = a_plot(north).name
        there.carry(north)
        two_depths(there, north, *names[:3])
        two_depths(there, north, names[3], team=19)
        for name in (names[4], plot):
            records.correct(there.hq, name, {"place": "AZ-AGM"}, "hq")
            records.correct(north, name, {"place": "AZ-FUZ"}, "team")
        there.carry(north)
        part = conflicts.part(there.hq)
        assert (part.conflicts, part.groups) == (6, 4)
        assert sorted(line.alike.records for line in part.lines) == [1, 1, 1, 3]
        assert conflicts.part(there.hq, Wanted(kind="plot")).conflicts == 1
        assert conflicts.part(there.hq, Wanted(team="t7")).conflicts == 6
        assert conflicts.part(there.hq, Wanted(team="t8")).conflicts == 0
        pages = [conflicts.part(there.hq, limit=3, offset=at).lines for at in (0, 3)]
        assert [len(page) for page in pages] == [3, 1]
        assert [*pages[0], *pages[1]] == part.lines


def test_disputed_retractions_are_alike_only_where_the_same_was_done_for_the_same_reason(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        names = [a_find(north).name for _ in range(4)]
        there.carry(north)
        for place, name in enumerate(names):
            records.retract(there.hq, name, "practice record" if place < 3 else "logged twice")
            records.correct(north, name, {"depth_cm": 9 if place != 2 else 10}, "measured")
        there.carry(north)
        lines = conflicts.part(there.hq).lines
        assert sorted(line.alike.records for line in lines) == [1, 1, 2]
        pair = next(line for line in lines if line.alike.records == 2)
        found = conflicts.opened(there.hq, pair.alike.alike)
        assert found is not None
        stays, goes = found.readings
        assert (stays.value, stays.shown, goes.value) == (True, True, False)
        assert {holder.changed for holder in stays.holders} == {("depth_cm",)}
        assert {holder.why for holder in goes.holders} == {"practice record"}


def test_alike_conflicts_are_settled_together_and_the_settlement_reaches_the_team(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        names = [a_find(north).name for _ in range(3)]
        there.carry(north)
        two_depths(there, north, *names)
        done = take(there.hq, only(there.hq), 1)
        assert (sorted(done.done), done.still_open, done.gone) == (sorted(names), (), ())
        assert conflicts.count(there.hq) == 0
        there.answer(north)
        assert conflicts.count(north) == 0
        assert {records.get(north, name).fields["depth_cm"] for name in names} == {done.value}
        assert all(records.get(north, name).settled for name in names)


def test_a_reading_that_came_after_the_list_was_shown_keeps_its_record_open(tmp_path: Path) -> None:
    with deployment(tmp_path, "north", "south") as there:
        north, south = there.laptops["north"], there.laptops["south"]
        names = [a_find(north).name for _ in range(2)]
        there.carry(north)
        for laptop in (south, north):
            there.exchange(laptop)
        two_depths(there, north, *names)
        shown = only(there.hq)
        records.correct(south, names[0], {"depth_cm": 44}, "dug it out")
        there.carry(south)
        done = take(there.hq, shown, 1)
        assert (list(done.done), done.still_open) == ([names[1]], (names[0],))
        (left,) = records.get(there.hq, names[0]).conflicts
        assert sorted(left.readings) == [18, 44]


def test_what_somebody_else_settled_meanwhile_is_not_written_again(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        name = a_find(north).name
        there.carry(north)
        two_depths(there, north, name)
        there.answer(north)
        shown = only(there.hq)
        (mine,) = records.get(north, name).conflicts
        records.settle(north, name, "depth_cm", mine.readings[0], "the lead settles")
        there.carry(north)
        before = records.get(there.hq, name).heads
        done = take(there.hq, shown, 1)
        assert (done.done, done.gone) == ({}, (name,))
        assert records.get(there.hq, name).heads == before


def test_several_records_take_one_of_their_readings_one_record_takes_any_valid_value(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        names = [a_find(north).name for _ in range(2)]
        there.carry(north)
        two_depths(there, north, *names)
        both = only(there.hq)
        readings = [one.value for one in both.readings]
        with pytest.raises(NotOneReading):
            conflicts.settle(there.hq, "depth_cm", 25, "between", heads=both.heads, readings=readings)
        with pytest.raises(ReasonNeeded):
            conflicts.settle(there.hq, "depth_cm", 18, " ", heads=both.heads, readings=readings)
        assert conflicts.count(there.hq) == 2
        one = {names[0]: both.heads[names[0]]}
        conflicts.settle(there.hq, "depth_cm", 25, "between", heads=one, readings=readings)
        assert records.get(there.hq, names[0]).fields["depth_cm"] == 25


def test_a_team_settles_its_own_and_headquarters_hears_of_it(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north, name = there.laptops["north"], a_find(there.laptops["north"]).name
        there.carry(north)
        two_depths(there, north, name)
        there.answer(north)
        assert take(north, only(north), 0).done
        there.carry(north)
        assert conflicts.count(there.hq) == 0


def test_undone_both_readings_stand_again_and_travel(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        depth, gone = a_find(north).name, a_find(north).name
        there.carry(north)
        two_depths(there, north, depth)
        records.retract(there.hq, gone, "logged twice")
        records.correct(north, gone, {"condition": "unarmed"}, "looked again")
        there.carry(north)
        for line in conflicts.part(there.hq).lines:
            found = conflicts.opened(there.hq, line.alike.alike)
            assert found is not None
            before = {one.group: one.readings for one in records.get(there.hq, found.records[0].name).conflicts}
            done = take(there.hq, found, 0)
            assert conflicts.reopen(there.hq, done, "pressed the wrong one") == [found.records[0].name]
            after = records.get(there.hq, found.records[0].name)
            assert {one.group: one.readings for one in after.conflicts} == before
            assert not after.retracted
        there.answer(north)
        assert conflicts.count(north) == 2


def test_an_id_stands_for_exactly_what_was_listed(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        names = [a_find(north).name for _ in range(2)]
        there.carry(north)
        two_depths(there, north, names[0])
        listed = only(there.hq).id
        assert conflicts.by_id(there.hq, listed).id == listed
        two_depths(there, north, names[1])
        with pytest.raises(ListChanged):
            conflicts.by_id(there.hq, listed)
        with pytest.raises(ConflictGone):
            conflicts.by_id(there.hq, "000000000000-000000000000")


def test_a_long_group_comes_in_parts_and_only_what_is_shown_is_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, "SHOWN_AT_ONCE", 2)
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        names = [a_find(north).name for _ in range(3)]
        there.carry(north)
        two_depths(there, north, *names)
        first = only(there.hq)
        assert (len(first.records), first.more) == (2, 1)
        assert len(take(there.hq, first, 0).done) == 2
        left = only(there.hq)
        assert (len(left.records), left.more) == (1, 0)


def test_rebuilt_the_list_is_the_same(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        names = [a_find(north).name for _ in range(2)]
        there.carry(north)
        two_depths(there, north, *names)
        records.retract(there.hq, names[0], "logged twice")
        records.correct(north, names[0], {"condition": "unarmed"}, "looked again")
        there.carry(north)
        before = [line.alike for line in conflicts.part(there.hq).lines]
        assert len(before) == 2
        rebuild(there.hq.store)
        assert [line.alike for line in conflicts.part(there.hq).lines] == before


def test_an_officers_correction_and_the_teams_of_the_same_field_are_a_conflict_in_either_order(tmp_path: Path) -> None:
    """M6: what headquarters corrected is always listed when the team changed the same field."""
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        names = [a_find(north).name for _ in range(2)]
        there.carry(north)
        records.correct(there.hq, names[0], {"depth_cm": 30}, "hq first")
        records.correct(north, names[0], {"depth_cm": 18}, "team")
        there.answer(north)
        records.correct(north, names[1], {"depth_cm": 18}, "team first")
        records.correct(there.hq, names[1], {"depth_cm": 30}, "hq")
        there.carry(north)
        there.answer(north)
        for ws in (north, there.hq):
            (line,) = conflicts.part(ws).lines
            assert (line.alike.group, line.alike.records) == ("depth_cm", 2)
