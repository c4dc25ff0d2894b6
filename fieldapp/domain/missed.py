"""The missed-item alarm (M18): an item found inside ground that was released before may have killed somebody.

Which came first, the find or the release, is never read from a clock or a date. It is read from what was known when:
an event's place in its stream, and the ends of other streams that its stream says it held (``seen``). The question
about a plot and a find inside it is one:

    **Did the writer of the plot know that an item was found inside this outline?**

Yes: the plot was drawn round the find, the item was found while the ground was still open. No, or nobody can tell:
ALARM, until a person explains it (``missed_item``). The order of arrival plays no part, and every entry that ever
counted is asked, not only those in force: no correction and no retraction takes an alarm away.

| case | answer |
|---|---|
| find, then plot, in one stream | drawn round the find |
| plot, then find, in one stream | alarm: the writer of the find had the plot already |
| two laptops of a team without an exchange between them | alarm: order unknown |
| the plot's stream says it held the find's stream up to the find, or beyond | drawn round the find |
| only somebody else (headquarters) held both | alarm: what a third party knew says nothing about the writer |
| headquarters logs a find in a plot it holds / draws a plot round a find it holds | alarm / drawn round the find |
| the find is corrected to another place inside the same outline | as before: an item was known inside |
| the find is corrected into the plot from outside, or got its position after the plot | alarm: not drawn round it |
| an alarming find or outline is corrected away, or either record is retracted | alarm stays, for a person to explain |
| the plot is enlarged over an old find by somebody who knew the find | drawn round the find |
| the plot is corrected by somebody who knew the find that lay in it already | alarm stays: it was claimed before |
| the plot was withdrawn (replaced, retracted), and the writer of the find knew | no alarm: the claim was gone |
| a retracted plot is restored | a claim anew, by whoever restored it |
| two readings of position, depth, outline, release or method | each is asked, the most alarming answer counts |
| depth of the find never said, or said later | alarm: an unknown depth is not "below" |
| every depth ever said is below the depth cleared to (cleared ground and BAC alone) | note: below the depth cleared |
| reduced or cancelled ground | alarm at any depth: nothing was cleared |
| a method that a follow-up is owed on (machine alone) | note: that ground was never released |
| no day of completion said, and headquarters never approved the plot | note: the plot is not finished |
| release ``not_released`` | nothing: no claim; a release never said or not understood here counts as one |
| the clock was wrong, a date was shifted | nothing changes |

*Known* means: held by the writer's workspace when the event was written. Streams that are forked or have gaps are
walked by their chain of ids; what cannot be shown to lie on it was not known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.counting import TO_A_DEPTH
from fieldapp.domain.events import Event

ALARM, FOLLOW_UP, BELOW, UNFINISHED, ROUND = "alarm", "follow_up", "below", "unfinished", "round"
LEVELS = (ALARM, FOLLOW_UP, BELOW, ROUND, UNFINISHED)
"""Answers about a find inside a plot, the most alarming first. ``round``: the plot was drawn round the find."""

HAD_PLOT, UNKNOWN = "had_plot", "unknown"
"""Orders of an alarm: the writer of the find had the plot already; nobody can tell."""


@dataclass(frozen=True, slots=True)
class Claim:
    """That a piece of ground is released: one outline with one account of the work, as somebody's entry had it."""

    outline: str
    """Id of the event that holds the outline, release and depth."""
    said: tuple[str, ...]
    """Ids of the events that made the claim: the outline's and the work's, or the restoring one."""
    release: str | None
    depth_cm: int | None
    """Depth cleared to."""
    follow_up: bool
    """Another method has to follow: the ground is not released."""
    finished: bool
    withdrawn: frozenset[str]
    """Ids of events that took the claim back: each replaces or retracts a part of it."""
    apart: tuple[tuple[str, str], ...] = ()
    """(writer, event): the parts never stood together where the writer of one knew that the other was replaced."""


@dataclass(frozen=True, slots=True)
class Found:
    """All that was ever said of where an item lay."""

    sightings: tuple[str, ...]
    """Ids of the events that gave it a position."""
    depths_cm: frozenset[int | None]
    """Every depth said; None where it was missing once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The most alarming answer about one find and one plot, and what it rests on."""

    level: str
    order: str
    """Of an alarm: ``had_plot`` or ``unknown``; else empty."""
    sighting: str
    claim: Claim


Inside = Callable[[str, str], bool]
"""Does the position of this event lie inside the outline of that event, or on its edge?"""
Knew = Callable[[str, str], bool]
"""Did the writer of this event know that event? False where it cannot be told."""


