"""Bearing and distance: legs as they were written, walked into points, with what they miss when they come back.

The legs that were typed are kept as typed (``leg_records.py``) and can be walked again with another north, unit or
declination; an adjustment is made only on request and never replaces them. Distances are horizontal unless it is said
that they go along the slope.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from fieldapp.domain import settings as declared
from fieldapp.domain.decimals import decimal_text
from fieldapp.errors import OperatorError
from fieldapp.geodesy import traverse
from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.declination import Declination, ModelExpired, convergence_deg, declination
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.geodesy.grids import grid_crs
from fieldapp.geodesy.traverse import LIMITS, BearingNotUnderstood, Closure, ClosureLimits, Unit
from fieldapp.operations import outlines, settings
from fieldapp.operations.outlines import PLACES, TypedPoint
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts

__all__ = ["BearingNotUnderstood", "Leg", "LegSet", "ModelExpired", "Walked", "walk"]

North = Literal["magnetic", "true", "grid"]
NORTHS: tuple[North, ...] = ("magnetic", "true", "grid")

MOST_LEGS = 1_000
MOST_LEG_M = Decimal(100_000)
MOST_SLOPE_DEG = 60
_OTHER_DECLINATION_DEG = 1.0
"""A declination of one's own that differs more from the model than this is looked at: its sign is easily lost."""

_LIMITS = (declared.MISCLOSURE_WARN_M, declared.MISCLOSURE_WARN_RATIO, declared.MISCLOSURE_DANGER_M)

_PROBLEMS = {
    "misclosure_look": N_("The legs miss their end by {metres} m in {length} m, 1:{ratio}: measure again."),
    "misclosure_danger": N_(
        "The legs miss their end by {metres} m in {length} m, 1:{ratio}: too far off to be used. Measure again."
    ),
    "own_declination": N_("The declination {own}° is not the model's {model}° ({name}): its sign, or its year?"),
    "unit": N_("Leg {leg}: “{bearing}” is how mils of 6000 are written; it was read as mils of 6400."),
    "slope": N_("Leg {leg}: a slope of {slope}° is steep; is it an angle in degrees?"),
    "long": N_("Leg {leg} is {metres} m long: more than 5 km is mostly a mistake."),
}


_DECIMALS = {"metres": 2, "length": 0, "ratio": 0, "own": 2, "model": 2, "slope": 1}
_NUMBERS = (int, float, Decimal)


class LegNotUnderstood(OperatorError):
    """A leg cannot be read. ``leg`` is its number from 1, ``member`` bearing, distance or slope."""

    code = "leg_not_understood"
    what = N_("Leg {leg} cannot be read: {reason}.")
    kept = N_("What you typed is still there.")
    do = N_("Type it like 75.5 640 in degrees or 12-50 640 in mils: bearing, then metres.")

    def __init__(self, leg: int, member: str, cause: BearingNotUnderstood | str, **facts: object) -> None:
        super().__init__(leg=leg, member=member, **facts)
        self.leg, self.member, self.because = leg, member, cause

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """What is wrong with which leg, what was kept and how to type it."""
        cause = self.because
        reason = texts(cause, **self.facts) if isinstance(cause, str) else cause.cause(texts)
        return texts(self.what, leg=self.leg, reason=reason), texts(self.kept), texts(self.do)


class DateNeeded(OperatorError):
    """Magnetic bearings have neither a date nor a declination of their own."""

    code = "date_needed"
    what = N_("Magnetic bearings need the day they were taken, or the declination.")
    kept = N_("What you typed is still there.")
    do = N_("Type the day, or the year for an old record.")


@dataclass(frozen=True)
class Leg:
    """One leg as it was written."""

    bearing: str
    distance_m: Decimal
    slope_deg: Decimal | None = None
    """Angle of slope, up or down, that goes with a distance measured along the ground."""
    slope_distance: bool = False
    """Was the distance measured along the slope? Then the angle is needed."""
    role: str = ""
    """Of the point at its end; empty: by its place."""


@dataclass(frozen=True)
class LegSet:
    """Legs one after the other, from a point that is known."""

    start: TypedPoint
    """A role RP or BM: the first leg leads from there to the start of the ring."""
    north: North
    unit: Unit
    legs: tuple[Leg, ...]
    date: dt.date | None = None
    """When the bearings were taken; needed for magnetic ones without ``declination_deg``."""
    declination_deg: float | None = None
    """One's own declination, east positive, instead of the model's."""
    grid_system: str = ""
    """Whose grid north: utm, sk42-gk, sk42-gk3, ck63, the code of a system of the programme, or EPSG:number."""
    closes_at: Literal["start"] | TypedPoint | None = None
    """Where the last leg ends: at the first point of the ring again, at another known point, or anywhere. A known
    point with the role SP is the start of a ring that these legs go on with: it is no second corner."""
    adjust: bool = False
    """Share the misclosure out over the legs in proportion to their length (Bowditch)."""


