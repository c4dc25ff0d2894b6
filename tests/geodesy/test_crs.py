"""Transformers: axis order, pinned operations, refusal of ballpark results, control values."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyproj.exceptions import ProjError
from pyproj.network import is_network_enabled  # type: ignore[attr-defined]  # documented, but not in __all__

from fieldapp.geodesy.area import distance_m
from fieldapp.geodesy.crs import (
    SK42,
    WGS84,
    datum_shift,
    difference_m,
    from_utm,
    sk42_way,
    to_utm,
    transformer,
    utm_crs,
    utm_zone,
)  # fmt: skip
from fieldapp.geodesy.frame import EPSG_1808, EPSG_15865, DatumOperation, own_operation

CONTROL = [
    # IOGP GN 7-2 / GIGS series 5101 in its UTM part; GeoConvert's manual; the geodesy notes' table
    (60.0, -2.0, "EPSG:32631", 221288.77, 6661953.041, 0.03),
    (33.3, 44.4, "EPSG:32638", 444140.54, 3684706.36, 0.01),
    (39.9911, 46.9300, "EPSG:32638", 664771.094, 4428553.275, 0.001),
    (39.6009, 47.1453, "EPSG:32638", 684191.954, 4385661.193, 0.001),
    (39.0856, 46.6525, "EPSG:32638", 642924.406, 4327575.450, 0.001),
    (40.3777, 49.8920, "EPSG:32639", 405943.653, 4470268.794, 0.001),
]

AGHDAM, FUZULI, ZANGILAN, BAKU = (39.9911, 46.9300), (39.6009, 47.1453), (39.0856, 46.6525), (40.3777, 49.8920)

SK42_CONTROL = [
    # the geodesy notes' table (15865; Gauss-Krueger also by another program's series to 1e-9 m)
    (AGHDAM, "EPSG:28408", 8664941.733, 4430415.604),
    (FUZULI, "EPSG:28408", 8684370.213, 4387506.328),
    (ZANGILAN, "EPSG:28408", 8643085.997, 4329397.513),
    (BAKU, "EPSG:28409", 9406002.431, 4472140.129),
    (AGHDAM, "EPSG:2937", 3248573.531, 4415901.886),
    (BAKU, "EPSG:2938", 4245633.874, 4458848.112),
]

OF_40_47 = [("EPSG:15865", 39.99991427, 46.99880497), ("EPSG:1808", 39.99994386, 46.99882132)]

SAME_AS_15865 = own_operation((25.0, -141.0, -78.5, 0.0, -0.35, -0.736, 0.0), 4.5)
SAME_AS_1808 = own_operation((686.1, -123.5, -574.4, 8.045, -23.366, 10.791, -2.926), 5.0, position_vector=True)


@pytest.mark.parametrize(("lat", "lon", "crs", "easting", "northing", "tolerance_m"), CONTROL)
def test_utm_agrees_with_the_control_values(
    lat: float, lon: float, crs: str, easting: float, northing: float, tolerance_m: float
) -> None:
    assert to_utm(lat, lon, crs) == pytest.approx((easting, northing), abs=tolerance_m)
    assert from_utm(easting, northing, crs) == pytest.approx((lat, lon), abs=tolerance_m / 50_000)


@pytest.mark.parametrize(("place", "crs", "easting", "northing"), SK42_CONTROL)
def test_soviet_grids_agree_with_the_control_values(
    place: tuple[float, float], crs: str, easting: float, northing: float
) -> None:
    way = sk42_way(crs, EPSG_15865)
    assert way.from_wgs84(*place) == pytest.approx((easting, northing), abs=0.001)
    assert way.to_wgs84(easting, northing) == pytest.approx(place, abs=1e-8)


@pytest.mark.parametrize(
    ("place", "lat", "lon"),
    [(AGHDAM, 39.991187, 46.931196), (FUZULI, 39.600991, 47.146484), (ZANGILAN, 39.085707, 46.653681),
     (BAKU, 40.377742, 49.893153)],
)  # fmt: skip
def test_sk42_degrees_agree_with_the_control_values(place: tuple[float, float], lat: float, lon: float) -> None:
    assert sk42_way(SK42, EPSG_15865).from_wgs84(*place) == pytest.approx((lon, lat), abs=5e-7)


def test_the_two_control_points_without_a_name() -> None:
    lat, lon = sk42_way("EPSG:28408", EPSG_15865).to_wgs84(8670796.670, 4431523.921)
    assert sk42_way(SK42, EPSG_15865).from_wgs84(lat, lon) == pytest.approx((47.0, 40.0), abs=1e-8)
    lat, lon = sk42_way("EPSG:28408", EPSG_15865).to_wgs84(8456789.0, 4400000.0)
    assert (lat, lon) == pytest.approx((39.73213140, 44.49472339), abs=1e-8)
    assert sk42_way(SK42, EPSG_15865).from_wgs84(lat, lon) == pytest.approx((44.49595280, 39.73225438), abs=1e-8)


@pytest.mark.parametrize(("code", "lat", "lon"), OF_40_47)
def test_the_pinned_operations_give_what_was_measured(code: str, lat: float, lon: float) -> None:
    operation = {"EPSG:15865": EPSG_15865, "EPSG:1808": EPSG_1808}[code]
    assert sk42_way(SK42, operation).to_wgs84(47.0, 40.0) == pytest.approx((lat, lon), abs=1e-8)


@pytest.mark.parametrize("operation", [EPSG_15865, EPSG_1808])
def test_what_is_stated_of_an_operation_is_what_the_registry_says(operation: DatumOperation) -> None:
    made = datum_shift(operation)
    assert (made.accuracy, made.description) == (operation.accuracy_m, operation.name)
    assert made.area_of_use is not None
    assert operation.area is not None
    assert (made.area_of_use.south, made.area_of_use.west) == (operation.area.south, operation.area.west)


@pytest.mark.parametrize(("own", "registry"), [(SAME_AS_15865, EPSG_15865), (SAME_AS_1808, EPSG_1808)])
def test_own_parameters_give_what_the_registry_gives(own: DatumOperation, registry: DatumOperation) -> None:
    for lat, lon in (AGHDAM, BAKU, (38.3, 44.7), (42.0, 50.7)):
        assert difference_m(own, registry, lat, lon) < 0.001


def test_the_wrong_sign_of_rotations_shows_as_a_large_difference() -> None:
    wrong = own_operation((25.0, -141.0, -78.5, 0.0, -0.35, -0.736, 0.0), 4.5, position_vector=True)
    assert difference_m(EPSG_1808, EPSG_15865, *AGHDAM) == pytest.approx(3.65, abs=0.05)  # 3.57 at 40 N 47 E
    assert difference_m(wrong, EPSG_15865, *AGHDAM) > 15
    assert "0.35" in wrong.code
    assert "-0.35" not in wrong.code  # what is stored is always coordinate frame


def test_own_parameters_keep_all_their_numbers_in_the_code_that_is_stored() -> None:
    assert SAME_AS_15865.code == "own 25 -141 -78.5 0 -0.35 -0.736 0 coordinate frame"
    assert len(SAME_AS_1808.code) <= 120


@pytest.mark.parametrize(
    ("parameters", "accuracy_m"),
    [((1.0,) * 6, 5.0), ((5000.0, *(0.0,) * 6), 5.0), ((0.0, 0.0, 0.0, 90.0, 0.0, 0.0, 0.0), 5.0),
     ((float("nan"), *(0.0,) * 6), 5.0), ((0.0,) * 7, 0.0), ((0.0,) * 7, -1.0), ((0.0,) * 7, float("nan"))],
)  # fmt: skip
def test_parameters_that_can_be_none_are_refused(parameters: tuple[float, ...], accuracy_m: float) -> None:
    with pytest.raises(ValueError, match="no "):
        own_operation(parameters, accuracy_m)


@pytest.mark.parametrize("code", ["EPSG:999999", "EPSG:28408", "nonsense"])
def test_an_operation_nobody_knows_is_refused(code: str) -> None:
    with pytest.raises(ProjError):
        datum_shift(DatumOperation(code, 1.0, "none"))


def test_treating_sk42_as_wgs84_is_a_mistake_of_a_hundred_metres() -> None:
    for lat, lon in (AGHDAM, FUZULI, ZANGILAN, BAKU):
        lon42, lat42 = sk42_way(SK42, EPSG_15865).from_wgs84(lat, lon)
        assert 98 <= distance_m(lat, lon, lat42, lon42) <= 105


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
    assert sk42_way("EPSG:28408", EPSG_15865) is sk42_way("EPSG:28408", EPSG_15865)
    assert sk42_way("EPSG:28408", EPSG_15865) is not sk42_way("EPSG:28408", EPSG_1808)


def test_no_result_depends_on_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROJ_NETWORK", "ON")
    transformer.cache_clear()
    transformer(WGS84, "EPSG:32638")
    assert os.environ["PROJ_NETWORK"] == "OFF"
    assert not is_network_enabled()


def test_threads_share_a_transformer_and_get_the_same_places() -> None:
    way = sk42_way("EPSG:28408", EPSG_15865)
    points = [(8_600_000.0 + 100 * step, 4_400_000.0 + 50 * step) for step in range(200)]
    expected = [way.to_wgs84(*point) for point in points]
    with ThreadPoolExecutor(4) as threads:
        for places in threads.map(lambda _: [way.to_wgs84(*point) for point in points], range(8)):
            assert places == expected
