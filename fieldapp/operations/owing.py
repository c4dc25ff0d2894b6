"""Keeping up the tables of what is outstanding: counted by the domain's rules, only around what changed since.

What a find or disposal counts for follows from itself, from what lies in one lot with it or shares its tag, from the
lists in force, the places of tasks and the names of teams. ``storage.outstanding`` finds what hangs together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from fieldapp.domain.counting import NOT_COUNTED, OUTCOMES, Account, Amount, Ledger, ledger, rollup
from fieldapp.domain.custody import Holding, holdings
from fieldapp.domain.lists_in_force import Lists
from fieldapp.ids import RecordName
from fieldapp.operations import enrolment
from fieldapp.operations.workspace import Workspace
from fieldapp.reports import gather
from fieldapp.reports.gather import amount
from fieldapp.storage import outstanding as stored
from fieldapp.storage import owing
from fieldapp.storage import records as stored_records
from fieldapp.storage.derived import Touched
from fieldapp.storage.listing import Row
from fieldapp.storage.outstanding import Codes, Outcomes, Seeds, ToCount
from fieldapp.storage.owing import Part, Unjoined
from fieldapp.texts import fold, parse_day

__all__ = [
    "FOR_EVER", "OUTCOME_CODES", "Item", "amount", "bring_up_to_date", "count", "days", "models",
]

FOR_EVER = "9999-12-31"
VERSION = "1"
"""Goes up when other rules would make other tables."""
_MANY = 20_000
"""When more records changed than these, counting everything is quicker."""
OUTCOME_CODES = Outcomes(
    [code for code, one in OUTCOMES.items() if one.ends],
    [code for code, one in OUTCOMES.items() if one.destroyed],
    [code for code, one in OUTCOMES.items() if one.neutralised and not one.destroyed],
)


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
class Counted:
    """Some finds and disposals, counted by the rules."""

    rows: ToCount
    book: Ledger

    def items(self, until: str, today: date, names: Mapping[str, str]) -> Iterator[Item]:
        """The items at the end of a day, in the order of their first finds. ``names``: of teams, by code."""
        by_name = {row.name: row for row in self.rows.finds}
        for account in self.book.accounts:
            if account.line.rollup != NOT_COUNTED:
                item = _item(account, by_name, until, today, names)
                if item is not None:
                    yield item


def count(ws: Workspace, rows: ToCount) -> Counted:
    """Count finds and disposals that hang together."""
    districts = gather.Districts(ws.store)
    book = ledger(
        (gather.found(row, districts) for row in rows.finds), (gather.deed(row, districts) for row in rows.disposals),
        lists=districts.lists,
    )  # fmt: skip
    return Counted(rows, book)


def _item(
    account: Account, by_name: Mapping[RecordName, Row], until: str, today: date, names: Mapping[str, str]
) -> Item | None:
    standing = account.standing(until)
    if not (standing.outstanding or standing.destroyed_too_many or standing.neutralised_too_many):
        return None
    found_on = min(day for day, _ in account.finds)
    return Item(
        account.name, tuple(account.records), account.owner, account.place, account.line.rollup, account.line.unit,
        models(by_name[name] for name in account.records), found_on, standing.found, standing.neutralised,
        standing.outstanding, standing.destroyed_too_many, standing.neutralised_too_many, days(found_on, today),
        tuple(holdings(account, until, names)),
    )  # fmt: skip


def models(rows: Iterable[Row]) -> tuple[tuple[str, Amount], ...]:
    """What some finds are called and how many were found of each, the most first."""
    found: dict[str, Amount] = {}
    for row in rows:
        name = str(row["model"] or row["model_text"] or row["category"] or "")
        found[name] = found.get(name, 0) + (amount(row["quantity"]) or 0)
    return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def days(since: str, today: date) -> int:
    """Whole days, 0 for a day that has not come yet."""
    return max((today - parse_day(since)).days, 0)


def bring_up_to_date(ws: Workspace) -> None:
    """Bring the tables up to date with all that came or changed since."""
    store = ws.store
    with store.transaction():
        names = {one.code: one.name for one in enrolment.teams(ws)}
        notes = _notes(ws, names)
        touched = owing.UPKEEP.touched(store, VERSION)
        changed = {key for key, text in notes.items() if owing.UPKEEP.note(store, key) != text}
        if not (touched.everything or touched.names or touched.stirred or changed):
            return
        today = ws.clock.now().date()
        if touched.everything or "lines" in changed or len(touched.names) + len(touched.stirred) > _MANY:
            owing.clear(store)
            codes = _codes(ws)
            rows = stored.to_count(store, OUTCOME_CODES, FOR_EVER, codes)
            made = count(ws, rows)
            parts = (part for one in made.items(FOR_EVER, today, names) for part in _parts(one))
            owing.fill(store, codes, [row["n"] for row in rows.finds], parts, _unjoined(made))
        else:
            seeds = _seeds(ws, touched)
            for key in sorted(changed):
                finds, disposals = stored.depending(store, key)
                seeds.finds |= finds
                seeds.disposals |= disposals
            made = count(ws, stored.around(store, seeds))
            owing.replace(
                store, seeds.finds | {row.name for row in made.rows.finds},
                seeds.disposals | {row.name for row in made.rows.disposals},
                [part for one in made.items(FOR_EVER, today, names) for part in _parts(one)], _unjoined(made),
            )  # fmt: skip
        owing.set_mark(store, VERSION)
        for key, text in notes.items():
            owing.UPKEEP.set_note(store, key, text)


def _parts(item: Item) -> Iterator[Part]:
    _, owner, i = item.finds[0].split("/")
    finds = json.dumps(item.finds) if len(item.finds) > 1 else None
    for at, held in enumerate(item.holdings or (Holding("", "", item.team, 0, item.found_on),)):
        yield Part(
            i, owner, at, item.number, finds, item.place, item.line, item.unit, item.found_on, item.found, item.done,
            item.left, item.destroyed_too_many, item.neutralised_too_many, int(item.left > 0),
            int(item.destroyed_too_many > 0 or item.neutralised_too_many > 0), held.state, held.store, held.holder,
            held.quantity, held.since,
        )  # fmt: skip


def _unjoined(made: Counted) -> Iterator[Unjoined]:
    for one in made.book.unresolved:
        _, owner, i = one.deed.record.split("/")
        yield Unjoined(i, owner, one.line.rollup, one.reason, one.deed.done_on or "")


def _seeds(ws: Workspace, touched: Touched) -> Seeds:
    """What changed, and what it named before: lots, tags and finds that any event of a record ever wrote."""
    every = touched.names | touched.stirred
    seeds = Seeds(
        {name for name in every if name.startswith("find/")}, {name for name in every if name.startswith("disposal/")}
    )  # fmt: skip
    for name in touched.stirred:
        layout = ws.store.layout(name.split("/")[0])
        for event in stored_records.events_of(ws.store, name).values():
            said = stored_records.fields_of(layout, event.set)
            written = {key: value for key, value in said.items() if isinstance(value, str) and value}
            seeds.lots |= {written["lot"]} if "lot" in written else set()
            seeds.tags |= {fold(written[key]) for key in ("local_id", "lot") if name[0] == "f" and key in written}
            seeds.finds |= {written["find"]} if "find" in written else set()
            seeds.borne |= {fold(written["tag"])} if "tag" in written else set()
    seeds.tags.discard("")
    seeds.borne.discard("")
    return seeds


def _notes(ws: Workspace, names: Mapping[str, str]) -> dict[str, str]:
    """What the figures hang on beside finds and disposals, in short: another text is another state of it."""
    lists = ws.lists
    kept = ws.store.caches.get("owing_lists")
    if kept is None or kept[0] is not lists:
        lines = [
            sorted((code, rollup(code, lists)) for code in lists.vocabulary("category").by_code),
            sorted((code, lists.district_of(code)) for code in lists.places),
        ]
        meant = sorted((m.code, m.category, m.withdrawn, m.names.en, m.names.az, m.names.ru, m.aliases)
                       for m in lists.models.values())  # fmt: skip
        kept = ws.store.caches["owing_lists"] = lists, _short(lines), _short(meant)
    tasks = ws.store.rows("SELECT owner, id, local_id, place FROM task WHERE retracted = 0 ORDER BY owner, id")
    return {"lines": kept[1], "models": kept[2], "tasks": _short(tasks), "teams": _short(sorted(names.items()))}


def _short(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]


def _codes(ws: Workspace) -> Codes:
    lists: Lists = ws.lists
    lines = {code: rollup(code, lists) for code in lists.vocabulary("category").by_code}
    counted = {code: line for code, line in lines.items() if line != NOT_COUNTED}
    places = {code: lists.district_of(code) or code for code in lists.places}
    return Codes(counted, [code for code in lines if code not in counted], places)


