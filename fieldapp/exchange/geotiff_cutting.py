"""A picture of the ground cut into tiles of Web Mercator, with every coarser level. Runs in the child process only.

Where each pixel lies is worked out by ``geodesy.rasters``, never by the library that reads the pixels: its own choice
of a datum operation is not the programme's. Every eighth pixel is exact, those between lie on straight lines.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fieldapp.exchange.geotiff_errors import Refused
from fieldapp.exchange.geotiff_pixels import Picture, Pixels
from fieldapp.geodesy.rasters import RasterSystem

TILE_PX = 256
MOST_TILES = 250_000
"""Of the finest level: some 16 thousand million pixels."""
FINEST = 23
_STEP = 8
_FARTHER = 4
"""Levels beyond the one that shows the whole in one tile: there it is still 16 pixels wide."""
_MOST_PART_PX = 2048
"""Of a part of the picture that is read for one tile, along its longer side."""
_COARSER_BY = 0.3
"""A pixel of the finest level may be a quarter larger than the file's."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Extent:
    """A picture's box in the square world of 0 to 1 (north up), and the zoom levels that it gets."""

    west: float
    north: float
    east: float
    south: float
    coarsest: int
    finest: int

    def tiles(self, zoom: int) -> tuple[range, range]:
        """Columns and rows of a level that the box touches."""
        side = 1 << zoom
        return (
            range(max(math.floor(self.west * side), 0), min(math.floor(self.east * side), side - 1) + 1),
            range(max(math.floor(self.north * side), 0), min(math.floor(self.south * side), side - 1) + 1),
        )


class Ground:
    """Where the pixels of a picture lie: east = a column + b row + c, north = d column + e row + f of ``affine``.

    Raises Refused where that is nowhere.
    """

    def __init__(self, affine: Sequence[float], system: RasterSystem, picture: Picture) -> None:
        self._a, self._b, self._c, self._d, self._e, self._f = (float(one) for one in affine[:6])
        self._turn = self._a * self._e - self._b * self._d
        if not math.isfinite(self._turn) or self._turn == 0 or not (math.isfinite(self._c) and math.isfinite(self._f)):
            raise Refused("no_position")
        self._system, self._picture = system, picture

    def _ground(self, columns: Numbers, rows: Numbers) -> tuple[Numbers, Numbers]:
        return self._a * columns + self._b * rows + self._c, self._d * columns + self._e * rows + self._f

    def _pixels(self, easts: Numbers, norths: Numbers) -> tuple[Numbers, Numbers]:
        easts, norths = easts - self._c, norths - self._f
        return ((self._e * easts - self._b * norths) / self._turn, (self._a * norths - self._d * easts) / self._turn)

    def extent(self, finest: int | None) -> Extent:
        """The box around it; ``finest`` where somebody wants a coarser level than its pixels have. Raises Refused."""
        wide, high = self._picture.width, self._picture.height
        columns, rows = np.meshgrid(np.linspace(0, wide, 41), np.linspace(0, high, 41))
        easts, norths = self._ground(columns, rows)
        lats, lons = self._system.to_wgs84(easts, norths)
        if not (np.isfinite(lats).all() and np.isfinite(lons).all()):
            raise Refused("far")
        if np.abs(lons).max() > 180.0 + 1e-6 or np.abs(np.diff(lons)).max() > 180:
            raise Refused("antimeridian")
        for at in (0, 20, 40, 820, 840, 860, 1640, 1660, 1680):
            if not self._system.holds(float(easts.flat[at]), float(norths.flat[at])):
                raise Refused("far")
        xs, ys = _world(lats, lons)
        across = max(float(np.ptp(xs)), float(np.ptp(ys)))
        if not across > 0 or not (np.abs(lats) < 85.0511).any():
            raise Refused("far")
        own = _zoom_of(xs, ys, wide * high / 1600)
        last = own if finest is None else min(finest, own)
        first = min(max(math.floor(-math.log2(across)) - _FARTHER, 0), last)
        made = Extent(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()), first, last)
        found = made.tiles(last)
        if len(found[0]) * len(found[1]) > MOST_TILES:
            raise Refused("large", count=len(found[0]) * len(found[1]), most=MOST_TILES)
        return made

    def tile(self, zoom: int, column: int, row: int) -> Pixels | None:
        """The pixels of a tile; None where the picture has nothing."""
        columns, rows = self._source(zoom, column, row)
        wide, high = self._picture.width, self._picture.height
        inside = np.isfinite(columns) & np.isfinite(rows)
        inside &= (columns >= 0) & (columns < wide) & (rows >= 0) & (rows < high)
        if not inside.any():
            return None
        left, right = _span(columns[inside], wide)
        top, bottom = _span(rows[inside], high)
        by = _smaller(columns, rows, max(right - left, bottom - top))
        out_wide, out_high = math.ceil((right - left) / by), math.ceil((bottom - top) / by)
        part = self._picture.read(left, top, right - left, bottom - top, out_wide, out_high)
        if not part[..., 3].any():
            return None
        xs = (np.where(inside, columns, left) - left) * (out_wide / (right - left)) - 0.5
        ys = (np.where(inside, rows, top) - top) * (out_high / (bottom - top)) - 0.5
        made = _between(part, xs, ys)
        made[~inside] = 0
        return made if made[..., 3].any() else None

    def _source(self, zoom: int, column: int, row: int) -> tuple[Numbers, Numbers]:
        """Column and row in the picture (with fractions) of the centre of each pixel of a tile."""
        nodes = np.arange(0, TILE_PX + 1, _STEP, dtype=np.float64)
        columns, rows = self._exact(zoom, column * TILE_PX + nodes, row * TILE_PX + nodes)
        if not (np.isfinite(columns).all() and np.isfinite(rows).all()):
            centres = np.arange(TILE_PX, dtype=np.float64) + 0.5
            return self._exact(zoom, column * TILE_PX + centres, row * TILE_PX + centres)
        return _WEIGHTS @ columns @ _WEIGHTS.T, _WEIGHTS @ rows @ _WEIGHTS.T

    def _exact(self, zoom: int, xs: Numbers, ys: Numbers) -> tuple[Numbers, Numbers]:
        """The same at every crossing of these pixels of a level."""
        side = float(TILE_PX << zoom)
        lons = xs / side * 360 - 180
        lats = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * ys / side))))
        grid_lons, grid_lats = np.meshgrid(lons, lats)
        easts, norths = self._system.from_wgs84(grid_lats, grid_lons)
        return self._pixels(easts, norths)


