"""Dates that a wrong clock put into records, with real bundles (story 10 at small scale)."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from fieldapp.clock import SetClock
from fieldapp.operations import lookup, odd_dates, records
from fieldapp.operations.errors import ReasonNeeded, RecordMissing, ShiftNotValid
from fieldapp.operations.odd_dates import OddDate
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal
from tests.builders import START, a_find, a_plot, deployment


def turn(ws: Workspace, days: int) -> None:
    """Set a laptop's clock this many days off."""
    assert isinstance(ws.clock, SetClock)
    ws.clock.set(START + timedelta(days=days, hours=2))


def reasons(ws: Workspace) -> dict[str, str]:
    """The reason for each oddly dated record."""
    return {one.record: one.reason for one in odd_dates.odd_dates(ws)}


def test_a_clock_a_year_slow_lists_its_records_and_one_shift_puts_them_right(tmp_path: Path) -> None:
    with deployment(tmp_path, "slow", "right") as there:
        slow, right = there.laptops["slow"], there.laptops["right"]
        turn(slow, -365)
        wrong = [a_find(slow).name for _ in range(5)]
        plot = a_plot(slow, completed_on="2023-07-30", started_on="2023-07-28").name
        a_find(right)
        there.carry(slow)
        there.carry(right)
        assert reasons(there.hq) == dict.fromkeys([*wrong, plot], "clock_doubt")
        found = odd_dates.odd_dates(there.hq)
        assert {one.day[:4] for one in found} == {"2023"}
        (stream,) = {one.stream for one in found}
        first, last = min(one.seq for one in found), max(one.seq for one in found)
        shifted = odd_dates.shift_dates(there.hq, stream, first, last, 365, "the laptop's clock was a year slow")
        assert (sorted(shifted.shifted), shifted.disputed) == (sorted([*wrong, plot]), [])
        assert odd_dates.odd_dates(there.hq) == []
        there.answer(slow)
        at_team = records.get(slow, wrong[0])
        assert at_team.fields["found_on"] == "2024-07-29"
        step = records.history(slow, wrong[0])[-1]
        assert (step.why, step.by) == ("the laptop's clock was a year slow", "Officer")
        dated = records.get(slow, plot).fields
        assert (dated["started_on"], dated["completed_on"]) == ("2024-07-27", "2024-07-29")


def test_a_date_typed_right_under_a_wrong_clock_is_not_listed(tmp_path: Path) -> None:
    with deployment(tmp_path, "slow") as there:
        slow = there.laptops["slow"]
        turn(slow, -365)
        a_find(slow, found_on="2024-07-29")
        there.carry(slow)
        assert reasons(there.hq) == {}


def test_a_clock_that_runs_ahead_is_listed_until_shifted_back(tmp_path: Path) -> None:
    with deployment(tmp_path, "fast") as there:
        fast = there.laptops["fast"]
        turn(fast, 40)
        name = a_find(fast).name
        there.carry(fast)
        assert reasons(there.hq) == {name: "future"}
        (one,) = odd_dates.odd_dates(there.hq)
        odd_dates.shift_dates(there.hq, one.stream, one.seq, one.seq, -40, "clock 40 days fast")
        assert reasons(there.hq) == {}


