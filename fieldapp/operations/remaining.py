"""What of a task's area is done: released ground by line, what waits, what is left, in geodesic square metres.

- Only approved ground is released, by its approved state; a plot that changed since counts with the version that was
  approved, one whose readings disagree or that was retracted counts as nothing.
- Ground that a machine went over, and ground cleared less deep than the task asks, stays to be done.
- Every square metre counts once, on the first of its lines (cleared, BAC, reduced, cancelled), so the lines add up.
- Plots count by where they lie, also where they name another task or none; those are said. What plots of the task
  cover outside its area is said apart and takes nothing off.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fieldapp.domain.counting import FOLLOW_UP_PENDING, PlotState, is_shallow, release_line
from fieldapp.domain.judging import approved_versions
from fieldapp.domain.symbols import APPROVED, CHANGED, ENTERED, REJECTED, SIGNED, UNSETTLED
from fieldapp.geodesy.cover import TOUCH_M2, Ground, Grounds, all_of, common, ground, square_metres, without
from fieldapp.ids import RecordName
from fieldapp.operations import lookup, review, tasks
from fieldapp.operations.review import Judgement
from fieldapp.operations.workspace import Workspace
from fieldapp.reports.gather import last_approved
from fieldapp.storage.generations import Generation, generation
from fieldapp.storage.listing import Row
from fieldapp.texts import N_

LINES = ("cleared", "bac", "reduced", "cancelled")
"""Lines of released ground, in the order in which a square metre is given to one."""
_HANGS_ON = ("plot", "task", "decision", "sign_off")
"""Kinds of the records that what is left follows from."""
NOTHING = Decimal(0)



@dataclass(frozen=True)
class Part:
    """One plot's part in a task."""

    plot: RecordName
    number: str
    team: str
    line: str | None
    """Line of released ground it claims, or ``follow_up_pending``."""
    state: str
    shallow: bool
    """Cleared less deep than the task asks, or to no known depth."""
    named: bool
    """Does it name this task? False: it lies there all the same."""
    inside_m2: Decimal
    outside_m2: Decimal
    """Of a plot that names the task: what of it lies outside the task's area."""


@dataclass(frozen=True)
class Remaining:
    """What of one task is done. All amounts are square metres; None where the task has no area to measure."""

    task: RecordName
    task_m2: Decimal | None
    remaining_m2: Decimal | None = None
    released_m2: Mapping[str, Decimal] = field(default_factory=lambda: dict.fromkeys(LINES, NOTHING))
    signed_m2: Decimal = NOTHING
    """Signed off by the team and not approved yet; not released before."""
    entered_m2: Decimal = NOTHING
    """Entered and neither signed nor approved (or changed, or disputed); not signed elsewhere."""
    follow_up_m2: Decimal = NOTHING
    """Approved, but its method owes a follow-up."""
    shallow_m2: Decimal = NOTHING
    """Approved, but less deep than asked."""
    outside_m2: Decimal = NOTHING
    """Ground of the task's plots outside its area."""
    parts: tuple[Part, ...] = ()

    @property
    def done_m2(self) -> Decimal:
        """Released in all."""
        return sum(self.released_m2.values(), NOTHING)

    @property
    def per_cent(self) -> Decimal | None:
        """How much of the area is released, 0 to 100."""
        if not self.task_m2 or self.remaining_m2 is None:
            return None
        return min(max((self.task_m2 - self.remaining_m2) / self.task_m2 * 100, NOTHING), Decimal(100))


@dataclass(frozen=True)
class _Plot:
    """One plot with its ground as it is now."""

    row: Row
    ground: Ground | None


@dataclass(frozen=True)
class _Known:
    """All present plots of the workspace and where they lie; kept until a plot changes."""

    version: Generation
    by_place: list[_Plot]
    index: Grounds
    naming: Mapping[str, Sequence[_Plot]]
    """Plots by the task as they name it."""


def remaining(ws: Workspace, rows: Sequence[Row]) -> dict[RecordName, Remaining]:
    """What is left of each of these tasks, by name; remembered until a plot, a task or a judgement changes."""
    version = generation(ws.store, _HANGS_ON)
    before = ws.store.caches.get("remaining")
    found: dict[RecordName, Remaining] = dict(before[1]) if before is not None and before[0] == version else {}
    found |= _measured(ws, [row for row in rows if row.name not in found])
    if generation(ws.store, _HANGS_ON) == version:
        ws.store.caches["remaining"] = version, found
    return {row.name: found[row.name] for row in rows}


def _measured(ws: Workspace, rows: Sequence[Row]) -> dict[RecordName, Remaining]:
    if not rows:
        return {}
    known = _plots(ws)
    meant = {row.name: _meant(ws, known, row) for row in rows}
    names = sorted({plot.row.name for plots, _ in meant.values() for plot in plots})
    said = Said(ws, names)
    return {row.name: _of_task(ws, row, *meant[row.name], said) for row in rows}


