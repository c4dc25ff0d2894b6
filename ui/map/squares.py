"""Pictures of crowded layers: squares of 256 px at the zoom shown, drawn a few milliseconds at a time between frames.

Thousands of hatched outlines take longer to draw than a frame may. So a frame puts down the squares that are ready;
where one is missing it shows the last complete picture, scaled, and beyond that whatever the layer can draw at once,
so that nothing is ever left out. Squares belong to one zoom, one theme and one set of things and go with them.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.background import is_alive
from ui.map.view import TILE_PX, Box, View

_SLICE_S = 0.005
_SPARE_SQUARES = 12
"""Kept beside those of the view and the ring around it; a square is a quarter of a megabyte."""
_SETTLED_MS = 60
"""Squares of a zoom are begun when it has stood so long: a pinch passes through many."""

Square = tuple[int, int]
"""Column and row, counted in squares from the world's north-west corner at the zoom shown."""
DrawIn = Callable[[QPainter, View, theme.Tokens], Iterator[None]]
"""Draws what lies in a view, and gives way every now and then."""


@dataclass(frozen=True)
class _Picture:
    """What was shown at another zoom."""

    image: QImage
    view: View


class Squares:
    """The squares of one layer."""

    def __init__(self, draw_in: DrawIn, *, quick: bool = False) -> None:
        """``quick``: drawn within a frame where need be, so none is drawn ahead, and no scaled picture stands in."""
        self._draw_in, self._stands_in, self._ahead = draw_in, not quick, 0 if quick else 1
        self._squares: OrderedDict[Square, QImage] = OrderedDict()
        self._of: tuple[float, str, float] | None = None
        """Zoom, theme, pixels to a logical pixel."""
        self._before: _Picture | None = None
        self._view: View | None = None
        self._tokens = theme.SUN
        self._canvas: QWidget | None = None
        self._under_way: Generator[None, None, None] | None = None
        self._timer: QTimer | None = None

    def forget(self) -> None:
        """What is drawn is something else now."""
        self._stop()
        self._squares.clear()
        self._before, self._of, self._view = None, None, None

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens, canvas: QWidget) -> list[Box]:
        """Put down what is ready, and see to the rest; gives the boxes of which nothing at all could be shown."""
        ratio = painter.device().devicePixelRatio()
        self._turn_to(view, tokens, ratio)
        self._view, self._tokens, self._canvas = view, tokens, canvas
        left, top = corner_of(view)
        missing = []
        for square in squares_of(view):
            image = self._squares.get(square)
            if image is None:
                missing.append(square)
            elif not image.isNull():
                self._squares.move_to_end(square)
                painter.drawImage(_place(square, image, left, top), image)
        if missing or self._next() is not None:
            self._go_on(0)
        return self._fill_in(painter, view, missing)

    def finish(self) -> None:
        """Draw everything that is missing in the view now, however long it takes."""
        while (self._under_way is not None or self._next((0,)) is not None) and self._step():
            pass

    def _turn_to(self, view: View, tokens: theme.Tokens, ratio: float) -> None:
        now = view.zoom, tokens.name, ratio
        if now == self._of:
            return
        if self._of is not None and self._of[1:] == now[1:]:
            self._keep_picture(ratio)
        elif self._of is not None:
            self._before = None
        self._stop()
        self._squares.clear()
        settling = self._of is not None
        self._of = now
        if settling:
            self._go_on(_SETTLED_MS)

    def _keep_picture(self, ratio: float) -> None:
        """Keep what is shown as one picture, where it is whole: a scaled picture of a scaled one is a blur."""
        view = self._view
        if not self._stands_in or view is None or any(square not in self._squares for square in squares_of(view)):
            return
        image = empty_picture(view.width, view.height, ratio)
        painter = QPainter(image)
        left, top = corner_of(view)
        for square in squares_of(view):
            if not self._squares[square].isNull():
                painter.drawImage(_place(square, self._squares[square], left, top), self._squares[square])
        painter.end()
        self._before = _Picture(image, view)

    def _fill_in(self, painter: QPainter, view: View, missing: list[Square]) -> list[Box]:
        if not missing:
            return []
        boxes = [view_of(square, view.zoom).box for square in missing]
        if self._before is None:
            return boxes
        shown = self._before.view.box
        left, top = view.pixel_of_world(shown.west, shown.north)
        right, bottom = view.pixel_of_world(shown.east, shown.south)
        corner = corner_of(view)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for square in missing:
            painter.setClipRect(
                QRectF(square[0] * TILE_PX - corner[0], square[1] * TILE_PX - corner[1], TILE_PX, TILE_PX)
            )  # fmt: skip
            painter.drawImage(QRectF(left, top, right - left, bottom - top), self._before.image)
        painter.restore()
        return [box for box in boxes if not _within(box, shown)]

    def _next(self, margins: tuple[int, ...] | None = None) -> Square | None:
        """The missing square that is nearest to the middle: of the view, then of the ring around it."""
        view = self._view
        if view is None:
            return None
        middle = [(edge + size / 2) / TILE_PX - 0.5 for edge, size in
                  zip(corner_of(view), (view.width, view.height), strict=True)]  # fmt: skip
        for margin in range(self._ahead + 1) if margins is None else margins:
            missing = [square for square in squares_of(view, margin) if square not in self._squares]
            if missing:
                return min(missing, key=lambda one: (one[0] - middle[0]) ** 2 + (one[1] - middle[1]) ** 2)
        return None

    def _go_on(self, in_ms: int) -> None:
        if self._timer is None:
            self._timer = QTimer()
            self._timer.setSingleShot(True)
            self._timer.timeout.connect(self._work)
        if in_ms or not self._timer.isActive():
            self._timer.start(in_ms)

    def _work(self) -> None:
        if self._canvas is None or not is_alive(self._canvas):
            self._stop()
            return
        before = len(self._squares)
        end = time.perf_counter() + _SLICE_S
        more = True
        while more and time.perf_counter() < end:
            more = self._step()
        if len(self._squares) != before:
            self._canvas.update()
        if more:
            self._go_on(0)

    def _step(self) -> bool:
        """Draw a little more; False when nothing is left to do."""
        if self._under_way is None:
            square = self._next()
            if square is None or self._view is None or self._of is None:
                return False
            self._under_way = self._one(square, self._view.zoom, self._tokens, self._of[2])
        if next(self._under_way, self) is self:
            self._under_way = None
        return True

    def _one(self, square: Square, zoom: float, tokens: theme.Tokens, ratio: float) -> Generator[None, None, None]:
        image = empty_picture(TILE_PX, TILE_PX, ratio)
        painter = QPainter(image)
        blank = True
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for _ in self._draw_in(painter, view_of(square, zoom), tokens):
                blank = False
                yield
        finally:
            painter.end()
        self._squares[square] = QImage() if blank else _cropped(image)  # most squares of most layers take no room
        self._let_go()

    def _let_go(self) -> None:
        """Keep what is around the view, and as little else as panning back and forth needs."""
        if self._view is None:
            return
        around = set(squares_of(self._view, self._ahead))
        away = [square for square in self._squares if square not in around]
        for square in away[: max(len(away) - (_SPARE_SQUARES if self._ahead else 0), 0)]:
            del self._squares[square]

    def _stop(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.close()
        if self._timer is not None:
            self._timer.stop()


def corner_of(view: View) -> tuple[int, int]:
    """Whole pixels from the world's corner to the view's: squares are put down sharp, at most half a pixel off."""
    return round(view.x * view.scale - view.width / 2), round(view.y * view.scale - view.height / 2)


def _cropped(image: QImage) -> QImage:
    """The part of a square in which something is drawn; its place in the square is its ``offset``.

    What takes the time to put squares down is reading them.
    """
    if image.devicePixelRatio() != 1:
        return image
    drawn = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()) != 0
    rows, columns = (np.flatnonzero(drawn.any(axis)) for axis in (1, 0))
    if not len(rows):
        return QImage()
    left, top = int(columns[0]), int(rows[0])
    part = image.copy(left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1)
    part.setOffset(QPoint(left, top))
    return part