@dataclass(frozen=True)
class LegProblem:
    """What should be looked at. ``severity`` is danger or look."""

    code: str
    severity: Literal["danger", "look"]
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, texts: Texts) -> str:
        """The problem in the language of ``texts``."""
        shown = {
            name: texts.number(value, _DECIMALS[name]) if name in _DECIMALS and isinstance(value, _NUMBERS) else value
            for name, value in self.facts.items()
        }
        return texts(_PROBLEMS[self.code], **shown)


@dataclass(frozen=True)
class Walked:
    """Where legs lead. Points carry roles and are ready to be a ring; the end that closes is not among them."""

    points: tuple[TypedPoint, ...]
    """Adjusted where that was asked for, else as ``raw_points``. The start stands first."""
    raw_points: tuple[TypedPoint, ...]
    closure: Closure | None
    """None where nothing says where the legs should end."""
    length_m: float
    """Horizontal, of all legs."""
    declination: Declination | None
    """What was used for magnetic bearings; an own value has the model ``own``."""
    convergence_deg: float | None
    """Of the grid at the start, for grid bearings."""
    grid_crs: str
    problems: tuple[LegProblem, ...]
    true_bearings_deg: tuple[float, ...]
    lengths_m: tuple[float, ...]

    @property
    def misclosure_m(self) -> float | None:
        """Metres from where the last leg should end to where it did."""
        return None if self.closure is None else self.closure.misclosure_m

    @property
    def ratio_n(self) -> int | None:
        """The n of 1:n; None where nothing closes, or exactly."""
        return None if self.closure is None else self.closure.ratio_n


@dataclass
class _Norths:
    """Turns written bearings to true ones."""

    used: Declination | None = None
    grid: str = ""

    def turn_deg(self, at: Position) -> float:
        """What is added to a bearing that was read at a place."""
        if self.used is not None:
            return self.used.deg
        return convergence_deg(at, self.grid) if self.grid else 0.0


def limits_of(ws: Workspace) -> ClosureLimits:
    """From which misclosure on legs are marked here."""
    look_m, ratio, danger_m = (settings.number(ws, code) for code in _LIMITS)
    return ClosureLimits(look_m, round(ratio), danger_m)


def walk(legset: LegSet, frame: Frame = FRAME, limits: ClosureLimits = LIMITS) -> Walked:
    """The points that the legs lead to, and what they miss.

    Raises CoordinateNotUnderstood, LegNotUnderstood, DateNeeded, ModelExpired, GridUnknown.
    """
    start_vertex = outlines.vertex_of(legset.start, frame)
    start = outlines.position_of(start_vertex)
    problems: list[LegProblem] = []
    norths = _norths(legset, start_vertex, frame, problems)
    ends, lengths_m, bearings = [start], [], []
    for number, leg in enumerate(legset.legs, 1):
        length_m = _length_m(leg, number, problems)
        bearing = (_bearing_deg(leg, number, legset.unit, problems) + norths.turn_deg(ends[-1])) % 360
        ends.append(traverse.forward(ends[-1], bearing, length_m))
        lengths_m.append(length_m)
        bearings.append(bearing)
    roles = _roles(legset)
    found, adjusted = _closed(legset, ends, lengths_m, roles, frame)
    if found is not None:
        problems += _misclosure(found, limits)
    kept = len(ends) - _ends_elsewhere(legset)
    accuracy = _accuracies_m(legset, start_vertex, ends, norths)
    first = outlines.from_vertex({**start_vertex, "role": roles[0]})
    return Walked(
        (first, *_points(adjusted, roles, accuracy, kept)), (first, *_points(ends, roles, accuracy, kept)), found,
        math.fsum(lengths_m), norths.used, convergence_deg(start, norths.grid) if norths.grid else None, norths.grid,
        tuple(problems), tuple(bearings), tuple(lengths_m),
    )  # fmt: skip


def _norths(legset: LegSet, typed: outlines.Vertex, frame: Frame, problems: list[LegProblem]) -> _Norths:
    start = outlines.position_of(typed)
    if legset.north == "grid":
        return _Norths(grid=grid_crs(legset.grid_system, start, frame, typed.get("crs", "")))
    if legset.north == "true":
        return _Norths()
    own = legset.declination_deg
    if legset.date is None:
        if own is None:
            raise DateNeeded
        return _Norths(Declination(own, "own", 0.0, 0.0))
    if own is None:
        return _Norths(declination(start, legset.date))
    try:
        model = declination(start, legset.date)
    except ModelExpired:
        return _Norths(Declination(own, "own", 0.0, 0.0))
    if abs(own - model.deg) > _OTHER_DECLINATION_DEG:
        facts = {"own": own, "model": model.deg, "name": model.model}
        problems.append(LegProblem("own_declination", "look", facts))
    return _Norths(Declination(own, "own", 0.0, model.year))


