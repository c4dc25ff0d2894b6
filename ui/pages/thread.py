"""One thread: what headquarters asked, what was said since, and the field for what comes next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import questions
from fieldapp.operations.drafts import Draft
from fieldapp.operations.questions import Entry, Thread
from fieldapp.texts import N_, Texts
from ui import theme
from ui.models.shown import Shown
from ui.pages.connect import PathField
from ui.session import Session
from ui.widgets.banner import Banner, Chip, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, EmptyState, clear
from ui.widgets.fields import TextField
from ui.widgets.frame import scrolled
from ui.widgets.labels import IconLabel, PlainLabel, secondary

_STATES = {
    "open": (N_("Unanswered"), "danger", "message-square"),
    "answered": (N_("Answered"), "info", "check"),
    "closed": (N_("Closed"), "ok", "check-check"),
}
DRAFTS = "answer/"
"""Drafts of answers are kept under this and the question's name."""


def thread_look(state: str, texts: Texts) -> tuple[str, str, str]:
    """Word, tone and icon of a thread's state."""
    word, tone, icon = _STATES[state]
    return texts(word), tone, icon


class ThreadDetail(Card):
    """The right half of the Questions page. What is typed stays while the thread is shown again."""

    go = Signal(str, object)
    """Key of another page, and the record to open there."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._texts = session, session.texts
        self._shown = Shown(session.texts, session.clock, session.current_lists)
        self.current: Thread | None = None
        self._correction: str | None = None
        self._quiet = False
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setSpacing(12)
        self.body.addWidget(scrolled(inside), 1)
        self._problem = QVBoxLayout()
        self.body.addLayout(self._problem)
        self._build_inputs()
        keys = QShortcut(QKeySequence("Ctrl+Return"), self, self.send.click)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.show_nothing()

    def _build_inputs(self) -> None:
        texts, field = self._texts, self._session.role == "field"
        label = texts(N_("Answer")) if field else texts(N_("What came of it"))
        self.text = TextField(label, "" if field else texts(N_("the team reads it")), 2)
        self.text.changed.connect(self._typed)
        self.photo = PathField(texts(N_("New photo")), texts, texts(N_("Photos (*.jpg *.jpeg *.png)")))
        self.photo.changed.connect(lambda _text: self._show_ready())
        self.note = secondary("")
        self.record = Button(texts(N_("Open record")), "list")
        self.record.clicked.connect(lambda: self._go("records"))
        self.review = Button(texts(N_("Decide in Review")), "clipboard-check")
        self.review.clicked.connect(lambda: self._go("review"))
        send = N_("Send answer") if field else N_("Close question")
        self.send = PrimaryButton(texts(send), "send" if field else "check-check")
        self.send.clicked.connect(self._send)
        row = QHBoxLayout()
        for button in (self.record, self.review, self.send):
            row.addWidget(button, 2 if button is self.send else 1)
        for part in (self.text, self.photo, self.note):
            self.body.addWidget(part)
        self.body.addLayout(row)

    def _go(self, key: str) -> None:
        if self.current is not None:
            self.go.emit(key, [self.current.about] if key == "review" else self.current.about)

    def show_nothing(self) -> None:
        """No thread is chosen."""
        self.current = None
        clear(self._rows)
        clear(self._problem)
        self._rows.addWidget(EmptyState(self._texts(N_("Choose a question to read it.")), icon="message-square"))
        for part in (self.text, self.photo, self.note, self.record, self.review, self.send):
            part.hide()

    def show_thread(self, thread: Thread, team: str = "") -> None:
        """Show a thread; ``team`` is the name of the team asked, where that is worth saying."""
        other = self.current is None or self.current.name != thread.name
        self.current = thread
        if other:
            self._begin()
        clear(self._rows)
        self._rows.addLayout(self._head(thread, team))
        for entry in thread.entries:
            self._rows.addWidget(self._entry(entry))
        self._rows.addStretch(1)
        field = self._session.role == "field"
        asks = thread.state != "closed" and (field or not thread.in_review)
        self.text.setVisible(asks)
        self.photo.setVisible(asks and field)
        self.send.setVisible(asks)
        self.record.setVisible(thread.here)
        self.review.setVisible(not field and thread.in_review and thread.state != "closed")
        self._show_ready()
        if field:
            self._session.ask(lambda ws: questions.own_correction(ws, thread.name), self._take_correction)

    def _begin(self) -> None:
        """Another thread: nothing typed yet, unless a draft of its answer was kept."""
        clear(self._problem)
        thread, self._correction = self.current, None
        self._quiet = True
        self.text.set_text("")
        self._quiet = False
        self.photo.set_text("")
        if thread is not None and self._session.role == "field":
            self._session.load_draft(DRAFTS + thread.name, lambda draft: self._take_draft(thread, draft))

    def _take_draft(self, thread: Thread, draft: Draft | None) -> None:
        if draft is not None and self.current is not None and self.current.name == thread.name and not self.text.text():
            self.text.set_text(draft.fields.get("remarks", ""))

    def _take_correction(self, event: str | None) -> None:
        named = {entry.correction for entry in self.current.entries} if self.current else set()
        self._correction = event if event not in named else None
        self._show_ready()

    def _head(self, thread: Thread, team: str) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(PlainLabel(thread.number, theme.PAGE, theme.SEMIBOLD))
        head.addWidget(secondary(team), 1)
        head.addWidget(Chip(*thread_look(thread.state, self._texts)))
        return head

    def _entry(self, entry: Entry) -> QWidget:
        texts = self._texts
        who = " \u00b7 ".join(part for part in (entry.by, self._shown.moment(entry.at)) if part)
        if entry.kind != "answer":
            first = texts(N_("HQ asks")) if entry.kind == "question" else texts(N_("Closed by HQ"))
            said = texts(N_("“{question}”"), question=entry.text) if entry.text else ""
            icon = "message-square" if entry.kind == "question" else "check-check"
            tone = "info" if entry.kind == "question" else "ok"
            return Banner(tone, first, "\n".join(part for part in (said, who) if part), icon=icon)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(16, 0, 12, 0)
        column.setSpacing(2)
        column.addWidget(PlainLabel(texts(N_("Answer")), theme.BODY, theme.SEMIBOLD))
        if entry.text:
            column.addWidget(PlainLabel(entry.text, wrap=True))
        extra = (
            ("camera", entry.photo, texts(N_("New photo: {file}"), file=entry.photo_file or entry.photo[-8:])),
            ("pencil", entry.correction, texts(N_("The record was corrected; its history shows how."))),
        )
        for icon, there, sentence in extra:
            if there:
                row = QHBoxLayout()
                row.addWidget(IconLabel(icon))
                row.addWidget(PlainLabel(sentence, wrap=True), 1)
                column.addLayout(row)
        column.addWidget(secondary(who))
        return box

    def _typed(self, text: str) -> None:
        if self.current is not None and self._session.role == "field" and not self._quiet:
            self._session.keep_draft(DRAFTS + self.current.name, {"remarks": text}, lambda _at: None)
        self._show_ready()

    def _show_ready(self) -> None:
        something = bool(self.text.text().strip() or self.photo.path() or self._correction)
        self.send.setEnabled(self._session.role == "hq" or something)
        self.note.setText(
            self._texts(N_("Your correction of the record goes with the answer.")) if self._correction else ""
        )
        self.note.setVisible(bool(self._correction) and self.text.isVisibleTo(self))

    def _send(self) -> None:
        thread, text = self.current, self.text.text()
        if thread is None or not self.send.isEnabled() or not self.send.isVisible():
            return
        self.send.setEnabled(False)
        photo, correction = self.photo.path(), self._correction
        if self._session.role == "hq":
            self._session.do(lambda ws: questions.close(ws, thread.name, text), self._sent, self._failed)
        else:
            self._session.do(
                lambda ws: questions.answer(ws, thread.name, text, photo_file=photo, correction=correction),
                self._sent, self._failed,
            )  # fmt: skip

    def _sent(self, _record: object) -> None:
        if self.current is not None:
            self._session.drop_draft(DRAFTS + self.current.name)
        self.current = None  # shown again, the same thread begins anew

    def _failed(self, error: OperatorError) -> None:
        clear(self._problem)
        self._problem.addWidget(error_banner(error.parts(self._texts)))
        self._show_ready()
