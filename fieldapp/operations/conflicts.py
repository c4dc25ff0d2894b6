"""Conflicts: records on which two people said different things. Listed with all readings, settled one or many alike.

What is alike is decided by bytes alone: the same kind, group and readings; of disputed retractions also the same
changes and reasons. Settling takes the heads that were *shown* as parents: a reading that came meanwhile was not seen
and keeps the conflict open (reference model, section 3).
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fieldapp import clock
from fieldapp.domain.canonical import canonical
from fieldapp.domain.events import Event
from fieldapp.domain.merge import danger_key
from fieldapp.domain.registry import DANGER
from fieldapp.ids import EventId, RecordName
from fieldapp.operations import browsing, enrolment, lookup, records, words
from fieldapp.operations.errors import ConflictGone, ListChanged, NotOneReading
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.storage import disputes, state
from fieldapp.storage import records as stored
from fieldapp.storage.disputes import AlikeConflicts, Which
from fieldapp.storage.listing import Row

SHOWN_AT_ONCE = 200
"""So many records of a group are shown and settled together; the rest come up when these are settled."""
_ID_LETTERS = 12

Heads = Mapping[RecordName, Sequence[EventId]]
"""The version of each record that was shown: its heads by its name."""


@dataclass(frozen=True)
class Wanted:
    """Which conflicts to list."""

    kind: str = ""
    """Only on records of this kind."""
    team: str = ""
    """Only on records of this team's code; those its laptops made before they joined are its own too."""
    days: int = 0
    """Only those open for at least so many days."""


EVERYTHING = Wanted()


@dataclass(frozen=True)
class Line:
    """One line of the list: conflicts that are alike, most often one."""

    alike: AlikeConflicts
    number: str
    """Of the first record."""
    days: int | None
    """Age of the oldest in days; None where its moments cannot be read."""


@dataclass(frozen=True)
class Part:
    """Some lines of the list, the longest open first, and how many there are in all."""

    lines: list[Line]
    groups: int
    conflicts: int


@dataclass(frozen=True)
class Holder:
    """Who holds a reading: one event of one record."""

    record: RecordName
    event: EventId
    by: str
    at: str
    """When it was entered, UTC; empty where that is not known."""
    doubt: bool
    """Was the laptop's clock known to be wrong then?"""
    why: str
    laptop: str
    """Name of the laptop; empty where no record names it."""
    teams: tuple[str, ...]
    """Names of the laptop's teams."""
    hq: bool
    """Was it written at headquarters?"""
    changed: tuple[str, ...]
    """Groups it set: what stands against a retraction."""


@dataclass(frozen=True)
class Reading:
    """One reading, and who holds it."""

    value: Any
    """As events write it; of a disputed retraction, does the record stay?"""
    shown: bool
    """Is it the one shown until this is settled?"""
    dangerous: bool
    """Is it shown because it is the more dangerous one by the kind's scales? Else no scale tells them apart."""
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class Disputed:
    """One record of the group, as it is shown until this is settled."""

    row: Row
    heads: tuple[EventId, ...]
    since: str
    day: str
    """Its date of information (YYYY-MM-DD), empty where it has none."""

    @property
    def name(self) -> RecordName:
        """The record's name."""
        return self.row.name

    @property
    def number(self) -> str:
        """The number people know it by."""
        return number_of(self.row)


@dataclass(frozen=True)
class Opened:
    """Conflicts that are alike, opened: every reading, and every record that will be settled with them."""

    line: Line
    readings: tuple[Reading, ...]
    """The one shown until this is settled comes first."""
    records: tuple[Disputed, ...]
    teams: Mapping[str, str] = field(default_factory=dict)
    """Names of teams by code."""
    numbers: Mapping[RecordName, str] = field(default_factory=dict)
    """Numbers of the records that the readings name."""

    @property
    def heads(self) -> dict[RecordName, tuple[EventId, ...]]:
        """The version of each record that is shown: what settling takes as parents."""
        return {one.name: one.heads for one in self.records}

    @property
    def more(self) -> int:
        """So many further records are alike; they come up when these are settled."""
        return self.line.alike.records - len(self.records)

    @property
    def id(self) -> str:
        """Names exactly what is shown here: another record or another version of one gives another id."""
        alike = self.line.alike.alike
        shown = canonical([alike, [[one.name, list(one.heads)] for one in self.records]])
        return f"{alike[:_ID_LETTERS]}-{hashlib.sha256(shown).hexdigest()[:_ID_LETTERS]}"


@dataclass(frozen=True)
class Settled:
    """What settling did."""

    group: str
    value: Any
    before: tuple[Any, ...]
    """The readings that were shown."""
    done: Heads
    """Settled: the records' heads now."""
    still_open: tuple[RecordName, ...]
    """A reading came meanwhile that was not shown: the conflict stays open."""
    gone: tuple[RecordName, ...]
    """Settled by somebody else meanwhile; nothing was written."""


