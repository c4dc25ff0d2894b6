"""Foreign SQLite files, read with everything off that a file could use against its reader (sqlite.org/security.html).

Read-only and without locks (``immutable``): nothing is written beside the file, and nobody is waited for. Only plain
tables and views of them are read, by SELECT; no functions of the file's choice, no recursion, no virtual tables, no
attached files, short values. Each question has a budget of steps and seconds: a view that never ends, ends.
"""

from __future__ import annotations

import sqlite3
import struct
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fieldapp.clock import Clock, SystemClock
from fieldapp.exchange.tile_errors import DAMAGED, GONE, LOCKED, TilesNotRead, TileUnreadable
from fieldapp.exchange.tile_images import MOST_TILE_BYTES
from fieldapp.texts import N_

STEPS_PER_CALL = 1_000
OPENING_STEPS, TILE_STEPS = 3_000_000, 400_000
"""Virtual machine steps for all questions of opening, and for one tile. A tile by an index takes some fifty."""
SCAN_STEPS = 20_000_000
"""For looking once at every row of the coarsest level."""
OPENING_SECONDS, TILE_SECONDS = 20.0, 5.0
MOST_TABLES = 2_000

_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MOST_TILE_BYTES, sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200, sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 50,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 5, sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 8, sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 50, sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 20,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
}  # fmt: skip
_PRAGMAS = ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "query_only = ON", "temp_store = MEMORY",
            "cache_size = -2048")  # fmt: skip
_FUNCTIONS = frozenset({"coalesce", "ifnull", "length", "typeof", "min", "max"})
_SCHEMA = frozenset({"sqlite_master", "sqlite_schema"})
FAILURES = (sqlite3.Error, OverflowError, UnicodeDecodeError)
"""What Python raises of a file: SQLite quotes a damaged schema in its messages, and Python cannot decode them."""
_PRIMARY = 0xFF
_PAGE_COUNT = struct.Struct(">III")


def check_header(file: Path, head: bytes, size: int) -> None:
    """Hold the length that a database's header names against the file's. Raises TilesNotRead."""
    try:
        (page,) = struct.unpack_from(">H", head, 16)
        changed, pages, _free = _PAGE_COUNT.unpack_from(head, 24)
        (valid_for,) = struct.unpack_from(">I", head, 92)
    except struct.error as error:
        raise TilesNotRead(file, DAMAGED, N_("it is damaged or cut off.")) from error
    if changed == valid_for and size < pages * (65_536 if page == 1 else page):
        raise TilesNotRead(file, DAMAGED, N_("it is damaged or cut off."))
    for end in ("-journal", "-wal"):
        beside = file.with_name(file.name + end)
        if beside.exists() and beside.stat().st_size:
            raise TilesNotRead(file, LOCKED, N_("another program is writing to it, or was stopped while it did "
                                                "({name} lies beside it)."), name=beside.name)  # fmt: skip


class GuardedSqlite:
    """An open file. Its questions may come from several threads; one is answered at a time."""

    def __init__(self, file: Path, clock: Clock | None = None) -> None:
        self._file, self._clock = file, clock or SystemClock()
        self._lock = threading.Lock()
        self._steps, self._until = OPENING_STEPS, self._clock.monotonic() + OPENING_SECONDS
        self._readable: frozenset[str] = _SCHEMA
        try:
            self._connection = sqlite3.connect(
                file.resolve().as_uri() + "?mode=ro&immutable=1", uri=True, isolation_level=None, timeout=0,
                check_same_thread=False,
            )  # fmt: skip
        except sqlite3.Error as error:
            raise self._whole(error) from error
        try:
            self._guard()
        except BaseException:
            self.close()
            raise

    def _guard(self) -> None:
        for limit, most in _LIMITS.items():
            self._connection.setlimit(limit, most)
        self._connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        self._connection.set_progress_handler(self._too_long, STEPS_PER_CALL)
        try:
            for pragma in _PRAGMAS:
                self._connection.execute(f"PRAGMA {pragma}")
            self._connection.set_authorizer(self._may)
            found = self._connection.execute(
                "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view') LIMIT ?", (MOST_TABLES + 1,)
            ).fetchall()
        except FAILURES as error:
            raise self._whole(error) from error
        if len(found) > MOST_TABLES:
            raise TilesNotRead(self._file, DAMAGED, N_("it holds more than {count} tables."), count=MOST_TABLES)
        plain = [name for name, kind, sql in found if kind == "view" or not _is_virtual(sql)]
        self._readable = _SCHEMA | {str(name).lower() for name in plain}

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def has(self, name: str) -> bool:
        """Is there a plain table or a view of this name?"""
        return name.lower() in self._readable

    def ask(self, sql: str, facts: Sequence[Any] = (), *, steps: int = 0) -> list[tuple[Any, ...]]:
        """Rows while opening, within the budget of opening, or within ``steps`` of its own. Raises TilesNotRead."""
        try:
            with self._lock:
                self._steps = steps or self._steps
                return self._connection.execute(sql, facts).fetchall()
        except FAILURES as error:
            raise self._whole(error) from error

    def ask_for_tile(self, sql: str, facts: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Rows of one tile, with a budget of its own. Raises TileUnreadable; TilesNotRead when the disk fails."""
        try:
            with self._lock:
                self._steps, self._until = TILE_STEPS, self._clock.monotonic() + TILE_SECONDS
                return self._connection.execute(sql, facts).fetchall()
        except FAILURES as error:
            if _code(error) in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB):
                raise self._whole(error) from error
            raise TileUnreadable(str(error)) from error

    def _too_long(self) -> int:
        self._steps -= STEPS_PER_CALL
        return int(self._steps < 0 or self._clock.monotonic() > self._until)

    def _may(self, action: int, first: str | None, second: str | None, *_rest: object) -> int:
        """SQLite asks this of everything a statement would do."""
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and (first or "").lower() in self._readable:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FUNCTIONS:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    def _whole(self, error: Exception) -> TilesNotRead:
        code = _code(error)
        if code == sqlite3.SQLITE_INTERRUPT:
            return TilesNotRead(self._file, DAMAGED, N_("looking for its tiles takes too long: it has no index, or is "
                                                        "made to be slow."))  # fmt: skip
        if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and not self._file.exists():
            return TilesNotRead(self._file, GONE, N_("the file is not there. A stick or disk may have been unplugged."))
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
            return TilesNotRead(self._file, LOCKED, N_("another program holds it, or it may not be read."))
        if code == sqlite3.SQLITE_AUTH:
            return TilesNotRead(self._file, DAMAGED, N_("it wants to do more than give its tiles."))
        return TilesNotRead(self._file, DAMAGED, N_("it is damaged or cut off."))


def _is_virtual(sql: object) -> bool:
    return not isinstance(sql, str) or "VIRTUAL" in sql[:40].upper()


def _code(error: Exception) -> int:
    """SQLite's primary result code; -1 where Python made the error itself."""
    found = getattr(error, "sqlite_errorcode", None)
    return -1 if found is None else int(found) & _PRIMARY
