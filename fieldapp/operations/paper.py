"""A captured minefield record worked out: from landmark, azimuth and distance to corners, and how else it can be read.

What was written stays as it was written (``Paper``); what follows from it is worked out again whenever it is shown.
Everything happens in the record's own grid (``geodesy/record_grid.py``). Several landmarks are held against each other,
other readings stand side by side with how far each would move the first corner, and the uncertainty grows with every
leg. Nothing is chosen for the reader: a record that is 100 m off looks no different from one that is right.
"""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from fieldapp.domain.decimals import decimal_text
from fieldapp.geodesy import area, coordinates
from fieldapp.geodesy.coordinates import Position, Understood
from fieldapp.geodesy.declination import Declination, convergence_deg, decimal_year, declination_in
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.geodesy.record_grid import PlanePoint, RecordGrid, grid_at, zone_of
from fieldapp.geodesy.traverse import Closure, Unit, bearing_and_distance, bearing_of
from fieldapp.operations.paper_errors import RecordNotLaidOff
from fieldapp.operations.paper_record import NORTHS, NOT_SHIFTED, SHIFTED, North, Paper, Side, Strip, Tie, from_stored
from fieldapp.texts import parse_day

__all__ = [
    "NORTHS", "Landmark", "North", "Paper", "Reading", "Side", "Strip", "Tie", "WorkedOut", "from_stored", "land_of",
    "metres_of", "outline_of", "work_out", "year_of",
]  # fmt: skip

PACE_M = Decimal("0.75")
"""A pace of records that count paces (general knowledge)."""
INSTRUMENT_DEG = {"grid": 0.5, "true": 0.5, "magnetic": 1.0}
"""How far off an azimuth of a field instrument is taken to be where nothing better is known (general knowledge)."""
TAPED_PER_CENT, PACED_PER_CENT = 1.0, 5.0
"""How far off a distance is taken to be, of its length (general knowledge)."""
CLOSES_WITHIN = 0.05
"""A walk round that ends nearer to its first corner than this share of its length is taken to close there."""
_DISTANCE = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,3})?)\s*(m|м|metres|paces|шагов|ш|addım)?", re.IGNORECASE)
_PACES = frozenset(("paces", "шагов", "ш", "addım"))
_LAST_DIGIT_DEG = {"deg": 1.0, "dms": 1 / 60, "mil6000": 0.06, "mil6400": 0.05625}
"""What one unit of the last digit that is usually written is worth."""


@dataclass(frozen=True)
class Landmark:
    """A landmark as it was read, and where corner 1 would be by it."""

    tie: Tie
    understood: Understood
    at: Position
    corner: Position | None
    off_m: float | None = None
    """Metres between this corner 1 and that of the first landmark."""


@dataclass(frozen=True)
class Reading:
    """Another way to read the record: what is taken otherwise, as what, and what that does to corner 1."""

    what: Literal["mils", "datum", "zone", "north", "system"]
    value: str
    corner: Position
    moved_m: float
    inside: bool
    """Does corner 1 lie in the work area then?"""
    paper: Paper
    """The record read that way."""

    def stored(self) -> dict[str, str]:
        """As ``land.readings`` keeps it."""
        return {
            "what": self.what, "value": self.value, "lat": decimal_text(self.corner.lat, 9),
            "lon": decimal_text(self.corner.lon, 9), "moved_m": decimal_text(self.moved_m, 1),
        }  # fmt: skip


@dataclass(frozen=True)
class WorkedOut:
    """All that follows from a record. ``corners`` are empty until there is enough to lay the field off."""

    grid: RecordGrid
    landmarks: tuple[Landmark, ...]
    corners: tuple[Position, ...]
    off_m: tuple[float, ...]
    """By how much each corner may be off."""
    area_m2: Decimal | None
    perimeter_m: float
    declination: Declination | None
    """Used, or of its year for comparison; None where no year is known."""
    convergence_deg: float
    misclosure_m: float | None
    """Of a walk round that came back to corner 1."""
    ends_off_m: float | None
    """How far from corner 1 a walk ended that did not come back to it; its last point is a corner."""
    walked_m: float
    """Length of the legs round the field; 0 for a strip."""
    readings: tuple[Reading, ...]

    @property
    def corner(self) -> Position | None:
        """Corner 1."""
        return self.landmarks[0].corner

    @property
    def accuracy_m(self) -> float | None:
        """By how much the worst corner may be off."""
        return max(self.off_m, default=None)


