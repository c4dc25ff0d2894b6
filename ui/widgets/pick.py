"""One of several, behind a button that says which: for lists too long to stand open, reached by key and by glove."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui.widgets.buttons import Button
from ui.widgets.choice import Option


class Pick(QWidget):
    """A button "Typed in: UTM"; pressed, it opens a grid of all options, and the one that is pressed closes it.

    Has the shape of every input: ``text()`` is the chosen code, ``changed(str)`` tells each new one. ``label`` stands
    before the word on the button. The grid is laid out in ``options_area``, which the owner may place elsewhere
    (``apart=True``), below a whole row of buttons, say.
    """

    changed = Signal(str)

    def __init__(
        self, label: str, options: Sequence[Option], texts: Texts, *, per_row: int = 3, apart: bool = False
    ) -> None:
        super().__init__()
        self._label, self._texts, self._per_row = label, texts, per_row
        self._options: tuple[Option, ...] = ()
        self._code = ""
        self.button = Button(label, "chevron-down")
        self.button.setCheckable(True)
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.toggled.connect(self._open)
        self.options_area = _Area()
        self.options_area.left.connect(self._shut)
        self._grid = QGridLayout(self.options_area)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self.options_area.hide()
        self.choices: list[Button] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.button)
        if not apart:
            column.addWidget(self.options_area)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setFocusProxy(self.button)
        self.set_options(options)

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer these; the first is chosen where the present one is not among them."""
        if tuple(options) == self._options:
            return
        self._options = tuple(options)
        for old in self.choices:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.choices = []
        for place, option in enumerate(self._options):
            button = Button(option.word)
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(partial(self._pressed, option.code))
            self._grid.addWidget(button, place // self._per_row, place % self._per_row)
            self.choices.append(button)
        if self._code not in {option.code for option in self._options} and self._options:
            self._code = self._options[0].code
        self._say()

    def text(self) -> str:
        """The chosen code."""
        return self._code

    def set_text(self, code: str) -> None:
        """Choose ``code``; "" or an unknown code is the first option."""
        known = {option.code for option in self._options}
        wanted = code if code in known else self._options[0].code
        fresh, self._code = wanted != self._code, wanted
        self._say()
        if fresh:
            self.changed.emit(wanted)

    def word(self) -> str:
        """The word of the chosen option."""
        return next((option.word for option in self._options if option.code == self._code), "")

    def _say(self) -> None:
        said = self._texts(N_("{label}: {word}"), label=self._label, word=self.word())
        self.button.setText(said if self._label else self.word())
        self.button.setAccessibleName(said)
        for option, button in zip(self._options, self.choices, strict=True):
            button.setChecked(option.code == self._code)

    def _open(self, opened: bool) -> None:
        self.options_area.setVisible(opened)
        if opened:
            chosen = next((button for button in self.choices if button.isChecked()), None)
            (chosen or self.choices[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def _pressed(self, code: str, *_checked: object) -> None:
        self.set_text(code)
        self._say()  # a press on the chosen one would leave it unmarked
        self._shut()

    def _shut(self) -> None:
        self.button.setChecked(False)
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)


class _Area(QWidget):
    """The open options. Esc closes them (``left``) and nothing else."""

    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the page's own key while an option has the focus."""
        asks = event.type() is QEvent.Type.ShortcutOverride
        if asks and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the options."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
