"""The right column of the map: one card that shows what was chosen or the panel of a tool, and the legend below."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, clear
from ui.widgets.frame import scrolled
from ui.widgets.labels import title

WIDTH_PX = 344


class SideCard(Card):
    """Shows one widget at a time, higher than the card: it scrolls. ``closed()``: put away what is shown.

    Below it a ``foot`` may stand that never scrolls: what is pressed there stays where it is.
    """

    closed = Signal()
    shown = Signal()
    """Something else is shown."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.body.setContentsMargins(14, 12, 6, 12)
        self.content: QWidget | None = None
        self._heading = title("")
        self.close_button = Button(texts(N_("Close")), "x")
        self.close_button.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 8, 0)
        head.addWidget(self._heading, 1)
        head.addWidget(self.close_button)
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self.body.addLayout(head)
        self.area = scrolled(inside)
        self.body.addWidget(self.area, 1)
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(0, 0, 8, 0)
        self.body.addLayout(self._foot)

    def show_widget(
        self, content: QWidget, heading: str = "", *, closable: bool = True, foot: QWidget | None = None
    ) -> None:
        """Show this instead of what was shown; what was shown is deleted."""
        clear(self._rows)
        clear(self._foot)
        self.content = content
        self._heading.setText(heading)
        self.close_button.setVisible(closable)
        self._rows.addWidget(content)
        self._rows.addStretch(1)
        content.show()
        if foot is not None:
            self._foot.addWidget(foot)
            foot.show()
        self.area.verticalScrollBar().setValue(0)  # what matters most stands at the top
        self.shown.emit()


class Side(QWidget):
    """The column: the card, and below it whatever the page puts into ``low``."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH_PX)
        self.card = SideCard(texts)
        self.low = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, theme.GAP, theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addWidget(self.card, 1)
        column.addLayout(self.low)
