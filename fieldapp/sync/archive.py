"""A backup: a ``tar`` of a workspace's files inside the age format, so that standard tools can open it."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from fieldapp.sync.container import CHUNK_BYTES, ChunkReader
from fieldapp.sync.keys import ReceivingKey
from fieldapp.sync.sealing import Progress, open_sealed, seal

MAX_BACKUP_BYTES = 1 << 42
"""A backup is no bundle: its photos may be more than a FAT stick takes."""
_NAME = re.compile(r"(?:(?:photos|personal)/[0-9a-f]{64}\.age|records\.db|workspace\.key)")


class NotABackup(ValueError):
    """What was opened is no archive of a workspace; the argument says why."""


def write_archive(
    members: Mapping[str, Path | bytes], path: Path, recipients: Sequence[str], progress: Progress | None = None
) -> None:
    """Write the members (by name) to ``path``, sealed to ``recipients``; on disk when this returns.

    What reading or writing raises comes out as it was raised, and no file is left.
    """
    try:
        with path.open("wb", buffering=0) as out:
            seal(ChunkReader(_tar(members, progress)), _Whole(out.write), recipients)
            os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


class _Whole:
    """An unbuffered file that is written to until everything is."""

    def __init__(self, write: Callable[[memoryview], int | None]) -> None:
        self._write = write

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        while rest:
            rest = rest[self._write(rest) or 0 :]
        return len(data)

    def flush(self) -> None:
        """Nothing waits here: the file is not buffered."""


def _tar(members: Mapping[str, Path | bytes], progress: Progress | None) -> Iterator[bytes]:
    for done, (name, source) in enumerate(sorted(members.items()), start=1):
        entry = tarfile.TarInfo(name)
        entry.size = len(source) if isinstance(source, bytes) else source.stat().st_size
        entry.mode = 0o600
        yield entry.tobuf(tarfile.PAX_FORMAT)
        if isinstance(source, bytes):
            yield source
        else:
            yield from _file(source, entry.size)
        yield b"\0" * (-entry.size % tarfile.BLOCKSIZE)
        if progress:
            progress("pack", done, len(members))
    yield b"\0" * (2 * tarfile.BLOCKSIZE)


def _file(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while size:
            data = stream.read(min(CHUNK_BYTES, size))
            if not data:
                raise OSError(f"{path.name} became shorter")
            size -= len(data)
            yield data


def read_archive(
    path: Path, into: Path, private_dir: Path, identities: Sequence[ReceivingKey], progress: Progress | None = None
) -> None:
    """Open the archive at ``path`` and put its files into ``into``, which has folders ``photos`` and ``personal``.

    Raises what ``open_sealed`` raises, NotABackup for other or missing contents, and the disk's OSError.
    """
    opened = open_sealed(path, private_dir, identities, progress, most=MAX_BACKUP_BYTES)
    try:
        with tarfile.open(opened.path, "r:") as archive:
            names = {_put(archive, entry, into) for entry in archive}
    except tarfile.TarError as error:
        raise NotABackup(str(error)) from error
    finally:
        opened.path.unlink(missing_ok=True)
    if not {"records.db", "workspace.key"} <= names:
        raise NotABackup("members")


def _put(archive: tarfile.TarFile, entry: tarfile.TarInfo, into: Path) -> str:
    source = archive.extractfile(entry) if entry.isreg() and _NAME.fullmatch(entry.name) else None
    if source is None:
        raise NotABackup(entry.name[:40])
    target = into / entry.name
    if target.exists():
        raise NotABackup("twice")
    with source, target.open("wb") as out:
        shutil.copyfileobj(source, out, CHUNK_BYTES)
        out.flush()
        os.fsync(out.fileno())
    return entry.name
