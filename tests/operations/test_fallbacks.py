"""Positions without a receiver: what is worked out, how accurate it may be called, and what is refused (M24)."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import pytest

from fieldapp.errors import OperatorError
from fieldapp.geodesy.area import bearing_deg, distance_m
from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.frame import FRAME
from fieldapp.geodesy.traverse import BearingNotUnderstood, forward
from fieldapp.operations import fallbacks, finds
from fieldapp.operations.fallbacks import NotMeasured, SamePoint, Start, StartMissing
from tests import builders

DAY = dt.date(2026, 11, 22)
AGHDAM = Start("QKD-0412-T", 39.9911, 46.93, 3.0, "find")
WORDS = {"distance": "Distance", "chainage": "Along", "offset": "To the side"}


def test_a_magnetic_bearing_is_turned_by_the_declination_of_the_day() -> None:
    magnetic = fallbacks.by_bearing(AGHDAM, "212", "magnetic", 100, DAY)
    true = fallbacks.by_bearing(AGHDAM, "212", "true", 100, DAY)
    assert magnetic.model == "WMM2025"
    assert magnetic.true_deg == pytest.approx(212 + 6.44, abs=0.02)
    assert true.true_deg == 212
    apart_m = distance_m(magnetic.lat, magnetic.lon, true.lat, true.lon)
    assert apart_m == pytest.approx(11.2, abs=0.15)  # ignoring the declination: the geodesy notes' 11 m


def test_a_grid_bearing_is_turned_by_the_convergence_of_the_zone() -> None:
    assert fallbacks.by_bearing(AGHDAM, "212", "grid", 100, DAY).true_deg == pytest.approx(212 + 1.241, abs=0.01)


def test_the_end_lies_along_the_bearing_at_the_distance() -> None:
    found = fallbacks.by_bearing(AGHDAM, "75,5", "true", 134, DAY)
    assert distance_m(AGHDAM.lat, AGHDAM.lon, found.lat, found.lon) == pytest.approx(134, abs=1e-6)
    assert bearing_deg(AGHDAM.lat, AGHDAM.lon, found.lat, found.lon) == pytest.approx(75.5, abs=1e-6)


def test_its_accuracy_is_that_of_start_bearing_and_distance_together() -> None:
    found = fallbacks.by_bearing(AGHDAM, "75", "true", 100, DAY)
    across = 100 * math.radians(2.0)
    assert found.accuracy_m == pytest.approx(math.sqrt(3.0**2 + across**2 + 1.0**2))
    fields = found.fields()
    assert fields["accuracy_basis"] == "computed"
    assert fields["fixed_by"] == "bearing_distance"
    assert not {"fix_type", "satellites", "hdop", "fix_age_s", "gnss_time"} & fields.keys()


def test_nothing_is_stated_where_the_accuracy_of_the_start_is_not_known() -> None:
    fields = fallbacks.by_bearing(Start("x", 39.99, 46.93), "75", "true", 100, DAY).fields()
    assert "accuracy_m" not in fields
    assert fields["accuracy_basis"] == "none"


@pytest.mark.parametrize(("side", "turn"), [("left", -90), ("right", 90)])
def test_a_baseline_is_walked_along_and_left_to_its_side(side: str, turn: int) -> None:
    towards = forward(AGHDAM.place, 30, 200)
    found = fallbacks.by_baseline(AGHDAM, towards, 40, 3, side)
    foot = forward(AGHDAM.place, 30, 40)
    wanted = forward(foot, 30 + turn, 3)
    assert distance_m(found.lat, found.lon, wanted.lat, wanted.lon) < 0.001


def test_a_baseline_of_one_point_is_refused() -> None:
    with pytest.raises(SamePoint):
        fallbacks.by_baseline(AGHDAM, Position(AGHDAM.lat, AGHDAM.lon), 4, 1, "left")


def test_a_point_of_a_draft_keeps_its_place() -> None:
    assert fallbacks.start_of(AGHDAM.key()) == AGHDAM
    for key in ("", "typed", "find|x|1|2", "find|x|abc|2|", "find|x|91|2|", "find|x|nan|2|"):
        with pytest.raises(StartMissing):
            fallbacks.start_of(key)


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ({"from": AGHDAM.key(), "bearing": "212", "distance": "12k"}, NotMeasured),
        ({"from": AGHDAM.key(), "bearing": "212", "distance": "-3"}, NotMeasured),
        ({"from": AGHDAM.key(), "bearing": "212", "distance": "50000"}, NotMeasured),
        ({"from": AGHDAM.key(), "bearing": "361", "distance": "12"}, BearingNotUnderstood),
        ({"from": AGHDAM.key(), "bearing": "", "distance": "12"}, BearingNotUnderstood),
        ({"from": "typed", "bearing": "12", "distance": "12"}, StartMissing),
    ],
)
def test_what_cannot_be_read_is_refused(parts: dict[str, str], error: type[OperatorError]) -> None:
    with pytest.raises(error):
        fallbacks.placed(parts, "bearing_distance", FRAME, DAY, WORDS)


def test_the_last_find_with_a_position_can_be_measured_from(tmp_path: Path) -> None:
    with builders.alone(tmp_path / "laptop") as ws:
        assert fallbacks.starts(ws) == []
        here = builders.a_find(ws, position="39.9899 46.8988")
        builders.a_find(ws, position=None)
        (start,) = fallbacks.starts(ws)
        assert (start.name, start.lat, start.lon) == (here.fields["local_id"], 39.9899, 46.8988)
        assert start.accuracy_m == pytest.approx(7.1, abs=0.1)  # of the digits: four decimals


def test_a_find_measured_by_hand_is_saved_without_receiver_accuracy(tmp_path: Path) -> None:
    with builders.alone(tmp_path / "laptop") as ws:
        parts = {"from": AGHDAM.key(), "bearing": "212", "distance": "34.5", "north": "magnetic"}
        placed = fallbacks.placed(parts, "bearing_distance", FRAME, DAY, WORDS)
        saved = finds.add_find(ws, placed.fields(), model_text="PMN-2").fields
        assert (saved["fixed_by"], saved["accuracy_basis"]) == ("bearing_distance", "computed")
        assert saved["satellites"] is None
        assert "QKD-0412-T" in str(saved["typed_text"])
