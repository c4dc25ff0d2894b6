"""Which week a report opens on, while nobody has chosen one."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from fieldapp.operations import reports, review
from fieldapp.operations.workspace import open_workspace
from tests.builders import a_find, a_plot, deployment

TODAY = date(2024, 9, 2)


def week(monday: str) -> tuple[date, date]:
    return reports.week_of(date.fromisoformat(monday))


def test_it_is_the_latest_week_with_something_approved(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop, found_on="2024-07-24")
        plot = a_plot(laptop, completed_on="2024-08-04")
        a_find(laptop, found_on="2024-08-05")
        there.exchange(laptop)
        assert reports.opening_week(there.hq, TODAY) == week("2024-08-05")
        review.decide(there.hq, [plot.name], "approved")
        assert reports.opening_week(there.hq, TODAY) == week("2024-07-29")


def test_a_day_that_has_not_come_is_a_slip_and_opens_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        a_find(laptop, found_on="2024-07-24")
        a_find(laptop, found_on="2042-07-24")
        assert reports.opening_week(laptop, TODAY) == week("2024-07-22")


def test_without_records_it_is_the_last_whole_week(tmp_path: Path) -> None:
    with deployment(tmp_path) as there:
        assert reports.opening_week(there.hq, TODAY) == week("2024-08-26")


def test_the_demonstration_opens_on_the_published_week(demonstration: Path, tmp_path: Path) -> None:
    shutil.copytree(demonstration / "hq", tmp_path / "hq")
    with open_workspace(tmp_path / "hq") as hq:
        assert reports.opening_week(hq, TODAY) == week("2024-07-29")
