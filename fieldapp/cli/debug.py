"""``fieldapp debug merge``: event vectors through the product's own segment codec and storage."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fieldapp.cli.output import Context, shared_options
from fieldapp.operations.debugging import merge_vectors


@click.group()
def debug() -> None:
    """For testing this program."""


@debug.command("merge")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@shared_options
def merge(context: Context, file: Path) -> None:
    """Merge the events of each vector, unsigned, in a throw-away workspace, and print the results."""
    try:
        vectors = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.BadParameter(f"{file} is not JSON") from error
    results = merge_vectors(vectors if isinstance(vectors, list) else [vectors])
    context.as_json = True
    context.document({"vectors": results})
