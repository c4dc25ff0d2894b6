"""Clearance checks of one record beside its form, before it is saved: candidates, measures, and the domain's rules.

Nothing here blocks, crops or moves anything. A place is checked against every reading of a disputed plot or find.
A find inside released ground is asked about by the rule of the missed-item alarm itself (``missed.at_entry``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain import checks as rules
from fieldapp.domain.canonical import canonical
from fieldapp.domain.checks import Finding, Passed, Place, finding
from fieldapp.domain.missed import ALARM, BELOW
from fieldapp.geodesy import soundness
from fieldapp.geodesy.soundness import Ground, Parts
from fieldapp.ids import RecordName
from fieldapp.operations import lookup, missed
from fieldapp.operations.checks_measures import (
    area_m2,
    claims_release,
    first_place,
    ground_of,
    model_key,
    named,
    net_area,
    number,
    number_of,
    of_legs,
    of_pair,
    of_paper,
    of_points,
    of_task,
    of_work_area,
    parts_of,
    place_of,
    rate_of,
    reaches,
    shared_with,
    task_ground,
    text_of,
    whole,
    work_area,
)
from fieldapp.operations.legs import limits_of
from fieldapp.operations.positions import frame_of
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import space
from fieldapp.storage.listing import Row
from fieldapp.storage.space import Box

_AREA_LOOKED_FOR_M = 500.0
"""Recorded areas so near are asked whether their stated accuracy reaches a place."""


@dataclass
class Checked:
    """What the checks of a draft say."""

    findings: list[Finding] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    """Subjects with nothing to say, and subjects that could not be looked at yet."""

    def note(self, *found: Finding | None) -> bool:
        """Add findings, leaving out None; was there one?"""
        new = [one for one in found if one is not None]
        self.findings += new
        return bool(new)

    def fine(self, subject: str, **facts: Any) -> None:
        """Say that a subject has nothing wrong, or waits."""
        self.passed.append(Passed(subject, facts))


def of_find(ws: Workspace, fields: Mapping[str, object], name: RecordName | None = None) -> list[Finding]:
    """What may be wrong with a find as its fields stand: a draft, or the correction of record ``name``."""
    return look_at_find(ws, fields, name).findings


def of_plot(
    ws: Workspace, outline: Any, fields: Mapping[str, object], name: RecordName | None = None
) -> list[Finding]:
    """What may be wrong with a plot: its outline as it would be stored, its fields by name (``name``: ``of_find``)."""
    return look_at_plot(ws, outline, fields, name).findings


def of_saved_plot(ws: Workspace, row: Row) -> list[Finding]:
    """What may be wrong with a plot as it is kept: as its form would say, with the area that was recorded."""
    found = of_plot(ws, row["outline"], {**row, "legs": None}, row.name)
    parts = parts_of(row["outline"]) if row["outline"] else None
    m2 = soundness.parts_m2(parts) if parts is not None and ground_of(row["outline"]) is not None else None
    found += rules.of_areas(m2, number(row["area_m2"]), None)
    found += of_legs(row["legs"], limits_of(ws), row["outline"], row["points"])
    return found if row["outline"] else [*found, finding("no_outline")]


def of_area(
    ws: Workspace, outline: Any, fields: Mapping[str, object], name: RecordName | None = None
) -> list[Finding]:
    """What may be wrong with the outline of a hazardous area."""
    return look_at_area(ws, outline, fields, name).findings


def look_at_find(ws: Workspace, fields: Mapping[str, object], name: RecordName | None = None) -> Checked:
    """``of_find``, with what was looked at and found right."""
    checked = Checked()
    if name is None and not fields.get("found_on"):
        fields = {**fields, "found_on": ws.clock.now().date().isoformat()}  # as saving fills it in
    place = place_of(fields)
    if place is None:
        checked.fine("position")
    else:
        area = of_work_area(work_area(ws), place, named(name))
        if not checked.note(area):
            checked.fine("in_work_area")
        _task(ws, checked, fields, place, name)
        near = near_duplicates(ws, fields, place, name)
        if not checked.note(*near):
            checked.fine("no_near_duplicate", metres=rules.SAME_PLACE_M)
        _released(ws, checked, fields, place, name)
        recorded = recorded_area(ws, place)
        if isinstance(recorded, str):
            checked.fine("in_recorded_area", other=recorded)
        else:
            checked.note(recorded)
    checked.note(rules.of_number(text_of(fields.get("local_id")), known=False))
    checked.findings = rules.in_order(checked.findings)
    return checked


def look_at_plot(
    ws: Workspace, outline: Any, fields: Mapping[str, object], name: RecordName | None = None
) -> Checked:
    """``of_plot``, with what was looked at and found right."""
    checked = Checked()
    task = task_ground(ws, fields.get("task"))
    release, cleared = text_of(fields.get("release")) or "", whole(fields.get("depth_cm"))
    depth = rules.of_depth(release, cleared, task.depth_cm if task else None, task.number if task else "")
    if not checked.note(*depth) and task and task.depth_cm is not None and cleared is not None:
        checked.fine("deep_enough", task=task.number)
    parts, ground = _outline(ws, checked, outline, named(name))
    m2 = None
    if ground is not None and parts is not None:
        m2 = area_m2(parts)
        _overlaps(ws, checked, parts, ground, fields, name)
        if task is not None and task.ground is not None:
            beyond_m2 = soundness.m2_of(ground.difference(task.ground))
            if beyond_m2 >= rules.TOUCH_M2:
                place = first_place(parts)
                checked.note(finding("plot_outside_task", named(name), place, m2=beyond_m2, task=task.number))
            else:
                checked.fine("inside_task", task=task.number)
    checked.note(*rules.of_areas(m2, None, number(fields.get("declared_m2"))))
    checked.note(*of_legs(fields.get("legs"), limits_of(ws)))
    checked.note(rate_of(fields, m2), rules.of_number(text_of(fields.get("local_id")), known=False))
    checked.findings = rules.in_order(checked.findings)
    return checked


def look_at_area(
    ws: Workspace, outline: Any, fields: Mapping[str, object], name: RecordName | None = None
) -> Checked:
    """``of_area``, with what was looked at and found right."""
    checked = Checked()
    parts, _ = _outline(ws, checked, outline, named(name))
    if parts is not None and space.has_outlines(ws.store, "hazardous_area"):
        source, place = fields.get("source"), first_place(parts)
        for other in space.outlines_meeting(ws.store, "hazardous_area", Box(*soundness.box_of(parts))):
            its = parts_of(other.outline)
            if other.row.name in (name, source) or (name and other.row.get("source") == name) or its is None:
                continue  # what headquarters published of an area has its outline, as it should
            if soundness.same_outline(parts, its):
                checked.note(finding("same_outline", (*named(name), other.row.name), place, other=number_of(other.row)))
    checked.note(*of_paper(fields.get("legs"), frame_of(ws), limits_of(ws)))
    checked.note(rules.of_number(text_of(fields.get("local_id")), known=False))
    checked.findings = rules.in_order(checked.findings)
    return checked


def _released(
    ws: Workspace, checked: Checked, fields: Mapping[str, object], place: Place, name: RecordName | None
) -> None:
    """By the rule of the alarm itself; of a correction, the plots that it moves the find into."""
    depth = whole(fields.get("depth_cm"))
    saved = place_of(lookup.rows_of(ws, [name])[name]) if name is not None else None
    held = {one.plot for one in missed.at_entry(ws, *saved, depth)} if saved is not None else set()
    levels = (ALARM, BELOW)
    inside = [one for one in missed.at_entry(ws, *place, depth) if one.level in levels and one.plot not in held]
    for one in inside:
        claim = one.answer.claim
        said = rules.of_released_ground(depth, claim.release or "", claim.depth_cm, one.number)
        checked.note(Finding(said.rule, said.severity, (*named(name), one.plot), place, said.facts))
    if not inside and not held:
        checked.fine("off_released_ground")


def _task(
    ws: Workspace, checked: Checked, fields: Mapping[str, object], place: Place, name: RecordName | None
) -> None:
    task = task_ground(ws, fields.get("task"))
    if task is None or task.ground is None:
        return
    found = of_task(task, place, number(fields.get("accuracy_m")), named(name))
    if not checked.note(found):
        checked.fine("inside_task", task=task.number)


def near_duplicates(
    ws: Workspace, fields: Mapping[str, object], place: Place, name: RecordName | None = None
) -> list[Finding]:
    """Finds of the same model within 3 m: the nearest, and every one that says the very same."""
    model = model_key(ws, fields)
    if model is None:
        return []
    found: list[Finding] = []
    for near in space.finds_near(ws.store, *place, rules.SAME_PLACE_M):
        if near.row.name == name or model_key(ws, near.row) != model:
            continue
        said = of_pair(fields, place, near.row, (near.lat, near.lon), near.metres, named(name))
        if said.rule == "same_row" or not found:
            found.append(said)
    return found


def recorded_area(ws: Workspace, place: Place) -> Finding | str | None:
    """The number of a recorded hazardous area that holds the place; the note that none does; None without any."""
    if not space.has_outlines(ws.store, "hazardous_area"):
        return None
    around = space.box_around(*place, _AREA_LOOKED_FOR_M)
    for one in space.outlines_meeting(ws.store, "hazardous_area", around):
        if reaches(one, place):
            return number_of(one.row)
    return finding("outside_recorded_areas", (), place)


def _outline(
    ws: Workspace, checked: Checked, outline: Any, records: tuple[RecordName, ...]
) -> tuple[Parts | None, Ground | None]:
    """The points of an outline and its ground, with everything that is wrong with them noted."""
    if not outline:
        checked.fine("outline")
        return None, None
    parts = parts_of(outline if isinstance(outline, str) else canonical(outline).decode())
    if parts is None:
        checked.note(finding("unreadable_outline", records))
        return None, None
    found, ground = of_points(parts, work_area(ws), records)
    if not checked.note(*found):
        checked.fine("sound_outline")
    return parts, ground


def _overlaps(
    ws: Workspace, checked: Checked, parts: Parts, ground: Ground, fields: Mapping[str, object],
    name: RecordName | None,
) -> None:
    near = space.outlines_meeting(ws.store, "plot", Box(*soundness.box_of(parts)))
    shared = shared_with(near, parts, ground, ws.lists, name, claimed=claims_release(fields, ws.lists))
    place = first_place(parts)
    for row in shared.same:
        checked.note(finding("same_outline", (*named(name), row.name), place, other=number_of(row)))
    for row, m2 in shared.overlaps:
        checked.note(finding("overlap", (*named(name), row.name), place, m2=m2, other=number_of(row)))
    if shared.overlaps:
        checked.note(net_area(ground, shared.covered, named(name), place))
    elif not shared.same:
        checked.fine("no_overlap")
