"""The receiver in use: its state, and positions taken from it.

A listener's thread tells what it hears; everything else asks ``state`` whenever it likes. Datum, gates, age and jumps
are judged here, in one place, before a fix may become a position. Positions come out in WGS 84.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from threading import Lock
from typing import Protocol

from fieldapp.clock import Clock
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.gnss.fix import Cycle, Fix, Gates
from fieldapp.gnss.listening import Link, Listener
from fieldapp.gnss.sources import GpsdSource, ReplaySource, SerialSource, Source
from fieldapp.gnss.spread import ENOUGH_FIXES, Averaging, accuracy_m
from fieldapp.operations.receiver_datum import DatumWatch
from fieldapp.operations.receiver_errors import (
    AverageTooShort,
    DatumRefused,
    NoFix,
    PoorFix,
    ReceiverLost,
    StaleFix,
)
from fieldapp.operations.receiver_heard import Heard
from fieldapp.operations.receiver_state import Captured, ReceiverState

__all__ = ["Captured", "GpsdSource", "ReceiverState", "Receiving", "ReplaySource", "SerialSource", "Source"]


class RawLog(Protocol):
    """Keeps what the receiver sent, byte for byte."""

    @property
    def failed(self) -> bool:
        """Could something not be kept?"""
        ...

    def write(self, data: bytes) -> None:
        """More bytes. Never raises: a full disk must not stop the positions."""
        ...

    def close(self) -> None:
        """Keep what has not been kept yet."""
        ...


class Receiving:
    """One receiver at a time. Every method may be called from any thread and returns at once."""

    def __init__(
        self, clock: Clock, frame: Frame = FRAME, log: RawLog | None = None, *, declared: str = "auto",
        gates: Gates | None = None, on_cycle: Callable[[ReceiverState], None] | None = None,
    ) -> None:
        """``on_cycle`` is told the state after each moment the receiver speaks of, in the listener's thread."""
        self._clock, self._log, self._gates = clock, log, gates or Gates()
        self._declared, self._tell = declared, on_cycle
        self._operation = frame.operation
        self._lock = Lock()
        self._listener: Listener | None = None
        self._heard = Heard("", DatumWatch(declared, frame.operation), replayed=False)

    def start(self, source: Source) -> None:
        """Listen to ``source`` from now on, and to nothing else."""
        self.stop()
        watch = DatumWatch(self._declared, self._operation)
        with self._lock:
            self._heard = Heard(source.name, watch, replayed=source.replayed)
            self._listener = Listener(source, self._clock, _Told(self, self._heard))
            self._listener.start()

    def stop(self) -> None:
        """Listen to nothing. What was averaged is dropped."""
        with self._lock:
            listener, self._listener = self._listener, None
            self._heard = Heard("", self._heard.watch, replayed=False)
        if listener is not None:
            listener.stop()
        if self._log is not None:
            self._log.close()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until a recorded log is at its end; False where it is not by then."""
        listener = self._listener
        return listener is None or listener.wait(timeout_s)

    def begin_average(self) -> None:
        """Average from the next good fix on; what was averaged before is dropped."""
        with self._lock:
            self._heard.averaging, self._heard.average_ended = Averaging(), ""

    def end_average(self) -> None:
        """Average no longer."""
        with self._lock:
            self._heard.averaging, self._heard.average_ended = None, ""

    def state(self) -> ReceiverState:
        """What the receiver is doing now."""
        with self._lock:
            return self._state()

    def capture(self, *, average_so_far: bool = False) -> Captured:
        """The average where one is being made (it ends), else the last good fix.

        ``average_so_far`` takes what was averaged before the receiver fell silent: its fixes were good when they were
        heard. Raises StaleFix, NoFix, PoorFix, AverageTooShort, DatumRefused.
        """
        with self._lock:
            state = self._state()
            heard = self._heard
            averaging = heard.averaging
            if not (average_so_far and averaging is not None and state.status != "other_datum"):
                _refuse(state)
            if averaging is not None:
                captured = self._captured_average(state, averaging)
                heard.averaging = None
            else:
                captured = self._captured_fix(state)
            heard.taken_at, heard.taken_in_doubt = self._clock.monotonic(), False
            return captured

    def _captured_fix(self, state: ReceiverState) -> Captured:
        fix = state.fix
        if fix is None or state.accuracy_m is None or state.age_s is None:
            raise NoFix
        return Captured(
            self._timed(fix), fix.lat, fix.lon, state.accuracy_m, accuracy_m(fix)[1], state.age_s, state.operation,
            steady=self._heard.steady,
        )  # fmt: skip

    def _captured_average(self, state: ReceiverState, averaging: Averaging) -> Captured:
        made = averaging.average()
        if made is None or made.n < ENOUGH_FIXES:
            raise AverageTooShort(n=0 if made is None else made.n, needed=ENOUGH_FIXES)
        last = averaging.fixes[-1]
        fix = dataclasses.replace(self._timed(last), quality=made.quality)
        total_m = math.hypot(made.accuracy_m, self._operation.accuracy_m if state.operation else 0.0)
        return Captured(
            fix, made.lat, made.lon, total_m, "spread", self._clock.monotonic() - last.heard_at, state.operation,
            made, steady=self._heard.steady,
        )  # fmt: skip

    def _timed(self, fix: Fix) -> Fix:
        """The fix; without its time where its date is wrong."""
        return dataclasses.replace(fix, time=None) if self._heard.date_wrong else fix

    def _state(self) -> ReceiverState:
        heard = self._heard
        if self._listener is None:
            return ReceiverState(gates=self._gates, declared=self._declared)
        age_s = None if heard.good is None else self._clock.monotonic() - heard.good.heard_at + heard.good_late_s
        status = self._status(age_s)
        fix = heard.poor if status == "poor" else heard.good
        return ReceiverState(
            status=status, source=heard.link.source or heard.source, fix=fix, age_s=age_s, datum=heard.datum,
            accuracy_m=None if fix is None else self._accuracy_m(fix, heard.operation), operation=heard.operation,
            refusals=heard.refusals, jumped_m=heard.jumped_m, satellites=heard.satellites, hdop=heard.hdop,
            averaging=heard.averaging is not None, average_ended=heard.average_ended,
            average=heard.averaging.average() if heard.averaging is not None else None,
            clock_off_s=self._clock_off_s(age_s), taken_in_doubt=heard.taken_in_doubt,
            unreadable=heard.link.unreadable, refused=heard.link.refused, ended=heard.link.ended,
            date_wrong=heard.date_wrong, heard=heard.heard_at is not None,
            log_failed=self._log is not None and self._log.failed, declared=self._declared, gates=self._gates,
        )  # fmt: skip

    def _status(self, age_s: float | None) -> str:
        heard, now = self._heard, self._clock.monotonic()
        if not heard.link.up and not heard.link.ended:
            return "lost" if heard.connected or heard.link.reason else "searching"
        silent = heard.heard_at is None or now - heard.heard_at + heard.late_s > self._gates.max_age_s
        if silent:
            return "stale" if age_s is not None else "lost" if heard.link.ended else "searching"
        if heard.datum_refused:
            return "other_datum"
        if heard.refusals:
            return "no_fix" if heard.refusals == ("no_fix",) else "poor"
        return "live" if age_s is not None and not heard.settling else "searching"

    def _clock_off_s(self, age_s: float | None) -> float | None:
        good = self._heard.good
        if good is None or good.time is None or age_s is None or not self._heard.steady or self._heard.date_wrong:
            return None
        return (self._clock.now() - good.time).total_seconds() - age_s

    def _accuracy_m(self, fix: Fix, operation: str) -> float:
        return math.hypot(accuracy_m(fix)[0], self._operation.accuracy_m if operation else 0.0)

    def _on_bytes(self, heard: Heard, data: bytes) -> None:
        if self._log is not None and heard is self._heard and not heard.replayed:
            self._log.write(data)

    def _on_link(self, heard: Heard, link: Link) -> None:
        with self._lock:
            heard.take_link(link)

    def _on_cycle(self, heard: Heard, cycle: Cycle) -> None:
        heard.watch.prepare(cycle)
        with self._lock:
            heard.take(cycle, self._gates)
            state = self._state() if heard is self._heard and self._tell is not None else None
        if state is not None and self._tell is not None:
            self._tell(state)


class _Told:
    """Passes on what a listener hears, with what it belongs to: an old listener's last words change nothing new."""

    def __init__(self, receiving: Receiving, heard: Heard) -> None:
        self._receiving, self._heard = receiving, heard

    def on_link(self, link: Link) -> None:
        """How the connection is."""
        self._receiving._on_link(self._heard, link)  # noqa: SLF001 - its own other half

    def on_bytes(self, data: bytes) -> None:
        """Raw bytes."""
        self._receiving._on_bytes(self._heard, data)  # noqa: SLF001 - its own other half

    def on_cycle(self, cycle: Cycle) -> None:
        """What was said about one moment."""
        self._receiving._on_cycle(self._heard, cycle)  # noqa: SLF001 - its own other half


def _refuse(state: ReceiverState) -> None:
    """Raise what the operator has to know where no position can be taken now."""
    if state.status == "live":
        return
    if state.status == "other_datum":
        raise DatumRefused(state=state)
    if state.status == "poor":
        raise PoorFix(state=state)
    if state.age_s is not None and state.status == "stale":
        raise StaleFix(age_s=state.age_s)
    if state.age_s is not None and state.status == "lost":
        raise ReceiverLost(age_s=state.age_s)
    raise NoFix
