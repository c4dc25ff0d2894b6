"""The weekly report as one self-contained HTML page that prints on A4. Everything from records is escaped."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from fieldapp.domain.counting import PUBLIC_LINES
from fieldapp.reports.bulletin import period, sentence, warning
from fieldapp.reports.notes import completeness, footnotes, notes
from fieldapp.reports.tables import SHORT_LINES, Table, tables
from fieldapp.reports.weekly import WeeklyReport
from fieldapp.texts import LANGUAGES, Texts

if TYPE_CHECKING:
    from jinja2 import Environment


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates of the reports, with every value escaped and a missing one an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # a tenth of a second: only for who wants a page

    return Environment(
        loader=PackageLoader("fieldapp.reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def html(report: WeeklyReport, texts: Texts) -> str:
    """The whole page in the language of ``texts``, with the bulletin's sentence in every language."""
    totals = report.totals
    headline = [(texts.number(totals.line(rollup).found), texts(SHORT_LINES[rollup])) for rollup in PUBLIC_LINES]
    headline.append((texts.number(totals.released_ha("cleared"), 1), texts("ha cleared")))
    return (
        templates()
        .get_template("weekly.html")
        .render(
            t=texts,
            period=period(report.first, report.last, texts),
            headline=headline,
            tables=[(table, spans(table)) for table in tables(report, texts)],
            completeness=completeness(report, texts),
            notes=notes(report, texts),
            footnotes=footnotes(report, texts),
            sentences=[(language, sentence(report, Texts(language))) for language in LANGUAGES],
            warning=warning(report, texts),
        )
    )


def spans(table: Table) -> list[tuple[str, int]]:
    """The upper heading row: each group with the number of columns it stands over; nothing where no column has one."""
    found: list[tuple[str, int]] = []
    for column in table.columns:
        if found and column.group and found[-1][0] == column.group:
            found[-1] = column.group, found[-1][1] + 1
        else:
            found.append((column.group, 1))
    return found if any(group for group, _ in found) else []
