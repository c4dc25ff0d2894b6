"""Which photos go into which file: records travel first and thin, photos after them in parts that fit (M10)."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldapp.operations import lookup, photos
from fieldapp.operations.workspace import Workspace
from fieldapp.sync.bundle import PackedPhoto
from fieldapp.sync.stick import Medium

PART_BYTES = 256 << 20
"""Photos in one file at most, far below the 4 GiB of FAT: a stick that is pulled costs no more than one part."""
BESIDE_BYTES = 8 << 20
"""Room that is left for what stands in a file beside its photos, and for the stick's own tables."""

_WRITTEN = "photos_written"


@dataclass(frozen=True)
class Waiting:
    """A photo that is to be sent: its SHA-256 and the bytes it takes."""

    digest: str
    size: int


def waiting(ws: Workspace, digests: Iterable[str]) -> list[Waiting]:
    """Those of the photos that are here: what was on no stick yet first, then the oldest first.

    A second stick so goes on where the first was full, and what may have been lost with one comes after that.
    """
    since: dict[str, str] = {}
    for row in lookup.rows(ws, "photo"):
        since.setdefault(str(row["sha256"]), str(row["at"] or ""))
        since[str(row["sha256"])] = min(since[str(row["sha256"])], str(row["at"] or ""))
    written = set(ws.get_json(_WRITTEN, []))
    found = []
    for digest in sorted(set(digests), key=lambda one: (one in written, since.get(one, ""), one)):
        path = photos.photo_path(ws, digest)
        if path.exists():
            found.append(Waiting(digest, path.stat().st_size))
    return found


def all_fit(many: Sequence[Waiting], free_bytes: int) -> bool:
    """May they travel in one file with the records?"""
    return sum(one.size for one in many) <= min(PART_BYTES, free_bytes - BESIDE_BYTES)


def next_part(many: Sequence[Waiting], free_bytes: int) -> list[Waiting]:
    """The photos of the next part, in order, as many as fit; one that is too big for the stick leaves its place."""
    left = min(PART_BYTES, free_bytes - BESIDE_BYTES)
    found: list[Waiting] = []
    for one in many:
        if one.size <= left or (not found and one.size <= free_bytes - BESIDE_BYTES):
            found.append(one)
            left -= one.size
    return found


def free_bytes(folder: Path) -> int:
    """Free space on a stick; none where it cannot be asked: writing then says what is wrong with it."""
    try:
        return Medium().free_bytes(folder)
    except OSError:
        return 0


def packed(ws: Workspace, many: Iterable[Waiting]) -> list[PackedPhoto]:
    """The photos for a bundle, each decrypted only while it is written: a part may be larger than the memory."""

    def source(digest: str) -> PackedPhoto:
        return PackedPhoto(digest, lambda: io.BytesIO(photos.read_photo(ws, digest) or b""))

    return [source(one.digest) for one in many]


def note_written(ws: Workspace, many: Iterable[Waiting], wanted: Collection[str]) -> None:
    """These are on a stick now; of what was noted before, only what is still ``wanted`` is remembered."""
    kept = set(ws.get_json(_WRITTEN, [])) & set(wanted)
    ws.set_json(_WRITTEN, sorted(kept | {one.digest for one in many}))
