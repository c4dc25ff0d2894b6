"""Correct: the declared fields of a saved record, and the reason. For records without a form of their own here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fieldapp.domain.kinds import Field, FieldType
from fieldapp.domain.lists_in_force import Lists
from fieldapp.errors import OperatorError
from fieldapp.operations import browsing, finds, records
from fieldapp.operations.browsing import Opened, Record
from fieldapp.operations.errors import FieldsNotValid
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.forms.declared import FormItem, form_widgets
from ui.forms.draft_form import DraftForm
from ui.models.shown import Shown, kind_of
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, clear
from ui.widgets.fields import Labelled, TextField

_PER_ROW = 3


class CorrectPage(Page):
    """Opened with a record's name. Only what was changed is written; the old values stay in the history."""

    key = "correct"
    title = N_("Correct a record")
    icon = "pencil"
    in_rail = False

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self._opened: Opened | None = None
        self._before: dict[str, str] = {}
        self.items: dict[str, FormItem] = {}
        self.form: DraftForm | None = None
        self.reason = TextField("")
        self._above = QVBoxLayout()
        self._place = QVBoxLayout()
        self.column.addLayout(self._above)
        self.column.addLayout(self._place)
        self.column.addStretch(1)
        self.cancel = Button(self.texts(N_("Leave as it is")), "x")
        self.cancel.clicked.connect(self._leave)
        self.save = PrimaryButton(self.texts(N_("Save correction")), "check")
        self.save.clicked.connect(self._save)
        self.save.setEnabled(False)
        for keys in ("Ctrl+S", "Ctrl+Return"):
            QShortcut(QKeySequence(keys), self, self.save.click)
        QShortcut(QKeySequence("Esc"), self, self.cancel.click)

    def subtitle(self) -> str:
        """Which record."""
        if self._opened is None:
            return ""
        record = self._opened.record
        number, what = self.shown.number(record.fields, record.id), self.shown.what(record.kind, record.fields)
        return self.texts(N_("{number}: {what}"), number=number, what=what)

    def foot_line(self) -> tuple[str, str, str]:
        """What becomes of the old values."""
        return self.texts(N_("The old values stay in the history.")), "history", "text2"

    def foot_actions(self) -> Sequence[QWidget]:
        """Leave or save."""
        return (self.cancel, self.save)

    def open_with(self, what: object) -> None:
        """Open the record with this name."""
        if isinstance(what, str):
            self.session.ask(lambda ws: browsing.open_record(ws, what), self._show, self._failed)

    def _show(self, opened: Opened) -> None:
        clear(self._above)
        clear(self._place)
        self._opened = opened
        kind = kind_of(opened.record.name)
        names = [one.name for one in kind.fields if one.type is FieldType.RECORD]
        items = form_widgets(kind, self.texts, names, self.session.current_lists)
        self.items = {item.field.name: item for item in items}
        self.form = DraftForm(self.session, opened.record.name)
        card = Card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        for place, item in enumerate(items):
            # a field beside one of several lines keeps its label level with that one's
            grid.addWidget(item.widget, place // _PER_ROW, place % _PER_ROW, Qt.AlignmentFlag.AlignTop)
        for column in range(_PER_ROW):
            grid.setColumnStretch(column, 1)
        card.body.addLayout(grid)
        self.reason = TextField(self.texts(N_("Reason")), self.texts(N_("everyone can read it in the history")), 2)
        card.body.addWidget(self.reason)
        for item in items:
            text = shown_text(item.field, opened.record, self.session.lists, self.texts.language)
            item.input.set_text(opened.numbers.get(text, text))
            self.form.add(item.field.name, item.input)
        self.form.add("reason", self.reason)
        self._before = self.form.values()
        self.form.body.addWidget(card)
        self._place.addWidget(self.form)
        self.reason.changed.connect(lambda _text: self._show_ready())
        self._show_ready()
        self.frame_changed.emit()
        items[0].widget.setFocus()

    def _show_ready(self) -> None:
        self.save.setEnabled(bool(self.reason.text().strip()))

    def _save(self) -> None:
        opened, form = self._opened, self.form
        if opened is None or form is None or not self.save.isEnabled():
            return
        changed = {
            name: text for name, text in form.values().items() if name != "reason" and text != self._before[name]
        }
        self.save.setEnabled(False)
        record, why = opened.record, self.reason.text()
        self.session.do(lambda ws: correct(ws, record, changed, why), self._saved, self._failed)

    def _saved(self, record: Record) -> None:
        if self.form is not None:
            self.form.saved()
        self.go.emit("records", record.name)

    def _leave(self) -> None:
        name = self._opened.record.name if self._opened else None
        if self.form is not None:
            self.form.saved()
        self.go.emit("records", name)

    def _failed(self, error: OperatorError) -> None:
        clear(self._above)
        self._above.addWidget(error_banner(error.parts(self.texts)))
        if isinstance(error, FieldsNotValid):
            for problem in error.problems:
                item = self.items.get(problem.field)
                if item is not None and isinstance(item.widget, Labelled):
                    item.widget.set_problem(self.texts(problem.message, **problem.facts))
        self._show_ready()

    def problems(self) -> list[str]:
        """What stands under the fields that could not be taken."""
        inputs = [item.widget for item in self.items.values()]
        return [one.problem() for one in inputs if isinstance(one, Labelled) and one.problem()]


def shown_text(one: Field, record: Record, lists: Lists, language: str) -> str:
    """The text a form shows of a record's field: the code or number, true or false, a model's name."""
    value = record.fields.get(one.name)
    if one.vocabulary == "model":
        return lists.model_name(str(value), language) if value else str(record.fields.get("model_text") or "")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def correct(ws: Workspace, record: Record, changed: Mapping[str, str], why: str) -> Record:
    """Write what was changed, with the reason, as a step after what the form showed."""
    fields: dict[str, Any] = dict(changed)
    model = fields.pop("model", None)
    if record.kind == "find":
        return finds.correct_find(ws, record.name, fields, why, model_text=model, heads=record.heads)
    if model is not None:
        fields = {"model": None, "model_text": None} | finds.model_fields(model, ws.lists) | fields
        fields.pop("sub_category", None)
    return records.correct(ws, record.name, fields, why, heads=record.heads)
