"""The only source of time. Nothing in fieldapp is ever decided by a wall clock; times are kept and shown."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol


class Clock(Protocol):
    """What the program needs of a clock."""

    def now(self) -> datetime:
        """The moment now, aware, with this place's offset from UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some beginning, for ages: nobody sets it, and sleep of the computer counts."""
        ...


class SystemClock:
    """The computer's own clock and time zone."""

    def now(self) -> datetime:
        """The moment now, aware, with this place's offset from UTC."""
        return datetime.now(UTC).astimezone()

    def monotonic(self) -> float:
        """Seconds since the computer was started, its sleep included."""
        return _seconds_since_start()


_COUNTS_SLEEP: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""Of Linux, of macOS; Windows has none and counts sleep by itself."""


def _seconds_since_start() -> float:
    """``time.monotonic`` stands still while Linux and macOS sleep, and a fix from before would look fresh."""
    return time.monotonic() if _COUNTS_SLEEP is None else time.clock_gettime(_COUNTS_SLEEP)


class SetClock:
    """A clock that shows what it was set to and moves on by ``step`` each time it is read (demonstration, tests)."""

    def __init__(self, start: datetime, step: timedelta = timedelta(0)) -> None:
        self._moment, self._step = start, step
        self._passed_s = 0.0

    def now(self) -> datetime:
        """The moment shown; the clock then moves on by its step."""
        shown = self._moment
        self.pass_time(self._step.total_seconds())
        return shown

    def monotonic(self) -> float:
        """Seconds that have passed; turning the clock with ``set`` is none of them."""
        return self._passed_s

    def pass_time(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self._moment += timedelta(seconds=seconds)
        self._passed_s += seconds

    def set(self, moment: datetime) -> None:
        """Turn the clock to another moment, forwards or backwards."""
        self._moment = moment


def stamp(moment: datetime) -> str:
    """A moment as events write it: UTC to the second, ``2026-11-22T06:15:00Z`` (ISO 8601)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def offset_min(moment: datetime) -> int:
    """Minutes that local time is ahead of UTC at ``moment``."""
    ahead = moment.utcoffset() or timedelta(0)
    return int(ahead.total_seconds() // 60)


def local(text: str, minutes: int) -> datetime:
    """The local time of a stamp written with ``stamp``, at an offset of ``minutes`` from UTC."""
    return datetime.fromisoformat(text).astimezone(timezone(timedelta(minutes=minutes)))
