"""Photos that came are kept once, and are on disk before anybody is told so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.operations import joining, photos
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import ledger
from fieldapp.storage.errors import DiskFull
from fieldapp.storage.ledger import PhotoFile

PICTURES = [b"\xff\xd8\xff" + bytes([number]) * 5_000 for number in range(3)]
NAMES = [hashlib.sha256(picture).hexdigest() for picture in PICTURES]
FILES = [PhotoFile(name, len(picture), photos.HERE) for name, picture in zip(NAMES, PICTURES, strict=True)]


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    opened = joining.start_alone(tmp_path / "alone", "Aysel", use_keyring=False)
    yield opened
    opened.close()


def test_photos_that_are_here_are_not_read_again(ws: Workspace) -> None:
    read: list[int] = []

    def reading(number: int) -> bytes:
        read.append(number)
        return PICTURES[number]

    photos.keep_photos(ws, [(FILES[0], lambda: reading(0)), (FILES[1], lambda: reading(1))])
    photos.keep_photos(ws, [(FILES[1], lambda: reading(1)), (FILES[2], lambda: reading(2))])
    assert read == [0, 1, 2]
    assert ledger.photo_files(ws.store, photos.HERE) == sorted(FILES, key=lambda one: one.sha256)
    assert [photos.read_photo(ws, name) for name in NAMES] == PICTURES


def test_names_are_synced_even_of_photos_that_were_here(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(photos, "sync_directory", synced.append)
    photos.keep_photos(ws, [])
    assert synced == []
    for _ in range(2):
        photos.keep_photos(ws, [(FILES[0], lambda: PICTURES[0])])
    assert synced == [ws.photos, ws.photos]


def test_of_a_photo_that_finds_no_room_nothing_is_left(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    def no_room(*_arguments: object) -> None:
        full(ws.photos)

    with monkeypatch.context() as patched:
        patched.setattr(photos, "seal", no_room)
        with pytest.raises(DiskFull):
            photos.keep_photos(ws, [(FILES[0], lambda: PICTURES[0])])
    assert list(ws.photos.iterdir()) == []
    assert ledger.photo_files(ws.store) == []
    monkeypatch.setattr(photos, "sync_directory", full)
    with pytest.raises(DiskFull):
        photos.keep_photos(ws, [(FILES[0], lambda: PICTURES[0])])
