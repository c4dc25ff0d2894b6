"""What the receiver sent, byte for byte, kept with the day.

Where people stood is as sensitive as what they found, so the log lies sealed to the workspace's own key, as photos do:
``gnss/<day>_<time>_<n>.nmea.age``, a piece for every five minutes or megabyte, compressed. A power cut loses the piece
that was not sealed yet, and no position that was saved. The oldest pieces are let go when all are too large: about
forty days of work. The log explains positions; it is none of the records, and no backup carries it.
"""

from __future__ import annotations

import contextlib
import io
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Lock

from fieldapp.clock import Clock
from fieldapp.operations.receiver_errors import LogFileThere, NothingLogged
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.errors import disk_error
from fieldapp.sync.errors import BundleError
from fieldapp.sync.sealing import open_sealed, seal
from fieldapp.texts import parse_day

PIECE_BYTES = 1 << 20
PIECE_S = 300.0
MOST_BYTES = 256 << 20
"""Of all pieces together, on the disk."""
_ENDING = ".nmea.age"
_BEGUN, _STAMP = "%Y-%m-%d_%H%M%S", 17
"""How a piece's name says when it was begun, and how long that is."""


class SealedLog:
    """Gathers bytes and seals them a piece at a time. Safe to use from several threads."""

    def __init__(self, folder: Path, recipient: str, clock: Clock, most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._recipient, self._clock, self._most_bytes = folder, recipient, clock, most_bytes
        self._lock = Lock()
        self._gathered, self._size, self._since, self._name = [b""], 0, 0.0, ""
        self._failed = False

    @property
    def failed(self) -> bool:
        """Could the last piece not be kept?"""
        return self._failed

    def write(self, data: bytes) -> None:
        """More bytes. Never raises: a full disk must not stop the positions."""
        with self._lock:
            now = self._clock.monotonic()
            if not self._size:
                self._since, self._name = now, f"{self._clock.now():{_BEGUN}}"
            self._gathered.append(data)
            self._size += len(data)
            if self._size >= PIECE_BYTES or now - self._since >= PIECE_S:
                self._seal()

    def close(self) -> None:
        """Seal what has not been sealed yet."""
        with self._lock:
            self._seal()

    def _seal(self) -> None:
        if not self._size:
            return
        data = zlib.compress(b"".join(self._gathered))
        try:
            self._keep(data)
            self._failed = False
        except OSError:
            self._failed = True
            if self._size < 4 * PIECE_BYTES:  # tried again with what comes next; memory is not filled for a log
                self._since = self._clock.monotonic()
                return
        self._gathered, self._size = [b""], 0

    def _keep(self, data: bytes) -> None:
        number = 1
        while (path := self._folder / f"{self._name}_{number:03d}{_ENDING}").exists():
            number += 1
        part = path.with_suffix(".part")
        try:
            with part.open("wb") as out:
                seal(io.BytesIO(data), out, [self._recipient])
                out.flush()
                os.fsync(out.fileno())
            part.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        self._let_go_of_the_oldest()

    def _let_go_of_the_oldest(self) -> None:
        pieces = _pieces(self._folder)
        total = sum(size for _, size in pieces)
        for path, size in pieces[:-1]:
            if total <= self._most_bytes:
                return
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size


@dataclass(frozen=True)
class LoggedDay:
    """A day of which there is a log."""

    day: str
    pieces: int
    sealed_bytes: int

    def as_json(self) -> dict[str, object]:
        """The day as ``--json`` prints it."""
        return {"day": self.day, "pieces": self.pieces, "sealed_bytes": self.sealed_bytes}


def log_of(ws: Workspace) -> SealedLog:
    """The log of this workspace, to be written to."""
    return SealedLog(ws.gnss, ws.keys.recipient, ws.clock)


def days(ws: Workspace) -> list[LoggedDay]:
    """The days of which there is a log, the first first."""
    found: dict[str, list[int]] = {}
    for path, size in _pieces(ws.gnss):
        found.setdefault(path.name[:10], []).append(size)
    return [LoggedDay(day, len(sizes), sum(sizes)) for day, sizes in found.items()]


def write_out(ws: Workspace, day: date, file: Path) -> int:
    """Write a day's log to ``file`` as the receiver sent it, to be replayed; the number of damaged pieces left out.

    The file is readable by anybody. Raises NothingLogged, LogFileThere, DiskFull, DiskFailed.
    """
    pieces = pieces_of(ws, day)
    if not pieces:
        raise NothingLogged(day=day.isoformat())
    damaged = 0
    try:
        with file.open("xb") as out:
            for path in pieces:
                try:
                    for data in opened(ws, path):
                        out.write(data)
                except (BundleError, zlib.error):
                    damaged += 1
    except FileExistsError as error:
        raise LogFileThere(file=str(file)) from error
    except OSError as error:
        raise disk_error(error) from error
    return damaged


def pieces_of(ws: Workspace, day: date, before: datetime | None = None) -> list[Path]:
    """The sealed pieces of a day, the oldest first; those begun ``before`` a moment where one is named."""
    names = [path for path, _ in _pieces(ws.gnss) if path.name.startswith(day.isoformat())]
    return [path for path in names if before is None or path.name[:_STAMP] < f"{before:{_BEGUN}}"]


def opened(ws: Workspace, path: Path) -> Iterator[bytes]:
    """What a piece holds. Raises BundleError and zlib.error where it is damaged."""
    unsealed = open_sealed(path, ws.private, [ws.keys.receiving])
    try:
        with unsealed.path.open("rb") as file:
            unpacker = zlib.decompressobj()
            while data := file.read(1 << 16):
                yield unpacker.decompress(data)
            yield unpacker.flush()
    finally:
        unsealed.path.unlink()


def _pieces(folder: Path) -> list[tuple[Path, int]]:
    """The sealed pieces with their sizes, the oldest first."""
    found = []
    for path in sorted(folder.glob(f"*{_ENDING}")):
        with contextlib.suppress(OSError, ValueError):
            parse_day(path.name[:10])
            found.append((path, path.stat().st_size))
    return found
