"""The packed finds are what a plain reading of the records is, whatever came or changed, at once or bit by bit."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from fieldapp.operations.owing import OUTCOME_CODES
from fieldapp.storage import map_chunks, space
from fieldapp.storage.columns import decimal_text
from fieldapp.storage.database import Store
from fieldapp.storage.ingest import ingest
from fieldapp.storage.map_chunks import GONE, POINT, ROWS, Mark
from fieldapp.storage.rebuild import rebuild
from tests.builders_storage import Json, event, event_id, segment_of, store_maker

Make = Callable[[str], Store]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    return store_maker(tmp_path_factory.mktemp("stores"))


class Writer:
    """A stream of events, and what the last event of each record was."""

    def __init__(self, store: Store, stream: str) -> None:
        self.store, self.stream = store, stream
        self.events: list[Json] = []
        self.sent = 0

    def say(self, record: str, changes: Json, *parents: str) -> str:
        prev = event_id(self.events[-1]) if self.events else None
        self.events.append(event(self.stream, len(self.events) + 1, prev, record, changes, parents=sorted(parents)))
        return event_id(self.events[-1])

    def send(self) -> None:
        assert not ingest(self.store, [segment_of(self.events[self.sent :])]).refused
        self.sent = len(self.events)


def find(lat: float, lon: float, quantity: int = 1, **more: Any) -> Json:
    return {"position": {"lat": decimal_text(lat), "lon": decimal_text(lon)}, "what": {"category": "ap_mine"},
            "amount": {"quantity": quantity, "unit": "piece"}, "found": {"found_on": "2024-07-30"}} | more


def disposal(of: str, quantity: int = 1, outcome: str = "destroyed_in_place") -> Json:
    return {"item": {"find": of},
            "done": {"outcome": outcome, "quantity": quantity, "unit": "piece", "done_on": "2024-07-31"}}


Points = list[tuple[int, float, float, bool]]


def packed(store: Store) -> Points:
    """As the chunks have them, brought up to date before: number, latitude, longitude, gone."""
    map_chunks.bring_up_to_date(store, OUTCOME_CODES)
    return sorted(
        (chunk.number * ROWS + point[0], point[1] / 1e7, point[2] / 1e7, bool(point[-1] & GONE))
        for chunk in map_chunks.news(store, Mark()).chunks for point in POINT.iter_unpack(chunk.data)
    )


def plainly(store: Store) -> Points:
    """The same by asking for each find and each of its disposals."""
    found = []
    everywhere = space.Box(-89.0, -179.0, 89.0, 179.0)
    for row in (store.rows("SELECT n, owner, id, quantity, found_on, unsettled FROM find")):
        shown = space.finds_of(store, [row[0]]).get(row[0])
        if shown is None:
            continue
        places = {place for place in space.places_told(store, shown) if everywhere.holds(*place)}
        deeds = store.rows("SELECT outcome, quantity, done_on, unsettled, retracted FROM disposal WHERE find = ?",
                           (f"find/{row[1]}/{row[2]}",))
        ended = sum(deed[1] for deed in deeds if deed[0] in OUTCOME_CODES.ending and not deed[4])
        sure = not row[5] and not any(deed[3] for deed in deeds) and all(deed[2] for deed in deeds)
        found += [(row[0], *place, sure and bool(row[4]) and ended == row[3]) for place in places]
    return sorted(found)


def test_a_find_is_gone_only_when_its_disposals_surely_end_all_of_it(make: Make) -> None:
    with make("hq0") as store:
        writer = Writer(store, "hq0.a")
        heads = {number: writer.say(f"find/t7/f{number}", find(40 + number / 100, 47.0, 2)) for number in range(6)}
        writer.say("disposal/t7/d0", disposal("find/t7/f0", 2))
        writer.say("disposal/t7/d1", disposal("find/t7/f1", 1))
        writer.say("disposal/t7/d2", disposal("find/t7/f2", 2, "moved"))
        writer.say("disposal/t7/d3", disposal("find/t7/f3", 3))
        twice = writer.say("disposal/t7/d4", disposal("find/t7/f4", 2))
        writer.say("disposal/t7/d5", disposal("find/t7/f5", 2))
        writer.send()
        assert [gone for *_, gone in packed(store)] == [True, False, False, False, True, True]
        others = [Writer(store, f"hq0.{name}") for name in "bc"]
        for other, quantity in zip(others, (1, 2), strict=True):
            other.say("disposal/t7/d4", {"done": disposal("", quantity)["done"] | {"outcome": "central_demolition"}},
                      twice)
            other.say("find/t7/f5", {"depth_cm": quantity}, heads[5])
            other.send()
        assert [gone for *_, gone in packed(store)] == [True, False, False, False, False, False], "disputed is unsure"
        assert packed(store) == plainly(store)


def test_a_disposal_that_names_another_find_leaves_the_first_in_the_ground(make: Make) -> None:
    with make("hq0") as store:
        writer = Writer(store, "hq0.a")
        for number in range(2):
            writer.say(f"find/t7/f{number}", find(40.0, 47 + number / 100))
        deed = writer.say("disposal/t7/d", disposal("find/t7/f0"))
        writer.send()
        assert [gone for *_, gone in packed(store)] == [True, False]
        deed = writer.say("disposal/t7/d", {"item": {"find": "find/t7/f1"}}, deed)
        writer.send()
        assert [gone for *_, gone in packed(store)] == [False, True]
        writer.say("disposal/t7/d", {"exists": False}, deed)
        writer.send()
        assert [gone for *_, gone in packed(store)] == [False, False]


def test_every_reading_of_a_place_is_a_point_and_only_what_surely_went_is_none(make: Make) -> None:
    with make("hq0") as store:
        writer, other = Writer(store, "hq0.a"), Writer(store, "hq0.b")
        moved, gone, disputed = (writer.say(f"find/t7/{name}", find(40.0, 47.0)) for name in ("f1", "f2", "f3"))
        writer.say("find/t7/f4", {"what": {"category": "ap_mine"}})
        writer.send()
        assert len(packed(store)) == 3
        writer.say("find/t7/f1", {"position": {"lat": "40.1", "lon": "47"}}, moved)
        other.say("find/t7/f1", {"position": {"lat": "40.2", "lon": "47"}}, moved)
        writer.say("find/t7/f2", {"exists": False}, gone)
        writer.say("find/t7/f3", {"exists": False}, disputed)
        other.say("find/t7/f3", {"remarks": "seen again"}, disputed)
        writer.send()
        other.send()
        assert [point[:3] for point in packed(store)] == [(1, 40.1, 47.0), (1, 40.2, 47.0), (3, 40.0, 47.0)]


def _random_step(dice: random.Random, writers: list[Writer], heads: dict[str, list[str]], step: int) -> None:
    """One more event: a find, a disposal, or something about either, perhaps without knowing the last word."""
    writer = dice.choice(writers)
    finds = [name for name in heads if name.startswith("find/")]
    known = dice.choice(list(heads)) if heads else ""
    parents = [dice.choice(heads[known])] if known else []
    if not finds or dice.random() < 0.3:
        known, parents = f"find/t7/f{step}", []
        changes = find(40 + dice.randrange(1000) / 1e4, 47 + dice.randrange(1000) / 1e4, dice.choice((1, 2)))
    elif dice.random() < 0.3:
        known, parents = f"disposal/t7/d{step}", []
        changes = disposal(dice.choice(finds), dice.choice((1, 2)), dice.choice(("destroyed_in_place", "moved")))
    elif dice.random() < 0.3:
        changes = {"exists": False}
    elif known.startswith("find/"):
        changes = {"position": find(40 + dice.randrange(1000) / 1e4, 47.5)["position"]}
    else:
        changes = {"item": {"find": dice.choice(finds)}}
    heads.setdefault(known, []).append(writer.say(known, changes, *parents))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_chunks_are_a_plain_reading_after_any_sequence(make: Make, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_chunks, "ROWS", 8)
    monkeypatch.setitem(globals(), "ROWS", 8)
    dice = random.Random(seed)
    disputed = gone = 0
    with make("hq0") as store:
        writers, heads = [Writer(store, f"hq0.{name}") for name in "abc"], dict[str, list[str]]()
        for step in range(120):
            _random_step(dice, writers, heads, step)
            if dice.random() < 0.3:
                for writer in dice.sample(writers, 2):
                    if writer.sent < len(writer.events):
                        writer.send()
                if dice.random() < 0.6:
                    expected = plainly(store)
                    assert packed(store) == expected
                    disputed += len(expected) > len({point[0] for point in expected})
                    gone += any(point[-1] for point in expected)
        before = {point[1:] for point in plainly(store)}
        since = map_chunks.news(store, Mark()).mark
        rebuild(store)
        assert {point[1:] for point in packed(store)} == before
        assert map_chunks.news(store, since).earlier
    assert disputed, "nothing was ever disputed: the comparison says less than it seems"
    assert gone, "nothing was ever destroyed"


def test_only_chunks_whose_rows_changed_are_made_again_and_parts_can_be_made_one_by_one(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_chunks, "ROWS", 4)
    with make("hq0") as store:
        writer = Writer(store, "hq0.a")
        heads = [writer.say(f"find/t7/f{number}", find(40.0, 47 + number / 100)) for number in range(10)]
        writer.send()
        assert [map_chunks.bring_up_to_date(store, OUTCOME_CODES, 1) for _ in range(4)] == [2, 1, 0, 0]
        read = map_chunks.news(store, Mark())
        assert ([chunk.number for chunk in read.chunks], read.mark.last) == ([0, 1, 2], 10)
        unchanged = store.changes
        map_chunks.bring_up_to_date(store, OUTCOME_CODES)
        assert store.changes == unchanged, "nothing changed and yet it was written"
        writer.say("find/t7/new", find(40.0, 46.0))
        writer.send()
        map_chunks.bring_up_to_date(store, OUTCOME_CODES)
        new = map_chunks.news(store, read.mark)
        assert ([chunk.number for chunk in new.chunks], new.earlier) == ([2], False)
        writer.say("find/t7/f0", {"position": {"lat": "41", "lon": "46"}}, heads[0])
        writer.send()
        map_chunks.bring_up_to_date(store, OUTCOME_CODES)
        changed = map_chunks.news(store, new.mark)
        assert ([chunk.number for chunk in changed.chunks], changed.earlier) == ([0], True)
