"""What the Today and Day pages show: counters, last records, where the records are, control totals."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fieldapp.domain.counting import rollup
from fieldapp.domain.lists_in_force import Lists
from fieldapp.ids import RecordName
from fieldapp.operations import lookup, review
from fieldapp.operations.records import whereabouts
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import ledger
from fieldapp.storage.listing import Row


@dataclass(frozen=True)
class DayTotals:
    """Control totals of one day."""

    pieces: dict[str, int]
    """Pieces found by public line: ap_mine, at_mine, uxo."""
    cleared_m2: Decimal
    reduced_m2: Decimal
    plots: int
    photos: int
    first_at: str
    last_at: str
    check_word: str
    """Eight letters and digits that two lists share only if they hold the same versions of the same records."""


@dataclass(frozen=True)
class Places:
    """Where this laptop's records are."""

    here: int
    stick: int
    hq: int
    receipt_at: str
    """When the last receipt came; empty if none ever did."""
    exported_at: str


def records_of(ws: Workspace, day: date, *, owner: str | None = None) -> list[Row]:
    """Finds, plots and disposals of one day, oldest first."""
    text = day.isoformat()
    rows = [
        row
        for kind in review.JUDGED_KINDS
        for row in lookup.rows(ws, kind, since=text, until=text, owner=owner, retracted=False)
    ]
    return sorted(rows, key=lambda row: (row["at"] or "", row.name))


def totals(ws: Workspace, rows: Iterable[Row]) -> DayTotals:
    """Control totals over these records."""
    rows = list(rows)
    plots = [row for row in rows if row.name.startswith("plot/")]
    times = sorted(row["at"] for row in rows if row["at"])
    names = {row.name for row in rows}
    lots = {row["lot"] for row in rows if row.name.startswith("find/") and row["lot"]}
    photos = [p for p in lookup.rows(ws, "photo", retracted=False) if p["shows"] in names or p["lot"] in lots]
    return DayTotals(
        pieces_by_line((row for row in rows if row.name.startswith("find/")), ws.lists),
        area_m2(plots, ws.lists, "cleared"), area_m2(plots, ws.lists, "reduced"), len(plots), len(photos),
        times[0] if times else "", times[-1] if times else "", check_word(ws, [row.name for row in rows]),
    )


def pieces_by_line(finds: Iterable[Row], lists: Lists) -> dict[str, int]:
    """Pieces found on each public line: ap_mine, at_mine, uxo."""
    pieces = {"ap_mine": 0, "at_mine": 0, "uxo": 0}
    for row in finds:
        line = rollup(lists.category(row["category"], row["model"], row["model_text"]), lists)
        if line in pieces and row["unit"] in (None, "piece"):
            pieces[line] += int(row["quantity"] or 0)
    return pieces


def area_m2(plots: Iterable[Row], lists: Lists, line: str | None = None) -> Decimal:
    """Square metres of plots: of all, or of those on one line of the report (cleared, reduced, cancelled, bac)."""
    releases = lists.vocabulary("release")
    wanted = [row for row in plots if line is None or releases.rollup(row["release"] or "") == line]
    return sum((Decimal(str(row["area_m2"] or 0)) for row in wanted), Decimal(0))


def check_word(ws: Workspace, names: Iterable[RecordName]) -> str:
    """A short hash over records and their versions, to compare a screen with a paper by eye (``7F3A-91C2``)."""
    heads = lookup.heads_of(ws, sorted(names))
    lines = "".join(f"{name} {' '.join(heads[name])}\n" for name in sorted(heads))
    word = hashlib.sha256(lines.encode()).hexdigest()[:8].upper()
    return f"{word[:4]}-{word[4:]}"


def places(ws: Workspace) -> Places:
    """How many finds, plots and disposals of this laptop's teams are here only, on a stick, safe at HQ."""
    owners = [ws.team, ws.device]
    names = [row.name for kind in review.JUDGED_KINDS for row in lookup.rows(ws, kind, owner=owners)]
    where = list(whereabouts(ws, names).values())
    receipt_at = max((receipt.at for receipt in ledger.receipts(ws.store)), default="")
    exported_at = max((bundle.taken_at for bundle in ledger.bundles(ws.store, "out")), default="")
    return Places(where.count("here"), where.count("stick"), where.count("hq"), receipt_at, exported_at)
