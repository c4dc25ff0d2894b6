"""What one cycle of a receiver said, and the gates that a fix has to pass before it may become a position."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

W84 = "W84"
"""The code of WGS 84 in the datum sentence (NMEA 0183, DTM), and what a receiver means that sends none."""

NO_FIX, GNSS, DIFFERENTIAL, RTK, RTK_FLOAT = 0, 1, 2, 4, 5
FIX_TYPES = {GNSS: "GNSS", DIFFERENTIAL: "DGNSS", 3: "PPS", RTK: "RTK", RTK_FLOAT: "RTK float", 6: "estimated",
             7: "manual", 8: "simulated"}  # fmt: skip
"""Quality figures of the GGA sentence (NMEA 0183)."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One position as a receiver gave it, in the receiver's own datum."""

    lat: float
    """Degrees, north positive, in ``datum``."""
    lon: float
    """Degrees, east positive, in ``datum``."""
    quality: int
    """As in GGA: 1 GNSS, 2 differential or SBAS, 4 RTK fixed, 5 RTK float; 0 where the receiver has no fix."""
    satellites: int | None
    hdop: float | None
    heard_at: float
    """Seconds of the monotonic clock when its first sentence was heard."""
    time: datetime | None = None
    """The receiver's own time in UTC; None where it said no date."""
    day_s: float | None = None
    """The receiver's own time of day, seconds after midnight UTC; None where it said none."""
    altitude_m: float | None = None
    datum: str = W84
    datum_said: bool = False
    """Has the receiver named its datum? WGS 84 is taken for granted where it has not."""
    datum_fresh: bool = False
    """Has it named its datum since the fix before?"""
    datum_changed: bool = False
    """Did the datum change while this was being said? Nobody knows in which one it is."""
    error_m: float | None = None
    """The receiver's own figure of its horizontal error, 95 %; None where it gives none."""
    void: bool = False
    """Did the receiver say elsewhere (RMC status V) that this is no valid fix?"""
    disagreement_m: float = 0.0
    """How far apart two positions of the same moment lay that came over one line: two receivers, or a wrong one."""

    @property
    def fix_type(self) -> str:
        """The word for the quality."""
        return FIX_TYPES.get(self.quality, "no fix")


@dataclass(frozen=True, slots=True)
class Cycle:
    """What a receiver said about one moment, with or without a fix."""

    heard_at: float
    fix: Fix | None
    satellites: int | None = None
    hdop: float | None = None


@dataclass(frozen=True, slots=True)
class Gates:
    """What a fix must be like to become a position. Declared here and nowhere else; None lets everything through.

    The figures were tried on recorded logs: they refuse the fixes with no satellites, the first wild ones after a
    cold start, and those whose HDOP says that half the sky is hidden.
    """

    qualities: frozenset[int] = frozenset((GNSS, DIFFERENTIAL, RTK, RTK_FLOAT))
    max_hdop: float | None = 4.0
    min_satellites: int | None = 5
    max_age_s: float = 5.0
    """No fresh fix for so long: the position is stale."""
    max_disagreement_m: float = 30.0
    max_speed_m_s: float = 40.0
    """Faster than this between two fixes is a jump, not a movement. A receiver switched to SK-42 jumps 103 m."""

    def refusals(self, fix: Fix) -> tuple[str, ...]:
        """Why ``fix`` is not good enough: codes of ``REFUSALS``, none where it passes. Age is not looked at."""
        if self.has_no_fix(fix):
            return ("no_fix",)
        found = []
        if fix.quality not in self.qualities:
            found.append("quality")
        if fix.disagreement_m > self.max_disagreement_m:
            found.append("two_receivers")
        if self.min_satellites is not None and (fix.satellites is None or fix.satellites < self.min_satellites):
            found.append("satellites")
        if self.max_hdop is not None and (fix.hdop is None or fix.hdop > self.max_hdop):
            found.append("hdop")
        return tuple(found)

    @staticmethod
    def has_no_fix(fix: Fix) -> bool:
        """Is this no fix whatever it claims? No quality, void, 0/0, or GNSS without any satellite (seen in logs)."""
        none_used = fix.quality == GNSS and fix.satellites == 0
        return fix.quality == NO_FIX or fix.void or none_used or (fix.lat == 0 and fix.lon == 0)
