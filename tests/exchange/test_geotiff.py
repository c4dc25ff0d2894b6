"""GeoTIFF as base maps: where its pixels come to lie, and what becomes of every kind of pixel."""

from __future__ import annotations

import contextlib
import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import Geod, Transformer
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from fieldapp.exchange import geotiff
from fieldapp.exchange.geotiff_cutting import Extent, Ground, pyramid
from fieldapp.exchange.geotiff_errors import GeotiffNotTurned, Refused
from fieldapp.exchange.geotiff_pixels import Picture
from fieldapp.exchange.tiles import About, Level, open_tiles
from fieldapp.geodesy.crs import utm_crs
from fieldapp.geodesy.frame import EPSG_1808, FRAME, CustomSystem, Frame, own_operation
from fieldapp.geodesy.rasters import raster_system
from tests.builders_tiles import geotiff as made

GEOD = Geod(ellps="WGS84")
CONTROL = ((40, 30), (300, 70), (170, 200))
"""Columns and rows of the middles of the bright marks, 16 pixels wide."""


def marked(width: int = 340, height: int = 240) -> Any:
    pixels = np.full((3, height, width), 40, np.uint8)
    for column, row in CONTROL:
        pixels[:, row - 8 : row + 8, column - 8 : column + 8] = 250
    return pixels


def decoded(data: bytes) -> Any:
    """Red, green, blue, alpha."""
    with warnings.catch_warnings(), MemoryFile(data) as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with memory.open() as opened:
            found = opened.read()
    return found if len(found) == 4 else np.concatenate([found, np.full((1, *found.shape[1:]), 255, np.uint8)])


def drawn(file: Path, zoom: int | None = None) -> tuple[Any, Level, int, int]:
    """All tiles of a level (the finest) side by side, with the level and the first column and row."""
    with contextlib.closing(open_tiles(file)) as source:
        level = source.about.levels[-1] if zoom is None else next(
            one for one in source.about.levels if one.zoom == zoom)  # fmt: skip
        south, west, north, east = source.about.bounds
        x0, y0 = world(north, west)
        x1, y1 = world(south, east)
        columns = range(int(x0 * level.columns), int(x1 * level.columns) + 1)
        rows = range(int(y0 * level.rows), int(y1 * level.rows) + 1)
        whole = np.zeros((4, 256 * len(rows), 256 * len(columns)), np.uint8)
        for row in rows:
            for column in columns:
                tile = source.tile(level, column, row)
                if tile is not None:
                    top, left = 256 * (row - rows[0]), 256 * (column - columns[0])
                    whole[:, top : top + 256, left : left + 256] = decoded(tile.data)
    return whole, level, columns[0], rows[0]


def world(lat: float, lon: float) -> tuple[float, float]:
    return lon / 360 + 0.5, 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def miss_m(file: Path, lat: float, lon: float) -> float:
    """Metres between a place and the middle of the bright mark that is drawn nearest to it."""
    whole, level, column, row = drawn(file)
    x, y = world(lat, lon)
    at_x, at_y = (x * level.columns - column) * 256, (y * level.rows - row) * 256
    left, top = int(at_x) - 20, int(at_y) - 20
    around = whole[1, top : top + 40, left : left + 40].astype(float)
    bright = np.where(around > 140, around - 40, 0.0)
    ys, xs = np.mgrid[0:40, 0:40] + 0.5
    mark_x, mark_y = left + float((xs * bright).sum() / bright.sum()), top + float((ys * bright).sum() / bright.sum())
    drawn_lon = (column + mark_x / 256) / level.columns * 360 - 180
    drawn_lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (row + mark_y / 256) / level.rows))))
    return float(GEOD.inv(lon, lat, drawn_lon, drawn_lat)[2])


def by_epsg(crs: str, operation: str) -> Any:
    """To WGS 84 by PROJ alone: the projection undone, then the named operation of the EPSG registry."""
    back = Transformer.from_crs(crs, "EPSG:4284", always_xy=True)
    shift = Transformer.from_pipeline(f"urn:ogc:def:coordinateOperation:EPSG::{operation}")

    def place(east: float, north: float) -> tuple[float, float]:
        lon, lat = back.transform(east, north)
        found = shift.transform(lat, lon)
        return found[0], found[1]

    return place


