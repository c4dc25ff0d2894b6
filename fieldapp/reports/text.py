"""The weekly report as plain text with aligned columns, for a terminal or an e-mail."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from textwrap import wrap

from fieldapp.reports.bulletin import period, sentence, warning
from fieldapp.reports.notes import completeness, footnotes, notes
from fieldapp.reports.tables import Table, tables
from fieldapp.reports.weekly import WeeklyReport
from fieldapp.texts import Texts

_WIDTH = 110
_GAP = "  "


def text(report: WeeklyReport, texts: Texts) -> str:
    """The whole report in the language of ``texts``, ending in a line feed."""
    parts = [f"{texts('Weekly report')}\n{period(report.first, report.last, texts)}"]
    parts += [aligned(table) for table in tables(report, texts)]
    parts.append(_listed(texts("How complete it is"), completeness(report, texts)))
    parts.append(_listed(texts("To look at"), notes(report, texts)))
    quoted = [sentence(report, texts), *filter(None, [warning(report, texts)])]
    parts.append(_listed(texts("Sentence for the bulletin"), quoted, ""))
    parts.append(_listed(texts("How it is counted"), footnotes(report, texts)))
    return "\n\n".join(part for part in parts if part) + "\n"


def aligned(table: Table) -> str:
    """A table with its title; headings of neighbouring columns that belong together share a line above."""
    names = [column.name for column in table.columns]
    groups = [
        column.group if at == 0 or column.group != table.columns[at - 1].group else ""
        for at, column in enumerate(table.columns)
    ]
    numbers = [column.is_number for column in table.columns]
    widths = [max(_width(cell) for cell in cells) for cells in zip(names, *table.rows, strict=True)]
    for at, group in enumerate(groups):  # a wide group widens its last column
        last = max((i for i, c in enumerate(table.columns) if c.group == table.columns[at].group and group), default=at)
        inside = sum(widths[at : last + 1]) + len(_GAP) * (last - at)
        widths[last] += max(0, _width(group) - inside)
    rule = "-" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    lines = [table.title]
    if any(groups):
        lines.append(_heads(groups, widths))
    lines += [_line(names, widths, numbers), rule]
    lines += [_line(row, widths, numbers) for row in table.rows]
    if table.has_total:
        lines.insert(-1, rule)
    return "\n".join(line.rstrip() for line in lines)


def _heads(groups: Sequence[str], widths: Sequence[int]) -> str:
    line, column = "", 0
    for group, width in zip(groups, widths, strict=True):
        if group:
            line = line + " " * (column - _width(line)) + group
        column += width + len(_GAP)
    return line


def _line(cells: Sequence[str], widths: Sequence[int], numbers: Sequence[bool]) -> str:
    padded = []
    for cell, width, is_number in zip(cells, widths, numbers, strict=True):
        space = " " * (width - _width(cell))
        padded.append(space + cell if is_number else cell + space)
    return _GAP.join(padded)


def _width(cell: str) -> int:
    return sum(not unicodedata.combining(character) for character in cell)


def _listed(title: str, sentences: Sequence[str], bullet: str = "- ") -> str:
    lines = [title]
    for each in sentences:
        lines += wrap(each, _WIDTH, initial_indent=bullet, subsequent_indent=" " * len(bullet), break_long_words=False)
    return "\n".join(lines) if sentences else ""
