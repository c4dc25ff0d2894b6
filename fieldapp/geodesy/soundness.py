"""What may be wrong with the points of an outline, and how outlines lie to places and to one another.

Points are looked at as they stand in the record: nothing is opened, turned or left out before it is judged. Ground is
a shapely geometry in lon and lat (``overlap.shape``); what is measured of it is geodesic.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from fieldapp.geodesy.crs import ellipsoid

Ring = list[tuple[float, float]]
"""(lon, lat) in degrees, as the record has them: the first point may be repeated at the end."""
Parts = list[list[Ring]]
Ground = Any
"""A valid, not empty shapely MultiPolygon."""

SAME_POINT_DEG = 1e-6
"""Vertices nearer than this in both directions are one (GICHD's clean-up scripts)."""
_METRES_OF_A_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Defect:
    """Something about the points of an outline. ``code`` is that of the rule in ``domain.checks``."""

    code: str
    lat: float
    lon: float
    first: int = 0
    """Number (from 1, in its ring) of the point concerned, with ``second`` where there are two."""
    second: int = 0
    metres: float = 0.0
    count: int = 0


class _Vertex(msgspec.Struct, gc=False):
    lat: str | float
    lon: str | float


_convert = msgspec.json.Decoder(list[list[list[_Vertex]]]).decode


def parts_of(outline: Any) -> Parts | None:
    """The points of a stored outline (its column's text, or its value); None where it cannot be read as points."""
    try:
        read = _convert(outline if isinstance(outline, str) else msgspec.json.encode(outline))
        parts = [[[(float(v.lon), float(v.lat)) for v in ring] for ring in part] for part in read]
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError):
        return None
    fine = all(
        -180 <= lon <= 180 and -90 <= lat <= 90 for part in parts for ring in part for lon, lat in ring
    )
    return parts if fine and parts and all(part and all(part) for part in parts) else None


