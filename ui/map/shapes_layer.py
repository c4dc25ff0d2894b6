"""Ground on the map: hazardous areas, plots, tasks, districts as their symbols say, true shapes wherever they show.

What covers less than a few pixels is a dot of its outline's colour. Hatching is fixed to the screen, so that it looks
the same at every zoom; colour is never the only difference.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from fieldapp.domain.symbols import AT_NIGHT, INK, Fill
from ui import theme
from ui.map.grid import worlds_of
from ui.map.labels import DISTRICT, PLOT, RANKS, Label, Labels, places_in, width_px, within
from ui.map.squares import Squares
from ui.map.view import Box, View

DOT_PX = 4.0
"""Smaller shapes are dots."""
_LABEL_PX = 70.0
"""Wider shapes have their names written."""
_MOST_LABELS = 120
_MOST_AT_ONCE = 12
"""More shapes than these are not drawn within a frame but beside it, in squares; see ``squares``."""
_WIDEST_PX = 8.0
"""So far an outline may reach out of its box."""
_DENSE, _FINE = 64, 2.0
"""Rings of more vertices are thinned to those that differ by half a pixel."""
_FAR_PX, _ROOM_PX = 16_000.0, 400.0
_MOST_STYLED = 20_000
"""Outlines of more corners in view are hairlines."""
_MOST_PX = 200_000.0
"""No true outline is so long on a screen: of a tangle only some corners are drawn, or a frame would take a minute."""
CASING = "#241A05"
NIGHT_OPACITY = 0.52
"""Fills are this much fainter at night."""
_HATCHES = {
    "diagonal": Qt.BrushStyle.BDiagPattern, "back_diagonal": Qt.BrushStyle.FDiagPattern,
    "vertical": Qt.BrushStyle.VerPattern, "horizontal": Qt.BrushStyle.HorPattern,
    "cross": Qt.BrushStyle.DiagCrossPattern, "grid": Qt.BrushStyle.CrossPattern,
    "dots": Qt.BrushStyle.Dense7Pattern, "dense": Qt.BrushStyle.Dense6Pattern,
}  # fmt: skip
_LINES = {
    "solid": Qt.PenStyle.SolidLine, "dashed": Qt.PenStyle.DashLine, "dotted": Qt.PenStyle.DotLine,
    "dash_dot": Qt.PenStyle.DashDotLine, "dash_dot_dot": Qt.PenStyle.DashDotDotLine,
}  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ring:
    """One ring or open line in world coordinates; ``lat`` and ``lon`` are its vertices in degrees as recorded."""

    x: Floats
    y: Floats
    closed: bool
    lat: Floats
    lon: Floats

    @classmethod
    def of(
        cls, lats: Sequence[float], lons: Sequence[float], *, closed: bool = True,
        recorded: Sequence[float] | None = None,
    ) -> Ring:
        """From degrees. ``recorded``: longitudes as recorded, where ``lons`` count on beyond 180 degrees."""
        lat, lon = np.asarray(lats, float), np.asarray(lons, float)
        return cls(*worlds_of(lat, lon), closed, lat, lon if recorded is None else np.asarray(recorded, float))


@dataclass(frozen=True)
class Shape:
    """One piece of ground: what it is known by, its name on the map, its rings (holes among them) and its look."""

    record: str
    label: str
    rings: tuple[Ring, ...]
    look: Fill

    def box(self) -> Box:
        """The box around it; of nothing, a box nobody meets. It is worked out once."""
        return self._box

    @cached_property
    def _box(self) -> Box:
        if not self.rings or not any(len(ring.x) for ring in self.rings):
            return Box(2.0, 2.0, 2.0, 2.0)
        return Box(
            min(float(ring.x.min()) for ring in self.rings), min(float(ring.y.min()) for ring in self.rings),
            max(float(ring.x.max()) for ring in self.rings), max(float(ring.y.max()) for ring in self.rings),
        )  # fmt: skip


def brighter(colour: str, tokens: theme.Tokens) -> QColor:
    """A symbol's colour in the theme: at night dark ones have a brighter one in their place."""
    if tokens.name == "night":
        return QColor(tokens.text2 if colour == INK else AT_NIGHT.get(colour, colour))
    return QColor(colour)


