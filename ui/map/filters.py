"""Which finds the map shows: by day, category, team, state, task. Ground is never filtered away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.ids import RecordName
from fieldapp.operations.map_data import FindColumns
from fieldapp.texts import N_, Texts
from ui.widgets.buttons import Button
from ui.widgets.choice import Option
from ui.widgets.fields import Field
from ui.widgets.labels import PlainLabel, secondary
from ui.widgets.pick import Pick

THERE, GONE, UNSETTLED = "there", "gone", "unsettled"
STATES = ((THERE, N_("In the ground")), (GONE, N_("Destroyed or removed")), (UNSETTLED, N_("To settle")))


@dataclass(frozen=True)
class Wanted:
    """A filter. Empty: everything. ``since`` and ``until`` are days (``date.toordinal``), both included; 0: open."""

    since: int = 0
    until: int = 0
    category: str | None = None
    """A code; the empty one: finds whose category nobody knows. Options have it behind ``=``: theirs may be empty."""
    team: str = ""
    state: str = ""
    """One of ``STATES``, or empty."""
    task: RecordName = ""

    @property
    def everything(self) -> bool:
        """Does it leave nothing out?"""
        return self == Wanted()

    def of(self, columns: FindColumns) -> NDArray[np.bool_]:
        """Which points it leaves. A find without a day is in no span of days."""
        kept = np.ones(len(columns), bool)
        if self.since:
            kept &= columns.day >= self.since
        if self.until:
            kept &= (columns.day > 0) & (columns.day <= self.until)
        if self.category is not None:
            codes = columns.categories
            kept &= columns.category == (codes.index(self.category) if self.category in codes else len(codes))
        if self.team:
            kept &= columns.of_words(columns.owner, [self.team])
        if self.task:
            kept &= columns.of_words(columns.task, [self.task])
        if self.state == UNSETTLED:
            kept &= columns.unsettled
        elif self.state:
            kept &= columns.gone if self.state == GONE else ~columns.gone
        return kept


class FilterPanel(QWidget):
    """The filter; ``changed(object)`` tells each new ``Wanted``."""

    changed = Signal(object)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        every = texts(N_("all"))
        self.since = Field(texts(N_("Found from")), placeholder=texts(N_("year-month-day")))
        self.until = Field(texts(N_("Found until")), placeholder=texts(N_("year-month-day")))
        self.category = Pick(texts(N_("Category")), [Option("", every)], texts, per_row=1)
        self.team = Pick(texts(N_("Team")), [Option("", every)], texts, per_row=1)
        states = [Option(code, texts(word)) for code, word in STATES]
        self.state = Pick(texts(N_("State")), [Option("", every), *states], texts, per_row=1)
        self.task = Pick(texts(N_("Task")), [Option("", every)], texts, per_row=1)
        self.problem = PlainLabel("", tone="danger", wrap=True)
        self.problem.hide()
        self.everything = Button(texts(N_("Show all finds")), "x")
        self.everything.clicked.connect(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.since, self.until, self.problem, self.category, self.team, self.state, self.task,
                     self.everything, secondary(texts(N_("Hazardous areas, plots and accidents always stay."))),
                     ):  # fmt: skip
            column.addWidget(part)
        self._quiet = False
        for part in (self.since, self.until, self.category, self.team, self.state, self.task):
            part.changed.connect(lambda _text: self._tell())

    def offer(self, categories: Sequence[Option], teams: Sequence[Option], tasks: Sequence[Option]) -> None:
        """What can be asked for; what is asked for now stays where it is still among it."""
        every = Option("", self._texts(N_("all")))
        before = self.wanted()
        self._quiet = True
        for pick, options in ((self.category, categories), (self.team, teams), (self.task, tasks)):
            pick.set_options([every, *options])
        self._quiet = False
        if before != self.wanted():
            self._tell()

    def show_wanted(self, wanted: Wanted) -> None:
        """Show a filter that is in force, without telling it again."""
        self._quiet = True
        for line, day in ((self.since, wanted.since), (self.until, wanted.until)):
            line.set_text(dt.date.fromordinal(day).isoformat() if day else "")
        self.category.set_text("" if wanted.category is None else f"={wanted.category}")
        for pick, code in ((self.team, wanted.team), (self.state, wanted.state), (self.task, wanted.task)):
            pick.set_text(code)
        self._quiet = False

    def clear(self) -> None:
        """Ask for everything."""
        self._quiet = True
        for part in (self.since, self.until, self.category, self.team, self.state, self.task):
            part.set_text("")
        self._quiet = False
        self._tell()

    def wanted(self) -> Wanted | None:
        """The filter as it stands; None while a day is not readable."""
        try:
            since, until = (_day(one.text()) for one in (self.since, self.until))
        except ValueError:
            return None
        category = self.category.text()
        return Wanted(since, until, None if not category else category.removeprefix("="), self.team.text(),
                      self.state.text(), self.task.text())  # fmt: skip

    def _tell(self) -> None:
        if self._quiet:
            return
        wanted = self.wanted()
        self.problem.setVisible(wanted is None)
        if wanted is None:
            self.problem.setText(self._texts(N_("A day is written as 2026-07-29.")))
        else:
            self.changed.emit(wanted)


def _day(text: str) -> int:
    return dt.date.fromisoformat(text.strip()).toordinal() if text.strip() else 0
