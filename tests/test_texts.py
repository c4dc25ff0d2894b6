"""Sentences, numbers, days, order and search keys in three languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.texts import LANGUAGES, Texts, fold, natural, parse_day, parse_moment

BLANK = "\u00a0"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("PMN-2", "pmn 2"), ("ПМН-2", "пмн2"), ("Ağdərə", "AĞDƏRƏ"), ("t\u01ddrt\u01ddr", "Tərtər"),
        ("\u018f", "ə"), ("\u018e", "ə"), ("\u0130", "i"), ("I", "\u0131"), ("I", "i"), ("Cəbrayıl", "CƏBRAYIL"),
        ("QIZILHACILI", "Qızılhacılı"), ("ğ", "g"), ("g\u0306", "ğ"), ("Ё", "е"), ("Чёрный", "ЧЕРНЫЙ"), ("Й", "и"),
        ("ШОАБ-0,5", "шоаб 05"), ("Şuşa", "SUSA"), ("ﬁ", "FI"),
    ],
)  # fmt: skip
def test_spellings_that_mean_the_same_fold_alike(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@pytest.mark.parametrize(
    ("left", "right"), [("ə", "e"), ("РМН", "PMH"), ("PMN-2", "PMN-4"), ("ш", "щ"), ("х", "x"), ("q", "k")]
)
def test_letters_that_are_different_stay_different(left: str, right: str) -> None:
    assert fold(left) != fold(right)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("language", "whole", "tenth"),
    [("en", "8,086", "2,790.9"), ("az", f"8{BLANK}086", f"2{BLANK}790,9"), ("ru", f"8{BLANK}086", f"2{BLANK}790,9")],
)
def test_numbers_have_each_languages_separators(language: str, whole: str, tenth: str) -> None:
    assert Texts(language).number(8086) == whole
    assert Texts(language).number("2790.9", 1) == tenth


def test_numbers_round_half_up_and_minus_is_a_minus_sign() -> None:
    texts = Texts("en")
    assert texts.number("2790.85", 1) == "2,790.9"
    assert texts.number(Decimal("0.25"), 1) == "0.3"
    assert texts.number(-1234.5, 1) == "\u22121,234.5"
    assert texts.number("137772") == "137,772"
    assert texts.number(999) == "999"


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [("en", "4 August 2024", "15 Nov 2026"), ("az", "4 avqust 2024", "15 noy 2026"),
     ("ru", "4 августа 2024", "15 ноя 2026")],
)  # fmt: skip
def test_days_are_written_in_each_language(language: str, long: str, short: str) -> None:
    assert Texts(language).day(date(2024, 8, 4)) == long
    assert Texts(language).short_day(date(2026, 11, 15)) == short


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_twelve_months_have_twelve_names(language: str) -> None:
    for write in (Texts(language).day, Texts(language).short_day):
        assert len({write(date(2024, month, 1)) for month in range(1, 13)}) == 12


def test_azerbaijani_order_is_that_of_its_alphabet() -> None:
    ordered = "a b c ç d e ə f g ğ h x ı i j k q l m n o ö p r s ş t u ü v y z".split()
    assert sorted(set(ordered), key=Texts("az").sort_key) == ordered
    names = ["Xocalı", "Ağdam", "Ağdərə", "Qubadlı", "Kəlbəcər", "Zəngilan", "Şuşa", "Laçın", "Xankəndi", "Cəbrayıl"]
    assert sorted(names, key=Texts("az").sort_key) == [
        "Ağdam", "Ağdərə", "Cəbrayıl", "Xankəndi", "Xocalı", "Kəlbəcər", "Qubadlı", "Laçın", "Şuşa", "Zəngilan",
    ]  # fmt: skip
    assert sorted(["İmişli", "Izgara", "ılıq"], key=Texts("az").sort_key) == ["ılıq", "Izgara", "İmişli"]


def test_russian_order_is_that_of_its_alphabet_and_foreign_letters_come_last() -> None:
    ordered = [*"абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "pmn"]
    assert sorted(set(ordered), key=Texts("ru").sort_key) == ordered
    assert sorted(["Шуша", "Ёлка", "Агдам", "2-й", "Жук"], key=Texts("ru").sort_key) == [
        "2-й", "Агдам", "Ёлка", "Жук", "Шуша",
    ]  # fmt: skip


def test_english_order_puts_an_accent_with_its_letter_and_case_aside() -> None:
    assert sorted(["zeta", "Şuşa", "Tartar", "alpha", "Ray"], key=Texts("en").sort_key) == [
        "alpha", "Ray", "Şuşa", "Tartar", "zeta",
    ]  # fmt: skip


def test_names_with_numbers_stand_in_the_order_people_count_in() -> None:
    names = ["Laptop 1", "laptop 10", "Laptop 11", "Laptop 2", "AP10B2", "AP9B10", "10", "Laptop", "Laptop 007"]
    assert sorted(names, key=natural) == [
        "10", "AP9B10", "AP10B2", "Laptop", "Laptop 1", "Laptop 2", "Laptop 007", "laptop 10", "Laptop 11",
    ]  # fmt: skip


@given(st.lists(st.text(alphabet="a9\u0661\u00b2 0", max_size=60), max_size=6))
def test_any_names_can_be_put_in_order(names: list[str]) -> None:
    assert sorted(sorted(names, key=natural, reverse=True), key=natural) == sorted(names, key=natural)


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(LANGUAGES))
def test_only_the_same_text_sorts_alike(left: str, right: str, language: str) -> None:
    key = Texts(language).sort_key
    if left != right and "\u01dd" not in left + right and "\u018e" not in left + right:
        assert key(left) != key(right)


def test_an_unknown_language_reads_english_and_an_unknown_sentence_stays_as_it_is() -> None:
    assert Texts("xx").language == "en"
    assert Texts("az")("No catalogue holds this {thing}.", thing="sentence") == "No catalogue holds this sentence."


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stays_no_sentence(language: str) -> None:
    assert Texts(language)("") == ""  # gettext would answer with the header of the catalogue


def test_plural_forms_fall_back_to_english_ones_and_fill_the_count() -> None:
    texts = Texts("en")
    assert texts.plural("{count} zebra in {where}", "{count} zebras in {where}", 1, where="Baku") == "1 zebra in Baku"
    assert texts.plural("{count} zebra in {where}", "{count} zebras in {where}", 8086, where="Baku") == (
        "8,086 zebras in Baku"
    )


@pytest.mark.parametrize("text", ["2024-8-4", "20240804", "04.08.2024", "2024-02-30", "", "2024-W31-7"])
def test_only_a_calendar_day_is_a_day(text: str) -> None:
    assert parse_day("2024-08-04") == date(2024, 8, 4)
    with pytest.raises(ValueError):
        parse_day(text)


@pytest.mark.parametrize(
    "text", ["2026-11-22T06:15:00", "2026-11-22T06:15:00+04:00", "2026-11-22T061500.1Z", "2026-W47-7T06:15:00Z", ""]
)
def test_only_utc_to_the_second_is_a_moment(text: str) -> None:
    assert parse_moment("2026-11-22T06:15:00Z") == datetime(2026, 11, 22, 6, 15, tzinfo=UTC)
    with pytest.raises(ValueError):
        parse_moment(text)
