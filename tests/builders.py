"""Workspaces with valid defaults: a laptop alone, a headquarters, laptops that joined it, and their exchanges."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fieldapp.clock import SetClock
from fieldapp.ids import SeededEntropy
from fieldapp.operations import export, finds, headquarters, imports, joining, plots
from fieldapp.operations.imports import Outcome
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record

START = datetime(2024, 7, 29, 6, 0, tzinfo=UTC)
RECTANGLE = ("40.02 46.98", "40.02 46.981406", "40.02072 46.981406", "40.02072 46.98")
"""Story 7's rectangle A as turning points, 9,595.7 m2."""


def clock() -> SetClock:
    """A clock that starts on a Monday morning and moves on by a minute each time it is read."""
    return SetClock(START, timedelta(minutes=1))


def alone(folder: Path, person: str = "Aysel") -> Workspace:
    """A laptop on its own."""
    return joining.start_alone(folder, person, clock=clock(), entropy=SeededEntropy(str(folder)), use_keyring=False)


def hq(folder: Path, name: str = "Test programme") -> Workspace:
    """A headquarters; its escrow key lies beside its folder."""
    return headquarters.set_up(
        folder, name, folder.with_name(folder.name + "-escrow.txt"), person="Officer", clock=clock(),
        entropy=SeededEntropy(str(folder)), use_keyring=False,
    )


def a_find(ws: Workspace, **fields: object) -> Record:
    """A saved find: PMN-2 at a typed position, 5 cm deep, unless ``fields`` say otherwise."""
    model = str(fields.pop("model_text", "PMN-2"))
    position = fields.pop("position", "39.9899 46.8988")
    values = {"depth_cm": 5, "condition": "armed", **fields}
    return finds.add_find(ws, values, model_text=model, position=str(position) if position else None)


def a_plot(ws: Workspace, points: tuple[str, ...] = RECTANGLE, **fields: object) -> Record:
    """A saved plot, cleared by hand to 20 cm unless ``fields`` say otherwise."""
    values = {"release": "cleared", "method": "manual", "depth_cm": 20, "completed_on": "2024-07-30", **fields}
    return plots.add_plot(ws, values, points)


@dataclass
class Deployment:
    """A headquarters and the laptops that joined it, by name, and the stick between them."""

    hq: Workspace
    stick: Path
    laptops: dict[str, Workspace] = field(default_factory=dict)

    def join(self, name: str, team: str = "t7") -> Workspace:
        """A new laptop of a team; headquarters knows it after its first bundle."""
        folder = self.stick.parent / name
        invitation = self.stick / f"{name}.fieldinvite"
        headquarters.invite(self.hq, team, invitation, team_name=f"Team {team}", device_name=name, organisation="anama")
        laptop = joining.start_invited(
            folder, invitation, name.title(), clock=clock(), entropy=SeededEntropy(str(folder)), use_keyring=False
        )
        self.laptops[name] = laptop
        return laptop

    def carry(self, laptop: Workspace) -> Outcome:
        """A bundle from a laptop to headquarters."""
        return imports.import_file(self.hq, export.export_for_hq(laptop, self.stick).path)

    def answer(self, laptop: Workspace) -> Outcome:
        """The return bundle from headquarters to a laptop."""
        return imports.import_file(laptop, export.export_for_team(self.hq, laptop.team, self.stick).path)

    def exchange(self, laptop: Workspace) -> Outcome:
        """There and back; returns what headquarters imported."""
        outcome = self.carry(laptop)
        self.answer(laptop)
        return outcome


@contextmanager
def deployment(folder: Path, *laptops: str) -> Iterator[Deployment]:
    """A headquarters in ``folder`` with laptops of team t7; all are closed at the end."""
    stick = folder / "stick"
    stick.mkdir()
    made = Deployment(hq(folder / "hq"), stick)
    try:
        for name in laptops:
            made.join(name)
        yield made
    finally:
        for ws in (made.hq, *made.laptops.values()):
            ws.close()
