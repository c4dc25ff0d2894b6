"""One conflict, or several alike: the readings side by side, who said each when and where, and settling them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.kinds import FieldType
from fieldapp.domain.registry import KINDS
from fieldapp.domain.validation import groups_to_set
from fieldapp.operations import records
from fieldapp.operations.conflicts import Disputed, Opened
from fieldapp.texts import N_
from ui import theme
from ui.forms.declared import FormItem, form_widgets
from ui.models.shown import Shown
from ui.pages.conflict_readings import Readings, shown_group
from ui.session import Session
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, EmptyState, clear, hairline
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import TextField
from ui.widgets.frame import scrolled
from ui.widgets.labels import PlainLabel, field_label, secondary
from ui.widgets.table import Column, DataTable

SIDE_BY_SIDE = 2
"""So many readings stand beside each other; further ones below."""
OTHER = "other"
_SETTLED_WHOLE = frozenset(("position", "land", "exists"))
"""Groups for which no other value is typed here: they have a form of their own, or only yes and no."""


class ConflictDetail(Card):
    """The right half of the Conflicts page. ``settle_asked`` comes with the value chosen and the reason."""

    settle_asked = Signal(object, str)
    open_asked = Signal(str)
    """The name of a record to show with its history."""
    refused = Signal(object)
    """An ``OperatorError``: another value was typed that cannot be taken."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._texts, self._shown = session.texts, Shown(session.texts, session.clock, session.current_lists)
        self._readings = Readings(self._shown)
        self.opened: Opened | None = None
        self.choice: Choice | None = None
        self._other: list[FormItem] = []
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setSpacing(10)
        self._scroll = scrolled(inside)
        self.body.addWidget(self._scroll, 1)
        self._ask = QVBoxLayout()
        self._ask.setSpacing(8)
        self.body.addLayout(self._ask)
        self.reason = TextField(self._texts(N_("Reason")), self._texts(N_("the team reads it")), lines=2)
        self.reason.changed.connect(lambda _text: self._show_ready())
        self.body.addWidget(self.reason)
        row = QHBoxLayout()
        self.record = Button(self._texts(N_("Open the record")), "history")
        self.record.clicked.connect(self._open_record)
        self.settle = PrimaryButton(self._texts(N_("Settle")), "check")
        self.settle.clicked.connect(self._settle)
        row.addWidget(self.record)
        row.addWidget(self.settle, 1)
        self.body.addLayout(row)
        keys = QShortcut(QKeySequence("Ctrl+Return"), self, self._settle)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.show_nothing(self._texts(N_("Nobody contradicts anybody.")))

    def show_nothing(self, sentence: str) -> None:
        """Nothing is chosen, or nothing is left."""
        self.opened, self.choice = None, None
        clear(self._rows)
        clear(self._ask)
        self._rows.addWidget(EmptyState(sentence, icon="circle-check"))
        for part in (self.reason, self.record, self.settle):
            part.hide()

    def show_conflict(self, opened: Opened, *, keep: bool = False) -> None:
        """Show these readings. ``keep`` leaves the reason as typed; which reading is right is always chosen anew."""
        self.opened = opened
        self._shown.know(opened.numbers)
        clear(self._rows)
        for part in self._parts(opened):
            self._rows.addWidget(part)
        self._rows.addStretch(1)
        self._scroll.verticalScrollBar().setValue(0)
        self._show_choice(opened)
        if not keep:
            self.reason.set_text("")
        for shown in (self.reason, self.settle):
            shown.show()
        self.record.setVisible(len(opened.records) == 1)
        self._show_ready()

    def focus_choice(self) -> None:
        """Go on to choosing a reading."""
        if self.choice is not None:
            self.choice.setFocus()

    def _parts(self, opened: Opened) -> Iterator[QWidget]:
        yield self._head(opened)
        readings = list(enumerate(opened.readings, 1))
        for start in range(0, len(readings), SIDE_BY_SIDE):
            if start:
                yield hairline()
            yield self._readings.beside(opened, readings[start : start + SIDE_BY_SIDE])
        if opened.more:
            said = self._texts.plural(
                N_("{count} further record comes up once these are settled."),
                N_("{count} further records come up once these are settled."), opened.more,
            )  # fmt: skip
            yield Banner("info", said, "", icon="layers")
        if len(opened.records) > 1:
            yield field_label(self._texts(N_("Every one of these records is settled alike")))
            yield self._table(opened)

    def _head(self, opened: Opened) -> QWidget:
        head, texts, shown = QWidget(), self._texts, self._shown
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        one = opened.records[0]
        name = shown_group(shown, opened.line.alike.kind, opened.line.alike.group)
        if len(opened.records) == 1:
            column.addWidget(PlainLabel(f"{one.number} \u00b7 {name}", theme.PAGE, theme.SEMIBOLD, wrap=True))
            column.addWidget(secondary(" \u00b7 ".join(filter(None, self._about(opened, one)))))
            return head
        many = texts.plural(
            N_("{count} record with the same readings"), N_("{count} records with the same readings"),
            len(opened.records),
        )  # fmt: skip
        column.addWidget(PlainLabel(f"{name} \u00b7 {many}", theme.PAGE, theme.SEMIBOLD, wrap=True))
        teams = {opened.teams.get(record.row["owner"], record.row["owner"][:6]) for record in opened.records}
        column.addWidget(secondary(" \u00b7 ".join(sorted(teams))))
        return head

    def _about(self, opened: Opened, one: Disputed) -> Iterator[str]:
        """What the record is, whose, its date of information, where it is."""
        row = one.row
        if row.kind in KINDS:
            yield self._shown.brief(row.kind, row)
        yield opened.teams.get(row["owner"], row["owner"][:6])
        yield self._shown.day_text(one.day)
        yield self._shown.place(row.get("place"))
        if row.get("lat") is not None:
            yield self._shown.position(row)

    def _table(self, opened: Opened) -> DataTable[Disputed]:
        texts, shown = self._texts, self._shown
        table: DataTable[Disputed] = DataTable([
            Column(texts(N_("No.")), lambda one: one.number),
            Column(texts(N_("What")), lambda one: shown.brief(one.row.kind, one.row), stretch=True),
            Column(texts(N_("Team")), lambda one: opened.teams.get(one.row["owner"], one.row["owner"][:6])),
            Column(texts(N_("Day")), lambda one: shown.day_text(one.day)),
        ], opened.records)  # fmt: skip
        table.setAccessibleName(texts(N_("Records")))
        table.opened.connect(lambda one: self.open_asked.emit(one.name))
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # all of it stands in the card's own
        table.setMinimumHeight(table.natural_height() + theme.TARGET)
        return table

    def _show_choice(self, opened: Opened) -> None:
        clear(self._ask)
        options = [
            Option(str(place), self._texts(N_("Reading {number}"), number=place), str(place) if place < 10 else "")
            for place in range(1, len(opened.readings) + 1)
        ]
        self._other = self._inputs(opened)
        if self._other:
            options.append(Option(OTHER, self._texts(N_("Another value"))))
        self.choice = Choice(self._texts(N_("Which reading is right")), options, per_row=4)
        self.choice.changed.connect(self._chosen)
        self._ask.addWidget(self.choice)
        for item in self._other:
            self._ask.addWidget(item.widget)
            item.widget.hide()

    def _inputs(self, opened: Opened) -> list[FormItem]:
        """Inputs for another value, where one record is open and its group is typed field by field."""
        alike = opened.line.alike
        kind = KINDS.get(alike.kind)
        group = kind.group_by_name.get(alike.group) if kind else None
        if kind is None or group is None or len(opened.records) > 1 or alike.group in _SETTLED_WHOLE:
            return []
        if not all(one.in_form and one.type is not FieldType.SHAPE for one in group.fields):
            return []
        others = [one.name for one in kind.fields if one not in group.fields]
        made = form_widgets(kind, self._texts, others, self._session.current_lists)
        for item in made:
            item.input.changed.connect(lambda _text: self._show_ready())
        return made

    def _chosen(self, code: str) -> None:
        for item in self._other:
            item.widget.setVisible(code == OTHER)
        self._show_ready()

    def _show_ready(self) -> None:
        if self.opened is None or self.choice is None:
            return
        chosen = self.choice.text()
        ready = bool(chosen) and (chosen != OTHER or any(item.input.text().strip() for item in self._other))
        self.settle.setEnabled(ready and bool(self.reason.text().strip()))
        count = len(self.opened.records)
        self.settle.setText(
            self._texts(N_("Settle")) if count == 1
            else self._texts.plural(N_("Settle this {count} alike"), N_("Settle these {count} alike"), count)
        )

    def _settle(self) -> None:
        if self.opened is None or self.choice is None or not self.settle.isEnabled():
            return
        if self.choice.text() != OTHER:
            value: Any = self.opened.readings[int(self.choice.text()) - 1].value
        else:
            alike, shown = self.opened.line.alike, self.opened.readings[0].value
            kind = KINDS[alike.kind]
            typed = {item.field.name: item.input.text() for item in self._other}
            changes, problems = groups_to_set(kind, typed, {alike.group: shown}, self._session.lists)
            if problems:
                self.refused.emit(records.problems_error(kind, problems, self._texts.language))
                return
            value = changes.get(alike.group, shown)
        self.settle.setEnabled(False)
        self.settle_asked.emit(value, self.reason.text().strip())

    def _open_record(self) -> None:
        if self.opened is not None:
            self.open_asked.emit(self.opened.records[0].name)
