"""NMEA 0183 sentences: found in what a port sends, checked, and read strictly. Everything else is passed over.

pynmeagps frames a sentence and tests its checksum. Fields are read here, because a checksum of one byte lets
one error in 256 through: a number that is not spelled as the standard spells it is no number.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date

LONGEST_SENTENCE_BYTES = 256
"""The standard allows 82; receivers with many digits send some more."""
LONGEST_REPORT_BYTES = 65_536
"""A line of gpsd: its list of satellites is the longest."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{0,12})?", re.ASCII)
_TIME = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9]|60)(\.[0-9]{0,9})?", re.ASCII)
_ANGLE = re.compile(r"-?([0-9]{2,3})([0-5][0-9]\.[0-9]{0,12})", re.ASCII)
_DATE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Gga:
    """Position, quality, satellites, HDOP."""

    talker: str
    day_s: float | None
    place: tuple[float, float] | None
    """Latitude and longitude in degrees; None where the receiver left it empty."""
    quality: int
    satellites: int | None
    hdop: float | None
    altitude_m: float | None


@dataclass(frozen=True, slots=True)
class Rmc:
    """Is it valid, where, and which day?"""

    talker: str
    day_s: float | None
    valid: bool
    place: tuple[float, float] | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Gst:
    """The receiver's own estimate of its error."""

    talker: str
    day_s: float | None
    error_m: float | None
    """Horizontal, 95 %."""


@dataclass(frozen=True, slots=True)
class Zda:
    """Time and date."""

    talker: str
    day_s: float | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Dtm:
    """The datum of the positions on this line."""

    talker: str
    datum: str
    """Its code as sent, in upper case; with its offsets where they say that it is not what the code claims."""


@dataclass(frozen=True, slots=True)
class Other:
    """A sentence with a right checksum that is not needed here: the port talks NMEA."""

    talker: str


Sentence = Gga | Rmc | Gst | Zda | Dtm | Other

_READ = ("GGA", "RMC", "GST", "ZDA", "DTM")


def read_sentence(line: bytes) -> Sentence | None:
    """The sentence of one line, or None: too long, cut, wrong checksum, a field that is not as the standard has it.

    What stands before the last dollar sign is not looked at: binary messages are mixed into some lines.
    """
    from pynmeagps import VALCKSUM, NMEAReader
    from pynmeagps.exceptions import NMEAMessageError, NMEAParseError, NMEAStreamError, NMEATypeError
    from pynmeagps.nmeahelpers import calc_checksum, get_parts

    start = line.rfind(b"$")
    line = line[start:].rstrip(b"\r\n")
    if start < 0 or len(line) > LONGEST_SENTENCE_BYTES or len(line) < 9 or line[-3:-2] != b"*" or not line.isascii():
        return None
    try:
        if line[3:6].decode() not in _READ or line[1:2] == b"P":
            content, talker, _, _, checksum = get_parts(line)
            if checksum.upper() != calc_checksum(content):
                return None
            return _of_garmin(content) if content.startswith("PGRMM,") else Other(talker)
        message = NMEAReader.parse(line, validate=VALCKSUM)
    except (NMEAMessageError, NMEAParseError, NMEAStreamError, NMEATypeError):
        return None
    return None if message is None else _typed(str(message.talker), str(message.msgID), list(message.payload))


def _typed(talker: str, word: str, parts: list[str]) -> Sentence | None:
    parts += [""] * (15 - len(parts))
    try:
        if word == "GGA":
            return Gga(talker, _day_s(parts[0]), _place(*parts[1:5]), int(_whole(parts[5]) or 0), _whole(parts[6]),
                       _number(parts[7]), _number(parts[8]))  # fmt: skip
        if word == "RMC":
            return Rmc(talker, _day_s(parts[0]), parts[1] == "A" and parts[11] not in ("N", "E", "S", "M"),
                       _place(*parts[2:6]), _date(parts[8]))  # fmt: skip
        if word == "GST":
            return Gst(talker, _day_s(parts[0]), _error_m(_number(parts[5]), _number(parts[6])))
        if word == "ZDA":
            return Zda(talker, _day_s(parts[0]), _day(parts[3], parts[2], parts[1]))
        return Dtm(talker, _datum(parts))
    except ValueError:
        return None


def _of_garmin(content: str) -> Dtm | None:
    """The datum that Garmin's receivers name in words, ``PGRMM,WGS 84``: they send no DTM, positions are in it."""
    name = re.sub("[^A-Z0-9-]", "", content.split(",")[1].upper())
    if not name:
        return None
    if "PULKOVO" in name and "42" in name:
        return Dtm("P", "S42")
    return Dtm("P", "W84" if name in ("WGS84", "WGS-84") else name[:12])


def _number(text: str) -> float | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text)


def _whole(text: str) -> int | None:
    number = _number(text)
    if number is not None and (number != int(number) or number < 0):
        raise ValueError(text)
    return None if number is None else int(number)


def _day_s(text: str) -> float | None:
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError(text)
    hours, minutes, seconds = (int(part) for part in found.groups()[:3])
    return hours * 3600 + minutes * 60 + seconds + float(f"0{found[4] or '.0'}0")


def _place(lat: str, north: str, lon: str, east: str) -> tuple[float, float] | None:
    """Degrees with their signs. A minus beside a hemisphere is written by one receiver: the hemisphere counts."""
    if not (lat or lon):
        return None
    if north not in ("N", "S") or east not in ("E", "W"):
        raise ValueError(north + east)
    latitude, longitude = _degrees(lat, 90), _degrees(lon, 180)
    return (latitude if north == "N" else -latitude), (longitude if east == "E" else -longitude)


def _degrees(text: str, most: int) -> float:
    found = _ANGLE.fullmatch(text)
    if not found or (degrees := int(found[1]) + float(found[2]) / 60) > most:
        raise ValueError(text)
    return degrees


def _date(text: str) -> date | None:
    """ddmmyy; the years of GNSS time began in 1980."""
    if not text:
        return None
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(text)
    year = int(found[3])
    return date(year + (1900 if year >= 80 else 2000), int(found[2]), int(found[1]))


def _day(year: str, month: str, day: str) -> date | None:
    parts = [_whole(part) for part in (year, month, day)]
    if None in parts or not parts[0]:  # zeros stand for "not known yet"
        return None
    return date(*(part or 0 for part in parts))


def _error_m(north_m: float | None, east_m: float | None) -> float | None:
    """The 95 % radius of two standard deviations: 1.73 times their root sum of squares (Rayleigh)."""
    if north_m is None or east_m is None:
        return None
    return 1.73 * math.hypot(north_m, east_m)


def _datum(parts: list[str]) -> str:
    """The datum's code. WGS 84 with an offset from WGS 84 is not WGS 84 (NMEA 0183: local datum, reference datum)."""
    code = re.sub("[^A-Z0-9-]", "", parts[0].upper())[:12]
    reference = parts[7].strip().upper()
    if not code:
        raise ValueError(parts[0])
    if code == "W84" and (reference not in ("", "W84") or _number(parts[2]) or _number(parts[4])):
        return "W84+"
    return code
