"""The tables of the weekly report in one language, before anybody decides how they look."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.counting import FOLLOW_UP_PENDING, PUBLIC_LINES, RELEASES, Line
from fieldapp.reports.notes import amount_text
from fieldapp.reports.weekly import Figures, WeeklyReport
from fieldapp.texts import N_, Texts

RELEASE_NAMES = {
    "cleared": N_("Cleared"),
    "reduced": N_("Reduced"),
    "cancelled": N_("Cancelled"),
    "bac": N_("BAC"),
    FOLLOW_UP_PENDING: N_("Processed, follow-up pending"),
}
SHORT_LINES = {"ap_mine": N_("AP mines"), "at_mine": N_("AT mines"), "uxo": N_("UXO")}


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading. Neighbours of one ``group`` stand under it together."""

    name: str
    group: str = ""
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text as they are printed; the last one is a sum where ``has_total``."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    has_total: bool = False


def tables(report: WeeklyReport, texts: Texts) -> list[Table]:
    """All tables of the report, in the order they are printed. Empty ones are left out."""
    language = texts.language
    all_tables = [
        _ordnance(report, texts),
        _land(report, texts),
        _rows(
            texts("By district"), texts("District"), texts, report.totals,
            [(report.lists.place_name(code, language) if code else texts("No district given"), figures)
             for code, figures in report.districts.items()],
        ),
        _rows(
            texts("By operator"), texts("Operator"), texts, report.totals,
            [(report.lists.organisation_name(code, language), figures) for code, figures in report.operators.items()],
        ),
        _methods(report, texts),
    ]  # fmt: skip
    return [table for table in all_tables if table.rows]


def _ordnance(report: WeeklyReport, texts: Texts) -> Table:
    shown = {Line(rollup): report.totals.line(rollup) for rollup in PUBLIC_LINES} | report.other_lines
    return Table(
        texts("Explosive ordnance"),
        (
            Column("", is_number=False), Column(texts("Found")), Column(texts("Neutralised")),
            Column(texts("of these destroyed")), Column(texts("Outstanding")),
        ),
        tuple(
            (_line_name(line, report, texts), *(
                amount_text(amount, line.unit, texts, report.lists)
                for amount in (items.found, items.neutralised, items.destroyed, items.outstanding)
            ))
            for line, items in shown.items()
        ),
    )  # fmt: skip


def _line_name(line: Line, report: WeeklyReport, texts: Texts) -> str:
    if line.rollup == "axo":
        return texts("AXO")
    if line.rollup == "unknown":
        return texts("Category not known")
    return report.lists.name("rollup", line.rollup, texts.language)


def _land(report: WeeklyReport, texts: Texts) -> Table:
    lines = [*RELEASES, *([FOLLOW_UP_PENDING] if report.totals.released_m2(FOLLOW_UP_PENDING) else [])]
    return Table(
        texts("Released land"),
        (Column("", is_number=False), Column(texts("ha")), Column(texts("m²"))),
        tuple(
            (
                texts(RELEASE_NAMES[line]),
                texts.number(report.totals.released_ha(line), 1),
                texts.number(report.totals.released_m2(line), 1),
            )
            for line in lines
        ),
    )


def _rows(title: str, first: str, texts: Texts, totals: Figures, rows: list[tuple[str, Figures]]) -> Table:
    ground = texts("Released, ha")
    columns = [Column(first, is_number=False)]
    for rollup in PUBLIC_LINES:
        group = texts(SHORT_LINES[rollup])
        columns += [Column(texts("found"), group), Column(texts("neutralised"), group)]
    columns += [Column(texts("Outstanding")), *(Column(texts(RELEASE_NAMES[line]), ground) for line in RELEASES)]
    cells = [_cells(name, figures, texts) for name, figures in (*rows, (texts("Total"), totals))]
    return Table(title, tuple(columns), tuple(cells if rows else []), has_total=True)


def _cells(name: str, figures: Figures, texts: Texts) -> tuple[str, ...]:
    cells = [name]
    for rollup in PUBLIC_LINES:
        items = figures.line(rollup)
        cells += [amount_text(items.found, "piece", texts), amount_text(items.neutralised, "piece", texts)]
    cells.append(amount_text(figures.outstanding, "piece", texts))
    return (*cells, *(texts.number(figures.released_ha(line), 1) for line in RELEASES))


def _methods(report: WeeklyReport, texts: Texts) -> Table:
    names = report.lists.vocabulary("clearance_method")
    return Table(
        texts("By method"),
        (Column(texts("Method"), is_number=False), Column(texts("Released, m²"))),
        tuple(
            (names.name(method, texts.language) if method else texts("No method given"), texts.number(m2, 1))
            for method, m2 in report.methods_m2.items()
        ),
    )
