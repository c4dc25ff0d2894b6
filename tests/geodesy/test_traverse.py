"""Bearing and distance: read, walked, closed, adjusted."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.geodesy.area import bearing_deg, distance_m
from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.traverse import (
    LIMITS,
    UNITS,
    BearingNotUnderstood,
    Closure,
    Unit,
    bearing_and_distance,
    bearing_of,
    bearing_text,
    bowditch,
    closure,
    forward,
    horizontal_m,
    is_written_like_mils_of_6000,
    walked,
)
from fieldapp.texts import LANGUAGES, Texts

AGHDAM = Position(39.9911, 46.9300)


@pytest.mark.parametrize(
    ("text", "unit", "deg"),
    [
        ("75", "deg", 75), ("75.5", "deg", 75.5), ("75,5", "deg", 75.5), ("75°", "deg", 75), ("360", "deg", 0),
        ("75 30 00", "dms", 75.5), ("75°30'", "dms", 75.5), ("75° 30′ 18″", "dms", 75.505), ("359 59 60", "dms", None),
        ("75-30-00", "dms", 75.5), ("12-50", "mil6000", 75), ("17–50", "mil6000", 105), ("1250", "mil6000", 75),
        ("0-01", "mil6000", 0.06), ("60-00", "mil6000", 0), ("60-01", "mil6000", None), ("1600", "mil6400", 90),
        ("12-50", "mil6400", 70.3125), ("6401", "mil6400", None), ("50", "mil6000", None), ("12-5", "mil6000", None),
        ("12-50", "deg", None), ("361", "deg", None), ("-5", "deg", None), ("NE 45", "deg", None), ("", "deg", None),
        ("75.5.5", "deg", None), ("75 61", "dms", None), ("75.5 30", "dms", None), ("1 2 3 4", "dms", None),
        ("٧٥", "deg", None), ("nan", "deg", None), ("1e2", "deg", None),
    ],
)  # fmt: skip
def test_bearings_are_read_in_their_unit_or_refused(text: str, unit: Unit, deg: float | None) -> None:
    if deg is not None:
        assert bearing_of(text, unit) == pytest.approx(deg, abs=1e-9)
        return
    with pytest.raises(BearingNotUnderstood) as refused:
        bearing_of(text, unit)
    assert all(refused.value.sentence(Texts(language)) for language in LANGUAGES)


def test_two_digits_of_mils_may_be_two_bearings_and_both_are_named() -> None:
    with pytest.raises(BearingNotUnderstood, match="0-50 or 50-00"):
        bearing_of("50", "mil6000")
    with pytest.raises(BearingNotUnderstood, match="mils of 6000"):
        bearing_of("12-50", "deg")


@pytest.mark.parametrize(("text", "like"), [("12-50", True), (" 12–50 ", True), ("1250", False), ("12-5", False)])
def test_the_way_mils_of_6000_are_written_is_known(text: str, like: bool) -> None:
    assert is_written_like_mils_of_6000(text) is like


@given(st.floats(0, 360, exclude_max=True), st.sampled_from(UNITS))
def test_a_bearing_that_is_printed_is_read_as_the_same(deg: float, unit: Unit) -> None:
    step_deg = {"deg": 0.01, "dms": 1 / 3600, "mil6000": 0.06, "mil6400": 360 / 6400}[unit]
    apart = abs(bearing_of(bearing_text(deg, unit), unit) - deg)
    assert min(apart, 360 - apart) <= step_deg / 2 + 1e-9


def test_bearings_are_printed_as_they_are_written() -> None:
    assert [bearing_text(75, unit) for unit in UNITS] == ["75.00", "75 00 00", "12-50", "1333"]
    assert [bearing_text(359.9999, unit) for unit in UNITS] == ["0.00", "0 00 00", "0-00", "0"]


def test_one_mil_of_6000_taken_for_6400_moves_the_end_of_640_m_by_52_m() -> None:
    right, wrong = (forward(AGHDAM, bearing_of("12-50", unit), 640) for unit in ("mil6000", "mil6400"))
    assert distance_m(right.lat, right.lon, wrong.lat, wrong.lon) == pytest.approx(52.3, abs=0.1)


def test_a_square_of_legs_closes_to_a_millimetre() -> None:
    points = walked(AGHDAM, [(90.0, 100), (180.0, 50), (270.0, 100), (0.0, 50)])
    assert closure(points, AGHDAM, [100, 50, 100, 50]).misclosure_m < 0.002


def test_a_slope_distance_is_shorter_on_the_map() -> None:
    assert horizontal_m(100, 0) == 100
    assert horizontal_m(100, 30) == horizontal_m(100, -30) == pytest.approx(86.6025, abs=1e-4)


@pytest.mark.parametrize(
    ("misclosure_m", "length_m", "ratio", "severity"),
    [(1.326, 391, 295, "look"), (0.9, 391, 434, ""), (0.9, 100, 111, "look"), (5.01, 5000, 998, "danger"),
     (5.0, 5000, 1000, "look"), (0.0, 300, None, "")],
)  # fmt: skip
def test_misclosure_is_told_in_metres_and_as_one_in_n(
    misclosure_m: float, length_m: float, ratio: int | None, severity: str
) -> None:
    found = Closure(misclosure_m, 0.0, length_m)
    assert (found.ratio_n, found.severity(LIMITS)) == (ratio, severity)


def test_the_misclosure_points_from_the_true_end_to_the_walked_one() -> None:
    points = walked(AGHDAM, [(90.0, 100), (180.0, 50), (270.0, 101), (0.0, 50)])
    found = closure(points, AGHDAM, [100, 50, 101, 50])
    assert (found.misclosure_m, found.bearing_deg) == pytest.approx((1.0, 270.0), abs=0.1)


def star(seed: int) -> list[Position]:
    """The corners of a closed figure round Aghdam."""
    dice = random.Random(seed)
    return [forward(AGHDAM, 360 / 7 * at + dice.uniform(0, 40), dice.uniform(20, 300)) for at in range(7)]


@given(st.integers(0, 2**32))
def test_a_figure_walked_back_by_its_own_legs_closes(seed: int) -> None:
    corners = star(seed)
    legs = [bearing_and_distance(one, other) for one, other in pairwise([*corners, corners[0]])]
    points = walked(corners[0], legs)
    for point, corner in zip(points, [*corners, corners[0]], strict=True):
        assert distance_m(point.lat, point.lon, corner.lat, corner.lon) < 1e-6
    assert [bearing for bearing, _ in legs] == pytest.approx(
        [bearing_deg(a.lat, a.lon, b.lat, b.lon) for a, b in pairwise([*corners, corners[0]])]
    )


@given(st.integers(0, 2**32), st.floats(-2, 2), st.floats(-3, 3))
def test_an_adjustment_closes_exactly_and_moves_no_point_by_more_than_the_gap(
    seed: int, by_deg: float, by_m: float
) -> None:
    corners = star(seed)
    legs = [bearing_and_distance(one, other) for one, other in pairwise([*corners, corners[0]])]
    legs[2] = (legs[2][0] + by_deg, abs(legs[2][1] + by_m))
    lengths = [length for _, length in legs]
    points = walked(corners[0], legs)
    adjusted = bowditch(points, corners[0], lengths)
    gap_m = closure(points, corners[0], lengths).misclosure_m
    assert (adjusted[0], adjusted[-1]) == (corners[0], corners[0])
    moved = [distance_m(a.lat, a.lon, b.lat, b.lon) for a, b in zip(points, adjusted, strict=True)]
    assert all(one <= other + 1e-6 for one, other in pairwise(moved))
    assert moved[-1] == pytest.approx(gap_m, abs=1e-6)
    assert moved[3] == pytest.approx(gap_m * sum(lengths[:3]) / sum(lengths), abs=1e-6)


def test_nothing_is_adjusted_where_there_are_no_legs() -> None:
    with pytest.raises(ValueError, match="nothing to adjust"):
        bowditch([AGHDAM], AGHDAM, [])


@pytest.mark.parametrize(("bearing", "metres"), [(0.0, 100.0), (75.0, 640.0), (191.25, 4999.0), (359.9, 50_000.0)])
def test_legs_end_where_vincentys_formulas_say(bearing: float, metres: float) -> None:
    """pygeodesy: another method by another hand."""
    from pygeodesy.ellipsoidalVincenty import LatLon

    expected = LatLon(AGHDAM.lat, AGHDAM.lon).destination(metres, bearing)
    found = forward(AGHDAM, bearing, metres)
    assert (found.lat, found.lon) == pytest.approx((expected.lat, expected.lon), abs=1e-9)
    assert bearing_and_distance(AGHDAM, found) == pytest.approx((bearing, metres), abs=1e-6)
