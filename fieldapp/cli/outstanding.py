"""``fieldapp outstanding`` and ``fieldapp disposal join``: what is found and not dealt with, and tags to join."""

from __future__ import annotations

import click

from fieldapp.cli.output import Context, place_as_typed, shared_options, table
from fieldapp.domain.lists_in_force import Lists
from fieldapp.operations import outstanding as books
from fieldapp.operations import records
from fieldapp.operations.errors import PeriodNotValid
from fieldapp.operations.outstanding import Item, Outstanding
from fieldapp.texts import N_, Texts, parse_day


@click.command("outstanding")
@click.option("--team", help="Only what this team found or holds.")
@click.option("--place", help="Only what was found in this district: its name or code.")
@click.option("--to", "until", help="At the end of this day, YYYY-MM-DD. Default: with everything known.")
@click.option("--limit", type=click.IntRange(1), help="So many lines of each list, the oldest first (default: all).")
@click.option("--offset", type=click.IntRange(0), default=0, help="Pass over so many lines of each list.")
@shared_options
def outstanding(
    context: Context, team: str | None, place: str | None, until: str | None, limit: int | None, offset: int
) -> None:
    """Items found and not neutralised or destroyed: where they are, for how long, and what is claimed twice."""
    if until is not None:
        try:
            parse_day(until)
        except ValueError as error:
            raise PeriodNotValid from error
    with context.workspace() as ws:
        code = place_as_typed(ws, place)
        found = books.outstanding(ws, team=team, place=code, until=until, limit=limit, offset=offset)
        context.document(books.as_json(found, context.texts), *_lines(found, context.texts, ws.lists))


def _lines(found: Outstanding, texts: Texts, lists: Lists) -> list[str]:
    if not (found.item_count or found.over_count or found.loose_count):
        return [texts(N_("Nothing is outstanding."))]
    heads = [texts(one) for one in (N_("No."), N_("What"), N_("Found"), N_("Left"), N_("Days"), N_("Where it is"))]
    lines = table(heads, [_item(one, texts, lists) for one in found.items])
    lines += [f"{one.number}: {books.over_claim(one, texts)}" for one in found.over]
    return lines + [f"{one.number}: {one.tag} - {texts(books.REASONS[one.reason])}" for one in found.loose]


def _item(one: Item, texts: Texts, lists: Lists) -> list[str]:
    named = ", ".join(books.model_name(lists, name, texts.language) for name, _ in one.models[:3])
    named += " \u2026" if len(one.models) > 3 else ""
    line = books.line_name(one.line, lists, texts)
    what = texts(N_("{what}: {items}"), what=line, items=named) if named else line
    where = "; ".join(
        " ".join(filter(None, (
            texts.number(held.quantity), lists.name("custody", held.state, texts.language), held.store,
            held.holder,
        )))
        for held in one.holdings
    )  # fmt: skip
    return [one.number, what, texts.number(one.found), texts.number(one.left), texts.number(one.age_days), where]


@click.command("join")
@click.argument("disposal")
@click.argument("find")
@click.option("--why", required=True, help="The reason; everyone can read it in the history.")
@shared_options
def join(context: Context, disposal: str, find: str, why: str) -> None:
    """Say which find a disposal is about, where its tag alone does not tell. The tag stays as written."""
    with context.workspace() as ws:
        record = books.join(ws, disposal, find, why)
        said = context.texts(N_("Saved: {number}"), number=record.fields["local_id"])
        context.document(records.as_json(record), said)
