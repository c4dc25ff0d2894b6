"""C3: a valid signature over other fields; a manifest or segment header spelled in another way: refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from fieldapp.domain.canonical import canonical, parse
from fieldapp.errors import OperatorError
from fieldapp.sync.bundle import PackedSegment
from fieldapp.sync.container import MANIFEST, SIGNATURE
from fieldapp.sync.errors import (
    BundleAltered,
    BundleTooNew,
    SegmentDamaged,
    SegmentTooNew,
    SenderSignatureWrong,
)
from fieldapp.sync.manifest import Manifest
from fieldapp.sync.segments import check_segment, sign_segment
from tests.builders_sync import LAPTOP, STRANGER, bundle, inside, read_at_hq, resigned, sealed, segment, zipped


@pytest.fixture
def members(tmp_path: Path) -> dict[str, bytes]:
    return inside(bundle(tmp_path).path, tmp_path)


def refused(members: dict[str, bytes], tmp_path: Path, error: type[OperatorError]) -> OperatorError:
    with pytest.raises(error) as caught:
        read_at_hq(sealed(zipped(members), tmp_path / "x.fieldbundle"), tmp_path)
    return caught.value


def spaced(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


def reversed_members(value: Any) -> bytes:
    turned = dict(reversed(value.items()))
    return json.dumps(turned, separators=(",", ":"), ensure_ascii=False).encode()


def doubled(value: Any) -> bytes:
    return b'{"app":"other",' + canonical(value)[1:]


def with_mark(value: Any) -> bytes:
    return b"\xef\xbb\xbf" + canonical(value)


def with_line_end(value: Any) -> bytes:
    return canonical(value) + b"\n"


@pytest.mark.parametrize("spelling", [spaced, reversed_members, doubled, with_mark, with_line_end])
def test_c3_a_manifest_in_another_spelling_is_refused_even_when_signed(
    tmp_path: Path, members: dict[str, bytes], spelling: Callable[[Any], bytes]
) -> None:
    other = spelling(parse(members[MANIFEST]))
    assert json.loads(other.decode("utf-8-sig"))
    refused(resigned(members, other, LAPTOP), tmp_path, BundleAltered)
    refused(members | {MANIFEST: other}, tmp_path, BundleAltered)


@pytest.mark.parametrize("field", [name for name in Manifest.__struct_fields__ if not name.startswith("asked")])
def test_c3_the_signature_covers_every_field(tmp_path: Path, members: dict[str, bytes], field: str) -> None:
    manifest = parse(members[MANIFEST])
    changes: dict[str, Any] = {
        "app": "9.9.9",
        "bundle": {"id": "other", "number": 2},
        "created": "2026-11-23T06:15:00Z",
        "demonstration": True,
        "deployment": {"id": "dep-2", "name": "Programme"},
        "format": 2,
        "hq_epoch": "epoch",
        "lists": {"models": "1"},
        "members": [],
        "minimum_reader": 0,
        "newest_read": 2,
        "receipts": [{"stream": segment().header.stream, "seq": 1, "head": "ab" * 32, "epoch": "e"}],
        "recipient": manifest["recipient"] | {"audience": "team/t7"},
        "segments": [],
        "sender": manifest["sender"] | {"name": "laptop 3"},
        "token_proof": "ab" * 32,
        "totals": {},
    }
    changed = canonical(manifest | {field: changes[field]})
    if field == "minimum_reader":
        changed = canonical(manifest | {"another": True})
    with pytest.raises((SenderSignatureWrong, BundleAltered)):
        read_at_hq(sealed(zipped(members | {MANIFEST: changed}), tmp_path / "x.fieldbundle"), tmp_path)


@pytest.mark.parametrize("field", [name for name in Manifest.__struct_fields__ if not name.startswith("asked")])
def test_c3_a_manifest_without_a_field_or_with_another_type_is_refused(
    tmp_path: Path, members: dict[str, bytes], field: str
) -> None:
    manifest = parse(members[MANIFEST])
    without = {name: value for name, value in manifest.items() if name != field}
    refused(resigned(members, without, LAPTOP), tmp_path, BundleAltered)
    refused(resigned(members, manifest | {field: [[]]}, LAPTOP), tmp_path, BundleAltered)


def test_c3_members_of_newer_versions_are_left_alone(tmp_path: Path, members: dict[str, bytes]) -> None:
    newer = parse(members[MANIFEST]) | {"weather": {"rain": True}, "format": 7}
    data = zipped(resigned(members, newer, LAPTOP))
    with read_at_hq(sealed(data, tmp_path / "x.fieldbundle"), tmp_path) as read:
        assert read.raw_manifest == canonical(newer)


def test_c3_a_bundle_for_newer_readers_is_refused_by_name(tmp_path: Path, members: dict[str, bytes]) -> None:
    newer = {"minimum_reader": 3, "format": 3, "sender": "everything else may have changed"}
    assert "format 3" in str(refused(resigned(members, newer, LAPTOP), tmp_path, BundleTooNew))


def test_c3_a_manifest_that_describes_other_members_is_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    manifest = parse(members[MANIFEST])
    for change in [
        {"members": manifest["members"][1:]},
        {"members": manifest["members"][::-1]},
        {"members": [*manifest["members"], manifest["members"][-1]]},
        {"members": [entry | {"size": entry["size"] + 1} for entry in manifest["members"]]},
        {"segments": []},
        {"segments": manifest["segments"] * 2},
        {"segments": [entry | {"from": 2} for entry in manifest["segments"]]},
        {"segments": [entry | {"to": 2**53 - 1} for entry in manifest["segments"]]},
        {"segments": [entry | {"member": "README.txt"} for entry in manifest["segments"]]},
    ]:
        refused(resigned(members, manifest | change, LAPTOP), tmp_path, BundleAltered)


def test_c3_a_manifest_nested_too_deep_or_with_huge_numbers_is_refused(
    tmp_path: Path, members: dict[str, bytes]
) -> None:
    start = members[MANIFEST][:-1]
    for tail in [
        b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b',"x":' + b"9" * 1_000_000 + b"}",
        b',"x":NaN}',
        b',"x":1e999}',
        b',"x":1.5}',
        b',"x":"\\ud800"}',
        b',"x":"\xff"}',
    ]:
        refused(resigned(members, start + tail, LAPTOP), tmp_path, BundleAltered)


def described(header: dict[str, Any] | bytes, lines: list[bytes]) -> tuple[bytes, str]:
    head = header if isinstance(header, bytes) else canonical(header)
    data = zstandard.ZstdCompressor(level=1).compress(b"\n".join([head, *lines, b""]))
    return data, sign_segment(LAPTOP, data)


def test_c3_a_segment_header_in_another_spelling_is_refused_even_when_signed() -> None:
    line = segment().header.line()
    for other in [line.replace(b'":', b'": '), line.replace(b"{", b'{"also":1,'), reversed_members(parse(line))]:
        with pytest.raises(SegmentDamaged):
            check_segment(*described(other, [b"{}"]))


def test_c3_a_segment_of_a_newer_format_is_refused_by_name() -> None:
    newer = parse(segment().header.line()) | {"format": 1, "also": 1}
    with pytest.raises(SegmentTooNew, match="newer version"):
        check_segment(*described(newer, [b"{}"]))


@pytest.mark.parametrize("change", ["audience", "prev", "from and to", "head", "stream"])
def test_c3_a_segment_that_is_not_what_the_manifest_says_is_refused_alone(tmp_path: Path, change: str) -> None:
    one = segment(first=3, prev="ab" * 32)
    other = {
        "audience": segment(first=3, prev="ab" * 32, audience="team/t8"),
        "prev": segment(first=3, prev="cd" * 32),
        "from and to": segment(first=4, prev="ab" * 32),
        "head": segment(first=3, prev="ab" * 32, lines=[b"{}", b"{}"]),
        "stream": segment(first=3, prev="ab" * 32, stream=f"{LAPTOP.device}.bbbbbbbb"),
    }[change]
    lying = PackedSegment(one.header, one.last, one.head, other.data, other.signature)
    with read_at_hq(bundle(tmp_path, segments=[segment(), lying]).path, tmp_path) as read:
        assert [type(found.refused) for found in read.segments] == [type(None), SegmentDamaged]


def test_c3_a_signature_by_a_stranger_over_the_same_bytes_is_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    theirs = resigned(members, members[MANIFEST], STRANGER)
    assert theirs[SIGNATURE] != members[SIGNATURE]
    refused(theirs, tmp_path, SenderSignatureWrong)
