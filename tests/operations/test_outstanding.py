"""Outstanding items: what is left and where, over-claims, tags to join, and the short way to them over many records."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.domain.counting import NOT_COUNTED, Amount, Line, ledger
from fieldapp.operations import disposals, finds, outstanding, records
from fieldapp.operations.errors import NothingChanged, ReasonNeeded
from fieldapp.operations.finds import FoundTogether
from fieldapp.operations.task_errors import NotAFind
from fieldapp.operations.workspace import Workspace
from fieldapp.reports import gather
from fieldapp.storage import listing
from fieldapp.storage.records import Record
from fieldapp.texts import Texts
from tests.builders import a_find, alone, deployment, hq

DAY = "2024-06-03"


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with alone(tmp_path / "laptop") as made:
        yield made


def dump(ws: Workspace) -> list[Record]:
    """312 UXO of three models and 40 fuzes at one place."""
    lines = [{"model_text": model, "quantity": many} for model, many in (("OG-7", 180), ("PG-7", 97), ("152 mm", 35))]
    together = FoundTogether({"found_on": DAY, "place": "AZ-AGM"}, [*lines, {"category": "fuze", "quantity": 40}])
    return finds.add_lot(ws, together, position="39.9899 46.8988")


def gone(
    ws: Workspace, of: str, quantity: object, day: str, outcome: str = "central_demolition", **more: object
) -> str:
    fields = {"outcome": outcome, "quantity": quantity, "done_on": day, **more}
    return disposals.add_disposal(ws, fields, of=of).name


def test_a_lot_is_outstanding_by_line_with_its_models_and_age(ws: Workspace) -> None:
    saved = dump(ws)
    tag = str(saved[0].fields["local_id"])
    gone(ws, tag, 200, "2024-06-10")
    gone(ws, tag, 12, "2024-06-04", "stored", store="Shed")
    found = outstanding.outstanding(ws, until="2024-06-13")
    assert found.lines == {("uxo", "piece"): 112, ("fuze", "piece"): 40}
    uxo = next(one for one in found.items if one.line == "uxo")
    assert (uxo.found, uxo.done, uxo.left, uxo.age_days, uxo.place) == (312, 200, 112, 10, "AZ-AGM")
    assert [many for _, many in uxo.models] == [180, 97, 35]
    assert [(one.state, one.store, one.quantity) for one in uxo.holdings] == [("found", "", 112)]
    before = outstanding.outstanding(ws, until="2024-06-09")
    assert before.lines["uxo", "piece"] == 312
    assert [(one.state, one.store, one.quantity, one.age_days) for one in before.held if one.line == "uxo"] == [
        ("found", "", 300, 6), ("in_store", "Shed", 12, 5),
    ]  # fmt: skip


def test_more_destroyed_than_found_is_said_and_never_negative(ws: Workspace) -> None:
    tag = str(dump(ws)[0].fields["local_id"])
    gone(ws, tag, 315, "2024-06-10")
    found = outstanding.outstanding(ws)
    assert ("uxo", "piece") not in found.lines
    assert [outstanding.over_claim(one, Texts()) for one in found.over] == ["3 more destroyed than found"]
    assert all(one.left >= 0 for one in (*found.items, *found.over))


def test_what_is_done_or_no_danger_is_not_listed(ws: Workspace) -> None:
    done = a_find(ws, quantity=2)
    gone(ws, done.name, 2, "2024-07-30", "destroyed_in_place")
    a_find(ws, model_text="", category="non_explosive")
    inert = a_find(ws)
    gone(ws, inert.name, 1, "2024-07-30", "inert")
    withdrawn = a_find(ws)
    records.retract(ws, withdrawn.name, "logged twice")
    found = outstanding.outstanding(ws)
    assert (found.items, found.over, found.loose, found.lines) == ([], [], [], {})


def test_a_tag_nobody_knows_is_listed_and_joined_to_its_find_by_a_correction(ws: Workspace) -> None:
    find = a_find(ws, quantity=5)
    waits = gone(ws, "red string 12", 5, "2024-07-30")
    found = outstanding.outstanding(ws)
    assert [(one.tag, one.reason, one.quantity) for one in found.loose] == [("red string 12", "not_here", 5)]
    assert found.lines == {("ap_mine", "piece"): 5}
    with pytest.raises(ReasonNeeded):
        outstanding.join(ws, waits, find.name, " ")
    with pytest.raises(NotAFind):
        outstanding.join(ws, waits, waits, "the photo shows it")
    joined = outstanding.join(ws, waits, str(find.fields["local_id"]), "the photo shows it")
    assert (joined.fields["find"], joined.fields["tag"]) == (find.name, "red string 12")
    with pytest.raises(NothingChanged):
        outstanding.join(ws, waits, find.name, "again")
    after = outstanding.outstanding(ws)
    assert (after.items, after.loose) == ([], [])


def test_lines_that_stand_in_no_list_have_a_name_in_every_language(ws: Workspace) -> None:
    a_find(ws, model_text="a rusty tin")
    (item,) = outstanding.outstanding(ws).items
    assert item.line == "unknown"
    names = [outstanding.line_name(line, ws.lists, Texts(language))
             for line in ("unknown", "axo", "ap_mine") for language in ("en", "az", "ru")]  # fmt: skip
    assert len(set(names)) == len(names)
    assert not {"unknown", "axo"} & set(names)


def test_a_tag_may_be_joined_before_its_find_has_come(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        south = there.join("south", "t8")
        find = a_find(there.laptops["north"])
        waits = gone(south, "old tag", 1, "2024-07-30")
        there.exchange(south)
        outstanding.join(there.hq, waits, find.name, "the lead said so on the telephone")
        assert [one.reason for one in outstanding.outstanding(there.hq).loose] == ["find_not_here"]
        there.exchange(there.laptops["north"])
        found = outstanding.outstanding(there.hq)
        assert (found.items, found.loose) == ([], [])
        there.answer(south)
        assert records.get(south, waits).fields["find"] == find.name


def test_one_team_sees_what_it_found_or_holds_and_one_district_its_own(tmp_path: Path) -> None:
    with hq(tmp_path / "hq") as ws:
        for team, place in (("t7", "AZ-AGM"), ("t8", "AZ-FUZ")):
            fields = {"category": "at_mine", "quantity": 3, "found_on": DAY, "place": place}
            find = records.add(ws, "find", fields, owner=team)
            fields = {"find": find.name, "outcome": "handed_over", "quantity": 1, "done_on": DAY, "other_team": "t9"}
            records.add(ws, "disposal", fields, owner=team)
        every = outstanding.outstanding(ws)
        assert [one.team for one in outstanding.outstanding(ws, team="t7").items] == ["t7"]
        assert len(outstanding.outstanding(ws, team="t9").items) == 2
        assert [one.team for one in outstanding.outstanding(ws, place="AZ-FUZ").items] == ["t8"]
        assert every.lines == {("at_mine", "piece"): 6}


def test_the_short_way_counts_what_counting_everything_counts(ws: Workspace) -> None:
    dice = random.Random(7)
    outcomes = ("destroyed_in_place", "neutralised", "stored", "inert", "handed_over")
    with ws.store.transaction():
        for _ in range(60):
            dump(ws) if dice.random() < 0.05 else a_find(ws, quantity=dice.randint(1, 3), found_on=DAY)
        rows = listing.select(ws.store, "find")
        for _ in range(90):
            row = dice.choice(rows)
            tag = str(row["local_id"])
            of = dice.choice([row.name, tag, tag.lower().replace("-", " "), "unknown", str(row["lot"] or tag)])
            disposal = gone(ws, of, dice.randint(1, 3), f"2024-06-{dice.randint(1, 9):02}", dice.choice(outcomes))
            if dice.random() < 0.1:
                records.correct(ws, disposal, {"unit": "kg"}, "weighed")
            if dice.random() < 0.1:
                records.retract(ws, disposal, "typed twice")
        records.retract(ws, rows[3].name, "no such item")
    found = outstanding.outstanding(ws)
    districts = gather.Districts(ws.store)
    book = ledger(
        [gather.found(row, districts) for row in listing.select(ws.store, "find")],
        [gather.deed(row, districts) for row in listing.select(ws.store, "disposal")],
    )
    wanted: dict[Line, Amount] = {}
    for account in book.accounts:
        if account.line.rollup != NOT_COUNTED:
            wanted[account.line] = wanted.get(account.line, 0) + account.standing("9999-12-31").outstanding
    assert found.lines == {line: left for line, left in wanted.items() if left}
    assert sorted(one.record for one in found.loose) == sorted(one.deed.record for one in book.unresolved)
    too_many = [a.standing("9999-12-31") for a in book.accounts]
    assert len(found.over) == sum(bool(one.destroyed_too_many or one.neutralised_too_many) for one in too_many)
    assert len(found.over) > 0 < len(found.loose)


def test_what_is_remembered_never_outlives_a_change(ws: Workspace) -> None:
    find = a_find(ws)
    assert len(outstanding.outstanding(ws).items) == 1
    gone(ws, find.name, 1, "2024-07-30")
    assert outstanding.outstanding(ws).items == []
