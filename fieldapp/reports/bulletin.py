"""The sentence of the public notice, in each language's wording and number style (domain, section 7).

It says *found and neutralised* of the items found, as notices do, and lists the districts worked in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from fieldapp.domain.counting import PUBLIC_LINES
from fieldapp.reports.weekly import WeeklyReport
from fieldapp.texts import Texts

_AZ_ORDINALS = {
    **dict.fromkeys("1 2 5 7 8 20 50 70 80".split(), "ci"),
    **dict.fromkeys("3 4 00".split(), "cü"),
    **dict.fromkeys("6 40 60 90".split(), "cı"),
    **dict.fromkeys("9 10 30".split(), "cu"),
}
"""Endings of Azerbaijani ordinal numbers by the last digit, tens or hundreds that is spoken: 2024-cü, 2026-cı."""


def period(first: date, last: date, texts: Texts) -> str:
    """Both days, each part that is common to both said once: 29 July – 4 August 2024, 9–15 November 2026."""
    if first == last:
        return texts.day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{texts.day(last)}"
    begin = texts.day(first)
    if first.year == last.year:
        begin = begin.removesuffix(f" {first.year}")
    return f"{begin} – {texts.day(last)}"


def sentence(report: WeeklyReport, texts: Texts) -> str:
    """The bulletin's sentence in the language of ``texts``."""
    # The notice knows whole pieces only; half an item is an entry gone wrong and shows in the table.
    found = {rollup: int(report.totals.line(rollup).found) for rollup in PUBLIC_LINES}
    facts = {
        "period": _with_year_word(period(report.first, report.last, texts), report.last.year, texts.language),
        # Translators: Azerbaijani says "mina" once, after the anti-tank mines.
        "ap": texts.plural("{count} anti-personnel mine", "{count} anti-personnel mines", found["ap_mine"]),
        "at": texts.plural("{count} anti-tank mine", "{count} anti-tank mines", found["at_mine"]),
        "uxo": texts.plural(
            "{count} item of unexploded ordnance", "{count} items of unexploded ordnance", found["uxo"]
        ),
        "hectares": texts.number(report.totals.released_ha("cleared"), 1),
    }
    districts = [report.lists.place_name(code, texts.language) for code in report.worked_in]
    if not districts:
        return texts(
            "In the period {period}, {ap}, {at} and {uxo} were found and neutralised; "
            "{hectares} hectares of land were cleared.",
            **facts,
        )
    facts["districts"] = _listed(districts, texts)
    return texts.plural(
        "In the period {period}, {ap}, {at} and {uxo} were found and neutralised in {districts} district; "
        "{hectares} hectares of land were cleared.",
        "In the period {period}, {ap}, {at} and {uxo} were found and neutralised in {districts} districts; "
        "{hectares} hectares of land were cleared.",
        len(districts),
        **facts,
    )


def warning(report: WeeklyReport, texts: Texts) -> str:
    """What must be known before the sentence is published: much of what was found is not neutralised. Or nothing."""
    if not report.too_much_outstanding:
        return ""
    lines = [report.totals.line(rollup) for rollup in PUBLIC_LINES]
    found, waiting = sum(line.found for line in lines), sum(line.found_outstanding for line in lines)
    return texts(
        "The sentence says found and neutralised, but {outstanding} of {found} items found ({percent} %) "
        "are not neutralised yet.",
        outstanding=texts.number(waiting),
        found=texts.number(found),
        percent=texts.number(Decimal(100 * waiting) / found, 1),
    )


def _listed(names: Sequence[str], texts: Texts) -> str:
    if len(names) < 2:
        return "".join(names)
    return texts("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])


def _with_year_word(days: str, year: int, language: str) -> str:
    """A period that ends in its year, with the word for year where the language says it: 2024-cü il, 2024 года."""
    if language == "ru":
        return f"{days} года"
    if language != "az":
        return days
    spoken = str(year)[-1:] if year % 10 else str(year)[-2:] if year % 1000 else ""
    return f"{days}-{_AZ_ORDINALS.get(spoken, 'ci')} il"  # min (thousand) takes -ci, too
