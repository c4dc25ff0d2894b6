"""Reports: gather, build, render."""

from __future__ import annotations

import dataclasses
import itertools
import json
from datetime import date, timedelta

from fieldapp.domain.settings import AXO
from fieldapp.operations import explaining, lookup, review, settings
from fieldapp.operations.errors import PeriodNotValid
from fieldapp.operations.workspace import Workspace
from fieldapp.reports import notes
from fieldapp.reports.bulletin import sentence, warning
from fieldapp.reports.document import document
from fieldapp.reports.facts import MissedItem
from fieldapp.reports.gather import gather
from fieldapp.reports.html import html
from fieldapp.reports.text import text
from fieldapp.reports.weekly import WeeklyReport, build
from fieldapp.storage import listing
from fieldapp.texts import Texts, parse_day

FORMATS = ("text", "json", "html")
WEEKS_BACK = 8
"""So many weeks with records are looked at for an approved one."""
_DECIDED_AT_ONCE = 50


def weekly(ws: Workspace, first: date, last: date, places_on: date | None = None) -> WeeklyReport:
    """The weekly report of a period, both days included; its districts by the list in force on ``places_on``."""
    apart = settings.value(ws, AXO) == "apart"
    missed_items = [MissedItem(one.number, one.plot_number) for one in explaining.all_open(ws)]
    facts = dataclasses.replace(gather(ws.store, first, last, places_on), missed_items=missed_items)
    return build(facts, first, last, axo_apart=apart)


def day_of(text: str) -> date:
    """A day as typed, YYYY-MM-DD. Raises PeriodNotValid."""
    try:
        return parse_day(text)
    except ValueError as error:
        raise PeriodNotValid from error


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


def opening_week(ws: Workspace, today: date) -> tuple[date, date]:
    """The week a report opens on: the latest that holds an approved record, else any record, else the last whole one.

    Days after ``today`` are slips of the pen; weeks in which nothing is approved yet are still being collected.
    """
    latest: tuple[date, date] | None = None
    until = today
    for _ in range(WEEKS_BACK):
        day = _latest_day(ws, until)
        if day is None:
            break
        first, last = week_of(day)
        latest = latest or (first, last)
        if _any_approved(ws, first, last):
            return first, last
        until = first - timedelta(days=1)
    return latest or week_of(today - timedelta(days=7))


def _latest_day(ws: Workspace, until: date) -> date | None:
    """The latest day of information of any record, not after ``until``."""
    days = [lookup.latest_day(ws, kind, until.isoformat()) for kind in lookup.DAY_COLUMNS]
    return date.fromisoformat(max(filter(None, days))) if any(days) else None


def _any_approved(ws: Workspace, first: date, last: date) -> bool:
    for kind, column in lookup.DAY_COLUMNS.items():
        decided = listing.decided_between(ws.store, kind, column, first.isoformat(), last.isoformat())
        while names := list(itertools.islice(decided, _DECIDED_AT_ONCE)):
            if any(review.state_of(many) == "approved" for many in review.judgements(ws, names=names).values()):
                return True
    return False


def render(report: WeeklyReport, form: str, language: str) -> str:
    """The report as ``text``, ``json`` or ``html`` in a language."""
    texts = Texts(language)
    if form == "json":
        return json.dumps(document(report, texts), ensure_ascii=False, indent=1) + "\n"
    return html(report, texts) if form == "html" else text(report, texts)


def ground_notes(report: WeeklyReport, language: str) -> list[str]:
    """What is to be said of the released ground: overlaps, changes since approval, what is not counted."""
    return notes.ground_notes(report, Texts(language))


def bulletin_sentence(report: WeeklyReport, language: str) -> str:
    """The sentence for the agency's bulletin."""
    return sentence(report, Texts(language))


def bulletin_warning(report: WeeklyReport, language: str) -> str:
    """Why the sentence should not go out as it is; empty where nothing speaks against it."""
    return warning(report, Texts(language))
