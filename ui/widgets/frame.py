"""The frame around every page: rail at the left, top bar, foot bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui import icons, theme
from ui.widgets.banner import Chip
from ui.widgets.buttons import Face, PaintedButton
from ui.widgets.cards import clear
from ui.widgets.labels import IconLabel, PlainLabel, secondary


@dataclass(frozen=True)
class RailItem:
    """One page in the rail: its key, icon and word. ``low`` items stand at the bottom (Settings)."""

    key: str
    icon: str
    word: str
    low: bool = False


class RailButton(PaintedButton):
    """Icon over a word of at most two lines; white when its page is shown."""

    def __init__(self, item: RailItem) -> None:
        super().__init__(item.word)
        self._icon = item.icon
        self.setCheckable(True)
        self.setFixedSize(theme.RAIL_WIDTH - 12, 66)
        self.setFont(theme.font(theme.SECONDARY, theme.MEDIUM))

    def face(self, tokens: theme.Tokens) -> Face:
        """Rail colours; the chosen one stands out."""
        if self.isChecked():
            return Face(tokens.rail_chosen, tokens.rail_chosen, tokens.on_rail_chosen)
        return Face(tokens.rail, tokens.rail, tokens.rail_text)

    def text_boxes(self) -> list[tuple[str, QFont, QRect]]:
        """The word under the icon."""
        weight = theme.SEMIBOLD if self.isChecked() else theme.MEDIUM
        return [(self.text(), theme.font(theme.SECONDARY, weight), QRect(1, 36, self.width() - 2, 28))]

    def paint_content(self, painter: QPainter, face: Face) -> None:
        """Draw icon and word; a light ring shows focus on the dark rail."""
        icons.draw(painter, self._icon, QRectF(self.width() / 2 - 13, 9, 26, 26), face.ink)
        super().paint_content(painter, face)
        if self.hasFocus() and not self.isChecked():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(face.ink), 3))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 8, 8)


class Rail(QFrame):
    """The pages, 104 px wide. ``asked(str)`` tells the key of the page asked for. Scrolls where height is missing."""

    asked = Signal(str)

    def __init__(self, items: Sequence[RailItem]) -> None:
        super().__init__()
        self.setFixedWidth(theme.RAIL_WIDTH)
        self.buttons: dict[str, RailButton] = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(6, 8, 6, 8)
        column.setSpacing(4)
        for low in (False, True):
            for item in items:
                if item.low == low:
                    button = RailButton(item)
                    button.clicked.connect(lambda _=False, key=item.key: self.asked.emit(key))
                    column.addWidget(button)
                    self.buttons[item.key] = button
            if not low:
                column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inside, bars=False))

    def set_current(self, key: str) -> None:
        """Show which page is open."""
        for name, button in self.buttons.items():
            button.setChecked(name == key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill in the current theme."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().rail))
        painter.end()


class _Strip(QFrame):
    """A bar in card colour with a hairline at one edge."""

    def __init__(self, height_px: int, line_below: bool) -> None:
        super().__init__()
        self._line_below = line_below
        self.setMinimumHeight(height_px)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.line = QHBoxLayout(self)
        self._height_px = height_px

    def sizeHint(self) -> QSize:
        """Full width, fixed height."""
        return QSize(400, self._height_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill in the current theme."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.card))
        edge = self.height() - 1 if self._line_below else 0
        painter.fillRect(QRect(0, edge, self.width(), 1), QColor(tokens.hairline))
        painter.end()


class TopBar(_Strip):
    """Title, subtitle, and a chip at the right."""

    def __init__(self) -> None:
        super().__init__(theme.TOP_HEIGHT, line_below=True)
        self.line.setContentsMargins(16, 0, 16, 0)
        self.line.setSpacing(14)
        self._title = PlainLabel("", theme.PAGE, theme.SEMIBOLD)
        self._subtitle = PlainLabel("", theme.SECONDARY, theme.REGULAR, "text2", wrap=True)
        self._chip_place = QHBoxLayout()
        self._chip_text = ""
        self.line.addWidget(self._title)
        self.line.addWidget(self._subtitle, 1)
        self.line.addLayout(self._chip_place)

    def show_page(self, title: str, subtitle: str = "", chip: QWidget | None = None) -> None:
        """Show a page's title, subtitle and chip."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self.show_chip(chip)

    def show_chip(self, chip: QWidget | None) -> None:
        """Show another chip."""
        clear(self._chip_place)
        self._chip_text = chip.text() if isinstance(chip, Chip) else ""
        if chip is not None:
            self._chip_place.addWidget(chip)

    def chip_text(self) -> str:
        """The words of the chip shown; empty where there is none."""
        return self._chip_text

    def title(self) -> str:
        """The title shown."""
        return self._title.text()


class FootBar(_Strip):
    """The draft line at the left, the page's buttons at the right."""

    def __init__(self) -> None:
        super().__init__(theme.FOOT_HEIGHT, line_below=False)
        self.line.setContentsMargins(16, 10, 16, 10)
        self.line.setSpacing(10)
        self._icon = IconLabel("circle-check", 24, "ok")
        self._said = secondary("")
        self._actions = QHBoxLayout()
        self._actions.setSpacing(10)
        self._shown: list[QWidget] = []
        self.line.addWidget(self._icon)
        self.line.addWidget(self._said, 1)
        self.line.addLayout(self._actions)
        self.say("")

    def said(self) -> str:
        """The line at the left."""
        return self._said.text()

    def say(self, line: str, icon: str = "circle-check", tone: str = "ok") -> None:
        """Show a line at the left."""
        self._said.setText(line)
        self._icon.set_icon(icon, tone)
        self._icon.setVisible(bool(line))

    def set_actions(self, actions: Sequence[QWidget]) -> None:
        """Show these buttons (and key caps), the primary one last. They stay the page's: none is deleted.

        Those shown already are left in peace: one of them may have the focus.
        """
        if self._shown == list(actions):
            return
        self._shown = list(actions)
        while (item := self._actions.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
        for action in actions:
            self._actions.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)
            action.show()


def scrolled(inside: QWidget, bars: bool = True) -> QScrollArea:
    """``inside`` in an area that scrolls up and down where height is missing and never squeezes."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if not bars:
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    inside.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area
