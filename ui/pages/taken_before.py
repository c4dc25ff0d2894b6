"""The Inbox's card of what was taken in before, and what waits since."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from fieldapp.texts import N_
from ui.models.shown import Shown
from ui.pages.inbox_reading import Taken
from ui.widgets.cards import Card
from ui.widgets.table import Cell, Column, DataTable


class TakenBefore(Card):
    """``table`` lists bundles, the latest first; ``waiting`` is where the page says what waits."""

    def __init__(self, shown: Shown) -> None:
        self._texts = texts = shown.texts
        super().__init__(texts(N_("Taken in before")))
        self.table: DataTable[Taken] = DataTable([
            Column(texts(N_("From")), lambda one: one.sender, stretch=True),
            Column(texts(N_("When")), lambda one: shown.moment(one.at)),
            Column(texts(N_("No.")), lambda one: texts.number(one.number) if one.number else "\u2013", right=True),
            Column(texts(N_("New")), lambda one: texts.number(one.new), right=True),
            Column(texts(N_("State")), self._state),
        ])  # fmt: skip
        self.table.setMinimumHeight(200)
        self.waiting = QVBoxLayout()
        self.body.addLayout(self.waiting)
        self.body.addWidget(self.table, 1)

    def _state(self, one: Taken) -> Cell:
        if one.refused:
            return Cell(self._texts(N_("Refused")), "danger", "shield-x", chip=True)
        if one.answered:
            return Cell(self._texts(N_("Answered")), "ok", "check", chip=True)
        return Cell(self._texts(N_("Not answered")), "warn", "clock", chip=True)
