"""Cards and what stands in them: figures, empty states, facts, the four numbers of a preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.labels import Hairline, IconLabel, PlainLabel, secondary, title


class Card(QFrame):
    """A card: padding 16, radius 10, hairline border. Put the content into ``body``; ``side`` stands at the title."""

    def __init__(self, heading: str = "", note: str = "", side: QWidget | None = None) -> None:
        super().__init__()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.PADDING)
        self.body.setSpacing(10)
        self._note = secondary(note, wrap=False)
        if heading or note or side:
            head = QHBoxLayout()
            head.setSpacing(12)
            head.addWidget(title(heading), 1)
            head.addWidget(self._note)
            if side is not None:
                head.addWidget(side)
            self.body.addLayout(head)

    def set_note(self, note: str) -> None:
        """Say something short at the right of the title."""
        self._note.setText(note)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card in the current theme."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.hairline), 1))
        painter.setBrush(QColor(tokens.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        painter.end()


class StatTile(QWidget):
    """One figure with its icon and word: ``6 AP mines``."""

    def __init__(
        self, figure: str, word: str, icon: str = "", size_px: int = theme.HERO_LARGE, tone: str = "text"
    ) -> None:
        super().__init__()
        self._figure = PlainLabel(figure, size_px, theme.SEMIBOLD, tone)
        self._word = secondary(word)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(0)
        if icon:
            grid.addWidget(IconLabel(icon, 36, tone), 0, 0)
        grid.addWidget(self._figure, 0, 1)
        grid.addWidget(self._word, 1, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(2, 1)

    def figure(self) -> str:
        """The figure shown."""
        return self._figure.text()

    def set_figure(self, figure: str, word: str = "", tone: str = "") -> None:
        """Show another figure, and word and tone where given."""
        self._figure.setText(figure)
        if tone:
            self._figure.set_tone(tone)
        if word:
            self._word.setText(word)


class EmptyState(QWidget):
    """One sentence what belongs here, and one button (``pressed``) that brings it."""

    pressed = Signal()

    def __init__(self, sentence: str, button: str = "", icon: str = "circle-plus") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(IconLabel(icon, 44, "text2"), 0, Qt.AlignmentFlag.AlignHCenter)
        self._words = PlainLabel(sentence, theme.TITLE, theme.MEDIUM, "text", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._words)
        if button:
            made = Button(button)
            made.clicked.connect(self.pressed)
            column.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def set_sentence(self, sentence: str) -> None:
        """Say something else; its place stays."""
        self._words.setText(sentence)


_WORD_PX = 190
"""A word of ``Facts`` that is longer wraps, so that its value keeps room."""


class Facts(QWidget):
    """Lines of a word at the left and its value at the right, as they are read back."""

    def __init__(self, facts: Sequence[tuple[str, str]] = (), value_px: int = theme.BODY) -> None:
        super().__init__()
        self._value_px = value_px
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(6)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        self.set_facts(facts)

    def set_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these lines instead."""
        clear(self._grid)
        for place, (word, value) in enumerate(facts):
            named = secondary(word)
            named.setMinimumWidth(min(named.fontMetrics().horizontalAdvance(word) + 2, _WORD_PX))
            self._grid.addWidget(named, place, 0, Qt.AlignmentFlag.AlignTop)
            shown = PlainLabel(value, self._value_px, theme.SEMIBOLD, wrap=True)
            shown.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(shown, place, 1)


class InfoRow(QWidget):
    """An icon, a bold line over a secondary line, and a figure at the right: ``Safe at HQ ... 371``."""

    def __init__(self, icon: str, first: str, detail: str = "", figure: str = "", tone: str = "text") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(IconLabel(icon, 24, tone))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(PlainLabel(first, theme.BODY, theme.SEMIBOLD, wrap=True))
        if detail:
            words.addWidget(secondary(detail))
        row.addLayout(words, 1)
        if figure:
            row.addWidget(PlainLabel(figure, theme.POSITION, theme.SEMIBOLD, tone))


@dataclass(frozen=True)
class Counts:
    """The four numbers of a preview; they add up to what is in the bundle."""

    new: int
    known: int
    differ: int
    refused: int


class PreviewNumbers(QWidget):
    """New, known, differ, refused, as four cards."""

    def __init__(self, counts: Counts, texts: Texts) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for word, number, detail, icon, tone in (
            (N_("New"), counts.new, N_("not here yet"), "circle-plus", "accent"),
            (N_("Known"), counts.known, N_("here already"), "check-check", "text"),
            (N_("Differ"), counts.differ, N_("someone changed the same field"), "git-compare", "warn"),
            (N_("Refused"), counts.refused, N_("kept aside with its reason"), "shield-x", "danger"),
        ):
            card = Card()
            head = QHBoxLayout()
            head.addWidget(IconLabel(icon, 26, tone))
            head.addWidget(title(texts(word)), 1)
            card.body.addLayout(head)
            card.body.addWidget(PlainLabel(texts.number(number), theme.HERO_LARGE, theme.SEMIBOLD, tone))
            card.body.addWidget(secondary(texts(detail)))
            card.body.addStretch(1)
            row.addWidget(card, 1)


def clear(layout: QVBoxLayout | QHBoxLayout | QGridLayout) -> None:
    """Take everything out of a layout and let Qt delete it."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        inner = item.layout()
        if isinstance(inner, QVBoxLayout | QHBoxLayout | QGridLayout):
            clear(inner)


def hairline() -> Hairline:
    """A line between parts of a card."""
    return Hairline()
