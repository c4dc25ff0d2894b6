"""The unit of all ratios: bare stdlib ``executemany`` of the same finds into one indexed table (design, section 11).

25 columns, one transaction, rowid table, TEXT primary key, UNIQUE(stream, seq) and a date index, WAL and
synchronous=FULL, 256 MB page cache, no encryption, no log.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

COLUMNS = (
    "id owner stream seq local_id category sub_category model ordnance_state quantity unit lat lon fixed_by typed_text"
    " typed_crs depth_cm condition anti_lift found_on found_at found_by task place remarks"
).split()
Row = tuple[object, ...]


def table(path: Path) -> sqlite3.Connection:
    """An empty table as the unit wants it."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -262144", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    columns = ", ".join(f"{name} {'TEXT PRIMARY KEY' if name == 'id' else 'ANY'}" for name in COLUMNS)
    connection.execute(f"CREATE TABLE find ({columns}, UNIQUE (stream, seq))")
    connection.execute("CREATE INDEX find_on ON find (found_on)")
    return connection


def insert_sql() -> str:
    """The unit's one statement."""
    return f"INSERT INTO find VALUES ({','.join('?' * len(COLUMNS))})"


def row_of(event: dict[str, object], stream: str) -> Row:
    """The unit's row of an event."""
    groups = event["set"]
    assert isinstance(groups, dict)
    flat: dict[str, object] = {"id": str(event["record"]).split("/")[2], "owner": "t1", "stream": stream,
                               "seq": event["seq"]}
    for name, value in groups.items():
        flat |= value if isinstance(value, dict) else {name: value}
    return tuple(flat.get(name) for name in COLUMNS)


def seconds(rows: Sequence[Row], folder: Path) -> float:
    """CPU seconds of the unit over these rows."""
    connection = table(folder / f"unit-{time.monotonic_ns()}.db")
    try:
        start = time.process_time()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(insert_sql(), rows)
        connection.execute("COMMIT")
        return time.process_time() - start
    finally:
        connection.close()


def one_by_one(rows: Sequence[Row], folder: Path) -> list[float]:
    """Wall seconds of each bare committed INSERT of one row."""
    connection = table(folder / f"single-{time.monotonic_ns()}.db")
    taken = []
    try:
        for row in rows:
            start = time.perf_counter()
            connection.execute(insert_sql(), row)
            taken.append(time.perf_counter() - start)
    finally:
        connection.close()
    return taken
