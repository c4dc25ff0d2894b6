"""What lies within some metres of a place: finds, ground with an outline, accidents; the nearest first.

Every reading of a dispute counts: what only one of two readings puts here is here (M17, M18). Ground that crosses
itself counts with all of its loops.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.geodesy.area import bearing_deg, distance_m
from fieldapp.geodesy.inside import any_ground
from fieldapp.geodesy.nearness import metres_per_degree
from fieldapp.ids import RecordName
from fieldapp.operations import lookup, map_grounds
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import space

RADIUS_M = 50.0
MOST_RADIUS_M = 2_000.0
"""Farther off, distances on a plane are no longer good to a centimetre, and lists no longer short."""
MOST_FINDS = 200
"""So many finds are named at most, the nearest."""
GROUND = ("hazardous_area", "plot", "task")
"""Kinds with an outline, the most dangerous first."""
_POINTED = ("hazardous_area", "task")
"""Those of them that may have a line or points in its place."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """One record near a place, by the reading that puts it nearest."""

    record: RecordName
    kind: str
    number: str
    row: Mapping[str, Any]
    """Columns of the record as shown."""
    lat: float
    lon: float
    """The point of it that is nearest to the place, WGS 84 degrees."""
    metres: float
    """0: the place lies in it or on its edge."""
    bearing_deg: float | None
    """From the place to it, from true north; None where it is there."""


def within(ws: Workspace, lat: float, lon: float, radius_m: float = RADIUS_M) -> list[Nearby]:
    """Present records within ``radius_m`` metres (at most ``MOST_RADIUS_M``) of a place, the nearest first."""
    radius_m = min(max(radius_m, 0.0), MOST_RADIUS_M)
    found: list[Nearby] = []
    for turned in _turns(lon):
        near = space.finds_near(ws.store, lat, turned, radius_m)
        found += [_named(one.row, one.lat, one.lon, lat, lon) for one in near]
        for kind in GROUND:
            found += _ground(ws, kind, lat, turned, radius_m)
        found += _unoutlined(ws, lat, turned, radius_m, {one.record for one in found})
    found += _accidents(ws, lat, lon, radius_m)
    nearest: dict[RecordName, Nearby] = {}
    for one in sorted(found, key=lambda one: one.metres):
        nearest.setdefault(one.record, one)
    return list(nearest.values())


def _turns(lon: float) -> list[float]:
    """A longitude, and near the antimeridian the same one as it is counted from the other side."""
    return [lon] if abs(lon) < _NEAR_THE_ANTIMERIDIAN else [lon, lon - math.copysign(360.0, lon)]


def _named(row: Any, its_lat: float, its_lon: float, lat: float, lon: float, metres: float | None = None) -> Nearby:
    away = distance_m(lat, lon, its_lat, its_lon) if metres is None else metres
    bearing = bearing_deg(lat, lon, its_lat, its_lon) if away > 0 else None
    its_lon = its_lon if abs(its_lon) <= 180 else its_lon - math.copysign(360.0, its_lon)
    number = str(row["local_id"] or row["id"][:8])
    return Nearby(row.name, row.kind, number, row, its_lat, its_lon, away, bearing)


def _ground(ws: Workspace, kind: str, lat: float, lon: float, radius_m: float) -> list[Nearby]:
    nearest: dict[RecordName, Nearby] = {}
    for one in space.outlines_meeting(ws.store, kind, space.box_around(lat, lon, radius_m)):
        ground = any_ground(json.loads(one.outline))
        if ground is None:
            continue
        *where, metres = _nearest_of(ground, lat, lon)
        if metres <= radius_m and metres < nearest.get(one.row.name, _FAR).metres:
            nearest[one.row.name] = _named(one.row, where[0], where[1], lat, lon, metres)
    return list(nearest.values())


def _nearest_of(shape: Any, lat: float, lon: float) -> tuple[float, float, float]:
    """Latitude and longitude of the nearest point of a shape, and its metres."""
    import shapely

    per_lat, per_lon = metres_per_degree(lat)
    scaled = shapely.transform(shape, lambda xy: (xy - (lon, lat)) * (per_lon, per_lat))
    (_, _), (east_m, north_m) = shapely.shortest_line(shapely.Point(0.0, 0.0), scaled).coords
    return lat + north_m / per_lat, lon + east_m / per_lon, float((east_m**2 + north_m**2) ** 0.5)


def _unoutlined(ws: Workspace, lat: float, lon: float, radius_m: float, known: Collection[RecordName]) -> list[Nearby]:
    """Ground of which only a line or points are known: it is ground all the same."""
    import shapely

    box = space.box_around(lat, lon, radius_m)
    nearest: dict[RecordName, tuple[float, float, float]] = {}
    for one in (ground for kind in _POINTED for ground in map_grounds.of_kind(ws, kind)):
        if one.record in known or any(line.closed for line in one.lines):
            continue
        lines = [list(zip(line.lons, line.lats, strict=True)) for line in one.lines]
        places = [point for line in lines for point in line] or [(its_lon, its_lat) for its_lat, its_lon in one.points]
        if not places or not shapely.box(box.west, box.south, box.east, box.north).intersects(
            shapely.MultiPoint(places).envelope
        ):
            continue
        found = _nearest_of(shapely.MultiLineString(lines) if lines else shapely.MultiPoint(places), lat, lon)
        if found[2] <= radius_m and found[2] < nearest.get(one.record, (0.0, 0.0, float("inf")))[2]:
            nearest[one.record] = found
    rows = lookup.rows_of(ws, list(nearest))
    return [_named(rows[name], its[0], its[1], lat, lon, its[2]) for name, its in nearest.items() if name in rows]


_NEAR_THE_ANTIMERIDIAN = 175.0
_FAR = Nearby("", "", "", {}, 0.0, 0.0, float("inf"), None)


def _accidents(ws: Workspace, lat: float, lon: float, radius_m: float) -> list[Nearby]:
    """There are few of them: all are looked at."""
    found = [
        _named(row, float(row["lat"]), float(row["lon"]), lat, lon)
        for row in lookup.rows(ws, "accident", retracted=False)
        if row["lat"] is not None and row["lon"] is not None
    ]
    return [one for one in found if one.metres <= radius_m]


def as_json(one: Nearby) -> dict[str, Any]:
    """One of them as scripts get it."""
    return {
        "record": one.record, "kind": one.kind, "number": one.number, "lat": round(one.lat, 7),
        "lon": round(one.lon, 7), "metres": round(one.metres, 2),
        "bearing_deg": None if one.bearing_deg is None else round(one.bearing_deg, 1),
    }  # fmt: skip