def test_typed_dates_outside_the_window_are_listed_and_late_entry_of_a_month_is_not(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        one = there.laptops["one"]
        a_find(one, found_on="2024-07-01")
        before = a_find(one, found_on="2024-05-01").name
        turn(one, 3)
        a_find(one, found_on="2024-08-02")
        turn(there.hq, 20)
        after = a_find(one, found_on="2024-08-10").name
        there.carry(one)
        assert reasons(there.hq) == {before: "long_before", after: "after_written"}
        records.retract(there.hq, before, "entered twice")
        assert reasons(there.hq) == {after: "after_written"}


def test_only_the_stretch_that_is_named_is_shifted(tmp_path: Path) -> None:
    with deployment(tmp_path, "slow") as there:
        slow = there.laptops["slow"]
        turn(slow, -365)
        names = [a_find(slow).name for _ in range(4)]
        there.carry(slow)
        found = odd_dates.odd_dates(there.hq)
        odd_dates.shift_dates(there.hq, found[1].stream, found[1].seq, found[2].seq, 365, "two of them")
        assert list(reasons(there.hq)) == [names[0], names[3]]


def test_a_disputed_day_is_left_to_be_settled_and_named(tmp_path: Path) -> None:
    with deployment(tmp_path, "slow") as there:
        slow = there.laptops["slow"]
        turn(slow, -365)
        names = [a_find(slow).name for _ in range(2)]
        there.carry(slow)
        records.correct(slow, names[0], {"found_on": "2024-07-28"}, "the diary says so")
        records.correct(there.hq, names[0], {"found_on": "2024-07-27"}, "the day sheet says so")
        there.carry(slow)
        stream = odd_dates.odd_dates(there.hq)[0].stream
        shifted = odd_dates.shift_dates(there.hq, stream, 1, 9, 365, "clock a year slow")
        assert (shifted.shifted, shifted.disputed) == ([names[1]], [names[0]])


def test_a_shift_needs_a_reason_a_stretch_and_days(tmp_path: Path) -> None:
    with deployment(tmp_path, "slow") as there:
        slow = there.laptops["slow"]
        turn(slow, -365)
        name = a_find(slow).name
        there.carry(slow)
        (one,) = odd_dates.odd_dates(there.hq)
        for first, last, days, why, error in (
            (1, 1, 365, " ", ReasonNeeded),
            (2, 1, 365, "why", ShiftNotValid),
            (1, 1, 0, "why", ShiftNotValid),
            (1, 1, 99_999, "why", ShiftNotValid),
            (50, 60, 365, "why", RecordMissing),
        ):
            with pytest.raises(error):
                odd_dates.shift_dates(there.hq, one.stream, first, last, days, why)
        assert records.get(there.hq, name).fields["found_on"] == "2023-07-30"


def test_an_invitation_is_a_lower_bound_of_the_clock_from_the_first_record_on(tmp_path: Path) -> None:
    with deployment(tmp_path, "slow") as there:
        slow = there.laptops["slow"]
        turn(slow, -2)
        name = a_find(slow).name
        (event,) = records.history(slow, name)
        assert event.at is not None
        assert slow.meta("clock_floor") > event.at


def test_a_date_that_was_checked_is_listed_no_more_until_it_is_changed_again(tmp_path: Path) -> None:
    with deployment(tmp_path, "slow") as there:
        slow = there.laptops["slow"]
        turn(slow, -365)
        names = [a_find(slow).name for _ in range(2)]
        there.carry(slow)
        with pytest.raises(ReasonNeeded):
            odd_dates.dismiss(there.hq, names[:1], " ")
        odd_dates.dismiss(there.hq, names[:1], "dug out of the archive of 2023")
        (checked,) = odd_dates.checked_right(there.hq)
        assert (checked.record, checked.by, checked.day) == (names[0], "Officer", "2023-07-30")
        assert checked.why == "dug out of the archive of 2023"
        assert set(reasons(there.hq)) == {names[1]}
        with pytest.raises(RecordMissing):
            odd_dates.dismiss(there.hq, names[:1], "again")
        records.correct(there.hq, names[0], {"found_on": "2023-01-01"}, "the archive says January")
        assert set(reasons(there.hq)) == set(names)


def test_a_preview_says_what_a_shift_would_do_and_changes_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "slow") as there:
        slow = there.laptops["slow"]
        turn(slow, -365)
        name = a_find(slow).name
        there.carry(slow)
        (odd,) = odd_dates.odd_dates(there.hq)
        (would,) = odd_dates.preview(there.hq, odd.stream, odd.seq, odd.seq, 365)
        assert (would.record, would.before, would.after) == (name, "2023-07-30", "2024-07-29")
        assert len(odd_dates.odd_dates(there.hq)) == 1
        with pytest.raises(ShiftNotValid):
            odd_dates.preview(there.hq, odd.stream, odd.seq, odd.seq, 0)


def _one_by_one(ws: Workspace) -> list[OddDate]:
    """Every record looked at by itself, without being counted in groups first."""
    every = [stream.id for stream in journal.streams(ws.store)]
    found = [one for kind in lookup.DAY_COLUMNS for one in odd_dates._of_kind(ws, kind, every)]
    return sorted(found, key=lambda one: (one.stream, one.seq))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counting_in_groups_first_finds_what_looking_at_every_record_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(odd_dates, "_AT_ONCE", 4)
    chance = random.Random(seed)
    with deployment(tmp_path, "one", "two") as there:
        for laptop in there.laptops.values():
            there.carry(laptop)  # an invitation does not hold for long
        turn(there.hq, 100)
        for _ in range(3):
            for laptop in there.laptops.values():
                for _ in range(3):
                    turn(laptop, chance.choice([0, 3, 9, 40, 70, 110, 150]))
                    late = chance.choice([0, 0, 0, 1, 29, 30, 31, 45, -1, -2])
                    day = laptop.clock.now().date() - timedelta(days=late)
                    if chance.random() < 0.7:
                        a_find(laptop, found_on=day.isoformat())
                    else:
                        a_plot(laptop, completed_on=day.isoformat(), started_on=None)
                there.carry(laptop)
        found = odd_dates.odd_dates(there.hq)
        assert found == _one_by_one(there.hq)
        assert len({one.reason for one in found}) > 1
        assert len(found) < sum(len(records.list_records(there.hq, kind)) for kind in ("find", "plot"))


def test_a_survey_in_pieces_begins_anew_when_something_changes_in_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(odd_dates, "_AT_ONCE", 2)
    with deployment(tmp_path, "slow") as there:
        slow = there.laptops["slow"]
        turn(slow, -365)
        names = [a_find(slow).name for _ in range(6)]
        there.carry(slow)
        survey = odd_dates.Survey()
        assert not survey.go_on(there.hq)
        records.correct(there.hq, names[0], {"found_on": "2024-07-29"}, "the diary says so")
        pieces = 1
        while not survey.go_on(there.hq):
            pieces += 1
        assert pieces > 3
        assert [one.record for one in survey.found] == names[1:]
