"""PMTiles version 3 with raster tiles. Its header and directories are held against the file before they are followed.

The file is read, not mapped into memory: reading a mapped file on a stick that was pulled ends the process. Directories
are unpacked up to a limit and their numbers read up to ten bytes; the library takes both without any.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pmtiles.tile import (
    Compression,
    Entry,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_header,
    find_tile,
    tileid_to_zxy,
    zxy_to_tileid,
)

from fieldapp.exchange import tiles
from fieldapp.exchange.tile_errors import DAMAGED, UNSUPPORTED, TilesNeedConverting, TilesNotRead, TileUnreadable
from fieldapp.exchange.tile_images import MOST_TILE_BYTES
from fieldapp.exchange.tiles import About, Level, TileSource
from fieldapp.texts import N_

MOST_ROOT_BYTES = 16_384
"""Header and root directory lie in the first 16 KiB (PMTiles 3, section 3)."""
MOST_DIRECTORY_BYTES = 1_000_000
MOST_METADATA_BYTES = 1_000_000
_HEADER_BYTES = 127
_DEEPEST = 3
_KEPT_DIRECTORIES = 16
_SAMPLES = 300
_KINDS = (TileType.PNG, TileType.JPEG, TileType.WEBP)
_PACKINGS = (Compression.NONE, Compression.GZIP)


class PmTiles(TileSource):
    """An open PMTiles file."""

    def __init__(self, file: Path, *, rows: str = "") -> None:
        super().__init__(file)
        self._lock = threading.Lock()
        self._flipped = rows == "south"
        self._directories: OrderedDict[tuple[int, int], list[Entry]] = OrderedDict()
        try:
            self._stream = file.open("rb")
        except OSError as error:
            raise tiles.unreachable(file, error) from error
        try:
            self._header = self._checked_header()
            self.about = self._read_about()
        except TileUnreadable as error:
            self.close()
            raise self._damaged() from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()

    def _damaged(self) -> TilesNotRead:
        return TilesNotRead(self.file, DAMAGED, N_("it is damaged or cut off."))

    def _read(self, start: int, length: int) -> bytes:
        """Bytes of the file; fewer than asked for is damage. Raises TileUnreadable, TilesNotRead."""
        try:
            with self._lock:
                self._stream.seek(start)
                data = self._stream.read(length)
        except OSError as error:
            raise tiles.unreachable(self.file, error) from error
        except ValueError as error:  # closed, or an offset no system takes
            raise TileUnreadable("offset") from error
        if len(data) != length:
            raise TileUnreadable("cut off")
        return data

    def _checked_header(self) -> Any:
        try:
            header = deserialize_header(self._read(0, _HEADER_BYTES))
        except SpecVersionUnsupported as error:
            raise TilesNeedConverting(self.file, UNSUPPORTED, N_("only version 3 of PMTiles is read.")) from error
        except (MagicNumberNotFound, ValueError, IndexError) as error:
            raise self._damaged() from error
        size = self._mark[0]
        for start, length, most in (
            (header["root_offset"], header["root_length"], MOST_ROOT_BYTES),
            (header["metadata_offset"], header["metadata_length"], MOST_METADATA_BYTES),
            (header["leaf_directory_offset"], header["leaf_directory_length"], size),
            (header["tile_data_offset"], header["tile_data_length"], size),
        ):
            if length > most or start + length > size:
                raise self._damaged()
        if header["tile_type"] not in _KINDS:
            raise TilesNeedConverting(self.file, UNSUPPORTED, tiles.VECTOR)
        if header["internal_compression"] not in _PACKINGS or header["tile_compression"] not in _PACKINGS:
            raise TilesNeedConverting(self.file, UNSUPPORTED, N_("its packing is not read."))
        return header

    def _read_about(self) -> About:
        header = self._header
        root = self._directory(header["root_offset"], header["root_length"])
        first, last = self._outermost(root, 0), self._outermost(root, -1)
        least, most = _zxy(first[0].tile_id)[0], _zxy(last[-1].tile_id + max(last[-1].run_length - 1, 0))[0]
        if most > tiles.MOST_ZOOM:
            raise self._damaged()
        tiles_found = [entry for entry in (*last, *first) if entry.run_length][-_SAMPLES:]
        kind, tile_px = tiles.level_px(self.file, self._samples(tiles_found[:5]))
        levels = tuple(Level.of_zoom(zoom, tile_px) for zoom in range(least, most + 1))
        spots = [_zxy(entry.tile_id) for entry in tiles_found]
        at = max(zoom for zoom, _x, _y in spots)
        level = Level.of_zoom(at, tile_px)
        rows = [self._turned(level, y) for zoom, _x, y in spots if zoom == at]
        named = tiles.sound_bounds(*(header[name] / 1e7 for name in (
            "min_lat_e7", "min_lon_e7", "max_lat_e7", "max_lon_e7")))  # fmt: skip
        bounds = named or tiles.bounds_of_world(0.0, 0.0, 1.0, 1.0)
        tiles.check_rows(self.file, level, rows, bounds, from_south=self._flipped)
        said = self._metadata()
        return About(
            "pmtiles", tiles.plain(said.get("name"), tiles.MOST_NAME),
            tiles.plain(said.get("attribution"), tiles.MOST_CREDIT), kind, bounds, levels,
            "south" if self._flipped else "north", self._mark[0],
        )  # fmt: skip

    def _metadata(self) -> dict[str, Any]:
        header = self._header
        if not header["metadata_length"]:
            return {}
        data = self._unpacked(self._read(header["metadata_offset"], header["metadata_length"]),
                              header["internal_compression"], MOST_METADATA_BYTES)  # fmt: skip
        try:
            said = json.loads(data) if data.strip() else {}
        except (ValueError, RecursionError) as error:
            raise self._damaged() from error
        return said if isinstance(said, dict) else {}

    def _samples(self, entries: Iterable[Entry]) -> Iterable[bytes]:
        for entry in entries:
            yield self._tile_bytes(entry)

    def _outermost(self, directory: list[Entry], which: int) -> list[Entry]:
        """The first (0) or last (-1) directory that holds tiles and no more directories there."""
        for _ in range(_DEEPEST):
            if not directory:
                raise self._damaged()
            entry = directory[which]
            if entry.run_length:
                return directory
            directory = self._leaf(entry)
        raise self._damaged()

    def _leaf(self, entry: Entry) -> list[Entry]:
        header = self._header
        if entry.offset + entry.length > header["leaf_directory_length"]:
            raise TileUnreadable("leaf")
        return self._directory(header["leaf_directory_offset"] + entry.offset, entry.length)

    def _directory(self, start: int, length: int) -> list[Entry]:
        with self._lock:
            kept = self._directories.get((start, length))
            if kept is not None:
                self._directories.move_to_end((start, length))
                return kept
        if length > MOST_DIRECTORY_BYTES:
            raise TileUnreadable("directory")
        packed = self._read(start, length)
        found = _entries(self._unpacked(packed, self._header["internal_compression"], MOST_DIRECTORY_BYTES))
        with self._lock:
            self._directories[start, length] = found
            while len(self._directories) > _KEPT_DIRECTORIES:
                self._directories.popitem(last=False)
        return found

    @staticmethod
    def _unpacked(data: bytes, packing: Compression, most: int) -> bytes:
        if packing is Compression.NONE:
            return data
        unpacking = zlib.decompressobj(wbits=31)
        try:
            found = unpacking.decompress(data, most)
        except zlib.error as error:
            raise TileUnreadable("packing") from error
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise TileUnreadable("packing")
        return found

    def _turned(self, level: Level, row: int) -> int:
        return level.rows - 1 - row if self._flipped else row

    def _tile_bytes(self, entry: Entry) -> bytes:
        header = self._header
        if entry.length > MOST_TILE_BYTES or entry.offset + entry.length > header["tile_data_length"]:
            raise TileUnreadable("place")
        data = self._read(header["tile_data_offset"] + entry.offset, entry.length)
        return self._unpacked(data, header["tile_compression"], MOST_TILE_BYTES)

    def _bytes(self, level: Level, column: int, row: int) -> bytes | None:
        if not (0 <= column < level.columns and 0 <= row < level.rows):
            return None
        tile_id = zxy_to_tileid(level.zoom, column, self._turned(level, row))
        directory = self._directory(self._header["root_offset"], self._header["root_length"])
        for _ in range(_DEEPEST + 1):
            entry = find_tile(directory, tile_id)
            if entry is None:
                return None
            if entry.run_length:
                return self._tile_bytes(entry)
            directory = self._leaf(entry)
        raise TileUnreadable("depth")


def _zxy(tile_id: int) -> tuple[int, int, int]:
    try:
        zoom, x, y = tileid_to_zxy(tile_id)
    except OverflowError as error:
        raise TileUnreadable("tile id") from error
    return int(zoom), int(x), int(y)


def _entries(data: bytes) -> list[Entry]:
    """The entries of an unpacked directory (PMTiles 3, section 4.1), ascending. Raises TileUnreadable."""
    numbers = _Numbers(data)
    count = numbers.next()
    if not 0 < count <= len(data) // 4 + 1:
        raise TileUnreadable("count")
    entries, last = [], -1
    for at in range(count):
        step = numbers.next()
        last = step if at == 0 else last + step
        if (at and not step) or last >= 1 << 64:
            raise TileUnreadable("order")
        entries.append(Entry(last, 0, 0, 0))
    for entry in entries:
        entry.run_length = numbers.next()
    for entry in entries:
        entry.length = numbers.next()
        if not entry.length:
            raise TileUnreadable("length")
    before: Entry | None = None
    for entry in entries:
        stored = numbers.next()
        if stored:
            entry.offset = stored - 1
        elif before is not None:
            entry.offset = before.offset + before.length
        else:
            raise TileUnreadable("offset")
        before = entry
    return entries


class _Numbers:
    """Variable-length numbers of at most 64 bits, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def next(self) -> int:
        """The next number. Raises TileUnreadable at the end or for more than ten bytes."""
        value = 0
        for shift in range(0, 70, 7):
            if self._at >= len(self._data):
                break
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise TileUnreadable("number")
