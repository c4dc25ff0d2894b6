"""A position without a receiver (M24): by bearing and distance from a point that is known, or along a baseline.

Such a point never has a receiver's accuracy. Its own is worked out from the accuracy of the point it starts at, the
bearing and the distance, and says so; where the starting point's is not known, nothing is stated.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from typing import Any

from fieldapp.domain.decimals import decimal_text
from fieldapp.errors import OperatorError
from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.crs import utm_crs, utm_zone
from fieldapp.geodesy.declination import convergence_deg, declination
from fieldapp.geodesy.frame import Frame
from fieldapp.geodesy.traverse import Unit, bearing_and_distance, bearing_of, forward
from fieldapp.operations import current_task, lookup
from fieldapp.operations.positions import frame_of, read
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row
from fieldapp.texts import N_

BEARING, BASELINE = "bearing_distance", "baseline"
"""Codes of the ``fixed_by`` vocabulary."""
NORTHS = ("magnetic", "true", "grid")
OTHER = "typed"
"""Key of a starting point that is typed."""
BEARING_OFF_DEG = 2.0
"""A bearing read from a hand compass."""
DISTANCE_OFF_SHARE, DISTANCE_OFF_M = 0.01, 0.5
"""A tape over rough ground: one part in a hundred, never better than half a metre."""
FARTHEST_M = 5_000.0
"""Beyond this nobody measures with tape and compass: a slip of the decimal point."""
_NUMBER = re.compile(r"[0-9]{1,6}([.,][0-9]{1,3})?")
_SEPARATOR = "|"
_LOOKED_AT = 50
"""So many of the latest finds are looked at for one that has a position."""


class NotMeasured(OperatorError):
    """A bearing, distance, chainage or offset that cannot be used. Fact ``what``: which, in the reader's words."""

    code = "not_measured"
    what = N_("{what}: this is no distance in metres from 0 to 5000.")
    kept = N_("What you typed is still there.")
    do = N_("Type metres like 34.5.")


class StartMissing(OperatorError):
    """There is no point to measure from."""

    code = "start_missing"
    what = N_("It is not said where it is measured from.")
    kept = N_("What you typed is still there.")
    do = N_("Choose the last find or the task's point, or type a position.")


class SamePoint(OperatorError):
    """Both ends of a baseline are one point."""

    code = "same_point"
    what = N_("Both ends of the baseline are the same point.")
    kept = N_("What you typed is still there.")
    do = N_("Type the other end of the baseline.")


@dataclass(frozen=True)
class Start:
    """A point that is known: WGS 84 degrees; ``accuracy_m`` None where it is not known."""

    name: str
    """Number of the find or task, or what was typed."""
    lat: float
    lon: float
    accuracy_m: float | None = None
    what: str = OTHER
    """``find``, ``task``, or ``typed``."""

    @property
    def place(self) -> Position:
        """Where it is."""
        return Position(self.lat, self.lon)

    def key(self) -> str:
        """The point as one text: a draft keeps the place itself, whatever becomes of the record."""
        accuracy = "" if self.accuracy_m is None else f"{self.accuracy_m:g}"
        name = self.name.replace(_SEPARATOR, " ")
        return _SEPARATOR.join((self.what, name, f"{self.lat:.9f}", f"{self.lon:.9f}", accuracy))


def start_of(key: str) -> Start:
    """The point that ``Start.key`` wrote. Raises StartMissing for anything else."""
    try:
        what, name, lat, lon, accuracy = key.split(_SEPARATOR)
        found = Start(name, float(lat), float(lon), float(accuracy) if accuracy else None, what)
    except ValueError:
        raise StartMissing from None
    if not (math.isfinite(found.lat) and abs(found.lat) <= 90 and abs(found.lon) <= 180):
        raise StartMissing
    return found


