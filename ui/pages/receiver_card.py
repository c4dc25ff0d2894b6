"""Settings: which receiver this laptop listens to, and in which datum it is set."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from fieldapp.errors import OperatorError
from fieldapp.operations import receiver_choice
from fieldapp.operations.receiver_choice import GPSD, OFF, REPLAY, SERIAL
from fieldapp.operations.receiver_choice import Choice as Receiver
from fieldapp.operations.receiving import ReceiverState
from fieldapp.texts import N_
from ui.session import Session
from ui.widgets.banner import error_banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import Field
from ui.widgets.labels import secondary

_SOURCES = {OFF: N_("None"), SERIAL: N_("On a port"), GPSD: N_("gpsd"), REPLAY: N_("Recorded log")}
_DATUMS = {"auto": N_("It says so itself"), "wgs84": N_("WGS 84"), "sk42": N_("SK-42")}


class ReceiverCard(Card):
    """Choose and it is listened to at once; what it says stands below."""

    def __init__(self, session: Session) -> None:
        texts = session.texts
        super().__init__(texts(N_("Receiver")))
        self.session, self.texts = session, texts
        self.source = Choice("", [Option(code, texts(word)) for code, word in _SOURCES.items()], filled=True)
        self.source.setAccessibleName(texts(N_("Receiver")))
        self.port = Field(texts(N_("Port")), texts(N_("empty: it is looked for")), placeholder="COM5, /dev/ttyUSB0")
        self.speed = Field(texts(N_("Speed")), texts(N_("empty: it is found out")), placeholder="9600")
        self.address = Field(texts(N_("Host and port")), texts(N_("empty: this computer")), "127.0.0.1:2947")
        self.path = Field(texts(N_("File of the log")))
        self.pace = Field(texts(N_("Times as fast")), placeholder="1")
        self.datum = Choice(texts(N_("The receiver is set to")),
                            [Option(code, texts(word)) for code, word in _DATUMS.items()])  # fmt: skip
        self.use = Button(texts(N_("Listen to it")), "satellite")
        self.use.clicked.connect(self._use)
        self._said = QVBoxLayout()
        self._state = secondary("")
        self._lay_out()
        self.source.changed.connect(self._source_changed)
        session.receiver.told.connect(self.show_state)
        self.show_choice(session.receiver.choice)
        self.show_state(session.receiver.state())

    def _lay_out(self) -> None:
        self.body.addWidget(self.source)
        row = QHBoxLayout()
        row.setSpacing(12)
        for field in (self.port, self.speed, self.address, self.path, self.pace):
            row.addWidget(field)
        self.body.addLayout(row)
        self.body.addWidget(self.datum)
        self.body.addWidget(self.use)
        self.body.addLayout(self._said)
        self.body.addWidget(self._state)

    def show_choice(self, choice: Receiver) -> None:
        """Show what is listened to."""
        self.source.set_text(choice.source)
        for name in ("port", "speed", "address", "path", "pace", "datum"):
            getattr(self, name).set_text(getattr(choice, name))
        self._source_changed(choice.source)

    def choice(self) -> Receiver:
        """What stands in the card."""
        return Receiver(
            self.source.text() or OFF, self.port.text(), self.speed.text(), self.address.text(), self.path.text(),
            self.pace.text(), self.datum.text() or "auto",
        )  # fmt: skip

    def _source_changed(self, source: str) -> None:
        if not source:  # pressed again: one of them is always chosen
            self.source.set_text(OFF)
            return
        shown = {SERIAL: (self.port, self.speed), GPSD: (self.address,), REPLAY: (self.path, self.pace)}
        for field in (self.port, self.speed, self.address, self.path, self.pace):
            field.setVisible(field in shown.get(source, ()))
        self.datum.setVisible(source != OFF)
        self.use.setText(self.texts(N_("Listen to it")) if source != OFF else self.texts(N_("Use no receiver")))

    def _use(self) -> None:
        clear(self._said)
        choice = self.choice()
        # A recorded log is listened to once: after a restart nobody would know that it is not the receiver.
        kept = Receiver() if choice.source == REPLAY else choice
        try:
            receiver_choice.source_of(choice)
        except receiver_choice.ChoiceNotValid as error:
            self._failed(error)
            return
        self.session.ask(lambda ws: receiver_choice.keep(ws, kept), self._kept, self._failed)

    def _kept(self, _choice: Receiver) -> None:
        self.session.listen(self.choice())

    def _failed(self, error: OperatorError) -> None:
        self._said.addWidget(error_banner(error.parts(self.texts)))

    def show_state(self, state: ReceiverState | None) -> None:
        """Say what the receiver is doing."""
        said = self.texts(N_("No receiver is in use.")) if state is None else state.sentence(self.texts)
        if self._state.text() != said:
            self._state.setText(said)
