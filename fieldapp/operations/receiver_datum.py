"""In which datum is the receiver? What it says, what a person declared, and what follows (M25).

A receiver set to SK-42 looks perfect and is 100 m off. So what its datum sentence says is obeyed, nothing is taken
while that is unclear, and a change while it runs ends whatever was being measured.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from fieldapp.geodesy import crs
from fieldapp.geodesy.frame import DatumOperation
from fieldapp.gnss.fix import W84, Cycle, Fix
from fieldapp.texts import N_

SK42 = "S42"
SK42_CODES = frozenset(("S42", "S-42", "P42", "P-42", "SK42", "SK-42", "SPK", "PUL", "PULK42"))
"""How receivers name Pulkovo 1942 in their datum sentence (S42: Garmin; SPK: NGA's list of datums)."""
DECLARATIONS = ("auto", "wgs84", "sk42")
"""What a person may declare of a receiver: nothing, or the datum it is set to."""

_CYCLES_BEFORE_TRUST = 3
"""So many fixes of a new connection without a datum sentence before WGS 84 is taken for granted."""
_GAPS_OF_HABIT = 3
"""A receiver that has said its datum after so many gaps always says it: not every one has a name for each datum."""
_LONGEST_GAP = 60
"""Fixes between two datum sentences that belong together: NMEA 0183 asks for one every 30 s at least."""
_CYCLES_AFTER_CHANGE = 3
"""So many fixes in the same datum before a fix is taken again."""

REFUSALS = {
    "datum_unknown": N_("The receiver is set to a datum that is not known here: {datum}."),
    "datum_changed": N_("The receiver's datum has just changed to {datum}. What was being averaged was dropped."),
    "datum_silent": N_("The receiver does not repeat its datum. Is it still set to {datum}?"),
    "datum_contradicts": N_("The receiver says {datum}, but it was declared to be set to {declared}."),
}
"""Why a fix cannot be placed."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A fix in WGS 84, or why it is not taken; with both, the fix may only be compared with what follows."""

    fix: Fix | None
    refusal: str = ""
    datum: str = W84
    operation: str = ""
    """Code of the datum operation that was applied."""
    settling: bool = False
    """Nothing is wrong, but a datum sentence may still come."""
    changed: bool = False
    """The datum is another one than that of the fix before."""


class DatumWatch:
    """Follows the datum of one receiver, across pulled cables too."""

    def __init__(self, declared: str, operation: DatumOperation) -> None:
        self.declared, self._operation = declared, operation
        self._remembered: str | None = None
        self._datum: str | None = None
        self._unsaid = self._unsettled = 0
        self._since_said: int | None = None
        self.usual_gap = 0
        """So many fixes lie between two datum sentences; 0 while that is not known."""
        self.longest_gap = self._gaps = 0

    def reconnected(self) -> None:
        """A connection was made: the receiver's datum sentence may not have come yet, what it said before holds."""
        self._unsaid = self._gaps = 0

    def prepare(self, cycle: Cycle) -> None:
        """Load what a conversion needs, if one may come: it takes a moment, and nobody is to wait for it."""
        if cycle.fix is not None and (cycle.fix.datum in SK42_CODES or self.declared == "sk42"):
            crs.sk42_way(crs.SK42, self._operation)

    def place(self, fix: Fix) -> Placed:
        """The fix in WGS 84, or why not."""
        self._count(fix)
        datum = self._effective(fix)
        changed = fix.datum_changed or (self._datum is not None and datum != self._datum)
        self._datum = datum
        if changed:
            self._unsettled = _CYCLES_AFTER_CHANGE
            return Placed(None, "datum_changed", datum, changed=True)
        self._unsettled = max(0, self._unsettled - 1)
        refusal = self._contradiction(fix, datum)
        if refusal:
            return Placed(None, refusal, datum)
        if self._unsaid and self._unsaid < _CYCLES_BEFORE_TRUST:
            return Placed(None, "", datum, settling=True)
        if self._unsettled:
            return dataclasses.replace(self._in_wgs84(fix, datum), refusal="datum_changed")
        return self._in_wgs84(fix, datum)

    def _count(self, fix: Fix) -> None:
        """How many fixes lie between two datum sentences of this receiver?"""
        if not fix.datum_fresh:
            self._since_said = None if self._since_said is None else self._since_said + 1
            return
        if self._since_said is not None:
            gap = self._since_said + 1
            self.usual_gap = min(self.usual_gap or gap, gap)
            self.longest_gap = min(max(self.longest_gap, gap), _LONGEST_GAP)
            self._gaps += 1
        self._since_said = 0

    @property
    def _repeated(self) -> bool:
        """Does the datum sentence come as often as it does? NMEA 0183 asks for every 30 s at least.

        Some receivers send it only while they are in another datum than WGS 84: then silence is a change.
        """
        return self._since_said is not None and self._since_said < self.usual_gap

    @property
    def _fell_silent(self) -> bool:
        """Has a receiver that always said WGS 84 stopped to say it? Sooner than a jump there is believed."""
        since = self._since_said or 0
        return self._gaps >= _GAPS_OF_HABIT and self.longest_gap + 2 <= since

    def _effective(self, fix: Fix) -> str:
        if fix.datum_said:
            self._remembered, self._unsaid = fix.datum, 0
            return SK42 if fix.datum in SK42_CODES else fix.datum
        self._unsaid += 1
        remembered = self._remembered or W84
        if remembered == W84 and self.declared == "sk42":
            return SK42
        return SK42 if remembered in SK42_CODES else remembered

    def _contradiction(self, fix: Fix, datum: str) -> str:
        if datum not in (W84, SK42):
            return "datum_unknown"
        said = fix.datum_said or self._remembered is not None
        if said and self.declared == ("sk42" if datum == W84 else "wgs84"):
            return "datum_contradicts"
        silent = not self._repeated if datum != W84 else self._fell_silent
        return "datum_silent" if silent and self.declared == "auto" else ""

    def _in_wgs84(self, fix: Fix, datum: str) -> Placed:
        if datum == W84:
            return Placed(fix)
        lat, lon = crs.sk42_way(crs.SK42, self._operation).to_wgs84(fix.lon, fix.lat)
        if not math.isfinite(lat + lon):
            return Placed(None, "datum_unknown", datum)
        return Placed(dataclasses.replace(fix, lat=lat, lon=lon, datum=W84), "", datum, self._operation.code)
