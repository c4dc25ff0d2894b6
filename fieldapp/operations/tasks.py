"""Tasks: made from outlines, given to teams, and what became of them.

Whose a task is, and why giving it on makes another record, stands at its declaration
(``fieldapp.domain.records.task``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fieldapp.domain.decimals import decimal_text
from fieldapp.domain.records.task import ENDED
from fieldapp.domain.registry import KINDS
from fieldapp.domain.validation import field_value
from fieldapp.geodesy.area import geometry_problems, outline_area_m2
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.ids import RecordName
from fieldapp.operations import enrolment, lookup, plots, positions, records
from fieldapp.operations.task_errors import NoSuchTeam, OutlineNotSound, TaskGivenAlready, TaskOver
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import listing
from fieldapp.storage.listing import Filter, Row
from fieldapp.storage.records import Record

Outline = list[list[list[dict[str, str]]]]
"""Parts, each a list of rings (shell, then holes), each a list of vertices (see ``fieldapp.domain.records.plot``)."""

OPEN = ("planned", "assigned", "ongoing", "suspended")
"""Statuses of a task on which work is still to come."""
PAGE = 60
"""So many tasks are read at once."""


def outline_of(points: Sequence[str], frame: Frame = FRAME) -> Outline:
    """The outline through points as typed, in any format positions are read in. Raises CoordinateNotUnderstood."""
    return [[plots.measure(points, frame).vertices]] if points else []


def area_fields(outline: Outline) -> dict[str, Any]:
    """The area's fields of a sound outline. Raises OutlineNotSound with what is wrong and where."""
    if not outline:
        return {}
    problems = [problem for problem in geometry_problems(outline) if problem.blocks]
    if problems:
        raise OutlineNotSound(problems)
    return {"area": outline, "area_m2": decimal_text(outline_area_m2(outline), 1)}


def create(
    ws: Workspace,
    fields: Mapping[str, object],
    *,
    outline: Outline | None = None,
    position: str | None = None,
    system: str = positions.AUTO,
    team: str | None = None,
    by: str | None = None,
) -> Record:
    """Make a task: planned and known at headquarters only, or assigned to ``team`` at once.

    ``programme`` may be its number. Raises WrongRole, OutlineNotSound, NoSuchTeam, FieldsNotValid, RecordMissing.
    """
    ws.require_hq()
    values = records.with_full_names(ws, KINDS["task"], {**fields, **area_fields(outline or [])})
    if position and position.strip():
        values |= positions.typed_fields(position, positions.frame_of(ws), system)
    if team:
        _require_team(ws, team)
    values.setdefault("status", "assigned" if team else "planned")
    return records.add(ws, "task", values, owner=team or "hq", by=by)


def correct(
    ws: Workspace,
    name: RecordName,
    fields: Mapping[str, object],
    why: str,
    *,
    outline: Outline | None = None,
    position: str | None = None,
    system: str = positions.AUTO,
    heads: Sequence[str] | None = None,
    by: str | None = None,
) -> Record:
    """Correct a task with a reason; a new ``outline`` replaces the whole area."""
    given = {**fields, **(area_fields(outline) if outline else {})}
    values = records.with_full_names(ws, KINDS["task"], given)
    if position and position.strip():
        values |= positions.typed_fields(position, positions.frame_of(ws), system)
    return records.correct(ws, name, values, why, heads=heads, by=by)


def assign(ws: Workspace, name: RecordName, team: str, why: str = "", *, by: str | None = None) -> Record:
    """Give a task to a team; returns the task that the team gets.

    The record given closes, with ``why`` or the team's name as its reason, and the new one follows it with the same
    area, depth and dates under a number of its own. Both or neither. Raises NoSuchTeam, TaskOver for a task that has
    ended, TaskGivenAlready for one that this team has.
    """
    ws.require_hq()
    _require_team(ws, team)
    with ws.store.transaction():
        task = records.get(ws, name)
        number = str(task.fields["local_id"] or name)
        if task.retracted or task.fields["status"] in ENDED:
            raise TaskOver(number=number)
        if task.owner == team:
            raise TaskGivenAlready(number=number, team=team)
        values: dict[str, object] = {
            field.name: field_value(KINDS["task"], task.values, field.name) for field in KINDS["task"].fields
        }
        values |= {"local_id": None, "status": "assigned", "follows": task.name}
        given = records.add(ws, "task", {k: v for k, v in values.items() if v is not None}, owner=team, by=by)
        reason = why.strip() or f"-> {team} {given.fields['local_id']}"
        records.correct(ws, task.name, {"status": "closed"}, reason, heads=task.heads, by=by)
        return given


def set_status(ws: Workspace, name: RecordName, status: str, why: str, *, by: str | None = None) -> Record:
    """Say how far a task is, with the reason. Raises NothingChanged, FieldsNotValid, ReasonNeeded."""
    ws.require_hq()
    return records.correct(ws, name, {"status": status}, why, by=by)


def _require_team(ws: Workspace, team: str) -> None:
    if enrolment.team(ws, team) is None:
        raise NoSuchTeam(team=team, teams=", ".join(one.code for one in enrolment.teams(ws)))


def page(
    ws: Workspace, *, team: str | None = None, ended: bool = False, text: str = "", limit: int | None = PAGE,
    offset: int = 0,
) -> list[Row]:
    """Tasks, newest first; without ``ended`` those that are open."""
    return listing.select(ws.store, "task", _which(team, ended, text), limit=limit, offset=offset)


def count(ws: Workspace, *, team: str | None = None, ended: bool = False, text: str = "") -> int:
    """How many tasks ``page`` would list in all."""
    return listing.count(ws.store, "task", _which(team, ended, text))


def _which(team: str | None, ended: bool, text: str) -> Filter:
    return Filter(owner=team, equal={} if ended else {"status": (*OPEN, None)}, text=text)


def forerunners(ws: Workspace, row: Row) -> list[RecordName]:
    """The tasks this one follows, nearest first; some may not be here."""
    found: list[RecordName] = []
    at: str | None = row["follows"]
    while at and at not in found and at != row.name:
        found.append(at)
        before = lookup.rows_of(ws, [at]).get(at)
        at = before["follows"] if before is not None else None
    return found
