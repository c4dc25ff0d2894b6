"""``fieldapp bundle watch``: a folder whose bundles are taken in as they appear."""

from __future__ import annotations

import time
from pathlib import Path

import click

from fieldapp.cli.bundles import preview_lines
from fieldapp.cli.output import OPERATOR, Context, shared_options, wait_option
from fieldapp.operations import watching
from fieldapp.operations.imports import Outcome
from fieldapp.operations.watching import Seen
from fieldapp.sync.errors import StickError
from fieldapp.texts import N_


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--once", is_flag=True, help="Take in what is complete now, then end.")
@click.option("--every", "seconds", type=click.FloatRange(0.1, 3600), default=watching.LOOK_EVERY_SECONDS,
              show_default=True, help="Seconds between two looks.")
@wait_option
@shared_options
def watch(context: Context, folder: Path, once: bool, seconds: float, wait_seconds: float) -> int:
    """Take in bundles as they appear in a folder, until Ctrl+C. Nothing in it is moved or deleted.

    The workspace is open only while something is taken in, so that other commands can work meanwhile.
    """
    with context.workspace(wait_seconds) as ws:
        ws.require_hq()
        seen = watching.recall(ws, folder)
    outcomes: list[Outcome] = []
    try:
        if once:
            watching.look_in(folder, seen)
            time.sleep(seconds)
            outcomes += _look(context, folder, seen, wait_seconds)
        while not once:
            outcomes += _look_again(context, folder, seen, wait_seconds)
            time.sleep(seconds)
    except KeyboardInterrupt:
        pass  # the way to end it
    lines = [line for outcome in outcomes for line in preview_lines(outcome, context.texts)] if once else []
    waiting = [context.texts(N_("{file}: not complete yet"), file=name) for name in seen.waiting]
    context.document(
        {"folder": str(folder), "bundles": [outcome.as_json() for outcome in outcomes], "waiting": seen.waiting},
        *lines, *waiting,
    )
    return OPERATOR if any(outcome.status == "refused" for outcome in outcomes) else 0


def _look_again(context: Context, folder: Path, seen: Seen, wait_seconds: float) -> list[Outcome]:
    """One look of many: a stick that is out is waited for, and what came in is said at once."""
    try:
        outcomes = _look(context, folder, seen, wait_seconds)
    except StickError:
        return []
    if not context.as_json:
        for outcome in outcomes:
            click.echo("\n".join(preview_lines(outcome, context.texts)))
    return outcomes


def _look(context: Context, folder: Path, seen: Seen, wait_seconds: float) -> list[Outcome]:
    ready = watching.look_in(folder, seen)
    if not ready:
        return []
    with context.workspace(wait_seconds) as ws, context.progress() as progress:
        taken = watching.take_in(ws, ready, seen, progress=progress)
        watching.remember(ws, folder, seen)
    return taken.outcomes
