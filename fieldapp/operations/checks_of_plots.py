"""Clearance checks of all plots, recorded areas and tasks at once: geometry in whole arrays, one sentence each.

A pair of plots is told once, with the later of the two: the one whose row came after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.domain import checks as rules
from fieldapp.domain.checks import Finding, finding
from fieldapp.domain.counting import RELEASES, release_line
from fieldapp.geodesy import soundness
from fieldapp.geodesy.soundness import Ground, Parts
from fieldapp.geodesy.traverse import ClosureLimits
from fieldapp.ids import RecordName
from fieldapp.operations.checks_measures import (
    first_place,
    number,
    number_of,
    of_legs,
    of_paper,
    of_points,
    rate_of,
    state_of,
    text_of,
    whole,
    work_area,
)
from fieldapp.operations.checks_of_finds import Grounds, Step
from fieldapp.operations.legs import limits_of
from fieldapp.operations.positions import frame_of
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import space
from fieldapp.storage.space import Outlined

_STEP = 500


@dataclass(slots=True)
class Drawn:
    """One reading of a record with an outline, ready to be compared."""

    name: RecordName
    number: str
    n: int
    parts: Parts
    ground: Ground | None
    released: bool
    """Does it claim a line of released ground?"""
    task: str | None
    source: str | None
    """The record that it was published from."""


def of_plots(ws: Workspace, step: Step = lambda _done: None) -> Iterator[Finding]:
    """What may be wrong with any plot."""
    lists, grounds, limits = ws.lists, Grounds(ws), limits_of(ws)
    every: list[Drawn] = []
    for outlined, one, found in _drawn(ws, "plot", step):
        one.released = release_line(state_of(outlined), lists) in RELEASES
        every.append(one)
        yield from found
        m2 = soundness.parts_m2(one.parts) if one.ground is not None else None
        yield from _of_fields(outlined, one, m2, grounds, limits)
    yield from _unplaced(ws, "plot")
    yield from _same_outlines(every)
    yield from _overlaps(every, step)
    yield from _outside_tasks(every, grounds)


def of_areas(ws: Workspace, kind: str, step: Step = lambda _done: None) -> Iterator[Finding]:
    """What may be wrong with the outline of any recorded area (or any task, by ``kind``)."""
    every = []
    frame, limits = frame_of(ws), limits_of(ws)
    for outlined, one, found in _drawn(ws, kind, step):
        every.append(one)
        yield from found
        for said in of_paper(outlined.group.get("legs"), frame, limits):
            yield Finding(said.rule, said.severity, (one.name,), first_place(one.parts), said.facts)
    yield from (one for one in _unplaced(ws, kind) if one.rule == "unreadable_outline")
    if kind == "hazardous_area":  # a task that follows another has the same outline, as it should
        yield from _same_outlines(every)


def _drawn(ws: Workspace, kind: str, step: Step) -> Iterator[tuple[Outlined, Drawn, list[Finding]]]:
    area = work_area(ws)
    done = 0
    for batch in _batches(space.every_outline(ws.store, kind)):
        read = [(one, parts) for one in batch if (parts := soundness.parts_of(one.outline)) is not None]
        for (one, parts), ground in zip(read, _sound([parts for _, parts in read]), strict=True):
            row = one.row
            found, its = of_points(parts, area, (row.name,), sound=ground)
            task, source = text_of(row.get("task")), text_of(row.get("source"))
            yield one, Drawn(row.name, number_of(row), row["n"], parts, its, False, task, source), found
        done += len(batch)
        step(done)


def _batches(every: Iterable[Outlined]) -> Iterator[list[Outlined]]:
    batch: list[Outlined] = []
    for one in every:
        batch.append(one)
        if len(batch) == _STEP:
            yield batch
            batch = []
    yield batch


def _sound(many: Sequence[Parts]) -> list[Ground | None]:
    """The ground of each outline that is sound; None where ``soundness`` has to look why it is not."""
    import shapely

    made = soundness.make_all(many)
    valid = shapely.is_valid(made) & (shapely.area(made) > 0)
    return [one if fine else None for one, fine in zip(made, valid, strict=True)]


def _of_fields(
    outlined: Outlined, one: Drawn, m2: float | None, grounds: Grounds, limits: ClosureLimits
) -> Iterator[Finding]:
    row, group, where = outlined.row, outlined.group, first_place(one.parts)
    task = grounds.task(one.task)
    release, cleared = text_of(group.get("release")) or "", whole(group.get("depth_cm"))
    said = rules.of_depth(release, cleared, task.depth_cm if task else None, task.number if task else "")
    said += rules.of_areas(m2, number(group.get("area_m2")), number(row["declared_m2"]))
    said += of_legs(group.get("legs"), limits, group.get("outline"), group.get("points"))
    rate = rate_of(row, m2)
    for found in (*said, *([rate] if rate else [])):
        yield Finding(found.rule, found.severity, (one.name,), where, found.facts)


def _unplaced(ws: Workspace, kind: str) -> Iterator[Finding]:
    for name, _, has_outline in space.unplaced(ws.store, kind):
        yield finding("unreadable_outline" if has_outline else "no_outline", (name,))


def _same_outlines(every: Sequence[Drawn]) -> Iterator[Finding]:
    """Outlines with the same points have the same box: sorted by it, only neighbours need be compared."""
    boxes = sorted((soundness.box_of(one.parts), one.n, at) for at, one in enumerate(every))
    told: set[tuple[RecordName, RecordName]] = set()
    for place, (box, _, at) in enumerate(boxes):
        for other_box, _, other_at in boxes[place + 1 :]:
            if other_box[0] - box[0] >= soundness.SAME_POINT_DEG:
                break
            later, earlier = sorted((every[at], every[other_at]), key=lambda one: -one.n)
            pair = later.name, earlier.name
            if (
                later.name == earlier.name or pair in told
                or any(abs(a - b) >= soundness.SAME_POINT_DEG for a, b in zip(box, other_box, strict=True))
                or later.source == earlier.name or earlier.source == later.name
            ):
                continue
            if soundness.same_outline(later.parts, earlier.parts):
                told.add(pair)
                yield finding("same_outline", pair, first_place(later.parts), other=earlier.number)


def _overlaps(every: Sequence[Drawn], step: Callable[[int], None]) -> Iterator[Finding]:
    import numpy as np
    import shapely

    released = [one for one in every if one.released and one.ground is not None]
    if not released:
        return
    shapes = np.array([one.ground for one in released], dtype=object)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    later = np.array([one.n for one in released])
    wanted = later[first] > later[second]
    first, second = first[wanted], second[wanted]
    met: dict[RecordName, dict[RecordName, tuple[float, Drawn, Drawn]]] = {}
    for start in range(0, len(first), 10 * _STEP):
        left, right = first[start : start + 10 * _STEP], second[start : start + 10 * _STEP]
        common = shapely.intersection(shapes[left], shapes[right])
        for at in np.flatnonzero(shapely.area(common)):
            one, other = released[left[at]], released[right[at]]
            m2 = soundness.m2_of(common[at])
            if m2 >= rules.TOUCH_M2 and not soundness.same_outline(one.parts, other.parts):
                known = met.setdefault(one.name, {}).get(other.name)
                if known is None or m2 > known[0]:
                    met[one.name][other.name] = m2, one, other
        step(len(every))
    for name, others in met.items():
        yield from _told(name, list(others.values()))


def _told(name: RecordName, others: Sequence[tuple[float, Drawn, Drawn]]) -> Iterator[Finding]:
    """The overlaps of one plot, and what of it is left."""
    one = others[0][1]
    where = first_place(one.parts)
    left: Any = one.ground
    for m2, _, other in others:
        yield finding("overlap", (name, other.name), where, m2=m2, other=other.number)
        left = left.difference(other.ground)
    yield finding(
        "net_area", (name,), where, gross_m2=soundness.m2_of(one.ground), net_m2=soundness.m2_of(left)
    )


def _outside_tasks(every: Sequence[Drawn], grounds: Grounds) -> Iterator[Finding]:
    import shapely

    by_task: dict[str, list[Drawn]] = {}
    for one in every:
        if one.task and one.ground is not None:
            by_task.setdefault(one.task, []).append(one)
    for task, many in by_task.items():
        known = grounds.task(task)
        if known is None or known.ground is None:
            continue
        beyond: Any = shapely.difference([one.ground for one in many], known.ground)
        for one, left in zip(many, beyond, strict=True):
            m2 = soundness.m2_of(left) if not left.is_empty else 0.0
            if m2 >= rules.TOUCH_M2:
                yield finding("plot_outside_task", (one.name,), first_place(one.parts), m2=m2, task=known.number)
