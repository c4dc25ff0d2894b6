"""What the forms of records share: fields as declared, errors in place, and correcting a saved record with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from fieldapp.domain.kinds import Field, Kind
from fieldapp.errors import OperatorError
from fieldapp.operations.browsing import Record
from fieldapp.operations.drafts import Draft
from fieldapp.operations.errors import FieldsNotValid, ReasonNeeded
from fieldapp.texts import N_, Texts
from ui.forms.declared import FormItem, form_widgets
from ui.forms.draft_form import DraftForm
from ui.forms.parts import Hidden
from ui.session import Session
from ui.widgets import Banner, Button, Card, Choice, Labelled, TextField, error_banner

COLUMNS = 3
"""Fields beside each other under More fields."""


class RecordForm(DraftForm):
    """A form of one kind. Without a ``record`` it enters a new one; with one it corrects that, and asks why.

    ``own_way`` names the declared fields that the subclass shows itself; all others stand under More fields as they
    are declared. ``finished()``: the keys have led through the form.
    """

    finished = Signal()
    kind: Kind
    own_way: tuple[str, ...] = ()

    def __init__(self, session: Session, record: Record | None = None, kind: Kind | None = None) -> None:
        """``kind``: where one class serves many; then the subclass shows all its fields itself."""
        declared = kind or self.kind
        super().__init__(session, record.name if record else declared.name)
        self.kind, self.record = declared, record
        self.ask_first = True
        """Ask "continue or discard?" when a draft is found; a person who pressed Continue is not asked again."""
        self._error: Banner | None = None
        self.heads = Hidden()
        """The versions a correction began from."""
        self.reason = TextField(self.texts(N_("Reason for the correction")), lines=2)
        shown = self.own_way if kind is None else tuple(kind.by_name)
        self.more: list[FormItem] = form_widgets(self.kind, self.texts, shown, session.current_lists)
        self.more_button = Button(self.texts(N_("More fields")), "list")
        self.more_button.setCheckable(True)
        self.more_button.toggled.connect(self._show_more)
        self.more_button.clicked.connect(self._go_to_more)
        QShortcut(QKeySequence("Alt+M"), self, self.more_button.click)
        self.more_card = self._more_card()

    def add_shared(self) -> None:
        """Take the inputs of this class into the draft."""
        self.add("heads", self.heads)
        self.add("reason", self.reason)
        for item in self.more:
            self.add(item.field.name, item.input)
        self.edited.connect(self.clear_error)

    def open_record(self, values: Mapping[str, str]) -> None:
        """Show the record that is corrected."""
        self.begin_with(values)
        self._lock_conflicts()

    def name(self, field: str) -> str:
        """The label of a declared field."""
        return self.kind.by_name[field].names.in_language(self.texts.language)

    def _more_card(self) -> Card:
        card = Card(self.texts(N_("More fields")))
        card.body.addLayout(laid_out(self.more, COLUMNS))
        card.hide()
        return card

    def _show_more(self, shown: bool) -> None:
        self.more_card.setVisible(shown)

    def _go_to_more(self, shown: bool) -> None:
        """A person opened the card: the first of its fields gets the focus, and the page scrolls to it."""
        if not shown or not self.more:
            return
        self.more[0].widget.setFocus()
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if isinstance(area, QScrollArea):
            self.body.activate()
            QTimer.singleShot(0, self, partial(area.ensureWidgetVisible, self.more_card))

    def show_filled_more(self, leave_out: Sequence[str] = ()) -> None:
        """Open More fields when something was entered in one of them."""
        before = self.untouched()
        names = [item.field.name for item in self.more if item.field.name not in leave_out]
        if any(self._inputs[name].text() != before[name] for name in names):
            self.more_button.setChecked(True)

    def offer_defaults(self, values: Mapping[str, str]) -> None:
        """Begin with these values (those of the current task) while nobody has entered anything."""
        if self.record is None and self.values() == self.untouched():
            self.begin_with({**dict.fromkeys(self._inputs, ""), **values})

    def fresh(self, kept: Sequence[str]) -> dict[str, str]:
        """The values of the next record: those ``kept``, and what a new one begins with while the task is the same."""
        now, begun = self.values(), self.untouched()
        same_task = now.get("task") == begun.get("task")
        return {name: now[name] if name in kept else begun[name] if same_task else "" for name in now}

    def before(self) -> dict[str, str]:
        """What the form showed of the record when it was opened for correction."""
        return self.untouched()

    def start(self) -> None:
        """Put the focus where entering begins."""

    def go_on(self) -> None:
        """The person has said that the draft is to be continued."""
        self.ask_first = False
        self._answer()

    def _offer(self, draft: Draft | None) -> None:
        super()._offer(draft)
        if not self.ask_first:
            self._answer()

    def show_error(self, error: OperatorError) -> None:
        """Say in place what could not be saved: beside the fields, else as a banner above them."""
        self.clear_error()
        if isinstance(error, ReasonNeeded):
            self.reason.set_problem(error.parts(self.texts)[0])
            self.reason.setFocus()
            return
        if isinstance(error, FieldsNotValid):
            self._mark(error)
        self._error = error_banner(error.parts(self.texts))
        self.body.insertWidget(0, self._error)

    def error(self) -> Banner | None:
        """The banner about the last save, while it is there."""
        return self._error

    def clear_error(self) -> None:
        """Take away what the last save complained of."""
        marked: list[object] = [*self._inputs.values()]
        for widget in marked:
            if isinstance(widget, Labelled):
                widget.set_problem("")
        if self._error is not None:
            self.body.removeWidget(self._error)
            self._error.hide()
            self._error.deleteLater()
            self._error = None

    def _mark(self, error: FieldsNotValid) -> None:
        if any(problem.field in {item.field.name for item in self.more} for problem in error.problems):
            self.more_button.setChecked(True)
        for problem in error.problems:
            widget: object = self._inputs.get(problem.field)
            if isinstance(widget, Labelled):
                widget.set_problem(self.texts(problem.message, **problem.facts))
                widget.setFocus()

    def input_of_group(self, input_name: str) -> str:
        """The declared group that the input ``input_name`` belongs to; "" for none."""
        group = self.kind.group_of.get(input_name)
        return group.name if group else ""

    def _lock_conflicts(self) -> None:
        open_groups = {conflict.group for conflict in self.record.conflicts} if self.record else set()
        for name, widget in self._inputs.items():
            if self.input_of_group(name) in open_groups and isinstance(widget, QWidget):
                widget.setEnabled(False)
        if open_groups:
            said = self.texts(N_("They are settled under Records, not edited here."))
            self.body.insertWidget(0, Banner("warn", self.texts(N_("Some fields have several readings")), said))


def laid_out(items: Sequence[FormItem], columns: int, options_beside: int = 0) -> QGridLayout:
    """Inputs in a grid, in order: texts of several lines, and choices of more than ``options_beside``, take a row."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(12)
    place = 0
    for item in items:
        widget = item.widget
        wide = isinstance(widget, TextField) or (isinstance(widget, Choice) and widget.count() > options_beside)
        if wide and place % columns:
            place += columns - place % columns
        grid.addWidget(widget, place // columns, place % columns, 1, columns if wide else 1)
        place += columns if wide else 1
    for column in range(columns):
        grid.setColumnStretch(column, 1)
    return grid


def name_of(field: Field, texts: Texts) -> str:
    """The name of a field without its unit, for lists of names."""
    return field.names.in_language(texts.language).partition(",")[0]


def as_typed(value: object) -> str:
    """A value of a record as a form's input has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
