"""Opening the workspace database, and one transaction at a time on it.

SQLite through SQLCipher with a raw key (no key derivation here), WAL and synchronous=FULL: an acknowledged commit
survives a power cut. A rollback journal where SQLite still has the WAL-reset bug (before 3.51.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, cast

import sqlcipher3.dbapi2 as dbapi
from sqlite_utils import Database

from fieldapp.domain.kinds import Kind
from fieldapp.domain.registry import KINDS
from fieldapp.storage.errors import Damaged, DatabaseExists, NoDatabase, NotADatabase, TooNew, operator_error
from fieldapp.storage.schema import SCHEMA_VERSION, Layout, declarations_version, migrations

_CACHE_KIB = 65_536
_WAL_IS_SAFE_SINCE = (3, 51, 3)
_PRAGMAS = (
    "foreign_keys = ON", "temp_store = MEMORY", "trusted_schema = OFF", "cell_size_check = ON",
    f"cache_size = -{_CACHE_KIB}", "busy_timeout = 5000", "fullfsync = ON", "checkpoint_fullfsync = ON",
)

# Without an adapter the binding asks every None, bytes and bool whether it can adapt itself: 1 us each, three quarters
# of the cost of inserting a row that is half NULL.
dbapi.register_adapter(type(None), {}.get)
dbapi.register_adapter(bytes, bytes)
dbapi.register_adapter(bool, int)


class Store:
    """One connection to the workspace database. Used by one thread at a time; each thread opens its own."""

    def __init__(self, connection: Any, path: Path, kinds: Mapping[str, Kind] = KINDS) -> None:
        self.path = path
        self.kinds = kinds
        self.layouts = {name: Layout(kind) for name, kind in kinds.items()}
        self.other = Layout(None)
        self.constants: dict[str, Any] = {}
        """What other modules derive from the declared kinds alone."""
        self.caches: dict[str, Any] = {}
        """What other modules remember of the database; forgotten after a rollback or another process's commit."""
        self._connection = connection
        self._depth = 0
        self._seen_version = -1

    def layout(self, kind: str) -> Layout:
        """Where records of ``kind`` lie."""
        return self.layouts.get(kind, self.other)

    def all_layouts(self) -> list[Layout]:
        """The layouts of all record tables."""
        return [*self.layouts.values(), self.other]

    def close(self) -> None:
        """Close the connection; the write-ahead log is folded into the database by its last user."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_unused: object) -> None:
        self.close()

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
        """Run one statement; SQLite's errors an operator can act on become StorageError."""
        try:
            return self._connection.execute(sql, parameters)
        except dbapi.Error as error:
            raise (operator_error(error) or error) from error

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Run one statement for many rows and return how many rows it changed."""
        try:
            return int(self._connection.executemany(sql, rows).rowcount)
        except dbapi.Error as error:
            raise (operator_error(error) or error) from error

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        try:
            return cast("list[tuple[Any, ...]]", self._connection.execute(sql, parameters).fetchall())
        except dbapi.Error as error:
            raise (operator_error(error) or error) from error

    def row(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    @property
    def in_transaction(self) -> bool:
        """Is a transaction open?"""
        return self._depth > 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: committed and on disk when the outermost block is left, rolled back when it raises."""
        depth = self._depth
        self.execute(f"SAVEPOINT s{depth}" if depth else "BEGIN IMMEDIATE")
        self._depth = depth + 1
        try:
            if not depth:
                self.forget_if_stale()
            yield
            self.execute(f"RELEASE s{depth}" if depth else "COMMIT")
        except BaseException as error:
            self.caches.clear()
            if self._connection.in_transaction:  # a full disk has rolled back by itself
                self._connection.execute(f"ROLLBACK TO s{depth}" if depth else "ROLLBACK")
            if isinstance(error, dbapi.Error):  # sqlite-utils speaks to the connection itself
                raise (operator_error(error) or error) from error
            raise
        finally:
            self._depth = depth

    @property
    def changes(self) -> int:
        """How many rows this connection has changed so far; while it stands still, nothing was written here."""
        return int(self._connection.total_changes)

    def forget_if_stale(self) -> None:
        """Drop what is remembered when another connection has committed since."""
        version = int(self.rows("PRAGMA data_version")[0][0])
        if version != self._seen_version:
            self.caches.clear()
            self._seen_version = version

    def get_meta(self, key: str) -> str | None:
        """A setting of the workspace, or None."""
        found = self.row("SELECT value FROM meta WHERE key = ?", (key,))
        return cast("str", found[0]) if found else None

    def set_meta(self, key: str, value: str) -> None:
        """Keep a setting of the workspace."""
        self.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value", (key, value)
        )
        if key == "root":
            self.caches.clear()

    @property
    def root(self) -> str:
        """The id of the device whose grants count here."""
        return self.get_meta("root") or ""

    def damaged(self) -> bool:
        """Read every page: is the structure of the database damaged?"""
        try:
            return self.rows("PRAGMA integrity_check") != [("ok",)]
        except Damaged:
            return True

    def schema(self) -> Database:
        """The same connection as sqlite-utils sees it, for making tables."""
        return Database(self._connection)


