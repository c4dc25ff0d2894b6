"""What is outstanding, kept up as tables so that any page of it comes at once.

``owing`` follows from the current records and is dropped with them. It is brought up to date when it is read, by what
changed since: new finds and disposals have numbers above the mark, others that changed were noted by ``ingest``. A
workspace that never asked has none of the tables and pays nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from fieldapp.ids import RecordName
from fieldapp.storage import outstanding
from fieldapp.storage.database import Store
from fieldapp.storage.derived import Derived
from fieldapp.storage.outstanding import Codes

UPKEEP = Derived("owing", ("find", "disposal"))
"""How far what is outstanding is brought up to date."""
_TABLES = {
    "owing": (
        "id TEXT NOT NULL, owner TEXT NOT NULL, part INTEGER NOT NULL, number TEXT NOT NULL, finds TEXT,"
        " place TEXT NOT NULL, line TEXT NOT NULL, unit TEXT NOT NULL, found_on TEXT NOT NULL, found ANY NOT NULL,"
        " done ANY NOT NULL, remains ANY NOT NULL, destroyed_more ANY NOT NULL, neutralised_more ANY NOT NULL,"
        " open INTEGER NOT NULL, over INTEGER NOT NULL, state TEXT NOT NULL, store TEXT NOT NULL,"
        " holder TEXT NOT NULL, quantity ANY NOT NULL, since TEXT NOT NULL, PRIMARY KEY (id, owner, part)"
    ),
    "owing_sum": (
        "state TEXT NOT NULL, store TEXT NOT NULL, holder TEXT NOT NULL, line TEXT NOT NULL, unit TEXT NOT NULL,"
        " quantity ANY NOT NULL, remains ANY NOT NULL, items INTEGER NOT NULL, parts INTEGER NOT NULL,"
        " PRIMARY KEY (state, store, holder, line, unit)"
    ),
    "owing_loose": (
        "id TEXT NOT NULL, owner TEXT NOT NULL, line TEXT NOT NULL, reason TEXT NOT NULL, done_on TEXT NOT NULL,"
        " PRIMARY KEY (id, owner)"
    ),
} | UPKEEP.tables()
_INDEXES = {
    "owing_order": "owing (found_on, number, line, owner, id) WHERE open = 1 AND part = 0",
    "owing_over": "owing (found_on, number, line, owner, id) WHERE over = 1 AND part = 0",
    "owing_hand": "owing (state, store, holder, line, unit, since) WHERE open = 1",
    "owing_owner": "owing (owner, found_on, number, line, id)",
    "owing_holder": "owing (holder, owner)",
    "owing_place": "owing (place, found_on)",
    "owing_loose_order": "owing_loose (done_on, owner, id)",
}

Amount = int | Decimal
"""Whole amounts are stored as integers, others as their text: sums stay exact."""


class Part(NamedTuple):
    """One holding of one account; an account without any has one part without a state."""

    id: str
    """Of the account's first find."""
    owner: str
    part: int
    number: str
    finds: str | None
    """All finds of the account, a JSON list of names; None: the first is the only one."""
    place: str
    line: str
    unit: str
    found_on: str
    found: Amount
    done: Amount
    remains: Amount
    destroyed_more: Amount
    neutralised_more: Amount
    open: int
    over: int
    state: str
    store: str
    holder: str
    quantity: Amount
    since: str

    @property
    def names(self) -> list[RecordName]:
        """The account's finds."""
        return [str(name) for name in json.loads(self.finds)] if self.finds else [f"find/{self.owner}/{self.id}"]


_AMOUNTS = tuple(Part._fields.index(name) for name in (
    "found", "done", "remains", "destroyed_more", "neutralised_more", "quantity"
))  # fmt: skip
_COLUMNS = ",".join(Part._fields)
_ORDER = "found_on, number, line, owner, id"


class Unjoined(NamedTuple):
    """A disposal whose item is not known."""

    id: str
    owner: str
    line: str
    reason: str
    done_on: str


class Hand(NamedTuple):
    """All parts of one line in one hand; ``state`` empty: of accounts without a hand."""

    state: str
    store: str
    holder: str
    line: str
    unit: str
    quantity: Amount
    remains: Amount
    """Of the accounts whose first part it is."""
    items: int
    """So many accounts."""
    since: str


def clear(store: Store) -> None:
    """Make the tables empty, to be filled from nothing."""
    for name in _TABLES:
        store.execute(f"DROP TABLE IF EXISTS {name}")
    for name, columns in _TABLES.items():
        store.execute(f"CREATE TABLE {name} ({columns}) STRICT, WITHOUT ROWID")
    outstanding.make_indexes(store)


def set_mark(store: Store, version: str) -> None:
    """The tables are up to date, and can be read quickly."""
    UPKEEP.set_mark(store, version)
    for name, columns in _INDEXES.items():
        store.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {columns}")


