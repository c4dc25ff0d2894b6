"""D7: numbers of events that jump, are negative, too large, or come again with other content."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from fieldapp.domain.canonical import MAX_INTEGER
from fieldapp.domain.segments import NotASegment, SegmentHeader, encode_segment, head_of
from fieldapp.operations import imports, inbox, lookup
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.merged import state_hash
from fieldapp.sync.bundle import PackedSegment
from fieldapp.sync.segments import sign_segment
from tests.builders import Deployment, a_find, deployment
from tests.builders_faults import carried, event_line, forged_segment, packed, sealed_day

JUMPS = [0, -1, -(2**53), 2, 3, MAX_INTEGER, 2**53, 2**63 - 1, 2**63, 10**40]


def brought(there: Deployment, segments: list[PackedSegment]) -> imports.Outcome:
    laptop = there.laptops["laptop"]
    return imports.import_file(there.hq, carried(laptop, there.stick, segments, with_token=True))


def beginning_at(laptop: Workspace, first: int) -> PackedSegment:
    """One event numbered ``first``, built on an event that nobody has."""
    header = SegmentHeader("team/t7", 0, first, laptop.keys.signing_public, "a" * 64, f"{laptop.device}.jumping2")
    lines = [event_line(laptop, {"depth_cm": 5}, seq=first)]
    data = encode_segment(header, lines)
    return PackedSegment(header, first, head_of(header, lines), data, sign_segment(laptop.keys, data))


def test_d7_a_line_with_another_number_than_its_place_refuses_its_segment_alone(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        good = a_find(laptop).name
        line = event_line(laptop, {"depth_cm": 5})
        false = [
            forged_segment(laptop.keys, [line.replace(b'"seq":1', f'"seq":{seq}'.encode())], stream=f"jump{n}".ljust(
                8, "a").replace("0", "z").replace("1", "y").replace("8", "x").replace("9", "w"))
            for n, seq in enumerate([*JUMPS, '"1"', "1.0", "null", "true", "[1]"])
        ]
        outcome = brought(there, [packed(sealed_day(laptop)), *false])
        assert len(outcome.refused_segments) == len(false)
        assert [row.name for row in lookup.rows(there.hq, "find")] == [good]


@pytest.mark.parametrize("first", [seq for seq in JUMPS if not 1 <= seq <= MAX_INTEGER])
def test_d7_a_segment_that_begins_at_no_number_is_none(tmp_path: Path, first: int) -> None:
    with deployment(tmp_path, "laptop") as there, pytest.raises((NotASegment, OverflowError, ValueError)):
        beginning_at(there.laptops["laptop"], first)


def test_d7_the_greatest_number_is_taken_behind_a_gap_and_hinders_nothing(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        assert brought(there, [beginning_at(laptop, MAX_INTEGER)]).new == 1
        (gap,) = inbox.gaps(there.hq)
        assert (gap["from"], gap["to"]) == (1, MAX_INTEGER - 1)
        name = a_find(laptop).name
        there.carry(laptop)
        there.answer(laptop)
        assert there.carry(laptop).status == "known"
        assert name in {row.name for row in lookup.rows(there.hq, "find")}


def test_d7_a_number_again_with_other_content_is_a_fork_and_takes_nothing_away(tmp_path: Path) -> None:
    with deployment(tmp_path, "laptop") as there:
        laptop = there.laptops["laptop"]
        one, other = (
            forged_segment(laptop.keys, [event_line(laptop, {"depth_cm": depth})], stream="twice222")
            for depth in (5, 7)
        )
        assert brought(there, [one]).forked == 0
        before = state_hash(there.hq.store)
        assert brought(there, [other]).forked == 1
        assert [fork["seq"] for fork in inbox.forks(there.hq)] == [1]
        assert sorted(row["depth_cm"] for row in lookup.rows(there.hq, "find")) == [5, 7]
        lying = dataclasses.replace(other, head=one.head)
        assert brought(there, [lying]).new == 0
        assert state_hash(there.hq.store) != before
        assert sorted(row["depth_cm"] for row in lookup.rows(there.hq, "find")) == [5, 7]
