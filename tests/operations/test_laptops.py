"""What headquarters knows of its laptops, from real bundles: ranges, gaps by date, versions, silence, clocks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from fieldapp import __version__
from fieldapp.clock import SetClock
from fieldapp.operations import headquarters, imports, laptops
from fieldapp.operations.laptops import Laptop
from fieldapp.operations.workspace import Workspace
from fieldapp.sync.manifest import FORMAT
from fieldapp.texts import Texts
from tests.builders import START, Deployment, a_find, deployment
from tests.builders_faults import carried, packed, sealed_day


def at_hq(there: Deployment, name: str) -> Laptop:
    """What headquarters knows of the laptop with this name."""
    (one,) = [one for one in laptops.laptops(there.hq) if one.name == name]
    return one


def turn(ws: Workspace, days: int) -> None:
    """Set a clock this many days after the beginning."""
    assert isinstance(ws.clock, SetClock)
    ws.clock.set(START + timedelta(days=days))


def days_of(there: Deployment, laptop: Workspace, days: int) -> list[Path]:
    """One bundle a day, each of that day only, with two finds."""
    bundles = []
    for day in range(1, days + 1):
        turn(laptop, day)
        a_find(laptop)
        a_find(laptop)
        bundles.append(carried(laptop, there.stick, [packed(sealed_day(laptop))]))
    return bundles


def test_ranges_and_gaps_stand_with_their_dates_until_the_gap_is_closed(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        one = there.laptops["one"]
        there.exchange(one)
        first, _second, third, fourth, _fifth, sixth = days_of(there, one, 6)
        imports.import_files(there.hq, [sixth, first, fourth, third])
        (log,) = at_hq(there, "one").logs
        assert log.audience == "team/t7"
        assert log.received == ((1, 2), (5, 8), (11, 12))
        assert [(gap.first, gap.last, gap.after[:10], gap.before[:10]) for gap in log.gaps] == [
            (3, 4, "2024-07-30", "2024-08-01"), (9, 10, "2024-08-02", "2024-08-04"),
        ]
        there.carry(one)
        (log,) = at_hq(there, "one").logs
        assert (log.received, log.gaps) == (((1, 12),), ())


def test_a_gap_before_everything_has_no_date_before_it(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        one = there.laptops["one"]
        there.exchange(one)
        _first, second = days_of(there, one, 2)
        imports.import_file(there.hq, second)
        (gap,) = at_hq(there, "one").gaps
        assert (gap.first, gap.last, gap.after, gap.before[:10]) == (1, 2, "", "2024-07-31")


def test_the_version_and_the_format_that_it_reads_come_with_each_bundle(tmp_path: Path) -> None:
    with deployment(tmp_path, "one", "two") as there:
        there.carry(there.laptops["one"])
        known = at_hq(there, "one")
        assert (known.app, known.newest_read, known.bundles) == (__version__, FORMAT, 1)
        assert known.teams == ("t7",)
        assert "two" not in [one.name for one in laptops.laptops(there.hq)]


def test_a_laptop_silent_for_more_than_a_week_is_named(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        there.exchange(there.laptops["one"])
        turn(there.hq, 7)
        assert (at_hq(there, "one").silent_days, at_hq(there, "one").silent) == (6, False)
        turn(there.hq, 10)
        silent = at_hq(there, "one")
        assert silent.silent
        assert laptops.silence(silent, Texts("en")) == "one: no bundle for 9 days"
        headquarters.revoke(there.hq, silent.device, "returned to store")
        assert not at_hq(there, "one").silent, "nobody waits for a laptop that was cut off"


def test_entries_under_a_wrong_clock_are_counted_once_however_often_they_come(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        one = there.laptops["one"]
        turn(one, -365)
        for _ in range(3):
            a_find(one, remarks='said "clock":"doubt"')
        there.carry(one)
        assert at_hq(there, "one").doubts == 3
        turn(one, 1)
        a_find(one, remarks='said "clock":"doubt"')
        there.carry(one)
        assert at_hq(there, "one").doubts == 3


def test_headquarters_itself_is_listed_and_never_silent(tmp_path: Path) -> None:
    with deployment(tmp_path) as there:
        (seat,) = laptops.laptops(there.hq)
        assert (seat.role, seat.silent_days, seat.silent) == ("hq", None, False)
