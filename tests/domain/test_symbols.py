"""Symbols: everything has a look, a look follows state, and no two states differ by their colour alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fieldapp.domain import symbols
from fieldapp.domain.counting import FOLLOW_UP_PENDING, RELEASES, PlotState, release_line
from fieldapp.domain.symbols import APPROVED, ENTERED, SHAPES, STATE_WORDS, UNSETTLED, WITHHELD, Fill, every_look
from fieldapp.domain.vocabulary import vocabulary
from fieldapp.texts import LANGUAGES, Texts

CLASSES = list(vocabulary("area_classification").codes)
STATUSES = list(vocabulary("area_status").codes)


def looks() -> list[Fill]:
    return list(dict.fromkeys(every_look().values()))


def test_every_category_has_a_shape_and_unknown_ones_look_dangerous() -> None:
    known = {shape for shape, _ in SHAPES}
    shapes = {entry.code: symbols.shape_of(entry.rollup) for entry in vocabulary("category")}
    assert set(shapes.values()) == known
    assert symbols.STAR not in known
    assert symbols.shape_of(None) == symbols.DIAMOND


def test_no_two_meanings_differ_by_colour_alone() -> None:
    meant: dict[tuple[bool, str, str], set[str]] = {}
    for look in looks():
        meant.setdefault(look.form, set()).add(symbols.words_of(look, Texts("en")))
    # what was entered, changed or rejected is drawn alike: none of them counts; approved ground that is withheld, too
    alike = {words.split(" · ")[0] for many in meant.values() if len(many) > 1 for words in many}
    assert {form: many for form, many in meant.items() if len({words.split(" · ")[0] for words in many}) > 1} == {}
    assert alike <= {"Cleared", "BAC", "Reduced", "Cancelled", "Not released", "Processed, follow-up pending"}
    same = {words.split(" · ")[1] for many in meant.values() if len(many) > 1 for words in many}
    assert same == {STATE_WORDS[state] for state in ("entered", "changed", "rejected", *WITHHELD)}


@pytest.mark.parametrize("state", [state for state in STATE_WORDS if state != APPROVED])
@pytest.mark.parametrize("line", [*RELEASES, FOLLOW_UP_PENDING, None])
def test_ground_that_is_not_approved_is_hatched_and_neither_filled_nor_green(line: str | None, state: str) -> None:
    look = symbols.of_plot(line, approved=False, state=state)
    assert (look.fill, look.opacity) == ("", 0.0)
    assert look.line != symbols.of_plot("cleared", approved=True).line
    assert look.hatch != "none"
    assert look.outline != symbols.GREEN
    assert state in WITHHELD or "approved" not in symbols.words_of(look, Texts("en")).replace("not approved", "")


def test_a_state_that_says_approved_is_not_believed_without_approval() -> None:
    assert symbols.of_plot("cleared", approved=False, state=APPROVED) == symbols.of_plot("cleared", approved=False)


@pytest.mark.parametrize("method", [*vocabulary("clearance_method").codes, "a method of a newer version"])
@pytest.mark.parametrize("release", list(vocabulary("release").codes))
def test_only_methods_that_owe_nothing_ever_look_released(release: str, method: str) -> None:
    look = symbols.of_plot(release_line(PlotState(release, method, Decimal(1), None)), approved=True)
    owes = vocabulary("clearance_method").follow_up_owed(method)
    assert (look.outline == symbols.GREEN) == (not owes and release != "not_released")
    assert not (owes and look.fill)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("classification", [*CLASSES, "a class of a newer version", ""])
def test_a_hazard_looks_dangerous_until_its_end_is_approved(classification: str, status: str) -> None:
    ended = status in ("closed", "released")
    before = symbols.of_hazard(classification, status, approved=False)
    assert before.fill
    assert before.outline in (symbols.RED, symbols.AMBER)
    after = symbols.of_hazard(classification, status, approved=True)
    assert (after.outline == symbols.GREEN) == ended
    assert not (ended and after.fill), "a closed area is no released ground: only plots are filled green"


def test_lines_and_hatches_are_those_that_are_declared() -> None:
    assert {look.line for look in looks()} == set(symbols.LINES)
    assert {look.hatch for look in looks()} == set(symbols.HATCHES)


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_look_has_words_in_every_language(language: str) -> None:
    texts = Texts(language)
    said = {look: symbols.words_of(look, texts) for look in looks()}
    assert all(said.values())
    if language != "en":
        english = {look: symbols.words_of(look, Texts("en")) for look in looks()}
        assert {words for look, words in said.items() if words == english[look]} <= {"BAC"}


def test_disagreement_is_seen_in_the_line() -> None:
    assert symbols.of_plot("cleared", approved=False, state=UNSETTLED).line != symbols.of_plot(
        "cleared", approved=False, state=ENTERED
    ).line
