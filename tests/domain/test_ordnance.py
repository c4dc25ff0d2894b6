"""The model search: what a deminer types, in either alphabet and on either keyboard layout."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.lists_in_force import shipped_lists
from fieldapp.domain.ordnance import ModelIndex, models, search_key

LISTS = shipped_lists()


def codes(text: str, limit: int = 8) -> list[str]:
    return [hit.model.code for hit in LISTS.search_models(text, limit)]


@pytest.mark.parametrize("text", ["PMN-2", "pmn2", "Pmn 2", "ПМН-2", "пмн2", "зьт2", "gvy2", "GVY-2", "PМN2"])
def test_a_name_is_found_first_in_either_alphabet_and_on_either_keyboard(text: str) -> None:
    assert codes(text)[0] == "pmn-2"
    assert LISTS.search_models(text)[0].exact


@pytest.mark.parametrize(
    ("text", "code"),
    [("TМ-62М", "tm-62m"), ("ТМ-62", "tm-62"), ("озм 72", "ozm-72"), ("9Н235", "9n235"), ("шоаб-0,5", "shoab-05"),
     ("ShOAB 0.5", "shoab-05"), ("град", "9m22u"), ("м-49", "mortar-60-m49"), ("122 mm", "shell-122"),
     ("патроны", "cartridge"), ("gfnhjys", "cartridge"), ("ufpjdfz uhfyfnf", "gas-grenade"), ("DETONATOR", "detonator"),
     ("\u0130mprovised ap mine", "ap-improvised"), ("пт-ми-ба III", "pt-mi-ba-iii")],
)  # fmt: skip
def test_mixed_alphabets_punctuation_and_calibres_are_found(text: str, code: str) -> None:
    assert codes(text)[0] == code
    assert LISTS.search_models(text)[0].exact


def test_letters_on_punctuation_keys_of_both_latin_layouts_are_read() -> None:
    # "Чёрный порох" begins x`hysq gjhj[ on a US keyboard, and its last letter is ö on an Azerbaijani one.
    assert codes("gjhj[") == codes("gjhjö") == codes("порох") == ["black-powder"]


def test_exact_comes_first_then_beginnings_then_aliases_then_what_contains_it() -> None:
    assert codes("pmn") == ["pmn", "pmn-2", "pmn-4", "pmn-e"]
    assert codes("tm62")[:2] == ["tm-62", "tm-62m"]
    assert codes("grad") == ["9m22u", "9m22u-motor"]
    assert codes("100") == ["shell-100", "mon-100"]
    assert [hit.exact for hit in LISTS.search_models("pmn")] == [True, False, False, False]


def test_what_was_typed_stands_before_what_the_other_layout_would_mean() -> None:
    hits = LISTS.search_models("f", limit=50)
    first_other = next((place for place, hit in enumerate(hits) if hit.other_layout), len(hits))
    assert hits[0].model.code == "f-1"
    assert not any(hit.other_layout for hit in hits[:first_other])
    assert all(hit.other_layout for hit in hits[first_other:])


def test_nothing_typed_or_nothing_known_gives_nothing() -> None:
    assert codes("") == codes(" - ") == codes("xyzzy") == []
    assert LISTS.models.get("no-such") is None
    assert LISTS.model_name("no-such", "ru") == "no-such"
    assert LISTS.model_name("pmn-2", "ru") == "ПМН-2"


def test_no_spelling_names_two_models_and_codes_can_name_records() -> None:
    spellings: dict[str, str] = {}
    for code, known in models().items():
        assert re.fullmatch("[a-z0-9-]+", code)
        for text in {known.names.en, known.names.az, known.names.ru, *known.aliases}:
            assert spellings.setdefault(search_key(text), code) == code, text


def test_every_shipped_spelling_finds_its_model_first() -> None:
    for code, known in models().items():
        for text in chain((known.names.en, known.names.az, known.names.ru), known.aliases):
            assert codes(text)[0] == code, text


def test_added_models_are_searched_like_shipped_ones() -> None:
    added = models()["pmn-2"]
    assert [hit.model.code for hit in ModelIndex((added,)).search("p")] == ["pmn-2"]


@given(st.text(max_size=30), st.integers(min_value=1, max_value=12))
def test_any_text_gives_at_most_the_limit_each_model_once_and_always_the_same(text: str, limit: int) -> None:
    hits = LISTS.search_models(text, limit)
    assert len(hits) == len({hit.model.code for hit in hits}) <= limit
    assert hits == LISTS.search_models(text, limit)
