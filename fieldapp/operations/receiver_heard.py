"""What was heard of one receiver: datum, gates, jumps and lateness judged as its fixes come in."""

from __future__ import annotations

from fieldapp.gnss.fix import W84, Cycle, Fix, Gates
from fieldapp.gnss.listening import Link
from fieldapp.gnss.spread import Averaging, distance_m
from fieldapp.gnss.timing import Lateness
from fieldapp.operations import receiver_datum
from fieldapp.operations.receiver_datum import DatumWatch
from fieldapp.operations.receiver_state import FIRST_YEAR

_NEW_PLACE, _NEW_PLACE_S = 3, 2.0
"""So many fixes in a row, over so long, where it jumped to: the receiver is there now."""
_BACK = 2
"""So many fixes in a row where it was before a jump: else two receivers take turns, and nobody knows which is right."""
_NOISE_M = 30.0
"""Fixes differ by so much without a jump."""
_DOUBT_S = 60.0
"""Datum sentences come at least so often: what was taken earlier than this before a change is in no doubt."""
_STEADY = 10
"""Moments in a row whose time goes on as the clock: the receiver's time can be believed."""


class Heard:
    """What was heard of one source. Not safe to share between threads: whoever has it holds a lock."""

    def __init__(self, source: str, watch: DatumWatch, *, replayed: bool) -> None:
        self.source, self.watch, self.replayed = source, watch, replayed
        self.link, self.connected = Link(up=False), False
        self.heard_at: float | None = None
        """When the last cycle was heard, with or without a fix."""
        self.late_s = 0.0
        """How much earlier than heard the last fix was said."""
        self.good: Fix | None = None
        """The last fix that passed everything, in WGS 84."""
        self.good_late_s = 0.0
        self.poor: Fix | None = None
        """The last fix, in WGS 84, where it did not pass."""
        self.refusals: tuple[str, ...] = ()
        self.settling = False
        self.datum, self.operation = W84, ""
        self.satellites: int | None = None
        self.hdop: float | None = None
        self.jumped_m = 0.0
        self.averaging: Averaging | None = None
        self.average_ended = ""
        self.taken_at: float | None = None
        self.taken_in_doubt = False
        self._lateness = Lateness()
        self._reference: Fix | None = None
        """Where it was last, for jumps: ``good``, or a fix that was not taken only because its datum was new."""
        self._elsewhere: Fix | None = None
        self._since_elsewhere: Fix | None = None
        self._times_elsewhere = self._to_come_back = 0

    @property
    def steady(self) -> bool:
        """Has the receiver's time gone on as the clock for a while?"""
        return not self.replayed and self._lateness.steady >= _STEADY

    @property
    def date_wrong(self) -> bool:
        """Is the receiver's date one that cannot be? Of a recorded log every date can be."""
        good = self.good
        return not self.replayed and good is not None and good.time is not None and good.time.year < FIRST_YEAR

    @property
    def datum_refused(self) -> bool:
        """Could the last fix not be placed because of its datum?"""
        return bool(self.refusals) and self.refusals[0] in receiver_datum.REFUSALS

    def take_link(self, link: Link) -> None:
        """The connection changed. A new one begins anew: what comes first may have waited in a buffer."""
        if link.up and not self.link.up:
            self.watch.reconnected()
            self._lateness = Lateness()
        self.link, self.connected = link, self.connected or link.up

    def take(self, cycle: Cycle, gates: Gates) -> None:
        """What the receiver said about one moment."""
        self.heard_at, self.satellites, self.hdop = cycle.heard_at, cycle.satellites, cycle.hdop
        self.poor, self.settling = None, False
        if cycle.fix is None:
            self.refusals = ("no_fix",)
            return
        if not self.replayed:
            self.late_s = self._lateness.late_s(cycle.fix.day_s, cycle.heard_at)
        placed = self.watch.place(cycle.fix)
        self.datum, self.operation = placed.datum, placed.operation
        if placed.changed:
            self._datum_changed(cycle.heard_at)
        if placed.refusal:
            self.refusals, self.good, self._reference = (placed.refusal,), None, placed.fix
        elif placed.fix is None:
            self.refusals, self.settling = (), True
        else:
            self._judge(placed.fix, gates)

    def _datum_changed(self, now: float) -> None:
        self.good = self._reference = self._elsewhere = None
        if self.averaging is not None:
            self.averaging, self.average_ended = None, "datum"
        if self.taken_at is not None and now - self.taken_at < _DOUBT_S:
            self.taken_in_doubt = True

    def _judge(self, fix: Fix, gates: Gates) -> None:
        self.refusals = gates.refusals(fix)
        if not self.refusals and self._jumped(fix, gates):
            self.refusals = ("jump",)
        if self.refusals:
            self.poor = fix
            return
        self.good, self.good_late_s, self._reference = fix, self.late_s, fix
        if self.averaging is not None and self.late_s <= gates.max_age_s:
            self.averaging.add(fix)

    def _jumped(self, fix: Fix, gates: Gates) -> bool:
        """Is this fix where nobody can be by now? After some fixes there the receiver is believed: it knows better.

        Time makes every distance possible: what follows a jump is judged by which of the two places it is nearer to.
        """
        before = self._reference
        if before is None:
            self._elsewhere, self._to_come_back = None, 0
            return False
        back_m = distance_m(before.lat, before.lon, fix.lat, fix.lon)
        there = self._elsewhere
        stays = there is not None and distance_m(there.lat, there.lon, fix.lat, fix.lon) < back_m
        away = back_m > _NOISE_M if self._to_come_back else _too_far(before, fix, gates)
        if not stays and not away:
            self._elsewhere, self._times_elsewhere = None, 0
            self._to_come_back = max(0, self._to_come_back - 1)
            self._reference = fix
            return self._to_come_back > 0
        self.jumped_m, self._to_come_back = back_m, _BACK
        self._elsewhere, self._times_elsewhere = fix, self._times_elsewhere + 1 if stays else 1
        if not stays:
            self._since_elsewhere = fix
        enough = _NEW_PLACE + self.watch.longest_gap  # a datum sentence may be on its way that explains the jump
        if self._times_elsewhere < enough or _seconds(self._since_elsewhere or fix, fix) < _NEW_PLACE_S:
            return True
        self._elsewhere, self._times_elsewhere, self._to_come_back = None, 0, 0
        if self.averaging is not None:
            self.averaging, self.average_ended = None, "jump"
        return False


def _too_far(before: Fix, after: Fix, gates: Gates) -> bool:
    away_m = distance_m(before.lat, before.lon, after.lat, after.lon)
    return away_m > _NOISE_M + gates.max_speed_m_s * max(_seconds(before, after), 0.1)


def _seconds(before: Fix, after: Fix) -> float:
    """Between two fixes, by the clock or by the receiver's time, whichever is more."""
    said = 0.0
    if before.day_s is not None and after.day_s is not None:
        said = (after.day_s - before.day_s) % 86_400
    return max(after.heard_at - before.heard_at, said if said < 43_200 else 0.0)