def work_out(paper: Paper, frame: Frame = FRAME) -> WorkedOut:
    """Everything that follows from ``paper``.

    Raises CoordinateNotUnderstood, BearingNotUnderstood, ModelExpired and RecordNotLaidOff for what cannot be read.
    """
    if not paper.ties:
        raise RecordNotLaidOff("no_landmark")
    laid = _Laid(paper, frame)
    marks = [laid.landmark(tie) for tie in paper.ties]
    first = marks[0].corner
    if first is not None:
        marks = [
            dataclasses.replace(mark, off_m=bearing_and_distance(first, mark.corner)[1] if mark.corner else None)
            for mark in marks
        ]
    points, gap_m, walked_m = laid.corners() if first is not None else ([], None, 0.0)
    came_back = gap_m is not None and gap_m <= CLOSES_WITHIN * walked_m
    corners = [laid.place(point) for point in (points[:-1] if came_back else points)]
    ring = [[[{"lat": repr(at.lat), "lon": repr(at.lon)} for at in corners]]]
    measured = len(corners) > 2 and not any(one.blocks for one in area.geometry_problems(ring))
    return WorkedOut(
        laid.grid, tuple(marks), tuple(corners), tuple(laid.off_m(place) for place in range(len(corners))),
        area.outline_area_m2(ring) if measured else None,
        math.fsum(area.leg_lengths_m(corners)) if len(corners) > 2 else 0.0,
        laid.declination, laid.convergence, gap_m if came_back else None, None if came_back else gap_m, walked_m,
        tuple(_readings(paper, frame, first, laid)) if first is not None else (),
    )  # fmt: skip


