"""F3: JSON that other readers let pass, in event lines, segment header, manifest and invitation: refused by name."""

from pathlib import Path

import pytest
import zstandard

from fieldapp.domain.canonical import canonical
from fieldapp.errors import OperatorError
from fieldapp.operations import imports, joining, lookup, records, verifying
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal
from fieldapp.storage.merged import state_hash
from fieldapp.sync.bundle import PackedSegment
from fieldapp.sync.container import MANIFEST
from fieldapp.sync.errors import BundleAltered, NotAnInvitation, SegmentDamaged
from fieldapp.sync.invitation import INVITATION_COMMENT
from fieldapp.sync.minisign import sign_text
from fieldapp.sync.segments import sign_segment
from tests.builders import Deployment, a_find, alone, deployment
from tests.builders_faults import carried, event_body, event_line, forged_segment, packed, sealed_day
from tests.builders_sync import HQ, LAPTOP, bundle, inside, read_at_hq, resigned, sealed, segment, zipped

DEEP, LONG = 100_000, 1_000_000
HOSTILE: dict[str, bytes] = {
    "member twice": b'{"x":1,"x":2}',
    "not a number": b'{"x":NaN}',
    "infinity": b'{"x":Infinity}',
    "minus infinity": b'{"x":-Infinity}',
    "larger than any double": b'{"x":1e999}',
    "fraction": b'{"x":1.5}',
    "exponent": b'{"x":1e3}',
    "deep lists": b'{"x":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep objects": b'{"x":' * DEEP + b"1" + b"}" * DEEP,
    "integer of a million digits": b'{"x":' + b"9" * LONG + b"}",
    "integer of 5000 digits": b'{"x":' + b"9" * 5_000 + b"}",
    "integer beyond 2^53": b'{"x":9007199254740993}',
    "integer beyond 2^64": b'{"x":18446744073709551616}',
    "lone surrogate": b'{"x":"\\ud800"}',
    "surrogate bytes": b'{"x":"\xed\xa0\x80"}',
    "raw NUL": b'{"x":"\x00"}',
    "invalid UTF-8": b'{"x":"\xff\xfe"}',
    "overlong UTF-8": b'{"x":"\xc0\xaf"}',
    "byte order mark": b'\xef\xbb\xbf{"x":1}',
    "spaces": b'{"x": 1}',
    "member order": b'{"y":1,"x":1}',
    "needless escape": b'{"x":"\\u0041"}',
    "single quotes": b"{'x':1}",
    "comment": b'{"x":1}//',
    "second value": b'{"x":1}{"x":2}',
    "cut off": b'{"x":"',
    "leading zero": b'{"x":01}',
    "minus zero": b'{"x":-0}',
    "foreign member name": b'{"__proto__":1}',
    "nothing": b"x",
}
"""What stands in for a value; each is also put where a value may stand."""


def in_event(ws: Workspace, hostile: bytes) -> bytes:
    """An event that would be right but for one value."""
    return event_line(ws, {"remarks": "@"}).replace(b'"@"', hostile)


def joined(there: Deployment) -> tuple[Workspace, str]:
    laptop = there.laptops["laptop"]
    there.exchange(laptop)
    return laptop, a_find(laptop).name


def test_f3_hostile_event_lines_are_refused_as_their_segment_and_the_rest_is_taken(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, name = joined(there)
        good = packed(sealed_day(laptop))
        imports.import_file(there.hq, carried(laptop, there.stick, [good]))
        before = state_hash(there.hq.store)
        letters = "abcdefghijklmnopqrstuvwxyz234567"
        lines = [*HOSTILE.values(), *(in_event(laptop, hostile) for hostile in HOSTILE.values())]
        forged = [
            forged_segment(laptop.keys, [line], stream="hostile" + letters[number // 32] + letters[number % 32])
            for number, line in enumerate(lines)
            if len(line) < 1 << 20
        ]
        outcome = imports.import_file(there.hq, carried(laptop, there.stick, [*forged, good]))
        assert len(outcome.refused_segments) == len(forged) == len(lines)
        assert all("not what the bundle says" in sentence for sentence in outcome.refused_segments)
        assert (outcome.new, outcome.quarantined) == (0, 0)
        assert state_hash(there.hq.store) == before
        assert [row.name for row in lookup.rows(there.hq, "find")] == [name]
        assert verifying.check(there.hq, read_data=True).problems == []
        streams = {stream.id for stream in journal.streams(there.hq.store)}
        assert streams.isdisjoint({one.header.stream for one in forged})


def test_f3_one_bad_line_refuses_its_segment_whole(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop, _name = joined(there)
        lines = [event_line(laptop, {"depth_cm": 5}), in_event(laptop, HOSTILE["not a number"])]
        outcome = imports.import_file(there.hq, carried(laptop, there.stick, [forged_segment(laptop.keys, lines)]))
        assert (outcome.new, len(outcome.refused_segments)) == (0, 1)
        assert lookup.rows(there.hq, "find") == []


def test_f3_nul_and_odd_characters_that_json_may_carry_are_kept_whole(tmp_path: Path) -> None:
    """A NUL in a text is canonical JSON. SQLite's own functions stop at it; nothing here may."""
    text = "before\x00after \u202e\u200b\ufeff \U0001f4a3 \x1f"
    with deployment(tmp_path, "laptop") as there:
        laptop, _name = joined(there)
        body = event_body(laptop, {"remarks": text})
        forged = forged_segment(laptop.keys, [canonical(body)])
        outcome = imports.import_file(there.hq, carried(laptop, there.stick, [forged]))
        assert (outcome.new, outcome.refused_segments) == (1, [])
        assert records.get(there.hq, body["record"]).fields["remarks"] == text
        assert [row["remarks"] for row in lookup.rows(there.hq, "find")] == [text]
        assert verifying.check(there.hq, read_data=True).problems == []


@pytest.mark.parametrize("name", HOSTILE)
def test_f3_hostile_segment_headers_are_refused_as_their_segment(tmp_path: Path, name: str) -> None:
    one = segment(stream=f"{LAPTOP.device}.bbbbbbbb")
    line = one.header.line()
    for hostile in (HOSTILE[name], line.replace(b'"format":0', b'"format":' + HOSTILE[name])):
        data = zstandard.ZstdCompressor(level=1).compress(hostile + b"\n{}\n")
        forged = PackedSegment(one.header, 1, one.head, data, sign_segment(LAPTOP, data))
        with read_at_hq(bundle(tmp_path, segments=[segment(), forged]).path, tmp_path) as read:
            assert [type(found.refused) for found in read.segments] == [type(None), SegmentDamaged]


@pytest.mark.parametrize("name", HOSTILE)
def test_f3_hostile_manifests_refuse_the_bundle(tmp_path: Path, name: str) -> None:
    members = inside(bundle(tmp_path).path, tmp_path)
    whole = members[MANIFEST]
    assert b'"totals":{' in whole
    start = whole.index(b'"totals":') + len(b'"totals":')
    inserted = whole[:start] + HOSTILE[name] + b"}"
    for manifest in (HOSTILE[name], inserted):
        path = sealed(zipped(resigned(members, manifest, LAPTOP)), tmp_path / "x.fieldbundle", [HQ.recipient])
        with pytest.raises(BundleAltered) as caught:
            read_at_hq(path, tmp_path)
        assert "x.fieldbundle was altered" in str(caught.value)


@pytest.mark.parametrize("name", HOSTILE)
def test_f3_hostile_invitations_are_refused_and_the_laptop_stays_as_it_was(tmp_path: Path, name: str) -> None:
    with alone(tmp_path / "laptop") as ws:
        found = a_find(ws).name
        path = tmp_path / "x.fieldinvite"
        line = HOSTILE[name] + b"\n"
        path.write_bytes(line + sign_text(HQ, line, INVITATION_COMMENT).encode())
        with pytest.raises(NotAnInvitation) as caught:
            joining.join(ws, path)
        assert "x.fieldinvite" in str(caught.value)
        assert isinstance(caught.value, OperatorError)
        assert (ws.deployment, ws.root) == (None, ws.device)
        assert [row.name for row in lookup.rows(ws, "find")] == [found]


def test_f3_the_bundles_without_hostile_parts_are_taken(tmp_path: Path) -> None:
    """The control: what the hostile ones are made from is good."""
    members = inside(bundle(tmp_path).path, tmp_path)
    path = sealed(zipped(resigned(members, members[MANIFEST], LAPTOP)), tmp_path / "x.fieldbundle", [HQ.recipient])
    with read_at_hq(path, tmp_path) as read:
        assert [found.refused for found in read.segments] == [None]
    folder = tmp_path / "programme"
    folder.mkdir()
    with deployment(folder, "laptop") as there:
        laptop, _name = joined(there)
        line = event_line(laptop, {"remarks": "@"})
        outcome = imports.import_file(there.hq, carried(laptop, there.stick, [forged_segment(laptop.keys, [line])]))
        assert (outcome.new, outcome.refused_segments) == (1, [])
