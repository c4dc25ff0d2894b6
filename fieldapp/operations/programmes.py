"""Programmes: how far they have come, for the command line and the window."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fieldapp.operations import records
from fieldapp.operations.workspace import Workspace
from fieldapp.reports import programme as counted
from fieldapp.reports.programme import TASKS, ProgrammeProgress
from fieldapp.storage.records import Record
from fieldapp.texts import N_, Texts

_LINES = {"cleared": N_("Cleared"), "bac": N_("BAC"), "reduced": N_("Reduced"), "cancelled": N_("Cancelled")}


def progress(ws: Workspace, name: str) -> ProgrammeProgress:
    """The progress of the programme with this record name: at headquarters, where all its ground comes together.

    Raises WrongRole, RecordMissing.
    """
    ws.require_hq()
    record = records.get(ws, name)
    return counted.progress(ws.store, name, record.fields)


def facts(found: ProgrammeProgress, texts: Texts) -> list[tuple[str, str]]:
    """Names and values to show, in order."""
    lines = [(texts(N_("Approved")), _ground(found.approved_m2, texts))]
    if found.target_m2 is not None and found.per_cent is not None:
        lines.append((texts(N_("Target")), _ground(found.target_m2, texts)))
        lines.append((texts(N_("Of the target")), texts(N_("{value} %"), value=texts.number(found.per_cent, 1))))
    lines += [
        (texts(_LINES[line]), _ground(found.by_line[line], texts)) for line in _LINES if found.by_line.get(line)
    ]
    lines.append((texts(N_("Waiting for approval, not counted")), _ground(found.waiting_m2, texts)))
    if found.follow_up_m2:
        lines.append((texts(N_("Follow-up pending, not counted")), _ground(found.follow_up_m2, texts)))
    for share in found.shares:
        if share.percent is not None:
            part = found.approved_m2 * share.percent / 100
            lines.append((texts(N_("{donor}, {percent} %"), donor=share.donor,
                                percent=texts.number(share.percent.normalize(), _places(share.percent))),
                          _ground(part, texts)))  # fmt: skip
        else:
            lines.append((share.donor, texts(N_("share not known"))))
    return lines


def remarks(found: ProgrammeProgress, texts: Texts) -> list[str]:
    """What has to be said beside the figures."""
    by = (
        N_("Counted are the plots of the tasks that name this programme.") if found.basis == TASKS else
        N_("No task names this programme: counted are the plots in its place since its first day.")
    )  # fmt: skip
    said = [texts(by)]
    if found.changed_plots:
        said.append(texts.plural(N_("{count} plot changed since its approval; it counts as it was approved."),
                                 N_("{count} plots changed since their approval; they count as they were approved."),
                                 found.changed_plots))  # fmt: skip
    if found.shares and found.shares_percent != 100:
        percent = texts.number(found.shares_percent.normalize(), _places(found.shares_percent))
        said.append(texts(N_("The shares add up to {percent} %, not to 100 %."), percent=percent))
    return said


def as_json(record: Record, found: ProgrammeProgress) -> dict[str, Any]:
    """The progress as the command line prints it; square metres and per cent as numbers."""
    return {
        "record": record.name, "title": record.fields.get("title"),
        "target_m2": None if found.target_m2 is None else float(found.target_m2), "basis": found.basis,
        "approved_m2": float(found.approved_m2), "approved_plots": found.approved_plots,
        "by_line_m2": {line: float(m2) for line, m2 in sorted(found.by_line.items())},
        "waiting_m2": float(found.waiting_m2), "waiting_plots": found.waiting_plots,
        "follow_up_m2": float(found.follow_up_m2), "changed_plots": found.changed_plots,
        "per_cent": None if found.per_cent is None else float(found.per_cent),
        "shares": [
            {"donor": share.donor, "percent": None if share.percent is None else float(share.percent)}
            for share in found.shares
        ],
    }  # fmt: skip


def _ground(m2: Decimal, texts: Texts) -> str:
    """Hectares with two decimals, rounded half up, and the square metres they are made from."""
    hectares = m2 / 10_000
    return texts(N_("{ha} ha ({m2} m²)"), ha=texts.number(hectares, 2), m2=texts.number(m2, 1))


def _places(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))
