"""What counts as found, neutralised, destroyed and released, and by which day."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.counting import (
    AMBIGUOUS,
    FOLLOW_UP_PENDING,
    NOT_HERE,
    OTHER_LINES,
    OTHER_UNIT,
    OUTCOMES,
    PUBLIC_LINES,
    Deed,
    Found,
    Ledger,
    Line,
    Outcome,
    PlotState,
    Standing,
    hectares,
    ledger,
    measured,
    release_line,
    rollup,
)
from fieldapp.domain.vocabulary import vocabulary

MINE = Found("find/t7/1", "t7", "2024-06-03", "ap_mine", 1, local_id="T07-0131-K")
SHELLS = Found("find/t7/2", "t7", "2024-06-03", "projectile", 312, local_id="T07-0132-A", place="AZ-AGM")


def deed(number: int, outcome: str, quantity: int, day: str, *, find: str | None = SHELLS.record) -> Deed:
    return Deed(f"disposal/t12/{number}", "t12", outcome, quantity, day, find=find)


def standing(until: str, *deeds: Deed, find: Found = SHELLS) -> Standing:
    return ledger([find], deeds).accounts[0].standing(until)


def sums(books: Ledger, until: str = "2024-12-31") -> dict[Line, tuple[object, object, object]]:
    each = {account.line: account.standing(until) for account in books.accounts}
    return {line: (now.found, now.neutralised, now.outstanding) for line, now in each.items()}


@pytest.mark.parametrize(
    ("outcome", "neutralised", "destroyed", "ends"),
    [
        ("inert", False, False, True),
        ("destroyed_in_place", True, True, True),
        ("central_demolition", True, True, True),
        ("burned_low_order", True, True, True),
        ("neutralised", True, False, True),
        ("stored", False, False, False),
        ("received", False, False, False),
        ("handed_over", False, False, False),
        ("moved", False, False, False),
        ("left_marked", False, False, False),
    ],
)
def test_each_outcome_counts_as_the_table_says_by_the_day_it_was_done(
    outcome: str, neutralised: bool, destroyed: bool, ends: bool
) -> None:
    assert OUTCOMES[outcome] == Outcome(neutralised, destroyed, ends)
    line = deed(1, outcome, 300, "2024-06-10")
    assert standing("2024-06-09", line) == Standing(312, (), 312)
    now = standing("2024-06-10", line)
    assert (now.neutralised, now.destroyed) == (300 * neutralised, 300 * destroyed)
    assert now.outstanding == (12 if ends else 312)


def test_the_table_knows_every_outcome_of_the_vocabulary() -> None:
    assert list(OUTCOMES) == list(vocabulary("disposal_outcome").codes)


def test_an_outcome_of_a_newer_version_leaves_the_items_outstanding() -> None:
    assert standing("2024-06-30", deed(1, "dissolved", 312, "2024-06-10")).outstanding == 312


def test_every_category_has_a_line() -> None:
    lines = {rollup(code) for code in vocabulary("category").codes}
    assert lines == {*PUBLIC_LINES, *OTHER_LINES, "not_counted"} - {"axo", "unknown"}
    assert [rollup("fuze"), rollup("grenade"), rollup("ied_booby_trap")] == ["fuze", "uxo", "ied"]
    assert (rollup("laser"), rollup(None)) == ("unknown", "unknown")


def test_the_dump_stands_on_its_own_lines() -> None:
    dump: list[tuple[str, int | Decimal, str | None]] = [
        ("projectile", 180, "piece"), ("mortar_bomb", 97, None), ("grenade", 35, "piece"), ("fuze", 40, "piece"),
        ("small_arms_ammunition", 4200, "piece"), ("bulk_explosive", Decimal("12.5"), "kg"),
    ]  # fmt: skip
    lot = [
        replace(SHELLS, record=f"find/t7/{i}", lot="lot-1", category=category, quantity=quantity, unit=unit)
        for i, (category, quantity, unit) in enumerate(dump)
    ]
    assert {line: found for line, (found, _, _) in sums(ledger(lot, [])).items()} == {
        Line("uxo"): 312, Line("fuze"): 40, Line("saa"): 4200, Line("explosive", "kg"): Decimal("12.5"),
    }  # fmt: skip


def test_grams_are_summed_as_kilograms() -> None:
    assert measured("bulk_explosive", 250, "g", axo_apart=False) == (Line("explosive", "kg"), Decimal("0.25"))


@pytest.mark.parametrize(
    ("category", "state", "axo_apart", "line"),
    [("projectile", "axo", False, "uxo"), ("projectile", "axo", True, "axo"), ("projectile", "unknown", True, "uxo"),
     ("ap_mine", "axo", True, "ap_mine"), ("fuze", "axo", True, "fuze")],
)  # fmt: skip
def test_axo_follow_the_rule_of_the_deployment(category: str, state: str, axo_apart: bool, line: str) -> None:
    assert measured(category, 1, None, state, axo_apart=axo_apart)[0] == Line(line)


def test_what_was_neutralised_and_later_destroyed_counts_once_on_its_first_day() -> None:
    now = standing(
        "2024-06-30", deed(1, "neutralised", 100, "2024-06-05"), deed(2, "central_demolition", 312, "2024-06-12")
    )
    assert [(d.day, d.neutralised, d.destroyed) for d in now.done] == [
        ("2024-06-05", 100, 0), ("2024-06-12", 212, 312),
    ]  # fmt: skip
    assert (now.outstanding, now.destroyed_too_many, now.neutralised_too_many) == (0, 0, 0)


def test_destroyed_in_another_week_and_more_than_was_there() -> None:
    handed = deed(1, "handed_over", 312, "2024-06-03")
    first, second = deed(2, "central_demolition", 200, "2024-06-10"), deed(3, "central_demolition", 110, "2024-06-12")
    assert standing("2024-06-09", handed, first, second) == Standing(312, (), 312)
    week_24 = standing("2024-06-16", handed, first, second)
    assert (week_24.destroyed, week_24.outstanding, week_24.destroyed_too_many) == (310, 2, 0)
    more = standing("2024-06-16", handed, first, second, deed(4, "central_demolition", 5, "2024-06-13"))
    assert (more.destroyed, more.outstanding, more.destroyed_too_many) == (312, 0, 3)


def test_more_neutralised_than_found_is_said_as_such() -> None:
    now = standing("2024-06-16", deed(1, "neutralised", 315, "2024-06-10"))
    assert (now.neutralised, now.destroyed_too_many, now.neutralised_too_many) == (312, 0, 3)


def test_nothing_counts_before_the_day_it_was_found() -> None:
    line = deed(1, "destroyed_in_place", 312, "2024-05-30")
    assert standing("2024-06-02", line) == Standing()
    assert [d.day for d in standing("2024-06-03", line).done] == ["2024-06-03"]


def test_a_disposal_counts_for_the_team_and_place_that_did_it() -> None:
    line = deed(1, "destroyed_in_place", 2, "2024-06-10")
    assert [(d.owner, d.place) for d in standing("2024-06-30", line).done] == [("t12", "AZ-AGM")]
    assert [d.place for d in standing("2024-06-30", replace(line, place="AZ-TAR")).done] == ["AZ-TAR"]


def test_a_tag_resolves_in_either_order_of_arrival_however_it_is_written() -> None:
    tagged = replace(deed(1, "destroyed_in_place", 1, "2024-06-04", find=None), tag="t07 0131k")
    missing = ledger([SHELLS], [tagged])
    assert [(u.reason, u.line) for u in missing.unresolved] == [(NOT_HERE, Line("unknown"))]
    for finds in permutations([SHELLS, MINE]):
        assert sums(ledger(finds, [tagged]))[Line("ap_mine")] == (1, 1, 0)


def test_a_tag_that_two_finds_bear_stays_unresolved() -> None:
    twin = replace(MINE, record="find/t8/9", owner="t8")
    tagged = replace(deed(1, "destroyed_in_place", 1, "2024-06-04", find=None), tag="T07-0131-K", category="ap_mine")
    books = ledger([MINE, twin], [tagged])
    assert [(u.reason, u.line) for u in books.unresolved] == [(AMBIGUOUS, Line("ap_mine"))]
    assert all(account.standing("2024-12-31").neutralised == 0 for account in books.accounts)


def test_a_find_that_is_not_live_leaves_its_disposal_unresolved() -> None:
    assert [u.reason for u in ledger([], [deed(1, "destroyed_in_place", 1, "2024-06-04")]).unresolved] == [NOT_HERE]


LOT = [
    replace(SHELLS, record=f"find/t7/{i}", lot="lot-1", local_id=f"T07-014{i}", category=category, quantity=quantity)
    for i, (category, quantity) in enumerate([("projectile", 180), ("mortar_bomb", 97), ("grenade", 35), ("fuze", 40)])
]


def test_one_tag_stands_for_the_whole_pile() -> None:
    tagged = replace(deed(1, "central_demolition", 200, "2024-06-10", find=None), tag="T07-0140")
    by_lot = replace(deed(2, "central_demolition", 110, "2024-06-12", find=None), tag="Lot 1", category="projectile")
    books = ledger(LOT, [tagged, by_lot])
    assert sums(books) == {Line("uxo"): (312, 310, 2), Line("fuze"): (40, 0, 40)}


def test_a_disposals_own_category_says_which_line_of_the_pile_it_means() -> None:
    fuzes = replace(deed(1, "destroyed_in_place", 40, "2024-06-10", find=None), tag="T07-0140", category="fuze")
    assert sums(ledger(LOT, [fuzes])) == {Line("uxo"): (312, 0, 312), Line("fuze"): (40, 40, 0)}
    wrong = replace(fuzes, category="at_mine")
    assert sums(ledger(LOT, [wrong]))[Line("uxo")] == (312, 40, 272)
    whole = replace(fuzes, tag="lot-1", category=None)
    assert [u.reason for u in ledger(LOT, [whole]).unresolved] == [AMBIGUOUS]


def test_a_disposal_that_names_its_find_follows_its_corrections() -> None:
    copied = replace(deed(1, "destroyed_in_place", 5, "2024-06-10", find=LOT[0].record), category="fuze")
    assert sums(ledger(LOT, [copied])) == {Line("uxo"): (312, 5, 307), Line("fuze"): (40, 0, 40)}


def test_kilograms_cannot_be_taken_from_pieces() -> None:
    assert [u.reason for u in ledger([SHELLS], [replace(deed(1, "moved", 5, "2024-06-04"), unit="kg")]).unresolved] == [
        OTHER_UNIT
    ]


def test_what_has_no_day_or_no_quantity_is_listed_and_counts_nowhere() -> None:
    books = ledger(
        [replace(MINE, found_on=None), replace(SHELLS, quantity=None)],
        [replace(deed(1, "moved", 1, "2024-06-04"), done_on=None, quantity=None)],
    )
    assert books.undated == [MINE.record, "disposal/t12/1"]
    assert books.unmeasured == [SHELLS.record, "disposal/t12/1"]
    assert set(sums(books).values()) == {(0, 0, 0)}


days = st.integers(1, 28).map(lambda day: f"2024-06-{day:02}")
deeds = st.builds(
    Deed, st.uuids().map(lambda u: f"disposal/t12/{u}"), st.just("t12"), st.sampled_from([*OUTCOMES, "new", None]),
    st.integers(0, 400), days, st.just(SHELLS.record),
)  # fmt: skip


@given(st.lists(deeds, max_size=8), days, st.randoms(use_true_random=False))
def test_figures_never_pass_what_was_found_never_turn_negative_and_do_not_depend_on_order(
    lines: list[Deed], until: str, random: Random
) -> None:
    now = standing(until, *lines)
    assert 0 <= now.destroyed <= now.neutralised <= now.found
    assert 0 <= now.outstanding <= now.found
    assert all(done.neutralised >= 0 and done.destroyed >= 0 and done.day <= until for done in now.done)
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert standing(until, *shuffled) == now


@given(st.lists(deeds, max_size=8), days)
def test_a_later_day_never_takes_back_what_an_earlier_one_counted(lines: list[Deed], until: str) -> None:
    earlier, later = standing(until, *lines), standing("2024-06-30", *lines)
    assert later.done[: len(earlier.done)] == earlier.done


@pytest.mark.parametrize(
    ("release", "method", "line"),
    [
        ("cleared", "manual", "cleared"), ("cleared", "combined", "cleared"), ("bac", "visual_surface", "bac"),
        ("reduced_without_asset", None, "reduced"), ("cancelled", None, "cancelled"),
        ("cleared", "mechanical", FOLLOW_UP_PENDING), ("cleared", "laser", FOLLOW_UP_PENDING),
        ("not_released", "manual", None), ("given_back", "manual", None), (None, "manual", None),
    ],
)  # fmt: skip
def test_only_ground_whose_method_ends_the_clearance_counts_as_released(
    release: str | None, method: str | None, line: str | None
) -> None:
    assert release_line(PlotState(release, method, Decimal(100), "2024-06-03")) == line


@pytest.mark.parametrize(
    ("area_m2", "expected"),
    [("2436776", "243.7"), ("500", "0.1"), ("499.9", "0.0"), ("27908500", "2790.9"), ("27909499.9", "2790.9")],
)
def test_hectares_are_rounded_half_up(area_m2: str, expected: str) -> None:
    assert hectares(Decimal(area_m2)) == Decimal(expected)
