"""A typed position: the text, and which system it is typed in where that is known."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import Field
from ui.widgets.position_given import AUTO

SYSTEMS = (
    (AUTO, N_("Any format")),
    ("dd", N_("Degrees, WGS 84")),
    ("utm", N_("UTM")),
    ("mgrs", N_("MGRS")),
    ("sk42", N_("SK-42, degrees")),
    ("sk42-gk", N_("SK-42 Gauss-Krueger, 6°")),
    ("sk42-gk3", N_("SK-42 Gauss-Krueger, 3°")),
    ("ck63", N_("CK-63")),
)
"""Code and word of each way a position can be typed; a deployment's own systems follow."""


def system_options(texts: Texts, own: Sequence[tuple[str, str]] = ()) -> list[Option]:
    """The shipped systems and a deployment's ``own`` (code, name)."""
    return [*(Option(code, texts(word)) for code, word in SYSTEMS), *(Option(code, name) for code, name in own)]


class TypedPanel(QWidget):
    """The line a position is typed into, and a button that opens the row of systems. ``changed()``: either changed."""

    changed = Signal()

    def __init__(self, texts: Texts, placeholder: str, own: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._texts = texts
        self._options = system_options(texts, own)
        self._words = {option.code: option.word for option in self._options}
        self.field = Field(texts(N_("Position, as it is written")), placeholder=placeholder)
        self.button = Button(" ", "chevron-down")
        self.button.setCheckable(True)
        self.systems = Choice("", self._options, per_row=2)
        self.systems.setAccessibleName(texts(N_("Typed in")))
        self.systems.set_text(AUTO)
        self.systems.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.field, self.button, self.systems):
            column.addWidget(widget)
        self.field.changed.connect(lambda _text: self.changed.emit())
        self.systems.changed.connect(self._chosen)
        self.button.toggled.connect(self._open)
        self._say()

    def system(self) -> str:
        """The code of the system typed in."""
        return self.systems.text() or AUTO

    def show_typed(self, text: str, system: str) -> None:
        """Show ``text`` typed in ``system``."""
        self.systems.set_text(system)
        self.field.set_text(text)

    def _chosen(self, _code: str) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        word = self._words.get(self.system(), self.system())
        self.button.setText(self._texts(N_("Typed in: {system}"), system=word))

    def _open(self, opened: bool) -> None:
        self.systems.setVisible(opened)
        if opened:
            self.systems.setFocus()

    def tab_stops(self) -> list[QWidget]:
        """What the Tab key goes through here."""
        return [self.field, self.button, self.systems]
