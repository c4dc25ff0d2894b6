"""Live figures of an outline that is being drawn: area, overlaps, what it lies in, the nearest hazard, what is wrong.

The rules are those of the forms' checks (``checks_measures``, ``geodesy.soundness``): the form that the outline goes to
says the same. ``Surroundings`` are read once for the ground around the outline and then asked at every vertex; both off
the window's thread. Nothing is cropped or moved. What cannot be said is None, never nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from fieldapp.domain.checks import TOUCH_M2, Finding, in_order
from fieldapp.domain.lists_in_force import Lists
from fieldapp.domain.records.task import ENDED
from fieldapp.geodesy import soundness
from fieldapp.geodesy.area import OutlineHasNoArea, outline_area_m2, path_m
from fieldapp.geodesy.districts import WorkArea
from fieldapp.geodesy.inside import any_ground
from fieldapp.geodesy.nearness import metres_per_degree
from fieldapp.geodesy.soundness import Ground, Parts
from fieldapp.ids import RecordName
from fieldapp.operations import drawing_hazards, lookup, map_data, map_grounds
from fieldapp.operations.checks_measures import (
    claims_release,
    ground_of,
    number_of,
    of_points,
    parts_of,
    shared_with,
    work_area,
)
from fieldapp.operations.drawing_hazards import Hazard, Nearness
from fieldapp.operations.map_data import FindColumns, Mark
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import space
from fieldapp.storage.generations import Generation, generation
from fieldapp.storage.space import Box, Outlined

LOOK_M = 2_000.0
"""Hazards are looked for so far around an outline."""
_ENOUGH_M = 1_000.0
"""An outline that has grown until less is known around it is read for again."""
_NORTHERNMOST_DEG, _WIDEST_DEG = 85.0, 0.5
"""Beyond the one an outline is measured and not compared with others; so is one that is wider or higher than the other,
50 km, as those across 180 degrees are: whoever drew it slipped, and to look at all ground in it would hold up others.
"""
_MOST_PROBLEMS = 20
"""Of a hundred thousand short legs twenty are enough."""
_HANGS_ON = ("plot", "task", "hazardous_area", "accident", "find", "disposal", "decision")

LatLon = tuple[float, float]
Drawn = Sequence[Sequence[Sequence[LatLon]]]
"""Parts, rings (the shell first, then holes), latitude and longitude in WGS 84 degrees; no vertex repeated at the end.
Rings may still be short of points."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """A recorded plot that releases ground which the outline covers as well."""

    record: RecordName
    name: str
    m2: float


@dataclass(frozen=True, slots=True)
class Inside:
    """A recorded hazardous area or task that the outline lies in, or partly."""

    record: RecordName
    kind: str
    name: str
    m2: float
    """Of the outline that lies in it; 0 while it encloses nothing."""
    whole: bool
    ended: bool
    """Closed or released by headquarters' word, or a task that is over."""


@dataclass(frozen=True)
class Figures:
    """What can be said of an outline as it stands. None: that cannot be said (yet), as ``problems`` tell."""

    points: int = 0
    length_m: float = 0.0
    """Of the lines drawn so far, rings of three points and more closed."""
    area_m2: Decimal | None = None
    """Geodesic, as the record would have it; None while the outline encloses nothing that can be measured."""
    overlaps: tuple[Overlap, ...] | None = None
    """The largest first."""
    net_m2: float | None = None
    """The area without what other plots cover."""
    same_as: tuple[Overlap, ...] = ()
    """Plots with the very same outline."""
    inside: tuple[Inside, ...] | None = None
    finds: int | None = None
    """Finds that lie in it or on its edge, by any reading of theirs."""
    open_finds: int | None = None
    """Those of them of which not everything is known to be destroyed or removed."""
    hazards: tuple[Hazard, ...] | None = None
    """The nearest hazards of each sort, touched and not, the nearest of all first; none: there is none within
    ``looked_m``."""
    looked_m: float = 0.0
    unplaced_hazards: int = 0
    """Recorded hazardous areas of which nobody knows where they are."""
    problems: tuple[Finding, ...] = ()
    """What is wrong with the points, the more serious first, at most twenty of them."""
    problem_count: int = 0
    compared: bool = True
    """False for an outline of more than half a degree, across 180 degrees, or at a pole: it is only measured."""

    @property
    def nearest_hazard(self) -> Hazard | None:
        """The nearest of all."""
        return self.hazards[0] if self.hazards else None

    @property
    def nearest_untouched(self) -> Hazard | None:
        """The nearest that the outline does not touch: a plot mostly lies in a hazardous area."""
        return next((one for one in self.hazards or () if one.metres > 0), None)


