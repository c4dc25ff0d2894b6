"""Outstanding items (M13): found minus disposed, where they are, for how long; what is claimed twice; tags to join.

Counted by the rules of ``fieldapp.domain.counting``, so what is outstanding here is what the weekly report calls so.
Non-explosive remnants stand on no line and are never outstanding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fieldapp.domain.counting import NOT_COUNTED, OUTCOMES, Account, Amount, Unresolved, ledger
from fieldapp.domain.custody import Holding, holdings
from fieldapp.ids import RecordName
from fieldapp.operations import enrolment, records
from fieldapp.operations.task_errors import NotAFind
from fieldapp.operations.workspace import Workspace
from fieldapp.reports import gather
from fieldapp.storage import outstanding as stored
from fieldapp.storage.listing import Row
from fieldapp.storage.records import Record
from fieldapp.texts import N_, Texts, parse_day

_ENDING = frozenset(code for code, outcome in OUTCOMES.items() if outcome.ends)
_FOR_EVER = "9999-12-31"

REASONS = {
    "not_here": N_("No find here bears this tag."),
    "ambiguous": N_("More than one find bears this tag."),
    "other_unit": N_("Its unit is not that of the find."),
}
"""Why a disposal's item is not known, as ``fieldapp.domain.counting`` says it."""


@dataclass(frozen=True)
class Item:
    """Items of one line found at one place, of which something is left, or more was claimed than found."""

    number: str
    """The tag people know them by."""
    finds: tuple[RecordName, ...]
    team: str
    place: str
    """District's code; empty where none is known."""
    line: str
    unit: str
    models: tuple[tuple[str, Amount], ...]
    """Model (its code, the text as typed, or the category) and how many were found, the most first."""
    found_on: str
    found: Amount
    done: Amount
    """Neutralised or destroyed."""
    left: Amount
    """Found and not dealt with; never negative."""
    destroyed_too_many: Amount
    neutralised_too_many: Amount
    age_days: int
    """Since it was found."""
    holdings: tuple[Holding, ...]


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
    """Those of which something is left, the longest found first."""
    over: list[Item]
    """Those of which more was destroyed or neutralised than found."""
    held: list[Held]
    """By state, store and hand, the longest held first."""
    loose: list[Loose]
    lines: Mapping[tuple[str, str], Amount] = field(default_factory=dict)
    """What is left by line and unit."""


def outstanding(
    ws: Workspace, *, team: str | None = None, place: str | None = None, until: str | None = None
) -> Outstanding:
    """What is outstanding: everywhere, or what one team found or now holds, or what was found in one district.

    ``until``: at the end of that day (YYYY-MM-DD), as it is known today.
    """
    counted = _counted(ws)
    day = until or _FOR_EVER
    names = {one.code: one.name for one in enrolment.teams(ws)}
    today = ws.clock.now().date() if until is None else parse_day(until)
    items = [item for account in counted.accounts if (item := _item(counted, account, day, today, names)) is not None]
    items = [
        one for one in items
        if (team is None or team in (one.team, *_hands(one, names))) and (place is None or one.place == place)
    ]  # fmt: skip
    items.sort(key=lambda one: (one.found_on, one.number, one.line))
    left = [one for one in items if one.left]
    lines: dict[tuple[str, str], Amount] = {}
    for one in left:
        lines[one.line, one.unit] = lines.get((one.line, one.unit), 0) + one.left
    return Outstanding(
        until or "", left, [one for one in items if one.destroyed_too_many or one.neutralised_too_many],
        _held(left, today), [one for one in counted.loose if one.done_on <= day and team in (None, one.team)], lines,
    )  # fmt: skip


def _hands(item: Item, names: Mapping[str, str]) -> set[str]:
    """The teams that hold some of it, by code where they were written by name."""
    codes = {name: code for code, name in names.items()}
    return {codes.get(one.holder, one.holder) for one in item.holdings}


@dataclass(frozen=True)
class _Counted:
    version: tuple[object, ...]
    accounts: list[Account]
    finds: Mapping[int, tuple[Row, ...]]
    """The finds of each account, by the account's place in ``accounts``."""
    places: Mapping[int, int]
    """Place in ``accounts`` by the account's identity."""
    loose: list[Loose]


