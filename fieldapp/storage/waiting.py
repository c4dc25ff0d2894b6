"""The records that wait for headquarters' decision, kept up as a table so that any page of them comes at once.

``waiting`` follows from the current records and is dropped with them. It is brought up to date when it is read, by
what changed since: new rows of every kind have numbers above the mark, all other records that changed were noted in
``stirred`` by ``ingest``. A workspace that never asked for the list has neither table and pays nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from fieldapp.ids import RecordName
from fieldapp.storage.database import Store

_TABLES = {
    "waiting": (
        "kind TEXT NOT NULL, n INTEGER NOT NULL, id TEXT NOT NULL, owner TEXT NOT NULL, day TEXT, at TEXT NOT NULL,"
        " reasons INTEGER NOT NULL, severity INTEGER NOT NULL, line TEXT NOT NULL, pieces INTEGER NOT NULL,"
        " m2 REAL NOT NULL, draw INTEGER NOT NULL"
    ),
    "waiting_mark": "kind TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL, id TEXT NOT NULL",
    "stirred": "record TEXT NOT NULL PRIMARY KEY",
}
_INDEXES = {
    "waiting_record": "id, kind, owner",
    "waiting_order": "severity, at, kind, n, owner",
    "waiting_team": "owner, severity, at, kind, n",
    "waiting_day": "day, severity, at, kind, n, owner",
    "waiting_draw": "owner, kind, severity, draw, n, day",
}
WATCHED = ("find", "disposal", "plot", "photo", "sign_off", "decision", "question", "answer")
"""Kinds whose records make the list what it is."""


class Waiting(NamedTuple):
    """One line of the list, as it is kept."""

    kind: str
    n: int
    """Number of the record's row."""
    id: str
    owner: str
    day: str | None
    """Its date of information."""
    at: str
    reasons: int
    severity: int
    line: str
    """What it adds to the control totals: a line of the figures."""
    pieces: int
    m2: float
    draw: int

    @property
    def name(self) -> RecordName:
        """The record's name."""
        return f"{self.kind}/{self.owner}/{self.id}"


@dataclass
class Touched:
    """What changed since the list was last brought up to date. ``everything``: it is made from nothing."""

    everything: bool = False
    names: set[RecordName] = field(default_factory=set)
    """New and changed records of the watched kinds."""


def stir(store: Store, names: Iterable[RecordName]) -> None:
    """Note records that changed otherwise than by being new; nothing where nobody keeps the list."""
    names = list(names)
    if names and _is_kept(store):
        store.executemany("INSERT OR IGNORE INTO stirred VALUES (?)", [(name,) for name in names])


def _is_kept(store: Store) -> bool:
    return store.row("SELECT 1 FROM sqlite_schema WHERE name = 'stirred'") is not None


def touched(store: Store, version: str) -> Touched:
    """What the list must be brought up to date by; its tables are made where they are missing.

    ``version`` names the rules that made the list: other rules make it anew. Inside a transaction.
    """
    if not _is_kept(store):
        for name, columns in _TABLES.items():
            store.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns}) STRICT")
        return _everything(store)
    made_by = store.row("SELECT id FROM waiting_mark WHERE kind = ''")
    if made_by != (version,):
        return _everything(store)
    found = Touched(names={name for (name,) in store.rows("SELECT record FROM stirred")})
    for kind in WATCHED:
        n, i = store.row("SELECT n, id FROM waiting_mark WHERE kind = ?", (kind,)) or (0, "")
        # a row that was taken away may have given its number to another
        if n and store.row(f'SELECT id FROM "{kind}" WHERE n = ?', (n,)) != (i,):  # noqa: S608 - our own names
            return _everything(store)
        rows = store.rows(f'SELECT owner, id FROM "{kind}" WHERE n > ?', (n,))  # noqa: S608
        found.names.update(f"{kind}/{owner}/{i}" for owner, i in rows)
    return found


def _everything(store: Store) -> Touched:
    for index in _INDEXES:
        store.execute(f"DROP INDEX IF EXISTS {index}")
    for name in _TABLES:
        store.execute(f"DELETE FROM {name}")  # noqa: S608 - our own names
    return Touched(everything=True)


def note(store: Store, key: str) -> str:
    """A note kept beside the list, as ``set_note`` left it; empty where there is none or the list is made anew."""
    found = store.row("SELECT id FROM waiting_mark WHERE kind = ?", (f":{key}",))
    return str(found[0]) if found else ""


def set_note(store: Store, key: str, text: str) -> None:
    """Keep a note beside the list."""
    _set_mark(store, f":{key}", 0, text)


