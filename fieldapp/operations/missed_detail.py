"""One missed item opened: every entry of the find and the plot in causal words, and what the alarm rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldapp.ids import RecordName
from fieldapp.operations import enrolment, records
from fieldapp.operations.explaining import Alarm, Said, notes, of_record
from fieldapp.operations.missed_errors import NoMissedItem
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import records as stored
from fieldapp.storage.knowing import Knowing
from fieldapp.storage.records import HistoryEvent
from fieldapp.texts import N_


@dataclass(frozen=True)
class Step:
    """One entry of the find or the plot, and whether its writer had the other one."""

    kind: str
    """``find`` or ``plot``."""
    what: str
    """``entered``, ``corrected``, ``retracted`` or ``restored``."""
    at: str
    by: str
    laptop: str
    """Name of the computer it was written on; empty where no record names it."""
    knew: bool
    """It can be shown that the writer had the other record, as it stood then."""
    why: str = ""


STEPS = {
    ("find", "entered"): N_("The find was entered"),
    ("find", "corrected"): N_("The find was corrected"),
    ("find", "retracted"): N_("The find was retracted"),
    ("find", "restored"): N_("The find was restored"),
    ("plot", "entered"): N_("The plot was entered"),
    ("plot", "corrected"): N_("The plot was corrected"),
    ("plot", "retracted"): N_("The plot was retracted"),
    ("plot", "restored"): N_("The plot was restored"),
}
"""What an entry did, by kind and code."""
KNEW = {
    ("find", True): N_("Had the plot already."),
    ("find", False): N_("It cannot be shown that the plot was known."),
    ("plot", True): N_("Knew the find."),
    ("plot", False): N_("It cannot be shown that the find was known."),
}
"""By the kind of the step, and whether its writer had the other record."""


@dataclass(frozen=True)
class Drawn:
    """What the alarm rests on: an outline and a place, as their entries had them (degrees, WGS 84)."""

    points: tuple[tuple[float, float, str], ...]
    """Latitude, longitude and name of the outline's turning points, its first ring."""
    place: tuple[float, float] | None


@dataclass(frozen=True)
class Opened:
    """One missed item with all that is known of it."""

    alarm: Alarm
    steps: tuple[Step, ...]
    """Of the find, then of the plot; each in the order in which they build on each other."""
    drawn: Drawn
    notes: tuple[Said, ...]


def opened(ws: Workspace, find: RecordName, plot: RecordName) -> Opened:
    """Everything about a missed item. Raises NoMissedItem."""
    alarm = next((one for one in of_record(ws, find) if one.pair.plot == plot), None)
    if alarm is None:
        raise NoMissedItem(name=find)
    knowing = Knowing(ws.store)
    histories = {name: records.history(ws, name) for name in (find, plot)}
    places = stored.places_in(ws.store, find) | stored.places_in(ws.store, plot)
    names = {device.device: device.name for device in enrolment.devices(ws)}
    other = {find: [places[one.event] for one in histories[plot] if one.counts],
             plot: [places[one.event] for one in histories[find] if one.counts]}
    steps = tuple(
        Step(
            name.split("/")[0], _what(one), one.at or "", one.by or "", names.get(one.stream.split(".")[0], ""),
            any(knowing.knew(places[one.event], event) for event in other[name]), one.why or "",
        )
        for name, history in histories.items() for one in history if one.counts
    )  # fmt: skip
    return Opened(alarm, steps, _drawn(alarm, histories), tuple(notes(ws, alarm)))


def _what(one: HistoryEvent) -> str:
    if "exists" in one.changes:
        return "restored" if one.changes["exists"].after else "retracted"
    return "corrected" if one.parents else "entered"


def _drawn(alarm: Alarm, histories: Mapping[RecordName, Sequence[HistoryEvent]]) -> Drawn:
    events = {one.event: one.value["set"] for history in histories.values() for one in history}
    place = events.get(alarm.pair.sighting, {}).get("position") or {}
    outline = (events.get(alarm.pair.claim, {}).get("land") or {}).get("outline") or [[[]]]
    return Drawn(
        tuple((float(v["lat"]), float(v["lon"]), str(v.get("role") or "")) for v in outline[0][0]),
        (float(place["lat"]), float(place["lon"])) if place else None,
    )
