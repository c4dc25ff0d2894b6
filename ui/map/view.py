"""Where the map looks: Web Mercator (EPSG:3857's spherical form), as a square from 0 to 1 with north up.

World coordinates: ``x`` from 0 at 180 W to 1 at 180 E, ``y`` from 0 at 85.0511 N to 1 at 85.0511 S. A zoom of z shows
the whole world 256 * 2**z logical pixels wide, as tile schemes count it (OGC Two Dimensional Tile Matrix Set,
WebMercatorQuad). Drawing only: nothing is measured in this projection.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

TILE_PX = 256
LEAST_ZOOM, MOST_ZOOM = 3.0, 22.0
NORTHERNMOST_DEG = 85.0511287798066
"""The latitude at which the world becomes square."""
_EQUATOR_M = 40_075_016.686
"""Length of the equator, WGS 84."""
_ROOM = 0.86
"""Share of the window that something takes which the map was told to show whole."""


def world_of(lat: float, lon: float) -> tuple[float, float]:
    """World coordinates of a position in WGS 84 degrees; latitudes beyond the square stand at its edge."""
    lat = min(max(lat, -NORTHERNMOST_DEG), NORTHERNMOST_DEG)
    sine = math.sin(math.radians(lat))
    return lon / 360 + 0.5, 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)


def position_of(x: float, y: float) -> tuple[float, float]:
    """Latitude and longitude (WGS 84 degrees) of world coordinates; longitudes stay within 180 degrees."""
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))
    return lat, min(max((x - 0.5) * 360, -180.0), 180.0)


@dataclass(frozen=True)
class Box:
    """A part of the world in world coordinates: west, north, east, south."""

    west: float
    north: float
    east: float
    south: float

    @classmethod
    def of_degrees(cls, south: float, west: float, north: float, east: float) -> Box:
        """The box around two corners in degrees."""
        left, low = world_of(south, west)
        right, high = world_of(north, east)
        return cls(left, high, right, low)

    def meets(self, other: Box) -> bool:
        """Whether they share a point."""
        return (
            self.west <= other.east and other.west <= self.east
            and self.north <= other.south and other.north <= self.south
        )  # fmt: skip


@dataclass(frozen=True)
class View:
    """What the canvas shows: world coordinates of its middle, zoom, and its size in logical pixels."""

    x: float
    y: float
    zoom: float
    width: int
    height: int

    @classmethod
    def at(cls, lat: float, lon: float, zoom: float, width: int, height: int) -> View:
        """A view with a position in its middle."""
        x, y = world_of(lat, lon)
        return cls(x, y, zoom, width, height).kept()

    @cached_property
    def scale(self) -> float:
        """Logical pixels across the whole world."""
        return TILE_PX * math.pow(2.0, self.zoom)

    @property
    def box(self) -> Box:
        """What is visible."""
        wide, high = self.width / 2 / self.scale, self.height / 2 / self.scale
        return Box(self.x - wide, self.y - high, self.x + wide, self.y + high)

    @property
    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of the middle."""
        return position_of(self.x, self.y)

    def pixel(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a position stands on the canvas, logical pixels from its upper left corner."""
        x, y = world_of(lat, lon)
        return self.pixel_of_world(x, y)

    def pixel_of_world(self, x: float, y: float) -> tuple[float, float]:
        """Where world coordinates stand on the canvas."""
        return (x - self.x) * self.scale + self.width / 2, (y - self.y) * self.scale + self.height / 2

    def position(self, px: float, py: float) -> tuple[float, float]:
        """Latitude and longitude under a pixel."""
        return position_of(*self.world(px, py))

    def world(self, px: float, py: float) -> tuple[float, float]:
        """World coordinates under a pixel."""
        return self.x + (px - self.width / 2) / self.scale, self.y + (py - self.height / 2) / self.scale

    def shows_world(self, px: float, py: float) -> bool:
        """Whether there is ground under a pixel: beyond the edge of the world there is none."""
        x, y = self.world(px, py)
        return 0.0 <= x <= 1.0 and 0.0 <= y <= 1.0

    def metres_per_px(self, lat: float | None = None) -> float:
        """Ground metres of a logical pixel at a latitude; in the middle where none is named."""
        here = self.middle[0] if lat is None else lat
        return _EQUATOR_M * math.cos(math.radians(here)) / self.scale

    def moved(self, dx: float, dy: float) -> View:
        """The view after the ground was drawn ``dx`` to the right and ``dy`` down."""
        return replace(self, x=self.x - dx / self.scale, y=self.y - dy / self.scale).kept()

    def zoomed(self, steps: float, px: float | None = None, py: float | None = None) -> View:
        """The view ``steps`` zoom levels nearer (or farther, below 0); what is under the pixel stays under it."""
        px = self.width / 2 if px is None else px
        py = self.height / 2 if py is None else py
        x, y = self.world(px, py)
        zoom = min(max(self.zoom + steps, LEAST_ZOOM), MOST_ZOOM)
        made = replace(self, zoom=zoom)
        return replace(
            made, x=x - (px - self.width / 2) / made.scale, y=y - (py - self.height / 2) / made.scale
        ).kept()  # fmt: skip

    def centred(self, lat: float, lon: float, zoom: float | None = None) -> View:
        """The view with this position in its middle."""
        x, y = world_of(lat, lon)
        return replace(self, x=x, y=y, zoom=self.zoom if zoom is None else zoom).kept()

    def showing(self, box: Box, nearest: float = 18.0) -> View:
        """The view that shows all of ``box`` with some room around it, never nearer than ``nearest``."""
        wide, high = max(box.east - box.west, 1e-12), max(box.south - box.north, 1e-12)
        fits = min(self.width / wide, self.height / high) * _ROOM / TILE_PX
        zoom = min(max(math.log2(max(fits, 1e-9)), LEAST_ZOOM), nearest)
        made = replace(self, x=(box.west + box.east) / 2, y=(box.north + box.south) / 2, zoom=zoom)
        return made.kept()

    def sized(self, width: int, height: int) -> View:
        """The view on a canvas of another size; the middle stays."""
        return replace(self, width=max(width, 1), height=max(height, 1)).kept()

    def kept(self) -> View:
        """The view moved back so that its middle lies in the world."""
        return replace(self, x=min(max(self.x, 0.0), 1.0), y=min(max(self.y, 0.0), 1.0))
