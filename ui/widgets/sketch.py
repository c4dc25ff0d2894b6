"""A sketch of an outline: its points in the order typed, north up, with a scale. No map; for checking a slip."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from fieldapp.texts import N_, Texts
from ui import theme

_MARGIN_PX = 46
_METRES_PER_DEGREE = 111_320.0
"""Of latitude, near enough for a sketch."""


@dataclass(frozen=True)
class Point:
    """A point of the outline, WGS 84 degrees, and its name (SP, TP1 ...)."""

    lat: float
    lon: float
    name: str


class Sketch(QWidget):
    """Draws points, the outline through them, where it crosses itself, a scale bar and north."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._points: tuple[Point, ...] = ()
        self._crossing: tuple[float, float] | None = None
        self._marked = -1
        self.setMinimumHeight(200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Takes whatever room is left, and asks for little: a page that asks for more than there is would scroll."""
        return QSize(500, 200)

    def points(self) -> tuple[Point, ...]:
        """The points drawn."""
        return self._points

    def show_points(self, points: Sequence[Point], crossing: tuple[float, float] | None = None) -> None:
        """Draw these points; ``crossing`` (lat, lon) is where the outline crosses itself."""
        self._points, self._crossing = tuple(points), crossing
        self.setAccessibleName(self._texts.plural(N_("{count} point"), N_("{count} points"), len(self._points)))
        self.update()

    def mark(self, place: int) -> None:
        """Fill the point at ``place``: the one that is typed."""
        self._marked = place
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw everything in the current theme."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._points:
            painter.setPen(QColor(tokens.text2))
            painter.setFont(theme.font(theme.SECONDARY))
            said = self._texts(N_("The outline is drawn here as its points are typed."))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), said)
            painter.end()
            return
        scale, spots = self._spots()
        self._draw_outline(painter, tokens, spots)
        self._draw_north(painter, tokens)
        if scale > 0:
            self._draw_scale(painter, tokens, scale)
        painter.end()

    def _spots(self) -> tuple[float, list[QPointF]]:
        """Px per metre (0 for one place), and each point on the widget; the crossing comes last if there is one."""
        middle = math.radians(sum(point.lat for point in self._points) / len(self._points))
        places = [(point.lat, point.lon) for point in self._points]
        if self._crossing is not None:
            places.append(self._crossing)
        flat = [(lon * _METRES_PER_DEGREE * math.cos(middle), lat * _METRES_PER_DEGREE) for lat, lon in places]
        west, east = min(x for x, _ in flat), max(x for x, _ in flat)
        south, north = min(y for _, y in flat), max(y for _, y in flat)
        wide, high = max(self.width() - 2 * _MARGIN_PX, 10), max(self.height() - 2 * _MARGIN_PX, 10)
        fits = [room / size for room, size in ((wide, east - west), (high, north - south)) if size > 0.01]
        scale = min(fits, default=0.0)
        mid_x, mid_y = (west + east) / 2, (south + north) / 2
        return scale, [
            QPointF(self.width() / 2 + (x - mid_x) * scale, self.height() / 2 - (y - mid_y) * scale) for x, y in flat
        ]

    def _draw_outline(self, painter: QPainter, tokens: theme.Tokens, spots: list[QPointF]) -> None:
        ring = spots[: len(self._points)]
        painter.setPen(QPen(QColor(tokens.accent), 4))
        painter.setBrush(QColor(tokens.soft) if len(ring) > 2 else Qt.BrushStyle.NoBrush)
        if len(ring) > 2:
            painter.drawPolygon(QPolygonF(ring))
        elif len(ring) == 2:
            painter.drawLine(ring[0], ring[1])
        painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        metrics = QFontMetrics(painter.font())
        for place, (spot, point) in enumerate(zip(ring, self._points, strict=True)):
            painter.setPen(QPen(QColor(tokens.accent), 3))
            painter.setBrush(QColor(tokens.accent if place == self._marked else tokens.card))
            painter.drawRect(QRectF(spot.x() - 6, spot.y() - 6, 12, 12))
            wide = metrics.horizontalAdvance(point.name)
            left = spot.x() + 10 if spot.x() >= self.width() / 2 else spot.x() - 10 - wide
            low = spot.y() + 18 if spot.y() >= self.height() / 2 else spot.y() - 8
            painter.setPen(QColor(tokens.text))
            painter.drawText(QPointF(left, low), point.name)
        if self._crossing is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.danger), 4))
            painter.drawEllipse(spots[-1], 14, 14)

    def _draw_north(self, painter: QPainter, tokens: theme.Tokens) -> None:
        x = self.width() - 22
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.text))
        painter.drawPolygon(QPolygonF([QPointF(x, 6), QPointF(x + 9, 30), QPointF(x, 24), QPointF(x - 9, 30)]))
        painter.setPen(QColor(tokens.text))
        painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        painter.drawText(QRectF(x - 20, 30, 40, 20), Qt.AlignmentFlag.AlignCenter, self._texts(N_("N")))

    def _draw_scale(self, painter: QPainter, tokens: theme.Tokens, scale: float) -> None:
        metres = round_length(110 / scale)
        long = metres * scale
        low = self.height() - 10
        painter.setPen(QPen(QColor(tokens.text), 3))
        painter.drawLine(QPointF(10, low), QPointF(10 + long, low))
        for x in (10.0, 10 + long):
            painter.drawLine(QPointF(x, low - 6), QPointF(x, low + 6))
        painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        decimals = max(0, -math.floor(math.log10(metres)))
        said = self._texts(N_("{metres} m"), metres=self._texts.number(metres, decimals))
        painter.drawText(QPointF(18 + long, low + 5), said)


def round_length(metres: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not longer than ``metres`` (positive)."""
    power = 10.0 ** math.floor(math.log10(metres))
    return float(next(step * power for step in (5, 2, 1) if step * power <= metres * (1 + 1e-9)))