def _place(square: Square, image: QImage, left: int, top: int) -> QPointF:
    """Where a square's picture is put down in a view whose corner is at ``left`` and ``top``."""
    offset = image.offset()
    return QPointF(square[0] * TILE_PX - left + offset.x(), square[1] * TILE_PX - top + offset.y())


def squares_of(view: View, margin: int = 0) -> list[Square]:
    """The squares that meet a view, and so many more on each side."""
    left, top = corner_of(view)
    columns = range(left // TILE_PX - margin, (left + view.width - 1) // TILE_PX + 1 + margin)
    rows = range(top // TILE_PX - margin, (top + view.height - 1) // TILE_PX + 1 + margin)
    return [(column, row) for row in rows for column in columns]


def view_of(square: Square, zoom: float) -> View:
    """The view that shows just this square."""
    across = TILE_PX * math.pow(2.0, zoom)
    return View((square[0] + 0.5) * TILE_PX / across, (square[1] + 0.5) * TILE_PX / across, zoom, TILE_PX, TILE_PX)


def _within(box: Box, other: Box) -> bool:
    return (
        other.west <= box.west and box.east <= other.east and other.north <= box.north and box.south <= other.south
    )


def empty_picture(width: int, height: int, ratio: float) -> QImage:
    """A transparent picture of so many logical pixels."""
    made = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    return made