def set_mark(store: Store, version: str) -> None:
    """The list is up to date: what comes from now on is new."""
    store.execute("DELETE FROM stirred")
    for kind in WATCHED:
        last = store.row(f'SELECT n, id FROM "{kind}" ORDER BY n DESC LIMIT 1') or (0, "")  # noqa: S608
        _set_mark(store, kind, *last)
    _set_mark(store, "", 0, version)
    for name, columns in _INDEXES.items():
        unique = "UNIQUE " if name == "waiting_record" else ""
        store.execute(f"CREATE {unique}INDEX IF NOT EXISTS {name} ON waiting ({columns})")


def _set_mark(store: Store, kind: str, n: int, i: str) -> None:
    store.execute("INSERT OR REPLACE INTO waiting_mark VALUES (?,?,?)", (kind, n, i))


class Judged(NamedTuple):
    """A present record with what was said of it; the members of ``columns`` in the order they were asked for."""

    n: int
    id: str
    owner: str
    stream: int
    seq: int
    at: str | None
    heads: bytes
    unsettled: int
    verdicts: str | None
    """Decisions on this version: ``verdict:stream:seq`` joined by commas; None where there is none."""
    before: str | None
    """The verdict of a decision on an earlier version: approved where one is, else the last."""
    signed: int
    """1: this version is signed off; 0: only an earlier one is; -1: none."""
    remarks: int
    """Did the team leader leave a remark with the signature of this version?"""
    columns: tuple[Any, ...]


_SAME = "replace(replace(replace(replace({0}.seen,'[',''),']',''),'\"',''),',','') = lower(hex(t.heads))"
_BASE = len(Judged._fields) - 1


def judged(store: Store, kind: str, columns: Sequence[str], among: Collection[RecordName] | None) -> Iterator[Judged]:
    """Present records of a kind with the judgements on them: all, or those ``among``."""
    name = f"('{kind}/' || t.owner || '/' || t.id)"
    on = f"judged = {name} AND retracted = 0"
    same_decision, same_sign_off = _SAME.format("d"), _SAME.format("s")
    wanted = ""
    parameters: tuple[str, ...] = ()
    if among is not None:
        wanted = " JOIN json_each(?) j ON t.id = j.value->>1 AND t.owner = j.value->>0"
        pairs = [one.split("/")[1:] for one in among if one.startswith(f"{kind}/")]
        parameters = (json.dumps(pairs),)
        if not pairs:
            return
    own = ",".join(f't."{column}"' for column in columns)
    sql = f"""
        SELECT t.n, t.id, t.owner, t.stream, t.seq, t.at, t.heads, t.unsettled,
        (SELECT group_concat(d.verdict || ':' || d.stream || ':' || d.seq) FROM decision d
            WHERE d.{on} AND {same_decision}),
        (SELECT d.verdict FROM decision d WHERE d.{on} AND NOT ({same_decision})
            ORDER BY d.verdict = 'approved' DESC, d.n DESC LIMIT 1),
        (SELECT coalesce(max({same_sign_off}), -1) FROM sign_off s WHERE s.{on}),
        (SELECT count(s.remarks) FROM sign_off s WHERE s.{on} AND {same_sign_off}), {own}
        FROM "{kind}" t{wanted} WHERE t.retracted = 0"""  # noqa: S608 - declared names
    for row in store.execute(sql, parameters):
        yield Judged._make((*row[:_BASE], tuple(row[_BASE:])))


def replace(store: Store, out: Collection[RecordName], lines: Iterable[Waiting]) -> None:
    """Take the records ``out`` from the list and put ``lines`` into it."""
    pairs = json.dumps([one.split("/") for one in out])
    store.execute(
        "DELETE FROM waiting WHERE rowid IN (SELECT w.rowid FROM json_each(?) j JOIN waiting w"
        " ON w.owner = j.value->>1 AND w.kind = j.value->>0 AND w.id = j.value->>2)", (pairs,)
    )
    places = ",".join("?" * len(Waiting._fields))
    store.executemany(f"INSERT OR REPLACE INTO waiting VALUES ({places})", lines)  # noqa: S608 - a number of places


@dataclass(frozen=True)
class Scope:
    """Which of the waiting records: of one team, of a period (days YYYY-MM-DD, both included).

    Records without a date are in every period: nobody shall overlook them.
    """

    team: str | None = None
    since: str | None = None
    until: str | None = None

    @property
    def period(self) -> bool:
        """Are only some days wanted?"""
        return self.since is not None or self.until is not None

    def test(self) -> tuple[str, tuple[str, ...]]:
        """The condition on rows of ``waiting``, and what is bound to it."""
        tests = {"owner = ?": self.team, "(day >= ? OR day IS NULL)": self.since,
                 "(day <= ? OR day IS NULL)": self.until}
        wanted = {test: value for test, value in tests.items() if value is not None}
        return " AND ".join(["1", *wanted]), tuple(wanted.values())


