"""Does a place lie inside an outline? Asked of every outline, those that cross themselves too: ground that somebody
called released counts for the missed-item alarm however badly it was drawn.
"""

from __future__ import annotations

from typing import Any

from fieldapp.geodesy.area import Geometry, Ring, rings

_MOST_CROSSINGS = 5_000
_MOST_ASKED = 20_000_000
"""Loops times turning points: for more, every loop is ground."""
_ASKED_EDGES = 256

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


def _polygon(part: list[Ring]) -> Ground:
    import shapely

    holes = [hole for hole in part[1:] if len(hole) > 2]
    made = shapely.Polygon(part[0], holes)
    return made if shapely.is_valid(made) else _loops(part[0], holes)


def _loops(shell: Ring, holes: list[Ring]) -> Ground:
    """All loops of a part that crosses itself, without its holes.

    A tangle with more crossings than anybody can count has its convex hull for ground: more rather than less.
    """
    import numpy as np
    import shapely

    rings = [shapely.LineString([*ring, ring[0]]) for ring in (shell, *holes)]
    if sum(_crossings(ring) for ring in (shell, *holes)) > _MOST_CROSSINGS:
        return rings[0].convex_hull
    made, cuts, dangles, _ = shapely.polygonize_full([shapely.union_all(rings)])
    faces, lines = shapely.get_parts(made), [cuts, dangles]  # of an outline without width the line is left
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    if len(faces) * sum(map(len, (shell, *holes))) > _MOST_ASKED:
        return shapely.union_all([*faces, *lines])
    turns, in_hole = _turns(shell, inside), np.zeros(len(faces), bool)
    for hole in holes:
        in_hole ^= _turns(hole, inside) % 2 != 0
    # what of a hole lies outside, or where the shell goes round twice, may be ground as well
    return shapely.union_all([*faces[np.where(in_hole, turns % 2 == 0, turns != 0)], *lines])


def _crossings(ring: Ring) -> int:
    """How often a ring may cross itself, from some of its edges."""
    import numpy as np
    import shapely

    points = np.array([*ring, ring[0]])
    edges = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
    tree, every = shapely.STRtree(edges), max(1, len(edges) // _ASKED_EDGES)
    met = 0
    for edge in edges[::every]:
        met += len(tree.query(edge, predicate="crosses"))
        if met > 2 * _MOST_CROSSINGS:
            break
    return max(met // 2, met * every // 2)


def _turns(ring: Ring, places: Any) -> Any:
    """How often a ring goes round each place (an array of (lon, lat)): Sunday's winding number (2001)."""
    import numpy as np

    points = np.array([*ring, ring[0]])
    (x1, y1), (x2, y2) = points[:-1].T, points[1:].T
    found = np.zeros(len(places), int)
    for at, (x, y) in enumerate(places):
        left = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
        found[at] = ((y1 <= y) & (y2 > y) & (left > 0)).sum() - ((y1 > y) & (y2 <= y) & (left < 0)).sum()
    return found


def holds(ground: Ground, lat: float, lon: float) -> bool:
    """Does the place (degrees) lie in the ground or on its edge?"""
    import shapely

    return bool(shapely.intersects_xy(ground, lon, lat))


def box(ground: Ground) -> tuple[float, float, float, float]:
    """South, west, north, east of the ground in degrees."""
    west, south, east, north = ground.bounds
    return south, west, north, east
