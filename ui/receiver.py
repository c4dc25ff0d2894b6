"""The receiver of a session: one for all pages, started and stopped with the workspace, asked four times a second.

Listening happens on a thread of its own that nobody waits for: a receiver that hangs delays neither start nor end.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from fieldapp.clock import Clock, stamp
from fieldapp.geodesy.frame import Frame
from fieldapp.operations.receiver_choice import Choice, receiving_of, source_of
from fieldapp.operations.receiving import Captured, RawLog, ReceiverState, Receiving
from ui import sound

POLL_MS = 250
LOUD = ("stale", "lost", "other_datum")
"""States that are heard when they begin."""


class Receiver(QObject):
    """``told(object)``: the ``ReceiverState``, four times a second; once None where no receiver is chosen.

    ``taken(object)``: a position was taken, a ``Captured``.
    """

    told = Signal(object)
    taken = Signal(object)

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._receiving: Receiving | None = None
        self._status = ""
        self._taken: set[str] = set()
        self.choice = Choice()
        """What was chosen to listen to."""
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)

    def start(self, choice: Choice, frame: Frame, log: RawLog | None = None) -> None:
        """Listen to what ``choice`` names instead of what was listened to before; ``log`` keeps every byte.

        Raises ChoiceNotValid.
        """
        source = source_of(choice)
        self.stop()
        self.choice = choice
        if source is None:
            self.told.emit(None)
            return
        self._receiving = receiving_of(choice, self._clock, frame, log)
        self._receiving.start(source)
        self._timer.start()
        self.poll()

    def stop(self) -> None:
        """Listen to nothing; returns at once."""
        self._timer.stop()
        receiving, self._receiving = self._receiving, None
        self._status = ""
        if receiving is not None:
            receiving.stop()

    def state(self) -> ReceiverState | None:
        """What the receiver says now; None where none is chosen."""
        return self._receiving.state() if self._receiving is not None else None

    def poll(self) -> None:
        """Ask the receiver and tell; a fix that has just been lost is heard."""
        state = self.state()
        if state is not None:
            if state.status != self._status and state.status in LOUD and self._status:
                sound.alarm()
            self._status = state.status
        self.told.emit(state)

    def average(self, begins: bool) -> None:
        """Gather fixes from now on, or no longer."""
        if self._receiving is None:
            return
        if begins:
            self._receiving.begin_average()
        else:
            self._receiving.end_average()
        self.poll()

    def capture(self, *, average: bool = False) -> Captured | None:
        """The latest good fix, or the average while averaging; ``average`` takes that of before a silence too.

        None where no receiver is chosen. Raises StaleFix, NoFix, PoorFix, AverageTooShort, DatumRefused, ReceiverLost.
        """
        if self._receiving is None:
            return None
        captured = self._receiving.capture(average_so_far=average)
        self.taken.emit(captured)
        return captured

    def note_taken(self, text: str) -> None:
        """Remember that this position was taken since the program was started."""
        self._taken.add(text)

    def was_taken_here(self, text: str) -> bool:
        """Was it taken since the program was started? Else it comes from a draft of before."""
        return text in self._taken

    def now(self) -> str:
        """A stamp of this moment."""
        return stamp(self._clock.now())
