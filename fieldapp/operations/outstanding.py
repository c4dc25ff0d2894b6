"""Outstanding items (M13): found minus disposed, where they are, for how long; what is claimed twice; tags to join.

Counted by the rules of ``fieldapp.domain.counting``, so what is outstanding here is what the weekly report calls so.
Non-explosive remnants stand on no line and are never outstanding. What is outstanding with all that is known comes
from tables that are kept up (``operations.owing``); at the end of an earlier day it is counted when it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from fieldapp.domain.counting import NOT_HERE, OTHER_LINES, PUBLIC_LINES, Amount, Unresolved
from fieldapp.domain.custody import Holding
from fieldapp.domain.lists_in_force import Lists
from fieldapp.ids import RecordName
from fieldapp.operations import enrolment, lookup, owing, records
from fieldapp.operations.errors import RecordMissing
from fieldapp.operations.owing import FOR_EVER, Item, days
from fieldapp.operations.task_errors import NotAFind
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import outstanding as stored
from fieldapp.storage import owing as kept
from fieldapp.storage.listing import Row
from fieldapp.storage.outstanding import Codes, Seeds
from fieldapp.storage.owing import Part, Scope, Unjoined
from fieldapp.storage.records import Record
from fieldapp.texts import N_, Texts, fold, parse_day

__all__ = [
    "REASONS", "Held", "Holding", "Item", "Loose", "Outstanding", "join", "line_name", "model_name", "outstanding",
    "over_claim",
]

_NOT_IN_LIST = {"axo": N_("AXO"), "unknown": N_("Category not known")}
"""Lines that no category of the list stands on."""

REASONS = {
    "not_here": N_("No find here bears this tag."),
    "find_not_here": N_("The find it names is not here."),
    "ambiguous": N_("More than one find bears this tag."),
    "other_unit": N_("Its unit is not that of the find."),
}
"""Why a disposal's item is not known; ``find_not_here``: another team's, or one that has not come yet."""


@dataclass(frozen=True)
class Held:
    """All items of one line in one hand."""

    state: str
    store: str
    holder: str
    line: str
    unit: str
    quantity: Amount
    since: str
    """Day since when the longest held of them are there."""
    age_days: int


@dataclass(frozen=True)
class Loose:
    """A disposal whose item is not known."""

    record: RecordName
    number: str
    team: str
    tag: str
    quantity: Amount | None
    unit: str
    line: str
    outcome: str
    done_on: str
    reason: str


@dataclass(frozen=True)
class Outstanding:
    """Everything outstanding at the end of a day; ``until`` empty: with all that is known."""

    until: str
    items: list[Item]
    """Those of which something is left, the longest found first: all, or a part of the list."""
    over: list[Item]
    """Those of which more was destroyed or neutralised than found, or the first of them."""
    held: list[Held]
    """By state, store and hand, the longest held first; always all."""
    loose: list[Loose]
    lines: Mapping[tuple[str, str], Amount] = field(default_factory=dict)
    """What is left by line and unit."""
    item_count: int = 0
    """So many items in all."""
    over_count: int = 0
    loose_count: int = 0


def outstanding(
    ws: Workspace, *, team: str | None = None, place: str | None = None, until: str | None = None,
    limit: int | None = None, offset: int = 0,
) -> Outstanding:
    """What is outstanding: everywhere, or what one team found or now holds, or what was found in one district.

    ``until``: at the end of that day (YYYY-MM-DD), as it is known today. ``limit`` and ``offset``: a part of the
    items, of the over-claims and of the tags to join; sums are always of all.
    """
    names = {one.code: one.name for one in enrolment.teams(ws)}
    if until is not None:
        return _part_of(_as_of(ws, names, team, place, until), limit, offset)
    today = ws.clock.now().date()
    with ws.store.transaction():  # what is read belongs together
        owing.bring_up_to_date(ws)
        scope = Scope(team, tuple(_names_of(team, names)), place)
        left, over = (kept.page(ws.store, scope, over=which, limit=limit, offset=offset) for which in (False, True))
        hands = kept.hands(ws.store, scope)
        loose, loose_count = kept.loose(ws.store, team, limit, offset)
        items = _items(ws, [*left, *over], today)
        lines: dict[tuple[str, str], Amount] = {}
        for hand in sorted(hands, key=lambda one: _place_of(one.line, one.unit)):
            if hand.items:
                lines[hand.line, hand.unit] = lines.get((hand.line, hand.unit), 0) + hand.remains
        return Outstanding(
            "", [items[one.id, one.owner] for one in left if not one.part],
            [items[one.id, one.owner] for one in over if not one.part], _in_order(
                Held(one.state, one.store, one.holder, one.line, one.unit, one.quantity, one.since,
                     days(one.since, today)) for one in hands if one.state),
            _loose(ws, loose), lines, sum(one.items for one in hands), kept.count_over(ws.store, scope), loose_count,
        )  # fmt: skip


def _names_of(team: str | None, names: Mapping[str, str]) -> Iterator[str]:
    """The words that stand for a team where somebody wrote in whose hands something is: its code or its name."""
    codes = {name: code for code, name in names.items()}
    if team is not None:
        yield from (word for word in {team, names.get(team, team)} if codes.get(word, word) == team)


def _items(ws: Workspace, parts: Iterable[Part], today: date) -> dict[tuple[str, str], Item]:
    """The items of which these are the parts, each part of one after the other, by id and owner."""
    groups = [list(group) for _, group in groupby(parts, key=lambda one: (one.id, one.owner))]
    rows = lookup.rows_of(ws, [name for group in groups for name in group[0].names])
    made = {}
    for group in groups:
        one = group[0]
        holdings = tuple(Holding(p.state, p.store, p.holder, p.quantity, p.since) for p in group if p.state)
        made[one.id, one.owner] = Item(
            one.number, tuple(one.names), one.owner, one.place, one.line, one.unit,
            owing.models(rows[name] for name in one.names), one.found_on, one.found, one.done, one.remains,
            one.destroyed_more, one.neutralised_more, days(one.found_on, today), holdings,
        )  # fmt: skip
    return made


def _loose(ws: Workspace, some: Iterable[Unjoined]) -> list[Loose]:
    some = list(some)
    rows = lookup.rows_of(ws, [f"disposal/{one.owner}/{one.id}" for one in some])
    return [_loose_of(rows[f"disposal/{one.owner}/{one.id}"], one.line, one.reason) for one in some]


def _loose_of(row: Row, line: str, reason: str) -> Loose:
    if reason == NOT_HERE and row["find"]:
        reason = "find_not_here"
    return Loose(
        row.name, row["local_id"] or row.name, row["owner"], row["tag"] or str(row["find"] or ""),
        owing.amount(row["quantity"]), row["unit"] or "piece", line, row["outcome"] or "", row["done_on"] or "", reason,
    )  # fmt: skip


def _as_of(ws: Workspace, names: Mapping[str, str], team: str | None, place: str | None, until: str) -> Outstanding:
    """What was outstanding at the end of a day, counted now."""
    with ws.store.transaction():
        stored.make_indexes(ws.store)
        counted = owing.count(ws, stored.to_count(ws.store, owing.OUTCOME_CODES, until, Codes()))
    today, codes = parse_day(until), {name: code for code, name in names.items()}
    items = [
        one for one in counted.items(until, today, names)
        if place in (None, one.place)
        and (team is None or team in (one.team, *(codes.get(held.holder, held.holder) for held in one.holdings)))
    ]  # fmt: skip
    items.sort(key=lambda one: (one.found_on, one.number, one.line))
    left = [one for one in items if one.left]
    lines: dict[tuple[str, str], Amount] = {}
    for one in sorted(left, key=lambda one: _place_of(one.line, one.unit)):
        lines[one.line, one.unit] = lines.get((one.line, one.unit), 0) + one.left
    rows = {row.name: row for row in counted.rows.disposals}
    loose = sorted((_unresolved(rows, one) for one in counted.book.unresolved), key=lambda one: one.done_on)
    return Outstanding(
        until, left, [one for one in items if one.destroyed_too_many or one.neutralised_too_many], _held(left, today),
        [one for one in loose if one.done_on <= until and team in (None, one.team)], lines,
    )  # fmt: skip


def _unresolved(rows: Mapping[RecordName, Row], one: Unresolved) -> Loose:
    return _loose_of(rows[one.deed.record], one.line.rollup, one.reason)


def _part_of(found: Outstanding, limit: int | None, offset: int) -> Outstanding:
    some = slice(offset, None if limit is None else offset + limit)
    return Outstanding(
        found.until, found.items[some], found.over[some], found.held, found.loose[some], found.lines,
        len(found.items), len(found.over), len(found.loose),
    )  # fmt: skip


def _held(items: Iterable[Item], today: date) -> list[Held]:
    sums: dict[tuple[str, str, str, str, str], tuple[Amount, str]] = {}
    for item in items:
        for one in item.holdings:
            key = one.state, one.store, one.holder, item.line, item.unit
            before, since = sums.get(key, (0, one.since))
            sums[key] = before + one.quantity, min(since, one.since)
    return _in_order(Held(*key, quantity, since, days(since, today)) for key, (quantity, since) in sums.items())


def _place_of(line: str, unit: str) -> tuple[int, str, str]:
    """Where a line stands among others: the public ones first."""
    printed = (*PUBLIC_LINES, *OTHER_LINES)
    return (printed.index(line) if line in printed else len(printed)), line, unit


def _in_order(held: Iterable[Held]) -> list[Held]:
    return sorted(held, key=lambda one: (one.since, one.state, one.store, one.holder, one.line, one.unit))


def of_finds(ws: Workspace, names: Collection[RecordName]) -> list[Item]:
    """What is outstanding of these finds and what is counted with them: nothing else is looked at."""
    with ws.store.transaction():
        stored.make_indexes(ws.store)
        counted = owing.count(ws, stored.around(ws.store, Seeds(set(names))))
    teams = {one.code: one.name for one in enrolment.teams(ws)}
    return [one for one in counted.items(FOR_EVER, ws.clock.now().date(), teams) if one.left]


def bearing(ws: Workspace, text: str, limit: int = 8) -> list[Row]:
    """The finds whose tag begins with a text as people write it, in the order of their tags."""
    folded = fold(text)
    if not folded:
        return []
    with ws.store.transaction():
        stored.make_indexes(ws.store)
        numbers = stored.beginning(ws.store, folded, limit)
    return sorted(lookup.rows(ws, "find", equal={"n": numbers}), key=lambda row: str(row["local_id"]))


def join(ws: Workspace, disposal: str, find: str, why: str, *, by: str | None = None) -> Record:
    """Say which find a disposal is about: a correction of the disposal, so it holds in whatever order things come.

    The tag stays as written. The find's number may be written as tags are; its full name may be given before the find
    itself has come. Raises NotAFind, RecordMissing, SeveralRecords, NotThisTeams, ReasonNeeded, NothingChanged.
    """
    name = find.strip()
    if name.count("/") != 2:
        name = _find_named(ws, name)
    if not name.startswith("find/"):
        raise NotAFind(name=name)
    return records.correct(ws, records.find_by(ws, disposal, "disposal").name, {"find": name}, why, by=by)


def _find_named(ws: Workspace, number: str) -> RecordName:
    try:
        return records.find_by(ws, number, "find").name
    except RecordMissing:
        with ws.store.transaction():
            stored.make_indexes(ws.store)
            numbers = sorted(stored.alike(ws.store, "find", "local_id", {fold(number)} - {""}))
        if len(rows := lookup.rows(ws, "find", equal={"n": numbers}, retracted=False)) == 1:
            return rows[0].name
        raise


def model_name(lists: Lists, name: str, language: str) -> str:
    """What ``Item.models`` names: a model, also where a text stands for it; else a category, or the text."""
    if name in lists.models:
        return lists.model_name(name, language)
    known = lists.meant(name)
    return known.name(language) if known else lists.name("category", name, language)


def line_name(line: str, lists: Lists, texts: Texts) -> str:
    """What a public line is called."""
    named = _NOT_IN_LIST.get(line)
    return texts(named) if named else lists.name("rollup", line, texts.language)


def over_claim(item: Item, texts: Texts) -> str:
    """``3 more destroyed than found``."""
    if item.destroyed_too_many:
        return texts(N_("{quantity} more destroyed than found"), quantity=texts.number(item.destroyed_too_many))
    return texts(N_("{quantity} more neutralised than found"), quantity=texts.number(item.neutralised_too_many))


def as_json(found: Outstanding, texts: Texts) -> dict[str, Any]:
    """As the command line prints it."""
    return {
        "until": found.until or None,
        "items_in_all": found.item_count, "over_claims_in_all": found.over_count,
        "unresolved_in_all": found.loose_count,
        "lines": [
            {"line": line, "unit": unit, "outstanding": _number(left)} for (line, unit), left in found.lines.items()
        ],
        "items": [_item_as_json(one) for one in found.items],
        "held": [
            {"state": one.state, "store": one.store, "holder": one.holder, "line": one.line, "unit": one.unit,
             "quantity": _number(one.quantity), "since": one.since, "age_days": one.age_days}
            for one in found.held
        ],
        "over_claims": [_item_as_json(one) | {"message": over_claim(one, texts)} for one in found.over],
        "unresolved": [
            {"record": one.record, "local_id": one.number, "team": one.team, "tag": one.tag,
             "quantity": None if one.quantity is None else _number(one.quantity), "unit": one.unit, "line": one.line,
             "outcome": one.outcome, "done_on": one.done_on, "reason": one.reason}
            for one in found.loose
        ],
    }  # fmt: skip


def _item_as_json(one: Item) -> dict[str, Any]:
    return {
        "number": one.number, "finds": list(one.finds), "team": one.team, "place": one.place, "line": one.line,
        "unit": one.unit, "models": [{"model": name, "found": _number(many)} for name, many in one.models],
        "found_on": one.found_on, "found": _number(one.found), "done": _number(one.done),
        "outstanding": _number(one.left), "destroyed_too_many": _number(one.destroyed_too_many),
        "neutralised_too_many": _number(one.neutralised_too_many), "age_days": one.age_days,
        "custody": [
            {"state": held.state, "store": held.store, "holder": held.holder, "quantity": _number(held.quantity),
             "since": held.since}
            for held in one.holdings
        ],
    }  # fmt: skip


def _number(value: Amount) -> int | float:
    return value if isinstance(value, int) else int(value) if value == value.to_integral_value() else float(value)