def fill(
    store: Store, codes: Codes, counted: Collection[int], parts: Iterable[Part], loose: Iterable[Unjoined]
) -> None:
    """Fill the empty tables: simple finds by one statement, the others as they were ``counted`` one by one."""
    outstanding.simple_finds(
        store, codes, counted,
        f"INSERT INTO owing ({_COLUMNS}) SELECT id, owner, 0, number, NULL, district, line, 'piece', day, quantity, 0,"  # noqa: S608
        " quantity, 0, 0, 1, 0, 'found', '', owner, quantity, day FROM simple",
    )  # fmt: skip
    _insert(store, parts, loose)
    groups: dict[tuple[str, ...], _Sum] = {}
    for *key, quantity, remains, items, many in store.rows(
        "SELECT state, store, holder, line, unit, total(quantity) FILTER (WHERE typeof(quantity) = 'integer'),"
        " total(remains) FILTER (WHERE part = 0 AND typeof(remains) = 'integer'), total(part = 0), count(*)"
        " FROM owing WHERE open = 1 GROUP BY 1, 2, 3, 4, 5"
    ):
        groups[tuple(key)] = _Sum(int(quantity), int(remains), int(items), many)
    for *key, part, quantity, remains in store.rows(
        "SELECT state, store, holder, line, unit, part, quantity, remains FROM owing"
        " WHERE open = 1 AND 'text' IN (typeof(quantity), typeof(remains))"
    ):
        one = groups[tuple(key)]
        one.quantity += Decimal(quantity) if isinstance(quantity, str) else 0
        one.remains += Decimal(remains) if isinstance(remains, str) and not part else 0
    _add(store, groups)


def replace(
    store: Store, finds: Collection[RecordName], disposals: Collection[RecordName], parts: Collection[Part],
    loose: Iterable[Unjoined],
) -> None:
    """Take the accounts of these finds and these disposals from the tables and put others into them."""
    among = (_pairs(finds),)
    rows = store.rows(
        f"SELECT {','.join(f'o.{name}' for name in Part._fields)} FROM json_each(?) j JOIN owing o"  # noqa: S608
        " ON o.id = j.value->>1 AND o.owner = j.value->>0", among,
    )  # fmt: skip
    groups: dict[tuple[str, ...], _Sum] = {}
    for sign, some in ((-1, map(_part, rows)), (1, parts)):
        for one in some:
            if one.open:
                found = groups.setdefault((one.state, one.store, one.holder, one.line, one.unit), _Sum())
                found.take(sign, one)
    for table, names in (("owing", finds), ("owing_loose", disposals)):
        store.execute(
            f"DELETE FROM {table} WHERE (id, owner) IN (SELECT value->>1, value->>0 FROM json_each(?))",  # noqa: S608
            (_pairs(names),),
        )
    _insert(store, parts, loose)
    _add(store, groups)


@dataclass
class _Sum:
    quantity: Amount = 0
    remains: Amount = 0
    items: int = 0
    parts: int = 0

    def take(self, sign: int, one: Part) -> None:
        self.quantity += sign * one.quantity
        self.parts += sign
        if not one.part:
            self.remains += sign * one.remains
            self.items += sign


def _add(store: Store, groups: Mapping[tuple[str, ...], _Sum]) -> None:
    same = "state = ? AND store = ? AND holder = ? AND line = ? AND unit = ?"
    for key, more in groups.items():
        row = store.row(f"SELECT quantity, remains, items, parts FROM owing_sum WHERE {same}", key)  # noqa: S608
        quantity, remains, items, parts = row or (0, 0, 0, 0)
        if parts + more.parts:
            store.execute(
                "INSERT OR REPLACE INTO owing_sum VALUES (?,?,?,?,?,?,?,?,?)",
                (*key, _stored(_amount(quantity) + more.quantity), _stored(_amount(remains) + more.remains),
                 items + more.items, parts + more.parts),
            )  # fmt: skip
        else:
            store.execute(f"DELETE FROM owing_sum WHERE {same}", key)  # noqa: S608


def _insert(store: Store, parts: Iterable[Part], loose: Iterable[Unjoined]) -> None:
    places = ",".join("?" * len(Part._fields))
    store.executemany(
        f"INSERT OR REPLACE INTO owing VALUES ({places})",  # noqa: S608 - a number of places
        ([_stored(value) if at in _AMOUNTS else value for at, value in enumerate(one)] for one in parts),
    )
    store.executemany("INSERT OR REPLACE INTO owing_loose VALUES (?,?,?,?,?)", loose)


def _stored(amount: Any) -> int | str:
    return int(amount) if amount == int(amount) else str(amount)


def _amount(stored: Any) -> Amount:
    return stored if isinstance(stored, int) else Decimal(stored)


def _part(row: Iterable[Any]) -> Part:
    return Part._make(_amount(value) if at in _AMOUNTS else value for at, value in enumerate(row))


def _pairs(names: Iterable[RecordName]) -> str:
    return json.dumps([name.split("/")[1:] for name in names])


