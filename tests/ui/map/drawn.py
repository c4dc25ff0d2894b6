"""Maps drawn into pictures without a window, and colours read from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from ui import theme
from ui.map.labels import Labelled, Labels
from ui.map.layer import Layer
from ui.map.view import View

WIDE, HIGH = 400, 300
LAT, LON = 40.0, 47.0


def view(zoom: float = 16.0, lat: float = LAT, lon: float = LON) -> View:
    return View.at(lat, lon, zoom, WIDE, HIGH)


def picture(layers: Sequence[Layer], at: View | None = None, tokens: theme.Tokens = theme.SUN) -> QImage:
    """The layers on the theme's paper, without labels' furniture."""
    at = at or view()
    made = QImage(at.width, at.height, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(QColor(tokens.bg))
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for layer in layers:
        layer.draw(painter, at, tokens)
    painter.end()
    return made


def named(layers: Sequence[Layer], at: View | None = None) -> list[tuple[str, QRectF]]:
    """The names that find room when these layers are drawn, and where they stand."""
    at = at or view()
    made = QImage(at.width, at.height, QImage.Format.Format_ARGB32_Premultiplied)
    labels, painter = Labels(at), QPainter(made)
    for layer in layers:
        layer.draw(painter, at, theme.SUN)
        if isinstance(layer, Labelled):
            layer.label(labels, at)
    found = labels.draw(painter, theme.SUN)
    painter.end()
    return found


def colours(made: QImage, left: int, top: int, wide: int, high: int) -> Counter[str]:
    """How often each colour occurs in a part of a picture."""
    return Counter(
        made.pixelColor(x, y).name().upper() for x in range(left, left + wide) for y in range(top, top + high)
    )


def share(made: QImage, colour: str, left: int, top: int, wide: int, high: int) -> float:
    """The share of a part of a picture that has this colour."""
    found = colours(made, left, top, wide, high)
    return sum(count for one, count in found.items() if alike(one, colour)) / (wide * high)


def alike(one: str, other: str) -> bool:
    """Whether two colours differ by no more than a step or two of rounding."""
    return all(abs(int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) <= 2 for at in (1, 3, 5))


def blended(over: str, opacity: float, paper: str) -> str:
    """A half transparent colour on paper, as it is painted."""
    parts = [
        round(int(over[at : at + 2], 16) * opacity + int(paper[at : at + 2], 16) * (1 - opacity)) for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02X}" for part in parts)
