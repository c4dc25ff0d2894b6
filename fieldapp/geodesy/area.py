"""Outlines: made from turning points, checked, and measured on the ellipsoid of WGS 84.

The geodesic area is the recorded one; a grid area differs from it by up to 0.17 %. Distances are horizontal.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from fieldapp.domain.checks import LONG_LEG_M
from fieldapp.domain.decimals import decimal_text
from fieldapp.errors import OperatorError
from fieldapp.geodesy.coordinates import Position, format_position
from fieldapp.geodesy.crs import WGS84, ellipsoid, transformer, utm_crs, utm_zone
from fieldapp.geodesy.soundness import same_point
from fieldapp.texts import N_, Texts

Geometry = Mapping[str, Any] | Sequence[Any]
"""A GeoJSON Polygon or MultiPolygon (rings of lon, lat; numbers or decimal text), or a plot's ``land.outline``:
a list of parts, each a list of rings (shell, then holes), each a list of ``{"lat", "lon"}``."""
Ring = list[tuple[float, float]]
"""(lon, lat) in degrees, the first point not repeated at the end."""

PLACES = 9
"""Digits after the point of stored latitudes and longitudes."""

INTERMEDIATE_M = 50.0
"""Turning points further apart want intermediate points between them (GICHD point types; advice only)."""
_PROBLEMS = {
    "too_few_points": N_("An outline needs three different points; there are {count}."),
    "repeated_point": N_("Points {first} and {second} are the same place."),
    "self_crossing": N_("The outline crosses or touches itself at {place}."),
    "zero_area": N_("The outline encloses no ground."),
    "parts_overlap": N_("Parts or holes of the outline cross or overlap at {place}."),
    "hole_outside": N_("A hole lies outside of its part, at {place}."),
    "last_two_repeat": N_("The last two points repeat the first two, at {place}."),
    "closing_repeated": N_("The last point repeats the first one: the outline closes by itself."),
    "long_leg": N_("Points {first} and {second} are {metres} m apart: more than 5 km is mostly a mistake."),
    "intermediate": N_("Legs without intermediate points go over 50 m: the longest is {metres} m, from point {first}."),
}
_IN_RING = N_("Part {part}, ring {ring}: {problem}")
_MEASURABLE = frozenset(("repeated_point", "closing_repeated", "long_leg", "intermediate"))
_WIDEST_DEG = 180.0
"""A ring wider than this goes round a pole or across 180 degrees: its crossing cannot be judged in lon and lat."""
_THIN_DEG = 1e-8
"""A millimetre: an outline narrower than this is a line."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with an outline. ``code`` is a key of the sentences above; ``place`` where, if it is one place.

    ``points`` are the numbers (from 1, in typed order) of the points concerned.
    """

    code: str
    place: Position | None = None
    points: tuple[int, ...] = ()
    count: int = 0
    metres: float = 0.0
    ring: tuple[int, int] | None = None
    """Numbers (from 1) of part and ring; None where the outline has one ring, or all rings are concerned."""

    @property
    def blocks(self) -> bool:
        """Does it keep the outline from having an area?"""
        return self.code not in _MEASURABLE

    def sentence(self, texts: Texts) -> str:
        """The problem in the language of ``texts``."""
        first, second = self.points if len(self.points) == 2 else (0, 0)
        place = format_position(self.place.lat, self.place.lon, "dd") if self.place else ""
        said = texts(
            _PROBLEMS[self.code], count=self.count, first=first, second=second, place=place,
            metres=texts.number(self.metres, 1),
        )  # fmt: skip
        return said if self.ring is None else texts(_IN_RING, part=self.ring[0], ring=self.ring[1], problem=said)


class OutlineHasNoArea(OperatorError):
    """The outline crosses itself, or its parts or holes overlap: any area computed of it would be wrong."""

    code = "outline_has_no_area"
    what = N_("The outline crosses itself or its parts overlap, at {place}: it has no area.")
    do = N_("Put the turning points in walking order.")


def polygon(points: Sequence[Position]) -> dict[str, Any]:
    """The GeoJSON Polygon through ``points`` in their order: lon and lat as decimal text, the ring closed.

    Nothing is checked, turned round or left out. See ``outline_problems``.
    """
    ring = [[decimal_text(point.lon, PLACES), decimal_text(point.lat, PLACES)] for point in points]
    if ring and (len(ring) == 1 or ring[0] != ring[-1]):
        ring.append(list(ring[0]))
    return {"type": "Polygon", "coordinates": [ring]}


def rings(geometry: Geometry) -> list[list[Ring]]:
    """The parts of an outline as lists of open rings, shell first. Raises ValueError for other GeoJSON types."""
    if isinstance(geometry, Mapping):
        if geometry.get("type") not in {"Polygon", "MultiPolygon"}:
            raise ValueError(f"no outline: {geometry.get('type')}")
        parts = geometry["coordinates"]
        parts = [parts] if geometry["type"] == "Polygon" else parts
    else:
        parts = geometry
    return [[_open_ring(ring) for ring in part] for part in parts]


def outline_problems(points: Sequence[Position]) -> list[Problem]:
    """What is wrong with the ring through typed ``points``; a last point equal to the first only closes it.

    They are to be shown, never to be mended: points stay as measured.
    """
    keys = [(decimal_text(point.lon, PLACES), decimal_text(point.lat, PLACES)) for point in points]
    if len(keys) > 1 and keys[0] == keys[-1]:
        keys.pop()
    ring = [(float(lon), float(lat)) for lon, lat in keys]
    found = [
        Problem("repeated_point", points[number], (number, number + 1))
        for number, (one, other) in enumerate(pairwise(ring), start=1)
        if same_point(one, other)
    ]
    if len(set(keys)) < 3:
        return [*found, Problem("too_few_points", count=len(set(keys)))]
    if len(set(keys)) == len(keys) - 2 >= 3 and keys[:2] == keys[-2:]:
        return [*found, Problem("last_two_repeat", points[0], (len(keys) - 1, len(keys)))]
    if _on_one_line(ring):
        return [*found, Problem("zero_area")]
    crossing = _crossing([[ring]])
    if crossing is not None:
        return [*found, Problem("self_crossing", crossing[1])]
    return [*found, Problem("zero_area")] if _area_m2(ring) < 0.05 else found


def geometry_problems(geometry: Geometry) -> list[Problem]:
    """What is wrong with an outline of several parts or with holes: with each ring, then with all together."""
    parts = rings(geometry)
    several = sum(map(len, parts)) > 1
    found = [
        dataclasses.replace(problem, ring=(p, r) if several else None)
        for p, part in enumerate(parts, 1)
        for r, ring in enumerate(part, 1)
        for problem in outline_problems([Position(lat=lat, lon=lon) for lon, lat in ring])
    ]
    if any(problem.blocks for problem in found) or not several:
        return found
    crossing = _crossing(parts)
    if crossing is None:
        return found
    reason, place = crossing
    return [*found, Problem("hole_outside" if reason.startswith("Hole lies outside") else "parts_overlap", place)]


def advice(geometry: Geometry) -> list[Problem]:
    """What is worth a look and keeps nothing from being measured: closing points repeated, long legs, few points."""
    found: list[Problem] = []
    parts = geometry["coordinates"] if isinstance(geometry, Mapping) else geometry
    if isinstance(geometry, Mapping) and geometry.get("type") == "Polygon":
        parts = [parts]
    several = sum(map(len, parts)) > 1
    for p, part in enumerate(parts, 1):
        for r, ring in enumerate(part, 1):
            which = (p, r) if several else None
            points = [Position(lat=lat, lon=lon) for lon, lat in _points_of(ring)]
            if len(points) > 3 and points[0] == points[-1]:
                if not isinstance(geometry, Mapping):  # GeoJSON repeats it by its rules
                    found.append(Problem("closing_repeated", points[0], (1, len(points)), ring=which))
                points.pop()
            found += [dataclasses.replace(problem, ring=which) for problem in _leg_advice(points)]
    return found


def _leg_advice(points: list[Position]) -> list[Problem]:
    legs_m = leg_lengths_m(points)
    found = [
        Problem("long_leg", points[at], (at + 1, (at + 1) % len(points) + 1), metres=leg_m)
        for at, leg_m in enumerate(legs_m)
        if leg_m > LONG_LEG_M
    ]
    longest = max(legs_m, default=0.0)
    if INTERMEDIATE_M < longest <= LONG_LEG_M:
        at = legs_m.index(longest)
        count = sum(leg_m > INTERMEDIATE_M for leg_m in legs_m)
        found.append(Problem("intermediate", points[at], (at + 1, (at + 1) % len(points) + 1), count, longest))
    return found


def outline_area_m2(geometry: Geometry) -> Decimal:
    """Geodesic square metres on WGS 84, holes taken out, one decimal, half up; the winding of rings does not matter.

    Raises OutlineHasNoArea where the outline crosses itself (a bow-tie would come out as 0.0), ValueError where a
    ring has fewer than three points.
    """
    parts = rings(geometry)
    if any(len(ring) < 3 for part in parts for ring in part):
        raise ValueError("a ring needs three points")
    crossing = _crossing(parts)
    if crossing is not None and not all(_on_one_line(ring) for part in parts for ring in part):
        raise OutlineHasNoArea(place=format_position(crossing[1].lat, crossing[1].lon, "dd"))
    area_m2 = sum(_area_m2(part[0]) - sum(map(_area_m2, part[1:])) for part in parts)
    return Decimal(repr(float(area_m2))).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def perimeter_m(geometry: Geometry) -> float:
    """Geodesic length of all rings in metres, holes included."""
    return sum(sum(_legs_m([*ring, ring[0]])) for part in rings(geometry) for ring in part if ring)


def path_m(points: Sequence[tuple[float, float]], *, closed: bool) -> float:
    """Geodesic metres along (lon, lat) points; ``closed``: and back to the first."""
    line = [*points, points[0]] if closed and points else list(points)
    return sum(_legs_m(line))


def legs(points: Sequence[Position]) -> list[tuple[float, float]]:
    """Bearing (from true north, 0 up to 360) and metres from each point to the next, the last one back to the first."""
    ring = [*points, points[0]] if len(points) > 1 else []
    found = (ellipsoid().inv(one.lon, one.lat, other.lon, other.lat) for one, other in pairwise(ring))
    return [(_turn(bearing), float(metres)) for bearing, _, metres in found]


def thinned(points: Sequence[Position], tolerance_m: float) -> list[int]:
    """Places of the points from which no left out one lies further than ``tolerance_m`` (Douglas-Peucker)."""
    if len(points) < 3:
        return list(range(len(points)))
    to_grid = transformer(WGS84, utm_crs(utm_zone(points[0].lon), north=points[0].lat >= 0))
    line = list(zip(*to_grid.transform([p.lon for p in points], [p.lat for p in points]), strict=True))
    kept, waiting = {0, len(points) - 1}, [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        far_m, far = max(((_off_m(line[at], line[first], line[last]), at) for at in range(first + 1, last)),
                         default=(0.0, first))  # fmt: skip
        if far_m > tolerance_m:
            kept.add(far)
            waiting += [(first, far), (far, last)]
    return sorted(kept)


def _off_m(at: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """Metres from a point to the straight piece between two others, in a plane."""
    east, north = end[0] - start[0], end[1] - start[1]
    length2 = east * east + north * north
    along = ((at[0] - start[0]) * east + (at[1] - start[1]) * north) / length2 if length2 else 0.0
    along = min(max(along, 0.0), 1.0)
    return math.hypot(at[0] - start[0] - along * east, at[1] - start[1] - along * north)


def leg_lengths_m(points: Sequence[Position]) -> list[float]:
    """Metres from each point to the next, and from the last back to the first: as many as points, none for one."""
    ring = [(point.lon, point.lat) for point in points]
    return _legs_m([*ring, ring[0]]) if len(ring) > 1 else []


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Geodesic metres between two positions."""
    return float(ellipsoid().inv(lon1, lat1, lon2, lat2)[2])


