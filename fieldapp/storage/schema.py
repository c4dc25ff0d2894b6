"""Tables: the log and notes by numbered migrations, the current-record tables from the declared kinds.

Everything under ``STATE`` follows from the log and can be dropped and computed again; so a new field or kind needs no
migration: when the declarations differ from those the tables were made from, the tables are made anew and refilled.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sqlite_utils import Database, Migrations

from fieldapp.domain.kinds import RESERVED, Field, FieldType, Kind

SCHEMA_VERSION = 1
"""Goes up with every migration; a database with a greater one is refused untouched."""

BASE: dict[str, type] = {
    "n": int, "id": str, "owner": str, "stream": int, "seq": int, "heads": bytes, "events": int, "unsettled": int,
    "retracted": int, "at": str, "by": str,
}
"""Columns every record has: its name, the place of its first event, heads (32 bytes each, sorted), how many events it
has, and whether something about it is open."""
_NULLABLE = frozenset(("at", "by"))

_TYPES: dict[str, type] = {"TEXT": str, "INTEGER": int, "REAL": float}

OTHER = "other"
"""Table of the records whose kind nobody declared: all their values are in ``extra``."""

STATE = (
    "history", "conflict", "pending", "quarantine", "needing", "doubt", "waiting", "waiting_mark", "stirred",
    "owing", "owing_sum", "owing_loose", "owing_mark", "owing_stirred",
    "saw", "missed", "missed_past", "missed_mark", "missed_stirred",
    "map_chunk", "map_due", "map_word", "map_mark", "map_stirred", "map_ground",
)

INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "find": (("found_on", "place", "category", "quantity"), ("lot",), ("local_id",)),
    "disposal": (("find",), ("done_on",), ("tag",)),
    "plot": (("completed_on",), ("task",), ("local_id",)),
    "task": (("follows",),),
    "task_item": (("task",), ("number",)),
    "photo": (("shows",), ("lot",), ("sha256",)),
    "sign_off": (("judged",),),
    "decision": (("judged",), ("verdict",)),
    "question": (("about",),),
    "answer": (("question",),),
    "accident": (("happened_on",), ("local_id",)),
    "victim": (("accident",), ("harmed_on",)),
    "quality_visit": (("visited_on",),),
    "missed_item": (("find",), ("plot",)),
    "missed_note": (("find",), ("plot",)),
    "progress": (("worked_on",),),
    "hazardous_area": (("informed_on",), ("source",), ("local_id",)),
}
"""Further indexes by kind; columns a declaration no longer has are left out."""

_LACKING = {"find": ("lat", "lon")}
"""Columns of which records that lack one are listed and counted: few of many, so an index holds them alone."""

CELL_DEG = 10_000
"""Cells of a degree: finds are looked up by cells of about 11 metres (``space``)."""
CELL_ROW = 4_194_304
"""Numbers a row of cells takes: more than there are cells round the earth."""
CELL = f'CAST("lat" * {CELL_DEG} AS INTEGER) * {CELL_ROW} + CAST("lon" * {CELL_DEG} AS INTEGER)'
"""The number of a find's cell; half the bytes of an index of two doubles, and as fast. Queries use these very words."""
_CELLED = "find"

_LOG: dict[str, tuple[dict[str, type], tuple[str, ...], frozenset[str]]] = {
    # name: columns, primary key, columns that may be NULL
    "meta": ({"key": str, "value": str}, ("key",), frozenset()),
    "stream": (
        {"n": int, "id": str, "device": str, "audience": str, "own": int, "closed": int, "tip_seq": int, "tip": bytes},
        ("n",), frozenset(("tip",)),
    ),
    "bundle": (
        {"id": str, "direction": str, "file": str, "sender": str, "created": str, "taken_at": str, "counts": str},
        ("id",), frozenset(("sender", "created")),
    ),
    "segment": (
        {"n": int, "stream": int, "from_seq": int, "to_seq": int, "prev": bytes, "head": bytes, "sig": str,
         "data": bytes, "bundle": str},
        ("n",), frozenset(("prev", "sig", "bundle")),
    ),
    "run": (
        {"n": int, "stream": int, "from_seq": int, "to_seq": int, "prev": bytes, "head": bytes}, ("n",),
        frozenset(("prev",)),
    ),
    "unsealed": (
        {"stream": int, "seq": int, "prev": bytes, "id": bytes, "line": bytes}, ("stream", "seq"), frozenset(("prev",))
    ),
    "receipt": (
        {"direction": str, "stream": str, "seq": int, "head": str, "epoch": str, "at": str},
        ("direction", "stream", "head", "epoch"), frozenset(),
    ),
    "exported": ({"stream": str, "seq": int, "at": str, "bundle": str}, ("stream",), frozenset(("bundle",))),
    "refused": (
        {"n": int, "file": str, "sha256": str, "at": str, "code": str, "reason": str}, ("n",), frozenset(("sha256",))
    ),
    "draft": ({"form": str, "at": str, "fields": str}, ("form",), frozenset()),
    "photo_file": ({"sha256": str, "size": int, "state": str}, ("sha256",), frozenset()),
}

