"""What typed legs come to: each leg read, the points walked, the misclosure in words, raw and shared-out area.

Nothing here knows a plot or a hazardous area.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from fieldapp.errors import OperatorError
from fieldapp.geodesy import coordinates
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.geodesy.traverse import LIMITS, Closure, ClosureLimits, Unit, forward
from fieldapp.operations import leg_records, legs, outlines
from fieldapp.operations.legs import Leg, LegSet, North, Walked
from fieldapp.operations.outlines import Measured, TypedPoint
from fieldapp.texts import N_, Texts
from ui.forms.legs import from_text, legs_in
from ui.forms.outline_values import Said
from ui.widgets.sketch import Drawing, DrawnRing, LatLon, Point

NOTHING: Said = ("", "text2")
_CLOSES = {
    "": (N_("Closes well: {metres} m in {length} m, 1:{ratio}"), "ok"),
    "look": (N_("Measure again: {metres} m in {length} m, 1:{ratio}"), "warn"),
    "danger": (N_("Too far off: {metres} m in {length} m, 1:{ratio}"), "danger"),
}
"""What a misclosure means, in metres and 1:n, and the tone it is said in."""


@dataclass(frozen=True)
class LookedLegs:
    """What can be said of the legs now. ``walked`` is None while something in them cannot be read."""

    rows: list[Said]
    start: Said = NOTHING
    known: Said = NOTHING
    north: Said = NOTHING
    misclosure: tuple[str, str, str] | None = None
    """Tone, first line (metres, 1:n, a word) and detail."""
    legset: LegSet | None = None
    walked: Walked | None = None
    measured: Measured | None = None
    """Of the points that are saved: adjusted where that was asked for."""
    raw: Measured | None = None
    """Of the points as measured."""
    unread: str = ""
    """What cannot be read, in a sentence; "" for nothing."""
    problems: tuple[str, ...] = ()


class LegsNotRead(OperatorError):
    """A cell of a leg, or a setting, is not what it should be. ``leg`` counts from 0, -1 for a setting."""

    code = "legs_not_read"
    what = N_("The legs cannot be read: {reason}")
    kept = N_("What you typed is still there.")
    do = N_("Correct it, or empty the row. What you typed is kept as a draft.")

    def __init__(self, sentence: str, leg: int = -1, setting: str = "") -> None:
        super().__init__(reason=sentence)
        self._sentence, self.leg, self.setting = sentence, leg, setting

    def said(self, texts: Texts) -> str:
        """What is wrong, alone."""
        return texts(self._sentence)

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """What is wrong, what was kept and what to do."""
        return texts(self.what, reason=self.said(texts)), texts(self.kept), texts(self.do)


def look(
    text: str, texts: Texts, today: dt.date, frame: Frame = FRAME, limits: ClosureLimits = LIMITS
) -> LookedLegs:
    """Walk the legs that stand in the text of a ``LegsEditor``; ``limits`` say what a misclosure means."""
    given = from_text(text)
    typed = legs_in(given)
    rows: list[Said] = [NOTHING] * len(typed)
    try:
        legset = legset_of(given, today)
    except LegsNotRead as error:
        return _unread(error.said(texts), error.leg, error.setting, rows)
    if legset is None:
        return LookedLegs(rows)
    start, known = _said_of(legset.start, frame, texts), NOTHING
    if isinstance(legset.closes_at, TypedPoint):
        known = _said_of(legset.closes_at, frame, texts)
    if "danger" in (start[1], known[1]):
        return LookedLegs(rows, start, known, unread=(start if start[1] == "danger" else known)[0])
    try:
        walked = legs.walk(legset, frame, limits)
    except legs.LegNotUnderstood as error:
        found = _unread(error.parts(texts)[0], error.leg - 1, "", rows)
        return dataclasses.replace(found, start=start, known=known)
    except OperatorError as error:
        return LookedLegs(rows, start, known, (error.parts(texts)[0], "danger"), unread=error.parts(texts)[0])
    found = _looked(legset, walked, (start, known), typed, texts, frame)
    return dataclasses.replace(found, misclosure=_misclosure_of(found, texts, limits))


def _looked(
    legset: LegSet, walked: Walked, ends: tuple[Said, Said], typed: Sequence[tuple[str, str, str]], texts: Texts,
    frame: Frame,
) -> LookedLegs:  # fmt: skip
    measured = outlines.measure([[walked.points]], frame)
    raw = outlines.measure([[walked.raw_points]], frame) if legset.adjust else measured
    said: list[Said] = []
    points = [*walked.points[1:], *[None] * len(typed)]
    for bearing, length_m, point in zip(walked.true_bearings_deg, walked.lengths_m, points, strict=False):
        along = texts(N_("{bearing}° from true north, {metres} m"), bearing=texts.number(bearing, 2),
                      metres=texts.number(length_m, 1))  # fmt: skip
        if point is not None and point.known is not None:
            place = coordinates.format_position(float(point.known["lat"]), float(point.known["lon"]), "utm")
            along = texts(N_("{leg} \u00b7 to {name} {position}"), leg=along, name=point.role, position=place)
        said.append((along, "text2"))
    return LookedLegs(
        said, *ends, _north_said(walked, texts), None, legset, walked, measured, raw, problems=tuple(
            one.sentence(texts) for one in walked.problems if not one.code.startswith("misclosure")
        ),
    )  # fmt: skip


def _misclosure_of(found: LookedLegs, texts: Texts, limits: ClosureLimits) -> tuple[str, str, str] | None:
    raw, measured = found.raw, found.measured
    adjusted = found.legset is not None and found.legset.adjust
    m2 = [one.area_m2 for one in (raw, measured) if one is not None and one.area_m2 is not None] if adjusted else []
    areas = (texts.number(m2[0], 1), texts.number(m2[1], 1)) if len(m2) == 2 else None
    return misclosure_said(found.walked.closure if found.walked else None, texts, areas, limits)


def misclosure_said(
    closure: Closure | None, texts: Texts, areas: tuple[str, str] | None = None, limits: ClosureLimits = LIMITS
) -> tuple[str, str, str] | None:
    """Tone, first line and detail of a misclosure; ``areas`` as measured and as shared out, ready to show."""
    if closure is None:
        return None
    sentence, tone = _CLOSES[closure.severity(limits)]
    ratio = texts.number(closure.ratio_n) if closure.ratio_n else "\u221e"
    first = texts(sentence, metres=texts.number(closure.misclosure_m, 2), length=texts.number(closure.length_m, 0),
                  ratio=ratio)  # fmt: skip
    detail = ""
    if areas is not None:
        detail = texts(N_("Area as measured {raw} m², shared out {adjusted} m². The legs stay as typed."),
                       raw=areas[0], adjusted=areas[1])  # fmt: skip
    elif tone != "ok":
        detail = texts(N_("The plot can be saved. Your legs stay as typed."))
    return tone, first, detail


def legset_of(given: Mapping[str, object], today: dt.date) -> LegSet | None:
    """The set of legs; None while there is no start point or no leg. Raises LegsNotRead."""
    typed = legs_in(given)
    start = str(given.get("start") or "")
    if not start.strip() or not typed:
        return None
    slope = given.get("slope") == "slope"
    closing = given.get("closing") or "start"
    known = str(given.get("known") or "").strip()
    system = str(given.get("start_in") or "auto")
    end: TypedPoint | str | None = "start" if closing == "start" else None
    if closing == "known" and known:
        end = TypedPoint(known, "RP", system)
    north = str(given.get("north") or "magnetic")
    return LegSet(
        _start(given, start, system), cast(North, north), cast(Unit, str(given.get("unit") or "deg")),
        tuple(_leg(leg, place, slope) for place, leg in enumerate(typed)),
        _date(given, today) if north == "magnetic" else None,
        _own(given) if north == "magnetic" else None,
        str(given.get("grid") or "utm") if north == "grid" else "", cast(Any, end), given.get("adjust") == "bowditch",
    )  # fmt: skip


def legset_to_save(text: str, today: dt.date) -> LegSet | None:
    """The set of legs in the text of a ``LegsEditor``; None where none is begun. Raises LegsNotRead."""
    given = from_text(text)
    legset = legset_of(given, today)
    if legset is None and text:
        raise LegsNotRead(N_("The start point is missing.") if legs_in(given) else N_("There is no leg yet."))
    return legset


def _start(given: Mapping[str, object], text: str, system: str) -> TypedPoint:
    role = str(given.get("start_role") or "")
    known = given.get("start_known")
    return TypedPoint(text, role, system, known if isinstance(known, dict) else None)


def _leg(leg: tuple[str, str, str], place: int, slope: bool) -> Leg:
    bearing, distance, angle = leg
    if not any(cell.strip() for cell in leg):
        raise LegsNotRead(N_("Left empty: no leg"), place)
    distance_m = _decimal(distance)
    if distance_m is None:
        raise LegsNotRead(N_("The distance is not a number of metres."), place)
    slope_deg = _decimal(angle) if slope and angle.strip() else None
    if slope and angle.strip() and slope_deg is None:
        raise LegsNotRead(N_("The slope is not a number of degrees."), place)
    return Leg(bearing, distance_m, slope_deg, slope)


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().replace(",", ".").replace("\u2212", "-"))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _date(given: Mapping[str, object], today: dt.date) -> dt.date:
    typed = str(given.get("date") or "").strip()
    if not typed:
        return today
    try:
        return dt.date(int(typed), 7, 1) if len(typed) == 4 else dt.date.fromisoformat(typed)
    except ValueError:
        raise LegsNotRead(N_("The day is typed like 2026-11-15, or the year alone."), setting="north") from None


def _own(given: Mapping[str, object]) -> float | None:
    typed = str(given.get("declination") or "").strip()
    number = _decimal(typed) if typed else None
    if typed and (number is None or abs(number) > 180):
        raise LegsNotRead(N_("The declination is not a number of degrees, east positive."), setting="north")
    return None if number is None else float(number)


def _said_of(point: TypedPoint, frame: Frame, texts: Texts) -> Said:
    try:
        vertex = outlines.vertex_of(point, frame)
    except OperatorError as error:
        return error.parts(texts)[0], "danger"
    place = outlines.position_of(vertex)
    how = "dd" if vertex.get("crs") != "EPSG:4326" else "utm"
    return coordinates.format_position(place.lat, place.lon, how), "text2"


def _north_said(walked: Walked, texts: Texts) -> Said:
    used = walked.declination
    if used is not None and used.model == "own":
        return texts(N_("Own declination {degrees}°"), degrees=texts.number(used.deg, 2)), "text2"
    if used is not None:
        return texts(
            N_("Declination {degrees}° ±{doubt}° by {model}, {year}: ±{metres} m in 100 m. Iron nearby is worse."),
            degrees=texts.number(used.deg, 2), doubt=texts.number(used.uncertainty_deg, 2), model=used.model,
            year=str(int(used.year)), metres=texts.number(used.uncertainty_deg * 1.745, 1),
        ), "text2"  # fmt: skip
    if walked.convergence_deg is not None:
        return texts(N_("Grid north is {degrees}° from true north here ({crs})"),
                     degrees=texts.number(walked.convergence_deg, 2), crs=walked.grid_crs), "text2"  # fmt: skip
    return NOTHING


def _unread(sentence: str, leg: int, what: str, rows: list[Said]) -> LookedLegs:
    marked = [(sentence, "danger") if place == leg else said for place, said in enumerate(rows)]
    return LookedLegs(marked, north=(sentence, "danger") if what == "north" else NOTHING, unread=sentence)


def drawing_of(looked: LookedLegs) -> Drawing:
    """What the sketch shows of the legs: the ring, the raw one beside an adjusted one, landmarks and the gap."""
    walked = looked.walked
    if walked is None or looked.measured is None:
        return Drawing()
    ring, beside = _split(walked.points)
    closed = looked.legset is not None and looked.legset.closes_at is not None
    rings = [DrawnRing(tuple(ring), closed=closed or len(ring) > 2)]
    if looked.legset is not None and looked.legset.adjust:
        rings.append(DrawnRing(tuple(_split(walked.raw_points)[0]), faint=True))
    places = tuple((one.place.lat, one.place.lon) for one in looked.measured.problems if one.place)
    return Drawing(tuple(rings), tuple(beside), places, _gap(looked))


def _split(points: Sequence[TypedPoint]) -> tuple[list[Point], list[Point]]:
    found: tuple[list[Point], list[Point]] = ([], [])
    for point in points:
        known = point.known or {}
        if "lat" in known:
            made = Point(float(known["lat"]), float(known["lon"]), point.role)
            found[outlines.is_beside(point.role)].append(made)
    return found


def _gap(looked: LookedLegs) -> tuple[LatLon, LatLon] | None:
    """From where the last leg ended to where it should have."""
    walked = looked.walked
    if walked is None or walked.closure is None or looked.legset is None or looked.legset.adjust:
        return None
    if not walked.closure.severity():
        return None
    ring, _ = _split(walked.points)
    end = ring[0] if ring else None
    if end is None:
        return None
    last = _last_end(walked)
    return None if last is None else (last, (end.lat, end.lon))


def _last_end(walked: Walked) -> LatLon | None:
    known = walked.raw_points[-1].known or {}
    if "lat" not in known:
        return None
    at = coordinates.Position(float(known["lat"]), float(known["lon"]))
    if len(walked.raw_points) <= len(walked.lengths_m):
        at = forward(at, walked.true_bearings_deg[-1], walked.lengths_m[-1])
    return at.lat, at.lon


def as_typed(kept: Mapping[str, Any] | None) -> str:
    """A stored set of legs as the text of a ``LegsEditor``; "" where there is none or it is of another shape."""
    try:
        legset = leg_records.from_stored(kept) if kept else None
    except (KeyError, ValueError, TypeError):
        return ""
    if legset is None:
        return ""
    end = legset.closes_at
    known = end.text or " ".join((end.known or {}).get(one, "") for one in ("lat", "lon")) if isinstance(
        end, TypedPoint) else ""  # fmt: skip
    start = legset.start
    values: dict[str, object] = {
        "start": start.text or " ".join((start.known or {}).get(one, "") for one in ("lat", "lon")),
        "start_in": start.system, "start_role": outlines.role_code(start.role),
        "north": legset.north, "unit": legset.unit, "grid": legset.grid_system,
        "slope": "slope" if any(leg.slope_distance for leg in legset.legs) else "",
        "date": legset.date.isoformat() if legset.date else "",
        "declination": "" if legset.declination_deg is None else str(legset.declination_deg),
        "closing": "open" if end is None else "start" if end == "start" else "known", "known": known,
        "adjust": "bowditch" if legset.adjust else "",
        "legs": [
            (leg.bearing, format(leg.distance_m, "f"), "" if leg.slope_deg is None else format(leg.slope_deg, "f"))
            for leg in legset.legs
        ],
    }  # fmt: skip
    return json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False, sort_keys=True)
