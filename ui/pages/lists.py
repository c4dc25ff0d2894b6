"""Reference lists: what is in force. Headquarters adds, changes, withdraws and maps; a laptop reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import list_news, lists, not_in_list
from fieldapp.operations.lists import Listed
from fieldapp.operations.not_in_list import NotInList, UnknownCode
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.dialogs.reason import ReasonDialog
from ui.forms.entry_form import EntryForm
from ui.models.shown import Shown
from ui.pages.list_parts import MapCard, entry_facts, what_it_is
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, EmptyState, Facts, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import LineEdit
from ui.widgets.labels import IconLabel, secondary, title
from ui.widgets.table import Cell, Column, DataTable

TABS = {
    "model": N_("Models"),
    "place": N_("Places"),
    "organisation": N_("Organisations"),
    "team": N_("Teams"),
    "person": N_("People"),
    "vocabulary": N_("Vocabularies"),
}
NOT_IN_LIST = "unmapped"
"""The view of texts that stand for no model, and of codes nobody here knows."""
_TYPING_MS = 200


@dataclass(frozen=True)
class Read:
    """What the page shows: entries of a list, or what no list knows; how old headquarters' information is."""

    entries: list[Listed]
    texts: list[NotInList]
    codes: list[UnknownCode]
    headquarters_at: str


def read(ws: Workspace, which: str, text: str) -> Read:
    """The entries of a list that hold ``text``, or what no list knows."""
    at = list_news.headquarters_at(ws)
    if which == NOT_IN_LIST:
        return Read([], not_in_list.unmapped(ws), not_in_list.unknown(ws), at)
    return Read(lists.entries(ws, which, text=text), [], [], at)


