"""A base map drawn: the same picture from three formats, at every zoom, and broken tiles as nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from fieldapp.exchange.tile_images import tile_image
from fieldapp.exchange.tiles import open_tiles
from fieldapp.texts import Texts
from tests.builders_tiles import REAL, SUMMIT, geopackage, mbtiles, png, real_tiles
from ui import theme
from ui.map.canvas import MapCanvas
from ui.map.tile_memory import NotDecoded, TileMemory, decode
from ui.map.tiles_layer import TilesLayer
from ui.map.view import View

Opening = Callable[..., TilesLayer]


@pytest.fixture
def opening(app: object) -> Iterator[Opening]:
    """Opens layers and closes them at the end."""
    opened: list[TilesLayer] = []

    def layer_of(file: Path) -> TilesLayer:
        opened.append(TilesLayer("base", open_tiles(file), title=file.name))
        return opened[-1]

    yield layer_of
    for one in opened:
        one.close()


def drawn(layer: TilesLayer, view: View, tokens: theme.Tokens = theme.SUN) -> QImage:
    """The layer on a white ground, with all tiles decoded."""
    layer.prepare(view)
    return drawn_now(layer, view, tokens)


def drawn_now(layer: TilesLayer, view: View, tokens: theme.Tokens = theme.SUN) -> QImage:
    """The layer on a white ground, with the tiles that are there."""
    image = QImage(view.width, view.height, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    layer.draw(painter, view, tokens)
    painter.end()
    return image


def colours(tiles: int, zoom: int, first: tuple[int, int]) -> dict[tuple[int, int, int], bytes]:
    """A square of tiles, each of a colour of its own, with a red one in the north-west."""
    return {
        (zoom, first[0] + x, first[1] + y): png(256, 256, (255 - 60 * x, 60 * y, 60 * (x + y)))
        for x in range(tiles) for y in range(tiles)
    }  # fmt: skip


@pytest.mark.parametrize("zoom", [6.5, 9.0, 11.3, 12.0, 13.7, 16.0, 22.0])
def test_three_formats_give_the_same_picture_at_the_same_place(opening: Opening, tmp_path: Path, zoom: float) -> None:
    view = View.at(*SUMMIT, zoom, 400, 300)
    files = REAL, mbtiles(tmp_path / "m", real_tiles()), geopackage(tmp_path / "g", real_tiles())
    pictures = [drawn(opening(file), view) for file in files]
    assert pictures[0] == pictures[1] == pictures[2]
    blank = QImage(400, 300, QImage.Format.Format_RGB32)
    blank.fill(0xFFFFFF)
    assert pictures[0] != blank


def test_a_tile_lies_where_its_number_says(opening: Opening, tmp_path: Path) -> None:
    layer = opening(mbtiles(tmp_path / "x", {(4, 9, 6): png(256, 256, (0, 0, 255))}, bounds=None))
    view = View(9.5 / 16, 6.5 / 16, 4.0, 600, 600)
    image = drawn(layer, view)
    inside, outside = image.pixelColor(300, 300), QColor(255, 255, 255)
    assert inside.blue() > 200 > inside.red()
    for x, y, expected in ((173, 173, inside), (426, 426, inside), (171, 300, outside), (300, 171, outside),
                           (428, 300, outside), (300, 428, outside)):  # fmt: skip
        assert image.pixelColor(x, y) == expected, (x, y)


@pytest.mark.parametrize("zoom", [4.0, 4.2, 4.37, 4.5, 5.9, 7.13])
def test_no_seam_shows_between_tiles(opening: Opening, tmp_path: Path, zoom: float) -> None:
    tiles = {(4, x, y): png(256, 256, (0, 0, 0)) for x in range(7, 12) for y in range(4, 9)}
    image = drawn(opening(mbtiles(tmp_path / "x", tiles, bounds=None)), View(9.1 / 16, 6.3 / 16, zoom, 300, 300))
    assert {image.pixel(x, y) for x in range(300) for y in range(300)} == {image.pixel(0, 0)}


def test_pieces_of_coarser_tiles_stand_where_finer_ones_are_missing(opening: Opening, tmp_path: Path) -> None:
    tiles = colours(2, 3, (4, 2)) | {(4, 8, 4): png(256, 256, (255, 255, 0))}
    image = drawn(opening(mbtiles(tmp_path / "x", tiles, bounds=None)), View(9 / 16, 5 / 16, 4.0, 500, 500))
    north_west, south_east = image.pixelColor(100, 100), image.pixelColor(400, 400)
    assert (north_west.red(), north_west.green()) > (220, 220)
    assert south_east.red() > 180 > south_east.green()


def test_beyond_the_finest_level_its_pixels_grow(opening: Opening, tmp_path: Path) -> None:
    tiles = {(4, 9, 6): png(256, 256, (0, 0, 255))}
    image = drawn(opening(mbtiles(tmp_path / "x", tiles, bounds=None)), View(9.5 / 16, 6.5 / 16, 19.0, 200, 200))
    assert {image.pixel(x, y) for x in range(200) for y in range(200)} == {image.pixel(100, 100)}


def test_far_above_the_coarsest_level_only_its_frame_is_drawn(opening: Opening, tmp_path: Path) -> None:
    tiles = {(12, x, y): png(1, 1) for x in range(2200, 2260) for y in range(1500, 1560)}
    layer = opening(mbtiles(tmp_path / "x", tiles, bounds=None))
    view = View(2230 / 4096, 1530 / 4096, 7.0, 600, 600)
    assert layer.is_ready(view)
    image = drawn_now(layer, view)
    assert image.pixel(300, 300) == 0xFFFFFFFF
    assert len({image.pixel(x, 300) for x in range(600)} | {image.pixel(60, y) for y in range(600)}) > 1


def test_drawing_waits_for_nothing_and_asks_for_a_new_frame(opening: Opening, qtbot: QtBot) -> None:
    layer, view = opening(REAL), View.at(*SUMMIT, 12.0, 500, 400)
    first = drawn_now(layer, view)
    assert first.pixel(250, 200) == 0xFFFFFFFF
    qtbot.waitUntil(lambda: layer.is_ready(view))
    assert drawn_now(layer, view) == drawn(opening(REAL), view)


def test_tiles_that_were_left_behind_are_not_decoded(opening: Opening, qtbot: QtBot) -> None:
    layer = opening(REAL)
    for zoom in (13.0, 12.0, 11.0, 10.0):
        drawn_now(layer, View.at(*SUMMIT, zoom, 1200, 900))
    last = View.at(*SUMMIT, 9.0, 500, 400)
    drawn_now(layer, last)
    qtbot.waitUntil(lambda: layer.is_ready(last))
    assert len(layer._memory) < len(real_tiles())


def test_tiles_that_cannot_be_read_are_counted_and_drawn_as_nothing(opening: Opening, tmp_path: Path) -> None:
    good = png(256, 256)
    tiles = {(4, 9, 6): good, (4, 10, 6): png(30_000, 30_000, rows=1), (4, 9, 7): b"<html>", (4, 10, 7): good[:80]}
    layer = opening(mbtiles(tmp_path / "hotel", tiles, bounds=None))
    image = drawn(layer, View(10 / 16, 7 / 16, 4.0, 400, 400))
    assert layer.unreadable == 3
    assert layer.words(Texts("en")) == "3 tiles of the base map hotel cannot be read."
    assert image.pixel(300, 100) == image.pixel(100, 300) == image.pixel(300, 300) == 0xFFFFFFFF
    assert image.pixel(100, 100) != 0xFFFFFFFF


def test_a_file_that_is_gone_says_so_once_and_leaves_what_was_drawn(
    opening: Opening, tmp_path: Path, qtbot: QtBot
) -> None:
    file = mbtiles(tmp_path / "stick", real_tiles())
    layer, view = opening(file), View.at(*SUMMIT, 12.0, 400, 300)
    before = drawn(layer, view)
    file.unlink()
    with qtbot.waitSignal(layer.troubled):
        drawn_now(layer, View.at(*SUMMIT, 10.0, 400, 300))
    assert "stick" in layer.words(Texts("en"))
    assert drawn_now(layer, view) == before


def test_the_credit_stands_on_the_map_while_the_base_map_is_shown(opening: Opening, qtbot: QtBot) -> None:
    layer = opening(REAL)
    canvas = MapCanvas(Texts("en"))
    qtbot.addWidget(canvas)
    canvas.resize(500, 400)
    canvas.set_layers([layer])
    canvas.show_view(View.at(*SUMMIT, 12.0, 500, 400))
    layer.prepare(canvas.view)
    assert layer.credit == "U.S. Geological Survey"
    shown = canvas.grab().toImage()
    layer.credit = ""
    assert canvas.grab().toImage() != shown
    layer.visible = False
    assert canvas.grab().toImage() != shown


def test_finds_stand_out_at_night_because_the_base_map_is_dimmed(opening: Opening, tmp_path: Path) -> None:
    layer = opening(mbtiles(tmp_path / "x", {(0, 0, 0): png(256, 256, (255, 255, 255))}, bounds=None))
    view = View(0.5, 0.5, 3.0, 50, 50)
    by_day, by_night = (drawn(layer, view, one).pixelColor(25, 25).lightness() for one in (theme.SUN, theme.NIGHT))
    assert by_night < 130 < by_day


@pytest.mark.parametrize("form", ["png", "jpg", "webp"])
def test_png_jpeg_and_webp_are_really_decoded(app: object, form: str) -> None:
    made = QImage(64, 32, QImage.Format.Format_RGB32)
    made.fill(QColor(10, 200, 90))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert made.save(buffer, form)  # type: ignore[call-overload]  # the stub is wrong
    tile = tile_image(bytes(buffer.data().data()))
    found = decode(tile, 512)
    assert (found.width(), found.height()) == (64, 32)
    assert abs(found.pixelColor(30, 15).green() - 200) < 6
    assert decode(tile, 16).width() == 16


def test_a_picture_whose_inside_differs_from_its_header_is_none(app: object) -> None:
    tile = tile_image(png(64, 64, rows=10))
    whole = decode(tile_image(png(64, 64)), 64)
    try:
        assert decode(tile, 64) != whole
    except NotDecoded:
        assert tile.height_px == 64


def test_memory_keeps_what_is_in_view_and_forgets_what_is_not(app: object) -> None:
    memory = TileMemory(most_bytes=3 * 64 * 64 * 4)
    image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    for place in range(10):
        memory.put(place, image)
    assert len(memory) == 3
    memory.begin_frame()
    assert memory.get(7) is not None
    for place in range(20, 30):
        memory.put(place, image)
    assert 7 in memory
    assert memory.bytes <= 3 * 64 * 64 * 4
    memory.begin_frame()
    for place in range(30, 40):
        memory.put(place, image)
    assert 7 not in memory


@pytest.mark.parametrize("zoom", [11.0, 12.37, 16.0])
def test_a_window_that_is_panned_shows_what_is_drawn_at_once(opening: Opening, qtbot: QtBot, zoom: float) -> None:
    layer, view = opening(REAL), View.at(*SUMMIT, zoom, 500, 400)
    canvas = MapCanvas(Texts("en"))
    qtbot.addWidget(canvas)
    canvas.resize(500, 400)
    canvas.furniture.graticule = False
    canvas.set_layers([layer])
    for step in range(4):
        layer.prepare(view)
        canvas.show_view(view)
        shown = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        image = QImage(500, 400, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        canvas.draw(painter, view, theme.current())
        painter.end()
        far = [(x, y) for x in range(0, 500, 7) for y in range(0, 400, 7) if _apart(shown, image, x, y) > 60]
        assert len(far) < 40, f"after {step} pans"  # at most a pixel's shift at edges of the pictures
        view = view.moved(37, -21)


def _apart(one: QImage, other: QImage, x: int, y: int) -> int:
    a, b = one.pixelColor(x, y), other.pixelColor(x, y)
    return max(abs(a.red() - b.red()), abs(a.green() - b.green()), abs(a.blue() - b.blue()))
