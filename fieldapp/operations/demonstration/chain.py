"""The demonstration's weeks: invitations, days of work, sticks to headquarters, approval, and sticks back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from fieldapp.clock import SetClock
from fieldapp.ids import SeededEntropy
from fieldapp.operations import export, headquarters, imports, joining, lookup, records, review
from fieldapp.operations.demonstration import entering
from fieldapp.operations.demonstration.entering import Desk, Handed
from fieldapp.operations.demonstration.items import OLD_PLACE
from fieldapp.operations.demonstration.plan import Plan, plan
from fieldapp.operations.demonstration.programme import (
    APPROVED,
    DEMOLITION_DAYS,
    ENROLLED,
    EOD_TEAM,
    FIRST,
    INVITED,
    LAST,
    LATE,
    MIDWEEK,
    MIDWEEK_TEAMS,
    NAME,
    NO_RECEIPTS,
    SET_UP,
    TEAMS,
    TWICE,
    WEEK_AFTER,
    WEEK_BEFORE,
    Team,
    at,
)
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record
from fieldapp.sync.demonstration import DEPLOYMENT_ID, demonstration_escrow, demonstration_keys
from fieldapp.sync.errors import Cancelled

Step = Callable[[], None]


@dataclass
class Carried:
    """One bundle on a stick, and what each import of it said."""

    file: Path
    sender: str
    audience: str
    imports: list[str] = field(default_factory=list)


class Chain:
    """All workspaces of the demonstration, open at once, and the steps in which it comes about."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bundles: list[Carried] = []
        self._open = ExitStack()
        self._desks: dict[int, Desk] = {}
        self._handed: list[Handed] = []
        self._sticks: dict[int, list[Carried]] = {team.number: [] for team in TEAMS}
        self._plan: Plan = plan()
        self._hq_clock = SetClock(at(SET_UP, 9))
        self._numbers: dict[tuple[int, str], str] = {}

    def close(self) -> None:
        """Close all workspaces."""
        self._open.close()

    def run(self, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> None:
        """Take all steps. Raises Cancelled between two of them."""
        steps = list(self._steps())
        for number, step in enumerate(steps):
            if cancelled():
                raise Cancelled
            progress(number, len(steps))
            step()
        progress(len(steps), len(steps))

    def _steps(self) -> Iterator[Step]:
        yield self._set_up
        for team in TEAMS:
            yield partial(self._begin, team)
        yield partial(self._take_in, ENROLLED)
        for team in TEAMS:
            if team.number != NO_RECEIPTS:
                yield partial(self._give_back, team, ENROLLED)
        for day in (FIRST + timedelta(days=ahead) for ahead in range(7)):
            for team in TEAMS:
                yield partial(self._day, team, day)
            if day == MIDWEEK:
                yield self._midweek
        for team in TEAMS:
            yield partial(self._finish, team)
        yield partial(self._take_in, APPROVED)
        yield self._approve
        for team in TEAMS:
            if team.number != NO_RECEIPTS:
                yield partial(self._give_back, team, APPROVED)

    @property
    def hq(self) -> Workspace:
        """Headquarters' workspace."""
        return self._hq

    def _set_up(self) -> None:
        self._hq = self._open.enter_context(headquarters.set_up(
            self.folder / "hq", NAME, self.folder / "escrow" / "escrow-key.txt", person="Leyla Həsənli",
            clock=self._hq_clock, entropy=SeededEntropy("fieldapp demonstration entropy hq"),
            keys=demonstration_keys("hq"), escrow=demonstration_escrow(), deployment_id=DEPLOYMENT_ID,
            use_keyring=False,
        ))
        self._hq.set_meta("prefix", "HQ")
        for team in TEAMS:
            self._hq_clock.set(at(SET_UP, 10, 5 * team.number))
            stick = self._stick(team)
            stick.mkdir(parents=True)
            headquarters.invite(
                self._hq, team.code, stick / f"{team.place}.fieldinvite", team_name=team.title,
                device_name=team.place, organisation=team.organisation, prefix=team.prefix,
            )
            for place in self._plan.places_of(team.number):
                self._task(team, place)

    def _task(self, team: Team, place: str) -> None:
        kind = "eod_spot" if team.number == EOD_TEAM else "bac" if "attle" in team.title else "clearance"
        work = {"eod_spot": "EOD spot tasks", "bac": "Battle area clearance", "clearance": "Clearance"}[kind]
        task = records.add(
            self._hq, "task",
            {"title": f"{work}, {self._hq.lists.place_name(place)}", "task_kind": kind, "status": "ongoing",
             "depth_required": 20, "place": place},
            owner=team.code,
        )
        self._numbers[team.number, place] = str(task.fields["local_id"])

    def _begin(self, team: Team) -> None:
        """A laptop begins with its invitation, works a day, and its first bundle proves the token."""
        clock = SetClock(at(INVITED, 9, team.number))
        stick = self._stick(team)
        ws = self._open.enter_context(joining.start_invited(
            self.folder / team.place, stick / f"{team.place}.fieldinvite", team.people[0], clock=clock,
            entropy=SeededEntropy(f"fieldapp demonstration entropy {team.place}"),
            keys=demonstration_keys(team.place), use_keyring=False,
        ))
        told = {place: number for (of, place), number in self._numbers.items() if of == team.number}
        self._desks[team.number] = Desk(ws, team, clock, told)
        entering.work(self._desks[team.number], self._plan, WEEK_BEFORE)
        self._export(team, WEEK_BEFORE)

    def _stick(self, team: Team) -> Path:
        return self.folder / "stick" / team.place

    def _export(self, team: Team, day: date) -> None:
        desk = self._desks[team.number]
        desk.clock.set(at(day, 18, 30))
        written = export.export_for_hq(desk.ws, self._stick(team))
        carried = Carried(written.path, team.place, "hq")
        self.bundles.append(carried)
        self._sticks[team.number].append(carried)

    def _take_in(self, day: date) -> None:
        """Headquarters takes in what lies on the sticks; the newest first where two wait, and one of them twice."""
        for team in TEAMS:
            waiting = list(reversed(self._sticks[team.number]))
            self._sticks[team.number].clear()
            again = waiting if team.number == TWICE and day == APPROVED else []
            for minute, carried in enumerate([*waiting, *again]):
                self._hq_clock.set(at(day, 9, 10 * team.number + minute))
                outcome = imports.import_file(self._hq, carried.file)
                carried.imports.append(outcome.status)

    def _give_back(self, team: Team, day: date) -> None:
        """The return bundle on the team's stick, and the team takes it."""
        self._hq_clock.set(at(day, 15, team.number))
        written = export.export_for_team(self._hq, team.code, self._stick(team))
        carried = Carried(written.path, "hq", written.audience)
        self.bundles.append(carried)
        desk = self._desks[team.number]
        desk.clock.set(at(day, 17, 15))
        carried.imports.append(imports.import_file(desk.ws, carried.file).status)
        desk.tasks = {str(row["place"]): row.name for row in lookup.rows(desk.ws, "task", owner=team.code)}

    def _day(self, team: Team, day: date) -> None:
        desk = self._desks[team.number]
        self._handed += entering.work(desk, self._plan, day)
        if team.number == EOD_TEAM and day in DEMOLITION_DAYS:
            entering.demolish(desk, self._handed, day)

    def _midweek(self) -> None:
        """Three teams send what they have; the stick of one of them is left lying."""
        for team in TEAMS:
            if team.number in MIDWEEK_TEAMS:
                self._export(team, MIDWEEK)
        late = self._sticks[LATE]
        self._sticks[LATE] = []
        self._take_in(MIDWEEK + timedelta(days=1))
        self._sticks[LATE] = late

    def _finish(self, team: Team) -> None:
        entering.work(self._desks[team.number], self._plan, WEEK_AFTER)
        self._export(team, WEEK_AFTER)

    def _approve(self) -> None:
        """Put a district right, approve what is complete, ask about what is not, let some plots wait."""
        hq, clock = self._hq, self._hq_clock
        clock.set(at(APPROVED, 12, 30))
        self._put_districts_right()
        clock.set(at(APPROVED, 13))
        rows = review.undecided(hq, until=LAST.isoformat())
        incomplete = [row.name for row in rows if review.still_needed(records.get(hq, row.name))]
        waiting = {plot.points for plot in self._plan.plots if not plot.approve}
        held = {row.name for row in rows if row.kind == "plot" and _typed(records.get(hq, row.name)) in waiting}
        held.update(incomplete)
        review.decide(hq, [row.name for row in rows if row.name not in held], "approved")
        review.decide(hq, incomplete, "queried", "No position yet: send bearing and distance from the benchmark.")

    def _put_districts_right(self) -> None:
        for spot in self._plan.spots:
            if spot.slip == OLD_PLACE:
                owner = TEAMS[spot.team - 1].code
                for row in lookup.rows(self._hq, "find", owner=owner, equal={"place": "AZ-TAR"}):
                    why = "Aghdara since December 2023, no longer Tartar."
                    records.correct(self._hq, row.name, {"place": spot.place}, why)


def _typed(record: Record) -> tuple[str, ...]:
    """A plot's turning points as they were typed."""
    return tuple(str(vertex["text"]) for vertex in record.values["land"]["outline"][0][0])
