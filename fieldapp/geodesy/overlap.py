"""Ground that outlines share, and ground that one has beyond another, in square metres on the ellipsoid.

Shapes are cut in longitude and latitude, where an edge is the straight line between its turning points as everywhere
here, and the pieces are measured on WGS 84. Outlines that cross themselves have no ground that can be compared.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from fieldapp.geodesy.area import Geometry, rings
from fieldapp.geodesy.crs import ellipsoid

_NOTHING_M2 = 1.0
"""Neighbours share an edge and typed points differ by centimetres: less than this is no overlap."""

Key = TypeVar("Key", bound=Hashable)


def shape(geometry: Geometry) -> Any | None:
    """The outline as shapely has it; None where it crosses itself or is none."""
    import shapely

    try:
        parts = rings(geometry)
        made = shapely.MultiPolygon([(part[0], part[1:]) for part in parts if part])
    except (ValueError, TypeError, KeyError, IndexError, shapely.errors.ShapelyError):
        return None
    return made if not made.is_empty and shapely.is_valid(made) else None


def beyond_m2(now: Geometry, before: Geometry) -> float | None:
    """Square metres of ``now`` that ``before`` did not cover; None where they cannot be compared."""
    first, second = shape(now), shape(before)
    return None if first is None or second is None else _m2(first.difference(second))


def covered_m2(wanted: Any, others: Sequence[Any]) -> float:
    """Square metres of the shape ``wanted`` that any of the shapes ``others`` covers, each place once."""
    import shapely

    return _m2(wanted.intersection(shapely.union_all(list(others)))) if others else 0.0


class Ground(Generic[Key]):
    """Many shapes (of ``shape``) that are asked which of them another one overlaps."""

    def __init__(self, shapes: Mapping[Key, Any]) -> None:
        import shapely

        self._keys, self._shapes = list(shapes), list(shapes.values())
        self._tree = shapely.STRtree(self._shapes)

    def overlapped(self, wanted: Any, *, without: Iterable[Key] = ()) -> dict[Key, float]:
        """Those that share ground with the shape ``wanted``, with the square metres; ``without`` are left out."""
        left_out = set(without)
        found: dict[Key, float] = {}
        for place in self._near(wanted):
            key = self._keys[place]
            if key not in left_out and (m2 := _m2(wanted.intersection(self._shapes[place]))) >= _NOTHING_M2:
                found[key] = m2
        return found

    def holding(self, points: Any) -> int:
        """How many of these points (an array of shapely's) lie in at least one of them, or on its edge."""
        return len({int(place) for place in self._tree.query(points, predicate="intersects")[0]})

    def _near(self, wanted: Any) -> Sequence[int]:
        return [int(place) for place in self._tree.query(wanted, predicate="intersects")]


def _m2(made: Any) -> float:
    """Geodesic square metres of the polygons in a shape; shared edges and points have none."""
    import shapely

    total = 0.0
    for part in shapely.get_parts(shapely.get_parts(made)):  # a collection may hold several of several
        if part.geom_type == "Polygon":
            total += abs(float(ellipsoid().geometry_area_perimeter(shapely.geometry.polygon.orient(part))[0]))
    return total