LOG_TABLES = tuple(_LOG)

migrations = Migrations("fieldapp")


@migrations()
def log_and_notes(db: Database) -> None:
    """Streams, their segments, own events not yet sealed, and the small notes beside them."""
    for name, (columns, key, nullable) in _LOG.items():
        db.table(name).create(
            dict(columns), pk=key if len(key) > 1 else key[0], not_null=set(columns) - nullable - {"n"}, strict=True
        )
    db.table("stream").create_index(["id"], unique=True)
    db.table("segment").create_index(["stream", "from_seq", "head"], unique=True)
    db.table("segment").create_index(["head"])
    db.table("run").create_index(["stream", "from_seq"])


class Layout:
    """How one kind lies in its table. ``kind`` None: the table of undeclared kinds."""

    def __init__(self, kind: Kind | None) -> None:
        self.kind = kind
        self.table = kind.name if kind else OTHER
        self.fields = tuple(kind.fields) if kind else ()
        self.field_names = tuple(field.name for field in self.fields)
        self.key = ("id", "owner") if kind else ("kind", "id", "owner")

    @cached_property
    def base(self) -> tuple[str, ...]:
        """The columns before the fields, without ``n``."""
        return (() if self.kind else ("kind",)) + tuple(BASE)[1:]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns but ``n``: base, fields in declared order, extra."""
        return (*self.base, *self.field_names, "extra")

    @cached_property
    def column_list(self) -> str:
        """The columns quoted for a statement."""
        return quoted(self.columns)

    @cached_property
    def field_list(self) -> str:
        """The field columns quoted for a statement; a kind nobody declared has none."""
        return quoted(self.field_names) or "NULL"

    @cached_property
    def upsert(self) -> str:
        """Insert a row of ``columns``, or replace the row of the same record."""
        places = ",".join("?" * len(self.columns))
        changed = ",".join(f'"{c}"=excluded."{c}"' for c in self.columns if c not in self.key)
        return (
            f'INSERT INTO "{self.table}" ({self.column_list}) VALUES ({places}) '  # noqa: S608 - declared names
            f"ON CONFLICT({quoted(self.key)}) DO UPDATE SET {changed}"
        )


def quoted(columns: tuple[str, ...]) -> str:
    """Column names for a statement; they come from declarations, never from input."""
    return ",".join(f'"{column}"' for column in columns)


def create_state(db: Database, kinds: Mapping[str, Kind]) -> None:
    """Make the tables of the current records, empty; their further indexes are made when they are full."""
    clash = {*kinds} & {*LOG_TABLES, *STATE, OTHER}
    if clash:
        raise ValueError(f"kinds named like tables: {sorted(clash)}")
    for kind in (None, *kinds.values()):
        _create_kind(db, kind)
    db.execute(
        "CREATE TABLE history (record TEXT NOT NULL, id BLOB NOT NULL, stream INTEGER NOT NULL, seq INTEGER NOT NULL,"
        " PRIMARY KEY (record, id)) STRICT, WITHOUT ROWID"
    )
    db.table("conflict").create(
        {"record": str, "grp": str, "readings": str, "events": str, "kind": str, "owner": str, "alike": str,
         "since": str},
        pk=("record", "grp"), strict=True,
    )
    # every question of a list is answered from the index alone: readings may be long outlines
    db.table("conflict").create_index(["alike", "since", "record", "grp", "kind", "owner"])
    db.table("pending").create(
        {"event": bytes, "record": str, "parents": str, "needs": str, "counts": int}, pk="event", strict=True
    )
    db.table("quarantine").create(
        {"event": bytes, "record": str, "stream": int, "seq": int, "reason": str}, pk="event", strict=True
    )
    db.table("needing").create(
        {"event": bytes, "record": str, "need": bytes, "held": int, "counts": int}, pk=("event", "need"), strict=True
    )
    db.execute(
        "CREATE TABLE doubt (stream INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (stream, seq)) STRICT,"
        " WITHOUT ROWID"
    )
    for name in spatial_kinds(kinds):
        db.execute(f'CREATE VIRTUAL TABLE "{space_of(name)}" USING rtree(n, west, east, south, north)')
    db.execute(
        "CREATE TABLE saw (stream INTEGER NOT NULL, other INTEGER NOT NULL, upto INTEGER NOT NULL,"
        " seq INTEGER NOT NULL, event BLOB NOT NULL, head BLOB NOT NULL, PRIMARY KEY (stream, other, upto, seq, event))"
        " STRICT, WITHOUT ROWID"
    )
    for table, column in (("pending", "record"), ("quarantine", "record"), ("quarantine", "stream")):
        db.table(table).create_index([column])


def outline_field(kind: Kind) -> Field | None:
    """The field of a kind that holds its outline; None for a kind without one."""
    return next((one for one in kind.fields if one.type is FieldType.SHAPE and one.key == "outline"), None)


def spatial_kinds(kinds: Mapping[str, Kind]) -> dict[str, Field | None]:
    """The kinds that have an index of boxes, with their outline's field; None for disputed positions (``space``)."""
    found = {name: outline_field(kind) for name, kind in kinds.items()}
    return {name: one for name, one in found.items() if one or name == "find"}


