"""Writing current records straight into their rows, many at once: new records and simple corrections."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from fieldapp.storage.columns import SqlValue
from fieldapp.storage.database import Store
from fieldapp.storage.schema import Layout, quoted
from fieldapp.storage.typed import Typed, TypedKind


class Arrived(NamedTuple):
    """A well-formed event that counts, at its place in the piece it came in."""

    seq: int
    id: str
    typed: Typed


class Rows:
    """The statements of one workspace, made once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._inserts: dict[str, str] = {}
        self._reads: dict[str, str] = {}

    def create(self, stream: int, kind: TypedKind, rows: list[tuple[Any, ...]]) -> list[int]:
        """Insert new records, with rows as ``new_row`` makes them.

        Returns the numbers of the events whose record is there already, of which nothing was written.
        """
        layout = self._store.layout(kind.name)
        if kind.name not in self._inserts:
            columns = (*_GIVEN, *kind.field_names)
            places = ",".join("?" * len(columns))
            self._inserts[kind.name] = (
                f'INSERT INTO "{layout.table}" (stream, events, unsettled, retracted, {quoted(columns)})'  # noqa: S608
                f" VALUES (%d, 1, 0, 0, {places}) ON CONFLICT({quoted(layout.key)}) DO NOTHING"
            )
        written = self._store.executemany(self._inserts[kind.name] % stream, rows)
        return [] if written == len(rows) else self._not_mine(layout, rows)

    def _not_mine(self, layout: Layout, rows: list[tuple[Any, ...]]) -> list[int]:
        asked = json.dumps([[i, owner, head.hex(), seq] for i, owner, seq, head, *_ in rows])
        found = self._store.rows(
            f'SELECT j.value->>3 FROM json_each(?) j JOIN "{layout.table}" t'  # noqa: S608 - declared names
            " ON t.id = j.value->>0 AND t.owner = j.value->>1 WHERE t.heads <> unhex(j.value->>2)",
            (asked,),
        )
        return [int(seq) for (seq,) in found]

    def correct(self, stream: int, kind: TypedKind, arrived: list[Arrived]) -> list[Arrived]:
        """Overlay corrections on records of one event that they saw; return those that need the whole record."""
        layout = self._store.layout(kind.name)
        done: set[int] = set()
        records: set[int] = set()
        updates: dict[tuple[str, ...], list[tuple[SqlValue | bytes, ...]]] = {}
        history: list[tuple[str, bytes, int, int]] = []
        for at, n, its_stream, its_seq, head, *fields in self._plain_rows(layout, kind, arrived):
            one = arrived[at]
            if n in records or list(one.typed.event.parents) != [head.hex()]:
                continue
            done.add(at)
            records.add(n)
            mine = bytes.fromhex(one.id)
            groups = kind.groups_set(one.typed.event)
            heads = mine if _present(kind, fields) <= {*groups} else b"".join(sorted((head, mine)))
            updates.setdefault(groups, []).append((*_set_columns(kind, one.typed, groups), heads, n))
            record = one.typed.event.record
            history += [(record, head, its_stream, its_seq), (record, mine, stream, one.seq)]
        for groups, rows in updates.items():
            assigned = ",".join(f'"{name}"=?' for group in groups for name in kind.columns_of[group])
            self._store.executemany(
                f'UPDATE "{layout.table}" SET {assigned}, heads=?, events=2 WHERE n=?', rows  # noqa: S608
            )
        add_history(self._store, history)
        return [one for at, one in enumerate(arrived) if at not in done]

    def _plain_rows(self, layout: Layout, kind: TypedKind, arrived: list[Arrived]) -> list[tuple[Any, ...]]:
        if kind.name not in self._reads:
            fields = ",".join(f't."{name}"' for name in kind.field_names)
            self._reads[kind.name] = (
                f"SELECT j.key, t.n, t.stream, t.seq, t.heads, {fields} FROM json_each(?) j"  # noqa: S608
                f' JOIN "{layout.table}" t ON t.id = j.value->>0 AND t.owner = j.value->>1'
                " WHERE t.events = 1 AND t.unsettled = 0 AND t.retracted = 0 AND t.extra IS NULL"
                " AND length(t.heads) = 32 ORDER BY j.key"
            )
        asked = json.dumps([[one.typed.id, one.typed.owner] for one in arrived])
        return [(int(key), *rest) for key, *rest in self._store.rows(self._reads[kind.name], (asked,))]


_GIVEN = ("id", "owner", "seq", "heads", "at", "by")


def new_row(seq: int, i: str, typed: Typed) -> tuple[Any, ...]:
    """What is bound for a new record, from its only event: number ``seq``, id ``i``."""
    event = typed.event
    return (typed.id, typed.owner, seq, bytes.fromhex(i), event.at, event.by, *typed.columns)


def _set_columns(kind: TypedKind, typed: Typed, groups: tuple[str, ...]) -> Iterator[SqlValue]:
    """The columns of the groups the event sets, in the order of its groups."""
    values = dict(zip(kind.field_names, typed.columns, strict=True))
    return (values[name] for group in groups for name in kind.columns_of[group])


def _present(kind: TypedKind, fields: list[SqlValue]) -> set[str]:
    """The groups that a row without ``extra`` holds a value of."""
    found: set[str] = set()
    start = 0
    for group, names in kind.columns_of.items():
        if any(value is not None for value in fields[start : start + len(names)]):
            found.add(group)
        start += len(names)
    return found


def add_history(store: Store, rows: Iterable[tuple[str, bytes, int, int]]) -> None:
    """Note events (record, id, stream, number) of records that have more than their row can say."""
    store.executemany("INSERT OR IGNORE INTO history (record, id, stream, seq) VALUES (?,?,?,?)", rows)
