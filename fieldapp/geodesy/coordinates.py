"""Positions: read from text in any format, printed in any, and read back in another one before they are saved.

Formats: ``dd dm dms`` (WGS 84, latitude first unless hemispheres say otherwise), ``utm``, ``mgrs``, ``sk42 sk42-dm
sk42-dms`` (the same on Pulkovo 1942), ``sk42-gk`` and ``sk42-gk3`` (Gauss-Krueger, 6 and 3 degree zones), ``ck63``,
and the codes of the programme's own systems. Nothing is guessed: what can be read in two ways is refused with both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldapp.geodesy import custom, degrees, military, planar, utm
from fieldapp.geodesy.crs import SK42, UTM_NORTH, UTM_SOUTH, WGS84, Way, ellipsoid, sk42_way
from fieldapp.geodesy.districts import WORK_AREA, WorkArea
from fieldapp.geodesy.errors import CoordinateNotUnderstood
from fieldapp.geodesy.frame import FRAME, DatumOperation, Frame
from fieldapp.geodesy.notes import Note
from fieldapp.geodesy.reading import Reading
from fieldapp.geodesy.spelling import Token, joined, plain, tokens
from fieldapp.geodesy.systems import FORMATS, SK42_DEGREES, WGS84_DEGREES, ZONES, system_name
from fieldapp.texts import N_, Texts

__all__ = [
    "FORMATS", "CoordinateNotUnderstood", "Format", "Note", "Position", "SwapHint", "Understood",
    "format_position", "parse", "read_back", "swap_hint", "system_name",
]  # fmt: skip

Format = str
"""One of FORMATS, or the code of a custom system of the frame."""

_COARSE_M = 25.0
"""Digits that tell a place less well than this are remarked: 6 digits of MGRS, three decimals of a degree."""


@dataclass(frozen=True)
class Position:
    """A place in WGS 84 degrees, north and east positive."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Understood:
    """What a typed position was taken to be. ``text`` is what was typed, ``crs`` the system it was typed in.

    ``crs`` is EPSG:4326, EPSG:326xx or 327xx, MGRS, EPSG:4284, EPSG:284xx, EPSG:25xx, EPSG:2935-2938 or custom:<code>.
    """

    lat: float
    lon: float
    format: Format
    text: str
    crs: str
    uncertainty_m: float
    """From the digits typed: half a unit of the last digit along both axes together."""
    operation: str = ""
    """Code of the datum operation that led to WGS 84; empty where none was needed."""
    operation_accuracy_m: float | None = None
    """What the operation's source states; None where none was needed."""
    notes: tuple[Note, ...] = field(default=())
    """What a person should look at before saving."""

    @property
    def accuracy_m(self) -> float:
        """Digits typed and datum operation together, in metres."""
        return math.hypot(self.uncertainty_m, self.operation_accuracy_m or 0.0)

    @property
    def position(self) -> Position:
        """The place alone."""
        return Position(self.lat, self.lon)

    def system(self, texts: Texts, frame: Frame = FRAME) -> str:
        """What the text was read as, to be said beside it: “SK-42, decimal degrees”."""
        return texts(system_name(self.format, frame))


@dataclass(frozen=True)
class SwapHint:
    """The same two numbers the other way round, which would lie in the work area."""

    lat: float
    lon: float

    def sentence(self, texts: Texts) -> str:
        """The question to ask, in the language of ``texts``."""
        place = format_position(self.lat, self.lon, "dd")
        return texts(N_("Swapped? The other way round it is {place}, inside the work area."), place=place)


def parse(text: str, frame: Frame = FRAME, system: str = "auto") -> Understood:
    """The position that ``text`` spells. ``system`` is ``auto``, one of FORMATS or the code of a custom system.

    ``auto`` takes plain degrees as WGS 84 and looks for every other reading inside the work area; a name in the text
    (SK-42, CK-63, UTM, MGRS, WGS 84, a custom code) narrows it. Formats of one kind of degrees are one system. Raises
    CoordinateNotUnderstood for what has not exactly one reading, SystemNotUnderstood where the custom system that was
    chosen cannot be used.
    """
    typed = plain(text)
    said, start, end = _said(typed, frame)
    family = _family(said, system, frame, typed)
    try:
        reading = _read(typed, start, end, frame, family)
    except _WrittenOtherwise:
        chosen = system_name(family[0] if system == "auto" else system, frame)
        raise CoordinateNotUnderstood("other_system", text.strip(), chosen=chosen) from None
    notes = [*reading.notes, *_remarks(reading, frame, assumed=not said)]
    operation = reading.operation
    return Understood(
        reading.lat, reading.lon, reading.format, text, reading.crs, reading.uncertainty_m,
        "" if operation is None else operation.code, None if operation is None else operation.accuracy_m, tuple(notes),
    )  # fmt: skip