def judge(found: Found, claims: Sequence[Claim], inside: Inside, knew: Knew) -> Answer | None:
    """The most alarming answer about a find and a plot; None where it never lay inside ground the plot claims."""
    answers = list(_answers(found, claims, inside, knew))
    return min(answers, key=lambda one: (LEVELS.index(one.level), one.order), default=None)


def _answers(found: Found, claims: Sequence[Claim], inside: Inside, knew: Knew) -> Iterator[Answer]:
    for claim in claims:
        if claim.release == "not_released" or any(knew(writer, event) for writer, event in claim.apart):
            continue
        within = [sighting for sighting in found.sightings if inside(sighting, claim.outline)]
        drawn_round = any(knew(writer, sighting) for writer in claim.said for sighting in within)
        for sighting in within:
            if any(knew(sighting, event) for event in claim.withdrawn):
                continue
            level = ROUND if drawn_round else _level(found, claim)
            order = ""
            if level == ALARM:
                order = HAD_PLOT if all(knew(sighting, event) for event in claim.said) else UNKNOWN
            yield Answer(level, order, sighting, claim)


def _level(found: Found, claim: Claim) -> str:
    if not claim.finished:
        return UNFINISHED
    if claim.follow_up:
        return FOLLOW_UP
    return BELOW if is_below(found.depths_cm, claim) else ALARM


def is_below(depths_cm: Collection[int | None], claim: Claim) -> bool:
    """Are all these depths known to be below the depth cleared to?"""
    to = claim.depth_cm if claim.release in TO_A_DEPTH else None
    return to is not None and bool(depths_cm) and all(depth is not None and depth > to for depth in depths_cm)


Owes = Callable[[str], bool]
"""Does a clearance method, by its code, leave the ground to a follow-up? False where the code is not known here."""


def found_of(events: Mapping[str, Event]) -> Found:
    """What the events of a find that count said of where it lay."""
    depths: set[int | None] = {_whole(event.set["depth_cm"]) for event in events.values() if "depth_cm" in event.set}
    if any(not event.parents and "depth_cm" not in event.set for event in events.values()) or not depths:
        depths.add(None)
    return Found(tuple(i for i, event in events.items() if position(event) is not None), frozenset(depths))


def position(event: Event) -> tuple[float, float] | None:
    """Latitude and longitude an event gives to a find; None where it gives none that can be understood."""
    place = event.set.get("position")
    if not isinstance(place, dict):
        return None
    try:
        lat, lon = float(place["lat"]), float(place["lon"])
    except (KeyError, TypeError, ValueError):
        return None
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def claims_of(events: Mapping[str, Event], owes: Owes, *, approved: bool = False) -> list[Claim]:
    """Every claim that the events of a plot which count ever made. ``approved``: headquarters approved it once."""
    lands = [event for event in events.values() if isinstance(event.set.get("land"), dict)]
    works: list[Event | None] = [event for event in events.values() if "work" in event.set]
    if not works or any(not event.parents and "work" not in event.set for event in events.values()):
        works.append(None)
    made = [
        _claim(events, land, work, None, owes, approved=approved) for land in lands for work in works
    ]
    for restored in (event for event in events.values() if event.set.get("exists") is True):
        made += [
            _claim(events, land, work, restored, owes, approved=approved)
            for land in lands if land.id in restored.parents
            for work in works if work is None or work.id in restored.parents
        ]
    return made


def _claim(
    events: Mapping[str, Event], land: Event, work: Event | None, restored: Event | None, owes: Owes, *, approved: bool
) -> Claim:
    what = land.set["land"]
    done = work.set["work"] if work is not None and isinstance(work.set["work"], dict) else {}
    moved = _replacing(events, land, "land")
    redone = (
        _replacing(events, work, "work") if work is not None
        else {i for i, event in events.items() if "work" in event.set}
    )
    stood = restored or land
    gone = {i for i, event in events.items() if event.set.get("exists") is False and stood.id in event.parents}
    said = (restored,) if restored is not None else (land, work)
    apart = [(work.id, i) for i in moved] if work is not None else []
    apart += [(land.id, i) for i in redone if work is not None]
    return Claim(
        land.id, tuple(dict.fromkeys(event.id for event in said if event is not None)), _text(what.get("release")),
        _whole(what.get("depth_cm")), bool(isinstance(done.get("method"), str) and owes(done["method"])),
        approved or done.get("completed_on") is not None, frozenset(moved | redone | gone),
        () if restored is not None else tuple(apart),
    )


def _replacing(events: Mapping[str, Event], replaced: Event, group: str) -> set[str]:
    return {i for i, event in events.items() if group in event.set and replaced.id in event.parents}


def _whole(value: Any) -> int | None:
    return value if type(value) is int else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
