"""What of each stream is here, whose clock was in doubt, and which records do not fit the day they were written on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.storage import coverage, journal, ledger
from fieldapp.storage.coverage import Unusual
from fieldapp.storage.database import Store, open_store
from fieldapp.storage.ingest import IncomingSegment, ingest
from fieldapp.storage.ledger import Bundle
from fieldapp.storage.rebuild import rebuild
from tests.builders_storage import KEY, Json, event, event_id, segment_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "records.db", KEY, create=True, root="lap1") as opened:
        yield opened


def log(stream: str, *days: tuple[str, str] | tuple[str, str, Json]) -> list[Json]:
    """Finds of a stream: moment written, day claimed, other members."""
    made: list[Json] = []
    for seq, (at, day, *others) in enumerate(days, 1):
        prev = event_id(made[-1]) if made else None
        changes = {"found": {"found_on": day}} if day else {"depth_cm": 5}
        made.append(event(stream, seq, prev, f"find/t7/{stream[-1]}{seq}", changes, at=at, by="A", **(
            others[0] if others else {}
        )))
    return made


def brought(segment: IncomingSegment, bundle: str) -> IncomingSegment:
    return IncomingSegment(
        segment.stream, segment.from_seq, segment.to_seq, segment.prev, segment.head, segment.data, bundle=bundle
    )


def a_bundle(store: Store, name: str, taken_at: str, direction: Any = "in") -> None:
    ledger.add_bundle(store, Bundle(name, direction, f"{name}.fieldbundle", "lap1", taken_at, taken_at, {}))


WEEK = [(f"2024-07-{day}T08:00:00Z", f"2024-07-{day}") for day in range(22, 30)]


def test_ranges_that_touch_or_overlap_are_one_and_gaps_stay(store: Store) -> None:
    one, other = log("lap1.a", *WEEK), log("lap1.b", *WEEK[:2])
    ingest(store, [segment_of(one[5:7]), segment_of(one[:2]), segment_of(other)])
    assert coverage.received(store) == {"lap1.a": [(1, 2), (6, 7)], "lap1.b": [(1, 2)]}
    ingest(store, [segment_of(one[2:3])])
    assert coverage.received(store)["lap1.a"] == [(1, 3), (6, 7)]
    branch = [*one[:1], *log("lap1.a", WEEK[0], *WEEK[2:7])[1:]]
    ingest(store, [segment_of(branch[1:4])])
    assert coverage.received(store)["lap1.a"] == [(1, 4), (6, 7)], "a shorter branch makes no range shorter"
    ingest(store, [segment_of(one[3:5])])
    assert coverage.received(store)["lap1.a"] == [(1, 7)]


def test_a_clock_is_in_doubt_only_where_the_event_itself_says_so(store: Store) -> None:
    events = log(
        "lap1.a", (*WEEK[0], {"clock": "doubt"}), (*WEEK[1], {"clock": "ok"}),
        (*WEEK[2], {"novel": {"clock": "doubt"}}), (*WEEK[3], {"why": '"clock":"doubt"'}),
        (*WEEK[4], {"clock": "doubt"}),
    )
    other = log("lap1.b", *WEEK[:2], (*WEEK[2], {"clock": "doubt"}))
    ingest(store, [segment_of(events[:2]), segment_of(other)])
    assert coverage.doubtful(store) == {("lap1.a", 1), ("lap1.b", 3)}
    ingest(store, [segment_of(events)])
    expected = {("lap1.a", 1), ("lap1.a", 5), ("lap1.b", 3)}
    assert coverage.doubtful(store) == expected
    journal.new_stream(store, "dev.a", "all")
    journal.append(store, "dev.a", {"parents": [], "record": "find/t7/x", "set": {"depth_cm": 5}, "clock": "doubt"})
    expected.add(("dev.a", 1))
    assert coverage.doubtful(store) == expected
    rebuild(store)
    assert coverage.doubtful(store) == expected


def test_dated_records_come_in_the_order_of_their_logs_with_the_day_their_bundle_came(store: Store) -> None:
    one, other = log("lap1.a", *WEEK[:3]), log("lap1.b", WEEK[3], ("2024-07-26T08:00:00Z", ""), WEEK[4])
    for name, at in (("first", "2024-08-01T00:00:00Z"), ("second", "2024-08-02T00:00:00Z")):
        a_bundle(store, name, at)
    a_bundle(store, "out", "2024-08-03T00:00:00Z", "out")
    ingest(store, [brought(segment_of(one[:2]), "first"), brought(segment_of(one[2:]), "second")])
    ingest(store, [brought(segment_of(other[:1]), "out"), brought(segment_of(other[1:]), "second")])
    found = list(coverage.dated(store, "find", "found_on"))
    assert [(at.stream, at.seq, at.day, at.received_at[:10]) for at in found] == [
        ("lap1.a", 1, "2024-07-22", "2024-08-01"), ("lap1.a", 2, "2024-07-23", "2024-08-01"),
        ("lap1.a", 3, "2024-07-24", "2024-08-02"), ("lap1.b", 1, "2024-07-25", ""),
        ("lap1.b", 3, "2024-07-26", "2024-08-02"),
    ]
    assert (found[0].record, found[0].at, found[0].by) == ("find/t7/a1", "2024-07-22T08:00:00Z", "A")
    assert [at.seq for at in coverage.dated(store, "find", "found_on", ["lap1.b"])] == [1, 3]
    assert list(coverage.dated(store, "find", "found_on", [])) == []
    gone = event("lap1.a", 4, event_id(one[2]), "find/t7/a2", {"exists": False}, parents=[event_id(one[1])])
    ingest(store, [segment_of([gone])])
    assert [at.seq for at in coverage.dated(store, "find", "found_on", ["lap1.a"])] == [1, 3]
    for kind, column in (("find", "nothing"), ("mystery", "found_on")):
        with pytest.raises(ValueError, match=column):
            list(coverage.dated(store, kind, column))


def test_only_what_does_not_fit_its_day_is_unusual(store: Store) -> None:
    usual = [WEEK[0], WEEK[1], WEEK[1]]
    late = ("2024-07-25T08:00:00Z", "2024-07-24")
    back = ("2024-07-23T08:00:00Z", "2024-07-23")
    again = ("2024-07-25T09:00:00Z", "2024-07-25")
    unsure = ("2024-07-26T09:00:00Z", "2024-07-26", {"clock": "doubt"})
    ahead = ("2024-09-01T09:00:00Z", "2024-09-01")
    a_bundle(store, "first", "2024-08-01T00:00:00Z")
    events = log("lap1.a", *usual, late, back, again, unsure, ahead)
    ingest(store, [brought(segment_of(events), "first"), segment_of(log("lap1.b", *usual))])

    def shown(one: Unusual) -> tuple[int, str, bool]:
        return one.dated.seq, one.before[:10], one.doubt

    assert [shown(one) for one in coverage.unusual(store, "find", "found_on")] == [
        (4, "2024-07-23", False), (5, "2024-07-25", False), (7, "2024-07-25", True), (8, "2024-07-26", False),
    ]
    assert list(coverage.unusual(store, "find", "found_on", ["lap1.b"])) == []


def test_the_last_day_of_each_device_is_that_of_any_bundle_that_brought_something_of_it(store: Store) -> None:
    one, other = log("lap1.a", *WEEK[:2]), log("lap2.b", *WEEK[:2])
    for name, at in (("first", "2024-08-01T00:00:00Z"), ("second", "2024-08-02T00:00:00Z")):
        a_bundle(store, name, at)
    a_bundle(store, "out", "2024-08-09T00:00:00Z", "out")
    ingest(store, [brought(segment_of(one[:1]), "second"), brought(segment_of(other), "first")])
    ingest(store, [brought(segment_of(one[1:]), "first"), brought(segment_of(log("lap3.c", *WEEK[:1])), "out")])
    assert coverage.last_taken_in(store) == {"lap1": "2024-08-02T00:00:00Z", "lap2": "2024-08-01T00:00:00Z"}
