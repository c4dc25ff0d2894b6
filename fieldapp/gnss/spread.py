"""Averaging with an honest spread.

Successive fixes are not independent (their errors change over minutes; lag-1 correlation 0.94 to 0.999 in recorded
logs), so the standard deviation over the root of n is never a figure here: what is stated is how far the fixes
themselves lie about their mean, and never less than what the receiver can do at all.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldapp.gnss.fix import DIFFERENTIAL, GNSS, RTK, RTK_FLOAT, Fix

FLOOR_M = {GNSS: 3.0, DIFFERENTIAL: 1.5, RTK_FLOAT: 0.5, RTK: 0.1}
"""By quality: no accuracy better than this is stated, 95 %, whatever the fixes look like."""
PER_HDOP_M = {GNSS: 5.0, DIFFERENTIAL: 3.0, RTK_FLOAT: 1.0, RTK: 0.1}
"""By quality: metres of 95 % error for each unit of HDOP, where the receiver states no error of its own (usual range
errors; they cover the spread measured in the recorded logs)."""
ENOUGH_FIXES = 5
"""An average of fewer is none."""
_MOST_FIXES = 6_000
"""Ten minutes at ten a second."""
_A, _E2 = 6_378_137.0, 0.006694379990141317
"""Half-axis in metres and squared eccentricity of WGS 84."""


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Length in metres of a degree of latitude and of longitude at ``lat`` on the ellipsoid of WGS 84."""
    sine = math.sin(math.radians(lat))
    prime = _A / math.sqrt(1 - _E2 * sine * sine)
    meridian = prime * (1 - _E2) / (1 - _E2 * sine * sine)
    return math.radians(meridian), math.radians(prime * math.cos(math.radians(lat)))


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres between two places, for short distances (a millimetre in a kilometre) and to tell near from far."""
    north_m, east_m = metres_per_degree((lat + other_lat) / 2)
    east = (other_lon - lon + 180) % 360 - 180
    return math.hypot((other_lat - lat) * north_m, east * east_m)


def accuracy_m(fix: Fix) -> tuple[float, str]:
    """Metres, 95 %, of a single fix, and what they rest on: ``receiver`` (it said so) or ``hdop``."""
    floor = FLOOR_M.get(fix.quality, FLOOR_M[GNSS])
    if fix.error_m is not None:
        return max(fix.error_m, floor), "receiver"
    per_hdop = PER_HDOP_M.get(fix.quality, PER_HDOP_M[GNSS])
    return max((fix.hdop if fix.hdop is not None else 4.0) * per_hdop, floor), "hdop"


@dataclass(frozen=True, slots=True)
class Average:
    """The mean of fixes and how far they lie about it."""

    n: int
    duration_s: float
    """From the first to the last fix, by the receiver's time where it says it."""
    lat: float
    lon: float
    r95_m: float
    """95 % of the fixes lie within this distance of the mean."""
    accuracy_m: float
    """What may be stated: the largest of ``r95_m``, the receiver's own figure and what its kind of fix can do."""
    median_off_m: float
    """How far the median lies from the mean: wild fixes pull the mean, not the median."""
    drift_m: float
    """How far the mean of the second half lies from that of the first."""
    hdop_min: float | None
    hdop_max: float | None
    quality: int
    """The poorest among the fixes."""
    satellites: int | None
    """The fewest among the fixes."""

    @property
    def drifts(self) -> bool:
        """Does the receiver move? The two halves lie further apart than the spread about the mean."""
        return self.n >= 2 * ENOUGH_FIXES and self.drift_m > self.r95_m

    @property
    def pulled(self) -> bool:
        """Do some wild fixes pull the mean? It lies off the median by more than half the spread, and by a metre."""
        return self.median_off_m > max(1.0, self.r95_m / 2)


@dataclass
class Averaging:
    """Fixes of one place, gathered until somebody takes their mean."""

    fixes: list[Fix] = field(default_factory=list)
    _known: Average | None = None

    def add(self, fix: Fix) -> None:
        """One fix more, in WGS 84; when they are too many the oldest half is let go."""
        if len(self.fixes) >= _MOST_FIXES:
            del self.fixes[: _MOST_FIXES // 2]
        self.fixes.append(fix)
        self._known = None

    def average(self) -> Average | None:
        """The mean and its spread; None while there is no fix."""
        if self._known is None and self.fixes:
            self._known = average(self.fixes)
        return self._known


def average(fixes: Sequence[Fix]) -> Average:
    """The mean of one or more fixes that are all in WGS 84."""
    base = fixes[0]
    north_m, east_m = metres_per_degree(base.lat)
    norths = [(fix.lat - base.lat) * north_m for fix in fixes]
    easts = [((fix.lon - base.lon + 180) % 360 - 180) * east_m for fix in fixes]
    north, east = statistics.fmean(norths), statistics.fmean(easts)
    away = sorted(math.hypot(n - north, e - east) for n, e in zip(norths, easts, strict=True))
    r95 = away[math.ceil(0.95 * len(away)) - 1]
    half = len(fixes) // 2
    drift = 0.0 if half == 0 else math.hypot(
        statistics.fmean(norths[:half]) - statistics.fmean(norths[-half:]),
        statistics.fmean(easts[:half]) - statistics.fmean(easts[-half:]),
    )  # fmt: skip
    hdops = [fix.hdop for fix in fixes if fix.hdop is not None]
    counts = [fix.satellites for fix in fixes if fix.satellites is not None]
    quality = min((fix.quality for fix in fixes), key=lambda one: -FLOOR_M.get(one, FLOOR_M[GNSS]))
    said = [fix.error_m for fix in fixes if fix.error_m is not None]
    return Average(
        n=len(fixes), duration_s=_duration_s(fixes), lat=base.lat + north / north_m, lon=base.lon + east / east_m,
        r95_m=r95, accuracy_m=max(r95, statistics.median(said) if said else 0.0, FLOOR_M.get(quality, FLOOR_M[GNSS])),
        median_off_m=math.hypot(statistics.median(norths) - north, statistics.median(easts) - east), drift_m=drift,
        hdop_min=min(hdops, default=None), hdop_max=max(hdops, default=None), quality=quality,
        satellites=min(counts, default=None),
    )  # fmt: skip


def _duration_s(fixes: Sequence[Fix]) -> float:
    first, last = fixes[0], fixes[-1]
    if first.day_s is not None and last.day_s is not None:
        return (last.day_s - first.day_s) % 86_400
    return last.heard_at - first.heard_at
