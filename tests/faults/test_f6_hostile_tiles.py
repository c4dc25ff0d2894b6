"""F6: base maps that are broken, huge, locked, lying or made to hurt. Each is refused by name, soon, and untouched."""

from __future__ import annotations

import contextlib
import gzip
import os
import random
import sqlite3
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pmtiles.tile import Compression, TileType, serialize_header

from fieldapp.exchange.tile_errors import DAMAGED, GONE, LOCKED, TilesNotRead, TileUnreadable
from fieldapp.exchange.tile_images import tile_image
from fieldapp.exchange.tiles import open_tiles
from fieldapp.exchange.tiles_pmtiles import _entries
from tests.builders_tiles import REAL, geopackage, mbtiles, pmtiles, png, real_tiles

SOON_SECONDS = 30.0
SMALL = {(z, 0, 0): png(8, 8) for z in (0, 1)}


def refused(file: Path) -> TilesNotRead:
    """Open a file that must be refused soon, by name, and stay as it is."""
    before, began = file.read_bytes(), time.monotonic()
    with pytest.raises(TilesNotRead) as caught:
        open_tiles(file)
    assert time.monotonic() - began < SOON_SECONDS
    assert str(file) in str(caught.value)
    assert file.read_bytes() == before
    assert sorted(file.parent.glob(file.name + "*")) == [file]
    return caught.value


