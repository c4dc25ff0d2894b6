"""``fieldapp report weekly`` and ``fieldapp export csv|geojson``."""

from __future__ import annotations

from pathlib import Path

import click

from fieldapp.cli.output import Context, shared_options
from fieldapp.operations import flat_files
from fieldapp.operations import reports as made
from fieldapp.operations.entry import ENTERED
from fieldapp.texts import N_


@click.group()
def report() -> None:
    """Reports."""


@report.command("weekly")
@click.option("--from", "first", help="First day (YYYY-MM-DD). Without days: the last whole week.")
@click.option("--to", "last", help="Last day.")
@click.option("--places-on", "places_on", help="Districts by the list in force on this day (YYYY-MM-DD).")
@click.option("--format", "form", type=click.Choice(made.FORMATS), default=None)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@shared_options
def weekly(context: Context, first: str | None, last: str | None, places_on: str | None, form: str | None,
           out: Path | None) -> None:
    """AP mines, AT mines, UXO found and neutralised, hectares by release type, and how complete it all is."""
    with context.workspace() as ws:
        start, end = made.period(first, last, ws.clock.now().date())
        chosen = form or ("json" if context.as_json else "text")
        weekly_report = made.weekly(ws, start, end, made.day_of(places_on) if places_on else None)
        text = made.render(weekly_report, chosen, context.language or "en")
        if out is None:
            click.echo(text, nl=not text.endswith("\n"))
        else:
            flat_files.write(out, text.encode())
            context.document({"file": str(out)}, context.texts(N_("Written: {file}"), file=out))


@click.command()
@click.argument("form", type=click.Choice(["csv", "geojson"]))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--kind", type=click.Choice(["find", "plot", *ENTERED]), default="find", show_default=True)
@shared_options
def export(context: Context, form: str, file: Path, kind: str) -> None:
    """Write records to a flat file. It is not encrypted."""
    with context.workspace() as ws:
        count = flat_files.export(ws, kind, form, file)
        context.document(
            {"file": str(file), "records": count},
            context.texts.plural("{count} record written, not encrypted.", "{count} records written, not encrypted.",
                                 count),
        )