@dataclass(frozen=True)
class _Known:
    """One reading of recorded ground near the outline."""

    outlined: Outlined
    ground: Ground | None
    ended: bool = False


@dataclass
class Surroundings:
    """What lies around an outline; made by ``read``. It reads nothing later, so any thread may ask it."""

    box: Box
    name: RecordName | None
    version: tuple[Generation, Sequence[Mark]]
    area: WorkArea
    lists: Lists
    claimed: bool
    """Does the outline release ground, as far as anybody said?"""
    plots: list[_Known]
    grounds: list[_Known]
    hazards: Nearness
    unplaced: int
    finds: Any
    """Points of finds (shapely's), with their numbers, and whether they are open."""
    numbers: Any
    open: Any

    def looked_m(self, drawn: Drawn) -> float:
        """Everything within so many metres of the outline is known here; negative where it reaches out of the box."""
        return self._looked_m(_parts(drawn))

    def _looked_m(self, parts: Parts) -> float:
        south, west, north, east = soundness.box_of(parts)
        per_lat, per_lon = metres_per_degree(max(abs(south), abs(north)))
        box = self.box
        return min((south - box.south) * per_lat, (box.north - north) * per_lat, (west - box.west) * per_lon,
                   (box.east - east) * per_lon)  # fmt: skip

    def stand(
        self, ws: Workspace, drawn: Drawn, name: RecordName | None, finds: Sequence[FindColumns] = ()
    ) -> bool:
        """May they be asked about this outline: is enough known around it, and nothing newer?"""
        known = self.name == name and self.version == _version(ws, finds)
        return known and self.looked_m(drawn) >= _ENOUGH_M

    def figures(self, drawn: Drawn) -> Figures:
        """What can be said of the outline as it stands. Raises ValueError for positions that are none."""
        parts = _parts(drawn)
        if not parts or not _comparable(parts):
            return _measured(parts, self.area)[0]
        measured, ground = _measured(parts, self.area)
        overlaps, net_m2, same = self._overlaps(parts, ground)
        shape = ground if ground is not None else _shape(parts)
        looked_m = max(min(self._looked_m(parts), LOOK_M), 0.0)
        finds, open_finds = self._finds(ground)
        return replace(
            measured, overlaps=overlaps, net_m2=net_m2, same_as=same, inside=self._inside(shape, ground), finds=finds,
            open_finds=open_finds, hazards=tuple(self.hazards.nearest(shape, looked_m)), looked_m=looked_m,
            unplaced_hazards=self.unplaced,
        )  # fmt: skip

    def _overlaps(
        self, parts: Parts, ground: Ground | None
    ) -> tuple[tuple[Overlap, ...] | None, float | None, tuple[Overlap, ...]]:
        if ground is None:
            return None, None, ()
        box = Box(*soundness.box_of(parts))
        near = [one.outlined for one in self.plots if (its := one.outlined.box) is not None and its.meets(box)]
        shared = shared_with(near, parts, ground, self.lists, self.name, claimed=self.claimed)
        found = [Overlap(row.name, number_of(row), m2) for row, m2 in shared.overlaps]
        net_m2 = soundness.m2_of(soundness.without(ground, shared.covered))
        m2 = soundness.m2_of(ground)
        same = tuple(Overlap(row.name, number_of(row), m2) for row in shared.same)
        return tuple(sorted(found, key=lambda one: (-one.m2, one.record))), net_m2, same

    def _inside(self, shape: Any, ground: Ground | None) -> tuple[Inside, ...]:
        import shapely

        found: dict[RecordName, Inside] = {}
        for one in self.grounds:
            row = one.outlined.row
            if one.ground is None or not shapely.intersects(one.ground, shape):
                continue
            m2 = soundness.m2_of(ground.intersection(one.ground)) if ground is not None else 0.0
            if ground is not None:
                whole = soundness.m2_of(ground.difference(one.ground)) < TOUCH_M2
                if m2 < TOUCH_M2:
                    continue
            else:
                whole = bool(shapely.covers(one.ground, shape))
            before = found.get(row.name)
            if before is None or (whole, m2) > (before.whole, before.m2):
                found[row.name] = Inside(row.name, row.kind, number_of(row), m2, whole, one.ended)
        return tuple(sorted(found.values(), key=lambda one: (one.kind, one.ended, not one.whole, -one.m2, one.record)))

    def _finds(self, ground: Ground | None) -> tuple[int | None, int | None]:
        import shapely

        if ground is None:
            return None, None
        shapely.prepare(ground)
        inside = shapely.intersects(ground, self.finds)
        return len(np.unique(self.numbers[inside])), len(np.unique(self.numbers[inside & self.open]))


