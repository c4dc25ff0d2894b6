"""Laptops and gaps: which laptops write, what is missing of their logs, and what is kept aside and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QHBoxLayout

from fieldapp.operations import enrolment, inbox
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui import theme
from ui.models.shown import Shown
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner
from ui.widgets.cards import Card, EmptyState, StatTile, clear
from ui.widgets.table import Cell, Column, DataTable


@dataclass(frozen=True)
class LaptopLine:
    """One enrolled laptop."""

    name: str
    teams: str
    last_at: str
    missing: tuple[str, ...]
    aside: int
    forked: bool
    revoked: bool


@dataclass(frozen=True)
class Fleet:
    """All laptops, and how many entries are kept aside by reason."""

    laptops: list[LaptopLine]
    reasons: Mapping[str, int]


def read_fleet(ws: Workspace) -> Fleet:
    """What headquarters knows of its laptops."""
    names = {team.code: team.name for team in enrolment.teams(ws)}
    missing: dict[str, list[str]] = {}
    for gap in inbox.gaps(ws):
        missing.setdefault(_device(gap), []).append(f"{gap['from']} \u2013 {gap['to']}")
    forked = {_device(fork) for fork in inbox.forks(ws)}
    aside: dict[str, int] = {}
    reasons: dict[str, int] = {}
    for event in inbox.quarantined(ws):
        aside[_device(event)] = aside.get(_device(event), 0) + 1
        reasons[str(event["reason"])] = reasons.get(str(event["reason"]), 0) + 1
    last: dict[str, str] = {}
    for bundle in inbox.bundles(ws):
        if bundle.direction == "in" and bundle.sender:
            last[bundle.sender] = max(last.get(bundle.sender, ""), bundle.taken_at)
    lines = [
        LaptopLine(
            one.name, ", ".join(names.get(team, team) for team in one.teams if team != one.device),
            last.get(one.device, ""), tuple(missing.get(one.device, ())), aside.get(one.device, 0),
            one.device in forked, one.revoked,
        )
        for one in enrolment.devices(ws)
        if one.role == "field"
    ]  # fmt: skip
    return Fleet(lines, reasons)


def _device(entry: Mapping[str, Any]) -> str:
    return str(entry["stream"]).split(".", maxsplit=1)[0]


class LaptopsPage(Page):
    """One row for each laptop; what is wrong stands in words."""

    key = "laptops"
    title = N_("Laptops and gaps")
    word = N_("Laptops")
    icon = "laptop"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock)
        texts, shown = self.texts, self.shown
        self.tiles = {
            "complete": StatTile("0", texts(N_("laptops complete")), "", theme.FIGURE, "ok"),
            "gaps": StatTile("0", texts(N_("gaps in their logs")), "", theme.FIGURE, "danger"),
            "aside": StatTile("0", texts(N_("entries kept aside")), "", theme.FIGURE, "warn"),
        }
        top = Card()
        row = QHBoxLayout()
        for tile in self.tiles.values():
            row.addWidget(tile, 1)
        top.body.addLayout(row)
        self.column.addWidget(top)
        card = Card()
        self.table: DataTable[LaptopLine] = DataTable([
            Column(texts(N_("Laptop")), lambda line: line.name),
            Column(texts(N_("Team")), lambda line: line.teams, stretch=True),
            Column(texts(N_("Last bundle")), lambda line: shown.moment(line.last_at) if line.last_at else "\u2013"),
            Column(texts(N_("State")), self._state),
            Column(texts(N_("Missing entries")), lambda line: "; ".join(line.missing) or "\u2013", stretch=True),
            Column(texts(N_("Kept aside")), lambda line: texts.number(line.aside) if line.aside else "\u2013",
                   right=True),
        ])  # fmt: skip
        self.table.setMinimumHeight(200)
        self.empty = EmptyState(texts(N_("Laptops appear here after their first bundle.")), icon="laptop")
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.empty, 1)
        self.column.addWidget(card, 1)
        self._reasons = QHBoxLayout()
        self.column.addLayout(self._reasons)

    def _state(self, line: LaptopLine) -> Cell:
        texts = self.texts
        if line.forked:
            return Cell(texts(N_("Two machines")), "danger", "git-compare", chip=True)
        if line.revoked:
            return Cell(texts(N_("Cut off")), "stale", "ban", chip=True)
        if line.missing:
            return Cell(texts(N_("Gap")), "danger", "triangle-alert", chip=True)
        if line.aside:
            return Cell(texts(N_("Kept aside")), "warn", "shield", chip=True)
        return Cell(texts(N_("Complete")), "ok", "check", chip=True)

    def subtitle(self) -> str:
        """Whose laptops."""
        return self.session.about.deployment if self.session.about else ""

    def refresh(self) -> None:
        """Read the list."""
        self.session.ask(read_fleet, self._show)

    def _show(self, fleet: Fleet) -> None:
        number = self.texts.number
        fine = sum(not (line.missing or line.aside or line.forked) for line in fleet.laptops)
        complete = self.texts(N_("{fine} of {all}"), fine=number(fine), all=number(len(fleet.laptops)))
        self.tiles["complete"].set_figure(complete)
        self.tiles["gaps"].set_figure(number(sum(len(line.missing) for line in fleet.laptops)))
        self.tiles["aside"].set_figure(number(sum(fleet.reasons.values())))
        self.table.set_rows(fleet.laptops)
        self.table.setVisible(bool(fleet.laptops))
        self.empty.setVisible(not fleet.laptops)
        clear(self._reasons)
        if fleet.reasons:
            first = self.texts(N_("Kept aside, and why"))
            detail = "; ".join(f"{reason}: {number(count)}" for reason, count in sorted(fleet.reasons.items()))
            self._reasons.addWidget(Banner("warn", first, detail))
