"""``fieldapp lists show|add|change|withdraw|unmapped|map|unmap|unknown``: the reference lists.

The options of ``add`` and ``change`` derive from the declarations of the list's records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from fieldapp.cli.output import Context, shared_options, table
from fieldapp.domain.kinds import Field, FieldType
from fieldapp.domain.lists_in_force import KIND_OF_LIST
from fieldapp.domain.registry import KINDS
from fieldapp.operations import lists as reference
from fieldapp.operations import not_in_list
from fieldapp.texts import N_

_SPELLINGS = {"aliases": "alias", "variants": "spelling"}
_APART = frozenset(("withdrawn", "vocabulary", "code"))


@click.group("lists")
def lists() -> None:
    """Reference lists: ordnance models, places, organisations, teams, people, vocabularies."""


@lists.command("show")
@click.argument("list_name", metavar="LIST", type=click.Choice(reference.LIST_NAMES))
@click.argument("code", required=False)
@click.option("--search", "text", default="", help="Only entries whose code, names or spellings hold this text.")
@click.option("--of", "part", default="", help="Of the vocabularies, only this one.")
@click.option("--offered", is_flag=True, help="Without those that were withdrawn.")
@shared_options
def show(context: Context, list_name: str, code: str | None, text: str, part: str, offered: bool) -> None:
    """The entries in force: as shipped, with what headquarters added or changed."""
    with context.workspace() as ws:
        found = [reference.entry(ws, list_name, code)] if code else reference.entries(
            ws, list_name, text=text, withdrawn=not offered, part=part
        )  # fmt: skip
        rows = [[one.code, one.name(context.texts.language), one.origin, "-" if one.withdrawn else ""] for one in found]
        context.document(
            {"list": list_name, "entries": [reference.as_json(one) for one in found],
             "headquarters_at": ws.meta("hq_at") or None},
            *table([*(context.texts(head) for head in (N_("Code"), N_("Name"), N_("Origin"))), ""], rows),
        )  # fmt: skip


def _options(list_name: str) -> list[Field]:
    return [field for field in KINDS[KIND_OF_LIST[list_name]].fields if field.name not in _APART]


def _with_options(list_name: str, command: Callable[..., Any]) -> Callable[..., Any]:
    for field in reversed(_options(list_name)):
        if field.name in _SPELLINGS:
            command = click.option("--" + _SPELLINGS[field.name], field.name, multiple=True,
                                   help=f"{field.names.en}; once for each. They take the place of those given before.",
                                   )(command)
        elif field.type is FieldType.SHAPE:
            command = click.option("--formed-from", field.name, multiple=True, metavar="CODE[=KM2]",
                                   help="A place it was formed from, with the area; once for each.")(command)
        else:
            command = click.option("--" + field.name.replace("_", "-"), field.name, help=f"{field.names.en}.")(command)
    return command


def _fields(given: Mapping[str, Any]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in given.items():
        if value in (None, ()):
            continue
        if name == "formed_from":
            parts = [text.partition("=") for text in value]
            fields[name] = [{"place": code, "area_km2": area} if area else {"place": code} for code, _, area in parts]
        else:
            fields[name] = list(value) if isinstance(value, tuple) else value
    return fields


def _say(context: Context, one: reference.Listed, language: str) -> None:
    context.document(
        reference.as_json(one), context.texts(N_("{code}: {name}"), code=one.code, name=one.name(language))
    )


def _add(list_name: str) -> click.Command:
    @click.command(list_name, help=f"Add an entry: {KINDS[KIND_OF_LIST[list_name]].names.en.lower()}.")
    @click.option("--code", default="", help="Its code; made from the name where none is given.")
    @click.option("--of", "part", required=list_name == "vocabulary", default=None, hidden=list_name != "vocabulary",
                  help="The vocabulary it belongs to.")
    @click.option("--why", default="", help="A reason, for the history.")
    @shared_options
    def command(context: Context, code: str, part: str | None, why: str, **given: Any) -> None:
        with context.workspace() as ws:
            one = reference.add(ws, list_name, _fields(given), code=code, why=why, part=part or "")
            _say(context, one, ws.language)

    return _with_options(list_name, command)  # type: ignore[return-value]  # click decorates commands too


def _change(list_name: str) -> click.Command:
    @click.command(list_name, help=f"Change an entry: {KINDS[KIND_OF_LIST[list_name]].names.en.lower()}.")
    @click.argument("code")
    @click.option("--why", required=True, help="The reason.")
    @shared_options
    def command(context: Context, code: str, why: str, **given: Any) -> None:
        with context.workspace() as ws:
            _say(context, reference.change(ws, list_name, code, _fields(given), why), ws.language)

    return _with_options(list_name, command)  # type: ignore[return-value]  # click decorates commands too


_adding = click.Group("add", help="Headquarters adds an entry. Every laptop gets it with its return bundle.")
_changing = click.Group("change", help="Headquarters changes an entry, with a reason (a vocabulary: NAME/CODE).")
for _name in reference.LIST_NAMES:
    _adding.add_command(_add(_name))
    _changing.add_command(_change(_name))
lists.add_command(_adding)
lists.add_command(_changing)


@lists.command("withdraw")
@click.argument("list_name", metavar="LIST", type=click.Choice(reference.LIST_NAMES))
@click.argument("code")
@click.option("--why", required=True, help="The reason.")
@click.option("--back", is_flag=True, help="Offer it again.")
@shared_options
def withdraw(context: Context, list_name: str, code: str, why: str, back: bool) -> None:
    """Offer an entry no more. Records that name it stay readable."""
    with context.workspace() as ws:
        _say(context, reference.withdraw(ws, list_name, code, why, back=back), ws.language)


@lists.command("unmapped")
@shared_options
def unmapped(context: Context) -> None:
    """Models in records that are not in the list: texts as typed, spelled alike together."""
    with context.workspace() as ws:
        found = not_in_list.unmapped(ws)
        rows = [[one.text, str(one.records), ", ".join(one.teams), ", ".join(one.examples)] for one in found]
        context.document(
            {"unmapped": [not_in_list.unmapped_as_json(one) for one in found],
             "mapped": [{"text": text, "model": code} for text, code in not_in_list.mapped(ws)]},
            *table([context.texts(head) for head in (N_("As typed"), N_("Records"), N_("Teams"), N_("For example"))],
                   rows),
        )  # fmt: skip


@lists.command("unknown")
@shared_options
def unknown(context: Context) -> None:
    """Codes in records that nobody here knows, and what to do. They go once the list has them."""
    with context.workspace() as ws:
        found = not_in_list.unknown(ws)
        shown = [
            not_in_list.unknown_as_json(one) | {"do": context.texts(not_in_list.WHAT_TO_DO[one.list_name])}
            for one in found
        ]
        rows = [[one["part"] or one["list_name"], one["code"], str(one["records"]), ", ".join(one["teams"]), one["do"]]
                for one in shown]
        heads = [context.texts(head) for head in (N_("List"), N_("Code"), N_("Records"), N_("Teams"))]
        context.document({"unknown": shown}, *table([*heads, ""], rows))


@lists.command("map")
@click.argument("text")
@click.option("--to", "code", help="The model it means: its code.")
@click.option("--new", is_flag=True, help="Add a model of this name instead.")
@click.option("--category", help="Category of the new model.")
@click.option("--sub-category", "sub_category", help="Sub-category of the new model.")
@click.option("--code", "new_code", default="", help="Code of the new model.")
@click.option("--why", default="", help="A reason, for the history.")
@shared_options
def map_text(context: Context, text: str, code: str | None, new: bool, category: str | None, sub_category: str | None,
             new_code: str, why: str) -> None:
    """Say once what a text means: every record with it resolves, here and on every laptop. The text is kept."""
    if (code is None) is not new:
        raise click.UsageError("name the model with --to, or add it with --new")
    with context.workspace() as ws:
        if code is not None:
            one = not_in_list.map_text(ws, text, code, why)
        else:
            fields = {"category": category, "sub_category": sub_category}
            one = not_in_list.map_to_new(ws, text, dict(fields), code=new_code, why=why)
        _say(context, one, ws.language)


@lists.command("unmap")
@click.argument("text")
@click.option("--why", required=True, help="The reason.")
@shared_options
def unmap(context: Context, text: str, why: str) -> None:
    """Take a mapping back: records with the text are not in the list again."""
    with context.workspace() as ws:
        _say(context, not_in_list.unmap(ws, text, why), ws.language)
