"""``fieldapp check``: the workspace against its log, and the records against the rules of clearance work."""

from __future__ import annotations

from collections import Counter

import click

from fieldapp.cli.output import OPERATOR, Context, shared_options
from fieldapp.domain.checks import SEVERITY_WORDS, as_json
from fieldapp.operations import checks_of_records, verifying
from fieldapp.operations.workspace import Workspace


@click.command()
@click.option("--read-data", is_flag=True, help="Verify every byte: chain, signatures, state, photos.")
@click.option("--records", is_flag=True, help="Clearance checks: what may be wrong with what the records say.")
@shared_options
def check(context: Context, read_data: bool, records: bool) -> int:
    """Verify the workspace: the current records equal what the log says, nothing is damaged.

    With --records: what may be wrong with the records themselves, the more serious first. It changes nothing.
    """
    if records and read_data:
        raise click.UsageError("--records and --read-data are two different checks")
    with context.workspace() as ws:
        if records:
            return _check_records(context, ws)
        found = verifying.check(ws, read_data=read_data, language=context.texts.language)
        context.document(
            {"ok": not found.problems, "state_hash": found.state_hash, "problems": found.problems},
            *found.problems, found.state_hash,
        )
        return OPERATOR if found.problems else 0


def _check_records(context: Context, ws: Workspace) -> int:
    with context.progress() as progress:
        found = checks_of_records.of_records(ws, progress, language=context.texts.language)
    texts = context.texts
    lines = [f"{texts(SEVERITY_WORDS[one.severity])}: {one.sentence(texts)} [{called}]"
             for one, called in zip(found, checks_of_records.called(ws, found), strict=True)]
    counts = Counter(one.severity for one in found)
    ending = ", ".join(f"{texts(word)}: {counts[severity]}" for severity, word in SEVERITY_WORDS.items())
    context.document({"findings": [as_json(one, texts) for one in found]}, *lines, ending)
    return 0
