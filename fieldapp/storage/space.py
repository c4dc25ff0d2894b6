"""Where records lie: finds near a place, and outlines whose box holds a place or meets another box.

Finds have an index of cells of about 11 metres, which SQLite keeps up by itself. Every kind with an outline has an
R*Tree of boxes (``<kind>_space``); so has ``find``, for the few whose position two people told differently. They
follow from the current records, are dropped with them, and are kept up by ``ingest``. All readings of a dispute are
in them: a place that only one of two readings says must be found as well (design, section 3).

Boxes and distances here choose candidates; what lies inside what is for geodesy to say.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from fieldapp.domain.canonical import canonical
from fieldapp.domain.kinds import Field
from fieldapp.ids import RecordName
from fieldapp.storage.columns import into_column
from fieldapp.storage.database import Store
from fieldapp.storage.listing import Row
from fieldapp.storage.records import conflicts
from fieldapp.storage.schema import CELL, CELL_DEG, CELL_ROW, outline_field, space_of, spatial_kinds

_AT_ONCE = 400
_NEAREST = 200
"""So many finds near one place are enough to know that it is crowded; the nearest are given."""
_DEGREE_M = (110_570.0, 111_700.0)
"""Metres of a degree of latitude on WGS 84, least and most; of longitude the most at the equator is 111,320."""
_SQUARED_E = 0.00669437999014
_RADIUS_M = 6_378_137.0


Point = tuple[float, float]
"""Latitude and longitude."""


class Box(NamedTuple):
    """A box in WGS 84 degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Does the place lie in it or on its edge?"""
        return self.south <= lat <= self.north and self.west <= lon <= self.east

    def meets(self, other: Box) -> bool:
        """Do they share a point?"""
        return (
            self.south <= other.north and other.south <= self.north
            and self.west <= other.east and other.west <= self.east
        )


@dataclass(frozen=True, slots=True)
class Near:
    """A find near a place: where one of its readings puts it."""

    row: Row
    """Columns of the find as shown; see ``NEAR_COLUMNS``."""
    lat: float
    lon: float
    metres: float


@dataclass(frozen=True, slots=True)
class Outlined:
    """One reading of a record with an outline."""

    row: Row
    """The record as shown, every column."""
    outline: str
    """Parts, rings, vertices, as its column has them: canonical JSON."""
    group: Mapping[str, Any]
    """The other fields of the group the outline stands in, as columns hold them: release, depth and area are true of
    this reading."""
    disputed: bool
    """There is another reading, of the outline or of whether the record stands."""

    @property
    def box(self) -> Box | None:
        """The box of the outline; None for one that cannot be placed."""
        return box_of(self.outline)


NEAR_COLUMNS = (
    "n", "id", "owner", "local_id", "category", "model", "model_text", "quantity", "unit", "depth_cm", "found_on",
    "lot", "lat", "lon", "accuracy_m", "task", "retracted", "unsettled",
)  # fmt: skip
"""What ``finds_near`` gives of a find."""


class _Vertex(msgspec.Struct, gc=False):
    lat: str | float
    lon: str | float


_read_outline = msgspec.json.Decoder(list[list[list[_Vertex]]]).decode


@lru_cache(maxsize=4096)
def box_of(outline: str) -> Box | None:
    """The box of an outline as its column has it; None where it is no outline that can be placed."""
    try:
        parts = _read_outline(outline)
        lats = [float(vertex.lat) for part in parts for ring in part for vertex in ring]
        lons = [float(vertex.lon) for part in parts for ring in part for vertex in ring]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if not lats:
        return None
    box = Box(min(lats), min(lons), max(lats), max(lons))
    # a comparison with what is no number is false, but min() may hide it
    fine = all(-90 <= lat <= 90 for lat in lats) and all(-180 <= lon <= 180 for lon in lons)
    return box if fine else None


def keep_up(store: Store, first_new: Mapping[str, int], changed: Collection[RecordName]) -> None:
    """Bring the boxes up to date: of rows from a number on, by kind, and of the records ``changed``."""
    for kind, column in spatial_kinds(store.kinds).items():
        names = [name.split("/") for name in changed if name.startswith(f"{kind}/")]
        for start in range(0, len(names), _AT_ONCE):
            asked = json.dumps([[i, owner] for _, owner, i in names[start : start + _AT_ONCE]])
            _place(store, kind, column, "SELECT t.n, t.owner, t.id, t.unsettled, {outline} FROM json_each(?) j"
                   ' JOIN "{kind}" t ON t.id = j.value->>0 AND t.owner = j.value->>1', (asked,))
        if kind in first_new and column is not None:
            _place(store, kind, column, 'SELECT n, owner, id, unsettled, {outline} FROM "{kind}" t WHERE n >= ?',
                   (first_new[kind],))


def _place(store: Store, kind: str, column: Field | None, sql: str, parameters: tuple[Any, ...]) -> None:
    outline = f't."{column.name}"' if column else "NULL"
    rows = store.rows(sql.format(kind=kind, outline=outline), parameters)
    boxes: list[tuple[int, float, float, float, float]] = []
    for n, owner, i, unsettled, text in rows:
        every = [box_of(text)] if text is not None else []
        if unsettled:
            every += [_box_of_reading(one) for one in _readings(store, f"{kind}/{owner}/{i}")]
        found = [box for box in every if box is not None]
        if found:
            boxes.append((
                n, min(box.west for box in found), max(box.east for box in found),
                min(box.south for box in found), max(box.north for box in found),
            ))
    table = space_of(kind)
    if len(rows) > len(boxes):
        kept = {box[0] for box in boxes}
        store.executemany(f'DELETE FROM "{table}" WHERE n = ?', [(row[0],) for row in rows if row[0] not in kept])  # noqa: S608
    store.executemany(f'INSERT OR REPLACE INTO "{table}" VALUES (?,?,?,?,?)', boxes)  # noqa: S608 - declared names


def _readings(store: Store, record: RecordName) -> list[Any]:
    """What the sides of a dispute about where a record lies say: values of the group concerned."""
    return [reading for conflict in conflicts(store, record) if conflict.group != "exists"
            for reading in conflict.readings if isinstance(reading, dict)]


def _box_of_reading(reading: Mapping[str, Any]) -> Box | None:
    if "outline" in reading:
        return box_of(canonical(reading["outline"]).decode())
    place = _point(reading)
    return Box(place[0], place[1], place[0], place[1]) if place else None


def _point(reading: Mapping[str, Any]) -> Point | None:
    try:
        lat, lon = float(reading["lat"]), float(reading["lon"])
    except (KeyError, TypeError, ValueError):
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


def box_around(lat: float, lon: float, radius_m: float) -> Box:
    """A box that holds everything within so many metres of a place."""
    high = radius_m / _DEGREE_M[0]
    wide = high / max(math.cos(math.radians(min(abs(lat) + high, 89.9))), 1e-3)
    return Box(lat - high, lon - wide, lat + high, lon + wide)


def metres_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Metres between two places a few kilometres apart at most, by the radii of curvature between them (WGS 84)."""
    middle = math.radians((lat1 + lat2) / 2)
    bulge = 1 - _SQUARED_E * math.sin(middle) ** 2
    east = math.radians(lon2 - lon1) * _RADIUS_M / math.sqrt(bulge) * math.cos(middle)
    north = math.radians(lat2 - lat1) * _RADIUS_M * (1 - _SQUARED_E) / bulge**1.5
    return math.hypot(east, north)


