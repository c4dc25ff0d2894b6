"""What is kept up of outstanding items is what the rules of counting make of everything, whatever came or changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.domain.counting import NOT_COUNTED, NOT_HERE, Account, Amount, ledger
from fieldapp.domain.custody import holdings
from fieldapp.domain.registry import KINDS
from fieldapp.operations import enrolment, lists, outstanding, owing, records, writing
from fieldapp.operations.outstanding import Item, Outstanding
from fieldapp.operations.workspace import Workspace
from fieldapp.reports import gather
from fieldapp.storage import listing
from fieldapp.storage import outstanding as stored
from fieldapp.storage import records as stored_records
from tests.builders import hq

DAYS = [f"2024-06-{day:02}" for day in (3, 4, 5, 9, 12)]
TEAMS = ("t7", "t8")
TAGS = ("T07-0001-A", "t07 0001 a", "T07/0001.A", "T07-0002-B", "Т7#şəxsi", "т7 ŞƏXSİ", "№ 5", "L-1", "l 1", "nowhere")
LOTS = (None, None, None, "L-1", "L-2", "T07-0002-B")
UNITS = (None, None, None, "piece", "kg", "g")
AMOUNTS: tuple[object, ...] = (1, 1, 2, 3, "0.1", "0.2", "2.5", 0)
OUTCOMES = (
    "destroyed_in_place", "central_demolition", "neutralised", "inert", "stored", "handed_over", "received", "moved",
    "left_marked", "of a newer version",
)
MODELS: tuple[Mapping[str, object], ...] = (
    {"category": "ap_mine"}, {"category": "at_mine", "model_text": "Ləpə"}, {"model_text": "Ləpə"},
    {"category": "projectile", "ordnance_state": "axo"}, {"category": "bulk_explosive"}, {"category": "non_explosive"},
    {"category": "of_a_newer_version"}, {"model": "new-1"}, {},
)  # fmt: skip
PLACES: tuple[Mapping[str, object], ...] = (
    {"place": "AZ-AGM"}, {"place": "AZ-FUZ"}, {"place": "somewhere"}, {"task": "K-1"}, {"task": "task/t7/k1"}, {},
)  # fmt: skip


class _Undo(Exception):
    """Ends an example: nothing of it stays."""


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with hq(tmp_path_factory.mktemp("owing") / "hq") as made:
        yield made


def by_the_rules(ws: Workspace, until: str) -> dict[str, Any]:
    """What is outstanding, of all finds and disposals counted one by one."""
    districts = gather.Districts(ws.store)
    finds = {row.name: row for row in listing.select(ws.store, "find")}
    book = ledger(
        [gather.found(row, districts) for row in finds.values()],
        [gather.deed(row, districts) for row in listing.select(ws.store, "disposal")], lists=districts.lists,
    )  # fmt: skip
    names = {one.code: one.name for one in enrolment.teams(ws)}
    items = {account.records[0]: _said(ws, account, until, names) for account in book.accounts}
    return {
        "items": {name: one for name, one in items.items() if one is not None},
        "loose": {
            (one.deed.record, one.reason, one.line.rollup) for one in book.unresolved
            if (one.deed.done_on or "") <= until
        },
    }  # fmt: skip


def _said(ws: Workspace, account: Account, until: str, names: Mapping[str, str]) -> object:
    now = account.standing(until)
    if account.line.rollup == NOT_COUNTED or not (
        now.outstanding or now.destroyed_too_many or now.neutralised_too_many
    ):
        return None
    return (
        tuple(account.records), account.name, account.owner, account.place, tuple(account.line),
        min(day for day, _ in account.finds), now.found, now.neutralised, now.outstanding, now.destroyed_too_many,
        now.neutralised_too_many, tuple(holdings(account, until, names)),
    )  # fmt: skip


def _item(one: Item) -> object:
    return (
        one.finds, one.number, one.team, one.place, (one.line, one.unit), one.found_on, one.found, one.done, one.left,
        one.destroyed_too_many, one.neutralised_too_many, one.holdings,
    )  # fmt: skip


def agrees(ws: Workspace, found: Outstanding, until: str) -> None:
    """The lists and their sums are those of the rules."""
    wanted = by_the_rules(ws, until)
    assert {one.finds[0]: _item(one) for one in (*found.items, *found.over)} == wanted["items"]
    # What waits for a find that is named is told apart from what waits for a tag; the rule counts both as not here.
    reasons = {"find_not_here": NOT_HERE}
    assert {(one.record, reasons.get(one.reason, one.reason), one.line) for one in found.loose} == wanted["loose"]
    assert (found.item_count, found.over_count) == (len(found.items), len(found.over))
    assert found.loose_count == len(found.loose) == len(wanted["loose"])
    assert all(one.left for one in found.items)
    assert all(one.destroyed_too_many or one.neutralised_too_many for one in found.over)
    assert found.items == sorted(found.items, key=lambda one: (one.found_on, one.number, one.line))
    lines: dict[tuple[str, str], Amount] = {}
    held: dict[tuple[str, ...], tuple[Amount, str]] = {}
    for one in found.items:
        lines[one.line, one.unit] = lines.get((one.line, one.unit), 0) + one.left
        for each in one.holdings:
            key = each.state, each.store, each.holder, one.line, one.unit
            before, since = held.get(key, (0, each.since))
            held[key] = before + each.quantity, min(since, each.since)
    assert found.lines == lines
    assert {(h.state, h.store, h.holder, h.line, h.unit): (h.quantity, h.since) for h in found.held} == held


class _Play:
    """Random entries and changes of them."""

    def __init__(self, ws: Workspace, data: st.DataObject) -> None:
        self.ws, self._data = ws, data
        self.finds: list[str] = []
        self.disposals: list[str] = []
        self.numbers = 0

    def pick(self, some: Sequence[Any]) -> Any:
        """One of some values."""
        return self._data.draw(st.sampled_from(some))

    def find_fields(self) -> dict[str, object]:
        pick = self.pick
        some: dict[str, object] = {
            "quantity": pick(AMOUNTS), "unit": pick(UNITS), "found_on": pick(DAYS), "lot": pick(LOTS),
            "local_id": pick(TAGS), **pick(MODELS), **pick(PLACES),
        }  # fmt: skip
        return {name: value for name, value in some.items() if value is not None and self.pick(range(9))}

    def disposal_fields(self) -> dict[str, object]:
        pick, named = self.pick, {}
        if self.finds and pick((True, False)):
            named["find"] = pick((*self.finds, "find/t7/not-here"))
        some: dict[str, object] = {
            "outcome": pick(OUTCOMES), "quantity": pick(AMOUNTS), "unit": pick(UNITS), "done_on": pick(DAYS),
            "tag": pick((None, *TAGS)), "store": pick((None, "Shed")),
            "other_team": pick((None, "t8", "Team 8", "ANAMA")),
            "category": pick((None, "ap_mine", "projectile")), **named,
        }  # fmt: skip
        return {name: value for name, value in some.items() if value is not None and self.pick(range(9))}

    def add(self, kind: str) -> None:
        """A new record of one of the teams."""
        self.numbers += 1
        name = f"{kind}/{self.pick(TEAMS)}/{self.numbers:04}"
        writing.write(self.ws, name, self.groups(kind))
        (self.finds if kind == "find" else self.disposals).append(name)

    def groups(self, kind: str) -> dict[str, object]:
        """What an event sets."""
        fields = self.find_fields() if kind == "find" else self.disposal_fields()
        found: dict[str, object] = {"remarks": "seen"}
        for group in KINDS[kind].groups:
            some = {one.key: fields[one.name] for one in group.fields if one.name in fields}
            if some:
                found[group.name] = next(iter(some.values())) if group.bare else some
        return found

    def change(self, name: str) -> None:
        """Correct a record, or say something else of it without knowing what was said."""
        groups = self.groups(name.split("/", maxsplit=1)[0])
        some = {group: groups[group] for group in groups if self.pick((True, False))} or groups
        writing.write(self.ws, name, some, parents=self.heads(name) if self.pick((True, True, False)) else ())

    def heads(self, name: str) -> list[str]:
        """What an event about a record builds on."""
        record = stored_records.read(self.ws.store, name)
        return record.heads if record is not None else []

    def step(self) -> None:
        """One entry or change."""
        ws, what = self.ws, self.pick((
            "find", "find", "disposal", "disposal", "disposal", "change", "change", "exists", "task", "model", "team",
            "category",
        ))  # fmt: skip
        every = (*self.finds, *self.disposals)
        if what in ("find", "disposal"):
            self.add(str(what))
        elif what == "change" and every:
            self.change(str(self.pick(every)))
        elif what == "exists" and every:
            name = str(self.pick(every))
            said = {"exists": self.pick((False, False, True))}
            writing.write(ws, name, said, parents=self.heads(name), why="checked")
        elif what == "task":
            name, place = "task/t7/k1", self.pick(("AZ-AGM", "AZ-FUZ"))
            writing.write(ws, name, {"local_id": "K-1", "place": place}, parents=self.heads(name))
        elif what == "team":
            writing.write(ws, "team/hq/t8", {"name": self.pick(("Team 8", "Eight"))}, parents=self.heads("team/hq/t8"))
        elif what == "model" and "new-1" not in ws.lists.models:
            lists.add(ws, "model", {"name_en": "New one", "category": "mortar_bomb", "aliases": ["Ləpə"]}, code="new-1")
        elif what == "category" and "of_a_newer_version" not in ws.lists.vocabulary("category").by_code:
            lists.add(
                ws, "vocabulary", {"name_en": "Newer", "rollup": "uxo"}, code="of_a_newer_version", part="category"
            )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_kept_up_is_what_counting_everything_makes(ws: Workspace, data: st.DataObject) -> None:
    with suppress(_Undo), ws.store.transaction():
        play = _Play(ws, data)
        for part in range(3):
            for _ in range(data.draw(st.integers(4, 9))):
                play.step()
            agrees(ws, outstanding.outstanding(ws), owing.FOR_EVER)
            for team, place in ((play.pick(TEAMS), None), (None, "AZ-AGM"), ("t8", "AZ-FUZ")):
                some = outstanding.outstanding(ws, team=team, place=place)
                same = outstanding.outstanding(ws, team=team, place=place, until=owing.FOR_EVER)
                assert [_item(one) for one in some.items] == [_item(one) for one in same.items]
                assert [_item(one) for one in some.over] == [_item(one) for one in same.over]
                assert [replace(one, age_days=0) for one in some.held] == [replace(h, age_days=0) for h in same.held]
                assert (some.lines, some.loose, some.item_count) == (same.lines, same.loose, same.item_count)
            if part == 1:
                day = str(play.pick(DAYS))
                agrees(ws, outstanding.outstanding(ws, until=day), day)
        raise _Undo


def test_a_page_of_each_list_comes_with_the_sums_of_all(ws: Workspace) -> None:
    with suppress(_Undo), ws.store.transaction():
        for at in range(5):
            fields = {"category": "at_mine", "quantity": 2, "found_on": DAYS[at], "local_id": f"T07-000{at}-A"}
            records.add(ws, "find", fields, owner="t7")
            records.add(ws, "disposal", {
                "tag": f"nobody knows {at}", "outcome": "neutralised", "quantity": 1, "done_on": DAYS[at],
            }, owner="t7")  # fmt: skip
        found = outstanding.outstanding(ws, limit=2, offset=1)
        assert [one.found_on for one in found.items] == DAYS[1:3] == [one.done_on for one in found.loose]
        assert (found.item_count, found.loose_count, found.lines) == (5, 5, {("at_mine", "piece"): 10})
        earlier = outstanding.outstanding(ws, limit=2, until=DAYS[3])
        assert ([one.found_on for one in earlier.items], earlier.item_count) == (DAYS[:2], 4)
        raise _Undo


def test_what_was_neutralised_and_then_destroyed_is_one_item_and_the_other_is_still_there(ws: Workspace) -> None:
    with suppress(_Undo), ws.store.transaction():
        find = records.add(ws, "find", {"category": "at_mine", "quantity": 2, "found_on": DAYS[0]}, owner="t7")
        for outcome in ("neutralised", "central_demolition"):
            fields = {"find": find.name, "outcome": outcome, "quantity": 1, "done_on": DAYS[1]}
            records.add(ws, "disposal", fields, owner="t7")
        assert outstanding.outstanding(ws).lines == {("at_mine", "piece"): 1}
        raise _Undo


def test_what_is_dealt_with_later_was_outstanding_before(ws: Workspace) -> None:
    with suppress(_Undo), ws.store.transaction():
        find = records.add(ws, "find", {"category": "at_mine", "quantity": 2, "found_on": DAYS[0]}, owner="t7")
        fields = {"find": find.name, "outcome": "central_demolition", "quantity": 2, "done_on": DAYS[3]}
        records.add(ws, "disposal", fields, owner="t7")
        assert outstanding.outstanding(ws, until=DAYS[2]).lines == {("at_mine", "piece"): 2}
        assert outstanding.outstanding(ws).lines == {} == outstanding.outstanding(ws, until=DAYS[3]).lines
        raise _Undo


def test_a_find_is_joined_and_offered_by_its_tag_as_people_write_it(ws: Workspace) -> None:
    with suppress(_Undo), ws.store.transaction():
        numbers = ("T07-0131-K", "T07-0132-A", "№ 5 şəxsi")
        finds = [
            records.add(ws, "find", {"category": "at_mine", "quantity": 1, "found_on": DAYS[0], "local_id": number},
                        owner="t7").name for number in numbers
        ]  # fmt: skip
        fields = {"tag": "red string", "outcome": "neutralised", "quantity": 1, "done_on": DAYS[1]}
        disposal = records.add(ws, "disposal", fields, owner="t7")
        assert outstanding.join(ws, disposal.name, "t07 0131k", "the photo shows it").fields["find"] == finds[0]
        assert [row["local_id"] for row in outstanding.bearing(ws, "t07 013")] == list(numbers[:2])
        assert [row["local_id"] for row in outstanding.bearing(ws, "№5 ŞƏ")] == [numbers[2]]
        assert outstanding.bearing(ws, " - ") == []
        raise _Undo


def test_tags_are_found_by_index_and_not_by_reading_all_finds(ws: Workspace) -> None:
    with suppress(_Undo), ws.store.transaction():
        outstanding.outstanding(ws)
        asked: list[str] = []
        for table, column in (("find", "local_id"), ("find", "lot"), ("disposal", "tag")):
            asked += [
                f"SELECT n FROM {table} WHERE {column} IS NOT NULL AND {stored.FOLDED.format(column)} IN ('a', 'b')",
                f"SELECT n, {column} FROM {table} WHERE {stored.STRANGE.format(column)}",
            ]
        plans = [" ".join(str(row[3]) for row in ws.store.rows(f"EXPLAIN QUERY PLAN {sql}")) for sql in asked]
        assert all("USING" in plan and "INDEX folded_" in plan for plan in plans), plans
        raise _Undo


def test_a_model_that_headquarters_added_or_mapped_is_named_by_the_lists_in_force(ws: Workspace) -> None:
    with suppress(_Undo), ws.store.transaction():
        lists.add(ws, "model", {"name_en": "New one", "category": "mortar_bomb", "aliases": ["Ləpə"]}, code="new-1")
        names = [outstanding.model_name(ws.lists, name, "en") for name in ("new-1", "Ləpə", "ap_mine", "unheard of")]
        assert names == ["New one", "New one", ws.lists.name("category", "ap_mine", "en"), "unheard of"]
        raise _Undo