class ListsPage(Page):
    """One list at a time with a search; beside it the chosen entry. Opened with ``unmapped`` it shows that view."""

    key = "lists"
    title = N_("Reference lists")
    word = N_("Lists")
    icon = "layers"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self._headquarters_at = ""
        self._wanted = ""
        self.writes = session.role == "hq"
        self.form: EntryForm | None = None
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.refresh)
        self._said = QVBoxLayout()
        self._codes = QVBoxLayout()
        self.column.addLayout(self._said)
        halves = QHBoxLayout()
        halves.setSpacing(14)
        halves.addWidget(self._list_card(), 56)
        self._right = Card()
        self.detail = QVBoxLayout()
        self._right.body.addLayout(self.detail, 1)
        halves.addWidget(self._right, 44)
        self.column.addLayout(halves, 1)
        QShortcut(QKeySequence("Ctrl+F"), self, self.search.setFocus)

    def _list_card(self) -> Card:
        texts, card = self.texts, Card()
        tabs = [Option(name, texts(word)) for name, word in TABS.items()]
        if self.writes:
            tabs.append(Option(NOT_IN_LIST, texts(N_("Not in list"))))
        self.tabs = Choice("", tabs, filled=True, per_row=4)
        self.tabs.setAccessibleName(texts(N_("Which list")))
        self.tabs.set_text("model")
        self.tabs.changed.connect(self._tab_changed)
        card.body.addWidget(self.tabs)
        self.search = LineEdit()
        self.search.setPlaceholderText(texts(N_("Name, spelling or code ...")))
        self.search.setAccessibleName(texts(N_("Search")))
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.count = secondary("", wrap=False)
        self.add = Button(texts(N_("Add")), "plus")
        self.add.setVisible(self.writes)
        self.add.clicked.connect(lambda: self._edit(None))
        self._glass = IconLabel("search")
        row = QHBoxLayout()
        row.addWidget(self._glass)
        row.addWidget(self.search, 1)
        row.addWidget(self.count)
        row.addWidget(self.add)
        card.body.addLayout(row)
        card.body.addLayout(self._codes)
        self.table: DataTable[Listed] = DataTable(self._columns())
        self.table.chosen.connect(self._choose)
        self.texts_table: DataTable[NotInList] = DataTable(self._text_columns())
        self.texts_table.chosen.connect(self._choose_text)
        self.empty = EmptyState("", icon="layers")
        for part in (self.table, self.texts_table, self.empty):
            part.hide()
            card.body.addWidget(part, 1)
        return card

    def _columns(self) -> list[Column[Listed]]:
        texts = self.texts
        return [
            Column(texts(N_("Name")), lambda one: Cell(one.name(texts.language), bold=True, struck=one.withdrawn),
                   stretch=True),
            Column(texts(N_("What")), lambda one: what_it_is(one, self.session.lists, texts.language), stretch=True),
            Column(texts(N_("Code")), lambda one: one.code),
            Column(texts(N_("State")), self._state),
        ]  # fmt: skip

    def _text_columns(self) -> list[Column[NotInList]]:
        texts = self.texts
        return [
            Column(texts(N_("As typed")), lambda one: Cell(one.text, bold=True), stretch=True),
            Column(texts(N_("Records")), lambda one: texts.number(one.records), right=True),
            Column(texts(N_("Teams")), lambda one: ", ".join(self._team(code) for code in one.teams), stretch=True),
        ]

    def _team(self, code: str) -> str:
        known = self.session.lists.teams.get(code)
        return known.name if known else code[:6]

    def _state(self, one: Listed) -> Cell:
        texts = self.texts
        if one.withdrawn:
            return Cell(texts(N_("Withdrawn")), "stale", "ban", chip=True)
        if one.origin == "added":
            return Cell(texts(N_("Added by HQ")), "info", "plus", chip=True)
        if one.origin == "changed":
            return Cell(texts(N_("Changed by HQ")), "info", "pencil", chip=True)
        return Cell(texts(N_("As shipped")))

    def subtitle(self) -> str:
        """Who may change them, and how old they are."""
        if self.writes:
            return self.texts(N_("Changes reach the teams with their next return bundles."))
        if not self._headquarters_at:
            return self.texts(N_("As shipped; nothing of headquarters came here yet."))
        moment = self.shown.moment(self._headquarters_at)
        return self.texts(N_("Newest file of headquarters here: {moment}."), moment=moment)

    def open_with(self, what: object) -> None:
        """Show the list of this name, or what is in none."""
        if isinstance(what, str) and (what in TABS or (what == NOT_IN_LIST and self.writes)):
            self.tabs.set_text(what)

    def _tab_changed(self, code: str) -> None:
        if not code:
            self.tabs.set_text("model")
            return
        self._close_form()
        self.search.clear()
        self.refresh()

    def which(self) -> str:
        """The list shown, or ``unmapped``."""
        return self.tabs.text() or "model"

    def refresh(self) -> None:
        """Read again; what is chosen stays, and a form that is open stays as it is."""
        self._typing.stop()
        which, text = self.which(), self.search.text().strip()
        self.session.ask(lambda ws: (which, read(ws, which, text)), self._show)

    def _show(self, found: tuple[str, Read]) -> None:
        which, now = found
        if which != self.which():
            return
        if now.headquarters_at != self._headquarters_at:
            self._headquarters_at = now.headquarters_at
            self.frame_changed.emit()
        unmapped = which == NOT_IN_LIST
        self.add.setVisible(self.writes and not unmapped)
        for part in (self.search, self._glass):
            part.setVisible(not unmapped)
        clear(self._codes)
        for one in now.codes:
            self._codes.addWidget(self._code_banner(one))
        rows = len(now.texts) if unmapped else len(now.entries)
        self.count.setText(self.texts.plural(N_("{count} entry"), N_("{count} entries"), rows))
        self.table.setVisible(bool(rows) and not unmapped)
        self.texts_table.setVisible(bool(rows) and unmapped)
        self.empty.set_sentence(self._nothing(unmapped))
        self.empty.setVisible(not rows)
        if unmapped:
            self._show_texts(now.texts)
        else:
            self._show_entries(now.entries)

    def _nothing(self, unmapped: bool) -> str:
        if unmapped:
            return self.texts(N_("Every model in the records is in the list."))
        if self.search.text().strip():
            return self.texts(N_("Nothing in this list is spelled like that."))
        return self.texts(N_("There is no entry yet.")) if self.writes else self.texts(
            N_("Entries appear here once headquarters has sent them."))  # fmt: skip

    def _show_entries(self, entries: list[Listed]) -> None:
        chosen = self.table.chosen_row()
        code = self._wanted or (chosen.code if chosen else "")
        self._wanted = ""
        self.table.set_rows(entries, keep=lambda one: one.code == code)
        if self.form is None:
            kept = next((one for one in entries if one.code == code), entries[0] if entries else None)
            self._show_entry(kept)

    def _show_texts(self, found: list[NotInList]) -> None:
        chosen = self.texts_table.chosen_row()
        text = chosen.text if chosen else ""
        self.texts_table.set_rows(found, keep=lambda one: one.text == text)
        if self.form is None:
            one = next((one for one in found if one.text == text), found[0] if found else None)
            clear(self.detail)
            if one is not None:
                self._choose_text(one)

    def _code_banner(self, one: UnknownCode) -> Banner:
        texts = self.texts
        first = texts.plural(
            N_("“{code}”: {count} record names a code nobody here knows"),
            N_("“{code}”: {count} records name a code nobody here knows"), one.records, code=one.code,
        )  # fmt: skip
        teams = ", ".join(self._team(code) for code in one.teams)
        banner = Banner("warn", first, f"{teams}. {texts(not_in_list.WHAT_TO_DO[one.list_name])}", texts(N_("Add")))
        banner.pressed.connect(partial(self._add_code, one))
        return banner

    def _add_code(self, one: UnknownCode) -> None:
        self.tabs.set_text(one.list_name)
        self._edit(None, {"vocabulary": one.part}, one.code)

    def _choose(self, one: Listed) -> None:
        if self.form is None:
            self._show_entry(one)

    def _show_entry(self, one: Listed | None) -> None:
        clear(self.detail)
        if one is None:
            return
        texts = self.texts
        self.detail.addWidget(title(one.name(texts.language)))
        self.detail.addWidget(Facts(entry_facts(one, self.session.lists, texts)))
        self.detail.addStretch(1)
        if not self.writes:
            return
        change = PrimaryButton(texts(N_("Change")), "pencil")
        change.clicked.connect(lambda: self._edit(one))
        word, icon = (N_("Offer again ..."), "undo-2") if one.withdrawn else (N_("Withdraw ..."), "ban")
        withdraw = Button(texts(word), icon, "plain" if one.withdrawn else "danger")
        withdraw.clicked.connect(lambda: self._ask_why(one))
        buttons = QHBoxLayout()
        buttons.addWidget(withdraw, 1)
        buttons.addWidget(change, 2)
        self.detail.addLayout(buttons)

    def _choose_text(self, one: NotInList) -> None:
        if self.form is not None:
            return
        clear(self.detail)
        card = MapCard(self.texts, one, self.session.current_lists)
        card.mapped.connect(partial(self._map, one.text))
        card.new_asked.connect(lambda: self._edit(None, {f"name_{code}": one.text for code in ("en", "az", "ru")}))
        self.detail.addWidget(card, 1)

    def _map(self, text: str, code: str) -> None:
        self.session.do(lambda ws: not_in_list.map_text(ws, text, code), self._mapped, self._failed)

    def _mapped(self, one: Listed) -> None:
        self._say(self.texts(N_("Mapped to {model}."), model=one.name(self.texts.language)))

    def _edit(self, one: Listed | None, given: dict[str, str] | None = None, code: str = "") -> None:
        which = "model" if self.which() == NOT_IN_LIST else self.which()
        if which == "vocabulary" and one is None and not (given or {}).get("vocabulary"):
            chosen = self.table.chosen_row()
            given = {"vocabulary": chosen.code.split("/")[0]} if chosen else None
        clear(self.detail)
        self.form = EntryForm(self.texts, which, self.session.current_lists, one, given, code)
        self.form.saved.connect(lambda fields, typed, why: self._save(which, one, fields, typed, why))
        self.form.left.connect(self._leave_form)
        self.detail.addWidget(self.form, 1)
        first: QWidget = self.form.code if one is None else next(
            item for item in self.form.inputs.values() if isinstance(item, QWidget)
        )  # fmt: skip
        self.form.show()  # what is not shown yet takes no focus
        first.setFocus()

    def _save(self, which: str, one: Listed | None, fields: dict[str, Any], typed: str, why: str) -> None:
        part = str(fields.pop("vocabulary", "") or "")

        def write(ws: Workspace) -> Listed:
            if one is None:
                return lists.add(ws, which, fields, code=typed, why=why, part=part)
            return lists.change(ws, which, one.code, fields, why)

        self.session.do(write, self._saved, self._failed)

    def _saved(self, one: Listed) -> None:
        self._close_form()
        self._wanted = one.code
        self._say(self.texts(N_("Saved: {number}"), number=one.name(self.texts.language)))

    def _ask_why(self, one: Listed) -> None:
        texts, name = self.texts, one.name(self.texts.language)
        if one.withdrawn:
            heading, verb = texts(N_("Offer {name} again"), name=name), texts(N_("Offer again"))
        else:
            heading, verb = texts(N_("Withdraw {name}"), name=name), texts(N_("Withdraw"))
        detail = texts(N_("Records that name it stay readable. It is offered no more, here and on every laptop."))
        dialog = ReasonDialog(self, texts, heading, "" if one.withdrawn else detail, verb, danger=not one.withdrawn)
        which, code, back = self.which(), one.code, one.withdrawn
        dialog.given.connect(lambda _code, why: self.session.do(
            lambda ws: lists.withdraw(ws, which, code, why, back=back), self._saved, self._failed
        ))  # fmt: skip
        dialog.open()

    def _say(self, sentence: str) -> None:
        clear(self._said)
        self._said.addWidget(Banner("ok", sentence))

    def _failed(self, error: OperatorError) -> None:
        clear(self._said)
        self._said.addWidget(error_banner(error.parts(self.texts)))

    def _close_form(self) -> None:
        clear(self._said)
        if self.form is not None:
            self.form = None
            clear(self.detail)

    def _leave_form(self) -> None:
        self._close_form()
        self.refresh()
