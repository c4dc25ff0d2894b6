"""Bearing and distance: bearings read in degrees or mils, points walked on the ellipsoid, misclosure, adjustment.

Bearings here are degrees clockwise; which north they run from is the caller's to say and to reduce to true north
(``declination.py``). Distances are horizontal metres on the ground. Each leg is a geodesic, so nothing is planar: a
square of 100 by 50 m closes to less than a millimetre.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from typing import Literal

from fieldapp.domain.settings import MISCLOSURE_DANGER_M, MISCLOSURE_WARN_M, MISCLOSURE_WARN_RATIO, SETTINGS
from fieldapp.errors import OperatorError
from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.crs import ellipsoid
from fieldapp.texts import N_, Texts

Unit = Literal["deg", "dms", "mil6000", "mil6400"]
"""How bearings are written: decimal degrees; degrees, minutes and seconds; Soviet mils, 6000 to the circle, written
12-50; mils of NATO instruments, 6400 to the circle."""
UNITS: tuple[Unit, ...] = ("deg", "dms", "mil6000", "mil6400")


@dataclass(frozen=True)
class ClosureLimits:
    """From which misclosure on a traverse is looked at again, and from which it is dangerous to use."""

    look_m: float
    look_ratio: int
    """One metre in so many metres walked; worse than that is looked at."""
    danger_m: float


def _shipped(code: str) -> float:
    return float(SETTINGS[code].default)


LIMITS = ClosureLimits(
    _shipped(MISCLOSURE_WARN_M), round(_shipped(MISCLOSURE_WARN_RATIO)), _shipped(MISCLOSURE_DANGER_M)
)
"""As shipped: they are declared once, among the settings, and a programme may choose its own."""

_REASONS = {
    "empty": N_("no bearing was typed"),
    "number": N_("“{part}” is not a bearing in this unit"),
    "range": N_("“{part}” is more than a full circle"),
    "sixty": N_("minutes and seconds of “{part}” go up to 59"),
    "mils_form": N_("“{part}” is how mils of 6000 are written, and the unit is another one"),
    "mils_ambiguous": N_("“{part}” may be {small} or {large} in mils of 6000: write it with the dash"),
}
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
_MILS_FORM = re.compile(r"([0-9]{1,2})-([0-9]{2})")
_NUMBER = re.compile(r"[0-9]{1,4}([.,][0-9]{1,6})?")


class BearingNotUnderstood(OperatorError):
    """A typed bearing that is none in its unit, or that can be read in two ways. ``reason`` is a stable word."""

    code = "bearing_not_understood"
    what = N_("The bearing cannot be read: {reason}.")
    kept = N_("What you typed is still there.")
    do = N_("Type it like 75.5 in degrees, 75 30 00 in degrees, minutes and seconds, or 12-50 in mils.")

    def __init__(self, reason: str, part: str = "", **facts: object) -> None:
        super().__init__(reason=reason, part=part, **facts)
        self.reason = reason

    def cause(self, texts: Texts) -> str:
        """What is wrong with it, as a piece of a sentence, in the language of ``texts``."""
        return texts(_REASONS[self.reason], **self.facts)

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """What is wrong, what was kept and how to type it."""
        return texts(self.what, reason=self.cause(texts)), texts(self.kept), texts(self.do)


def bearing_of(text: str, unit: Unit) -> float:
    """Degrees from 0 up to (not including) 360 of a bearing as typed. Raises BearingNotUnderstood."""
    plain = text.strip().translate(_DASHES)
    if not plain:
        raise BearingNotUnderstood("empty")
    if unit == "dms":
        return _dms(plain)
    form = _MILS_FORM.fullmatch(plain.replace(" ", ""))
    if unit == "mil6000":
        return _in_circle(_mils_of_6000(plain, form), 6000, plain)
    if form is not None and unit == "mil6400":
        return _in_circle(Decimal(form[1] + form[2]), 6400, plain)
    if form is not None:
        raise BearingNotUnderstood("mils_form", plain)
    number = plain.rstrip("°º˚ ")
    if not _NUMBER.fullmatch(number):
        raise BearingNotUnderstood("number", plain)
    return _in_circle(Decimal(number.replace(",", ".")), 360 if unit == "deg" else 6400, plain)


def is_written_like_mils_of_6000(text: str) -> bool:
    """Is it written ``12-50``, as Soviet instruments and records are read?"""
    return _MILS_FORM.fullmatch(text.strip().translate(_DASHES)) is not None


def _in_circle(value: Decimal, circle: int, typed: str) -> float:
    if value > circle:
        raise BearingNotUnderstood("range", typed)
    return float(value * 360 / circle) % 360


def _mils_of_6000(plain: str, form: re.Match[str] | None) -> Decimal:
    if form is not None:
        return Decimal(form[1] + form[2])
    if not re.fullmatch(r"[0-9]{1,4}", plain):
        raise BearingNotUnderstood("number", plain)
    if len(plain) < 3:
        raise BearingNotUnderstood("mils_ambiguous", plain, small=f"0-{plain:0>2}", large=f"{plain}-00")
    return Decimal(plain)


def _dms(plain: str) -> float:
    pieces = [piece for piece in re.split(r"[\s°º˚'′’´\"″”:-]+", plain) if piece]
    whole, last = pieces[:-1], pieces[-1:]
    if not 1 <= len(pieces) <= 3 or not all(re.fullmatch(r"[0-9]{1,3}", piece) for piece in whole):
        raise BearingNotUnderstood("number", plain)
    if not re.fullmatch(r"[0-9]{1,3}([.,][0-9]{1,6})?", last[0]):
        raise BearingNotUnderstood("number", plain)
    numbers = [Decimal(piece.replace(",", ".")) for piece in pieces]
    if any(number >= 60 for number in numbers[1:]):
        raise BearingNotUnderstood("sixty", plain)
    return _in_circle(sum((n / 60**place for place, n in enumerate(numbers)), Decimal(0)), 360, plain)


def bearing_text(bearing_deg: float, unit: Unit) -> str:
    """A bearing as ``bearing_of`` reads it: 75.00, 75 00 00, 12-50 or 1333; rounded once, half up."""
    turn = Decimal(repr(float(bearing_deg % 360)))
    if unit == "deg":
        return f"{_rounded(turn, '0.01') % 360:.2f}"
    if unit == "dms":
        seconds = int(_rounded(turn * 3600, "1")) % 1_296_000
        return f"{seconds // 3600} {seconds // 60 % 60:02d} {seconds % 60:02d}"
    circle = 6000 if unit == "mil6000" else 6400
    mils = int(_rounded(turn * circle / 360, "1")) % circle
    return f"{mils // 100}-{mils % 100:02d}" if unit == "mil6000" else str(mils)


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)


def horizontal_m(distance_m: float, slope_deg: float) -> float:
    """The horizontal part of a distance measured along a slope of so many degrees, uphill or downhill."""
    return distance_m * math.cos(math.radians(slope_deg))


def forward(start: Position, bearing_true_deg: float, distance_m: float) -> Position:
    """Where so many metres along a bearing from true north end."""
    lon, lat, _ = ellipsoid().fwd(start.lon, start.lat, bearing_true_deg, distance_m)
    return Position(float(lat), float(lon))


def bearing_and_distance(start: Position, end: Position) -> tuple[float, float]:
    """Bearing from true north at ``start`` (0 up to 360) and metres to ``end``."""
    azimuth, _, distance_m = ellipsoid().inv(start.lon, start.lat, end.lon, end.lat)
    bearing = float(azimuth) % 360
    return (0.0 if bearing == 360 else bearing), float(distance_m)


def walked(start: Position, legs: Sequence[tuple[float, float]]) -> list[Position]:
    """The points that ``legs`` (bearing from true north, metres) lead to, ``start`` first: one more than legs."""
    points = [start]
    for bearing, distance_m in legs:
        points.append(forward(points[-1], bearing, distance_m))
    return points


@dataclass(frozen=True)
class Closure:
    """How far from where it should end a traverse ended."""

    misclosure_m: float
    bearing_deg: float
    """From where it should have ended to where it did, from true north."""
    length_m: float
    """All that was walked between the two fixed points."""

    @property
    def ratio_n(self) -> int | None:
        """The n of 1:n; None where it closes to half a millimetre, which nobody measures."""
        return None if self.misclosure_m < 5e-4 else round(self.length_m / self.misclosure_m)

    def severity(self, limits: ClosureLimits = LIMITS) -> Literal["", "look", "danger"]:
        """Nothing, to be looked at again, or too far off to be used."""
        if self.misclosure_m > limits.danger_m:
            return "danger"
        ratio = self.ratio_n
        worse = ratio is not None and ratio < limits.look_ratio
        return "look" if self.misclosure_m > limits.look_m or worse else ""


def closure(points: Sequence[Position], end: Position, lengths_m: Sequence[float]) -> Closure:
    """Of the walked ``points`` (one more than ``lengths_m``) that should have ended at ``end``."""
    bearing, gap_m = bearing_and_distance(end, points[-1])
    return Closure(gap_m, bearing, math.fsum(lengths_m))


def bowditch(points: Sequence[Position], end: Position, lengths_m: Sequence[float]) -> list[Position]:
    """``points`` moved so that the last one is ``end``: each by its share of the gap in proportion to length walked.

    The first point stays. Raises ValueError where there are no legs or they have no length.
    """
    total = math.fsum(lengths_m)
    if len(points) != len(lengths_m) + 1 or total <= 0:
        raise ValueError("nothing to adjust")
    bearing, gap_m = bearing_and_distance(points[-1], end)
    shares = [0.0, *(done / total for done in accumulate(lengths_m))]
    moved = [
        forward(point, bearing, gap_m * share) if share else point for point, share in zip(points, shares, strict=True)
    ]
    return [*moved[:-1], end]
