"""``fieldapp hq odd-dates`` and ``fieldapp shift-dates``: dates that a wrong clock put into records."""

from __future__ import annotations

import click

from fieldapp.cli.headquarters import hq
from fieldapp.cli.output import Context, shared_options, table
from fieldapp.operations import odd_dates
from fieldapp.operations.odd_dates import REASONS
from fieldapp.texts import N_


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


@click.command("shift-dates")
@click.argument("stream")
@click.option("--from", "first", required=True, type=click.IntRange(1), help="First number in the log.")
@click.option("--to", "last", required=True, type=click.IntRange(1), help="Last number in the log.")
@click.option("--by", "days", required=True, type=int, help="Days to add; negative to take away.")
@click.option("--why", required=True, help="The reason, shown to the team.")
@shared_options
def shift_dates(context: Context, stream: str, first: int, last: int, days: int, why: str) -> None:
    """Shift the dates of the records that a stretch of a log began: a correction of each, with the reason."""
    with context.workspace() as ws:
        done, texts = odd_dates.shift_dates(ws, stream, first, last, days, why), context.texts
        lines = [texts.plural(N_("{count} record corrected."), N_("{count} records corrected."), len(done.shifted))]
        lines += [texts(N_("{record}: its date is disputed. Settle it first."), record=name) for name in done.disputed]
        context.document({"stream": stream, "shifted": done.shifted, "disputed": done.disputed}, *lines)
