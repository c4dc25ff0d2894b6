"""Choosing in a box without any key held: the next drag on the map is a box, by mouse, pen or finger."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter

from ui import theme
from ui.map.furniture import draw_rubber_band
from ui.map.layer import Pointer
from ui.map.view import View

_LEAST_PX = 6.0
"""A smaller box was a tap: it is asked for again."""


class BoxTool(QObject):
    """Takes one drag. ``boxed(south, west, north, east)`` in WGS 84 degrees, ``ended()`` by Esc."""

    boxed = Signal(float, float, float, float)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._from: Pointer | None = None
        self._to: Pointer | None = None

    def grab(self, at: Pointer) -> bool:
        """The first corner."""
        self._from = self._to = at
        return True

    def drag(self, at: Pointer) -> None:
        """The corner across from it."""
        self._to = at

    def drop(self, at: Pointer) -> None:
        """Both corners are known."""
        one, self._from, self._to = self._from, None, None
        if one is not None and at.pixels_to(one.lat, one.lon) >= _LEAST_PX:
            self.boxed.emit(min(one.lat, at.lat), min(one.lon, at.lon), max(one.lat, at.lat), max(one.lon, at.lon))

    def press(self, at: Pointer) -> None:
        """Nothing: a box has two corners."""

    def double(self, at: Pointer) -> None:
        """Nothing."""

    def move(self, at: Pointer) -> None:
        """Nothing."""

    def key(self, event: QKeyEvent, view: View) -> bool:
        """Esc ends."""
        del view
        if event.key() == Qt.Key.Key_Escape:
            self.ended.emit()
            return True
        return False

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """The box so far."""
        if self._from is not None and self._to is not None:
            corners = [QPointF(*view.pixel(at.lat, at.lon)) for at in (self._from, self._to)]
            draw_rubber_band(painter, corners[0], corners[1], tokens)
