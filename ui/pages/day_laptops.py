"""The laptops of the team side by side on the Day page: one column each, and whose work is not collected yet (M1)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fieldapp.operations.team_day import LaptopDay
from fieldapp.texts import N_, Texts
from ui import theme
from ui.models.shown import Shown
from ui.widgets.banner import Chip
from ui.widgets.cards import Card, clear
from ui.widgets.labels import PlainLabel, secondary

_ROWS = (N_("Finds"), N_("Plots"), N_("Photos"), N_("Last record"), N_("State"))


class LaptopColumns(Card):
    """Shown where the team has more than one laptop."""

    def __init__(self, texts: Texts, shown: Shown) -> None:
        super().__init__(texts(N_("Laptops of the team")))
        self.texts, self.shown = texts, shown
        self.laptops: list[LaptopDay] = []
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        holder = QVBoxLayout()
        holder.addWidget(inside)
        self.body.addLayout(holder)
        self.hide()

    def set_laptops(self, laptops: Sequence[LaptopDay]) -> None:
        """Show these laptops, a column each."""
        self.laptops = list(laptops)
        self.setVisible(len(self.laptops) > 1)
        clear(self._grid)
        for place, word in enumerate(_ROWS, start=1):
            self._grid.addWidget(secondary(self.texts(word), wrap=False), place, 0)
        for column, one in enumerate(self.laptops, start=1):
            self._grid.setColumnStretch(column, 1)
            name = one.name or one.device[:6]
            said = self.texts(N_("{name} (this one)"), name=name) if one.own else name
            self._grid.addWidget(PlainLabel(said, theme.BODY, theme.SEMIBOLD, wrap=True), 0, column)
            for place, text in enumerate(self.words(one), start=1):
                self._grid.addWidget(PlainLabel(text, theme.BODY, theme.SEMIBOLD, wrap=True), place, column)
            self._grid.addWidget(self._state(one), len(_ROWS), column, Qt.AlignmentFlag.AlignLeft)

    def words(self, one: LaptopDay) -> list[str]:
        """A laptop's column: finds, plots, photos, last record with its time."""
        number = self.texts.number
        last = ""
        if one.last:
            last = self.texts(N_("{number}, {time}"), number=one.last_number, time=self.shown.time(one.last_at))
        return [number(one.finds), number(one.plots), number(one.photos), last or self.texts(N_("none"))]

    def _state(self, one: LaptopDay) -> Chip:
        if one.own:
            return Chip(self.texts(N_("This laptop")), "plain", "laptop")
        if one.missing:
            return Chip(self.texts(N_("Not collected")), "warn", "triangle-alert")
        return Chip(self.texts(N_("Collected {time}"), time=self.shown.when(one.collected_at)), "ok", "check")
