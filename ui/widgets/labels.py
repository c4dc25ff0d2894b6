"""Words and icons: the only place where text becomes a label. Text is always shown as plain text, never as markup."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui import icons, theme


class PlainLabel(QLabel):
    """A label that never interprets its text.

    ``tone`` is ``text``, ``text2``, ``accent``, ``on_accent``, ``ok``, ``warn``, ``danger``, ``stale`` or ``info``.
    A wrapping label takes the height its text needs at the width it gets.
    """

    def __init__(
        self,
        text: str = "",
        size_px: int = theme.BODY,
        weight: QFont.Weight = theme.REGULAR,
        tone: str = "text",
        wrap: bool = False,
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(size_px, weight))
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.setText(text)

    def tone(self) -> str:
        """The tone it is shown in."""
        return str(self.property("tone"))

    def set_tone(self, tone: str) -> None:
        """Show the text in another tone."""
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)


def title(text: str) -> PlainLabel:
    """The title of a card, 19/600."""
    return PlainLabel(text, theme.TITLE, theme.SEMIBOLD, wrap=True)


def field_label(text: str) -> PlainLabel:
    """The label of a field, 15/600."""
    return PlainLabel(text, theme.SECONDARY, theme.SEMIBOLD, "text2")


def secondary(text: str, wrap: bool = True) -> PlainLabel:
    """Secondary text, 15/400."""
    return PlainLabel(text, theme.SECONDARY, theme.REGULAR, "text2", wrap)


class IconLabel(QWidget):
    """An icon of ``size_px`` square in a tone. Always stands beside a word: colour and shape never speak alone."""

    def __init__(self, name: str, size_px: int = 24, tone: str = "text") -> None:
        super().__init__()
        self._name, self._tone = name, tone
        self.setFixedSize(size_px, size_px)

    def icon_name(self) -> str:
        """The icon shown."""
        return self._name

    def set_icon(self, name: str, tone: str) -> None:
        """Show another icon or tone."""
        self._name, self._tone = name, tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon in the current theme."""
        painter = QPainter(self)
        icons.draw(painter, self._name, QRectF(self.rect()), theme.current().ink(self._tone))
        painter.end()


class KeyCap(QWidget):
    """The key of an action, as on a keyboard: ``F5``, ``Ctrl+Enter``."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def key(self) -> str:
        """The key shown."""
        return self._key

    def sizeHint(self) -> QSize:
        """Room for the key."""
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._key) + 16, 25)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cap in the current theme."""
        tokens = theme.current()
        painter = QPainter(self)
        draw_key(painter, QRectF(self.rect()), self._key, tokens.bg, tokens.line, tokens.text2)
        painter.end()


def draw_key(painter: QPainter, rect: QRectF, key: str, fill: str, line: str, ink: str) -> None:
    """Draw a key cap into ``rect``."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
    painter.setPen(QPen(QColor(line), 1))
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(QColor(ink))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, key)


class Hairline(QFrame):
    """A decorative line between parts of a card."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line in the current theme."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().hairline))
        painter.end()