def swap_hint(lat: float, lon: float, work_area: WorkArea = WORK_AREA) -> SwapHint | None:
    """The swapped position, if only that one lies in the work area: to be asked about, never applied."""
    if work_area.holds(lat, lon) or not work_area.holds(lon, lat):
        return None
    return SwapHint(lat=lon, lon=lat)


def format_position(lat: float, lon: float, how: Format, frame: Frame = FRAME) -> str:
    """A WGS 84 position as text: ``39.989900° N 46.898800° E``, ``38N 662106 4428361``, ``SK-42 X ... Y ...``.

    Rounded once, half up, in the smallest unit printed (MGRS: cut off); what is not on WGS 84 names its system, and
    ``parse`` reads all of it. Raises ValueError for a position that is none, for a format that is not known in
    ``frame``, and where a format has no coordinates (UTM beyond 84 N, CK-63 beyond its zones, SK-42 beyond the area
    of the datum operation).
    """
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"no position: {lat}, {lon}")
    if how in WGS84_DEGREES:
        return degrees.text(lat, lon, how)
    if how == "utm":
        return utm.text(lat, lon)
    if how == "mgrs":
        return military.text(lat, lon)
    if how in SK42_DEGREES and frame.operation.holds(lat, lon):
        lon42, lat42 = sk42_way(SK42, frame.operation).from_wgs84(lat, lon)
        return f"SK-42 {degrees.text(lat42, lon42, _style(how))}"
    if how in ZONES or frame.system(how) is not None:
        return planar.text(lat, lon, how, frame)
    raise ValueError(f"no {how} at {lat}, {lon}")


def read_back(understood: Understood, frame: Frame = FRAME) -> str:
    """The position in a format it was not typed in, on WGS 84, to be compared with the source.

    Degrees give UTM, everything else decimal degrees; near the poles, where UTM has no coordinates, degrees again.
    """
    from_degrees = understood.format in {*WGS84_DEGREES, *SK42_DEGREES}
    how = "utm" if from_degrees and UTM_SOUTH <= understood.lat <= UTM_NORTH else "dd"
    return format_position(understood.lat, understood.lon, how, frame)


_WGS84 = (*WGS84_DEGREES, "utm", "mgrs")
_SK42 = (*SK42_DEGREES, "sk42-gk", "sk42-gk3")
_NAMED = (
    (re.compile(r"wgs ?-?84"), _WGS84),
    (re.compile(r"(?:[sс]k|[cс][kк])[ -]?42|pulkovo[ -]?(?:19)?42|пулково[ -]?(?:19)?42"), _SK42),
    (re.compile(r"(?:[sс]k|[cс][kк]|cs)[ -]?63"), ("ck63",)),
    (re.compile(r"utm"), ("utm",)),
    (re.compile(r"mgrs"), ("mgrs",)),
)
_ENDS = ("42", "63", "84", "utm", "mgrs", ")")
_AFTER_NAME = re.compile(r"[ ,;:]+|$")
_AT_END = re.compile(r"[ ,;]+\(?((?:[^\W\d_]+)[ -]?[0-9]{0,4})\)?$")


def _said(text: str, frame: Frame) -> tuple[tuple[str, ...], int, int]:
    """The systems that a name at the beginning or end of the text allows (none: no name), and where the rest stands."""
    for name, systems in _NAMED if text[0].isalpha() else ():
        if (at_start := name.match(text)) and (gap := _AFTER_NAME.match(text, at_start.end())):
            return systems, gap.end(), len(text)
    for own in frame.systems:
        if text.startswith(own.code) and (gap := _AFTER_NAME.match(text, len(own.code))):
            return (own.code,), gap.end(), len(text)
    if text.endswith(_ENDS) and (at_end := _AT_END.search(text)):
        for name, systems in _NAMED:
            if name.fullmatch(at_end[1]):
                return systems, 0, at_end.start()
    return (), 0, len(text)


