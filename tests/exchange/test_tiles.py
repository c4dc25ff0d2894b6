"""Base maps out of files: the same tile from three formats, and nothing believed that the tiles do not bear out."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.exchange.tile_errors import (
    GONE,
    UNSUPPORTED,
    SeveralTileLayers,
    TileRowsConflict,
    TilesNeedConverting,
    TilesNotRead,
    TileUnreadable,
)
from fieldapp.exchange.tile_images import tile_image
from fieldapp.exchange.tiles import TileSource, open_tiles
from tests.builders_tiles import DATA, REAL, geopackage, mbtiles, pmtiles, png, real_tiles

FORMATS = ["pmtiles", "mbtiles", "gpkg"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tiles")
    return {
        "pmtiles": REAL, "mbtiles": mbtiles(folder / "real.mbtiles", real_tiles()),
        "gpkg": geopackage(folder / "real.gpkg", real_tiles()),
    }  # fmt: skip


def every_tile(source: TileSource) -> dict[tuple[int, int, int], bytes]:
    """All real tiles as a source gives them."""
    levels = {level.zoom: level for level in source.about.levels}
    found = {at: source.tile(levels[at[0]], at[1], at[2]) for at in real_tiles()}
    return {at: tile.data for at, tile in found.items() if tile is not None}


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_gives_each_tile_at_its_place(files: dict[str, Path], form: str) -> None:
    source = open_tiles(files[form])
    assert every_tile(source) == real_tiles()
    level = source.about.levels[-1]
    assert source.tile(level, 0, 0) is None
    assert source.tile(level, -1, 1 << 40) is None
    source.close()


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_says_what_it_is(files: dict[str, Path], form: str) -> None:
    source = open_tiles(files[form])
    about = source.about
    source.close()
    assert (about.form, about.kind, about.rows) == (form, "webp", "south" if form == "mbtiles" else "north")
    assert [level.zoom for level in about.levels] == [8, 9, 10, 11, 12, 13]
    assert {level.tile_px for level in about.levels} == {512}
    assert about.bounds == pytest.approx((36.56109, -118.31982, 36.59301, -118.26069), abs=1e-6)
    assert about.credit == ("" if form == "gpkg" else "U.S. Geological Survey")
    assert about.size_bytes == files[form].stat().st_size


def test_levels_of_three_formats_lie_at_the_same_place(files: dict[str, Path]) -> None:
    levels = []
    for file in files.values():
        source = open_tiles(file)
        levels.append([(one.west, one.north, one.wide, one.high) for one in source.about.levels])
        source.close()
    for other in levels[1:]:
        assert [pytest.approx(one, abs=1e-12) for one in levels[0]] == other


def test_the_name_of_a_file_does_not_matter(files: dict[str, Path], tmp_path: Path) -> None:
    renamed = tmp_path / "base map № 1?#.png"
    renamed.write_bytes(files["mbtiles"].read_bytes())
    source = open_tiles(renamed)
    assert source.about.form == "mbtiles"
    source.close()


@pytest.mark.parametrize("form", ["mbtiles", "gpkg"])
def test_rows_counted_from_the_wrong_end_are_noticed_and_can_be_told(form: str, tmp_path: Path) -> None:
    make, wrong = (mbtiles, "north") if form == "mbtiles" else (geopackage, "south")
    file = make(tmp_path / "wrong", real_tiles(), rows=wrong)
    with pytest.raises(TileRowsConflict, match="wrong place"):
        open_tiles(file)
    source = open_tiles(file, rows=wrong)
    assert every_tile(source) == real_tiles()
    source.close()
    right = make(tmp_path / "right", real_tiles())
    with pytest.raises(TileRowsConflict):
        open_tiles(right, rows=wrong)


def test_rows_of_pmtiles_counted_from_the_wrong_end_are_noticed(tmp_path: Path) -> None:
    turned = {(z, x, (1 << z) - 1 - y): data for (z, x, y), data in real_tiles().items()}
    file = pmtiles(tmp_path / "x", turned)
    with pytest.raises(TileRowsConflict):
        open_tiles(file)
    source = open_tiles(file, rows="south")
    assert every_tile(source) == real_tiles()
    source.close()


def test_tiles_outside_of_the_bounds_are_a_lie_whichever_way_rows_count(tmp_path: Path) -> None:
    with pytest.raises(TilesNotRead, match="outside the bounds"):
        open_tiles(mbtiles(tmp_path / "x", real_tiles(), bounds="46,39,47,40.5"))


def test_a_file_without_bounds_covers_what_its_coarsest_tiles_cover(tmp_path: Path) -> None:
    source = open_tiles(mbtiles(tmp_path / "x", real_tiles(), bounds=None))
    south, west, north, east = source.about.bounds
    source.close()
    assert (south, west) < (36.561, -118.32)
    assert west < -118.32
    assert (north, east) > (36.593, -118.26)
    assert east > -118.26


@pytest.mark.parametrize("bounds", ["nan,1,2,3", "1,2,3", "5,5,4,4", "-1e300,0,1,1", "x" * 9000])
def test_bounds_that_name_no_area_are_not_believed(bounds: str, tmp_path: Path) -> None:
    source = open_tiles(mbtiles(tmp_path / "x", real_tiles(), bounds=bounds))
    assert source.about.bounds[1] < -118.3
    source.close()


def test_zooms_are_those_of_the_tiles_not_those_that_are_claimed(tmp_path: Path) -> None:
    source = open_tiles(mbtiles(tmp_path / "x", real_tiles(), minzoom="0", maxzoom="22"))
    assert (source.about.levels[0].zoom, source.about.levels[-1].zoom) == (8, 13)
    source.close()


def test_names_and_credits_are_one_line_of_plain_text(tmp_path: Path) -> None:
    file = mbtiles(tmp_path / "x", real_tiles(), name="a\n\u202eb<script>c</script>\0" + "d" * 5000,
                   attribution='<a href="https://osm.org">&copy; OpenStreetMap</a> contributors')  # fmt: skip
    source = open_tiles(file)
    assert source.about.credit == "© OpenStreetMap contributors"
    assert source.about.name.startswith("a b c")
    assert len(source.about.name) == 120
    source.close()


@pytest.mark.parametrize("name", ["invalid.pmtiles", "invalid_v4.pmtiles", "test_fixture_1.pmtiles"])
def test_reader_fixtures_are_refused_by_name(name: str) -> None:
    with pytest.raises(TilesNotRead, match=name.replace(".", r"\.")):
        open_tiles(DATA / name)


def test_vector_tiles_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TilesNeedConverting, match="vector"):
        open_tiles(DATA / "test_fixture_1.pmtiles")
    for tiles, form in (({(0, 0, 0): b"\x1f\x8b\x08"}, "png"), ({(0, 0, 0): b"x"}, "pbf")):
        with pytest.raises(TilesNeedConverting, match="gdal_translate"):
            open_tiles(mbtiles(tmp_path / f"vector-{form}", tiles, format=form))


@pytest.mark.parametrize("head", [b"II*\0", b"MM\0*", b"II+\0"])
def test_geotiff_says_how_it_is_converted(head: bytes, tmp_path: Path) -> None:
    (tmp_path / "map.tif").write_bytes(head + b"\0" * 500)
    with pytest.raises(TilesNeedConverting, match=r"GeoTIFF: add it.*gdal_translate -of MBTILES"):
        open_tiles(tmp_path / "map.tif")


def test_a_geopackage_in_another_projection_is_not_drawn_askew(tmp_path: Path) -> None:
    with pytest.raises(TilesNeedConverting, match="Web Mercator"):
        open_tiles(geopackage(tmp_path / "x", real_tiles(), system=4326))


def test_one_of_several_layers_is_named(tmp_path: Path) -> None:
    file = geopackage(tmp_path / "x", real_tiles(), layers=("roads", 'odd "name"; --'.replace('"', "'")))
    with pytest.raises(SeveralTileLayers, match="roads"):
        open_tiles(file)
    source = open_tiles(file, layer="odd 'name'; --")
    assert every_tile(source) == real_tiles()
    source.close()
    with pytest.raises(TilesNotRead, match="no layer"):
        open_tiles(file, layer="rails")


def test_a_geopackage_with_its_own_matrix_lies_where_it_says(tmp_path: Path) -> None:
    import sqlite3

    file = geopackage(tmp_path / "x", {(3, 1, 0): png(512, 512)})
    made = sqlite3.connect(file)
    made.execute("UPDATE gpkg_tile_matrix_set SET min_x = 5e6, max_x = 5000600, min_y = 4e6, max_y = 4000300")
    made.execute("UPDATE gpkg_tile_matrix SET matrix_width = 2, matrix_height = 1, tile_width = 300, "
                 "tile_height = 300, pixel_x_size = 1, pixel_y_size = 1")  # fmt: skip
    made.execute("UPDATE gpkg_contents SET min_x = 5e6, max_x = 5000600, min_y = 4e6, max_y = 4000300")
    made.commit()
    made.close()
    source = open_tiles(file)
    level = source.about.levels[0]
    assert (level.columns, level.rows, level.tile_px) == (2, 1, 300)
    assert level.west == pytest.approx(5e6 / 40075016.6856 + 0.5)
    assert level.wide == pytest.approx(300 / 40075016.6856)
    assert source.tile(level, 1, 0) is not None
    source.close()
    made = sqlite3.connect(file)
    made.execute("UPDATE gpkg_tile_matrix SET pixel_x_size = 1.5")
    made.commit()
    made.close()
    with pytest.raises(TilesNotRead, match="damaged"):
        open_tiles(file)


def test_what_is_no_base_map_is_told_apart(tmp_path: Path) -> None:
    import sqlite3

    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE x (y)")
    other.commit()
    other.close()
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "zip").write_bytes(b"PK\3\4" + bytes(100))
    (tmp_path / "text").write_bytes(b"<html>" * 50)
    for name, said in (("other.db", "neither MBTiles"), ("empty", "empty"), ("zip", "map package"), ("text", "neither"),
                       (".", "no file")):  # fmt: skip
        with pytest.raises(TilesNotRead, match=said):
            open_tiles(tmp_path / name)
    with pytest.raises(TilesNotRead) as caught:
        open_tiles(tmp_path / "not there")
    assert caught.value.cause == GONE


def test_tiles_are_known_by_their_first_bytes() -> None:
    webp = next(iter(real_tiles().values()))
    assert (tile_image(webp).kind, tile_image(webp).width_px) == ("webp", 512)
    small = tile_image(png(7, 5))
    assert (small.kind, small.width_px, small.height_px) == ("png", 7, 5)


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"GIF89a" + bytes(99), b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\1", b"RIFF1234WEBPVP9 ",
             b"RIFF1234WEBPVP8X", png(30_000, 30_000, rows=1), png(0, 5), b"%PDF-1.7", b"<svg>", bytes(9_000_000)]
)  # fmt: skip
def test_what_is_no_tile_is_unreadable(data: bytes) -> None:
    with pytest.raises(TileUnreadable):
        tile_image(data)


def test_sample_tiles_decide_whether_a_file_holds_pictures(tmp_path: Path) -> None:
    with pytest.raises(TilesNotRead, match="no pictures"):
        open_tiles(mbtiles(tmp_path / "html", {(0, 0, 0): b"<html>404</html>"}, bounds=None))
    with pytest.raises(TilesNotRead) as caught:
        open_tiles(mbtiles(tmp_path / "text", {(0, 0, 0): "no bytes"}, bounds=None))
    assert caught.value.cause != UNSUPPORTED
