"""How far a place lies from an outline, in metres: 0 inside it."""

from __future__ import annotations

import math
from typing import Any

from fieldapp.geodesy.area import Geometry
from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.overlap import shape

_EQUATOR_M, _ECCENTRICITY2 = 6_378_137.0, 0.006_694_379_990_141
"""WGS 84."""


class Near:
    """One outline that many places are held against. Edges are straight in longitude and latitude."""

    def __init__(self, outline: Geometry) -> None:
        self._shape = shape(outline)

    @property
    def measurable(self) -> bool:
        """False for an outline that crosses itself or encloses nothing: nothing can be near to it or far."""
        return self._shape is not None

    def box(self, margin_m: float) -> tuple[float, float, float, float]:
        """South, west, north, east (degrees) of the outline and so many metres round it."""
        west, south, east, north = map(float, self._measured().bounds)
        per_lat, per_lon = metres_per_degree(max(abs(south), abs(north)))
        up, aside = margin_m / per_lat, margin_m / max(per_lon, 1.0)
        return south - up, west - aside, north + up, east + aside

    def distance_m(self, at: Position) -> float:
        """Metres to the nearest point of the outline, 0 inside. Right to a thousandth within a few kilometres."""
        import shapely

        per_lat, per_lon = metres_per_degree(at.lat)
        scaled = shapely.transform(self._measured(), lambda xy: (xy - (at.lon, at.lat)) * (per_lon, per_lat))
        return float(scaled.distance(shapely.Point(0.0, 0.0)))

    def _measured(self) -> Any:
        if self._shape is None:
            raise ValueError("the outline encloses nothing")
        return self._shape


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres of a degree of latitude and of longitude at a latitude."""
    sine = math.sin(math.radians(lat))
    bent = 1 - _ECCENTRICITY2 * sine * sine
    along = math.radians(1) * _EQUATOR_M
    return along * (1 - _ECCENTRICITY2) / bent**1.5, along * math.cos(math.radians(lat)) / math.sqrt(bent)