def _counted(ws: Workspace) -> _Counted:
    """The accounts that may have something left; kept until a record changes."""
    version = (ws.store.row("SELECT total_changes()"), ws.store.row("PRAGMA data_version"))
    kept = ws.store.caches.get("outstanding")
    if isinstance(kept, _Counted) and kept.version == version:
        return kept
    rows = stored.to_count(ws.store, _ENDING)
    districts = gather.Districts(ws.store)
    by_name = {row.name: row for row in rows.finds}
    deeds = {row.name: row for row in rows.disposals}
    book = ledger(
        (gather.found(row, districts) for row in rows.finds), (gather.deed(row, districts) for row in rows.disposals),
        lists=districts.lists,
    )  # fmt: skip
    accounts = [one for one in book.accounts if one.line.rollup != NOT_COUNTED]
    made = _Counted(
        version, accounts, {at: tuple(by_name[name] for name in one.records) for at, one in enumerate(accounts)},
        {id(one): at for at, one in enumerate(accounts)},
        sorted((_loose(one, deeds[one.deed.record]) for one in book.unresolved), key=lambda one: one.done_on),
    )  # fmt: skip
    ws.store.caches["outstanding"] = made
    return made


def _item(
    counted: _Counted, account: Account, until: str, today: date, names: Mapping[str, str]
) -> Item | None:
    standing = account.standing(until)
    if not (standing.outstanding or standing.destroyed_too_many or standing.neutralised_too_many):
        return None
    rows = counted.finds[counted.places[id(account)]]
    models: dict[str, Amount] = {}
    for row in rows:
        name = str(row["model"] or row["model_text"] or row["category"] or "")
        models[name] = models.get(name, 0) + (gather.amount(row["quantity"]) or 0)
    found_on = min(day for day, _ in account.finds)
    return Item(
        account.name, tuple(row.name for row in rows), account.owner, account.place, account.line.rollup,
        account.line.unit, tuple(sorted(models.items(), key=lambda one: (-one[1], one[0]))), found_on, standing.found,
        standing.neutralised, standing.outstanding, standing.destroyed_too_many, standing.neutralised_too_many,
        _days(found_on, today), tuple(holdings(account, until, names)),
    )  # fmt: skip


def _days(since: str, today: date) -> int:
    """Whole days, 0 for a day that has not come yet."""
    return max((today - parse_day(since)).days, 0)


def _held(items: Iterable[Item], today: date) -> list[Held]:
    sums: dict[tuple[str, str, str, str, str], tuple[Amount, str]] = {}
    for item in items:
        for one in item.holdings:
            key = one.state, one.store, one.holder, item.line, item.unit
            before, since = sums.get(key, (0, one.since))
            sums[key] = before + one.quantity, min(since, one.since)
    held = [Held(*key, quantity, since, _days(since, today)) for key, (quantity, since) in sums.items()]
    return sorted(held, key=lambda one: (one.since, one.state, one.store, one.holder, one.line))


def _loose(one: Unresolved, row: Row) -> Loose:
    deed = one.deed
    return Loose(
        deed.record, deed.local_id or deed.record, deed.owner, deed.tag or str(row["find"] or ""), deed.quantity,
        deed.unit or "piece", one.line.rollup, deed.outcome or "", deed.done_on or "", one.reason,
    )  # fmt: skip


def join(ws: Workspace, disposal: str, find: str, why: str, *, by: str | None = None) -> Record:
    """Say which find a disposal is about: a correction of the disposal, so it holds in whatever order things come.

    The tag stays as written. A find's full name may be given before the find itself has come. Raises NotAFind,
    RecordMissing, SeveralRecords, NotThisTeams, ReasonNeeded, NothingChanged.
    """
    name = find.strip()
    if name.count("/") != 2:
        name = records.find_by(ws, name, "find").name
    if not name.startswith("find/"):
        raise NotAFind(name=name)
    return records.correct(ws, records.find_by(ws, disposal, "disposal").name, {"find": name}, why, by=by)


def over_claim(item: Item, texts: Texts) -> str:
    """``3 more destroyed than found``."""
    if item.destroyed_too_many:
        return texts(N_("{quantity} more destroyed than found"), quantity=texts.number(item.destroyed_too_many))
    return texts(N_("{quantity} more neutralised than found"), quantity=texts.number(item.neutralised_too_many))


def as_json(found: Outstanding, texts: Texts) -> dict[str, Any]:
    """As the command line prints it."""
    return {
        "until": found.until or None,
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
