"""The task a laptop works on: what is logged there is logged for it (M22: district from the task, never a guess)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.domain.records.task import ENDED
from fieldapp.ids import RecordName
from fieldapp.operations import lookup
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row

_CHOSEN = "current_task"
NO_TASK = "none"
"""What is kept where somebody said that the work belongs to no task."""


def open_tasks(ws: Workspace) -> list[Row]:
    """The tasks of this laptop's team that have not ended, newest first."""
    rows = lookup.rows(ws, "task", owner=ws.team, retracted=False)
    return [row for row in rows if row["status"] not in ENDED]


def current(ws: Workspace) -> Row | None:
    """The chosen task while it is open; the only open task where none was chosen; None otherwise."""
    if ws.role != "field":
        return None
    tasks = open_tasks(ws)
    chosen = ws.meta(_CHOSEN)
    if chosen == NO_TASK:
        return None
    found = next((row for row in tasks if row.name == chosen), None)
    return found or (tasks[0] if len(tasks) == 1 else None)


def outline_of(task: Row) -> Any | None:
    """The outline of a task as a form reads it; None where it has none."""
    return lookup.shape(task, "area")


def choose(ws: Workspace, task: RecordName | None) -> None:
    """What is logged from now on belongs to ``task``; None: to no task."""
    ws.set_meta(_CHOSEN, task or NO_TASK)


def defaults(ws: Workspace, kind: str) -> dict[str, str]:
    """What a new record of ``kind`` takes from the current task, as typed text: task, district, for plots the depth.

    The depth of a find is measured, never a task's.
    """
    task = current(ws)
    if task is None:
        return {}
    values = {"task": task.name, "place": task["place"]}
    if kind == "plot":
        values["depth_cm"] = task["depth_required"]
    return {name: str(value) for name, value in values.items() if value is not None}


def as_typed(ws: Workspace, kind: str) -> dict[str, str]:
    """``defaults`` as a form shows them: the task by its number."""
    values = defaults(ws, kind)
    return values | {"task": number_of(ws, values["task"])} if values else {}


def number_of(ws: Workspace, task: object) -> str:
    """The number of a task that is here; any other text as it is, nothing for none."""
    row = lookup.rows_of(ws, [task]).get(task) if isinstance(task, str) else None
    return str(row["local_id"] or task) if row is not None else str(task or "")


def named(ws: Workspace, fields: Mapping[str, object]) -> dict[str, object]:
    """``fields`` with the task's number replaced by its name, where one task here has that number."""
    typed = fields.get("task")
    if not isinstance(typed, str) or not typed.strip() or typed.count("/") == 2:
        return dict(fields)
    rows = lookup.rows(ws, "task", equal={"local_id": typed.strip()})
    return {**fields, "task": rows[0].name} if len(rows) == 1 else dict(fields)


def inherited(ws: Workspace, kind: str, fields: Mapping[str, object]) -> dict[str, object]:
    """``fields`` with what was not said taken from the current task, and the task named by its record.

    A form that shows the task says it, also where it was emptied: then nothing is taken. Where another task is named,
    nothing of the current one fits.
    """
    given, task = named(ws, fields), current(ws)
    if task is None or ("task" in given and given["task"] != task.name):
        return given
    return {**defaults(ws, kind), **given}
