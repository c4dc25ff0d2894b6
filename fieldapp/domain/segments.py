"""The bytes of a segment: a contiguous run of one stream, packed once and then carried unchanged by everybody.

Packed: one zstd frame with its content size. Inside: lines ended by LF; line 1 is the header (canonical JSON), then
one line per event, the event's canonical bytes without ``stream`` and ``prev`` (oracle section 2). No signing here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import zstandard

from fieldapp.domain.canonical import NoCanonicalForm, canonical, parse
from fieldapp.ids import EventId, StreamId

SEGMENT_FORMAT = 0
"""The newest segment form this program writes and reads. Logs are kept and passed on as they were signed, so that it
stays as it is whatever the format of the bundle around it (FORMAT.md, 11)."""
MAX_EVENTS = 2_000
MAX_LINE_BYTES = 1 << 20
MAX_HEADER_BYTES = 1_024
MAX_UNPACKED_BYTES = 32 << 20
MAX_PACKED_BYTES = 16 << 20

STREAM = re.compile(r"[a-z0-9]{1,40}\.[a-z0-9]{1,40}")
AUDIENCE = re.compile(r"all|hq|team/[a-z0-9][a-z0-9_-]{0,39}")
EVENT_ID = re.compile(r"[0-9a-f]{64}")

_FRAME_START = b"\x28\xb5\x2f\xfd"
_LEVEL = 1
"""Level 3 packs these lines worse and slower than level 1."""
_MAX_WINDOW_BYTES = 1 << 25


class NotASegment(ValueError):
    """The bytes are no segment; the argument names the first rule they break."""


class NewerSegment(NotASegment):
    """The segment's header says a format this program does not know."""


class SegmentHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from"}):
    """Line 1: what makes the lines below it events of one stream."""

    audience: str
    """``all``, ``hq`` or ``team/<t>``; the same for the whole life of the stream."""
    format: int
    first: int
    """``from``: the number of the first event, counted from 1."""
    key: str
    """The stream's own device's Ed25519 public key, base64 of 32 bytes."""
    prev: EventId | None
    """Id of the event before the first; null exactly at 1."""
    stream: StreamId

    def line(self) -> bytes:
        """The canonical bytes of this header."""
        return canonical(msgspec.to_builtins(self))


@dataclass(frozen=True, slots=True)
class ChainedSegment:
    """A packed segment that was unpacked, split and chained, so that nobody after has to do it again.

    Only ``chain_segment`` makes one: header, ids and lines are what ``data`` says. Whether its signature is right and
    whether each line is an event is not said here.
    """

    data: bytes
    """The packed bytes themselves."""
    header: SegmentHeader
    ids: bytes
    """32 bytes for each event, in order."""
    _lines: list[bytes] | None

    @property
    def count(self) -> int:
        """How many events it has."""
        return len(self.ids) // 32

    @property
    def last(self) -> int:
        """The number of the last event."""
        return self.header.first + self.count - 1

    @property
    def head(self) -> EventId:
        """The id of the last event."""
        return self.ids[-32:].hex()

    @property
    def lines(self) -> list[bytes]:
        """The event lines without LF; unpacked once more where they were let go."""
        return decode_segment(self.data)[1] if self._lines is None else self._lines

    def event_ids(self) -> list[EventId]:
        """The events' ids in order."""
        digits = self.ids.hex()
        return [digits[start : start + 64] for start in range(0, len(digits), 64)]

    def line_bytes(self) -> int:
        """Bytes of the lines held in memory."""
        return sum(map(len, self._lines or ()))

    def without_lines(self) -> ChainedSegment:
        """The same with its lines let go: of a million events they are half a gigabyte."""
        return ChainedSegment(self.data, self.header, self.ids, None)


@dataclass(frozen=True)
class SegmentLimits:
    """What a reader is ready to unpack."""

    events: int = MAX_EVENTS
    line_bytes: int = MAX_LINE_BYTES
    unpacked_bytes: int = MAX_UNPACKED_BYTES
    packed_bytes: int = MAX_PACKED_BYTES


LIMITS = SegmentLimits()


def encode_segment(header: SegmentHeader, lines: Iterable[bytes]) -> bytes:
    """Pack event lines (without LF) under ``header``. Raises NotASegment where the result could not be read again."""
    _check_header(header)
    body = b"\n".join((header.line(), *lines, b""))
    _split(body, LIMITS)
    return zstandard.ZstdCompressor(level=_LEVEL).compress(body)


