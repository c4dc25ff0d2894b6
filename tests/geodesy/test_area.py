"""Outlines: made, checked, measured."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.decimals import is_decimal_text
from fieldapp.geodesy.area import (
    OutlineHasNoArea,
    bearing_deg,
    distance_m,
    leg_lengths_m,
    outline_area_m2,
    outline_problems,
    perimeter_m,
    polygon,
    rings,
)
from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.crs import from_utm
from fieldapp.texts import Texts

ANTARCTICA = [
    (-63.1, -58), (-72.9, -74), (-71.9, -102), (-74.9, -102), (-74.3, -131), (-77.5, -163), (-77.4, 163),
    (-71.7, 172), (-65.9, 140), (-65.7, 113), (-66.6, 88), (-66.9, 59), (-69.8, 25), (-70.0, -4), (-71.0, -14),
    (-77.3, -33), (-77.9, -46), (-74.7, -61),
]  # fmt: skip
"""lat, lon: the example of GeographicLib's Planimeter manual."""


def box(west: float, south: float, east: float, north: float) -> list[Position]:
    return [Position(south, west), Position(south, east), Position(north, east), Position(north, west)]


A = box(46.98, 40.02, 46.981406, 40.02072)
B = box(46.981, 40.02, 46.982171, 40.02072)
BOW_TIE = [Position(40.0, 46.0), Position(40.001, 46.001), Position(40.001, 46.0), Position(40.0, 46.001)]


def codes(points: list[Position]) -> list[str]:
    return [problem.code for problem in outline_problems(points)]


@pytest.mark.parametrize(("points", "area_m2"), [(A, "9595.7"), (B, "7991.8")])
def test_the_plots_of_story_seven_have_their_areas(points: list[Position], area_m2: str) -> None:
    assert outline_area_m2(polygon(points)) == Decimal(area_m2)


def test_antarctica_agrees_with_the_planimeter_manual() -> None:
    points = [Position(lat, lon) for lat, lon in ANTARCTICA]
    assert outline_area_m2(polygon(points)) == Decimal("13662703680020.1")
    assert perimeter_m(polygon(points)) == pytest.approx(16831067.893, abs=0.0005)


def test_a_grid_square_is_not_its_grid_area_on_the_ground() -> None:
    corners = [(664700, 4428500), (664800, 4428500), (664800, 4428600), (664700, 4428600)]
    points = [Position(*from_utm(easting, northing, "EPSG:32638")) for easting, northing in corners]
    assert outline_area_m2(polygon(points)) == pytest.approx(Decimal(10000), abs=Decimal(10))
    assert outline_area_m2(polygon(points)) != Decimal("10000.0")


@pytest.mark.parametrize("hole_like_shell", [True, False])
@pytest.mark.parametrize("shell_reversed", [True, False])
def test_a_hole_is_taken_out_whichever_way_it_is_wound(hole_like_shell: bool, shell_reversed: bool) -> None:
    shell = polygon(A)["coordinates"][0]
    hole = polygon(box(46.9802, 40.0202, 46.9808, 40.0205))["coordinates"][0]
    hole_area_m2 = outline_area_m2({"type": "Polygon", "coordinates": [hole]})
    coordinates = [
        shell[::-1] if shell_reversed else shell,
        hole if hole_like_shell != shell_reversed else hole[::-1],
    ]
    area_m2 = outline_area_m2({"type": "Polygon", "coordinates": coordinates})
    assert abs(area_m2 - (Decimal("9595.7") - hole_area_m2)) <= Decimal("0.1")


def test_the_outline_of_an_event_measures_like_its_geojson() -> None:
    parts = [[[{"lat": str(p.lat), "lon": str(p.lon), "role": "SP", "text": "x"} for p in A]]]
    far = [[{"lat": str(p.lat + 1), "lon": str(p.lon)} for p in A]]
    assert outline_area_m2(parts) == Decimal("9595.7")
    assert outline_area_m2([*parts, far]) > Decimal(18000)
    multi = {"type": "MultiPolygon", "coordinates": [polygon(A)["coordinates"]]}
    assert outline_area_m2(multi) == Decimal("9595.7")
    assert rings(multi) == rings(parts)


def test_a_bow_tie_has_no_area_instead_of_zero() -> None:
    with pytest.raises(OutlineHasNoArea, match=r"40\.000500° N 46\.000500° E"):
        outline_area_m2(polygon(BOW_TIE))


