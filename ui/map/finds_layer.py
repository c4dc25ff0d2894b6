"""Finds on the map: every symbol where few are in view, the worst of each cell with its count where many are.

Filled: in the ground. Hollow with a tick: destroyed or removed. A halo sets them off from any ground.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPdfWriter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from fieldapp.domain.symbols import CIRCLE, CROSS, DASHED, DIAMOND, HEXAGON, SHAPES, SQUARE
from ui import theme
from ui.map.furniture import HALO_PX, halo_text, stamped
from ui.map.grid import LEVELS, MOST_DRAWN, Floats, Grid, Points
from ui.map.labels import Labels
from ui.map.squares import Squares
from ui.map.view import Box, View

SYMBOL_PX = 18
TAP_PX = 56
_BASELINE_PX = theme.SECONDARY + HALO_PX
_CROWD_PX = 40
"""A symbol with its count below."""
_MOST_AT_ONCE = 400
"""More symbols than these are half as large, and not drawn within a frame but beside it; see ``squares``."""
_SOME = 64
_SQUARE_LEVELS = 4
"""Counts stand in the cells of the overview that is so many zooms coarser: 64 px wide, fixed to the ground."""


def draw_shape(painter: QPainter, shape: str, x: float, y: float, size_px: float, ink: str, paper: str, *,
               gone: bool = False) -> None:  # fmt: skip
    """One symbol with its halo, its middle at (x, y)."""
    for colour, extra, pen in ((paper, 6.0, 0.0), (ink, 0.0, 2.0)):
        size = size_px + extra
        painter.setPen(QPen(QColor(colour), pen) if pen else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(paper if gone or shape == DASHED else colour))
        if shape == DASHED and pen:
            painter.setPen(QPen(QColor(ink), 2, Qt.PenStyle.DashLine))
        _outline(painter, shape, x, y, size)
    if gone:
        painter.setPen(QPen(QColor(ink), 2))
        painter.drawPolyline([QPointF(x - size_px * 0.22, y), QPointF(x - size_px * 0.05, y + size_px * 0.18),
                              QPointF(x + size_px * 0.24, y - size_px * 0.18)])  # fmt: skip


def _outline(painter: QPainter, shape: str, x: float, y: float, size: float) -> None:
    half = size / 2
    if shape in (CIRCLE, DASHED):
        painter.drawEllipse(QPointF(x, y), half, half)
    elif shape == SQUARE:
        painter.drawRect(QRectF(x - half * 0.9, y - half * 0.9, size * 0.9, size * 0.9))
    elif shape == DIAMOND:
        painter.drawPolygon(QPolygonF([QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half),
                                       QPointF(x - half, y)]))  # fmt: skip
    elif shape == HEXAGON:
        corners = [(math.cos(math.radians(60 * n)) * half, math.sin(math.radians(60 * n)) * half) for n in range(6)]
        painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))
    elif shape == CROSS:
        arm = size * 0.17
        corners = [(-arm, -half), (arm, -half), (arm, -arm), (half, -arm), (half, arm), (arm, arm), (arm, half),
                   (-arm, half), (-arm, arm), (-half, arm), (-half, -arm), (-arm, -arm)]  # fmt: skip
        painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))


@lru_cache(maxsize=256)
def _stamp(shape: str, size_px: int, ink: str, paper: str, gone: bool, ratio: float) -> QPixmap:
    """A symbol drawn once: thousands are put down per frame."""
    side = size_px + 10
    made = QPixmap(round(side * ratio), round(side * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_shape(painter, shape, side / 2, side / 2, size_px, ink, paper, gone=gone)
    painter.end()
    return made


class FindsLayer:
    """The finds of a grid, and those that came since it was built."""

    code = "finds"

    def __init__(self) -> None:
        self.visible, self.opacity, self.credit = True, 1.0, ""
        self.grid: Grid | None = None
        self.newer: Points | None = None
        self._squares = Squares(self._draw_in)
        self._drawn: list[tuple[Floats, Floats, float]] = []
        """Pixels of what the last frame has, and half its size."""

    def show_grid(self, grid: Grid | None) -> None:
        """Draw these; what was newer is in it."""
        self.grid, self.newer = grid, None
        self._squares.forget()

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """Draw one by one or as an overview, whichever the view can hold."""
        grid, self._drawn = self.grid, []
        if grid is not None and len(grid):
            near = _grown(view.box, view)
            if grid.at_most(near) <= MOST_DRAWN or math.floor(view.zoom) > LEVELS[-1]:
                self._draw_single(painter, view, tokens, grid, near)
            else:
                self._draw_overview(painter, view, tokens, grid, near)
        if self.newer is not None:
            box, new = _grown(view.box, view), self.newer
            seen = (new.x >= box.west) & (new.x <= box.east) & (new.y >= box.north) & (new.y <= box.south)
            self._note(view, new, np.flatnonzero(seen), SYMBOL_PX)
            _draw_each(painter, view, tokens, new, np.flatnonzero(seen), SYMBOL_PX)

    def label(self, labels: Labels, _view: View) -> None:
        """No name stands on a symbol or a count."""
        for xs, ys, half in self._drawn:
            labels.take_around(xs, ys, half)

    def _note(self, view: View, points: Points, places: NDArray[np.intp], size_px: int) -> None:
        xs = (points.x[places] - view.x) * view.scale + view.width / 2
        ys = (points.y[places] - view.y) * view.scale + view.height / 2
        self._drawn.append((xs, ys, size_px / 2 + 3))

    def finish(self) -> None:
        """Draw now what is otherwise drawn between frames: the next frame is complete."""
        self._squares.finish()

    def _draw_single(self, painter: QPainter, view: View, tokens: theme.Tokens, grid: Grid, near: Box) -> None:
        """Every point as its symbol; where there are many, beside the frame, and as dots until that is done."""
        places = grid.inside(near)
        self._note(view, grid.points, places, _symbol_px(len(places)))
        canvas = painter.device()
        if len(places) <= _MOST_AT_ONCE or not isinstance(canvas, QWidget):
            _draw_each(painter, view, tokens, grid.points, places, _symbol_px(len(places)))
            return
        for box in self._squares.draw(painter, view, tokens, canvas):
            self._draw_dots(painter, view, tokens, grid, box)

    def _draw_in(self, painter: QPainter, view: View, tokens: theme.Tokens) -> Iterator[None]:
        """The points of a square, the most dangerous on top, some at a time."""
        if self.grid is None:
            return
        points = self.grid.points
        places = _in_order(points, self.grid.inside(_grown(view.box, view)))
        for start in range(0, len(places), _SOME):
            _put_down(painter, view, tokens, points, places[start : start + _SOME], SYMBOL_PX // 2)
            yield

    def _draw_overview(self, painter: QPainter, view: View, tokens: theme.Tokens, grid: Grid, near: Box) -> None:
        """A dot for each small cell, and over them for each crowded square the worst symbol and the count."""
        self._draw_dots(painter, view, tokens, grid, near)
        squares = grid.overview(math.floor(view.zoom) - _SQUARE_LEVELS)
        seen = squares.inside(near)
        ratio = painter.device().devicePixelRatio()
        x_world, y_world = squares.middles(seen)
        xs = (x_world - view.x) * view.scale + view.width / 2
        ys = (y_world - view.y) * view.scale + view.height / 2
        self._drawn.append((xs, ys, _CROWD_PX / 2))
        shapes, half = grid.points.shape[squares.worst[seen]], (SYMBOL_PX + 10) / 2
        letters = isinstance(painter.device(), QPdfWriter)
        for x, y, shape, off, number in zip(
            xs.tolist(), ys.tolist(), shapes.tolist(), squares.gone[seen].tolist(), squares.count[seen].tolist(),
            strict=True,
        ):  # fmt: skip
            stamp = _stamp(SHAPES[shape][0], SYMBOL_PX, tokens.text, tokens.card, off, ratio)
            painter.drawPixmap(QPointF(x - half, y - half - (8 if number > 1 else 0)), stamp)
            if number > 1 and letters:
                halo_text(painter, x, y + 18, str(number), tokens, middle=True)
            elif number > 1:
                label = _count_stamp(number, tokens.text, tokens.card, ratio)
                painter.drawPixmap(QPointF(x - label.width() / ratio / 2, y + 18 - _BASELINE_PX), label)

    def _draw_dots(self, painter: QPainter, view: View, tokens: theme.Tokens, grid: Grid, near: Box) -> None:
        zoom = min(max(math.floor(view.zoom), LEVELS[0]), LEVELS[-1])
        level = grid.overview(zoom)
        seen = level.inside(near)
        side = level.side
        west, north = math.floor(near.west * side), math.floor(near.north * side)
        wide, high = math.ceil(near.east * side) - west + 1, math.ceil(near.south * side) - north + 1
        buffer = np.zeros((high, wide), np.uint32)
        inks = np.array([0xFF000000 | int(colour[1:], 16) for colour in (tokens.edge, tokens.hairline)], np.uint32)
        buffer[level.row[seen] - north, level.column[seen] - west] = inks[level.gone[seen].astype(np.intp)]
        image = QImage(buffer.data, wide, high, wide * 4, QImage.Format.Format_ARGB32_Premultiplied)
        cell_px = view.scale / side
        left, top = view.pixel_of_world(west / side, north / side)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(QRectF(left, top, wide * cell_px, high * cell_px), image)


def _symbol_px(count: int) -> int:
    return SYMBOL_PX if count <= _MOST_AT_ONCE else SYMBOL_PX // 2


def _in_order(points: Points, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """The most dangerous last, so that it lies on top; what is gone below all."""
    return places[np.lexsort((points.rank[places], ~points.gone[places]))]


def _draw_each(
    painter: QPainter, view: View, tokens: theme.Tokens, points: Points, places: NDArray[np.intp], size_px: int
) -> None:
    _put_down(painter, view, tokens, points, _in_order(points, places), size_px)


def _put_down(
    painter: QPainter, view: View, tokens: theme.Tokens, points: Points, places: NDArray[np.intp], size_px: int
) -> None:
    xs = (points.x[places] - view.x) * view.scale + view.width / 2
    ys = (points.y[places] - view.y) * view.scale + view.height / 2
    ratio = painter.device().devicePixelRatio()
    half = (size_px + 10) / 2
    for x, y, shape, gone in zip(
        xs.tolist(), ys.tolist(), points.shape[places].tolist(), points.gone[places].tolist(), strict=True
    ):
        stamp = _stamp(SHAPES[shape][0], size_px, tokens.text, tokens.card, gone, ratio)
        painter.drawPixmap(QPointF(x - half, y - half), stamp)


@lru_cache(maxsize=4096)
def _count_stamp(count: int, ink: str, paper: str, ratio: float) -> QPixmap:
    """A number with its halo, put together from the halos of its digits: hundreds come into view with each zoom."""
    font = theme.font(theme.SECONDARY, theme.SEMIBOLD)
    widths = [QFontMetricsF(font).horizontalAdvance(digit) for digit in str(count)]
    halos = [stamped(digit, theme.SECONDARY, paper, paper, ratio) for digit in str(count)]
    edge = halos[0].width() / ratio - math.ceil(widths[0])
    made = QPixmap(math.ceil((sum(widths) + edge + 1) * ratio), halos[0].height())
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    for place, halo in enumerate(halos):
        painter.drawPixmap(QPointF(sum(widths[:place]), 0), halo)
    painter.drawText(QPointF(edge / 2, _BASELINE_PX), str(count))
    painter.end()
    return made


def _grown(box: Box, view: View) -> Box:
    """A box and a symbol's width around it."""
    edge = SYMBOL_PX / view.scale
    return Box(box.west - edge, box.north - edge, box.east + edge, box.south + edge)
