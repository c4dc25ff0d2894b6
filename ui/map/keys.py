"""The keys of the map, and the panel that lists them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui.widgets.cards import Facts
from ui.widgets.choice import KEY_POSITIONS

OF_THE_CANVAS: tuple[tuple[str, str], ...] = (
    ("← ↑ → ↓", N_("Move the map")), ("+  −", N_("Zoom")), ("0", N_("To my own position")), ("Home", N_("Everything")),
    ("Tab", N_("Next symbol in view")), ("Enter", N_("Open what is chosen")), ("Esc", N_("Close, end a tool")),
)  # fmt: skip
"""Keys that are the same whatever the page offers, with their words."""


def letter_of(event: QKeyEvent) -> str:
    """The Latin letter on the key that was pressed, on a Russian layout too; empty with Ctrl or Alt held."""
    return event.text().casefold().translate(KEY_POSITIONS) if event.text().isprintable() else ""


class KeysPanel(QWidget):
    """Lists keys: those of ``letters`` (letter, word ready to show), then those of the canvas."""

    def __init__(self, texts: Texts, letters: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        shown = [(word, letter.upper()) for letter, word in letters]
        shown += [(texts(word), key) for key, word in OF_THE_CANVAS]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Facts(shown))
