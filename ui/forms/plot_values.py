"""From what stands in the Plot form to a saved or corrected plot, and what is measured while it is typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from fieldapp.domain.checks import Finding
from fieldapp.domain.lists_in_force import Lists
from fieldapp.domain.registry import KINDS
from fieldapp.domain.validation import groups_to_set, missing_for_sign_off
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.geodesy.traverse import LIMITS, ClosureLimits
from fieldapp.ids import RecordName
from fieldapp.operations import leg_records, legs, plots, positions, records
from fieldapp.operations.browsing import Record
from fieldapp.operations.outlines import Measured
from fieldapp.operations.plots import Ground
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui.forms import legs_values, outline_values
from ui.forms.record_form import as_typed, name_of
from ui.forms.typed_outline import as_text, from_text
from ui.widgets.sketch import Neighbour

PLOT = KINDS["plot"]
POINTS, BY_LEGS = "points", "legs"
SHARED = ("overlap", "same_outline")
"""Rules of the checks that name a plot which has ground in common."""
OUTLINE_INPUTS = ("points", "legs", "way")
SAID = frozenset((
    "too_few_points", "zero_area", "self_crossing", "parts_overlap", "closing_point_repeated", "first_two_repeated",
    "repeated_point", "long_leg", "misclosure", "wide_misclosure", "swapped_axes", "declared_differs", "blank_number",
    "sound_outline", "outline",
))
"""Rules and subjects of the clearance checks that the form says already, beside the points and at once."""
_OF_THE_GROUND = ("outline", "area_m2", "perimeter_m", "points", "legs", "track")
_APART = frozenset(("outline", "area_m2", *OUTLINE_INPUTS))
"""Declared fields that come from the points or legs, and inputs that make them."""


def fields_of(values: Mapping[str, str]) -> dict[str, object]:
    """The declared fields among the form's values, as typed; the points stand apart."""
    return {name: text for name, text in values.items() if name in PLOT.by_name and name not in _APART}


@dataclass(frozen=True)
class Seen:
    """What can be said of the ground now, by points or by legs; ``measured`` is None while something is unread."""

    measured: Measured | None
    by_points: outline_values.Looked | None = None
    by_legs: legs_values.LookedLegs | None = None


def way_of(values: Mapping[str, str]) -> str:
    """By which way the ground is entered: the one that is open, or the other one while nothing is typed there.

    Who looks at the other way after typing has not taken anything back.
    """
    has = {POINTS: bool(from_text(values.get("points", "")).count), BY_LEGS: bool(values.get("legs"))}
    chosen = values.get("way") or POINTS
    other = POINTS if chosen == BY_LEGS else BY_LEGS
    return other if has.get(other) and not has.get(chosen) else chosen


def look(
    values: Mapping[str, str], texts: Texts, today: dt.date, frame: Frame = FRAME, limits: ClosureLimits = LIMITS
) -> Seen:
    """Read and measure what ``values`` say of the ground."""
    if way_of(values) == BY_LEGS:
        walked = legs_values.look(values.get("legs", ""), texts, today, frame, limits)
        return Seen(walked.measured, by_legs=walked)
    looked = outline_values.look(from_text(values.get("points", "")), texts, frame)
    return Seen(looked.measured, by_points=looked)


def ground_of(values: Mapping[str, str], today: dt.date, frame: Frame = FRAME) -> Ground:
    """The ground that ``values`` describe; no point at all where none is typed. Raises what cannot be read.

    Legs as typed are stored beside the outline they make; a point is never moved.
    """
    if way_of(values) != BY_LEGS:
        return Ground(outline_values.outline_of(from_text(values.get("points", ""))))
    legset = legs_values.legset_to_save(values.get("legs", ""), today)
    if legset is None:
        return Ground([])
    return Ground([[legs.walk(legset, frame).points]], [legset])