class ShapesLayer:
    """Shapes of one kind, the later ones over the earlier."""

    def __init__(self, code: str, shapes: Sequence[Shape] = (), credit: str = "") -> None:
        self.code, self.credit = code, credit
        self.visible, self.opacity, self.labels = True, 1.0, True
        self._squares = Squares(self._draw_in)
        self.show_shapes(shapes)

    def show_shapes(self, shapes: Sequence[Shape]) -> None:
        """Draw these from now on."""
        self.shapes = tuple(shapes)
        boxes = [shape.box() for shape in self.shapes]
        self._boxes = np.array([(b.west, b.north, b.east, b.south) for b in boxes], float).reshape(-1, 4)
        looks = {look: place for place, look in enumerate(dict.fromkeys(shape.look for shape in self.shapes))}
        self._looks = tuple(looks)
        self._look = np.array([looks[shape.look] for shape in self.shapes], np.intp)
        self._squares.forget()

    def within(self, box: Box) -> list[int]:
        """Places of the shapes whose box meets this one."""
        return [int(place) for place in self._near(box)]

    def looks_within(self, box: Box) -> list[Fill]:
        """The looks of the shapes whose box meets this one."""
        return [self._looks[place] for place in np.unique(self._look[self._near(box)]).tolist()]

    def _near(self, box: Box) -> NDArray[np.intp]:
        b = self._boxes
        return np.flatnonzero(
            (b[:, 0] <= box.east) & (b[:, 2] >= box.west) & (b[:, 1] <= box.south) & (b[:, 3] >= box.north)
        )

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """Draw what meets the view: shapes, dots for the small ones. Their names follow by ``label``."""
        near = self._near(view.box)
        if not len(near):
            return
        size = self._size_px(near, view)
        small, large = near[size < DOT_PX], near[size >= DOT_PX]
        if len(small):
            self._draw_dots(painter, view, tokens, small)
        canvas = painter.device()
        if len(large) > _MOST_AT_ONCE and isinstance(canvas, QWidget):
            missing = self._squares.draw(painter, view, tokens, canvas)
            if missing:
                self._sketch(painter, view, tokens, large, missing)
        else:
            for place in large.tolist():
                draw_shape(painter, view, tokens, self.shapes[place])

    def finish(self) -> None:
        """Draw now what is otherwise drawn between frames: the next frame is complete."""
        self._squares.finish()

    def _size_px(self, places: NDArray[np.intp], view: View) -> Floats:
        b = self._boxes[places]
        size: Floats = np.maximum(b[:, 2] - b[:, 0], b[:, 3] - b[:, 1]) * view.scale
        return size

    def _draw_in(self, painter: QPainter, view: View, tokens: theme.Tokens) -> Iterator[None]:
        """The shapes of a square, one after another: those that are no dots."""
        edge = _WIDEST_PX / view.scale
        box = view.box
        near = self._near(Box(box.west - edge, box.north - edge, box.east + edge, box.south + edge))
        for place in near[self._size_px(near, view) >= DOT_PX].tolist():
            draw_shape(painter, view, tokens, self.shapes[place])
            yield

    def _sketch(
        self, painter: QPainter, view: View, tokens: theme.Tokens, places: NDArray[np.intp], boxes: Sequence[Box]
    ) -> None:
        """What stands in for squares that are not drawn yet: outlines of the larger shapes, dots for the others."""
        size = self._size_px(places, view)
        larger = places[size >= _LABEL_PX]
        self._draw_dots(painter, view, tokens, places[size < _LABEL_PX], boxes)
        painter.save()
        clip = QPainterPath()
        for box in boxes:
            left, top = view.pixel_of_world(box.west, box.north)
            clip.addRect(QRectF(left, top, (box.east - box.west) * view.scale, (box.south - box.north) * view.scale))
        painter.setClipPath(clip)
        for place in larger.tolist():
            shape = self.shapes[place]
            painter.strokePath(path_of(view, shape), QPen(brighter(shape.look.outline, tokens), 1))
        painter.restore()

    def _draw_dots(
        self, painter: QPainter, view: View, tokens: theme.Tokens, places: NDArray[np.intp],
        within: Sequence[Box] | None = None,
    ) -> None:
        buffer = np.zeros((view.height + 4, view.width + 4), np.uint32)
        b = self._boxes[places]
        if within is not None:
            x, y = (b[:, 0] + b[:, 2]) / 2, (b[:, 1] + b[:, 3]) / 2
            inside = np.zeros(len(places), bool)
            for box in within:
                inside |= (x >= box.west) & (x <= box.east) & (y >= box.north) & (y <= box.south)
            places, b = places[inside], b[inside]
        xs = (((b[:, 0] + b[:, 2]) / 2 - view.x) * view.scale + view.width / 2).astype(np.int64)
        ys = (((b[:, 1] + b[:, 3]) / 2 - view.y) * view.scale + view.height / 2).astype(np.int64)
        ink = np.array([brighter(look.outline, tokens).rgba() for look in self._looks], np.uint32)[self._look[places]]
        fits = (xs >= 0) & (xs < view.width) & (ys >= 0) & (ys < view.height)
        xs, ys, ink = xs[fits], ys[fits], ink[fits]
        for down in range(3):
            for right in range(3):
                buffer[ys + down, xs + right] = ink
        high, wide = buffer.shape
        image = QImage(buffer.data, wide, high, wide * 4, QImage.Format.Format_ARGB32_Premultiplied)
        painter.drawImage(QPointF(-1, -1), image)

    def label(self, labels: Labels, view: View) -> None:
        """Ask for the names of the larger shapes; a name may leave out what it says after the number."""
        if not self.labels:
            return
        near = self._near(view.box)
        large = near[self._size_px(near, view) >= _LABEL_PX][:_MOST_LABELS]
        boxes, rank = places_in(self._boxes[large], view), RANKS.get(self.code, DISTRICT)
        if rank == PLOT:
            labels.take_from_hazards(QRectF(left, top, right - left, low - top) for left, top, right, low in boxes)
        for place, box in zip(large.tolist(), boxes, strict=True):
            words = self.shapes[place].label
            if words:
                room = box[2] - box[0]
                said = tuple(dict.fromkeys((words, words.split(" \u00b7 ", 1)[0])))
                fits = tuple(one for one in said if width_px(one) <= room) or said[-1:]
                labels.ask(Label(fits, within(*box, view), rank, (box[0] + 4, box[2] - 4)))


