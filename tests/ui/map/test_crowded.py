"""Crowded layers drawn beside the frame look as drawn at once, and nothing is left out until they are ready."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from fieldapp.domain import symbols
from fieldapp.texts import Texts
from ui import theme
from ui.map.canvas import MapCanvas
from ui.map.finds_layer import FindsLayer
from ui.map.grid import Grid, Points, worlds_of
from ui.map.layer import Layer
from ui.map.paths import path_of
from ui.map.shapes_layer import Ring, Shape, ShapesLayer
from ui.map.view import View

LOOK = symbols.of_plot("cleared", approved=True)
OTHER = symbols.of_plot("cancelled", approved=True)


def plots(look: symbols.Fill = LOOK, size: float = 0.004) -> list[Shape]:
    places = [(39.97 + row * 0.006, 46.93 + column * 0.01) for row in range(9) for column in range(14)]
    return [
        Shape(f"plot/t7/{n}", "", (Ring.of([a, a, a + size, a + size], [o, o + size, o + size, o]),), look)
        for n, (a, o) in enumerate(places)
    ]


def some_finds(count: int) -> Grid:
    dice = np.random.default_rng(5)
    x, y = worlds_of(39.99 + dice.random(count) * 0.02, 46.98 + dice.random(count) * 0.04)
    return Grid(Points(x, y, dice.integers(0, 14, count).astype(np.uint8), dice.integers(0, 6, count).astype(np.uint8),
                       dice.random(count) < 0.5, np.arange(count)))  # fmt: skip


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3].astype(int)


@pytest.fixture
def canvas(app: object, qtbot: QtBot) -> Callable[[Layer, float], MapCanvas]:
    def make(layer: Layer, zoom: float = 13) -> MapCanvas:
        made = MapCanvas(Texts("en"))
        qtbot.addWidget(made)
        made.resize(800, 600)
        made.furniture.graticule = False
        made.set_layers([layer])
        made.show_view(View.at(40.0, 47.0, zoom, 800, 600))
        return made

    return make


def at_once(canvas: MapCanvas) -> np.ndarray:
    """The same picture drawn on paper, where nothing may be left for later."""
    image = QImage(800, 600, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    canvas.draw(painter, canvas.view, theme.current())
    painter.end()
    return pixels(image)


def test_crowded_shapes_come_out_as_if_drawn_at_once(canvas: Callable[..., MapCanvas]) -> None:
    layer = ShapesLayer("plots", plots())
    shown = canvas(layer)
    first = pixels(shown.grab().toImage())
    layer.finish()
    beside, whole = pixels(shown.grab().toImage()), at_once(shown)
    ground = np.abs(whole - whole[5, 700]).max(2) > 24
    assert ground.mean() > 0.1, "there is nothing to compare"
    # half a pixel off at most: blurred edges differ, areas do not
    assert abs(float((np.abs(beside - beside[5, 700]).max(2) > 24).mean() - ground.mean())) < 0.01
    assert (np.abs(beside - whole).max(2) > 120).mean() < 0.06
    assert (np.abs(first - first[5, 700]).max(2) > 24).any(), "until then nothing at all was shown"


def test_every_shape_shows_before_its_square_is_drawn(canvas: Callable[..., MapCanvas]) -> None:
    shapes = plots(size=0.0005)
    shown = canvas(ShapesLayer("plots", shapes))
    image = pixels(shown.grab().toImage())
    boxes = [shown.view.pixel_of_world(shape.rings[0].x.mean(), shape.rings[0].y.mean()) for shape in shapes]
    seen = [np.abs(image[round(y) - 2 : round(y) + 3, round(x) - 2 : round(x) + 3] - image[5, 700]).max() > 40
            for x, y in boxes if 10 < x < 790 and 10 < y < 590]  # fmt: skip
    assert len(seen) > 50
    assert all(seen)


def test_other_shapes_take_the_place_of_the_old_ones(canvas: Callable[..., MapCanvas]) -> None:
    layer = ShapesLayer("plots", plots())
    shown = canvas(layer)
    shown.grab()
    layer.finish()
    before = pixels(shown.grab().toImage())
    layer.show_shapes(plots(OTHER))
    shown.grab()
    layer.finish()
    after = pixels(shown.grab().toImage())
    assert (np.abs(before - after).max(2) > 40).mean() > 0.05
    # what is cancelled is not filled: most of its ground is bare
    middle = [round(at) for at in shown.view.pixel(40.002, 46.9725)]
    patch = (slice(middle[1] - 6, middle[1] + 6), slice(middle[0] - 6, middle[0] + 6))
    bare = before[5, 700]
    assert (np.abs(after[patch] - bare).max(2) < 12).mean() > (np.abs(before[patch] - bare).max(2) < 12).mean()


def test_panning_and_zooming_get_there_by_themselves(canvas: Callable[..., MapCanvas], qtbot: QtBot) -> None:
    layer = ShapesLayer("plots", plots())
    shown = canvas(layer)
    shown.show()
    for view in (shown.view.moved(300, 40), shown.view.zoomed(0.7)):
        shown.show_view(view)
        qtbot.waitUntil(
            lambda: abs(float((np.abs(pixels(shown.grab().toImage()) - at_once(shown)).max(2) > 120).mean())) < 0.06,
            timeout=20_000,
        )


def test_crowded_finds_come_out_as_if_drawn_at_once(canvas: Callable[..., MapCanvas]) -> None:
    layer = FindsLayer()
    layer.show_grid(some_finds(900))
    shown = canvas(layer, 15)
    first = pixels(shown.grab().toImage())
    layer.finish()
    beside, whole = pixels(shown.grab().toImage()), at_once(shown)
    assert (np.abs(whole - whole[5, 700]).max(2) > 100).mean() > 0.02
    assert (np.abs(beside - whole).max(2) > 160).mean() < 0.03
    assert (np.abs(first - first[5, 700]).max(2) > 40).mean() > 0.01, "until then nothing was shown"


def test_the_worst_of_a_cell_is_what_its_symbol_shows(canvas: Callable[..., MapCanvas]) -> None:
    count = 10_000
    x, y = worlds_of(np.full(count, 40.0), np.full(count, 47.0))
    rank, shape, gone = np.zeros(count, np.uint8), np.full(count, 5, np.uint8), np.zeros(count, bool)
    plain = pixels(_drawn(canvas, Grid(Points(x, y, rank, shape, gone, np.arange(count)))))
    rank[4_321], shape[4_321] = 13, 0
    hidden = pixels(_drawn(canvas, Grid(Points(x, y, rank, shape, gone, np.arange(count)))))
    assert (np.abs(plain - hidden).max(2) > 60).sum() > 60, "one mine among ten thousand scraps is not to be seen"


def _drawn(canvas: Callable[..., MapCanvas], grid: Grid) -> QImage:
    layer = FindsLayer()
    layer.show_grid(grid)
    return canvas(layer, 12).grab().toImage()


@pytest.mark.parametrize("zoom", [9.0, 13.0, 20.0])
def test_a_ring_of_a_hundred_thousand_vertices_is_thinned_to_what_shows(app: object, zoom: float) -> None:
    turn = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    far = 0.05 * (1 + 0.02 * np.sin(turn * 700))
    ring = Ring.of((40 + far * np.sin(turn) * 0.77).tolist(), (47 + far * np.cos(turn)).tolist())
    shape = Shape("plot/t7/p", "", (ring,), LOOK)
    for lat, lon in ((40.0, 47.0), (40.0385, 47.0), (40.0, 47.05)):
        view = View.at(lat, lon, zoom, 800, 600)
        path = path_of(view, shape)
        assert path.elementCount() < 50_000
        for across in np.linspace(5, 795, 12):
            for down in np.linspace(5, 595, 12):
                here, there = view.position(across, down), (40.0, 47.0)
                away = np.hypot((here[0] - there[0]) / 0.77, here[1] - there[1])
                angle = np.arctan2((here[0] - there[0]) / 0.77, here[1] - there[1])
                edge = 0.05 * (1 + 0.02 * np.sin(angle * 700))
                if abs(away - edge) > 0.0015:  # the wave is narrower than a pixel from afar
                    assert path.contains(QPointF(across, down)) == (away < edge)


def test_an_overview_in_squares_is_the_one_drawn_at_once(canvas: Callable[..., MapCanvas]) -> None:
    layer = FindsLayer()
    layer.show_grid(some_finds(9_000))
    shown = canvas(layer, 13)
    first = pixels(shown.grab().toImage())
    layer.finish()
    beside, whole = pixels(shown.grab().toImage()), at_once(shown)
    assert (np.abs(whole - whole[5, 700]).max(2) > 100).mean() > 0.02
    assert (np.abs(first - whole).max(2) > 100).mean() < 0.005, "the first frame is not complete"
    assert (np.abs(beside - whole).max(2) > 160).mean() < 0.02
