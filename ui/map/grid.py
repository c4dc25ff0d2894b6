"""A million points in memory, found by where they lie: sorted by grid cell, and counted by cells for overviews.

Where one pixel would hold many points, a cell shows the worst category that lies in it and how many there are: no
category is hidden by another that is less dangerous. Built once in a worker; new points stand in a short list beside
it and are always drawn one by one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ui.map.view import TILE_PX, Box

GRID_ZOOM = 16
"""The index's cells are the tiles of this zoom: about 470 m at 40 N."""
LEVELS = range(-1, 12)
"""Zooms whose overview is kept; nearer ones hold so few points in a view that these are looked at."""
NEAREST_OVERVIEW = 14
"""From farther off many points are shown as an overview; nearer every point is drawn."""
CELL_PX = 4
"""Width of an overview's cell on the screen."""
_MOST_CELL = 2**31 - 1
MOST_DRAWN = 2_500
"""More points than this in a view are drawn as an overview."""

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Longs = NDArray[np.int64]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Points:
    """Points as columns of equal length. ``x`` and ``y`` are world coordinates, ``rank`` greater for more dangerous.

    ``shape`` is the place of the symbol in ``domain.symbols.SHAPES``; ``gone``: destroyed or removed; ``number`` is
    whatever the caller knows the point by.
    """

    x: Floats
    y: Floats
    rank: Bytes
    shape: Bytes
    gone: NDArray[np.bool_]
    number: Ints | Longs

    def __len__(self) -> int:
        return len(self.x)

    @classmethod
    def together(cls, parts: Sequence[Points]) -> Points:
        """The points of all parts."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS))

    def at(self, places: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """World coordinates of some points."""
        return self.x[places], self.y[places]

    def taken(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> Points:
        """Some of them."""
        return Points(self.x[which], self.y[which], self.rank[which], self.shape[which], self.gone[which],
                      self.number[which])  # fmt: skip


_COLUMNS = ("x", "y", "rank", "shape", "gone", "number")


@dataclass(frozen=True)
class Overview:
    """Cells of one zoom, by rows from the north and in them from the west, ``side`` of them round the world.

    ``worst`` is the place of the worst point in a cell, ``gone`` whether that one is gone, so all are; ``count`` how
    many points lie in it.
    """

    side: float
    row: Ints
    column: Ints
    worst: Ints
    gone: NDArray[np.bool_]
    count: Ints

    @property
    def x(self) -> Floats:
        """World coordinates of the cells' middles."""
        return self.at(np.arange(len(self.column)))[0]

    @property
    def y(self) -> Floats:
        """World coordinates of the cells' middles."""
        return self.at(np.arange(len(self.row)))[1]

    def at(self, places: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """World coordinates of the middles of some cells."""
        return (self.column[places].astype(float) + 0.5) / self.side, (self.row[places].astype(float) + 0.5) / self.side

    def inside(self, box: Box) -> NDArray[np.intp]:
        """Places of the cells whose middle lies in a box."""
        west, north, east, south = (edge * self.side - 0.5 for edge in (box.west, box.north, box.east, box.south))
        first = np.searchsorted(self.row, np.int32(min(max(math.ceil(north), 0), _MOST_CELL)), "left")
        last = np.searchsorted(self.row, np.int32(min(max(math.floor(south), -1), _MOST_CELL)), "right")
        column = self.column[first:last]
        return first + np.flatnonzero((column >= west) & (column <= east))


def _side(zoom: int) -> float:
    """Cells of an overview round the world."""
    return float(TILE_PX // CELL_PX << zoom)


def worlds_of(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """World coordinates of positions in degrees (see ``ui.map.view``)."""
    sine = np.clip(lat, -85.0511287798066, 85.0511287798066)
    np.radians(sine, out=sine)
    np.sin(sine, out=sine)
    y = (1 + sine) / (1 - sine)  # in place: of a million points every copy counts
    np.log(y, out=y)
    y /= -4 * np.pi
    y += 0.5
    return lon / 360 + 0.5, y


class Grid:
    """The index over some points. ``points`` are theirs, sorted by cell."""

    def __init__(self, points: Points) -> None:
        side = 1 << GRID_ZOOM
        cell = np.clip(points.y * side, 0, side - 1).astype(np.uint32)
        cell *= np.uint32(side)
        cell += np.clip(points.x * side, 0, side - 1).astype(np.uint32)
        order = np.argsort(cell, kind="stable")
        self.points = points.taken(order)
        self._cell = cell[order]
        self._levels: dict[int, Overview] = {}

    def __len__(self) -> int:
        return len(self.points)

    def inside(self, box: Box) -> NDArray[np.intp]:
        """Places of the points in a box, in no order."""
        side = 1 << GRID_ZOOM
        west, east = (min(max(int(x * side), 0), side - 1) for x in (box.west, box.east))
        north, south = (min(max(int(y * side), 0), side - 1) for y in (box.north, box.south))
        rows = np.arange(north, south + 1, dtype=np.uint32) * np.uint32(side)
        starts = np.searchsorted(self._cell, rows + np.uint32(west), "left")
        ends = np.searchsorted(self._cell, rows + np.uint32(east), "right")
        near = [np.arange(start, end) for start, end in zip(starts, ends, strict=True) if end > start]
        if not near:
            return np.empty(0, np.intp)
        found = np.concatenate(near)
        x, y = self.points.x[found], self.points.y[found]
        within: NDArray[np.intp] = found[(x >= box.west) & (x <= box.east) & (y >= box.north) & (y <= box.south)]
        return within

    def at_most(self, box: Box) -> int:
        """How many points the cells of a box hold: never fewer than lie in it."""
        side = 1 << GRID_ZOOM
        west, east = (min(max(int(x * side), 0), side - 1) for x in (box.west, box.east))
        north, south = (min(max(int(y * side), 0), side - 1) for y in (box.north, box.south))
        rows = np.arange(north, south + 1, dtype=np.uint32) * np.uint32(side)
        ends = np.searchsorted(self._cell, rows + np.uint32(east), "right")
        return int((ends - np.searchsorted(self._cell, rows + np.uint32(west), "left")).sum())

    def cells(self, zoom: int, box: Box) -> tuple[float, NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
        """The cells in a box in which points lie: how many go round the world, row, column, whether all in it is gone.

        Nearer than ``LEVELS`` a cell comes once for each of its points, those that are gone first.
        """
        zoom = min(max(zoom, LEVELS[0]), NEAREST_OVERVIEW)
        if zoom <= LEVELS[-1]:
            level = self.overview(zoom)
            seen = level.inside(box)
            return level.side, level.row[seen].astype(np.intp), level.column[seen].astype(np.intp), level.gone[seen]
        places = self.inside(box)
        gone = self.points.gone[places]
        places, gone = np.r_[places[gone], places[~gone]], np.sort(gone)[::-1]
        side = _side(zoom)
        row, column = ((at[places] * side).astype(np.intp) for at in (self.points.y, self.points.x))
        return side, row, column, gone

    def build(self) -> Grid:
        """Make every overview now, rather than when it is first drawn."""
        self.overview(LEVELS[0])
        return self

    def overview(self, zoom: int) -> Overview:
        """The overview of a zoom, made when it is first asked for; zooms beyond ``LEVELS`` have their last."""
        zoom = min(max(zoom, LEVELS[0]), LEVELS[-1])
        while zoom not in self._levels:
            finest = min(self._levels, default=None)
            made = self._finest() if finest is None else self._coarser(self._levels[finest])
            self._levels[LEVELS[-1] if finest is None else finest - 1] = made
        return self._levels[zoom]

    def _finest(self) -> Overview:
        side = _side(LEVELS[-1])
        cell = (self.points.y * side).astype(np.int64) << 32
        cell |= (self.points.x * side).astype(np.int64)
        return self._merged(side, cell, np.arange(len(self), dtype=np.int32), np.ones(len(self), np.int32))

    def _coarser(self, finer: Overview) -> Overview:
        """Four cells of one zoom are one of the next: quicker than to look at every point again."""
        cell = (finer.row >> 1).astype(np.int64) << 32 | finer.column >> 1
        return self._merged(finer.side / 2, cell, finer.worst, finer.count)

    def _merged(self, side: float, cell: Longs, worst: Ints, count: Ints) -> Overview:
        """One cell of all that have the same number; it is the row and, in its lower half, the column."""
        if not len(cell):
            nothing = np.empty(0, np.int32)
            return Overview(side, nothing, nothing, nothing, np.empty(0, bool), nothing)
        order = np.argsort(cell, kind="stable").astype(np.int32)
        cell = cell[order]
        first = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]]).astype(np.int32)
        cell = cell[first]
        worst, count = worst[order], count[order]
        # the greatest of danger and place in one number: the most dangerous that is still there, gone ones below all
        most = self.points.rank[worst].astype(np.int64)
        most[~self.points.gone[worst]] += 256
        most <<= 32
        most |= worst
        most = np.maximum.reduceat(most, first) & 0xFFFFFFFF
        return Overview(
            side, (cell >> 32).astype(np.int32), (cell & 0xFFFFFFFF).astype(np.int32), most.astype(np.int32),
            self.points.gone[most], np.add.reduceat(count, first, dtype=np.int32),
        )  # fmt: skip

    def nearest(self, box: Box) -> list[int]:
        """Places of the points in a box, those nearest to its middle first."""
        found = self.inside(box)
        middle_x, middle_y = (box.west + box.east) / 2, (box.north + box.south) / 2
        far = (self.points.x[found] - middle_x) ** 2 + (self.points.y[found] - middle_y) ** 2
        return [int(place) for place in found[np.argsort(far, kind="stable")]]
