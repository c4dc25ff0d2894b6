"""Base maps out of files: raster tiles in MBTiles, PMTiles and GeoPackage, read only and never believed unchecked.

A file is known by its first bytes, not by its name. Sizes, zooms, bounds and the order of rows are held against limits
and against the tiles themselves before anything is drawn. Only Web Mercator (EPSG:3857) is drawn. Positions of tiles
are told in the square world from 0 to 1, north up (OGC WebMercatorQuad); rows are counted from the north everywhere
here, whatever the file does (MBTiles 1.3 counts from the south, GeoPackage 1.3 and PMTiles 3 from the north).

GeoTIFF is not drawn as it is: ``geotiff.py`` turns it into tiles.
"""

from __future__ import annotations

import html
import math
import os
import re
import stat
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fieldapp.exchange.tile_errors import (
    DAMAGED,
    GONE,
    LOCKED,
    ROWS,
    UNSUPPORTED,
    TileRowsConflict,
    TilesNeedConverting,
    TilesNotRead,
)
from fieldapp.exchange.tile_images import TileImage, tile_image
from fieldapp.texts import N_

MOST_FILE_BYTES = 256 << 30
MOST_ZOOM = 24
MOST_NAME, MOST_CREDIT = 120, 300
NORTHERNMOST_DEG = 85.0511287798066
"""Where the square world ends."""
CIRCUMFERENCE_M = 2 * math.pi * 6_378_137.0
"""Width of the world in EPSG:3857, metres."""

VECTOR = N_("it holds vector tiles; only pictures are drawn.")
_TAG = re.compile(r"<[^<>]{0,500}>")
_HEAD_BYTES = 128

Bounds = tuple[float, float, float, float]
"""South, west, north, east, WGS 84 degrees."""
Spot = tuple[int, int]
"""Column and row of a tile, both from 0, rows from the north."""


@dataclass(frozen=True)
class Level:
    """Tiles of one resolution: where the first one's corner lies, how wide one is (all in the world of 0 to 1)."""

    zoom: int
    west: float
    north: float
    wide: float
    high: float
    columns: int
    rows: int
    tile_px: int

    @classmethod
    def of_zoom(cls, zoom: int, tile_px: int) -> Level:
        """A level of the common scheme: 2**zoom tiles across the world."""
        side = 1 << zoom
        return cls(zoom, 0.0, 0.0, 1 / side, 1 / side, side, side, tile_px)


@dataclass(frozen=True)
class About:
    """What a file says of itself, as far as it was found true.

    ``form``: ``mbtiles``, ``pmtiles`` or ``gpkg``; ``kind`` of its images; ``levels`` from coarse to fine; ``rows``
    are counted in the file from the ``south`` or the ``north``. ``geotiff`` is only looked at: what its tiles would be,
    with the name of its coordinate ``system`` and the code of the datum ``operation`` that leads from there to WGS 84.
    """

    form: str
    name: str
    credit: str
    kind: str
    bounds: Bounds
    levels: tuple[Level, ...]
    rows: str
    size_bytes: int
    system: str = ""
    operation: str = ""


class TileSource(ABC):
    """An open file of tiles. May be asked from several threads; close it when it is no longer drawn."""

    about: About

    def __init__(self, file: Path) -> None:
        self.file = file
        self._mark = _mark(file)

    def tile(self, level: Level, column: int, row: int) -> TileImage | None:
        """A tile, None where the file holds none. Raises TileUnreadable for this tile, TilesNotRead for the file."""
        if _mark(self.file) != self._mark:
            raise TilesNotRead(self.file, LOCKED, N_("it was changed while it was being read."))
        data = self._bytes(level, column, row)
        return None if data is None else tile_image(data)

    @abstractmethod
    def close(self) -> None:
        """Let go of the file."""

    @abstractmethod
    def _bytes(self, level: Level, column: int, row: int) -> bytes | None:
        """The bytes of a tile; raises as ``tile`` does."""


def open_tiles(file: Path, *, rows: str = "", layer: str = "") -> TileSource:
    """Open a base map. ``rows``: ``north`` or ``south`` where somebody knows better than the format; ``layer``: of a
    GeoPackage that holds several. Raises TilesNotRead.
    """
    from fieldapp.exchange.tiles_pmtiles import PmTiles
    from fieldapp.exchange.tiles_sqlite import open_sqlite_tiles

    head = first_bytes(file)
    if head.startswith(b"SQLite format 3\x00"):
        return open_sqlite_tiles(file, head, rows=rows, layer=layer)
    if head.startswith(b"PM"):
        return PmTiles(file, rows=rows)
    if begins_as_tiff(head):
        raise TilesNeedConverting(file, UNSUPPORTED, N_("it is a GeoTIFF: add it to turn it into tiles."))
    if head.startswith(b"PK\x03\x04"):
        raise TilesNotRead(file, UNSUPPORTED, N_("it is a ZIP. A map package is taken in, not added."))
    if not head:
        raise TilesNotRead(file, DAMAGED, N_("it is empty."))
    raise TilesNotRead(file, UNSUPPORTED, N_("it is neither MBTiles nor PMTiles nor GeoPackage."))


