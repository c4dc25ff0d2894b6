"""What a tile is, by its own first bytes: PNG, JPEG or WebP, and how large. Nothing is decoded here.

Sizes are read before anybody decodes: a small file may claim 30,000 x 30,000 pixels.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from fieldapp.exchange.tile_errors import TileUnreadable

MOST_TILE_BYTES = 8_000_000
MOST_TILE_PX = 4096

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_LEAST_WEBP = 30
"""Bytes up to the end of the size, whichever form."""
_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})
"""Markers among C0 to CF of JPEG that begin no frame (ITU T.81, table B.1)."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers of JPEG without a length."""


@dataclass(frozen=True)
class TileImage:
    """A tile as it stands in its file: ``kind`` is ``png``, ``jpeg`` or ``webp``; its size in pixels; its bytes."""

    kind: str
    width_px: int
    height_px: int
    data: bytes


def tile_image(data: bytes) -> TileImage:
    """The tile with kind and size. Raises TileUnreadable: no image, or larger than the limits."""
    if len(data) > MOST_TILE_BYTES:
        raise TileUnreadable("bytes")
    try:
        kind, width, height = _size(data)
    except (struct.error, IndexError) as error:
        raise TileUnreadable("cut off") from error
    if not (0 < width <= MOST_TILE_PX and 0 < height <= MOST_TILE_PX):
        raise TileUnreadable("pixels")
    return TileImage(kind, width, height, data)


def _size(data: bytes) -> tuple[str, int, int]:
    if data.startswith(_PNG):
        return ("png", *struct.unpack_from(">II", data, len(_PNG)))
    if data.startswith(b"\xff\xd8\xff"):
        return ("jpeg", *_jpeg(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ("webp", *_webp(data))
    raise TileUnreadable("no image")


def _jpeg(data: bytes) -> tuple[int, int]:
    """Width and height of the first frame."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise TileUnreadable("marker")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        elif 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        else:
            (length,) = struct.unpack_from(">H", data, at + 2)
            if length < 2:
                raise TileUnreadable("marker")
            at += 2 + length


def _webp(data: bytes) -> tuple[int, int]:
    """Width and height (WebP container specification: VP8, VP8L and VP8X)."""
    form = data[12:16]
    if len(data) < _LEAST_WEBP:
        raise TileUnreadable("cut off")
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if form == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    raise TileUnreadable("form")
