"""Alarms about missed items, kept up as a table so that they are counted and listed at once.

``missed`` has a pair of a find and a plot for each alarm that was ever right, explained or not. It follows from the
log and is dropped with the state; it is brought up to date when it is read, by what changed since. ``missed_past``
has the boxes of records that say, or once said, more than their row: corrected, disputed, retracted. A workspace
that never asked has none of the tables and pays nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import NamedTuple

from fieldapp.ids import RecordName
from fieldapp.storage.database import Store
from fieldapp.storage.derived import Derived
from fieldapp.storage.space import Box

UPKEEP = Derived("missed", ("find", "plot", "decision"))
"""How far the alarms are brought up to date."""
_TABLES = {
    "missed": (
        "find TEXT NOT NULL, plot TEXT NOT NULL, known TEXT NOT NULL, sighting TEXT NOT NULL, claim TEXT NOT NULL,"
        " PRIMARY KEY (find, plot)"
    ),
    "missed_past": (
        "kind TEXT NOT NULL, south REAL NOT NULL, west REAL NOT NULL, north REAL NOT NULL, east REAL NOT NULL,"
        " record TEXT NOT NULL, PRIMARY KEY (kind, south, west, north, east, record)"
    ),
} | UPKEEP.tables()
_INDEXES = {"missed_plot": "missed (plot)", "missed_past_record": "missed_past (record)"}


class Pair(NamedTuple):
    """An alarm: a find that lay inside ground a plot claimed."""

    find: RecordName
    plot: RecordName
    known: str
    """``had_plot``: the writer of the find had the plot; ``unknown``: nobody can tell."""
    sighting: str
    """Id of the event that put the find there."""
    claim: str
    """Id of the event with the outline."""


def clear(store: Store) -> None:
    """Make the tables empty, to be filled from nothing."""
    for name, columns in _TABLES.items():
        store.execute(f"DROP TABLE IF EXISTS {name}")
        store.execute(f"CREATE TABLE {name} ({columns}) STRICT, WITHOUT ROWID")
    for name, on in _INDEXES.items():
        store.execute(f"CREATE INDEX {name} ON {on}")


def log_word(store: Store) -> str:
    """Changes with every event that comes into the log: an order that was unknown may be known now."""
    return str(store.rows("SELECT count(*), sum(to_seq - from_seq), max(n) FROM run")[0])


def with_history(store: Store, kind: str) -> list[RecordName]:
    """Records of a kind of which more is known than their row says."""
    rows = store.rows("SELECT DISTINCT record FROM history WHERE record >= ? AND record < ?", (f"{kind}/", f"{kind}0"))
    return [name for (name,) in rows]


def set_past(store: Store, boxes: Iterable[tuple[RecordName, Box]], of: Collection[RecordName]) -> None:
    """Keep these boxes of the records ``of``, and no others of them."""
    store.execute("DELETE FROM missed_past WHERE record IN (SELECT value FROM json_each(?))", (json.dumps([*of]),))
    store.executemany(
        "INSERT OR IGNORE INTO missed_past VALUES (?,?,?,?,?,?)",
        ((name.split("/")[0], *box, name) for name, box in boxes),
    )


def once_in(store: Store, kind: str, box: Box) -> set[RecordName]:
    """Records of a kind with history, some entry of which meets a box."""
    south, west, north, east = box
    rows = store.rows(
        "SELECT record FROM missed_past WHERE kind = ? AND south <= ? AND north >= ? AND west <= ? AND east >= ?",
        (kind, north, south, east, west),
    )
    return {name for (name,) in rows}


def worth_asking(store: Store, finds: Collection[RecordName]) -> set[RecordName]:
    """Those of these finds that lie in the box of a plot, and those of more than one entry."""
    pairs = json.dumps([name.split("/")[1:] for name in finds])
    rows = store.rows(
        "SELECT f.owner, f.id FROM json_each(?) j JOIN find f ON f.id = j.value->>1 AND f.owner = j.value->>0"
        " WHERE f.events > 1 OR EXISTS (SELECT 1 FROM plot_space s"
        "  WHERE s.west <= f.lon AND s.east >= f.lon AND s.south <= f.lat AND s.north >= f.lat)"
        " OR EXISTS (SELECT 1 FROM missed_past p WHERE p.kind = 'plot'"
        "  AND p.south <= f.lat AND p.north >= f.lat AND p.west <= f.lon AND p.east >= f.lon)",
        (pairs,),
    )
    return {f"find/{owner}/{i}" for owner, i in rows}


def replace(store: Store, of: Collection[RecordName], pairs: Iterable[Pair]) -> None:
    """Keep these alarms of the finds and plots ``of``, and no others of them."""
    names = json.dumps([*of])
    for column in ("find", "plot"):
        store.execute(f"DELETE FROM missed WHERE {column} IN (SELECT value FROM json_each(?))", (names,))  # noqa: S608
    store.executemany("INSERT OR REPLACE INTO missed VALUES (?,?,?,?,?)", pairs)


def every_pair(store: Store, *, known: str | None = None) -> list[Pair]:
    """All alarms there ever were, or those of one order, by find and plot."""
    rows = store.rows(
        "SELECT find, plot, known, sighting, claim FROM missed WHERE known = coalesce(?, known) ORDER BY find, plot",
        (known,),
    )
    return [Pair(*row) for row in rows]


def pairs_of(store: Store, record: RecordName) -> list[Pair]:
    """All alarms there ever were about a find or a plot."""
    rows = store.rows(
        "SELECT find, plot, known, sighting, claim FROM missed WHERE find = ?"
        " UNION SELECT find, plot, known, sighting, claim FROM missed WHERE plot = ? ORDER BY 1, 2",
        (record, record),
    )
    return [Pair(*row) for row in rows]


def put(store: Store, pair: Pair, now: Pair | None) -> None:
    """Keep an alarm as it is ``now``, or no more."""
    store.execute("DELETE FROM missed WHERE find = ? AND plot = ?", pair[:2])
    if now is not None:
        store.execute("INSERT INTO missed VALUES (?,?,?,?,?)", now)


def every(store: Store, kind: str) -> list[RecordName]:
    """All records of a kind, retracted ones too."""
    store.layout(kind)
    return [f"{kind}/{owner}/{i}" for owner, i in store.rows(f'SELECT owner, id FROM "{kind}" ORDER BY n')]  # noqa: S608
