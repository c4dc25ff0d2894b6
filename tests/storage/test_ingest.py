"""Rules of the intake that any order of honest segments does not show: lies of a carrier, counts, a bulk load."""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Callable
from typing import Any

import pytest
from sqlite_utils import Database

from fieldapp.domain.kinds import Kind
from fieldapp.domain.segments import SegmentHeader, encode_segment
from fieldapp.storage import ingest as taking
from fieldapp.storage import journal, listing, schema
from fieldapp.storage.database import Store
from fieldapp.storage.ingest import IncomingSegment, ingest
from fieldapp.storage.merged import merge_result
from tests.builders_storage import (
    PUBLIC_KEY,
    Json,
    contents,
    event,
    event_id,
    line_of,
    reference,
    segment_of,
    store_maker,
)

Make = Callable[[str], Store]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    return store_maker(tmp_path_factory.mktemp("stores"))


def log(count: int, stream: str = "hq0.a", **others: Any) -> list[Json]:
    made: list[Json] = []
    for seq in range(1, count + 1):
        prev = event_id(made[-1]) if made else None
        made.append(event(stream, seq, prev, f"find/t7/{stream[-1]}{seq:02d}", {"depth_cm": 5}, **others))
    return made


LIES: dict[str, Any] = {
    "stream": "hq0.b", "from_seq": 1, "to_seq": 9, "prev": "ab" * 32, "head": "cd" * 32
}


@pytest.mark.parametrize("member", list(LIES))
def test_a_segment_that_is_not_what_its_carrier_says_is_refused_and_the_next_is_taken(make: Make, member: str) -> None:
    events = log(4)
    honest = segment_of(events[1:3])
    with make("hq0") as store:
        before = contents(store)
        result = ingest(store, [dataclasses.replace(honest, **{member: LIES[member]})])
        assert [one.reason for one in result.refused] == ["not what its carrier says"]
        assert (result.new, result.segments, contents(store)) == (0, 0, before)
        assert ingest(store, [honest]).new == 2


def test_a_stream_keeps_its_audience(make: Make) -> None:
    events = log(4)
    with make("hq0") as store:
        assert ingest(store, [segment_of(events[:2], "team/t7")]).refused == []
        result = ingest(store, [segment_of(events[2:], "all")])
        assert [(one.stream, one.from_seq, one.to_seq, one.reason) for one in result.refused] == [
            ("hq0.a", 3, 4, "another audience")
        ]
        assert [one.audience for one in journal.streams(store)] == ["team/t7"]


def raw(events: list[Json], lines: list[bytes]) -> IncomingSegment:
    header = SegmentHeader("hq", 0, events[0]["seq"], PUBLIC_KEY, events[0]["prev"], events[0]["stream"])
    return dataclasses.replace(segment_of(events), data=encode_segment(header, lines))


def test_a_line_with_another_number_than_its_place_refuses_its_segment(make: Make) -> None:
    for record in ("find/t7/01", "mystery/t7/01"):  # the fast way and the generic one
        one = event("hq0.a", 1, None, record, {"depth_cm": 5})
        two = event("hq0.a", 3, event_id(one), record, {"depth_cm": 6})
        false = [one, {**two, "seq": 2}]
        with make("hq0") as store:
            segment = raw(false, [line_of(one), line_of(two)])
            segment = dataclasses.replace(segment, head=event_id({**two, "seq": 3}))
            assert len(ingest(store, [segment]).refused) == 1
            assert merge_result(store)["records"] == {}


def test_a_stream_of_ones_own_that_somebody_else_writes_on_is_closed(make: Make) -> None:
    with make("dev") as store:
        for stream in ("dev.a", "dev.b"):
            journal.new_stream(store, stream, "hq")
        mine = journal.append(store, "dev.a", {"parents": [], "record": "find/dev/01", "set": {"depth_cm": 5}})
        other = event("dev.a", 2, mine.id, "find/dev/02", {"depth_cm": 6})
        assert ingest(store, [segment_of([other])]).new == 1
        assert {one.id: one.closed for one in journal.streams(store)} == {"dev.a": True, "dev.b": False}


def test_an_echo_of_ones_own_events_closes_nothing(make: Make) -> None:
    with make("dev") as store:
        journal.new_stream(store, "dev.a", "hq")
        mine = journal.append(store, "dev.a", {"parents": [], "record": "find/dev/01", "set": {"depth_cm": 5}})
        echo = {"stream": "dev.a", "seq": 1, "prev": None, "record": "find/dev/01", "parents": [],
                "set": {"depth_cm": 5}}
        assert event_id(echo) == mine.id
        result = ingest(store, [segment_of([echo])])
        assert (result.new, result.known, result.segments) == (0, 1, 0)
        assert [one.closed for one in journal.streams(store)] == [False]


