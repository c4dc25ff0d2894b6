"""MBTiles (1.3) and GeoPackage tile matrices (OGC 12-128r18, clause 2.2), both SQLite files."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fieldapp.exchange import tiles
from fieldapp.exchange.guarded_sqlite import SCAN_STEPS, GuardedSqlite, check_header
from fieldapp.exchange.tile_errors import (
    DAMAGED,
    UNSUPPORTED,
    SeveralTileLayers,
    TilesNeedConverting,
    TilesNotRead,
    TileUnreadable,
)
from fieldapp.exchange.tiles import CIRCUMFERENCE_M, About, Bounds, Level, Spot, TileSource
from fieldapp.texts import N_

_SAMPLES = 200
_LOOKED_AT = 5
_MOST_LEVELS = 40
_MOST_MATRIX = 1 << 31
_SPAN_TOLERANCE = 0.01
_FACTS = ("name", "format", "bounds", "attribution")
_MOST_TEXT = 4_000


def open_sqlite_tiles(file: Path, head: bytes, *, rows: str, layer: str) -> TileSource:
    """MBTiles or GeoPackage, by the tables it has. Raises TilesNotRead."""
    check_header(file, head, file.stat().st_size)
    opened = GuardedSqlite(file)
    try:
        if opened.has("gpkg_contents"):
            return GeoPackage(file, opened, rows=rows, layer=layer)
        if opened.has("tiles") and opened.has("metadata"):
            return MbTiles(file, opened, rows=rows)
        raise TilesNotRead(file, UNSUPPORTED, N_("it is a database, but neither MBTiles nor GeoPackage."))
    except TileUnreadable as error:
        opened.close()
        raise TilesNotRead(file, DAMAGED, N_("it is damaged or cut off.")) from error
    except BaseException:
        opened.close()
        raise


class SqliteTiles(TileSource):
    """What both have alike: a table of tiles by level, column and row."""

    def __init__(self, file: Path, opened: GuardedSqlite, table: str, *, from_south: bool) -> None:
        super().__init__(file)
        self._opened, self._from_south = opened, from_south
        self._table = '"' + table.replace('"', '""') + '"'

    def close(self) -> None:
        """Let go of the file."""
        self._opened.close()

    def _bytes(self, level: Level, column: int, row: int) -> bytes | None:
        if not (0 <= column < level.columns and 0 <= row < level.rows):
            return None
        stored = level.rows - 1 - row if self._from_south else row
        found = self._opened.ask_for_tile(
            f"SELECT tile_data FROM {self._table} WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? LIMIT 1",  # noqa: S608 - quoted
            (level.zoom, column, stored),
        )
        if not found:
            return None
        if not isinstance(found[0][0], bytes):
            raise TileUnreadable("no bytes")
        return found[0][0]

    def _spots(self, zoom: int) -> list[Spot]:
        """Columns and stored rows of some tiles of a level."""
        found = self._opened.ask(
            f"SELECT tile_column, tile_row FROM {self._table} WHERE zoom_level = ? LIMIT ?",  # noqa: S608 - quoted
            (zoom, _SAMPLES),
        )
        if not all(isinstance(column, int) and isinstance(row, int) for column, row in found):
            raise TileUnreadable("place")
        return [(column, row) for column, row in found]

    def _samples(self, zoom: int, spots: list[Spot]) -> Iterator[bytes]:
        for column, row in spots[:_LOOKED_AT]:
            try:
                found = self._opened.ask_for_tile(
                    f"SELECT tile_data FROM {self._table} WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? "  # noqa: S608
                    "LIMIT 1", (zoom, column, row),
                )  # fmt: skip
            except TileUnreadable:
                continue
            if found and isinstance(found[0][0], bytes):
                yield found[0][0]

    def _seen(self, level: Level, spots: list[Spot]) -> list[int]:
        """Rows from the north of the tiles at these places. Raises TileUnreadable beyond the level's edge."""
        if not all(0 <= column < level.columns and 0 <= row < level.rows for column, row in spots):
            raise TileUnreadable("place")
        return [level.rows - 1 - row if self._from_south else row for _column, row in spots]


