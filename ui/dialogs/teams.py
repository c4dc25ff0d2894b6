"""Asks for which teams return bundles are to be written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.operations.addressees import Addressee
from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import EmptyState
from ui.widgets.labels import secondary, title
from ui.widgets.table import Cell, Column, DataTable

_WITHIN = Qt.ShortcutContext.WidgetWithChildrenShortcut


class TeamsDialog(QDialog):
    """Teams to mark; those that wait for a return bundle are marked already. ``given(tuple)`` tells their codes."""

    given = Signal(object)

    def __init__(self, parent: QWidget, texts: Texts, teams: Sequence[Addressee]) -> None:
        super().__init__(parent)
        self._texts = texts
        heading = texts(N_("Return bundles for which teams"))
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setMinimumSize(720, 480)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.marked = {one.team for one in teams if one.waits}
        self.table: DataTable[Addressee] = DataTable([
            Column(texts(N_("Marked")), self._mark_cell, 84),
            Column(texts(N_("Team")), lambda one: Cell(one.name, bold=True), stretch=True),
            Column(texts(N_("Laptops")), lambda one: texts.number(one.laptops), right=True),
            Column(texts(N_("State")), self._state),
        ], teams)  # fmt: skip
        self.table.opened.connect(self._toggle)
        self.table.clicked.connect(lambda index: self._toggle(self.table.rows.row(index.row())))
        QShortcut(QKeySequence(Qt.Key.Key_Space), self.table, self._toggle_chosen, context=_WITHIN)
        self.every = Button(texts(N_("Mark all")), "square-check")
        self.every.clicked.connect(lambda: self._mark({one.team for one in teams}))
        self.leave = Button(texts(N_("Leave as it is")), "x")
        self.leave.clicked.connect(self.reject)
        self.go = PrimaryButton("", "usb")
        self.go.clicked.connect(self._give)
        self._lay_out(heading, bool(teams))
        if teams:
            self.table.selectRow(0)
        self._mark(self.marked)
        self.table.setFocus()

    def _lay_out(self, heading: str, anybody: bool) -> None:
        texts = self._texts
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(theme.GAP)
        column.addWidget(title(heading))
        column.addWidget(secondary(texts(N_("Each bundle opens on every laptop of its team, and on no other."))))
        if anybody:
            column.addWidget(self.table, 1)
        else:
            self.table.setParent(self)
            self.table.hide()
            nobody = texts(N_("No laptop is enrolled yet. Invite one, and import its first bundle."))
            column.addWidget(EmptyState(nobody, icon="laptop"), 1)
        row = QHBoxLayout()
        row.addWidget(self.every)
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.go)
        column.addLayout(row)

    def _mark_cell(self, one: Addressee) -> Cell:
        return Cell("", "accent", "square-check") if one.team in self.marked else Cell("", "text", "square")

    def _state(self, one: Addressee) -> Cell:
        if one.waits:
            return Cell(self._texts(N_("Not answered")), "warn", "clock", chip=True)
        return Cell(self._texts(N_("Answered")), "ok", "check", chip=True)

    def _toggle_chosen(self) -> None:
        one = self.table.chosen_row()
        if one is not None:
            self._toggle(one)

    def _toggle(self, one: Addressee) -> None:
        self._mark(self.marked ^ {one.team})

    def _mark(self, teams: set[str]) -> None:
        self.marked = teams
        self.table.viewport().update()
        self.every.setEnabled(len(teams) < len(self.table.rows.all_rows()))
        self.go.setEnabled(bool(teams))
        self.go.setText(self._texts.plural(
            N_("Write {count} return bundle"), N_("Write {count} return bundles"), len(teams)
        ))  # fmt: skip

    def _give(self) -> None:
        self.given.emit(tuple(one.team for one in self.table.rows.all_rows() if one.team in self.marked))
        self.accept()
