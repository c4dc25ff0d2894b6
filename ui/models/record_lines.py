"""A long list of records, read a part at a time on the worker: the first part comes fast however long the list is."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from fieldapp.operations import browsing
from fieldapp.operations.browsing import Part, Wanted
from ui.session import Session

PART_ROWS = 60


class RecordLines(QObject):
    """Reads records for one table. Answers to an older search are dropped."""

    started = Signal(object)
    """The lines a new list begins with."""
    continued = Signal(object)
    """Further lines of the list."""
    counted = Signal(int, int)
    """How many records match, of how many."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._wanted = Wanted()
        self._taken: Mapping[str, int] | None = None
        self._more = False
        self._search = 0

    def search(self, wanted: Wanted, at_least: int = PART_ROWS) -> None:
        """Begin a new list with ``at_least`` lines, where there are so many."""
        self._wanted, self._taken, self._more = wanted, None, False
        self._search += 1
        mine = self._search
        self._session.ask(
            lambda ws: browsing.part(ws, wanted, size=max(at_least, PART_ROWS)), lambda part: self._begin(mine, part)
        )
        every = Wanted(wanted.kinds)
        self._session.ask(
            lambda ws: (browsing.count(ws, wanted), browsing.count(ws, every)), lambda both: self._count(mine, both)
        )

    def more(self) -> None:
        """Read the next part, if there is one and none is on its way."""
        if not self._more:
            return
        self._more = False
        mine, wanted, taken = self._search, self._wanted, self._taken
        self._session.ask(lambda ws: browsing.part(ws, wanted, taken, PART_ROWS), lambda part: self._go_on(mine, part))

    def _begin(self, mine: int, part: Part) -> None:
        if mine == self._search:
            self._taken, self._more = part.taken, part.more
            self.started.emit(part.lines)

    def _go_on(self, mine: int, part: Part) -> None:
        if mine == self._search:
            self._taken, self._more = part.taken, part.more
            self.continued.emit(part.lines)

    def _count(self, mine: int, both: tuple[int, int]) -> None:
        if mine == self._search:
            self.counted.emit(*both)
