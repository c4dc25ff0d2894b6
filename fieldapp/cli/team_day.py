"""``fieldapp review day``: what each laptop of the team did on a day."""

from __future__ import annotations

from datetime import datetime

import click

from fieldapp.cli.output import Context, shared_options, table
from fieldapp.operations import known_point, team_day
from fieldapp.operations.team_day import LaptopDay
from fieldapp.texts import N_, Texts


@click.command("day")
@click.option("--date", "date", type=click.DateTime(["%Y-%m-%d"]), help="The day; else today.")
@shared_options
def day(context: Context, date: datetime | None) -> None:
    """Finds, plots, photos and the last record of each laptop of the team on a day; the known-point check.

    Laptops whose work is not collected yet are marked.
    """
    with context.workspace() as ws:
        wanted = date.date() if date else ws.clock.now().date()
        found = team_day.team_day(ws, wanted)
        checked = known_point.of_day(ws, wanted)
        said = context.texts(N_("Known point: {words}"), words=known_point.in_words(checked, context.texts))
        context.document(
            {
                "day": wanted.isoformat(), "laptops": [team_day.as_json(one) for one in found],
                "known_point": known_point.as_json(checked),
            },
            *table([*(context.texts(head) for head in _HEADS), ""], [_row(context.texts, one) for one in found]), said,
        )  # fmt: skip


_HEADS = (N_("Laptop"), N_("Finds"), N_("Plots"), N_("Photos"), N_("Last record"))


def _row(texts: Texts, one: LaptopDay) -> list[str]:
    state = texts(N_("Not collected today")) if one.missing else ""
    return [one.name or one.device, str(one.finds), str(one.plots), str(one.photos), one.last_number, state]
