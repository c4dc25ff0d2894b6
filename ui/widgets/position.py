"""Where: a position taken from the receiver, typed in any format, or measured from another point.

Whatever the way, it is read back in a second format before it is believed. The row of ways shows those this laptop
has: a receiver's ways are there while one is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.banner import Banner
from ui.widgets.cards import Facts
from ui.widgets.choice import Choice, Option
from ui.widgets.labels import Hairline, PlainLabel, field_label, secondary
from ui.widgets.position_bearing import BearingPanel, From
from ui.widgets.position_given import AUTO, AVERAGE, BEARING, FALLBACKS, LIVE, TAKEN, TYPED, Given, given
from ui.widgets.position_live import LivePanel
from ui.widgets.position_quality import QualityRow
from ui.widgets.position_reading import Live, Reading
from ui.widgets.position_typed import TypedPanel

__all__ = ["Live", "PositionBlock", "Reading"]

WAYS = {
    LIVE: N_("Live"),
    AVERAGE: N_("Average"),
    TYPED: N_("Typed"),
    BEARING: N_("Bearing"),
}
"""The ways of fixing a position this program has, by code of the ``fixed_by`` vocabulary."""


class PositionBlock(QWidget):
    """Top to bottom: how, what is entered, the state, the position, its quality, taking it, what it is near.

    ``read(text)`` makes a ``Reading`` of the whole block's text (see ``Given``); it is called at each change.
    ``changed(str)`` tells the text. An empty text is no position: that is allowed and said. ``take_asked(bool)``:
    take the fix or the average, with True that of before a silence too; ``averaging_asked(bool)``: begin a fresh
    average, or end it; ``taken()``: one was taken.
    """

    changed = Signal(str)
    take_asked = Signal(bool)
    averaging_asked = Signal(bool)
    taken = Signal()

    def __init__(
        self, texts: Texts, read: Callable[[str], Reading], ways: Sequence[str] = (TYPED,), placeholder: str = "",
        own_systems: Sequence[tuple[str, str]] = (),
    ) -> None:  # fmt: skip
        super().__init__()
        self._texts, self._read, self._offered = texts, read, tuple(ways)
        self._reading: Reading | None = None
        self._live: Live | None = None
        self._taken = ""
        self._quiet = False
        self.ways: Choice = Choice("", [])
        self.typed = TypedPanel(texts, placeholder, own_systems)
        self.field = self.typed.field
        self.bearing = BearingPanel(texts, placeholder)
        self.live = LivePanel(texts)
        self.quality = QualityRow()
        self._banner = Banner("stale", " ")
        self.first = PlainLabel("", theme.POSITION, theme.SEMIBOLD, wrap=True)
        self.second = secondary("")
        self._line = Hairline()
        self._heading = field_label(texts(N_("Read it back")))
        self._facts = Facts()
        self.below = QVBoxLayout()
        """Room below what is read back, for what else there is to say of the place."""
        self._lay_out()
        self._way = TYPED
        self._show_ways()
        self.typed.changed.connect(self._edited)
        self.bearing.changed.connect(self._edited)
        self.live.take_asked.connect(self.ask_to_take)
        self.live.average_asked.connect(lambda: self.take_asked.emit(True))
        self._said()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._head = QVBoxLayout()
        self._head.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._head)
        self._state = QVBoxLayout()
        self._state.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.typed)
        self._column.addWidget(self.bearing)
        self._column.addLayout(self._state)
        self._state.addWidget(self._banner)
        position = QVBoxLayout()
        position.setSpacing(2)
        position.addWidget(self.first)
        position.addWidget(self.second)
        self._column.addLayout(position)
        for widget in (self.quality, self.live, self._line, self._heading, self._facts):
            self._column.addWidget(widget)
        self.below.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self.below)

    def _show_ways(self) -> None:
        """Make the row of ways: those of a receiver are there while there is one, or while its position is shown."""
        shown = [way for way in WAYS if way in self._offered and (way not in TAKEN or self._live is not None)]
        fresh = Choice("", [Option(way, self._texts(WAYS[way])) for way in shown], filled=True)
        fresh.setAccessibleName(self._texts(N_("How it is fixed")))
        self.ways.hide()
        self._head.removeWidget(self.ways)
        self.ways.deleteLater()
        self.ways = fresh
        self._head.addWidget(fresh)
        fresh.setVisible(len(shown) > 1)
        self._mark_way()
        fresh.changed.connect(self._chosen)

    def _mark_way(self) -> None:
        self.ways.blockSignals(True)
        self.ways.set_text(BEARING if self._way in FALLBACKS else self._way)
        self.ways.blockSignals(False)

    def way(self) -> str:
        """How the position is being fixed."""
        return self.bearing.way() if self._way == BEARING else self._way

    def text(self) -> str:
        """What is entered, as one text."""
        if self._way in TAKEN:
            return self._taken
        if self._way == BEARING:
            return Given(self.bearing.way(), parts=self.bearing.parts()).as_text()
        return Given(TYPED, self.field.text(), self.typed.system()).as_text()

    def set_text(self, text: str) -> None:
        """Show ``text`` as if entered; an empty one begins again with the receiver where there is one."""
        if text == self.text() and (text or self._way == self._first_way()):
            return
        new = given(text)
        self._quiet = True
        self._taken = text if new.way in TAKEN else ""
        self._way = BEARING if new.way in FALLBACKS else new.way if text else self._first_way()
        self.typed.show_typed(new.text, new.system if new.way == TYPED else AUTO)
        self.bearing.show_parts(new.way if new.way in FALLBACKS else BEARING, new.parts)
        self.live.refuse("")
        self._quiet = False
        self._mark_way()
        self._said()

    def reading(self) -> Reading | None:
        """What the text was read as; None while it is empty."""
        return self._reading

    def refresh(self) -> None:
        """Read the text again: task, last find or list changed."""
        self._said()

    def put(self, text: str) -> None:
        """Put ``text`` into the field: the focus goes back to it."""
        self.set_text(text)
        self.begin()

    def begin(self) -> None:
        """Put the focus where entering begins with the way that is chosen."""
        self.first_stop().setFocus()

    def first_stop(self) -> QWidget:
        """Where entering begins: the line, the button that takes the position, the bearing."""
        if self._way == TYPED:
            return self.field.line
        if self._way == BEARING:
            return self.bearing.first_stop()
        return self.live.take if self.live.take.isEnabled() else self.ways

    def tab_stops(self) -> list[QWidget]:
        """What the Tab key goes through here, in order."""
        return [self.ways, *self.typed.tab_stops(), *self.bearing.tab_stops(), *self._banner.buttons,
                *self.live.tab_stops()]  # fmt: skip

    def use(self, way: str) -> None:
        """Fix it this way from now on, as if chosen in the row."""
        if not self.can_be_changed():
            return
        if way in FALLBACKS:
            self.bearing.how.set_text(way)
        self._chosen(BEARING if way in FALLBACKS else way)
        self.begin()

    def set_points(self, points: Sequence[From]) -> None:
        """Offer these points to measure from."""
        self.bearing.set_points(points)

    def set_read_only(self, fixed: bool) -> None:
        """A position shared with the find before is not changed here."""
        if fixed == self.field.line.isReadOnly():
            return
        self.field.line.setReadOnly(fixed)
        for widget in (self.ways, self.bearing, self.live, self.typed.button):
            widget.setEnabled(not fixed)

    def can_be_changed(self) -> bool:
        """May another position be put here?"""
        return self.isEnabled() and not self.field.line.isReadOnly()

    def explain(self, reading: Reading) -> None:
        """Say something until the next change."""
        self._show_banner(reading)

    def show_live(self, live: Live | None) -> None:
        """Show what the receiver says; None: there is none."""
        there_was = self._live is not None
        self._live = live
        if there_was != (live is not None):
            focused = QApplication.focusWidget()
            held = focused is not None and self.isAncestorOf(focused)
            if not self.text() and self._way != BEARING:
                self._way = self._first_way()
            self._show_ways()
            self._show()
            if held:
                self.begin()
        if live is not None and live.can_take:
            self.live.let_go()
        if self._way in TAKEN:
            self._show()

    def ask_to_take(self) -> None:
        """Ask for the position: of the average while averaging, else of the latest fix. What is stale is refused."""
        if self._way == AVERAGE and self._taken:
            self._chosen(AVERAGE)
        elif self._way == AVERAGE and self._live is not None and self._live.ended:
            self.averaging_asked.emit(True)
        else:
            self.take_asked.emit(False)

    def ask_to_average(self) -> None:
        """Begin to average; while that runs, take what there is."""
        if self._way == AVERAGE and not self._taken:
            self.ask_to_take()
        else:
            self._chosen(AVERAGE)

    def take(self, text: str) -> None:
        """A position was taken from the receiver."""
        self._way = given(text).way
        self._taken = text
        self.live.refuse("")
        self._mark_way()
        self._said()

    def refuse(self, sentence: str) -> None:
        """Nothing was taken, and why. What was taken before stays."""
        self.live.refuse(sentence)

    def _first_way(self) -> str:
        return LIVE if self._live is not None and LIVE in self._offered else TYPED

    def _chosen(self, way: str) -> None:
        if not way:  # pressed again: one of the ways is always chosen
            self._mark_way()
            return
        if not self.can_be_changed():
            self._mark_way()
            return
        if AVERAGE in (way, self._way):
            self.averaging_asked.emit(way == AVERAGE)
        self._way, self._taken = way, ""
        self.live.refuse("")
        self._mark_way()
        self._said()

    def _edited(self) -> None:
        if not self._quiet:
            self._said()

    def _said(self) -> None:
        """Read what is entered and show it; tell whoever listens."""
        text = self.text()
        self._reading = self._read(text) if text.strip() else None
        self._show()
        self.changed.emit(text)

    def _show(self) -> None:
        typed, taking = self._way == TYPED, self._way in TAKEN
        self.typed.setVisible(typed)
        self.bearing.setVisible(self._way == BEARING)
        self.live.setVisible(taking and self._live is not None)
        if self._live is not None:
            self.live.show_live(self._live, average_way=self._way == AVERAGE, taken=bool(self._taken))
        if self._reading is not None:
            self._show_reading(self._reading)
        elif taking and self._live is not None:
            self._show_receiver(self._live)
        else:
            said = self._texts(N_("It can be added later; the record is listed until then."))
            self._show_reading(Reading("stale", self._texts(N_("No position yet")), said))

    def _show_receiver(self, live: Live) -> None:
        self._show_reading(Reading(
            live.tone, live.first, live.detail, live.first_format, live.second_format, quality=live.quality,
            icon=live.icon,
        ))  # fmt: skip

    def _show_reading(self, reading: Reading) -> None:
        self._show_banner(reading)
        tone = "stale" if reading.tone == "stale" else "text"
        for label, text in ((self.first, reading.first_format), (self.second, reading.second_format)):
            label.setText(text)
            label.setVisible(bool(text))
        if self.first.tone() != tone:
            self.first.set_tone(tone)
        self.quality.set_lines(reading.quality, tone)
        self._line.setVisible(bool(reading.facts))
        self._heading.setVisible(bool(reading.facts) and self._way == TYPED)  # elsewhere the room is needed
        self._facts.setVisible(bool(reading.facts))
        self._facts.set_facts(reading.facts)

    def _show_banner(self, reading: Reading) -> None:
        """Say it in the banner there is; only one with another button is made anew."""
        if not reading.instead_label and not self._banner.buttons:
            if (self._banner.tone(), *self._banner.words()) != (reading.tone, reading.first, reading.detail):
                self._banner.say(reading.tone, reading.first, reading.detail, reading.icon)
            return
        held = any(button.hasFocus() for button in self._banner.buttons)
        self._state.removeWidget(self._banner)
        self._banner.hide()
        self._banner.deleteLater()
        self._banner = Banner(reading.tone, reading.first, reading.detail, reading.instead_label, reading.icon)
        self._banner.pressed.connect(lambda: self.put(reading.instead))
        self._state.addWidget(self._banner)
        for button in self._banner.buttons:
            self.setTabOrder(self.field.line, button)
        if held:
            self.begin()
