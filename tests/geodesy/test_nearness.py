"""How far places lie from outlines, against geodesics; and the grid of paper records."""

from __future__ import annotations

import pytest

from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.frame import EPSG_15865
from fieldapp.geodesy.nearness import Near, metres_per_degree
from fieldapp.geodesy.record_grid import PlanePoint, RecordGrid, grid_at, zone_of
from fieldapp.geodesy.traverse import bearing_and_distance, forward

SQUARE = [[[{"lat": lat, "lon": lon} for lat, lon in (("40", "47"), ("40", "47.01"), ("40.01", "47.01"),
                                                     ("40.01", "47"))]]]  # fmt: skip


@pytest.mark.parametrize("metres", [0.5, 30.0, 900.0, 4000.0])
@pytest.mark.parametrize(("corner", "bearing"), [(Position(40, 47), 225.0), (Position(40.01, 47.01), 45.0)])
def test_distances_from_a_corner_are_those_of_a_geodesic(metres: float, corner: Position, bearing: float) -> None:
    assert Near(SQUARE).distance_m(forward(corner, bearing, metres)) == pytest.approx(metres, rel=0.001)


def test_inside_is_no_distance_and_a_bow_tie_is_not_measured() -> None:
    assert Near(SQUARE).distance_m(Position(40.005, 47.005)) == 0
    crossing = [[[SQUARE[0][0][place] for place in (0, 2, 1, 3)]]]
    assert not Near(crossing).measurable
    with pytest.raises(ValueError, match="nothing"):
        Near(crossing).distance_m(Position(40, 47))


def test_the_box_round_an_outline_holds_everything_that_near() -> None:
    south, west, north, east = Near(SQUARE).box(500)
    for bearing in (180.0, 270.0):
        at = forward(Position(40, 47), bearing, 499)
        assert south < at.lat < north
        assert west < at.lon < east
    at = forward(Position(40, 47), 180, 510)
    assert at.lat < south


def test_metres_of_a_degree_are_those_of_the_ellipsoid() -> None:
    up, aside = metres_per_degree(40)
    assert bearing_and_distance(Position(39.9999, 47), Position(40.0001, 47))[1] / 0.0002 == pytest.approx(up, rel=1e-5)
    assert bearing_and_distance(Position(40, 47), Position(40, 47.0001))[1] / 0.0001 == pytest.approx(aside, rel=1e-5)


def test_the_grid_of_a_record_goes_there_and_back_and_knows_its_neighbours() -> None:
    grid = RecordGrid("EPSG:28408")
    at = grid.place(PlanePoint(4430415.604, 8664941.733))
    assert bearing_and_distance(at, Position(39.9911, 46.93))[1] < 0.002
    back = grid.plane(at)
    assert back.distance_m(PlanePoint(4430415.604, 8664941.733)) < 0.001
    unshifted = grid.place(back, shifted=False)
    assert bearing_and_distance(unshifted, Position(39.991187, 46.931196))[1] < 0.1
    assert grid_at(at, EPSG_15865) == grid
    neighbour = grid.other_zone(1)
    assert neighbour is not None
    assert zone_of(neighbour.crs) == 9
    assert RecordGrid("EPSG:32638", None).other_zone(1) is None
    assert zone_of("custom:local1") is None


def test_a_bearing_in_the_grid_is_laid_off_from_its_north() -> None:
    start = PlanePoint(0, 0)
    assert start.moved(90, 100).distance_m(PlanePoint(0, 100)) < 1e-9
    assert start.moved(180, 100).distance_m(PlanePoint(-100, 0)) < 1e-9