def utm(zone: int) -> Any:
    back = Transformer.from_crs(utm_crs(zone, north=True), "EPSG:4326")
    return back.transform


@pytest.mark.parametrize(("system", "corner", "turn_deg", "frame", "truth"), [
    ("EPSG:32638", (670_000.0, 4_430_000.0), 0.0, FRAME, utm(38)),
    ("EPSG:32639", (300_000.0, 4_480_000.0), 12.0, FRAME, utm(39)),
    ("EPSG:28408", (8_670_000.0, 4_430_000.0), 0.0, FRAME, by_epsg("EPSG:28408", "15865")),
    ("EPSG:28408", (8_670_000.0, 4_430_000.0), 0.0, Frame(operation=EPSG_1808), by_epsg("EPSG:28408", "1808")),
])  # fmt: skip
def test_control_points_come_to_lie_where_they_are(
    system: str, corner: tuple[float, float], turn_deg: float, frame: Frame, truth: Any, tmp_path: Path
) -> None:
    file = made(tmp_path / "photo.tif", marked(), corner=corner, system=system, turn_deg=turn_deg)
    about = geotiff.turn(file, tmp_path / "out", frame, name="photo")
    assert about.operation == ("" if system.startswith("EPSG:326") else frame.operation.code)
    turn = math.radians(turn_deg)
    for column, row in CONTROL:
        east = corner[0] + column * math.cos(turn) + row * math.sin(turn)
        north = corner[1] + column * math.sin(turn) - row * math.cos(turn)
        assert miss_m(tmp_path / "out", *truth(east, north)) < 0.25


def test_the_two_operations_differ_by_more_than_the_control_points_miss() -> None:
    one, other = (by_epsg("EPSG:28408", code)(8_670_170.0, 4_429_800.0) for code in ("15865", "1808"))
    assert GEOD.inv(one[1], one[0], other[1], other[0])[2] > 1
    back = Transformer.from_crs("EPSG:28408", "EPSG:4284").transform(4_429_800.0, 8_670_170.0)
    assert GEOD.inv(back[1], back[0], one[1], one[0])[2] > 50


def levels_of(file: Path, finest: int | None = None) -> tuple[dict[tuple[int, int, int], Any], Extent]:
    """Every tile of a file, cut in this process."""
    import rasterio

    with rasterio.open(file) as dataset:
        picture = Picture(dataset)
        system = raster_system(dataset.crs.to_wkt(version="WKT2_2019"), FRAME)
        ground = Ground(tuple(dataset.transform)[:6], system, picture)
        extent = ground.extent(finest)
        made = {(z, x, y): pixels for z, x, y, pixels in pyramid(ground, extent, lambda _done, _total: None)}
        return made, extent


