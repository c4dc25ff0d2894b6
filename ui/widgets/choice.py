"""Choosing one of a few: a row of words, or a grid of category tiles. Nothing is preselected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.buttons import Face, OptionButton, Tile
from ui.widgets.labels import field_label, secondary

_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбю"
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
KEY_POSITIONS = {ord(russian): latin for russian, latin in zip(_RUSSIAN, _LATIN, strict=True)}
"""Letters of the Russian layout to the Latin letters on the same keys, for ``str.translate``."""


@dataclass(frozen=True)
class Option:
    """One option: its code, its word in the reader's language, its key letter (may be empty) and icon (tiles)."""

    code: str
    word: str
    key: str = ""
    icon: str = ""


class _FilledOption(OptionButton):
    """An option of a row that switches what is shown: the chosen one is filled with the accent."""

    def face(self, tokens: theme.Tokens) -> Face:
        """Accent when chosen, else as any button."""
        if self.isEnabled() and self.isChecked():
            return Face(tokens.accent, tokens.focus if self.ringed else tokens.accent, tokens.on_accent, 3)
        plain = super().face(tokens)
        return plain if self.ringed or not self.isEnabled() else Face(tokens.card, tokens.line, tokens.text)


class Choice(QWidget):
    """A row of options with a label above (or left, ``inline``). One Tab stop; arrows move, key letters choose.

    ``changed(str)`` tells each new code ("" = none). ``letter_chosen()`` follows when a key letter was pressed: a
    form moves on then. ``filled`` is the look of a switch between views.
    """

    changed = Signal(str)
    letter_chosen = Signal()

    def __init__(
        self,
        label: str,
        options: Sequence[Option],
        inline: bool = False,
        filled: bool = False,
        per_row: int = 0,
        note: str = "",
    ) -> None:
        super().__init__()
        self._options = tuple(options)
        self._code = ""
        self._ring = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(label)
        self.buttons = [(_FilledOption if filled else OptionButton)(o.word, o.key) for o in self._options]
        tallest = max((button.minimumHeight() for button in self.buttons), default=theme.TARGET)
        row = QGridLayout()
        row.setSpacing(6)
        for place, button in enumerate(self.buttons):
            button.setFixedHeight(tallest)
            across = per_row or len(self.buttons)
            row.addWidget(button, place // across, place % across)
            row.setColumnStretch(place % across, 1)
            button.clicked.connect(lambda _=False, place=place: self._pressed(place))
        self._lay_out(label, note, row, inline)

    def _lay_out(self, label: str, note: str, row: QGridLayout, inline: bool) -> None:
        outer: QVBoxLayout | QHBoxLayout = QHBoxLayout(self) if inline else QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12 if inline else 4)
        if label:
            above = field_label(label)
            above.setWordWrap(inline)
            outer.addWidget(above)
            if note:
                head = QHBoxLayout()
                head.addWidget(above)
                head.addStretch(1)
                head.addWidget(secondary(note, wrap=False))
                outer.addLayout(head)
        outer.addLayout(row, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def count(self) -> int:
        """How many options there are."""
        return len(self._options)

    def text(self) -> str:
        """The chosen code, "" for none."""
        return self._code

    def set_text(self, code: str) -> None:
        """Choose ``code``; "" or a code not among the options clears the choice, the code itself is kept."""
        if code == self._code:
            return
        self._code = code
        self._show()
        self.changed.emit(code)

    def press_letter(self, letter: str) -> bool:
        """Choose the option whose key letter, or key position on a Russian layout, this is. False when none is."""
        wanted = {letter.casefold(), letter.casefold().translate(KEY_POSITIONS)}
        for place, option in enumerate(self._options):
            if option.key and option.key.casefold() in wanted:
                self._choose(place)
                self.letter_chosen.emit()
                return True
        return False

    def _pressed(self, place: int) -> None:
        """A press on the chosen option takes the choice back: a slip of the glove leaves nothing wrong behind."""
        self.set_text("") if self._options[place].code == self._code else self._choose(place)

    def _choose(self, place: int) -> None:
        self._ring = place if self.hasFocus() else -1
        self.set_text(self._options[place].code)
        self._show()

    def _show(self) -> None:
        for place, (option, button) in enumerate(zip(self._options, self.buttons, strict=True)):
            button.setChecked(option.code == self._code)
            button.ringed = place == self._ring
            button.update()

    def _place(self) -> int:
        codes = [option.code for option in self._options]
        return codes.index(self._code) if self._code in codes else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the ring, Space chooses, Enter goes on (choosing nothing), a letter chooses."""
        key = event.key()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Down):
            step = -1 if key in (Qt.Key.Key_Left, Qt.Key.Key_Up) else 1
            self._ring = max(0, min(len(self.buttons) - 1, self._ring + step))
            self._show()
        elif key == Qt.Key.Key_Space and self._ring >= 0:
            self._choose(self._ring)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
        elif not (event.text().strip() and self.press_letter(event.text())):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring on the chosen or first option."""
        self._ring = self._place()
        self._show()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self._ring = -1
        self._show()
        super().focusOutEvent(event)


class TileGrid(QWidget):
    """Category tiles. Alt+1 ... chooses from anywhere in the window. ``changed(str)`` tells each new code.

    A tile can stand for several categories; what the code means is the page's business.
    """

    changed = Signal(str)

    def __init__(self, options: Sequence[Option], per_row: int = 4) -> None:
        super().__init__()
        self._options = tuple(options)
        self._code = ""
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        self.tiles: list[Tile] = []
        for place, option in enumerate(self._options):
            tile = Tile(option.word, option.icon, str(place + 1) if place < 9 else "")
            tile.clicked.connect(lambda _=False, code=option.code: self.set_text(code))
            grid.addWidget(tile, place // per_row, place % per_row)
            self.tiles.append(tile)
            if place < 9:
                QShortcut(QKeySequence(f"Alt+{place + 1}"), self, lambda code=option.code: self.set_text(code))

    def text(self) -> str:
        """The chosen code, "" for none."""
        return self._code

    def set_text(self, code: str) -> None:
        """Choose ``code``; "" clears."""
        fresh = code != self._code
        self._code = code
        for option, tile in zip(self._options, self.tiles, strict=True):
            tile.setChecked(option.code == code)
        if fresh:
            self.changed.emit(code)
