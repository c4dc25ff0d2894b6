"""Writing and reading bundles."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fieldapp.sync import reading
from fieldapp.sync.bundle import PackedPhoto, write_bundle
from fieldapp.sync.container import MANIFEST, NotOurZip
from fieldapp.sync.errors import Cancelled
from fieldapp.sync.keys import ReceivingKey
from fieldapp.sync.manifest import Asked, NotAManifest, Receipt
from fieldapp.sync.reading import Expectation, SenderState, read_bundle
from tests.builders_sync import (
    ESCROW,
    HQ,
    HQ_KEYS,
    LAPTOP,
    PHOTO,
    PHOTO_SHA256,
    bundle,
    content,
    device,
    event_lines,
    inside,
    known,
    read_at_hq,
    segment,
)

HEAD = "ab" * 32


def test_everything_that_was_written_is_read(tmp_path: Path) -> None:
    stream = f"{LAPTOP.device}.aaaaaaaa"
    written = bundle(
        tmp_path,
        receipts=[Receipt(stream, 5, HEAD, "epoch-1")],
        asked=[Asked(stream, 6, 9, HEAD)],
        asked_photos=[HEAD],
        token_proof=HEAD,
        lists={"models": "2026-11"},
    )
    assert written.sha256 == hashlib.sha256(written.path.read_bytes()).hexdigest()
    assert written.size == written.path.stat().st_size
    with read_at_hq(written.path, tmp_path) as read:
        assert read.manifest == written.manifest
        assert read.sealed_size == written.size
        assert read.sender_state is SenderState.KNOWN
        assert read.manifest.sender.recipient == LAPTOP.recipient
        assert read.manifest.receipts == [Receipt(stream, 5, HEAD, "epoch-1")]
        assert read.photos == [PHOTO_SHA256]
        assert b"".join(read.photo(PHOTO_SHA256)) == PHOTO
        assert read.member("README.txt") == b"A bundle.\n"
        (found,) = read.segments
        assert (found.refused, found.known, found.device) == (None, False, LAPTOP.device)
        assert found.lines() == event_lines()
        assert (found.data(), found.signature()) == (segment().data, segment().signature)
        assert found.ids()[-1] == found.entry.head


def test_lines_beyond_what_is_kept_are_unpacked_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mate = device("mate")
    monkeypatch.setattr(reading, "_MAX_KEPT_LINES_BYTES", sum(map(len, event_lines())))
    with read_at_hq(bundle(tmp_path, segments=[segment(), segment(mate)]).path, tmp_path) as read:
        kept = [found.checked.line_bytes() for found in read.segments if found.checked]
        assert sorted(kept) == [0, sum(map(len, event_lines()))]
        assert all(found.lines() == event_lines() for found in read.segments)
        assert all(found.ids()[-1] == found.entry.head for found in read.segments)


def test_the_escrow_key_opens_it_too(tmp_path: Path) -> None:
    path = bundle(tmp_path).path
    with read_bundle(path, [ESCROW.receiving], tmp_path) as read:
        assert read.sender_state is None


def test_nothing_but_the_bundle_is_left_behind(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir()
    path = bundle(tmp_path).path
    with read_at_hq(path, private):
        assert len(list(private.iterdir())) == 1
    assert list(private.iterdir()) == []
    assert {file.name for file in tmp_path.iterdir()} == {"private", path.name}


def test_the_private_copy_is_for_its_owner_only(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir()
    with read_at_hq(bundle(tmp_path).path, private):
        (copy,) = private.iterdir()
        assert copy.stat().st_mode & 0o077 == 0


def test_the_inside_is_the_same_on_every_run(tmp_path: Path) -> None:
    first, second = (inside(bundle(tmp_path, name=name).path, tmp_path) for name in "ab")
    assert first == second


def test_a_lead_carries_other_laptops_segments_unchanged(tmp_path: Path) -> None:
    mate = device("mate")
    carried = [segment(), segment(mate)]
    with read_at_hq(bundle(tmp_path, segments=carried).path, tmp_path) as read:
        assert {found.device for found in read.segments} == {LAPTOP.device, mate.device}
        assert {found.data() for found in read.segments} == {one.data for one in carried}


def test_later_segments_of_a_stream_are_carried_alone(tmp_path: Path) -> None:
    later = segment(first=3, prev=segment().head)
    with read_at_hq(bundle(tmp_path, segments=[later]).path, tmp_path) as read:
        (found,) = read.segments
        assert (found.entry.first, found.entry.last, found.refused) == (3, 4, None)


def test_a_segment_that_is_held_already_is_not_unpacked_again(tmp_path: Path) -> None:
    with read_at_hq(bundle(tmp_path).path, tmp_path, has_segment=lambda one: one.head == segment().head) as read:
        (found,) = read.segments
        assert (found.known, found.refused, found.checked, found.ids()) == (True, None, None, [])


def test_a_bundle_may_carry_nothing_but_receipts(tmp_path: Path) -> None:
    path = bundle(tmp_path, keys=HQ, recipients=[LAPTOP.recipient], audience="team/t7", segments=[], photos=[]).path
    expect = Expectation(deployment_id="dep-1", audiences=frozenset({"team/t7"}), sender=known(HQ))
    with read_bundle(path, [device("other").receiving, LAPTOP.receiving], tmp_path, expect) as read:
        assert (read.segments, read.photos) == ([], [])


@pytest.mark.parametrize("state", [SenderState.REVOKED, SenderState.INVITED, SenderState.TOKEN_USED])
def test_what_the_reader_knows_of_the_sender_comes_with_the_bundle(tmp_path: Path, state: SenderState) -> None:
    with read_at_hq(bundle(tmp_path).path, tmp_path, sender=known(LAPTOP, state=state)) as read:
        assert read.sender_state is state


def test_progress_ends_at_its_total_and_names_every_step(tmp_path: Path) -> None:
    steps: dict[str, tuple[int, int]] = {}

    def progress(step: str, done: int, total: int) -> None:
        steps[step] = (done, total)

    path = tmp_path / "a.fieldbundle"
    write_bundle(content(), LAPTOP, HQ_KEYS, path, progress)
    with read_bundle(path, [HQ.receiving], tmp_path, Expectation(), progress):
        assert set(steps) == {"measure", "pack", "open", "members", "segments"}
        assert all(done == total for done, total in steps.values())


def test_writing_can_be_stopped_anywhere_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.fieldbundle"
    for stopped in range(8):
        asked = iter([False] * stopped + [True])
        with pytest.raises(Cancelled):
            write_bundle(content(), LAPTOP, HQ_KEYS, path, cancelled=lambda: next(asked))  # noqa: B023
        assert list(tmp_path.iterdir()) == []


def test_reading_can_be_stopped_anywhere_and_leaves_nothing(tmp_path: Path) -> None:
    path = bundle(tmp_path).path
    private = tmp_path / "private"
    private.mkdir()
    for stopped in range(8):
        asked = iter([False] * stopped + [True])
        with pytest.raises(Cancelled):
            read_bundle(path, [HQ.receiving], private, cancelled=lambda: next(asked))  # noqa: B023
        assert list(private.iterdir()) == []


def test_contents_that_no_reader_would_take_are_not_written(tmp_path: Path) -> None:
    cases: list[dict[str, Any]] = [
        {"sender_name": "x" * 201},
        {"created": "yesterday"},
        {"audience": "everybody"},
        {"totals": {"area_m2": 1.5}},
        {"readable": {"../README": b""}},
        {"readable": {"segments/hidden": b""}},
        {"readable": {MANIFEST: b""}},
        {"photos": [PackedPhoto(HEAD, PHOTO)]},
        {"segments": [segment(), segment()]},
    ]
    for changes in cases:
        with pytest.raises((NotAManifest, NotOurZip)):
            bundle(tmp_path, **changes)
    with pytest.raises(NotAManifest):
        bundle(tmp_path, recipients=[])
    with pytest.raises(ValueError):
        bundle(tmp_path, recipients=["age1nobody"])
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    script = """
import resource, signal, sys
from pathlib import Path
from fieldapp.sync.errors import StickFull
from tests.builders_sync import bundle
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
try:
    bundle(Path(sys.argv[1]))
except StickFull as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)
    assert "no room" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_while_opening_is_not_taken_for_damage(tmp_path: Path) -> None:
    path = bundle(tmp_path).path
    private = tmp_path / "private"
    private.mkdir()
    script = """
import resource, signal, sys
from pathlib import Path
from fieldapp.sync.errors import NoRoom
from tests.builders_sync import read_at_hq
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
try:
    read_at_hq(Path(sys.argv[1]), Path(sys.argv[2]))
except NoRoom as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script, path, private], capture_output=True, text=True, check=True)
    assert "no room" in done.stdout
    assert list(private.iterdir()) == []


def test_a_key_rotated_at_hq_still_opens_what_was_made_for_it(tmp_path: Path) -> None:
    newer = ReceivingKey(bytes(32))
    with read_bundle(bundle(tmp_path).path, [newer, HQ.receiving], tmp_path) as read:
        assert read.manifest.bundle.number == 1
