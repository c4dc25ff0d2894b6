"""What the pages that enter records share: saving, correcting, drafts, and what was saved last."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import current_task, records
from fieldapp.operations.browsing import Record
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.forms.drawn import DrawnOutline, DrawOn
from ui.forms.record_form import RecordForm
from ui.models.shown import Shown
from ui.pages.page import Page
from ui.session import Session
from ui.widgets import Button, KeyCap, PrimaryButton

Form = TypeVar("Form", bound=RecordForm)

ALONE = N_("Saved on this laptop. Not at any headquarters yet.")


@dataclass(frozen=True)
class Continue:
    """Asks a form page to open a draft without asking once more. ``form`` is the draft's name."""

    form: str


@dataclass(frozen=True)
class Saved:
    """Tells Today that a record was saved: its number and what it is."""

    what: str


class FormPage(Page, Generic[Form]):
    """Enter records of one kind. ``correct(record_name)`` opens a saved one; what is typed is kept, always.

    A subclass makes the form (``make_form``), saves (``write``) and says what comes after (``after``).
    """

    home: ClassVar[str] = "today"
    """The page that is shown once a new record is saved or left; any but Today is handed the saved record's name."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(self.texts, session.clock, session.current_lists)
        self._saving = False
        self._kept = ""
        self._form: Form | None = None
        self._drawn: DrawnOutline | None = None
        """An outline from the map that is taken once the form shows what was kept."""
        texts = self.texts
        self.save_next = PrimaryButton(texts(N_("Save and next")), "check")
        self.save_close = Button(texts(N_("Save and close")))
        self.save_correction = PrimaryButton(texts(N_("Save correction")), "check")
        self._ctrl_enter = KeyCap(texts(N_("Ctrl+Enter")))
        self.save_next.clicked.connect(partial(self.save, "next"))
        self.save_close.clicked.connect(partial(self.save, "close"))
        self.save_correction.clicked.connect(partial(self.save, "close"))
        for keys, then in (("Ctrl+Return", "next"), ("Ctrl+Enter", "next"), ("Ctrl+S", "close")):
            QShortcut(QKeySequence(keys), self, partial(self.save, then))
        QShortcut(QKeySequence("Esc"), self, self.back)

    @abstractmethod
    def make_form(self, record: Record | None) -> Form:
        """A new form, for a new record or to correct ``record``."""
        ...

    @abstractmethod
    def first_input(self) -> QWidget:
        """Where entering begins."""
        ...

    @abstractmethod
    def write(self, ws: Workspace, form: Form, values: dict[str, str], then: str) -> Record:
        """Save ``values`` on the worker's thread; ``form`` only tells which record is corrected."""
        ...

    @abstractmethod
    def after(self, then: str, record: Record, words: str) -> None:
        """A new record was saved, and the form is to go on as ``then`` says."""
        ...

    @property
    def form(self) -> Form:
        """The form shown."""
        assert self._form is not None  # noqa: S101 - every subclass shows one as it is made
        return self._form

    def show_form(self, record: Record | None = None, *, ask: bool = True) -> None:
        """Show a fresh form in place of the one before, and look for its draft."""
        form = self.make_form(record)
        form.ask_first = ask
        if self._form is not None:
            self.column.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
        self._form = form
        self._kept = ""
        form.kept.connect(self._say_kept)
        form.finished.connect(self._to_save)
        self.column.addWidget(form)
        form.restore()
        self.refresh()
        self.frame_changed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus on to where entering begins.

        No focus proxy does this: forms are made again and again, each stands last in the Tab order, and from a page
        that leads there Tab would leap over everything between and never come round.
        """
        self.first_input().setFocus(event.reason())

    def correct(self, record_name: str, *, ask: bool = True) -> None:
        """Open the record to be corrected, with a reason. ``ask``: ask before a draft is continued."""
        def read(ws: Workspace) -> tuple[Record, str]:
            record = records.get(ws, record_name)
            return record, current_task.number_of(ws, record.fields.get("task"))

        self.session.ask(read, partial(self._show_correction, ask))

    def _show_correction(self, ask: bool, found: tuple[Record, str]) -> None:
        record, task = found
        self.show_form(record, ask=ask)
        self.form.begin_with(self.form.values() | {"task": task})
        self.form.start()

    def take_defaults(self) -> None:
        """Begin a new record with what the current task gives; a form in which something stands is left alone."""
        kind = self.form.kind.name
        self.session.ask(lambda ws: current_task.as_typed(ws, kind), self._begin_with)

    def _begin_with(self, defaults: dict[str, str]) -> None:
        self.form.offer_defaults(defaults)
        self._take_drawn()
        self.frame_changed.emit()

    def _take_drawn(self) -> None:
        drawn, form = self._drawn, self.form
        shown = form.record.name if form.record is not None else ""
        if drawn is not None and form.looked_for_draft and shown == drawn.record:
            self._drawn = None
            self.take_outline(form, drawn)

    def take_outline(self, form: Form, drawn: DrawnOutline) -> None:
        """Show an outline that was drawn on the map; forms that have points do."""

    def draw_on_map(self) -> None:
        """Draw on the outline of this form, on the map."""
        text = self.form.values().get("points", "")
        self.go.emit("map", DrawOn(self.key, text, self.form.record.name if self.form.record is not None else ""))

    def open_with(self, what: object) -> None:
        """A record's name: correct it. ``Continue``: go on with that draft. ``DrawnOutline``: take it."""
        if isinstance(what, Continue) and "/" not in what.form:
            self.form.go_on()
        elif isinstance(what, Continue):
            self.correct(what.form, ask=False)
        elif isinstance(what, DrawnOutline):
            self._drawn = what
            if what.record:
                self.correct(what.record, ask=False)
        elif isinstance(what, str) and "/" in what:
            self.correct(what)

    def heading(self) -> str:
        """What is entered, or which record is corrected."""
        record = self._form.record if self._form is not None else None
        if record is None:
            return self.texts(self.title)
        return self.texts(N_("Correct {number}"), number=self.shown.number(record.fields, record.id))

    def subtitle(self) -> str:
        """Who works for whom, and for which task."""
        where, task = where_we_are(self.session), self._form.values().get("task", "") if self._form is not None else ""
        return self.texts(N_("{where} \u00b7 task {number}"), where=where, number=task) if task else where

    def foot_line(self) -> tuple[str, str, str]:
        """When the draft was kept last."""
        return self._kept, "circle-check", "ok"

    def foot_actions(self) -> Sequence[QWidget]:
        """The ways to save."""
        if self.form.record is not None:
            return (self._ctrl_enter, self.save_correction)
        return (*self.more_actions(), self.save_close, self._ctrl_enter, self.save_next)

    def more_actions(self) -> Sequence[QWidget]:
        """Further buttons of the foot bar."""
        return ()

    def _say_kept(self, sentence: str) -> None:
        self._kept = sentence
        self.frame_changed.emit()

    def _to_save(self) -> None:
        target: QWidget = self.save_next if self.form.record is None else self.form.reason
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def save(self, then: str, *_pressed: object) -> None:
        """Save what stands in the form. ``then``: ``next``, ``close``, or what the subclass adds."""
        if self._saving:
            return
        self._saving = True
        form, values = self.form, self.form.values()
        self.session.do(
            lambda ws: self.write(ws, form, values, then), partial(self._saved, then), self._not_saved
        )

    def _saved(self, then: str, record: Record) -> None:
        self._saving = False
        corrected = self.form.record is not None
        self.form.saved()
        self._kept = ""
        number = self.shown.number(record.fields, record.id)
        what = self.shown.what(record.kind, record.fields)
        words = self.texts(N_("{number} \u00b7 {what}"), number=number, what=what)
        if corrected:
            self.show_form()
            self.go.emit("records", record.name)
        else:
            self.after(then, record, words)
            if then == "close":
                self.go.emit(self.home, Saved(words) if self.home == "today" else record.name)
        self.frame_changed.emit()

    def _not_saved(self, error: OperatorError) -> None:
        self._saving = False
        self.form.show_error(error)

    def back(self) -> None:
        """Leave; what was typed is kept as a draft."""
        correcting = self.form.record
        if correcting is None:
            self.go.emit(self.home, None)
        else:
            self.go.emit("records", correcting.name)

    def leave(self) -> bool:
        """Leaving a correction ends it: its draft is kept, and the key of this page begins a new record again."""
        if self.form.record is not None:
            self.show_form()
        return True


def where_we_are(session: Session) -> str:
    """Who works where, for the top bar: team and deployment, or the person's name."""
    about = session.about
    if about is None:
        return ""
    if not about.deployment:
        return about.person
    return session.texts(N_("{team} \u00b7 {deployment}"), team=about.team, deployment=about.deployment)
