"""Decimal text: the one spelling of a number in an event, because readers compare bytes.

Optional minus, no plus, no exponent, no leading zeros, no trailing zeros after the point, never -0.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

LONGEST = 40
"""Characters of the longest decimal text: far more than any measure needs, so that none can be a burden."""

_NORMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?", re.ASCII)
_TYPED = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)


def decimal_text(value: int | float | Decimal | str, places: int) -> str:
    """``value`` in its normal form, rounded half up to at most ``places`` digits after the point.

    A float counts as its shortest spelling (0.1 is 0.1); a str has digits and at most one point, no exponent.
    Raises ValueError for what is no finite number of that form, or is longer than ``LONGEST`` characters.
    """
    if isinstance(value, str):
        if len(value) > LONGEST or not _TYPED.fullmatch(value):
            raise ValueError(f"not a decimal number: {value[:LONGEST]!r}")
        exact = Decimal(value)
    else:
        exact = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite() or exact.adjusted() >= LONGEST:
        raise ValueError(f"not a number to store: {value}")
    with localcontext() as context:
        context.prec = 2 * LONGEST
        text = f"{exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):f}"
    if "." in text:
        text = text.rstrip("0").removesuffix(".")
    text = "0" if text == "-0" else text
    if len(text) > LONGEST:
        raise ValueError(f"too long to store: {value}")
    return text


def is_decimal_text(text: str) -> bool:
    """Whether ``text`` is already in the normal form."""
    return len(text) <= LONGEST and text != "-0" and _NORMAL.fullmatch(text) is not None
