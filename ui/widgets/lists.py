"""Lists beside a form or record: the checks, and the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.banner import Chip, Place
from ui.widgets.cards import Card, clear
from ui.widgets.labels import Hairline, IconLabel, PlainLabel, secondary

CHECK_ICONS = {
    "ok": ("circle-check", "ok"),
    "look": ("triangle-alert", "warn"),
    "danger": ("triangle-alert", "danger"),
    "not_yet": ("circle", "text2"),
}
"""Icon and tone of each level of a check."""


@dataclass(frozen=True)
class CheckLine:
    """One check: level (ok, look, danger, not_yet), one line, one line of detail."""

    level: str
    first: str
    detail: str = ""


class ChecksPanel(Card):
    """Checks beside the form. They never block saving and never change what was entered."""

    def __init__(self, texts: Texts, lines: Sequence[CheckLine] = ()) -> None:
        super().__init__(texts(N_("Checks")))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(14)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)
        self.body.addWidget(secondary(texts(N_("Checks never block saving."))))
        self.set_lines(lines)

    def lines(self) -> tuple[CheckLine, ...]:
        """The lines shown."""
        return self._lines

    def set_lines(self, lines: Sequence[CheckLine]) -> None:
        """Show these lines instead."""
        self._lines = tuple(lines)
        clear(self._rows)
        for line in self._lines:
            icon, tone = CHECK_ICONS[line.level]
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(IconLabel(icon, 24, tone), 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(1)
            words.addWidget(PlainLabel(line.first, theme.BODY, theme.SEMIBOLD, wrap=True))
            if line.detail:
                words.addWidget(secondary(line.detail))
            row.addLayout(words, 1)
            self._rows.addLayout(row)


@dataclass(frozen=True)
class Change:
    """One field of a history entry: its name, old and new value as shown ("" = there was none)."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class HistoryEntry:
    """One step of a record: number, what was done, who-when-where as one line, fields, reason, where it is."""

    number: str
    what: str
    who: str
    changes: tuple[Change, ...] = ()
    reason: str = ""
    place: Place | None = None


class HistoryList(QWidget):
    """The history of a record, newest first as given; old values red with minus, new values green with plus."""

    def __init__(self, texts: Texts, entries: Sequence[HistoryEntry] = ()) -> None:
        super().__init__()
        self._texts = texts
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self.set_entries(entries)

    def entries(self) -> tuple[HistoryEntry, ...]:
        """The entries shown."""
        return self._entries

    def set_entries(self, entries: Sequence[HistoryEntry]) -> None:
        """Show these entries, newest first."""
        self._entries = tuple(entries)
        clear(self._rows)
        for place, entry in enumerate(entries):
            if place:
                self._rows.addWidget(Hairline())
            self._rows.addWidget(self._entry(entry))
        self._rows.addStretch(1)

    def _entry(self, entry: HistoryEntry) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        grid.setColumnMinimumWidth(0, 36)
        grid.setColumnStretch(2, 1)
        grid.setColumnStretch(3, 1)
        grid.addWidget(PlainLabel(entry.number, theme.POSITION, theme.SEMIBOLD), 0, 0)
        grid.addWidget(PlainLabel(entry.what, theme.BODY, theme.SEMIBOLD, wrap=True), 0, 1, 1, 2)
        if entry.place is not None:
            grid.addWidget(Chip.at(entry.place, self._texts), 0, 3, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(secondary(entry.who), 1, 1, 1, 3)
        line = 2
        for change in entry.changes:
            grid.addWidget(PlainLabel(change.field, theme.BODY, theme.SEMIBOLD, wrap=True), line, 1)
            if change.old:
                grid.addWidget(ValueMark(change.old, new=False), line, 2)
            if change.new:
                grid.addWidget(ValueMark(change.new, new=True), line, 3)
            line += 1
        if entry.reason:
            said = self._texts(N_("Reason: {reason}"), reason=entry.reason)
            grid.addWidget(PlainLabel(said, theme.BODY, wrap=True), line, 1, 1, 3)
        return box


class ValueMark(QFrame):
    """An old value, red with minus, or a new value, green with plus."""

    def __init__(self, value: str, new: bool) -> None:
        super().__init__()
        self._tone = "ok" if new else "danger"
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 8, 3)
        row.setSpacing(8)
        row.addWidget(PlainLabel("+" if new else "\u2212", theme.BODY, theme.SEMIBOLD, self._tone))
        weight = theme.SEMIBOLD if new else theme.REGULAR
        row.addWidget(PlainLabel(value, theme.BODY, weight, self._tone, wrap=True), 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the fill in the current theme."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().pair(self._tone)[1]))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.end()
