"""What lies under a click, in a box, and what Tab goes to next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from fieldapp.domain.symbols import Fill
from ui import theme
from ui.map.finds_layer import SYMBOL_PX, TAP_PX, FindsLayer
from ui.map.grid import Points
from ui.map.labels import Labels
from ui.map.paths import path_of
from ui.map.shapes_layer import Shape, ShapesLayer, holds
from ui.map.view import Box, View, world_of

MOST_STEPS = 60
"""Tab walks through so many symbols, then the focus goes on: nobody is held on the map."""

Places = NDArray[np.intp]


def _near(points: Points, places: Places, view: View, x: float, y: float) -> list[tuple[float, int]]:
    """Distances in pixels from a world position, and places, the nearest first."""
    far = np.hypot(points.x[places] - x, points.y[places] - y) * view.scale
    order = np.argsort(far, kind="stable")
    return [(float(far[at]), int(places[at])) for at in order]


def _inside(layer: FindsLayer, box: Box) -> Iterable[tuple[Points, Places]]:
    if not layer.visible:
        return
    if layer.grid is not None:
        yield layer.grid.points, layer.grid.inside(box)
    if layer.newer is not None:
        x, y = layer.newer.x, layer.newer.y
        yield layer.newer, np.flatnonzero((x >= box.west) & (x <= box.east) & (y >= box.north) & (y <= box.south))


def finds_at(layer: FindsLayer, view: View, lat: float, lon: float) -> list[int]:
    """Numbers of the finds whose symbol is meant by a click there: the nearest within reach of a glove.

    More than one where other symbols lie on the nearest: they cannot be told apart by clicking.
    """
    x, y = world_of(lat, lon)
    reach = TAP_PX / 2 / view.scale
    box = Box(x - reach, y - reach, x + reach, y + reach)
    found: list[tuple[float, Points, int]] = []
    for points, places in _inside(layer, box):
        found += [(far, points, place) for far, place in _near(points, places, view, x, y)]
    if not found:
        return []
    _, points, place = min(found, key=lambda one: one[0])
    middle = points.x[place], points.y[place]
    meant = []
    for _, others, other in sorted(found, key=lambda one: one[0]):
        apart = np.hypot(others.x[other] - middle[0], others.y[other] - middle[1]) * view.scale
        if apart < SYMBOL_PX:
            meant.append(int(others.number[other]))
    return list(dict.fromkeys(meant))


def finds_in(layer: FindsLayer, box: Box) -> list[int]:
    """Numbers of all finds in a box, those nearest to its middle first."""
    middle = (box.west + box.east) / 2, (box.north + box.south) / 2
    found: list[tuple[float, int]] = []
    for points, places in _inside(layer, box):
        far = np.hypot(points.x[places] - middle[0], points.y[places] - middle[1])
        found += zip(far.tolist(), points.number[places].tolist(), strict=True)
    return list(dict.fromkeys(number for _, number in sorted(found)))


def steps(layer: FindsLayer, view: View) -> list[int]:
    """The finds Tab goes through: those in view that are nearest to its middle, from the upper left on."""
    near = finds_in(layer, view.box)[:MOST_STEPS]
    at = {number: place_of(layer, number) for number in near}
    return sorted(near, key=lambda number: (at[number] or (0.0, 0.0))[::-1])


def place_of(layer: FindsLayer, number: int) -> tuple[float, float] | None:
    """World coordinates of the first reading of a find on the map; None for one that is not drawn."""
    for points in (layer.grid.points if layer.grid is not None else None, layer.newer):
        if points is not None and len(found := np.flatnonzero(points.number == number)):
            return float(points.x[found[0]]), float(points.y[found[0]])
    return None


def ground_at(layers: Sequence[object], view: View, lat: float, lon: float) -> list[Shape]:
    """Shapes under a click, the uppermost first; small ones have the reach of a glove around them."""
    x, y = world_of(lat, lon)
    reach = TAP_PX / 2 / view.scale
    found = []
    for layer in reversed(layers):
        if isinstance(layer, ShapesLayer) and layer.visible:
            for place in reversed(layer.within(Box(x - reach, y - reach, x + reach, y + reach))):
                shape = layer.shapes[place]
                if _is_record(shape) and _holds(shape, x, y, reach):
                    found.append(shape)
    return list({shape.record: shape for shape in found}.values())


def ground_in(layers: Sequence[object], box: Box) -> list[Shape]:
    """Shapes whose box meets a box."""
    found = [
        layer.shapes[place] for layer in layers if isinstance(layer, ShapesLayer) and layer.visible
        for place in layer.within(box)
    ]  # fmt: skip
    return list({shape.record: shape for shape in found if _is_record(shape)}.values())


def is_symbol(shape: Shape) -> bool:
    """Accidents, and ground of which only a point is known, are symbols."""
    return all(len(ring.x) == 1 for ring in shape.rings)


def _is_record(shape: Shape) -> bool:
    """Districts are drawn and can not be opened."""
    return shape.record.count("/") == 2


def shapes_of(layers: Sequence[object], record: str) -> list[Shape]:
    """Every drawing of one record."""
    return [
        shape for layer in layers if isinstance(layer, ShapesLayer) for shape in layer.shapes if shape.record == record
    ]


def looks_of(layers: Sequence[object], records: Collection[str]) -> dict[str, list[Fill]]:
    """How each of some records is drawn, every drawing of it; those without one are left out."""
    found: dict[str, list[Fill]] = {}
    for layer in layers if records else ():
        for shape in layer.shapes if isinstance(layer, ShapesLayer) else ():
            if shape.record in records and shape.look not in found.setdefault(shape.record, []):
                found[shape.record].append(shape.look)
    return found


def _holds(shape: Shape, x: float, y: float, reach: float) -> bool:
    box = shape.box()
    if max(box.east - box.west, box.south - box.north) < 2 * reach:
        return True
    return bool(holds(shape, np.array([x]), np.array([y]))[0])


class ChosenLayer:
    """A ring around what is chosen, and a cross where somebody was sent to."""

    code = "chosen"

    def __init__(self) -> None:
        self.visible, self.opacity, self.credit = True, 1.0, ""
        self.at: tuple[float, float] | None = None
        """World coordinates of the chosen symbol."""
        self.shape: Shape | None = None
        self.mark: tuple[float, float] | None = None
        """World coordinates of the place that was gone to."""

    def clear(self) -> None:
        """Nothing is chosen; the cross stays."""
        self.at, self.shape = None, None

    def label(self, labels: Labels, view: View) -> None:
        """No name stands in the ring or on the cross."""
        pixels = [view.pixel_of_world(*spot) for spot in (self.at, self.mark) if spot is not None]
        labels.take_around(np.array([x for x, _ in pixels]), np.array([y for _, y in pixels]), 26.0)

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """Ring, outline, cross: each light below and accent above, so that it shows on any ground."""
        for colour, width in ((tokens.card, 8.0), (tokens.accent, 4.0)):
            painter.setPen(QPen(QColor(colour), width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if self.at is not None:
                x, y = view.pixel_of_world(*self.at)
                painter.drawEllipse(QPointF(x, y), 22, 22)
            if self.shape is not None:
                painter.strokePath(path_of(view, self.shape), QPen(QColor(colour), width))
            if self.mark is not None:
                x, y = view.pixel_of_world(*self.mark)
                for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                    painter.drawLine(QPointF(x + 8 * dx, y + 8 * dy), QPointF(x + 26 * dx, y + 26 * dy))
                painter.drawEllipse(QRectF(x - 14, y - 14, 28, 28))
