"""Asks by how many days a stretch of odd dates is shifted, and why; shows first what would become of each date."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.operations.odd_dates import WouldShift
from fieldapp.texts import N_, Texts
from ui import theme
from ui.models.shown import Shown
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.fields import NumberField, TextField
from ui.widgets.labels import PlainLabel, secondary, title
from ui.widgets.table import Column, DataTable

_MOST_DAYS = 36_600


class ShiftDatesDialog(QDialog):
    """``given(int, str)``: days to add (negative: to take away) and the reason. ``preview(days, show)`` is asked for
    each number typed; nothing is changed before the button is pressed.
    """

    given = Signal(int, str)

    def __init__(
        self, parent: QWidget, texts: Texts, shown: Shown, detail: str, days: int,
        preview: Callable[[int, Callable[[list[WouldShift]], None]], None],
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._texts, self._preview = texts, preview
        heading = texts(N_("Shift dates"))
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setMinimumSize(720, 560)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.days = NumberField(
            texts(N_("Days")), -_MOST_DAYS, _MOST_DAYS, texts(N_("to add; with a minus: to take away"))
        )
        self.reason = TextField(texts(N_("Reason")), texts(N_("everyone can read it in the history")), lines=2)
        self.count: PlainLabel = secondary("")
        self.table: DataTable[WouldShift] = DataTable([
            Column(texts(N_("No.")), lambda one: one.number, stretch=True),
            Column(texts(N_("Date now")), lambda one: shown.day_text(one.before)),
            Column(texts(N_("Date then")), lambda one: shown.day_text(one.after)),
        ], tappable=False)  # fmt: skip
        self.keep = Button(texts(N_("Leave as it is")), "x")
        self.keep.clicked.connect(self.reject)
        self.go = PrimaryButton(texts(N_("Shift dates")), "calendar-days")
        self.go.clicked.connect(self._give)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(theme.GAP)
        for widget in (title(heading), PlainLabel(detail, wrap=True), self.days, self.count):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addWidget(self.reason)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.go)
        column.addLayout(row)
        self.days.changed.connect(self._ask)
        self.reason.changed.connect(self._check)
        self.days.set_text(str(days) if days else "")
        self._ask()
        self.days.setFocus()

    def _number(self) -> int:
        try:
            days = int(self.days.text())
        except ValueError:
            return 0
        return days if abs(days) <= _MOST_DAYS else 0

    def _ask(self) -> None:
        self._show([])
        if self._number():
            self._preview(self._number(), self._show)

    def _show(self, would: list[WouldShift]) -> None:
        self.table.set_rows(would)
        self.count.setText(self._texts.plural(
            N_("{count} record would be corrected."), N_("{count} records would be corrected."), len(would)
        ))  # fmt: skip
        self._check()

    def _check(self) -> None:
        ready = bool(self._number() and self.table.rows.rowCount() and self.reason.text().strip())
        self.go.setEnabled(ready)

    def _give(self) -> None:
        self.given.emit(self._number(), self.reason.text().strip())
        self.accept()
