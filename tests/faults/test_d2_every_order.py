"""D2: all 720 orders of six bundles give headquarters one identical state; so do grants and cut-offs in any order."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from fieldapp.domain.canonical import canonical
from fieldapp.ids import SystemEntropy
from fieldapp.operations import disposals, export, headquarters, imports, lookup, records
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal
from fieldapp.storage.database import Store, open_store
from fieldapp.storage.ingest import ingest
from fieldapp.storage.merged import merge_result, state_hash
from tests.builders import Deployment, a_find, a_plot, deployment
from tests.builders_faults import carried, everything_derived, incoming, packed, sealed_day, share

T = TypeVar("T")


class TakenBack(Exception):
    """Ends one order's transaction."""


def every_order(store: Store, apply: Callable[[T], object], look: Callable[[], object], left: Sequence[T]) -> int:
    """Apply ``left`` in every order and ``look`` after each; shared beginnings are applied once. How many orders."""
    if not left:
        look()
        return 1
    orders = 0
    for one in left:
        try:
            with store.transaction():
                apply(one)
                orders += every_order(store, apply, look, [other for other in left if other is not one])
                raise TakenBack
        except TakenBack:
            pass
    return orders


def day(there: Deployment, laptop: Workspace, with_token: bool = False) -> Path:
    return carried(laptop, there.stick, [packed(sealed_day(laptop))], with_token=with_token)


def six_bundles(there: Deployment) -> list[Path]:
    """Days of two laptops of one team that edit the same records unseen, and of a laptop of another team."""
    one, two, other = there.laptops["one"], there.laptops["two"], there.join("other", "t8")
    common = a_find(one)
    for laptop in (one, two, other):
        there.exchange(laptop)
    share(one, two)
    finds, plot = [a_find(one), a_find(one)], a_plot(one)
    bundles = [day(there, one)]
    records.correct(two, common.name, {"depth_cm": 30}, "measured")
    a_find(two)
    bundles.append(day(there, two))
    records.correct(one, common.name, {"depth_cm": 12}, "measured again")
    records.retract(one, finds[0].name, "entered twice")
    bundles.append(day(there, one))
    share(one, two)
    records.retract(two, plot.name, "wrong place")
    bundles.append(day(there, two))
    records.correct(one, plot.name, {"depth_cm": 30}, "deeper")
    bundles.append(day(there, one))
    disposals.add_disposal(other, {"outcome": "destroyed_in_place"}, of=str(common.fields["local_id"]))
    a_find(other)
    bundles.append(day(there, other))
    return bundles


def test_d2_all_720_orders_of_six_bundles_give_one_state(tmp_path: Path) -> None:
    with deployment(tmp_path, "one", "two") as there:
        bundles = six_bundles(there)
        found: set[tuple[str, str]] = set()
        orders = every_order(
            there.hq.store,
            lambda bundle: imports.import_file(there.hq, bundle),
            lambda: found.add((state_hash(there.hq.store), everything_derived(there.hq.store))),
            bundles,
        )
        assert orders == 720
        assert len(found) == 1
        for bundle in (bundles[i] for i in (5, 2, 4, 0, 3, 1)):  # committed one by one: the same again
            imports.import_file(there.hq, bundle)
        assert (state_hash(there.hq.store), everything_derived(there.hq.store)) in found
        assert len(lookup.rows(there.hq, "find")) == 5
        assert len({conflict["record"] for conflict in merge_result(there.hq.store)["conflicts"]}) == 2


def test_d2_grants_a_cut_off_and_what_they_judge_may_come_in_any_order(tmp_path: Path) -> None:
    with deployment(tmp_path, "one", "two") as there:
        one, two = there.laptops["one"], there.laptops["two"]
        first = a_find(one)
        portions = [[sealed_day(one)]]
        for laptop in (one, two):
            there.exchange(laptop)
        share(one, two)
        portions.append(own_segments(there.hq))
        records.correct(two, first.name, {"depth_cm": 30}, "measured")
        portions.append([sealed_day(two)])
        headquarters.revoke(there.hq, one.device, "stolen")
        export._seal_own(there.hq)
        portions.append([s for s in own_segments(there.hq) if s not in portions[1]])
        records.correct(one, first.name, {"depth_cm": 12}, "after the cut-off")
        late = a_find(one)
        portions.append([sealed_day(one)])
        records.retract(two, first.name, "entered twice")
        portions.append([sealed_day(two)])
        found: set[str] = set()
        with open_store(tmp_path / "any.db", SystemEntropy().take(32), create=True, root=there.hq.device) as store:
            orders = every_order(
                store,
                lambda portion: ingest(store, portion),
                lambda: found.add(everything_derived(store)),
                [[incoming(segment) for segment in portion] for portion in portions],
            )
            assert orders == 720
            assert len(found) == 1
            ingest(store, [incoming(segment) for portion in portions for segment in portion])
            result, everything = merge_result(store), everything_derived(store)
        assert everything in found
        assert late.name not in result["records"]
        assert {one["reason"] for one in result["quarantined"]} == {"after the cut-off of a revoked device"}


def own_segments(ws: Workspace) -> list[journal.StoredSegment]:
    return [s for stream in lookup.own_streams(ws) for s in journal.segments_from(ws.store, stream.id)]


def test_d2_whichever_bundle_of_a_newcomer_comes_first_enrols_it(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as there:
        one = there.laptops["one"]
        name = a_find(one).name
        bundles = [day(there, one, with_token=True)]
        records.correct(one, name, {"depth_cm": 12}, "measured again")
        bundles.append(day(there, one, with_token=True))
        records.retract(one, name, "entered twice")
        bundles.append(day(there, one, with_token=True))
        found: set[bytes] = set()
        every_order(
            there.hq.store,
            lambda bundle: imports.import_file(there.hq, bundle),
            lambda: found.add(canonical(merge_result(there.hq.store)["records"][name])),
            bundles,
        )
        assert len(found) == 1
