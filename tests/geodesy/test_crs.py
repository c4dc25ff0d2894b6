"""Transformers: axis order, refusal of ballpark results, published control values."""

from __future__ import annotations

import pytest
from pyproj.exceptions import ProjError

from fieldapp.geodesy.crs import WGS84, from_utm, to_utm, transformer, utm_crs, utm_zone

CONTROL = [
    # IOGP GN 7-2 / GIGS series 5101 in its UTM part; GeoConvert's manual; the geodesy spike's table
    (60.0, -2.0, "EPSG:32631", 221288.77, 6661953.041, 0.03),
    (33.3, 44.4, "EPSG:32638", 444140.54, 3684706.36, 0.01),
    (39.9911, 46.9300, "EPSG:32638", 664771.094, 4428553.275, 0.001),
    (39.6009, 47.1453, "EPSG:32638", 684191.954, 4385661.193, 0.001),
    (39.0856, 46.6525, "EPSG:32638", 642924.406, 4327575.450, 0.001),
    (40.3777, 49.8920, "EPSG:32639", 405943.653, 4470268.794, 0.001),
]


@pytest.mark.parametrize(("lat", "lon", "crs", "easting", "northing", "tolerance_m"), CONTROL)
def test_utm_agrees_with_the_control_values(
    lat: float, lon: float, crs: str, easting: float, northing: float, tolerance_m: float
) -> None:
    assert to_utm(lat, lon, crs) == pytest.approx((easting, northing), abs=tolerance_m)
    assert from_utm(easting, northing, crs) == pytest.approx((lat, lon), abs=tolerance_m / 50_000)


@pytest.mark.parametrize(
    ("lon", "zone"), [(-180, 1), (-177, 1), (-2, 30), (41.999, 37), (42, 38), (47.9, 38), (48, 39), (180, 60)]
)
def test_the_zone_follows_from_the_longitude(lon: float, zone: int) -> None:
    assert utm_zone(lon) == zone


def test_the_hemisphere_decides_the_crs() -> None:
    assert utm_crs(38, north=True) == "EPSG:32638"
    assert utm_crs(38, north=False) == "EPSG:32738"
    assert utm_crs(1, north=True) == "EPSG:32601"


@pytest.mark.parametrize("zone", [0, 61, -1])
def test_there_is_no_zone_beyond_sixty(zone: int) -> None:
    with pytest.raises(ValueError, match="zone"):
        utm_crs(zone, north=True)


def test_a_ballpark_transformation_is_refused() -> None:
    datum_dropped = "+proj=longlat +ellps=krass +no_defs"
    with pytest.raises(ProjError):
        transformer(datum_dropped, WGS84).transform(47.0, 40.0, errcheck=True)


def test_a_transformer_is_made_once() -> None:
    assert transformer(WGS84, "EPSG:32638") is transformer(WGS84, "EPSG:32638")
