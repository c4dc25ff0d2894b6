"""Today: the receiver, and the daily check of it on a known point (M25)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from fieldapp.errors import OperatorError
from fieldapp.operations import known_point
from fieldapp.operations.browsing import Record
from fieldapp.operations.known_point import Checked
from fieldapp.operations.receiving import ReceiverState
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui import sound
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, clear
from ui.widgets.fields import Field
from ui.widgets.labels import secondary


class KnownPointCard(Card):
    """``done()``: the check was made or skipped. Shown while a receiver is in use and the day has no check."""

    done = Signal()

    def __init__(self, session: Session) -> None:
        texts = session.texts
        super().__init__(texts(N_("Known point")), texts(N_("once a day")))
        self.session, self.texts = session, texts
        self.body.setSpacing(8)
        self.body.addWidget(secondary(texts(N_(
            "Stand on a point whose position is known. The difference shows whether the receiver can be believed."
        ))))  # fmt: skip
        self.field = Field(texts(N_("Its position")), placeholder=texts(N_("empty: the point of the task")))
        self.check = Button(texts(N_("Compare")), "crosshair")
        self.skip = Button(texts(N_("Not today")), "x")
        self._said = QVBoxLayout()
        row = QHBoxLayout()
        row.addWidget(self.skip)
        row.addWidget(self.check, 1)
        self.body.addWidget(self.field)
        self.body.addLayout(row)
        self.body.addLayout(self._said)
        self.check.clicked.connect(self._check)
        self.skip.clicked.connect(lambda: session.do(known_point.skip, lambda _none: self.done.emit()))
        self._checked = Checked(None)
        session.receiver.told.connect(self.show_state)
        self.hide()

    def refresh(self, now: datetime) -> None:
        """Look whether the day has its check."""
        self.session.ask(lambda ws: known_point.of_day(ws, now.date()), self._show)

    def _show(self, checked: Checked) -> None:
        self._checked = checked
        self.show_state(self.session.receiver.state())

    def show_state(self, state: ReceiverState | None) -> None:
        """It is asked while there is a receiver to check."""
        asked = state is not None and self._checked.off_m is None and not self._checked.skipped
        if asked != (not self.isHidden()) and not (self._said.count() and not asked):
            self.setVisible(asked)

    def _check(self) -> None:
        clear(self._said)
        try:
            captured = self.session.receiver.capture()
        except OperatorError as error:
            sound.alarm()
            self._failed(error)
            return
        if captured is None:
            return
        text, lat, lon = self.field.text(), captured.lat, captured.lon

        def save(ws: Workspace) -> Record:
            return known_point.save(ws, known_point.point(ws, text), lat, lon)

        self.session.do(save, self._saved, self._failed)

    def _saved(self, record: Record) -> None:
        checked = Checked(known_point.as_metres(record.fields.get(known_point.FIELD)))
        words, detail, tone = known_point.in_words(checked, self.texts), "", "ok"
        if checked.is_far:
            tone = "danger"
            sound.alarm()
            detail = self.texts(known_point.FAR_OFF)
        self._said.addWidget(Banner(tone, self.texts(N_("Known point: {words}"), words=words), detail))
        self.done.emit()

    def _failed(self, error: OperatorError) -> None:
        clear(self._said)
        self._said.addWidget(error_banner(error.parts(self.texts)))
