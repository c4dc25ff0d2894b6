"""Clearance checks of many finds at once: a page of rows, few questions to the database for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.checks import SAME_PLACE_M, Finding, Place, finding
from fieldapp.ids import RecordName
from fieldapp.operations.checks import near_duplicates
from fieldapp.operations.checks_measures import (
    TaskGround,
    ground_of,
    model_key,
    number,
    of_pair,
    of_task,
    of_work_area,
    place_of,
    reaches,
    task_ground,
    work_area,
)
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import space
from fieldapp.storage.listing import Row
from fieldapp.storage.space import Outlined

PAGE = 2_000
"""So many finds are looked at together; between two pages the work can be stopped."""

Step = Callable[[int], None]
"""Called with the number of records done; may raise to stop."""


@dataclass
class Grounds:
    """The ground of tasks and recorded areas, read once for many finds."""

    ws: Workspace
    tasks: dict[str, TaskGround | None] = field(default_factory=dict)
    _areas: list[Outlined] | None = None
    _tree: Any = None

    def task(self, task: object) -> TaskGround | None:
        """The task of this name or number."""
        if not isinstance(task, str) or not task:
            return None
        if task not in self.tasks:
            self.tasks[task] = task_ground(self.ws, task)
        return self.tasks[task]

    def outside_areas(self, places: Sequence[Place]) -> list[bool]:
        """Whether each place lies outside every recorded hazardous area; False for all where there is none."""
        if self._areas is None and not space.has_outlines(self.ws.store, "hazardous_area"):
            self._areas = []
        if self._areas == [] or not places:
            return [False] * len(places)
        import shapely

        if self._areas is None:
            store = self.ws.store
            every = space.every_outline(store, "hazardous_area")
            placed = [(one, box) for one in every if (box := one.box) is not None]
            self._areas = [one for one, _ in placed]
            self._tree = shapely.STRtree([
                ground_of(one.outline) or shapely.box(box.west, box.south, box.east, box.north)
                for one, box in placed
            ])
        points = shapely.points([(lon, lat) for lat, lon in places])
        held = {int(at) for at in self._tree.query(points, predicate="intersects")[0]}
        rough = [one for one in self._areas if number(one.group.get("outline_accuracy_m"))]
        return [
            at not in held and not any(reaches(one, place) for one in rough) for at, place in enumerate(places)
        ]


def of_rows(ws: Workspace, rows: Sequence[Row], last: int, grounds: Grounds) -> Iterator[Finding]:
    """What may be wrong with these finds, a run of rows that ends with number ``last``, against all that is here."""
    area = work_area(ws)
    placed: list[tuple[Row, Place]] = []
    for row in rows:
        places = space.places_told(ws.store, row)
        if not places:
            yield finding("no_position", (row.name,))
        placed += [(row, place) for place in places]
    for row, place in placed:
        outside = of_work_area(area, place, (row.name,))
        if outside is not None:
            yield outside
        task = grounds.task(row["task"])
        if task is not None and task.ground is not None:
            away = of_task(task, place, number(row["accuracy_m"]), (row.name,))
            if away is not None:
                yield away
    for (row, place), unrecorded in zip(placed, grounds.outside_areas([one for _, one in placed]), strict=True):
        if unrecorded:
            yield finding("outside_recorded_areas", (row.name,), place)
    yield from _pairs(ws, rows, last)


def _pairs(ws: Workspace, rows: Sequence[Row], last: int) -> Iterator[Finding]:
    """Finds that may be one with an earlier one; each is told once, with the nearest."""
    if not rows:
        return
    near = space.earlier_neighbours(ws.store, int(rows[0]["n"]), last, SAME_PLACE_M)
    earlier = space.finds_of(ws.store, {n for many in near.values() for n in many})
    for row in rows:
        if row["unsettled"]:
            told = space.places_told(ws.store, row)
            if len(told) > 1:
                yield from (one for place in told for one in near_duplicates(ws, row, place, row.name))
                continue
        candidates = near.get(row["n"])
        place = place_of(row) if candidates else None
        if not candidates or place is None or (model := model_key(ws, row)) is None:
            continue
        found: list[tuple[float, int, Row]] = []
        for n in candidates:
            other = earlier.get(n)
            if other is not None and model_key(ws, other) == model:
                metres = space.metres_between(*place, other["lat"], other["lon"])
                found += [(metres, n, other)] if metres <= SAME_PLACE_M else []
        if found:
            metres, _, other = min(found, key=lambda one: one[:2])
            yield of_pair(row, place, other, (other["lat"], other["lon"]), metres, (row.name,))


def of_finds(ws: Workspace, after: int = 0, step: Step = lambda _done: None) -> Iterator[Finding]:
    """What may be wrong with the finds behind the row of this number: all of them from 0."""
    grounds = Grounds(ws)
    done = 0
    while True:
        rows, last = space.finds_after(ws.store, after, PAGE)
        if last == after:
            return
        yield from of_rows(ws, rows, last, grounds)
        after = last
        done += len(rows)
        step(done)


def of_named(ws: Workspace, names: Sequence[RecordName]) -> Iterator[Finding]:
    """What may be wrong with these finds alone."""
    grounds = Grounds(ws)
    for n in space.numbers_of(ws.store, "find", names):
        for row in space.finds_of(ws.store, [n]).values():
            yield from of_rows(ws, [row], n, grounds)