def tried(file: Path) -> None:
    """Open a file that may be refused or not, and ask for its tiles: no error of another kind, and no waiting."""
    began = time.monotonic()
    try:
        source = open_tiles(file)
    except TilesNotRead:
        pass
    else:
        for level in source.about.levels:
            for column, row in ((0, 0), (level.columns // 2, level.rows // 2), (175, 400), (1403, 3200)):
                with contextlib.suppress(TileUnreadable, TilesNotRead):
                    source.tile(level, column, row)
        source.close()
    assert time.monotonic() - began < SOON_SECONDS


@pytest.mark.parametrize("form", ["pmtiles", "mbtiles", "gpkg"])
def test_cut_off_anywhere_and_with_flipped_bits(form: str, tmp_path: Path) -> None:
    small = {at: data for at, data in real_tiles().items() if at[0] < 11}
    makers: dict[str, Callable[..., Path]] = {"pmtiles": pmtiles, "mbtiles": mbtiles, "gpkg": geopackage}
    made = makers[form](tmp_path / "whole", small)
    whole, dice = made.read_bytes(), random.Random(6)
    broken = tmp_path / "broken"
    for length in (1, 15, 16, 99, 100, 126, 127, 128, 500, 4096, len(whole) // 2, len(whole) - 1):
        broken.write_bytes(whole[:length])
        refused(broken)
    for _ in range(150):
        bent = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            bent[min(int(dice.expovariate(1 / 3000)), len(bent) - 1)] ^= 1 << dice.randrange(8)
        broken.write_bytes(bent)
        tried(broken)


@pytest.mark.parametrize("view", [
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i zoom_level, i tile_column, i tile_row FROM n",
    "SELECT a.name zoom_level, 0 tile_column, 0 tile_row, b.name tile_data FROM big a, big b, big c, big d, big e",
    "SELECT 0 zoom_level, 0 tile_column, 0 tile_row, zeroblob(1000000000) tile_data",
    "SELECT 0 zoom_level, 0 tile_column, 0 tile_row, load_extension('x') tile_data",
    "SELECT 0 zoom_level, 0 tile_column, 0 tile_row, hex(randomblob(999999)) tile_data",
    "SELECT 0 zoom_level, 0 tile_column, 0 tile_row, file tile_data FROM pragma_database_list",
    "SELECT 0 zoom_level, 0 tile_column, 0 tile_row, c0 tile_data FROM words",
    "SELECT * FROM tiles",
])  # fmt: skip
def test_views_that_never_end_or_do_more_than_give_tiles(view: str, tmp_path: Path) -> None:
    def twist(made: sqlite3.Connection) -> None:
        made.execute("DROP TABLE tiles")
        made.execute("CREATE TABLE big (name)")
        made.executemany("INSERT INTO big VALUES (?)", [(str(n),) for n in range(300)])
        made.execute("CREATE VIRTUAL TABLE words USING fts5(c0)")
        made.execute(f"CREATE VIEW tiles AS {view}")

    assert refused(mbtiles(tmp_path / "x", {}, after=twist)).cause == DAMAGED


def test_a_view_that_joins_shared_pictures_is_read(tmp_path: Path) -> None:
    def share(made: sqlite3.Connection) -> None:
        made.execute("DROP TABLE tiles")
        made.execute("CREATE TABLE map (zoom_level, tile_column, tile_row, tile_id PRIMARY KEY)")
        made.execute("CREATE TABLE images (tile_id PRIMARY KEY, tile_data)")
        made.execute("INSERT INTO map VALUES (0, 0, 0, 'a')")
        made.execute("INSERT INTO images VALUES ('a', ?)", (png(8, 8),))
        made.execute("CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, tile_data FROM map JOIN images "
                     "ON map.tile_id = images.tile_id")  # fmt: skip

    source = open_tiles(mbtiles(tmp_path / "x", {}, after=share, bounds=None))
    assert source.tile(source.about.levels[0], 0, 0) == tile_image(png(8, 8))
    source.close()


def test_many_tiles_without_an_index_are_refused_rather_than_waited_for(tmp_path: Path) -> None:
    many = {(16, x, y): b"x" for x in range(400) for y in range(200)}
    assert "no index" in str(refused(mbtiles(tmp_path / "x", many, index=False, bounds=None)))


def test_a_huge_value_and_thousands_of_tables_are_not_taken_into_memory(tmp_path: Path) -> None:
    tiles = SMALL | {(1, 1, 1): b"\x89PNG" + bytes(30_000_000)}
    source = open_tiles(mbtiles(tmp_path / "blob", tiles, bounds=None))
    with pytest.raises(TileUnreadable):
        source.tile(source.about.levels[1], 1, 1)
    assert source.tile(source.about.levels[1], 0, 0) is not None
    source.close()

    def crowd(made: sqlite3.Connection) -> None:
        for number in range(2_100):
            made.execute(f"CREATE TABLE t{number} (x)")

    assert "tables" in str(refused(mbtiles(tmp_path / "crowd", SMALL, after=crowd)))


def test_a_picture_bomb_and_a_page_of_text_are_told_tile_by_tile(tmp_path: Path) -> None:
    tiles = SMALL | {(1, 1, 0): png(30_000, 30_000, rows=1), (1, 0, 1): b"<html>Sign in to this hotel</html>"}
    for file in (mbtiles(tmp_path / "m", tiles, bounds=None), pmtiles(tmp_path / "p", tiles, max_lat_e7=0)):
        source = open_tiles(file)
        level = source.about.levels[1]
        for column, row in ((1, 0), (0, 1)):
            with pytest.raises(TileUnreadable):
                source.tile(level, column, row)
        assert source.tile(level, 0, 0) is not None
        source.close()


def test_a_database_that_another_program_writes_is_neither_waited_for_nor_believed(tmp_path: Path) -> None:
    file = mbtiles(tmp_path / "x", SMALL, bounds=None)
    writing = sqlite3.connect(file, isolation_level=None)
    writing.execute("PRAGMA journal_mode = DELETE")
    writing.execute("BEGIN EXCLUSIVE")
    writing.execute("DELETE FROM tiles")
    with pytest.raises(TilesNotRead) as caught:
        open_tiles(file)
    assert caught.value.cause == LOCKED
    assert "x-journal" in str(caught.value)
    writing.execute("ROLLBACK")
    writing.execute("PRAGMA journal_mode = WAL")
    writing.execute("CREATE TABLE more (x)")
    with pytest.raises(TilesNotRead, match="x-wal"):
        open_tiles(file)
    writing.close()
    open_tiles(file).close()


def test_a_file_that_changes_while_it_is_open_is_given_up(tmp_path: Path) -> None:
    file = mbtiles(tmp_path / "x", SMALL, bounds=None)
    source = open_tiles(file)
    os.utime(file, ns=(1, 1))
    with pytest.raises(TilesNotRead) as caught:
        source.tile(source.about.levels[0], 0, 0)
    assert caught.value.cause == LOCKED
    source.close()


@pytest.mark.parametrize("make", [mbtiles, geopackage, pmtiles])
def test_a_stick_that_was_pulled_is_named(make: Callable[[Path, object], Path], tmp_path: Path) -> None:
    tiles = {at: data for at, data in real_tiles().items() if at[0] < 10}
    file = make(tmp_path / "stick.tiles", tiles)
    source = open_tiles(file)
    file.rename(tmp_path / "away")
    with pytest.raises(TilesNotRead) as caught:
        source.tile(source.about.levels[0], 43, 100)
    assert caught.value.cause == GONE
    assert "stick.tiles" in str(caught.value)
    source.close()
    with pytest.raises(TilesNotRead, match="unplugged"):
        open_tiles(file)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "map.mbtiles")
    with pytest.raises(TilesNotRead, match="no file"):
        open_tiles(tmp_path / "map.mbtiles")


def header(**other: object) -> bytes:
    """A header of PMTiles that lies in some way."""
    said = {
        "root_offset": 127, "root_length": 20, "metadata_offset": 200, "metadata_length": 0,
        "leaf_directory_offset": 200, "leaf_directory_length": 0, "tile_data_offset": 200, "tile_data_length": 0,
        "clustered": True, "internal_compression": Compression.GZIP, "tile_compression": Compression.NONE,
        "tile_type": TileType.PNG, "min_zoom": 0, "max_zoom": 1, **other,
    }  # fmt: skip
    return serialize_header(said)  # type: ignore[arg-type, no-any-return, unused-ignore]


@pytest.mark.parametrize("other", [
    {"root_length": 1 << 60}, {"root_offset": 1 << 63}, {"metadata_length": 1 << 40}, {"tile_data_length": 1 << 62},
    {"leaf_directory_offset": (1 << 64) - 1}, {"internal_compression": Compression.BROTLI},
    {"tile_compression": Compression.ZSTD}, {"tile_type": TileType.AVIF}, {"root_length": 0},
])  # fmt: skip
def test_headers_of_pmtiles_that_point_outside_the_file(other: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(header(**other) + bytes(500))
    refused(tmp_path / "x")


@pytest.mark.parametrize("directory", [
    bytes(50_000_000), b"\x80" * 900_000, b"\xff" * 900_000, b"\xff\xff\xff\x7f\x01", b"", b"\0",
    b"\1\0\0\1\1", b"\1\0\1\0\1", b"\1\0\1\1\0", b"\2\0\0\1\1\1\1\1\1",
])  # fmt: skip
def test_directories_of_pmtiles_without_measure(directory: bytes, tmp_path: Path) -> None:
    packed = gzip.compress(directory, 9)[:16_000] if len(directory) < 1_000_000 else gzip.compress(directory, 9)
    at = 127 + len(packed)
    said = header(root_length=len(packed), metadata_offset=at, leaf_directory_offset=at, tile_data_offset=at)
    (tmp_path / "x").write_bytes(said + packed)
    refused(tmp_path / "x")


def test_a_leaf_that_leads_to_itself_ends(tmp_path: Path) -> None:
    loop = gzip.compress(bytes((1, 0, 0, 40, 1)))
    loop = gzip.compress(bytes((1, 0, 0, len(loop), 1)))
    at = 127 + len(loop)
    said = header(root_length=len(loop), metadata_offset=at, leaf_directory_offset=127,
                  leaf_directory_length=len(loop), tile_data_offset=at)  # fmt: skip
    (tmp_path / "x").write_bytes(said + loop)
    refused(tmp_path / "x")


@given(st.binary(max_size=300))
def test_any_directory_is_read_or_refused(data: bytes) -> None:
    try:
        entries = _entries(data)
    except TileUnreadable:
        return
    assert [entry.tile_id for entry in entries] == sorted({entry.tile_id for entry in entries})
    assert all(0 <= entry.offset < 1 << 72 and entry.length > 0 for entry in entries)


@given(st.sampled_from([b"", png(1, 1)[:16], b"\xff\xd8\xff", b"RIFF0000WEBPVP8 ", b"RIFF0000WEBPVP8L"]),
       st.binary(max_size=200))  # fmt: skip
def test_any_bytes_are_a_picture_within_limits_or_none(head: bytes, data: bytes) -> None:
    try:
        found = tile_image(head + data)
    except TileUnreadable:
        return
    assert 0 < found.width_px <= 4096
    assert 0 < found.height_px <= 4096


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 126), st.integers(0, 255)), max_size=8))
def test_any_header_of_pmtiles_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory,
                                                  changes: list[tuple[int, int]]) -> None:  # fmt: skip
    bent = bytearray(REAL.read_bytes())
    for at, value in changes:
        bent[at] = value
    file = tmp_path_factory.getbasetemp() / "bent.pmtiles"
    file.write_bytes(bent)
    tried(file)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(16, 99), st.integers(0, 255)), max_size=8), st.integers(0, 200))
def test_any_header_of_a_database_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory,
                                                     changes: list[tuple[int, int]], page: int) -> None:  # fmt: skip
    whole = tmp_path_factory.getbasetemp() / "whole.mbtiles"
    if not whole.exists():
        mbtiles(whole, SMALL, bounds=None)
    bent = bytearray(whole.read_bytes())
    for at, value in changes:
        bent[at] = value
    struct.pack_into(">B", bent, 100 + page, 0)
    file = tmp_path_factory.getbasetemp() / "bent.mbtiles"
    file.write_bytes(bent)
    tried(file)