def number_of(row: Row) -> str:
    """The number people know a record by; the first letters of its id where it has none."""
    return str(row.get("local_id") or row["id"][:8])


def count(ws: Workspace) -> int:
    """How many conflicts are open."""
    return disputes.count(ws.store)[0]


def part(ws: Workspace, wanted: Wanted = EVERYTHING, *, limit: int | None = 60, offset: int = 0) -> Part:
    """Lines of the list, the longest open first."""
    which = _which(ws, wanted)
    found = disputes.groups(ws.store, which, limit=limit, offset=offset)
    conflicts, groups = disputes.count(ws.store, which)
    return Part(_lines(ws, found), groups, conflicts)


def line(ws: Workspace, alike: str, wanted: Wanted = EVERYTHING) -> Line | None:
    """The line of the conflicts with this mark; None where none is left."""
    found = disputes.groups(ws.store, _which(ws, wanted), alike=alike, limit=1)
    return _lines(ws, found)[0] if found else None


def opened(ws: Workspace, alike: str, wanted: Wanted = EVERYTHING) -> Opened | None:
    """The conflicts with this mark, opened; None where none is left."""
    found = line(ws, alike, wanted)
    return _opened(ws, found, _which(ws, wanted)) if found else None


def plain(ws: Workspace, lines: Sequence[Line], wanted: Wanted = EVERYTHING) -> list[dict[str, Any]]:
    """Every conflict of these lines by itself: record, group, readings (the one shown first), events."""
    which = _which(ws, wanted)
    listed = {
        (record, line.alike.group)
        for line in lines
        for record, _ in disputes.members(ws.store, line.alike.alike, which)
    }
    return [
        {"record": c.record, "group": c.group, "readings": c.readings, "events": c.events}
        for c in stored.conflicts(ws.store)
        if (c.record, c.group) in listed
    ]


def on_record(ws: Workspace, record: RecordName) -> list[str]:
    """The marks of a record's conflicts."""
    return disputes.marks_of(ws.store, record)


def by_id(ws: Workspace, shown: str, wanted: Wanted = EVERYTHING) -> Opened:
    """What was listed under this id, if it is still exactly that. Raises ConflictGone, ListChanged."""
    alike = shown.partition("-")[0]
    found = opened(ws, alike, wanted) if len(alike) == _ID_LETTERS else None
    if found is None:
        raise ConflictGone(name=shown)
    if found.id != shown:
        raise ListChanged(name=shown)
    return found


def settle(
    ws: Workspace, group: str, value: Any, why: str, *, heads: Heads, readings: Sequence[Any], by: str | None = None
) -> Settled:
    """Choose ``value`` for a group of every record in ``heads``, all of which were shown with these ``readings``.

    ``heads`` are those that were shown: they are the parents, so that what came meanwhile stays. For several records
    only a reading may be chosen. Raises ReasonNeeded, NotOneReading, FieldsNotValid, NotThisTeams, WrongRole; then
    nothing was written.
    """
    chosen = canonical(value)
    if len(heads) > 1 and chosen not in map(canonical, readings):
        raise NotOneReading
    done: dict[RecordName, Sequence[EventId]] = {}
    still_open: list[RecordName] = []
    gone: list[RecordName] = []
    with ws.store.transaction():
        for name, seen in heads.items():
            if not _is_open(ws, name, group):
                gone.append(name)
                continue
            after = records.settle(ws, name, group, value, why, heads=seen, by=by)
            if any(one.group == group for one in after.conflicts):
                still_open.append(name)
            else:
                done[name] = tuple(after.heads)
    return Settled(group, value, tuple(readings), done, tuple(still_open), tuple(gone))


def reopen(ws: Workspace, settled: Settled, why: str, *, by: str | None = None) -> list[RecordName]:
    """Take a settlement back: all readings that were shown stand beside each other again; returns the records.

    Each reading is written once more upon the settlement, none of them knowing of the others. Records that changed
    since are left alone. Raises ReasonNeeded, NotThisTeams, WrongRole.
    """
    taken_back: list[RecordName] = []
    with ws.store.transaction():
        now = lookup.heads_of(ws, list(settled.done))
        for name, heads in settled.done.items():
            if now.get(name) != list(heads):
                continue
            records.editable(ws, name, why)
            for reading in settled.before:
                write(ws, name, {settled.group: reading}, parents=heads, why=why.strip(), by=by)
            taken_back.append(name)
    return taken_back


def _is_open(ws: Workspace, name: RecordName, group: str) -> bool:
    return any(one.group == group for one in stored.conflicts(ws.store, name))


