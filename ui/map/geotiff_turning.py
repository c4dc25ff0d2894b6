"""Turns a GeoTIFF into tiles beside all other work: hours of it hold up no record. One file at a time.

It belongs to the map page, not to the dialog it was begun in: that may be closed meanwhile.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fieldapp.errors import OperatorError
from fieldapp.operations import base_maps, geotiff_maps
from fieldapp.operations.base_maps import ToTurn
from fieldapp.operations.geotiff_maps import TurnedMap
from fieldapp.texts import N_
from ui.background import Background, Cancelled, Report, Running
from ui.session import Session


class GeotiffTurning(QObject):
    """``progressed(step, done, total)``; ``changed()`` when it began or ended; ``failed(OperatorError, Path)``.

    The base map is listed through the session, so everybody hears of it as of any other change.
    """

    progressed = Signal(str, int, int)
    changed = Signal()
    failed = Signal(object, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._background: Background | None = None
        self._running: Running | None = None
        self.file: Path | None = None
        """What is being turned now."""
        self.unseen: tuple[OperatorError, Path] | None = None
        """Why the last one failed, until somebody showed it."""
        self.so_far: tuple[str, int, int] = (N_("Looking at the file"), 0, 0)

    def start(self, job: ToTurn) -> None:
        """Begin; nothing happens while another file is being turned."""
        if self.file is not None:
            return
        self.file, self.unseen = job.file, None
        self._background = self._background or Background()
        closing = self._session.background

        def turn(report: Report, stop: Cancelled) -> TurnedMap:
            return geotiff_maps.turn(job.folder, job.frame, job.file, progress=report,
                                     cancelled=lambda: stop() or closing.is_closed)  # fmt: skip

        self._running = self._background.run(turn, self._turned, self._fail, self._report)
        self.changed.emit()

    def stop(self) -> None:
        """Stop it; nothing is left of it."""
        if self._running is not None:
            self._running.cancel()

    def close(self) -> None:
        """Stop it and wait until it has."""
        if self._background is not None:
            self._background.close()
            self._background = None

    def _report(self, step: str, done: int, total: int) -> None:
        self.so_far = step, done, total
        self.progressed.emit(step, done, total)

    def _turned(self, turned: TurnedMap) -> None:
        self._end()
        if self._session.background.is_closed:
            return
        self._session.do(lambda ws: base_maps.add_turned(ws, turned),
                         on_failure=lambda error: self._tell(error, turned.made_from))  # fmt: skip

    def _fail(self, error: OperatorError) -> None:
        file = self.file or Path()
        self._end()
        self._tell(error, file)

    def _tell(self, error: OperatorError, file: Path) -> None:
        self.unseen = error, file
        self.failed.emit(error, file)

    def _end(self) -> None:
        self.file, self._running = None, None
        self.so_far = N_("Looking at the file"), 0, 0
        self.changed.emit()
