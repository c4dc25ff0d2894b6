"""The ZIP inside a bundle: one sequence of bytes for given members, and a reader that takes no other.

Members are stored, dated 1980-01-01, without flags, extra fields or comments: ``manifest.json``, its signature, then
all others by name. The reader derives every header again from name, size and checksum and compares the bytes, so
duplicates, hidden members, overlaps, prefixes, trailing bytes, ZIP64, encryption and compression cannot occur.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Self

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.minisig"
NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9_-]{0,31}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
"""Members' names: ASCII, at most one folder."""
CHUNK_BYTES = 1 << 18

Source = bytes | Path | Callable[[], BinaryIO]
"""A member's bytes, the file that holds them, or what opens a stream of them."""

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_VERSION, _FLAGS, _STORED, _TIME, _DATE = 10, 0, 0, 0, 0x21


@dataclass(frozen=True)
class ZipLimits:
    """What a reader is ready to take. Below 4 GiB and 65,535 members no ZIP64 is needed, and FAT can hold it."""

    members: int = 20_000
    total_bytes: int = 2**32 - 1


ZIP_LIMITS = ZipLimits()


class NotOurZip(ValueError):
    """The file is not what ``zip_chunks`` makes of any members; the argument says where."""


class TooMuch(NotOurZip):
    """More or larger members than the limits allow."""


@dataclass(frozen=True)
class Member:
    """A member to be written: measured once, read again when written."""

    name: str
    size: int
    crc32: int
    sha256: str
    source: Source


@dataclass(frozen=True)
class Entry:
    """A member that was found: where its bytes lie in the file."""

    name: str
    start: int
    size: int
    crc32: int


def measure(name: str, source: Source) -> Member:
    """Read ``source`` once for its size and sums."""
    size, crc, digest = 0, 0, hashlib.sha256()
    for chunk in _chunks(source):
        size, crc = size + len(chunk), zlib.crc32(chunk, crc)
        digest.update(chunk)
    return Member(name, size, crc, digest.hexdigest(), source)


def in_order(names: Iterable[str]) -> list[str]:
    """The one order of members: manifest, its signature, the others by name."""
    return sorted(names, key=lambda name: (name != MANIFEST, name != SIGNATURE, name))


def zip_chunks(members: Iterable[Member]) -> Iterator[bytes]:
    """The bytes of the ZIP, piece by piece.

    Raises NotOurZip for a name or a total that no reader would take, and OSError when a source has changed since it
    was measured.
    """
    by_name: dict[str, Member] = {}
    for member in members:
        if member.name in by_name or not NAME.fullmatch(member.name):
            raise NotOurZip(member.name)
        by_name[member.name] = member
    place, central = 0, b""
    for name in in_order(by_name):
        member = by_name[name]
        central += _central_header(name, member.size, member.crc32, place)
        head = _local_header(name, member.size, member.crc32)
        place += len(head) + member.size
        if place + len(central) + _END.size > ZIP_LIMITS.total_bytes or len(by_name) > ZIP_LIMITS.members:
            raise TooMuch(name)
        yield head
        yield from _unchanged(member)
    yield central + _end_record(len(by_name), len(central), place)


def write_zip(members: Iterable[Member]) -> bytes:
    """The whole ZIP in memory."""
    return b"".join(zip_chunks(members))


class ChunkReader:
    """A stream to read from, fed by an iterator of chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def read(self, count: int = -1) -> bytes:
        """At most ``count`` bytes, none at the end; all that is left when ``count`` is negative."""
        if count < 0:
            return self._rest + b"".join(self._chunks)
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = chunk
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken


class ZipReader:
    """A ZIP whose every header has been checked. Close it, or use it in a ``with`` statement."""

    def __init__(self, stream: BinaryIO, entries: dict[str, Entry]) -> None:
        self._stream, self.entries = stream, entries

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()

    def chunks(self, name: str) -> Iterator[bytes]:
        """A member's bytes, piece by piece. Raises KeyError for a name that is not there."""
        entry = self.entries[name]
        place, end = entry.start, entry.start + entry.size
        while place < end:
            self._stream.seek(place)
            chunk = self._stream.read(min(CHUNK_BYTES, end - place))
            if not chunk:
                raise NotOurZip("end")
            place += len(chunk)
            yield chunk

    def sha256(self, name: str) -> str:
        """The sum of a member's bytes. Raises NotOurZip where its checksum in the ZIP is another."""
        crc, digest = 0, hashlib.sha256()
        for chunk in self.chunks(name):
            crc = zlib.crc32(chunk, crc)
            digest.update(chunk)
        if crc != self.entries[name].crc32:
            raise NotOurZip(name)
        return digest.hexdigest()

    def read(self, name: str, most: int) -> bytes:
        """A member's bytes. Raises TooMuch where there are more than ``most``, NotOurZip for a wrong checksum."""
        entry = self.entries[name]
        if entry.size > most:
            raise TooMuch(name)
        data = b"".join(self.chunks(name))
        if zlib.crc32(data) != entry.crc32:
            raise NotOurZip(name)
        return data


