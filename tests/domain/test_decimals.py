"""The one spelling of a number in an event."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.decimals import LONGEST, decimal_text, is_decimal_text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (39.9899, 9, "39.9899"),
        (46.0, 9, "46"),
        (100, 2, "100"),
        (-0.0, 9, "0"),
        (-0.0000000001, 9, "0"),
        (1e-7, 9, "0.0000001"),
        (1e22, 1, "10000000000000000000000"),
        (0.1 + 0.2, 9, "0.3"),
        ("007.50", 9, "7.5"),
        ("+12.5", 3, "12.5"),
        ("-46.89880", 9, "-46.8988"),
        (Decimal("9595.65"), 1, "9595.7"),
        (Decimal("-0.05"), 1, "-0.1"),
        (Decimal("1E+3"), 1, "1000"),
    ],
)
def test_every_number_has_one_spelling(value: float | Decimal | str, places: int, text: str) -> None:
    assert decimal_text(value, places) == text
    assert is_decimal_text(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "-0", "+1", "01", "-01", "1.", ".5", "1.50", "1.0", "0.0", "-0.0", "1e3", " 1", "1\n", "1,5", "٣", "1_0",
     "NaN", "9" * (LONGEST + 1)],
)  # fmt: skip
def test_any_other_spelling_is_not_decimal_text(text: str) -> None:
    assert not is_decimal_text(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "1e3", "", "1_0", "٣", " 1", "1" * 41, 1e300, "-"])
def test_what_is_no_plain_number_is_refused(value: float | str) -> None:
    with pytest.raises(ValueError, match="not a "):
        decimal_text(value, 9)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=9))
def test_the_normal_form_keeps_the_value_and_is_its_own_normal_form(value: Decimal) -> None:
    text = decimal_text(value, 9)
    assert is_decimal_text(text)
    assert Decimal(text) == value
    assert decimal_text(text, 9) == text


@given(st.floats(min_value=-180, max_value=180))
def test_a_longitude_survives_to_nine_decimals(lon: float) -> None:
    text = decimal_text(lon, 9)
    assert is_decimal_text(text)
    assert abs(float(text) - lon) <= 0.5000001e-9
