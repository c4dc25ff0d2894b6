"""The receiver at work in a form: its state shown in the position block, and positions taken by key or button."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

from fieldapp.errors import OperatorError
from fieldapp.operations.receiving import ReceiverState
from fieldapp.texts import N_
from ui import sound
from ui.forms.live import live_of
from ui.forms.where import PositionReader, captured_text
from ui.session import Session
from ui.widgets.position import WAYS, PositionBlock
from ui.widgets.position_given import AVERAGE, BASELINE, BEARING, TYPED
from ui.widgets.position_reading import Reading


def position_block(session: Session, read: PositionReader) -> PositionBlock:
    """A position block of all the ways there are, joined to the receiver of ``session``."""
    own = [(one.code, one.name) for one in session.frame.systems]
    example = session.texts(N_("39.9899 46.8988"))
    block = PositionBlock(session.texts, read, tuple(WAYS), example, own)
    Capture(session, block)
    return block


class Capture(QObject):
    """Joins ``block`` to the receiver of ``session``. F5 takes the position, Shift+F5 averages, F8 measures,
    Shift+F8 along a baseline, Alt+P types.

    Nothing that is stale, poor or in another datum is ever taken: it is refused in words and with a sound.
    """

    def __init__(self, session: Session, block: PositionBlock) -> None:
        super().__init__(block)
        self._session, self._block = session, block
        block.take_asked.connect(self.take)
        block.averaging_asked.connect(session.receiver.average)
        session.receiver.told.connect(self.show_state)
        for keys, act in (
            ("F5", block.ask_to_take), ("Shift+F5", block.ask_to_average),
            ("F8", lambda: block.use(BEARING)), ("Shift+F8", lambda: block.use(BASELINE)),
            ("Alt+P", lambda: block.use(TYPED)),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), block, act)
        self.show_state(session.receiver.state())

    def show_state(self, state: ReceiverState | None) -> None:
        """Show what the receiver says."""
        session = self._session
        if state is None or state.status == "off":
            self._block.show_live(None)
            return
        averaging = self._block.way() == AVERAGE
        self._block.show_live(
            live_of(state, session.texts, session.frame, session.positions_in, averaging=averaging)
        )

    def take(self, so_far: bool) -> None:
        """Take the latest fix or the average (``so_far``: of before a silence too).

        A refusal is said and heard, and what was there stays.
        """
        session, texts = self._session, self._session.texts
        if not self._block.can_be_changed():
            return
        try:
            captured = session.receiver.capture(average=so_far)
        except OperatorError as error:
            sound.alarm()
            self._block.refuse(error.parts(texts)[0])
            return
        if captured is None:
            sound.alarm()
            self._block.explain(Reading(
                "warn", texts(N_("No receiver is chosen")),
                texts(N_("Choose one under Settings, type the position (Alt+P), or measure it (F8).")),
            ))  # fmt: skip
            return
        fields = captured.fields()
        text = captured_text(str(fields["fixed_by"]), fields, session.receiver.now())
        session.receiver.note_taken(text)
        self._block.take(text)
        self._block.taken.emit()
