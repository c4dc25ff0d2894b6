"""``fieldapp conflicts list|settle``: records on which two people said different things."""

from __future__ import annotations

import json
from typing import Any

import click

from fieldapp.cli.output import OPERATOR, Context, shared_options
from fieldapp.domain.canonical import canonical
from fieldapp.domain.lists_in_force import Lists
from fieldapp.operations import conflicts as differences
from fieldapp.operations import records
from fieldapp.operations.conflicts import Holder, Opened, Reading, Settled, Wanted
from fieldapp.operations.errors import ConflictGone
from fieldapp.operations.wording import group_name, group_words
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts


@click.group()
def conflicts() -> None:
    """Records on which two people said different things."""


@conflicts.command("list")
@click.option("--kind", default="", help="Only on records of this kind (find, plot, ...).")
@click.option("--team", default="", help="Only on records of this team.")
@click.option("--older-than", "days", type=click.IntRange(0), default=0, help="Only those open for so many days.")
@click.option("--limit", type=click.IntRange(1), help="So many lines, the longest open first (default: all).")
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out so many lines at the beginning.")
@shared_options
def list_conflicts(context: Context, kind: str, team: str, days: int, limit: int | None, offset: int) -> None:
    """All readings, the more dangerous one, which is shown until it is settled, first; what is alike together.

    The number before each is what settle --alike wants: it stands for exactly the records that are listed.
    """
    wanted = Wanted(kind, team, days)
    with context.workspace() as ws:
        part = differences.part(ws, wanted, limit=limit, offset=offset)
        found = [one for line in part.lines if (one := differences.opened(ws, line.alike.alike, wanted))]
        texts = context.texts
        lines = [line for one in found for line in _lines(one, texts, ws.lists)]
        context.document(
            {
                "conflicts": differences.plain(ws, part.lines, wanted),
                "groups": [_as_json(one, texts, ws.lists) for one in found],
                "total": {"conflicts": part.conflicts, "groups": part.groups},
            },
            *lines,
            texts.plural(N_("{count} difference is open"), N_("{count} differences are open"), part.conflicts),
        )


def _as_json(one: Opened, texts: Texts, lists: Lists) -> dict[str, Any]:
    document = differences.as_json(one)
    for reading in document["readings"]:
        reading["words"] = group_words(document["kind"], document["group"], reading["value"], texts, lists)
    return document


def _lines(one: Opened, texts: Texts, lists: Lists) -> list[str]:
    alike = one.line.alike
    numbers = ", ".join(record.number for record in one.records)
    if one.more:
        numbers = texts(N_("{numbers} and {count} more"), numbers=numbers, count=texts.number(one.more))
    about = texts(N_("{field} of {numbers}"), field=group_name(alike.kind, alike.group, texts), numbers=numbers)
    age = texts(N_("since {when}"), when=alike.since or "?")
    return [
        f"{one.id}  {about}, {age}",
        *(f"  {place}. {_reading(one, reading, texts, lists)}" for place, reading in enumerate(one.readings, 1)),
    ]


def _reading(one: Opened, reading: Reading, texts: Texts, lists: Lists) -> str:
    words = group_words(one.line.alike.kind, one.line.alike.group, reading.value, texts, lists)
    if reading.dangerous:
        words = texts(N_("{reading} (more dangerous: shown until settled)"), reading=words)
    elif reading.shown:
        words = texts(N_("{reading} (shown until settled)"), reading=words)
    said = "; ".join(dict.fromkeys(_holder(holder, texts) for holder in reading.holders))
    return f"{words}: {said}"


def _holder(holder: Holder, texts: Texts) -> str:
    where = texts(N_("Headquarters")) if holder.hq else ", ".join((*holder.teams, holder.laptop))
    return " \u00b7 ".join(part for part in (holder.by, where, holder.at, holder.why) if part)


@conflicts.command("settle")
@click.argument("record", required=False)
@click.argument("group", required=False)
@click.option("--reading", type=int, help="Number of the reading in the list, from 1.")
@click.option("--value", help="Another value, as JSON.")
@click.option("--alike", help="The number a list gave: settles exactly the records that were listed under it.")
@click.option("--kind", default="", help="With --alike: as in the list.")
@click.option("--team", default="", help="With --alike: as in the list.")
@click.option("--older-than", "days", type=click.IntRange(0), default=0, help="With --alike: as in the list.")
@click.option("--why", required=True, help="The reason.")
@shared_options
def settle(context: Context, record: str | None, group: str | None, reading: int | None, value: str | None,
           alike: str | None, kind: str, team: str, days: int, why: str) -> int:
    """Choose one reading, with a reason: of one RECORD and GROUP, or of all records listed as alike."""
    with context.workspace() as ws:
        if alike is not None:
            if record or group:
                raise click.UsageError("--alike stands instead of RECORD and GROUP")
            shown = differences.by_id(ws, alike, Wanted(kind, team, days))
            return _settle_alike(context, ws, shown, reading, value, why)
        if not (record and group):
            raise click.UsageError("RECORD and GROUP are needed, or --alike")
        found = records.find_by(ws, record)
        readings = next((c.readings for c in found.conflicts if c.group == group), [])
        if not readings and value is None:
            raise ConflictGone(name=f"{record} {group}")
        settled = records.settle(ws, found.name, group, _chosen(readings, reading, value), why)
        context.document(records.as_json(settled), context.texts(N_("Settled: {number}"), number=record))
        return 0


def _settle_alike(
    context: Context, ws: Workspace, shown: Opened, reading: int | None, value: str | None, why: str
) -> int:
    readings = [one.value for one in shown.readings]
    done = differences.settle(
        ws, shown.line.alike.group, _chosen(readings, reading, value), why, heads=shown.heads, readings=readings
    )
    context.document(_settled_as_json(done), *_settled_lines(done, shown, context.texts))
    return OPERATOR if done.still_open or done.gone else 0


def _settled_as_json(done: Settled) -> dict[str, Any]:
    return {
        "group": done.group, "value": done.value, "settled": sorted(done.done), "still_open": list(done.still_open),
        "gone": list(done.gone),
    }


def _settled_lines(done: Settled, shown: Opened, texts: Texts) -> list[str]:
    number = {record.name: record.number for record in shown.records}
    return [
        *(texts(N_("Settled: {number}"), number=number[name]) for name in done.done),
        *(texts(N_("{number}: another reading came meanwhile. It is still open."), number=number[name])
          for name in done.still_open),
        *(texts(N_("{number}: settled by somebody else meanwhile."), number=number[name]) for name in done.gone),
    ]


def _chosen(readings: list[Any], reading: int | None, value: str | None) -> Any:
    if value is not None:
        return _value(value)
    if reading is None or not 1 <= reading <= len(readings):
        raise click.UsageError("--reading must be the number of a reading in the list")
    return readings[reading - 1]


def _value(text: str) -> Any:
    try:
        value = json.loads(text)
        canonical(value)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not JSON", param_hint="--value") from error
    return value
