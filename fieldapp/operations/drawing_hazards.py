"""What counts as a hazard for somebody who draws where people may work, and how near it is.

- A hazardous area of any classification (SHA, CHA, captured record, indication, former contact line, spot task,
  store), by every reading, until headquarters' word closed or released it: the same that the map fills. Of a captured
  record the ground where it is known, less its stated accuracy; where an area has no outline, its line or points.
- A find of which anything is not destroyed or removed, or is not known to be: those the map fills. Remnants without
  explosive are none.
- An accident: somebody was hurt there by something nobody had found, so where no area is recorded it is the direct
  evidence of one (domain.md, section 3.1). It stays one after clearance; it is named as what it is.

Distances are to what is recorded: where nothing is recorded near, nothing is known, and nothing is safe.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fieldapp.domain.counting import rollup
from fieldapp.domain.records.hazardous_area import CAPTURED
from fieldapp.geodesy.area import distance_m
from fieldapp.geodesy.inside import any_ground
from fieldapp.geodesy.nearness import metres_per_degree
from fieldapp.ids import RecordName
from fieldapp.operations import lookup, map_grounds
from fieldapp.operations.checks_measures import number, number_of
from fieldapp.operations.map_data import FindColumns
from fieldapp.operations.map_grounds import Ground, Line
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import space
from fieldapp.storage.listing import Row
from fieldapp.storage.space import Box
from fieldapp.texts import N_, Texts

AREA, RECORD, FIND, ACCIDENT = "area", "captured_record", "find", "accident"
"""Sorts of hazards."""
_WORDS = {
    AREA: N_("Hazardous area {name}"), RECORD: N_("Captured record {name}"),
    FIND: N_("Find {name}, not removed"), ACCIDENT: N_("Accident {name}"),
}  # fmt: skip
_HARMLESS = "not_counted"
"""Line of remnants without explosive."""
_NEAREST_AREAS = 3

Shape = Any
"""A shapely geometry in (lon, lat) degrees."""


@dataclass(frozen=True, slots=True)
class Hazard:
    """One hazard near an outline. ``sort`` is one of the sorts above."""

    record: RecordName
    sort: str
    name: str
    """What people call it."""
    metres: float
    """From the nearest point of the outline; 0: they touch, or one lies in the other."""
    accuracy_m: float
    """How well it is known where it is; 0 where nobody said."""
    lat: float
    lon: float
    """The point of it that is nearest."""

    def words(self, texts: Texts) -> str:
        """What it is."""
        return texts(_WORDS[self.sort], name=self.name)

    def distance(self, texts: Texts) -> str:
        """How far it is."""
        if self.metres == 0:
            return texts(N_("touched by the outline"))
        metres = texts.number(self.metres, 0 if self.metres >= 100 else 1)
        if self.accuracy_m > 0:
            return texts(N_("{metres} m away, known to ±{accuracy} m"), metres=metres,
                         accuracy=texts.number(self.accuracy_m, 0 if self.accuracy_m >= 10 else 1))  # fmt: skip
        return texts(N_("{metres} m away"), metres=metres)


@dataclass(frozen=True, slots=True)
class Source:
    """A hazard and where it is."""

    record: RecordName
    sort: str
    name: str
    accuracy_m: float
    where: Shape


def read(ws: Workspace, box: Box, finds: Sequence[FindColumns], exclude: Collection[RecordName]) -> list[Source]:
    """The hazards that reach into a box, ``exclude`` and what was published of them left out."""
    areas = [one for one in _areas(ws, box) if one.record not in exclude]
    return [*areas, *_finds(ws, box, finds), *_accidents(ws, box)]


def unplaced(ws: Workspace, exclude: Collection[RecordName] = ()) -> int:
    """How many hazardous areas are recorded of which nobody knows where they are."""
    known: dict[RecordName, bool] = {}
    for one in map_grounds.hazards(ws):
        known[one.record] = known.get(one.record, False) or bool(one.lines or one.points)
    return sum(not placed for name, placed in known.items() if name not in exclude)


def _areas(ws: Workspace, box: Box) -> Iterator[Source]:
    drawn: dict[RecordName, list[Ground]] = {}
    for drawing in map_grounds.hazards(ws):
        drawn.setdefault(drawing.record, []).append(drawing)
    outlined: set[RecordName] = set()
    for one in space.outlines_meeting(ws.store, "hazardous_area", box):
        if one.row.name in drawn:
            ground, its = any_ground(json.loads(one.outline)), one.box
            if ground is None and its is not None:  # nobody knows its ground: its box says that it is not elsewhere
                ground = _box(its)
            outlined.add(one.row.name)
            yield _area(one.row, ground, one.group.get("outline_accuracy_m"))
    others: dict[RecordName, Shape] = {}
    for name, many in drawn.items():  # a reading without an outline stands beside one that has it
        where = _drawn([its for its in many if name not in outlined or not any(line.closed for line in its.lines)], box)
        if where is not None:
            others[name] = where
    for name, row in lookup.rows_of(ws, list(others)).items():
        yield _area(row, others[name], row["outline_accuracy_m"])


def _area(row: Row, where: Shape, accuracy: object) -> Source:
    sort = RECORD if row["classification"] == CAPTURED else AREA
    return Source(row.name, sort, number_of(row), max(number(accuracy) or 0.0, 0.0), where)


def _drawn(many: Iterable[Ground], box: Box) -> Shape | None:
    """What is drawn of a record without an outline: lines, or points where it has none; None where it is elsewhere."""
    import shapely

    made = []
    for one in many:
        lines = [_line(line) for line in one.lines]
        made += lines or [shapely.Point(lon, lat) for lat, lon in one.points]
    found = [one for one in made if shapely.intersects(one.envelope, _box(box))]
    return shapely.union_all(found) if found else None


def _line(line: Line) -> Shape:
    import shapely

    points = list(zip(line.lons, line.lats, strict=True))
    return shapely.LineString([*points, points[0]] if line.closed else points)


def _box(box: Box) -> Shape:
    import shapely

    return shapely.box(box.west, box.south, box.east, box.north)


def _finds(ws: Workspace, box: Box, finds: Sequence[FindColumns]) -> Iterator[Source]:
    import shapely

    for columns in finds:
        harmless = [at for at, code in enumerate(columns.categories) if rollup(code, ws.lists) == _HARMLESS]
        there = open_in(columns, box) & ~np.isin(columns.category, harmless)
        numbers, lats, lons = (column[there].tolist() for column in (columns.n, columns.lat, columns.lon))
        rows = space.finds_of(ws.store, sorted(set(numbers)))
        for n, lat, lon in zip(numbers, lats, lons, strict=True):
            row = rows.get(n)
            if row is not None:  # else it was retracted since the columns were read
                accuracy = max(number(row["accuracy_m"]) or 0.0, 0.0)
                yield Source(row.name, FIND, number_of(row), accuracy, shapely.Point(lon, lat))


def open_in(columns: FindColumns, box: Box) -> Any:
    """Which points of finds lie in a box and are not known to be destroyed or removed, as an array of truths."""
    inside = (columns.lat >= box.south) & (columns.lat <= box.north)
    return inside & (columns.lon >= box.west) & (columns.lon <= box.east) & ~columns.gone


def _accidents(ws: Workspace, box: Box) -> Iterator[Source]:
    import shapely

    for one in map_grounds.of_kind(ws, "accident"):
        for lat, lon in one.points:
            if box.holds(lat, lon):
                yield Source(one.record, ACCIDENT, one.label or one.record.rsplit("/", 1)[-1][:8], 0.0,
                             shapely.Point(lon, lat))  # fmt: skip


class Nearness:
    """Hazards around a place, asked which are nearest to a piece of ground, a line or a point."""

    def __init__(self, sources: Sequence[Source], lat: float, lon: float) -> None:
        """``lat``, ``lon``: the middle of where they are. Within some kilometres of it distances are good to some per
        mille, and what is told of the nearest is geodesic.
        """
        self._around = np.array([lon, lat])
        self._metres = np.array(metres_per_degree(min(max(lat, -89.0), 89.0))[::-1])
        self._sources: dict[str, list[Source]] = {"area": [], FIND: [], ACCIDENT: []}
        for one in sources:
            self._sources["area" if one.sort == RECORD else one.sort].append(one)
        self._flat = {
            sort: [self._flattened(one.where) for one in many] if sort == AREA
            else list(self._flattened(np.array([one.where for one in many], object)))
            for sort, many in self._sources.items()
        }

    def _flattened(self, made: Any) -> Any:
        import shapely

        return shapely.transform(made, lambda xy: (xy - self._around) * self._metres)

    def nearest(self, drawn: Shape, within_m: float) -> list[Hazard]:
        """Those within so many metres that matter, the nearest of all first: up to three areas, a find and an accident
        that are nearest, and of each sort the nearest that is not touched: plots mostly lie in an area.
        """
        flat = self._flattened(drawn)
        found = [self._hazard(one, its, flat) for one, its in self._near(flat, within_m)]
        return sorted(found, key=lambda one: (max(one.metres - one.accuracy_m, 0.0), one.metres, one.record))

    def _near(self, flat: Shape, within_m: float) -> Iterator[tuple[Source, Shape]]:
        import shapely

        areas = self._sources[AREA]
        if areas:
            far = shapely.distance(np.array(self._flat[AREA], object), flat)
            reach = np.maximum(far - [one.accuracy_m for one in areas], 0.0)
            nearest: dict[RecordName, int] = {}
            for at in sorted(np.flatnonzero(reach <= within_m).tolist(), key=lambda at: (reach[at], far[at], at)):
                nearest.setdefault(areas[at].record, at)
            places = list(nearest.values())
            beyond = next((at for at in places if far[at] > 0), None)
            for at in places:
                if at in places[:_NEAREST_AREAS] or at == beyond:
                    yield areas[at], self._flat[AREA][at]
        for sort in (FIND, ACCIDENT):
            yield from self._nearest_points(sort, flat, within_m)

    def _nearest_points(self, sort: str, flat: Shape, within_m: float) -> Iterator[tuple[Source, Shape]]:
        import shapely

        points = np.array(self._flat[sort], object)
        if not len(points):
            return
        shapely.prepare(flat)
        touched = shapely.intersects(flat, points)
        for places in (np.flatnonzero(touched), np.flatnonzero(~touched)):
            tree = shapely.STRtree(points[places])
            found = tree.query_nearest(flat, max_distance=max(within_m, 1e-9)) if len(tree) else []
            several = [(self._sources[sort][at].record, int(at)) for at in places[found].tolist()]
            if several:
                at = min(several)[1]
                yield self._sources[sort][at], self._flat[sort][at]

    def _hazard(self, one: Source, its: Shape, flat: Shape) -> Hazard:
        import shapely

        line = shapely.shortest_line(flat, its)
        (lon1, lat1), (lon2, lat2) = np.array(line.coords) / self._metres + self._around
        metres = 0.0 if line.length == 0 else distance_m(lat1, lon1, lat2, lon2)
        return Hazard(one.record, one.sort, one.name, metres, one.accuracy_m, float(lat2), float(lon2))
