"""F6: GeoTIFFs that are broken, lying or made to hurt, and what reads them gone wrong: refused by name, untouched."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fieldapp.exchange import geotiff
from fieldapp.exchange.geotiff import Limits, Stopped
from fieldapp.exchange.geotiff_errors import GeotiffNotTurned
from fieldapp.exchange.tile_errors import DAMAGED, UNSUPPORTED
from fieldapp.geodesy.frame import FRAME
from tests.builders_tiles import bent_tiff
from tests.builders_tiles import geotiff as made

SOON_SECONDS = 60.0
WIDTH, HEIGHT, TILE_WIDTH, TILE_HEIGHT, BANDS = 256, 257, 322, 323, 277
HUGE = 65_000


def photo(file: Path, **options: Any) -> Path:
    dice = np.random.default_rng(6)
    return made(file, dice.integers(0, 255, (3, 128, 128), np.uint8), **options)


def tiled(file: Path, **options: Any) -> Path:
    return photo(file, tiled=True, blockxsize=64, blockysize=64, compress="deflate", **options)


def refused(file: Path) -> GeotiffNotTurned:
    """Turn a file that must be refused soon, by name, stays as it is, and leaves nothing."""
    before, began = file.read_bytes(), time.monotonic()
    with pytest.raises(GeotiffNotTurned) as caught:
        geotiff.turn(file, file.with_name("out"), FRAME, name="x")
    assert time.monotonic() - began < SOON_SECONDS
    assert str(file) in str(caught.value)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]
    return caught.value


def test_a_picture_that_claims_more_pixels_than_its_bytes_can_hold(tmp_path: Path) -> None:
    bomb = bent_tiff(tiled(tmp_path / "x.tif"), {WIDTH: HUGE, HEIGHT: HUGE})
    assert "4225 million pixels" in str(refused(bomb))
    bomb = bent_tiff(tiled(tmp_path / "x.tif", BIGTIFF="YES"), {WIDTH: HUGE, HEIGHT: HUGE})
    assert "4225 million pixels" in str(refused(bomb))


@pytest.mark.parametrize("changes", [
    {TILE_WIDTH: 1 << 15, TILE_HEIGHT: 1 << 15}, {TILE_WIDTH: 0}, {BANDS: 65_535}, {WIDTH: 0},
])  # fmt: skip
def test_tiles_and_bands_of_a_size_that_lies(changes: dict[int, int], tmp_path: Path) -> None:
    refused(bent_tiff(tiled(tmp_path / "x.tif"), changes))


def test_pieces_larger_than_the_memory_that_they_may_take(tmp_path: Path) -> None:
    side = 16_384
    file = bent_tiff(tiled(tmp_path / "x.tif"), {WIDTH: side, HEIGHT: side, TILE_WIDTH: side, TILE_HEIGHT: side})
    found = refused(file)
    assert (found.cause, "pieces of" in str(found)) == (UNSUPPORTED, True)


def test_a_directory_that_leads_to_itself_ends(tmp_path: Path) -> None:
    file = bent_tiff(tiled(tmp_path / "x.tif"), {}, following=-1)
    began = time.monotonic()
    with contextlib.suppress(GeotiffNotTurned):
        geotiff.look(file, FRAME)
    assert time.monotonic() - began < SOON_SECONDS


@pytest.mark.parametrize("part", [0.02, 0.5, 0.98])
def test_cut_off(part: float, tmp_path: Path) -> None:
    file = tiled(tmp_path / "x.tif")
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * part)])
    assert refused(file).cause == DAMAGED


def test_bytes_of_tiles_that_are_spoilt_are_never_shown_as_ground(tmp_path: Path) -> None:
    file = tiled(tmp_path / "x.tif")
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4000] = b"\xa5" * 4000
    file.write_bytes(data)
    assert refused(file).cause == DAMAGED


def test_a_file_that_is_placed_by_points_or_nowhere_is_not_guessed(tmp_path: Path) -> None:
    import rasterio
    from rasterio.control import GroundControlPoint

    assert "coordinate system" in str(refused(photo(tmp_path / "x.tif", system=None)))
    file = photo(tmp_path / "x.tif", system=None)
    with rasterio.open(file, "r+") as dataset:
        points = [GroundControlPoint(0, 0, 45, 40), GroundControlPoint(0, 9, 46, 40), GroundControlPoint(9, 0, 45, 39)]
        dataset.gcps = points, "EPSG:4326"
    assert "points" in str(refused(file))


def posing(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have something else stand where the child is."""
    monkeypatch.setattr(geotiff, "_command", lambda: [sys.executable, "-u", "-c", f"import json, sys, time\n{code}"])


