"""The bytes of a segment: packing, limits, the chain of ids."""

import base64
import subprocess
from pathlib import Path

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.domain.segments import (
    MAX_EVENTS,
    NewerSegment,
    NotASegment,
    SegmentHeader,
    SegmentLimits,
    chain,
    chain_segment,
    decode_segment,
    encode_segment,
    head_of,
    read_header,
)

KEY = base64.b64encode(bytes(range(32))).decode()
HEADER = SegmentHeader(audience="team/t7", format=0, first=1, key=KEY, prev=None, stream="7f3a.01")
LINES = [b'{"seq":1}', b'{"seq":2}']

EXAMPLE = [
    """{"at":"2026-11-22T06:15:00Z","by":"R. Əliyev","parents":[],\
"record":"find/t7/0192f0c1-0000-7000-8000-000000000001","seq":1,"set":{"amount":{"quantity":1,"unit":"piece"},\
"position":{"lat":"39.60412","lon":"48.10277"},"what":{"category":"ap_mine","model":"ПМН-2"}}}""",
    """{"parents":["9ec94ca765ae92005c78dca1ed6e4c0759e61f16763ccd556f94bb7173e4e0b6"],\
"record":"find/t7/0192f0c1-0000-7000-8000-000000000001","seq":2,"set":{"amount":{"quantity":2,"unit":"piece"}}}""",
]
EXAMPLE_IDS = [
    "9ec94ca765ae92005c78dca1ed6e4c0759e61f16763ccd556f94bb7173e4e0b6",
    "e8665490e06d2d228b8a5e80d55ea9c872976599c7dd10d016e64f9ef6493cf6",
]


def packed(*lines: bytes, end: bytes = b"\n") -> bytes:
    return zstandard.ZstdCompressor(level=1).compress(b"\n".join(lines) + end)


def test_the_ids_are_those_of_the_written_example() -> None:
    lines = [line.encode() for line in EXAMPLE]
    assert list(chain("7f3a.01", None, lines)) == EXAMPLE_IDS
    assert head_of(HEADER, lines) == EXAMPLE_IDS[-1]
    assert list(chain("7f3a.01", EXAMPLE_IDS[0], lines[1:])) == EXAMPLE_IDS[1:]


def test_a_chained_segment_says_the_same_with_and_without_its_lines() -> None:
    lines = [line.encode() for line in EXAMPLE]
    chained = chain_segment(encode_segment(HEADER, lines))
    bare = chained.without_lines()
    for one in (chained, bare):
        assert (one.header, one.event_ids(), one.lines) == (HEADER, EXAMPLE_IDS, lines)
        assert (one.count, one.last, one.head) == (2, 2, EXAMPLE_IDS[-1])
    assert (chained.line_bytes(), bare.line_bytes()) == (sum(map(len, lines)), 0)


line_texts = st.binary(min_size=1, max_size=80).filter(lambda line: b"\n" not in line)


@settings(deadline=None)
@given(st.lists(line_texts, min_size=1, max_size=30))
def test_what_is_packed_comes_back_byte_for_byte(lines: list[bytes]) -> None:
    data = encode_segment(HEADER, lines)
    assert decode_segment(data) == (HEADER, lines)
    assert read_header(data) == HEADER


def test_the_zstd_tool_shows_header_and_lines(tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl.zst"
    file.write_bytes(encode_segment(HEADER, LINES))
    shown = subprocess.run(["zstd", "-d", "-c", file], capture_output=True, check=True).stdout
    assert shown == b"\n".join([HEADER.line(), *LINES, b""])
    assert HEADER.line() == (
        b'{"audience":"team/t7","format":0,"from":1,"key":"' + KEY.encode() + b'","prev":null,"stream":"7f3a.01"}'
    )


@pytest.mark.parametrize(
    "change",
    [
        {"audience": "team/"},
        {"audience": "everybody"},
        {"first": 0},
        {"first": 2},
        {"first": 2**63 - 1, "prev": "0" * 64},
        {"prev": "0" * 64},
        {"first": 2, "prev": "A" * 64},
        {"key": "AAAA"},
        {"key": KEY.replace("=", "")},
        {"stream": "no-point"},
        {"stream": "a.b/../c"},
        {"format": -1},
    ],
)
def test_a_header_that_breaks_a_rule_is_neither_written_nor_read(change: dict[str, object]) -> None:
    header = msgspec.structs.replace(HEADER, **change)
    line = msgspec.json.encode(header, order="sorted")
    with pytest.raises(NotASegment):
        encode_segment(header, LINES)
    with pytest.raises(NotASegment):
        decode_segment(packed(line, *LINES))


@pytest.mark.parametrize(
    "line",
    [
        HEADER.line().replace(b'":', b'": '),
        HEADER.line().replace(b"{", b'{"also":1,'),
        b'{"audience":"all",' + HEADER.line()[1:],
        HEADER.line().replace(b'"from":1', b'"from":true'),
        HEADER.line().replace(b'"from":1', b'"from":1.0'),
        b"[]",
        b"\xff\xfe",
        b"[" * 900,
        b'"' + b"x" * 2000 + b'"',
    ],
)
def test_a_header_line_in_another_form_is_refused(line: bytes) -> None:
    with pytest.raises(NotASegment):
        decode_segment(packed(line, *LINES))


def test_a_newer_format_is_told_apart_from_damage() -> None:
    line = HEADER.line().replace(b'"format":0', b'"format":1').replace(b"{", b'{"also":1,')
    with pytest.raises(NewerSegment):
        decode_segment(packed(line, *LINES))


def test_a_segment_without_events_or_with_an_empty_or_unended_line_is_refused() -> None:
    head = HEADER.line()
    for data in [
        packed(head),
        packed(head, b"", b"{}"),
        packed(head, b"{}", end=b""),
        packed(head, b"{}", end=b"\n\n"),
        packed(b""),
        packed(b"", end=b""),
    ]:
        with pytest.raises(NotASegment):
            decode_segment(data)


def test_limits_hold_for_events_line_length_and_size() -> None:
    many = [b"{}"] * (MAX_EVENTS + 1)
    with pytest.raises(NotASegment, match="number of events"):
        encode_segment(HEADER, many)
    with pytest.raises(NotASegment, match="number of events"):
        decode_segment(packed(HEADER.line(), *many))
    data = encode_segment(HEADER, LINES)
    for limits, words in [
        (SegmentLimits(line_bytes=20), "line length"),
        (SegmentLimits(unpacked_bytes=60), "unpacked size"),
        (SegmentLimits(packed_bytes=60), "packed size"),
    ]:
        with pytest.raises(NotASegment, match=words):
            decode_segment(data, limits)


def test_anything_but_one_plain_frame_is_refused() -> None:
    data = encode_segment(HEADER, LINES)
    body = b"\n".join([HEADER.line(), *LINES, b""])
    skippable = b"\x50\x2a\x4d\x18\x01\x00\x00\x00x"
    without_size = zstandard.ZstdCompressor(level=1, write_content_size=False).compress(body)
    for other in [b"", b"x", body, data + b"x", data + data, skippable + data, data + skippable, without_size]:
        with pytest.raises(NotASegment):
            decode_segment(other)
