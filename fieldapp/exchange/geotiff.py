"""GeoTIFF and COG as base maps: turned once into MBTiles of Web Mercator, by an extra and in a process of its own.

The extra is rasterio (``pip install "fieldapp[geotiff]"``). A hostile file can at most end or stall that process: it is
ended when it takes too long, says too much, or when somebody stops it. What it wrote is then opened and checked like
any foreign file of tiles. The original is only read.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import math
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import fieldapp
from fieldapp.clock import Clock, SystemClock
from fieldapp.exchange import tiles
from fieldapp.exchange.geotiff_child import MOST_SECONDS, quiet_environment
from fieldapp.exchange.geotiff_errors import GeotiffNeedsExtra, refusal
from fieldapp.exchange.tiles import About, Level
from fieldapp.geodesy.frame import Frame

EXTRA = "rasterio"
STALLED_SECONDS = 180.0
"""Without a word from the child; it speaks at every sixteenth tile."""
MOST_LINE_BYTES = 16_384
_LOOK_EVERY_SECONDS = 0.1
_NOT_LOUDER = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)

Done = Callable[[int, int], None]


class Stopped(Exception):
    """Somebody stopped it; nothing is left of it."""


@dataclass(frozen=True)
class Limits:
    """Seconds until a child without a word, and one altogether, is ended."""

    stalled_seconds: float = STALLED_SECONDS
    seconds: float = MOST_SECONDS


LIMITS = Limits()


def available() -> bool:
    """Whether the extra is installed here."""
    return importlib.util.find_spec(EXTRA) is not None


def is_geotiff(file: Path) -> bool:
    """Whether a file begins as TIFF or BigTIFF does. Raises TilesNotRead where it cannot be read at all."""
    return tiles.begins_as_tiff(tiles.first_bytes(file))


def look(file: Path, frame: Frame, *, finest: int | None = None, limits: Limits = LIMITS) -> About:
    """What a GeoTIFF would become; writes nothing. Raises GeotiffNotTurned."""
    return _asked(file, None, frame, "", finest, None, None, limits)


def turn(
    file: Path, target: Path, frame: Frame, *, name: str, finest: int | None = None, done: Done | None = None,
    stopped: Callable[[], bool] | None = None, limits: Limits = LIMITS,
) -> About:  # fmt: skip
    """Write the tiles of a GeoTIFF to ``target``; answers as ``look``. ``finest``: no zoom level beyond this one.

    Raises GeotiffNotTurned, TilesNotRead, Stopped; ``target`` is then gone.
    """
    try:
        found = _asked(file, target, frame, name, finest, done, stopped, limits)
        tiles.open_tiles(target).close()
        return found
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
        raise


def _asked(
    file: Path, target: Path | None, frame: Frame, name: str, finest: int | None, done: Done | None,
    stopped: Callable[[], bool] | None, limits: Limits,
) -> About:  # fmt: skip
    if not available():
        raise GeotiffNeedsExtra(file)
    job = {
        "file": str(file.absolute()), "target": str(target.absolute()) if target else "", "name": name,
        "finest": finest, "frame": _told(frame),
    }  # fmt: skip
    answer = _answer(file, job, done or (lambda _done, _total: None), stopped or (lambda: False), limits)
    try:
        return _understood(file, answer["found"])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise refusal(file, answer.get("refused"), answer.get("facts")) from None


def _told(frame: Frame) -> dict[str, Any]:
    """What the child needs of the frame. Systems without an operation of their own bring nothing to it."""
    systems = [one for one in frame.systems if one.operation is not None]
    return {"operation": asdict(frame.operation), "systems": [asdict(one) for one in systems]}


def _command() -> list[str]:
    """Of this Python, without the folder it is started in, where somebody may have laid modules."""
    return [sys.executable, "-P", "-m", "fieldapp.exchange.geotiff_child"]


def _environment() -> dict[str, str]:
    return quiet_environment() | {"PYTHONPATH": str(Path(fieldapp.__file__).absolute().parents[1])}


def _answer(file: Path, job: dict[str, Any], done: Done, stopped: Callable[[], bool], limits: Limits) -> dict[str, Any]:
    """The last line of the child. Raises GeotiffNotTurned where there is none in time, Stopped."""
    clock: Clock = SystemClock()
    child = subprocess.Popen(
        _command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(),
        creationflags=_NOT_LOUDER, close_fds=True,
    )  # fmt: skip
    lines: queue.Queue[bytes] = queue.Queue(1000)
    over = threading.Event()
    reader = threading.Thread(target=_read_lines, args=(child.stdout, lines, over), daemon=True)
    try:
        reader.start()
        with contextlib.suppress(OSError):  # it ended at once: its silence says so
            _of(child.stdin).write(json.dumps(job).encode())
            _of(child.stdin).close()
        began = heard = clock.monotonic()
        while True:
            if stopped():
                raise Stopped
            try:
                line = lines.get(timeout=_LOOK_EVERY_SECONDS)
            except queue.Empty:
                now = clock.monotonic()
                if now - heard > limits.stalled_seconds or now - began > limits.seconds:
                    raise refusal(file, "slow", {}) from None
                continue
            heard = clock.monotonic()
            said = _parsed(line)
            if heard - began > limits.seconds:
                raise refusal(file, "slow", {})
            if "done" not in said:
                return said
            with contextlib.suppress(TypeError, ValueError):
                done(int(said["done"]), int(said["total"]))
    finally:
        over.set()
        child.kill()
        child.wait()
        reader.join()
        _of(child.stdout).close()
        with contextlib.suppress(OSError):
            _of(child.stdin).close()


def _of(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("the child has no such stream")
    return stream


def _read_lines(stream: IO[bytes], lines: queue.Queue[bytes], over: threading.Event) -> None:
    """Hand on lines of bearable length until the child ends; an empty one is the end."""
    line = b"\n"
    while line and not over.is_set():
        try:
            line = stream.readline(MOST_LINE_BYTES)
        except (OSError, ValueError):
            line = b""
        while not over.is_set():
            with contextlib.suppress(queue.Full):
                lines.put(line, timeout=_LOOK_EVERY_SECONDS)
                break


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _understood(file: Path, found: dict[str, Any]) -> About:
    """What the child found, held against limits. Raises KeyError, TypeError, ValueError for anything else."""
    west, north, east, south = (float(one) for one in found["box"])
    first, last = int(found["coarsest"]), int(found["finest"])
    if not all(map(math.isfinite, (west, north, east, south))) or not 0 <= first <= last <= tiles.MOST_ZOOM:
        raise ValueError("box")
    return About(
        "geotiff", tiles.plain(file.stem, tiles.MOST_NAME), tiles.plain(found["credit"], tiles.MOST_CREDIT),
        tiles.plain(found["kind"], 8), tiles.bounds_of_world(west, north, east, south),
        tuple(Level.of_zoom(zoom, 256) for zoom in range(first, last + 1)), "north", file.stat().st_size,
        tiles.plain(found["system"], 200), tiles.plain(found["operation"], 200),
    )  # fmt: skip
