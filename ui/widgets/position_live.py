"""Taking a position from the receiver: the average that runs, the button that takes, and its key."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.labels import KeyCap, PlainLabel, field_label
from ui.widgets.position_reading import Live
from ui.widgets.progress import Bar

_HELD = 12
"""So many times a receiver may say that all is well before a refusal is no longer shown: three seconds."""


class LivePanel(QWidget):
    """``take_asked()``: take the fix or the average, whichever way is open; ``average_asked()``: take the average."""

    take_asked = Signal()
    average_asked = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._held = 0
        self._counting = QWidget()
        self._word = field_label(texts(N_("Averaging")))
        self._count = PlainLabel("", theme.SECONDARY, theme.SEMIBOLD)
        self.bar = Bar()
        self.take = Button(texts(N_("Take position")), "crosshair")
        self.spread = PlainLabel("", theme.SECONDARY, theme.SEMIBOLD, wrap=True)
        self.average = Button(" ")
        self.refused = PlainLabel("", theme.SECONDARY, theme.MEDIUM, "danger", wrap=True)
        self.take.clicked.connect(self.take_asked)
        self.average.clicked.connect(self.average_asked)
        self._lay_out()
        self.show_live(Live("stale", ""), average_way=False, taken=False)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        counting = QVBoxLayout(self._counting)
        counting.setContentsMargins(0, 0, 0, 0)
        counting.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self._word, 1)
        head.addWidget(self._count)
        counting.addLayout(head)
        counting.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.take, 1)
        row.addWidget(KeyCap("F5"))
        column.addWidget(self._counting)
        column.addLayout(row)
        column.addWidget(self.refused)
        column.addWidget(self.spread)
        column.addWidget(self.average)
        self.refused.hide()

    def show_live(self, live: Live, *, average_way: bool, taken: bool) -> None:
        """Show what can be taken now; ``taken``: something was taken, so it would be taken again."""
        averages = average_way and bool(live.wanted) and not taken and not live.is_stale
        self._counting.setVisible(averages)
        if averages:
            self._count.setText(self._texts(N_("{done} of {total}"), done=live.counted, total=live.wanted))
            self.bar.set_done(min(live.counted, live.wanted), live.wanted)
        again = self._texts(N_("Take again"))
        said = again if taken and live.can_take else live.take or self._texts(N_("Take position"))
        if self.take.text() != said:
            self.take.setText(said)
        if self.take.isEnabled() != live.can_take:
            self.take.setEnabled(live.can_take)
        offers = bool(live.average) and not taken and (not live.can_take or not average_way)
        self.spread.setVisible(offers and bool(live.spread))
        self.average.setVisible(offers)
        if offers:
            self.spread.setText(live.spread)
            if self.average.text() != live.average:
                self.average.setText(live.average)

    def refuse(self, sentence: str) -> None:
        """Say that nothing was taken, and why; "" takes it away."""
        self.refused.setText(sentence)
        self.refused.setVisible(bool(sentence))
        self._held = _HELD if sentence else 0

    def let_go(self) -> None:
        """A position could be taken now: what was refused is said a little longer, then no more."""
        if self._held:
            self._held -= 1
            if not self._held:
                self.refuse("")

    def tab_stops(self) -> list[QWidget]:
        """What the Tab key goes through here."""
        return [self.take, self.average]
