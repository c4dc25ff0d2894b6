"""A million points in memory, found by where they lie: sorted by grid cell, and counted by cells for overviews.

Where one pixel would hold many points, a cell shows the worst category that lies in it and how many there are: no
category is hidden by another that is less dangerous. Built once in a worker; new points stand in a short list beside
it and are always drawn one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ui.map.view import TILE_PX, Box

GRID_ZOOM = 16
"""The index's cells are the tiles of this zoom: about 470 m at 40 N."""
LEVELS = range(-1, 15)
"""Zooms that have an overview of their own; nearer ones draw every point."""
CELL_PX = 4
"""Width of an overview's cell on the screen."""
MOST_DRAWN = 6_000
"""More points than this in a view are drawn as an overview."""

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Longs = NDArray[np.int64]


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
    number: Longs

    def __len__(self) -> int:
        return len(self.x)

    def taken(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> Points:
        """Some of them."""
        return Points(self.x[which], self.y[which], self.rank[which], self.shape[which], self.gone[which],
                      self.number[which])  # fmt: skip


@dataclass(frozen=True)
class Overview:
    """Cells of one zoom, by rows from the north: world coordinates of their middles, the place of the worst point in
    them, how many there are..
    """

    x: Floats
    y: Floats
    worst: NDArray[np.intp]
    count: Longs

    def inside(self, box: Box) -> NDArray[np.intp]:
        """Places of the cells whose middle lies in a box."""
        first, last = np.searchsorted(self.y, (box.north, box.south), "left")
        strip = np.arange(first, last)
        x = self.x[first:last]
        found: NDArray[np.intp] = strip[(x >= box.west) & (x <= box.east)]
        return found


def worlds_of(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """World coordinates of positions in degrees (see ``ui.map.view``)."""
    sine = np.sin(np.radians(np.clip(lat, -85.0511287798066, 85.0511287798066)))
    return lon / 360 + 0.5, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)


class Grid:
    """The index over some points. ``points`` are theirs, sorted by cell."""

    def __init__(self, points: Points) -> None:
        side = 1 << GRID_ZOOM
        column = np.clip((points.x * side).astype(np.int64), 0, side - 1)
        row = np.clip((points.y * side).astype(np.int64), 0, side - 1)
        cell = row * side + column
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
        rows = np.arange(north, south + 1, dtype=np.int64) * side
        starts = np.searchsorted(self._cell, rows + west, "left")
        ends = np.searchsorted(self._cell, rows + east, "right")
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
        rows = np.arange(north, south + 1, dtype=np.int64) * side
        ends = np.searchsorted(self._cell, rows + east, "right")
        return int((ends - np.searchsorted(self._cell, rows + west, "left")).sum())

    def build(self) -> Grid:
        """Make every overview now, rather than when it is first drawn."""
        for zoom in LEVELS:
            self.overview(zoom)
        return self

    def overview(self, zoom: int) -> Overview:
        """The overview of a zoom, made when it is first asked for; zooms beyond ``LEVELS`` have their last."""
        zoom = min(max(zoom, LEVELS[0]), LEVELS[-1])
        if zoom not in self._levels:
            self._levels[zoom] = self._counted(zoom)
        return self._levels[zoom]

    def _counted(self, zoom: int) -> Overview:
        side = TILE_PX // CELL_PX << zoom if zoom >= 0 else TILE_PX // CELL_PX >> -zoom
        points = self.points
        cell = (points.y * side).astype(np.int64) * side + (points.x * side).astype(np.int64)
        # by cell, and within it the most dangerous last; live before what is gone
        order = np.lexsort((points.rank, ~points.gone, cell))
        sorted_cells = cell[order]
        last = np.flatnonzero(np.r_[sorted_cells[1:] != sorted_cells[:-1], len(sorted_cells) > 0])
        count = np.diff(np.r_[-1, last])
        worst = order[last]
        kept = sorted_cells[last]
        return Overview((kept % side + 0.5) / side, (kept // side + 0.5) / side, worst, count)

    def nearest(self, box: Box) -> list[int]:
        """Places of the points in a box, those nearest to its middle first."""
        found = self.inside(box)
        middle_x, middle_y = (box.west + box.east) / 2, (box.north + box.south) / 2
        far = (self.points.x[found] - middle_x) ** 2 + (self.points.y[found] - middle_y) ** 2
        return [int(place) for place in found[np.argsort(far, kind="stable")]]
