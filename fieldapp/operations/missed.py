"""The missed-item alarm over a workspace: which finds lay in ground that was released before (rule: ``domain/missed``).

Every entry of a find and a plot is asked, so the alarms depend on the events alone, never on their arrival. They are
kept in a table (``storage/missed``), brought up to date when it is read.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain import missed as rule
from fieldapp.domain.events import Event
from fieldapp.domain.missed import Answer, Claim, Found
from fieldapp.geodesy import inside
from fieldapp.ids import RecordName
from fieldapp.operations import lookup
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import missed as kept
from fieldapp.storage import records as stored
from fieldapp.storage.knowing import Knowing, Written
from fieldapp.storage.listing import Row
from fieldapp.storage.missed import Pair
from fieldapp.storage.space import Box, names_meeting, names_of_finds
from fieldapp.texts import N_, Texts

Progress = Callable[[int, int], None]
"""Called with plots done and plots in all."""

_VERSION = "1"
"""Goes up with the rule: the table is made anew."""
_AT_ONCE = 500
_MANY = 50_000
"""From so many changed records on, all plots are asked anew instead."""
_LOG = "log"

SENTENCES = {
    rule.ALARM: N_("Inside plot {plot}, which was released before: a missed item. Stop work there and tell"
                   " headquarters."),
    rule.FOLLOW_UP: N_("Inside plot {plot}, where a follow-up is still owed: not released ground."),
    rule.BELOW: N_("Inside plot {plot}, below the {depth} cm it was cleared to."),
    rule.UNFINISHED: N_("Inside plot {plot}, which is not finished."),
    rule.ROUND: N_("Inside plot {plot}, which was drawn round it."),
}  # fmt: skip
"""What is said of a find inside a plot, by the level of the answer."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What the rule says of one find (or a draft of one) and one plot it lies in."""

    find: RecordName
    """Empty for a draft."""
    plot: RecordName
    number: str
    """The plot's number."""
    answer: Answer

    @property
    def level(self) -> str:
        """``alarm``, ``follow_up``, ``below``, ``unfinished`` or ``round``."""
        return self.answer.level

    def sentence(self, texts: Texts) -> str:
        """What a deminer must know of it."""
        return texts(SENTENCES[self.level], plot=self.number, depth=self.answer.claim.depth_cm)


_NOWHERE = Found((), frozenset())


@dataclass
class _Told:
    """All that the entries of one record say that matters here."""

    row: Row
    places: dict[str, Written] = field(default_factory=dict)
    """Its events that count, by id."""
    found: Found = _NOWHERE
    at: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Latitude and longitude by event."""
    claims: list[Claim] = field(default_factory=list)
    grounds: dict[str, inside.Ground] = field(default_factory=dict)
    """By the event that drew it; outlines without ground are left out."""

    def boxes(self) -> list[Box]:
        """Where its entries put it."""
        places = [Box(lat, lon, lat, lon) for lat, lon in self.at.values()]
        return places + [Box(*inside.box(ground)) for ground in self.grounds.values()]


class _Reading:
    """Finds and plots as all their entries tell them, each read once."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._told: dict[RecordName, _Told] = {}
        self._knowing = Knowing(ws.store)
        methods = ws.lists.vocabulary("clearance_method").by_code
        self._owing = {code for code, entry in methods.items() if entry.follow_up_owed}

    def load(self, names: Iterable[RecordName]) -> None:
        """Read these records, those that are here."""
        wanted = {name for name in names if name not in self._told}
        if not wanted:
            return
        plots = sorted(name for name in wanted if name.startswith("plot/"))
        decided = lookup.rows(self._ws, "decision", equal={"judged": plots, "verdict": "approved"}) if plots else []
        approved = {str(row["judged"]) for row in decided}
        for name, row in lookup.rows_of(self._ws, wanted).items():
            self._told[name] = self._tell(name, row, approved=name in approved)

    def _tell(self, name: RecordName, row: Row, *, approved: bool) -> _Told:
        plain = row["events"] == 1 and len(row.heads) == 1 and row["extra"] is None
        told = _Told(row)
        if plain:
            events = {row.heads[0]: _as_event(row)}
            told.places = {row.heads[0]: Written(row["stream"], row["seq"], row.heads[0])}
        else:
            events = stored.counting_events(self._ws.store, name)
            told.places = stored.places_in(self._ws.store, name)
        if row.kind == "find":
            told.found = rule.found_of(events)
            told.at = {i: place for i, event in events.items() if (place := rule.position(event)) is not None}
        else:
            told.claims = rule.claims_of(events, self._owing.__contains__, approved=approved)
            drawn = {claim.outline for claim in told.claims}
            grounds = {i: _ground(json.dumps(events[i].set["land"].get("outline"))) for i in drawn}
            told.grounds = {i: ground for i, ground in grounds.items() if ground is not None}
        return told

    def boxes(self, name: RecordName) -> list[Box]:
        """Where the entries of a record put it; none for one that is not here."""
        told = self._told.get(name)
        return told.boxes() if told is not None else []

    def judge(self, find: RecordName, plot: RecordName) -> Inside | None:
        """What the rule says; None where the find never lay inside, or one of them is not here."""
        item, land = self._told.get(find), self._told.get(plot)
        if item is None or land is None:
            return None
        places = item.places | land.places
        answer = rule.judge(
            item.found, land.claims,
            lambda sighting, outline: outline in land.grounds and inside.holds(
                land.grounds[outline], *item.at[sighting]
            ),
            lambda writer, event: self._knowing.knew(places[writer], places[event]),
        )
        return None if answer is None else Inside(find, plot, _number(land.row), answer)

    def judge_draft(self, at: tuple[float, float], depth_cm: int | None, plot: RecordName) -> Inside | None:
        """What the rule would say of a find that was entered now: its writer knows all that is here."""
        land = self._told.get(plot)
        if land is None:
            return None

        def knew(writer: str, event: str) -> bool:
            if not (writer and event):
                return not writer and bool(event)
            return self._knowing.knew(land.places[writer], land.places[event])

        answer = rule.judge(
            Found(("",), frozenset((depth_cm,))), land.claims,
            lambda _sighting, outline: outline in land.grounds and inside.holds(land.grounds[outline], *at), knew,
        )
        return None if answer is None else Inside("", plot, _number(land.row), answer)