def save(ws: Workspace, values: Mapping[str, str]) -> Record:
    """Save the plot that ``values`` describe. An outline that encloses nothing is saved without an area."""
    return plots.add_plot(ws, fields_of(values), ground_of(values, _today(ws), positions.frame_of(ws)))


def correct(ws: Workspace, name: str, before: Mapping[str, str], now: Mapping[str, str]) -> Record:
    """Correct the plot ``name``: only what differs between ``before`` and ``now`` is written.

    ``now["heads"]`` are the versions the form was opened with, ``now["reason"]`` the reason.
    """
    changed = {one: text for one, text in fields_of(now).items() if text != before.get(one, "")}
    ground = None
    if any(now.get(one, "") != before.get(one, "") for one in OUTLINE_INPUTS):
        ground = ground_of(now, _today(ws), positions.frame_of(ws))
        if not ground.outline:
            changed |= dict.fromkeys(_OF_THE_GROUND)
            ground = None
    return plots.correct_plot(ws, name, changed, now["reason"], points=ground, heads=now["heads"].split())


def _today(ws: Workspace) -> dt.date:
    return ws.clock.now().date()


def values_of(record: Record) -> dict[str, str]:
    """What the form shows of a saved plot: its legs where all of it was walked by legs, else its points."""
    values = {one.name: as_typed(record.fields.get(one.name)) for one in PLOT.fields if one.name not in _APART}
    ground = record.fields.get("outline"), record.fields.get("points")
    walked = leg_records.still_true(record.fields.get("legs"), *ground)
    alone = len(walked) == 1 and leg_records.make_all(walked[0], ground[0])
    kept = legs_values.as_typed(walked[0] if alone else None)
    stored = outline_values.typed_of_stored(*ground)
    values["points"] = as_text(stored)
    values["legs"] = kept
    values["way"] = BY_LEGS if kept else POINTS
    values["heads"] = " ".join(record.heads)
    return values


def difference(area_m2: Decimal | None, declared: str, texts: Texts) -> str:
    """Computed minus declared, with its sign; a dash where one of them is missing."""
    try:
        stated = Decimal(declared.replace(",", "."))
    except InvalidOperation:
        return "\u2013"
    if area_m2 is None or not stated.is_finite():
        return "\u2013"
    apart = area_m2 - stated
    number = texts.number(apart)
    return texts(N_("{value} m²"), value=f"+{number}" if apart > 0 else number)


def missing(values: Mapping[str, str], measured: Measured | None, texts: Texts, lists: Lists) -> list[str]:
    """Names of what the plot still needs to be signed off."""
    typed = dict(fields_of(values))
    typed["local_id"] = "-"
    typed["completed_on"] = typed.get("completed_on") or "2000-01-01"  # saving fills in the day
    changes, _problems = groups_to_set(PLOT, typed, lists=lists)
    needed = missing_for_sign_off(PLOT, changes)
    has_outline = measured is not None and bool(measured.outline)
    return [name_of(one, texts) for one in needed if not (one.name == "outline" and has_outline)]


MOST_NEIGHBOURS = 20
"""More are not drawn: a sketch of so many would be all hatching. All of them are said in words."""


def overlapped(findings: Iterable[Finding], itself: RecordName | None) -> tuple[RecordName, ...]:
    """The plots that findings say ground is shared with."""
    names = dict.fromkeys(name for one in findings if one.rule in SHARED for name in one.records if name != itself)
    return tuple(name for name in names if name.startswith("plot/"))[:MOST_NEIGHBOURS]


def neighbours(ws: Workspace, names: Sequence[RecordName]) -> tuple[Neighbour, ...]:
    """These plots as the sketch draws them."""
    found = []
    for name in names:
        record = records.get(ws, name)
        rings = [ring for part in record.fields.get("outline") or [] for ring in part]
        places = tuple(tuple((float(v["lat"]), float(v["lon"])) for v in ring) for ring in rings)
        found.append(Neighbour(str(record.fields.get("local_id") or ""), places))
    return tuple(found)