def test_what_an_ingest_says_of_itself(make: Make) -> None:
    events = log(5)
    correction = event("hq0.b", 1, None, "find/t7/a01", {"depth_cm": 9}, parents=[event_id(events[0]), "ef" * 32])
    stranger = event("lap9.a", 1, None, "plot/t7/01", {"remarks": "x"})
    branch = event("hq0.a", 4, event_id(events[2]), "find/t7/zz", {"depth_cm": 7})
    with make("hq0") as store:
        first = ingest(store, [segment_of(events[:3]), segment_of([stranger])])
        assert (first.new, first.known, first.differ, first.segments) == (4, 0, 0, 2)
        assert (first.quarantined, first.pending) == (1, 0)
        assert dict(first.events_by_kind) == {"find": 3, "plot": 1}
        assert first.heads == {"hq0.a": (3, event_id(events[2])), "lap9.a": (1, event_id(stranger))}
        second = ingest(store, [segment_of(events), segment_of([branch]), segment_of([correction])])
        assert (second.new, second.known, second.differ, second.segments) == (4, 3, 1, 3)
        assert (second.quarantined, second.pending) == (0, 1)
        assert "find/t7/a01" in second.touched
        assert "find/t7/a05" not in second.touched
        assert second.heads["hq0.a"] == (5, event_id(events[4]))
        steps: list[tuple[int, int]] = []
        assert ingest(store, [segment_of(events)], progress=lambda *step: steps.append(step)).known == 5
        assert steps == [], "what is known is not even unpacked"
        assert merge_result(store) == reference([*events, correction, stranger, branch], "hq0")


def indexes(store: Store) -> list[tuple[Any, ...]]:
    return store.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name")


def test_a_bulk_load_ends_with_the_same_tables_and_indexes(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    events = log(12)
    with make("hq0") as bulk, make("hq0") as usual:
        before = indexes(bulk)
        ingest(usual, [segment_of(events)])
        monkeypatch.setattr(taking, "_BULK_EVENTS", 5)
        dropped: list[str] = []
        drop = schema.drop_indexes

        def counted(database: Database, kind: Kind) -> None:
            dropped.append(kind.name)
            drop(database, kind)

        monkeypatch.setattr(taking, "drop_indexes", counted)
        ingest(bulk, [segment_of(events)])
        assert "find" in dropped
        assert indexes(bulk) == before == indexes(usual)
        assert contents(bulk) == contents(usual)
        dropped.clear()
        ingest(bulk, [segment_of(log(6, "hq0.b"))])
        assert dropped == [], "only where more comes than is here"


def test_a_bulk_load_that_fails_leaves_the_indexes(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "_BULK_EVENTS", 5)

    def fail(done: int, _total: int) -> None:
        raise KeyboardInterrupt(done)

    with make("hq0") as store:
        before, state = indexes(store), contents(store)
        with pytest.raises(KeyboardInterrupt):
            ingest(store, [segment_of(log(12))], progress=fail)
        assert (indexes(store), contents(store)) == (before, state)


def test_the_collector_rests_during_a_large_intake_and_works_again_after_it(make: Make) -> None:
    events = log(8)
    running: list[bool] = []

    def look(_done: int, _total: int) -> None:
        running.append(gc.isenabled())

    def fail(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with make("hq0") as store:
        ingest(store, [segment_of(events[:1])], progress=look)
        ingest(store, [segment_of(events[at : at + 1]) for at in range(1, 6)], progress=look)
        assert running == [True, False, False, False, False, False]
        assert gc.isenabled()
        gc.disable()
        try:
            ingest(store, [segment_of([one]) for one in log(4, "hq0.b")])
            assert not gc.isenabled(), "who switched it off wants it so"
        finally:
            gc.enable()
        with pytest.raises(KeyboardInterrupt):
            ingest(store, [segment_of([one]) for one in log(5, "hq0.c")], progress=fail)
        assert gc.isenabled()


def test_records_that_lack_a_position_are_counted_without_reading_the_others(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Any]] = []
    with make("hq0") as store:
        ingest(store, [segment_of(log(12))])
        rows = store.rows

        def noted(sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
            asked.append((sql, parameters))
            return rows(sql, parameters)

        monkeypatch.setattr(store, "rows", noted)
        counted = listing.count(store, "find", listing.Filter(retracted=False, lacking=("lat", "lon")))
        assert counted == rows("SELECT count(*) FROM find WHERE lat IS NULL OR lon IS NULL")[0][0] > 0
        ((sql, parameters),) = asked
        assert "find_lacking" in rows(f"EXPLAIN QUERY PLAN {sql}", parameters)[0][-1]
