"""``fieldapp missed list|show|explain|note``: items found in ground that was released before (M18)."""

from __future__ import annotations

from typing import Any

import click

from fieldapp.cli.output import Context, shared_options, table
from fieldapp.domain.vocabulary import vocabulary
from fieldapp.operations import explaining, records
from fieldapp.operations.explaining import Alarm
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts


@click.group()
def missed() -> None:
    """Items found in ground that was released before: alarms that stay until a person explains them."""


@missed.command("list")
@click.option("--all", "everything", is_flag=True, help="Explained ones too.")
@click.option("--team", help="Only those whose find or plot is this team's.")
@shared_options
def list_missed(context: Context, everything: bool, team: str | None) -> None:
    """The missed items that nobody has explained; the newest find first."""
    with context.workspace() as ws, context.progress() as progress:
        found = explaining.every(ws, progress=lambda done, total: progress("", done, total))
        wanted = [one for one in found if (everything or one.open) and _is_of(one, team)]
        still_open = sum(one.open for one in wanted)
        context.document(
            {"missed": [explaining.as_json(ws, one) for one in wanted], "open": still_open},
            *_lines(ws, wanted, context.texts),
        )


def _is_of(alarm: Alarm, team: str | None) -> bool:
    return team is None or team in (alarm.find["owner"], alarm.plot["owner"])


def _lines(ws: Workspace, found: list[Alarm], texts: Texts) -> list[str]:
    if not found:
        return [texts(N_("No missed item."))]
    heads = [texts(one) for one in (N_("Find"), N_("Plot"), N_("State"), N_("What was known"))]
    return table(heads, [
        [one.number, one.plot_number, explaining.state(ws, one, texts), texts(explaining.ORDERS[one.pair.known])]
        for one in found
    ])


@missed.command("show")
@click.argument("find")
@click.option("--plot", help="The plot, where the find lies in several.")
@shared_options
def show(context: Context, find: str, plot: str | None) -> None:
    """One missed item, by the find's number: what is known of it, who explained it, notes."""
    with context.workspace() as ws:
        _print(context, ws, explaining.find_one(ws, find, plot))


def _print(context: Context, ws: Workspace, alarm: Alarm) -> None:
    texts = context.texts
    said: dict[str, Any] = explaining.as_json(ws, alarm)
    said["sentences"] = explaining.sentences(alarm, texts)
    lines = [*said["sentences"], *explaining.facts(alarm, texts)]
    lines += [explaining.explained_line(ws, one, texts) for one in alarm.explained]
    lines += [texts(N_("{by}: {text}"), by=one.by, text=one.text) for one in explaining.notes(ws, alarm)]
    context.document(said, *lines)


@missed.command("explain")
@click.argument("find")
@click.option("--plot", help="The plot, where the find lies in several.")
@click.option("--cause", required=True, type=click.Choice(vocabulary(explaining.CAUSES).codes))
@click.option("--text", required=True, help="How it came about, in words.")
@click.option("--visit", help="The quality visit that looked into it: its number or name.")
@click.option("--by", help="Name of who explains; else the person of this workspace.")
@shared_options
def explain(
    context: Context, find: str, plot: str | None, cause: str, text: str, visit: str | None, by: str | None
) -> None:
    """Headquarters explains a missed item as it is now, which closes it until the find or the plot changes."""
    with context.workspace() as ws:
        alarm = explaining.find_one(ws, find, plot)
        looked = records.find_by(ws, visit, "quality_visit").name if visit else None
        explaining.explain(ws, alarm, cause, text, visit=looked, by=by)
        _print(context, ws, explaining.find_one(ws, alarm.pair.find, alarm.pair.plot))


@missed.command("note")
@click.argument("find")
@click.option("--plot", help="The plot, where the find lies in several.")
@click.option("--text", required=True, help="What is known of it.")
@shared_options
def note(context: Context, find: str, plot: str | None, text: str) -> None:
    """Add what the team knows of a missed item; it closes nothing."""
    with context.workspace() as ws:
        alarm = explaining.find_one(ws, find, plot)
        explaining.add_note(ws, alarm, text)
        _print(context, ws, alarm)
