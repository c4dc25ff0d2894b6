"""Tables that follow from records and are brought up to date when they are read, by what changed since.

Beside the tables under a prefix stand ``<prefix>_mark`` (how far each kind was read, and notes) and
``<prefix>_stirred`` (records that changed otherwise than by being new). A workspace that never asked has neither and
pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fieldapp.ids import RecordName
from fieldapp.storage.database import Store

_VERSION = "version"


@dataclass
class Touched:
    """What changed since. ``everything``: the tables are made from nothing."""

    everything: bool = False
    names: set[RecordName] = field(default_factory=set)
    """New records."""
    stirred: set[RecordName] = field(default_factory=set)
    """Those that were here before, or may have been."""


@dataclass(frozen=True, slots=True)
class Derived:
    """How far the tables of a prefix are brought up to date, and with which kinds of record."""

    prefix: str
    kinds: tuple[str, ...]

    def tables(self) -> dict[str, str]:
        """The columns of the two tables beside the derived ones."""
        return {
            f"{self.prefix}_mark": "kind TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL, id TEXT NOT NULL",
            f"{self.prefix}_stirred": "record TEXT NOT NULL PRIMARY KEY",
        }

    def stir(self, store: Store, names: Iterable[RecordName]) -> None:
        """Note records that changed otherwise than by being new; nothing where nobody asked for the tables."""
        found = [(name,) for name in names if name.split("/", 1)[0] in self.kinds]
        if found and self.is_kept(store):
            store.executemany(f"INSERT OR IGNORE INTO {self.prefix}_stirred VALUES (?)", found)  # noqa: S608 - our own names

    def is_kept(self, store: Store) -> bool:
        """Has anybody asked for the tables?"""
        return store.row("SELECT 1 FROM sqlite_schema WHERE name = ?", (f"{self.prefix}_stirred",)) is not None

    def touched(self, store: Store, version: str) -> Touched:
        """What the tables must be brought up to date by. Another ``version`` of the rules makes them anew."""
        if self.note(store, _VERSION) != version:
            return Touched(everything=True)
        found = Touched(
            stirred={name for (name,) in store.rows(f"SELECT record FROM {self.prefix}_stirred")}  # noqa: S608
        )
        for kind in self.kinds:
            n, i = store.row(f"SELECT n, id FROM {self.prefix}_mark WHERE kind = ?", (kind,)) or (0, "")  # noqa: S608
            # a row that was taken away may have given its number to another
            if n and store.row(f"SELECT id FROM {kind} WHERE n = ?", (n,)) != (i,):  # noqa: S608
                return Touched(everything=True)
            rows = store.rows(f"SELECT owner, id FROM {kind} WHERE n > ?", (n,))  # noqa: S608
            found.names.update(f"{kind}/{owner}/{i}" for owner, i in rows)
        return found

    def note(self, store: Store, key: str) -> str:
        """A note kept beside the tables; empty where there is none."""
        kept = self.is_kept(store)
        row = store.row(f"SELECT id FROM {self.prefix}_mark WHERE kind = ?", (f":{key}",)) if kept else None  # noqa: S608
        return str(row[0]) if row else ""

    def set_note(self, store: Store, key: str, text: str) -> None:
        """Keep a note beside the tables."""
        store.execute(f"INSERT OR REPLACE INTO {self.prefix}_mark VALUES (?, 0, ?)", (f":{key}", text))  # noqa: S608

    def set_mark(self, store: Store, version: str) -> None:
        """The tables are up to date: what comes from now on is new."""
        store.execute(f"DELETE FROM {self.prefix}_stirred")  # noqa: S608
        for kind in self.kinds:
            last = store.row(f"SELECT n, id FROM {kind} ORDER BY n DESC LIMIT 1") or (0, "")  # noqa: S608
            store.execute(f"INSERT OR REPLACE INTO {self.prefix}_mark VALUES (?, ?, ?)", (kind, *last))  # noqa: S608
        self.set_note(store, _VERSION, version)