def same_point(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Are two points one, to 1e-6 degrees?"""
    return abs(one[0] - other[0]) < SAME_POINT_DEG and abs(one[1] - other[1]) < SAME_POINT_DEG


def defects(parts: Parts, *, long_m: float, short_m: float) -> list[Defect]:
    """What is odd about the points of an outline: their number, repetitions, legs too long or too short."""
    found: list[Defect] = []
    for part in parts:
        for ring in part:
            found += _of_ring(ring, long_m, short_m)
    return found


def _of_ring(ring: Ring, long_m: float, short_m: float) -> Iterator[Defect]:
    lon, lat = ring[0]
    if len(ring) > 3 and same_point(ring[-2], ring[0]) and same_point(ring[-1], ring[1]):
        yield Defect("first_two_repeated", ring[-1][1], ring[-1][0])
        ring = ring[:-2]
    elif len(ring) > 3 and same_point(ring[-1], ring[0]):
        yield Defect("closing_point_repeated", lat, lon)
        ring = ring[:-1]
    points = len(ring)
    if _different(ring) < 3:
        yield Defect("too_few_points", lat, lon, count=_different(ring))
        return
    # numbers tell short and long legs from others well enough; what is said is measured
    wide = math.cos(math.radians(lat)) * _METRES_OF_A_DEGREE
    for at, one in enumerate(ring):
        other = ring[at + 1 - points]
        rough_m = math.hypot((other[0] - one[0]) * wide, (other[1] - one[1]) * _METRES_OF_A_DEGREE)
        if 1.2 * short_m < rough_m < 0.8 * long_m:
            continue
        first, second = at + 1, (at + 1) % points + 1
        if same_point(one, other):
            yield Defect("repeated_point", one[1], one[0], first, second)
            continue
        metres = float(ellipsoid().inv(*one, *other)[2])
        if metres > long_m or metres < short_m:
            yield Defect("long_leg" if metres > long_m else "short_leg", one[1], one[0], first, second, metres)


def _different(ring: Ring) -> int:
    found: Ring = []
    for point in ring:
        if not any(same_point(point, one) for one in found):
            found.append(point)
        if len(found) == 3:
            break
    return len(found)


def opened(ring: Ring) -> Ring:
    """The ring without a repeated last point."""
    return ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring


def make(parts: Parts) -> Any | None:
    """The shapely geometry through these points, sound or not; None where a ring has fewer than three points."""
    import shapely

    if any(len(opened(ring)) < 3 for part in parts for ring in part):
        return None
    return shapely.MultiPolygon([(part[0], part[1:]) for part in parts])


def make_all(many: Sequence[Parts]) -> list[Any | None]:
    """``make`` for many outlines; those of one ring, nearly all, are made together, as plain polygons."""
    import shapely

    made: list[Any | None] = [None] * len(many)
    plain: list[int] = []
    for at, parts in enumerate(many):
        if len(parts) == 1 and len(parts[0]) == 1 and len(opened(parts[0][0])) >= 3:
            plain.append(at)
        else:
            made[at] = make(parts)
    if plain:
        points = [point for at in plain for point in many[at][0][0]]
        ring_of = [place for place, at in enumerate(plain) for _ in many[at][0][0]]
        for at, shape in zip(plain, shapely.polygons(shapely.linearrings(points, indices=ring_of)), strict=True):
            made[at] = shape
    return made


def parts_m2(parts: Parts) -> float:
    """Geodesic square metres of a sound outline, holes taken out."""
    return sum(_points_m2(part[0]) - sum(map(_points_m2, part[1:])) for part in parts)


def _points_m2(ring: Ring) -> float:
    lons, lats = zip(*ring, strict=True)
    return abs(float(ellipsoid().polygon_area_perimeter(lons, lats)[0]))


def ground_of(parts: Parts) -> tuple[Ground | None, Defect | None]:
    """The ground inside an outline, or what keeps it from having any, with the place."""
    import shapely

    made = make(parts)
    if made is None:
        return None, None
    if not shapely.is_valid(made):
        return None, crossing(parts, made)
    if made.area <= 0:
        return None, Defect("zero_area", parts[0][0][0][1], parts[0][0][0][0])
    return made, None


def crossing(parts: Parts, made: Any) -> Defect:
    """Why a geometry that is not valid is not, and where: a ring crosses itself, or parts or holes cross."""
    import shapely

    lon, lat = parts[0][0][0]
    alone = [shapely.Polygon(ring) for part in parts for ring in part]
    if any(one.area == 0 and shapely.box(*one.bounds).area == 0 for one in alone) or all(
        _on_one_line(ring) for part in parts for ring in part
    ):
        return Defect("zero_area", lat, lon)
    bad = next((one for one in alone if not shapely.is_valid(one)), None)
    place = re.search(r"\[(\S+) (\S+)\]", str(shapely.is_valid_reason(bad if bad is not None else made)))
    if place is not None:
        lon, lat = float(place[1]), float(place[2])
    return Defect("parts_overlap" if bad is None else "self_crossing", lat, lon)


def _on_one_line(ring: Ring) -> bool:
    lon0, lat0 = ring[0]
    far = max(((lon - lon0, lat - lat0) for lon, lat in ring), key=lambda arm: math.hypot(*arm))
    length = math.hypot(*far) or 1.0
    return all(abs(far[0] * (lat - lat0) - far[1] * (lon - lon0)) <= 1e-8 * length for lon, lat in ring)


def holds(ground: Ground, lat: float, lon: float) -> bool:
    """Does a place lie in the ground or on its edge?"""
    import shapely

    return bool(shapely.intersects_xy(ground, lon, lat))


def metres_outside(ground: Ground, lat: float, lon: float) -> float:
    """Metres from a place to the nearest edge of the ground, 0 inside it; good to a few per mille within 100 km."""
    import shapely

    if holds(ground, lat, lon):
        return 0.0
    return _metres_to(shapely.boundary(ground), lat, lon)


def _metres_to(line: Any, lat: float, lon: float) -> float:
    """In degrees of longitude made as long as those of latitude the nearest point is the nearest on the ground."""
    import shapely

    narrow = math.cos(math.radians(lat))
    flat = shapely.transform(line, lambda xy: xy * (narrow, 1.0))
    nearest = flat.interpolate(flat.project(shapely.Point(lon * narrow, lat)))
    return float(ellipsoid().inv(lon, lat, nearest.x / narrow, nearest.y)[2])


def m2_of(made: Any) -> float:
    """Geodesic square metres of the polygons in a geometry; points and lines have none."""
    import shapely

    total = 0.0
    for part in shapely.get_parts(shapely.get_parts(made)):
        if part.geom_type == "Polygon":
            total += _ring_m2(part.exterior) - sum(_ring_m2(hole) for hole in part.interiors)
    return total


def _ring_m2(ring: Any) -> float:
    lons, lats = ring.coords.xy
    return abs(float(ellipsoid().polygon_area_perimeter(lons, lats)[0]))


def without(ground: Ground, others: Sequence[Ground]) -> Any:
    """What of a ground none of the others covers."""
    import shapely

    return ground.difference(shapely.union_all(list(others))) if others else ground


def same_outline(one: Parts, other: Parts) -> bool:
    """Do two outlines have the same points, also started elsewhere or wound the other way?"""
    if [len(part) for part in one] != [len(part) for part in other]:
        return False
    left = [opened(ring) for part in other for ring in part]
    for ring in (opened(ring) for part in one for ring in part):
        match = next((at for at, candidate in enumerate(left) if _same_ring(ring, candidate)), None)
        if match is None:
            return False
        left.pop(match)
    return True


def _same_ring(one: Ring, other: Ring) -> bool:
    count = len(one)
    if count != len(other):
        return False
    starts = [at for at, point in enumerate(other) if same_point(point, one[0])]
    return any(
        all(same_point(one[step], other[(at + way * step) % count]) for step in range(count))
        for at in starts for way in (1, -1)
    )


def box_of(parts: Sequence[Sequence[Ring]]) -> tuple[float, float, float, float]:
    """South, west, north, east of an outline's points."""
    lons = [lon for part in parts for ring in part for lon, _ in ring]
    lats = [lat for part in parts for ring in part for _, lat in ring]
    return min(lats), min(lons), max(lats), max(lons)
