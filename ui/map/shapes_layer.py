"""Ground on the map: hazardous areas, plots, tasks, districts as their symbols say, true shapes wherever they show.

What covers less than a few pixels is a dot of its outline's colour. Hatching is fixed to the screen, so that it looks
the same at every zoom; colour is never the only difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QRegion
from PySide6.QtWidgets import QWidget

from fieldapp.domain.symbols import AT_NIGHT, INK, Fill
from ui import theme
from ui.map.grid import worlds_of
from ui.map.labels import DISTRICT, PLOT, RANKS, Label, Labels, places_in, width_px, within
from ui.map.paths import MOST_CORNERS, Paths, path_of
from ui.map.squares import Squares
from ui.map.view import Box, View

DOT_PX = 4.0
"""Smaller shapes are dots."""
_LABEL_PX = 70.0
"""Wider shapes have their names written."""
_MOST_LABELS = 120
_MOST_AT_ONCE = 4
"""More shapes than these are not drawn within a frame but beside it, in squares; see ``squares``."""
_MOST_DOTS = 400
"""More dots than these are kept in squares, too."""
_MOST_AREA_PX = 60_000
"""Shapes of more square pixels, too: hatching takes as long as it is large."""
_DOT_ROOM = 2
"""A dot reaches one pixel round its middle."""
_WIDEST_PX = 8.0
"""So far an outline may reach out of its box."""
_MOST_STYLED = 20_000
"""Outlines of more corners in view are hairlines."""
_MOST_STYLED_PX = 40_000.0
"""Outlines of many corners that are longer are hairlines, too."""
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

_SMOOTH = QPainter.RenderHint.Antialiasing

_MOST_TESTED = 20_000
"""So many corners are looked at to find room for one name."""
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


@dataclass(frozen=True)
class Held:
    """Shapes made ready to be drawn."""

    shapes: Sequence[Shape]
    boxes: Floats
    """West, north, east, south of each."""
    looks: tuple[Fill, ...]
    look: NDArray[np.intp]
    """Of each shape the place of its look."""
    paths: Paths

    @classmethod
    def of(cls, shapes: Sequence[Shape]) -> Held:
        """Look through them; for 20,000 that takes a tenth of a second."""
        boxes = [shape.box() for shape in shapes]
        looks = {look: place for place, look in enumerate(dict.fromkeys(shape.look for shape in shapes))}
        return cls(
            tuple(shapes), np.array([(b.west, b.north, b.east, b.south) for b in boxes], float).reshape(-1, 4),
            tuple(looks), np.array([looks[shape.look] for shape in shapes], np.intp),
            Paths.of([shape.rings for shape in shapes]),
        )  # fmt: skip


class ShapesLayer:
    """Shapes of one kind, the later ones over the earlier."""

    def __init__(self, code: str, shapes: Sequence[Shape] = (), credit: str = "") -> None:
        self.code, self.credit = code, credit
        self.visible, self.opacity, self.labels = True, 1.0, True
        self._squares = Squares(self._draw_in)
        self.show_shapes(shapes)

    def show_shapes(self, shapes: Sequence[Shape]) -> None:
        """Draw these from now on."""
        self.show_held(Held.of(shapes))

    def show_held(self, held: Held) -> None:
        """Draw these from now on; whoever has thousands makes them ready in a worker."""
        self._held = held
        self._asked: tuple[Box, NDArray[np.intp]] | None = None
        self._tested: tuple[float, dict[int, list[int]]] = 0.0, {}
        """Which middles of names lie in their shapes, at a zoom; of shapes that were seen whole."""
        self._squares.forget()

    @property
    def held(self) -> Held:
        """What is drawn, ready to be drawn."""
        return self._held

    @property
    def shapes(self) -> Sequence[Shape]:
        """What is drawn."""
        return self._held.shapes

    def extent(self) -> Box | None:
        """The box around all of it; None where nothing is drawn."""
        boxes = self._held.boxes[self._held.boxes[:, 0] <= 1.5]  # what has no place lies beyond the world
        return Box(*boxes[:, :2].min(0).tolist(), *boxes[:, 2:].max(0).tolist()) if len(boxes) else None

    def within(self, box: Box) -> list[int]:
        """Places of the shapes whose box meets this one."""
        return [int(place) for place in self._near(box)]

    def looks_within(self, box: Box) -> list[Fill]:
        """The looks of the shapes whose box meets this one."""
        return [self._held.looks[place] for place in np.unique(self._held.look[self._near(box)]).tolist()]

    def _near(self, box: Box) -> NDArray[np.intp]:
        if self._asked is not None and self._asked[0] == box:  # a frame asks twice
            return self._asked[1]
        b = self._held.boxes
        found = np.flatnonzero(
            (b[:, 0] <= box.east) & (b[:, 2] >= box.west) & (b[:, 1] <= box.south) & (b[:, 3] >= box.north)
        )
        self._asked = box, found
        return found

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """Draw what meets the view: shapes, dots for the small ones. Their names follow by ``label``."""
        near = self._near(view.box)
        if not len(near):
            return
        size = self._size_px(near, view)
        small, large = near[size < DOT_PX], near[size >= DOT_PX]
        canvas = painter.device()
        wide = np.minimum(size[size >= DOT_PX], view.width)
        many = len(large) > _MOST_AT_ONCE or len(small) > _MOST_DOTS or float((wide * wide).sum()) > _MOST_AREA_PX
        if isinstance(canvas, QWidget) and many:
            missing = self._squares.draw(painter, view, tokens, canvas)
            if missing:
                self._sketch(painter, view, tokens, near, missing)
        else:
            self._draw_dots(painter, view, tokens, small)
            for _ in self._draw_each(painter, view, tokens, large):
                pass

    def finish(self) -> None:
        """Draw now what is otherwise drawn between frames: the next frame is complete."""
        self._squares.finish()

    def _size_px(self, places: NDArray[np.intp], view: View) -> Floats:
        b = self._held.boxes[places]
        size: Floats = np.maximum(b[:, 2] - b[:, 0], b[:, 3] - b[:, 1]) * view.scale
        return size

    def _draw_in(self, painter: QPainter, view: View, tokens: theme.Tokens) -> Iterator[None]:
        """The shapes of a square: the dots, then the others one after another."""
        edge = _WIDEST_PX / view.scale
        box = view.box
        near = self._near(Box(box.west - edge, box.north - edge, box.east + edge, box.south + edge))
        size = self._size_px(near, view)
        if (size < DOT_PX).any():
            self._draw_dots(painter, view, tokens, near[size < DOT_PX])
            yield
        yield from self._draw_each(painter, view, tokens, near[size >= DOT_PX])

    def _draw_each(
        self, painter: QPainter, view: View, tokens: theme.Tokens, places: NDArray[np.intp]
    ) -> Iterator[None]:
        """These shapes, one after another; gives way after each."""
        held = self._held
        fits = held.paths.fits(places, held.boxes[places], view)
        inks = [ink_of(look, tokens) for look in held.looks]
        ready = held.paths.drawn(places[fits], view)
        for place, look, fit in zip(places.tolist(), held.look[places].tolist(), fits.tolist(), strict=True):
            draw_inked(painter, next(ready) if fit else path_of(view, held.shapes[place]), inks[look])
            yield

    def _sketch(
        self, painter: QPainter, view: View, tokens: theme.Tokens, places: NDArray[np.intp], boxes: Sequence[Box]
    ) -> None:
        """What stands in for squares that are not drawn yet: outlines of the larger shapes, dots for the others."""
        size = self._size_px(places, view)
        larger = places[size >= _LABEL_PX]
        self._draw_dots(painter, view, tokens, places[size < _LABEL_PX], boxes)
        if not len(larger):
            return
        painter.save()
        painter.setClipRegion(region_of(boxes, view))
        fits = self._held.paths.fits(larger, self._held.boxes[larger], view)
        ready = self._held.paths.drawn(larger[fits], view)
        for place, fit in zip(larger.tolist(), fits.tolist(), strict=True):
            shape = self.shapes[place]
            path = next(ready) if fit else path_of(view, shape)
            painter.strokePath(path, QPen(brighter(shape.look.outline, tokens), 1))
        painter.restore()

    def _draw_dots(
        self, painter: QPainter, view: View, tokens: theme.Tokens, places: NDArray[np.intp],
        within: Sequence[Box] | None = None,
    ) -> None:
        b = self._held.boxes[places]
        x, y = (b[:, 0] + b[:, 2]) / 2, (b[:, 1] + b[:, 3]) / 2
        if within is not None:
            inside = np.zeros(len(places), bool)
            for box in within:
                inside |= (x >= box.west) & (x <= box.east) & (y >= box.north) & (y <= box.south)
            places, x, y = places[inside], x[inside], y[inside]
        xs = np.floor((x - view.x) * view.scale + view.width / 2).astype(np.int64) + _DOT_ROOM
        ys = np.floor((y - view.y) * view.scale + view.height / 2).astype(np.int64) + _DOT_ROOM
        wide, high = view.width + 2 * _DOT_ROOM, view.height + 2 * _DOT_ROOM
        fits = (xs > 0) & (xs < wide - 1) & (ys > 0) & (ys < high - 1)
        if not fits.any():
            return
        inks = np.array([brighter(look.outline, tokens).rgba() for look in self._held.looks], np.uint32)
        xs, ys, ink = xs[fits], ys[fits], inks[self._held.look[places[fits]]]
        buffer = np.zeros((high, wide), np.uint32)
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                buffer[ys + down, xs + right] = ink
        image = QImage(buffer.data, wide, high, wide * 4, QImage.Format.Format_ARGB32_Premultiplied)
        painter.drawImage(QPointF(-_DOT_ROOM, -_DOT_ROOM), image)

    def label(self, labels: Labels, view: View) -> None:
        """Ask for the names of the larger shapes; a name may leave out what it says after the number."""
        if not self.labels:
            return
        near = self._near(view.box)
        large = near[self._size_px(near, view) >= _LABEL_PX][:_MOST_LABELS]
        boxes, rank = places_in(self._held.boxes[large], view), RANKS.get(self.code, DISTRICT)
        if rank == PLOT:
            labels.take_from_hazards(QRectF(left, top, right - left, low - top) for left, top, right, low in boxes)
        for place, box in zip(large.tolist(), boxes, strict=True):
            words = self.shapes[place].label
            if words:
                room = box[2] - box[0]
                said = tuple(dict.fromkeys((words, words.split(" \u00b7 ", 1)[0])))
                fits = tuple(one for one in said if width_px(one) <= room) or said[-1:]
                middles = self._inside(place, box, view, anyhow=rank != DISTRICT)
                labels.ask(Label(fits, middles, rank, (box[0] + 4, box[2] - 4)))

    def _inside(
        self, place: int, box: tuple[float, float, float, float], view: View, *, anyhow: bool
    ) -> tuple[tuple[float, float], ...]:
        """Middles for a name in a shape, not only in its box; ``anyhow``: all of them where none lies in it."""
        middles = within(*box, view)
        if self._tested[0] != view.zoom:
            self._tested = view.zoom, {}
        seen_whole = box[0] >= 0 and box[1] >= 0 and box[2] <= view.width and box[3] <= view.height
        kept = self._tested[1].get(place) if seen_whole else None
        if kept is None:
            kept = _lie_in(self.shapes[place], middles, view)
            if seen_whole:  # while the map is moved they stay where they are in the shape
                self._tested[1][place] = kept
        found = tuple(middles[at] for at in kept)
        return found or (middles if anyhow else ())


def holds(shape: Shape, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Which points (world coordinates) lie in an odd number of its rings."""
    inside = np.zeros(len(x), bool)
    for ring in shape.rings:
        if ring.closed and len(ring.x) > 2:
            x1, y1, x2, y2 = ring.x, ring.y, np.roll(ring.x, -1), np.roll(ring.y, -1)
            cuts = (y1 > y[:, None]) != (y2 > y[:, None])
            rise = np.where(y2 == y1, 1.0, y2 - y1)
            right = x1 + (y[:, None] - y1) / rise * (x2 - x1) > x[:, None]
            inside ^= (cuts & right).sum(axis=1) % 2 == 1
    return inside


