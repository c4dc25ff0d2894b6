"""Reports: gather, build, render."""

from __future__ import annotations

import json
from datetime import date, timedelta

from fieldapp.operations.errors import PeriodNotValid
from fieldapp.operations.workspace import Workspace
from fieldapp.reports.bulletin import sentence, warning
from fieldapp.reports.document import document
from fieldapp.reports.gather import gather
from fieldapp.reports.html import html
from fieldapp.reports.text import text
from fieldapp.reports.weekly import WeeklyReport, build
from fieldapp.texts import Texts, parse_day

FORMATS = ("text", "json", "html")


def weekly(ws: Workspace, first: date, last: date) -> WeeklyReport:
    """The weekly report of a period, both days included."""
    return build(gather(ws.store, first, last), first, last)


def week_of(day: date) -> tuple[date, date]:
    """The Monday and Sunday of the week that holds ``day`` (ISO week, the agency's own since 2023)."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def period(first: str | None, last: str | None, today: date) -> tuple[date, date]:
    """A period from two days as typed; the last whole week where none is named. Raises PeriodNotValid."""
    if not first and not last:
        return week_of(today - timedelta(days=7))
    try:
        start = parse_day(first or last or "")
        end = parse_day(last) if last else start + timedelta(days=6)
    except ValueError as error:
        raise PeriodNotValid from error
    if end < start:
        raise PeriodNotValid
    return start, end


def render(report: WeeklyReport, form: str, language: str) -> str:
    """The report as ``text``, ``json`` or ``html`` in a language."""
    texts = Texts(language)
    if form == "json":
        return json.dumps(document(report, texts), ensure_ascii=False, indent=1) + "\n"
    return html(report, texts) if form == "html" else text(report, texts)


def bulletin_sentence(report: WeeklyReport, language: str) -> str:
    """The sentence for the agency's bulletin."""
    return sentence(report, Texts(language))


def bulletin_warning(report: WeeklyReport, language: str) -> str:
    """Why the sentence should not go out as it is; empty where nothing speaks against it."""
    return warning(report, Texts(language))
