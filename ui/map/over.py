"""What stands on the canvas: its buttons at the upper left, and what is under the pointer at the lower middle."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from fieldapp.texts import N_, Texts
from ui import icons, theme
from ui.map.canvas import MapCanvas
from ui.widgets.buttons import Face, PaintedButton
from ui.widgets.labels import PlainLabel


class MapButton(PaintedButton):
    """A square of 56 px with an icon; its word is what a screen reader says."""

    def __init__(self, word: str, icon: str) -> None:
        super().__init__("")
        self._icon = icon
        self.setAccessibleName(word)
        self.setFixedSize(theme.TARGET, theme.TARGET)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def face(self, tokens: theme.Tokens) -> Face:
        """Accent while its tool is at work."""
        if self.isEnabled() and self.isChecked():
            return Face(tokens.accent, tokens.accent, tokens.on_accent)
        return super().face(tokens)

    def text_boxes(self) -> list[tuple[str, QFont, QRect]]:
        """No text."""
        return []

    def paint_content(self, painter: QPainter, face: Face) -> None:
        """Draw the icon."""
        icons.draw(painter, self._icon, QRectF(self.width() / 2 - 13, self.height() / 2 - 13, 26, 26), face.ink)


class Tag(PlainLabel):
    """A line on a plate of its own, read on any ground. Clicks go through it to the map."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, theme.BODY, theme.SEMIBOLD)
        self.setContentsMargins(10, 4, 10, 4)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setVisible(bool(text))

    def say(self, text: str) -> None:
        """Show this; nothing for an empty text."""
        self.setText(text)
        self.setVisible(bool(text))

    def sizeHint(self) -> QSize:
        """The line and its plate."""
        wide = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(wide + 22, self.fontMetrics().height() + 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The plate, then the words."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.setPen(QPen(QColor(tokens.edge), 1))
        painter.setBrush(QColor(tokens.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.end()
        super().paintEvent(event)


class Over:
    """Buttons and tags of one canvas, laid out on it."""

    def __init__(self, canvas: MapCanvas, texts: Texts) -> None:
        self.nearer = MapButton(texts(N_("Zoom in")), "plus")
        self.farther = MapButton(texts(N_("Zoom out")), "minus")
        self.own = MapButton(texts(N_("To my own position")), "locate-fixed")
        self.measure = MapButton(texts(N_("Measure")), "ruler")
        self.box = MapButton(texts(N_("Choose in a box")), "square-dashed")
        self.drawing = MapButton(texts(N_("Draw")), "pencil-line")
        self.layers = MapButton(texts(N_("Layers")), "layers")
        self.keys = MapButton(texts(N_("Keys of the map")), "keyboard")
        for button in (self.measure, self.box, self.drawing, self.layers):
            button.setCheckable(True)
        self.pointer, self.filtered, self.nothing = Tag(), Tag(), Tag()
        column = QVBoxLayout()
        column.setSpacing(12)
        for button in self.buttons():
            column.addWidget(button)
        column.addStretch(1)
        low, middle = QVBoxLayout(), QVBoxLayout()
        middle.addWidget(self.filtered, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        middle.addWidget(self.nothing, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        low.addLayout(middle, 1)
        low.addWidget(self.pointer, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        row = QHBoxLayout(canvas)
        row.setContentsMargins(16, 22, 16, 10)
        row.addLayout(column)
        row.addLayout(low, 1)

    def buttons(self) -> tuple[MapButton, ...]:
        """The buttons, the uppermost first."""
        return (
            self.nearer, self.farther, self.own, self.measure, self.box, self.drawing, self.layers, self.keys,
        )  # fmt: skip
