"""What the receiver says, in words for the position block and the chip of the top bar."""

from __future__ import annotations

from fieldapp.geodesy.coordinates import format_position
from fieldapp.geodesy.frame import Frame
from fieldapp.gnss.fix import Fix
from fieldapp.gnss.spread import ENOUGH_FIXES, Average
from fieldapp.operations.receiving import ReceiverState
from fieldapp.texts import N_, Texts
from ui.widgets.banner import Chip
from ui.widgets.position_reading import Lines, Live

WANTED_FIXES = 30
"""An average is full with so many; more change it little, because successive fixes err alike."""
STALE = ("stale", "lost")
NONE = "\u2014"

_FIRST = {
    "searching": N_("Looking for a receiver"),
    "no_fix": N_("No fix"),
    "poor": N_("Fix too poor"),
    "other_datum": N_("Other datum"),
    "lost": N_("Receiver lost"),
}
"""First lines of the states that say nothing with a number."""
_TONES = {"live": "ok", "poor": "warn", "no_fix": "warn", "other_datum": "danger", "searching": "stale",
          "stale": "stale", "lost": "stale"}  # fmt: skip
_ICONS = {"live": "satellite", "stale": "volume-2", "lost": "plug", "searching": "loader"}


def live_of(state: ReceiverState, texts: Texts, frame: Frame, how: str, *, averaging: bool) -> Live:
    """``state`` as the position block shows it; ``how`` is the format of positions, ``averaging`` the way chosen."""
    stale = state.status in STALE
    average = state.average
    large, small = _shown(state.fix, frame, how)
    counts = averaging and state.status == "live"
    ended = counts and not state.averaging
    spread = word = ""
    if average is not None and average.n >= ENOUGH_FIXES:
        said = N_("{count} fixes, spread {metres} m")
        if stale:
            said = N_("{count} fixes before the cut, spread {metres} m")
        spread = texts(said, count=average.n, metres=texts.number(average.r95_m, 1))
        word = texts(N_("Take the average of {count}"), count=average.n)
    take = texts(N_("Take position"))
    if stale and state.age_s is not None:
        take = texts(N_("Take position \u00b7 {age}"), age=_age(state.age_s, texts))
    elif ended:
        take = texts(N_("Average again"))
    elif averaging:
        take = texts(N_("Take the average"))
        word = ""
    if counts and average is not None:
        large, small = _at(average.lat, average.lon, frame, how)
    enough = average is not None and average.n >= ENOUGH_FIXES
    return Live(
        _TONES.get(state.status, "stale"), _first(state, texts, counts), _detail(state, texts, counts),
        large, small, _quality(state, texts, average if counts else None), _ICONS.get(state.status, "satellite"),
        can_take=state.status == "live" and (enough or ended or not averaging), take=take, ended=ended,
        counted=average.n if average else 0, wanted=WANTED_FIXES if averaging else 0, spread=spread, average=word,
    )  # fmt: skip


def _first(state: ReceiverState, texts: Texts, counts: bool) -> str:
    age = _age(state.age_s or 0.0, texts)
    if counts and state.average is not None:
        return texts(N_("Averaging: spread {metres} m"), metres=texts.number(state.average.r95_m, 1))
    if state.status == "live":
        return texts(N_("Live fix, {age} old"), age=age)
    if state.status == "stale":
        return texts(N_("Position stale: {age}"), age=age)
    return texts(_FIRST.get(state.status, N_("No receiver")))


def _detail(state: ReceiverState, texts: Texts, counts: bool) -> str:
    average = state.average
    if counts and average is not None:
        said = texts(N_("{count} fixes in {seconds} s. 95 % lie within the spread."), count=average.n,
                     seconds=texts.number(average.duration_s))  # fmt: skip
        return "\n".join([said, *state.warnings(texts)])
    if state.status == "stale":
        return texts(N_("Nothing comes from the receiver. This point is not taken. Check the cable, type the position "
                        "(Alt+P), or measure it (F8)."))  # fmt: skip
    if state.status == "live":
        said = texts(N_("Accuracy ± {metres} m."), metres=texts.number(state.accuracy_m or 0.0, 1))
        return "\n".join([said, *state.warnings(texts)])
    return "\n".join([state.sentence(texts), *state.warnings(texts)])


def _quality(state: ReceiverState, texts: Texts, average: Average | None) -> Lines:
    fix = state.fix
    if state.status in STALE or fix is None:
        age = _age(state.age_s, texts) if state.age_s is not None else NONE
        return ((texts(N_("Accuracy")), NONE), (texts(N_("Satellites")), NONE), (texts(N_("Age")), age))
    metres = average.accuracy_m if average is not None else state.accuracy_m or 0.0
    return (
        (texts(N_("Accuracy")), texts(N_("± {metres} m"), metres=texts.number(metres, 1))),
        (texts(N_("Fix")), fix.fix_type),
        (texts(N_("Satellites")), NONE if fix.satellites is None else texts.number(fix.satellites)),
        (texts(N_("HDOP")), NONE if fix.hdop is None else texts.number(fix.hdop, 1)),
    )


def _shown(fix: Fix | None, frame: Frame, how: str) -> tuple[str, str]:
    return ("", "") if fix is None else _at(fix.lat, fix.lon, frame, how)


def _at(lat: float, lon: float, frame: Frame, how: str) -> tuple[str, str]:
    other = "mgrs" if how == "dd" else "dd"
    return format_position(lat, lon, how, frame), format_position(lat, lon, other, frame)


def _age(seconds: float, texts: Texts) -> str:
    if seconds < 120:
        return texts(N_("{seconds} s"), seconds=texts.number(int(seconds)))
    return texts(N_("{minutes} min"), minutes=texts.number(int(seconds // 60)))


def receiver_chip(state: ReceiverState | None, texts: Texts) -> Chip | None:
    """The receiver in one chip, for the top bar; None where there is none."""
    if state is None or state.status == "off":
        return None
    if state.status == "live" and state.fix is not None:
        said = texts(N_("± {metres} m \u00b7 {count} sat \u00b7 {age}"), age=_age(state.age_s or 0.0, texts),
                     metres=texts.number(state.accuracy_m or 0.0, 1), count=state.fix.satellites or 0)  # fmt: skip
        return Chip(said, "ok", "satellite")
    if state.status == "stale":
        said = texts(N_("Stale \u00b7 {age}"), age=_age(state.age_s or 0.0, texts))
        return Chip(said, "stale", "satellite")
    return Chip(texts(_FIRST.get(state.status, N_("No receiver"))), _TONES.get(state.status, "stale"), "satellite")