def path_of(view: View, shape: Shape) -> QPainterPath:
    """The shape in pixels of the view; ground in an odd number of rings is full."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in shape.rings:
        xs = (ring.x - view.x) * view.scale + view.width / 2
        ys = (ring.y - view.y) * view.scale + view.height / 2
        if len(xs) > _DENSE:
            xs, ys = _thinned(xs, ys, view)
        if len(xs) and max(np.abs(xs).max(), np.abs(ys).max()) > _FAR_PX:
            xs, ys = _near(xs, ys, view, closed=ring.closed)
        length_px = float(np.abs(np.diff(xs)).sum() + np.abs(np.diff(ys)).sum())
        if length_px > _MOST_PX:
            each = math.ceil(length_px / _MOST_PX)
            xs, ys = xs[::each], ys[::each]
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]))
        if ring.closed:
            path.closeSubpath()
    return path


def _thinned(xs: Floats, ys: Floats, view: View) -> tuple[Floats, Floats]:
    """A ring without the vertices that change nothing in the view: a hundred thousand are too many for a frame.

    Left out are those in the same half pixel as the one before, and those that lie beyond the same edge of the view's
    room as both their neighbours: lines out there stay out there.
    """
    cell = np.round(xs * _FINE) * 4e9 + np.round(ys * _FINE)
    kept = np.r_[True, cell[1:] != cell[:-1]]
    kept[-1] = True
    xs, ys = xs[kept], ys[kept]
    beyond = np.select(
        [xs < -_ROOM_PX, xs > view.width + _ROOM_PX, ys < -_ROOM_PX, ys > view.height + _ROOM_PX], [1, 2, 3, 4], 0
    )
    idle = (beyond[1:-1] > 0) & (beyond[:-2] == beyond[1:-1]) & (beyond[1:-1] == beyond[2:])
    kept = ~np.r_[False, idle, False]
    return xs[kept], ys[kept]


def _near(xs: Floats, ys: Floats, view: View, *, closed: bool) -> tuple[Floats, Floats]:
    """The part of a ring in and around the view: what lies farther off is more than a painter can take."""
    room = (-_ROOM_PX, view.width + _ROOM_PX), (-_ROOM_PX, view.height + _ROOM_PX)
    points = list(zip(xs.tolist(), ys.tolist(), strict=True))
    for axis, edge, keeps_greater in ((0, room[0][0], True), (0, room[0][1], False), (1, room[1][0], True),
                                      (1, room[1][1], False)):  # fmt: skip
        points = _cut(points, axis, edge, keeps_greater=keeps_greater, closed=closed)
    made = np.array(points, float).reshape(-1, 2)
    return made[:, 0], made[:, 1]


def _cut(
    points: list[tuple[float, float]], axis: int, edge: float, *, keeps_greater: bool, closed: bool
) -> list[tuple[float, float]]:
    """One side of Sutherland and Hodgman's clipping (1974): along the edge a ring stays closed, outside the view."""
    kept: list[tuple[float, float]] = []
    for place, point in enumerate(points):
        before = points[place - 1] if place or closed else point
        here, there = (point[axis] >= edge) is keeps_greater, (before[axis] >= edge) is keeps_greater
        if here is not there:
            share = (edge - before[axis]) / (point[axis] - before[axis])
            kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
        if here:
            kept.append(point)
    return kept