def _number(row: Row) -> str:
    return str(row["local_id"] or row["id"][:8])


def _as_event(row: Row) -> Event:
    """The one event of a record whose row says all."""
    said: dict[str, Any] = {}
    if row.kind == "find":
        said = {"position": {"lat": row["lat"], "lon": row["lon"]}}
        if row["depth_cm"] is not None:
            said["depth_cm"] = row["depth_cm"]
    elif row["outline"] is not None:
        said["land"] = {
            "release": row["release"], "depth_cm": row["depth_cm"], "outline": json.loads(row["outline"])
        }
        said["work"] = {"method": row["method"], "completed_on": row["completed_on"]}
    return Event(row.heads[0], "", row["seq"], None, row.name, (), (), said, {}, b"")


@functools.lru_cache(maxsize=65_536)
def _ground(outline: str) -> inside.Ground | None:
    """The ground of an outline as its column has it; making it each time would cost most."""
    return inside.any_ground(json.loads(outline) or [])


def bring_up_to_date(ws: Workspace, progress: Progress | None = None) -> None:
    """Bring the alarms up to date with all that came or was written since they were read last."""
    if _is_up_to_date(ws):  # nearly always: a page that is only read must not wait for those who write
        return
    store = ws.store
    with store.transaction():
        touched = kept.UPKEEP.touched(store, _VERSION)
        log = kept.log_word(store)
        if touched.everything or len(touched.names) + len(touched.stirred) > _MANY:
            kept.clear(store)
            _make(ws, progress)
        else:
            _mend(ws, touched.names | touched.stirred)
        kept.UPKEEP.set_mark(store, _VERSION)
        kept.UPKEEP.set_note(store, _LOG, log)


def _is_up_to_date(ws: Workspace) -> bool:
    touched = kept.UPKEEP.touched(ws.store, _VERSION)
    if touched.everything or touched.names or touched.stirred:
        return False
    return kept.UPKEEP.note(ws.store, _LOG) == kept.log_word(ws.store)


def _make(ws: Workspace, progress: Progress | None) -> None:
    for kind in ("find", "plot"):
        for names in _parts(kept.with_history(ws.store, kind)):
            _note_past(ws, _Reading(ws), names)
    plots = list(kept.every(ws.store, "plot"))
    for done, names in enumerate(_parts(plots)):
        if progress:
            progress(done * _AT_ONCE, len(plots))
        kept.replace(ws.store, names, _pairs(ws, set(names)))
    if progress:
        progress(len(plots), len(plots))