class Said:
    """What was decided and signed on some plots. ``decisions`` are headquarters' judgements by plot."""

    def __init__(self, ws: Workspace, names: Sequence[RecordName]) -> None:
        self.decisions = review.judgements(ws, names=names) if names else {}
        signed = review.judgements(ws, "sign_off", names=names) if names else {}
        self.signed = {name for name, many in signed.items() if review.state_of(many) == APPROVED}

    def state(self, row: Row) -> str:
        """The state a plot counts in: one of those of ``domain/symbols.py``."""
        if row["unsettled"]:
            return UNSETTLED
        verdict = review.state_of(self.decisions.get(row.name, []))
        if verdict in (APPROVED, REJECTED):
            return verdict
        if verdict == CHANGED and approved_versions(_verdicts(self.decisions[row.name])):
            return CHANGED
        return SIGNED if row.name in self.signed else ENTERED


def _verdicts(many: Sequence[Judgement]) -> list[Any]:
    return [one.as_verdict() for one in many]


def _plots(ws: Workspace) -> _Known:
    """All present plots. Outlines are read again only where a plot changed since the last time."""
    version = generation(ws.store, ("plot",))
    found = ws.store.caches.get("plots_by_place")
    if isinstance(found, _Known) and found.version == version:
        return found
    before = {plot.row.name: plot for plot in found.by_place} if isinstance(found, _Known) else {}
    every = [_placed(row, before.get(row.name)) for row in lookup.rows(ws, "plot", retracted=False, order="oldest")]
    placed = [plot for plot in every if plot.ground is not None]
    naming: dict[str, list[_Plot]] = {}
    for plot in every:
        if plot.row["task"]:
            naming.setdefault(str(plot.row["task"]), []).append(plot)
    made = _Known(version, placed, Grounds([plot.ground for plot in placed]), naming)
    if generation(ws.store, ("plot",)) == version:
        ws.store.caches["plots_by_place"] = made
    return made


def _placed(row: Row, before: _Plot | None) -> _Plot:
    if before is not None and before.row["heads"] == row["heads"]:
        return before
    return _Plot(row, _ground(row["outline"]))


def _ground(stored: str | None) -> Ground | None:
    try:
        return ground(json.loads(stored)) if stored else None
    except (ValueError, TypeError, KeyError):
        return None  # an outline of a newer version


def _meant(ws: Workspace, known: _Known, row: Row) -> tuple[list[_Plot], set[RecordName]]:
    """The plots that lie in a task or name it (or a task it follows), and those that name it."""
    area = _ground(row["area"])
    names = [row.name, *tasks.forerunners(ws, row)]
    numbers = [row["local_id"], *(one["local_id"] for one in lookup.rows_of(ws, names[1:]).values())]
    naming = {p.row.name: p for word in (*names, *numbers) if word for p in known.naming.get(str(word), ())}
    lying = {} if area is None else {
        known.by_place[at].row.name: known.by_place[at] for at in known.index.meeting(area)
    }  # fmt: skip
    return list((lying | naming).values()), set(naming)


def _of_task(ws: Workspace, row: Row, plots: Sequence[_Plot], naming: Collection[str], said: Said) -> Remaining:
    area = _ground(row["area"])
    task_m2 = None if area is None else square_metres(area)
    sums = _Sums(area, row["depth_required"])
    for plot in plots:
        sums.take(ws, plot, said, plot.row.name in naming)
    if area is None:
        return Remaining(row.name, task_m2, outside_m2=sums.outside_m2(), parts=tuple(sums.parts))
    return sums.result(row.name, area, square_metres(area))