def bearing_deg(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Bearing at the first position towards the second, from true north, 0 up to (not including) 360."""
    return _turn(ellipsoid().inv(lon1, lat1, lon2, lat2)[0])


def _turn(bearing_deg: float) -> float:
    """From 0 up to 360: Python's remainder of the smallest negative numbers is 360 itself."""
    bearing = float(bearing_deg) % 360
    return 0.0 if bearing == 360 else bearing


def _open_ring(ring: Sequence[Any]) -> Ring:
    points = _points_of(ring)
    return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def _points_of(ring: Sequence[Any]) -> Ring:
    """Of [lon, lat] or {"lat", "lon"} vertices; extra members and heights are left aside."""
    return [
        (float(vertex["lon"]), float(vertex["lat"]))
        if isinstance(vertex, Mapping)
        else (float(vertex[0]), float(vertex[1]))
        for vertex in ring
    ]


def _legs_m(line: Ring) -> list[float]:
    lons, lats = [lon for lon, _ in line], [lat for _, lat in line]
    metres = ellipsoid().inv(lons[:-1], lats[:-1], lons[1:], lats[1:])[2] if len(line) > 1 else []
    return [float(one) for one in metres]


def _area_m2(ring: Ring) -> float:
    """Whichever way it is wound: pyproj gives clockwise rings a minus, which added holes wound like their shell."""
    area_m2, _ = ellipsoid().polygon_area_perimeter([lon for lon, _ in ring], [lat for _, lat in ring])
    return abs(float(area_m2))


def _on_one_line(ring: Ring) -> bool:
    """Whether all points lie on one straight line, to a millimetre."""
    lon0, lat0 = ring[0]
    arms = [(lon - lon0, lat - lat0) for lon, lat in ring[1:]]
    length, far_lon, far_lat = max((math.hypot(*arm), *arm) for arm in arms)
    return all(abs(far_lon * lat - far_lat * lon) <= _THIN_DEG * length for lon, lat in arms)


def _crossing(parts: list[list[Ring]]) -> tuple[str, Position] | None:
    """Why and where rings cross or touch themselves or one another, if they do; not judged for rings round a pole."""
    import shapely

    lons = [lon for part in parts for ring in part for lon, _ in ring]
    if not lons or max(lons) - min(lons) > _WIDEST_DEG:
        return None
    shape = shapely.MultiPolygon([(part[0], part[1:]) for part in parts])
    if shapely.is_valid(shape):
        return None
    reason = str(shapely.is_valid_reason(shape))
    place = re.search(r"\[(\S+) (\S+)\]", reason)
    if place is None:
        return reason, Position(lat=parts[0][0][0][1], lon=parts[0][0][0][0])
    return reason, Position(lat=float(place[2]), lon=float(place[1]))
