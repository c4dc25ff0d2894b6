"""The series of IOGP's GIGS Test Dataset v2.1 that touch what is built here.

Source: github.com/IOGP-GIGS/GIGSTestDataset, commit 114b0b8a (International Association of Oil & Gas Producers; its
own terms: free to use and copy with acknowledgement, not to be sold). Quoted are the output files of 5101 part 2 (JHS),
5203 and 5204 part 1, and 5213; 5211 is the geocentric step within 5213. Tolerances are theirs.

Their rows of direction REVERSE come from the parameters with turned signs, as PROJ does it too: up to 9 cm in middle
latitudes and 40 cm at 80 S from the exact inverse of 5203's forward rows. Coordinates are printed by the exact inverse
here, so both are looked at.
"""

from __future__ import annotations

import pytest
from pyproj.enums import TransformDirection

from fieldapp.geodesy.crs import Way, datum_shift, from_utm, to_utm
from fieldapp.geodesy.frame import own_operation

TOLERANCE_M, TOLERANCE_DEG = 0.03, 0.0000003
ROUND_TRIP_DEG = 0.00000006
FORWARD, REVERSE = TransformDirection.FORWARD, TransformDirection.INVERSE
Row = tuple[float, float, float, float, TransformDirection]

SERIES_5101 = [
    (60, -2, 221288.77, 6661953.041),
    (40, -2, 73106.698, 4439746.917),
    (20, -2, -23538.687, 2219308.238),
    (60, -5, 54506.435, 6678411.623),
    (60, 0, 332705.179, 6655205.484),
    (60, 3, 500000, 6651411.19),
    (60, 5, 611544.042, 6653097.435),
    (60, 8, 778711.23, 6661953.041),
]
"""WGS 84 latitude and longitude, easting and northing in UTM zone 31N."""

SERIES_5203 = [
    (60, 120, 60.00569306, 119.9943589, FORWARD),
    (29.99566778, 60.00446778, 30, 60, REVERSE),
    (0, 0, 0.00483333, -0.00089056, FORWARD),
    (-30.00504639, -60.00357056, -30, -60, REVERSE),
    (49.99458694, -135.0059633, 50, -135, REVERSE),
    (-37.6532236, 143.9279419, -37.65235306, 143.9263481, FORWARD),
]
"""OSGB36 to WGS 84 by EPSG:1314, position vector."""

SERIES_5204 = [
    (60, 120, 59.99807333, 120.0019711, FORWARD),
    (30.00134083, 59.99822194, 30, 60, REVERSE),
    (0, 0, -0.00081028, 0.00098139, FORWARD),
    (-29.99943917, -59.99991333, -30, -60, REVERSE),
    (50.00183, -134.9989139, 50, -135, REVERSE),
    (-37.6532236, 143.9279419, -37.65257083, 143.9285722, FORWARD),
]
"""Belge 1972 to WGS 84 by EPSG:15929, coordinate frame."""

SERIES_5213 = [
    (60, 120, 60.00475258, 119.9952447, FORWARD),
    (29.99639852, 60.00391042, 30, 60, REVERSE),
    (0, 0, 0.00392509, -0.00100615, FORWARD),
    (25, -90, 25.00366329, -89.99632465, FORWARD),
    (-37.6532236, 143.9279419, -37.65282206, 143.9264921, FORWARD),
]
"""OSGB36 to WGS 84 by EPSG:1196, three translations."""

EPSG_1314 = (446.448, -125.157, 542.06, 0.15, 0.247, 0.842, -20.489)
EPSG_15929 = (-106.8686, 52.2978, -103.7239, -0.3366, 0.457, -1.8422, -1.2747)
EPSG_1196 = (371.0, -112.0, 434.0, 0.0, 0.0, 0.0, 0.0)
AIRY, INTERNATIONAL = "+ellps=airy", "+ellps=intl"


@pytest.mark.parametrize(("lat", "lon", "easting", "northing"), SERIES_5101)
def test_series_5101_transverse_mercator(lat: float, lon: float, easting: float, northing: float) -> None:
    assert to_utm(lat, lon, "EPSG:32631") == pytest.approx((easting, northing), abs=TOLERANCE_M)
    assert from_utm(easting, northing, "EPSG:32631") == pytest.approx((lat, lon), abs=TOLERANCE_DEG)


@pytest.mark.parametrize(
    ("parameters", "ellipsoid", "position_vector", "points"),
    [
        (EPSG_1314, AIRY, True, SERIES_5203),
        (EPSG_15929, INTERNATIONAL, False, SERIES_5204),
        (EPSG_1196, AIRY, False, SERIES_5213),
    ],
    ids=["5203 position vector", "5204 coordinate frame", "5213 translations"],
)
def test_series_of_datum_operations(
    parameters: tuple[float, ...], ellipsoid: str, position_vector: bool, points: list[Row]
) -> None:
    operation = own_operation(parameters, 1.0, position_vector=position_vector)
    shift = datum_shift(operation, ellipsoid)
    way = Way(None, shift)
    for lat, lon, wgs_lat, wgs_lon, direction in points:
        if direction is FORWARD:
            assert way.to_wgs84(lon, lat) == pytest.approx((wgs_lat, wgs_lon), abs=TOLERANCE_DEG)
        else:
            reverse = shift.transform(wgs_lat, wgs_lon, direction=direction)
            assert reverse == pytest.approx((lat, lon), abs=TOLERANCE_DEG)
        back_lon, back_lat = way.from_wgs84(*way.to_wgs84(lon, lat))
        assert (back_lat, back_lon) == pytest.approx((lat, lon), abs=ROUND_TRIP_DEG)


def test_the_other_convention_of_rotations_fails_the_series() -> None:
    operation = own_operation(EPSG_15929, 1.0, position_vector=True)
    lat, lon, wgs_lat, wgs_lon, _ = SERIES_5204[0]
    assert Way(None, datum_shift(operation, INTERNATIONAL)).to_wgs84(lon, lat) != pytest.approx(
        (wgs_lat, wgs_lon), abs=100 * TOLERANCE_DEG
    )
