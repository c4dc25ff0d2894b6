"""Work off the window's thread.

One thread of its own does all of it, one piece after the other: only that thread touches the workspace, so nothing
needs a lock and a database connection opened there stays valid. Results come back on the window's thread by signals.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from fieldapp.errors import OperatorError
from ui import crash

Result = TypeVar("Result")
Report = Callable[[str, int, int], None]
"""Called by work as ``report(step, done, total)``; total 0 = not known."""
Cancelled = Callable[[], bool]
"""Asked by work between two safe points; True = stop, leaving everything as it was."""
Op = Callable[[Report, Cancelled], Result]


class Running(QObject):
    """One piece of work. Its signals arrive on the window's thread; ``ended`` comes last, whatever happened."""

    progressed = Signal(str, int, int)
    succeeded = Signal(object)
    failed = Signal(object)
    crashed = Signal(object)
    ended = Signal()

    def __init__(self, op: Op[Any]) -> None:
        super().__init__()
        self._op = op
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next safe point."""
        self._stop.set()

    def work(self) -> None:
        """Do it, on the worker's thread."""
        try:
            self.succeeded.emit(self._op(self.progressed.emit, self._stop.is_set))
        except OperatorError as error:
            self.failed.emit(error)
        except BaseException as error:  # noqa: BLE001 - a bug is shown by the window's thread, not lost with this one
            self.crashed.emit(error)
        finally:
            self.ended.emit()


class Background(QObject):
    """The worker. ``busy_changed(bool)`` tells when it starts and when nothing is left to do."""

    busy_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="workspace")
        self._running: list[Running] = []
        self.is_closed = False

    def run(
        self,
        op: Op[Result],
        on_success: Callable[[Result], None] | None = None,
        on_failure: Callable[[OperatorError], None] | None = None,
        on_progress: Report | None = None,
    ) -> Running:
        """Do ``op(report, cancelled)`` on the worker's thread, after what was asked before.

        ``on_success`` gets its result; ``on_failure`` the ``OperatorError`` it raised (``error.parts(texts)`` are its
        three sentences). Any other exception is a bug and takes the crash path. All three are called on the window's
        thread, none of them after its receiver, a QObject's method, is gone.
        """
        running = Running(op)
        queued = Qt.ConnectionType.QueuedConnection
        for signal, slot in (
            (running.progressed, on_progress),
            (running.succeeded, on_success),
            (running.failed, on_failure or crash.unexpected),
            (running.crashed, crash.unexpected),
        ):
            if slot is not None:
                signal.connect(_OnWindowThread(running, slot).call, queued)
        running.ended.connect(_OnWindowThread(running, lambda: self._ended(running)).call, queued)
        self._running.append(running)
        if len(self._running) == 1:
            self.busy_changed.emit(True)
        self._pool.submit(running.work)
        return running

    def is_busy(self) -> bool:
        """Whether anything is under way or waiting."""
        return bool(self._running)

    def cancel_all(self) -> None:
        """Ask everything under way or waiting to stop."""
        for running in self._running:
            running.cancel()

    def close(self, *, wait: bool = True) -> None:
        """Ask everything to stop and wait until the worker has: nothing is left half-done, and nothing more begins.

        Without ``wait`` the worker ends by itself at its next safe point: for work that only draws.
        """
        self.is_closed = True
        self.cancel_all()
        self._pool.shutdown(wait=wait)

    def _ended(self, running: Running) -> None:
        self._running = [other for other in self._running if other is not running]
        if not self._running:
            self.busy_changed.emit(False)


class _OnWindowThread(QObject):
    """Calls a function on the thread this object was made on, however many arguments the signal has."""

    def __init__(self, running: Running, slot: Callable[..., None]) -> None:
        super().__init__(running)
        self._slot = slot

    def call(self, *arguments: object) -> None:
        """Pass the signal's arguments on, unless the receiver is gone."""
        owner = getattr(self._slot, "__self__", None)
        if isinstance(owner, QObject) and not is_alive(owner):
            return
        self._slot(*arguments)


def is_alive(thing: QObject) -> bool:
    """Whether Qt still has the object behind a Python one."""
    return bool(shiboken6.isValid(thing))
