"""The journal's own rules: who may write where, how portions are sealed, what is held, asked for and handed out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.segments import MAX_EVENTS, chain_segment, decode_segment
from fieldapp.storage import journal
from fieldapp.storage.database import Store, open_store
from fieldapp.storage.ingest import ingest
from tests.builders_storage import KEY, PUBLIC_KEY, Json, event, event_id, segment_of

OWN, OTHER = "dev.a", "lap1.a"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "records.db", KEY, create=True, root="dev") as opened:
        journal.new_stream(opened, OWN, "team/dev")
        yield opened


def save(store: Store, number: int, stream: str = OWN, **others: Any) -> str:
    body = {"parents": [], "record": f"find/dev/{number:05d}", "set": {"depth_cm": 5}} | others
    return journal.append(store, stream, body).id


def sealed(store: Store, stream: str = OWN) -> list[int]:
    return journal.seal(store, stream, lambda data: f"over {len(data)}", PUBLIC_KEY)


def foreign(count: int, stream: str = OTHER, depth_cm: int = 5) -> list[Json]:
    made: list[Json] = []
    for seq in range(1, count + 1):
        prev = event_id(made[-1]) if made else None
        made.append(event(stream, seq, prev, f"find/t7/{seq:02d}", {"depth_cm": depth_cm if seq > 1 else 1}))
    return made


def test_the_newest_open_stream_for_an_audience_is_written(store: Store) -> None:
    assert journal.own_stream(store, "team/t7") is None
    journal.new_stream(store, "dev.b", "team/dev")
    journal.new_stream(store, "dev.c", "all")
    ingest(store, [segment_of(foreign(1), "team/dev")])
    assert journal.own_stream(store, "team/dev") == "dev.b"
    assert journal.own_stream(store, "all") == "dev.c"
    store.execute("UPDATE stream SET closed = 1 WHERE id = 'dev.b'")
    assert journal.own_stream(store, "team/dev") == OWN
    assert [(one.id, one.own, one.closed, one.device, one.audience) for one in journal.streams(store)] == [
        (OWN, True, False, "dev", "team/dev"), ("dev.b", True, True, "dev", "team/dev"),
        ("dev.c", True, False, "dev", "all"), (OTHER, False, False, "lap1", "team/dev"),
    ]


def test_nobody_writes_or_seals_in_another_ones_stream(store: Store) -> None:
    ingest(store, [segment_of(foreign(1))])
    for stream in (OTHER, "dev.unknown"):
        with pytest.raises(journal.NotWritable):
            save(store, 1, stream)
        with pytest.raises(journal.NotWritable):
            sealed(store, stream)
    journal.close_streams(store)
    ingest(store, [segment_of(foreign(1, "lap2.a"))])
    assert [one.closed for one in journal.streams(store)] == [True, False, False], "only own streams are closed"


def test_each_event_is_built_on_the_one_before_in_its_own_stream(store: Store) -> None:
    journal.new_stream(store, "dev.b", "all")
    first = save(store, 1)
    other = save(store, 2, "dev.b")
    second = save(store, 3)
    held = {(e["stream"], e["seq"]): e["prev"] for e in lines(store)}
    assert held == {(OWN, 1): None, (OWN, 2): first, ("dev.b", 1): None}
    assert journal.branches(store) == {OWN: [(2, second)], "dev.b": [(1, other)]}


def lines(store: Store) -> list[Json]:
    return [
        {"stream": stream, "seq": seq, "prev": prev.hex() if prev else None}
        for stream, seq, prev in store.rows(
            "SELECT s.id, u.seq, u.prev FROM unsealed u JOIN stream s ON s.n = u.stream"
        )
    ]


def test_sealing_cuts_portions_and_leaves_other_streams_open(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MAX_EVENTS", 3)
    journal.new_stream(store, "dev.b", "all")
    ids = [save(store, number) for number in range(7)]
    save(store, 9, "dev.b")
    assert len(sealed(store)) == 3
    parts = journal.segments_from(store, OWN)
    assert [(part.from_seq, part.to_seq) for part in parts] == [(1, 3), (4, 6), (7, 7)]
    assert [part.prev for part in parts] == [None, ids[2], ids[5]]
    assert [part.head for part in parts] == [ids[2], ids[5], ids[6]]
    assert [part.sig for part in parts] == [f"over {len(part.data)}" for part in parts]
    for part in parts:
        header, _ = decode_segment(part.data)
        assert (header.stream, header.audience, header.first, header.prev, header.key) == (
            OWN, "team/dev", part.from_seq, part.prev, PUBLIC_KEY
        )
    assert [one["stream"] for one in lines(store)] == ["dev.b"]
    assert sealed(store) == []
    assert MAX_EVENTS == 2_000


def test_sealing_cuts_by_size_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_MAX_SEALED_BYTES", 900)
    for number in range(4):
        save(store, number, why="x" * 300)
    sealed(store)
    parts = journal.segments_from(store, OWN)
    assert [(part.from_seq, part.to_seq) for part in parts] == [(1, 2), (3, 4)]
    for part in parts:
        assert sum(len(line) + 1 for line in decode_segment(part.data)[1]) <= 900


def test_a_single_line_larger_than_a_portion_is_sealed_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_MAX_SEALED_BYTES", 100)
    for number in range(3):
        save(store, number, why="x" * 300)
    sealed(store)
    assert [(part.from_seq, part.to_seq) for part in journal.segments_from(store, OWN)] == [(1, 1), (2, 2), (3, 3)]


def test_what_is_handed_out_begins_after_the_number_asked_for(store: Store) -> None:
    events = foreign(6)
    ingest(store, [segment_of(events[:2]), segment_of(events[2:5]), segment_of(events[5:])])
    ingest(store, [segment_of(foreign(2, "lap2.a"))])
    for after, firsts in ((0, [1, 3, 6]), (1, [1, 3, 6]), (2, [3, 6]), (4, [3, 6]), (5, [6]), (6, [])):
        assert [part.from_seq for part in journal.segments_from(store, OTHER, after)] == firsts


def test_a_place_is_held_only_with_its_number_in_its_stream(store: Store) -> None:
    events = foreign(4)
    ids = [event_id(one) for one in events]
    ingest(store, [segment_of(events[:2]), segment_of(events[2:])])
    open_one = save(store, 1)
    for seq, i in enumerate(ids, 1):
        assert journal.holds(store, OTHER, seq, i)
        assert not journal.holds(store, OTHER, seq + 1, i)
        assert not journal.holds(store, OWN, seq, i)
        assert not journal.holds(store, "lap9.a", seq, i)
    assert journal.holds(store, OWN, 1, open_one)
    assert not journal.holds(store, OTHER, 1, "ab" * 32)


def test_a_segment_is_known_by_its_head_only_where_nothing_is_missing(store: Store) -> None:
    events = foreign(6)
    ids = [event_id(one) for one in events]
    ingest(store, [segment_of(events[:2]), segment_of(events[4:])])
    assert not journal.has_segment(store, ids[5]), "behind a gap another cut may fill it"
    assert not journal.has_segment(store, ids[3])
    assert journal.has_segment(store, ids[5], first=5), "all of it lies in the stored one, whatever is missing before"
    assert journal.has_segment(store, ids[5], first=6)
    assert not journal.has_segment(store, ids[5], first=4), "a longer one brings what is missing"
    other = foreign(3, "lap2.a")
    ingest(store, [segment_of(other)])
    assert journal.has_segment(store, event_id(other[2]))
    assert not journal.has_segment(store, event_id(other[1])), "no stored segment and no stream ends there"
    ingest(store, [segment_of(events[2:4])])
    assert all(journal.has_segment(store, ids[at]) for at in (1, 3, 5))
    branch = [*events[:2], *foreign(6, depth_cm=9)[2:3]]
    assert not journal.has_segment(store, event_id(branch[2]))


def test_a_segment_that_the_caller_has_chained_is_taken_as_it_was_and_no_other_in_its_place(store: Store) -> None:
    first, second = segment_of(foreign(3)), segment_of(foreign(3, "lap2.a"))
    result = ingest(store, [
        replace(first, chained=chain_segment(first.data).without_lines()),
        replace(second, chained=chain_segment(first.data)),
    ])
    assert (result.new, result.refused) == (6, [])
    assert {one: seq for one, (seq, _) in result.heads.items()} == {OTHER: 3, "lap2.a": 3}
    assert {one["head"] for one in journal.receipts_to_give(store)} == {first.head, second.head}


def test_ends_gaps_and_forks_are_told_for_each_branch(store: Store) -> None:
    events, branch = foreign(5), foreign(3, depth_cm=9)
    ids, others = [event_id(one) for one in events], [event_id(one) for one in branch]
    ingest(store, [segment_of(events[:2]), segment_of(events[3:])])
    assert journal.branches(store) == {OTHER: [(2, ids[1]), (5, ids[4])]}
    assert journal.gaps(store) == [{"stream": OTHER, "from": 3, "to": 3, "head": ids[2]}]
    assert journal.receipts_to_give(store) == [{"stream": OTHER, "seq": 2, "head": ids[1]}]
    assert journal.forks(store) == []
    ingest(store, [segment_of(events[2:3])])
    assert journal.branches(store) == {OTHER: [(5, ids[4])]}
    assert journal.gaps(store) == []
    ingest(store, [segment_of(branch)])
    assert journal.branches(store) == {OTHER: sorted([(5, ids[4]), (3, others[2])])}
    assert journal.forks(store) == [{"stream": OTHER, "seq": 2, "events": sorted([ids[1], others[1]])}]
    assert sorted(str(one["head"]) for one in journal.receipts_to_give(store)) == sorted([ids[4], others[2]])
