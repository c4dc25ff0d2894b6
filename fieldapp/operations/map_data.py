"""Every find as a point of the map, in columns: a million of them at once (``storage.map_chunks`` keeps them packed).

All readings of a disputed position are points. What a find is follows from the lists in force when it is read: a
category that is in none of them ranks and is drawn as UXO, so nothing unknown is taken for harmless.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fieldapp.domain.counting import rollup
from fieldapp.domain.lists_in_force import Lists
from fieldapp.domain.records.find import CATEGORY_SCALE
from fieldapp.domain.symbols import SHAPES, shape_of
from fieldapp.ids import RecordName
from fieldapp.operations.owing import OUTCOME_CODES
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import map_chunks, space
from fieldapp.storage.map_chunks import Mark

__all__ = [
    "Categories", "FindColumns", "Mark", "News", "find_at", "find_points", "finds_at", "gone_among", "newer", "prepare",
]  # fmt: skip

_AT_ONCE = 8
"""Chunks that are made at a time: other work waits no longer than these take, some tenths of a second."""
_UNKNOWN_RANK = CATEGORY_SCALE.index("uxo")
_LAYOUT = np.dtype({
    "names": ["n", "lat", "lon", "what", "day", "owner", "task", "flags"],
    "formats": ["<u2", "<i4", "<i4", "<u4", "<i4", "<u4", "<u4", "u1"],
    "offsets": [0, 2, 6, 10, 14, 18, 22, 26], "itemsize": map_chunks.POINT.size,
})  # fmt: skip

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class FindColumns:
    """Points as columns of equal length, one for each place that a reading of a present find says."""

    n: Ints
    """Number of the find; see ``find_at``."""
    lat: Floats
    """Degrees, WGS 84."""
    lon: Floats
    category: NDArray[np.uint16]
    """Place in ``categories``."""
    shape: Bytes
    """Place in ``domain.symbols.SHAPES``."""
    rank: Bytes
    """Greater for more dangerous: the place on the danger scale of finds."""
    gone: Marks
    """Everything of it is destroyed or removed, and nothing about that is open."""
    day: Ints
    """Found on, as a proleptic ordinal (``date.toordinal``); 0: nobody knows."""
    owner: Ints
    """Place in ``words`` of the team's code."""
    task: Ints
    """Place in ``words`` of the task's name; 0: none."""
    unsettled: Marks
    """Something about it is disputed or waits for an event."""
    categories: tuple[str, ...]
    """Codes; the empty one stands for finds whose category nobody knows."""
    words: tuple[str, ...]
    mark: Mark
    """How far this was read; see ``newer``."""

    def __len__(self) -> int:
        return len(self.n)

    def taken(self, which: Marks | NDArray[np.intp]) -> FindColumns:
        """Some of them."""
        columns = {name: getattr(self, name)[which] for name in _COLUMNS}
        return replace(self, **columns)

    def owners(self) -> list[str]:
        """Codes of the teams that the points are of, in order."""
        return sorted(self.words[place] for place in np.unique(self.owner).tolist())

    def tasks(self) -> list[RecordName]:
        """Names of the tasks that the points are of, in order."""
        return sorted(self.words[place] for place in np.unique(self.task).tolist() if place)

    def of_words(self, column: Ints, wanted: Sequence[str]) -> Marks:
        """Which points have one of these words in ``owner`` or ``task``."""
        places = [place for place, word in enumerate(self.words) if word in set(wanted)]
        found: Marks = np.isin(column, places)
        return found


_COLUMNS = ("n", "lat", "lon", "category", "shape", "rank", "gone", "day", "owner", "task", "unsettled")


@dataclass(frozen=True)
class News:
    """What came since. ``all_changed``: finds that were there before changed, so ``find_points`` must be read anew."""

    points: FindColumns
    all_changed: bool


