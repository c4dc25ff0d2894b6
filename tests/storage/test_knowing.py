"""What was known when: by streams and what they name, through gaps and forks; what cannot be shown was not known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fieldapp.storage.database import Store
from fieldapp.storage.ingest import ingest
from fieldapp.storage.knowing import Knowing, Written
from fieldapp.storage.rebuild import rebuild
from tests.builders_storage import Json, event, event_id, segment_of, store_maker

FIND, PLOT = "a" * 20 + ".s1", "b" * 20 + ".s2"


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Store]:
    return store_maker(tmp_path)


def a_stream(name: str, count: int, *, start: list[Json] | None = None, mark: str = "", **seen: object) -> list[Json]:
    """Events 1 to ``count`` of a stream, after those of ``start``; ``at_N=[...]`` gives event N its ``seen``."""
    made = list(start or [])
    for seq in range(len(made) + 1, count + 1):
        named = seen.get(f"at_{seq}")
        others = {"seen": named} if named is not None else {}
        prev = event_id(made[-1]) if made else None
        record = f"find/t7/{name[:1]}{mark}{seq:04}"
        made.append(event(name, seq, prev, record, {"depth_cm": seq}, **others))
    return made


def end(events: list[Json]) -> list[object]:
    last = events[-1]
    return [last["stream"], last["seq"], event_id(last)]


def place(store: Store, one: Json) -> Written:
    (n,) = store.row("SELECT n FROM stream WHERE id = ?", (one["stream"],)) or (0,)
    return Written(n, one["seq"], event_id(one))


def knew(store: Store, writer: Json, other: Json) -> bool:
    return Knowing(store).knew(place(store, writer), place(store, other))


def take(store: Store, *parts: list[Json]) -> Store:
    for part in parts:
        ingest(store, [segment_of(part, "team/t7")])
    return store


def test_in_one_stream_the_later_knew_the_earlier(make: Callable[[str], Store]) -> None:
    finds = a_stream(FIND, 3)
    store = take(make("hq0"), finds)
    assert knew(store, finds[2], finds[0])
    assert not knew(store, finds[0], finds[2])
    assert not knew(store, finds[1], finds[1])


def test_another_stream_is_known_up_to_what_was_named_and_from_then_on(make: Callable[[str], Store]) -> None:
    finds = a_stream(FIND, 5)
    plots = a_stream(PLOT, 3, at_2=[end(finds[:3])])
    for parts in ((finds, plots), (plots, finds)):
        store = take(make("hq0"), *parts)
        assert [knew(store, plots[1], find) for find in finds] == [True, True, True, False, False]
        assert not any(knew(store, plots[0], find) for find in finds)
        assert knew(store, plots[2], finds[2])
        rebuild(store)
        assert knew(store, plots[1], finds[0])


def test_what_only_a_third_one_knew_was_not_known(make: Callable[[str], Store]) -> None:
    finds = a_stream(FIND, 1)
    third = a_stream("c" * 20 + ".s3", 1, at_1=[end(finds)])
    plots = a_stream(PLOT, 1, at_1=[end(third)])
    store = take(make("hq0"), finds, third, plots)
    assert knew(store, third[0], finds[0])
    assert not knew(store, plots[0], finds[0])


def test_behind_a_gap_nothing_is_known_until_it_is_filled(make: Callable[[str], Store]) -> None:
    finds = a_stream(FIND, 6)
    plots = a_stream(PLOT, 1, at_1=[end(finds)])
    store = take(make("hq0"), finds[:2], finds[4:], plots)
    assert not knew(store, finds[5], finds[0])
    assert not knew(store, plots[0], finds[1])
    assert knew(store, plots[0], finds[4])
    take(store, finds[2:4])
    assert knew(store, finds[5], finds[0])
    assert knew(store, plots[0], finds[1])


def test_an_end_that_is_not_here_shows_nothing(make: Callable[[str], Store]) -> None:
    finds = a_stream(FIND, 6)
    plots = a_stream(PLOT, 1, at_1=[end(finds)])
    store = take(make("hq0"), finds[:3], plots)
    assert not knew(store, plots[0], finds[0])
    take(store, finds[3:])
    assert knew(store, plots[0], finds[0])


def test_of_a_forked_stream_only_the_branch_that_was_named_is_known(make: Callable[[str], Store]) -> None:
    trunk = a_stream(FIND, 2)
    one, two = a_stream(FIND, 4, start=trunk), a_stream(FIND, 4, start=trunk, mark="x")
    plots = a_stream(PLOT, 1, at_1=[end(one)])
    store = take(make("hq0"), one, two[2:], plots)
    assert [knew(store, plots[0], find) for find in one] == [True] * 4
    assert [knew(store, plots[0], find) for find in two[2:]] == [False, False]
    assert not knew(store, two[3], one[2])
    assert knew(store, two[3], one[1])


def test_a_branch_that_is_not_here_silences_nothing_of_the_one_that_is(make: Callable[[str], Store]) -> None:
    trunk = a_stream(FIND, 2)
    here, elsewhere = a_stream(FIND, 4, start=trunk), a_stream(FIND, 4, start=trunk, mark="x")
    plots = a_stream(PLOT, 1, at_1=[end(elsewhere)])
    store = take(make("hq0"), here, plots)
    assert [knew(store, plots[0], find) for find in here] == [False] * 4


@pytest.mark.parametrize("nonsense", [
    "text", [["a", "b", "c"]], [[FIND, 0, "0" * 64]], [[FIND, 1, "zz"]], [[FIND, 1]], [[FIND, 1, "0" * 64, 1]],
])
def test_a_seen_that_is_none_says_nothing(make: Callable[[str], Store], nonsense: object) -> None:
    finds = a_stream(FIND, 2)
    plots = a_stream(PLOT, 1, at_1=nonsense)
    store = take(make("hq0"), finds, plots)
    assert not knew(store, plots[0], finds[0])
