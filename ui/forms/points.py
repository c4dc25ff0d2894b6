"""Turning points, typed one to a row in decimal degrees or UTM: add, insert, remove; each read back beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.operations.plots import role_of
from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets import Button, PlainLabel
from ui.widgets.fields import LineEdit


class PointRow(QWidget):
    """One point: its name, what was typed, buttons to insert one before it and to remove it, and its read-back."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.name = PlainLabel("", theme.BODY, theme.SEMIBOLD)
        self.name.setFixedWidth(46)
        self.line = LineEdit(theme.BODY)
        self.insert = Button("", "plus")
        self.insert.setAccessibleName(texts(N_("Insert a point before this one")))
        self.remove = Button("", "x")
        self.remove.setAccessibleName(texts(N_("Remove this point")))
        for button in (self.insert, self.remove):
            button.setFixedSize(theme.TARGET, theme.TARGET)
        self.said = PlainLabel("", theme.SECONDARY, theme.REGULAR, "text2", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(6)
        for widget in (self.name, self.line, self.insert, self.remove):
            row.addWidget(widget)
        said = QHBoxLayout()
        said.setContentsMargins(52, 0, 0, 0)
        said.addWidget(self.said)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addLayout(row)
        column.addLayout(said)

    def say(self, sentence: str, tone: str = "text2") -> None:
        """Say below the line what was read, or why nothing was."""
        self.said.setText(sentence)
        self.said.set_tone(tone)


class PointsEditor(QWidget):
    """The points of one ring. ``text()`` holds one point to a line; the last, empty row is no point.

    ``changed(str)`` follows each change; ``step`` counts up when another point begins to be changed, so that one
    undo takes back one point. ``current_changed(int)`` tells the row that has the focus.
    """

    changed = Signal(str)
    current_changed = Signal(int)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._quiet = False
        self._typing_in = -1
        self.step = 0
        self.rows: list[PointRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addStretch(1)
        self._show([])

    def points(self) -> list[str]:
        """The points as typed; an empty row between others is a point that is still missing."""
        lines = [row.line.text() for row in self.rows]
        while lines and not lines[-1].strip():
            lines.pop()
        return lines

    def text(self) -> str:
        """One point to a line."""
        return "\n".join(self.points())

    def set_text(self, text: str) -> None:
        """Show these points."""
        if text != self.text():
            self._show(text.split("\n") if text else [])
            self.changed.emit(self.text())

    def insert_before(self, place: int) -> None:
        """An empty row before the one at ``place``."""
        lines = [row.line.text() for row in self.rows]
        lines.insert(place, "")
        self._change(lines, place)

    def remove(self, place: int) -> None:
        """Take the row at ``place`` out."""
        lines = [row.line.text() for row in self.rows]
        del lines[place]
        self._change(lines, min(place, len(lines) - 1))

    def say(self, sentences: Sequence[tuple[str, str]]) -> None:
        """What each row says below itself: sentence and tone."""
        for row, (sentence, tone) in zip(self.rows, [*sentences, ("", "text2")], strict=False):
            row.say(sentence, tone)
        for row in self.rows[len(sentences) :]:
            row.say("")

    def tab_stops(self) -> list[QWidget]:
        """The lines, in order."""
        return [row.line for row in self.rows]

    def _change(self, lines: list[str], focus: int) -> None:
        self.step += 1
        self._typing_in = -1
        self._show(lines)
        self.changed.emit(self.text())
        self.rows[max(0, min(focus, len(self.rows) - 1))].line.setFocus()

    def _show(self, lines: Sequence[str]) -> None:
        """One row to a line and an empty one at the end; rows that stay keep their focus."""
        wanted = [*lines]
        while wanted and not wanted[-1].strip():
            wanted.pop()
        wanted.append("")
        self._quiet = True
        while len(self.rows) > len(wanted):
            old = self.rows.pop()
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        while len(self.rows) < len(wanted):
            self._append()
        for place, (row, text) in enumerate(zip(self.rows, wanted, strict=True)):
            row.name.setText(role_of(place))
            row.line.setAccessibleName(self._texts(N_("Turning point {name}"), name=role_of(place)))
            if row.line.text() != text:
                row.line.setText(text)
        self._quiet = False
        self._buttons()

    def _append(self) -> None:
        row = PointRow(self._texts)
        place = len(self.rows)
        row.line.textChanged.connect(partial(self._typed, place))
        row.line.entered.connect(partial(self._entered, place))
        row.insert.clicked.connect(partial(self._insert_pressed, place))
        row.remove.clicked.connect(partial(self._remove_pressed, place))
        self.rows.append(row)
        self._column.insertWidget(place, row)
        if place:
            self.setTabOrder(self.rows[place - 1].remove, row.line)
        self.setTabOrder(row.line, row.insert)
        self.setTabOrder(row.insert, row.remove)

    def _buttons(self) -> None:
        for place, row in enumerate(self.rows):
            last = place == len(self.rows) - 1
            row.insert.setEnabled(not last)
            row.remove.setEnabled(not last)
            following = self.rows[place + 1] if not last else None
            row.line.next_on_enter = following.line if following else None

    def _insert_pressed(self, place: int, *_pressed: object) -> None:
        self.insert_before(place)

    def _remove_pressed(self, place: int, *_pressed: object) -> None:
        self.remove(place)

    def _entered(self, place: int) -> None:
        self.current_changed.emit(min(place + 1, len(self.rows) - 1))

    def _typed(self, place: int, text: str) -> None:
        if self._quiet:
            return
        if place != self._typing_in:
            self._typing_in = place
            self.step += 1
        if place == len(self.rows) - 1 and text.strip():
            self.rows[place].say("")
            self._quiet = True
            self._append()
            self._quiet = False
            self.rows[-1].name.setText(role_of(len(self.rows) - 1))
            self._buttons()
        self.current_changed.emit(place)
        self.changed.emit(self.text())

    def current(self) -> int:
        """The row that has the focus, -1 for none."""
        return next((place for place, row in enumerate(self.rows) if row.line.hasFocus()), -1)

    def focus_first_free(self) -> None:
        """Put the focus where typing goes on."""
        self.rows[-1].line.setFocus(Qt.FocusReason.OtherFocusReason)
