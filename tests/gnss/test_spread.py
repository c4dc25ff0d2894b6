"""Averages: their spread is what the fixes themselves show, whatever their number."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from fieldapp.gnss.fix import Fix
from fieldapp.gnss.spread import Averaging, accuracy_m, average, distance_m, metres_per_degree

LAT, LON = 39.9911, 46.93


def at(north_m: float, east_m: float, seconds: float = 0.0, quality: int = 1, error_m: float | None = None,
       hdop: float | None = 1.0) -> Fix:  # fmt: skip
    a_north, an_east = metres_per_degree(LAT)
    lat, lon = LAT + north_m / a_north, LON + east_m / an_east
    return Fix(lat, lon, quality, 9, hdop, seconds, day_s=seconds, error_m=error_m)


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))
def test_distances_are_those_of_the_ellipsoid(lat: float, lon: float, north: float, east: float) -> None:
    truth = Geod(ellps="WGS84").inv(lon, lat, lon + east, lat + north)[2]
    assert distance_m(lat, lon, lat + north, lon + east) == pytest.approx(truth, abs=0.01)


def test_across_the_date_line_is_near() -> None:
    assert distance_m(0, 179.9999, 0, -179.9999) == pytest.approx(22.26, abs=0.01)
    assert average([Fix(0, 179.9999, 1, 9, 1.0, 0.0), Fix(0, -179.9999, 1, 9, 1.0, 1.0)]).r95_m < 12


def test_the_spread_does_not_shrink_with_the_number_of_fixes() -> None:
    """A thousand fixes on a circle of ten metres: ten metres, not ten over the root of a thousand."""
    circle = [at(10 * math.cos(i), 10 * math.sin(i), i) for i in range(1000)]
    assert average(circle).r95_m == pytest.approx(10, abs=0.1)
    assert average(circle).accuracy_m == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize(("quality", "least"), [(1, 3.0), (2, 1.5), (5, 0.5), (4, 0.1)])
def test_nothing_better_than_the_kind_of_fix_can_do_is_stated(quality: int, least: float) -> None:
    assert average([at(0, 0, i, quality) for i in range(60)]).accuracy_m == least


def test_the_receivers_own_figure_is_not_undercut() -> None:
    assert average([at(0, 0, i, error_m=7.5) for i in range(60)]).accuracy_m == 7.5
    assert accuracy_m(at(0, 0, error_m=7.5)) == (7.5, "receiver")
    assert accuracy_m(at(0, 0, error_m=0.2)) == (3.0, "receiver")
    assert accuracy_m(at(0, 0, hdop=2.0)) == (10.0, "hdop")


def test_the_poorest_fix_gives_its_quality_to_the_average() -> None:
    assert average([at(0, 0, 0, 4), at(0, 0, 1, 2), at(0, 0, 2, 4)]).quality == 2


def test_a_receiver_that_walks_is_noticed() -> None:
    walking = average([at(i * 0.5, 0, i) for i in range(60)])
    assert walking.drifts
    assert walking.drift_m == pytest.approx(15, abs=0.1)
    assert not average([at(5 * math.cos(i), 5 * math.sin(i), i) for i in range(60)]).drifts


def test_wild_fixes_that_pull_the_mean_are_noticed_by_the_median() -> None:
    calm = [at(0, 0, i) for i in range(40)]
    assert not average(calm).pulled
    wild = average(calm + [at(40, 0, 40 + i) for i in range(12)])
    assert wild.median_off_m > 5
    assert average([*calm, at(400, 0, 40)]).pulled


def test_an_average_across_midnight_has_its_duration() -> None:
    assert average([at(0, 0, 86_390), at(0, 0, 10)]).duration_s == 20


def test_averaging_for_ever_fills_no_memory() -> None:
    averaging = Averaging()
    for i in range(20_000):
        averaging.add(at(0, 0, i))
    assert len(averaging.fixes) <= 6_000
    assert averaging.average() is averaging.average()
