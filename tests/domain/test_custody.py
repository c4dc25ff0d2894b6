"""Where outstanding items are: custody follows what was done, and adds up to what is outstanding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.counting import OUTCOMES, Account, Deed, Line
from fieldapp.domain.custody import holdings

EVER = "9999-12-31"


def account(*deeds: tuple[str, str, int, str, dict[str, str]], found: int = 312) -> Account:
    """An account of team t7, found on 3 June 2024; deeds as day, outcome, amount, team, further members."""
    made = Account(Line("uxo"), "t7", "AZ-AGM", "QKD-0001-A", [("2024-06-03", found)])
    for at, (day, outcome, amount, team, more) in enumerate(deeds):
        deed = Deed(f"disposal/{team}/{at:04}", team, outcome, amount, day, **more)
        made.deeds.append((deed, amount))
    return made


def where(one: Account, until: str = EVER, names: dict[str, str] | None = None) -> list[tuple[str, str, str, object]]:
    """State, store, holder and quantity."""
    return [(held.state, held.store, held.holder, held.quantity) for held in holdings(one, until, names)]


def test_what_was_only_found_is_where_it_was_found() -> None:
    assert where(account()) == [("found", "", "t7", 312)]
    assert where(account(), "2024-06-02") == []


def test_the_items_of_story_5_change_hands_and_are_destroyed() -> None:
    one = account(
        ("2024-06-03", "handed_over", 312, "t7", {"other_team": "Team 12"}),
        ("2024-06-03", "received", 312, "t12", {}),
        ("2024-06-04", "stored", 312, "t12", {"store": "Dump A"}),
        ("2024-06-10", "central_demolition", 200, "t12", {}),
        ("2024-06-12", "central_demolition", 110, "t12", {}),
    )
    assert where(one, "2024-06-03") == [("received", "", "t12", 312)]
    assert where(one, "2024-06-09") == [("in_store", "Dump A", "t12", 312)]
    assert where(one) == [("in_store", "Dump A", "t12", 2)]
    assert holdings(one, EVER)[0].since == "2024-06-04"


def test_what_was_handed_over_and_never_received_stays_said_so() -> None:
    one = account(("2024-06-03", "handed_over", 200, "t7", {"other_team": "Team 12"}))
    assert where(one) == [("found", "", "t7", 112), ("handed_over", "", "Team 12", 200)]


@pytest.mark.parametrize("written", ["t12", "T-12", "Team twelve", "TEAM TWELVE"])
def test_the_other_team_may_be_written_as_code_or_name(written: str) -> None:
    one = account(
        ("2024-06-03", "handed_over", 100, "t7", {"other_team": "someone else"}),
        ("2024-06-03", "handed_over", 100, "t7", {"other_team": written}),
        ("2024-06-05", "received", 100, "t12", {}),
    )
    assert ("handed_over", "", "someone else", 100) in where(one, names={"t12": "Team twelve"})
    assert ("received", "", "t12", 100) in where(one, names={"t12": "Team twelve"})


def test_storing_and_handing_over_on_one_day_ends_with_the_other_team() -> None:
    one = account(
        ("2024-06-03", "stored", 312, "t7", {"store": "Shed"}),
        ("2024-06-03", "handed_over", 312, "t7", {"other_team": "t12"}),
    )
    assert where(one) == [("handed_over", "", "t12", 312)]


def test_nobody_moves_what_others_have() -> None:
    one = account(("2024-06-04", "stored", 50, "t9", {"store": "Shed"}), ("2024-06-04", "left_marked", 12, "t7", {}))
    assert where(one) == [("found", "", "t7", 300), ("marked", "", "t7", 12)]


def test_more_claimed_than_found_leaves_nothing_and_nothing_negative() -> None:
    assert where(account(("2024-06-04", "central_demolition", 315, "t12", {}))) == []


def test_what_was_neutralised_and_then_destroyed_is_taken_out_once() -> None:
    one = account(
        ("2024-06-04", "neutralised", 100, "t7", {}), ("2024-06-05", "destroyed_in_place", 100, "t7", {}),
    )  # fmt: skip
    assert where(one) == [("found", "", "t7", 212)]


DEEDS = st.lists(
    st.tuples(
        st.sampled_from([f"2024-06-{day:02}" for day in range(1, 9)]), st.sampled_from([*OUTCOMES, "unheard_of"]),
        st.integers(1, 20), st.sampled_from(["t7", "t12"]),
        st.sampled_from([{}, {"store": "A"}, {"other_team": "t12"}, {"other_team": "t7", "store": "B"}]),
    ),
    max_size=12,
)  # fmt: skip


@given(DEEDS, st.sampled_from(["2024-06-03", "2024-06-05", EVER]))
def test_holdings_are_together_what_is_outstanding(
    deeds: list[tuple[str, str, int, str, dict[str, str]]], until: str
) -> None:
    one = account(*deeds, found=30)
    held = holdings(one, until)
    assert sum(each.quantity for each in held) == one.standing(until).outstanding
    assert all(each.quantity > 0 for each in held)
