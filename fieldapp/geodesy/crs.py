"""The one place that makes pyproj's transformers: lon before lat, no ballpark results, no network.

PROJ answers swapped or nonsense input without complaint (it gave 53 S for swapped Gauss-Krueger axes), so callers
check ranges before and after. A transformer is cached: it is safe to share between threads without network grids.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import Geod, Transformer

WGS84 = "EPSG:4326"

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


@lru_cache(maxsize=32)
def transformer(source: str, target: str) -> Transformer:
    """From one CRS to another, axes east (lon) then north (lat) whatever the CRS's own order.

    Raises pyproj's ProjError where only a ballpark transformation is known: that is 100 m off without saying so.
    """
    from pyproj import Transformer
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]  # documented, but not in __all__

    set_network_enabled(False)
    return Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False)


@lru_cache(maxsize=1)
def ellipsoid() -> Geod:
    """Geodesics on the ellipsoid of WGS 84."""
    from pyproj import Geod

    return Geod(ellps="WGS84")
