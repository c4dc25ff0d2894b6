"""A base map under the benchmark's data: PNG tiles of zoom 7 to 14 as MBTiles, some 7,000, as the spike had."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from tests.benchmarks.map_data_set import LEAST, SPAN_DEG
from ui.map.view import TILE_PX, world_of

ZOOMS = range(7, 15)
_PICTURES = 48
"""Different pictures; the tiles take turns."""


def write_tiles(file: Path) -> Path:
    """The base map over the benchmark's ground. MBTiles 1.3: rows count from the south."""
    pictures = [_png(turn) for turn in range(_PICTURES)]
    bounds = f"{LEAST[1]},{LEAST[0]},{LEAST[1] + SPAN_DEG},{LEAST[0] + SPAN_DEG}"
    about = {"name": "benchmark", "format": "png", "type": "baselayer", "version": "1", "bounds": bounds,
             "minzoom": str(ZOOMS[0]), "maxzoom": str(ZOOMS[-1])}  # fmt: skip
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        made.execute("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
        made.executemany("INSERT INTO metadata VALUES (?, ?)", about.items())
        made.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", (
            (zoom, column, (1 << zoom) - 1 - row, pictures[(column * 7 + row) % _PICTURES])
            for zoom, column, row in _places()
        ))  # fmt: skip
        made.execute("CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)")
    made.close()
    return file


def _places() -> Iterator[tuple[int, int, int]]:
    west, north = world_of(LEAST[0] + SPAN_DEG, LEAST[1])
    east, south = world_of(LEAST[0], LEAST[1] + SPAN_DEG)
    for zoom in ZOOMS:
        side = 1 << zoom
        for column in range(math.floor(west * side), math.floor(east * side) + 1):
            for row in range(math.floor(north * side), math.floor(south * side) + 1):
                yield zoom, column, row


def _png(turn: int) -> bytes:
    """Shaded hills with some grain: as many bytes as a real map's tile, some 40 kB."""
    dice = np.random.default_rng(turn)
    across, down = np.meshgrid(np.arange(TILE_PX) / TILE_PX, np.arange(TILE_PX) / TILE_PX)
    hills = sum(np.sin(2 * np.pi * (across * a + down * b) + turn) for a, b in ((1, 2), (3, -1), (5, 4), (9, 7)))
    grey = np.clip(190 + 12 * np.asarray(hills) + dice.integers(0, 4, across.shape), 0, 255).astype(np.uint8)
    colours = np.dstack([grey, np.clip(grey.astype(int) + 12, 0, 255).astype(np.uint8), grey])
    image = QImage(np.ascontiguousarray(colours).tobytes(), TILE_PX, TILE_PX, TILE_PX * 3, QImage.Format.Format_RGB888)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    buffer.close()
    return bytes(data.data())