def _mend(ws: Workspace, touched: Collection[RecordName]) -> None:
    judged = lookup.rows_of(ws, [name for name in touched if name.startswith("decision/")]).values()
    finds = kept.worth_asking(ws.store, [name for name in touched if name.startswith("find/")])
    names = finds | {name for name in touched if name.startswith("plot/")}
    names |= {str(row["judged"]) for row in judged if str(row["judged"]).startswith("plot/")}
    for part in _parts(sorted(names)):
        _note_past(ws, _Reading(ws), part)
    for part in _parts(sorted(names)):
        kept.replace(ws.store, part, _pairs(ws, set(part)))
    doubtful = [pair for pair in kept.every_pair(ws.store, known=rule.UNKNOWN) if not {pair.find, pair.plot} & names]
    reading = _Reading(ws)
    reading.load(name for pair in doubtful for name in (pair.find, pair.plot))
    for pair in doubtful:  # what came since may show what was known
        kept.put(ws.store, pair, _pair(reading.judge(pair.find, pair.plot)))


def _note_past(ws: Workspace, reading: _Reading, names: Collection[RecordName]) -> None:
    reading.load(names)
    rows = lookup.rows_of(ws, names)
    several = [name for name in names if name in rows and rows[name]["events"] > 1]
    kept.set_past(ws.store, ((name, box) for name in several for box in reading.boxes(name)), names)


def _pairs(ws: Workspace, names: set[RecordName]) -> Iterator[Pair]:
    """The alarms about these finds and plots."""
    for one in _inside(ws, names):
        if (pair := _pair(one)) is not None:
            yield pair


def _pair(one: Inside | None) -> Pair | None:
    if one is None or one.level != rule.ALARM:
        return None
    return Pair(one.find, one.plot, one.answer.order, one.answer.sighting, one.answer.claim.outline)


def _inside(ws: Workspace, names: set[RecordName]) -> Iterator[Inside]:
    """All finds among these, and in the plots among these, with what the rule says."""
    reading = _Reading(ws)
    reading.load(names)
    beside = {name: _candidates(ws, name, reading) for name in sorted(names)}
    reading.load(itertools.chain.from_iterable(beside.values()))
    asked: set[tuple[RecordName, RecordName]] = set()
    for name, others in beside.items():
        for other in sorted(others):
            pair = (name, other) if name.startswith("find/") else (other, name)
            if pair not in asked:
                asked.add(pair)
                if (found := reading.judge(*pair)) is not None:
                    yield found


def _candidates(ws: Workspace, name: RecordName, reading: _Reading) -> set[RecordName]:
    """Plots whose boxes hold a find, or finds in the boxes of a plot: as they are, and as they once were."""
    store, found = ws.store, set()
    for box in reading.boxes(name):
        if name.startswith("find/"):
            found |= names_meeting(store, "plot", box) | kept.once_in(store, "plot", box)
        else:
            found |= names_of_finds(store, box) | kept.once_in(store, "find", box)
    return found


def _parts(names: Iterable[RecordName]) -> Iterator[list[RecordName]]:
    waiting = iter(names)
    while part := list(itertools.islice(waiting, _AT_ONCE)):
        yield part


def of_find(ws: Workspace, name: RecordName) -> list[Inside]:
    """Every plot a saved find ever lay in, with what the rule says, the most alarming first. Explained ones too."""
    bring_up_to_date(ws)
    return _ordered(_inside(ws, {name}))


def of_plot(ws: Workspace, name: RecordName) -> list[Inside]:
    """Every find that ever lay in a saved plot, with what the rule says, the most alarming first."""
    bring_up_to_date(ws)
    return _ordered(_inside(ws, {name}))


def at_entry(ws: Workspace, lat: float, lon: float, depth_cm: int | None) -> list[Inside]:
    """What is to be said of a find that is about to be entered at a place (WGS 84 degrees), most alarming first.

    Whoever enters it knows the plots that are here: there is no order to ask for.
    """
    reading = _Reading(ws)
    plots = names_meeting(ws.store, "plot", Box(lat, lon, lat, lon))
    reading.load(plots)
    found = (reading.judge_draft((lat, lon), depth_cm, plot) for plot in sorted(plots))
    return _ordered(one for one in found if one is not None)


def _ordered(found: Iterable[Inside]) -> list[Inside]:
    return sorted(found, key=lambda one: (rule.LEVELS.index(one.level), one.plot, one.find))
