"""Vertices and edges of the shapes of a layer in columns, quickly asked what lies near a place.

They stand in runs of at most 64 neighbouring edges with a box each: twenty thousand plots are as many boxes, and an
outline of a hundred thousand vertices sixteen hundred, so nothing near a place is looked for in all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ui.map.shapes_layer import Shape

_RUN = 64

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Near:
    """Places of vertices near a place, and places of the first ends of edges; the other end is the next vertex."""

    vertices: Places
    edges: Places


class Edges:
    """``x`` and ``y`` in world coordinates, ``lat`` and ``lon`` in degrees as recorded, ``shape`` the place of the
    shape that a vertex is of. Closed rings repeat their first vertex.
    """

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self.shapes = tuple(shapes)
        rings = [(at, ring) for at, shape in enumerate(self.shapes) for ring in shape.rings if len(ring.x)]
        counts = np.array([len(ring.x) for _, ring in rings], np.intp)
        closing = np.array([ring.closed and len(ring.x) > 1 for _, ring in rings], bool)
        first = np.r_[0, np.cumsum(counts)[:-1]].astype(np.intp) if rings else counts
        taken = _with_first_again(first, counts, closing)
        self.x, self.y, self.lat, self.lon = (
            np.concatenate([getattr(ring, name) for _, ring in rings])[taken] if rings else np.empty(0)
            for name in ("x", "y", "lat", "lon")
        )
        lengths = counts + closing
        self.shape: Places = np.repeat(np.array([at for at, _ in rings], np.intp), lengths)
        self._run(lengths)

    def _run(self, lengths: Places) -> None:
        """Cut the rings into runs; the last vertex of one is the first of the next."""
        runs = np.maximum(1, -((1 - lengths) // _RUN))
        ring = np.repeat(np.arange(len(lengths)), runs)
        begins = np.r_[0, np.cumsum(lengths)[:-1]].astype(np.intp) if len(lengths) else lengths
        nth = np.arange(len(ring)) - np.repeat(np.cumsum(runs) - runs, runs)
        self._first = begins[ring] + nth * _RUN
        self._last = np.minimum(self._first + _RUN, begins[ring] + lengths[ring] - 1)
        pairs = np.column_stack([self._first, self._last + 1]).ravel()
        lows, highs = [], []
        for column in (self.x, self.y):
            padded = np.r_[column, 0.0]  # reduceat takes no end behind the last
            lows.append(np.minimum.reduceat(padded, pairs)[::2] if len(pairs) else padded[:0])
            highs.append(np.maximum.reduceat(padded, pairs)[::2] if len(pairs) else padded[:0])
        self._west, self._north = lows
        self._east, self._south = highs
        boxes = [shape.box() for shape in self.shapes]
        sizes = np.array([max(box.east - box.west, box.south - box.north) for box in boxes], float)
        alone = np.array([all(len(ring.x) == 1 for ring in shape.rings) for shape in self.shapes], bool)
        sizes[alone] = np.inf  # a symbol, as large at every zoom
        self._size = sizes[self.shape[self._first]] if len(self._first) else sizes[:0]

    def __len__(self) -> int:
        """How many vertices there are, those that close a ring counted again."""
        return len(self.x)

    def near(self, x: float, y: float, reach: float, least: float = 0.0) -> Near:
        """Of shapes at least ``least`` wide or high: vertices and edges whose box is within ``reach``, all in world
        coordinates. Some that are farther off are among them.
        """
        runs = np.flatnonzero(
            (self._west <= x + reach) & (self._east >= x - reach) & (self._north <= y + reach)
            & (self._south >= y - reach) & (self._size >= least)
        )  # fmt: skip
        counts = self._last[runs] - self._first[runs]
        edges = _ranges(self._first[runs], counts)
        vertices = _ranges(self._first[runs], counts + 1)
        vertices = vertices[(np.abs(self.x[vertices] - x) <= reach) & (np.abs(self.y[vertices] - y) <= reach)]
        west, east = _ordered(self.x, edges)
        north, south = _ordered(self.y, edges)
        edges = edges[(west <= x + reach) & (east >= x - reach) & (north <= y + reach) & (south >= y - reach)]
        return Near(vertices, edges)


def _ordered(column: Floats, edges: Places) -> tuple[Floats, Floats]:
    """Of each edge the lesser and the greater coordinate."""
    return np.minimum(column[edges], column[edges + 1]), np.maximum(column[edges], column[edges + 1])


def _ranges(first: Places, counts: Places) -> Places:
    """All of ``first``, ``first + 1``... of each run, one run after another."""
    total = int(counts.sum())
    before = np.repeat(np.cumsum(counts) - counts, counts)
    found: Places = np.arange(total) - before + np.repeat(first, counts)
    return found


def _with_first_again(first: Places, counts: Places, closing: NDArray[np.bool_]) -> Places:
    """Places of the vertices of each ring, with that of the first one again where it is closed."""
    taken = _ranges(first, counts + closing)
    ends = np.cumsum(counts + closing) - 1
    taken[ends[closing]] = first[closing]
    return taken
