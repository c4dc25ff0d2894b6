"""``fieldapp plot measure --around``: what an outline shares, lies in and is near to."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.operations import areas
from tests.builders import RECTANGLE, a_find, a_plot, alone
from tests.cli.runner import done, run

B = ("40.02 46.981", "40.02 46.982171", "40.02072 46.982171", "40.02072 46.981")
POINTS = [word for point in B for word in ("--point", point)]


@pytest.fixture
def laptop(tmp_path: Path) -> Path:
    folder = tmp_path / "laptop"
    with alone(folder) as ws:
        a_plot(ws)
        a_find(ws, position="40.0203 46.982")
        values = {"classification": "cha", "status": "open", "informed_on": "2024-07-30"}
        areas.add(ws, values, outline=areas.one_ring(RECTANGLE))
        areas.add(ws, values, outline=[])
    return folder


def test_it_says_what_the_map_says_while_it_is_drawn(laptop: Path) -> None:
    around = done("plot", "measure", *POINTS, "--around", workspace=laptop)["around"]
    assert [round(one["m2"], 1) for one in around["overlaps"]] == [2770.9]
    assert around["net_m2"] == pytest.approx(7991.8 - 2770.9, abs=0.2)
    assert [(one["kind"], one["whole"]) for one in around["inside"]] == [("hazardous_area", False)]
    assert (around["finds"], around["finds_not_removed"]) == (1, 1)
    assert {(one["sort"], one["metres"]) for one in around["hazards"]} == {("area", 0.0), ("find", 0.0)}
    assert around["areas_without_a_place"] == 1
    shown = run("plot", "measure", *POINTS, "--around", workspace=laptop).out
    assert "2,770.9 m² lie in plot" in shown
    assert "touched by the outline" in shown
    assert "around" not in done("plot", "measure", *POINTS, workspace=laptop)


def test_where_nothing_is_known_it_does_not_call_the_ground_safe(laptop: Path) -> None:
    far = [word for point in B for word in ("--point", point.replace("40.02", "39.5"))]
    shown = run("plot", "measure", *far, "--around", workspace=laptop).out
    assert "No hazard is recorded within 2,0" in shown
    assert "That does not make the ground safe." in shown


def test_of_an_outline_that_cannot_be_compared_it_says_so(laptop: Path) -> None:
    points = ("--point", "10 179.9", "--point", "10 -179.9", "--point", "10.1 -179.9")
    around = done("plot", "measure", *points, "--around", workspace=laptop)["around"]
    assert (around["compared"], around["overlaps"], around["hazards"]) == (False, None, None)
    assert "Too large to be compared" in run("plot", "measure", *points, "--around", workspace=laptop).out
