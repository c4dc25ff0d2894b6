"""Signing a packed segment with its own device's key, and checking one that somebody carried here."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.segments import NewerSegment, NotASegment, SegmentHeader, chain, decode_segment, read_header
from fieldapp.ids import DeviceId
from fieldapp.sync.errors import SegmentDamaged, SegmentSignatureWrong, SegmentTooNew
from fieldapp.sync.keys import DeviceKeys, SignatureWrong, device_of
from fieldapp.sync.minisign import sign_text, verify_text

SEGMENT_COMMENT = "fieldapp segment"
"""Trusted comment of segment signatures."""


@dataclass(frozen=True)
class CheckedSegment:
    """A segment whose signature and form are right. ``ids`` are 32 bytes for each event, in order."""

    header: SegmentHeader
    count: int
    ids: bytes

    @property
    def device(self) -> DeviceId:
        """Whose stream it is."""
        return self.header.stream.partition(".")[0]

    @property
    def last(self) -> int:
        """The number of the last event."""
        return self.header.first + self.count - 1

    @property
    def head(self) -> str:
        """The id of the last event."""
        return self.ids[-32:].hex()


def sign_segment(keys: DeviceKeys, data: bytes) -> str:
    """The text of the ``.minisig`` beside a packed segment."""
    return sign_text(keys, data, SEGMENT_COMMENT)


def check_segment(data: bytes, signature: str) -> CheckedSegment:
    """Check a packed segment by itself: who signed it is proven by the header's key, whose stream it is by its name.

    The signature is checked before more than the header is unpacked. Whether each line is an event is not looked at.
    Raises SegmentTooNew, SegmentSignatureWrong or SegmentDamaged.
    """
    facts: dict[str, object] = {"stream": "?", "first": "?", "last": "?"}
    try:
        header = read_header(data)
        facts = {"stream": header.stream, "first": header.first, "last": "?"}
        if device_of(header.key) != header.stream.partition(".")[0]:
            raise SegmentSignatureWrong(**facts)
        verify_text(header.key, data, signature, SEGMENT_COMMENT)
        header, lines = decode_segment(data)
    except NewerSegment as error:
        raise SegmentTooNew(**facts) from error
    except SignatureWrong as error:
        raise SegmentSignatureWrong(**facts) from error
    except NotASegment as error:
        raise SegmentDamaged(**facts, reason=str(error)) from error
    ids = b"".join(map(bytes.fromhex, chain(header.stream, header.prev, lines)))
    return CheckedSegment(header, len(lines), ids)