@dataclass(frozen=True)
class Scope:
    """Which accounts: found by a team or held under one of its names, found in a district; all without either."""

    team: str | None = None
    holders: tuple[str, ...] = ()
    """The names under which the team holds something."""
    place: str | None = None

    @property
    def whole(self) -> bool:
        """Is everything wanted?"""
        return self.team is None and self.place is None

    def keys(self) -> tuple[str, tuple[str, ...]]:
        """A query of id and owner of the accounts wanted, and what is bound to it. Not for the whole."""
        if self.team is None:
            return "SELECT id, owner FROM owing WHERE place = ? AND part = 0", (self.place or "",)
        one = "SELECT id, owner FROM owing WHERE"
        query = f"{one} owner = ? UNION {one} holder IN (SELECT value FROM json_each(?))"  # noqa: S608 - our own names
        bound = (self.team, json.dumps(self.holders))
        if self.place is None:
            return query, bound
        return f"SELECT id, owner FROM ({query}) INTERSECT {one} place = ?", (*bound, self.place)  # noqa: S608


def _some(scope: Scope, sql: str) -> tuple[str, tuple[str, ...]]:
    """A statement with the table ``some``: the rows of ``owing`` that are wanted."""
    if scope.whole:
        return sql.replace(" some ", " owing "), ()
    keys, bound = scope.keys()
    names = ",".join(f"o.{name}" for name in Part._fields)
    some = f"SELECT {names} FROM keys k CROSS JOIN owing o ON o.id = k.id AND o.owner = k.owner"  # noqa: S608
    return f"WITH keys(id, owner) AS MATERIALIZED ({keys}), some AS ({some}) {sql}", bound


def page(store: Store, scope: Scope, *, over: bool = False, limit: int | None = None, offset: int = 0) -> list[Part]:
    """Accounts of which something is left (or, ``over``, more was claimed than found), the longest found first.

    Of each all its parts, one after the other.
    """
    flag = "over" if over else "open"
    sql, bound = _some(
        scope, f"SELECT {','.join(f'o.{name}' for name in Part._fields)} FROM (SELECT id, owner FROM some"  # noqa: S608
        f" WHERE {flag} = 1 AND part = 0 ORDER BY {_ORDER} LIMIT ? OFFSET ?) s"
        " JOIN owing o ON o.id = s.id AND o.owner = s.owner"
        f" ORDER BY {','.join(f'o.{name.strip()}' for name in _ORDER.split(','))}, o.part",
    )  # fmt: skip
    return [_part(row) for row in store.rows(sql, (*bound, -1 if limit is None else limit, offset))]


def count_over(store: Store, scope: Scope) -> int:
    """Of how many accounts more was claimed than found."""
    (found,) = store.row(*_some(scope, "SELECT count(*) FROM some WHERE over = 1 AND part = 0")) or (0,)
    return int(found)


def hands(store: Store, scope: Scope) -> list[Hand]:
    """What is left, by state, store and hand."""
    if scope.whole:
        rows = store.rows(
            "SELECT state, store, holder, line, unit, quantity, remains, items,"
            " (SELECT min(since) FROM owing o WHERE o.open = 1 AND o.state = s.state AND o.store = s.store"
            " AND o.holder = s.holder AND o.line = s.line AND o.unit = s.unit) FROM owing_sum s"
        )
        return [Hand._make((*row[:5], _amount(row[5]), _amount(row[6]), *row[7:])) for row in rows]
    sums: dict[tuple[str, ...], tuple[_Sum, str]] = {}
    # amounts of one kind are added up by the database where they are whole
    sql, bound = _some(
        scope, "SELECT state, store, holder, line, unit, CASE WHEN typeof(quantity) = 'integer' THEN sum(quantity)"
        " ELSE group_concat(quantity, ' ') END, CASE WHEN typeof(remains) = 'integer' THEN sum(remains * (part = 0))"
        " ELSE group_concat(CASE WHEN part = 0 THEN remains END, ' ') END, sum(part = 0), min(since)"
        " FROM some WHERE open = 1 GROUP BY 1, 2, 3, 4, 5, typeof(quantity), typeof(remains)",
    )  # fmt: skip
    for *key, quantity, remains, items, since in store.rows(sql, bound):
        found, before = sums.get(tuple(key), (_Sum(), since))
        found.quantity += _total(quantity)
        found.remains += _total(remains)
        found.items += items
        sums[tuple(key)] = found, min(since, before)
    return [
        Hand(key[0], key[1], key[2], key[3], key[4], one.quantity, one.remains, one.items, since)
        for key, (one, since) in sums.items()
    ]


def _total(added: int | str | None) -> Amount:
    """A sum, or amounts as their texts with blanks between them."""
    return added if isinstance(added, int) else sum((Decimal(one) for one in (added or "").split()), 0)


def loose(store: Store, team: str | None, limit: int | None = None, offset: int = 0) -> tuple[list[Unjoined], int]:
    """Disposals without an item, the longest done first, and how many there are in all."""
    test, bound = ("1", ()) if team is None else ("owner = ?", (team,))
    rows = store.rows(
        f"SELECT * FROM owing_loose WHERE {test} ORDER BY done_on, owner, id LIMIT ? OFFSET ?",  # noqa: S608
        (*bound, -1 if limit is None else limit, offset),
    )
    (found,) = store.row(f"SELECT count(*) FROM owing_loose WHERE {test}", bound) or (0,)  # noqa: S608
    return [Unjoined(*row) for row in rows], int(found)
