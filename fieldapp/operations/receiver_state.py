"""What the receiver in use is doing, as the window and the command line show it, and a position taken from it."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldapp import clock
from fieldapp.domain.decimals import decimal_text
from fieldapp.gnss.fix import Fix, Gates
from fieldapp.gnss.spread import Average
from fieldapp.operations import receiver_datum
from fieldapp.texts import N_, Texts

STATUSES = ("off", "searching", "no_fix", "poor", "live", "stale", "other_datum", "lost")
"""What a receiver may be doing; a position can be taken while it is live."""

_DATUM_NAMES = {
    "W84": N_("WGS 84"), "wgs84": N_("WGS 84"), "S42": N_("SK-42"), "sk42": N_("SK-42"),
    "W84+": N_("WGS 84 with an offset of its own"),
}  # fmt: skip

FIRST_YEAR = 2024
"""No date of a receiver that is in use is before this."""
CLOCK_TOLERANCE_S = 600
"""A clock that is wrong by less hurts nobody."""

_UNKNOWN = {
    "satellites": N_("the receiver does not say how many satellites it uses"),
    "hdop": N_("the receiver does not say how good the fix is (HDOP)"),
}
REFUSALS = {
    "no_fix": N_("there is no fix"),
    "quality": N_("the position is estimated or simulated, not measured"),
    "satellites": N_("too few satellites: {satellites}, at least {min_satellites} are needed"),
    "hdop": N_("the satellites stand badly: HDOP {hdop}, at most {max_hdop} is good"),
    "two_receivers": N_("two positions at once, {apart} m apart: two receivers on one line?"),
    "jump": N_("the position jumped {jumped} m"),
}
"""Why a fix is not good enough."""


@dataclass(frozen=True, slots=True)
class ReceiverState:
    """The receiver at one moment. ``fix`` is in WGS 84, and only there if it could be placed."""

    status: str = "off"
    source: str = ""
    """What people call the source; empty while ports are searched."""
    fix: Fix | None = None
    """The last good one while live or stale, the last one of all while poor."""
    age_s: float | None = None
    """How old ``fix`` is; counted by the monotonic clock."""
    accuracy_m: float | None = None
    """Of ``fix``, 95 %, with that of the datum operation."""
    datum: str = "W84"
    """Code of the datum that the receiver is in."""
    operation: str = ""
    """The datum operation that ``fix`` went through; empty for none."""
    refusals: tuple[str, ...] = ()
    """Why the last fix is not good enough, or its datum not taken."""
    jumped_m: float = 0.0
    satellites: int | None = None
    hdop: float | None = None
    averaging: bool = False
    average: Average | None = None
    """What was averaged so far."""
    heard: bool = False
    """Has it ever said anything?"""
    average_ended: str = ""
    """Why averaging ended by itself: ``datum`` or ``jump``."""
    taken_in_doubt: bool = False
    """The datum changed soon after a position was taken: it may be 100 m off."""
    clock_off_s: float | None = None
    """How far this computer's clock is ahead of the receiver's; None where the receiver's cannot be believed yet."""
    unreadable: bool = False
    """Something comes over the line, but no sentences."""
    refused: bool = False
    """The port is there, but another program has it, or this user may not open it."""
    ended: bool = False
    """A recorded log is at its end."""
    date_wrong: bool = False
    """The receiver's date lies before this program was written: its counter of weeks has begun anew."""
    log_failed: bool = False
    """The raw log could not be kept."""
    declared: str = "auto"
    gates: Gates = field(default_factory=Gates)

    def sentence(self, texts: Texts) -> str:
        """The status in words."""
        age = texts.number(self.age_s or 0)
        if self.status == "live":
            said = N_("Live fix, {age} s old, accuracy {accuracy} m.")
            return texts(said, age=age, accuracy=texts.number(self.accuracy_m or 0, 1))
        if self.status == "stale":
            return texts(N_("The receiver has been silent for {age} s."), age=age)
        if self.status == "poor":
            return texts(N_("Poor fix: {reasons}"), reasons=self.reasons(texts))
        if self.status == "other_datum":
            return self.reasons(texts)
        if self.status == "no_fix":
            seen = "–" if self.satellites is None else texts.number(self.satellites)
            return texts(N_("No fix yet (satellites: {satellites})."), satellites=seen)
        if self.status == "lost":
            return texts(self._lost())
        if self.status == "searching":
            return self._searching(texts)
        return texts(N_("No receiver is in use."))

    def _lost(self) -> str:
        if self.ended:
            return N_("The recorded log is at its end.")
        if self.refused:
            return N_("The receiver's port is in use by another program, or this user may not open it.")
        return N_("The receiver is not connected. It is tried again by itself.")

    def _searching(self, texts: Texts) -> str:
        if self.unreadable:
            said = N_("{source} sends something, but no positions can be read. Is the speed right?")
            return texts(said, source=self.source or "–")
        if self.heard:
            return texts(N_("Nothing comes from {source} any more."), source=self.source or "–")
        if self.source:
            return texts(N_("Listening to {source}, nothing was heard yet."), source=self.source)
        return texts(N_("Looking for a receiver on all ports."))

    def as_json(self, texts: Texts) -> dict[str, object]:
        """The state as ``--json`` prints it."""
        fix, average = self.fix, self.average
        return {
            "status": self.status, "sentence": self.sentence(texts), "source": self.source or None,
            "lat": None if fix is None else round(fix.lat, 9), "lon": None if fix is None else round(fix.lon, 9),
            "age_s": None if self.age_s is None else round(self.age_s, 1),
            "accuracy_m": None if self.accuracy_m is None else round(self.accuracy_m, 2),
            "fix_type": None if fix is None else fix.fix_type, "satellites": self.satellites, "hdop": self.hdop,
            "gnss_time": None if fix is None or fix.time is None else clock.stamp(fix.time), "datum": self.datum,
            "datum_operation": self.operation or None, "refusals": list(self.refusals),
            "average": None if average is None else average_json(average), "warnings": self.warnings(texts),
        }  # fmt: skip

    def reasons(self, texts: Texts) -> str:
        """Why the last fix cannot be taken, in words."""
        return "; ".join(refusal_sentence(code, self, texts) for code in self.refusals)

    def warnings(self, texts: Texts) -> list[str]:
        """What to look at beside the status."""
        found = []
        if self.average_ended == "datum":
            found.append(texts(N_("Averaging ended: the receiver's datum changed.")))
        if self.average_ended == "jump":
            found.append(texts(N_("Averaging ended: the position jumped.")))
        if self.taken_in_doubt:
            found.append(texts(N_("The datum changed soon after the last position was taken. Take it again.")))
        if self.average is not None:
            found += average_warnings(self.average, texts)
        if self.clock_off_s is not None and abs(self.clock_off_s) > CLOCK_TOLERANCE_S:
            said = N_("This computer's clock differs from the receiver's by {minutes} min.")
            found.append(texts(said, minutes=texts.number(abs(self.clock_off_s) / 60)))
        if self.date_wrong:
            found.append(texts(N_("The receiver's date is wrong. Its positions are right, its time is not kept.")))
        if self.log_failed:
            found.append(texts(N_("The receiver's log cannot be kept: the disk refuses.")))
        return found


