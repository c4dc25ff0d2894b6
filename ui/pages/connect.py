"""Choosing a file by its typed path or a file chooser, and connecting a laptop to a headquarters."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import joining
from fieldapp.texts import N_, Texts
from ui.session import About, Session
from ui.widgets import Banner, Button, Card, Field, PrimaryButton, error_banner, secondary


class PathField(QWidget):
    """A path that is typed or chosen. ``saving``: a file that is to be written."""

    changed = Signal(str)

    def __init__(self, label: str, texts: Texts, pattern: str, saving: bool = False) -> None:
        super().__init__()
        self._label, self._pattern, self._saving = label, pattern, saving
        self.field = Field(label)
        self.field.changed.connect(self.changed)
        self.choose = Button(texts(N_("Choose ...")), "folder-open")
        self.choose.clicked.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        self.field.body.addWidget(self.choose)
        self.setFocusProxy(self.field.line)

    def path(self) -> Path | None:
        """The path, None while the field is empty."""
        text = self.field.text().strip()
        return Path(text).expanduser() if text else None

    def text(self) -> str:
        """The path as typed."""
        return self.field.text()

    def set_text(self, text: str) -> None:
        """Show a path."""
        self.field.set_text(text)

    def _choose(self) -> None:
        ask = QFileDialog.getSaveFileName if self._saving else QFileDialog.getOpenFileName
        chosen, _filter = ask(self, self._label, self.field.text(), self._pattern)
        if chosen:
            self.field.set_text(chosen)


class ConnectCard(Card):
    """Take up an invitation on a laptop that works alone. Nothing recorded before changes."""

    def __init__(self, session: Session) -> None:
        texts = session.texts
        super().__init__(texts(N_("Connect a headquarters")))
        self._session = session
        self._said: Banner | None = None
        self.body.addWidget(secondary(texts(N_("Your records stay as they are: numbers, dates and all."))))
        self.file = PathField(texts(N_("Invitation file")), texts, texts(N_("Invitations (*.fieldinvite)")))
        self.body.addWidget(self.file)
        self.join = PrimaryButton(texts(N_("Connect")), "log-in")
        self.join.clicked.connect(self._join)
        self.file.field.line.next_on_enter = self.join
        self.body.addWidget(self.join)
        self.setFocusProxy(self.file)

    def _join(self) -> None:
        path = self.file.path()
        if path is None:
            self.file.setFocus()
            return
        self._session.do(lambda ws: (joining.join(ws, path), About.of(ws))[1], self._joined, self._refused)

    def _joined(self, about: About) -> None:
        self._session.about = about
        self._session.opened.emit()

    def _refused(self, error: OperatorError) -> None:
        if self._said is not None:
            self._said.hide()
            self._said.deleteLater()
        self._said = error_banner(error.parts(self._session.texts))
        self.body.insertWidget(1, self._said)
