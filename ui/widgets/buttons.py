"""Buttons. All are painted here, so that text wraps instead of being cut and no target is under 56 px."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ui import icons, theme
from ui.widgets.labels import draw_key

_WRAP = int(Qt.TextFlag.TextWordWrap)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True)
class Face:
    """The colours a button is painted in now."""

    fill: str
    border: str
    ink: str
    border_px: int = 2
    dashed: bool = False


class PaintedButton(QAbstractButton):
    """Base of every button: at least 56 x 56 px, Enter and Space press it, focus shown by a 3 px ring."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        self.setMinimumSize(theme.TARGET, theme.TARGET)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def face(self, tokens: theme.Tokens) -> Face:
        """The colours of the present state."""
        if not self.isEnabled():
            return Face(tokens.stale_fill, tokens.edge, tokens.stale, dashed=True)
        return Face(tokens.card, tokens.line, tokens.text)

    def text_boxes(self) -> list[tuple[str, QFont, QRect]]:
        """Each text painted, its font and the box it must fit into; what the layout test measures."""
        return [(self.text(), self.font(), self.rect().adjusted(8, 4, -8, -4))]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses like Space; with Ctrl it is left to the page."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame, then what the subclass adds."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.current()
        face = self.face(tokens)
        self.paint_frame(painter, face)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if face.fill in (tokens.focus, tokens.accent):
                painter.setPen(QPen(QColor(tokens.card), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 5, 5)
            painter.setPen(QPen(QColor(tokens.focus), 3))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 8, 8)
        self.paint_content(painter, face)
        painter.end()

    def paint_frame(self, painter: QPainter, face: Face) -> None:
        """Draw fill and border."""
        half = face.border_px / 2
        style = Qt.PenStyle.DashLine if face.dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(face.border), face.border_px, style))
        painter.setBrush(QColor(face.fill))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 8, 8)

    def paint_content(self, painter: QPainter, face: Face) -> None:
        """Draw the texts in their boxes."""
        painter.setPen(QColor(face.ink))
        for text, text_font, box in self.text_boxes():
            painter.setFont(text_font)
            painter.drawText(box, _CENTRE | _WRAP, text)


class Button(PaintedButton):
    """A button with its verb and object, and an icon before the words.

    ``tone`` is ``plain`` or ``danger`` (red border and words: retract, revoke). ``checkable`` makes it one of a row.
    """

    def __init__(self, text: str, icon: str = "", tone: str = "plain", size_px: int = theme.BODY) -> None:
        super().__init__(text)
        self._icon, self._tone = icon, tone
        self.setFont(theme.font(size_px, theme.SEMIBOLD))
        self.setMinimumSize(self.sizeHint())

    def setText(self, text: str) -> None:
        """Show another text; the button keeps the width of its words, so that the page wraps or scrolls instead."""
        super().setText(text)
        if hasattr(self, "_icon"):
            self.setMinimumSize(self.sizeHint())

    def icon_name(self) -> str:
        """The icon shown, empty for none."""
        return self._icon

    def face(self, tokens: theme.Tokens) -> Face:
        """Card colours; accent when it is the chosen one of a row."""
        if self.isEnabled() and self.isCheckable() and self.isChecked():
            return Face(tokens.accent, tokens.accent, tokens.on_accent)
        if self.isEnabled() and self._tone == "danger":
            return Face(tokens.card, tokens.danger, tokens.danger)
        return super().face(tokens)

    def sizeHint(self) -> QSize:
        """Width of the text on one line, icon and padding; 56 high, more when the words take two lines."""
        width = QFontMetrics(self.font()).horizontalAdvance(self.text()) + 36 + (30 if self._icon else 0)
        return QSize(max(width, theme.TARGET), theme.TARGET)

    def text_boxes(self) -> list[tuple[str, QFont, QRect]]:
        """The words, right of the icon if there is one."""
        box = self.rect().adjusted(10, 4, -10, -4)
        if self._icon and self.text():
            box = box.adjusted(30, 0, 0, 0)
        return [(self.text(), self.font(), box)]

    def paint_content(self, painter: QPainter, face: Face) -> None:
        """Draw icon and words, centred together."""
        if not self._icon:
            super().paint_content(painter, face)
            return
        ((text, text_font, box),) = self.text_boxes()
        used = QFontMetrics(text_font).boundingRect(box, _CENTRE | _WRAP, text).width() if text else -8
        left = (self.width() - used - 32) / 2
        icons.draw(painter, self._icon, QRectF(left, self.height() / 2 - 12, 24, 24), face.ink)
        painter.setPen(QColor(face.ink))
        painter.setFont(text_font)
        painter.drawText(QRectF(left + 32, box.top(), used + 2, box.height()), _CENTRE | _WRAP, text)


class PrimaryButton(Button):
    """The one filled button of a screen, bottom right or at the end of its card."""

    def __init__(self, text: str, icon: str = "") -> None:
        super().__init__(text, icon, size_px=theme.TITLE)

    def face(self, tokens: theme.Tokens) -> Face:
        """Accent fill."""
        if not self.isEnabled():
            return super().face(tokens)
        return Face(tokens.accent, tokens.accent, tokens.on_accent)


