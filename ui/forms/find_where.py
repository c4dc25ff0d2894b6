"""The column "Where found" of the Find form: the position, the district it seems to lie in, a photo of the receiver."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.texts import N_
from ui.forms.capture import position_block
from ui.forms.where import PositionReader, ReadFacts
from ui.session import Session
from ui.widgets import Banner, Button, Card, Field

WIDTH_PX = 404


class FindWhere(Card):
    """``position``, ``district`` (a question), ``same_place`` (a lot goes on), ``photo`` (a file to attach).

    ``findings`` is room for what the records near the place say of it.
    """

    def __init__(self, session: Session, facts: ReadFacts, place: QWidget) -> None:
        texts = session.texts
        super().__init__(texts(N_("Where found")), "WGS 84")
        self._texts = texts
        self.setFixedWidth(WIDTH_PX)
        self.reader = PositionReader(session, facts)
        self.position = position_block(session, self.reader)
        self.findings: QVBoxLayout = self.position.below
        kept = texts(N_("Another model of one lot: position and district are kept."))
        self.same_place = Banner("info", texts(N_("Same place as before")), kept, texts(N_("New place")), "layers")
        self.same_place.hide()
        self.district = Banner("info", " ", " ", texts(N_("Yes")), "map")
        self.district.hide()
        for widget in (self.same_place, self.position, self.district, place):
            self.body.addWidget(widget)
        self.body.addStretch(1)


class PhotoFile(QWidget):
    """A photo to be kept with the record: F9 opens its line, where a path is typed or a file chosen."""

    def __init__(self, session: Session, choose: Callable[[QWidget], str] | None = None) -> None:
        super().__init__()
        texts = session.texts
        self._choose = choose or self._ask
        self.button = Button(texts(N_("Add photo")), "camera")
        self.field = Field(texts(N_("Photo file")), texts(N_("JPEG or PNG")))
        self.changed = self.field.changed
        self.browse = Button(texts(N_("Choose file ...")), "folder-open")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.addWidget(self.button, 1)
        column.addLayout(row)
        column.addWidget(self.field)
        column.addWidget(self.browse)
        self._title = texts(N_("Photo"))
        self.button.clicked.connect(self.open)
        self.browse.clicked.connect(self._browse)
        self.field.changed.connect(lambda _text: self._show())
        QShortcut(QKeySequence("F9"), self, self.open)
        self._opened = False
        self._show()

    def text(self) -> str:
        """The path as typed; empty for none."""
        return self.field.text()

    def set_text(self, text: str) -> None:
        """Show a path; an empty one closes the line."""
        self._opened = bool(text)
        self.field.set_text(text)
        self._show()

    def open(self) -> None:
        """Open the line and go to it."""
        self._opened = True
        self._show()
        self.field.line.setFocus()

    def tab_stops(self) -> list[QWidget]:
        """What the Tab key goes through here."""
        return [self.button, self.field, self.browse]

    def _show(self) -> None:
        opened = self._opened or bool(self.field.text())
        self.button.setVisible(not opened)
        self.field.setVisible(opened)
        self.browse.setVisible(opened)

    def _browse(self) -> None:
        chosen = self._choose(self)
        if chosen:
            self.field.set_text(chosen)

    def _ask(self, parent: QWidget) -> str:
        return QFileDialog.getOpenFileName(parent, self._title, self.field.text(), "*.jpg *.jpeg *.png")[0]
