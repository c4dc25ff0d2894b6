"""Released ground that lies in several plots: what a sum of areas counts twice (M16).

Areas of plots are summed as they were approved; nothing is cropped. Beside the sum stands what of it had been released
before the period, or lies in two plots of it, and the net of both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from fieldapp.domain.counting import RELEASES, release_line
from fieldapp.domain.lists_in_force import Lists
from fieldapp.geodesy import overlap
from fieldapp.reports.facts import PlotFacts
from fieldapp.storage import space
from fieldapp.storage.database import Store
from fieldapp.storage.listing import Row
from fieldapp.storage.space import Box

OutlineOf = Callable[[PlotFacts], Any]
"""The outline of a plot as it was approved, parts of rings of vertices; None where there is none."""


def counts(plot: PlotFacts, lists: Lists) -> bool:
    """Is its approved ground in the hectares?"""
    standing = plot.approved is not None and plot.current is not None and release_line(plot.current, lists) is not None
    return standing and plot.approved is not None and release_line(plot.approved, lists) in RELEASES


def overlap_m2(
    store: Store, plots: Iterable[PlotFacts], lists: Lists, first: date, last: date, outline_of: OutlineOf
) -> Decimal:
    """Square metres of the period's released plots that were released before it, or by another plot of it."""
    start, end = first.isoformat(), last.isoformat()
    counted = {plot.record: plot for plot in plots if counts(plot, lists)}
    shapes: dict[str, Any] = {}

    def shape(name: str) -> Any:
        if name not in shapes:
            outline = outline_of(counted[name])
            shapes[name] = overlap.shape(outline) if outline else None
        return shapes[name]

    done: set[str] = set()
    total = 0.0
    moved = [name for name, plot in counted.items() if plot.changed]
    for name in sorted(counted):
        day = _day(counted[name])
        if day is None or not start <= day <= end or (ground := shape(name)) is None:
            continue
        west, south, east, north = ground.bounds
        near = {one.row.name for one in space.outlines_meeting(store, "plot", Box(south, west, north, east))}
        others = [
            other
            for one in sorted(near.union(moved))
            if one != name and one in counted and (one in done or _before(counted[one], start))
            and (other := shape(one)) is not None and other.intersects(ground)
        ]
        total += overlap.covered_m2(ground, others)
        done.add(name)
    return Decimal(repr(total)).quantize(Decimal("0.1"))


def _day(plot: PlotFacts) -> str | None:
    return plot.approved.completed_on if plot.approved is not None else None


def _before(plot: PlotFacts, start: str) -> bool:
    day = _day(plot)
    return day is not None and day < start


def outline_in(row: Row | Mapping[str, Any]) -> Any:
    """The outline in a row of the table of plots; None where there is none that can be read."""
    try:
        return json.loads(row["outline"]) if row["outline"] else None
    except ValueError:
        return None
