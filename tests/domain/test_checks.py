"""The rules over measured facts, each where it fires and where it must not, and their sentences in three languages."""

from __future__ import annotations

import re

import pytest

from fieldapp.domain import checks
from fieldapp.domain.checks import RULES, SEVERITIES, Finding, finding
from fieldapp.texts import LANGUAGES, Texts

FACTS: dict[str, object] = {
    "cleared": 20, "other": "AX-0007-K", "depth": 35, "metres": 2.44, "task": "T-118", "day": "2026-11-22",
    "count": 2, "hours": 8, "first": 2, "second": 3, "m2": 2770.92, "gross_m2": 17587.5, "net_m2": 14816.6,
    "ratio": 150, "asked": 30, "declared_m2": 100, "stored_m2": 90.5, "number": "AX-1", "field": "find.found_on",
    "value": "pmn 2",
}


def codes(found: list[Finding] | Finding | None) -> list[str]:
    many = found if isinstance(found, list) else [found] if found else []
    return [one.rule for one in many]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", list(RULES))
def test_every_rule_has_a_severity_and_a_whole_sentence_in_every_language(rule: str, language: str) -> None:
    one = finding(rule, (), (40.02, 46.98), **FACTS)
    assert one.severity in SEVERITIES
    sentence = one.sentence(Texts(language))
    assert sentence.endswith(".")
    assert not re.search(r"[{}]", sentence)
    if language != "en":
        assert sentence != one.sentence(Texts("en"))


def test_sentences_write_numbers_as_the_language_does() -> None:
    overlap = finding("overlap", m2=2770.92, other="P-032")
    assert overlap.sentence(Texts("en")) == "2,770.9 m² lie in plot P-032 as well."
    assert "2\u00a0770,9 m²" in overlap.sentence(Texts("az"))
    assert finding("no_date", field="find.found_on").sentence(Texts("ru")).endswith("Дата обнаружения.")


def test_the_more_serious_stands_first() -> None:
    mixed = [finding(rule) for rule in ("outside_recorded_areas", "near_duplicate", "outside_work_area", "missed_item")]
    assert [one.severity for one in checks.in_order(mixed)] == list(SEVERITIES)


@pytest.mark.parametrize(
    ("release", "cleared", "asked", "expected"),
    [("cleared", 20, 20, []), ("cleared", 20, 30, ["depth_below_task"]), ("bac", 0, 0, []),
     ("cleared", 0, None, ["no_depth"]), ("cleared", None, 30, []), ("cancelled", 0, 30, [])],
)
def test_depth_against_the_task(release: str, cleared: int | None, asked: int | None, expected: list[str]) -> None:
    assert codes(checks.of_depth(release, cleared, asked, "T-1")) == expected


@pytest.mark.parametrize(
    ("found", "release", "cleared", "expected"),
    [(5, "cleared", 20, "in_released_ground"), (20, "cleared", 20, "in_released_ground"),
     (21, "cleared", 20, "below_released_depth"), (None, "cleared", 20, "in_released_ground"),
     (40, "cleared", None, "in_released_ground"), (40, "cancelled", 20, "in_released_ground")],
)
def test_only_a_known_depth_below_a_known_depth_is_below(
    found: int | None, release: str, cleared: int | None, expected: str
) -> None:
    assert checks.of_released_ground(found, release, cleared, "P-1").rule == expected


@pytest.mark.parametrize(
    ("computed", "stored", "declared", "expected"),
    [(100.0, 100.0, 104.0, []), (100.0, 101.0, None, ["area_differs"]), (100.0, 100.0, 0.01, ["declared_differs"]),
     (None, None, 500.0, []), (10_000.0, 10_000.0, 1.0, ["declared_differs"])],
)
def test_areas_that_differ(
    computed: float | None, stored: float | None, declared: float | None, expected: list[str]
) -> None:
    assert codes(checks.of_areas(computed, stored, declared)) == expected


@pytest.mark.parametrize(
    ("m2", "method", "staff", "days", "expected"),
    [(1_500.0, "manual", 6, 1, []), (15_000.0, "manual", 6, 1, ["fast_work"]), (15_000.0, "mechanical", 1, 1, []),
     (15_000.0, "manual", 6, 10, []), (15_000.0, "manual", None, 1, []), (50_000.0, "unheard_of", 2, 1, ["fast_work"])],
)
def test_a_rate_no_team_reaches(
    m2: float, method: str, staff: int | None, days: int | None, expected: list[str]
) -> None:
    assert codes(checks.of_rate(m2, method, staff, days)) == expected


@pytest.mark.parametrize(
    ("number", "known", "expected"),
    [("AX-1", True, []), ("  ", True, ["blank_number"]), (None, True, ["no_number"]), (None, False, [])],
)
def test_numbers_that_are_none(number: str | None, known: bool, expected: list[str]) -> None:
    assert codes(checks.of_number(number, known=known)) == expected


def test_a_finding_is_a_value() -> None:
    assert finding("overlap", ("plot/t/1",), m2=3.0) == Finding("overlap", "danger", ("plot/t/1",), None, {"m2": 3.0})
