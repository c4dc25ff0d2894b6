"""Asks why. The change is made only when a reason was given."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import TextField
from ui.widgets.labels import PlainLabel, title


class ReasonDialog(QDialog):
    """One question, a reason, a button that says what it does. ``given(str, str)``: the chosen code and the reason.

    ``choices`` are asked above the reason (the readings to settle, unless ``ask`` says what); without them the code is
    empty. ``verb`` is enabled once everything is answered.
    """

    given = Signal(str, str)

    def __init__(
        self,
        parent: QWidget,
        texts: Texts,
        heading: str,
        detail: str,
        verb: str,
        danger: bool = False,
        choices: Sequence[Option] = (),
        ask: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setMinimumWidth(620)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(theme.GAP)
        column.addWidget(title(heading))
        column.addWidget(PlainLabel(detail, wrap=True))
        asked = ask or texts(N_("Which reading is right"))
        self.choice = Choice(asked, choices, per_row=1) if choices else None
        if self.choice is not None:
            column.addWidget(self.choice)
            self.choice.changed.connect(self._check)
        self.reason = TextField(texts(N_("Reason")), texts(N_("everyone can read it in the history")))
        self.reason.changed.connect(self._check)
        column.addWidget(self.reason)
        self.keep = Button(texts(N_("Leave as it is")), "x")
        self.keep.clicked.connect(self.reject)
        self.go: Button = Button(verb, "ban", "danger", theme.TITLE) if danger else PrimaryButton(verb, "check")
        self.go.clicked.connect(self._give)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.go)
        column.addLayout(row)
        self._check()
        (self.choice or self.reason).setFocus()

    def _check(self) -> None:
        chosen = self.choice is None or bool(self.choice.text())
        self.go.setEnabled(chosen and bool(self.reason.text().strip()))

    def _give(self) -> None:
        self.given.emit(self.choice.text() if self.choice is not None else "", self.reason.text().strip())
        self.accept()
