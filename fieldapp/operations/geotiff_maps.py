"""GeoTIFF and COG files as base maps: turned once into tiles in the workspace's own folder, the original left alone.

Turning needs no workspace but its folder and its frame, so that hours of it hold up no record: only listing the result
(``base_maps.add_turned``) is work on the workspace.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fieldapp.exchange import geotiff, tiles
from fieldapp.exchange.geotiff import available, is_geotiff
from fieldapp.exchange.geotiff_errors import GeotiffNotTurned, refusal
from fieldapp.exchange.tiles import About
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.sync.errors import Cancelled
from fieldapp.texts import N_

__all__ = ["FOLDER", "STEP", "GeotiffNotTurned", "TurnedMap", "available", "is_geotiff", "look", "turn"]

FOLDER = "maps"
"""Of a workspace: where files lie that were made or brought for it."""
STEP = N_("Turning the GeoTIFF into tiles")
_UNFINISHED = ".turning"
_ROOM_BYTES = 256 << 20
"""Free on the disk before it begins; while it writes, the child leaves some for records."""


@dataclass(frozen=True)
class TurnedMap:
    """A GeoTIFF that became ``file`` in the workspace: where it came from, its coordinate system by name, and the
    datum operation that led to WGS 84 ("" where there was none).
    """

    file: Path
    made_from: Path
    title: str
    credit: str
    system: str
    operation: str


def look(file: Path, frame: Frame = FRAME) -> About:
    """What a GeoTIFF would become; makes nothing. Raises GeotiffNotTurned."""
    return geotiff.look(file, frame)


def turn(
    workspace_folder: Path, frame: Frame, file: Path, *, finest: int | None = None,
    progress: Callable[[str, int, int], None] | None = None, cancelled: Callable[[], bool] | None = None,
) -> TurnedMap:  # fmt: skip
    """Turn a GeoTIFF into tiles in the workspace; ``finest``: no zoom level beyond this one.

    Raises GeotiffNotTurned, TilesNotRead, Cancelled; nothing is then left of it.
    """
    folder = workspace_folder / FOLDER
    for left in folder.glob(f"*{_UNFINISHED}*"):  # of a program that was ended from outside
        left.unlink(missing_ok=True)
    if shutil.disk_usage(folder).free < _ROOM_BYTES:
        raise refusal(file, "disk", {})
    part = folder / f"geotiff{_UNFINISHED}"
    title = tiles.plain(file.stem, tiles.MOST_NAME)

    def done(so_far: int, total: int) -> None:
        if progress is not None:
            progress(STEP, so_far, total)

    try:
        found = geotiff.turn(file, part, frame, name=title, finest=finest, done=done, stopped=cancelled)
    except geotiff.Stopped as stopped:
        raise Cancelled from stopped
    return _named(folder, part, file, title, found)


def _named(folder: Path, part: Path, file: Path, title: str, found: About) -> TurnedMap:
    """Give the finished file its name, which follows from its bytes: the same picture again is the same file."""
    try:
        with part.open("rb+") as made:
            digest = hashlib.file_digest(made, "sha256").hexdigest()
            os.fsync(made.fileno())
        target = folder / f"{digest}.tiles"
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise refusal(file, "disk", {}) from error
    return TurnedMap(target, file.absolute(), title, found.credit, found.system, found.operation)