def read_zip(path: Path, limits: ZipLimits = ZIP_LIMITS) -> ZipReader:
    """Open a ZIP that ``zip_chunks`` made. Raises NotOurZip for any other bytes, TooMuch beyond ``limits``.

    Members' checksums are compared when they are read (``ZipReader.read``, ``sha256``).
    """
    stream = path.open("rb")
    try:
        return ZipReader(stream, _entries(stream, limits))
    except BaseException:
        stream.close()
        raise


def _entries(stream: BinaryIO, limits: ZipLimits) -> dict[str, Entry]:
    size = stream.seek(0, 2)
    if size > limits.total_bytes:
        raise TooMuch("size")
    if size < _END.size:
        raise NotOurZip("end record")
    end = _at(stream, size - _END.size, _END.size)
    count, central_size, central_start = _END.unpack(end)[4:7]
    if end != _end_record(count, central_size, central_start) or central_start + central_size + _END.size != size:
        raise NotOurZip("end record")
    if count > limits.members:
        raise TooMuch("members")
    found = _listed(_at(stream, central_start, central_size), count)
    if [entry.name for entry in found] != in_order({entry.name for entry in found}):
        raise NotOurZip("order")
    place, entries = 0, {}
    for entry in found:
        head = _local_header(entry.name, entry.size, entry.crc32)
        if entry.start != place or _at(stream, place, len(head)) != head:
            raise NotOurZip(entry.name)
        place += len(head) + entry.size
        entries[entry.name] = Entry(entry.name, entry.start + len(head), entry.size, entry.crc32)
    if place != central_start:
        raise NotOurZip("central directory")
    return entries


def _listed(central: bytes, count: int) -> list[Entry]:
    """The entries of the central directory, each starting at its local header."""
    found, place = [], 0
    for _ in range(count):
        fixed = central[place : place + _CENTRAL.size]
        if len(fixed) < _CENTRAL.size:
            raise NotOurZip("central directory")
        fields = _CENTRAL.unpack(fixed)
        crc, size, name_size, start = fields[7], fields[9], fields[10], fields[16]
        raw = central[place + _CENTRAL.size : place + _CENTRAL.size + name_size]
        name = raw.decode("latin-1")
        header = _central_header(name, size, crc, start) if NAME.fullmatch(name) else b""
        if not header or central[place : place + len(header)] != header:
            raise NotOurZip("central directory")
        found.append(Entry(name, start, size, crc))
        place += len(header)
    if place != len(central):
        raise NotOurZip("central directory")
    return found


def _at(stream: BinaryIO, place: int, count: int) -> bytes:
    stream.seek(place)
    return stream.read(count)


def _chunks(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        opened: BinaryIO = BytesIO(source)
    elif isinstance(source, Path):
        opened = source.open("rb")
    else:
        opened = source()
    with closing(opened):
        while chunk := opened.read(CHUNK_BYTES):
            yield chunk


def _unchanged(member: Member) -> Iterator[bytes]:
    crc, size = 0, 0
    for chunk in _chunks(member.source):
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        if size > member.size:
            break
        yield chunk
    if (crc, size) != (member.crc32, member.size):
        raise OSError(f"{member.name} changed while it was being written")


def _local_header(name: str, size: int, crc: int) -> bytes:
    raw = name.encode("ascii")
    fields = (_VERSION, _FLAGS, _STORED, _TIME, _DATE, crc, size, size, len(raw), 0)
    return _LOCAL.pack(b"PK\x03\x04", *fields) + raw


def _central_header(name: str, size: int, crc: int, start: int) -> bytes:
    raw = name.encode("ascii")
    fields = (_VERSION, _VERSION, _FLAGS, _STORED, _TIME, _DATE, crc, size, size, len(raw), 0, 0, 0, 0, 0, start)
    return _CENTRAL.pack(b"PK\x01\x02", *fields) + raw


def _end_record(count: int, central_size: int, central_start: int) -> bytes:
    return _END.pack(b"PK\x05\x06", 0, 0, count, count, central_size, central_start, 0)
