"""``fieldapp programme progress``."""

from __future__ import annotations

import click

from fieldapp.cli.output import Context, shared_options
from fieldapp.operations import programmes, records


@click.command("progress")
@click.argument("number")
@shared_options
def progress(context: Context, number: str) -> None:
    """Approved ground of a programme against its target, and what waits for approval."""
    with context.workspace() as ws:
        record = records.find_by(ws, number, "programme")
        found = programmes.progress(ws, record.name)
        context.document(
            programmes.as_json(record, found), str(record.fields.get("title") or record.name),
            *(f"{name}: {value}" for name, value in programmes.facts(found, context.texts)),
            *programmes.remarks(found, context.texts),
        )
