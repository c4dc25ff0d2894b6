"""Finds on the map: every symbol where few are in view, the worst of each cell with its count where many are.

Filled: in the ground. Hollow with a tick: destroyed or removed. A halo sets them off from any ground.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF

from fieldapp.domain.symbols import CIRCLE, CROSS, DASHED, DIAMOND, HEXAGON, SHAPES, SQUARE
from ui import theme
from ui.map.furniture import halo_text
from ui.map.grid import CELL_PX, LEVELS, MOST_DRAWN, Grid, Points
from ui.map.view import TILE_PX, Box, View

SYMBOL_PX = 18
TAP_PX = 56
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

    def show_grid(self, grid: Grid | None) -> None:
        """Draw these; what was newer is in it."""
        self.grid, self.newer = grid, None

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """Draw one by one or as an overview, whichever the view can hold."""
        grid = self.grid
        if grid is not None and len(grid):
            near = _grown(view)
            if grid.at_most(near) <= MOST_DRAWN or math.floor(view.zoom) > LEVELS[-1]:
                self._draw_each(painter, view, tokens, grid.points, grid.inside(near))
            else:
                self._draw_overview(painter, view, tokens, grid, near)
        if self.newer is not None:
            self._draw_each(painter, view, tokens, self.newer, np.arange(len(self.newer)))

    def _draw_each(
        self, painter: QPainter, view: View, tokens: theme.Tokens, points: Points, places: np.ndarray
    ) -> None:
        if not len(places):
            return
        # the most dangerous last, so that it lies on top
        places = places[np.lexsort((points.rank[places], ~points.gone[places]))]
        xs = (points.x[places] - view.x) * view.scale + view.width / 2
        ys = (points.y[places] - view.y) * view.scale + view.height / 2
        ratio = painter.device().devicePixelRatio()
        size = SYMBOL_PX if len(places) <= MOST_DRAWN // 4 else SYMBOL_PX // 2
        half = (size + 10) / 2
        for x, y, shape, gone in zip(
            xs.tolist(), ys.tolist(), points.shape[places].tolist(), points.gone[places].tolist(), strict=True
        ):
            stamp = _stamp(SHAPES[shape][0], size, tokens.text, tokens.card, gone, ratio)
            painter.drawPixmap(QPointF(x - half, y - half), stamp)

    def _draw_overview(self, painter: QPainter, view: View, tokens: theme.Tokens, grid: Grid, near: Box) -> None:
        """A dot for each small cell, and over them for each crowded square the worst symbol and the count."""
        zoom = math.floor(view.zoom)
        self._draw_dots(painter, view, tokens, grid, near)
        squares = grid.overview(zoom - _SQUARE_LEVELS)
        seen = squares.inside(near)
        ratio = painter.device().devicePixelRatio()
        xs = (squares.x[seen] - view.x) * view.scale + view.width / 2
        ys = (squares.y[seen] - view.y) * view.scale + view.height / 2
        worst, count = squares.worst[seen], squares.count[seen]
        shapes, gone = grid.points.shape[worst], grid.points.gone[worst]
        half = (SYMBOL_PX + 10) / 2
        for x, y, shape, off, number in zip(
            xs.tolist(), ys.tolist(), shapes.tolist(), gone.tolist(), count.tolist(), strict=True
        ):
            stamp = _stamp(SHAPES[shape][0], SYMBOL_PX, tokens.text, tokens.card, off, ratio)
            painter.drawPixmap(QPointF(x - half, y - half - (8 if number > 1 else 0)), stamp)
            if number > 1:
                halo_text(painter, x, y + 18, str(number), tokens, middle=True)

    def _draw_dots(self, painter: QPainter, view: View, tokens: theme.Tokens, grid: Grid, near: Box) -> None:
        zoom = min(max(math.floor(view.zoom), LEVELS[0]), LEVELS[-1])
        level = grid.overview(zoom)
        seen = level.inside(near)
        side = (TILE_PX << zoom) // CELL_PX
        west, north = math.floor(near.west * side), math.floor(near.north * side)
        wide, high = math.ceil(near.east * side) - west + 1, math.ceil(near.south * side) - north + 1
        buffer = np.zeros((high, wide), np.uint32)
        gone = grid.points.gone[level.worst[seen]]
        column = (level.x[seen] * side).astype(np.int64) - west
        row = (level.y[seen] * side).astype(np.int64) - north
        for which, colour in ((gone, tokens.hairline), (~gone, tokens.edge)):
            buffer[row[which], column[which]] = 0xFF000000 | int(colour[1:], 16)
        image = QImage(buffer.data, wide, high, wide * 4, QImage.Format.Format_ARGB32_Premultiplied)
        cell_px = view.scale / side
        left, top = view.pixel_of_world(west / side, north / side)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(QRectF(left, top, wide * cell_px, high * cell_px), image)


def _grown(view: View) -> Box:
    """The view and half a symbol around it."""
    edge = SYMBOL_PX / view.scale
    box = view.box
    return Box(box.west - edge, box.north - edge, box.east + edge, box.south + edge)
