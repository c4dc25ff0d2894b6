"""Where records lie: kept up by every way a record comes, changes, is disputed or goes; all readings are found."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from fieldapp.storage import space
from fieldapp.storage.columns import decimal_text
from fieldapp.storage.database import Store
from fieldapp.storage.ingest import ingest
from fieldapp.storage.rebuild import rebuild
from fieldapp.storage.schema import CELL
from fieldapp.storage.space import Box
from tests.builders_storage import Json, event, event_id, segment_of, store_maker

Make = Callable[[str], Store]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    return store_maker(tmp_path_factory.mktemp("stores"))


def text(degrees: float) -> str:
    return decimal_text(round(degrees, 7))


def square(lat: float, lon: float, size: float = 0.001) -> list[Any]:
    corners = [(lat, lon), (lat, lon + size), (lat + size, lon + size), (lat + size, lon)]
    return [[[{"lat": text(a), "lon": text(o)} for a, o in corners]]]


def plot(outline: Any, **land: Any) -> Json:
    return {"land": {"outline": outline, "release": "cleared", "depth_cm": 20} | land}


def place(lat: float, lon: float) -> Json:
    return {"position": {"lat": text(lat), "lon": text(lon)}}


def chain(stream: str, *events: tuple[str, Json, list[str]]) -> list[Json]:
    made: list[Json] = []
    for record, changes, parents in events:
        prev = event_id(made[-1]) if made else None
        made.append(event(stream, len(made) + 1, prev, record, changes, parents=sorted(parents)))
    return made


def take(store: Store, *streams: list[Json]) -> None:
    assert not ingest(store, [segment_of(events) for events in streams]).refused


def at(store: Store, lat: float, lon: float) -> list[str]:
    return [one.row["id"] for one in space.outlines_at(store, "plot", lat, lon)]


def near(store: Store, lat: float, lon: float, radius_m: float = 3.0) -> list[tuple[str, float]]:
    return [(one.row["id"], round(one.metres, 1)) for one in space.finds_near(store, lat, lon, radius_m)]


def boxes(store: Store) -> list[tuple[Any, ...]]:
    return sorted(row for kind in ("plot", "task", "find") for row in store.rows(f'SELECT * FROM "{kind}_space"'))


def test_an_outline_is_found_by_a_place_in_its_box_and_by_a_box_that_meets_it(make: Make) -> None:
    with make("hq0") as store:
        take(store, chain("hq0.a", ("plot/t7/p1", plot(square(40.02, 46.98)), []),
                          ("plot/t7/p2", plot(square(40.03, 46.98)), [])))
        assert at(store, 40.0205, 46.9805) == ["p1"]
        assert at(store, 40.025, 46.98) == []
        met = space.outlines_meeting(store, "plot", Box(40.0205, 46.97, 40.0301, 46.9805))
        assert [(one.row["id"], one.group["depth_cm"], one.disputed) for one in met] == [("p1", 20, False),
                                                                                        ("p2", 20, False)]


def test_finds_within_metres_come_nearest_first(make: Make) -> None:
    with make("hq0") as store:
        take(store, chain("hq0.a", ("find/t7/f1", place(40.02, 46.98), []),
                          ("find/t7/f2", place(40.02002, 46.98), []), ("find/t7/f3", place(40.0201, 46.98), [])))
        assert near(store, 40.02, 46.98) == [("f1", 0.0), ("f2", 2.2)]
        assert near(store, 40.02002, 46.98, 20) == [("f2", 0.0), ("f1", 2.2), ("f3", 8.9)]


@pytest.mark.parametrize("centre", [(40.02, 46.98), (-33.9, 18.4), (0.0, 0.0), (12.3, -1.0), (89.9, 10.0)])
def test_what_the_index_finds_is_what_is_there(make: Make, centre: tuple[float, float]) -> None:
    dice = random.Random(3)
    places = {f"f{n}": (round(centre[0] + dice.uniform(-3e-4, 3e-4), 7),
                        round(centre[1] + dice.uniform(-3e-4, 3e-4), 7))
              for n in range(120)}
    with make("hq0") as store:
        take(store, chain("hq0.a", *[(f"find/t7/{name}", place(*at), []) for name, at in places.items()]))
        plan = " ".join(str(row) for row in store.rows(
            f"EXPLAIN QUERY PLAN SELECT n FROM json_each('[]') s CROSS JOIN find f WHERE {CELL} BETWEEN 1 AND 2"
        ))
        assert "find_cell" in plan
        for radius_m in (3.0, 12.0, 40.0):
            expected = {name for name, at in places.items() if space.metres_between(*centre, *at) <= radius_m}
            assert {name for name, _ in near(store, *centre, radius_m)} == expected
        box = Box(centre[0] - 1e-4, centre[1] - 2e-4, centre[0] + 1e-4, centre[1])
        within = {one.row["id"] for one in space.finds_within(store, box)}
        assert within == {name for name, at in places.items() if box.holds(*at)}


def test_a_correction_moves_and_a_retraction_takes_away(make: Make) -> None:
    with make("hq0") as store:
        first = chain("hq0.a", ("plot/t7/p1", plot(square(40.02, 46.98)), []), ("find/t7/f1", place(40.0, 47.0), []))
        p1, f1 = event_id(first[0]), event_id(first[1])
        moved = chain("hq0.b", ("plot/t7/p1", plot(square(40.05, 46.98)), [p1]),
                      ("find/t7/f1", place(40.5, 47.0), [f1]))
        take(store, first)
        take(store, moved)
        assert (at(store, 40.0205, 46.9805), at(store, 40.0505, 46.9805)) == ([], ["p1"])
        assert (near(store, 40.0, 47.0), near(store, 40.5, 47.0)) == ([], [("f1", 0.0)])
        gone = chain("hq0.c", ("plot/t7/p1", {"exists": False}, [event_id(moved[0])]),
                     ("find/t7/f1", {"exists": False}, [event_id(moved[1])]))
        take(store, gone)
        assert (at(store, 40.0505, 46.9805), near(store, 40.5, 47.0)) == ([], [])


def test_all_readings_of_a_dispute_are_found(make: Make) -> None:
    with make("hq0") as store:
        first = chain("hq0.a", ("plot/t7/p1", plot(square(40.02, 46.98)), []), ("find/t7/f1", place(40.0, 47.0), []))
        p1, f1 = event_id(first[0]), event_id(first[1])
        one = chain("hq0.b", ("plot/t7/p1", plot(square(40.05, 46.98), depth_cm=10), [p1]),
                    ("find/t7/f1", place(40.1, 47.0), [f1]))
        other = chain("hq0.c", ("plot/t7/p1", plot(square(40.07, 46.98)), [p1]),
                      ("find/t7/f1", place(40.2, 47.0), [f1]))
        take(store, first, one, other)
        assert [at(store, lat, 46.9805) for lat in (40.0205, 40.0505, 40.0605, 40.0705)] == [[], ["p1"], [], ["p1"]]
        (reading,) = space.outlines_at(store, "plot", 40.0505, 46.9805)
        assert (reading.disputed, reading.group["depth_cm"]) == (True, 10)
        assert [bool(near(store, lat, 47.0)) for lat in (40.0, 40.1, 40.2)] == [False, True, True]


def test_a_record_whose_being_there_is_disputed_is_there(make: Make) -> None:
    with make("hq0") as store:
        first = chain("hq0.a", ("plot/t7/p1", plot(square(40.02, 46.98)), []), ("find/t7/f1", place(40.0, 47.0), []))
        p1, f1 = event_id(first[0]), event_id(first[1])
        gone = chain("hq0.b", ("plot/t7/p1", {"exists": False}, [p1]), ("find/t7/f1", {"exists": False}, [f1]))
        kept = chain("hq0.c", ("plot/t7/p1", {"remarks": "measured again"}, [p1]),
                     ("find/t7/f1", {"remarks": "seen again"}, [f1]))
        take(store, first, gone, kept)
        assert at(store, 40.0205, 46.9805) == ["p1"]
        assert near(store, 40.0, 47.0) == [("f1", 0.0)]


@pytest.mark.parametrize(
    "outline",
    ["no list", [], [[]], [[[]]], [[[{"lat": "40"}]]], [[[{"lat": "nan", "lon": "46"}]]], [[["40", "46"]]],
     [[[{"lat": "1e999", "lon": "46"}]]], [[[{"lat": "91", "lon": "46"}]]], {"type": "Polygon"}],
)
def test_what_is_no_outline_is_in_no_box_and_harms_nothing(make: Make, outline: Any) -> None:
    with make("hq0") as store:
        take(store, chain("hq0.a", ("plot/t7/p1", plot(outline), []), ("plot/t7/p2", plot(square(40.0, 46.0)), [])))
        assert [row[0] for row in store.rows("SELECT n FROM plot_space")] == [2]
        assert space.box_of(json.dumps(outline)) is None


def test_boxes_come_out_alike_in_any_order_at_once_and_made_anew(make: Make) -> None:
    dice = random.Random(7)
    base = chain("hq0.a", *[(f"plot/t7/p{n}", plot(square(40 + n / 100, 46.9)), []) for n in range(8)],
                 *[(f"find/t7/f{n}", place(40 + n / 100, 46.9), []) for n in range(8)])
    later = []
    for stream in ("hq0.b", "hq0.c"):
        told = [(one["record"], plot(square(41 + dice.random(), 47)) if "plot" in one["record"]
                 else place(41 + dice.random(), 47), [event_id(one)]) for one in base if dice.random() < 0.6]
        later.append(chain(stream, *told))
    found = []
    for order in ([base, *later], [*reversed(later), base]):
        with make("hq0") as store:
            for events in order:
                take(store, events)
            places = [{(name, *box) for name, *box in store.rows(
                f'SELECT t.id, s.west, s.east, s.south, s.north FROM "{kind}_space" s JOIN "{kind}" t ON t.n = s.n'
            )} for kind in ("plot", "find")]
            found.append(places)
            before = boxes(store)
            rebuild(store)
            after = [{(name, *box) for name, *box in store.rows(
                f'SELECT t.id, s.west, s.east, s.south, s.north FROM "{kind}_space" s JOIN "{kind}" t ON t.n = s.n'
            )} for kind in ("plot", "find")]
            assert (after, len(boxes(store))) == (places, len(before))
    assert found[0] == found[1]
    assert found[0][1], "no find is disputed: the comparison says nothing"
