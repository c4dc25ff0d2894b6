"""Clearance checks: what may be wrong with a record, by rules over measured facts. They report and change nothing.

Each rule has a severity, and its findings a place and one sentence. *danger*: ground or an item may be taken for safer
than it is, or a position for another. *look*: probably a slip. *note*: worth knowing, nothing may be wrong. *alarm* is
the missed item alone (M18), which stays open until a person explains it.

Which rule covers what design section 8 and domain section 6 ("What goes wrong") list:

* outside the task: outside_task, plot_outside_task; outside the work area, swapped axes: outside_work_area,
  swapped_axes; near-duplicate: near_duplicate; inside ground already released: in_released_ground,
  below_released_depth, missed_item
* overlap with earlier plots in m2, net and gross area: overlap, net_area; misclosure: misclosure; implausible rate:
  fast_work, many_finds
* self-crossing, polygon invalid, under 3 vertices: self_crossing, zero_area, too_few_points, unreadable_outline;
  overlapping parts: parts_overlap
* last vertex repeats first: closing_point_repeated; last two repeat first two: first_two_repeated; consecutive
  duplicates at 1e-6 degrees: repeated_point; legs over 5 km: long_leg; short vertices: short_leg
* duplicate polygons, also started elsewhere or wound the other way: same_outline; duplicate points: near_duplicate
* duplicate local ids, ids differing by trailing blanks or made of blanks, missing local id: same_number,
  blank_number, no_number
* same ordnance row twice (warn, never block): same_row
* enumeration drift, near-duplicate values: unknown_code, similar_values
* missing date of information: no_date; missing coordinates: no_position
* released land in mixed units: declared_differs, area_differs
* depth less than the task asks, cleared with no depth: depth_below_task, no_depth
* a find outside any recorded hazardous area (domain section 7, M23): outside_recorded_areas

Approval data is what review by exception lists (``domain/attention``); MGRS in lower case or with blanks, mixed
systems and points out of order are met where positions are read (``geodesy``); the rest of that table is about
spreadsheets, attribute displays and newswire copies, which are none of our records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.registry import KINDS
from fieldapp.ids import RecordName
from fieldapp.texts import N_, Texts

SEVERITIES = ("alarm", "danger", "look", "note")
"""From the most serious to the least."""
SEVERITY_WORDS = {"alarm": N_("Alarm"), "danger": N_("Danger"), "look": N_("Look"), "note": N_("Note")}
STATE_WORDS = {"ok": N_("In order"), "waiting": N_("Not yet")}

Place = tuple[float, float]
"""Latitude and longitude, WGS 84 degrees."""

SAME_PLACE_M = 3.0
"""Two items of one model nearer than this may be one (design, story 6: the pair lies 2.4 m apart)."""
SAME_POINT_DEG = 1e-6
"""Vertices nearer than this are one (GICHD's clean-up scripts)."""
LONG_LEG_M = 5000.0
"""A longer leg is a slip of a digit (GICHD's clean-up scripts, advisory)."""
SHORT_LEG_M = 1.0
"""Our own: turning points are marked on the ground, and no two marks stand nearer."""
TOUCH_M2 = 1.0
"""Neighbours share an edge and typed points differ by centimetres: less is no overlap (as in ``geodesy.overlap``)."""
DECLARED_SHARE = 0.1
"""Our own: a declared area that differs by more than a tenth was measured otherwise, or in another unit."""
FASTEST_M2 = {
    "manual": 500.0, "animal_dog": 5_000.0, "animal_rat": 5_000.0, "mechanical": 20_000.0, "combined": 20_000.0,
    "visual_surface": 20_000.0, "sub_surface": 10_000.0,
}
"""Square metres of one person and day above which work is looked at, by clearance method.

Our own, and generous: a deminer with a detector clears some tens of square metres a day, a dog some hundreds, a
machine some thousands. Several times that is a slip in area, staff or dates, not good work."""
FASTEST_OF_ALL_M2 = 20_000.0
"""The same where the method is not known."""
MOST_FINDS_AN_HOUR = 60.0
"""Our own: finds one team can log in an hour of work. A lot found together counts once."""
WORKING_HOURS = 8.0
"""Of a day whose hours nobody recorded."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One check."""

    code: str
    severity: str
    sentence: str
    """A catalogue message over the finding's facts."""


_EVERY = (
    Rule("missed_item", "alarm",
         N_("Missed item: found in plot {other}, which was released before, and nobody has explained it.")),
    Rule("in_released_ground", "danger", N_("This place lies in ground that is released: plot {other}.")),
    Rule("below_released_depth", "look",
         N_("This place lies in plot {other}, cleared to {cleared} cm; the item lay at {depth} cm.")),
    Rule("outside_work_area", "danger", N_("{place} lies outside the work area.")),
    Rule("swapped_axes", "danger",
         N_("Latitude and longitude seem to be swapped: {place} lies in the work area the other way round.")),
    Rule("outside_task", "look", N_("This place lies {metres} m outside the area of task {task}.")),
    Rule("near_duplicate", "look", N_("{other} is the same model, {metres} m from here.")),
    Rule("same_row", "look", N_("{other} has the same model, quantity, place and day.")),
    Rule("outside_recorded_areas", "note", N_("This place lies outside every recorded hazardous area.")),
    Rule("many_finds", "look", N_("Finds of this team on {day}: {count} in {hours} hours of work.")),
    Rule("no_position", "look", N_("There is no position yet.")),
    Rule("unreadable_outline", "danger", N_("The outline cannot be read as turning points.")),
    Rule("no_outline", "look", N_("There are no turning points.")),
    Rule("too_few_points", "danger", N_("An outline needs three different points; there are {count}.")),
    Rule("zero_area", "danger", N_("The outline encloses no ground.")),
    Rule("self_crossing", "danger", N_("The outline crosses or touches itself at {place}.")),
    Rule("parts_overlap", "danger", N_("Parts or holes of the outline cross or overlap at {place}.")),
    Rule("closing_point_repeated", "note", N_("The last point repeats the first: an outline closes by itself.")),
    Rule("first_two_repeated", "look", N_("The last two points repeat the first two.")),
    Rule("repeated_point", "look", N_("Points {first} and {second} are the same place.")),
    Rule("long_leg", "look", N_("From point {first} to point {second} it is {metres} m.")),
    Rule("short_leg", "look", N_("Points {first} and {second} are only {metres} m apart.")),
    Rule("same_outline", "danger", N_("{other} has the same outline.")),
    Rule("overlap", "danger", N_("{m2} m² lie in plot {other} as well.")),
    Rule("net_area", "note", N_("Of {gross_m2} m², {net_m2} m² lie in no earlier plot.")),
    Rule("plot_outside_task", "look", N_("{m2} m² lie outside the area of task {task}.")),
    Rule("misclosure", "look", N_("The legs do not close: {metres} m, 1:{ratio}.")),
    Rule("wide_misclosure", "danger", N_("The legs do not close: {metres} m. The points cannot be trusted.")),
    Rule("fast_work", "look", N_("{m2} m² a day for each person: faster than is likely with this method.")),
    Rule("depth_below_task", "danger", N_("Cleared to {cleared} cm; task {task} asks for {asked} cm.")),
    Rule("no_depth", "danger", N_("Cleared ground with a depth of 0 cm.")),
    Rule("declared_differs", "look", N_("Declared {declared_m2} m², computed {m2} m².")),
    Rule("area_differs", "danger", N_("The record says {stored_m2} m²; its outline has {m2} m².")),
    Rule("same_number", "look", N_("{other} has the same number {number}.")),
    Rule("blank_number", "look", N_("The number is made of blanks.")),
    Rule("no_number", "look", N_("There is no number.")),
    Rule("no_date", "look", N_("The date is missing: {field}.")),
    Rule("unknown_code", "look", N_("{field}: {value} is in no list.")),
    Rule("similar_values", "note", N_("{field}: {value} is also written {other}.")),
)

PASSED = {
    "inside_task": N_("Inside task {task}."),
    "in_work_area": N_("Inside the work area."),
    "no_near_duplicate": N_("No find of this model within {metres} m."),
    "off_released_ground": N_("Not on released ground."),
    "in_recorded_area": N_("Inside recorded area {other}."),
    "sound_outline": N_("The outline is sound."),
    "no_overlap": N_("No overlap with earlier plots."),
    "deep_enough": N_("As deep as task {task} asks."),
}
"""What is said of a draft that a check found nothing wrong with, by the subject."""
WAITING = {
    "position": N_("Not checked yet: the position."),
    "outline": N_("Not checked yet: the outline."),
}
"""What a draft still lacks to be checked."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A check of a draft that found nothing (``state`` ok), or could not look yet (``state`` waiting)."""

    subject: str
    """A key of ``PASSED`` or ``WAITING``."""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """``ok`` or ``waiting``."""
        return "waiting" if self.subject in WAITING else "ok"

    def sentence(self, texts: Texts) -> str:
        """What was looked at, in the language of ``texts``."""
        return texts((PASSED | WAITING)[self.subject], **shown(texts, self.facts))


RULES: dict[str, Rule] = {rule.code: rule for rule in _EVERY}
"""Every check by its code, in the order findings of one severity are shown."""

_ORDER = {code: at for at, code in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says of one record, or of several together; nothing is changed by it."""

    rule: str
    """A code of ``RULES``."""
    severity: str
    """One of ``SEVERITIES``."""
    records: tuple[RecordName, ...] = ()
    """The record concerned (none for a draft), then the others it is about."""
    place: Place | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Numbers and names the sentence is made of: metres, m2, depths in cm, ``other`` (a number people know)."""

    def sentence(self, texts: Texts) -> str:
        """The finding in the language of ``texts``."""
        facts = shown(texts, self.facts)
        if self.place is not None:
            facts.setdefault("place", f"{self.place[0]:.6f}, {self.place[1]:.6f}")
        return texts(RULES[self.rule].sentence, **facts)


def as_json(one: Finding, texts: Texts) -> dict[str, Any]:
    """A finding as scripts get it: rule, severity, records, place (lat and lon, or null), message."""
    place = None if one.place is None else {"lat": one.place[0], "lon": one.place[1]}
    return {"rule": one.rule, "severity": one.severity, "records": list(one.records), "place": place,
            "message": one.sentence(texts)}


def shown(texts: Texts, facts: Mapping[str, Any]) -> dict[str, str]:
    """Facts as sentences write them."""
    return {name: _SHOWN[name](texts, value) if name in _SHOWN else str(value) for name, value in facts.items()}


def finding(rule: str, records: Iterable[RecordName] = (), place: Place | None = None, **facts: Any) -> Finding:
    """A finding of ``rule`` at the rule's own severity."""
    return Finding(rule, RULES[rule].severity, tuple(records), place, facts)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The more serious first, then in the order of the rules, then as they came."""
    return sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), _ORDER[one.rule]))


def _decimal(decimals: int) -> Callable[[Texts, Any], str]:
    return lambda texts, value: texts.number(value, decimals)


def _metres(texts: Texts, value: Any) -> str:
    return texts.number(value, 0 if abs(float(value)) >= 100 else 1)


def _field(texts: Texts, value: Any) -> str:
    """``kind.field`` as forms call it."""
    kind, _, name = str(value).partition(".")
    declared = KINDS[kind].by_name.get(name) if kind in KINDS else None
    return declared.names.in_language(texts.language) if declared else name


_SHOWN: dict[str, Callable[[Texts, Any], str]] = {
    "metres": _metres, "m2": _decimal(1), "gross_m2": _decimal(1), "net_m2": _decimal(1), "stored_m2": _decimal(1),
    "declared_m2": _decimal(1), "depth": _decimal(0), "cleared": _decimal(0), "asked": _decimal(0),
    "count": _decimal(0), "hours": _decimal(1), "ratio": _decimal(0), "field": _field,
}


def of_misclosure(metres: float, ratio_n: float | None, severity: str) -> Finding | None:
    """Legs that miss their end by so many metres, 1 to ``ratio_n``; ``severity`` as measured (``geodesy.traverse``)."""
    if severity == "danger":
        return finding("wide_misclosure", metres=metres)
    return finding("misclosure", metres=metres, ratio=ratio_n or 0) if severity else None


def of_depth(release: str, cleared_cm: int | None, asked_cm: int | None, task: str) -> list[Finding]:
    """The depth of released ground against what its task asks."""
    found: list[Finding] = []
    if release == "cleared" and cleared_cm == 0:
        found.append(finding("no_depth"))
    if release in ("cleared", "bac") and cleared_cm is not None and asked_cm is not None and cleared_cm < asked_cm:
        found.append(finding("depth_below_task", cleared=cleared_cm, asked=asked_cm, task=task))
    return found


def of_released_ground(found_cm: int | None, release: str, cleared_cm: int | None, other: str) -> Finding:
    """A find at a place inside a plot: at a depth that was declared cleared (or nobody knows), or below it.

    Ground that was reduced or cancelled without clearance is released as a whole: it has no depth to be below of.
    """
    below = release in ("cleared", "bac") and found_cm is not None and cleared_cm is not None
    if below and found_cm is not None and cleared_cm is not None and found_cm > cleared_cm:
        return finding("below_released_depth", other=other, cleared=cleared_cm, depth=found_cm)
    return finding("in_released_ground", other=other)


def of_areas(computed_m2: float | None, stored_m2: float | None, declared_m2: float | None) -> list[Finding]:
    """The area a record says against that of its outline, and against what was declared."""
    found: list[Finding] = []
    if computed_m2 is not None and stored_m2 is not None and abs(stored_m2 - computed_m2) > max(
        0.5, computed_m2 * 1e-6
    ):
        found.append(finding("area_differs", stored_m2=stored_m2, m2=computed_m2))
    m2 = computed_m2 if computed_m2 is not None else stored_m2
    if m2 and declared_m2 and abs(declared_m2 - m2) > DECLARED_SHARE * m2:
        found.append(finding("declared_differs", declared_m2=declared_m2, m2=m2))
    return found


def of_rate(m2: float | None, method: str, staff: int | None, days: int | None) -> Finding | None:
    """Square metres a day for each person against what the method can do; None where something is not known."""
    if not m2 or not staff or not days or days < 1:
        return None
    rate = m2 / staff / days
    return finding("fast_work", m2=rate) if rate > FASTEST_M2.get(method, FASTEST_OF_ALL_M2) else None


def of_number(number: str | None, *, known: bool) -> Finding | None:
    """A local id that is missing (in a record that is ``known``, not in a draft) or made of blanks."""
    if number is None:
        return finding("no_number") if known else None
    return None if number.strip() else finding("blank_number")
