"""The Find page: one find after the other, by keyboard; and the correction of a saved one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from fieldapp.operations.browsing import Record
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui import theme
from ui.forms import find_values
from ui.forms.find_form import FindForm
from ui.forms.find_values import Known
from ui.forms.live import receiver_chip
from ui.forms.surroundings import Surroundings, read_surroundings
from ui.pages.form_page import ALONE, FormPage
from ui.session import Session
from ui.widgets import Button, Card, PlainLabel, secondary


class FindPage(FormPage[FindForm]):
    """Log finds; "another model here" saves and keeps the place: the finds of one lot share it."""

    key = "find"
    title = N_("New find")
    word = N_("Find")
    icon = "crosshair"
    shortcut = "F2"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._last: tuple[str, str] | None = None
        self.same_place = Button(self.texts(N_("Another model here")), "layers")
        self.same_place.clicked.connect(partial(self.save, "same_place"))
        QShortcut(QKeySequence("Ctrl+L"), self, partial(self.save, "same_place"))
        self.show_form()

    def make_form(self, record: Record | None) -> FindForm:
        """A Find form with the last saved find beside it."""
        form = FindForm(self.session, record)
        self.last_saved = Card()
        self._last_words = PlainLabel("", theme.BODY, theme.SEMIBOLD, wrap=True)
        self._last_note = secondary("")
        self.last_saved.body.setSpacing(2)
        self.last_saved.body.addWidget(self._last_words)
        self.last_saved.body.addWidget(self._last_note)
        form.side.insertWidget(form.side.count() - 1, self.last_saved)
        self._show_last(correcting=record is not None)
        return form

    def first_input(self) -> QWidget:
        """The position."""
        return self.form.position.first_stop()

    def write(self, ws: Workspace, form: FindForm, values: dict[str, str], then: str) -> Record:
        """Save or correct the find."""
        if form.record is not None:
            return find_values.correct(ws, form.record.name, form.before(), values)
        return find_values.save(ws, values, lot_begins=then == "same_place")

    def after(self, then: str, record: Record, words: str) -> None:
        """Empty the form, or keep the place for another model."""
        self._last = (words, self.shown.time(record.at))
        lot = str(record.fields.get("lot") or "") if then == "same_place" else ""
        self.form.next(same_place=then == "same_place", lot=lot)
        self._show_last()

    def more_actions(self) -> Sequence[QWidget]:
        """Another model at the same place."""
        return (self.same_place,)

    def refresh(self) -> None:
        """Look again which finds are here and what the current task gives."""
        self.take_defaults()
        self.session.ask(find_values.known_finds, self._set_known)
        self.session.ask(read_surroundings, self._set_surroundings)

    def _set_known(self, known: Sequence[Known]) -> None:
        self.form.set_known(known)

    def _set_surroundings(self, around: Surroundings) -> None:
        self.form.set_surroundings(around)

    def chip(self) -> QWidget | None:
        """What the receiver says."""
        return receiver_chip(self.session.receiver.state(), self.texts)

    def _show_last(self, *, correcting: bool = False) -> None:
        if self._last is None or correcting:
            self.last_saved.hide()
            return
        self._last_words.setText(self._last[0])
        about = self.session.about
        alone = about is not None and not about.deployment
        note = self.texts(ALONE) if alone else self.texts(N_("Saved {time} on this laptop."), time=self._last[1])
        self._last_note.setText(note)
        self.last_saved.show()
