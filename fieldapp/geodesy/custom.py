"""Coordinate systems that an administrator defined: untrusted text, checked whole before a point goes through it.

Only the projection is taken from the definition. The datum operation stands apart, because definitions found on the
web carry shifts of unknown origin, and bare ones none at all: PROJ then gives a place 100 m off without a word.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fieldapp.geodesy.crs import Way, datum_shift, transformer
from fieldapp.geodesy.errors import SystemNotUnderstood
from fieldapp.geodesy.frame import CustomSystem, DatumOperation, Frame
from fieldapp.geodesy.systems import FORMATS

if TYPE_CHECKING:
    from pyproj import CRS

LONGEST = 4000
"""Characters of the longest definition."""

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,23}")
_TAKEN = {*FORMATS, "auto", "wgs84", "wgs-84", "sk-42", "ck-42", "ck-63", "sk63", "sk-63", "zone", "north", "south"}
_EPSG = re.compile(r"EPSG:[0-9]{4,6}")
_WKT = re.compile(r"(?:PROJCRS|PROJCS|GEOGCRS|GEOGCS|GEODCRS)\s*\[", re.IGNORECASE)
_SHIFTS = re.compile(
    r"towgs84|nadgrids|geoidgrids|geogrids|boundcrs|parameterfile|pipeline|\+init|\+proj=ob_tran|\+step", re.IGNORECASE
)
_UNITS = {"metre", "degree"}


@dataclass(frozen=True)
class Opened:
    """A custom system ready for use. ``operation`` leads from its datum to WGS 84, None where it is on WGS 84."""

    system: CustomSystem
    way: Way
    geographic: bool
    operation: DatumOperation | None

    @property
    def crs(self) -> str:
        """What is stored with a point."""
        return f"custom:{self.system.code}"


def checked(system: CustomSystem, frame: Frame) -> Opened:
    """The system, if it can be used in the work area. Raises SystemNotUnderstood with what is wrong with it."""
    if not _CODE.fullmatch(system.code) or system.code in _TAKEN:
        raise SystemNotUnderstood("code", system.code)
    opened = _opened(system, frame.operation)
    area = system.area or frame.work_area
    lat, lon = (area.south + area.north) / 2, (area.west + area.east) / 2
    if not round_trips(opened.way, *opened.way.from_wgs84(lat, lon)):
        raise SystemNotUnderstood("not_here")
    return opened


def opened(system: CustomSystem, frame: Frame) -> Opened:
    """The system as it was checked before. Raises SystemNotUnderstood where it cannot be read here."""
    return _opened(system, frame.operation)


def round_trips(way: Way, easting: float, northing: float) -> bool:
    """Whether the system leads from these coordinates to a place on earth and back: far off, projections break."""
    if not (math.isfinite(easting) and math.isfinite(northing)):
        return False
    lat, lon = way.to_wgs84(easting, northing)
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        return False
    back = way.from_wgs84(lat, lon)
    return math.dist(back, (easting, northing)) < (1e-7 if way.project is None else 0.01)


@lru_cache(maxsize=32)
def _opened(system: CustomSystem, programme: DatumOperation) -> Opened:
    return prepared(system, _crs(system.definition), programme)


def prepared(system: CustomSystem, crs: CRS, programme: DatumOperation) -> Opened:
    """A system whose definition was read as ``crs``. Raises SystemNotUnderstood.

    ``programme``: what leads from Pulkovo 1942 to WGS 84 where the system does not say it.
    """
    from pyproj.exceptions import ProjError

    own = crs.geodetic_crs
    if own is None or own.ellipsoid is None:
        raise SystemNotUnderstood("kind")
    if own.prime_meridian is not None and own.prime_meridian.longitude != 0:
        raise SystemNotUnderstood("meridian")
    operation = system.operation or _operation(own, programme)
    ellipsoid = f"+a={own.ellipsoid.semi_major_metre!r} +b={own.ellipsoid.semi_minor_metre!r}"
    try:
        project = transformer(own.to_wkt(), crs.to_wkt()) if crs.is_projected else None
        shift = None if operation is None else datum_shift(operation, ellipsoid)
    except (ProjError, ValueError) as broken:
        raise SystemNotUnderstood("no_operation", own.name) from broken
    return Opened(system, Way(project, shift), project is None, operation)


def _crs(definition: str) -> CRS:
    """What the definition defines: two axes, metres or degrees. Raises SystemNotUnderstood."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    text = definition.strip()
    if len(text) > LONGEST:
        raise SystemNotUnderstood("too_long", most=LONGEST)
    if not (_EPSG.fullmatch(text.upper()) or text.startswith("+proj=") or _WKT.match(text)):
        raise SystemNotUnderstood("form")
    if shift := _SHIFTS.search(text):
        raise SystemNotUnderstood("shift", shift.group())
    try:
        crs = CRS.from_user_input(text.upper() if _EPSG.fullmatch(text.upper()) else text)
    except CRSError as broken:
        raise SystemNotUnderstood("unreadable", detail=str(broken)[:200]) from None
    check_kind(crs)
    return crs


def check_kind(crs: CRS) -> None:
    """Raises SystemNotUnderstood for anything but two axes in metres or degrees."""
    if not (crs.is_projected or crs.is_geographic) or len(crs.axis_info) != 2 or crs.is_bound:
        raise SystemNotUnderstood("kind")
    for axis in crs.axis_info:
        if axis.unit_name not in _UNITS:
            raise SystemNotUnderstood("unit", axis.unit_name)


def _operation(own: CRS, programme: DatumOperation) -> DatumOperation | None:
    """What leads from a datum to WGS 84 if the administrator did not say it. PROJ is never left to choose."""
    if own.datum is not None and own.datum.name.startswith("World Geodetic System 1984"):
        return None
    if own.to_authority() == ("EPSG", "4284"):
        return programme
    raise SystemNotUnderstood("no_operation", own.datum.name if own.datum is not None else own.name)

