"""``fieldapp settings show|set|reset`` and ``fieldapp systems show|add|change|withdraw``."""

from __future__ import annotations

from typing import Any

import click

from fieldapp.cli.output import Context, shared_options, table
from fieldapp.domain.settings import DATUM_OPERATION, SETTINGS
from fieldapp.operations import positions
from fieldapp.operations import settings as settled
from fieldapp.operations.settings import Defined, InForce
from fieldapp.texts import N_

ORIGINS = {"shipped": N_("as shipped"), "own": N_("set on this laptop"), "hq": N_("set by headquarters")}
_CODES = click.Choice(list(SETTINGS))


@click.group("settings")
def settings() -> None:
    """What holds for the whole deployment: datum operation, work area, misclosure, abandoned ordnance."""


def _as_json(one: InForce, context: Context) -> dict[str, Any]:
    return {
        "code": one.setting.code, "value": one.value, "origin": one.origin, "default": one.setting.default,
        "name": context.texts(one.setting.name), "help": context.texts(one.setting.help),
        "choices": [code for code, _word in one.setting.choices],
    }  # fmt: skip


@settings.command("show")
@shared_options
def show(context: Context) -> None:
    """The settings in force, and who set them."""
    with context.workspace() as ws:
        found = settled.all_settings(ws)
        texts = context.texts
        rows = [[one.setting.code, one.value, texts(ORIGINS[one.origin]), texts(one.setting.name)] for one in found]
        context.document(
            {"settings": [_as_json(one, context) for one in found]},
            *table([texts(head) for head in (N_("Code"), N_("Value"), N_("Origin"), N_("Name"))], rows),
        )


def _say(context: Context, one: InForce) -> None:
    context.document(_as_json(one, context), f"{one.setting.code}: {one.value}")


@settings.command("set")
@click.argument("code", type=_CODES)
@click.argument("value")
@click.option("--why", default="", help="The reason (headquarters).")
@shared_options
def set_value(context: Context, code: str, value: str, why: str) -> None:
    """Give a setting another value; headquarters' reaches every laptop with its return bundle.

    datum-operation takes EPSG:15865, EPSG:1808, or "own x y z rx ry rz scale accuracy" (metres, arc seconds in the
    coordinate frame convention, ppm, metres). work-area takes south, west, north and east in degrees.
    """
    with context.workspace() as ws:
        one = settled.change(ws, code, value, why)
        own = positions.own_operation_of(ws) if code == DATUM_OPERATION else None
        lines = [own.sentence(context.texts)] if own is not None else []
        context.document(_as_json(one, context) | {"remarks": lines}, f"{one.setting.code}: {one.value}", *lines)


@settings.command("reset")
@click.argument("code", type=_CODES)
@click.option("--why", default="", help="The reason (headquarters).")
@shared_options
def reset(context: Context, code: str, why: str) -> None:
    """Put a setting back as shipped."""
    with context.workspace() as ws:
        _say(context, settled.reset(ws, code, why))


@click.group("systems")
def systems() -> None:
    """Coordinate systems that headquarters defines, beside those the program knows."""


def _system_json(one: Defined) -> dict[str, Any]:
    return {
        "code": one.code, "names": dict(one.names), "definition": one.definition, "operation": one.operation,
        "withdrawn": one.withdrawn,
    }  # fmt: skip


@systems.command("show")
@shared_options
def show_systems(context: Context) -> None:
    """The systems defined here; their codes can be named wherever a position is typed."""
    with context.workspace() as ws:
        found = settled.systems(ws, withdrawn=True)
        rows = [[one.code, one.name(ws.language), one.operation, "-" if one.withdrawn else ""] for one in found]
        heads = [context.texts(head) for head in (N_("Code"), N_("Name"), N_("Datum operation"))]
        context.document({"systems": [_system_json(one) for one in found]}, *table([*heads, ""], rows))


def _said(context: Context, one: Defined) -> None:
    context.document(_system_json(one), one.code)


_OPTIONS = (
    click.option("--name-en", "name_en", help="Name in English."),
    click.option("--name-az", "name_az", help="Name in Azerbaijani."),
    click.option("--name-ru", "name_ru", help="Name in Russian."),
    click.option("--definition", help="EPSG code, WKT, or PROJ string."),
    click.option("--operation", help="Datum operation, as the setting datum-operation is written."),
)


def _with_options(command: Any) -> Any:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@systems.command("add")
@click.argument("code")
@_with_options
@shared_options
def add(context: Context, code: str, **fields: str | None) -> None:
    """Define a system by an EPSG code, WKT or PROJ string; it is tried before it is written."""
    with context.workspace() as ws:
        _said(context, settled.add_system(ws, code, {k: v for k, v in fields.items() if v is not None}))


@systems.command("change")
@click.argument("code")
@_with_options
@click.option("--why", required=True, help="The reason.")
@shared_options
def change(context: Context, code: str, why: str, **fields: str | None) -> None:
    """Change a system. Stored positions keep what they were computed with."""
    with context.workspace() as ws:
        _said(context, settled.change_system(ws, code, {k: v for k, v in fields.items() if v is not None}, why))


@systems.command("withdraw")
@click.argument("code")
@click.option("--why", required=True, help="The reason.")
@click.option("--back", is_flag=True, help="Offer it again.")
@shared_options
def withdraw(context: Context, code: str, why: str, back: bool) -> None:
    """Offer a system no more."""
    with context.workspace() as ws:
        _said(context, settled.change_system(ws, code, {"withdrawn": not back}, why))
