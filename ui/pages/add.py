"""Add a record: accidents, victims, quality visits, days of work, programmes - by their declarations."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from fieldapp.domain.registry import KINDS
from fieldapp.operations import browsing, entry
from fieldapp.operations.browsing import Opened, Record
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.forms import entered_values
from ui.forms.entered_form import EnteredForm
from ui.pages.form_page import Continue, FormPage
from ui.session import Session
from ui.widgets import Choice, Option

_OWN_PAGES = {"hazardous_area": "area"}
"""Kinds of this page that have a page of their own."""


def page_of(kind: str) -> str:
    """The page on which records of one of these kinds are entered and corrected."""
    return _OWN_PAGES.get(kind, "add")


class AddPage(FormPage[EnteredForm]):
    """One page for every kind without a form of its own; what was typed of each kind is kept apart."""

    key = "add"
    title = N_("Add a record")
    icon = "circle-plus"
    shortcut = "F10"
    in_rail = False
    home = "records"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        language = self.texts.language
        kinds = [KINDS[name] for name in entry.ENTERED if session.role == "hq" or not KINDS[name].hq_only]
        self._kind, self._numbers = kinds[0], dict[str, str]()
        self._names = {kind.name for kind in kinds}
        self.kinds = Choice(
            self.texts(N_("Kind of record")), [Option(kind.name, kind.names.in_language(language)) for kind in kinds],
            filled=True,
        )  # fmt: skip
        self.kinds.set_text(self._kind.name)
        self.kinds.changed.connect(self._choose)
        self.column.addWidget(self.kinds)
        self.show_form()

    def _choose(self, name: str) -> None:
        if not name:
            self.kinds.set_text(self._kind.name)
        elif page_of(name) != self.key:
            self.kinds.set_text(self._kind.name)
            self.go.emit(page_of(name), None)
        elif name != self._kind.name:
            self._kind = KINDS[name]
            self.show_form()

    def make_form(self, record: Record | None) -> EnteredForm:
        """The form of the chosen kind, or that of the record's kind."""
        self.kinds.setVisible(record is None)
        if record is None:
            return EnteredForm(self.session, self._kind)
        return EnteredForm(self.session, KINDS[record.kind], record, self._numbers)

    def first_input(self) -> QWidget:
        """The first field."""
        return self.form.first()

    def write(self, ws: Workspace, form: EnteredForm, values: dict[str, str], then: str) -> Record:
        """Save or correct the record."""
        if form.record is not None:
            return entered_values.correct(ws, form.record.name, form.before(), values)
        return entered_values.save(ws, form.kind, values)

    def after(self, then: str, record: Record, words: str) -> None:
        """Empty the form for the next one; personal fields are closed again."""
        self.show_form()
        self._kept = self.texts(N_("Saved: {number}"), number=words)

    def correct(self, record_name: str, *, ask: bool = True) -> None:
        """Open the record to be corrected, with the numbers of the records it names."""
        self.session.ask(lambda ws: browsing.open_record(ws, record_name), partial(self._show_opened, ask))

    def _show_opened(self, ask: bool, opened: Opened) -> None:
        self._numbers = dict(opened.numbers)
        self.show_form(opened.record, ask=ask)
        self.form.start()

    def open_with(self, what: object) -> None:
        """A kind's name: enter one. ``Continue``: go on with that draft. A record's name: correct it."""
        kind = what.form if isinstance(what, Continue) else what
        if isinstance(kind, str) and kind in self._names:
            self.kinds.set_text(kind)
        super().open_with(what)
