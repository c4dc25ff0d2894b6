"""The daily known-point check (M25): stand on a point whose position is known, and see how far off the receiver is.

A receiver set to another datum, or one that hears reflections, looks perfect on its own screen. The difference goes
into the day's record of work; that it was skipped or never made is shown, nothing is blocked by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from fieldapp.domain.decimals import decimal_text
from fieldapp.errors import OperatorError
from fieldapp.geodesy.area import distance_m
from fieldapp.operations import entry, lookup, records
from fieldapp.operations.fallbacks import Start, task_points, typed_start
from fieldapp.operations.positions import frame_of
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row
from fieldapp.storage.records import Record
from fieldapp.texts import N_, Texts

FIELD = "known_point_off_m"
FAR_M = 20.0
"""Further off than this is no receiver's error in the open: a datum, a wrong point, or a reflection."""
FAR_OFF = N_("Take no position before you know why: a wrong datum, a wrong point, reflections?")
_SKIPPED = "known_point_skipped"
_PLACES = 2


class PointUnknown(OperatorError):
    """Nothing was typed, and the task has no reference point."""

    code = "point_unknown"
    what = N_("It is not said which point is known.")
    kept = N_("Nothing was written.")
    do = N_("Type its position, or choose a task that has a reference point.")


@dataclass(frozen=True)
class Checked:
    """The check of one day: metres off, None while there was none; ``skipped`` where somebody said so."""

    off_m: Decimal | None
    skipped: bool = False

    @property
    def is_far(self) -> bool:
        """Is the receiver so far off that no position of it should be taken before somebody knows why?"""
        return self.off_m is not None and float(self.off_m) > FAR_M


def point(ws: Workspace, text: str = "") -> Start:
    """The point that is known: typed in any format, else the current task's. Raises PointUnknown.

    Raises CoordinateNotUnderstood too.
    """
    if text.strip():
        return typed_start(text, frame_of(ws))
    known = task_points(ws)
    if not known:
        raise PointUnknown
    return known[0]


def off_m(known: Start, lat: float, lon: float) -> Decimal:
    """Metres between the known point and what the receiver says (WGS 84 degrees), to the centimetre."""
    metres = distance_m(known.lat, known.lon, lat, lon)
    if not math.isfinite(metres):
        raise ValueError("no position")
    return Decimal(repr(metres)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def save(ws: Workspace, known: Start, lat: float, lon: float, *, by: str | None = None) -> Record:
    """Write the difference into this laptop's record of today's work; the record is made where there is none yet."""
    today = ws.clock.now().date()
    value = decimal_text(off_m(known, lat, lon), _PLACES)
    row = next((one for one in _records(ws, today) if one["by"] == (by or ws.person or one["by"])), None)
    if row is None:
        remark = Texts(ws.language)(N_("Known point {name}"), name=known.name)
        return entry.add(ws, "progress", {"worked_on": today.isoformat(), FIELD: value, "remarks": remark}, by=by)
    if as_metres(row[FIELD]) == Decimal(value):
        return records.get(ws, row.name)
    why = Texts(ws.language)(N_("Known-point check"))
    return entry.correct(ws, row.name, {FIELD: value}, why, by=by)


def skip(ws: Workspace) -> None:
    """Somebody does not check today: it is not asked again on this day, and shown as not done."""
    ws.set_meta(_SKIPPED, ws.clock.now().date().isoformat())


def of_day(ws: Workspace, day: date) -> Checked:
    """The check of a day, as far as it is here: the largest difference of the team's records of it."""
    found = [metres for row in _records(ws, day) if (metres := as_metres(row[FIELD])) is not None]
    return Checked(max(found, default=None), ws.meta(_SKIPPED) == day.isoformat())


def in_words(checked: Checked, texts: Texts) -> str:
    """The check of a day in a few words, its absence too."""
    if checked.off_m is not None:
        return texts(N_("off by {metres} m"), metres=texts.number(float(checked.off_m), 1))
    return texts(N_("skipped")) if checked.skipped else texts(N_("not checked"))


def as_json(checked: Checked) -> dict[str, object]:
    """The check of a day as the command line prints it."""
    off = None if checked.off_m is None else float(checked.off_m)
    return {"off_m": off, "skipped": checked.skipped, "far": checked.is_far}


def as_metres(value: object) -> Decimal | None:
    """The field of a record as a number; None where it has none."""
    return None if value is None else Decimal(str(value))


def _records(ws: Workspace, day: date) -> list[Row]:
    days = day.isoformat()
    return lookup.rows(ws, "progress", since=days, until=days, retracted=False)
