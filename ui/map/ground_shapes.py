"""Ground out of its columns made ready to be drawn: tens of thousands of outlines at once, each shape when it is asked
for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from fieldapp.domain.symbols import Fill
from fieldapp.operations.ground_columns import GroundColumns
from ui.map.grid import worlds_of
from ui.map.paths import Paths
from ui.map.shapes_layer import Held, Ring, Shape

Places = NDArray[np.intp]
Floats = NDArray[np.float64]


class _Shapes(Sequence[Shape]):
    """Shapes by their places; each is made when it is first asked for, and stays the same."""

    def __init__(self, count: int, make: Callable[[int], Shape]) -> None:
        self._made: list[Shape | None] = [None] * count
        self._make = make

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, at: int) -> Shape: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Shape]: ...
    def __getitem__(self, at: int | slice) -> Shape | Sequence[Shape]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        found = self._made[at]
        if found is None:
            found = self._made[at] = self._make(at % len(self._made))
        return found

    def __iter__(self) -> Iterator[Shape]:
        return (self[at] for at in range(len(self)))


def odd_ones(columns: GroundColumns) -> Places:
    """Places of the ground that is not drawn as it is written: longitudes that jump or leave the map of the world."""
    corner_line = np.repeat(np.arange(len(columns.corners)), columns.corners)
    odd = (columns.lon < -180) | (columns.lon >= 180)
    jumps = (np.abs(np.diff(columns.lon)) > 180) & (np.diff(corner_line) == 0)
    odd[1:] |= jumps
    line_ground = np.repeat(np.arange(len(columns)), columns.lines)
    return np.unique(line_ground[corner_line[odd]])


def held_of(columns: GroundColumns, layer: str, label: Callable[[str, Fill, str], str]) -> Held:
    """What is drawn in a layer of the map, of ground that has outlines. ``label``: of a name, a look and a state."""
    lines = columns.lines.astype(np.intp)
    code = columns.layers.index(layer) if layer in columns.layers else -1
    wanted = (columns.layer == code) & (lines > 0)
    places = np.flatnonzero(wanted)
    of_line = np.repeat(wanted, lines)
    corners = columns.corners.astype(np.intp)
    of_corner = np.repeat(of_line, corners)
    lat, lon = columns.lat[of_corner], columns.lon[of_corner]
    x, y = worlds_of(lat, lon)
    corners, closed, rings = corners[of_line], columns.closed[of_line] > 0, lines[places]
    ring_start = np.r_[0, np.cumsum(corners)]
    first_ring = np.r_[0, np.cumsum(rings)]
    look = columns.look[places].astype(np.intp)
    used = np.unique(look)

    def make(at: int) -> Shape:
        place = int(places[at])
        drawn = []
        for ring in range(first_ring[at], first_ring[at + 1]):
            part = slice(ring_start[ring], ring_start[ring + 1])
            drawn.append(Ring(x[part], y[part], bool(closed[ring]), lat[part], lon[part]))
        fill = columns.looks[columns.look[place]]
        said = label(columns.label[place], fill, columns.states[columns.state[place]])
        return Shape(columns.record[place], said, tuple(drawn), fill)

    return Held(
        _Shapes(len(places), make), _boxes(x, y, ring_start[first_ring]), tuple(columns.looks[at] for at in used),
        np.searchsorted(used, look), Paths(x, y, corners, closed, rings),
    )  # fmt: skip


def _boxes(x: Floats, y: Floats, ends: Places) -> Floats:
    """The box around each shape; all have corners."""
    starts = ends[:-1]
    if not len(starts):
        return np.empty((0, 4))
    return np.column_stack([
        np.minimum.reduceat(x, starts), np.minimum.reduceat(y, starts), np.maximum.reduceat(x, starts),
        np.maximum.reduceat(y, starts),
    ])  # fmt: skip