def _lie_in(shape: Shape, middles: Sequence[tuple[float, float]], view: View) -> list[int]:
    """Places of the middles that lie in a shape."""
    corners = sum(len(ring.x) for ring in shape.rings)
    pixels = np.array(middles[: max(_MOST_TESTED // max(corners, 1), 1)])
    x, y = ((pixels[:, axis] - size / 2) / view.scale + middle for axis, size, middle in
            ((0, view.width, view.x), (1, view.height, view.y)))  # fmt: skip
    places: list[int] = np.flatnonzero(holds(shape, x, y)).tolist()
    return places


def region_of(boxes: Sequence[Box], view: View) -> QRegion:
    """Boxes in whole pixels of the view, as a region to clip by."""
    region = QRegion()
    for box in boxes:
        left, top = view.pixel_of_world(box.west, box.north)
        right, low = view.pixel_of_world(box.east, box.south)
        region += QRect(round(left), round(top), round(right) - round(left), round(low) - round(top))
    return region


@dataclass(frozen=True)
class Ink:
    """What a look is drawn with in a theme: made once for thousands of shapes."""

    fill: QColor | None
    hatch: QBrush | None
    pens: tuple[QPen, ...]
    plain: QColor


@lru_cache(maxsize=256)
def ink_of(look: Fill, tokens: theme.Tokens) -> Ink:
    """The brushes and pens of a look."""
    outline, fill, hatch = brighter(look.outline, tokens), None, None
    if look.fill:
        fill = brighter(look.fill, tokens)
        fill.setAlphaF(look.opacity * (NIGHT_OPACITY if tokens.name == "night" else 1.0))
    if look.hatch in _HATCHES:
        # amber on amber would not be seen; at night the fill is dark
        ink = QColor(CASING) if look.line == "cased" and tokens.name != "night" else outline
        hatch = QBrush(ink, _HATCHES[look.hatch])
    return Ink(fill, hatch, tuple(_pens(look, outline, tokens)), outline)


def _pens(look: Fill, outline: QColor, tokens: theme.Tokens) -> Iterator[QPen]:
    """The pens of an outline in the order in which they go over one another."""
    if look.line == "cased":
        dashes = QPen(outline, look.width_px - 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        dashes.setDashPattern([2.0, 0.6])
        yield QPen(QColor(CASING), look.width_px)
        yield dashes
    elif look.line == "haloed":
        yield QPen(QColor(tokens.card), look.width_px + 4)
        yield QPen(outline, look.width_px)
    elif look.line == "double":
        yield QPen(outline, look.width_px + 4)
        yield QPen(QColor(tokens.card), look.width_px)
    else:
        yield QPen(outline, look.width_px, _LINES[look.line])


def draw_path(painter: QPainter, path: QPainterPath, look: Fill, tokens: theme.Tokens) -> None:
    """A path in a look: fill, hatch, outline; used by legends too."""
    draw_inked(painter, path, ink_of(look, tokens))


def draw_inked(painter: QPainter, path: QPainterPath, ink: Ink) -> None:
    """A path in the brushes and pens of a look."""
    if ink.fill is not None or ink.hatch is not None:
        painter.setRenderHint(_SMOOTH, on=False)  # the outline lies over the edge, and this takes a third as long
        if ink.fill is not None:
            painter.fillPath(path, ink.fill)
        if ink.hatch is not None:
            painter.fillPath(path, ink.hatch)
        painter.setRenderHint(_SMOOTH)
    corners = path.elementCount()
    if corners > MOST_CORNERS and (corners > _MOST_STYLED or path.length() > _MOST_STYLED_PX):
        draw_plainly(painter, path, ink.plain)
        return
    for pen in ink.pens:
        painter.strokePath(path, pen)


def draw_plainly(painter: QPainter, path: QPainterPath, outline: QColor) -> None:
    """An outline of very many corners as hairlines: a wide or dashed pen takes seconds for a hundred thousand."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(QPen(outline, 0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in path.toSubpathPolygons():
        painter.drawPolyline(line)
    painter.restore()
