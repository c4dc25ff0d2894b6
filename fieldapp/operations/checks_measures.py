"""Measures of one record that the clearance checks share, beside a form and over a whole workspace."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fieldapp.domain import checks as rules
from fieldapp.domain.checks import Finding, Place, finding
from fieldapp.domain.counting import RELEASES, PlotState, release_line
from fieldapp.domain.lists_in_force import Lists
from fieldapp.errors import OperatorError
from fieldapp.geodesy import soundness
from fieldapp.geodesy.area import outline_area_m2
from fieldapp.geodesy.districts import WorkArea
from fieldapp.geodesy.frame import Frame
from fieldapp.geodesy.soundness import Ground, Parts
from fieldapp.geodesy.traverse import LIMITS, Closure, ClosureLimits
from fieldapp.ids import RecordName
from fieldapp.operations import leg_records, lookup, paper
from fieldapp.operations.positions import frame_of
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row
from fieldapp.storage.space import Outlined
from fieldapp.texts import fold, parse_day


@dataclass(frozen=True, slots=True)
class TaskGround:
    """What a task says of place and depth."""

    number: str
    ground: Ground | None
    depth_cm: int | None


def of_work_area(area: WorkArea, place: Place, records: tuple[RecordName, ...] = ()) -> Finding | None:
    """A place outside the work area; swapped where only the other way round it lies inside."""
    if area.holds(*place):
        return None
    swapped = area.holds(place[1], place[0])
    return finding("swapped_axes" if swapped else "outside_work_area", records, place)


def work_area(ws: Workspace) -> WorkArea:
    """Where positions are expected here."""
    return frame_of(ws).work_area


def task_ground(ws: Workspace, task: object) -> TaskGround | None:
    """The task of this name or number as far as it is here, and what ground it has."""
    if not isinstance(task, str) or not task.strip():
        return None
    row = lookup.rows_of(ws, [task]).get(task) if task.startswith("task/") else None
    if row is None:
        rows = lookup.rows(ws, "task", equal={"local_id": task.strip()})
        row = rows[0] if len(rows) == 1 else None
    if row is None:
        return None
    ground = ground_of(row["area"]) if row["area"] else None
    return TaskGround(number_of(row), ground, row["depth_required"])


def of_task(
    task: TaskGround, place: Place, accuracy_m: float | None, records: tuple[RecordName, ...] = ()
) -> Finding | None:
    """A place outside the area of its task by more than its own accuracy."""
    metres = soundness.metres_outside(task.ground, *place)
    if metres <= (accuracy_m or 0.0):
        return None
    return finding("outside_task", records, place, metres=metres, task=task.number)


def of_pair(
    fields: Mapping[str, object], place: Place, other: Row, other_place: Place, metres: float,
    records: tuple[RecordName, ...],
) -> Finding:
    """Two finds of one model at one place: the same row twice, or perhaps the same item."""
    names = (*records, other.name)
    same = soundness.same_point(place, other_place) and all(
        number(fields.get("quantity")) == number(other["quantity"]) if column == "quantity"
        else (fields.get(column) or None) == other[column]
        for column in ("quantity", "unit", "found_on")
    )
    if same:
        return finding("same_row", names, place, other=number_of(other))
    return finding("near_duplicate", names, place, other=number_of(other), metres=metres)


def model_key(ws: Workspace, fields: Mapping[str, Any]) -> str | None:
    """What makes two finds the same model: the model meant, else the text as typed, else the category alone."""
    model, text = fields.get("model"), fields.get("model_text")
    known = ws.lists.item(model, text)
    if known is not None:
        return f"model {known.code}"
    if model or text:
        return f"text {fold(str(model or text))}"
    return f"category {fields['category']}" if fields.get("category") else None


def reaches(area: Outlined, place: Place) -> bool:
    """Does a recorded area hold a place, as accurately as it is known?"""
    ground = ground_of(area.outline)
    if ground is None:
        box = area.box  # nobody knows its ground: its box says that it is not elsewhere
        return box is not None and box.holds(*place)
    return soundness.metres_outside(ground, *place) <= (number(area.group.get("outline_accuracy_m")) or 0.0)


def of_points(
    parts: Parts, area: WorkArea, records: tuple[RecordName, ...], *, sound: Ground | None = None
) -> tuple[list[Finding], Ground | None]:
    """What is wrong with the points of an outline, and its ground, if it has one; ``sound``: known to be its ground."""
    found = [of_defect(one, records) for one in soundness.defects(
        parts, long_m=rules.LONG_LEG_M, short_m=rules.SHORT_LEG_M
    )]
    south, west, north, east = soundness.box_of(parts)
    if not (area.holds(south, west) and area.holds(north, east)):
        places = [(lat, lon) for part in parts for ring in part for lon, lat in ring]
        outside = next((one for one in places if not area.holds(*one)), None)
        said = of_work_area(area, outside, records) if outside else None
        found += [said] if said else []
    if sound is not None:
        return found, sound
    ground, defect = soundness.ground_of(parts)
    return found + ([of_defect(defect, records)] if defect is not None else []), ground


def of_defect(one: soundness.Defect, records: tuple[RecordName, ...]) -> Finding:
    """The finding about a defect of an outline."""
    return finding(one.code, records, (one.lat, one.lon), first=one.first, second=one.second, metres=one.metres,
                   count=one.count)


def net_area(ground: Ground, covered: Sequence[Ground], records: tuple[RecordName, ...], place: Place) -> Finding:
    """The area of a plot, and what of it no other plot covers."""
    left = soundness.without(ground, covered)
    return finding("net_area", records, place, gross_m2=soundness.m2_of(ground), net_m2=soundness.m2_of(left))


def area_m2(parts: Parts) -> float:
    """Geodesic square metres of a sound outline, to a tenth as records store them."""
    return float(outline_area_m2(parts))


@dataclass(frozen=True, slots=True)
class Shared:
    """What an outline shares with recorded plots."""

    same: list[Row]
    """Plots with the very same points; they are told once and are no overlap."""
    overlaps: list[tuple[Row, float]]
    """Plots that release ground it covers as well, with the square metres: of several readings the most."""
    covered: list[Ground]
    """The ground of these."""


def shared_with(
    plots: Iterable[Outlined], parts: Parts, ground: Ground, lists: Lists, name: RecordName | None = None, *,
    claimed: bool = True,
) -> Shared:
    """What a sound outline shares with other plots. ``claimed``: it releases ground, or nobody said yet that not."""
    same: list[Row] = []
    overlaps: dict[RecordName, tuple[Row, float]] = {}
    covered: list[Ground] = []
    for one in plots:
        other = parts_of(one.outline)
        if one.row.name == name or other is None:
            continue
        if soundness.same_outline(parts, other):
            same.append(one.row)
        elif claimed and release_line(state_of(one), lists) in RELEASES:
            its = ground_of(one.outline)
            m2 = soundness.m2_of(ground.intersection(its)) if its is not None else 0.0
            if m2 >= rules.TOUCH_M2 and m2 > overlaps.get(one.row.name, (one.row, 0.0))[1]:
                overlaps[one.row.name] = one.row, m2
                covered.append(its)
    return Shared(same, list(overlaps.values()), covered)


def claims_release(fields: Mapping[str, object], lists: Lists) -> bool:
    """Do the fields of a plot release ground, or say nothing of it yet?"""
    state = PlotState(text_of(fields.get("release")), text_of(fields.get("method")), Decimal(0), None)
    return release_line(state, lists) in RELEASES or not fields.get("release")


def rate_of(fields: Mapping[str, Any], m2: float | None) -> Finding | None:
    """Whether a plot was done faster than is likely."""
    first, last = (_day(fields.get(one)) for one in ("started_on", "completed_on"))
    days = (last - first).days + 1 if first and last else None  # without both nobody knows how long it took
    return rules.of_rate(m2, text_of(fields.get("method")) or "", whole(fields.get("staff")), days)


def of_legs(legs: object, limits: ClosureLimits = LIMITS, *ground: object) -> list[Finding]:
    """What sets of legs (as stored beside an outline, or that value's column) miss where they should close.

    ``ground``: the outline and the points beside it, where they are known: legs of another outline say nothing.
    """
    try:
        kept = json.loads(legs) if isinstance(legs, str) else legs
    except ValueError:
        return []
    if ground:
        kept = leg_records.still_true(kept, *ground)
    found: list[Finding | None] = []
    for one in kept if isinstance(kept, list) else ():
        metres, length_m = (number(one.get(name)) if isinstance(one, dict) else None
                            for name in ("misclosure_m", "length_m"))
        if metres is not None:
            closed = Closure(metres, 0.0, length_m or 0.0)
            found.append(rules.of_misclosure(metres, closed.ratio_n, closed.severity(limits)))
    return [one for one in found if one is not None]


def of_paper(legs: object, frame: Frame, limits: ClosureLimits) -> list[Finding]:
    """By how much the walk round a captured record (as stored beside its outline, or its column) does not close."""
    try:
        kept = json.loads(legs) if isinstance(legs, str) else legs
        written = paper.from_stored(kept)
        closed = paper.closure_of(paper.work_out(written, frame)) if written is not None and written.legs else None
    except (ValueError, OperatorError):
        return []
    said = rules.of_misclosure(closed.misclosure_m, closed.ratio_n, closed.severity(limits)) if closed else None
    return [said] if said is not None else []


@functools.lru_cache(maxsize=16_384)
def parts_of(outline: str) -> Parts | None:
    """The points of an outline as its column has it; not to be changed by whoever gets them."""
    return soundness.parts_of(outline)


@functools.lru_cache(maxsize=16_384)
def ground_of(outline: str) -> Ground | None:
    """The ground of an outline as its column has it; None where it has none that can be compared."""
    parts = parts_of(outline)
    return soundness.ground_of(parts)[0] if parts is not None else None


def number_of(row: Row) -> str:
    """What people call a record: its number, else the beginning of its id."""
    return str(row.get("local_id") or "").strip() or str(row["id"])[:8]


def place_of(fields: Mapping[str, Any]) -> Place | None:
    """Latitude and longitude of a record's fields; None where one is missing or is no number."""
    lat, lon = number(fields.get("lat")), number(fields.get("lon"))
    return None if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180) else (lat, lon)


def state_of(one: Outlined) -> PlotState:
    """What one reading of a plot claims."""
    return PlotState(text_of(one.group.get("release")), one.row["method"], Decimal(0), one.row["completed_on"])


def first_place(parts: Parts) -> Place:
    """Where an outline begins."""
    return parts[0][0][0][1], parts[0][0][0][0]


def named(name: RecordName | None) -> tuple[RecordName, ...]:
    """The records of a finding about this one, or about a draft."""
    return (name,) if name else ()


def text_of(value: object) -> str | None:
    """A text that is not empty."""
    return value if isinstance(value, str) and value else None


def number(value: object) -> float | None:
    """A number as columns and events hold it, or as it was typed."""
    try:
        known = float(str(value).replace(",", ".")) if value not in (None, "") else None
    except ValueError:
        return None
    return known if known is not None and abs(known) < 1e15 else None


def whole(value: object) -> int | None:
    """A whole number, cut down where it is none."""
    known = number(value)
    return int(known) if known is not None else None


def _day(value: object) -> date | None:
    try:
        return parse_day(str(value)) if value else None
    except ValueError:
        return None
