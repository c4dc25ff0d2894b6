"""Bundles on sticks and in folders: "safe to unplug" must be true, and what lies there is not trusted."""

from __future__ import annotations

import base64
import errno
import hashlib
import itertools
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader, IOBase, RawIOBase
from pathlib import Path

from fieldapp.errors import OperatorError
from fieldapp.ids import Entropy
from fieldapp.sync.errors import (
    BundleDamaged,
    Cancelled,
    StickError,
    StickFull,
    StickGone,
    StickReadOnly,
    StickUnreliable,
    shown_name,
)
from fieldapp.sync.sealing import Progress, write_all

BUNDLE_SUFFIX = ".fieldbundle"
PART_SUFFIX = ".part"
MAX_FILES = 10_000
"""No more directory entries are looked at."""
MIN_BUNDLE_BYTES = 200
"""An age file for one recipient alone is longer."""

_CHUNK_BYTES = 1 << 20
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_GONE = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTDIR}


@dataclass(frozen=True)
class SafeToUnplug:
    """The file is on the medium itself: written, synced, read back from it and equal."""

    path: Path
    size: int
    sha256: str


@dataclass(frozen=True)
class Candidate:
    """A file named like a bundle. ``refused`` when a glance shows that it cannot be one."""

    path: Path
    size: int
    refused: OperatorError | None


@dataclass(frozen=True)
class Found:
    """What lies in a folder; ``more`` when there were too many files to look at."""

    candidates: list[Candidate]
    more: bool


class Medium:
    """The few calls that touch a stick, in one place, so that tests can let each of them fail."""

    def free_bytes(self, folder: Path) -> int:
        """Free space for an ordinary user."""
        return shutil.disk_usage(folder).free

    def create(self, path: Path) -> RawIOBase:
        """Open a new file for writing, unbuffered."""
        return path.open("wb", buffering=0)

    def write(self, stream: RawIOBase, data: bytes) -> None:
        """Write all of ``data``."""
        write_all(stream, data)

    def sync(self, stream: RawIOBase) -> None:
        """Wait until the medium has the file, then make the next reading come from the medium."""
        os.fsync(stream.fileno())
        drop_cache(stream)

    def read(self, path: Path) -> BufferedReader:
        """Open a file for reading back."""
        stream = path.open("rb")
        drop_cache(stream)
        return stream

    def rename(self, part: Path, path: Path) -> None:
        """Give the finished file its name."""
        part.replace(path)

    def sync_directory(self, folder: Path) -> None:
        """Wait until the medium has the name."""
        sync_directory(folder)

    def remove(self, path: Path) -> None:
        """Take an unfinished file away, if the medium still lets us."""
        try:
            path.unlink(missing_ok=True)
        except OSError:
            return


def drop_cache(stream: IOBase) -> None:
    """Ask the system to forget its copy of a file, where it can be asked (not on Windows and macOS)."""
    advise = getattr(os, "posix_fadvise", None)
    if advise:
        advise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def sync_directory(folder: Path) -> None:
    """Wait until a folder's entries are on the medium. Windows has no such call; renaming is journalled there."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some FAT drivers know no fsync of folders
            raise
    finally:
        os.close(handle)


def bundle_name(number: int, entropy: Entropy) -> str:
    """A file name that says nothing: 8 random base32 letters, the sender's bundle number. ASCII, safe on FAT."""
    return f"{base64.b32encode(entropy.take(5)).decode().lower()}-{number}{BUNDLE_SUFFIX}"


def write_to_stick(
    source: Path,
    folder: Path,
    name: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    medium: Medium | None = None,
) -> SafeToUnplug:
    """Copy a finished bundle to ``folder`` and prove that it is there.

    ``.part``, fsync, drop cache, read back, rename, sync of the folder. On any error only a ``.part`` can be left,
    which no import looks at. An fsync that failed is never tried again: the system may have dropped the data.
    Raises StickError classes and Cancelled.
    """
    medium = medium or Medium()
    target = folder / (name or source.name)
    part = target.with_name(target.name + PART_SUFFIX)
    place, size = str(folder), source.stat().st_size
    try:
        if not folder.is_dir():
            raise StickGone(place=place)
        free = medium.free_bytes(folder)
        if free < size + _CHUNK_BYTES:
            raise _full(place, size, free)
        try:
            written = _write(medium, source, part, size, progress, cancelled)
            if _read_back(medium, part, size, progress, cancelled) != written:
                raise StickUnreliable(place=place)
            medium.rename(part, target)
            medium.sync_directory(folder)
        except BaseException:
            medium.remove(part)
            raise
    except OSError as error:
        raise failure(error, place, size) from error
    return SafeToUnplug(target, size, written)


def find_bundles(folder: Path) -> Found:
    """Files in ``folder`` that may be bundles, by name. Folders, pipes, links and ``.part`` files are left out.

    At most MAX_FILES directory entries are looked at. Raises StickGone or StickError where it cannot be listed.
    """
    found: list[Candidate] = []
    try:
        with os.scandir(folder) as entries:
            for entry in itertools.islice(entries, MAX_FILES):
                if not entry.name.lower().endswith(BUNDLE_SUFFIX):
                    continue
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    found.append(_candidate(Path(entry.path), status.st_size))
            more = next(entries, None) is not None
    except OSError as error:
        raise failure(error, str(folder), 0) from error
    return Found(sorted(found, key=lambda candidate: candidate.path.name), more)


def _candidate(path: Path, size: int) -> Candidate:
    refused = BundleDamaged(file=shown_name(path)) if size < MIN_BUNDLE_BYTES else None
    return Candidate(path, size, refused)


def _write(
    medium: Medium,
    source: Path,
    part: Path,
    size: int,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> str:
    digest, done = hashlib.sha256(), 0
    with source.open("rb") as stream, medium.create(part) as out:
        while chunk := stream.read(_CHUNK_BYTES):
            medium.write(out, chunk)
            digest.update(chunk)
            done += len(chunk)
            _tell("write", done, size, progress, cancelled)
        medium.sync(out)
    return digest.hexdigest()


def _read_back(
    medium: Medium, part: Path, size: int, progress: Progress | None, cancelled: Callable[[], bool] | None
) -> str:
    digest, done = hashlib.sha256(), 0
    with medium.read(part) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            done += len(chunk)
            _tell("read back", done, size, progress, cancelled)
    return digest.hexdigest()


def _tell(step: str, done: int, total: int, progress: Progress | None, cancelled: Callable[[], bool] | None) -> None:
    if cancelled and cancelled():
        raise Cancelled
    if progress:
        progress(step, done, total)


def _full(place: str, size: int, free: int) -> StickFull:
    return StickFull(place=place, needed_mb=size // 10**6 + 2, free_mb=free // 10**6)


def failure(error: OSError, place: str, size: int) -> StickError:
    """The sentence for what the system said."""
    if error.errno in _FULL:
        return _full(place, size, 0)
    if error.errno in _READ_ONLY:
        return StickReadOnly(place=place)
    if error.errno in _GONE:
        return StickGone(place=place)
    return StickError(place=place, reason=error.strerror or str(error))