def space_of(kind: str) -> str:
    """The name of a kind's index of boxes."""
    return f"{kind}_space"


def _create_kind(db: Database, kind: Kind | None) -> None:
    layout = Layout(kind)
    types: dict[str, Any] = {"kind": str} | BASE | {"extra": str}
    types |= {name: _TYPES[sql] for name, sql in kind.columns()} if kind else {}
    columns = {"n": int} | {name: types[name] for name in layout.columns}
    db.table(layout.table).create(
        columns, pk="n", not_null=(set(BASE) | {"kind"}) - _NULLABLE - {"n"} & set(columns), strict=True
    )
    db.table(layout.table).create_index(list(layout.key), unique=True, index_name=f"{layout.table}_key")


def drop_indexes(db: Database, kind: Kind) -> None:
    """Take away the further indexes of a kind's table, to fill it faster; ``create_indexes`` makes them again."""
    for columns in INDEXES.get(kind.name, ()):
        for column in columns:
            if column in kind.by_name:
                db.execute(f'DROP INDEX IF EXISTS "{kind.name}_{column}"')
                break
    for name in ("lacking", "cell"):
        db.execute(f'DROP INDEX IF EXISTS "{kind.name}_{name}"')


def create_indexes(db: Database, kind: Kind | None) -> None:
    """Make the further indexes of a kind's table."""
    for columns in INDEXES.get(kind.name, ()) if kind else ():
        present = [column for column in columns if kind and column in kind.by_name]
        if kind and len(present) == 1:
            # most records have no lot: an index of one column leaves the empty out
            db.execute(
                f'CREATE INDEX IF NOT EXISTS "{kind.name}_{present[0]}" ON "{kind.name}" ("{present[0]}")'
                f' WHERE "{present[0]}" IS NOT NULL'
            )
        elif kind and present:
            db.table(kind.name).create_index(present, if_not_exists=True, index_name=f"{kind.name}_{present[0]}")
    lacking = [column for column in _LACKING.get(kind.name, ()) if column in kind.by_name] if kind else []
    if kind and lacking:
        test = " OR ".join(f'"{column}" IS NULL' for column in lacking)  # as lists ask: other words, another index
        db.execute(f'CREATE INDEX IF NOT EXISTS "{kind.name}_lacking" ON "{kind.name}" ("retracted") WHERE {test}')
    if kind and kind.name == _CELLED and {"lat", "lon"} <= kind.by_name.keys():
        db.execute(f'CREATE INDEX IF NOT EXISTS "{kind.name}_cell" ON "{kind.name}" ({CELL})')


def drop_state(db: Database) -> None:
    """Remove the tables of the current records, whichever declarations they were made from."""
    names = [name for name in db.table_names() if name not in LOG_TABLES]
    for name in sorted(names, key=lambda name: not name.endswith("_space")):  # what lies behind these goes with them
        if not name.startswith(("_sqlite", "sqlite_")):
            db.execute(f'DROP TABLE IF EXISTS "{name}"')


def declarations_version(kinds: Mapping[str, Kind]) -> str:
    """Changes whenever tables made from the declarations would differ, or what they hold."""
    shape = [
        [kind.name, [[g.name, g.bare, [[f.name, f.key, f.type.value, f.minimum, f.maximum] for f in g.fields]]
                     for g in kind.groups], INDEXES.get(kind.name, ())]
        for kind in kinds.values()
    ]
    return hashlib.sha256(json.dumps([shape, sorted(RESERVED), 4]).encode()).hexdigest()[:16]
