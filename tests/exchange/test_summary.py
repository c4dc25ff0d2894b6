"""What a person reads in a bundle without the program."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fieldapp.exchange.summary import SummaryFacts, readme_text, summary_html
from fieldapp.texts import LANGUAGES, Texts

FACTS = SummaryFacts(
    "Test programme", "Laptop 2", "hq", datetime(2024, 8, 4, 16, 30, tzinfo=UTC),
    {"finds": 40, "ap_mine": 12, "at_mine": 3, "uxo": 1200, "plots": 2, "plots_m2": "17587.5"},
)  # fmt: skip


def test_the_text_says_who_made_it_and_what_it_holds() -> None:
    lines = readme_text(FACTS, Texts()).splitlines()
    assert [line.split("  ")[-1].strip() for line in lines[2:12]] == [
        "Test programme", "Laptop 2", "Headquarters", "4 August 2024, 16:30 UTC", "40", "12", "3", "1,200", "2",
        "17,587.5",
    ]  # fmt: skip
    assert any(line.startswith("finds.csv") for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_total_in_the_language_asked_for(language: str) -> None:
    page = summary_html(FACTS, Texts(language))
    assert f'lang="{language}"' in page
    for number in (40, 12, 3, 1200, 2):
        assert f'align="right">{Texts(language).number(number)}</td>' in page
    assert Texts(language).number("17587.5", 1) in page


def test_names_are_text_on_the_page() -> None:
    page = summary_html(replace(FACTS, sender="<b>x</b>", audience="team/t7", deployment=""), Texts())
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "Team t7" in page
    assert "Deployment" not in page
