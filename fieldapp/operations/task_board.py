"""Tasks as the window shows them: a part of the list at once, what is left of them when it is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldapp.ids import RecordName
from fieldapp.operations import current_task, enrolment, lookup, plots, remaining, tasks
from fieldapp.operations.remaining import Remaining
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row

__all__ = ["Board", "Line", "left_of", "points_of", "read"]


@dataclass(frozen=True)
class Line:
    """One task in the list."""

    row: Row
    team: str
    """Name of the team that has it; empty while nobody has."""
    current: bool = False
    """Is it the one this laptop works on?"""
    left: Remaining | None = None
    """None until it is counted."""
    items: tuple[Row, ...] = ()
    """The finds of other teams that its team was told of."""


@dataclass(frozen=True)
class Board:
    """Some tasks, newest first, how many there are in all, and the teams they can be given to, name by code."""

    lines: list[Line]
    total: int
    teams: dict[str, str] = field(default_factory=dict)


def read(ws: Workspace, *, ended: bool = False, size: int = tasks.PAGE) -> Board:
    """The first ``size`` tasks: at headquarters all, on a laptop its team's."""
    team = None if ws.role == "hq" else ws.team
    names = {one.code: one.name for one in enrolment.teams(ws)}
    now = current_task.current(ws)
    rows = tasks.page(ws, team=team, ended=ended, limit=size)
    items: dict[str, list[Row]] = {}
    for item in lookup.rows(ws, "task_item", equal={"task": [row.name for row in rows]}, retracted=False):
        items.setdefault(str(item["task"]), []).append(item)
    lines = [
        Line(row, names.get(row["owner"], "" if row["owner"] == "hq" else row["owner"]),
             now is not None and row.name == now.name, items=tuple(items.get(row.name, ())))
        for row in rows
    ]  # fmt: skip
    return Board(lines, tasks.count(ws, team=team, ended=ended), names)


def left_of(ws: Workspace, names: Sequence[RecordName]) -> dict[RecordName, Remaining]:
    """What is left of these tasks; those that are not here are left out."""
    return remaining.remaining(ws, list(lookup.rows_of(ws, names).values()))


def points_of(row: Row) -> list[tuple[float, float, str]]:
    """Latitude, longitude and name of the points of a task's greatest ring, for a sketch; none without an area."""
    outline = lookup.shape(row, "area")
    shells = [part[0] for part in outline or [] if part]
    if not shells:
        return []
    shell = max(shells, key=len)
    return [
        (float(vertex["lat"]), float(vertex["lon"]), str(vertex.get("role") or plots.role_of(at)))
        for at, vertex in enumerate(shell)
    ]
