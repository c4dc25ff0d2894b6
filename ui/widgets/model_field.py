"""Typing a model: hits under the field while one types; Enter takes what is visibly first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout

from fieldapp.texts import N_, Texts
from ui import icons, theme
from ui.widgets.buttons import Face, PaintedButton
from ui.widgets.fields import Labelled, LineEdit
from ui.widgets.labels import draw_key

SHOWN = 5
"""Hits shown at a time."""


@dataclass(frozen=True)
class Hit:
    """One entry of a list that was found: code, name, a line of detail, the icon of its category."""

    code: str
    name: str
    detail: str = ""
    icon: str = ""


Search = Callable[[str], Sequence[Hit]]
"""The hits for a text, best first: exact names, then beginnings, then aliases; never reordered by use."""


class ModelField(Labelled):
    """A model of the list, or any text as typed.

    ``text()`` is what is in the field, ``code()`` the code of the entry it stands for, "" when it is not in the list.
    ``changed(str)`` tells every change of the text, ``picked(object)`` the ``Hit`` that was taken.
    ``same_as_last`` is offered by Enter on the empty field.
    """

    changed = Signal(str)
    picked = Signal(object)

    def __init__(self, label: str, texts: Texts, search: Search, same_as_last: Hit | None = None) -> None:
        super().__init__(label)
        self._texts, self._search, self._last = texts, search, same_as_last
        self._code = ""
        self.line = LineEdit()
        self.line.setAccessibleName(label)
        self.line.textEdited.connect(self._typed)
        self.line.textChanged.connect(self.changed)
        self.line.installEventFilter(self)
        self.body.addWidget(self.line)
        self.setFocusProxy(self.line)
        self.hits = HitList(self)
        self.hits.taken.connect(self._take)
        self._describe()

    def text(self) -> str:
        """What is in the field."""
        return self.line.text()

    def code(self) -> str:
        """The code of the list entry taken; "" for a text that is not in the list."""
        return self._code

    def set_text(self, text: str) -> None:
        """Show ``text``; it counts as taken from the list when the first hit has exactly that name."""
        if text == self.text():
            return
        hit = next((hit for hit in self._search(text) if hit.name == text), None) if text else None
        self._code = hit.code if hit else ""
        self.line.setText(text)
        self._describe(hit)

    def set_last(self, hit: Hit | None) -> None:
        """Offer ``hit`` by Enter on the empty field."""
        self._last = hit
        self._describe()

    def search_again(self) -> None:
        """What is searched has changed: offer what is found now, while somebody types."""
        if self.line.hasFocus() and not self._code:
            self.hits.show_hits(self._search(self.text())[:SHOWN] if self.text().strip() else [])

    def _typed(self, text: str) -> None:
        self._code = ""
        self.hits.show_hits(self._search(text)[:SHOWN] if text.strip() else [])
        self._describe()

    def _take(self, hit: Hit) -> None:
        self.hits.close_list()
        self._code = hit.code
        self.line.setText(hit.name)
        self._describe(hit)
        self.picked.emit(hit)

    def _describe(self, hit: Hit | None = None) -> None:
        if hit is not None:
            self.set_note(hit.detail)
        elif self.text().strip() and not self._code:
            self.set_note(self._texts(N_("not in the list")), "warn")
        elif self._last is not None and not self.text():
            self.set_note(self._texts(N_("Enter on empty: same as last, {model}"), model=self._last.name))
        else:
            self.set_note("")

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list, Enter takes the marked hit, Esc or leaving closes the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if isinstance(event, QFocusEvent) and event.lostFocus():
            self.hits.close_list()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, ctrl = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not ctrl:
            marked = self.hits.marked() or (self._last if not self.text().strip() else None)
            if marked is not None:
                self._take(marked)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.hits.marked() is not None:
            self.hits.move_mark(1 if key == Qt.Key.Key_Down else -1)
            return True
        elif key == Qt.Key.Key_Escape and self.hits.marked() is not None:
            self.hits.close_list()
            return True
        return False


class HitList(QFrame):
    """The list under the field: drawn over what lies below it, inside the window, first hit marked."""

    taken = Signal(object)

    def __init__(self, field: ModelField) -> None:
        super().__init__()
        self._field = field
        self._hits: tuple[Hit, ...] = ()
        self._mark = 0
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(3, 3, 3, 3)
        self._rows.setSpacing(0)
        self.buttons: list[HitRow] = []
        field.destroyed.connect(self.deleteLater)
        self.hide()

    def marked(self) -> Hit | None:
        """The hit Enter takes; None while the list is closed."""
        return self._hits[self._mark] if self._hits else None

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Show these hits, the first one marked; none closes the list."""
        self._hits, self._mark = tuple(hits), 0
        for old in self.buttons:
            self._rows.removeWidget(old)
            old.hide()  # else Qt shows it later, on its own: it had been asked to while it stood in the layout
            old.deleteLater()
        self.buttons = [HitRow(hit, place == 0) for place, hit in enumerate(hits)]
        for row in self.buttons:
            self._rows.addWidget(row)
            row.clicked.connect(lambda _=False, hit=row.hit: self.taken.emit(hit))
        if hits:
            self._place_below()
        else:
            self.hide()

    def close_list(self) -> None:
        """Close the list."""
        self._hits = ()
        self.hide()

    def move_mark(self, step: int) -> None:
        """Mark the next or previous hit."""
        self._mark = max(0, min(len(self._hits) - 1, self._mark + step))
        for place, row in enumerate(self.buttons):
            row.set_marked(place == self._mark)

    def _place_below(self) -> None:
        line = self._field.line
        parent = line.window()
        if self.parent() is not parent:
            self.setParent(parent)
        spot = line.mapTo(parent, QPoint(0, line.height() + 3))
        height = HitRow.HEIGHT * len(self._hits) + 6
        if spot.y() + height > parent.height() and line.mapTo(parent, QPoint(0, 0)).y() > height:
            spot.setY(line.mapTo(parent, QPoint(0, 0)).y() - height - 3)
        self.setGeometry(QRect(spot.x(), spot.y(), line.width(), height))
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame in the current theme."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.accent), 3))
        painter.setBrush(QColor(tokens.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)
        painter.end()


class HitRow(PaintedButton):
    """One hit: icon, name over detail; the marked one shows that Enter takes it."""

    HEIGHT = 64

    def __init__(self, hit: Hit, marked: bool) -> None:
        super().__init__(hit.name)
        self.hit = hit
        self._marked = marked
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(self.HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_marked(self, marked: bool) -> None:
        """Show or take away the mark."""
        self._marked = marked
        self.update()

    def face(self, tokens: theme.Tokens) -> Face:
        """Soft fill when marked."""
        if self._marked:
            return Face(tokens.soft, tokens.soft, tokens.on_soft)
        return Face(tokens.card, tokens.card, tokens.text)

    def text_boxes(self) -> list[tuple[str, QFont, QRect]]:
        """Name and detail, one line each."""
        left = 54 if self.hit.icon else 16
        width = self.width() - left - 80
        top = 9 if self.hit.detail else 20
        return [
            (self.hit.name, theme.font(theme.BODY, theme.SEMIBOLD), QRect(left, top, width, 24)),
            (self.hit.detail, theme.font(theme.SECONDARY), QRect(left, 33, width, 22)),
        ]

    def paint_content(self, painter: QPainter, face: Face) -> None:
        """Draw icon, name, detail and the key of the marked hit."""
        if self.hit.icon:
            icons.draw(painter, self.hit.icon, QRectF(14, 19, 26, 26), face.ink)
        painter.setPen(QColor(face.ink))
        for text, text_font, box in self.text_boxes():
            painter.setFont(text_font)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
        tokens = theme.current()
        if self._marked:
            spot = QRectF(self.width() - 68, 20, 54, 25)
            draw_key(painter, spot, "Enter", tokens.card, tokens.line, tokens.text2)
        painter.setPen(QColor(tokens.hairline))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