class _Laid:
    """A record while it is laid off in its grid."""

    def __init__(self, paper: Paper, frame: Frame) -> None:
        self.paper, self.frame = paper, frame
        self.understood = coordinates.parse(paper.ties[0].text, frame, paper.system)
        at = Position(self.understood.lat, self.understood.lon)
        self.grid = _grid_of(self.understood, frame)
        self.origin = self.grid.plane(at)
        self.grid = self._zone(self.grid)
        self.shifted = paper.datum != NOT_SHIFTED
        here = self.place(self.origin)
        self.convergence = convergence_deg(here, self.grid.crs)
        self.declination = self._declination(here)

    def _zone(self, grid: RecordGrid) -> RecordGrid:
        """The same numbers in the zone that was chosen instead."""
        zone = zone_of(grid.crs)
        if not self.paper.zone or zone is None:
            return grid
        other = grid.other_zone(int(self.paper.zone) - zone) if self.paper.zone.isdecimal() else None
        if other is None:
            raise RecordNotLaidOff("zone", self.paper.zone)
        self._moved_east = (int(self.paper.zone) - zone) * 1_000_000
        self.origin = PlanePoint(self.origin.north, self.origin.east + self._moved_east)
        return other

    _moved_east = 0

    def _declination(self, here: Position) -> Declination | None:
        if self.paper.declination:
            try:
                own = float(self.paper.declination.replace(",", "."))
            except ValueError:
                raise RecordNotLaidOff("declination", self.paper.declination) from None
            if not -180 <= own <= 180:
                raise RecordNotLaidOff("declination", self.paper.declination)
            return Declination(own, "", 0.0, year_of(self.paper.on) or 0.0)
        year = year_of(self.paper.on)
        if year is None:
            if self.paper.north == "magnetic":
                raise RecordNotLaidOff("no_year")
            return None
        return declination_in(here, year)

    def place(self, point: PlanePoint) -> Position:
        """Where a point of the grid is on the ground, read as the paper says."""
        return self.grid.place(point, shifted=self.shifted)

    def bearing(self, text: str) -> float:
        """An azimuth as written, from grid north."""
        written = bearing_of(text, self.paper.unit)
        if self.paper.north == "grid":
            return written
        east = self.declination.deg if self.paper.north == "magnetic" and self.declination else 0.0
        return written + east - self.convergence

    def landmark(self, tie: Tie) -> Landmark:
        """A landmark read, and corner 1 by it."""
        understood = coordinates.parse(tie.text, self.frame, self.paper.system)
        origin = self.grid_of_written().plane(Position(understood.lat, understood.lon))
        origin = PlanePoint(origin.north, origin.east + self._moved_east)
        at = self.place(origin)
        if bool(tie.bearing.strip()) != bool(tie.distance.strip()):
            return Landmark(tie, understood, at, None)
        if not tie.bearing.strip():
            return Landmark(tie, understood, at, at)
        corner = origin.moved(self.bearing(tie.bearing), metres_of(tie.distance)[0])
        return Landmark(tie, understood, at, self.place(corner))

    def grid_of_written(self) -> RecordGrid:
        """The grid in which the first landmark is written, whatever zone was chosen instead."""
        return _grid_of(self.understood, self.frame)

    def corner_1(self) -> PlanePoint:
        """Corner 1 by the first landmark, in the grid."""
        tie = self.paper.ties[0]
        if not tie.bearing.strip():
            return self.origin
        return self.origin.moved(self.bearing(tie.bearing), metres_of(tie.distance)[0])

    def steps(self) -> list[tuple[float, float, float]]:
        """Grid bearing, metres and per cent off, from corner to corner."""
        strip = self.paper.strip
        if strip is None:
            return [(self.bearing(bearing), *metres_of(distance)) for bearing, distance in self.paper.legs]
        if not (strip.bearing.strip() and strip.length.strip() and strip.depth.strip()):
            return []
        along, length, depth = self.bearing(strip.bearing), metres_of(strip.length), metres_of(strip.depth)
        aside = along + (90 if strip.side == "right" else -90)
        return [(along, *length), (aside, *depth), (along + 180, *length)]

    def corners(self) -> tuple[list[PlanePoint], float | None, float]:
        """The points in order, how far from corner 1 a walk round ended, and its length."""
        points = [self.corner_1()]
        for bearing, metres, _ in self.steps():
            points.append(points[-1].moved(bearing, metres))
        if self.paper.strip is not None or len(points) < 4:
            return (points if len(points) > 1 else []), None, 0.0
        return points, points[-1].distance_m(points[0]), math.fsum(metres for _, metres, _ in self.steps())

    def off_m(self, corner: int) -> float:
        """By how much a corner may be off: operation, digits, and each leg's azimuth and distance, squared and summed.

        The fourth corner of a strip is reached along its depth, not round the field.
        """
        tie = self.paper.ties[0]
        legs = self.steps()
        way = [legs[1]] if self.paper.strip is not None and corner == 3 else legs[:corner]
        if tie.bearing.strip():
            way = [(0.0, *metres_of(tie.distance)), *way]
        turned = math.radians(self.bearing_off_deg())
        squares = [self.understood.accuracy_m**2]
        squares += [(metres * turned) ** 2 + (metres * self._per_cent(off) / 100) ** 2 for _, metres, off in way]
        return math.sqrt(math.fsum(squares))

    def bearing_off_deg(self) -> float:
        """By how many degrees an azimuth may be off."""
        if self.paper.bearing_off.strip():
            return _positive(self.paper.bearing_off)
        model = self.declination.uncertainty_deg if self.paper.north == "magnetic" and self.declination else 0.0
        return math.hypot(INSTRUMENT_DEG[self.paper.north], model, _LAST_DIGIT_DEG[self.paper.unit] / 2)

    def _per_cent(self, taken: float) -> float:
        return _positive(self.paper.distance_off) if self.paper.distance_off.strip() else taken


