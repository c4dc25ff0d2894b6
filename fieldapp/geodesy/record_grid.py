"""The plane in which a paper record was drawn: its grid, its three norths, and the way from it to the ground.

Soviet records are worked out in the rectangular grid of the map: azimuths from its north, distances along it. Laid off
on the ellipsoid instead, a field of 19,200 m² in the grid would come out 13 m² larger near Aghdam.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.crs import SK42, Way, from_utm, sk42_way, to_utm, transformer
from fieldapp.geodesy.frame import EPSG_15865, DatumOperation
from fieldapp.geodesy.systems import ZONES

_SIX_DEGREES = ZONES["sk42-gk"]


@dataclass(frozen=True)
class PlanePoint:
    """Metres in a grid: Soviet X is ``north``, Y with its zone is ``east``."""

    north: float
    east: float

    def moved(self, grid_bearing_deg: float, distance_m: float) -> PlanePoint:
        """Where so many metres along a grid bearing end."""
        turned = math.radians(grid_bearing_deg)
        return PlanePoint(self.north + distance_m * math.cos(turned), self.east + distance_m * math.sin(turned))

    def distance_m(self, other: PlanePoint) -> float:
        """Metres between two points of one grid."""
        return math.hypot(self.north - other.north, self.east - other.east)


@dataclass(frozen=True)
class RecordGrid:
    """A projected ``crs``; ``operation`` leads from Pulkovo 1942 to WGS 84, None where the grid is one of WGS 84."""

    crs: str
    operation: DatumOperation | None = EPSG_15865

    def plane(self, at: Position) -> PlanePoint:
        """A place on the ground (WGS 84) in the grid."""
        if self.operation is None:
            east, north = to_utm(at.lat, at.lon, self.crs)
        else:
            east, north = sk42_way(self.crs, self.operation).from_wgs84(at.lat, at.lon)
        return PlanePoint(north, east)

    def place(self, point: PlanePoint, *, shifted: bool = True) -> Position:
        """Where a point of the grid is on the ground. Without ``shifted`` its datum is taken for WGS 84: a mistake."""
        if self.operation is None:
            return Position(*from_utm(point.east, point.north, self.crs))
        way = sk42_way(self.crs, self.operation) if shifted else Way(transformer(SK42, self.crs), None)
        return Position(*way.to_wgs84(point.east, point.north))

    def other_zone(self, by: int) -> RecordGrid | None:
        """The grid of the zone so many to the east, for 6-degree Gauss-Krueger; None for other grids."""
        zone = zone_of(self.crs)
        if zone is None or not _SIX_DEGREES.least <= zone + by <= _SIX_DEGREES.most:
            return None
        return RecordGrid(_SIX_DEGREES.crs(zone + by), self.operation)


def zone_of(crs: str) -> int | None:
    """The zone of a 6-degree Gauss-Krueger grid of SK-42; None for other grids."""
    number = crs.removeprefix("EPSG:")
    zone = int(number) - _SIX_DEGREES.first_code if number.isdecimal() else 0
    return zone if _SIX_DEGREES.least <= zone <= _SIX_DEGREES.most else None


def grid_at(at: Position, operation: DatumOperation) -> RecordGrid:
    """The 6-degree Gauss-Krueger grid of SK-42 that a Soviet map of a place has. Raises ValueError beyond its zones."""
    lon, _ = sk42_way(SK42, operation).from_wgs84(at.lat, at.lon)
    zone = _SIX_DEGREES.zone(lon)
    if zone is None:
        raise ValueError(f"no zone at {lon}")
    return RecordGrid(_SIX_DEGREES.crs(zone), operation)
