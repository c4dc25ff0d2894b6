"""Which finds and disposals may leave something outstanding, found by set statements over all of them.

A find on its own that its own disposals end exactly leaves nothing, whatever the rules of counting: only the others,
what shares a lot with them and what disposals name by tag need to be counted one by one.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from fieldapp.storage.database import Store
from fieldapp.storage.listing import Filter, Row, select

_OPEN = """
SELECT f.n, f.lot FROM find f WHERE f.retracted = 0 AND (f.found_on IS NULL OR f.quantity IS NOT (
  SELECT CASE WHEN total(d.done_on IS NULL OR d.quantity IS NULL OR coalesce(d.unit, 'piece') <> coalesce(f.unit, 'piece'))
         = 0 THEN sum(d.quantity) FILTER (WHERE d.outcome IN (SELECT value FROM json_each(?))) END
  FROM disposal d WHERE d.find = 'find/' || f.owner || '/' || f.id AND d.retracted = 0))
"""  # noqa: E501
_LOOSE = """
SELECT d.n, d.tag FROM disposal d WHERE d.retracted = 0 AND (d.find IS NULL OR NOT EXISTS (
  SELECT 1 FROM find f WHERE f.retracted = 0
  AND f.owner = substr(d.find, 6, instr(substr(d.find, 6), '/') - 1)
  AND f.id = substr(substr(d.find, 6), instr(substr(d.find, 6), '/') + 1)))
"""
_FOLDED = "replace(replace(upper({column}), '-', ''), ' ', '')"


@dataclass(frozen=True)
class ToCount:
    """Rows that have to be counted one by one."""

    finds: list[Row]
    disposals: list[Row]


def to_count(store: Store, ending: Collection[str]) -> ToCount:
    """The finds that may have something left or too much, and every disposal that may be about one of them.

    ``ending``: the outcomes after which nothing dangerous is left.
    """
    opened = store.rows(_OPEN, (json.dumps(sorted(ending)),))
    loose = store.rows(_LOOSE)
    numbers = {n for n, _ in opened}
    tags = sorted({tag for _, tag in loose if tag})
    numbers |= _bearing(store, tags)
    lots = {lot for _, lot in opened if lot} | _lots_of(store, numbers) | set(tags)
    numbers |= _numbers(store, "SELECT n FROM find WHERE lot IN (SELECT value FROM json_each(?))", sorted(lots))
    finds = _by_number(store, "find", numbers)
    names = [row.name for row in finds]
    about = _numbers(store, "SELECT n FROM disposal WHERE find IN (SELECT value FROM json_each(?))", names)
    return ToCount(finds, _by_number(store, "disposal", about | {n for n, _ in loose}))


def _bearing(store: Store, tags: list[str]) -> set[int]:
    """Finds that bear one of these tags, also where it was written in small letters, with blanks or without hyphens."""
    if not tags:
        return set()
    exact = store.rows(
        "SELECT n, local_id FROM find WHERE local_id IN (SELECT value FROM json_each(?))", (json.dumps(tags),)
    )
    missing = sorted(set(tags) - {local_id for _, local_id in exact})
    if not missing:
        return {n for n, _ in exact}
    folded = _FOLDED.format(column="local_id")
    among = f"SELECT n FROM find WHERE {folded} IN (SELECT {_FOLDED.format(column='value')} FROM json_each(?))"  # noqa: S608
    return {n for n, _ in exact} | _numbers(store, among, missing)


def _lots_of(store: Store, numbers: Collection[int]) -> set[str]:
    rows = store.rows(
        "SELECT DISTINCT lot FROM find WHERE lot IS NOT NULL AND n IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(numbers)),),
    )
    return {lot for (lot,) in rows}


def _numbers(store: Store, sql: str, values: Collection[object]) -> set[int]:
    return {n for (n,) in store.rows(sql, (json.dumps(list(values)),))} if values else set()


def _by_number(store: Store, kind: str, numbers: Collection[int]) -> list[Row]:
    return select(store, kind, Filter(equal={"n": sorted(numbers)}), order="n")
