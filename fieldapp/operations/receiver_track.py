"""Where the receiver was on a day: its log read again, judged as it was when it was heard.

A fix counts by the rules of ``receiver_heard``: datum, gates, jumps. What lay in the piece that was not sealed yet when
the power went is missing: the track has a gap there.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from fieldapp.geodesy.area import distance_m
from fieldapp.gnss.decoding import Decoder
from fieldapp.gnss.fix import Cycle, Gates
from fieldapp.operations import positions, receiver_choice, receiver_log
from fieldapp.operations.receiver_datum import DatumWatch
from fieldapp.operations.receiver_heard import Heard
from fieldapp.operations.workspace import Workspace
from fieldapp.sync.errors import BundleError

APART_M = 2.0
"""A step of a track: a standing receiver wanders less."""
_SECOND = 1.0
"""Logs do not say when a fix was heard: once a second, as receivers speak; the time they say counts if it is more."""

LatLon = tuple[float, float]


@dataclass(frozen=True)
class Stretch:
    """The steps in one piece of the log, WGS 84 degrees, and how many pieces are left to read."""

    steps: Sequence[LatLon]
    left: int


class DayTrack:
    """Reads a day's log a piece at a time: others get their turn in between.

    ``before``: only what was begun by then.
    """

    def __init__(self, day: date, before: datetime | None = None) -> None:
        self._day, self._before = day, before
        self._pieces: list[Path] | None = None
        self._decoder = Decoder()
        self._heard: Heard | None = None
        self._now = 0.0
        self._last: LatLon | None = None

    def step(self, ws: Workspace) -> Stretch:
        """The next piece; a damaged one is left out, and one that went meanwhile."""
        if self._pieces is None:
            self._pieces = receiver_log.pieces_of(ws, self._day, self._before)
            watch = DatumWatch(receiver_choice.kept(ws).datum, positions.frame_of(ws).operation)
            self._heard = Heard("", watch, replayed=True)
        steps: list[LatLon] = []
        if self._pieces:
            try:
                for data in receiver_log.opened(ws, self._pieces.pop(0)):
                    self._take(data, steps)
            except (BundleError, zlib.error, OSError):
                self._end(steps)  # nothing is put together across what is missing
        if not self._pieces:
            self._end(steps)
        return Stretch(steps, len(self._pieces))

    def _take(self, data: bytes, steps: list[LatLon]) -> None:
        for line in data.splitlines(keepends=True):
            for cycle in self._decoder.feed(line, self._now):
                self._now += _SECOND
                self._judge(cycle, steps)

    def _end(self, steps: list[LatLon]) -> None:
        for cycle in self._decoder.quiet():
            self._judge(cycle, steps)
        self._decoder = Decoder()

    def _judge(self, cycle: Cycle, steps: list[LatLon]) -> None:
        heard = self._heard
        if heard is None:
            return
        before = heard.good
        heard.watch.prepare(cycle)
        heard.take(cycle, Gates())
        good = heard.good
        if good is None or good is before or heard.refusals or heard.settling:
            return
        here = good.lat, good.lon
        if self._last is None or distance_m(*self._last, *here) >= APART_M:
            self._last = here
            steps.append(here)