def finds_near(store: Store, lat: float, lon: float, radius_m: float) -> list[Near]:
    """Present finds that some reading puts within so many metres of a place, the nearest first, at most 200.

    A find whose being there is disputed is present.
    """
    found = [
        (metres_between(lat, lon, *place), n, place)
        for n, place in _find_places(store, box_around(lat, lon, radius_m))
    ]
    nearest: dict[int, tuple[float, Point]] = {}
    for metres, n, place in sorted(found):
        if metres <= radius_m and len(nearest) < _NEAREST:
            nearest.setdefault(n, (metres, place))
    rows = _finds(store, list(nearest))
    return [Near(rows[n], *place, metres) for n, (metres, place) in nearest.items() if n in rows]


def finds_within(store: Store, box: Box) -> list[Near]:
    """Present finds that some reading puts into a box, in the order they came, one entry for each such place."""
    found = sorted(_find_places(store, box))
    rows = _finds(store, list({n for n, _ in found}))
    return [Near(rows[n], *place, 0.0) for n, place in found if n in rows]


def finds_after(store: Store, n: int, limit: int) -> tuple[list[Row], int]:
    """The next present finds behind the row of this number, and the number they reach to (the same: there are none)."""
    last = store.rows("SELECT max(n) FROM (SELECT n FROM find WHERE n > ? ORDER BY n LIMIT ?)", (n, limit))[0][0]
    if last is None:
        return [], n
    numbers = [one for (one,) in store.rows("SELECT n FROM find WHERE n > ? AND n <= ?", (n, last))]
    return list(_finds(store, numbers).values()), int(last)


def finds_of(store: Store, numbers: Collection[int]) -> dict[int, Row]:
    """Present finds by the number of their row."""
    return _finds(store, list(numbers))