def middle(file: Path) -> tuple[int, ...]:
    """Red, green, blue and alpha in the middle of a picture."""
    import rasterio

    with rasterio.open(file) as dataset:
        red, green, blue, alpha = Picture(dataset).read(dataset.width // 2, dataset.height // 2, 1, 1, 1, 1)[0, 0]
        return int(red), int(green), int(blue), int(alpha)


def plane(count: int, kind: str, *values: float, size: int = 64) -> Any:
    pixels = np.zeros((count, size, size), kind)
    for band, value in enumerate(values):
        pixels[band] = value
    return pixels


def slope(kind: str, most: float, count: int = 1) -> Any:
    one = np.linspace(0, most, 64 * 64).reshape(64, 64)
    return np.repeat(one[None], count, axis=0).astype(kind)


@pytest.mark.parametrize(("pixels", "options", "wanted"), [
    (plane(1, "uint8", 90), {}, (90, 90, 90, 255)),
    (plane(1, "uint8", 90), {"photometric": "MINISWHITE"}, (165, 165, 165, 255)),
    (plane(2, "uint8", 90, 128), {"alpha": "YES"}, (90, 90, 90, 128)),
    (plane(3, "uint8", 10, 20, 30), {}, (10, 20, 30, 255)),
    (plane(3, "uint8", 10, 20, 30), {"nodata": 10}, (10, 20, 30, 255)),
    (plane(3, "uint8", 7, 7, 7), {"nodata": 7}, (7, 7, 7, 0)),
    (plane(4, "uint8", 10, 20, 30, 0), {"alpha": "YES", "photometric": "RGB"}, (10, 20, 30, 0)),
    (plane(5, "uint8", 10, 20, 30, 40, 50), {}, (10, 20, 30, 255)),
    (plane(1, "uint8", 1), {"colours": {0: (0, 0, 0), 1: (200, 100, 50)}}, (200, 100, 50, 255)),
    (plane(1, "uint8", 1), {"colours": {1: (200, 100, 50)}, "nodata": 1}, (200, 100, 50, 0)),
    (plane(1, "uint8", 1), {"nbits": 1}, (255, 255, 255, 255)),
    (plane(1, "uint8", 1), {"nbits": 1, "photometric": "MINISWHITE"}, (0, 0, 0, 255)),
    (plane(1, "uint8", 15), {"nbits": 4}, (255, 255, 255, 255)),
    (plane(1, "float32", math.nan), {}, (0, 0, 0, 0)),
    (plane(3, "uint8", 40, 80, 120), {"compress": "jpeg", "photometric": "ycbcr"}, (40, 80, 120, 255)),
])  # fmt: skip
def test_every_kind_of_pixel(pixels: Any, options: dict[str, Any], wanted: tuple[int, ...], tmp_path: Path) -> None:
    found = middle(made(tmp_path / "x.tif", pixels, **options))
    assert max(abs(one - other) for one, other in zip(found, wanted, strict=True)) <= 3, found


@pytest.mark.parametrize("pixels", [slope("uint16", 4000), slope("int16", 900), slope("float64", 0.5),
                                    slope("uint16", 60_000, 3)])  # fmt: skip
def test_more_than_eight_bits_are_spread_between_dark_and_bright(pixels: Any, tmp_path: Path) -> None:
    import rasterio

    with rasterio.open(made(tmp_path / "x.tif", pixels)) as dataset:
        shown = Picture(dataset).read(0, 0, 64, 64, 64, 64)[..., 0]
    assert (shown[0, 0], shown[-1, -1]) == (0, 255)
    assert abs(int(shown[32, 0]) - 127) < 4


def test_nothing_of_a_mask_or_of_nodata_is_drawn_nor_bleeds_into_what_is(tmp_path: Path) -> None:
    pixels = plane(3, "uint8", 200, 200, 200, size=300)
    pixels[:, :, :150] = 0
    file = made(tmp_path / "x.tif", pixels, nodata=0)
    tiles, extent = levels_of(file)
    for tile in tiles.values():
        seen = tile[tile[..., 3] > 0]
        assert len(seen)
        assert (seen[:, :3] >= 199).all()
    area = {zoom: sum(int((tile[..., 3] > 127).sum()) << 2 * (extent.finest - zoom)
                      for (z, _x, _y), tile in tiles.items() if z == zoom)
            for zoom in (extent.finest, extent.finest - 1, extent.finest - 2)}  # fmt: skip
    assert max(area.values()) < 1.02 * min(area.values())


def test_levels_run_from_a_speck_to_the_pixels_of_the_file_and_each_halves_the_one_below(tmp_path: Path) -> None:
    tiles, extent = levels_of(made(tmp_path / "x.tif", marked()))
    assert (extent.coarsest, extent.finest) == (12, 17)
    assert {zoom for zoom, _x, _y in tiles} == set(range(12, 18))
    (z, x, y), tile = next((at, one) for at, one in tiles.items() if at[0] == 16)
    quarter = tiles.get((z + 1, 2 * x + 1, 2 * y + 1))
    assert quarter is not None
    mean = quarter.reshape(128, 2, 128, 2, 4).mean(axis=(1, 3))
    covered = (quarter.reshape(128, 2, 128, 2, 4)[..., 3] == 255).all(axis=(1, 3))
    assert np.abs(tile[128:, 128:].astype(float) - mean)[covered].max() <= 1


def test_overviews_inside_the_file_are_used_where_a_coarser_level_is_asked_for(tmp_path: Path) -> None:
    import rasterio

    file = made(tmp_path / "x.tif", plane(3, "uint8", 100, 100, 100, size=512), tiled=True, blockxsize=128,
                blockysize=128)  # fmt: skip
    with rasterio.open(file, "r+") as dataset:
        dataset.build_overviews([4])
        dataset.write(plane(3, "uint8", 0, 0, 0, size=512))  # only the overview is still grey
    tiles, _extent = levels_of(file, 14)
    seen = [tile[tile[..., 3] == 255] for tile in tiles.values()]
    assert max(int(one[:, 0].max()) for one in seen if len(one)) == 100
    finest, _extent = levels_of(file)
    assert max(int(tile[..., 0].max()) for tile in finest.values()) == 0


def test_a_cog_with_a_mask_inside_is_read_with_its_mask(tmp_path: Path) -> None:
    import rasterio
    from rasterio.shutil import copy

    mask = np.zeros((300, 300), np.uint8)
    mask[100:200, 100:200] = 255
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK="YES"):
        with rasterio.open(made(tmp_path / "x.tif", plane(3, "uint8", 90, 120, 150, size=300)), "r+") as dataset:
            dataset.write_mask(mask)
        copy(tmp_path / "x.tif", tmp_path / "cog.tif", driver="COG", compress="JPEG", bigtiff="YES")
    assert middle(tmp_path / "cog.tif")[3] == 255
    with rasterio.open(tmp_path / "cog.tif") as dataset:
        seen = Picture(dataset).read(0, 0, 300, 300, 300, 300)[..., 3]
    assert np.array_equal(seen, mask)