def open_store(
    path: Path, key: bytes, *, create: bool = False, root: str | None = None, kinds: Mapping[str, Kind] = KINDS
) -> Store:
    """Open the database at ``path`` with its raw 32-byte key, bringing its tables up to date.

    ``create`` makes a new one, whose grants are those of the device ``root``. Raises NoDatabase, DatabaseExists,
    NotADatabase (wrong key too), TooNew (before anything is touched), and the disk's own errors.
    """
    if len(key) != 32:
        raise ValueError("a raw key has 32 bytes")
    if create and path.exists():
        raise DatabaseExists(path=path)
    if not create and not path.is_file():
        raise NoDatabase(path=path)
    connection = _connect(path, key)
    try:
        store = Store(connection, path, kinds)
        _bring_up_to_date(store, create=create, root=root)
        return store
    except BaseException:
        connection.close()
        raise


def copy_whole(store: Store, path: Path) -> None:
    """Write a consistent copy of the database to ``path``, under the same key, while others go on reading.

    Raises the disk's own errors; not inside a transaction.
    """
    if path.exists():
        raise DatabaseExists(path=path)
    store.execute("VACUUM INTO ?", (str(path),))


def _connect(path: Path, key: bytes) -> Any:
    try:
        connection = dbapi.connect(str(path), isolation_level=None, check_same_thread=False)
    except dbapi.Error as error:
        raise (operator_error(error) or error) from error
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("SELECT count(*) FROM sqlite_schema")
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except dbapi.DatabaseError as error:
        connection.close()
        if getattr(error, "sqlite_errorcode", 0) == 26:
            raise NotADatabase(path=path) from error
        raise (operator_error(error) or error) from error
    return connection


def _bring_up_to_date(store: Store, *, create: bool, root: str | None) -> None:
    version = int(store.rows("PRAGMA user_version")[0][0])
    if version > SCHEMA_VERSION:
        raise TooNew(path=store.path, found=version, known=SCHEMA_VERSION)
    if version == 0 and not create:  # emptied, or another program's: making tables in it would hide the loss
        raise NotADatabase(path=store.path)
    wal = dbapi.sqlite_version_info >= _WAL_IS_SAFE_SINCE
    store.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'TRUNCATE'}")
    store.execute("PRAGMA synchronous = FULL")
    wanted = declarations_version(store.kinds)
    if not create and version == SCHEMA_VERSION and store.get_meta("declarations") == wanted:
        return  # nothing to do: another connection may be in the middle of an import
    with store.transaction():
        if version < SCHEMA_VERSION:
            migrations.apply(store.schema())
            store.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        if root is not None and create:
            store.set_meta("root", root)
        if store.get_meta("declarations") != wanted:
            from fieldapp.storage.rebuild import remake  # it refills the tables with what stands above this module

            remake(store)
            store.set_meta("declarations", wanted)
