"""How far a place is from an outline's edge, against geodesics."""

from __future__ import annotations

import pytest

from fieldapp.geodesy.area import distance_m
from fieldapp.geodesy.edges import edge_distance_m

SQUARE = {
    "type": "Polygon",
    "coordinates": [
        [[46.93, 39.98], [46.94, 39.98], [46.94, 39.99], [46.93, 39.99], [46.93, 39.98]],
        [[46.934, 39.984], [46.936, 39.984], [46.936, 39.986], [46.934, 39.986], [46.934, 39.984]],
    ],
}


@pytest.mark.parametrize(
    ("lat", "lon", "inside", "foot"),
    [
        (39.9805, 46.935, True, (39.98, 46.935)),
        (39.979, 46.935, False, (39.98, 46.935)),
        (39.985, 46.9295, False, (39.985, 46.93)),
        (39.985, 46.9352, False, (39.985, 46.936)),
        (39.991, 46.941, False, (39.99, 46.94)),
    ],
)
def test_side_and_distance_of_the_nearest_edge(lat: float, lon: float, inside: bool, foot: tuple[float, float]) -> None:
    found = edge_distance_m(SQUARE, lat, lon)
    assert found is not None
    assert found[0] is inside
    assert found[1] == pytest.approx(distance_m(lat, lon, *foot), rel=0.005)


def test_nothing_is_said_of_a_far_place() -> None:
    assert edge_distance_m(SQUARE, 41.0, 46.93) is None