def _positive(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise RecordNotLaidOff("uncertainty", text) from None
    if not 0 <= value <= 100:
        raise RecordNotLaidOff("uncertainty", text)
    return value


def _grid_of(understood: Understood, frame: Frame) -> RecordGrid:
    """The grid a position is written in; the Soviet grid of its place where it is written in degrees."""
    crs = understood.crs
    number = int(crs.removeprefix("EPSG:")) if crs.startswith("EPSG:") and crs[5:].isdecimal() else 0
    if 32601 <= number <= 32760:
        return RecordGrid(crs, None)
    if understood.operation and number not in (0, 4284):
        return RecordGrid(crs, frame.operation)
    return grid_at(Position(understood.lat, understood.lon), frame.operation)


def metres_of(text: str) -> tuple[float, float]:
    """Metres, and by how many per cent they are taken to be off, of ``640``, ``640 m``, ``800 paces``.

    Raises RecordNotLaidOff.
    """
    found = _DISTANCE.fullmatch(text.strip().replace("\u00a0", " "))
    if found is None:
        raise RecordNotLaidOff("distance", text)
    value = Decimal(found[1].replace(",", "."))
    if (found[2] or "").lower() in _PACES:
        return float(value * PACE_M), PACED_PER_CENT
    return float(value), TAPED_PER_CENT


def year_of(text: str) -> float | None:
    """The decimal year of a day or a year as written: 1993, 1993-05-12, 12.05.1993; None where none stands there."""
    plain = text.strip()
    if re.fullmatch(r"[12][0-9]{3}", plain):
        return int(plain) + 0.5
    turned = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([12][0-9]{3})", plain)
    if turned is not None:
        plain = f"{turned[3]}-{int(turned[2]):02d}-{int(turned[1]):02d}"
    try:
        return decimal_year(parse_day(plain))
    except ValueError:
        return None


def _readings(paper: Paper, frame: Frame, first: Position, laid: _Laid) -> list[Reading]:
    """The other ways in which ``paper`` can be read, each with how far it would move corner 1."""
    found = []
    for what, value, other in _otherwise(paper, laid):
        corner = work_corner(other, frame)
        if corner is not None:
            moved = bearing_and_distance(first, corner)[1]
            found.append(Reading(what, value, corner, moved, frame.work_area.holds(corner.lat, corner.lon), other))
    return found


def work_corner(paper: Paper, frame: Frame) -> Position | None:
    """Corner 1 alone; None where the paper read that way gives none."""
    try:
        laid = _Laid(paper, frame)
        return laid.place(laid.corner_1())
    except (RecordNotLaidOff, ValueError, coordinates.CoordinateNotUnderstood):
        return None


_What = Literal["mils", "datum", "zone", "north", "system"]


def _otherwise(paper: Paper, laid: _Laid) -> list[tuple[_What, str, Paper]]:
    changed = dataclasses.replace
    found: list[tuple[_What, str, Paper]] = []
    if paper.unit in ("mil6000", "mil6400") and paper.ties[0].bearing.strip():
        other: Unit = "mil6400" if paper.unit == "mil6000" else "mil6000"
        found.append(("mils", other, changed(paper, unit=other)))
    if laid.grid.operation is not None and laid.understood.operation:
        datum = SHIFTED if paper.datum == NOT_SHIFTED else NOT_SHIFTED
        found.append(("datum", datum, changed(paper, datum=datum)))
    elif laid.understood.format in ("dd", "dm", "dms"):
        found.append(("system", "sk42", changed(paper, system="sk42")))
    zone = zone_of(laid.grid.crs) if laid.understood.operation else None
    if zone is not None and laid.understood.format == "sk42-gk":
        found += [("zone", str(one), changed(paper, zone=str(one))) for one in (zone - 1, zone + 1)]
    for north in NORTHS:
        if north != paper.north and paper.ties[0].bearing.strip() and (north != "magnetic" or laid.declination):
            found.append(("north", north, changed(paper, north=north)))
    return found


def outline_of(worked: WorkedOut) -> list[list[list[dict[str, str]]]]:
    """The stored outline of a worked-out record: each corner with its role, the operation and how far it may be off."""
    operation = worked.grid.operation
    ring = [
        {"lat": decimal_text(at.lat, 9), "lon": decimal_text(at.lon, 9), "role": "SP" if place == 0 else f"TP{place}",
         "accuracy_m": decimal_text(off, 1), **({"operation": operation.code} if operation else {})}
        for place, (at, off) in enumerate(zip(worked.corners, worked.off_m, strict=True))
    ]  # fmt: skip
    return [[ring]] if ring else []


def closure_of(worked: WorkedOut) -> Closure | None:
    """How well a walk round the field came back to corner 1; None for one that did not, and for a strip."""
    return None if worked.misclosure_m is None else Closure(worked.misclosure_m, 0.0, worked.walked_m)


def land_of(paper: Paper, worked: WorkedOut) -> dict[str, Any]:
    """The fields of the group ``land`` that a record leads to: outline, area, legs as written, other readings."""
    accuracy = worked.accuracy_m
    return {
        "outline": outline_of(worked) or None,
        "area_m2": None if worked.area_m2 is None else decimal_text(worked.area_m2, 1),
        "perimeter_m": None if worked.area_m2 is None else decimal_text(worked.perimeter_m, 1),
        "legs": paper.stored(),
        "outline_accuracy_m": None if accuracy is None else decimal_text(accuracy, 1),
        "readings": [one.stored() for one in worked.readings] or None,
    }

