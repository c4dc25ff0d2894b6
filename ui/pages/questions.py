"""Questions: what headquarters asks the teams, and their answers. The same page on a laptop and at headquarters."""

from __future__ import annotations

import textwrap

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import browsing, enrolment, questions, records
from fieldapp.operations.browsing import Record
from fieldapp.operations.enrolment import Team
from fieldapp.operations.questions import STATES, Thread
from fieldapp.texts import N_
from ui.pages.page import Page
from ui.pages.thread import ThreadDetail, thread_look
from ui.session import Session
from ui.widgets.banner import error_banner
from ui.widgets.buttons import PrimaryButton
from ui.widgets.cards import Card, EmptyState, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import Field, TextField
from ui.widgets.table import Cell, Column, DataTable

LISTED = 60
"""So many threads are listed, the newest."""
_FIRST_WORDS = 60
_WAITING = ("open", "answered")
_THREADS = ("question/", "decision/")


class QuestionsPage(Page):
    """Opened with the name of a question it shows that one, with the name of a record the newest question about it;
    at headquarters it is then ready to ask about that record.
    """

    key = "questions"
    title = N_("Questions")
    icon = "message-square"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._teams: dict[str, str] = {}
        self._wanted = ""
        self._to_answer = False
        self.detail = ThreadDetail(session)
        self.detail.go.connect(self.go)
        left = QVBoxLayout()
        left.setSpacing(14)
        left.addWidget(self._list_card(), 1)
        self.number = Field(self.texts(N_("Number of the record")))
        self.text = TextField(self.texts(N_("Question")), lines=2)
        self.ask = PrimaryButton(self.texts(N_("Ask the team")), "send")
        self._problem = QVBoxLayout()
        if session.role == "hq":
            left.addWidget(self._ask_card())
        halves = QHBoxLayout()
        halves.setSpacing(14)
        halves.addLayout(left, 50)
        halves.addWidget(self.detail, 50)
        self.column.addLayout(halves, 1)

    def _list_card(self) -> Card:
        texts = self.texts
        self.which = Choice(
            "", [Option("waiting", texts(N_("Not closed"))), Option("all", texts(N_("All")))], filled=True
        )
        self.which.setAccessibleName(texts(N_("Which questions")))
        self.which.set_text("waiting")
        self.which.changed.connect(self._which_changed)
        columns: list[Column[Thread]] = [
            Column(texts(N_("No.")), lambda one: Cell(one.number, bold=True)),
            Column(texts(N_("Question")), lambda one: textwrap.shorten(one.text, _FIRST_WORDS, placeholder=" \u2026"),
                   stretch=True),
            Column(texts(N_("State")), self._state),
        ]  # fmt: skip
        if self.session.role == "hq":
            columns.insert(1, Column(texts(N_("Team")), lambda one: self._team(one.team)))
        self.table: DataTable[Thread] = DataTable(columns)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda _one: self._enter())
        self.empty = EmptyState(texts(N_("No question waits.")), icon="message-square")
        self.empty.hide()
        card = Card()
        for part in (self.which, self.table, self.empty):
            card.body.addWidget(part, 0 if part is self.which else 1)
        return card

    def _ask_card(self) -> QWidget:
        card = Card(self.texts(N_("Ask about a record")))
        card.body.addLayout(self._problem)
        self.number.line.next_on_enter = self.text
        row = QHBoxLayout()  # side by side: the list above needs the height
        for one, share in ((self.number, 2), (self.text, 3)):
            one.changed.connect(lambda _text: self._show_ready())
            row.addWidget(one, share, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(row)
        card.body.addWidget(self.ask)
        self.ask.clicked.connect(self._ask)
        keys = QShortcut(QKeySequence("Ctrl+Return"), card, self.ask.click)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._show_ready()
        return card

    def _state(self, one: Thread) -> Cell:
        word, tone, icon = thread_look(one.state, self.texts)
        return Cell(word, tone, icon, chip=True)

    def _team(self, code: str) -> str:
        return self._teams.get(code, code[:6])

    def subtitle(self) -> str:
        """How an answer travels."""
        if self.session.role == "hq":
            return self.texts(N_("They reach the team with its next return bundle."))
        return self.texts(N_("Answers reach headquarters with the next bundle."))

    def open_with(self, what: object) -> None:
        """Show the thread with this name, or the newest about the record with this name."""
        if not isinstance(what, str):
            return
        self._wanted, self._to_answer = what, self.session.role == "field"
        if self.session.role == "hq" and not what.startswith(_THREADS):
            self.session.ask(lambda ws: browsing.numbers_in(ws, what).get(what, ""), self._ask_about)

    def _ask_about(self, number: str) -> None:
        self.number.set_text(number)
        self.text.setFocus()

    def _which_changed(self, code: str) -> None:
        if code:
            self.refresh()
        else:
            self.which.set_text("waiting")

    def refresh(self) -> None:
        """Read the list again; what is chosen and typed stays."""
        if self.session.role == "hq":
            self.session.ask(enrolment.teams, self._take_teams)
        states = STATES if self.which.text() == "all" else _WAITING
        self.session.ask(lambda ws: questions.threads(ws, states=states, limit=LISTED), self._show)

    def _take_teams(self, teams: list[Team]) -> None:
        self._teams = {team.code: team.name for team in teams}

    def _show(self, found: list[Thread]) -> None:
        chosen = self.table.chosen_row()
        name = self._wanted or (chosen.name if chosen else "")
        if self._wanted.startswith(_THREADS) and self.which.text() != "all" and not _holds(found, name):
            self.which.set_text("all")  # it was closed: look again among all
            return
        self._wanted = ""
        one = next((one for one in found if name in (one.name, one.about)), found[0] if found else None)
        self.table.set_rows(found, keep=lambda row: row is one)
        self.table.setVisible(bool(found))
        self.empty.setVisible(not found)
        if one is None:
            self.detail.show_nothing()
            return
        self._choose(one)
        if self._to_answer:
            self._to_answer = False
            self._enter()

    def _choose(self, one: Thread) -> None:
        self.detail.show_thread(one, self._team(one.team) if self.session.role == "hq" else "")

    def _enter(self) -> None:
        if self.detail.text.isVisible():
            self.detail.text.setFocus()

    def _show_ready(self) -> None:
        self.ask.setEnabled(bool(self.number.text().strip() and self.text.text().strip()))

    def _ask(self) -> None:
        if not self.ask.isEnabled():
            return
        self.ask.setEnabled(False)
        number, text = self.number.text().strip(), self.text.text()
        self.session.do(lambda ws: questions.ask(ws, records.find_by(ws, number).name, text), self._asked, self._failed)

    def _asked(self, question: Record) -> None:
        clear(self._problem)
        self._wanted = question.name
        self.number.set_text("")
        self.text.set_text("")

    def _failed(self, error: OperatorError) -> None:
        clear(self._problem)
        self._problem.addWidget(error_banner(error.parts(self.texts)))
        self._show_ready()


def _holds(found: list[Thread], name: str) -> bool:
    return any(one.name == name for one in found)