class MbTiles(SqliteTiles):
    """An open MBTiles file. Its metadata may claim ``scheme xyz``: converters copy that; rows are from the south."""

    def __init__(self, file: Path, opened: GuardedSqlite, *, rows: str) -> None:
        super().__init__(file, opened, "tiles", from_south=rows != "north")
        marks = ", ".join("?" * len(_FACTS))
        said: dict[str, str] = {
            str(name): value[:_MOST_TEXT]
            for name, value in opened.ask(f"SELECT name, value FROM metadata WHERE name IN ({marks}) LIMIT 50", _FACTS)  # noqa: S608
            if isinstance(value, str)
        }
        if said.get("format") in ("pbf", "mvt"):
            raise TilesNeedConverting(file, UNSUPPORTED, tiles.VECTOR)
        zooms = [zoom for zoom in range(tiles.MOST_ZOOM + 1) if self._has(zoom)]
        if not zooms:
            raise TilesNotRead(file, DAMAGED, N_("it holds no tiles."))
        finest = self._spots(zooms[-1])
        kind, tile_px = tiles.level_px(file, self._samples(zooms[-1], finest))
        levels = tuple(Level.of_zoom(zoom, tile_px) for zoom in zooms)
        seen = self._seen(levels[-1], finest)
        bounds = _bounds_of_text(said.get("bounds", ""))
        if bounds is not None:
            tiles.check_rows(file, levels[-1], seen, bounds, from_south=self._from_south)
        else:
            bounds = self._around(levels[0])
        self.about = About(
            "mbtiles", tiles.plain(said.get("name"), tiles.MOST_NAME),
            tiles.plain(said.get("attribution"), tiles.MOST_CREDIT), kind, bounds, levels,
            "south" if self._from_south else "north", self._mark[0],
        )  # fmt: skip

    def _has(self, zoom: int) -> bool:
        return bool(self._opened.ask("SELECT 1 FROM tiles WHERE zoom_level = ? LIMIT 1", (zoom,)))

    def _around(self, level: Level) -> Bounds:
        """The box around the tiles of the coarsest level: what a file without bounds covers."""
        west, east, low, high = self._opened.ask(
            "SELECT min(tile_column), max(tile_column), min(tile_row), max(tile_row) FROM tiles WHERE zoom_level = ?",
            (level.zoom,), steps=SCAN_STEPS,
        )[0]  # fmt: skip
        if not all(type(one) is int for one in (west, east, low, high)):
            raise TileUnreadable("place")
        rows, columns = self._seen(level, [(west, low), (east, high)]), (west, east)
        return tiles.bounds_of_world(
            min(columns) * level.wide, min(rows) * level.high, (max(columns) + 1) * level.wide,
            (max(rows) + 1) * level.high,
        )  # fmt: skip


class GeoPackage(SqliteTiles):
    """One layer of tiles of an open GeoPackage, in Web Mercator, with whatever matrices it declares."""

    def __init__(self, file: Path, opened: GuardedSqlite, *, rows: str, layer: str) -> None:
        table, name, bounds_m = _layer(file, opened, layer)
        super().__init__(file, opened, table, from_south=rows == "south")
        declared = self._declared(table)
        held = [level for level in declared if self._has(level)]
        if not held:
            raise TilesNotRead(file, DAMAGED, N_("it holds no tiles."))
        finest = self._spots(held[-1].zoom)
        kind, _px = tiles.level_px(file, self._samples(held[-1].zoom, finest))
        bounds = _degrees(bounds_m) or _degrees_of(held[-1])
        tiles.check_rows(file, held[-1], self._seen(held[-1], finest), bounds, from_south=self._from_south)
        self.about = About(
            "gpkg", tiles.plain(name or table, tiles.MOST_NAME), "", kind, bounds, tuple(held),
            "south" if self._from_south else "north", self._mark[0],
        )  # fmt: skip

    def _has(self, level: Level) -> bool:
        return bool(self._opened.ask(f"SELECT 1 FROM {self._table} WHERE zoom_level = ? LIMIT 1", (level.zoom,)))  # noqa: S608

    def _declared(self, table: str) -> list[Level]:
        """The matrices from coarse to fine, each held against the extent of all. Raises TileUnreadable."""
        extent = self._opened.ask(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_tile_matrix_set WHERE table_name = ? LIMIT 1", (table,)
        )
        if not extent or not all(_is_number(one) for one in extent[0]):
            raise TileUnreadable("extent")
        west, south, east, north = (float(one) for one in extent[0])
        most = CIRCUMFERENCE_M
        if not (-most <= west < east <= most and -most <= south < north <= most):
            raise TileUnreadable("extent")
        found = self._opened.ask(
            "SELECT zoom_level, matrix_width, matrix_height, tile_width, tile_height, pixel_x_size, pixel_y_size "
            "FROM gpkg_tile_matrix WHERE table_name = ? ORDER BY pixel_x_size DESC LIMIT ?",
            (table, _MOST_LEVELS),
        )
        return [_level(row, west, south, east, north) for row in found]


