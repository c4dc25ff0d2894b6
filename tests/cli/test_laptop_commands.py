"""Odd dates and shifting them, by commands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from fieldapp.clock import SetClock
from tests.builders import START, a_find, deployment
from tests.cli.runner import done, run


def test_a_stretch_of_odd_dates_is_listed_and_shifted_by_commands(tmp_path: Path) -> None:
    with deployment(tmp_path, "slow") as there:
        slow = there.laptops["slow"]
        assert isinstance(slow.clock, SetClock)
        slow.clock.set(START - timedelta(days=365))
        names = [a_find(slow).name for _ in range(2)]
        there.carry(slow)
    at_hq = tmp_path / "hq"
    odd = done("hq", "odd-dates", workspace=at_hq)["odd_dates"]
    assert [(one["record"], one["day"], one["reason"]) for one in odd] == [
        (name, "2023-07-30", "clock_doubt") for name in names
    ]
    assert "The laptop's clock was wrong" in run("hq", "odd-dates", workspace=at_hq).out
    stretch = (odd[0]["stream"], "--from", odd[0]["seq"], "--to", odd[-1]["seq"])
    shifted = done("shift-dates", *stretch, "--by", 365, "--why", "clock a year slow", workspace=at_hq)
    assert (sorted(shifted["shifted"]), shifted["disputed"]) == (sorted(names), [])
    assert done("hq", "odd-dates", workspace=at_hq) == {"odd_dates": []}
    back = run("shift-dates", *stretch, "--by", -365, "--why", "as it was", workspace=at_hq)
    assert (back.code, back.out) == (0, "2 records corrected.\n")
    assert run("shift-dates", *stretch, "--by", 0, "--why", "nothing", workspace=at_hq).code == 1