class _Sums:
    """Grounds by what they count as, while the plots of one task are taken."""

    def __init__(self, area: Ground | None, depth_cm: int | None) -> None:
        self.parts: list[Part] = []
        self._area, self._depth_cm = area, depth_cm
        self._grounds: dict[str, list[Ground]] = {}
        self._named: list[Ground] = []

    def take(self, ws: Workspace, plot: _Plot, said: Said, named: bool) -> None:
        """Put a plot's ground where it counts."""
        row, state = plot.row, said.state(plot.row)
        now = _Claim.of(row)
        judged = [now] if state == APPROVED else []
        if state == CHANGED:
            approvals = approved_versions(_verdicts(said.decisions[row.name]))
            judged = [_Claim.of(_land(values)) for values in last_approved(ws.store, row.name, approvals)]
        inside = self._inside(plot.ground)
        if not named and inside < Decimal(str(TOUCH_M2)):
            return
        for claim in judged[:1] if len(judged) == 1 else ():  # of two last approvals neither is the last
            self._put(claim.counts_as(self._depth_cm), claim.ground)
        if state != APPROVED:
            self._put("signed" if state == SIGNED else "entered", plot.ground if now.line else None)
        shallow = bool(judged) and judged[0].counts_as(self._depth_cm) == "shallow"
        if named and plot.ground is not None:
            self._named.append(plot.ground)
        outside = square_metres(plot.ground) - inside if named and plot.ground is not None else NOTHING
        self.parts.append(Part(
            row.name, str(row["local_id"] or ""), row["owner"], now.line, state, shallow, named, inside, outside,
        ))  # fmt: skip

    def _inside(self, covered: Ground | None) -> Decimal:
        if covered is None or self._area is None:
            return NOTHING
        return square_metres(common(covered, self._area))

    def _put(self, where: str | None, covered: Ground | None) -> None:
        if where is not None and covered is not None:
            self._grounds.setdefault(where, []).append(covered)

    def outside_m2(self) -> Decimal:
        """Ground of the plots that name the task, outside its area."""
        every = all_of(self._named)
        return square_metres(every if self._area is None else without(every, self._area))

    def result(self, name: RecordName, area: Ground, task_m2: Decimal) -> Remaining:
        """The sums: each piece of ground counts once, in the order of the lines."""
        left, amounts = area, {}
        for where in (*LINES, FOLLOW_UP_PENDING, "shallow", "signed", "entered"):
            covered = all_of(self._grounds.get(where, ()))
            amounts[where] = square_metres(common(left, covered))
            left = without(left, covered)
            if where == LINES[-1]:
                remaining_m2 = square_metres(left)
        return Remaining(
            name, task_m2, remaining_m2, {line: amounts[line] for line in LINES}, amounts["signed"],
            amounts["entered"], amounts[FOLLOW_UP_PENDING], amounts["shallow"], self.outside_m2(), tuple(self.parts),
        )  # fmt: skip


@dataclass(frozen=True)
class _Claim:
    """What a version of a plot claims, and on which ground."""

    line: str | None
    depth_cm: int | None
    ground: Ground | None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> _Claim:
        line = release_line(PlotState(values["release"], values["method"], NOTHING, None))
        return cls(line, values["depth_cm"], _ground(values["outline"]))

    def counts_as(self, asked_cm: int | None) -> str | None:
        """The line it counts on; ``shallow`` where clearance did not go as deep as asked."""
        return "shallow" if is_shallow(self.line, self.depth_cm, asked_cm) else self.line


def _land(values: Mapping[str, Any]) -> dict[str, Any]:
    """The members of an approved version that a claim looks at, as a row has them."""
    groups: list[dict[str, Any]] = [
        value if isinstance(value := values.get(group), dict) else {} for group in ("land", "work")
    ]
    land, work = groups
    depth = land.get("depth_cm")
    return {
        "release": land.get("release"), "method": work.get("method"),
        "depth_cm": depth if type(depth) is int else None, "outline": json.dumps(land.get("outline") or []),
    }  # fmt: skip


def remarks_of(one: Remaining) -> list[tuple[str, Decimal]]:
    """What has to be said beside what is left: messages and their square metres."""
    every = (
        (N_("{m2} m² signed off, not approved."), one.signed_m2),
        (N_("{m2} m² entered only."), one.entered_m2),
        (N_("{m2} m² processed, follow-up pending."), one.follow_up_m2),
        (N_("{m2} m² cleared less deep than required."), one.shallow_m2),
        (N_("{m2} m² outside the task's area."), NOTHING if one.task_m2 is None else one.outside_m2),
    )
    return [(message, m2) for message, m2 in every if m2]


def as_json(one: Remaining) -> dict[str, Any]:
    """As the command line prints it: square metres as numbers with one decimal."""
    return {
        "task": one.task, "task_m2": _number(one.task_m2), "remaining_m2": _number(one.remaining_m2),
        "per_cent": None if one.per_cent is None else round(float(one.per_cent), 1),
        "released_m2": {line: float(m2) for line, m2 in one.released_m2.items()},
        "signed_not_approved_m2": float(one.signed_m2), "entered_m2": float(one.entered_m2),
        "follow_up_pending_m2": float(one.follow_up_m2), "shallower_than_required_m2": float(one.shallow_m2),
        "outside_m2": float(one.outside_m2),
        "plots": [
            {
                "plot": part.plot, "local_id": part.number, "team": part.team, "line": part.line,
                "state": part.state, "shallower_than_required": part.shallow, "names_task": part.named,
                "inside_m2": float(part.inside_m2), "outside_m2": float(part.outside_m2),
            }
            for part in one.parts
        ],
    }  # fmt: skip


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
