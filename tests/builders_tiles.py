"""Base maps for tests: one real set of tiles in three formats, and small files with whatever is wrong with them."""

from __future__ import annotations

import math
import sqlite3
import struct
import warnings
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pmtiles.reader import MemorySource, Reader, all_tiles
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

DATA = Path(__file__).parent / "exchange" / "data" / "tiles"
REAL = DATA / "usgs-mt-whitney-8-13-webp-512.pmtiles"
SUMMIT = 36.5785, -118.2923
"""Mount Whitney, in the middle of the real tiles."""
REAL_BOUNDS = "-118.3198200,36.5610900,-118.2606900,36.5930100"
_WORLD_M = 20037508.342789244

Tiles = Mapping[tuple[int, int, int], Any]
"""Bytes (or what a lying file has instead) by zoom, column and row from the north."""


def real_tiles() -> dict[tuple[int, int, int], bytes]:
    """The real tiles."""
    return {tuple(at): data for at, data in all_tiles(Reader(MemorySource(REAL.read_bytes())).get_bytes)}


def png(width: int, height: int, colour: tuple[int, int, int] = (200, 30, 30), *, rows: int | None = None) -> bytes:
    """A picture of one colour; ``rows`` are really in it where its header lies about its height."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = (b"\0" + bytes(colour) * width) * (height if rows is None else rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def mbtiles(
    file: Path, tiles: Tiles, *, bounds: str | None = REAL_BOUNDS, rows: str = "south", index: bool = True,
    after: Callable[[sqlite3.Connection], object] | None = None, **metadata: str,
) -> Path:  # fmt: skip
    """An MBTiles file; ``after`` puts something more into it."""
    said = {"name": "Whitney", "format": "webp", "attribution": "U.S. Geological Survey", **metadata}
    if bounds is not None:
        said["bounds"] = bounds
    made = sqlite3.connect(file)
    made.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
    made.execute("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
    made.executemany("INSERT INTO metadata VALUES (?, ?)", said.items())
    made.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", (
        (z, x, (1 << z) - 1 - y if rows == "south" else y, data) for (z, x, y), data in tiles.items()))  # fmt: skip
    if index:
        made.execute("CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)")
    if after is not None:
        after(made)
    made.commit()
    made.close()
    return file


def geopackage(
    file: Path, tiles: Tiles, *, rows: str = "north", system: int = 3857, tile_px: int = 512,
    layers: Iterable[str] = ("base",),
) -> Path:  # fmt: skip
    """A GeoPackage with the tiles, in each of its layers."""
    west, south, east, north = (float(one) for one in REAL_BOUNDS.split(","))
    box = (*_metres(south, west), *_metres(north, east))
    made = sqlite3.connect(file)
    made.execute("PRAGMA application_id = 1196444487")
    made.executescript("""
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
            organization_coordsys_id INTEGER, definition TEXT);
        CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, min_x DOUBLE,
            min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
        CREATE TABLE gpkg_tile_matrix_set (table_name TEXT PRIMARY KEY, srs_id INTEGER, min_x DOUBLE, min_y DOUBLE,
            max_x DOUBLE, max_y DOUBLE);
        CREATE TABLE gpkg_tile_matrix (table_name TEXT, zoom_level INTEGER, matrix_width INTEGER,
            matrix_height INTEGER, tile_width INTEGER, tile_height INTEGER, pixel_x_size DOUBLE, pixel_y_size DOUBLE);
    """)
    made.execute("INSERT INTO gpkg_spatial_ref_sys VALUES ('x', ?, 'EPSG', ?, '')", (system, system))
    for layer in layers:
        made.execute(
            f'CREATE TABLE "{layer}" (id INTEGER PRIMARY KEY, zoom_level INTEGER, tile_column INTEGER, '
            "tile_row INTEGER, tile_data BLOB, UNIQUE (zoom_level, tile_column, tile_row))"
        )
        made.execute("INSERT INTO gpkg_contents VALUES (?, 'tiles', ?, ?, ?, ?, ?, ?)", (layer, layer, *box, system))
        made.execute("INSERT INTO gpkg_tile_matrix_set VALUES (?, ?, ?, ?, ?, ?)",
                     (layer, system, -_WORLD_M, -_WORLD_M, _WORLD_M, _WORLD_M))  # fmt: skip
        for zoom in sorted({z for z, _x, _y in tiles}):
            size = 2 * _WORLD_M / (1 << zoom) / tile_px
            made.execute("INSERT INTO gpkg_tile_matrix VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                         (layer, zoom, 1 << zoom, 1 << zoom, tile_px, tile_px, size, size))  # fmt: skip
        made.executemany(
            f'INSERT INTO "{layer}" (zoom_level, tile_column, tile_row, tile_data) VALUES (?, ?, ?, ?)',
            ((z, x, (1 << z) - 1 - y if rows == "south" else y, data) for (z, x, y), data in tiles.items()),
        )
    made.commit()
    made.close()
    return file


def pmtiles(file: Path, tiles: Mapping[tuple[int, int, int], bytes], **header: Any) -> Path:
    """A PMTiles file; parts of its header may be told otherwise."""
    west, south, east, north = (round(float(one) * 1e7) for one in REAL_BOUNDS.split(","))
    with file.open("wb") as out:
        writer = Writer(out)
        for place, data in sorted((zxy_to_tileid(*at), data) for at, data in tiles.items()):
            writer.write_tile(place, data)
        said = {
            "tile_type": TileType.PNG, "tile_compression": Compression.NONE, "min_lon_e7": west, "min_lat_e7": south,
            "max_lon_e7": east, "max_lat_e7": north, "center_zoom": 0, "center_lon_e7": west,
            "center_lat_e7": south, **header,
        }  # fmt: skip
        writer.finalize(said, {"name": "made", "attribution": "somebody"})
    return file


def _metres(lat: float, lon: float) -> tuple[float, float]:
    north = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / math.pi
    return lon / 180 * _WORLD_M, north * _WORLD_M


def geotiff(
    file: Path, pixels: Any, *, corner: tuple[float, float] = (670_000.0, 4_430_000.0), px_m: float = 1.0,
    system: str | None = "EPSG:32638", turn_deg: float = 0.0, colours: Mapping[int, tuple[int, ...]] | None = None,
    **options: Any,
) -> Path:  # fmt: skip
    """A GeoTIFF of bands, rows and columns; ``corner`` is easting and northing of the north-west one."""
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning
    from rasterio.transform import Affine

    along, across = px_m * math.cos(math.radians(turn_deg)), px_m * math.sin(math.radians(turn_deg))
    placed = Affine(along, across, corner[0], across, -along, corner[1])
    count, height, width = pixels.shape
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        made = rasterio.open(file, "w", driver="GTiff", width=width, height=height, count=count, dtype=pixels.dtype,
                             crs=system, transform=placed, **options)  # fmt: skip
    with made:
        made.write(pixels)
        if colours is not None:
            made.write_colormap(1, colours)
    return file


def bent_tiff(file: Path, changes: Mapping[int, int], *, following: int | None = None) -> Path:
    """The same TIFF (little end first, classic or Big) with other numbers in tags of its first directory, or with
    another place of the directory that follows (0: none, -1: the first one again).
    """
    data = bytearray(file.read_bytes())
    big = data[2] == 43
    (first,) = struct.unpack_from("<Q" if big else "<I", data, 8 if big else 4)
    (count,) = struct.unpack_from("<Q" if big else "<H", data, first)
    at, step = first + (8 if big else 2), 20 if big else 12
    for place in range(at, at + count * step, step):
        tag, kind = struct.unpack_from("<HH", data, place)
        if tag in changes:
            form = {3: "<H", 4: "<I", 16: "<Q"}[kind]
            struct.pack_into(form, data, place + (12 if big else 8), changes[tag])
    if following is not None:
        struct.pack_into("<Q" if big else "<I", data, at + count * step, first if following < 0 else following)
    file.write_bytes(data)
    return file