def test_the_file_stays_as_it_is_and_what_lies_beside_it_is_not_read(tmp_path: Path) -> None:
    file = made(tmp_path / "x.tif", marked(), system=None)
    (tmp_path / "x.tfw").write_text("1\n0\n0\n-1\n670000\n4430000\n", encoding="utf-8")
    (tmp_path / "x.tif.aux.xml").write_text("<PAMDataset><SRS>EPSG:32638</SRS></PAMDataset>", encoding="utf-8")
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    with pytest.raises(GeotiffNotTurned) as caught:
        geotiff.look(file, FRAME)
    assert "coordinate system" in str(caught.value)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


def test_a_datum_without_a_known_way_is_refused_and_taken_once_headquarters_gave_one(tmp_path: Path) -> None:
    file = made(tmp_path / "x.tif", marked(), corner=(500_000.0, 4_400_000.0), system="EPSG:3333")
    with pytest.raises(GeotiffNotTurned) as caught:
        geotiff.look(file, FRAME)
    assert caught.value.code == "geotiff_system_unknown"
    assert "Pulkovo 1942(58)" in str(caught.value)
    operation = own_operation((33.4, -146.6, -76.3, -0.359, -0.053, 0.844, -0.84), 3.0)
    frame = Frame(systems=(CustomSystem("polish", "Polish zone", "EPSG:3333", operation),))
    assert geotiff.look(file, frame).operation == operation.code


def test_about_says_what_it_will_be(tmp_path: Path) -> None:
    import rasterio

    file = made(tmp_path / "Survey 2024.tif", marked())
    with rasterio.open(file, "r+") as dataset:
        dataset.update_tags(TIFFTAG_COPYRIGHT="Survey\n<i>Office</i>")
    about = geotiff.look(file, FRAME)
    assert isinstance(about, About)
    assert (about.form, about.credit, about.system) == ("geotiff", "Survey Office", "WGS 84 / UTM zone 38N")
    assert about.bounds[0] < 40.002 < about.bounds[2]


@pytest.mark.parametrize(("corner", "px_m", "system", "word"), [
    ((5e5, 4.4e9), 1.0, "EPSG:32638", "far"),
    ((179.99, 65.0), 0.001, "EPSG:4326", "antimeridian"),
    ((10.0, 89.9), 0.0001, "EPSG:4326", "far"),
    ((-180.0, 85.0), 0.00001, "EPSG:4326", ""),
])  # fmt: skip
def test_pictures_at_the_ends_of_the_world(corner: tuple[float, float], px_m: float, system: str, word: str,
                                           tmp_path: Path) -> None:  # fmt: skip
    file = made(tmp_path / "x.tif", plane(1, "uint8", 9), corner=corner, px_m=px_m, system=system)
    if word:
        with pytest.raises(Refused, match=word):
            levels_of(file)
    else:
        assert levels_of(file)[0]