def numbers_of(store: Store, kind: str, names: Collection[RecordName]) -> list[int]:
    """The numbers of the rows of these records of ``kind``, in order; those that are not here are left out."""
    asked = json.dumps([name.split("/")[1:] for name in names if name.startswith(f"{kind}/")])
    rows = store.rows(
        f'SELECT t.n FROM json_each(?) j JOIN "{store.layout(kind).table}" t'  # noqa: S608 - declared names
        " ON t.id = j.value->>1 AND t.owner = j.value->>0 ORDER BY t.n",
        (asked,),
    )
    return [int(n) for (n,) in rows]


def places_told(store: Store, row: Row) -> list[Point]:
    """Every place that a reading of a find puts it at."""
    told = [_point(one) for one in _readings(store, row.name)] if row["unsettled"] else []
    return [one for one in told if one is not None] or [place for place in [_point(row)] if place is not None]


def earlier_neighbours(store: Store, first: int, last: int, radius_m: float) -> dict[int, list[int]]:
    """For each find of these rows the earlier ones of its category that may lie so near (20 at most), as shown.

    One statement for all: a search for each of them would cost ten times as much.
    """
    high = radius_m / _DEGREE_M[0]
    cells = max(1, math.ceil(high * CELL_DEG * 4))  # wide enough up to 75 degrees of latitude
    rows = store.rows(
        "SELECT a.n, (SELECT json_group_array(near) FROM (SELECT b.n AS near FROM json_each(?) d CROSS JOIN find b"  # noqa: S608
        f" WHERE {CELL} BETWEEN {_CELL_OF_A} + d.value * {CELL_ROW} - ? AND {_CELL_OF_A} + d.value * {CELL_ROW} + ?"
        " AND abs(b.lat - a.lat) <= ? AND abs(b.lon - a.lon) <= ? AND b.n < a.n AND b.category IS a.category"
        " LIMIT 20)) FROM find a WHERE a.n BETWEEN ? AND ? AND a.lat IS NOT NULL AND a.lon IS NOT NULL",
        (json.dumps([-1, 0, 1]), cells, cells, high, high * 4, first, last),
    )
    return {n: json.loads(near) for n, near in rows if near != "[]"}


_CELL_OF_A = CELL.replace('"lat"', 'a."lat"').replace('"lon"', 'a."lon"')


def unplaced(store: Store, kind: str) -> list[tuple[RecordName, str | None, bool]]:
    """Present records of ``kind`` in no box: name, number, and whether they have an outline all the same."""
    column = outline_field(store.kinds[kind])
    if column is None:
        raise ValueError(f"no outlines: {kind}")
    rows = store.rows(
        f'SELECT owner, id, local_id, "{column.name}" IS NOT NULL FROM "{kind}" WHERE retracted = 0'  # noqa: S608
        f' AND n NOT IN (SELECT n FROM "{space_of(kind)}") ORDER BY n'
    )
    return [(f"{kind}/{owner}/{i}", number, bool(has)) for owner, i, number, has in rows]


def names_of_finds(store: Store, box: Box) -> set[RecordName]:
    """Names of all finds that some reading puts into a box, retracted ones too."""
    numbers = json.dumps([n for n, _ in _find_places(store, box)])
    rows = store.rows("SELECT owner, id FROM find WHERE n IN (SELECT value FROM json_each(?))", (numbers,))
    return {f"find/{owner}/{i}" for owner, i in rows}


def names_meeting(store: Store, kind: str, box: Box) -> set[RecordName]:
    """Names of all records of ``kind``, retracted ones too, whose box of all readings meets a box."""
    rows = store.rows(
        f'SELECT t.owner, t.id FROM "{space_of(kind)}" s JOIN "{kind}" t ON t.n = s.n'  # noqa: S608 - declared names
        " WHERE s.west <= ? AND s.east >= ? AND s.south <= ? AND s.north >= ?",
        (box.east, box.west, box.north, box.south),
    )
    return {f"{kind}/{owner}/{i}" for owner, i in rows}


def _find_places(store: Store, box: Box) -> list[tuple[int, Point]]:
    """Where finds lie in a box, by some reading, with the number of their row."""
    rows = range(int(box.south * CELL_DEG), int(box.north * CELL_DEG) + 1)
    west, east = int(box.west * CELL_DEG), int(box.east * CELL_DEG)
    spans = json.dumps([[row * CELL_ROW + west, row * CELL_ROW + east] for row in rows])
    found: list[tuple[int, Point]] = [
        (n, (lat, lon))
        for n, lat, lon in store.rows(
            f"SELECT f.n, f.lat, f.lon FROM json_each(?) s CROSS JOIN find f"  # noqa: S608 - our own words
            f" WHERE {CELL} BETWEEN s.value->>0 AND s.value->>1"
            " AND f.lat BETWEEN ? AND ? AND f.lon BETWEEN ? AND ?",
            (spans, box.south, box.north, box.west, box.east),
        )
    ]
    disputed = store.rows(
        "SELECT f.n, f.owner, f.id FROM find_space s JOIN find f ON f.n = s.n"
        " WHERE s.west <= ? AND s.east >= ? AND s.south <= ? AND s.north >= ?",
        (box.east, box.west, box.north, box.south),
    )
    for n, owner, i in disputed:
        places = (_point(reading) for reading in _readings(store, f"find/{owner}/{i}"))
        found += [(n, place) for place in places if place and box.holds(*place)]
    return list(dict.fromkeys(found))


