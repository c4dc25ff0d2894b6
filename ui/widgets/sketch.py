"""A sketch of an outline: its points in the order typed, north up, with a scale. No map; for checking a slip."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from fieldapp.texts import N_, Texts
from ui import theme

_MARGIN_PX = 46
_METRES_PER_DEGREE = 111_320.0
"""Of latitude, near enough for a sketch."""

LatLon = tuple[float, float]


@dataclass(frozen=True)
class Point:
    """A point of the outline, WGS 84 degrees, and its name (SP, TP1 ...)."""

    lat: float
    lon: float
    name: str


@dataclass(frozen=True)
class DrawnRing:
    """One ring. ``edited``: the one whose points are typed now; ``faint``: as measured, before it was adjusted."""

    points: tuple[Point, ...]
    edited: bool = True
    closed: bool = True
    faint: bool = False


@dataclass(frozen=True)
class Neighbour:
    """Ground that lies here already: its number, and its rings as (lat, lon)."""

    name: str
    rings: tuple[tuple[LatLon, ...], ...]


@dataclass(frozen=True)
class Drawing:
    """Everything the sketch shows. Parts and holes are rings alike: ground in an odd number of them is drawn full."""

    rings: tuple[DrawnRing, ...] = ()
    beside: tuple[Point, ...] = ()
    """Reference points and benchmarks."""
    places: tuple[LatLon, ...] = ()
    """Where something is wrong: crossings, points in one place."""
    gap: tuple[LatLon, LatLon] | None = None
    """From where a traverse ended to where it should have."""
    neighbours: tuple[Neighbour, ...] = field(default=(), compare=True)


class Sketch(QWidget):
    """Draws rings and their points, marks outside, problems, a misclosure, neighbours and what they share."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._drawing = Drawing()
        self._marked = -1
        self._scale = 0.0
        self._middle = (0.0, 0.0)
        """East and north, in metres, of what stands in the middle of the widget."""
        self._narrow = 1.0
        self.setMinimumHeight(200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Takes whatever room is left, and asks for little: a page that asks for more than there is would scroll."""
        return QSize(500, 200)

    def points(self) -> tuple[Point, ...]:
        """The points drawn, ring after ring."""
        return tuple(point for ring in self._drawing.rings if not ring.faint for point in ring.points)

    def drawing(self) -> Drawing:
        """What is drawn."""
        return self._drawing

    def show_points(self, points: Sequence[Point], crossing: LatLon | None = None) -> None:
        """Draw one ring; ``crossing`` (lat, lon) is where it crosses itself."""
        rings = (DrawnRing(tuple(points)),) if points else ()
        self.show_drawing(Drawing(rings, places=(crossing,) if crossing is not None else ()))

    def show_drawing(self, drawing: Drawing) -> None:
        """Draw this."""
        self._drawing = drawing
        self.setAccessibleName(self._texts.plural(N_("{count} point"), N_("{count} points"), len(self.points())))
        self.update()

    def mark(self, place: int) -> None:
        """Fill the point at ``place`` of the edited ring: the one that is typed."""
        self._marked = place
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw everything in the current theme."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.points() and not self._drawing.beside:
            painter.setPen(QColor(tokens.text2))
            painter.setFont(theme.font(theme.SECONDARY))
            said = self._texts(N_("The outline is drawn here as its points are typed."))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), said)
            painter.end()
            return
        self._fit()
        self._draw_ground(painter, tokens)
        for ring in self._drawing.rings:
            self._draw_ring(painter, tokens, ring)
        self._draw_marks(painter, tokens)
        self._draw_north(painter, tokens)
        if self._scale > 0:
            self._draw_scale(painter, tokens)
        painter.end()

    def _fit(self) -> None:
        """Px per metre (0 for one place) and the middle, from everything but the neighbours."""
        drawn = self._drawing
        places: list[LatLon] = [(point.lat, point.lon) for ring in drawn.rings for point in ring.points]
        places += [(point.lat, point.lon) for point in drawn.beside]
        places += [*drawn.places, *(drawn.gap or ())]
        self._narrow = math.cos(math.radians(sum(lat for lat, _ in places) / len(places)))
        flat = [self._metres(place) for place in places]
        west, east = min(x for x, _ in flat), max(x for x, _ in flat)
        south, north = min(y for _, y in flat), max(y for _, y in flat)
        wide, high = max(self.width() - 2 * _MARGIN_PX, 10), max(self.height() - 2 * _MARGIN_PX, 10)
        fits = [room / size for room, size in ((wide, east - west), (high, north - south)) if size > 0.01]
        self._scale = min(fits, default=0.0)
        self._middle = ((west + east) / 2, (south + north) / 2)

    def _metres(self, place: LatLon) -> tuple[float, float]:
        return place[1] * _METRES_PER_DEGREE * self._narrow, place[0] * _METRES_PER_DEGREE

    def _spot(self, place: LatLon) -> QPointF:
        x, y = self._metres(place)
        return QPointF(
            self.width() / 2 + (x - self._middle[0]) * self._scale,
            self.height() / 2 - (y - self._middle[1]) * self._scale,
        )

    def _path(self, rings: Iterable[Sequence[LatLon]]) -> QPainterPath:
        path = QPainterPath()
        for ring in rings:
            if len(ring) > 2:
                path.addPolygon(QPolygonF([self._spot(place) for place in ring]))
                path.closeSubpath()
        return path

    def _draw_ground(self, painter: QPainter, tokens: theme.Tokens) -> None:
        """The ground of the outline, that of its neighbours, and what both have."""
        mine = self._path(
            [(point.lat, point.lon) for point in ring.points]
            for ring in self._drawing.rings
            if ring.closed and not ring.faint
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.soft))
        painter.drawPath(mine)
        for neighbour in self._drawing.neighbours:
            path = self._path(neighbour.rings)
            painter.setPen(QPen(QColor(tokens.ok), 2))
            painter.setBrush(QBrush(QColor(tokens.ok), Qt.BrushStyle.BDiagPattern))
            painter.drawPath(path)
            painter.setPen(QPen(QColor(tokens.danger), 2))
            painter.setBrush(QBrush(QColor(tokens.danger), Qt.BrushStyle.DiagCrossPattern))
            painter.drawPath(mine.intersected(path))
            self._name(painter, tokens, path.boundingRect().intersected(QRectF(self.rect())).center(), neighbour.name)

    def _draw_ring(self, painter: QPainter, tokens: theme.Tokens, ring: DrawnRing) -> None:
        spots = [self._spot((point.lat, point.lon)) for point in ring.points]
        style = Qt.PenStyle.DashLine if ring.faint else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(tokens.text2 if ring.faint else tokens.accent), 2 if ring.faint else 4, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(spots) > 2 and ring.closed:
            painter.drawPolygon(QPolygonF(spots))
        elif len(spots) > 1:
            painter.drawPolyline(QPolygonF(spots))
        if ring.faint:
            return
        for place, (spot, point) in enumerate(zip(spots, ring.points, strict=True)):
            painter.setPen(QPen(QColor(tokens.accent), 3))
            filled = ring.edited and place == self._marked
            painter.setBrush(QColor(tokens.accent if filled else tokens.card))
            painter.drawRect(QRectF(spot.x() - 6, spot.y() - 6, 12, 12))
            if ring.edited:
                self._name(painter, tokens, spot, point.name)

    def _name(self, painter: QPainter, tokens: theme.Tokens, spot: QPointF, name: str) -> None:
        """A name beside a spot, away from the middle, with a halo of the card's colour."""
        painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        wide = QFontMetrics(painter.font()).horizontalAdvance(name)
        left = spot.x() + 10 if spot.x() >= self.width() / 2 else spot.x() - 10 - wide
        low = spot.y() + 18 if spot.y() >= self.height() / 2 else spot.y() - 8
        left = max(2.0, min(left, self.width() - wide - 2.0))
        path = QPainterPath()
        path.addText(QPointF(left, low), painter.font(), name)
        painter.strokePath(path, QPen(QColor(tokens.card), 5))
        painter.setPen(QColor(tokens.text))
        painter.drawText(QPointF(left, low), name)

    def _draw_marks(self, painter: QPainter, tokens: theme.Tokens) -> None:
        """Landmarks and benchmarks as triangles, problems as rings, the misclosure as a red line."""
        for point in self._drawing.beside:
            spot = self._spot((point.lat, point.lon))
            painter.setPen(QPen(QColor(tokens.text), 3))
            painter.setBrush(QColor(tokens.card))
            painter.drawPolygon(QPolygonF([spot + QPointF(*at) for at in ((0.0, -9.0), (9.0, 7.0), (-9.0, 7.0))]))
            self._name(painter, tokens, spot, point.name)
        painter.setPen(QPen(QColor(tokens.danger), 4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for place in self._drawing.places:
            painter.drawEllipse(self._spot(place), 14, 14)
        if self._drawing.gap is not None:
            painter.setPen(QPen(QColor(tokens.danger), 4, Qt.PenStyle.DotLine))
            painter.drawLine(self._spot(self._drawing.gap[0]), self._spot(self._drawing.gap[1]))

    def _draw_north(self, painter: QPainter, tokens: theme.Tokens) -> None:
        x = self.width() - 22
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.text))
        painter.drawPolygon(QPolygonF([QPointF(x, 6), QPointF(x + 9, 30), QPointF(x, 24), QPointF(x - 9, 30)]))
        painter.setPen(QColor(tokens.text))
        painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        painter.drawText(QRectF(x - 20, 30, 40, 20), Qt.AlignmentFlag.AlignCenter, self._texts(N_("N")))

    def _draw_scale(self, painter: QPainter, tokens: theme.Tokens) -> None:
        metres = round_length(110 / self._scale)
        long = metres * self._scale
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
