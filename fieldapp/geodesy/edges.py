"""How far a place is from the edge of an outline, and on which side of it."""

from __future__ import annotations

import math
from itertools import pairwise

from fieldapp.geodesy.area import Geometry, rings

_METRES_PER_DEGREE_LAT = 111_132.0
"""Of latitude at 45 degrees. Half a percent at other latitudes: a distance to be read back, no record."""
_METRES_PER_DEGREE_LON = 111_320.0
_FAR_M = 50_000.0


def edge_distance_m(outline: Geometry, lat: float, lon: float) -> tuple[bool, float] | None:
    """Is the place inside, and metres to the nearest edge (good to half a percent); None beyond 50 km.

    Holes count: inside a hole is outside.
    """
    across = _METRES_PER_DEGREE_LON * math.cos(math.radians(lat))
    inside, nearest = False, math.inf
    for ring in (ring for part in rings(outline) for ring in part if len(ring) > 1):
        plane = [((x - lon) * across, (y - lat) * _METRES_PER_DEGREE_LAT) for x, y in ring]
        for one, other in pairwise([*plane, plane[0]]):
            nearest = min(nearest, _from_origin(one, other))
            inside ^= _crosses(one, other)
    return (inside, nearest) if nearest < _FAR_M else None


def _from_origin(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres from the origin to the piece of line between two points."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = dx * dx + dy * dy
    share = 0.0 if length == 0 else max(0.0, min(1.0, -(one[0] * dx + one[1] * dy) / length))
    return math.hypot(one[0] + share * dx, one[1] + share * dy)


def _crosses(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Does the piece of line cross the ray from the origin to the east?"""
    if (one[1] > 0) == (other[1] > 0):
        return False
    return one[0] + (other[0] - one[0]) * (0 - one[1]) / (other[1] - one[1]) > 0
