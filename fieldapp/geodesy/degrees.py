"""Latitude and longitude in degrees, with or without minutes and seconds: read from tokens, and printed.

Which datum they are in is not known here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from fieldapp.geodesy.errors import CoordinateNotUnderstood
from fieldapp.geodesy.notes import Note
from fieldapp.geodesy.spelling import HEMISPHERES, Axis, Mark, Token

STYLES = ("dd", "dm", "dms")
METRES_PER_DEGREE = 111_320.0
"""Of longitude on the equator, rounded up: used for the uncertainty of typed digits only."""

_MARKS: tuple[Mark, ...] = ("degree", "minute", "second")
_SIGNS: dict[Mark, str] = {"degree": "°", "minute": "'", "second": '"'}
_UNITS_PER_DEGREE = (1.0, 60.0, 3600.0)


class Degrees(NamedTuple):
    """A latitude and longitude as typed. ``style`` is one of STYLES, ``uncertainty_m`` half a unit of the digits."""

    lat: float
    lon: float
    style: str
    uncertainty_m: float
    notes: tuple[Note, ...]


class _Half(NamedTuple):
    """One of the two: degrees without their sign, and what was typed."""

    numbers: Sequence[Token]
    value: float

    @property
    def first(self) -> Token:
        return self.numbers[0]

    @property
    def step_deg(self) -> float:
        """One unit of the last digit typed."""
        return float(10.0 ** -self.numbers[-1].decimals / _UNITS_PER_DEGREE[len(self.numbers) - 1])


def read(pieces: Sequence[Token]) -> Degrees:
    """The two halves that ``pieces`` spell, latitude first unless hemispheres say otherwise.

    ``40 07.4`` is refused, as it may be one half of a position. Raises CoordinateNotUnderstood.
    """
    numbers = [token.kind for token in pieces].count("number")
    words = [token for token in pieces if token.kind == "word"]
    if numbers not in {2, 4, 6}:
        marked = len(words) == 2 or [token.mark for token in pieces].count("degree") == 2
        raise CoordinateNotUnderstood("uneven" if marked and numbers in {3, 5} else "count", count=numbers)
    for word in words:
        if word.text not in HEMISPHERES and word.text != "ş":
            raise CoordinateNotUnderstood("lookalike" if word.text == "c" else "word", word.text, word.at)
    first, second = (_half(part) for part in _split(pieces, words, numbers))
    if len(first.numbers) != len(second.numbers):
        raise CoordinateNotUnderstood("uneven")
    if words:
        return _with_hemispheres(first, second, words)
    if numbers == 2:
        _refuse_minutes(first, second, pieces)
    return _made(first, _sign(first), second, _sign(second))


def text(lat: float, lon: float, style: str) -> str:
    """``39.989900° N 46.898800° E``, ``39°59.3940' N ...`` or ``39°59'23.64" N ...``, rounded once, half up.

    The last digits are 0.11, 0.19 and 0.31 m of latitude. Rounding is done in whole units of them: never 60 seconds.
    """
    return f"{_half_text(lat, style, 'NS')} {_half_text(lon, style, 'EW')}"


def rounded(value: float, scale: int) -> int:
    """``value`` times ``scale``, half up, away from zero: all printing goes on in integers."""
    return int((Decimal(repr(value)) * scale).quantize(Decimal(1), rounding=ROUND_HALF_UP))


_SCALES = {"dd": 1_000_000, "dm": 600_000, "dms": 360_000}


def _half_text(value: float, style: str, letters: str) -> str:
    units = rounded(value, _SCALES[style])
    letter = letters[units < 0]
    degrees, rest = divmod(abs(units), _SCALES[style])
    if style == "dd":
        return f"{degrees}.{rest:06d}° {letter}"
    if style == "dm":
        return f"{degrees}°{rest // 10_000:02d}.{rest % 10_000:04d}' {letter}"
    minutes, rest = divmod(rest, 6_000)
    return f"{degrees}°{minutes:02d}'{rest // 100:02d}.{rest % 100:02d}\" {letter}"


def _split(pieces: Sequence[Token], words: Sequence[Token], numbers: int) -> tuple[Sequence[Token], Sequence[Token]]:
    """The pieces of each half, without words and separators."""
    separators = [at for at, token in enumerate(pieces) if token.kind == "separator"]
    if len(separators) > 1:
        raise CoordinateNotUnderstood("layout")
    if words:
        at = _between_hemispheres(pieces, words)
    elif separators:
        at = separators[0]
    else:
        at = _middle(pieces, numbers)
    if separators and separators[0] not in {at, at - 1}:
        raise CoordinateNotUnderstood("layout")
    first = [token for token in pieces[:at] if token.kind == "number"]
    second = [token for token in pieces[at:] if token.kind == "number"]
    if not (first and second):
        raise CoordinateNotUnderstood("layout")
    return first, second


def _between_hemispheres(pieces: Sequence[Token], words: Sequence[Token]) -> int:
    """Where the second half begins, or the separator before it: hemispheres stand in front of both, or behind both."""
    if len(words) == 1:
        if words[0] not in (pieces[0], pieces[-1]):
            raise CoordinateNotUnderstood("one_hemisphere", words[0].text, words[0].at)
        raise CoordinateNotUnderstood("layout")
    if len(words) == 2 and pieces[0] is words[0] and pieces[-1] is not words[1]:
        return pieces.index(words[1])
    if len(words) == 2 and pieces[-1] is words[1] and pieces[0] is not words[0]:
        return pieces.index(words[0]) + 1
    raise CoordinateNotUnderstood("layout")


def _middle(pieces: Sequence[Token], numbers: int) -> int:
    """Where the second half begins if nothing says it: at the second number with a degree sign, or half-way."""
    places = [at for at, token in enumerate(pieces) if token.kind == "number"]
    signed = [at for at in places if pieces[at].mark == "degree"]
    return signed[1] if len(signed) == 2 else places[numbers // 2]


def _half(pieces: Sequence[Token]) -> _Half:
    """Numbers of one half, each with its own mark or none."""
    if len(pieces) > 3:
        raise CoordinateNotUnderstood("layout")
    for token, mark in zip(pieces, _MARKS, strict=False):
        if token.mark and token.mark != mark:
            raise CoordinateNotUnderstood("mark", _SIGNS[token.mark], token.at)
    return _Half(pieces, _value(pieces))


def _value(numbers: Sequence[Token]) -> float:
    """Degrees of whole degrees, whole minutes and seconds, the last of them with a fraction, without their sign."""
    value = abs(float(numbers[0].text))
    for token, before, units in zip(numbers[1:], numbers, _UNITS_PER_DEGREE[1:], strict=False):
        if before.decimals:
            raise CoordinateNotUnderstood("fraction", before.text, before.at)
        if token.signed:
            raise CoordinateNotUnderstood("sign", token.text, token.at)
        part = float(token.text)
        if part >= 60 or len(token.whole) > 2:
            raise CoordinateNotUnderstood("minutes_range", token.text, token.at)
        value += part / units
    return value


def _sign(half: _Half) -> int:
    return -1 if half.first.text[0] == "-" else 1


def _refuse_minutes(first: _Half, second: _Half, pieces: Sequence[Token]) -> None:
    """Refuse what may be degrees and minutes of one half: ``40 07.407``, ``40° 07``."""
    marks = sum(token.mark == "degree" for token in pieces)
    separated = any(token.kind == "separator" for token in pieces)
    one, other = first.first, second.first
    whole_then_small = not one.decimals and not other.signed and float(other.text) < 60
    if marks == 1 or (whole_then_small and not separated and marks == 0):
        raise CoordinateNotUnderstood("maybe_minutes", f"{one.text} {other.text}", one.at)


def _with_hemispheres(first: _Half, second: _Half, words: Sequence[Token]) -> Degrees:
    """Two halves with a hemisphere word each, in either order."""
    found = [HEMISPHERES.get(word.text) for word in words]
    for here, other in ((0, 1), (1, 0)):
        if found[here] is None:
            known = found[other]
            if known is None:
                raise CoordinateNotUnderstood("ambiguous_word", words[here].text, words[here].at)
            found[here] = ("lon", 1) if known[0] == "lat" else ("lat", 1)
    sides: dict[Axis, tuple[_Half, int]] = {}
    for half, side in zip((first, second), found, strict=True):
        if half.first.signed:
            raise CoordinateNotUnderstood("sign_and_hemisphere", half.first.text, half.first.at)
        if side is not None:
            sides[side[0]] = (half, side[1])
    if len(sides) != 2:
        raise CoordinateNotUnderstood("same_axis")
    return _made(*sides["lat"], *sides["lon"])


def _made(lat: _Half, lat_sign: int, lon: _Half, lon_sign: int) -> Degrees:
    for half, limit, reason in ((lat, 90, "lat_range"), (lon, 180, "lon_range")):
        if half.first.whole_digits > 3 or half.value > limit:
            raise CoordinateNotUnderstood(reason, half.first.text, half.first.at)
    lat_deg = lat_sign * lat.value + 0.0
    uncertainty_m = METRES_PER_DEGREE * math.hypot(
        0.5 * lat.step_deg, 0.5 * lon.step_deg * math.cos(math.radians(lat_deg))
    )
    style = STYLES[len(lat.numbers) - 1]
    return Degrees(lat_deg, lon_sign * lon.value + 0.0, style, uncertainty_m, _missing_digits(lat, lon))


def _missing_digits(lat: _Half, lon: _Half) -> tuple[Note, ...]:
    """A digit that was left out moves the place by up to 10 degrees: what shows it are unequal halves."""
    notes = [
        Note("single_digit", {"part": token.text})
        for half in (lat, lon)
        for token in half.numbers[1:]
        if token.whole_digits == 1
    ]
    one, other = lat.numbers[-1], lon.numbers[-1]
    if one.decimals != other.decimals:
        notes.append(Note("uneven_digits", {"one": one.text, "other": other.text}))
    return tuple(notes)