def decode_segment(data: bytes, limits: SegmentLimits = LIMITS) -> tuple[SegmentHeader, list[bytes]]:
    """Unpack a segment into its header and its event lines (bytes as received, without LF).

    Nothing is unpacked beyond the size the frame declares, and no frame that declares more than ``limits`` allow.
    Whether a line is an event is not looked at. Raises NotASegment, or NewerSegment for an unknown format.
    """
    head, *lines = _split(_unpack(data, limits), limits)
    return _header(head), lines


def read_header(data: bytes) -> SegmentHeader:
    """The header alone, without unpacking the rest. Raises as decode_segment does."""
    _frame_size(data, LIMITS)
    try:
        with zstandard.ZstdDecompressor().stream_reader(data) as unpacked:
            start = unpacked.read(MAX_HEADER_BYTES + 1)
    except zstandard.ZstdError as error:
        raise NotASegment("packing") from error
    head, line_end, _ = start.partition(b"\n")
    if not line_end:
        raise NotASegment("header")
    return _header(head)


def chain(stream: StreamId, prev: EventId | None, lines: Iterable[bytes]) -> Iterator[EventId]:
    """The ids of consecutive event lines: SHA-256 of stream, LF, previous id (empty at 1), LF, line."""
    start = stream.encode() + b"\n"
    last = prev or ""
    for line in lines:
        last = hashlib.sha256(start + last.encode() + b"\n" + line).hexdigest()
        yield last


def chain_segment(data: bytes) -> ChainedSegment:
    """Unpack a segment and compute the ids of its events. Raises as decode_segment does."""
    header, lines = decode_segment(data)
    return ChainedSegment(data, header, bytes.fromhex("".join(chain(header.stream, header.prev, lines))), lines)


def head_of(header: SegmentHeader, lines: Iterable[bytes]) -> EventId:
    """The id of a segment's last event, which vouches for all before it."""
    return list(chain(header.stream, header.prev, lines))[-1]


def key_bytes(text: str) -> bytes:
    """The 32 bytes of an Ed25519 public key written in base64, in its one spelling. Raises NotASegment."""
    try:
        key = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise NotASegment("key") from error
    if len(key) != 32 or base64.b64encode(key).decode() != text:
        raise NotASegment("key")
    return key


def _frame_size(data: bytes, limits: SegmentLimits) -> int:
    if len(data) > limits.packed_bytes:
        raise NotASegment("packed size")
    if not data.startswith(_FRAME_START):
        raise NotASegment("packing")
    try:
        frame = zstandard.get_frame_parameters(data)
    except zstandard.ZstdError as error:
        raise NotASegment("packing") from error
    if frame.dict_id or frame.content_size == zstandard.CONTENTSIZE_UNKNOWN:
        raise NotASegment("packing")
    if frame.window_size > _MAX_WINDOW_BYTES:
        raise NotASegment("window")
    if frame.content_size > limits.unpacked_bytes:
        raise NotASegment("unpacked size")
    return int(frame.content_size)


def _unpack(data: bytes, limits: SegmentLimits) -> bytes:
    size = _frame_size(data, limits)
    try:
        unpacker = zstandard.ZstdDecompressor()
        body = unpacker.decompress(data, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise NotASegment("packing") from error
    if len(body) != size:
        raise NotASegment("unpacked size")
    return body


def _split(body: bytes, limits: SegmentLimits) -> list[bytes]:
    if len(body) > limits.unpacked_bytes:
        raise NotASegment("unpacked size")
    if body.count(b"\n") > limits.events + 1:
        raise NotASegment("number of events")
    lines = body.split(b"\n")
    if lines.pop() or len(lines) < 2:
        raise NotASegment("lines")
    longest = max(map(len, lines))
    if longest > limits.line_bytes or not all(lines):
        raise NotASegment("line length")
    return lines


def _header(line: bytes) -> SegmentHeader:
    if len(line) > MAX_HEADER_BYTES:
        raise NotASegment("header")
    try:
        value: Any = parse(line)
        _check_format(value)
        header = msgspec.convert(value, SegmentHeader)
    except (NoCanonicalForm, msgspec.ValidationError) as error:
        raise NotASegment("header") from error
    _check_header(header)
    return header


def _check_format(value: Any) -> None:
    number = value.get("format") if isinstance(value, dict) else None
    if isinstance(number, int) and number > SEGMENT_FORMAT:
        raise NewerSegment(str(number))


def _check_header(header: SegmentHeader) -> None:
    key_bytes(header.key)
    if not (
        header.format == SEGMENT_FORMAT
        and 1 <= header.first < 2**53
        and (header.first == 1) == (header.prev is None)
        and (header.prev is None or EVENT_ID.fullmatch(header.prev))
        and AUDIENCE.fullmatch(header.audience)
        and STREAM.fullmatch(header.stream)
    ):
        raise NotASegment("header")
