"""What a layer of the map is, and a tool."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtGui import QKeyEvent, QPainter

from ui.map.view import View
from ui.theme import Tokens


class Layer(Protocol):
    """Something the canvas draws. ``code`` names it for switching on and off, ``opacity`` is 0 to 1.

    ``credit`` is printed on the map while the layer is drawn: what the source of the data asks for.
    """

    code: str
    visible: bool
    opacity: float
    credit: str

    def draw(self, painter: QPainter, view: View, tokens: Tokens) -> None:
        """Draw what lies in the view. It may not take long: it is called for every frame."""


class Tool(Protocol):
    """Something that has the pointer while it works: it measures or draws. Positions are WGS 84 degrees."""

    def press(self, lat: float, lon: float) -> None:
        """Somebody clicked there."""

    def move(self, lat: float, lon: float) -> None:
        """The pointer is there."""

    def key(self, event: QKeyEvent) -> bool:
        """Take a key; False leaves it to the canvas."""

    def draw(self, painter: QPainter, view: View, tokens: Tokens) -> None:
        """Draw what was done so far, over the layers."""
