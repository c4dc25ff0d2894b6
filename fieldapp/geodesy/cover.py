"""Ground covered by outlines: what of one piece of ground others cover, what is left, and which outlines meet it.

Grounds are shapely geometries in (lon, lat) degrees, so edges are straight in degrees; what they measure is geodesic.
Over the length of a plot's side the two lines are less than a millimetre apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fieldapp.geodesy.area import Geometry, rings
from fieldapp.geodesy.crs import ellipsoid

Ground = Any
"""A valid, not empty shapely Polygon or MultiPolygon."""

TOUCH_M2 = 1.0
"""Neighbours that share an edge overlap by a hand's breadth: less than this is no common ground."""


def ground(outline: Geometry) -> Ground | None:
    """The ground of an outline; None where it crosses itself, its parts overlap, or it encloses nothing.

    Nothing is mended: such an outline does not say which ground it means.
    """
    import shapely

    parts = rings(outline)
    if not parts or any(len(ring) < 3 for part in parts for ring in part) or not all(parts):
        return None
    shape = shapely.MultiPolygon([(part[0], part[1:]) for part in parts])
    return shape if shapely.is_valid(shape) and shape.area > 0 else None


def all_of(grounds: Iterable[Ground]) -> Ground:
    """Everything that at least one of them covers; an empty geometry for none."""
    import shapely

    return shapely.union_all(list(grounds))


def without(one: Ground, other: Ground) -> Ground:
    """What of ``one`` the ``other`` does not cover."""
    import shapely

    return shapely.difference(one, other)


def common(one: Ground, other: Ground) -> Ground:
    """What both cover."""
    import shapely

    return shapely.intersection(one, other)


def square_metres(covered: Ground) -> Decimal:
    """Geodesic square metres on WGS 84, one decimal, half up; 0 for points, lines and nothing."""
    return Decimal(repr(_m2(covered))).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _m2(covered: Ground) -> float:
    if hasattr(covered, "geoms"):
        return sum((_m2(part) for part in covered.geoms), 0.0)
    if covered.geom_type != "Polygon":
        return 0.0
    return _ring_m2(covered.exterior) - sum(_ring_m2(hole) for hole in covered.interiors)


def _ring_m2(ring: Any) -> float:
    lons, lats = ring.xy
    return abs(float(ellipsoid().polygon_area_perimeter(lons, lats)[0]))


class Grounds:
    """Many grounds, quickly asked which of them meet another."""

    def __init__(self, every: Sequence[Ground]) -> None:
        import shapely

        self._every = every
        self._tree = shapely.STRtree(list(every))

    def meeting(self, one: Ground) -> list[int]:
        """Places (in the sequence given) of those that share ground or an edge with ``one``, in order."""
        return sorted(int(place) for place in self._tree.query(one, predicate="intersects"))