def typed_start(text: str, frame: Frame) -> Start:
    """A typed position to measure from. Raises CoordinateNotUnderstood, StartMissing."""
    if not text.strip():
        raise StartMissing
    understood = read(text, frame).understood
    return Start(text.strip(), understood.lat, understood.lon, understood.accuracy_m)


def starts(ws: Workspace) -> list[Start]:
    """What can be measured from here: the last find that has a position, and the point of the current task."""
    finds = lookup.rows(ws, "find", retracted=False, limit=_LOOKED_AT)
    last = next((row for row in finds if row["lat"] is not None), None)
    return [*([_of_row(ws, last, "find")] if last is not None else []), *task_points(ws)]


def start_named(ws: Workspace, text: str = "") -> Start:
    """The point that somebody names: a find by its number, or a position in any format; nothing: the last find.

    Raises StartMissing and CoordinateNotUnderstood.
    """
    wanted = text.strip()
    if not wanted:
        last = next((one for one in starts(ws) if one.what == "find"), None)
        if last is None:
            raise StartMissing
        return last
    rows = lookup.rows(ws, "find", equal={"local_id": wanted}, retracted=False)
    if len(rows) == 1 and rows[0]["lat"] is not None:
        return _of_row(ws, rows[0], "find")
    return typed_start(wanted, frame_of(ws))


def task_points(ws: Workspace) -> list[Start]:
    """The reference point of the current task, where it has one."""
    task = current_task.current(ws)
    return [_of_row(ws, task, "task")] if task is not None and task["lat"] is not None else []


def _of_row(ws: Workspace, row: Row, what: str) -> Start:
    return Start(str(row["local_id"] or ""), float(row["lat"]), float(row["lon"]), _known_accuracy(ws, row), what)


def _known_accuracy(ws: Workspace, row: Row) -> float | None:
    """The accuracy that stands with a position; that of the digits where it was typed with nothing stated."""
    if row["accuracy_m"] is not None:
        return float(row["accuracy_m"])
    if row["fixed_by"] != "typed" or not row["typed_text"]:
        return None
    try:
        return read(str(row["typed_text"]), frame_of(ws)).understood.accuracy_m
    except OperatorError:
        return None


@dataclass(frozen=True)
class Placed:
    """A point worked out. ``accuracy_m`` None: the starting point's is not known."""

    lat: float
    lon: float
    way: str
    start: Start
    text: str
    """How it was measured, as it is kept with the position."""
    accuracy_m: float | None
    true_deg: float
    distance_m: float
    declination_deg: float | None = None
    """By how much the bearing was turned to run from true north; None for a true bearing and a baseline."""
    model: str = ""
    """What the declination came from."""

    def fields(self) -> dict[str, object]:
        """The fields of the position group."""
        found: dict[str, object] = {
            "lat": decimal_text(self.lat, 9), "lon": decimal_text(self.lon, 9), "fixed_by": self.way,
            "typed_text": self.text[:200], "typed_crs": "WGS 84", "accuracy_basis": "none",
        }  # fmt: skip
        if self.accuracy_m is not None:
            metres = Decimal(repr(self.accuracy_m)).quantize(Decimal("0.1"), rounding=ROUND_UP)
            found |= {"accuracy_m": decimal_text(metres, 1), "accuracy_basis": "computed"}
        return found


def metres_of(text: str, what: str) -> float:
    """A typed distance in metres; point or comma. Raises NotMeasured with ``what`` it is."""
    plain = text.strip().replace("\u2212", "-")
    if not _NUMBER.fullmatch(plain) or float(plain.replace(",", ".")) > FARTHEST_M:
        raise NotMeasured(what=what)
    return float(plain.replace(",", "."))