def _layer(file: Path, opened: GuardedSqlite, wanted: str) -> tuple[str, str, tuple[Any, ...]]:
    """Table, title and bounds in metres of the layer of tiles that is meant. Raises TilesNotRead."""
    for name in ("gpkg_tile_matrix", "gpkg_tile_matrix_set", "gpkg_spatial_ref_sys"):
        if not opened.has(name):
            raise TilesNotRead(file, UNSUPPORTED, N_("it holds no layer of tiles."))
    found = opened.ask(
        "SELECT c.table_name, c.identifier, c.min_x, c.min_y, c.max_x, c.max_y, s.organization, "
        "s.organization_coordsys_id FROM gpkg_contents c LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = c.srs_id "
        "WHERE c.data_type = 'tiles' LIMIT 100"
    )
    layers = [row for row in found if isinstance(row[0], str) and opened.has(row[0])]
    meant = [row for row in layers if not wanted or wanted in row[:2]]
    if not meant:
        raise TilesNotRead(file, UNSUPPORTED, N_("it holds no layer of tiles."))
    if len(meant) > 1:
        named = ", ".join(tiles.plain(row[0], tiles.MOST_NAME) for row in meant[:10])
        raise SeveralTileLayers(file, UNSUPPORTED, N_("it holds several layers of tiles: {names}."), named,
                                tuple(row[0] for row in meant[:10]))  # fmt: skip
    table, title, *bounds, organisation, system = meant[0]
    if str(organisation).upper() != "EPSG" or system != 3857:
        raise TilesNeedConverting(file, UNSUPPORTED, N_("its tiles are not in Web Mercator (EPSG:3857)."))
    return table, title if isinstance(title, str) else "", tuple(bounds)


def _level(row: tuple[Any, ...], west: float, south: float, east: float, north: float) -> Level:
    zoom, columns, rows, tile_px, tile_high_px, px_x, px_y = row
    whole = all(type(one) is int for one in (zoom, columns, rows, tile_px, tile_high_px))
    if not whole or not all(_is_number(one) and one > 0 for one in (px_x, px_y)):
        raise TileUnreadable("matrix")
    if not (0 <= zoom <= _MOST_LEVELS and 0 < columns < _MOST_MATRIX and 0 < rows < _MOST_MATRIX):
        raise TileUnreadable("matrix")
    if not (0 < tile_px <= 4096 and 0 < tile_high_px <= 4096):
        raise TileUnreadable("matrix")
    wide_m, high_m = px_x * tile_px, px_y * tile_high_px
    for said, is_so in ((wide_m * columns, east - west), (high_m * rows, north - south)):
        if abs(said - is_so) > _SPAN_TOLERANCE * is_so:
            raise TileUnreadable("matrix")
    return Level(
        zoom, west / CIRCUMFERENCE_M + 0.5, 0.5 - north / CIRCUMFERENCE_M, wide_m / CIRCUMFERENCE_M,
        high_m / CIRCUMFERENCE_M, columns, rows, tile_px,
    )  # fmt: skip


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _degrees(metres: tuple[Any, ...]) -> Bounds | None:
    """Bounds in degrees of west, south, east, north in EPSG:3857; None where they are no box."""
    if not all(_is_number(one) for one in metres):
        return None
    west, south, east, north = (float(one) / CIRCUMFERENCE_M for one in metres)
    if not (west < east and south < north and abs(west) < 1 and abs(east) < 1):
        return None
    return tiles.sound_bounds(*tiles.bounds_of_world(west + 0.5, 0.5 - north, east + 0.5, 0.5 - south))


def _degrees_of(level: Level) -> Bounds:
    return tiles.bounds_of_world(
        level.west, level.north, level.west + level.wide * level.columns, level.north + level.high * level.rows
    )


def _bounds_of_text(text: str) -> Bounds | None:
    """West, south, east, north with commas, as MBTiles has them; None where they name no area."""
    try:
        west, south, east, north = (float(one) for one in text.split(","))
    except ValueError:
        return None
    return tiles.sound_bounds(south, west, north, east)
