"""What stands in a PDF that Qt wrote: objects, pages, embedded fonts, and its text as somebody would copy it."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj\b", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_RANGE = re.compile(rb"<([0-9A-Fa-f]{4})> <[0-9A-Fa-f]{4}> \[([^]]*)\]")
_SHOWN = re.compile(rb"/F(\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj|(\bET\b)")


def objects(data: bytes) -> dict[int, bytes]:
    """The objects of a file by number."""
    return {int(number): body for number, body in _OBJECT.findall(data)}


def stream_of(body: bytes) -> bytes:
    """The stream of an object, unpacked; empty where it has none."""
    found = _STREAM.search(body)
    if found is None:
        return b""
    packed = found.group(1)
    return zlib.decompressobj().decompress(packed) if b"/FlateDecode" in body else packed


def pages(data: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points."""
    boxes = [
        re.search(rb"/MediaBox \[([^]]*)\]", body)
        for body in objects(data).values() if re.search(rb"/Type /Page\b", body)
    ]  # fmt: skip
    sizes = [[float(one) for one in box.group(1).split()] for box in boxes if box is not None]
    return [(right - left, low - top) for left, top, right, low in sizes]


def embedded_fonts(data: bytes) -> int:
    """How many font programs the file holds, and it names no more fonts than these."""
    bodies = objects(data).values()
    embedded = sum(b"/FontFile" in body for body in bodies)
    assert embedded == sum(b"/Type /FontDescriptor" in body for body in bodies)
    return embedded


def says(data: bytes, part: str) -> bool:
    """Whether a text stands in it, wherever its lines break."""
    return "".join(part.split()) in "".join(text(data).split())


@lru_cache(maxsize=4)
def text(data: bytes) -> str:
    """All text in the order in which it is written, a blank after each piece."""
    every = objects(data)
    found = []
    for body in every.values():
        content = stream_of(body)
        if b" Tj" in content:
            letters: dict[int, str] = {}
            for font, codes, end in _SHOWN.findall(content):
                if font:
                    letters = _letters(every, int(font))
                elif end:
                    found.append(" ")
                else:
                    found.append("".join(letters[int(codes[at : at + 4], 16)] for at in range(0, len(codes), 4)))
    return " ".join("".join(found).split())


def _letters(every: dict[int, bytes], font: int) -> dict[int, str]:
    named = re.search(rb"/ToUnicode (\d+) 0 R", every[font])
    assert named is not None
    letters: dict[int, str] = {}
    for first, codes in _RANGE.findall(stream_of(every[int(named.group(1))])):
        for place, code in enumerate(re.findall(rb"<([0-9A-Fa-f]+)>", codes)):
            letters[int(first, 16) + place] = bytes.fromhex(code.decode()).decode("utf-16-be")
    return letters
