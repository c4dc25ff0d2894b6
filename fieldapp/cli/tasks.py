"""``fieldapp task assign|status|remaining|import|current|include|items``, beside the verbs every record kind has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fieldapp.cli.output import Context, place_as_typed, shared_options, table
from fieldapp.domain.vocabulary import vocabulary
from fieldapp.operations import current_task, lookup, records, remaining, task_import, task_items, tasks
from fieldapp.operations.remaining import Remaining
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row
from fieldapp.texts import N_, Texts


@click.command("assign")
@click.argument("number")
@click.option("--team", required=True, help="The team that gets it.")
@click.option("--why", default="", help="The reason; the team that had it reads it.")
@shared_options
def assign(context: Context, number: str, team: str, why: str) -> None:
    """Give a task to a team. The record closes, and the team gets one that follows it."""
    with context.workspace() as ws:
        given = tasks.assign(ws, records.find_by(ws, number, "task").name, team, why)
        said = context.texts(N_("Team {team} has it as {number}."), team=team, number=given.fields["local_id"])
        context.document(records.as_json(given), said)


@click.command("status")
@click.argument("number")
@click.argument("status", type=click.Choice(vocabulary("task_status").codes))
@click.option("--why", required=True, help="The reason.")
@shared_options
def status(context: Context, number: str, status: str, why: str) -> None:
    """Say how far a task is."""
    with context.workspace() as ws:
        task = tasks.set_status(ws, records.find_by(ws, number, "task").name, status, why)
        named = ws.lists.name("task_status", status, ws.language)
        context.document(records.as_json(task), f"{task.fields['local_id']}: {named}")


@click.command("remaining")
@click.argument("numbers", nargs=-1)
@click.option("--team", help="Only this team's tasks.")
@click.option("--ended", is_flag=True, help="Also tasks that have ended.")
@shared_options
def remaining_area(context: Context, numbers: tuple[str, ...], team: str | None, ended: bool) -> None:
    """What is left of tasks: all that are open, or those named. Square metres; only approved ground is released."""
    with context.workspace() as ws:
        rows = _named(ws, numbers) if numbers else tasks.page(ws, team=team, ended=ended, limit=None)
        found = remaining.remaining(ws, rows)
        shown = [_task_as_json(row, found[row.name]) for row in rows]
        heads = [context.texts(one) for one in (N_("No."), N_("Team"), N_("Task, m²"), N_("Remaining, m²"), N_("Done"))]
        lines = table(heads, [_cells(row, found[row.name], context.texts) for row in rows])
        remarks = [said for row in rows for said in _remarks(row, found[row.name], context.texts)]
        context.document({"tasks": shown}, *lines, *remarks)


def _named(ws: Workspace, numbers: tuple[str, ...]) -> list[Row]:
    names = [records.find_by(ws, number, "task").name for number in numbers]
    rows = lookup.rows_of(ws, names)
    return [rows[name] for name in names]


def _task_as_json(row: Row, one: Remaining) -> dict[str, Any]:
    kept = ("local_id", "owner", "title", "task_kind", "status", "depth_required", "place", "due_on")
    return {name: row[name] for name in kept} | {"qc_asked": bool(row["qc_asked"])} | remaining.as_json(one)


def _cells(row: Row, one: Remaining, texts: Texts) -> list[str]:
    number = texts.number
    if one.task_m2 is None or one.remaining_m2 is None or one.per_cent is None:
        return [str(row["local_id"] or row.name), row["owner"], texts(N_("no area")), "", ""]
    return [
        str(row["local_id"] or row.name), row["owner"], number(one.task_m2, 1), number(one.remaining_m2, 1),
        texts(N_("{value} %"), value=number(one.per_cent, 1)),
    ]  # fmt: skip


def _remarks(row: Row, one: Remaining, texts: Texts) -> list[str]:
    said = [texts(message, m2=texts.number(m2, 1)) for message, m2 in remaining.remarks_of(one)]
    strangers = [part.number or part.plot for part in one.parts if not part.named]
    if strangers:
        said.append(texts(N_("Lie in it without naming it: {plots}."), plots=", ".join(strangers)))
    return [f"{row['local_id'] or row.name}: {sentence}" for sentence in said]


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only show what the file would make.")
@click.option("--only", type=int, multiple=True, help="Number of an area; once for each. Default: all in order.")
@click.option("--team", help="The team the tasks are for.")
@click.option("--task-kind", type=click.Choice(vocabulary("task_kind").codes), help="Kind of work.")
@click.option("--depth-required", type=int, help="Depth required, cm.")
@click.option("--place", help="District: its name or code.")
@shared_options
def import_file(context: Context, file: Path, dry_run: bool, only: tuple[int, ...], team: str | None,
                **fields: Any) -> int:
    """Make tasks of the areas in a GeoJSON file or a CSV of points. Areas that are not sound are named, not mended.

    GeoPackage, KML and shapefile are not read yet.
    """
    with context.workspace() as ws:
        ws.require_hq()
        found = task_import.preview(file)
        fields["place"] = place_as_typed(ws, fields["place"])
        given = {name: value for name, value in fields.items() if value is not None}
        made = [] if dry_run else task_import.make(ws, found, given, only=only or None, team=team)
        lines = [_candidate_line(one, context.texts) for one in found]
        context.document(
            {
                "areas": [task_import.as_json(one, context.texts) for one in found],
                "records": [records.as_json(record) for record in made],
            },
            *lines, *(context.texts(N_("Saved: {number}"), number=record.fields["local_id"]) for record in made),
        )  # fmt: skip
        wanted = [one for one in found if not only or one.at in only]
        return int(not all(one.sound if only else one.ready for one in wanted))


def _candidate_line(one: task_import.Candidate, texts: Texts) -> str:
    size = texts.number(one.area_m2, 1) if one.area_m2 is not None else "-"
    return f"{one.at}  {one.title}  {size} m²  {one.reason(texts)}".rstrip()


@click.command("current")
@click.argument("number", required=False)
@click.option("--none", "no_task", is_flag=True, help="What is logged from now on belongs to no task.")
@shared_options
def current(context: Context, number: str | None, no_task: bool) -> None:
    """The task this laptop works on, which new records take as theirs; with a number, choose it."""
    with context.workspace() as ws:
        ws.require_field()
        if no_task or number:
            current_task.choose(ws, records.find_by(ws, number, "task").name if number else None)
        row = current_task.current(ws)
        said = f"{row['local_id']}  {row['title']}" if row is not None else context.texts(N_("No task is chosen."))
        context.document({"task": records.row_as_json(row) if row is not None else None}, said)


@click.command("include")
@click.argument("number")
@click.option("--find", "finds", multiple=True, required=True, help="Number or name of a find; once for each.")
@shared_options
def include(context: Context, number: str, finds: tuple[str, ...]) -> None:
    """Tell the team that has a task of finds that other teams logged; its own finds it has already."""
    with context.workspace() as ws:
        names = [records.find_by(ws, find, "find").name for find in finds]
        made = task_items.include(ws, records.find_by(ws, number, "task").name, names)
        said = context.texts.plural(N_("The team is told of {count} find."), N_("The team is told of {count} finds."),
                                    len(made))  # fmt: skip
        context.document({"records": [records.as_json(record) for record in made]}, said)


@click.command("items")
@click.argument("number")
@shared_options
def items(context: Context, number: str) -> None:
    """The finds of other teams that a task is about."""
    with context.workspace() as ws:
        rows = task_items.items_of(ws, records.find_by(ws, number, "task").name)
        heads = [context.texts(one) for one in (N_("No."), N_("Quantity"), N_("Where it is"))]
        cells = [[str(row["number"] or ""), f"{row['quantity'] or 0:g}", str(row["store"] or "")] for row in rows]
        context.document({"items": [records.row_as_json(row) for row in rows]}, *table(heads, cells))


TASK_COMMANDS: tuple[click.Command, ...] = (assign, status, remaining_area, import_file, current, include, items)
"""Commands of a task beside those of every kind."""
