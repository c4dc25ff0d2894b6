"""The Find page: one find after the other, by keyboard; and the correction of a saved one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations.browsing import Record
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui import theme
from ui.forms import find_values
from ui.forms.find_form import FindForm
from ui.forms.find_values import Known
from ui.models.shown import Shown
from ui.pages.page import Page
from ui.session import Session
from ui.widgets import Button, Card, KeyCap, PlainLabel, PrimaryButton, secondary

ALONE = N_("Saved on this laptop. Not at any headquarters yet.")


@dataclass(frozen=True)
class Continue:
    """Asks a form page to open a draft without asking once more. ``form`` is the draft's name."""

    form: str


class FindPage(Page):
    """Log finds. ``correct(record_name)`` opens a saved one; what is typed is kept, whatever happens."""

    key = "find"
    title = N_("New find")
    word = N_("Find")
    icon = "crosshair"
    shortcut = "F2"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._saving = False
        self._kept = ""
        self._last: tuple[str, str] | None = None
        self._form: FindForm | None = None
        texts = self.texts
        self.save_next = PrimaryButton(texts(N_("Save and next")), "check")
        self.save_close = Button(texts(N_("Save and close")))
        self.same_place = Button(texts(N_("Another model here")), "layers")
        self.save_correction = PrimaryButton(texts(N_("Save correction")), "check")
        self._ctrl_enter = KeyCap(texts(N_("Ctrl+Enter")))
        self.save_next.clicked.connect(partial(self.save, "next"))
        self.save_close.clicked.connect(partial(self.save, "close"))
        self.same_place.clicked.connect(partial(self.save, "same_place"))
        self.save_correction.clicked.connect(partial(self.save, "close"))
        for keys, then in (("Ctrl+Return", "next"), ("Ctrl+Enter", "next"), ("Ctrl+S", "close"),
                           ("Ctrl+L", "same_place")):  # fmt: skip
            QShortcut(QKeySequence(keys), self, partial(self.save, then))
        QShortcut(QKeySequence("Esc"), self, self.back)
        self._show_form(FindForm(session))

    @property
    def form(self) -> FindForm:
        """The form shown."""
        assert self._form is not None  # noqa: S101 - set by __init__, and only ever replaced
        return self._form

    def _show_form(self, form: FindForm) -> None:
        if self._form is not None:
            self.column.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
        self._form = form
        self._kept = ""
        self.last_saved = Card()
        self._last_words = PlainLabel("", theme.BODY, theme.SEMIBOLD, wrap=True)
        self._last_note = secondary("")
        self.last_saved.body.setSpacing(2)
        self.last_saved.body.addWidget(self._last_words)
        self.last_saved.body.addWidget(self._last_note)
        form.side.insertWidget(form.side.count() - 1, self.last_saved)
        self._show_last()
        form.kept.connect(self._say_kept)
        form.finished.connect(self._to_save)
        self.column.addWidget(form)
        self.setFocusProxy(form.position.field.line)
        form.restore()
        self._read_known()
        self.frame_changed.emit()

    def correct(self, record_name: str, *, ask: bool = True) -> None:
        """Open the find ``record_name`` to be corrected, with a reason."""
        self.session.ask(
            lambda ws: find_values.record_of(ws, record_name), lambda record: self._show_correction(record, ask), None
        )

    def _show_correction(self, record: Record, ask: bool) -> None:
        form = FindForm(self.session, record)
        form.ask_first = ask
        self._show_form(form)
        form.model.line.setFocus()

    def open_with(self, what: object) -> None:
        """A record's name: correct it. ``Continue``: go on with that draft."""
        if isinstance(what, Continue) and "/" not in what.form:
            self.form.go_on()
        elif isinstance(what, Continue):
            self.correct(what.form, ask=False)
        elif isinstance(what, str) and "/" in what:
            self.correct(what)

    def refresh(self) -> None:
        """Look again which finds are here."""
        self._read_known()

    def _read_known(self) -> None:
        self.session.ask(find_values.known_finds, self._set_known)

    def _set_known(self, known: Sequence[Known]) -> None:
        self.form.set_known(known)

    def heading(self) -> str:
        """New find, or which one is corrected."""
        record = self.form.record
        if record is None:
            return self.texts(self.title)
        number = Shown(self.texts, self.session.clock).number(record.fields, record.id)
        return self.texts(N_("Correct {number}"), number=number)

    def subtitle(self) -> str:
        """Who works for whom."""
        return where_we_are(self.session)

    def foot_line(self) -> tuple[str, str, str]:
        """When the draft was kept last."""
        return self._kept, "circle-check", "ok"

    def foot_actions(self) -> Sequence[QWidget]:
        """The ways to save."""
        if self.form.record is not None:
            return (self._ctrl_enter, self.save_correction)
        return (self.same_place, self.save_close, self._ctrl_enter, self.save_next)

    def _say_kept(self, sentence: str) -> None:
        self._kept = sentence
        self.frame_changed.emit()

    def _to_save(self) -> None:
        primary = self.save_next if self.form.record is None else self.form.reason
        primary.setFocus(Qt.FocusReason.TabFocusReason)

    def save(self, then: str, *_pressed: object) -> None:
        """Save what stands in the form. ``then``: ``next``, ``close``, or ``same_place`` for another model here."""
        if self._saving:
            return
        form, values = self.form, self.form.values()
        if form.record is not None:
            name, before = form.record.name, form.before()

            def op(ws: Workspace) -> Record:
                return find_values.correct(ws, name, before, values)
        else:

            def op(ws: Workspace) -> Record:
                return find_values.save(ws, values, lot_begins=then == "same_place")

        self._saving = True
        self.session.do(op, partial(self._saved, then), self._not_saved)

    def _saved(self, then: str, record: Record) -> None:
        self._saving = False
        corrected = self.form.record is not None
        self.form.saved()
        shown = Shown(self.texts, self.session.clock)
        number = shown.number(record.fields, record.id)
        self._last = (
            self.texts(N_("{number} \u00b7 {what}"), number=number, what=shown.what("find", record.fields)),
            shown.time(record.at),
        )
        self._kept = ""
        if corrected:
            self._show_form(FindForm(self.session))
            self.go.emit("records", record.name)
        elif then == "close":
            self.form.next()
            self.go.emit("today", Saved(self._last[0]))
        else:
            lot = str(record.fields.get("lot") or "") if then == "same_place" else ""
            self.form.next(same_place=then == "same_place", lot=lot)
            self._show_last()
        self.frame_changed.emit()

    def _not_saved(self, error: OperatorError) -> None:
        self._saving = False
        self.form.show_error(error)

    def _show_last(self) -> None:
        self.last_saved.setVisible(self._last is not None and self.form.record is None)
        if self._last is None:
            return
        self._last_words.setText(self._last[0])
        about = self.session.about
        alone = about is not None and not about.deployment
        note = self.texts(ALONE) if alone else self.texts(N_("Saved {time} on this laptop."), time=self._last[1])
        self._last_note.setText(note)

    def back(self) -> None:
        """Leave; what was typed is kept as a draft."""
        correcting = self.form.record
        if correcting is None:
            self.go.emit("today", None)
        else:
            self.go.emit("records", correcting.name)

    def leave(self) -> bool:
        """Leaving a correction ends it: its draft is kept, and F2 begins a new find again."""
        if self.form.record is not None:
            self._show_form(FindForm(self.session))
        return True


@dataclass(frozen=True)
class Saved:
    """Tells Today that a record was saved: its number and what it is."""

    what: str


def where_we_are(session: Session) -> str:
    """Who works where, for the top bar: team and deployment, or the person's name."""
    about = session.about
    if about is None:
        return ""
    if not about.deployment:
        return about.person
    return session.texts(N_("{team} \u00b7 {deployment}"), team=about.team, deployment=about.deployment)