def test_parts_that_overlap_are_not_added_up() -> None:
    both = {"type": "MultiPolygon", "coordinates": [polygon(A)["coordinates"], polygon(B)["coordinates"]]}
    with pytest.raises(OutlineHasNoArea):
        outline_area_m2(both)


@pytest.mark.parametrize("shape", [{"type": "Point", "coordinates": [46, 40]}, polygon(A[:2]), polygon([])])
def test_what_is_no_outline_has_no_area(shape: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"outline|three points"):
        outline_area_m2(shape)


def test_typed_points_become_a_closed_ring_of_decimal_text() -> None:
    ring = polygon(A)["coordinates"][0]
    assert ring[0] == ring[-1] == ["46.98", "40.02"]
    assert len(ring) == 5
    assert all(is_decimal_text(number) for vertex in ring for number in vertex)
    assert polygon([*A, A[0]]) == polygon(A)


def test_a_sound_outline_has_no_problems() -> None:
    assert codes(A) == []
    assert codes([*A, A[0]]) == []
    assert codes(A[::-1]) == []


def test_self_crossing_is_told_with_its_place() -> None:
    [problem] = outline_problems(BOW_TIE)
    assert problem.code == "self_crossing"
    assert problem.place is not None
    assert (problem.place.lat, problem.place.lon) == pytest.approx((40.0005, 46.0005), abs=1e-9)
    assert problem.sentence(Texts()) == "The outline crosses or touches itself at 40.000500° N 46.000500° E."


def test_a_repeated_point_is_told_with_its_numbers() -> None:
    [problem] = outline_problems([A[0], A[1], A[1], A[2], A[3]])
    assert (problem.code, problem.points, problem.place) == ("repeated_point", (2, 3), A[1])
    assert problem.sentence(Texts()) == "Points 2 and 3 are the same place."
    assert outline_area_m2(polygon([A[0], A[1], A[1], A[2], A[3]])) == Decimal("9595.7")


@pytest.mark.parametrize("points", [[], A[:1], A[:2], [A[0], A[1], A[0]], [A[0], A[1], A[0], A[1]]])
def test_fewer_than_three_different_points_are_no_outline(points: list[Position]) -> None:
    assert "too_few_points" in codes(points)
    assert all(problem.sentence(Texts()) for problem in outline_problems(points))


def test_points_on_one_line_enclose_nothing() -> None:
    line = [Position(40.0, 46.0), Position(40.001, 46.001), Position(40.0005, 46.0005)]
    assert codes(line) == ["zero_area"]
    assert outline_area_m2(polygon(line)) == Decimal("0.0")
    assert codes([Position(40.0, 46.0), Position(40.0, 46.000002), Position(40.000002, 46.0)]) == ["zero_area"]


def test_distances_agree_with_karneys_example() -> None:
    assert distance_m(-41.32, 174.81, 40.96, -5.50) == pytest.approx(19959679.267, abs=0.0005)
    assert distance_m(40.0, 46.0, 40.0, 46.0) == 0


@pytest.mark.parametrize(("lat", "lon", "bearing"), [(41, 46, 0), (39, 46, 180), (40, 46.001, 90), (40, 45.999, 270)])
def test_bearings_run_clockwise_from_true_north(lat: float, lon: float, bearing: float) -> None:
    assert bearing_deg(40, 46, lat, lon) == pytest.approx(bearing, abs=0.001)


def test_legs_go_round_and_add_up_to_the_perimeter() -> None:
    legs = leg_lengths_m(A)
    assert legs == pytest.approx([120.02, 79.95, 120.02, 79.95], abs=0.01)
    assert sum(legs) == pytest.approx(perimeter_m(polygon(A)))
    assert leg_lengths_m(A[:1]) == leg_lengths_m([]) == []


@given(st.integers(0, 2**32), st.integers(0, 20), st.booleans())
def test_area_depends_on_the_ground_alone(seed: int, start: int, turned: bool) -> None:
    """Any star-shaped outline: first point and direction do not matter, and it has no problems."""
    dice = random.Random(seed)
    points = [
        Position(*from_utm(664771 + radius * east, 4428553 + radius * north, "EPSG:32638"))
        for (east, north), radius in zip(
            [(1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7), (0, -1), (0.7, -0.7)],
            [dice.uniform(20, 300) for _ in range(8)],
            strict=True,
        )
    ]
    again = points[start % 8 :] + points[: start % 8]
    again = again[::-1] if turned else again
    assert outline_problems(again) == []
    assert abs(outline_area_m2(polygon(again)) - outline_area_m2(polygon(points))) <= Decimal("0.1")
