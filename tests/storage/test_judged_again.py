"""What counts is judged again when grants change: found by random sets of events, each kept here for ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fieldapp.domain.authority import ONLY_ROOT
from fieldapp.storage.database import Store, open_store
from fieldapp.storage.ingest import ingest
from fieldapp.storage.merged import merge_result
from fieldapp.storage.rebuild import rebuild
from tests.builders_storage import KEY, Json, event, event_id, reference, segment_of, store_maker


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Store]:
    return store_maker(tmp_path_factory.mktemp("stores"))


def grant(role: str, teams: tuple[str, ...] = ("t7",), until: object = None) -> Json:
    return {"grant": {"role": role, "teams": list(teams), "until": until}}


def chain(stream: str, *bodies: tuple[str, Json]) -> list[Json]:
    made: list[Json] = []
    for seq, (record, changes) in enumerate(bodies, 1):
        made.append(event(stream, seq, event_id(made[-1]) if made else None, record, changes))
    return made


def test_what_a_seat_wrote_of_a_device_is_judged_again_when_that_device_becomes_a_seat(
    make: Callable[[str], Store],
) -> None:
    root = chain("hq0.a", ("device/hq/hq1", grant("hq")), ("device/hq/lap1", grant("hq")))
    seat = chain("hq1.a", ("device/t7/lap1", {"remarks": "lent to the second team"}))
    with make("hq0") as store:
        ingest(store, [segment_of(root[:1]), segment_of(seat)])
        assert merge_result(store) == reference([root[0], *seat], "hq0")
        assert merge_result(store)["quarantined"] == []
        ingest(store, [segment_of(root)])
        expected = reference([*root, *seat], "hq0")
        assert [one["reason"] for one in expected["quarantined"]] == [ONLY_ROOT]
        assert merge_result(store) == expected
        rebuild(store)
        assert merge_result(store) == expected


def test_two_connections_may_be_opened_while_one_of_them_writes(make: Callable[[str], Store]) -> None:

    with make("hq0") as store, store.transaction():
        ingest(store, [segment_of(chain("hq0.a", ("find/t7/01", {"depth_cm": 5})))])
        with open_store(store.path, KEY) as other:
            assert merge_result(other)["records"] == {}


def test_a_cut_off_that_names_another_event_at_a_held_place_lets_nothing_in_by_it(
    make: Callable[[str], Store],
) -> None:
    """The end of a branch that is not here: what lies at its number here is another branch, not the accepted one."""
    laptop = chain("lap1.a", *((f"find/t7/0{n}", {"depth_cm": n}) for n in range(1, 5)))
    for until in ([["lap1.a", 3, "ab" * 32]], [["lap1.a", 2, event_id(laptop[2])]], [["lap9.a", 3, "ab" * 32]], []):
        root = chain("hq0.a", ("device/hq/lap1", grant("field", until=until)))
        expected = reference([*root, *laptop], "hq0")
        for order in ([root, laptop], [laptop, root], [laptop[2:], root, laptop[:2]]):
            with make("hq0") as store:
                for events in order:
                    ingest(store, [segment_of(events)])
                assert merge_result(store) == expected
        assert expected["quarantined"]
