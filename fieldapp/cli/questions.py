"""``fieldapp review ask|questions|answer|close``: headquarters' questions and the team's answers."""

from __future__ import annotations

from pathlib import Path

import click

from fieldapp.cli.output import Context, shared_options, table
from fieldapp.operations import questions as threads
from fieldapp.operations import records
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts

STATE_WORDS = {"open": N_("Unanswered"), "answered": N_("Answered"), "closed": N_("Closed")}


def _print_thread(context: Context, ws: Workspace, name: str) -> None:
    one = threads.thread(ws, name)
    said = context.texts(N_("{number}: {state}"), number=one.number, state=context.texts(STATE_WORDS[one.state]))
    context.document(threads.as_json(one), said)


@click.command("ask")
@click.argument("record")
@click.option("--text", required=True, help="The question.")
@shared_options
def ask(context: Context, record: str, text: str) -> None:
    """Headquarters asks the team of a record: its number, id or name."""
    with context.workspace() as ws:
        _print_thread(context, ws, threads.ask(ws, records.find_by(ws, record).name, text).name)


@click.command("questions")
@click.option("--state", "states", multiple=True, type=click.Choice(threads.STATES),
              help="Only threads in this state; may be given more than once.")
@click.option("--team", help="Only questions to this team.")
@shared_options
def questions(context: Context, states: tuple[str, ...], team: str | None) -> None:
    """Questions of headquarters with all that was said to them, newest first."""
    with context.workspace() as ws:
        found = [one for one in threads.threads(ws, states=states or threads.STATES) if team in (None, one.team)]
        shown = [_row(context.texts, one) for one in found]
        context.document(
            {"questions": [threads.as_json(one) for one in found]},
            *table([context.texts(head) for head in _HEADS], shown),
        )


_HEADS = (N_("Question"), N_("No."), N_("Team"), N_("State"), N_("Last said"))


def _row(texts: Texts, one: threads.Thread) -> list[str]:
    last = one.entries[0]
    return [one.name, one.number, one.team, texts(STATE_WORDS[one.state]), " ".join(f"{last.by}: {last.text}".split())]


@click.command("answer")
@click.argument("question")
@click.option("--text", default="", help="The answer.")
@click.option("--photo", type=click.Path(path_type=Path), help="A new photo of the record: JPEG or PNG.")
@click.option("--photo-record", help="A photo that is kept already: its id or name.")
@click.option("--correction", help="The event that corrected the record (see history).")
@click.option("--corrected", is_flag=True, help="Name the last correction of the record that was made here.")
@shared_options
def answer(context: Context, question: str, text: str, photo: Path | None, photo_record: str | None,
           correction: str | None, corrected: bool) -> None:
    """The team answers a question: its name or id, or the number of the record asked about."""
    with context.workspace() as ws:
        name = threads.find_thread(ws, question).name
        if corrected:
            correction = threads.own_correction(ws, name)
        kept = records.find_by(ws, photo_record, "photo").name if photo_record else None
        threads.answer(ws, name, text, photo=kept, photo_file=photo, correction=correction)
        _print_thread(context, ws, name)


@click.command("close")
@click.argument("question")
@click.option("--outcome", default="", help="What came of it; the team reads it.")
@shared_options
def close(context: Context, question: str, outcome: str) -> None:
    """Headquarters is done with a question: its name or id, or the number of the record asked about."""
    with context.workspace() as ws:
        name = threads.find_thread(ws, question).name
        threads.close(ws, name, outcome)
        _print_thread(context, ws, name)
