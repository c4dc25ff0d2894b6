"""``fieldapp hq forks|reenrol|odd-dates`` and ``fieldapp shift-dates``: copied laptops and wrong clocks."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from fieldapp.cli.headquarters import hq
from fieldapp.cli.output import Context, shared_options, table
from fieldapp.operations import forks, odd_dates
from fieldapp.operations.odd_dates import REASONS
from fieldapp.texts import N_


@hq.command("forks")
@shared_options
def list_forks(context: Context) -> None:
    """Logs that two machines write, with what each wrote since, and the next step."""
    with context.workspace() as ws:
        found, texts = forks.forks(ws), context.texts
        heads = [texts(N_("Device")), texts(N_("Laptop")), texts(N_("Entries")), texts(N_("Last entry")),
                 texts(N_("Records")), texts(N_("Head"))]
        rows = [
            [fork.device, fork.name, str(branch.entries), branch.last_at, str(len(branch.records)), branch.head[:12]]
            for fork in found
            for branch in fork.branches
        ]
        open_forks = any(not fork.cut_off for fork in found)
        context.document(
            {"forks": [asdict(fork) for fork in found]},
            *table(heads, rows),
            *([texts(forks.NEXT_STEP)] if open_forks else []),
        )


@hq.command("reenrol")
@click.argument("device")
@click.option("--to", "to", required=True, type=click.Path(path_type=Path), help="The .fieldinvite file to write.")
@click.option("--keep", multiple=True, help="Beginning of the head of a branch that goes on counting (default: all).")
@click.option("--why", required=True, help="The reason.")
@shared_options
def reenrol(context: Context, device: str, to: Path, keep: tuple[str, ...], why: str) -> None:
    """Cut a copied laptop's old key off after what came, and write a fresh invitation for one machine."""
    with context.workspace() as ws:
        target = to if to.suffix == ".fieldinvite" else to / f"{device}.fieldinvite"
        invitation = forks.reenrol(ws, device, target, why, keep=keep)
        context.document(
            {"device": device, "file": str(target), "team": invitation.team, "until": invitation.until},
            context.texts(N_("{device} is cut off."), device=device),
            context.texts(N_("Invitation for {team}, to be used until {until}: {file}"), team=invitation.team,
                          until=invitation.until, file=target),
            context.texts(forks.ON_THE_MACHINE),
        )


@hq.command("odd-dates")
@shared_options
def list_odd_dates(context: Context) -> None:
    """Records whose date is not plausible, with the log and number that shift-dates wants."""
    with context.workspace() as ws:
        found, texts = odd_dates.odd_dates(ws), context.texts
        heads = [texts(N_("Log")), texts(N_("No.")), texts(N_("Date")), texts(N_("Record")), texts(N_("Reason"))]
        context.document(
            {"odd_dates": [
                {"record": one.record, "day": one.day, "reason": one.reason, "stream": one.stream, "seq": one.seq,
                 "at": one.at, "by": one.by, "received_at": one.received_at}
                for one in found
            ]},
            *table(heads, [[one.stream, str(one.seq), one.day, one.record, texts(REASONS[one.reason])]
                           for one in found]),
        )


@hq.command("date-is-right")
@click.argument("records", nargs=-1, required=True)
@click.option("--why", required=True, help="How it was checked.")
@shared_options
def date_is_right(context: Context, records: tuple[str, ...], why: str) -> None:
    """Take records off the list of odd dates: somebody checked them, and they are right."""
    with context.workspace() as ws:
        checked = odd_dates.dismiss(ws, records, why)
        context.document(
            {"checked": [asdict(one) for one in checked]},
            context.texts.plural(N_("{count} date noted as right."), N_("{count} dates noted as right."),
                                 len(checked)),
        )


@click.command("shift-dates")
@click.argument("stream")
@click.option("--from", "first", required=True, type=click.IntRange(1), help="First number in the log.")
@click.option("--to", "last", required=True, type=click.IntRange(1), help="Last number in the log.")
@click.option("--by", "days", required=True, type=int, help="Days to add; negative to take away.")
@click.option("--why", required=True, help="The reason, shown to the team.")
@click.option("--dry-run", is_flag=True, help="Only say which dates would become which.")
@shared_options
def shift_dates(
    context: Context, stream: str, first: int, last: int, days: int, why: str, dry_run: bool
) -> None:
    """Shift the dates of the records that a stretch of a log began: a correction of each, with the reason."""
    with context.workspace() as ws:
        if dry_run:
            would = odd_dates.preview(ws, stream, first, last, days)
            context.document(
                {"stream": stream, "would_shift": [asdict(one) for one in would]},
                *(f"{one.record}: {one.before} \u2192 {one.after}" for one in would),
            )
            return
        done, texts = odd_dates.shift_dates(ws, stream, first, last, days, why), context.texts
        lines = [texts.plural(N_("{count} record corrected."), N_("{count} records corrected."), len(done.shifted))]
        lines += [texts(N_("{record}: its date is disputed. Settle it first."), record=name) for name in done.disputed]
        context.document({"stream": stream, "shifted": done.shifted, "disputed": done.disputed}, *lines)
