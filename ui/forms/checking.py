"""Clearance checks of a form while it is filled: off the window's thread, the last result kept until the next is there.

A burst of keys is checked once, when it pauses. While one check runs no second one is asked for: when it ends, the
form as it then stands is checked again if it changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from fieldapp.errors import OperatorError
from fieldapp.operations.checks import Checked
from fieldapp.operations.workspace import Workspace
from ui.session import Session

PAUSE_MS = 300
Check = Callable[[Workspace], Checked]


class Checking(QObject):
    """Asks ``prepare()``, on the window's thread, for the check of the form as it stands, and shows its result."""

    def __init__(
        self, parent: QObject, session: Session, prepare: Callable[[], Check], show: Callable[[Checked], None]
    ) -> None:
        super().__init__(parent)
        self._session, self._prepare, self._show = session, prepare, show
        self._running = self._again = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._check)

    def changed(self) -> None:
        """Something in the form is different: check it when typing pauses."""
        if self._running:
            self._again = True
        else:
            self._pause.start()

    def _check(self) -> None:
        if self._session.role == "new" or self._session.background.is_closed:
            return  # a form may stand a moment longer than its workspace is open
        self._running, self._again = True, False
        self._session.ask(self._prepare(), self._checked, self._failed)

    def _checked(self, checked: Checked) -> None:
        self._running = False
        if self._again:
            self._pause.start()
        self._show(checked)

    def _failed(self, _error: OperatorError) -> None:
        """What could not be read cannot be checked; the form says itself what it cannot read."""
        self._running = False
        if self._again:
            self._pause.start()
