"""MGRS: zone, band, 100 km square and digits that name a smaller square, read as its centre.

The library (NGA's GEOTRANS) cuts digits off as the standard asks. It answers a wrong band letter with a warning on
standard error only, so the band is checked here.
"""

from __future__ import annotations

import re
import threading
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

from fieldapp.geodesy import degrees
from fieldapp.geodesy.crs import UTM_NORTH, UTM_SOUTH, from_utm, utm_crs
from fieldapp.geodesy.errors import CoordinateNotUnderstood
from fieldapp.geodesy.reading import Reading
from fieldapp.geodesy.spelling import is_cyrillic
from fieldapp.geodesy.utm import BANDS, check_band

if TYPE_CHECKING:
    from mgrs import MGRS

CRS = "MGRS"

_LAYOUT = re.compile(r"([0-9]{1,2}) ?([^\W\d_]) ?([^\W\d_]) ?([^\W\d_]) ?([0-9 ]*)")
_SQUARE = re.compile(r"[a-hj-np-z][a-hj-np-v]")
_METRES_PER_DEGREE = 111_000.0
_quiet = threading.Lock()


def match(text: str, start: int, end: int) -> re.Match[str] | None:
    """The pieces of an MGRS position, if that is what the plain text between ``start`` and ``end`` looks like."""
    return _LAYOUT.fullmatch(text, start, end)


def read(pieces: re.Match[str]) -> Reading:
    """The centre of the square that ``pieces`` of ``match`` name. Raises CoordinateNotUnderstood."""
    zone, band, column, row, digits = pieces.groups()
    if not 1 <= int(zone) <= 60:
        raise CoordinateNotUnderstood("zone", zone, pieces.start(1))
    for at, letter in enumerate((band, column, row), 2):
        if not letter.isascii():
            reason = "cyrillic" if is_cyrillic(letter) else "square"
            raise CoordinateNotUnderstood(reason, letter.upper(), pieces.start(at))
    if band.upper() not in BANDS:
        raise CoordinateNotUnderstood("zone_letter", band, pieces.start(2))
    if not _SQUARE.fullmatch(column + row):
        raise CoordinateNotUnderstood("square", f"{column}{row}".upper(), pieces.start(3))
    places = _places(digits, pieces.start(5))
    try:
        with _quiet, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, half, easting, northing = _library().MGRSToUTM(f"{zone}{band}{column}{row}{digits}".replace(" ", ""))
    except _refused():
        raise CoordinateNotUnderstood("square", f"{column}{row}".upper(), pieces.start(3)) from None
    crs = utm_crs(int(zone), north=half == "N")
    lat, lon = from_utm(easting, northing, crs)
    side_m = 10.0 ** (5 - places)
    check_band(
        band.upper(), lat, pieces.start(2), degrees.text(lat, lon, "dd"), reach_deg=side_m / 2 / _METRES_PER_DEGREE
    )
    return Reading(lat, lon, "mgrs", CRS, side_m * 0.5 * 2**0.5)


def text(lat: float, lon: float) -> str:
    """The square of 1 m that holds the position: ``38SPK6477128553``. Raises ValueError outside 80 S to 84 N."""
    if not UTM_SOUTH <= lat <= UTM_NORTH:
        raise ValueError(f"no MGRS at latitude {lat}")
    return str(_library().toMGRS(lat, lon))


def _places(digits: str, at: int) -> int:
    """How many digits each half has: ``6477128553``, ``64771 28553``, ``64 771 28 553`` have five."""
    groups = digits.split()
    count = sum(map(len, groups))
    places = count // 2
    ends, so_far = set(), 0
    for group in groups:
        so_far += len(group)
        ends.add(so_far)
    if not 2 <= count <= 10 or count % 2 or (len(groups) > 1 and places not in ends):
        raise CoordinateNotUnderstood("square_digits", digits.strip(), at)
    return places


@lru_cache(maxsize=1)
def _library() -> MGRS:
    from mgrs import MGRS

    return MGRS()


def _refused() -> type[Exception]:
    from mgrs.core import MGRSError

    error: type[Exception] = MGRSError
    return error
