from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.storage.database import Store
from fieldapp.storage.ingest import ingest
from fieldapp.storage.merged import merge_result, state_hash
from fieldapp.storage.rebuild import rebuild
from tests.builders_storage import (
    Json,
    contents,
    deliveries,
    event_id,
    oracle,
    pieces,
    reference,
    segment_of,
    store_maker,
    vectors,
)

Make = Callable[[str], Store]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    return store_maker(tmp_path_factory.mktemp("stores"))


def delivered(store: Store, events: list[Json], seed: int) -> None:
    dice = random.Random(seed)
    for delivery in deliveries(pieces(events, dice), dice):
        assert ingest(store, delivery).refused == []


def agrees(store: Store, expected: Json) -> str:
    """The store equals the reference model, before and after a rebuild; returns its state hash."""
    assert merge_result(store) == expected
    before, digest = contents(store), state_hash(store)
    rebuild(store)
    assert merge_result(store) == expected
    assert contents(store) == before
    assert state_hash(store) == digest
    assert not store.rows("PRAGMA foreign_key_check")
    return digest


@pytest.mark.parametrize("vector", vectors, ids=[vector["name"] for vector in vectors])
def test_every_vector_in_any_cut_and_order(vector: Json, make: Make) -> None:
    expected = reference(vector["events"], vector["root"])
    digests = set()
    for seed in range(4):
        with make(vector["root"]) as store:
            delivered(store, vector["events"], seed)
            digests.add(agrees(store, expected))
    assert len(digests) == 1


RECORDS = (
    "find/t7/01", "find/t7/02", "find/t8/01", "plot/t7/01", "decision/t7/01", "mystery/t7/01", "hazardous_area/t7/01",
    "task/hq/01", "device/hq/lap1", "device/hq/lap2", "device/hq/hq1", "device/t7/lap1", "team/hq/t7",
)
STREAMS = ("hq0.a", "hq1.a", "lap1.a", "lap1.b", "lap2.a", "lapx.a")
VALUES: dict[str, list[Any]] = {
    "what": [{"category": "ap_mine", "model": "ПМН-2"}, {"category": "uxo"}, {"category": 7}, {"brand": "new"}],
    "amount": [{"quantity": 1, "unit": "piece"}, {"quantity": "2.50", "unit": "piece"}, {"quantity": "2.5"}, {}],
    "position": [{"lat": "39.60412", "lon": "48.10277"}, {"lat": "39.60", "lon": "48.10"}, {"lat": "95", "lon": "0"}],
    "depth_cm": [10, 20, -4, "10", True],
    "anti_lift": [True, False, 1],
    "found": [{"found_on": "2024-07-29", "found_by": "A"}, {"found_on": "yesterday"}],
    "land": [
        {"release": "cleared", "depth_cm": 20, "area_m2": "100.5", "outline": [[[{"lat": "39.6", "lon": "48.1"}]]]},
        {"release": "reduced", "area_m2": "100.50"}, {"status": "open", "area_m2": 5},
    ],
    "remarks": ["near the road", "", "a\x00b", "у дерева"],
    "something_new": [1, {"a": {"b": []}}, "x"],
    "of": [{"record": "find/t7/01", "seen": []}, {"record": 3}],
    "verdict": ["approved", "rejected"],
    "status": ["assigned", "closed"],
    "name": ["laptop 1", "Team 7"],
    "exists": [False, False, True],
}
USUAL = ("what", "amount", "position", "depth_cm", "found", "remarks", "land", "exists")


