"""The Disposal page: what was done with found items, one line after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from fieldapp.operations import disposals
from fieldapp.operations.browsing import Record
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.forms.disposal_form import DISPOSAL, DisposalForm
from ui.pages.form_page import Continue, FormPage
from ui.session import Session

_ASIDE = frozenset(("lat", "lon", "find", "tag"))
_SAID_EMPTY = frozenset(("task", "place"))
"""Fields that say something where they were emptied: no task, no district. Others are then taken from the find."""


@dataclass(frozen=True)
class Dispose:
    """Asks the page to begin with these items: the number or tag of their find."""

    number: str


class DisposalPage(FormPage[DisposalForm]):
    """Log disposals; opened from outstanding items it begins with the item that was chosen there."""

    key = "disposal"
    title = N_("New disposal")
    icon = "shield-check"
    in_rail = False

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.show_form()

    def make_form(self, _record: Record | None) -> DisposalForm:
        """A Disposal form; saved disposals are corrected as they are declared, on the Correct page."""
        form = DisposalForm(self.session)
        form.item_typed.connect(self._look_up)
        return form

    def first_input(self) -> QWidget:
        """The item."""
        return self.form.item.line

    def write(self, ws: Workspace, _form: DisposalForm, values: dict[str, str], then: str) -> Record:
        """Save the disposal."""
        fields: dict[str, object] = {
            name: text for name, text in values.items()
            if name in DISPOSAL.by_name and name not in _ASIDE and (text.strip() or name in _SAID_EMPTY)
        }  # fmt: skip
        return disposals.add_disposal(ws, fields, of=values["item"], position=values["position"])

    def after(self, then: str, record: Record, words: str) -> None:
        """Empty the form for the next line."""
        self.form.next()

    def open_with(self, what: object) -> None:
        """Begin with an item, or go on with a draft. A saved disposal is corrected on its own page."""
        if isinstance(what, Dispose):
            self.form.item.set_text(what.number)
            self.form.start()
        elif isinstance(what, Continue) and "/" not in what.form:
            super().open_with(what)
        elif what is not None:
            self.go.emit("correct", what.form if isinstance(what, Continue) else what)

    def refresh(self) -> None:
        """Take what the current task gives."""
        self.take_defaults()

    def _look_up(self, text: str) -> None:
        self.session.ask(lambda ws: disposals.known_find(ws, text), partial(self._say_item, text))

    def _say_item(self, text: str, find: Record | None) -> None:
        if self.form.item.text().strip() != text:
            return
        self.form.say_item("" if find is None else self.texts(
            N_("{number} \u00b7 {what}"), number=self.shown.number(find.fields, find.id),
            what=self.shown.what("find", find.fields),
        ))  # fmt: skip
