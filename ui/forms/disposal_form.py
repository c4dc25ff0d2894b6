"""The Disposal form: what was done with which items. A tag nobody here knows is kept as written."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.registry import KINDS
from fieldapp.texts import N_
from ui import theme
from ui.forms.record_form import RecordForm
from ui.session import Session
from ui.widgets import Banner, Card, Choice, Field, NumberField, Option, secondary
from ui.widgets.fields import Input

DISPOSAL = KINDS["disposal"]
OWN_WAY = ("find", "tag", "outcome", "quantity", "done_on", "store", "other_team", "lat", "lon")
"""Declared fields this form shows in its own way; all others stand under More fields as they are declared."""
_MOST_FIRST = ("destroyed_in_place", "central_demolition", "burned_low_order", "neutralised", "stored", "moved",
               "handed_over", "received", "left_marked", "inert")  # fmt: skip


class DisposalForm(RecordForm):
    """Enter one line of what was done with found items. ``item_typed(str)`` asks which find a number means."""

    item_typed = Signal(str)
    kind = DISPOSAL
    own_way = OWN_WAY

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._make_inputs()
        self._lay_out()
        self.item.changed.connect(self._item_changed)
        stops: list[QWidget] = [
            self.item, self.outcome, self.quantity, self.done_on, self.store, self.other_team, self.position,
            self.more_button, *(item.widget for item in self.more),
        ]  # fmt: skip
        for one, following in pairwise(stops):
            self.setTabOrder(one, following)

    def _make_inputs(self) -> None:
        texts = self.texts
        names = self.session.lists.vocabulary("disposal_outcome")
        self.item = Field(texts(N_("Number of the find, or the tag as written")))
        self.outcome = Choice(
            self.name("outcome"), [Option(code, names.name(code, texts.language)) for code in _MOST_FIRST], per_row=2
        )
        self.quantity = NumberField(self.name("quantity"), 1, fraction=True)
        self.quantity.line.setPlaceholderText("1")
        self.done_on = Field(self.name("done_on"), placeholder=texts(N_("today")))
        self.store = Field(self.name("store"))
        self.other_team = Field(self.name("other_team"))
        self.position = Field(texts(N_("Position, if it is another than where it was found")))
        named: dict[str, Input] = {
            "item": self.item, "outcome": self.outcome, "quantity": self.quantity, "done_on": self.done_on,
            "store": self.store, "other_team": self.other_team, "position": self.position,
        }  # fmt: skip
        for name, widget in named.items():
            self.add(name, widget)
        self.add_shared()

    def _lay_out(self) -> None:
        self.body.setSpacing(theme.GAP)
        left, right = Card(), Card()
        self.known = Banner("info", " ", " ", icon="search")
        self.known.hide()
        for widget in (self.item, self.known, self.outcome):
            left.body.addWidget(widget)
        left.body.addStretch(1)
        numbers = QHBoxLayout()
        numbers.setSpacing(12)
        numbers.addWidget(self.quantity, 1)
        numbers.addWidget(self.done_on, 1)
        right.body.addLayout(numbers)
        for field in (self.store, self.other_team, self.position):
            right.body.addWidget(field)
        right.body.addWidget(secondary(self.texts(N_("A tag that no find here bears is joined by headquarters."))))
        right.body.addStretch(1)
        right.body.addWidget(self.more_button)
        row = QHBoxLayout()
        row.setSpacing(theme.MARGIN)
        row.addWidget(left, 1)
        row.addWidget(right, 1)
        whole = QVBoxLayout()
        whole.addLayout(row)
        self.body.addLayout(whole, 1)
        self.body.addWidget(self.more_card)

    def start(self) -> None:
        """Put the focus where entering begins: the item, or what was done where the item is said already."""
        (self.outcome if self.item.text() else self.item.line).setFocus()

    def next(self) -> None:
        """Empty the form for the next line; what was done, the day and the store stay."""
        self.clear_error()
        self.set_values(self.fresh(("outcome", "done_on", "store", "other_team", "task")))
        self.start()

    def say_item(self, words: str) -> None:
        """Say which find the number means; empty words: none that is here."""
        texts = self.texts
        if words:
            self.known.say("ok", words, texts(N_("The find is known here.")))
        else:
            self.known.say("info", texts(N_("No find here bears this number")),
                           texts(N_("It is kept as written.")), "search")  # fmt: skip
        self.known.setVisible(bool(self.item.text().strip()))

    def _item_changed(self, text: str) -> None:
        self.known.hide()
        if text.strip():
            self.item_typed.emit(text.strip())
