"""Legs as people write them: ``12-50 640``, one to a line or in a table; and the days that old records are dated by."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from fieldapp.exchange.point_lists import ListNotRead, role_of_words
from fieldapp.operations.legs import MOST_LEGS, Leg, LegNotUnderstood
from fieldapp.texts import N_, parse_day

_NUMBER = re.compile(r"([0-9]{1,6})([.,]([0-9]{1,3}))? ?[mм]?", re.IGNORECASE)
_SLOPE = re.compile(r"([+-]?[0-9]{1,2}([.,][0-9]{1,3})?) ?°?")
_MOST_CHARACTERS = 200_000


def leg_of(text: str, number: int = 1) -> Leg:
    """A leg of ``BEARING METRES``, with ``slope=ANGLE`` for a distance along the slope and ``role=TP2`` if wanted.

    The bearing stays as written: its unit is the set's. Raises LegNotUnderstood.
    """
    words = text.replace("\u2212", "-").split()
    named: dict[str, str] = {}
    while words and "=" in words[-1]:
        name, _, value = words.pop().partition("=")
        named[name.lower()] = value
    if words and words[-1].lower() in ("m", "м"):
        words.pop()
    if len(words) < 2 or not named.keys() <= {"slope", "role"}:
        raise LegNotUnderstood(number, "leg", N_("it is not a bearing, then metres"))
    return _leg(number, " ".join(words[:-1]).rstrip(",;"), words[-1], named.get("slope", ""), named.get("role", ""))


def read(text: str) -> list[Leg]:
    """The legs of a list, one to a line: as ``leg_of`` reads them, or a table of bearing, metres, slope, role.

    Columns are separated by tabs or semicolons; a first line without digits is a heading. Raises ListNotRead,
    LegNotUnderstood with the number of the leg.
    """
    if len(text) > _MOST_CHARACTERS:
        raise ListNotRead(N_("it is longer than {count} characters"), count=_MOST_CHARACTERS)
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if lines and not any(character.isdigit() for character in lines[0]):
        lines = lines[1:]
    if not lines:
        raise ListNotRead(N_("it is empty"))
    if len(lines) > MOST_LEGS:
        raise ListNotRead(N_("it has more than {count} lines"), count=MOST_LEGS)
    return [_line(number, line) for number, line in enumerate(lines, 1)]


def _line(number: int, line: str) -> Leg:
    separator = next((one for one in ("\t", ";") if one in line), None)
    if separator is None:
        return leg_of(line, number)
    cells = [cell.strip() for cell in line.split(separator)]
    if not 2 <= len(cells) <= 4:
        raise LegNotUnderstood(number, "leg", N_("it is not a bearing, then metres"))
    return _leg(number, *cells, *[""] * (4 - len(cells)))


def _leg(number: int, bearing: str, metres: str, slope: str, role: str) -> Leg:
    found = _NUMBER.fullmatch(metres)
    if found is None:
        raise LegNotUnderstood(number, "distance", N_("“{part}” is not a distance in metres"), part=metres)
    named = role_of_words(role)
    if role and not named:
        raise LegNotUnderstood(number, "role", N_("“{part}” is no kind of point"), part=role)
    distance_m = Decimal(f"{found[1]}.{found[3] or 0}")
    if not slope:
        return Leg(bearing, distance_m, role=named)
    angle = _SLOPE.fullmatch(slope)
    if angle is None:
        raise LegNotUnderstood(number, "slope", N_("“{part}” is not an angle in degrees"), part=slope)
    return Leg(bearing, distance_m, Decimal(angle[1].replace(",", ".")), slope_distance=True, role=named)


def text_of(legs: Sequence[Leg]) -> str:
    """Legs as ``read`` takes them, one to a line."""
    return "\n".join(
        " ".join((
            leg.bearing, f"{leg.distance_m.normalize():f}",
            *([f"slope={leg.slope_deg:f}"] if leg.slope_distance and leg.slope_deg is not None else []),
            *([f"role={leg.role}"] if leg.role else []),
        ))
        for leg in legs
    )  # fmt: skip


def day_of(text: str) -> dt.date:
    """A day as typed: YYYY-MM-DD, or the middle of a month (YYYY-MM) or year (YYYY) where a record says no more.

    Raises ValueError.
    """
    text = text.strip()
    if re.fullmatch(r"[12][0-9]{3}", text):
        return dt.date(int(text), 7, 1)
    if re.fullmatch(r"[12][0-9]{3}-[0-9]{2}", text):
        return parse_day(f"{text}-15")
    return parse_day(text)
