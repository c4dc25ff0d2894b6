"""How good a position is: words over their values, side by side."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from ui import theme
from ui.widgets.labels import PlainLabel, secondary
from ui.widgets.position_reading import Lines

PER_ROW = 4


class QualityRow(QWidget):
    """Accuracy, fix, satellites, HDOP, age. Labels are reused: it changes several times a second."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(0)
        self._cells: list[tuple[PlainLabel, PlainLabel]] = []
        self._lines: Lines = ()
        self._tone = "text"
        self.hide()

    def lines(self) -> Lines:
        """What is shown."""
        return self._lines

    def set_lines(self, lines: Lines, tone: str = "text") -> None:
        """Show these words and values."""
        if lines == self._lines and tone == self._tone:
            return
        self._lines, self._tone = lines, tone
        while len(self._cells) < len(lines):
            place = len(self._cells)
            word, value = secondary("", wrap=False), PlainLabel("", theme.BODY, theme.SEMIBOLD)
            row, column = 2 * (place // PER_ROW), place % PER_ROW
            self._grid.addWidget(word, row, column)
            self._grid.addWidget(value, row + 1, column)
            self._grid.setColumnStretch(column, 1)
            self._cells.append((word, value))
        for place, (word, value) in enumerate(self._cells):
            shown = place < len(lines)
            if shown:
                word.setText(lines[place][0])
                value.setText(lines[place][1])
                if value.tone() != tone:
                    value.set_tone(tone)
            word.setVisible(shown)
            value.setVisible(shown)
        self.setVisible(bool(lines))
