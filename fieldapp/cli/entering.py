"""What the commands that enter records share: options from declarations, values as typed, what was saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from fieldapp.cli.output import Context, place_as_typed
from fieldapp.domain.kinds import Field, FieldType, Kind
from fieldapp.domain.missed import ROUND
from fieldapp.domain.records.shared import POSITION
from fieldapp.domain.vocabulary import vocabulary
from fieldapp.operations import checks_of_records, doubts, missed, positions, records
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record
from fieldapp.texts import N_, Texts

CHECKED = ("find", "plot")
"""Kinds whose records are checked when they are saved; of areas their own command says it before."""
SAID = frozenset((
    "too_few_points", "zero_area", "self_crossing", "parts_overlap", "closing_point_repeated", "first_two_repeated",
    "repeated_point", "long_leg", "misclosure", "wide_misclosure", "swapped_axes", "outside_work_area", "no_outline",
    "no_position", "no_date",
))
"""Rules whose sentence the readings of a typed position or outline say already, and what is asked for at sign-off."""


def field_options(kind: Kind, command: Callable[..., Any]) -> Callable[..., Any]:
    """One option for each field that people type, in declared order."""
    for field in reversed(kind.fields):
        if field.type is FieldType.SHAPE or field.name in ("area_m2", "perimeter_m"):  # the outline's
            continue
        if not field.in_form and not field.exported:  # the name of a sealed part is nobody's to type
            continue
        option = "--" + field.name.replace("_", "-")
        command = click.option(option, field.name, help=_help(field))(command)
    return command


def _help(field: Field) -> str:
    codes = vocabulary(field.vocabulary).codes if field.vocabulary not in (None, "model", "place") else ()
    shown = ", ".join(codes[:12])
    if field.vocabulary == "place":
        return f"{field.names.en}: its name or code."
    return f"{field.names.en}." + (f" One of: {shown}." if shown else "")


def given_fields(ws: Workspace, options: Mapping[str, Any]) -> dict[str, object]:
    """The fields among the options that were given; a district by its name too."""
    given = {name: value for name, value in options.items() if value is not None}
    if "place" in given:
        given["place"] = place_as_typed(ws, given["place"])
    return given


_POSITION = frozenset(field.name for field in POSITION.fields)


def typed_position(
    context: Context, ws: Workspace, given: Mapping[str, object], position: str | None, system: str
) -> None:
    """Print what is to be looked at in a typed position. Raises UsageError for parts of another one beside it."""
    if not position:
        return
    others = sorted(given.keys() & _POSITION)
    if others:
        raise click.UsageError(f"--at is a position of its own: --{others[0].replace('_', '-')} is of another")
    for note in positions.read(position, positions.frame_of(ws), system).understood.notes:
        click.echo(note.sentence(context.texts), err=True)


def print_saved(context: Context, ws: Workspace, record: Record) -> None:
    """Print a saved record; what is doubtful of it, and what the checks find, goes to standard error."""
    for doubt in doubts.of_record(ws, record):
        click.echo(doubt, err=True)
    for sentence in _findings(ws, record, context.texts):
        click.echo(sentence, err=True)
    context.document(records.as_json(record), saved_line(context.texts, record), *_where_lines(context, ws))


def _findings(ws: Workspace, record: Record, texts: Texts) -> list[str]:
    if record.kind not in CHECKED or record.retracted:
        return []
    inside = missed.of_find(ws, record.name) if record.kind == "find" else []
    found = checks_of_records.of_named_records(ws, [record.name])
    return [
        *(one.sentence(texts) for one in inside if one.level != ROUND),
        *(one.sentence(texts) for one in found if one.rule not in SAID and not (inside and one.rule == "missed_item")),
    ]  # fmt: skip


def saved_line(texts: Texts, record: Record) -> str:
    """That it was saved, by its number."""
    number = record.fields.get("local_id") or record.name
    return texts(N_("Saved: {number}"), number=number)


def _where_lines(context: Context, ws: Workspace) -> list[str]:
    if ws.role == "field" and ws.deployment is None:
        return [context.texts(N_("Saved on this laptop. Not at any headquarters yet."))]
    return []
