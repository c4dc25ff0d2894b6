"""Which finds the map shows: by day, category, team, state, task. Ground is never filtered away.

What a find does not say cannot leave it out: one without a day may be of any day, and one whose readings disagree may
be what is asked for. Such finds stay, and the panel says how many they are.
"""

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
from ui import theme
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
        """Which points it leaves: what is asked for, and what may be it."""
        return self._asked(columns, sure=False)

    def doubtful(self, columns: FindColumns) -> NDArray[np.bool_]:
        """Which of those it leaves may be what is asked for, and nobody knows."""
        return self.of(columns) & ~self._asked(columns, sure=True)

    def _asked(self, columns: FindColumns, *, sure: bool) -> NDArray[np.bool_]:
        kept = np.ones(len(columns), bool)
        doubt = np.zeros(len(columns), bool) if sure else columns.unsettled
        if self.since or self.until:
            days = columns.day >= self.since if self.since else columns.day > 0
            if self.until:
                days &= columns.day <= self.until
            kept &= days | doubt | ((columns.day == 0) & (not sure))
        if self.category is not None:
            unknown = np.zeros(len(columns), bool) if sure else columns.category == 0
            kept &= (columns.category == _place(columns.categories, self.category)) | doubt | unknown
        if self.team:
            kept &= columns.of_words(columns.owner, [self.team])
        if self.task:
            kept &= columns.of_words(columns.task, [self.task]) | doubt | ((columns.task == 0) & (not sure))
        if self.state == UNSETTLED:
            kept &= columns.unsettled
        elif self.state:
            kept &= columns.gone if self.state == GONE else ~columns.gone
        return kept


def _place(codes: Sequence[str], code: str) -> int:
    return codes.index(code) if code in codes else len(codes)


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
        self.doubtful = PlainLabel("", theme.SECONDARY, tone="warn", wrap=True)
        self.doubtful.hide()
        self.left_out = secondary("")
        self.left_out.hide()
        ground = N_("Only finds are filtered. Hazardous areas, records, plots, tasks and accidents always stay.")
        for part in (self.since, self.until, self.problem, self.category, self.team, self.state, self.task,
                     self.left_out, self.doubtful, self.everything, secondary(texts(ground))):  # fmt: skip
            column.addWidget(part)
        self._quiet = False
        for part in (self.since, self.until, self.category, self.team, self.state, self.task):
            part.changed.connect(lambda _text: self._tell())

    def offer(
        self, categories: Sequence[Option], teams: Sequence[Option], tasks: Sequence[Option], left_out: str = ""
    ) -> None:
        """What can be asked for; what is asked for now stays where it is still among it.

        ``left_out`` says which tasks are not offered.
        """
        self.left_out.setText(left_out)
        self.left_out.setVisible(bool(left_out))
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

    def say_doubtful(self, many: int) -> None:
        """Say how many finds stay because nobody knows whether they are what is asked for."""
        self.doubtful.setText(self._texts.plural(
            N_("{count} find stays because its day, category or task is not known for sure."),
            N_("{count} finds stay because their day, category or task is not known for sure."), many))  # fmt: skip
        self.doubtful.setVisible(many > 0)

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
