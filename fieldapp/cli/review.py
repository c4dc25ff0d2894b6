"""``fieldapp review list|sign-off|approve|query|reject|ask|questions|answer|close``."""

from __future__ import annotations

import click

from fieldapp.cli.output import Context, shared_options, table
from fieldapp.cli.questions import answer, ask, close, questions
from fieldapp.operations import records
from fieldapp.operations import review as reviews
from fieldapp.operations.workspace import Workspace


@click.group()
def review() -> None:
    """Sign-off by the team, decisions by headquarters."""


def _chosen(ws: Workspace, numbers: tuple[str, ...], everything: bool, team: str | None, since: str | None,
            until: str | None, kind: str) -> list[str]:
    names = [records.find_by(ws, number).name for number in numbers]
    if everything:
        waiting = [row.name for row in reviews.undecided(ws, kind, owner=team, since=since, until=until)]
        names += waiting if kind == "decision" else reviews.complete(ws, waiting)
    return names


def _verb(name: str, verdict: str | None, text: str) -> click.Command:
    kind = "decision" if verdict else "sign_off"

    @click.command(name, help=text)
    @click.argument("numbers", nargs=-1)
    @click.option("--all", "everything", is_flag=True, help="All records that wait.")
    @click.option("--team")
    @click.option("--from", "since", help="First day.")
    @click.option("--to", "until", help="Last day.")
    @click.option("--remark", default="")
    @shared_options
    def command(context: Context, numbers: tuple[str, ...], everything: bool, team: str | None, since: str | None,
                until: str | None, remark: str) -> None:
        with context.workspace() as ws:
            names = _chosen(ws, numbers, everything, team, since, until, kind)
            written = reviews.decide(ws, names, verdict, remark) if verdict else reviews.sign_off(ws, names)
            context.document(
                {"judged": names, "written": written},
                context.texts.plural("{count} record judged.", "{count} records judged.", len(names)),
            )

    return command


for made in (
    _verb("sign-off", None, "The team signs records off as they are now."),
    _verb("approve", "approved", "Headquarters approves records as they are now."),
    _verb("query", "queried", "Headquarters asks about records; say what with --remark."),
    _verb("reject", "rejected", "Headquarters rejects records; say why with --remark."),
):
    review.add_command(made)

for thread_command in (ask, questions, answer, close):
    review.add_command(thread_command)


@review.command("list")
@click.option("--team")
@shared_options
def list_waiting(context: Context, team: str | None) -> None:
    """Records that no current decision of headquarters judges."""
    with context.workspace() as ws:
        rows = reviews.undecided(ws, "decision", owner=team)
        shown = [records.row_as_json(row) for row in rows]
        context.document(
            {"records": shown},
            *table(["record", "number"], [[one["record"], str(one.get("local_id") or "")] for one in shown]),
        )
