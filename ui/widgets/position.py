"""Where: a position typed in any format, read back in a second one before it is believed.

The row of ways (live, typed, map, bearing) shows the ways this program has; today that is typing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.banner import Banner
from ui.widgets.cards import Facts
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import Field
from ui.widgets.labels import Hairline, PlainLabel, field_label, secondary

TYPED = "typed"
WAYS = {
    TYPED: N_("Typed"),
}
"""The ways of fixing a position this program has, by code of the ``fixed_by`` vocabulary."""


@dataclass(frozen=True)
class Reading:
    """What a typed position was read as; every text ready to show.

    ``tone`` and ``first``, ``detail`` are the banner (ok, warn, danger). ``first_format`` is shown large and
    ``second_format`` small; both are empty when the text is no position. ``instead`` is what the banner's button
    ``instead_label`` puts into the field (axes swapped, say). ``facts`` are read back below. ``value`` is whatever
    the page wants to keep of it.
    """

    tone: str
    first: str
    detail: str = ""
    first_format: str = ""
    second_format: str = ""
    instead: str = ""
    instead_label: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    value: object = None


class PositionBlock(QWidget):
    """Top to bottom: how, the text as typed, what it was read as, the position, what it is near.

    ``read(text)`` makes a ``Reading`` of the text; it is called at each change. ``changed(str)`` tells the text.
    An empty text is no position: that is allowed and said.
    """

    changed = Signal(str)

    def __init__(
        self, texts: Texts, read: Callable[[str], Reading], ways: Sequence[str] = (TYPED,), placeholder: str = ""
    ) -> None:
        super().__init__()
        self._texts, self._read = texts, read
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # else Qt leaves the whole of it out of any Tab order
        self._reading: Reading | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self.ways = Choice("", [Option(way, texts(WAYS[way])) for way in ways], filled=True)
        self.ways.set_text(ways[0])
        self.ways.setVisible(len(ways) > 1)
        self.field = Field(texts(N_("Position: decimal degrees or UTM")), placeholder=placeholder)
        self.field.changed.connect(self._typed)
        self._banner: Banner | None = None
        self.first = PlainLabel("", theme.POSITION, theme.SEMIBOLD, wrap=True)
        self.second = secondary("")
        self._line = Hairline()
        self._heading = field_label(texts(N_("Read it back")))
        self._facts = Facts()
        for widget in (self.ways, self.field, self.first, self.second, self._line, self._heading, self._facts):
            self._column.addWidget(widget)
        self.setFocusProxy(self.field)
        self._typed("")

    def text(self) -> str:
        """The position as typed."""
        return self.field.text()

    def set_text(self, text: str) -> None:
        """Show ``text`` as if typed."""
        self.field.set_text(text)

    def reading(self) -> Reading | None:
        """What the text was read as; None while it is empty."""
        return self._reading

    def refresh(self) -> None:
        """Read the text again: task, last find or list changed."""
        self._typed(self.text())

    def _typed(self, text: str) -> None:
        self._reading = self._read(text) if text.strip() else None
        if self._reading is None:
            said = self._texts(N_("It can be added later; the record is listed until then."))
            self._show(Reading("stale", self._texts(N_("No position yet")), said))
        else:
            self._show(self._reading)
        self.changed.emit(text)

    def _put(self, text: str) -> None:
        """The banner's button goes with its banner: the focus goes back to the field."""
        self.field.setFocus()
        self.set_text(text)

    def _show(self, reading: Reading) -> None:
        if self._banner is not None:
            self._column.removeWidget(self._banner)
            self._banner.hide()
            self._banner.deleteLater()
        self._banner = Banner(reading.tone, reading.first, reading.detail, reading.instead_label)
        self._banner.pressed.connect(lambda: self._put(reading.instead))
        self._column.insertWidget(2, self._banner)
        for button in self._banner.buttons:
            self.setTabOrder(self.field.line, button)
        for label, text in ((self.first, reading.first_format), (self.second, reading.second_format)):
            label.setText(text)
            label.setVisible(bool(text))
        for widget in (self._line, self._heading, self._facts):
            widget.setVisible(bool(reading.facts))
        self._facts.set_facts(reading.facts)
