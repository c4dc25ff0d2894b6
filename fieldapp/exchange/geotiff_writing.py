"""Tiles written as MBTiles 1.3. Runs in the child process only.

Photographs become JPEG, and PNG where a tile is not wholly covered; maps in few colours PNG throughout. Readers know
each by its first bytes.
"""

from __future__ import annotations

import contextlib
import math
import shutil
import sqlite3
import warnings
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from fieldapp.exchange.geotiff_child import ROOM_BYTES
from fieldapp.exchange.geotiff_cutting import Extent
from fieldapp.exchange.geotiff_errors import Refused
from fieldapp.exchange.geotiff_pixels import Pixels

_QUALITY = 85
_LOOK_AT_DISK_EVERY = 64


class Tiles:
    """A new file of tiles, to be used with ``with``. Raises Refused where the disk is full or no tile came."""

    def __init__(self, file: Path, extent: Extent, name: str, credit: object, *, drawn: bool) -> None:
        self._file, self._drawn, self.count = file, drawn, 0
        west, east = (max(min(x, 1.0), 0.0) * 360 - 180 for x in (extent.west, extent.east))
        south, north = (math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y)))) for y in (extent.south, extent.north))
        self._said = {
            "name": name, "type": "overlay", "version": "1", "description": "", "attribution": str(credit),
            "format": "png" if drawn else "jpg", "bounds": f"{west:.7f},{south:.7f},{east:.7f},{north:.7f}",
            "minzoom": str(extent.coarsest), "maxzoom": str(extent.finest),
        }  # fmt: skip

    def __enter__(self) -> Self:
        self._file.unlink(missing_ok=True)
        self._made = sqlite3.connect(self._file, isolation_level=None)
        for line in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -32768",
                     "CREATE TABLE metadata (name TEXT, value TEXT)",
                     "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)",
                     "BEGIN"):  # fmt: skip
            self._made.execute(line)
        self._made.executemany("INSERT INTO metadata VALUES (?, ?)", self._said.items())
        return self

    def put(self, zoom: int, column: int, row: int, pixels: Pixels) -> None:
        """Write one tile; ``row`` is counted from the north."""
        if self.count % _LOOK_AT_DISK_EVERY == 0 and shutil.disk_usage(self._file.parent).free < ROOM_BYTES:
            raise Refused("disk")
        self.count += 1
        try:
            self._made.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)",
                               (zoom, column, (1 << zoom) - 1 - row, encoded(pixels, drawn=self._drawn)))  # fmt: skip
        except sqlite3.OperationalError as error:
            raise Refused("disk") from error

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
                 ) -> None:  # fmt: skip
        with contextlib.closing(self._made):
            if kind is not None:
                return
            if not self.count:
                raise Refused("empty")
            try:
                self._made.execute("CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)")
                self._made.execute("COMMIT")
            except sqlite3.OperationalError as failed:
                raise Refused("disk") from failed


def encoded(pixels: Pixels, *, drawn: bool) -> bytes:
    """One tile as a file."""
    opaque = bool((pixels[..., 3] == 255).all())
    bands = np.moveaxis(pixels[..., : 3 if opaque else 4], -1, 0)
    options: dict[str, object] = (
        {"driver": "JPEG", "QUALITY": _QUALITY} if opaque and not drawn else {"driver": "PNG", "ZLEVEL": 6}
    )
    with warnings.catch_warnings(), MemoryFile() as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with memory.open(width=pixels.shape[1], height=pixels.shape[0], count=len(bands), dtype="uint8",
                         **options) as out:  # fmt: skip
            out.write(bands)
        return bytes(memory.read())
