"""Signing a packed segment with its own device's key, and checking one that somebody carried here."""

from __future__ import annotations

from fieldapp.domain.segments import ChainedSegment, NewerSegment, NotASegment, chain_segment, read_header
from fieldapp.sync.errors import SegmentDamaged, SegmentSignatureWrong, SegmentTooNew
from fieldapp.sync.keys import DeviceKeys, SignatureWrong, device_of
from fieldapp.sync.minisign import sign_text, verify_text

SEGMENT_COMMENT = "fieldapp segment"
"""Trusted comment of segment signatures."""


def sign_segment(keys: DeviceKeys, data: bytes) -> str:
    """The text of the ``.minisig`` beside a packed segment."""
    return sign_text(keys, data, SEGMENT_COMMENT)


def check_segment(data: bytes, signature: str) -> ChainedSegment:
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
        return chain_segment(data)
    except NewerSegment as error:
        raise SegmentTooNew(**facts) from error
    except SignatureWrong as error:
        raise SegmentSignatureWrong(**facts) from error
    except NotASegment as error:
        raise SegmentDamaged(**facts, reason=str(error)) from error
