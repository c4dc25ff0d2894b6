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
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from fieldapp.domain.symbols import CIRCLE, CROSS, DASHED, DIAMOND, HEXAGON, SHAPES, SQUARE
from ui import theme
from ui.map.furniture import HALO_PX, halo_text, stamped
from ui.map.grid import MOST_DRAWN, NEAREST_OVERVIEW, Floats, Grid, Overview, Points
from ui.map.heaps import added_up, heaps
from ui.map.labels import Labels
from ui.map.shapes_layer import region_of
from ui.map.squares import Squares
from ui.map.view import Box, View

SYMBOL_PX = 18
TAP_PX = 56
_BASELINE_PX = theme.SECONDARY + HALO_PX
_CROWD_PX = 40
"""A symbol with its count below."""
_MOST_AT_ONCE = 400
"""More symbols than these are half as large, and not drawn within a frame but beside it; see ``squares``."""
_SCREEN_PX = 1_100_000
_PAPER_PX = 300
"""Of a sheet for each symbol; on less they would be one black patch."""
_SOME = 64
_COUNTED_PX = 48.0
"""So far a symbol and its count reach."""
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
        self.on_paper = False
        """A sheet takes as many symbols as have room: nobody waits for the next frame."""
        self.grid: Grid | None = None
        self.newer: Points | None = None
        self._squares = Squares(self._draw_in)
        self._overviews = Squares(self._draw_overview_in, quick=True)
        self._drawn: list[tuple[Floats, Floats, float]] = []
        """Pixels of what the last frame has, and half its size."""

    def show_grid(self, grid: Grid | None) -> None:
        """Draw these; what was newer is in it."""
        self.grid, self.newer = grid, None
        self._squares.forget()
        self._overviews.forget()

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """Draw one by one or as an overview, whichever the view can hold."""
        grid, self._drawn = self.grid, []
        if grid is not None and len(grid):
            near = _grown(view.box, view)
            if self.is_overview(view):
                self._draw_overviews(painter, view, tokens, grid)
            else:
                self._draw_single(painter, view, tokens, grid, near)
        if self.newer is not None:
            box, new = _grown(view.box, view), self.newer
            seen = (new.x >= box.west) & (new.x <= box.east) & (new.y >= box.north) & (new.y <= box.south)
            self._note(view, new, np.flatnonzero(seen), SYMBOL_PX)
            _draw_each(painter, view, tokens, new, np.flatnonzero(seen), SYMBOL_PX)

    def is_overview(self, view: View) -> bool:
        """Whether the finds of a view are too many to be drawn one by one: then numbers stand beside symbols."""
        grid = self.grid
        most = view.width * view.height / _PAPER_PX if self.on_paper else MOST_DRAWN
        if grid is None or math.floor(view.zoom) > NEAREST_OVERVIEW:
            return False
        return grid.at_most(_grown(view.box, view)) > most

    def worst_shown(self, view: View) -> NDArray[np.intp]:
        """Of an overview, the places of the points of the grid whose symbols stand in the view."""
        if self.grid is None:
            return np.empty(0, np.intp)
        crowds = self.grid.overview(math.floor(view.zoom) - _SQUARE_LEVELS)
        return crowds.worst[crowds.inside(_grown(view.box, view))].astype(np.intp)

    def label(self, labels: Labels, _view: View) -> None:
        """No name stands on a symbol or a count."""
        for xs, ys, half in self._drawn:
            labels.take_around(xs, ys, half)

    def _note(self, view: View, points: Points | Overview, places: NDArray[np.intp], size_px: float) -> None:
        x_world, y_world = points.at(places)
        xs = (x_world - view.x) * view.scale + view.width / 2
        ys = (y_world - view.y) * view.scale + view.height / 2
        self._drawn.append((xs, ys, size_px / 2 + 3))

    def finish(self) -> None:
        """Draw now what is otherwise drawn between frames: the next frame is complete."""
        self._squares.finish()
        self._overviews.finish()

    def _draw_single(self, painter: QPainter, view: View, tokens: theme.Tokens, grid: Grid, near: Box) -> None:
        """Every point as its symbol; where there are many, beside the frame, and as dots until that is done."""
        places = grid.inside(near)
        self._note(view, grid.points, places, _symbol_px(len(places), view))
        canvas = painter.device()
        if len(places) <= _MOST_AT_ONCE or not isinstance(canvas, QWidget):
            _draw_each(painter, view, tokens, grid.points, places, _symbol_px(len(places), view))
        else:
            for box in self._squares.draw(painter, view, tokens, canvas):
                self._draw_dots(painter, view, tokens, grid, box)
        _draw_counts(painter, view, tokens, grid.points, places)

    def _draw_in(self, painter: QPainter, view: View, tokens: theme.Tokens) -> Iterator[None]:
        """The points of a square, the most dangerous on top, some at a time."""
        if self.grid is None:
            return
        points = self.grid.points
        places = _in_order(points, self.grid.inside(_grown(view.box, view)))
        for start in range(0, len(places), _SOME):
            _put_down(painter, view, tokens, points, places[start : start + _SOME], SYMBOL_PX // 2)
            yield

    def _draw_overviews(self, painter: QPainter, view: View, tokens: theme.Tokens, grid: Grid) -> None:
        """The squares that are ready, and at once whatever of the view is missing in them."""
        canvas, crowds = painter.device(), grid.overview(math.floor(view.zoom) - _SQUARE_LEVELS)
        self._note(view, crowds, crowds.inside(_grown(view.box, view)), _CROWD_PX - 6)
        if not isinstance(canvas, QWidget):
            self._draw_overview(painter, view, tokens, grid, _grown(view.box, view, _COUNTED_PX))
            return
        missing = self._overviews.draw(painter, view, tokens, canvas)
        if missing:
            around = Box(min(box.west for box in missing), min(box.north for box in missing),
                         max(box.east for box in missing), max(box.south for box in missing))  # fmt: skip
            painter.save()
            painter.setClipRegion(region_of(missing, view))
            self._draw_overview(painter, view, tokens, grid, _grown(around, view, _COUNTED_PX))
            painter.restore()

    def _draw_overview_in(self, painter: QPainter, view: View, tokens: theme.Tokens) -> Iterator[None]:
        """The overview of a square."""
        near = _grown(view.box, view, _COUNTED_PX)
        if self.grid is not None and self.grid.at_most(near):
            self._draw_overview(painter, view, tokens, self.grid, near)
            yield

    def _draw_overview(self, painter: QPainter, view: View, tokens: theme.Tokens, grid: Grid, near: Box) -> None:
        """A dot for each small cell, and over them for each crowded square the worst symbol and the count."""
        self._draw_dots(painter, view, tokens, grid, near)
        squares = grid.overview(math.floor(view.zoom) - _SQUARE_LEVELS)
        seen = squares.inside(near)
        x_world, y_world = squares.at(seen)
        xs = (x_world - view.x) * view.scale + view.width / 2
        ys = (y_world - view.y) * view.scale + view.height / 2
        counts = squares.count[seen]
        if tokens.name == theme.PAPER.name:
            up, shapes = np.where(counts > 1, 8, 0), grid.points.shape[squares.worst[seen]]
            _draw_lines(painter, tokens, xs, ys - up, shapes, squares.gone[seen], SYMBOL_PX)
            for x, y, number in zip(xs.tolist(), ys.tolist(), counts.tolist(), strict=True):
                if number > 1:
                    halo_text(painter, x, y + 18, str(number), tokens, middle=True)
            return
        stamps, half = _Stamps(painter, tokens, SYMBOL_PX), (SYMBOL_PX + 10) / 2
        which = stamps.which(grid.points.shape[squares.worst[seen]], squares.gone[seen])
        ratio = painter.device().devicePixelRatio()
        for x, y, top, stamp, number in zip(
            xs.tolist(), ys.tolist(), (ys - half - np.where(counts > 1, 8, 0)).tolist(), which, counts.tolist(),
            strict=True,
        ):  # fmt: skip
            painter.drawPixmap(QPointF(x - half, top), stamp)
            if number > 1:
                label, middle = _count_stamp(number, tokens.text, tokens.card, ratio)
                painter.drawPixmap(QPointF(x - middle, y + 18 - _BASELINE_PX), label)

    def _draw_dots(self, painter: QPainter, view: View, tokens: theme.Tokens, grid: Grid, near: Box) -> None:
        side, row, column, gone = grid.cells(math.floor(view.zoom), near)
        west, north = math.floor(near.west * side), math.floor(near.north * side)
        wide, high = math.ceil(near.east * side) - west + 1, math.ceil(near.south * side) - north + 1
        buffer = np.zeros((high, wide), np.uint32)
        inks = np.array([0xFF000000 | int(colour[1:], 16) for colour in (tokens.edge, tokens.hairline)], np.uint32)
        buffer[row - north, column - west] = inks[gone.astype(np.intp)]
        cell_px = view.scale / side
        left, top = view.pixel_of_world(west / side, north / side)
        if painter.transform().isIdentity() and painter.device().devicePixelRatio() == 1:
            _put_cells(painter, buffer, left, top, cell_px)
            return
        image = QImage(buffer.data, wide, high, wide * 4, QImage.Format.Format_ARGB32_Premultiplied)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(QRectF(left, top, wide * cell_px, high * cell_px), image)


def _put_cells(painter: QPainter, cells: NDArray[np.uint32], left: float, top: float, cell_px: float) -> None:
    """Put down one colour for each cell, each as many whole pixels as it covers.

    A picture of the screen's pixels is copied ten times as quickly as one that is scaled.
    """
    high, wide = cells.shape
    rows, columns = (np.round(edge + np.arange(count + 1) * cell_px).astype(np.intp) for edge, count in
                     ((top, high), (left, wide)))  # fmt: skip
    pixels = np.repeat(np.repeat(cells, np.diff(columns), axis=1), np.diff(rows), axis=0)
    high, wide = pixels.shape
    image = QImage(pixels.data, wide, high, wide * 4, QImage.Format.Format_ARGB32_Premultiplied)
    painter.drawImage(QPointF(columns[0], rows[0]), image)


class _Stamps:
    """The symbols of one size in a theme, each drawn once."""

    def __init__(self, painter: QPainter, tokens: theme.Tokens, size_px: int) -> None:
        ratio = painter.device().devicePixelRatio()
        self._of = [
            _stamp(shape, size_px, tokens.text, tokens.card, gone, ratio) for shape, _ in SHAPES
            for gone in (False, True)
        ]  # fmt: skip

    def which(self, shapes: NDArray[np.uint8], gone: NDArray[np.bool_]) -> list[QPixmap]:
        """The symbol of each point."""
        stamps = self._of
        return [stamps[place] for place in (shapes.astype(np.intp) * 2 + gone).tolist()]


def _symbol_px(count: int, view: View) -> int:
    """Half as large where many stand in the view; a large sheet has room for more than a screen."""
    return SYMBOL_PX if count <= _MOST_AT_ONCE * max(view.width * view.height / _SCREEN_PX, 1.0) else SYMBOL_PX // 2


def _in_order(points: Points, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """The most dangerous last, so that it lies on top; what is gone below all."""
    return places[np.lexsort((points.rank[places], ~points.gone[places]))]


def _draw_each(
    painter: QPainter, view: View, tokens: theme.Tokens, points: Points, places: NDArray[np.intp], size_px: int
) -> None:
    _put_down(painter, view, tokens, points, _in_order(points, places), size_px)


def _draw_counts(
    painter: QPainter, view: View, tokens: theme.Tokens, points: Points, places: NDArray[np.intp]
) -> None:
    """How many lie on one another, beside the uppermost of them; numbers that would touch are one."""
    placed = _in_order(points, places)
    size_px = _symbol_px(len(places), view)
    tops, counts = heaps(*points.at(placed), view.scale, size_px)
    beside = size_px / 2 + 3
    xs, ys = points.at(placed[tops])
    xs, ys = (xs - view.x) * view.scale + view.width / 2, (ys - view.y) * view.scale + view.height / 2
    ratio = painter.device().devicePixelRatio()
    order = np.argsort(tops)  # what lies on top is last
    across, down = xs[order].tolist(), ys[order].tolist()
    for place, count in added_up(across, down, counts[order].tolist()):
        x, y = across[place], down[place]
        if tokens.name == theme.PAPER.name:
            halo_text(painter, x + beside, y + 14, str(count), tokens)
        else:
            painter.drawPixmap(QPointF(x + beside, y + 14 - _BASELINE_PX), _count_stamp(
                count, tokens.text, tokens.card, ratio)[0])  # fmt: skip


def _put_down(
    painter: QPainter, view: View, tokens: theme.Tokens, points: Points, places: NDArray[np.intp], size_px: int
) -> None:
    half = (size_px + 10) / 2
    xs = (points.x[places] - view.x) * view.scale + (view.width / 2 - half)
    ys = (points.y[places] - view.y) * view.scale + (view.height / 2 - half)
    if tokens.name == theme.PAPER.name:
        _draw_lines(painter, tokens, xs + half, ys + half, points.shape[places], points.gone[places], size_px)
        return
    which = _Stamps(painter, tokens, size_px).which(points.shape[places], points.gone[places])
    put = painter.drawPixmap
    for x, y, stamp in zip(xs.tolist(), ys.tolist(), which, strict=True):
        put(QPointF(x, y), stamp)


def _draw_lines(
    painter: QPainter, tokens: theme.Tokens, xs: Floats, ys: Floats, shapes: NDArray[np.uint8],
    gone: NDArray[np.bool_], size_px: int,
) -> None:  # fmt: skip
    """Symbols as lines and not as pictures of them: on paper, at any resolution."""
    for x, y, shape, off in zip(xs.tolist(), ys.tolist(), shapes.tolist(), gone.tolist(), strict=True):
        draw_shape(painter, SHAPES[shape][0], x, y, size_px, tokens.text, tokens.card, gone=off)


@lru_cache(maxsize=1024)
def _count_stamp(count: int, ink: str, paper: str, ratio: float) -> tuple[QPixmap, float]:
    """A number with its halo and how far it is to its middle.

    It is put together from the halos of its digits: hundreds come into view with each zoom.
    """
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
    return made, made.width() / ratio / 2


def _grown(box: Box, view: View, by_px: float = SYMBOL_PX) -> Box:
    """A box and a symbol's width around it."""
    edge = by_px / view.scale
    return Box(box.west - edge, box.north - edge, box.east + edge, box.south + edge)
