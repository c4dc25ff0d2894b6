"""Another program's arithmetic (pygeodesy: own series, own ellipsoids) over the whole work area."""

from __future__ import annotations

import math

import pygeodesy
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pygeodesy import datums, ellipsoidalVincenty, ellipsoids, etm, mgrs, utm

from fieldapp.geodesy.coordinates import format_position, parse
from fieldapp.geodesy.crs import SK42, sk42_way, to_utm, utm_crs, utm_zone
from fieldapp.geodesy.districts import WORK_AREA
from fieldapp.geodesy.frame import EPSG_1808, EPSG_15865, DatumOperation
from fieldapp.geodesy.systems import ZONES

LATS = st.floats(WORK_AREA.south, WORK_AREA.north)
LONS = st.floats(WORK_AREA.west, WORK_AREA.east)
KRASSOVSKY = datums.Datums.Krassowsky1940

# EPSG's own numbers; pygeodesy turns rotations like the position vector convention
HELMERT = {
    EPSG_15865: (25.0, -141.0, -78.5, 0.0, 0.35, 0.736, 0.0),
    EPSG_1808: (686.1, -123.5, -574.4, 8.045, -23.366, 10.791, -2.926),
}


@settings(max_examples=50)
@given(LATS, LONS)
@example(40.0, 48.0)
def test_utm_is_the_same(lat: float, lon: float) -> None:
    theirs = utm.toUtm8(lat, lon, falsed=True)
    zone = utm_zone(lon)
    assert theirs.zone == zone
    easting, northing = to_utm(lat, lon, utm_crs(zone, north=True))
    assert (easting, northing) == pytest.approx((theirs.easting, theirs.northing), abs=1e-5)


@settings(max_examples=50)
@given(LATS, LONS)
def test_mgrs_is_the_same_square(lat: float, lon: float) -> None:
    ours = format_position(lat, lon, "mgrs")
    theirs = mgrs.parseMGRS(ours)
    centre = theirs.toLatLon(center=True)
    understood = parse(ours)
    assert (understood.lat, understood.lon) == pytest.approx((centre.lat, centre.lon), abs=1e-8)
    assert theirs.band == ours[2]
    assert pygeodesy.hypot((lat - centre.lat) * 111_200, (lon - centre.lon) * 87_500) < 0.75


@settings(max_examples=50)
@given(LATS, LONS, st.sampled_from(sorted(ZONES)))
def test_gauss_krueger_is_the_same(lat: float, lon: float, system: str) -> None:
    """By Karney's exact transverse Mercator, on the ellipsoid of Krassovsky, scale 1."""
    lon42, lat42 = sk42_way(SK42, EPSG_15865).from_wgs84(lat, lon)
    zones = ZONES[system]
    zone = zones.zone(lon42)
    assert zone is not None
    meridian = zones.meridian_deg + zone * zones.width_deg
    mercator = etm.ExactTransverseMercator(KRASSOVSKY, lon0=meridian, k0=1.0)
    x, y, *_ = mercator.forward(lat42, lon42)
    origin_y = mercator.forward(7 / 60, meridian)[1] if system == "ck63" else 0.0
    easting, northing = sk42_way(zones.crs(zone), EPSG_15865).from_wgs84(lat, lon)
    assert easting == pytest.approx(zone * 1_000_000 + zones.middle_m + x, abs=1e-4)
    assert northing == pytest.approx(y - origin_y, abs=1e-4)


@settings(max_examples=50)
@given(LATS, LONS, st.sampled_from(sorted(HELMERT, key=lambda operation: operation.code)))
def test_the_datum_operation_is_the_same(lat: float, lon: float, operation: DatumOperation) -> None:
    tx, ty, tz, rx, ry, rz, ds = HELMERT[operation]
    transform = datums.Transform(name="", tx=tx, ty=ty, tz=tz, sx=rx, sy=ry, sz=rz, s=ds)
    start = ellipsoidalVincenty.LatLon(lat, lon, datum=KRASSOVSKY).toCartesian()
    x, y, z = transform.transform(*start.xyz)[:3]
    end = ellipsoidalVincenty.Cartesian(x, y, z, datum=datums.Datums.WGS84).toLatLon()
    ours = sk42_way(SK42, operation).to_wgs84(lon, lat)
    tolerance = 1e-10 if operation is EPSG_15865 else 3e-8  # 2 mm: whether the scale is applied to rotations, too
    assert ours == pytest.approx((end.lat, end.lon), abs=tolerance)


def test_the_ellipsoid_is_the_one_of_the_registry() -> None:
    assert ellipsoids.Ellipsoids.Krassowsky1940.a == 6378245.0
    assert math.isclose(ellipsoids.Ellipsoids.Krassowsky1940.f_, 298.3)