def _family(said: tuple[str, ...], system: str, frame: Frame, text: str) -> tuple[str, ...]:
    """The systems in which the text is read; empty: all (and plain degrees are WGS 84)."""
    if system == "auto":
        return said
    if system in WGS84_DEGREES:
        chosen: tuple[str, ...] = WGS84_DEGREES
    elif system in SK42_DEGREES:
        chosen = SK42_DEGREES
    elif system in FORMATS or frame.system(system) is not None:
        chosen = (system,)
    else:
        raise CoordinateNotUnderstood("system", system)
    if said and not set(said) & set(chosen):
        raise CoordinateNotUnderstood("said_system", text, chosen=system_name(system, frame))
    return chosen


def _read(text: str, start: int, end: int, frame: Frame, family: tuple[str, ...]) -> Reading:
    """The one reading of the text in the systems of ``family``. Raises CoordinateNotUnderstood."""
    if (square := military.match(text, start, end)) is not None:
        _allow(family, "mgrs")
        return military.read(square)
    pieces = tokens(text, start, end)
    numbers = joined(pieces)
    after_word = numbers[1:] if numbers and numbers[0].text in planar.ZONE_WORDS else []
    if utm.is_utm(after_word) and after_word[0].end == after_word[1].at:
        numbers = after_word  # zone 38N ...
    if utm.is_utm(numbers):
        _allow(family, "utm")
        return utm.read(numbers, frame.work_area)
    own = frame.system(family[0]) if len(family) == 1 else None
    if own is not None:
        return _read_custom(pieces, numbers, frame, custom.opened(own, frame))
    if planar.is_grid(numbers):
        allowed = [system for system in ZONES if not family or system in family]
        if not allowed:
            raise _WrittenOtherwise
        customs = () if family else tuple(system.code for system in frame.systems)
        return planar.read(numbers, frame, (*allowed, *customs), allowed[0] if len(allowed) == 1 else "")
    return _read_degrees(pieces, frame, family)


class _WrittenOtherwise(Exception):
    """The text has the layout of a system that is not among the chosen ones."""


def _allow(family: tuple[str, ...], system: str) -> None:
    if family and system not in family:
        raise _WrittenOtherwise


def _read_degrees(pieces: Sequence[Token], frame: Frame, family: tuple[str, ...]) -> Reading:
    read = degrees.read(pieces)
    if not family or "dd" in family:
        return Reading(read.lat, read.lon, read.style, WGS84, read.uncertainty_m, None, read.notes)
    _allow(family, "sk42")
    how = "sk42" if read.style == "dd" else f"sk42-{read.style}"
    return _shifted(read, how, SK42, sk42_way(SK42, frame.operation), frame.operation)


def _read_custom(
    pieces: Sequence[Token], numbers: Sequence[Token], frame: Frame, opened: custom.Opened
) -> Reading:
    """In the one custom system that was chosen."""
    code = opened.system.code
    if not opened.geographic:
        return planar.read(numbers, frame, (code,), code)
    return _shifted(degrees.read(pieces), code, opened.crs, opened.way, opened.operation)


def _shifted(read: degrees.Degrees, how: str, crs: str, way: Way, operation: DatumOperation | None) -> Reading:
    lat, lon = way.to_wgs84(read.lon, read.lat)
    if not (abs(lat) <= 90 and abs(lon) <= 180) or (crs == SK42 and operation and not operation.holds(lat, lon)):
        raise CoordinateNotUnderstood("off_area")
    return Reading(lat, lon, how, crs, read.uncertainty_m, operation, read.notes)


def _remarks(reading: Reading, frame: Frame, *, assumed: bool) -> list[Note]:
    """``assumed``: the text did not name its system."""
    notes = []
    if not frame.work_area.holds(reading.lat, reading.lon):
        notes.append(Note("outside"))
    if reading.uncertainty_m > _COARSE_M:
        notes.append(Note("coarse", {"metres": f"{reading.uncertainty_m:.0f}"}))
    if assumed and reading.operation is not None and reading.format in SK42_DEGREES:
        lon42, lat42 = sk42_way(SK42, reading.operation).from_wgs84(reading.lat, reading.lon)
        metres = ellipsoid().inv(lon42, lat42, reading.lon, reading.lat)[2]
        notes.append(Note("assumed", {"chosen": system_name(reading.format, frame), "metres": f"{metres:.0f}"}))
    return notes


def _style(how: str) -> str:
    return "dd" if how == "sk42" else how.removeprefix("sk42-")
