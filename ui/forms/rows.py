"""Rows of typed lines - turning points, legs - to be added, inserted, moved and removed by keys or by touch.

There is always one empty row at the end, which is no row yet. What each row means is for others to say below it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.fields import LineEdit
from ui.widgets.labels import PlainLabel, field_label

NAME_PX = 54


@dataclass(frozen=True)
class Line:
    """One row: what was typed in each column, and what belongs to it without being typed (``tags``)."""

    cells: tuple[str, ...]
    tags: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing is typed in it."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class RowColumn:
    """A column of lines: its name, and its width in px (0: takes what is left)."""

    name: str
    width_px: int = 0
    placeholder: str = ""


class EditRow(QWidget):
    """One row: its name, its lines, and what is said of them below."""

    def __init__(self, columns: Sequence[RowColumn]) -> None:
        super().__init__()
        self.name = PlainLabel("", theme.BODY, theme.SEMIBOLD)
        self.name.setFixedWidth(NAME_PX)
        self.lines = [LineEdit(theme.BODY) for _ in columns]
        self.tags: tuple[str, ...] = ()
        self.said = PlainLabel("", theme.SECONDARY, theme.REGULAR, "text2", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.name)
        for column, line in zip(columns, self.lines, strict=True):
            line.setPlaceholderText(column.placeholder)
            if column.width_px:
                line.setFixedWidth(column.width_px)
            row.addWidget(line)
        said = QHBoxLayout()
        said.setContentsMargins(NAME_PX + 6, 0, 0, 0)
        said.addWidget(self.said)
        column_of = QVBoxLayout(self)
        column_of.setContentsMargins(0, 0, 0, 0)
        column_of.setSpacing(1)
        column_of.addLayout(row)
        column_of.addLayout(said)

    @property
    def line(self) -> LineEdit:
        """The first line."""
        return self.lines[0]

    def content(self) -> Line:
        """What stands in it."""
        return Line(tuple(line.text() for line in self.lines), self.tags)

    def say(self, sentence: str, tone: str = "text2") -> None:
        """Say below the lines what was read, or why nothing was."""
        self.said.setText(sentence)
        self.said.set_tone(tone)


class RowsEditor(QWidget):
    """The rows. ``changed()`` follows each change, ``current_changed(int)`` tells the row that has the focus.

    ``step`` counts up when another row begins to be changed, so that one undo takes back one row. Alt+Insert puts a
    row before this one, Alt+Delete takes it out, Alt+Up and Alt+Down move it; the buttons do the same.
    ``list_pasted(str)``: several lines were pasted into one; they are not taken before somebody has looked at them.
    """

    changed = Signal()
    current_changed = Signal(int)
    list_pasted = Signal(str)

    def __init__(
        self, texts: Texts, columns: Sequence[RowColumn], names_of: Callable[[Sequence[Line]], Sequence[str]],
        line_name: Callable[[str, str], str], *, headed: bool = False,
    ) -> None:  # fmt: skip
        """``names_of`` names all rows, ``line_name(row, column)`` their lines for who cannot see them."""
        super().__init__()
        self._texts, self._columns = texts, tuple(columns)
        self._names_of, self._line_name = names_of, line_name
        self._quiet = False
        self._typing_in = -1
        self._current = 0
        self.step = 0
        self.rows: list[EditRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        if headed:
            column.addLayout(self._head())
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        column.addLayout(self._column)
        self._make_buttons()
        self._show([])
        column.addStretch(1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addSpacing(NAME_PX + 6)
        self.heads = [field_label(one.name) for one in self._columns]
        for column, label in zip(self._columns, self.heads, strict=True):
            if column.width_px:
                label.setFixedWidth(column.width_px)
                head.addWidget(label)
            else:
                head.addWidget(label, 1)
        return head

    def _make_buttons(self) -> None:
        texts = self._texts
        self.insert_button, self.up_button = Button("", "plus"), Button("\u2191", size_px=theme.PAGE)
        self.down_button, self.remove_button = Button("\u2193", size_px=theme.PAGE), Button("", "x")
        self.buttons = (self.insert_button, self.up_button, self.down_button, self.remove_button)
        for button, words, keys, act in (
            (self.insert_button, N_("Insert a row before this one"), "Alt+Ins", self.insert_before),
            (self.up_button, N_("Move this row up"), "Alt+Up", partial(self.move_row, by=-1)),
            (self.down_button, N_("Move this row down"), "Alt+Down", partial(self.move_row, by=1)),
            (self.remove_button, N_("Remove this row"), "Alt+Del", self.remove),
        ):
            button.setAccessibleName(texts(words))
            button.setFixedSize(theme.TARGET, theme.TARGET)
            button.clicked.connect(partial(self._here, act))
            key = QShortcut(QKeySequence(keys), self, partial(self._here, act))
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _here(self, act: Callable[[int], None], *_pressed: object) -> None:
        act(self.current())

    def content(self) -> list[Line]:
        """The rows as typed; an empty row between others is one that is still missing."""
        lines = [row.content() for row in self.rows]
        while lines and lines[-1].empty:
            lines.pop()
        return lines

    def set_content(self, lines: Sequence[Line]) -> None:
        """Show these rows. ``changed`` is not told: nobody typed."""
        self._typing_in = -1
        self._show(lines)

    def insert_before(self, place: int) -> None:
        """An empty row before the one at ``place``."""
        lines = [row.content() for row in self.rows]
        lines.insert(place, Line(("",) * len(self._columns)))
        self._change(lines, place)

    def remove(self, place: int) -> None:
        """Take the row at ``place`` out."""
        lines = [row.content() for row in self.rows]
        del lines[place]
        self._change(lines, min(place, len(lines) - 1))

    def move_row(self, place: int, by: int) -> None:
        """Let the row at ``place`` change places with the one ``by`` further on; the last, empty one stays last."""
        lines = self.content()
        if place < len(lines) and 0 <= place + by < len(lines):
            lines[place], lines[place + by] = lines[place + by], lines[place]
            self._change(lines, place + by)

    def add(self, line: Line) -> None:
        """Add a row where typing would go on: at the first free one."""
        self._change([*self.content(), line], len(self.content()) + 1)

    def set_tags(self, place: int, tags: tuple[str, ...]) -> None:
        """Say what else belongs to the row at ``place``."""
        self.step += 1
        self._typing_in = -1
        self.rows[place].tags = tags
        self._names()
        self.changed.emit()

    def say(self, sentences: Sequence[tuple[str, str]]) -> None:
        """What each row says below itself: sentence and tone."""
        for row, (sentence, tone) in zip(self.rows, [*sentences, ("", "text2")], strict=False):
            row.say(sentence, tone)
        for row in self.rows[len(sentences) :]:
            row.say("")

    def current(self) -> int:
        """The row that has or had the focus last."""
        here = next((place for place, row in enumerate(self.rows) if any(one.hasFocus() for one in row.lines)), None)
        if here is not None:
            self._current = here
        return min(self._current, len(self.rows) - 1)

    def focus_row(self, place: int) -> None:
        """Put the focus into the row at ``place``."""
        self.rows[max(0, min(place, len(self.rows) - 1))].line.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_first_free(self) -> None:
        """Put the focus where typing goes on."""
        self.rows[-1].line.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_column(self, place: int, shown: bool) -> None:
        """Show or hide the column at ``place``; what is typed in it stays."""
        for row in self.rows:
            row.lines[place].setVisible(shown)
        if hasattr(self, "heads"):
            self.heads[place].setVisible(shown)
        self._hidden = (self._hidden - {place}) if shown else (self._hidden | {place})

    _hidden: frozenset[int] = frozenset()

    def _change(self, lines: list[Line], focus: int) -> None:
        self.step += 1
        self._typing_in = -1
        self._show(lines)
        self.changed.emit()
        self._current = max(0, min(focus, len(self.rows) - 1))
        self.rows[self._current].line.setFocus()

    def _show(self, lines: Sequence[Line]) -> None:
        """One row to a line and an empty one at the end; rows that stay keep their focus."""
        wanted = [*lines]
        while wanted and wanted[-1].empty:
            wanted.pop()
        wanted.append(Line(("",) * len(self._columns)))
        self._quiet, lost = True, False
        while len(self.rows) > len(wanted):
            old = self.rows.pop()
            lost = lost or any(line.hasFocus() for line in old.lines)
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        while len(self.rows) < len(wanted):
            self._append()
        for row, line in zip(self.rows, wanted, strict=True):
            row.tags = line.tags
            for edit, text in zip(row.lines, line.cells, strict=True):
                if edit.text() != text:
                    edit.setText(text)
        self._quiet = False
        self._names()
        if lost:  # the row that was typed in is gone: typing goes on in the last one
            self.focus_first_free()

    def _append(self) -> None:
        row = EditRow(self._columns)
        place = len(self.rows)
        for number, line in enumerate(row.lines):
            line.textChanged.connect(partial(self._typed, row))
            line.setVisible(number not in self._hidden)
            line.reached.connect(partial(self._focused, row))
            line.list_pasted.connect(self.list_pasted)
        self.rows.append(row)
        self._column.insertWidget(place, row)
        lines = [*(self.rows[place - 1].lines[-1:] if place else []), *row.lines]
        for one, following in pairwise(lines):
            self.setTabOrder(one, following)

    def _names(self) -> None:
        names = self._names_of([row.content() for row in self.rows])
        for place, (row, name) in enumerate(zip(self.rows, names, strict=True)):
            row.name.setText(name)
            following = self.rows[place + 1] if place + 1 < len(self.rows) else None
            for number, (line, column) in enumerate(zip(row.lines, self._columns, strict=True)):
                line.setAccessibleName(self._line_name(name, column.name))
                on = next((n for n in range(number + 1, len(row.lines)) if n not in self._hidden), None)
                line.next_on_enter = row.lines[on] if on is not None else following.line if following else None

    def _place(self, row: EditRow) -> int:
        return self.rows.index(row) if row in self.rows else 0

    def _focused(self, row: EditRow) -> None:
        if not self._quiet and row in self.rows:
            self._current = self._place(row)
            self.current_changed.emit(self._current)

    def _typed(self, row: EditRow, _text: str) -> None:
        if self._quiet:
            return
        place = self._place(row)
        if place != self._typing_in:
            self._typing_in = place
            self.step += 1
        if row.tags:  # what was typed over a fix or another system's text is typed now
            row.tags = retyped(row.tags)
        if place == len(self.rows) - 1 and not row.content().empty:
            row.say("")
            self._quiet = True
            self._append()
            self._quiet = False
        self._names()
        self.current_changed.emit(place)
        self.changed.emit()


def retyped(tags: tuple[str, ...]) -> tuple[str, ...]:
    """The tags of a row whose text a person has changed: only the first, its role, is still true."""
    return tags[:1] if tags[:1] != ("",) else ()