def _length_m(leg: Leg, number: int, problems: list[LegProblem]) -> float:
    if not leg.distance_m.is_finite() or not 0 < leg.distance_m <= MOST_LEG_M:
        raise LegNotUnderstood(number, "distance", N_("its distance is not between 0 and 100 km"))
    if leg.distance_m > 5_000:
        problems.append(LegProblem("long", "look", {"leg": number, "metres": leg.distance_m}))
    if not leg.slope_distance:
        return float(leg.distance_m)
    if leg.slope_deg is None:
        raise LegNotUnderstood(number, "slope", N_("a distance along the slope needs the angle of the slope"))
    if not leg.slope_deg.is_finite() or abs(leg.slope_deg) > MOST_SLOPE_DEG:
        raise LegNotUnderstood(number, "slope", N_("its slope is more than 60 degrees"))
    if abs(leg.slope_deg) > 35:
        problems.append(LegProblem("slope", "look", {"leg": number, "slope": leg.slope_deg}))
    return traverse.horizontal_m(float(leg.distance_m), float(leg.slope_deg))


def _bearing_deg(leg: Leg, number: int, unit: Unit, problems: list[LegProblem]) -> float:
    try:
        bearing = traverse.bearing_of(leg.bearing, unit)
    except BearingNotUnderstood as error:
        raise LegNotUnderstood(number, "bearing", error) from error
    if unit == "mil6400" and traverse.is_written_like_mils_of_6000(leg.bearing):
        problems.append(LegProblem("unit", "look", {"leg": number, "bearing": leg.bearing.strip()}))
    return bearing


def _roles(legset: LegSet) -> list[str]:
    """Of the start and of the end of each leg."""
    typed = [TypedPoint(role=legset.start.role or "SP"), *(TypedPoint(role=leg.role) for leg in legset.legs)]
    return [point.role for point in outlines.with_roles(typed)]


def _first_corner(roles: Sequence[str]) -> int:
    return next((at for at, role in enumerate(roles) if not outlines.is_beside(role)), 0)


def _ends_elsewhere(legset: LegSet) -> bool:
    """Is the last leg's end no further point of the ring: back at its first one, or at a landmark?"""
    end = legset.closes_at
    if not legset.legs or end is None:
        return False
    return isinstance(end, str) or outlines.is_beside(end.role) or end.role == "SP"


def _closed(
    legset: LegSet, ends: list[Position], lengths_m: list[float], roles: list[str], frame: Frame
) -> tuple[Closure | None, list[Position]]:
    """What is missed between two known points, and all points with that shared out where it was asked for.

    Legs that lead from a landmark to the ring are no part of a loop that closes at the ring's first point.
    """
    end = legset.closes_at
    if end is None or not legset.legs:
        return None, ends
    first = 0 if isinstance(end, TypedPoint) else _first_corner(roles)
    if first >= len(lengths_m):
        return None, ends
    target = outlines.position_of(outlines.vertex_of(end, frame)) if isinstance(end, TypedPoint) else ends[first]
    loop, walked_m = ends[first:], lengths_m[first:]
    found = traverse.closure(loop, target, walked_m)
    adjusted = [*ends[:first], *traverse.bowditch(loop, target, walked_m)] if legset.adjust else ends
    return found, adjusted


def _misclosure(found: Closure, limits: ClosureLimits) -> list[LegProblem]:
    severity = found.severity(limits)
    if not severity:
        return []
    facts = {"metres": found.misclosure_m, "length": found.length_m, "ratio": found.ratio_n or 0}
    return [LegProblem(f"misclosure_{severity}", severity, facts)]


def _accuracies_m(legset: LegSet, start: Mapping[str, str], ends: list[Position], norths: _Norths) -> list[float]:
    """How far off each point may be: the start's own accuracy, and its distance times the doubt in the bearings.

    A wrong declination turns the whole figure about its start, so it is the distance from there that counts.
    """
    doubt = norths.used.uncertainty_deg if norths.used is not None else 0.0
    doubt = math.hypot(doubt, _READ_TO_DEG[legset.unit])
    own = float(start.get("accuracy_m") or 0)
    return [
        math.hypot(own, math.radians(doubt) * traverse.bearing_and_distance(ends[0], end)[1]) for end in ends
    ]  # fmt: skip


_READ_TO_DEG = {"deg": 0.5, "dms": 1 / 120, "mil6000": 0.03, "mil6400": 0.028}
"""Half of what the scale of such an instrument is read to: a degree, a minute, a mil."""


def _points(ends: Sequence[Position], roles: Sequence[str], accuracy: Sequence[float], kept: int) -> list[TypedPoint]:
    return [
        TypedPoint(role=role, known={
            "lat": decimal_text(end.lat, PLACES), "lon": decimal_text(end.lon, PLACES), "role": role,
            "crs": "EPSG:4326", "fixed_by": "bearing_distance", "accuracy_m": decimal_text(metres, 1),
        })
        for end, role, metres in list(zip(ends, roles, accuracy, strict=True))[1:kept]
    ]  # fmt: skip


def appended(legset: LegSet, found: Walked) -> list[TypedPoint]:
    """The points behind the start, to go on with a ring: with the roles that were given to legs, and no others."""
    given = [leg.role for leg in legset.legs]
    return [
        dataclasses.replace(point, role=role, known={**(point.known or {}), "role": role})
        for point, role in zip(found.points[1:], given, strict=False)
    ]