_NOT_JUDGED: Any = object()


def _measured(parts: Parts, area: WorkArea) -> tuple[Figures, Ground | None]:
    """What the points alone say, and their ground."""
    if not parts:
        return Figures(), None
    compared = _comparable(parts)
    # whether an outline crosses itself cannot be judged in longitude and latitude where it goes across 180 degrees
    problems, ground = of_points(parts, area, (), sound=None if _judged(parts) else _NOT_JUDGED)
    length_m = sum(path_m(ring, closed=len(ring) > 2) for part in parts for ring in part)
    count = sum(len(ring) for part in parts for ring in part)
    found = Figures(
        count, length_m, _area_m2(parts), problems=tuple(in_order(problems)[:_MOST_PROBLEMS]),
        problem_count=len(problems), compared=compared,
    )  # fmt: skip
    return found, ground if compared else None


def look(
    ws: Workspace, drawn: Drawn, before: Surroundings | None = None, *, name: RecordName | None = None,
    fields: Mapping[str, object] | None = None, finds: Sequence[FindColumns] = (),
) -> tuple[Surroundings | None, Figures]:
    """The figures of an outline, and the surroundings to be given with the next one. Call it off the window's thread.

    ``before``: those of the last time; they are read again where the outline left them or records changed. ``name``:
    the record that is being changed. ``fields``: those of the form, by name, as far as they are known. ``finds``: the
    columns that a map holds already; without them they are read. Raises ValueError for positions that are none.
    """
    parts = _parts(drawn)
    if not parts or not _comparable(parts):
        return before, _measured(parts, work_area(ws))[0]
    if before is None or not before.stand(ws, drawn, name, finds):
        before = read(ws, drawn, name=name, fields=fields, finds=finds)
    return before, before.figures(drawn)


def read(
    ws: Workspace, drawn: Drawn, *, name: RecordName | None = None, fields: Mapping[str, object] | None = None,
    finds: Sequence[FindColumns] = (),
) -> Surroundings:
    """What lies around an outline of one point or more; see ``look``."""
    box = _around(_parts(drawn))
    version = _version(ws, finds)
    excluded = _same_ground(ws, name)
    plots = [_Known(one, ground_of(one.outline)) for one in space.outlines_meeting(ws.store, "plot", box)]
    columns = _within(_up_to_date(ws, finds), box)
    middle = (box.south + box.north) / 2, (box.west + box.east) / 2
    hazards = Nearness(drawing_hazards.read(ws, box, columns, excluded), *middle)
    lats, lons, numbers, gone = (
        np.concatenate([getattr(one, column) for one in columns]) for column in ("lat", "lon", "n", "gone")
    )
    return Surroundings(
        box, name, version, work_area(ws), ws.lists, claims_release(fields or {}, ws.lists), plots,
        _grounds(ws, box, excluded), hazards, drawing_hazards.unplaced(ws, excluded), _points(lons, lats), numbers,
        ~gone,
    )  # fmt: skip


