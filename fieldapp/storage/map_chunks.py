"""Where the finds lie, packed for the map: 4,096 rows of ``find`` to a chunk, so that a million are read at once.

The chunks follow from the current records and are dropped with them. They are brought up to date when they are read,
and only those whose rows changed: new finds have numbers above the mark, all other records that changed were noted by
``ingest``. A workspace that never drew its map has none of the tables and pays nothing.

A point is one reading of where a present find lies: a find whose position is disputed has several, one whose being
there is disputed is present. ``GONE`` says that its own disposals end exactly what was found and that nothing about it
or them is open: whoever is not sure is told that it still lies there.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from fieldapp.ids import RecordName
from fieldapp.storage import outstanding, space
from fieldapp.storage.database import Store
from fieldapp.storage.listing import Row
from fieldapp.storage.outstanding import Outcomes
from fieldapp.storage.records import events_of, fields_of

ROWS = 4_096
"""Numbers of ``find`` that a chunk holds the points of."""
POINT = struct.Struct("<HiiIiIIB")
"""A point: number of the find within the chunk; latitude and longitude in 1e-7 degrees; places of the words for what
it is, its team and its task; the day it was found as a proleptic ordinal, 0 for none (between the first two words);
flags."""
GONE, UNSETTLED = 1, 2
DEGREE = 10_000_000
_VERSION = "1"
"""Goes up when other rules would make other chunks."""
_REVISION = "map_revision"
_TABLES = {
    "map_chunk": (
        "chunk INTEGER PRIMARY KEY, revision INTEGER NOT NULL, earlier INTEGER NOT NULL, points INTEGER NOT NULL,"
        " data BLOB NOT NULL"
    ),
    "map_due": "chunk INTEGER PRIMARY KEY, earlier INTEGER NOT NULL",
    "map_word": "n INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE",
    "map_mark": "kind TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL, id TEXT NOT NULL",
    "map_stirred": "record TEXT NOT NULL PRIMARY KEY",
}
_WATCHED = ("find", "disposal")


class Chunk(NamedTuple):
    """Points of the finds from ``number * ROWS`` on, packed one after another as ``POINT`` says."""

    number: int
    data: bytes


@dataclass(frozen=True)
class Mark:
    """How far somebody has read: a later revision is news. ``last`` is the greatest number of a find then."""

    revision: int = 0
    last: int = 0


@dataclass(frozen=True)
class News:
    """Chunks that were made since a mark. ``earlier``: finds that were there before changed, so read all of them."""

    mark: Mark
    chunks: list[Chunk]
    earlier: bool


def stir(store: Store, names: Iterable[RecordName]) -> None:
    """Note finds and disposals that changed otherwise than by being new; nothing where nobody draws a map."""
    found = [(name,) for name in names if name.startswith(("find/", "disposal/"))]
    if found and _is_kept(store):
        store.executemany("INSERT OR IGNORE INTO map_stirred VALUES (?)", found)


def bring_up_to_date(store: Store, outcomes: Outcomes, most: int = 0) -> int:
    """Make the chunks that changes have made due, ``most`` at a time (0: all), and say how many are still due."""
    with store.transaction():
        _note_due(store, outcomes)
        due = store.rows("SELECT chunk, earlier FROM map_due ORDER BY chunk LIMIT ?", (most or -1,))
        if not due:
            return 0
        revision = _revision(store) + 1
        words = _Words(store)
        for chunk, earlier in due:
            _make(store, outcomes, words, chunk, revision, earlier=bool(earlier))
        store.set_meta(_REVISION, str(revision))
        store.execute("DELETE FROM map_due WHERE chunk <= ?", (due[-1][0],))
        return int(store.rows("SELECT count(*) FROM map_due")[0][0])


def news(store: Store, since: Mark) -> News:
    """What was made since ``since``; with the mark of nobody, ``Mark()``, every chunk. Bring it up to date before."""
    chunks = [
        Chunk(*row) for row in
        store.rows("SELECT chunk, data FROM map_chunk WHERE revision > ? ORDER BY chunk", (since.revision,))
    ]  # fmt: skip
    if not since.revision:
        store.execute("PRAGMA shrink_memory").fetchall()  # pages of chunks fill the cache, and nobody reads them twice
    earlier = store.row("SELECT 1 FROM map_chunk WHERE earlier > ?", (since.revision,)) is not None
    last = store.row("SELECT n FROM map_mark WHERE kind = 'find'")
    return News(
        Mark(_revision(store), last[0] if last else 0), chunks, earlier or _mark(store, ":all")[0] > since.revision
    )


def words(store: Store) -> dict[int, str]:
    """What the numbers in points stand for; see ``what_of``."""
    return dict(store.rows("SELECT n, word FROM map_word"))


def what_of(word: str) -> tuple[str | None, str | None, str | None]:
    """Category, model and model as typed of the word for what a find is."""
    category, model, model_text = json.loads(word)
    return category, model, model_text


class _Words:
    """Texts that stand in points as numbers, 0 for none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = {word: n for n, word in words(store).items()}

    def number(self, word: str | None) -> int:
        if not word:
            return 0
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = len(self._known) + 1
            self._store.execute("INSERT INTO map_word VALUES (?, ?)", (known, word))
        return known


