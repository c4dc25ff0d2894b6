"""What a layer of the map is, and a tool."""

from __future__ import annotations

import math
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Pointer:
    """Where the mouse or a finger is: WGS 84 degrees, and the view in which they were pointed at."""

    lat: float
    lon: float
    view: View
    touch: bool = False
    """A finger: it hides what it touches, and reaches farther."""
    exact: bool = False
    """Alt is held: nothing may move the point from where it is."""

    def pixels_to(self, lat: float, lon: float) -> float:
        """How far it is from a position, in logical pixels."""
        one, other = self.view.pixel(self.lat, self.lon), self.view.pixel(lat, lon)
        return math.hypot(one[0] - other[0], one[1] - other[1])


class Tool(Protocol):
    """Something that has the pointer while it works: it measures or draws.

    A press that begins where ``grab`` says yes is the tool's own: ``drag`` follows the pointer and ``drop`` ends it,
    and the map stays where it is. Any other press moves the map, or is a ``press`` where nothing moved.
    """

    def press(self, at: Pointer) -> None:
        """Somebody clicked or tapped there."""

    def double(self, at: Pointer) -> None:
        """Somebody clicked there twice; ``press`` has told the first of both."""

    def move(self, at: Pointer) -> None:
        """The pointer is there, and nothing is pressed."""

    def grab(self, at: Pointer) -> bool:
        """The pointer was pressed there: whether the tool has something there that can be dragged."""
        ...

    def drag(self, at: Pointer) -> None:
        """What was grabbed is pulled there."""

    def drop(self, at: Pointer) -> None:
        """It is let go there; also where it was not pulled at all."""

    def key(self, event: QKeyEvent, view: View) -> bool:
        """Take a key; False leaves it to the canvas."""
        ...

    def draw(self, painter: QPainter, view: View, tokens: Tokens) -> None:
        """Draw what was done so far, over the layers."""