@pytest.mark.parametrize("code", [
    "sys.exit(3)",
    "import os, signal; os.abort()",
    "print('no JSON'); time.sleep(60)",
    "print('[' * 100000); time.sleep(60)",
    "print('x' * 5000000); time.sleep(60)",
    "print(json.dumps({'refused': 'no such word', 'facts': {'name': 1}})); time.sleep(60)",
    "print(json.dumps({'refused': 'pixels', 'facts': ['{0.__class__}']})); time.sleep(60)",
    "print(json.dumps({'found': {'box': [1, 2, 3]}})); time.sleep(60)",
    "print(json.dumps({'found': {'box': [0, 0, 1, 1], 'coarsest': 0, 'finest': 10**30}})); time.sleep(60)",
])  # fmt: skip
def test_a_child_that_crashes_or_talks_nonsense(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posing(monkeypatch, code)
    (tmp_path / "x.tif").write_bytes(b"II*\0")
    assert refused(tmp_path / "x.tif").cause == DAMAGED


@pytest.mark.parametrize("code", ["time.sleep(60)", "while True: print(json.dumps({'done': 1, 'total': 2}))"])
def test_a_child_that_never_ends_is_ended(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posing(monkeypatch, code)
    with pytest.raises(GeotiffNotTurned, match="too long"):
        geotiff.look(tmp_path / "x.tif", FRAME, limits=Limits(stalled_seconds=0.5, seconds=1.0))


def test_what_the_child_says_is_there_is_checked_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posing(monkeypatch, "print(json.dumps({'found': {'box': [0.1, 0.1, 0.2, 0.2], 'coarsest': 0, 'finest': 1, 'kind': "
                        "'png', 'credit': '', 'system': '', 'operation': ''}}))")  # fmt: skip
    from fieldapp.exchange.tile_errors import TilesNotRead

    (tmp_path / "x.tif").write_bytes(b"II*\0")
    (tmp_path / "out").write_bytes(b"SQLite format 3\0 no tiles")
    with pytest.raises(TilesNotRead):
        geotiff.turn(tmp_path / "x.tif", tmp_path / "out", FRAME, name="x")
    assert list(tmp_path.iterdir()) == [tmp_path / "x.tif"]


def test_stopping_ends_the_child_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posing(monkeypatch, "print(json.dumps({'done': 1, 'total': 2}), flush=True); time.sleep(60)")
    seen: list[tuple[int, int]] = []
    with pytest.raises(Stopped):
        geotiff.turn(tmp_path / "x.tif", tmp_path / "out", FRAME, name="x", done=lambda *so_far: seen.append(so_far),
                     stopped=lambda: bool(seen))  # fmt: skip
    assert seen == [(1, 2)]
    assert list(tmp_path.iterdir()) == []


def test_settings_of_the_machine_do_not_reach_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GDAL_DRIVER_PATH", "PROJ_DATA", "AWS_REQUEST_PAYER", "CPL_CURL_VERBOSE", "GTIFF_SRS_SOURCE"):
        monkeypatch.setenv(name, "/evil")
    left = geotiff._environment()
    assert "/evil" not in left.values()
    assert left["GDAL_DISABLE_READDIR_ON_OPEN"] == "EMPTY_DIR"