def _is_kept(store: Store) -> bool:
    return store.row("SELECT 1 FROM sqlite_schema WHERE name = 'map_stirred'") is not None


def _revision(store: Store) -> int:
    """The last one given; beside the log, so that chunks made anew are never taken for old ones."""
    return int(store.get_meta(_REVISION) or 0)


def _mark(store: Store, kind: str) -> tuple[int, str]:
    found = store.row("SELECT n, id FROM map_mark WHERE kind = ?", (kind,))
    return (int(found[0]), str(found[1])) if found else (0, "")


def _set_mark(store: Store, kind: str, n: int, i: str) -> None:
    store.execute("INSERT OR REPLACE INTO map_mark VALUES (?,?,?)", (kind, n, i))


def _note_due(store: Store, outcomes: Outcomes) -> None:
    """Turn what changed into chunks that are due; where nothing did, nothing is written."""
    version = json.dumps([_VERSION, *(list(getattr(outcomes, name)) for name in outstanding.OUTCOME_NAMES)])
    anew = not _is_kept(store) or _mark(store, ":version")[1] != version or not _marks_stand(store)
    if anew:
        for name, columns in _TABLES.items():
            store.execute(f"DROP TABLE IF EXISTS {name}")
            store.execute(f"CREATE TABLE {name} ({columns}) STRICT")
        last = _last(store, "find")[0]
        store.executemany("INSERT INTO map_due VALUES (?, 0)", [(chunk,) for chunk in range(last // ROWS + 1)])
        _set_mark(store, ":version", 0, version)
        _set_mark(store, ":all", _revision(store) + 1, "")
        store.set_meta(_REVISION, str(_revision(store) + 1))
    elif store.row("SELECT 1 FROM map_stirred") or any(_mark(store, one) != _last(store, one) for one in _WATCHED):
        _note_changes(store)
    else:
        return
    for kind in _WATCHED:
        _set_mark(store, kind, *_last(store, kind))


def _marks_stand(store: Store) -> bool:
    """Does each mark name the row it was set by? A row that was taken away may have given its number to another."""
    for kind in _WATCHED:
        n, i = _mark(store, kind)
        if n and store.row(f"SELECT id FROM {kind} WHERE n = ?", (n,)) != (i,):  # noqa: S608 - our own names
            return False
    return True


def _last(store: Store, kind: str) -> tuple[int, str]:
    found = store.row(f"SELECT n, id FROM {kind} ORDER BY n DESC LIMIT 1")  # noqa: S608 - our own names
    return (int(found[0]), str(found[1])) if found else (0, "")


def _note_changes(store: Store) -> None:
    before, last = _mark(store, "find")[0], _last(store, "find")[0]
    if last > before:
        new = range((before + 1) // ROWS, last // ROWS + 1)
        store.executemany("INSERT OR IGNORE INTO map_due VALUES (?, 0)", [(chunk,) for chunk in new])
    stirred = [name for (name,) in store.rows("SELECT record FROM map_stirred")]
    finds = {name for name in stirred if name.startswith("find/")}
    found = set(space.numbers_of(store, "find", finds))
    changed = {n // ROWS for n in found if n <= before}
    if len(found) < len(finds):
        changed |= _with_rows_that_went(store)
    disposals = [name for name in stirred if name.startswith("disposal/")]
    named = {find for (find,) in store.rows(
        "SELECT DISTINCT find FROM disposal WHERE n > ? AND find IS NOT NULL", (_mark(store, "disposal")[0],))}
    named |= set(_ever_named(store, disposals))
    changed |= {n // ROWS for n in space.numbers_of(store, "find", named) if n <= before}
    store.executemany("INSERT OR REPLACE INTO map_due VALUES (?, 1)", [(chunk,) for chunk in sorted(changed)])
    store.execute("DELETE FROM map_stirred")


def _with_rows_that_went(store: Store) -> set[int]:
    """Chunks with points of finds that no row has any more: a laptop that lost its place took its finds with it."""
    went = set()
    for (chunk,) in store.rows("SELECT chunk FROM map_chunk ORDER BY chunk"):
        data = store.rows("SELECT data FROM map_chunk WHERE chunk = ?", (chunk,))[0][0]
        held = {chunk * ROWS + point[0] for point in POINT.iter_unpack(data)}
        here = store.rows("SELECT n FROM find WHERE n >= ? AND n < ?", (chunk * ROWS, (chunk + 1) * ROWS))
        if held - {n for (n,) in here}:
            went.add(int(chunk))
    return went


def _ever_named(store: Store, disposals: Collection[RecordName]) -> Iterator[RecordName]:
    """The finds that any event of these disposals ever named: what one no longer ends lies there again."""
    layout = store.layout("disposal")
    for name in disposals:
        for event in events_of(store, name).values():
            find = fields_of(layout, event.set).get("find")
            if isinstance(find, str):
                yield find


_GONE_SQL = f"""f.unsettled = 0 AND {outstanding.ENDED} AND NOT EXISTS (
   SELECT 1 FROM disposal d WHERE d.find = 'find/' || f.owner || '/' || f.id AND d.unsettled = 1)"""  # noqa: S608 - our own words
_ROWS_SQL = f"""
SELECT f.n, f.owner, f.id, f.unsettled, f.lat, f.lon, f.category, f.model, f.model_text, f.found_on, f.task,
 {_GONE_SQL}, f.retracted
FROM find f WHERE f.n >= :first AND f.n < :end AND (f.retracted = 0 OR f.unsettled = 1) ORDER BY f.n"""  # noqa: S608 - our own words
_INDEX = {name: at for at, name in enumerate(("n", "owner", "id", "unsettled", "lat", "lon"))}
_FOR_EVER = "9999-12-31"


def gone_among(store: Store, outcomes: Outcomes, names: Collection[RecordName]) -> set[RecordName]:
    """Those of these finds that are drawn as gone, by the rule of ``GONE``."""
    ids = sorted({name.rsplit("/", 1)[-1] for name in names if name.startswith("find/")})
    if not ids:
        return set()
    bound = {name: json.dumps(list(getattr(outcomes, name))) for name in outstanding.OUTCOME_NAMES}
    rows = store.rows(
        f"SELECT f.owner, f.id FROM find f WHERE f.id IN (SELECT value FROM json_each(:ids)) AND {_GONE_SQL}",  # noqa: S608 - our own words
        {**bound, "until": _FOR_EVER, "ids": json.dumps(ids)},
    )
    return {f"find/{owner}/{i}" for owner, i in rows} & set(names)


def _make(store: Store, outcomes: Outcomes, words: _Words, chunk: int, revision: int, *, earlier: bool) -> None:
    bound = {name: json.dumps(list(getattr(outcomes, name))) for name in outstanding.OUTCOME_NAMES}
    rows = store.rows(_ROWS_SQL, {**bound, "until": _FOR_EVER, "first": chunk * ROWS, "end": (chunk + 1) * ROWS})
    points = [point for row in rows for point in _points(store, words, row, chunk * ROWS)]
    store.execute(
        "INSERT INTO map_chunk VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (chunk) DO UPDATE SET revision = ?2,"
        " earlier = CASE WHEN ?3 THEN ?3 ELSE earlier END, points = ?4, data = ?5",
        (chunk, revision, revision if earlier else 0, len(points), b"".join(points)),
    )


def _points(store: Store, words: _Words, row: tuple[Any, ...], first: int) -> Iterator[bytes]:
    n, owner, _, unsettled, _, _, category, model, model_text, found_on, task, gone, retracted = row
    find = Row("find", _INDEX, row)
    if retracted and not space.may_stand(store, find):
        return
    what = words.number(_what(category, None, None) if category else _what(None, model, model_text))
    flags = (GONE if gone else 0) | (UNSETTLED if unsettled else 0)
    for lat, lon in dict.fromkeys(space.places_told(store, find)):
        yield POINT.pack(
            n - first, round(lat * DEGREE), round(lon * DEGREE), what, _ordinal(found_on), words.number(owner),
            words.number(task), flags,
        )  # fmt: skip


@lru_cache(maxsize=1024)
def _what(category: str | None, model: str | None, model_text: str | None) -> str:
    """What a find is called, as one word: the category where it has one; else by what a category may be known."""
    return json.dumps([category, model, model_text])


@lru_cache(maxsize=4096)
def _ordinal(day: str | None) -> int:
    try:
        return date.fromisoformat(day or "").toordinal()
    except ValueError:
        return 0
