"""Long work: named steps, one bar, done of total, remaining time, cancel; and "safe to unplug" at the end."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.clock import Clock
from fieldapp.texts import N_, Texts
from ui import icons, theme
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card
from ui.widgets.labels import IconLabel, PlainLabel, secondary


class Steps(QWidget):
    """Named steps in a row; those before ``current`` are done."""

    def __init__(self, names: Sequence[str], current: int = 0) -> None:
        super().__init__()
        self._names, self._current = tuple(names), current
        self.setFixedHeight(84)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def current(self) -> int:
        """The step under way; ``len(names)`` when all are done."""
        return self._current

    def set_current(self, current: int) -> None:
        """Show step ``current`` as under way."""
        self._current = current
        self.update()

    def text_boxes(self) -> list[tuple[str, QFont, QRect]]:
        """The names and their boxes, for the layout test."""
        width = self.width() // max(1, len(self._names))
        boxes = []
        for place, name in enumerate(self._names):
            weight = theme.SEMIBOLD if place == min(self._current, len(self._names) - 1) else theme.REGULAR
            boxes.append((name, theme.font(theme.BODY, weight), QRect(place * width + 4, 40, width - 8, 44)))
        return boxes

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw circles, lines and names in the current theme."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() // max(1, len(self._names))
        for place, (name, text_font, box) in enumerate(self.text_boxes()):
            middle = place * width + width / 2
            done = place < self._current
            if place:
                painter.setPen(QPen(QColor(tokens.accent if place <= self._current else tokens.hairline), 4))
                painter.drawLine(int(middle - width + 22), 20, int(middle - 22), 20)
            here = place == self._current
            painter.setPen(QPen(QColor(tokens.accent if done or here else tokens.line), 3))
            painter.setBrush(QColor(tokens.accent if done else tokens.card))
            painter.drawEllipse(QRectF(middle - 17, 3, 34, 34))
            if done:
                icons.draw(painter, "check", QRectF(middle - 11, 9, 22, 22), tokens.on_accent)
            else:
                painter.setPen(QColor(tokens.text))
                painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
                painter.drawText(QRectF(middle - 17, 3, 34, 34), Qt.AlignmentFlag.AlignCenter, str(place + 1))
            painter.setPen(QColor(tokens.text))
            painter.setFont(text_font)
            top = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
            painter.drawText(box, top, name)
        painter.end()


class Bar(QWidget):
    """A bar filled to ``done`` of ``total``; a dash pattern while the total is not known."""

    def __init__(self) -> None:
        super().__init__()
        self._done, self._total = 0, 0
        self.setFixedHeight(22)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A bar of any width."""
        return QSize(120, 22)

    def set_done(self, done: int, total: int) -> None:
        """Fill to ``done`` of ``total``; total 0 = not known."""
        self._done, self._total = done, total
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bar in the current theme."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.card))
        painter.drawRoundedRect(frame, 8, 8)
        share = min(1.0, self._done / self._total) if self._total > 0 else 1.0
        if share > 0:
            filled = QRectF(frame.left(), frame.top(), frame.width() * share, frame.height())
            painter.setBrush(QColor(tokens.accent))
            if self._total <= 0:
                painter.setBrush(Qt.BrushStyle.BDiagPattern)
            painter.drawRoundedRect(filled, 8, 8)
        painter.setPen(QPen(QColor(tokens.line), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 8, 8)
        painter.end()


class ProgressPanel(Card):
    """What goes on, how far it is, how long it still takes. ``cancelled`` when Cancel is pressed.

    Feed it ``report(step, done, total)`` from ``ui.background``: ``step`` is a name among ``steps`` (as declared for
    the catalogue) or any sentence. ``pulled`` says what happens if the stick is pulled now.
    """

    cancelled = Signal()

    def __init__(self, texts: Texts, clock: Clock, steps: Sequence[str] = (), pulled: str = "") -> None:
        super().__init__()
        self._texts, self._names, self._clock = texts, tuple(steps), clock
        self._began: tuple[str, float] = ("", 0.0)
        self.steps = Steps([texts(name) for name in steps])
        if not steps:
            self.steps.hide()
        self.heading = PlainLabel("", 28, theme.SEMIBOLD, wrap=True)
        self.percent = PlainLabel("", 28, theme.SEMIBOLD)
        self.bar = Bar()
        self.count = PlainLabel("", theme.BODY)
        self.remaining = PlainLabel("", theme.BODY, theme.SEMIBOLD)
        self.cancel = Button(texts(N_("Cancel")), "x")
        self.cancel.clicked.connect(self._cancel)
        self._arrange(pulled)

    def _arrange(self, pulled: str) -> None:
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.percent)
        below = QHBoxLayout()
        below.addWidget(self.count)
        below.addStretch(1)
        below.addWidget(self.remaining)
        foot = QHBoxLayout()
        foot.addWidget(secondary(pulled), 1)
        foot.addWidget(self.cancel)
        self.body.addWidget(self.steps)
        self.body.addLayout(head)
        self.body.addWidget(self.bar)
        self.body.addLayout(below)
        self.body.addLayout(foot)

    def report(self, step: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` of ``step`` are done; total 0 = not known."""
        if step in self._names:
            self.steps.set_current(self._names.index(step))
        if self._began[0] != step:
            self._began = (step, self._clock.now().timestamp())
        self.heading.setText(self._texts(step))
        self.bar.set_done(done, total)
        number = self._texts.number
        if total > 0:
            self.percent.setText(self._texts(N_("{percent} %"), percent=number(int(100 * done / total))))
            self.count.setText(self._texts(N_("{done} of {total}"), done=number(done), total=number(total)))
        else:
            self.percent.setText("")
            self.count.setText(number(done) if done else "")
        self.remaining.setText(self._left(done, total))

    def _left(self, done: int, total: int) -> str:
        spent = self._clock.now().timestamp() - self._began[1]
        if done <= 0 or total <= 0 or spent < 1:
            return ""
        seconds = round(spent * (total - done) / done)
        if seconds < 90:
            return self._texts(N_("About {seconds} s left"), seconds=max(seconds, 1))
        return self._texts(N_("About {minutes} min left"), minutes=round(seconds / 60))

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.remaining.setText(self._texts(N_("Stopping ...")))
        self.cancelled.emit()


class SafeToUnplug(QFrame):
    """Fills the screen after everything was written, read back and compared. ``dismissed`` by its button."""

    dismissed = Signal()

    def __init__(self, texts: Texts, lines: Sequence[str] = ()) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 48, 48, 48)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(IconLabel("circle-check", 120, "ok"), 0, Qt.AlignmentFlag.AlignHCenter)
        said = texts(N_("Everything was written, read back from the stick and compared. Nothing differs."))
        for text, size, weight, tone in (
            (texts(N_("Safe to unplug")), theme.HERO_LARGE, theme.SEMIBOLD, "ok"),
            (said, theme.TITLE, theme.REGULAR, "text"),
            *((line, theme.TITLE, theme.SEMIBOLD, "text") for line in lines),
        ):
            label = PlainLabel(text, size, weight, tone, wrap=True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)
        self.done = PrimaryButton(texts(N_("Done")), "check")
        self.done.setMinimumWidth(220)
        self.done.clicked.connect(self.dismissed)
        column.addWidget(self.done, 0, Qt.AlignmentFlag.AlignRight)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Green over the whole page, with a border."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.ok_fill))
        painter.setPen(QPen(QColor(tokens.ok), 6))
        painter.drawRect(self.rect().adjusted(3, 3, -3, -3))
        painter.end()
