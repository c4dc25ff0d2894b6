"""The one place that makes pyproj's transformers: axis order, pinned datum operations, no ballpark results, no network.

PROJ answers swapped or nonsense input without complaint (it gave 53 S for swapped Gauss-Krueger axes), so callers
check ranges before and after. A transformer is cached: it is safe to share between threads without network grids.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fieldapp.geodesy.frame import DatumOperation

if TYPE_CHECKING:
    from pyproj import Geod, Transformer

WGS84 = "EPSG:4326"
SK42 = "EPSG:4284"
"""Pulkovo 1942, geographic."""
KRASSOVSKY = "+ellps=krass"

UTM_SOUTH, UTM_NORTH = -80.0, 84.0
"""Latitudes between which UTM is defined (EPSG Guidance Note 7-2)."""


def utm_zone(lon: float) -> int:
    """The 6-degree UTM zone (1 to 60) of a longitude. Norway's and Svalbard's wider zones are not followed."""
    return min(max(math.floor((lon + 180) / 6) + 1, 1), 60)


def utm_crs(zone: int, *, north: bool) -> str:
    """The EPSG code of WGS 84 / UTM ``zone`` (1 to 60) in one hemisphere: EPSG:32638 is 38 north."""
    if not 1 <= zone <= 60:
        raise ValueError(f"no UTM zone: {zone}")
    return f"EPSG:{(32600 if north else 32700) + zone}"


def to_utm(lat: float, lon: float, crs: str) -> tuple[float, float]:
    """Easting and northing in metres of a WGS 84 position, in a CRS of ``utm_crs``."""
    easting, northing = transformer(WGS84, crs).transform(lon, lat)
    return float(easting), float(northing)


def from_utm(easting: float, northing: float, crs: str) -> tuple[float, float]:
    """Latitude and longitude (WGS 84) of easting and northing in metres, in a CRS of ``utm_crs``."""
    lon, lat = transformer(crs, WGS84).transform(easting, northing)
    return float(lat), float(lon)


@dataclass(frozen=True)
class Way:
    """From coordinates of one system to WGS 84 degrees and back, by one conversion and one pinned operation.

    ``project`` leads from (lon, lat) of the system's own datum to (easting, northing), None for a geographic system;
    ``shift`` from (lat, lon) of that datum to WGS 84, None where it is WGS 84 already.
    """

    project: Transformer | None
    shift: Transformer | None

    def to_wgs84(self, easting: float, northing: float) -> tuple[float, float]:
        """WGS 84 latitude and longitude; infinite where the system does not reach. Degrees: easting is lon."""
        lon, lat = (easting, northing) if self.project is None else self._back(self.project, easting, northing)
        if self.shift is None:
            return lat, lon
        lat, lon = self.shift.transform(lat, lon)
        return lat, lon

    def from_wgs84(self, lat: float, lon: float) -> tuple[float, float]:
        """Easting and northing of a WGS 84 position; infinite where the system does not reach. Degrees: lon, lat."""
        if self.shift is not None:
            lat, lon = self._unshifted(self.shift, lat, lon)
        if self.project is None:
            return lon, lat
        easting, northing = self.project.transform(lon, lat)
        return easting, northing

    def _unshifted(self, shift: Transformer, lat: float, lon: float) -> tuple[float, float]:
        """The exact inverse: PROJ's, of small rotations only, is 10 cm off for the 23 seconds of EPSG:1808."""
        old_lat, old_lon = self._back(shift, lat, lon)
        again_lat, again_lon = shift.transform(old_lat, old_lon)
        return old_lat + (lat - again_lat), old_lon + (lon - again_lon)

    @staticmethod
    def _back(way: Transformer, one: float, other: float) -> tuple[float, float]:
        from pyproj.enums import TransformDirection

        first, second = way.transform(one, other, direction=TransformDirection.INVERSE)
        return first, second


@lru_cache(maxsize=64)
def sk42_way(crs: str, operation: DatumOperation) -> Way:
    """From a CRS on Pulkovo 1942 (its EPSG code) to WGS 84 by the pinned operation."""
    return Way(None if crs == SK42 else transformer(SK42, crs), datum_shift(operation))


@lru_cache(maxsize=32)
def datum_shift(operation: DatumOperation, ellipsoid: str = KRASSOVSKY) -> Transformer:
    """From (lat, lon) degrees on the operation's datum to WGS 84. ``ellipsoid`` in PROJ's words, for own parameters.

    Raises pyproj's ProjError for an operation that PROJ does not know, ValueError for one of unknown accuracy.
    """
    from pyproj import Transformer

    _quiet()
    if operation.parameters is None:
        number = operation.code.removeprefix("EPSG:")
        made = Transformer.from_pipeline(f"urn:ogc:def:coordinateOperation:EPSG::{number}")
        if made.accuracy < 0:
            raise ValueError(f"unknown accuracy: {operation.code}")
        return made
    dx, dy, dz, rx, ry, rz, ds = operation.parameters
    return Transformer.from_pipeline(
        "+proj=pipeline +step +proj=axisswap +order=2,1 +step +proj=unitconvert +xy_in=deg +xy_out=rad"
        f" +step +proj=push +v_3 +step +proj=cart {ellipsoid}"
        f" +step +proj=helmert +x={dx!r} +y={dy!r} +z={dz!r} +rx={rx!r} +ry={ry!r} +rz={rz!r} +s={ds!r}"
        " +convention=coordinate_frame +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3"
        " +step +proj=unitconvert +xy_in=rad +xy_out=deg +step +proj=axisswap +order=2,1"
    )


def difference_m(one: DatumOperation, other: DatumOperation, lat: float, lon: float) -> float:
    """Metres between what two operations for Pulkovo 1942 make of the same SK-42 place (WGS 84 degrees will do).

    Rotations of the wrong sign show themselves here by 15 to 100 m, honest alternatives by 2 to 6 m.
    """
    lat1, lon1 = sk42_way(SK42, one).to_wgs84(lon, lat)
    lat2, lon2 = sk42_way(SK42, other).to_wgs84(lon, lat)
    return float(ellipsoid().inv(lon1, lat1, lon2, lat2)[2])


@lru_cache(maxsize=64)
def transformer(source: str, target: str) -> Transformer:
    """From one CRS to another, axes east (lon) then north (lat) whatever the CRS's own order.

    Raises pyproj's ProjError where only a ballpark transformation is known: that is 100 m off without saying so.
    Between datums use ``sk42_way``: here PROJ would choose the operation.
    """
    from pyproj import Transformer

    _quiet()
    return Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False)


def _quiet() -> None:
    """No network, whatever the machine's settings say: results may not depend on a connection."""
    import os

    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]  # documented, but not in __all__

    os.environ["PROJ_NETWORK"] = "OFF"  # for the contexts of threads that are made later
    set_network_enabled(False)


@lru_cache(maxsize=1)
def ellipsoid() -> Geod:
    """Geodesics on the ellipsoid of WGS 84."""
    from pyproj import Geod

    return Geod(ellps="WGS84")
