"""E3 to E6: versions. An upgrade that is interrupted at any statement, a full disk in it, and the way back.

Golden bundles of every format lie in ``tests/data`` and are read by both readers there; what one version knows and
another does not is in ``tests/operations/test_version_skew.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from fieldapp.operations import records
from fieldapp.operations.workspace import DATABASE, Workspace
from fieldapp.operations.writing import write
from fieldapp.storage.database import Store, open_store
from fieldapp.storage.errors import DiskFailed, DiskFull
from fieldapp.storage.listing import select
from fieldapp.storage.merged import merge_result, state_hash
from tests.builders import a_find, a_plot, alone
from tests.stateful.parties import PROGRAMS

NEXT = PROGRAMS["next"].kinds
NOVELTY = "novelty/t7/0192f0c1-0000-7000-8000-0000000000f1"


class Interrupted(Exception):
    """The power goes at this statement."""


@contextmanager
def ending_at(nth: int, error: BaseException) -> Iterator[list[int]]:
    """The ``nth`` statement that is run from now on fails; the list's one number counts them."""
    count = [0]
    run, many = Store.execute, Store.executemany

    def counted() -> None:
        count[0] += 1
        if count[0] == nth:
            raise error

    def execute(self: Store, sql: str, parameters: Any = ()) -> Any:
        if not sql.startswith(("ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")):
            counted()
        return run(self, sql, parameters)

    def executemany(self: Store, sql: str, rows: Any) -> int:
        counted()
        return many(self, sql, rows)

    with mock.patch.object(Store, "execute", execute), mock.patch.object(Store, "executemany", executemany):
        yield count


def made(folder: Path) -> tuple[Workspace, str]:
    ws = alone(folder)
    for _ in range(3):
        records.correct(ws, a_find(ws).name, {"depth_cm": 12}, "measured")
    a_plot(ws)
    write(ws, NOVELTY, {"shape": {"form": "ring", "size_mm": 7}})
    return ws, a_find(ws).name


@pytest.mark.parametrize("error", [Interrupted(), DiskFull(), DiskFailed(reason="x")], ids=["power", "full", "failing"])
def test_e6_an_upgrade_that_ends_at_any_statement_leaves_the_old_state_and_is_done_the_next_time(
    tmp_path: Path, error: BaseException
) -> None:
    ws, _ = made(tmp_path / "laptop")
    path, key, before, digest = ws.folder / DATABASE, ws.key, merge_result(ws.store), state_hash(ws.store)
    ws.close()
    nth, done = 0, False
    while not done:
        nth += 1
        with ending_at(nth, error) as count:
            try:
                open_store(path, key, kinds=NEXT).close()
                done = True
            except type(error):
                assert count[0] == nth
        if not done and nth % 5 == 1:
            with open_store(path, key) as store:
                assert (merge_result(store), state_hash(store)) == (before, digest)
    assert nth > 20, "an upgrade is many statements"
    with open_store(path, key, kinds=NEXT) as store:
        assert (merge_result(store), state_hash(store)) == (before, digest)
        (row,) = select(store, "novelty")
        assert (row["form"], row["size_mm"]) == ("ring", 7)


def test_e6_the_way_back_to_the_older_program_loses_nothing(tmp_path: Path) -> None:
    ws, name = made(tmp_path / "laptop")
    path, key, before = ws.folder / DATABASE, ws.key, merge_result(ws.store)
    ws.close()
    for kinds in (NEXT, PROGRAMS["now"].kinds, NEXT):
        with open_store(path, key, kinds=kinds) as store:
            assert merge_result(store) == before
            assert name in {row.name for row in select(store, "find")}
