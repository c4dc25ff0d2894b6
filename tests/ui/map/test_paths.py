"""Paths made together are those made one by one, and outlines of very many corners are cut without harm."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from fieldapp.domain.symbols import TASK
from ui.map.paths import MOST_CORNERS, Corners, Paths, path_of
from ui.map.shapes_layer import Held, Ring, Shape
from ui.map.view import View

VIEW = View.at(40.0, 47.0, 15.0, 800, 600)


def ring(lat: float, lon: float, reach: float, corners: int = 5, *, closed: bool = True) -> Ring:
    turn = np.arange(corners) * 2 * np.pi / corners
    return Ring.of((lat + reach * np.sin(turn)).tolist(), (lon + reach * np.cos(turn)).tolist(), closed=closed)


SHAPES = [
    Shape("plot/t7/a", "", (ring(40.0, 47.0, 0.004), ring(40.0, 47.0, 0.002)), TASK),
    Shape("plot/t7/nothing", "", (), TASK),
    Shape("plot/t7/line", "", (ring(40.001, 47.003, 0.003, closed=False),), TASK),
    Shape("plot/t7/dense", "", (ring(40.0, 47.0, 0.004, MOST_CORNERS + 1),), TASK),
    Shape("plot/t7/b", "", (ring(40.002, 46.997, 0.001, 3),), TASK),
]


def elements(path: QPainterPath) -> list[tuple[int, float, float]]:
    every = [path.elementAt(place) for place in range(path.elementCount())]
    return [(int(one.type.value), round(one.x, 6), round(one.y, 6)) for one in every]


def test_paths_made_together_are_those_made_one_by_one() -> None:
    held = Held.of(SHAPES)
    places = np.array([4, 0, 2])
    made = list(held.paths.drawn(places, VIEW))
    assert [elements(path) for path in made] == [elements(path_of(VIEW, SHAPES[place])) for place in places.tolist()]
    assert all(path.elementCount() > 3 for path in made)
    whole = made[1]
    assert not whole.contains(QPointF(400, 300)), "the hole of a shape is ground"
    assert whole.contains(QPointF(*VIEW.pixel(40.003, 47.0)))


def test_dense_empty_and_far_outlines_are_left_to_be_cut() -> None:
    held = Held.of(SHAPES)
    every = np.arange(len(SHAPES))
    assert held.paths.fits(every, held.boxes, VIEW).tolist() == [True, False, True, False, True]
    near = View.at(40.01, 47.0, 22.0, 800, 600)
    assert not held.paths.fits(every[:1], held.boxes[:1], near).any()


def test_of_no_shapes_there_are_no_paths() -> None:
    assert list(Paths.of([]).drawn(np.empty(0, np.intp), VIEW)) == []
    nothing: list[list[Corners]] = [[]]
    assert not Paths.of(nothing).fits(np.array([0]), np.zeros((1, 4)), VIEW).any()


@pytest.mark.parametrize("zoom", [15.0, 19.0, 22.0])
def test_what_is_cut_off_lies_outside_the_view(zoom: float) -> None:
    shape = Shape("plot/t7/a", "", (ring(40.0, 47.0, 0.004, 7),), TASK)
    for lat, lon in ((40.0, 47.0), (40.004, 47.0), (40.0, 47.0035), (40.01, 47.01)):
        view = View.at(lat, lon, zoom, 800, 600)
        path = path_of(view, shape)
        whole = QPainterPath()
        for place, (x, y) in enumerate(zip(shape.rings[0].x.tolist(), shape.rings[0].y.tolist(), strict=True)):
            at = QPointF(*view.pixel_of_world(x, y))
            whole.lineTo(at) if place else whole.moveTo(at)
        whole.closeSubpath()
        points = [QPointF(x, y) for x in range(5, 800, 79) for y in range(5, 600, 59)]
        assert [path.contains(point) for point in points] == [whole.contains(point) for point in points]
        assert path.boundingRect().width() < 33_000
