"""How far a programme has come: released square metres against its target (design, section 9).

Ground counts from its approval, by its approved state, exactly as in the weekly report; the rest waits. Plots of the
programme are those of the tasks that name it. While no task names it, they are those that lie in its place (or whose
task does), completed on or after its first day. A method that owes a follow-up releases nothing yet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fieldapp.domain.counting import FOLLOW_UP_PENDING, release_line
from fieldapp.domain.places import places
from fieldapp.reports.facts import PlotFacts
from fieldapp.reports.gather import plot_facts
from fieldapp.reports.weekly import withdrawn
from fieldapp.storage.database import Store
from fieldapp.storage.listing import Filter, Row, select

TASKS, PLACE = "tasks", "place"
_SHARE = re.compile(r"\s*(?P<donor>.*\S)\s*=\s*(?P<percent>[0-9]{1,3}(?:[.,][0-9]{1,4})?)\s*%?\s*")


@dataclass(frozen=True)
class Share:
    """What one donor pays for; ``percent`` is None where it was not written as a number."""

    donor: str
    percent: Decimal | None


@dataclass(frozen=True)
class ProgrammeProgress:
    """Sums in square metres."""

    target_m2: Decimal | None
    basis: str
    """``tasks`` or ``place``: how its plots were found."""
    approved_m2: Decimal = Decimal(0)
    by_line: Mapping[str, Decimal] = field(default_factory=dict)
    """Approved square metres by line of released ground."""
    approved_plots: int = 0
    waiting_m2: Decimal = Decimal(0)
    """Claimed by plots that nobody has approved yet; not counted."""
    waiting_plots: int = 0
    follow_up_m2: Decimal = Decimal(0)
    """Approved, but another method has to follow; not counted."""
    changed_plots: int = 0
    """Approved and changed since: they count as approved."""
    shares: tuple[Share, ...] = ()

    @property
    def per_cent(self) -> Decimal | None:
        """Approved of the target, one decimal, rounded half up; None without a target."""
        if not self.target_m2:
            return None
        return (self.approved_m2 / self.target_m2 * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def shares_percent(self) -> Decimal:
        """All shares together."""
        return sum((share.percent for share in self.shares if share.percent is not None), Decimal(0))


def progress(store: Store, name: str, fields: Mapping[str, Any]) -> ProgrammeProgress:
    """The progress of the programme ``name``; ``fields`` are its record's, by field name."""
    tasks = select(store, "task", Filter(equal={"programme": name}), order="n")
    basis = TASKS if tasks else PLACE
    rows = _of_tasks(store, tasks) if tasks else _in_place(store, fields)
    target = fields.get("target_m2")
    return _summed(
        plot_facts(store, rows), Decimal(str(target)) if target is not None else None, basis,
        shares_of(str(fields.get("shares") or "")),
    )  # fmt: skip


def shares_of(text: str) -> tuple[Share, ...]:
    """The donors of ``shares``, one a line: ``name = percent``."""
    found = []
    for line in text.splitlines():
        match = _SHARE.fullmatch(line)
        if match:
            found.append(Share(match["donor"], Decimal(match["percent"].replace(",", "."))))
        elif line.strip():
            found.append(Share(line.strip(), None))
    return tuple(found)


def _of_tasks(store: Store, tasks: Collection[Row]) -> list[Row]:
    words = {word for task in tasks for word in (task.name, task["local_id"]) if word}
    return select(store, "plot", Filter(equal={"task": sorted(words)}, retracted=None), order="n") if words else []


def _in_place(store: Store, fields: Mapping[str, Any]) -> list[Row]:
    place = fields.get("place")
    if not place:
        return []
    codes = sorted({str(place), *(one.code for one in places().values() if one.parent == place)})
    tasks = select(store, "task", Filter(equal={"place": codes}), order="n")
    lying = select(store, "plot", Filter(equal={"place": codes}, retracted=None), order="n")
    named = [row for row in _of_tasks(store, tasks) if not row["place"]]
    first = str(fields.get("started_on") or "")
    return [row for row in {row.name: row for row in (*lying, *named)}.values() if str(row["completed_on"]) >= first]


def _summed(
    plots: Collection[PlotFacts], target_m2: Decimal | None, basis: str, shares: tuple[Share, ...]
) -> ProgrammeProgress:
    by_line: dict[str, Decimal] = {}
    approved = waiting = changed = 0
    waiting_m2 = Decimal(0)
    for plot in plots:
        state = plot.approved
        if state is None:
            if plot.current is not None and release_line(plot.current):
                waiting, waiting_m2 = waiting + 1, waiting_m2 + plot.current.area_m2
            continue
        line = release_line(state)
        if line is not None and not withdrawn(plot):
            by_line[line] = by_line.get(line, Decimal(0)) + state.area_m2
            approved, changed = approved + 1, changed + plot.changed
    follow_up = by_line.pop(FOLLOW_UP_PENDING, Decimal(0))
    return ProgrammeProgress(
        target_m2, basis, sum(by_line.values(), Decimal(0)), by_line, approved, waiting_m2, waiting, follow_up,
        changed, shares,
    )  # fmt: skip
