"""The Find form: where, what, checks. Also the form a saved find is corrected in, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.operations.browsing import Record
from fieldapp.operations.checks import Checked, look_at_find
from fieldapp.texts import N_
from ui import icons, theme
from ui.forms import find_values
from ui.forms.checking import Check, Checking
from ui.forms.declared import input_for, model_search
from ui.forms.find_values import FIND, Facts, Known
from ui.forms.find_where import FindWhere, PhotoFile
from ui.forms.parts import CategoryPicker, Hidden
from ui.forms.record_form import RecordForm
from ui.forms.surroundings import Surroundings, metres_text
from ui.forms.where import Where
from ui.session import Session
from ui.widgets import Card, Choice, Hit, ModelField, NumberField, Option, secondary, title
from ui.widgets.fields import Input
from ui.widgets.findings import Findings

OWN_WAY = ("category", "model", "quantity", "lat", "lon", "depth_cm", "condition", "anti_lift", "place")
"""Declared fields this form shows in its own way; all others stand under More fields as they are declared."""
STICKY = ("task",)
"""Kept for the next find. A finder or district that sticks would be wrong unseen."""
SAME_PLACE = ("position", "place", "lot")
"""Kept for another model at the same place."""


class FindForm(RecordForm):
    """Enter what was found, or correct the find ``record``. ``finished()``: the keys have led through the form."""

    kind = FIND
    own_way = OWN_WAY

    def __init__(self, session: Session, record: Record | None = None) -> None:
        super().__init__(session, record)
        self._known: Sequence[Known] = ()
        self._read: Where | None = None
        self._around = Surroundings()
        self.side = QVBoxLayout()
        self._make_inputs()
        self._lay_out()
        self._connect()
        self._order_tabs()
        if record is not None:
            self.open_record(find_values.values_of(record, self.texts.language, self.session.lists))
        self.body.setSpacing(theme.GAP)
        self._checked()

    def _make_inputs(self) -> None:
        texts, language = self.texts, self.texts.language
        self.place = input_for(FIND.by_name["place"], texts, self.session.current_lists)
        self.where = FindWhere(self.session, self._read_facts, self.place)
        self.position, self.district = self.where.position, self.where.district
        self.same_place = self.where.same_place
        self.photo = PhotoFile(self.session)
        self.category = CategoryPicker(texts, self.session.lists)
        self.model = ModelField(self.name("model"), texts, model_search(language, self.session.current_lists))
        self.quantity = NumberField(self.name("quantity"), 1, fraction=True)
        self.quantity.line.setPlaceholderText("1")
        self.depth_cm = NumberField(self.name("depth_cm"), 0, FIND.by_name["depth_cm"].maximum or 0)
        self.condition = input_for(FIND.by_name["condition"], texts, self.session.current_lists)
        answers = [Option("false", texts(N_("No"))), Option("true", texts(N_("Yes")))]
        self.anti_lift = Choice(self.name("anti_lift"), answers, inline=True)
        self.lot = Hidden()
        named: dict[str, Input] = {
            "position": self.position, "place": self.place, "category": self.category, "model": self.model,
            "quantity": self.quantity, "depth_cm": self.depth_cm, "condition": self.condition,
            "anti_lift": self.anti_lift, "lot": self.lot, "photo": self.photo,
        }  # fmt: skip
        for name, widget in named.items():
            self.add(name, widget)
        self.add_shared()

    def input_of_group(self, input_name: str) -> str:
        """The typed position is the group ``position``."""
        return input_name if input_name == "position" else super().input_of_group(input_name)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.where)
        row.addWidget(self._what(), 1)
        self.side.setSpacing(8)
        self.checks = Findings(self.texts)
        self._checking = Checking(self, self.session, self._to_check, self._show_checked)
        if self.record is not None:
            why = Card()
            why.body.addWidget(self.reason)
            self.side.addWidget(why)
        self.side.addWidget(self.checks, 1)
        self.side.addWidget(self.photo)
        if self.record is not None:  # to show it here, where it has no parent yet, would open a window of its own
            self.photo.hide()
        self.side.addWidget(self.more_button)
        side = QWidget()
        side.setFixedWidth(270)
        self.side.setContentsMargins(0, 0, 0, 0)
        side.setLayout(self.side)
        row.addWidget(side)
        self.body.addLayout(row, 1)
        self.body.addWidget(self.more_card)

    def _what(self) -> QWidget:
        card = Card()
        self._what_column = card.body
        self._heading = QWidget()
        head = QHBoxLayout(self._heading)
        head.setContentsMargins(0, 0, 0, 2)
        head.addWidget(title(self.texts(N_("What"))), 1)
        head.addWidget(secondary(self.texts(N_("Alt+1 ... 8")), wrap=False))
        card.body.addWidget(self._heading)
        numbers = QHBoxLayout()
        numbers.setSpacing(16)
        numbers.addWidget(self.quantity)
        numbers.addWidget(self.depth_cm)
        for widget in (self.category, self.model):
            card.body.addWidget(widget)
        card.body.addLayout(numbers)
        card.body.addWidget(self.condition)
        card.body.addWidget(self.anti_lift)
        card.body.addStretch(1)
        return card

    def _connect(self) -> None:
        self.edited.connect(self._checked)
        self.model.picked.connect(self._picked)
        self.category.chosen.connect(self._category_chosen)
        self.category.tiles.changed.connect(self._fit_row)
        self.district.pressed.connect(self._take_district)
        self.same_place.pressed.connect(self.leave_lot)
        QShortcut(QKeySequence("Alt+D"), self, self._take_district)
        for number in (self.quantity, self.depth_cm):
            if isinstance(self.condition, Choice):
                self.letters_to(number, self.condition)
        if isinstance(self.condition, Choice):
            # Queued: the letter's own field sets the focus on the row after the letter was taken.
            self.condition.letter_chosen.connect(lambda: QTimer.singleShot(0, self.finished.emit))
        self.position.field.line.next_on_enter = self.model.line
        self.position.bearing.distance.line.next_on_enter = self.model.line
        self.position.taken.connect(self.model.setFocus)
        self.model.line.next_on_enter = self.depth_cm.line

    def _order_tabs(self) -> None:
        # Whole inputs, not the lines in them: an input left behind in the order would lead Tab back to its line.
        stops: list[QWidget] = [
            *self.position.tab_stops(), *self.district.buttons, *self.category.tab_stops(), self.model, self.quantity,
            self.depth_cm, self.condition, self.anti_lift, self.place, *self.category.tiles.tiles,
            *self.photo.tab_stops(), self.more_button,
        ]
        if self.record is not None:
            stops.append(self.reason)
        stops += [item.widget for item in self.more]
        for one, following in pairwise(stops):
            self.setTabOrder(one, following)

    def start(self) -> None:
        """Put the focus where entering begins: the position while there is none, else the model."""
        first = self.position.first_stop() if not self.position.text() else self.model.line
        first.setFocus()

    def set_surroundings(self, around: Surroundings) -> None:
        """Say what can be measured from, and which task the find belongs to."""
        self._around = around
        self.position.set_points(around.points(self.texts))
        self._order_tabs()
        self.position.refresh()

    def set_known(self, known: Sequence[Known]) -> None:
        """Say which finds are here already: for distances, and for "same as last"."""
        self._known = known
        last = next((one.model for one in known if one.model), "")
        found = self.session.lists.models.get(last) if last else None
        name = found.name(self.texts.language) if found else ""
        self.model.set_last(Hit(last, name, "", icons.ordnance(found.category)) if found else None)
        self.position.refresh()
        self._checked()

    def next(self, *, same_place: bool = False, lot: str = "") -> None:
        """Empty the form for the next find; the task stays, with ``same_place`` the position too."""
        self.clear_error()
        self.set_values(self.fresh((*STICKY, *SAME_PLACE) if same_place else STICKY) | {"lot": lot})
        if same_place:
            self._keep()
            self.model.setFocus()
        else:
            self.start()

    def leave_lot(self) -> None:
        """The next find lies elsewhere: lot and position are emptied."""
        self.lot.set_text("")
        self.position.set_text("")
        self.position.begin()

    def _read_facts(self, where: Where) -> tuple[tuple[str, str], ...]:
        itself = self.record.name if self.record else ""
        known = [one for one in self._known if one.lat is not None and one.name != itself]
        found = find_values.nearest(Facts({}, "", where, known[:1], itself))
        near = []
        if found is not None:
            said = self.texts(N_("To last find {number}"), number=found[0].number)
            near.append((said, metres_text(found[1], self.texts)))
        return (*near, *self._around.facts(where, self.texts))

    def _checked(self) -> None:
        """Look at everything again after a change."""
        reading = self.position.reading()
        self._read = reading.value if reading is not None and isinstance(reading.value, Where) else None
        values = self.values()
        itself = self.record.name if self.record else ""
        facts = Facts(values, self.model.code(), self._read, self._known, itself, self.session.lists,
                      self.session.frame.work_area)  # fmt: skip
        self.checks.set_lines(find_values.checks(facts, self.texts))
        self._checking.changed()
        code = self._read.district if self._read and not self._read.swap else None
        name = self.session.lists.place_name(code, self.texts.language) if code else ""
        self.district.say("info", self.texts(N_("{district}?"), district=name), self.texts(
            N_("The position seems to lie there (Alt+D).")), "map")  # fmt: skip
        self.district.setVisible(bool(code) and not values["place"] and self.position.isEnabled())
        self._fit_row()
        in_lot = bool(values["lot"]) and self.record is None
        self.same_place.setVisible(in_lot)
        self.position.set_read_only(in_lot)
        self.show_filled_more(STICKY)

    def _to_check(self) -> Check:
        fields = find_values.draft_of(self.values(), self.model.code(), self._read)
        itself = self.record.name if self.record else None
        return lambda ws: look_at_find(ws, fields, itself)

    def _show_checked(self, checked: Checked) -> None:
        said = find_values.said_of(self.checks.lines(), self.texts)
        self.checks.show_findings(checked.findings, checked.passed, said=said)

    def _fit_row(self, *_tile: object) -> None:
        # An open row of categories takes the place of the heading: with both the page would have to scroll.
        row_open = self.category.open_row() is not None
        self._heading.setHidden(row_open)
        self._what_column.setSpacing(6 if row_open else 8)

    def _picked(self, hit: object) -> None:
        known = self.session.lists.models.get(hit.code) if isinstance(hit, Hit) else None
        if known is not None:
            self.category.set_text(known.category)

    def _category_chosen(self) -> None:
        if not self.model.text():
            self.model.setFocus()

    def _take_district(self) -> None:
        if self._read is not None and self._read.district and not self.district.isHidden():
            self.place.set_text(self._read.district)
            self.model.setFocus()
