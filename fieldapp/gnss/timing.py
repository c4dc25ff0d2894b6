"""How old what is heard may be. Bytes wait in buffers while a computer sleeps, and some links repeat the last fix.

The receiver's time and the monotonic clock go on alike. A fix whose time has fallen behind the clock, measured against
the best fix so far, was said earlier than it was heard: it is as old as that.
"""

from __future__ import annotations

_HALF_DAY_S, _DAY_S = 43_200.0, 86_400.0
_FORGIVEN = 1e-4
"""Clocks of computers go wrong by up to so much (100 ppm)."""


class Lateness:
    """Follows one receiver's time of day."""

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None
        self._behind_s = 0.0
        self.steady = 0
        """So many moments followed each other as the clock went, within two seconds."""

    def late_s(self, day_s: float | None, heard_at: float) -> float:
        """Seconds between when this was said and when it was heard; 0 where the receiver says no time.

        A step back of the receiver's time begins anew: nothing can be known of before.
        """
        if day_s is None:
            return 0.0
        if self._last is None:
            self._last = day_s, heard_at
            return 0.0
        said_s = (day_s - self._last[0]) % _DAY_S
        heard_s = heard_at - self._last[1]
        self._last = day_s, heard_at
        if said_s > _HALF_DAY_S:
            self._behind_s, self.steady = 0.0, 0
            return 0.0
        self.steady = self.steady + 1 if abs(said_s - heard_s) <= 2 else 0
        self._behind_s = max(0.0, self._behind_s + heard_s * (1 - _FORGIVEN) - said_s)
        return self._behind_s