def refusal_sentence(code: str, state: ReceiverState, texts: Texts) -> str:
    """A reason of ``refusals`` in words."""
    if code in receiver_datum.REFUSALS:
        names = {"datum": state.datum, "declared": state.declared}
        shown = {k: texts(_DATUM_NAMES[v]) if v in _DATUM_NAMES else v for k, v in names.items()}
        return texts(receiver_datum.REFUSALS[code], **shown)
    if getattr(state, code, "") is None:
        return texts(_UNKNOWN[code])
    gates, fix = state.gates, state.fix
    return texts(
        REFUSALS[code], satellites=state.satellites, min_satellites=gates.min_satellites,
        hdop=texts.number(state.hdop or 0, 1), max_hdop=texts.number(gates.max_hdop or 0, 1),
        apart=texts.number(fix.disagreement_m if fix else 0), jumped=texts.number(state.jumped_m),
    )  # fmt: skip


def average_json(average: Average) -> dict[str, object]:
    """An average as ``--json`` prints it."""
    return {
        "n": average.n, "duration_s": round(average.duration_s, 1), "lat": round(average.lat, 9),
        "lon": round(average.lon, 9), "r95_m": round(average.r95_m, 2), "accuracy_m": round(average.accuracy_m, 2),
        "median_off_m": round(average.median_off_m, 2), "drift_m": round(average.drift_m, 2),
        "drifts": average.drifts, "hdop_min": average.hdop_min, "hdop_max": average.hdop_max,
        "quality": average.quality, "satellites": average.satellites,
    }  # fmt: skip


def average_warnings(average: Average, texts: Texts) -> list[str]:
    """What to look at before an average is believed."""
    found = []
    if average.drifts:
        said = N_("The position drifts: the second half lies {drift} m from the first. Does the receiver stand still?")
        found.append(texts(said, drift=texts.number(average.drift_m, 1)))
    if average.pulled:
        said = N_("Some fixes lie far off: mean and median differ by {median} m.")
        found.append(texts(said, median=texts.number(average.median_off_m, 1)))
    return found


@dataclass(frozen=True, slots=True)
class Captured:
    """A position taken from the receiver, in WGS 84."""

    fix: Fix
    """The last good fix; of an average the last one in it."""
    lat: float
    lon: float
    accuracy_m: float
    """Metres, 95 %, with that of the datum operation."""
    accuracy_basis: str
    """``receiver``, ``hdop`` or ``spread``."""
    age_s: float
    operation: str = ""
    average: Average | None = None
    steady: bool = False
    """Has the receiver's time gone on as the clock for a while? Only then it is a bound for other clocks."""

    def fields(self) -> dict[str, object]:
        """The fields of the position group."""
        average = self.average
        satellites = average.satellites if average is not None else self.fix.satellites
        hdop = average.hdop_max if average is not None else self.fix.hdop
        fields: dict[str, object] = {
            "lat": decimal_text(self.lat, 9), "lon": decimal_text(self.lon, 9),
            "fixed_by": "live_fix" if average is None else "average",
            "accuracy_m": decimal_text(self.accuracy_m, 2), "accuracy_basis": self.accuracy_basis,
            "fix_type": self.fix.fix_type, "fix_age_s": decimal_text(max(0.0, self.age_s), 1),
        }  # fmt: skip
        if satellites is not None:
            fields["satellites"] = min(satellites, 200)
        if hdop is not None:
            fields["hdop"] = decimal_text(min(hdop, 1000.0), 2)
        if self.fix.time is not None:
            fields["gnss_time"] = clock.stamp(self.fix.time)
        if self.operation:
            fields["datum_operation"] = self.operation
        return fields

    def warnings(self, texts: Texts) -> list[str]:
        """What to look at before it is saved."""
        return [] if self.average is None else average_warnings(self.average, texts)
