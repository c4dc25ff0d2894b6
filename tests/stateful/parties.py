"""Who plays: headquarters and laptops as real workspaces, the programs they run, and the first state of every world."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from fieldapp.clock import SetClock
from fieldapp.domain.kinds import Field, FieldType, Group, Kind, Names, one
from fieldapp.domain.registry import KINDS
from fieldapp.operations import workspace
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.database import open_store
from fieldapp.storage.log import pieces_of
from tests import builders
from tests.builders_storage import event_id

Json = dict[str, Any]
CANARY = "CANARY0nightingale"
"""Stands in everything that people type; must stand in no file."""
START = datetime(2024, 7, 29, 6, 0, tzinfo=UTC)
HAPPENED: Counter[str] = Counter()
"""How often what happened, over all worlds: a run in which nothing went wrong would prove nothing."""
TEAMS = {"a": "t7", "b": "t7", "c": "t8"}


def _newer_kinds() -> dict[str, Kind]:
    """The declarations of a version to come: a kind, a group and a member that today's program does not know."""
    names = Names("New", "Yeni", "Новое")
    find = KINDS["find"]
    groups = tuple(
        dataclasses.replace(group, fields=(*group.fields, Field("gauge", FieldType.TEXT, names)))
        if group.name == "amount" else group
        for group in find.groups
    )  # fmt: skip
    newer = dataclasses.replace(find, groups=(*groups, one(Field("smell", FieldType.TEXT, names))))
    shape = Group("shape", (Field("form", FieldType.TEXT, names), Field("size_mm", FieldType.INTEGER, names)))
    return KINDS | {"find": newer, "novelty": Kind("novelty", names, (shape,))}


@dataclass(frozen=True)
class Program:
    """A version of the program: the newest bundle format it reads, and the kinds it declares."""

    name: str
    reads: int
    kinds: Mapping[str, Kind]


PROGRAMS = {
    program.name: program
    for program in (Program("old", 0, KINDS), Program("now", 1, KINDS), Program("next", 1, _newer_kinds()))
}
UPGRADES = {"old": "now", "now": "next"}


class PowerCut(BaseException):
    """The computer goes off here."""


class FailingClock(SetClock):
    """A clock at whose ``reads``-th reading the power goes; zero for never."""

    reads = 0

    def now(self) -> datetime:
        self.reads -= 1
        if self.reads == 0:
            raise PowerCut
        return super().now()


@dataclass
class Party:
    """Headquarters or a laptop: its workspace, the program it runs, and the ids it must hold."""

    name: str
    folder: Path
    ws: Workspace
    clock: FailingClock
    program: Program
    expected: set[str] = field(default_factory=set)
    taken: set[Path] = field(default_factory=set)
    """Bundles it has imported since it was last put back."""
    word: tuple[int, int] = (0, 0)
    """Epoch and number of the last word of headquarters that it knows."""

    @property
    def team(self) -> str:
        return self.ws.team


@contextlib.contextmanager
def running(program: Program) -> Iterator[None]:
    """This process is that version of the program."""
    with contextlib.ExitStack() as patches:
        if program.reads != PROGRAMS["now"].reads:
            for module in ("sync.manifest", "sync.bundle", "sync.reading", "operations.formats"):
                patches.enter_context(mock.patch(f"fieldapp.{module}.FORMAT", program.reads))
        if program.kinds is not KINDS:
            opening = functools.partial(open_store, kinds=program.kinds)
            patches.enter_context(mock.patch.object(workspace, "open_store", opening))
        yield


def made_template(folder: Path) -> None:
    """A headquarters, laptops a and b that it knows, and c that has only its invitation; each with two records."""
    stick = folder / "stick"
    stick.mkdir(parents=True)
    made = builders.Deployment(builders.hq(folder / "hq"), stick)
    for name, team in TEAMS.items():
        made.join(name, team)
    for name, laptop in made.laptops.items():
        builders.a_find(laptop, remarks=f"{CANARY} {name}")
        builders.a_plot(laptop)
    for name in ("a", "b"):
        made.carry(made.laptops[name])
    for name in ("a", "b"):
        made.answer(made.laptops[name])
    for ws in (made.hq, *made.laptops.values()):
        ws.set_meta("person", f"{CANARY} person")
        ws.close()
    shutil.rmtree(stick)
    stick.mkdir()


class Log:
    """Reads what workspaces hold, line by line; each line is read once, and its id computed by the reference model."""

    def __init__(self) -> None:
        self.lines: dict[str, bytes] = {}
        """Every event that was ever seen: the bytes of its line by its id."""
        self.events: dict[str, Json] = {}

    def held(self, party: Party) -> dict[str, Json]:
        """Every event a workspace holds, whole, by id. V14: its bytes are those that its writer saved."""
        found: dict[str, Json] = {}
        for n, in party.ws.store.rows("SELECT n FROM stream ORDER BY n"):
            for piece in pieces_of(party.ws.store, n):
                before = piece.prev
                for i, line in zip(piece.ids, piece.lines, strict=True):
                    found[i] = self._event(piece.stream, before, i, line)
                    before = i
        return found

    def _event(self, stream: str, prev: str | None, i: str, line: bytes) -> Json:
        if i in self.lines:
            assert self.lines[i] == line, "V14: passed on byte for byte"
            return self.events[i]
        event = {**json.loads(line), "stream": stream, "prev": prev}
        assert event_id(event) == i, "V3: the bytes hash to the id"
        self.lines[i], self.events[i] = line, event
        return event


def start_of(count: int) -> FailingClock:
    """The clock of the ``count``-th opening of a workspace."""
    return FailingClock(START + timedelta(days=1, hours=count), timedelta(seconds=1))


def cutting(at: int) -> Any:
    """A progress that cuts the power at its ``at``-th call."""
    left = [at]

    def progress(_step: str, _done: int, _total: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise PowerCut

    return progress
