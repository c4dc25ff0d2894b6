"""Gives one setting another value: chosen or typed, with a reason at headquarters."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.operations.settings import InForce
from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import Field
from ui.widgets.labels import PlainLabel, title


class SettingDialog(QDialog):
    """``given(str, str)``: the value and the reason. The button is enabled once the value can be taken."""

    given = Signal(str, str)

    def __init__(self, parent: QWidget, texts: Texts, one: InForce, *, with_reason: bool) -> None:
        super().__init__(parent)
        self._one, self._with_reason = one, with_reason
        self.setWindowTitle(texts(one.setting.name))
        self.setModal(True)
        self.setMinimumWidth(680)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(theme.GAP)
        column.addWidget(title(texts(one.setting.name)))
        column.addWidget(PlainLabel(texts(one.setting.help), wrap=True))
        self.choice: Choice | None = None
        if one.setting.choices:
            options = [Option(code, texts(word)) for code, word in one.setting.choices]
            self.choice = Choice(texts(N_("Usual values")), options, per_row=1)
            self.choice.set_text(one.value)
            self.choice.changed.connect(self._chosen)
            column.addWidget(self.choice)
        self.value = Field(texts(N_("Value")))
        self.value.set_text(one.value)
        self.value.changed.connect(self._check)
        column.addWidget(self.value)
        self.reason = Field(texts(N_("Reason")), placeholder=texts(N_("everyone can read it in the history")))
        self.reason.changed.connect(self._check)
        self.reason.setVisible(with_reason)
        column.addWidget(self.reason)
        self.keep = Button(texts(N_("Leave as it is")), "x")
        self.keep.clicked.connect(self.reject)
        self.go = PrimaryButton(texts(N_("Set it")), "check")
        self.go.clicked.connect(self._give)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.go)
        column.addLayout(row)
        self._check()
        (self.choice or self.value).setFocus()

    def _chosen(self, code: str) -> None:
        if code:
            self.value.set_text(code)

    def _check(self, *_changed: object) -> None:
        plain = self._one.setting.check(self.value.text())
        said = not self._with_reason or bool(self.reason.text().strip())
        self.go.setEnabled(plain is not None and plain != self._one.value and said)

    def _give(self) -> None:
        self.given.emit(self.value.text(), self.reason.text().strip())
        self.accept()