_ORDER = "severity, at, kind, n"


def page(
    store: Store, scope: Scope, *, below: int, above: int = 0, limit: int = -1, offset: int = 0
) -> list[Waiting]:
    """Records of a severity from ``above`` to under ``below``: by severity, then the oldest first."""
    one = f"SELECT rowid AS r, {_ORDER} FROM waiting"  # noqa: S608 - our own names
    test = "severity >= ? AND severity < ?"
    bound: list[int | str] = [above, below]
    if scope.team is not None:
        test, bound = f"{test} AND owner = ?", [*bound, scope.team]
    some, parameters = f"{one} WHERE {test}", bound
    if scope.period:  # the days first, from an index that has all that is asked: the list of a season is long
        one += " INDEXED BY waiting_day WHERE"
        some = f"{one} day >= ? AND day <= ? AND {test} UNION ALL {one} day IS NULL AND {test}"
        parameters = [scope.since or "", scope.until or "9999", *bound, *bound]
    columns = ",".join(f"w.{name}" for name in Waiting._fields)
    rows = store.rows(
        f"SELECT {columns} FROM (SELECT r FROM ({some}) ORDER BY {_ORDER} LIMIT ? OFFSET ?) s"  # noqa: S608
        f" JOIN waiting w ON w.rowid = s.r ORDER BY {','.join(f'w.{name}' for name in _ORDER.split(', '))}",
        (*parameters, limit, offset),
    )
    return [Waiting(*row) for row in rows]


class Sum(NamedTuple):
    """A count of waiting records of one team, kind and line, with or without remarks."""

    owner: str
    kind: str
    line: str
    plain: bool
    records: int
    pieces: int
    m2: float
    draws: int
    """The sum of their draws: with the count, it tells one set of versions from another."""


def sums(store: Store, scope: Scope, plain: int) -> list[Sum]:
    """All that waits, counted; records of severity ``plain`` are without remarks."""
    test, bound = scope.test()
    rows = store.rows(
        "SELECT owner, kind, line, severity >= ?, count(*), sum(pieces), sum(m2), sum(draw)"  # noqa: S608
        f" FROM waiting WHERE {test} GROUP BY 1, 2, 3, 4",
        (plain, *bound),
    )
    return [Sum(owner, kind, line, bool(is_plain), *rest) for owner, kind, line, is_plain, *rest in rows]


def lowest(
    store: Store, scope: Scope, owner: str, kind: str, plain: int, count: int, upto: int | None = None
) -> list[Waiting]:
    """The ``count`` lowest draws of a team's records of a kind that are without remarks."""
    test, bound = scope.test()
    rows = store.rows(
        f"SELECT {','.join(Waiting._fields)} FROM waiting WHERE {test} AND owner = ? AND kind = ?"  # noqa: S608
        " AND severity = ? AND draw <= ? ORDER BY draw, n LIMIT ?",
        (*bound, owner, kind, plain, 2**62 if upto is None else upto, count),
    )
    return [Waiting(*row) for row in rows]


def lines_of(store: Store, names: Collection[RecordName]) -> dict[RecordName, Waiting]:
    """The lines of these records; those that do not wait are left out."""
    columns = ",".join(f"w.{name}" for name in Waiting._fields)
    rows = store.rows(
        f"SELECT {columns} FROM json_each(?) j JOIN waiting w"  # noqa: S608 - our own names
        " ON w.owner = j.value->>1 AND w.kind = j.value->>0 AND w.id = j.value->>2",
        (json.dumps([one.split("/") for one in names]),),
    )
    return {line.name: line for line in (Waiting(*row) for row in rows)}


def flagged(store: Store, mask: int, kind: str | None = None) -> list[RecordName]:
    """Waiting records with one of these reasons."""
    rows = store.rows(
        "SELECT kind, owner, id FROM waiting WHERE reasons & ? AND kind = coalesce(?, kind)", (mask, kind)
    )
    return ["/".join(row) for row in rows]


def of_kind(store: Store, kind: str) -> list[RecordName]:
    """All waiting records of a kind."""
    return [f"{kind}/{owner}/{i}" for owner, i in store.rows("SELECT owner, id FROM waiting WHERE kind = ?", (kind,))]


def ever_approved(store: Store, kind: str) -> list[RecordName]:
    """Records of a kind of which headquarters has approved this or an earlier version."""
    rows = store.rows(
        "SELECT DISTINCT judged FROM decision WHERE judged >= ? AND judged < ? AND verdict = 'approved'"
        " AND retracted = 0",
        (f"{kind}/", f"{kind}0"),
    )
    return [name for (name,) in rows]