class BigButton(PaintedButton):
    """The large entry of the Today page: icon, verb, what it covers, key. ``primary`` fills it with the accent."""

    def __init__(self, text: str, detail: str, icon: str, key: str = "", primary: bool = False) -> None:
        super().__init__(text)
        self._detail, self._icon, self._key, self._primary = detail, icon, key, primary
        self.setMinimumSize(280, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def face(self, tokens: theme.Tokens) -> Face:
        """Accent or card."""
        if self._primary and self.isEnabled():
            return Face(tokens.accent, tokens.accent, tokens.on_accent)
        return super().face(tokens)

    def text_boxes(self) -> list[tuple[str, QFont, QRect]]:
        """Verb above, what it covers below."""
        width = self.width() - 102 - (76 if self._key else 16)
        middle = self.height() // 2
        return [
            (self.text(), theme.font(28, theme.SEMIBOLD), QRect(102, middle - 72, width, 76)),
            (self._detail, theme.font(theme.BODY), QRect(102, middle + 6, width, 62)),
        ]

    def paint_content(self, painter: QPainter, face: Face) -> None:
        """Draw icon, words and key."""
        icons.draw(painter, self._icon, QRectF(24, self.height() / 2 - 30, 60, 60), face.ink)
        (verb, verb_font, above), (detail, detail_font, below) = self.text_boxes()
        painter.setPen(QColor(face.ink))
        painter.setFont(verb_font)
        painter.drawText(above, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom) | _WRAP, verb)
        painter.setFont(detail_font)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | _WRAP, detail)
        if self._key:
            tokens = theme.current()
            spot = QRectF(self.width() - 54, self.height() / 2 - 12.5, 32, 25)
            draw_key(painter, spot, self._key, tokens.bg, tokens.line, tokens.text2)


class Tile(PaintedButton):
    """One category: icon over at most two lines, its Alt digit in the corner. Chosen = accent border and soft fill."""

    def __init__(self, text: str, icon: str, digit: str = "") -> None:
        super().__init__(text)
        self._icon, self._digit = icon, digit
        self.setCheckable(True)
        self.setFont(theme.font(theme.SECONDARY + 1, theme.MEDIUM))
        self.setMinimumSize(112, 82)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def face(self, tokens: theme.Tokens) -> Face:
        """Edge border; accent border and soft fill when chosen."""
        if self.isEnabled() and self.isChecked():
            return Face(tokens.soft, tokens.accent, tokens.on_soft, 3)
        if not self.isEnabled():
            return super().face(tokens)
        return Face(tokens.card, tokens.edge, tokens.text)

    def text_boxes(self) -> list[tuple[str, QFont, QRect]]:
        """The words under the icon."""
        weight = theme.SEMIBOLD if self.isChecked() else theme.MEDIUM
        return [(self.text(), theme.font(theme.SECONDARY, weight), QRect(8, 37, self.width() - 16, 42))]

    def paint_content(self, painter: QPainter, face: Face) -> None:
        """Draw icon, words and digit."""
        icons.draw(painter, self._icon, QRectF(self.width() / 2 - 14, 8, 28, 28), face.ink)
        super().paint_content(painter, face)
        painter.setFont(theme.font(theme.SECONDARY, theme.MEDIUM))
        painter.drawText(QPointF(self.width() - 16, 20), self._digit)


class OptionButton(PaintedButton):
    """One option of a ``Choice``: the word, and its key letter under it."""

    def __init__(self, text: str, key: str = "") -> None:
        super().__init__(text)
        self._key = key
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        self.setMinimumSize(max(theme.TARGET, self.longest_word_px()), 66 if key else theme.TARGET)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.ringed = False

    def longest_word_px(self) -> int:
        """Width of the longest single word with padding: narrower than this a word would be cut."""
        metrics = QFontMetrics(self.font())
        return max((metrics.horizontalAdvance(word) for word in self.text().split()), default=0) + 20

    def line_px(self) -> int:
        """Width of the whole text on one line with padding."""
        return QFontMetrics(self.font()).horizontalAdvance(self.text()) + 20

    def sizeHint(self) -> QSize:
        """The text on one line."""
        return QSize(max(theme.TARGET, self.line_px()), self.minimumHeight())

    def face(self, tokens: theme.Tokens) -> Face:
        """Edge border; accent border and soft fill when chosen; focus ring on the current one."""
        if not self.isEnabled():
            return super().face(tokens)
        border = tokens.focus if self.ringed else tokens.accent if self.isChecked() else tokens.edge
        width = 3 if self.ringed or self.isChecked() else 2
        if self.isChecked():
            return Face(tokens.soft, border, tokens.on_soft, width)
        return Face(tokens.card, border, tokens.text, width)

    def text_boxes(self) -> list[tuple[str, QFont, QRect]]:
        """The word, above the key letter if it has one."""
        bottom = 22 if self._key else 6
        return [(self.text(), self.font(), self.rect().adjusted(6, 4, -6, -bottom))]

    def paint_content(self, painter: QPainter, face: Face) -> None:
        """Draw word and key letter."""
        super().paint_content(painter, face)
        if self._key:
            painter.setFont(theme.font(theme.SECONDARY))
            low = QRect(0, self.height() - 24, self.width(), 20)
            painter.drawText(low, _CENTRE, self._key)
