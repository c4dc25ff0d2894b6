"""The view: positions to pixels and back, zoom about a point, and what fits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.geodesy.area import distance_m
from ui.map.view import Box, View, position_of, world_of

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