def by_bearing(
    start: Start, bearing: str, north: str, distance_m: float, day: dt.date, *, unit: Unit = "deg",
    declination_deg: float | None = None,
) -> Placed:
    """So far along a bearing from ``start``. ``declination_deg`` overrides the model's.

    Raises BearingNotUnderstood, and ModelExpired where no magnetic model covers the day.
    """
    read_deg = bearing_of(bearing, unit)
    turn, off_deg, model = _turn(start, north, day, declination_deg)
    true_deg = (read_deg + (turn or 0.0)) % 360
    end = forward(start.place, true_deg, distance_m)
    across_m = distance_m * math.radians(math.hypot(BEARING_OFF_DEG, off_deg))
    text = f"{bearing.strip()} {north}, {distance_m:g} m, {_from(start)}"
    return Placed(
        end.lat, end.lon, BEARING, start, text, _accuracy(start, across_m, _tape(distance_m)), true_deg, distance_m,
        turn, model,
    )  # fmt: skip


def by_baseline(start: Start, towards: Position, chainage_m: float, offset_m: float, side: str) -> Placed:
    """So far along the line from ``start`` towards another point, then so far to its ``left`` or ``right``.

    Raises SamePoint.
    """
    along_deg, length_m = bearing_and_distance(start.place, towards)
    if length_m < 0.01:
        raise SamePoint
    foot = forward(start.place, along_deg, chainage_m)
    back_deg, gone_m = bearing_and_distance(foot, start.place)
    straight_deg = along_deg if gone_m == 0 else back_deg + 180
    end = forward(foot, (straight_deg + (90 if side == "right" else -90)) % 360, offset_m) if offset_m else foot
    true_deg, distance_m = bearing_and_distance(start.place, end)
    text = f"{chainage_m:g} m, {offset_m:g} m {side}, {_from(start)}, {towards.lat:.7f} {towards.lon:.7f}"
    accuracy = _accuracy(start, _tape(chainage_m), _tape(offset_m) if offset_m else 0.0)
    return Placed(end.lat, end.lon, BASELINE, start, text, accuracy, true_deg, distance_m)


def _turn(
    start: Start, north: str, day: dt.date, declination_deg: float | None
) -> tuple[float | None, float, str]:
    """By how much to turn to true north, how uncertain that is, and what it comes from."""
    if north == "magnetic" and declination_deg is not None:
        return declination_deg, 0.0, "typed"
    if north == "magnetic":
        found = declination(start.place, day)
        return found.deg, found.uncertainty_deg, found.model
    if north == "grid":
        crs = utm_crs(utm_zone(start.lon), north=start.lat >= 0)
        return convergence_deg(start.place, crs), 0.0, crs
    return None, 0.0, ""


def _tape(metres: float) -> float:
    return max(DISTANCE_OFF_M, metres * DISTANCE_OFF_SHARE)


def _accuracy(start: Start, *parts_m: float) -> float | None:
    return None if start.accuracy_m is None else math.hypot(start.accuracy_m, *parts_m)


def _from(start: Start) -> str:
    place = f"{start.lat:.7f} {start.lon:.7f}"
    return f"{start.name} ({place})" if start.what != OTHER else start.name


def placed(parts: Mapping[str, Any], way: str, frame: Frame, day: dt.date, words: Mapping[str, str]) -> Placed:
    """The point that a form's ``parts`` describe: ``from``, ``from_text``, ``bearing``, ``north``, ``distance``; or
    ``towards``, ``chainage``, ``offset``, ``side``.

    ``words`` names distance, chainage and offset in the reader's language. Raises what the single ways raise.
    """
    given = {name: str(value) for name, value in parts.items()}
    key = given.get("from", "")
    start = start_of(key) if key not in ("", OTHER) else typed_start(given.get("from_text", ""), frame)
    if way == BASELINE:
        towards = typed_start(given.get("towards", ""), frame).place
        chainage_m = metres_of(given.get("chainage", ""), words["chainage"])
        offset_m = metres_of(given.get("offset", "") or "0", words["offset"])
        return by_baseline(start, towards, chainage_m, offset_m, given.get("side", "right"))
    distance_m = metres_of(given.get("distance", ""), words["distance"])
    return by_bearing(start, given.get("bearing", ""), given.get("north", "magnetic"), distance_m, day)