class World:
    """Events as several installations might write them, honest or not."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw
        self.events: list[Json] = []
        self.ids: list[str] = []

    def pick(self, options: list[Any] | tuple[Any, ...]) -> Any:
        return self.draw(st.sampled_from(options))

    def one_in(self, count: int) -> bool:
        return bool(self.draw(st.integers(1, count)) == 1)

    def add(self, stream: str, record: str, changes: Json, **others: Any) -> None:
        mine = [(e["seq"], i) for e, i in zip(self.events, self.ids, strict=True) if e["stream"] == stream]
        tip = self.pick(mine) if mine and self.one_in(9) else max(mine, default=(0, None))
        made: Json = {
            "stream": stream, "seq": tip[0] + 1, "prev": tip[1], "record": record, "parents": [], "set": changes,
            "at": f"2024-07-29T10:{len(self.events):02d}:00Z", "by": "A",
        } | others
        if event_id(made) not in self.ids:
            self.events.append(made)
            self.ids.append(event_id(made))

    def grant(self, stream: str, device: str) -> None:
        until = None
        if self.one_in(3) and self.events:
            cut = self.pick(list(range(len(self.events))))
            until = [[self.events[cut]["stream"], self.events[cut]["seq"], self.ids[cut]]]
        value: Json = {"role": self.pick(("field", "field", "field", "hq", "odd")), "until": until,
                       "teams": self.pick((["t7"], ["t7", "t8"], []))}
        self.add(stream, f"device/hq/{device}", {"grant": value}, parents=self.parents(f"device/hq/{device}"))

    def parents(self, record: str) -> list[str]:
        here = [i for e, i in zip(self.events, self.ids, strict=True) if e["record"] == record]
        chosen = set(self.draw(st.lists(st.sampled_from(here), max_size=4))) if here else set()
        if here and self.one_in(2):
            chosen |= set(self.heads(record))
        if self.ids and self.one_in(12):
            chosen.add(self.pick(self.ids))
        if self.one_in(15):
            chosen.add("f" * 64)
        return sorted(chosen)

    def heads(self, record: str) -> list[str]:
        held = dict(zip(self.ids, self.events, strict=True))
        groups = oracle.live({i: e for i, e in held.items() if e["record"] == record})
        return sorted(set().union(*groups.values())) if groups else []

    def honest(self) -> None:
        """What a form writes: a new record of a few groups, or a correction of one group that saw all there is."""
        record = f"find/t7/0{self.draw(st.integers(1, 4))}"
        heads = self.heads(record)
        good = {"what": VALUES["what"][:2], "amount": VALUES["amount"][:1], "position": VALUES["position"][:1],
                "depth_cm": [10, 20], "remarks": ["near the road", "", "у дерева"], "exists": [False]}
        groups = self.draw(st.sets(st.sampled_from(sorted(good)), min_size=1,
                                   max_size=1 if heads else 3))
        changes = {group: self.pick(good[group]) for group in sorted(groups)}
        self.add(self.pick(("hq0.a", "hq0.a", "lap1.a", "lap2.a")), record, changes, parents=heads)

    def edit(self) -> None:
        record = self.pick(RECORDS)
        groups = self.draw(st.lists(st.sampled_from(USUAL if self.one_in(2) else tuple(VALUES)), max_size=3))
        changes = {group: None if self.one_in(9) else self.pick(VALUES[group]) for group in groups}
        others: Json = {"parents": self.parents(record) if self.one_in(2) else []}
        if self.ids and self.one_in(6):
            others["needs"] = sorted({self.pick(self.ids)} | ({"e" * 64} if self.one_in(3) else set()))
        if self.one_in(8):
            others["novel"] = {"record": "find/t7/09"}
        self.add(self.pick(STREAMS), record, changes, **others)


@st.composite
def worlds(draw: Callable[[st.SearchStrategy[Any]], Any]) -> list[Json]:
    world = World(draw)
    if draw(st.integers(0, 3)):
        for device, role in (("hq1", "hq"), ("lap1", "field"), ("lap2", "field")):
            world.add("hq0.a", f"device/hq/{device}", {"grant": {"role": role, "teams": ["t7"], "until": None}})
    for _ in range(draw(st.integers(1, 22))):
        if world.one_in(6):
            world.grant(world.pick(("hq0.a", "hq0.a", "hq1.a", "lap1.a")), world.pick(("lap1", "lap2", "hq1", "lapx")))
        elif draw(st.booleans()):
            world.honest()
        else:
            world.edit()
    lost = draw(st.sets(st.integers(0, 40), max_size=3))
    return [one for at, one in enumerate(world.events) if at not in lost]


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(events=worlds(), seed=st.integers(0, 2**32))
def test_any_set_of_events_in_any_delivery(events: list[Json], seed: int, make: Make) -> None:
    expected = reference(events, "hq0")
    digests = set()
    for order in range(2):
        with make("hq0") as store:
            delivered(store, events, seed + order)
            digests.add(agrees(store, expected))
    assert len(digests) == 1


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(events=worlds(), seed=st.integers(0, 2**32))
def test_the_fast_way_writes_what_the_generic_way_writes(events: list[Json], seed: int, make: Make) -> None:
    with make("hq0") as fast, make("hq0") as generic:
        generic.constants["typed"] = {}
        delivered(fast, events, seed)
        delivered(generic, events, seed)
        assert contents(fast) == contents(generic)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(events=worlds(), seed=st.integers(0, 2**32))
def test_a_change_of_root_equals_having_had_it_from_the_start(events: list[Json], seed: int, make: Make) -> None:
    with make("lap1") as store:
        delivered(store, events, seed)
        assert merge_result(store) == reference(events, "lap1")
        rebuild(store, root="hq0")
        agrees(store, reference(events, "hq0"))


def test_a_second_delivery_of_the_same_changes_nothing(make: Make) -> None:
    vector = next(v for v in vectors if v["name"] == "three readings")
    segments = pieces(vector["events"], random.Random(1))
    with make("hq0") as store:
        first = ingest(store, segments)
        before = contents(store)
        again = ingest(store, segments)
        assert (again.new, again.segments, again.touched) == (0, 0, set())
        assert again.known == sum(segment.to_seq - segment.from_seq + 1 for segment in segments)
        assert first.new == len(vector["events"])
        assert contents(store) == before


def test_a_longer_cut_of_known_events_adds_only_what_is_new(make: Make) -> None:
    chain: list[Json] = []
    for seq in range(1, 8):
        prev = event_id(chain[-1]) if chain else None
        chain.append({"stream": "hq0.a", "seq": seq, "prev": prev, "record": f"find/t7/0{seq}", "parents": [],
                      "set": {"remarks": "x"}})
    with make("hq0") as store:
        assert ingest(store, [segment_of(chain[2:5])]).new == 3
        result = ingest(store, [segment_of(chain)])
        assert (result.new, result.known, result.differ) == (4, 3, 0)
        assert merge_result(store) == reference(chain, "hq0")


def test_a_correction_of_a_bare_retraction_does_not_hide_it(make: Make) -> None:
    gone: Json = {"stream": "hq0.a", "seq": 1, "prev": None, "record": "find/t7/01", "parents": [],
                  "set": {"exists": False}}
    later: Json = {"stream": "hq0.a", "seq": 2, "prev": event_id(gone), "record": "find/t7/01",
                   "parents": [event_id(gone)], "set": {"remarks": "x"}}
    with make("hq0") as store:
        ingest(store, [segment_of([gone])])
        ingest(store, [segment_of([later])])
        agrees(store, reference([gone, later], "hq0"))
