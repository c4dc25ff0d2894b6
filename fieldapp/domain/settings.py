"""Settings of a deployment: their codes, what they mean, their defaults, and which values they take.

A setting is kept as text in the form its check knows; the default is in force until headquarters says otherwise. A
laptop without headquarters keeps its own, and headquarters' words win when it joins.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from fieldapp.texts import N_

Check = Callable[[str], str | None]
"""The plain form of a typed value; None where it cannot be taken."""


@dataclass(frozen=True)
class Setting:
    """One setting. ``name`` and ``help`` are catalogue messages."""

    code: str
    name: str
    help: str
    default: str
    check: Check
    choices: tuple[tuple[str, str], ...] = ()
    """Values to choose from with their words (catalogue messages); others may be typed where ``check`` takes them."""


OWN_OPERATION = "own"
SHIPPED_OPERATIONS = ("EPSG:15865", "EPSG:1808")
"""Pulkovo 1942 to WGS 84 (16), 4.5 m, and (14), Azerbaijan and Georgia, 5 m (EPSG)."""
_PARAMETERS = 8
_LARGEST_SHIFT_M, _LARGEST_TURN_ARCSEC, _LARGEST_SCALE_PPM, _LARGEST_ACCURACY_M = 3000.0, 60.0, 200.0, 1000.0


def _numbers(text: str) -> list[float] | None:
    try:
        found = [float(part) for part in text.replace(";", " ").replace(",", ".").split()]
    except ValueError:
        return None
    return found if all(math.isfinite(number) for number in found) else None


def _said(numbers: list[float]) -> str:
    return " ".join(f"{number:.10g}" for number in numbers)


def operation(text: str) -> str | None:
    """``EPSG:15865``, ``EPSG:1808``, or ``own`` and eight numbers.

    The eight: x, y, z in metres, rotations x, y, z in arc seconds in the *coordinate frame* convention (as EPSG's
    method 9607 and GOST state them; the position vector convention has the opposite signs), scale in ppm, and the
    accuracy in metres.
    """
    word, _, rest = text.strip().partition(" ")
    if not rest and word.upper() in SHIPPED_OPERATIONS:
        return word.upper()
    numbers = _numbers(rest)
    if word.casefold() != OWN_OPERATION or numbers is None or len(numbers) != _PARAMETERS:
        return None
    limits = [_LARGEST_SHIFT_M] * 3 + [_LARGEST_TURN_ARCSEC] * 3 + [_LARGEST_SCALE_PPM]
    within = all(abs(number) <= limit for number, limit in zip(numbers, limits, strict=False))
    return f"{OWN_OPERATION} {_said(numbers)}" if within and 0 < numbers[-1] <= _LARGEST_ACCURACY_M else None


def work_area(text: str) -> str | None:
    """South, west, north, east in degrees of WGS 84; the box must hold ground."""
    numbers = _numbers(text)
    if numbers is None or len(numbers) != 4:
        return None
    south, west, north, east = numbers
    fits = -90 <= south < north <= 90 and -180 <= west < east <= 180
    return _said(numbers) if fits else None


def _between(least: float, most: float) -> Check:
    def check(text: str) -> str | None:
        numbers = _numbers(text)
        return _said(numbers) if numbers and len(numbers) == 1 and least <= numbers[0] <= most else None

    return check


def _one_of(*words: str) -> Check:
    return lambda text: text.strip() if text.strip() in words else None


DATUM_OPERATION, WORK_AREA, AXO = "datum-operation", "work-area", "axo"
MISCLOSURE_WARN_M, MISCLOSURE_WARN_RATIO, MISCLOSURE_DANGER_M = (
    "misclosure-warn-m", "misclosure-warn-ratio", "misclosure-danger-m"
)  # fmt: skip

SETTINGS: dict[str, Setting] = {
    one.code: one
    for one in (
        Setting(
            DATUM_OPERATION, N_("From SK-42 to WGS 84"),
            N_("The datum operation that is used and stored with each position. Choosing another moves new positions"
               " by 2 to 5 m; stored ones stay. Own parameters: the word own, then x y z in metres, three turns in"
               " seconds (coordinate frame), scale in ppm, accuracy in metres."),
            "EPSG:15865", operation,
            (("EPSG:15865", N_("EPSG:15865, former USSR, 4.5 m")),
             ("EPSG:1808", N_("EPSG:1808, Azerbaijan and Georgia, 5 m"))),
        ),
        Setting(
            WORK_AREA, N_("Work area"),
            N_("South, west, north and east in degrees. Positions outside it are asked about, never refused."),
            "38.3 44.7 42 50.7", work_area,
        ),
        Setting(
            MISCLOSURE_WARN_M, N_("Misclosure to look at, m"),
            N_("Legs that close worse than this are marked."), "1", _between(0.01, 100),
        ),
        Setting(
            MISCLOSURE_WARN_RATIO, N_("Misclosure to look at, 1 to"),
            N_("Legs that close worse than one in so many metres are marked."), "200", _between(10, 100_000),
        ),
        Setting(
            MISCLOSURE_DANGER_M, N_("Misclosure that is a fault, m"),
            N_("Legs that close worse than this are wrong somewhere."), "5", _between(0.01, 1000),
        ),
        Setting(
            AXO, N_("Abandoned ordnance in reports"),
            N_("Counted with the UXO and said in a note, or on a line of its own."), "with-uxo",
            _one_of("with-uxo", "apart"), (("with-uxo", N_("With the UXO")), ("apart", N_("On its own line"))),
        ),
    )
}  # fmt: skip
"""Every setting by code, in the order in which they are shown."""