def pyramid(
    ground: Ground, extent: Extent, done: Callable[[int, int], None]
) -> Iterator[tuple[int, int, int, Pixels]]:
    """Every tile that is not empty, with its zoom, column and row. ``done`` is told tiles of the finest level.

    A coarser tile is the mean of its four. Only one row of each coarser level is in memory at a time.
    """
    columns, rows = extent.tiles(extent.finest)
    total, open_rows = len(columns) * len(rows), dict[int, dict[int, Pixels]]()
    for at, row in enumerate(rows):
        for place, column in enumerate(columns):
            if place % 16 == 0:
                done(at * len(columns) + place, total)
            made = ground.tile(extent.finest, column, row)
            if made is not None:
                yield extent.finest, column, row, made
                _put(open_rows, extent.finest - 1, column, row, made)
        yield from _closed(open_rows, extent, extent.finest, row, last=row == rows[-1])
    done(total, total)


def _put(open_rows: dict[int, dict[int, Pixels]], zoom: int, column: int, row: int, made: Pixels) -> None:
    """Lay a tile, half as wide and high, into its quarter of the coarser one."""
    half = TILE_PX // 2
    under = open_rows.setdefault(zoom, {}).setdefault(column // 2, np.zeros((TILE_PX, TILE_PX, 4), np.uint8))
    top, left = half * (row % 2), half * (column % 2)
    under[top : top + half, left : left + half] = _halved(made)


def _closed(open_rows: dict[int, dict[int, Pixels]], extent: Extent, zoom: int, row: int, *, last: bool
            ) -> Iterator[tuple[int, int, int, Pixels]]:  # fmt: skip
    """Coarser tiles that are complete once ``row`` of ``zoom`` is."""
    while zoom > extent.coarsest and (last or row % 2):
        zoom, row = zoom - 1, row // 2
        for column, made in sorted(open_rows.pop(zoom, {}).items()):
            yield zoom, column, row, made
            if zoom > extent.coarsest:
                _put(open_rows, zoom - 1, column, row, made)


def _world(lats: Numbers, lons: Numbers) -> tuple[Numbers, Numbers]:
    lats = np.clip(lats, -85.0511287798066, 85.0511287798066)
    return lons / 360 + 0.5, np.clip(0.5 - np.arcsinh(np.tan(np.radians(lats))) / (2 * np.pi), 0.0, 1.0)


def _zoom_of(xs: Numbers, ys: Numbers, pixels: float) -> int:
    """The zoom level whose pixels are as large as the picture's in its middle; ``pixels`` of one cell of the grid."""
    right, down = (xs[20, 21] - xs[20, 20], ys[20, 21] - ys[20, 20]), (xs[21, 20] - xs[20, 20], ys[21, 20] - ys[20, 20])
    pixel = math.sqrt(abs(float(right[0] * down[1] - right[1] * down[0])) / pixels)
    if not pixel > 0:
        raise Refused("far")
    return min(max(math.ceil(-math.log2(pixel * TILE_PX) - _COARSER_BY), 0), FINEST)


def _span(places: Numbers, most: int) -> tuple[int, int]:
    return max(math.floor(float(places.min())) - 1, 0), min(math.floor(float(places.max())) + 2, most)


def _smaller(columns: Numbers, rows: Numbers, length: int) -> int:
    """By how much a part is made smaller while it is read: it keeps between one and two pixels to a pixel of a tile."""
    at = TILE_PX // 2
    right = columns[at, at + 1] - columns[at, at], rows[at, at + 1] - rows[at, at]
    down = columns[at + 1, at] - columns[at, at], rows[at + 1, at] - rows[at, at]
    pixels = math.sqrt(abs(float(right[0] * down[1] - right[1] * down[0])))
    by = 1 << max(math.floor(math.log2(pixels)), 0) if pixels >= 1 and math.isfinite(pixels) else 1
    return max(by, math.ceil(length / _MOST_PART_PX))


def _weights() -> Numbers:
    """From the nodes along a side to the centres of its pixels."""
    made = np.zeros((TILE_PX, TILE_PX // _STEP + 1))
    at = (np.arange(TILE_PX) + 0.5) / _STEP
    low = at.astype(int)
    made[np.arange(TILE_PX), low] = 1 - (at - low)
    made[np.arange(TILE_PX), low + 1] = at - low
    return made


_WEIGHTS = _weights()


def _premultiplied(pixels: Pixels) -> NDArray[np.float32]:
    made = pixels.astype(np.float32)
    made[..., :3] *= made[..., 3:] / 255
    return made


def _plain(made: NDArray[np.float32]) -> Pixels:
    made[..., :3] *= 255 / np.maximum(made[..., 3:], 1e-3)
    return np.asarray(np.clip(np.rint(made), 0, 255), np.uint8)


def _between(part: Pixels, xs: Numbers, ys: Numbers) -> Pixels:
    """Colours between the four pixels around each place; transparent ones lend no colour."""
    high, wide = part.shape[:2]
    xs, ys = np.clip(xs, 0, wide - 1), np.clip(ys, 0, high - 1)
    left, top = np.minimum(xs.astype(np.intp), max(wide - 2, 0)), np.minimum(ys.astype(np.intp), max(high - 2, 0))
    right, bottom = np.minimum(left + 1, wide - 1), np.minimum(top + 1, high - 1)
    by_x, by_y = (xs - left).astype(np.float32)[..., None], (ys - top).astype(np.float32)[..., None]
    if bool((part[..., 3] == 255).all()):  # most tiles of most pictures, and twice as fast
        flat = part[..., :3].astype(np.float32).reshape(-1, 3)
    else:
        flat = _premultiplied(part).reshape(-1, 4)
    line = top * wide
    above = flat[line + left] * (1 - by_x) + flat[line + right] * by_x
    line = bottom * wide
    below = flat[line + left] * (1 - by_x) + flat[line + right] * by_x
    made = above * (1 - by_y) + below * by_y
    if made.shape[-1] == 4:
        return _plain(made)
    opaque = np.full((*made.shape[:2], 4), 255, np.uint8)
    opaque[..., :3] = np.rint(made)
    return opaque


def _halved(pixels: Pixels) -> Pixels:
    half = TILE_PX // 2
    return _plain(_premultiplied(pixels).reshape(half, 2, half, 2, 4).mean(axis=(1, 3)))