@dataclass(frozen=True)
class Categories:
    """What categories mean on a map, by the lists in force."""

    lists: Lists

    def shape(self, category: str) -> int:
        """Its place in ``SHAPES``; that of UXO for one that no list knows."""
        line = rollup(category, self.lists)
        return _PLACES[shape_of(None if line == "unknown" else line)]

    def rank(self, category: str) -> int:
        """Its place on the danger scale.

        One that headquarters added ranks as the worst of the line it counts on; one that no list knows as UXO.
        """
        if category in CATEGORY_SCALE:
            return CATEGORY_SCALE.index(category)
        line = rollup(category, self.lists)
        alike = [at for at, code in enumerate(CATEGORY_SCALE) if rollup(code, self.lists) == line]
        return max(alike, default=_UNKNOWN_RANK) if line != "unknown" else _UNKNOWN_RANK


_PLACES = {shape: place for place, (shape, _) in enumerate(SHAPES)}


def prepare(ws: Workspace) -> int:
    """Bring a part of the packed finds up to date and say how many parts are left; call it until it says 0.

    The first time a million finds take some twenty seconds; so others get their turn in between.
    """
    return map_chunks.bring_up_to_date(ws.store, OUTCOME_CODES, _AT_ONCE)


def find_points(ws: Workspace) -> FindColumns:
    """All of them, as the records are now."""
    map_chunks.bring_up_to_date(ws.store, OUTCOME_CODES)
    news = map_chunks.news(ws.store, Mark())
    return _columns(ws, news, 0)


def newer(ws: Workspace, since: Mark) -> News:
    """The points of finds that came after ``since`` (the ``mark`` of what was read), and whether others changed."""
    map_chunks.bring_up_to_date(ws.store, OUTCOME_CODES)
    news = map_chunks.news(ws.store, since)
    return News(_columns(ws, news, since.last), news.earlier)


def find_at(ws: Workspace, n: int) -> RecordName | None:
    """The name of the present find of this number."""
    return finds_at(ws, [n]).get(n)


def finds_at(ws: Workspace, numbers: Sequence[int]) -> dict[int, RecordName]:
    """Names of present finds by number; those that went are left out."""
    return {n: row.name for n, row in space.finds_of(ws.store, numbers).items()}


def gone_among(ws: Workspace, names: Collection[RecordName]) -> set[RecordName]:
    """Those of these finds of which everything is destroyed or removed, as the map draws them."""
    return map_chunks.gone_among(ws.store, OUTCOME_CODES, names)


def _columns(ws: Workspace, news: map_chunks.News, after: int) -> FindColumns:
    counts = [len(chunk.data) // map_chunks.POINT.size for chunk in news.chunks]
    first = np.array([chunk.number * map_chunks.ROWS for chunk in news.chunks], np.int32)
    n = np.repeat(first, counts)
    packed = np.empty(len(n), _LAYOUT)
    for end, count in reversed(list(zip(np.cumsum(counts, dtype=np.int64).tolist(), counts, strict=True))):
        packed[end - count : end] = np.frombuffer(news.chunks.pop().data, _LAYOUT)  # let go of it as it is taken
    n += packed["n"]
    if after:
        packed, n = packed[n > after], n[n > after]
    words = map_chunks.words(ws.store)
    table = tuple(words.get(place, "") for place in range(max(words, default=0) + 1))
    categories, of_word = _categories(ws.lists, table, set(np.unique(packed["what"]).tolist()))
    meaning = Categories(ws.lists)
    category = of_word[packed["what"]]
    return FindColumns(
        n, packed["lat"] / map_chunks.DEGREE, packed["lon"] / map_chunks.DEGREE, category,
        np.array([meaning.shape(code) for code in categories], np.uint8)[category],
        np.array([meaning.rank(code) for code in categories], np.uint8)[category],
        (packed["flags"] & map_chunks.GONE) > 0, packed["day"].copy(), packed["owner"].astype(np.int32),
        packed["task"].astype(np.int32), (packed["flags"] & map_chunks.UNSETTLED) > 0, categories, table, news.mark,
    )  # fmt: skip


def _categories(lists: Lists, words: Sequence[str], used: set[int]) -> tuple[tuple[str, ...], NDArray[np.uint16]]:
    """Codes, the one nobody knows first, and the place among them of every word that says what a find is."""
    codes: dict[str, int] = {"": 0}
    of_word = np.zeros(len(words), np.uint16)
    for place in used:
        category = lists.category(*map_chunks.what_of(words[place])) or ""
        of_word[place] = codes.setdefault(category, len(codes))
    return tuple(codes), of_word
