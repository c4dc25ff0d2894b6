"""What present records say alike or do not say at all: numbers, days, busy days. Questions of the clearance checks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from fieldapp.ids import RecordName
from fieldapp.storage.database import Store

_BLANKS = "' ' || char(9) || char(10) || char(13) || char(160)"


def same_numbers(store: Store, kind: str) -> Iterator[tuple[str, list[RecordName]]]:
    """Numbers that several present records of ``kind`` bear, once blanks are taken off and case is folded (ASCII).

    Of each: the number, and the records in the order they came.
    """
    name = f"'{_checked(store, kind)}/' || owner || '/' || id"
    rows = store.rows(
        f'SELECT upper(trim("local_id", {_BLANKS})) AS number, group_concat({name}, \' \' ORDER BY n) FROM "{kind}"'  # noqa: S608
        ' WHERE retracted = 0 AND "local_id" IS NOT NULL GROUP BY number HAVING count(*) > 1'
    )
    return ((str(number), str(names).split(" ")) for number, names in rows)


def earlier_with_number(store: Store, kind: str, numbers: Mapping[int, str]) -> dict[int, RecordName]:
    """By row: the first present record before it that bears its number, for rows and their numbers as they stand there.

    By the index, so ``same_numbers`` alone sees an earlier number with blanks before it or in mixed case.
    """
    wanted = [[n, spelled] for n, number in numbers.items() if (bare := number.strip())
              for spelled in {bare, bare.upper(), bare.lower()}]  # fmt: skip
    rows = store.rows(
        "WITH w(row, number) AS MATERIALIZED (SELECT value ->> 0, value ->> 1 FROM json_each(?))"  # noqa: S608 - checked
        f' SELECT w.row, t.owner, t.id FROM w CROSS JOIN "{_checked(store, kind)}" t'
        " ON t.local_id >= w.number AND t.local_id < w.number || '!'"
        f" WHERE +t.n < w.row AND t.retracted = 0 AND trim(t.local_id, {_BLANKS}) = w.number ORDER BY t.n DESC",
        (json.dumps(wanted),),
    )
    return {n: f"{kind}/{owner}/{i}" for n, owner, i in rows}


def without_number(store: Store, kind: str) -> Iterator[tuple[RecordName, str | None]]:
    """Present records of ``kind`` whose number is missing or made of blanks, with what stands there."""
    rows = store.rows(
        f'SELECT owner, id, "local_id" FROM "{_checked(store, kind)}" WHERE retracted = 0'  # noqa: S608 - checked
        f' AND trim(coalesce("local_id", \'\'), {_BLANKS}) = \'\' ORDER BY n'
    )
    return ((f"{kind}/{owner}/{i}", typed) for owner, i, typed in rows)


def lacking(store: Store, kind: str, column: str) -> Iterator[RecordName]:
    """Present records of ``kind`` in which a column is empty, in the order they came."""
    if column not in store.layout(kind).field_names:
        raise ValueError(f"{kind}.{column}")
    rows = store.rows(
        f'SELECT owner, id FROM "{_checked(store, kind)}" WHERE retracted = 0 AND "{column}" IS NULL ORDER BY n'  # noqa: S608
    )
    return (f"{kind}/{owner}/{i}" for owner, i in rows)


def busy_days(store: Store, most: int) -> list[tuple[str, str, int, str]]:
    """Owners and days with more than ``most`` finds, a lot counted once: owner, day, how many, the id of one."""
    return store.rows(
        "SELECT owner, found_on, count(DISTINCT coalesce(lot, id)), max(id) FROM find"
        " WHERE retracted = 0 AND found_on IS NOT NULL GROUP BY owner, found_on"
        " HAVING count(*) > ?1 AND count(DISTINCT coalesce(lot, id)) > ?1 ORDER BY found_on, owner",
        (most,),
    )


def _checked(store: Store, kind: str) -> str:
    if kind not in store.layouts:
        raise ValueError(kind)
    return kind