def _finds(store: Store, numbers: list[int]) -> dict[int, Row]:
    columns = [name for name in NEAR_COLUMNS if name == "n" or name in store.layout("find").columns]
    shown = ", ".join(f'"{name}"' for name in columns)
    index = {name: at for at, name in enumerate(columns)}
    rows = (
        Row("find", index, row)
        for row in store.rows(
            f"SELECT {shown} FROM find WHERE n IN (SELECT value FROM json_each(?)) ORDER BY n",  # noqa: S608
            (json.dumps(numbers),),
        )
    )
    return {row["n"]: row for row in rows if not row["retracted"] or may_stand(store, row)}


def may_stand(store: Store, row: Row) -> bool:
    """Is it disputed whether this record, which is shown as retracted, stands?"""
    return bool(row["unsettled"]) and any(one.group == "exists" for one in conflicts(store, row.name))


def outlines_at(store: Store, kind: str, lat: float, lon: float) -> list[Outlined]:
    """Readings of present records of ``kind`` whose outline's box holds a place, in the order they came.

    A record whose being there is disputed is present.
    """
    return outlines_meeting(store, kind, Box(lat, lon, lat, lon))


def outlines_meeting(store: Store, kind: str, box: Box) -> list[Outlined]:
    """Readings of present records of ``kind`` whose outline's box meets ``box``, in the order they came."""
    rows = store.rows(
        f'SELECT t.n, {_columns(store, kind)} FROM "{space_of(kind)}" s JOIN "{kind}" t ON t.n = s.n'  # noqa: S608
        " WHERE s.west <= ? AND s.east >= ? AND s.south <= ? AND s.north >= ? ORDER BY t.n",
        (box.east, box.west, box.north, box.south),
    )
    return [one for one in _outlined(store, kind, rows) if (its := one.box) is not None and its.meets(box)]


def has_outlines(store: Store, kind: str) -> bool:
    """Is there a record of ``kind`` with an outline that is not retracted?"""
    found = store.row(
        f'SELECT 1 FROM "{space_of(kind)}" s JOIN "{kind}" t ON t.n = s.n WHERE t.retracted = 0 LIMIT 1'  # noqa: S608
    )
    return found is not None


def every_outline(store: Store, kind: str) -> Iterator[Outlined]:
    """Every reading of every present record of ``kind`` that has an outline, in the order they came.

    Also what stands there and cannot be read as one.
    """
    last = 0
    while rows := store.rows(
        f'SELECT n, {_columns(store, kind)} FROM "{kind}" t WHERE n > ? ORDER BY n LIMIT 1000', (last,)  # noqa: S608
    ):
        last = rows[-1][0]
        yield from _outlined(store, kind, rows)


def _columns(store: Store, kind: str) -> str:
    if kind not in store.kinds or outline_field(store.kinds[kind]) is None:
        raise ValueError(f"no outlines: {kind}")
    return ", ".join(f't."{name}"' for name in store.layout(kind).columns)


def _outlined(store: Store, kind: str, rows: list[tuple[Any, ...]]) -> Iterator[Outlined]:
    declared = store.kinds[kind]
    if (column := outline_field(declared)) is None:
        return
    members = [one for one in declared.group_of[column.name].fields if one is not column]
    index = {name: at for at, name in enumerate(("n", *store.layout(kind).columns))}
    places = [(one.name, index[one.name]) for one in members]
    for values in rows:
        row = Row(kind, index, values)
        if row["retracted"] and not may_stand(store, row):
            continue
        open_readings = _readings(store, row.name) if row["unsettled"] else []
        outlines = [one for one in open_readings if "outline" in one]
        disputed = bool(outlines) or bool(row["retracted"])
        text = row[column.name]
        if not outlines and text is not None:
            yield Outlined(row, text, {name: values[at] for name, at in places}, disputed)
        for reading in outlines:
            group = {one.name: into_column(one, reading.get(one.key)) for one in members}
            yield Outlined(row, canonical(reading["outline"]).decode(), group, disputed=True)
