"""Does a place lie inside an outline? Asked of every outline, those that cross themselves too: ground that somebody
called released counts for the missed-item alarm however badly it was drawn.
"""

from __future__ import annotations

from typing import Any

from fieldapp.geodesy.area import Geometry, rings

Ground = Any
"""A shapely geometry in (lon, lat) degrees."""


def any_ground(outline: Geometry) -> Ground | None:
    """All ground that an outline may mean: as drawn, or every loop of one that crosses itself; None for none."""
    import shapely

    try:
        parts = [part for part in rings(outline) if part and len(part[0]) > 2]
        made = shapely.union_all([_polygon(part) for part in parts])
    except (ValueError, TypeError, KeyError, IndexError, shapely.errors.ShapelyError):
        return None
    return None if made.is_empty else made


def _polygon(part: list[list[tuple[float, float]]]) -> Ground:
    import shapely

    made = shapely.Polygon(part[0], [hole for hole in part[1:] if len(hole) > 2])
    # the loops of a crossed ring; both ways of reading it, as either may leave one out
    return made if shapely.is_valid(made) else shapely.union(
        shapely.make_valid(made), shapely.make_valid(made, method="structure", keep_collapsed=False)
    )


def holds(ground: Ground, lat: float, lon: float) -> bool:
    """Does the place (degrees) lie in the ground or on its edge?"""
    import shapely

    return bool(shapely.intersects_xy(ground, lon, lat))


def box(ground: Ground) -> tuple[float, float, float, float]:
    """South, west, north, east of the ground in degrees."""
    west, south, east, north = ground.bounds
    return south, west, north, east
