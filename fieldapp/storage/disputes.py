"""Lists of open conflicts: filtered, those that are alike together, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.canonical import parse
from fieldapp.ids import RecordName
from fieldapp.storage.database import Store


@dataclass(frozen=True)
class Which:
    """Which conflicts to list."""

    kind: str = ""
    """Only on records of this kind; empty for all."""
    owners: Collection[str] | None = None
    """Only on records of these owners."""
    until: str = ""
    """Only those that were open at this moment (a UTC stamp); empty for all."""


EVERY = Which()


@dataclass(frozen=True)
class AlikeConflicts:
    """Conflicts on the same group of records of one kind whose readings are equal, byte for byte."""

    alike: str
    kind: str
    group: str
    readings: list[Any]
    """Most dangerous first."""
    records: int
    since: str
    """When the oldest of them began."""
    first: RecordName
    """The record of one of them."""


def groups(
    store: Store, which: Which = EVERY, *, alike: str = "", limit: int | None = None, offset: int = 0
) -> list[AlikeConflicts]:
    """Conflicts by what they say, the longest open first. ``alike``: only those whose mark begins so."""
    where, parameters = _where(which)
    if alike:
        where, parameters = f"{where} AND substr(alike, 1, ?) = ?", [*parameters, len(alike), alike]
    found = store.rows(
        "SELECT g.alike, g.many, g.began, g.one, c.kind, c.grp, c.readings FROM"  # noqa: S608 - our own names
        f" (SELECT alike, count(*) AS many, min(since) AS began, min(record) AS one FROM conflict{where}"
        " GROUP BY alike ORDER BY began, alike LIMIT ? OFFSET ?) g"
        " JOIN conflict c ON c.record = g.one AND c.alike = g.alike ORDER BY g.began, g.alike",
        (*parameters, -1 if limit is None else limit, offset),
    )
    return [
        AlikeConflicts(mark, kind, group, parse(readings.encode()), many, began, one)
        for mark, many, began, one, kind, group, readings in found
    ]


def members(store: Store, alike: str, which: Which = EVERY, *, limit: int | None = None) -> list[tuple[str, str]]:
    """The records of conflicts that are alike, and since when each is open; the longest open first."""
    where, parameters = _where(which)
    found = store.rows(
        f"SELECT record, since FROM conflict{where} AND alike = ? ORDER BY since, record LIMIT ?",  # noqa: S608
        (*parameters, alike, -1 if limit is None else limit),
    )
    return [(record, since) for record, since in found]


def count(store: Store, which: Which = EVERY) -> tuple[int, int]:
    """How many conflicts there are, and how many different ones."""
    where, parameters = _where(which)
    found = store.rows(f"SELECT count(*), count(DISTINCT alike) FROM conflict{where}", parameters)  # noqa: S608
    return int(found[0][0]), int(found[0][1])


def keys(store: Store) -> set[tuple[RecordName, str]]:
    """Record and group of every conflict."""
    return {(record, group) for record, group in store.rows("SELECT record, grp FROM conflict")}


def marks_of(store: Store, record: RecordName) -> list[str]:
    """The marks of a record's conflicts."""
    return [mark for (mark,) in store.rows("SELECT alike FROM conflict WHERE record = ? ORDER BY grp", (record,))]


def _where(which: Which) -> tuple[str, list[Any]]:
    tests, parameters = [" WHERE 1"], list[Any]()
    if which.kind:
        tests.append("kind = ?")
        parameters.append(which.kind)
    if which.owners is not None:
        tests.append("owner IN (SELECT value FROM json_each(?))")
        parameters.append(json.dumps(sorted(which.owners)))
    if which.until:
        tests.append("since <= ?")
        parameters.append(which.until)
    return " AND ".join(tests), parameters
