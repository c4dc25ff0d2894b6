"""Fields one types into. Each has its label above, keeps what was typed as it was typed, and tells every change.

All input widgets of forms share one shape: ``text() -> str``, ``set_text(str)`` and the signal ``changed(str)``.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QMetaMethod, Qt, Signal, SignalInstance
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.labels import PlainLabel, field_label, secondary


class Input(Protocol):
    """What a form needs of an input widget."""

    @property
    def changed(self) -> SignalInstance:
        """Emits the text at each change."""
        ...

    def text(self) -> str:
        """What was entered, valid or not."""
        ...

    def set_text(self, text: str) -> None:
        """Show ``text`` as if it had been entered."""
        ...


_LEFT_TO_THE_FORM = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Z, Qt.Key.Key_Y)


class LineEdit(QLineEdit):
    """A line, 56 px high. Enter goes to the next field; with Ctrl it is left to the page.

    ``next_on_enter`` is where Enter goes instead, for forms whose quick way leaves fields out. ``reached()``: the
    focus has come here. ``list_pasted(str)``: the clipboard held several lines; where somebody listens for them,
    nothing of them is put in here.
    """

    entered = Signal()
    reached = Signal()
    list_pasted = Signal(str)

    def __init__(self, size_px: int = theme.VALUE) -> None:
        super().__init__()
        self.next_on_enter: QWidget | None = None
        self.setFont(theme.font(size_px, theme.MEDIUM))
        self.setMinimumWidth(theme.TARGET)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter tells ``entered`` and goes on; Ctrl+Enter, Ctrl+Z, Ctrl+Y and Esc are left to the form."""
        key, ctrl = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not ctrl:
            focused = QApplication.focusWidget()
            self.entered.emit()
            if self.next_on_enter is None:
                if QApplication.focusWidget() is focused:  # else whoever was told has put it somewhere
                    self.focusNextChild()
            else:
                self.next_on_enter.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.matches(QKeySequence.StandardKey.Paste) and self._takes_lists() and _clipboard_lines() > 1:
            self.list_pasted.emit(QApplication.clipboard().text())
        elif key == Qt.Key.Key_Escape or (ctrl and key in _LEFT_TO_THE_FORM):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the focus is here."""
        super().focusInEvent(event)
        self.reached.emit()

    def _takes_lists(self) -> bool:
        return self.isSignalConnected(QMetaMethod.fromSignal(self.list_pasted))


def _clipboard_lines() -> int:
    return len([line for line in QApplication.clipboard().text().splitlines() if line.strip()])


class Labelled(QWidget):
    """A label line above an input, a note at its right, and an error line below that takes no room while empty."""

    def __init__(self, label: str, note: str = "") -> None:
        super().__init__()
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # else Qt leaves the whole of it out of any Tab order
        self._label = field_label(label)
        self._note = secondary(note, wrap=False)
        self._problem = PlainLabel("", theme.SECONDARY, theme.MEDIUM, "danger", wrap=True)
        self._problem.hide()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._label)
        head.addStretch(1)
        head.addWidget(self._note)
        self.body = QHBoxLayout()
        self.body.setSpacing(6)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        outer.addLayout(head)
        outer.addLayout(self.body)
        outer.addWidget(self._problem)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def label(self) -> str:
        """The label."""
        return self._label.text()

    def note(self) -> str:
        """The note beside the label."""
        return self._note.text()

    def set_note(self, note: str, tone: str = "text2") -> None:
        """Say something short beside the label."""
        self._note.setText(note)
        self._note.set_tone(tone)

    def problem(self) -> str:
        """The sentence under the field, empty while there is none."""
        return self._problem.text()

    def set_problem(self, sentence: str) -> None:
        """Say under the field what cannot be accepted; "" takes it away."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))


class Field(Labelled):
    """A labelled line. ``secret`` hides what is typed (PIN, passphrase)."""

    changed = Signal(str)

    def __init__(self, label: str, note: str = "", placeholder: str = "", secret: bool = False) -> None:
        super().__init__(label, note)
        self.line = LineEdit()
        self.line.setPlaceholderText(placeholder)
        self.line.setAccessibleName(label)
        if secret:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.textChanged.connect(self.changed)
        self.body.addWidget(self.line)
        self.setFocusProxy(self.line)

    def text(self) -> str:
        """What was typed."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Show ``text``."""
        self.line.setText(text)


class TextField(Labelled):
    """A labelled field of several lines; Tab leaves it."""

    changed = Signal(str)

    def __init__(self, label: str, note: str = "", lines: int = 3) -> None:
        super().__init__(label, note)
        self.area = QPlainTextEdit()
        self.area.setFont(theme.font(theme.BODY))
        self.area.setTabChangesFocus(True)
        self.area.setAccessibleName(label)
        self.area.setFixedHeight(max(theme.TARGET, 24 * lines + 16))
        self.area.textChanged.connect(lambda: self.changed.emit(self.text()))
        self.body.addWidget(self.area)
        self.setFocusProxy(self.area)

    def text(self) -> str:
        """What was typed."""
        return self.area.toPlainText()

    def set_text(self, text: str) -> None:
        """Show ``text``."""
        if text != self.text():
            self.area.setPlainText(text)


class NumberField(Labelled):
    """A number with - and + beside it. What is typed is kept as typed; - and + keep to the limits.

    A letter typed here is not entered: ``letter(str)`` hands it on (from Depth to Condition, say). With a
    ``fraction`` a point or comma may be typed.
    """

    changed = Signal(str)
    letter = Signal(str)

    def __init__(
        self, label: str, minimum: int = 0, maximum: int = 10_000_000, note: str = "", fraction: bool = False,
        buttons: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(label, note)
        self._minimum, self._maximum, self._fraction = minimum, maximum, fraction
        self.line = _NumberLine(fraction)
        self.line.setAccessibleName(label)
        self.line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.line.textChanged.connect(self.changed)
        self.line.letter.connect(self.letter)
        self.line.stepped.connect(self._step)
        self.less, self.more = Button("\u2212", size_px=theme.PAGE), Button("+", size_px=theme.PAGE)
        for button, step in ((self.less, -1), (self.more, 1)):
            button.setFixedSize(theme.TARGET, theme.TARGET)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAutoRepeat(True)
            button.clicked.connect(lambda _=False, step=step: self._step(step))
            if not buttons:
                button.hide()
        self.body.addWidget(self.less)
        self.body.addWidget(self.line, 1)
        self.body.addWidget(self.more)
        self.setFocusProxy(self.line)

    def text(self) -> str:
        """What was typed, with the comma read as a point."""
        return self.line.text().strip().replace(",", ".").replace("\u2212", "-")

    def set_text(self, text: str) -> None:
        """Show ``text``."""
        if text != self.text():
            self.line.setText(text)

    def _step(self, step: int) -> None:
        try:
            value = int(float(self.text() or "0")) + step if self.text() else max(self._minimum, 0)
        except (ValueError, OverflowError):
            return
        self.line.setText(str(max(self._minimum, min(self._maximum, value))))


class _NumberLine(LineEdit):
    letter = Signal(str)
    stepped = Signal(int)

    def __init__(self, fraction: bool) -> None:
        super().__init__()
        self._signs = "-\u2212.," if fraction else "-\u2212"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and signs are typed, arrows up and down count, letters are handed on."""
        typed = event.text()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Up else -1)
        elif plain and typed == "+":
            self.stepped.emit(1)
        elif plain and typed.isprintable() and typed.strip() and not typed.isdigit() and typed not in self._signs:
            self.letter.emit(typed)
        else:
            super().keyPressEvent(event)
