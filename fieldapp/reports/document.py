"""The weekly report as one JSON document. Its shape is a promise to scripts (design, section 6).

``period``, ``totals``, ``districts``, ``operators``, ``other_lines`` and ``completeness`` hold numbers under the
names given there; more members may come, none goes. Counts are integers, hectares numbers with one decimal.
"""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from fieldapp.domain.counting import FOLLOW_UP_PENDING, PUBLIC_LINES, RELEASES, Amount
from fieldapp.reports.bulletin import sentence, warning
from fieldapp.reports.notes import footnotes, notes
from fieldapp.reports.weekly import Figures, Items, WeeklyReport
from fieldapp.texts import LANGUAGES, Texts

Document = dict[str, Any]


def number(amount: Amount) -> int | float:
    """A JSON number: an integer where the amount is whole."""
    return int(amount) if amount == int(amount) else float(amount)


def document(report: WeeklyReport, texts: Texts) -> Document:
    """The report as JSON values; its sentences and names in the language of ``texts``."""
    language = texts.language
    return {
        "period": {"from": report.first.isoformat(), "to": report.last.isoformat()},
        **({"places_on": report.places_on.isoformat()} if report.places_on else {}),
        "totals": _figures(report.totals),
        "districts": [
            {"district": code, "name": report.lists.place_name(code, language)} | _figures(figures)
            for code, figures in report.districts.items()
        ],
        "operators": [
            {"operator": code, "name": report.lists.organisation_name(code, language)} | _figures(figures)
            for code, figures in report.operators.items()
        ],
        "methods": [{"method": method, "released_m2": number(m2)} for method, m2 in report.methods_m2.items()],
        "other_lines": [
            {"line": line.rollup, "unit": line.unit} | _items(items) for line, items in report.other_lines.items()
        ],
        "completeness": _completeness(report),
        "waiting_approval": _plain(asdict(report.waiting)),
        "released_ground": {
            "sum_m2": number(report.released_m2), "overlap_m2": number(report.overlap_m2),
            "net_m2": number(report.net_m2),
        },
        "changed_since_approval": [_plain(asdict(plot)) for plot in report.changed_plots],
        "more_than_found": [
            {"tag": each.name, "line": each.line.rollup, "unit": each.line.unit, "verb": each.verb,
             "amount": number(each.amount)}
            for each in report.too_many
        ],
        "unresolved_disposals": [
            _plain(asdict(each)) | {"line": each.line.rollup, "unit": each.line.unit} for each in report.unresolved
        ],
        "undated": list(report.undated),
        "without_quantity": list(report.unmeasured),
        "models_as_typed": report.models_as_typed,
        "axo_found": number(report.axo_found),
        "bulletin": {each: sentence(report, Texts(each)) for each in LANGUAGES},
        "warning": warning(report, texts),
        "notes": notes(report, texts),
        "footnotes": footnotes(report, texts),
    }  # fmt: skip


def _items(items: Items) -> Document:
    return {name: number(amount) for name, amount in asdict(items).items()}


def _figures(figures: Figures) -> Document:
    return {
        **{rollup: _items(figures.line(rollup)) for rollup in PUBLIC_LINES},
        "released_ha": {release: float(figures.released_ha(release)) for release in RELEASES},
        "released_m2": {release: number(figures.released_m2(release)) for release in RELEASES},
        "follow_up_pending_m2": number(figures.released_m2(FOLLOW_UP_PENDING)),
    }


def _completeness(report: WeeklyReport) -> Document:
    found = _plain(asdict(report.completeness))
    return found | {"waiting_approval": report.waiting.records}


def _plain(members: Document) -> Document:
    return {name: _value(value) for name, value in members.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return number(value)
    return list(value) if isinstance(value, tuple) else value
