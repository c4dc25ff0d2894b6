"""Lists of current records: filtered, ordered, a page at a time."""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.kinds import FieldType
from fieldapp.domain.ordnance import search_key
from fieldapp.ids import EventId, RecordName
from fieldapp.storage.database import Store
from fieldapp.storage.records import head_ids
from fieldapp.storage.schema import Layout, quoted
from fieldapp.texts import fold

_SEARCHED = frozenset((FieldType.TEXT, FieldType.CODE))


class Row(Mapping[str, Any]):
    """One record as a mapping of column to value, as stored: decimals are doubles, codes are codes.

    ``id``, ``owner``, ``at``, ``by``, the declared fields, ``retracted`` and ``unsettled`` (0 or 1), ``events``.
    Outside the mapping: ``name``, ``kind``, ``heads``.
    """

    __slots__ = ("_index", "_values", "kind")

    def __init__(self, kind: str, index: Mapping[str, int], values: tuple[Any, ...]) -> None:
        self.kind = kind
        self._index, self._values = index, values

    def __getitem__(self, column: str) -> Any:
        return self._values[self._index[column]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def __len__(self) -> int:
        return len(self._index)

    @property
    def name(self) -> RecordName:
        """The record's name."""
        return f"{self.kind}/{self['owner']}/{self['id']}"

    @property
    def heads(self) -> list[EventId]:
        """The parents of its next edit."""
        return head_ids(self["heads"])


@dataclass(frozen=True)
class Filter:
    """Which records to list. Days and moments compare as text; ``between`` bounds are inclusive and may be None."""

    owner: str | Collection[str] | None = None
    ids: Collection[str] | None = None
    equal: Mapping[str, Any] = field(default_factory=dict)
    """Column to a value, or to a collection of values of which one must hold; None: the column is empty, also as
    one of a collection."""
    between: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    lacking: Collection[str] = ()
    """At least one of these columns is empty."""
    filled: Collection[str] = ()
    """None of these columns is empty."""
    retracted: bool | None = False
    """False: only present records; True: only retracted ones; None: both."""
    unsettled: bool | None = None
    text: str = ""
    """Found in any text or code column, with case, accents and hyphens folded."""
    meant: Mapping[str, Collection[str]] = field(default_factory=dict)
    """With ``text``: folded values (``search_key``) by column that mean what is looked for: codes of a list's names."""


EVERYTHING = Filter()


def select(
    store: Store, kind: str, which: Filter = EVERYTHING, *, order: str = "-n", limit: int | None = None,
    offset: int = 0,
) -> list[Row]:
    """The records of ``kind`` that pass ``which``. ``order``: a column, with ``-`` before it greatest first."""
    layout = store.layout(kind)
    where, parameters = _where(layout, kind, which)
    column = _column(layout, order.removeprefix("-"))
    down = " DESC" if order.startswith("-") else ""
    ordered = f' ORDER BY "{column}"{down}, n{down}'
    names = ("n", *layout.columns)
    index = {name: at for at, name in enumerate(names)}
    sql = f'SELECT n, {layout.column_list} FROM "{layout.table}"'  # noqa: S608 - names are checked
    if not which.text:
        rows = store.rows(
            f"{sql}{where}{ordered} LIMIT ? OFFSET ?", (*parameters, -1 if limit is None else limit, offset)
        )
        return [Row(kind, index, row) for row in rows]
    end = None if limit is None else offset + limit
    holding = _holding(store, layout, f"{where}{ordered}", parameters, which)
    wanted = list(itertools.islice(holding, offset, end))
    rows = store.rows(f"{sql} WHERE n IN (SELECT value FROM json_each(?)){ordered}", (json.dumps(wanted),))  # noqa: S608
    return [Row(kind, index, row) for row in rows]


def count(store: Store, kind: str, which: Filter = EVERYTHING) -> int:
    """How many records of ``kind`` pass ``which``."""
    layout = store.layout(kind)
    where, parameters = _where(layout, kind, which)
    if which.text:
        return sum(1 for _ in _holding(store, layout, where, parameters, which))
    return int(store.rows(f'SELECT count(*) FROM "{layout.table}"{where}', parameters)[0][0])  # noqa: S608


def tally(
    store: Store, kind: str, columns: Collection[str], which: Filter = EVERYTHING
) -> list[tuple[tuple[Any, ...], int, str]]:
    """How often each combination of ``columns`` occurs: the values, the number of records, the id of the newest."""
    layout = store.layout(kind)
    where, parameters = _where(layout, kind, which)
    names = ", ".join(f'"{_column(layout, name)}"' for name in columns)
    found = store.rows(
        f'SELECT {names}, count(*), max(n), "id" FROM "{layout.table}"{where} GROUP BY {names}',  # noqa: S608
        parameters,
    )
    return [(row[:-3], int(row[-3]), str(row[-1])) for row in found]


def outside(store: Store, kind: str, known: Mapping[str, Collection[str]]) -> list[tuple[str, str, tuple[Any, ...]]]:
    """Present records of which one of these columns holds what is not among its ``known`` values, in one pass.

    Of each: its owner, its id, and the columns in the order of ``known``, with None where the value is known.
    """
    layout = store.layout(kind)
    columns = [f'"{_column(layout, name)}"' for name in known]
    if not columns:
        return []
    # Each list is read once and kept as an index, whatever the number of records.
    strange = [f"{column} NOT IN (SELECT value FROM json_each(?))" for column in columns]  # noqa: S608 - checked
    shown = ", ".join(f"CASE WHEN {test} THEN {column} END" for test, column in zip(strange, columns, strict=True))
    codes = [json.dumps(list(values)) for values in known.values()]
    rows = store.rows(
        f'SELECT owner, id, {shown} FROM "{layout.table}" WHERE retracted = 0 AND ({" OR ".join(strange)})',  # noqa: S608
        (*codes, *codes),
    )
    return [(str(row[0]), str(row[1]), tuple(row[2:])) for row in rows]


def decided_between(store: Store, kind: str, column: str, first: str, last: str) -> Iterator[RecordName]:
    """Records of ``kind`` with a day from ``first`` to ``last`` in ``column`` that some decision judges."""
    layout = store.layout(kind)
    name = f"'{layout.table}/' || t.owner || '/' || t.id"
    for (found,) in store.execute(
        f'SELECT {name} FROM "{layout.table}" t WHERE t."{_column(layout, column)}" BETWEEN ? AND ?'  # noqa: S608
        f" AND EXISTS (SELECT 1 FROM decision d WHERE d.judged = {name})",
        (first, last),
    ):
        yield found


def _holding(
    store: Store, layout: Layout, where: str, parameters: tuple[Any, ...], which: Filter
) -> Iterator[int]:
    """The numbers of the rows that hold a text. Only the columns that are searched are read."""
    wanted = fold(which.text)
    meant = {name: keys for name, keys in which.meant.items() if keys and name in layout.columns}
    searched = (*(f.name for f in layout.fields if f.type in _SEARCHED), "by", "id")
    columns = (*searched, *(name for name in meant if name not in searched))
    coded = [(columns.index(name), keys) for name, keys in meant.items()]
    sql = f'SELECT n, {quoted(columns)} FROM "{layout.table}"{where}'  # noqa: S608 - names are checked
    for n, *values in store.execute(sql, parameters):
        if wanted in "".join([fold(value) for value in values[: len(searched)] if value is not None]) or any(
            values[at] is not None and search_key(str(values[at])) in keys for at, keys in coded
        ):
            yield n


def _column(layout: Layout, name: str) -> str:
    if name != "n" and name not in layout.columns:
        raise KeyError(name)
    return name


def _where(layout: Layout, kind: str, which: Filter) -> tuple[str, tuple[Any, ...]]:
    equal: dict[str, Any] = dict(which.equal)
    if layout.kind is None:
        equal["kind"] = kind
    if which.owner is not None:
        equal["owner"] = which.owner
    if which.ids is not None:
        equal["id"] = list(which.ids)
    if which.retracted is not None:
        equal["retracted"] = int(which.retracted)
    if which.unsettled is not None:
        equal["unsettled"] = int(which.unsettled)
    tests: list[str] = []
    parameters: list[Any] = []
    for name, value in equal.items():
        test, bound = _equal(_column(layout, name), value)
        tests.append(test)
        parameters += bound
    for name, bounds in which.between.items():
        column = _column(layout, name)
        for sign, bound in zip((">=", "<="), bounds, strict=True):
            if bound is not None:
                tests.append(f'"{column}" {sign} ?')
                parameters.append(bound)
    tests += [f'"{_column(layout, name)}" IS NOT NULL' for name in which.filled]
    if which.lacking:
        tests.append("(" + " OR ".join(f'"{_column(layout, name)}" IS NULL' for name in which.lacking) + ")")
    return (" WHERE " + " AND ".join(tests) if tests else ""), tuple(parameters)


def _equal(column: str, value: Any) -> tuple[str, list[Any]]:
    if value is None:
        return f'"{column}" IS NULL', []
    if isinstance(value, (list, tuple, set, frozenset)):
        among = f'"{column}" IN (SELECT value FROM json_each(?))'  # noqa: S608 - the name was checked
        if None in value:
            among = f'("{column}" IS NULL OR {among})'
        return among, [json.dumps([one for one in value if one is not None])]
    return f'"{column}" = ?', [value]