def _mark(file: Path) -> tuple[int, int, int]:
    """What changes when somebody writes to the file. Raises TilesNotRead where it is gone."""
    try:
        found = file.stat()
    except OSError as error:
        raise unreachable(file, error) from error
    return found.st_size, found.st_mtime_ns, found.st_ino


def begins_as_tiff(head: bytes) -> bool:
    """TIFF or BigTIFF, of either byte order."""
    return head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


def first_bytes(file: Path) -> bytes:
    """The first bytes of an ordinary file within limits. A pipe or device is not opened: it may never answer."""
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode):
            raise TilesNotRead(file, UNSUPPORTED, N_("it is no file."))
        if found.st_size > MOST_FILE_BYTES:
            raise TilesNotRead(file, UNSUPPORTED, N_("it is larger than {size} GB."), size=MOST_FILE_BYTES >> 30)
        with file.open("rb") as opened:
            return opened.read(_HEAD_BYTES)
    except OSError as error:
        raise unreachable(file, error) from error
    except ValueError as error:  # a NUL in the name
        raise TilesNotRead(file, GONE, N_("there is no such file.")) from error


def unreachable(file: Path, error: OSError) -> TilesNotRead:
    """The system's refusal as the operator reads it."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return TilesNotRead(file, GONE, N_("the file is not there. A stick or disk may have been unplugged."))
    if isinstance(error, PermissionError):
        return TilesNotRead(file, LOCKED, N_("another program holds it, or it may not be read."))
    reason = error.strerror or os.strerror(error.errno or 0)
    return TilesNotRead(file, GONE, N_("the disk does not give it: {words}."), words=reason)


def plain(text: object, most: int) -> str:
    """A name or credit out of a file as one line of plain text: no markup, no control or direction characters."""
    if not isinstance(text, str):
        return ""
    bare = html.unescape(_TAG.sub(" ", text[: 10 * most]))
    kept = "".join(one if unicodedata.category(one)[0] != "C" else " " for one in bare)
    return " ".join(kept.split())[:most]


def sound_bounds(south: float, west: float, north: float, east: float) -> Bounds | None:
    """Bounds a file names, within the square world; None where they name no area of the earth."""
    if not all(map(math.isfinite, (south, west, north, east))):
        return None
    if not (-180.001 <= west < east <= 180.001 and -90.001 <= south < north <= 90.001):
        return None
    south, north = max(south, -NORTHERNMOST_DEG), min(north, NORTHERNMOST_DEG)
    return (south, max(west, -180.0), north, min(east, 180.0)) if south < north else None


def bounds_of_world(west: float, north: float, east: float, south: float) -> Bounds:
    """Degrees of a box in the world of 0 to 1."""
    def lat(y: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * min(max(y, 0.0), 1.0)))))

    return lat(south), max(west * 360 - 180, -180.0), lat(north), min(east * 360 - 180, 180.0)


def row_at(level: Level, lat: float) -> float:
    """Where a latitude lies among the rows of a level, with its fraction."""
    sine = math.sin(math.radians(min(max(lat, -NORTHERNMOST_DEG), NORTHERNMOST_DEG)))
    y = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return (y - level.north) / level.high


def check_rows(file: Path, level: Level, rows: Iterable[int], bounds: Bounds, *, from_south: bool) -> None:
    """Hold rows (from the north, once they were read as counted from that end) that the file has against its bounds.

    Raises TileRowsConflict where they fit counted from the other end only, TilesNotRead where they fit neither way.
    """
    south, _west, north, _east = bounds
    first, last = math.floor(row_at(level, north)) - 1, math.ceil(row_at(level, south)) + 1
    found = list(rows)
    if not found or any(first <= row <= last for row in found):
        return
    if any(first <= level.rows - 1 - row <= last for row in found):
        raise TileRowsConflict(
            file, ROWS, N_("its tile rows are counted from the other end than its format says, or its bounds are "
                           "wrong. It would be drawn in the wrong place."),
            "north" if from_south else "south",
        )  # fmt: skip
    raise TilesNotRead(file, DAMAGED, N_("its tiles lie outside the bounds that it names."))


def level_px(file: Path, samples: Iterable[bytes]) -> tuple[str, int]:
    """Kind and width of the first sample that is an image. Raises TilesNotRead where none is."""
    for data in samples:
        try:
            found = tile_image(data)
        except ValueError:
            if data[:2] == b"\x1f\x8b":
                raise TilesNeedConverting(file, UNSUPPORTED, VECTOR) from None
            continue
        return found.kind, found.width_px
    raise TilesNotRead(file, DAMAGED, N_("its tiles are no pictures (PNG, JPEG, WebP) within the limits."))
