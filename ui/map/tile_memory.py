"""Decoded tiles in memory, up to so many bytes; those of the last frame are never thrown out.

A tile is decoded only after its own header was held against limits: a small file may claim to be a huge picture.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageReader

from fieldapp.operations.base_maps import TileImage

MOST_BYTES = 64 << 20
"""Of decoded tiles of one base map, beside those that are in view."""
DRAWN = QImage.Format.Format_ARGB32_Premultiplied


class NotDecoded(ValueError):
    """The bytes are no picture after all."""


def decode(tile: TileImage, most_px: int) -> QImage:
    """The picture of a tile, at most ``most_px`` wide and high. Raises NotDecoded.

    The format was told by the first bytes and is not guessed again; the size must be the one that was checked.
    """
    data = QByteArray(tile.data)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(tile.kind.encode()))
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if not size.isValid() or (size.width(), size.height()) != (tile.width_px, tile.height_px):
        raise NotDecoded(tile.kind)
    if max(size.width(), size.height()) > most_px:
        scale = most_px / max(size.width(), size.height())
        reader.setScaledSize(QSize(max(round(size.width() * scale), 1), max(round(size.height() * scale), 1)))
    image = reader.read()
    buffer.close()
    if image.isNull():
        raise NotDecoded(tile.kind)
    return image.convertToFormat(DRAWN)


class TileMemory:
    """Pictures by key; None stands for a place without one. Not for several threads at once."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, QImage | None] = OrderedDict()
        self._in_view: set[Hashable] = set()
        self.bytes = 0

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> QImage | None:
        """The picture of a place, in view from now on; None where there is none, or where nobody knows yet."""
        if key in self._kept:
            self._kept.move_to_end(key)
            self._in_view.add(key)
        return self._kept.get(key)

    def put(self, key: Hashable, image: QImage | None) -> None:
        """Keep a picture; the ones longest out of view go for it."""
        self.bytes += _bytes(image) - _bytes(self._kept.pop(key, None))
        self._kept[key] = image
        for old in list(self._kept):
            if self.bytes <= self._most_bytes:
                break
            if old != key and old not in self._in_view:
                self.bytes -= _bytes(self._kept.pop(old))

    def begin_frame(self) -> None:
        """What is in view is counted anew from here."""
        self._in_view.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._in_view.clear()
        self.bytes = 0


def _bytes(image: QImage | None) -> int:
    return 64 if image is None else image.sizeInBytes()
