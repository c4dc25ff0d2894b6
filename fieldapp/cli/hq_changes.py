"""``fieldapp hq-changes list|seen``: what headquarters changed in this team's records."""

from __future__ import annotations

import click

from fieldapp.cli.output import Context, shared_options
from fieldapp.domain.lists_in_force import Lists
from fieldapp.operations import hq_changes as changed
from fieldapp.operations import records
from fieldapp.operations.hq_changes import HqChange
from fieldapp.operations.wording import group_name, group_words
from fieldapp.texts import N_, Texts

WHAT = {
    changed.CORRECTED: N_("HQ changed {number}"),
    changed.SETTLED: N_("HQ settled {number}"),
    changed.RETRACTED: N_("HQ retracted {number}"),
    changed.RESTORED: N_("HQ restored {number}"),
}


@click.group("hq-changes")
def hq_changes() -> None:
    """What headquarters changed in this team's records, until somebody here has seen it."""


@hq_changes.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what was seen already.")
@shared_options
def list_changes(context: Context, everything: bool) -> None:
    """Changes of headquarters with old and new value, who, when and why; newest first."""
    with context.workspace() as ws:
        ws.require_field()
        found, texts = changed.listed(ws, seen=everything), context.texts
        lines = [line for one in found for line in _lines(one, texts, ws.lists)]
        context.document(
            {"changes": [changed.as_json(one) for one in found]},
            *(lines or [texts(N_("Headquarters changed nothing that was not seen here."))]),
        )


def _lines(one: HqChange, texts: Texts, lists: Lists) -> list[str]:
    who = " \u00b7 ".join(part for part in (texts(WHAT[one.what], number=one.number), one.by, one.at) if part)
    lines = [texts(N_("{change}: {reason}"), change=who, reason=one.why)]
    for group, change in one.changes.items():
        old = "; ".join(group_words(one.row.kind, group, value, texts, lists) for value in change.before)
        new = group_words(one.row.kind, group, change.after, texts, lists)
        lines.append(f"  {group_name(one.row.kind, group, texts)}: {old or '-'} -> {new}")
    return lines


@hq_changes.command("seen")
@click.argument("numbers", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All of them.")
@shared_options
def mark_seen(context: Context, numbers: tuple[str, ...], everything: bool) -> None:
    """Somebody here has looked at what headquarters changed in these records; they are not shown again."""
    if bool(numbers) == everything:
        raise click.UsageError("name records, or --all")
    with context.workspace() as ws:
        names = {records.find_by(ws, number).name for number in numbers}
        events = None if everything else [one.event for one in changed.listed(ws) if one.record in names]
        seen = changed.mark_seen(ws, events)
        context.document(
            {"seen": seen}, context.texts.plural(N_("{count} change seen."), N_("{count} changes seen."), seen)
        )
