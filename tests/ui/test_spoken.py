from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.forms.spoken import LARGEST, in_words


@pytest.mark.parametrize(
    ("quantity", "en", "az", "ru"),
    [
        ("0", "zero", "sıfır", "ноль"),
        ("21", "twenty-one", "iyirmi bir", "двадцать один"),
        ("100", "one hundred", "yüz", "сто"),
        ("312", "three hundred and twelve", "üç yüz on iki", "триста двенадцать"),
        ("1000", "one thousand", "min", "одна тысяча"),
        ("3120", "three thousand one hundred and twenty", "üç min yüz iyirmi", "три тысячи сто двадцать"),
        ("4200", "four thousand two hundred", "dörd min iki yüz", "четыре тысячи двести"),
        ("11005", "eleven thousand and five", "on bir min beş", "одиннадцать тысяч пять"),
        ("22000", "twenty-two thousand", "iyirmi iki min", "двадцать две тысячи"),
        ("1000001", "one million and one", "bir milyon bir", "один миллион один"),
        ("5000000", "five million", "beş milyon", "пять миллионов"),
    ],
)
def test_a_quantity_in_the_words_of_each_language(quantity: str, en: str, az: str, ru: str) -> None:
    assert [in_words(quantity, language) for language in ("en", "az", "ru")] == [en, az, ru]


@pytest.mark.parametrize("text", ["", "12.5", "-3", "abc", "nan", "1e999", str(LARGEST + 1)])
def test_what_is_no_whole_number_has_no_words(text: str) -> None:
    assert in_words(text, "en") == ""


@given(st.integers(0, LARGEST), st.integers(0, LARGEST), st.sampled_from(["en", "az", "ru"]))
def test_two_numbers_never_share_their_words(one: int, other: int, language: str) -> None:
    assert (in_words(one, language) == in_words(other, language)) is (one == other)
