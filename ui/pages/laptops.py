"""Laptops and gaps: which laptops write, what came of their logs, who is silent, and what an officer does next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from fieldapp.errors import OperatorError
from fieldapp.operations import enrolment, forks, inbox, laptops
from fieldapp.operations.forks import Fork
from fieldapp.operations.laptops import Gap, Laptop
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui import theme
from ui.dialogs.reason import ReasonDialog
from ui.models.shown import Shown
from ui.pages.newcomers import NewcomerBanners
from ui.pages.odd_dates import OddDates
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.cards import Card, EmptyState, StatTile, clear
from ui.widgets.table import Cell, Column, DataTable


@dataclass(frozen=True)
class LaptopLine:
    """One enrolled laptop."""

    laptop: Laptop
    teams: str
    aside: int
    forked: bool


@dataclass(frozen=True)
class Fleet:
    """All laptops, logs that two machines write, and how many entries are kept aside by reason."""

    laptops: list[LaptopLine]
    forks: list[Fork]
    reasons: Mapping[str, int]


def read_fleet(ws: Workspace) -> Fleet:
    """What headquarters knows of its laptops."""
    names = {team.code: team.name for team in enrolment.teams(ws)}
    forked = [fork for fork in forks.forks(ws) if not fork.cut_off]
    aside: dict[str, int] = {}
    reasons: dict[str, int] = {}
    for event in inbox.quarantined(ws):
        device = str(event["stream"]).split(".", maxsplit=1)[0]
        aside[device] = aside.get(device, 0) + 1
        reasons[str(event["reason"])] = reasons.get(str(event["reason"]), 0) + 1
    lines = [
        LaptopLine(
            one, ", ".join(names.get(team, team) for team in one.teams), aside.get(one.device, 0),
            one.device in {fork.device for fork in forked},
        )
        for one in laptops.laptops(ws)
        if one.role == "field" or one.device not in (ws.device, ws.root)
    ]  # fmt: skip
    return Fleet(lines, forked, reasons)


class LaptopsPage(Page):
    """One row for each laptop; what is wrong stands in words, with the next step."""

    key = "laptops"
    title = N_("Laptops and gaps")
    word = N_("Laptops")
    icon = "laptop"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        texts = self.texts
        self.tiles = {
            "complete": StatTile("0", texts(N_("laptops complete")), "", theme.FIGURE, "ok"),
            "gaps": StatTile("0", texts(N_("gaps in their logs")), "", theme.FIGURE, "danger"),
            "silent": StatTile("0", texts(N_("silent for over a week")), "", theme.FIGURE, "warn"),
            "aside": StatTile("0", texts(N_("entries kept aside")), "", theme.FIGURE, "warn"),
        }
        top = Card()
        row = QHBoxLayout()
        for tile in self.tiles.values():
            row.addWidget(tile, 1)
        top.body.addLayout(row)
        self.column.addWidget(top)
        self.said: list[Banner] = []
        self._answers = QVBoxLayout()
        self._forks = QVBoxLayout()
        self.newcomers = NewcomerBanners(session, self._told, self._failed)
        self.odd = OddDates(session, self._told, self._failed)
        self.column.addLayout(self._answers)
        self.column.addWidget(self.newcomers)
        self.column.addLayout(self._forks)
        self.column.addWidget(self.odd)
        card = Card()
        self.table: DataTable[LaptopLine] = DataTable(self._columns())
        self.table.setMinimumHeight(200)
        self.empty = EmptyState(texts(N_("Laptops appear here after their first bundle.")), icon="laptop")
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.empty, 1)
        self.column.addWidget(card, 1)
        self._reasons = QHBoxLayout()
        self.column.addLayout(self._reasons)

    def _columns(self) -> list[Column[LaptopLine]]:
        texts, shown = self.texts, self.shown
        return [
            Column(texts(N_("Laptop")), lambda line: line.laptop.name),
            Column(texts(N_("Team")), self._team, stretch=True),
            Column(texts(N_("Last bundle")),
                   lambda line: shown.moment(line.laptop.last_at) if line.laptop.last_at else "\u2013"),
            Column(texts(N_("State")), self._state),
            Column(texts(N_("Received")), self._received, stretch=True),
            Column(texts(N_("Missing entries")), self._missing, stretch=True),
            Column(texts(N_("Version")), lambda line: line.laptop.app or "\u2013"),
            Column(texts(N_("Kept aside")), lambda line: texts.number(line.aside) if line.aside else "\u2013",
                   right=True),
        ]  # fmt: skip

    def _team(self, line: LaptopLine) -> str:
        return self.texts(N_("Seat of the headquarters")) if line.laptop.role == "hq" else line.teams

    def _state(self, line: LaptopLine) -> Cell:
        texts, one = self.texts, line.laptop
        if line.forked:
            return Cell(texts(N_("Two machines")), "danger", "git-compare", chip=True)
        if one.revoked:
            return Cell(texts(N_("Cut off")), "stale", "ban", chip=True)
        if one.gaps:
            return Cell(texts(N_("Gap")), "danger", "triangle-alert", chip=True)
        if one.silent:
            days = one.silent_days or 0
            return Cell(texts.plural(N_("Silent for {count} day"), N_("Silent for {count} days"), days),
                        "warn", "clock", chip=True)  # fmt: skip
        if line.aside:
            return Cell(texts(N_("Kept aside")), "warn", "shield", chip=True)
        return Cell(texts(N_("Complete")), "ok", "check", chip=True)

    def _received(self, line: LaptopLine) -> str:
        """How much of what is known to exist came."""
        texts, logs = self.texts, line.laptop.logs
        here = sum(last - first + 1 for log in logs for first, last in log.received)
        known = sum(log.received[-1][1] for log in logs if log.received)
        came = texts(N_("{fine} of {all}"), fine=texts.number(here), all=texts.number(known))
        if not line.laptop.doubts:
            return came
        return texts(N_("{received}, {count} under a wrong clock"), received=came,
                     count=texts.number(line.laptop.doubts))  # fmt: skip

    def _missing(self, line: LaptopLine) -> str:
        return "; ".join(self._gap(gap) for gap in line.laptop.gaps) or "\u2013"

    def _gap(self, gap: Gap) -> str:
        numbers = f"{gap.first} \u2013 {gap.last}"
        after, before = self.shown.day_text(gap.after[:10]), self.shown.day_text(gap.before[:10])
        if not gap.before:
            return numbers
        if not gap.after:
            return self.texts(N_("{numbers} (until {day})"), numbers=numbers, day=before)
        return f"{numbers} ({after} \u2013 {before})"

    def subtitle(self) -> str:
        """Whose laptops."""
        return self.session.about.deployment if self.session.about else ""

    def refresh(self) -> None:
        """Read the list and who waits at the door, then the dates, which takes longer."""
        self.session.ask(read_fleet, self._show)
        self.newcomers.refresh()
        self.odd.refresh()

    def _show(self, fleet: Fleet) -> None:
        number = self.texts.number
        lines = fleet.laptops
        fine = sum(not (line.laptop.gaps or line.aside or line.forked) for line in lines)
        complete = self.texts(N_("{fine} of {all}"), fine=number(fine), all=number(len(lines)))
        self.tiles["complete"].set_figure(complete, tone="ok" if fine == len(lines) else "text")
        for tile, count, tone in (
            ("gaps", sum(len(line.laptop.gaps) for line in lines), "danger"),
            ("silent", sum(line.laptop.silent for line in lines), "warn"),
            ("aside", sum(fleet.reasons.values()), "warn"),
        ):
            self.tiles[tile].set_figure(number(count), tone=tone if count else "text")
        self.table.set_rows(lines)
        self.table.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        clear(self._forks)
        self.said = [self._fork_banner(fork) for fork in fleet.forks]
        for banner in self.said:
            self._forks.addWidget(banner)
        clear(self._reasons)
        if fleet.reasons:
            first = self.texts(N_("Kept aside, and why"))
            words = {reason: self.texts(reason) for reason in fleet.reasons}
            detail = "; ".join(f"{words[reason]}: {number(count)}" for reason, count in sorted(fleet.reasons.items()))
            self._reasons.addWidget(Banner("warn", first, detail))

    def _fork_banner(self, fork: Fork) -> Banner:
        texts, shown = self.texts, self.shown
        branches = [
            texts.plural(
                N_("{count} entry until {moment}"), N_("{count} entries until {moment}"), branch.entries,
                moment=shown.moment(branch.last_at),
            )
            for branch in fork.branches
        ]  # fmt: skip
        said = ["; ".join(branches) + "."]
        if fork.both:
            said.append(texts.plural(
                N_("{count} record changed by both."), N_("{count} records changed by both."), len(fork.both)
            ))  # fmt: skip
        detail = " ".join((*said, texts(forks.NEXT_STEP)))
        banner = Banner(
            "danger", texts(N_("Two machines write the log of {name}"), name=fork.name), detail,
            button=texts(N_("Invite anew")), icon="git-compare",
        )  # fmt: skip
        banner.pressed.connect(lambda: self._ask_why(fork))
        return banner

    def _ask_why(self, fork: Fork) -> None:
        texts = self.texts
        heading = texts(N_("Invite {name} anew"), name=fork.name)
        dialog = ReasonDialog(self, texts, heading, texts(forks.NEXT_STEP), texts(N_("Write invitation")), danger=True)
        dialog.given.connect(lambda _code, why: self._ask_where(fork, why))
        dialog.open()

    def _ask_where(self, fork: Fork, why: str) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(
            self, self.texts(N_("Write invitation")), f"{fork.teams[0] if fork.teams else fork.device}.fieldinvite",
            "*.fieldinvite",
        )  # fmt: skip
        if chosen:
            to = Path(chosen).with_suffix(".fieldinvite")
            self.session.ask(
                lambda ws: forks.reenrol(ws, fork.device, to, why), lambda _invitation: self._invited(fork, to),
                self._failed,
            )  # fmt: skip

    def _invited(self, fork: Fork, to: Path) -> None:
        first = self.texts(N_("{device} is cut off."), device=fork.name)
        written = self.texts(N_("Invitation written: {file}"), file=to.name)
        self._told(first, f"{written}\n{self.texts(forks.ON_THE_MACHINE)}")
        self.refresh()

    def _told(self, first: str, detail: str) -> None:
        clear(self._answers)
        self._answers.addWidget(Banner("ok", first, detail))

    def _failed(self, error: OperatorError) -> None:
        clear(self._answers)
        self._answers.addWidget(error_banner(error.parts(self.texts)))