def draw_shape(painter: QPainter, view: View, tokens: theme.Tokens, shape: Shape) -> None:
    """One shape: fill, hatch, outline."""
    draw_path(painter, path_of(view, shape), shape.look, tokens)


def draw_path(painter: QPainter, path: QPainterPath, look: Fill, tokens: theme.Tokens) -> None:
    """A path in a look; used by legends too."""
    painter.setPen(Qt.PenStyle.NoPen)
    outline = brighter(look.outline, tokens)
    if look.fill:
        colour = brighter(look.fill, tokens)
        colour.setAlphaF(look.opacity * (NIGHT_OPACITY if tokens.name == "night" else 1.0))
        painter.fillPath(path, colour)
    if look.hatch in _HATCHES:
        # amber on amber would not be seen; at night the fill is dark
        ink = QColor(CASING) if look.line == "cased" and tokens.name != "night" else outline
        painter.fillPath(path, QBrush(ink, _HATCHES[look.hatch]))
    if path.elementCount() > _MOST_STYLED:
        draw_plainly(painter, path, outline)
    elif look.line == "cased":
        painter.strokePath(path, QPen(QColor(CASING), look.width_px))
        dashes = QPen(outline, look.width_px - 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        dashes.setDashPattern([2.0, 0.6])
        painter.strokePath(path, dashes)
    elif look.line == "haloed":
        painter.strokePath(path, QPen(QColor(tokens.card), look.width_px + 4))
        painter.strokePath(path, QPen(outline, look.width_px))
    elif look.line == "double":
        painter.strokePath(path, QPen(outline, look.width_px + 4))
        painter.strokePath(path, QPen(QColor(tokens.card), look.width_px))
    else:
        painter.strokePath(path, QPen(outline, look.width_px, _LINES[look.line]))


def draw_plainly(painter: QPainter, path: QPainterPath, outline: QColor) -> None:
    """An outline of very many corners as hairlines: a wide or dashed pen takes seconds for a hundred thousand."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(QPen(outline, 0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in path.toSubpathPolygons():
        painter.drawPolyline(line)
    painter.restore()
