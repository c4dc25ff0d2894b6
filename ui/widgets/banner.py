"""What must be noticed, in place: banners that stay until dealt with, and the chips that say where a record is."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui import icons, theme
from ui.widgets.buttons import Button
from ui.widgets.labels import IconLabel, PlainLabel

TONE_ICONS = {
    "danger": "triangle-alert",
    "warn": "triangle-alert",
    "info": "message-square",
    "ok": "circle-check",
    "stale": "clock",
}
"""The icon a tone has where none is named."""


class Banner(QFrame):
    """6 px bar, icon, bold first line, one line of detail, at most one button (``pressed``).

    ``tone``: danger = safety or loss; warn = look; info = HQ speaks; ok = done; stale = no data. A banner that asks
    between two ways gets the other way as ``second`` (``second_pressed``). In a narrow column the buttons stand
    ``below`` the words, which then have the whole width.
    """

    pressed = Signal()
    second_pressed = Signal()

    def __init__(
        self, tone: str, first: str, detail: str = "", button: str = "", icon: str = "", second: str = "",
        *, below: bool = False,
    ) -> None:
        super().__init__()
        self._tone = tone
        self._icon = IconLabel(icon or TONE_ICONS[tone], 24, tone)
        self._first = PlainLabel(first, theme.BODY, theme.SEMIBOLD, tone, wrap=True)
        self._detail = PlainLabel(detail, theme.SECONDARY, theme.REGULAR, "text", wrap=True)
        if not detail:  # to show it here, where it has no parent yet, would open a window of its own
            self._detail.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._first)
        words.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 9, 12, 9)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        buttons = row
        if below:
            buttons = QHBoxLayout()
            buttons.setSpacing(10)
            words.addSpacing(6)
            words.addLayout(buttons)
        self.buttons: list[Button] = []
        for text, signal in ((second, self.second_pressed), (button, self.pressed)):
            if text:
                made = Button(text)
                made.clicked.connect(signal)
                buttons.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
                self.buttons.append(made)
        if below:
            buttons.addStretch(1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def tone(self) -> str:
        """Its tone."""
        return self._tone

    def words(self) -> tuple[str, str]:
        """First line and detail."""
        return self._first.text(), self._detail.text()

    def say(self, tone: str, first: str, detail: str = "", icon: str = "") -> None:
        """Say something else in place; the buttons stay."""
        self._tone = tone
        self._icon.set_icon(icon or TONE_ICONS[tone], tone)
        self._first.setText(first)
        self._first.set_tone(tone)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill and bar in the current theme."""
        ink, fill = theme.current().pair(self._tone)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(fill))
        painter.fillRect(QRect(0, 0, 6, self.height()), QColor(ink))
        painter.end()


def error_banner(parts: tuple[str, str, str]) -> Banner:
    """The banner of an ``OperatorError``: what happened, then what was kept and what to do."""
    what, kept, do = parts
    return Banner("danger", what, "\n".join(part for part in (kept, do) if part))


class Place(Enum):
    """Where a record is, or what is the matter with it. The same words everywhere."""

    THIS_LAPTOP = "this_laptop"
    ON_A_STICK = "on_a_stick"
    SAFE_AT_HQ = "safe_at_hq"
    HQ_ASKS = "hq_asks"
    RETRACTED = "retracted"


_PLACES = {
    Place.THIS_LAPTOP: (N_("This laptop"), "warn", "laptop"),
    Place.ON_A_STICK: (N_("On a stick"), "info", "usb"),
    Place.SAFE_AT_HQ: (N_("Safe at HQ"), "ok", "shield-check"),
    Place.HQ_ASKS: (N_("HQ asks"), "danger", "message-square"),
    Place.RETRACTED: (N_("Retracted"), "stale", "ban"),
}


def place_look(place: Place, texts: Texts) -> tuple[str, str, str]:
    """Word, tone and icon of a place, as a chip and a table cell show it."""
    word, tone, icon = _PLACES[place]
    return texts(word), tone, icon


class Chip(QWidget):
    """A state in one or two words, with its icon. 32 px high; never pressed."""

    def __init__(self, text: str, tone: str = "plain", icon: str = "", struck: bool = False) -> None:
        super().__init__()
        self._text, self._tone, self._icon, self._struck = text, tone, icon, struck
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    @classmethod
    def at(cls, place: Place, texts: Texts) -> Chip:
        """The chip of a place."""
        word, tone, icon = place_look(place, texts)
        return cls(word, tone, icon, place is Place.RETRACTED)

    def text(self) -> str:
        """The word shown."""
        return self._text

    def tone(self) -> str:
        """Its tone."""
        return self._tone

    def sizeHint(self) -> QSize:
        """Room for icon and word."""
        return QSize(chip_width(self._text, self._icon), 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chip in the current theme."""
        painter = QPainter(self)
        draw_chip(painter, QRectF(self.rect()), self._text, self._tone, self._icon, self._struck)
        painter.end()


def _chip_font(struck: bool = False) -> QFont:
    made = theme.font(theme.SECONDARY, theme.SEMIBOLD)
    made.setStrikeOut(struck)
    return made


def chip_width(text: str, icon: str) -> int:
    """Width of a chip in logical px."""
    return QFontMetrics(_chip_font()).horizontalAdvance(text) + 22 + (24 if icon else 0)


def draw_chip(painter: QPainter, rect: QRectF, text: str, tone: str, icon: str = "", struck: bool = False) -> None:
    """Draw a chip filling ``rect``; tables draw theirs with this too."""
    ink, fill = theme.current().pair(tone)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(rect, 5, 5)
    left = rect.left() + 10
    if icon:
        icons.draw(painter, icon, QRectF(left, rect.center().y() - 9, 18, 18), ink)
        left += 24
    painter.setPen(QColor(ink))
    painter.setFont(_chip_font(struck))
    painter.drawText(
        QRectF(left, rect.top(), rect.right() - left, rect.height()),
        int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
        text,
    )
