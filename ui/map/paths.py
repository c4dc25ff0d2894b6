"""Outlines of thousands of shapes made into painter paths at once: a call for each corner would take longest.

The corners stand in flat columns. For a view they are moved to pixels together, written down the way Qt streams its
paths (QDataStream of QPainterPath: count, elements of type, x, y; start of the last ring; fill rule), and read back
path by path.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath

from ui.map.view import View

MOST_CORNERS = 64
"""Outlines of more are not kept here: they are thinned for every view."""
FAR_PX = 16_000.0
"""What reaches farther out of the view is more than a painter can take."""
_FINE = 2.0
"""Rings of more than ``MOST_CORNERS`` vertices are thinned to those that differ by half a pixel."""
_ROOM_PX = 400.0
_MOST_PX = 200_000.0
"""No true outline is so long on a screen: of a tangle only some corners are drawn, or a frame would take a minute."""
_ROW = np.dtype([("type", ">i4"), ("x", ">f8"), ("y", ">f8")])
_MOVE, _LINE = 0, 1
_COUNT_AT, _TAIL_BYTES = 16, 8
"""A path is a row that ends with its count, a row for each element, and a row that begins with start and fill rule."""

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


class Corners(Protocol):
    """One ring or open line in world coordinates."""

    @property
    def x(self) -> Floats:
        """From west to east."""

    @property
    def y(self) -> Floats:
        """From north to south."""

    @property
    def closed(self) -> bool:
        """Whether it goes back to where it began."""


class Outlined(Protocol):
    """Something with an outline: rings, holes among them, or open lines."""

    @property
    def rings(self) -> Sequence[Corners]:
        """In no order."""


class Paths:
    """The outlines of some shapes, each with its rings; known by their places."""

    def __init__(self, x: Floats, y: Floats, corners: Places, closed: NDArray[np.bool_], rings: Places) -> None:
        """``x`` and ``y`` of all rings one after another; of each ring its corners, and whether it goes back to where
        it began; of each shape its rings.
        """
        shape = np.repeat(np.arange(len(rings)), rings)
        few = np.bincount(shape, corners, len(rings)) <= MOST_CORNERS
        kept = few[shape] & (corners > 0)
        begins = (np.cumsum(corners) - corners)[kept]
        corners, closed, shape = corners[kept], closed[kept], shape[kept]
        lengths = corners + closed
        first = np.cumsum(lengths) - lengths
        nth = np.arange(int(lengths.sum())) - np.repeat(first, lengths)
        source = np.repeat(begins, lengths) + np.where(nth == np.repeat(corners, lengths), 0, nth)
        self._x, self._y = x[source], y[source]
        self._type = np.where(nth == 0, _MOVE, _LINE).astype(np.int32)
        self._first = np.r_[0, np.cumsum(np.bincount(shape, lengths, len(rings)))].astype(np.intp)
        self._last_start = np.zeros(len(rings), np.int32)
        np.maximum.at(self._last_start, shape, first - self._first[shape])

    @classmethod
    def of(cls, shapes: Sequence[Sequence[Corners]]) -> Paths:
        """The outlines of shapes, each with its rings."""
        rings = [ring for many in shapes for ring in many]
        return cls(
            np.concatenate([np.empty(0), *(ring.x for ring in rings)]),
            np.concatenate([np.empty(0), *(ring.y for ring in rings)]),
            np.array([len(ring.x) for ring in rings], np.intp), np.array([ring.closed for ring in rings], bool),
            np.array([len(many) for many in shapes], np.intp),
        )  # fmt: skip

    def fits(self, places: Places, boxes: Floats, view: View) -> NDArray[np.bool_]:
        """Which of the shapes at ``places`` can be drawn from here: not dense, and no farther than a painter takes.

        ``boxes`` are theirs: west, north, east, south.
        """
        across = np.abs(boxes[:, (0, 2)] - view.x).max(1, initial=0.0) * view.scale + view.width / 2
        down = np.abs(boxes[:, (1, 3)] - view.y).max(1, initial=0.0) * view.scale + view.height / 2
        counts = self._first[places + 1] - self._first[places]
        fitting: NDArray[np.bool_] = (counts > 0) & (across < FAR_PX) & (down < FAR_PX)
        return fitting

    def drawn(self, places: Places, view: View) -> Iterator[QPainterPath]:
        """The outlines in pixels of the view, one after another; ground in an odd number of rings is full."""
        first, counts = self._first[places], self._first[places + 1] - self._first[places]
        ends = np.cumsum(counts + 2)
        begins = ends - counts - 2
        rows = np.zeros(int(ends[-1]) if len(ends) else 0, _ROW)
        elements = np.arange(int(counts.sum()))
        before = np.cumsum(counts) - counts
        source = elements + np.repeat(first - before, counts)
        target = elements + np.repeat(begins + 1 - before, counts)
        rows["type"][target] = self._type[source]
        rows["x"][target] = (self._x[source] - view.x) * view.scale + view.width / 2
        rows["y"][target] = (self._y[source] - view.y) * view.scale + view.height / 2
        words = rows.view(np.uint8).reshape(-1, _ROW.itemsize)
        words[begins, _COUNT_AT:] = counts.astype(">i4").view(np.uint8).reshape(-1, 4)
        words[ends - 1, :4] = self._last_start[places].astype(">i4").view(np.uint8).reshape(-1, 4)
        data = QByteArray(rows.tobytes())
        stream = QDataStream(data)
        stream.skipRawData(_COUNT_AT)
        between = _ROW.itemsize - _TAIL_BYTES + _COUNT_AT
        for _ in range(len(places)):
            path = QPainterPath()
            _ = stream >> path
            yield path
            stream.skipRawData(between)


def path_through(rings: Sequence[tuple[Floats, Floats, bool]]) -> QPainterPath:
    """The path through some rings and open lines (x, y, whether it is closed) in pixels; see ``Paths.drawn``."""
    parts, last, total = [], 0, 0
    for xs, ys, closed in rings:
        if not len(xs):
            continue
        ring = np.empty(len(xs) + closed, _ROW)
        ring["type"] = _LINE
        ring["type"][0] = _MOVE
        ring["x"][: len(xs)], ring["y"][: len(ys)] = xs, ys
        if closed:
            ring[-1] = (_LINE, xs[0], ys[0])
        parts.append(ring.tobytes())
        last, total = total, total + len(ring)
    path = QPainterPath()
    if total:
        count, tail = np.array([total], ">i4"), np.array([last, 0], ">i4")
        data = QByteArray(b"".join([count.tobytes(), *parts, tail.tobytes()]))
        _ = QDataStream(data) >> path
    return path


def path_of(view: View, shape: Outlined) -> QPainterPath:
    """The shape in pixels of the view; ground in an odd number of rings is full."""
    rings = []
    for ring in shape.rings:
        xs = (ring.x - view.x) * view.scale + view.width / 2
        ys = (ring.y - view.y) * view.scale + view.height / 2
        if len(xs) > MOST_CORNERS:
            xs, ys = _thinned(xs, ys, view)
        if len(xs) and max(np.abs(xs).max(), np.abs(ys).max()) > FAR_PX:
            xs, ys = _near(xs, ys, view, closed=ring.closed)
        length_px = float(np.abs(np.diff(xs)).sum() + np.abs(np.diff(ys)).sum())
        if length_px > _MOST_PX:
            each = math.ceil(length_px / _MOST_PX)
            xs, ys = xs[::each], ys[::each]
        rings.append((xs, ys, ring.closed))
    return path_through(rings)


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
    xs, ys = _cut(xs, ys, -_ROOM_PX, 1, closed=closed)
    xs, ys = _cut(xs, ys, view.width + _ROOM_PX, -1, closed=closed)
    ys, xs = _cut(ys, xs, -_ROOM_PX, 1, closed=closed)
    ys, xs = _cut(ys, xs, view.height + _ROOM_PX, -1, closed=closed)
    return xs, ys


def _cut(along: Floats, other: Floats, edge: float, sign: int, *, closed: bool) -> tuple[Floats, Floats]:
    """One side of Sutherland and Hodgman's clipping (1974): along the edge a ring stays closed, outside the view.

    ``along`` are the coordinates that the edge is measured by; kept is what lies on the side that ``sign`` says.
    """
    if not len(along):
        return along, other
    here = (along - edge) * sign >= 0
    before_along, before_other, there = np.roll(along, 1), np.roll(other, 1), np.roll(here, 1)
    if not closed:
        before_along[0], before_other[0], there[0] = along[0], other[0], here[0]
    crossing = here != there
    count = here.astype(np.intp) + crossing
    at = np.cumsum(count) - count
    kept, beside = np.empty(int(count.sum())), np.empty(int(count.sum()))
    share = (edge - before_along[crossing]) / (along[crossing] - before_along[crossing])
    kept[at[crossing]] = edge
    beside[at[crossing]] = before_other[crossing] + share * (other[crossing] - before_other[crossing])
    kept[at[here] + crossing[here]], beside[at[here] + crossing[here]] = along[here], other[here]
    return kept, beside
