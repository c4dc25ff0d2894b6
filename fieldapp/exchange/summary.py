"""The members of a bundle that a person reads without the program: summary.html and README.txt."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from fieldapp.texts import N_, Texts

if TYPE_CHECKING:
    from jinja2 import Template

_PAGE = """<!DOCTYPE html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<title>{{ title }}</title>
<style>
@page { size: A4; margin: 18mm; }
body { font-family: "IBM Plex Sans", "Noto Sans", "Segoe UI", sans-serif; font-size: 11pt; color: #1a201a; margin: 0 auto; max-width: 170mm; }
h1 { font-size: 18pt; }
table { border-collapse: collapse; margin: 8pt 0; }
td { padding: 4pt 14pt 4pt 0; border-bottom: 0.5pt solid #c3c9bd; }
.n { text-align: right; font-weight: bold; }
</style>
</head>
<body>
<h1>{{ title }}</h1>
<table cellspacing="0" cellpadding="4">
{% for name, value in about %}
<tr><td>{{ name }}</td><td>{{ value }}</td></tr>
{% endfor %}
</table>
<h2>{{ holds }}</h2>
<table cellspacing="0" cellpadding="4">
{% for name, value in totals %}
<tr><td>{{ name }}</td><td class="n" align="right">{{ value }}</td></tr>
{% endfor %}
</table>
{% for line in explained %}
<p>{{ line }}</p>
{% endfor %}
</body>
</html>
"""  # noqa: E501 - CSS

_TOTALS = {
    "finds": N_("Finds"),
    "ap_mine": N_("AP mines"),
    "at_mine": N_("AT mines"),
    "uxo": N_("UXO"),
    "plots": N_("Plots"),
    "plots_m2": N_("Area of the plots, m²"),
}
"""Control totals and their names, in the order they are shown."""
_MEMBERS = (
    N_("summary.html: this summary as a page."),
    N_("finds.csv: the finds as a table, for any spreadsheet; positions are WGS 84."),
    N_("plots.geojson: the plots as a map layer, for any map program; positions are WGS 84."),
    N_("segments: the signed records themselves; only these are imported."),
    N_("photos: pictures, named by the SHA-256 of their bytes."),
)


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    """What a bundle's readable members say about it."""

    deployment: str
    sender: str
    audience: str
    """``hq``, ``all`` or ``team/<team>``."""
    created: datetime
    """UTC."""
    totals: Mapping[str, object] = field(default_factory=dict)
    """Control totals by name: integers, and decimal text."""


@functools.cache
def _page() -> Template:
    from jinja2 import Environment  # a tenth of a second: only for who writes a bundle

    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_PAGE)


def summary_html(facts: SummaryFacts, texts: Texts) -> str:
    """A self-contained page with the bundle's control totals."""
    return _page().render(
        language=texts.language, title=texts("What this bundle holds"), about=_about(facts, texts),
        holds=texts("Records"), totals=_totals(facts, texts), explained=[_note(texts)],
    )  # fmt: skip


def readme_text(facts: SummaryFacts, texts: Texts) -> str:
    """The same as plain text, with what each member of the bundle is."""
    pairs = [*_about(facts, texts), *_totals(facts, texts)]
    width = max(len(name) for name, _ in pairs)
    lines = [texts("What this bundle holds"), "", *(f"{name:<{width}}  {value}" for name, value in pairs)]
    return "\n".join([*lines, "", _note(texts), "", *(texts(member) for member in _MEMBERS)]) + "\n"


def _about(facts: SummaryFacts, texts: Texts) -> list[tuple[str, str]]:
    team = facts.audience.removeprefix("team/")
    audience = texts("Headquarters") if team == "hq" else texts("All teams")
    if team != facts.audience:
        audience = texts("Team {team}", team=team)
    pairs = [
        (texts("Deployment"), facts.deployment), (texts("From"), facts.sender), (texts("For"), audience),
        (texts("Made"), f"{texts.day(facts.created.date())}, {facts.created:%H:%M} UTC"),
    ]  # fmt: skip
    return [(name, value) for name, value in pairs if value]


def _totals(facts: SummaryFacts, texts: Texts) -> list[tuple[str, str]]:
    known = [(name, facts.totals[name]) for name in _TOTALS if name in facts.totals]
    return [(texts(_TOTALS[name]), texts.number(Decimal(str(value)), int(name == "plots_m2"))) for name, value in known]


def _note(texts: Texts) -> str:
    return texts(
        "The totals are of everything this workspace holds for the addressee; the bundle itself brings what is new."
    )
