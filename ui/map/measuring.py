"""Measuring on the map: click points; lengths and area on the ellipsoid, bearings from true and magnetic north."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF

from fieldapp.geodesy.area import OutlineHasNoArea, bearing_deg, distance_m, outline_area_m2
from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.declination import ModelExpired, declination
from fieldapp.texts import N_, Texts
from ui import theme
from ui.map.furniture import halo_text
from ui.map.layer import Pointer
from ui.map.view import View

LatLon = tuple[float, float]


@dataclass(frozen=True)
class Measured:
    """What the points give. ``area_m2`` is None for fewer than three, or where the line crosses itself."""

    length_m: float
    last_m: float
    bearing_deg: float | None
    area_m2: float | None


class MeasuringTool(QObject):
    """Click adds a point, Backspace or Ctrl+Z takes the last back, Esc ends. ``measured`` follows every change."""

    measured = Signal()
    ended = Signal()

    def __init__(self, texts: Texts, day: date) -> None:
        super().__init__()
        self._texts, self._day = texts, day
        self.points: list[LatLon] = []
        self._pointer: LatLon | None = None

    def press(self, at: Pointer) -> None:
        """A point more."""
        self.points.append((at.lat, at.lon))
        self.measured.emit()

    def double(self, at: Pointer) -> None:
        """The second click of two adds nothing."""

    def move(self, at: Pointer) -> None:
        """The line goes on to the pointer."""
        self._pointer = (at.lat, at.lon)
        self.measured.emit()

    def grab(self, at: Pointer) -> bool:
        """Points stay where they were set."""
        return False

    def drag(self, at: Pointer) -> None:
        """Nothing is dragged."""

    def drop(self, at: Pointer) -> None:
        """Nothing was dragged."""

    def key(self, event: QKeyEvent, view: View) -> bool:
        """Backspace and Ctrl+Z take a point back, Esc ends."""
        undo = event.key() == Qt.Key.Key_Z and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if (event.key() == Qt.Key.Key_Backspace or undo) and self.points:
            self.take_back()
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.ended.emit()
            return True
        return False

    def forget_pointer(self) -> None:
        """The pointer left the map: only what was set is measured, not the way to the edge."""
        self._pointer = None
        self.measured.emit()

    def take_back(self) -> None:
        """The last point is no longer there."""
        if self.points:
            self.points.pop()
            self.measured.emit()

    def line(self) -> list[LatLon]:
        """The points, and the pointer after the last where it has gone on."""
        goes_on = self._pointer is not None and self.points and self._pointer != self.points[-1]
        return [*self.points, self._pointer] if goes_on and self._pointer is not None else list(self.points)

    def result(self) -> Measured:
        """Lengths, bearing of the last stretch, area."""
        line = self.line()
        lengths = [distance_m(*one, *other) for one, other in pairwise(line)]
        bearing = bearing_deg(*line[-2], *line[-1]) if lengths and lengths[-1] > 0 else None
        return Measured(sum(lengths), lengths[-1] if lengths else 0.0, bearing, _area_m2(line))

    def words(self) -> list[tuple[str, str]]:
        """What was measured, ready to show: word and value."""
        texts, found = self._texts, self.result()
        said = [(texts(N_("Length")), _metres(found.length_m, texts))]
        if found.bearing_deg is not None:
            said.append((texts(N_("Last stretch")), _metres(found.last_m, texts)))
            bearing = texts(N_("{degrees}° true"), degrees=texts.number(found.bearing_deg, 1))
            said.append((texts(N_("Its bearing")), bearing))
            magnetic = magnetic_deg(self.line()[-2], found.bearing_deg, self._day)
            if magnetic is not None:
                said.append(("", texts(N_("{degrees}° magnetic"), degrees=texts.number(magnetic, 1))))
        if found.area_m2 is not None:
            said.append((texts(N_("Area")), texts(N_("{value} m²"), value=texts.number(found.area_m2, 0))))
        return said

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """The line, its points and the length at its end."""
        line = self.line()
        if not line:
            return
        spots = [QPointF(*view.pixel(*point)) for point in line]
        for colour, width in ((tokens.card, 7), (tokens.accent, 3)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawPolyline(QPolygonF(spots))
        painter.setBrush(QColor(tokens.accent))
        painter.setPen(QPen(QColor(tokens.card), 2))
        for spot in spots:
            painter.drawEllipse(spot, 6, 6)
        if len(spots) > 1:
            last = spots[-1]
            halo_text(painter, last.x() + 12, last.y() - 8, _metres(self.result().length_m, self._texts), tokens,
                      size_px=theme.BODY)  # fmt: skip


def magnetic_deg(at: LatLon, bearing: float, day: date) -> float | None:
    """A true bearing as a compass shows it at a place on a day; None where no shipped model covers the day."""
    try:
        return (bearing - declination(Position(*at), day).deg) % 360
    except ModelExpired:
        return None


def _area_m2(line: list[LatLon]) -> float | None:
    if len(line) < 3:
        return None
    try:
        return float(outline_area_m2({"type": "Polygon", "coordinates": [[[lon, lat] for lat, lon in line]]}))
    except (OutlineHasNoArea, ValueError):
        return None


def _metres(metres: float, texts: Texts) -> str:
    if metres >= 10_000:
        return texts(N_("{count} km"), count=texts.number(metres / 1000, 2))
    return texts(N_("{count} m"), count=texts.number(metres, 1))