def _which(ws: Workspace, wanted: Wanted) -> Which:
    owners = None
    if wanted.team:
        owners = {wanted.team, *(one.device for one in enrolment.devices(ws) if wanted.team in one.teams)}
    until = clock.stamp(ws.clock.now() - timedelta(days=wanted.days)) if wanted.days > 0 else ""
    return Which(wanted.kind, owners, until)


def _lines(ws: Workspace, found: Sequence[AlikeConflicts]) -> list[Line]:
    rows = lookup.rows_of(ws, [one.first for one in found])
    return [Line(one, number_of(rows[one.first]), _days(ws, one.since)) for one in found]


def _days(ws: Workspace, since: str) -> int | None:
    try:
        return max(0, (ws.clock.now() - clock.local(since, 0)).days)
    except (ValueError, TypeError):  # as an event has it: nobody promised that it is a moment
        return None


def _opened(ws: Workspace, line: Line, which: Which) -> Opened:
    one = line.alike
    members = disputes.members(ws.store, one.alike, which, limit=SHOWN_AT_ONCE)
    names = [name for name, _ in members]
    rows = lookup.rows_of(ws, names)
    events = lookup.events_of_all(ws, names)
    if one.group == "exists":  # only there it matters which of the other events count
        events = {name: stored.counting_events(ws.store, name) for name in names}
    writers = _Writers(ws)
    held: dict[bytes, list[Holder]] = {canonical(reading): [] for reading in one.readings}
    for name in names:
        sides = state.held_readings(one.group, one.readings, _conflict(ws, name, one.group).events, events[name])
        for reading, said in sides:
            held[canonical(reading)] += [writers.holder(name, event) for event in said.values()]
    dangerous = _tells_apart(one)
    for holders in held.values():
        holders.sort(key=lambda holder: (holder.at, holder.event))
    readings = tuple(
        Reading(value, place == 0, place == 0 and dangerous, tuple(held[canonical(value)]))
        for place, value in enumerate(one.readings)
    )
    return Opened(
        line, readings, tuple(_disputed(rows[name], since) for name, since in members if name in rows),
        {team.code: team.name for team in enrolment.teams(ws)}, browsing.numbers_in(ws, one.readings),
    )


def _tells_apart(one: AlikeConflicts) -> bool:
    """Does danger put the first reading before the second, and not merely the order of their bytes?"""
    if one.group == "exists":
        return True
    first, second = (danger_key(value, DANGER.get((one.kind, one.group), ()))[:-1] for value in one.readings[:2])
    return first != second


def _conflict(ws: Workspace, name: RecordName, group: str) -> stored.ConflictFound:
    return next(one for one in stored.conflicts(ws.store, name) if one.group == group)


def _disputed(row: Row, since: str) -> Disputed:
    column = lookup.DAY_COLUMNS.get(row.kind)
    return Disputed(row, tuple(row.heads), since, str(row[column] or "") if column else "")


class _Writers:
    """Names of the laptops and teams that write, looked up once."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._devices = {one.device: one for one in enrolment.devices(ws)}
        self._teams = {team.code: team.name for team in enrolment.teams(ws)}
        self._seats: dict[str, bool] = {}

    def holder(self, record: RecordName, event: Event) -> Holder:
        """Who wrote an event, in words."""
        device = event.stream.split(".", maxsplit=1)[0]
        known = self._devices.get(device)
        if device not in self._seats:
            self._seats[device] = words.is_headquarters(self._ws, device)
        said = {name: text for name in ("at", "by", "why") if isinstance(text := event.value.get(name), str)}
        return Holder(
            record, event.id, said.get("by", ""), said.get("at", ""), event.value.get("clock") == "doubt",
            said.get("why", ""), known.name if known else "",
            tuple(self._teams.get(team, team) for team in (known.teams if known else ()) if team != device),
            self._ws.deployment is not None and self._seats[device], tuple(sorted(event.set)),
        )


def as_json(one: Opened) -> dict[str, Any]:
    """Conflicts that are alike as the command line prints them."""
    alike = one.line.alike
    return {
        "id": one.id, "kind": alike.kind, "group": alike.group, "count": alike.records, "since": alike.since,
        "days": one.line.days,
        "readings": [
            {
                "number": place, "value": reading.value, "shown": reading.shown,
                "dangerous": reading.dangerous,
                "holders": [dataclasses.asdict(holder) for holder in reading.holders],
            }
            for place, reading in enumerate(one.readings, 1)
        ],
        "records": [
            {
                "record": record.name, "number": record.number, "owner": record.row["owner"], "day": record.day,
                "since": record.since, "lat": record.row.get("lat"), "lon": record.row.get("lon"),
                "place": record.row.get("place"), "heads": list(record.heads),
            }
            for record in one.records
        ],
    }
