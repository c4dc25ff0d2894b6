"""The first page of a new computer: record now, take up an invitation, set up a headquarters, or practise."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import headquarters, joining
from fieldapp.operations.workspace import Workspace, is_workspace, open_workspace
from fieldapp.texts import N_
from ui import theme
from ui.background import Running
from ui.pages.connect import PathField
from ui.pages.page import Page
from ui.session import Session
from ui.widgets import (
    Banner,
    BigButton,
    Button,
    Card,
    Choice,
    Field,
    Option,
    PrimaryButton,
    ProgressPanel,
    error_banner,
    secondary,
    title,
)
from ui.widgets.buttons import Face

CHOICES = (
    ("record", N_("Record now"), N_("One name, then log your first find"), "pencil-line"),
    ("invited", N_("I have an invitation"), N_("A file from your headquarters"), "log-in"),
    ("hq", N_("Set up a headquarters"), N_("Collect teams' records, report weekly"), "inbox"),
    ("practise", N_("Practise"), N_("With the published week of 29 July 2024"), "repeat"),
)
LANGUAGE_NAMES = (("en", "English"), ("az", "Azərbaycanca"), ("ru", "Русский"))
PRACTICE = "practice"
"""Folder beside the workspace that the practice week lies in."""
PRACTICE_LAPTOP, PRACTICE_HQ = "team-07", "hq"


class ChoiceButton(BigButton):
    """One of the four ways; the chosen one looks like a chosen tile: only one button of a screen is filled."""

    def __init__(self, text: str, detail: str, icon: str) -> None:
        super().__init__(text, detail, icon)
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def face(self, tokens: theme.Tokens) -> Face:
        """Accent border and soft fill when chosen."""
        if self.isChecked():
            return Face(tokens.soft, tokens.accent, tokens.on_soft, 3)
        return super().face(tokens)

    def sizeHint(self) -> QSize:
        """Wide enough for its words on two lines."""
        return QSize(420, 150)


class FirstRunPage(Page):
    """Four ways to begin. Nothing is made before a way's own button is pressed."""

    key = "first_run"
    title = N_("First start")
    icon = "house"
    in_rail = False

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._said: Banner | None = None
        self._busy = False
        self._running: Running | None = None
        row = QHBoxLayout()
        row.setSpacing(theme.MARGIN)
        left = QVBoxLayout()
        left.setSpacing(theme.MARGIN)
        self.buttons: dict[str, ChoiceButton] = {}
        for number, (name, word, detail, icon) in enumerate(CHOICES, 1):
            button = ChoiceButton(self.texts(word), self.texts(detail), icon)
            button.clicked.connect(partial(self.choose, name))
            QShortcut(QKeySequence(f"Alt+{number}"), self, partial(self.choose, name))
            left.addWidget(button)
            self.buttons[name] = button
        left.addStretch(1)
        row.addLayout(left, 1)
        self._stack = QStackedWidget()
        for card in (self._record_now(), self._invited(), self._headquarters(), self._practise()):
            self._stack.addWidget(card)
        self._right = QVBoxLayout()
        self._right.setSpacing(theme.MARGIN)
        self._right.addWidget(self._stack, 1)
        self._right.addWidget(self._languages())
        row.addLayout(self._right, 1)
        self.column.addLayout(row)
        self.choose("record")

    def choose(self, name: str, *_pressed: object) -> None:
        """Show the way ``name``: record, invited, hq or practise."""
        self.buttons[name].setChecked(True)
        self._clear_error()
        self._stack.setCurrentIndex([one[0] for one in CHOICES].index(name))
        first: QWidget = {
            "record": self.person.line, "invited": self.invitation.field.line, "hq": self.deployment.line,
            "practise": self.make,
        }[name]  # fmt: skip
        self.setFocusProxy(first)
        first.setFocus()

    def _card(self, heading: str, said: str, fields: list[QWidget], button: Button) -> Card:
        card = Card()
        card.body.setSpacing(theme.PADDING)
        card.body.addWidget(title(heading))
        card.body.addWidget(secondary(said))
        for field in fields:
            card.body.addWidget(field)
        kept = N_("The key of the records is kept by this computer: in its keyring, else in a file only you can read.")
        card.body.addWidget(secondary(self.texts(kept)))
        card.body.addWidget(button)
        card.body.addStretch(1)
        return card

    def _record_now(self) -> Card:
        texts = self.texts
        self.person = Field(texts(N_("Your name")))
        self.start = PrimaryButton(texts(N_("Start recording")), "pencil-line")
        self.start.clicked.connect(self.start_alone)
        self.person.line.entered.connect(self.start_alone)
        said = texts(N_("No account, no network, no headquarters needed. Nothing else is asked."))
        return self._card(texts(N_("Record now")), said, [self.person], self.start)

    def _invited(self) -> Card:
        texts = self.texts
        self.invitation = PathField(texts(N_("Invitation file")), texts, texts(N_("Invitations (*.fieldinvite)")))
        self.invited_person = Field(texts(N_("Your name")))
        self.join = PrimaryButton(texts(N_("Join")), "log-in")
        self.join.clicked.connect(self.start_invited)
        self.invited_person.line.entered.connect(self.start_invited)
        self.invitation.field.line.next_on_enter = self.invited_person.line
        said = texts(N_("This laptop makes its own key. Its first bundle tells headquarters that it is here."))
        return self._card(
            texts(N_("I have an invitation")), said, [self.invitation, self.invited_person], self.join
        )

    def _headquarters(self) -> Card:
        texts = self.texts
        self.deployment = Field(texts(N_("Name of the programme")))
        self.officer = Field(texts(N_("Your name")))
        self.escrow = PathField(
            texts(N_("File for the spare key")), texts, texts(N_("Text files (*.txt)")), saving=True
        )
        self.set_up = PrimaryButton(texts(N_("Set up")), "inbox")
        self.set_up.clicked.connect(self.set_up_headquarters)
        self.escrow.field.line.next_on_enter = self.set_up
        self.deployment.line.next_on_enter = self.officer.line
        self.officer.line.next_on_enter = self.escrow.field.line
        said = texts(N_("The spare key opens every bundle if this computer is lost. Keep its file elsewhere."))
        return self._card(
            texts(N_("Set up a headquarters")), said, [self.deployment, self.officer, self.escrow], self.set_up
        )

    def _practise(self) -> Card:
        texts = self.texts
        card = Card()
        card.body.setSpacing(theme.PADDING)
        card.body.addWidget(title(texts(N_("Practise"))))
        card.body.addWidget(secondary(texts(N_(
            "A headquarters and 14 laptops with the published week. Its keys are marked and refused everywhere else."
        ))))  # fmt: skip
        self.make = PrimaryButton(texts(N_("Make the practice week")), "repeat")
        self.make.clicked.connect(self.make_practice)
        self.progress = ProgressPanel(texts, self.session.clock)
        self.progress.cancelled.connect(self._cancel)
        self.progress.hide()
        self.open_laptop = Button(texts(N_("Open the laptop of team 7")), "laptop")
        self.open_laptop.clicked.connect(partial(self._open_practice, PRACTICE_LAPTOP))
        self.open_hq = Button(texts(N_("Open the headquarters")), "inbox")
        self.open_hq.clicked.connect(partial(self._open_practice, PRACTICE_HQ))
        for widget in (self.make, self.progress, self.open_laptop, self.open_hq):
            card.body.addWidget(widget)
        card.body.addStretch(1)
        self._show_practice()
        return card

    def _languages(self) -> Card:
        card = Card()
        choice = Choice("", [Option(code, name) for code, name in LANGUAGE_NAMES], filled=True)
        choice.set_text(self.session.texts.language)
        choice.setAccessibleName(self.texts(N_("Language")))
        choice.changed.connect(self._speak)
        card.body.addWidget(choice)
        self.language = choice
        return card

    def _speak(self, code: str) -> None:
        if code:
            self.session.set_language(code)

    def start_alone(self) -> None:
        """Make a workspace on its own and open it."""
        person = self.person.text().strip()
        if not person:
            self.person.set_problem(self.texts(N_("Type a name. It stands beside what you record.")))
            self.person.setFocus()
            return
        session, folder = self.session, self._folder()
        self._do(
            lambda: joining.start_alone(folder, person, clock=session.clock, language=session.texts.language)
        )

    def start_invited(self) -> None:
        """Make a workspace from the invitation file and open it."""
        file, person = self.invitation.path(), self.invited_person.text().strip()
        if file is None:
            self.invitation.field.set_problem(self.texts(N_("Choose the file, or type where it lies.")))
            self.invitation.setFocus()
            return
        session, folder = self.session, self._folder()
        self._do(
            lambda: joining.start_invited(
                folder, file, person, clock=session.clock, language=session.texts.language
            )
        )  # fmt: skip

    def set_up_headquarters(self) -> None:
        """Make the headquarters' workspace, its spare key first, and open it."""
        name, person, escrow = self.deployment.text().strip(), self.officer.text().strip(), self.escrow.path()
        if not name:
            self.deployment.set_problem(self.texts(N_("Type the programme's name.")))
            self.deployment.setFocus()
            return
        if escrow is None:
            self.escrow.field.set_problem(self.texts(N_("Say where the spare key is to be written.")))
            self.escrow.setFocus()
            return
        session, folder = self.session, self._folder()
        self._do(
            lambda: headquarters.set_up(
                folder, name, escrow, person=person, clock=session.clock, language=session.texts.language
            )
        )

    def make_practice(self) -> None:
        """Make the practice week off the window's thread."""
        folder = self._folder().parent / PRACTICE
        if self._busy:
            return
        self._busy = True
        self._clear_error()
        self.make.hide()
        self.progress.show()

        def op(report: Callable[[str, int, int], None], cancelled: Callable[[], bool]) -> object:
            from fieldapp.operations.demo import make_demo  # its data is read only here

            return make_demo(folder, report, cancelled)

        self._running = self.session.background.run(op, self._practice_made, self._refused, self.progress.report)

    def _cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _practice_made(self, _result: object) -> None:
        self._busy = False
        self.progress.hide()
        self._show_practice()
        self.open_laptop.setFocus()

    def _show_practice(self) -> None:
        there = is_workspace(self._folder().parent / PRACTICE / PRACTICE_HQ)
        self.make.setHidden(there)
        self.open_laptop.setHidden(not there)
        self.open_hq.setHidden(not there)

    def _open_practice(self, name: str, *_pressed: object) -> None:
        folder = self._folder().parent / PRACTICE / name
        self._do(lambda: open_workspace(folder))

    def _folder(self) -> Path:
        return self.session.folder

    def _do(self, make: Callable[[], Workspace]) -> None:
        if self._busy:
            return
        self._busy = True
        self._clear_error()
        self.session.background.run(lambda _report, _stop: make(), self._made, self._refused)

    def _made(self, ws: Workspace) -> None:
        self._busy = False
        self.session.open(ws, self.session.texts.language)

    def _refused(self, error: OperatorError) -> None:
        self._busy = False
        self.progress.hide()
        self._show_practice()
        self._said = error_banner(error.parts(self.texts))
        self._right.insertWidget(0, self._said)

    def _clear_error(self) -> None:
        if self._said is not None:
            self._right.removeWidget(self._said)
            self._said.hide()
            self._said.deleteLater()
            self._said = None
