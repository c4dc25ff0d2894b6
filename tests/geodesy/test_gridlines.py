"""Grid lines lie where the system has their value, in every format, and bear it as the format writes it."""

from __future__ import annotations

import math

import pytest

from fieldapp.errors import OperatorError
from fieldapp.geodesy.coordinates import parse
from fieldapp.geodesy.crs import SK42, sk42_way, to_utm
from fieldapp.geodesy.frame import EPSG_15865, FRAME, CustomSystem, Frame
from fieldapp.geodesy.gridlines import sheet_grid
from fieldapp.geodesy.grids import grid_way

BOX = (39.99, 46.98, 40.01, 47.02)
OWN = Frame(systems=(CustomSystem("local1", "Local", "+proj=tmerc +lat_0=40 +lon_0=47 +datum=WGS84 +units=m"),))


@pytest.mark.parametrize(
    "how", ["dd", "dm", "dms", "utm", "mgrs", "sk42", "sk42-dm", "sk42-dms", "sk42-gk", "sk42-gk3"]
)
def test_labels_read_back_are_where_the_line_is(how: str) -> None:
    grid = sheet_grid(how, *BOX, 500.0)
    east = next(line for line in grid.lines if not line.across)
    north = next(line for line in grid.lines if line.across)
    if how.startswith("sk42-gk"):
        read = parse(f"{north.label} {east.label}", system=how)
    elif how in ("utm", "mgrs"):
        read = parse(f"38N {east.label.split()[0]} {north.label.split()[0]}")
    else:
        read = parse(f"{north.label} {east.label}", system=how)
    if grid.crs:
        easting, northing = grid_way(grid.crs, FRAME).from_wgs84(read.lat, read.lon)
        assert (easting, northing) == pytest.approx((east.value, north.value), abs=0.001)
        return
    assert read.lat == pytest.approx(north.lats[0], abs=2e-6), "SK-42 degrees bend by centimetres over a sheet"
    assert read.lon == pytest.approx(east.lons[0], abs=2e-6)


def test_every_point_of_a_line_has_its_value() -> None:
    for line in sheet_grid("utm", 39.0, 46.0, 40.5, 48.5, 30_000.0).lines:
        for lat, lon in zip(line.lats, line.lons, strict=True):
            assert to_utm(lat, lon, "EPSG:32638")[line.across] == pytest.approx(line.value, abs=0.001)
    way = sk42_way(SK42, EPSG_15865)
    for line in sheet_grid("sk42", *BOX, 500.0).lines:
        for lat, lon in zip(line.lats, line.lons, strict=True):
            assert way.from_wgs84(lat, lon)[line.across] == pytest.approx(line.value, abs=1e-8)


@pytest.mark.parametrize("how", ["dd", "dm", "dms", "utm", "sk42-gk", "local1"])
@pytest.mark.parametrize("apart_m", [12.0, 31.0, 700.0, 26_000.0])
def test_lines_keep_their_distance_and_no_two_have_one_label(how: str, apart_m: float) -> None:
    reach = apart_m * 6 / 111_320
    grid = sheet_grid(how, 40 - reach, 47 - reach, 40 + reach, 47 + reach, apart_m, OWN)
    metres = grid.step if grid.crs else grid.step * 111_000
    assert metres >= apart_m * 0.99
    assert len({line.label for line in grid.lines}) == len(grid.lines)
    assert 2 <= len(grid.lines) <= 30


def test_where_a_format_has_no_coordinates_nothing_is_drawn() -> None:
    with pytest.raises((ValueError, OperatorError)):
        sheet_grid("ck63", 9.0, 9.0, 11.0, 11.0, 10_000.0)
    with pytest.raises((ValueError, OperatorError)):
        sheet_grid("nothing", *BOX, 500.0)


def test_south_and_west_have_their_letters() -> None:
    labels = [line.label for line in sheet_grid("dd", -0.02, -0.02, 0.02, 0.02, 1_000.0).lines]
    assert labels[:2] == ["0.02° W", "0.01° W"]
    assert "0.01° S" in labels
    assert all(math.isfinite(one) for line in sheet_grid("utm", -0.02, -0.02, 0.02, 0.02, 1_000.0).lines
               for one in line.lats)  # fmt: skip
