"""Asks for which team a newcomer is accepted, and why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.operations.senders import Newcomer
from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.fields import Field, TextField
from ui.widgets.labels import PlainLabel, title


class AcceptDialog(QDialog):
    """``given(str, str)``: the code of the team, and the reason. Enabled once both are there."""

    given = Signal(str, str)

    def __init__(self, parent: QWidget, texts: Texts, one: Newcomer, detail: str, teams: str) -> None:
        super().__init__(parent)
        heading = texts(N_("Accept {name}"), name=one.name)
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setMinimumWidth(620)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.team = Field(texts(N_("Team")), teams)
        self.team.set_text(one.team)
        self.team.changed.connect(self._check)
        self.reason = TextField(texts(N_("Reason")), texts(N_("everyone can read it in the history")))
        self.reason.changed.connect(self._check)
        self.keep = Button(texts(N_("Leave as it is")), "x")
        self.keep.clicked.connect(self.reject)
        self.go = PrimaryButton(texts(N_("Accept")), "check")
        self.go.clicked.connect(self._give)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(theme.GAP)
        for widget in (title(heading), PlainLabel(detail, wrap=True), self.team, self.reason):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.go)
        column.addLayout(row)
        self._check()
        (self.reason if one.team else self.team).setFocus()

    def _check(self) -> None:
        self.go.setEnabled(bool(self.team.text().strip() and self.reason.text().strip()))

    def _give(self) -> None:
        self.given.emit(self.team.text().strip(), self.reason.text().strip())
        self.accept()
