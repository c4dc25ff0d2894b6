"""The view: positions to pixels and back, zoom about a point, and what fits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.geodesy.area import distance_m
from ui.map.view import NORTHERNMOST_DEG, Box, View, position_of, world_of

VIEW = View.at(40.0, 47.0, 12.0, 1280, 800)


@given(st.floats(-85, 85), st.floats(-180, 180))
def test_world_coordinates_lead_back_to_the_position(lat: float, lon: float) -> None:
    assert position_of(*world_of(lat, lon)) == pytest.approx((lat, lon), abs=1e-9)


def test_poles_stand_at_the_edge_and_the_middle_never_leaves_the_world() -> None:
    assert world_of(90, 0)[1] == pytest.approx(0, abs=1e-9)
    assert world_of(-90, 0)[1] == pytest.approx(1, abs=1e-9)
    assert VIEW.moved(1e12, -1e12).x == 0
    assert VIEW.moved(1e12, -1e12).y == 1


def test_the_middle_stands_in_the_middle() -> None:
    assert VIEW.pixel(40.0, 47.0) == pytest.approx((640, 400))
    assert VIEW.position(640, 400) == pytest.approx((40.0, 47.0))


@given(st.floats(-3, 3), st.floats(0, 1280), st.floats(0, 800))
def test_what_lies_under_the_pointer_stays_there_when_zooming(steps: float, px: float, py: float) -> None:
    before = VIEW.position(px, py)
    assert VIEW.zoomed(steps, px, py).position(px, py) == pytest.approx(before, abs=1e-7)


def test_a_hundred_pixels_are_as_long_as_the_scale_says() -> None:
    one, other = VIEW.position(640, 400), VIEW.position(740, 400)
    assert distance_m(*one, *other) == pytest.approx(100 * VIEW.metres_per_px(), rel=0.004)


def test_a_box_is_shown_whole_with_room_and_never_too_near() -> None:
    box = Box.of_degrees(39.9, 46.9, 40.1, 47.2)
    view = VIEW.showing(box)
    assert view.box.west < box.west
    assert view.box.east > box.east
    assert view.box.north < box.north
    assert view.box.south > box.south
    assert VIEW.showing(Box.of_degrees(40, 47, 40, 47)).zoom == 18
    assert math.isfinite(VIEW.showing(Box.of_degrees(-90, -180, 90, 180)).zoom)


EDGES = ((0.0, 180.0), (70.0, -180.0), (70.0, 179.9999), (85.0, 47.0), (88.0, 47.0), (90.0, 180.0), (-90.0, -180.0))


@pytest.mark.parametrize("zoom", [3.0, 12.0, 22.0])
@pytest.mark.parametrize(("lat", "lon"), list(EDGES))
def test_at_the_edges_of_the_world_views_stay_in_it_and_pixels_lead_back(lat: float, lon: float, zoom: float) -> None:
    view = View.at(lat, lon, zoom, 1280, 800)
    views = [view, view.moved(1e5, 1e5), view.moved(-1e5, -1e5), view.zoomed(3, 0, 0), view.zoomed(-9, 1280, 800)]
    for one in (*views, view.showing(Box.of_degrees(lat, lon, lat, lon)), view.centred(lat, lon)):
        assert 0 <= one.x <= 1
        assert 0 <= one.y <= 1
        assert all(math.isfinite(number) for number in (*one.middle, one.metres_per_px(), *one.pixel(lat, lon)))
        assert one.metres_per_px() > 0
    shown = min(max(lat, -NORTHERNMOST_DEG), NORTHERNMOST_DEG)
    assert view.position(*view.pixel(lat, lon)) == pytest.approx((shown, lon), abs=1e-6)
    assert view.pixel(lat, lon) == pytest.approx((640, 400), abs=1e-3)


def test_beyond_the_edges_there_is_no_ground() -> None:
    east, north = View.at(0.0, 180.0, 12.0, 800, 600), View.at(88.0, 0.0, 12.0, 800, 600)
    assert east.shows_world(399, 300)
    assert not east.shows_world(401, 300)
    assert north.shows_world(400, 301)
    assert not north.shows_world(400, 299)
