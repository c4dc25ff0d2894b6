"""Photos: stored by the hash of their bytes, encrypted to the workspace's own key. Not decoded here."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from fieldapp.ids import RecordName, StreamId
from fieldapp.operations import lookup, records
from fieldapp.operations.errors import PhotoUnusable
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import ledger
from fieldapp.storage.errors import disk_error
from fieldapp.storage.ledger import PhotoFile
from fieldapp.storage.log import stream_ids
from fieldapp.storage.records import Record
from fieldapp.sync.sealing import open_sealed, seal
from fieldapp.sync.stick import sync_directory
from fieldapp.texts import N_, Texts

MAX_PHOTO_BYTES = 64 << 20
"""A larger file is no field photo."""
HERE = "here"
"""State of a photo file whose bytes were kept beside the database."""
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
"""First bytes of the formats that are taken: JPEG and PNG."""


def add_photo(
    ws: Workspace, file: Path, *, shows: RecordName | None = None, lot: str | None = None, caption: str = "",
    by: str | None = None,
) -> Record:
    """Keep a photo of a record or lot. The same bytes are stored once. Raises PhotoUnusable."""
    data = _read(ws, file)
    digest = hashlib.sha256(data).hexdigest()
    keep_photos(ws, [(PhotoFile(digest, len(data), HERE), lambda: data)])
    return records.add(
        ws, "photo",
        {
            "sha256": digest, "size_bytes": len(data), "file_name": file.name[:200], "shows": shows, "lot": lot,
            "caption": caption,
        },
        by=by,
    )


def _read(ws: Workspace, file: Path) -> bytes:
    texts = Texts(ws.language)
    try:
        size = file.stat().st_size
        if size > MAX_PHOTO_BYTES:
            raise PhotoUnusable(file=file.name, reason=texts(N_("it is larger than 64 MB")))
        data = file.read_bytes()
    except OSError as error:
        raise PhotoUnusable(file=file.name, reason=texts(N_("it cannot be read"))) from error
    if not data.startswith(_STARTS):
        raise PhotoUnusable(file=file.name, reason=texts(N_("it is neither JPEG nor PNG")))
    return data


def photo_path(ws: Workspace, digest: str) -> Path:
    """Where the photo with this SHA-256 lies, encrypted."""
    return ws.photos / f"{digest}.age"


def keep_photos(ws: Workspace, photos: Iterable[tuple[PhotoFile, Callable[[], bytes]]]) -> None:
    """Keep photos (and what reads their bytes), on disk before this returns; those here already are not read.

    Raises DiskFull or DiskFailed, and no part of the photo that failed is left. That they were here is noted for the
    check.
    """
    kept = []
    for photo, read in photos:
        path = photo_path(ws, photo.sha256)
        if not path.exists():
            _write(path, read(), ws.keys.recipient)
        kept.append(photo)
    if kept:  # those here already too: whoever brought them may have been killed before their names were on disk
        try:
            sync_directory(ws.photos)
        except OSError as error:
            raise disk_error(error) from error
    for photo in kept:
        ledger.set_photo_file(ws.store, photo)


def _write(path: Path, data: bytes, recipient: str) -> None:
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as out:
            seal(io.BytesIO(data), out, [recipient])
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise disk_error(error) from error


def read_photo(ws: Workspace, digest: str) -> bytes | None:
    """The bytes of a photo; None if they are not here."""
    path = photo_path(ws, digest)
    if not path.exists():
        return None
    opened = open_sealed(path, ws.private, [ws.keys.receiving])
    try:
        return opened.path.read_bytes()
    finally:
        opened.path.unlink()


def missing_photos(ws: Workspace, streams: Collection[StreamId] | None = None) -> list[str]:
    """SHA-256 of photos that records name and that are not here; with ``streams`` only of records in these."""
    return sorted({digest for digest in named_photos(ws, streams) if not photo_path(ws, digest).exists()})


def gone_photos(ws: Workspace) -> list[str]:
    """SHA-256 of photos that were kept here once and are here no more: nothing takes a photo away, so they are lost."""
    return [one.sha256 for one in ledger.photo_files(ws.store, HERE) if not photo_path(ws, one.sha256).exists()]


def named_photos(ws: Workspace, streams: Collection[StreamId] | None = None) -> Iterator[str]:
    """SHA-256 of every photo that a record names; with ``streams`` only of records in these."""
    names = stream_ids(ws.store) if streams is not None else {}
    for row in lookup.rows(ws, "photo"):
        digest = row["sha256"]
        if isinstance(digest, str) and (streams is None or names.get(row["stream"]) in streams):
            yield digest