def _same_ground(ws: Workspace, name: RecordName | None) -> frozenset[RecordName]:
    """The record itself, and the area that it was published from or as."""
    if name is None:
        return frozenset()
    if not name.startswith("hazardous_area/"):
        return frozenset((name,))
    row = lookup.rows_of(ws, [name]).get(name)
    source = row["source"] if row is not None else None
    published = [one.name for one in lookup.rows(ws, "hazardous_area", equal={"source": name})]
    return frozenset((name, *published, *([source] if source else [])))


def _grounds(ws: Workspace, box: Box, excluded: frozenset[RecordName]) -> list[_Known]:
    live = {one.record for one in map_grounds.hazards(ws)}
    found = [
        _Known(one, ground_of(one.outline), one.row.name not in live)
        for one in space.outlines_meeting(ws.store, "hazardous_area", box)
    ]
    found += [
        _Known(one, ground_of(one.outline), one.row["status"] in ENDED and not one.row["unsettled"])
        for one in space.outlines_meeting(ws.store, "task", box)
    ]
    return [one for one in found if one.outlined.row.name not in excluded and parts_of(one.outlined.outline)]


def _version(ws: Workspace, finds: Sequence[FindColumns]) -> tuple[Generation, Sequence[Mark]]:
    return generation(ws.store, _HANGS_ON), [one.mark for one in finds]


def _up_to_date(ws: Workspace, finds: Sequence[FindColumns]) -> list[FindColumns]:
    """The columns that a map holds, and what came since it read them."""
    if finds:
        news = map_data.newer(ws, finds[-1].mark)
        if not news.all_changed:
            return [*finds, news.points]
    return [map_data.find_points(ws)]


def _within(finds: Sequence[FindColumns], box: Box) -> list[FindColumns]:
    return [
        one.taken((one.lat >= box.south) & (one.lat <= box.north) & (one.lon >= box.west) & (one.lon <= box.east))
        for one in finds
    ]  # fmt: skip


def _points(lons: Any, lats: Any) -> Any:
    import shapely

    return shapely.points(lons, lats)


def _parts(drawn: Drawn) -> Parts:
    """Rings of (lon, lat) as ``soundness`` has them; what is empty is left out, and the holes of a shell that is."""
    if not all(-90 <= lat <= 90 and -180 <= lon <= 180 for part in drawn for ring in part for lat, lon in ring):
        raise ValueError("no position")
    parts = [[[(lon, lat) for lat, lon in ring] for ring in part if ring] for part in drawn if part and part[0]]
    return [part for part in parts if part]


def _judged(parts: Parts) -> bool:
    south, west, north, east = soundness.box_of(parts)
    return max(-south, north) <= _NORTHERNMOST_DEG and east - west <= 180


def _comparable(parts: Parts) -> bool:
    south, west, north, east = soundness.box_of(parts)
    return _judged(parts) and max(east - west, north - south) <= _WIDEST_DEG


def _around(parts: Parts) -> Box:
    south, west, north, east = soundness.box_of(parts)
    least, most = (space.box_around(lat, lon, LOOK_M) for lat, lon in ((south, west), (north, east)))
    wide = max(west - least.west, most.east - east)
    return Box(max(least.south, -90.0), max(west - wide, -180.0), min(most.north, 90.0), min(east + wide, 180.0))


def _area_m2(parts: Parts) -> Decimal | None:
    try:
        return outline_area_m2([[soundness.opened(ring) for ring in part] for part in parts]) or None
    except (OutlineHasNoArea, ValueError):  # ValueError: fewer than three points in a ring
        return None


def _shape(parts: Parts) -> Any:
    """What of the outline there is while it has no ground: loops, lines, points."""
    import shapely

    loops = any_ground([part for part in parts if len(part[0]) > 2])
    lines = [
        shapely.Point(ring[0]) if len(ring) == 1 else shapely.LineString(ring) for part in parts for ring in part
    ]
    return shapely.union_all([loops, *lines]) if loops is not None else shapely.GeometryCollection(lines)
