"""Where a picture of the ground lies: from the coordinate system that its file names to WGS 84, many points at once.

Only the projection is taken from the file, as with systems that an administrator defines: a shift to WGS 84 that stands
in the file is of unknown origin and left aside. Pulkovo 1942 goes by the operation in force; any other datum is refused
unless headquarters defined the system with its operation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from fieldapp.geodesy import custom
from fieldapp.geodesy.crs import Way
from fieldapp.geodesy.errors import SystemNotUnderstood
from fieldapp.geodesy.frame import CustomSystem, Frame

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray
    from pyproj import CRS

    Numbers: TypeAlias = NDArray[float64]

LONGEST_WKT = 50_000
"""Characters of the longest description: a compound system in all its words takes some 8,000."""


@dataclass(frozen=True)
class RasterSystem:
    """A system that pictures lie in: its name, the way to WGS 84, and the code of the datum operation ("" for none)."""

    name: str
    way: Way
    operation: str

    def to_wgs84(self, easts: Numbers, norths: Numbers) -> tuple[Numbers, Numbers]:
        """Latitudes and longitudes of points in the system, infinite where it does not reach."""
        way: Any = self.way  # its transformers take arrays as they take numbers
        lats, lons = way.to_wgs84(easts, norths)
        return lats, lons

    def from_wgs84(self, lats: Numbers, lons: Numbers) -> tuple[Numbers, Numbers]:
        """Eastings and northings (degrees: longitudes and latitudes) of points, infinite where it does not reach."""
        way: Any = self.way
        easts, norths = way.from_wgs84(lats, lons)
        return easts, norths

    def holds(self, east: float, north: float) -> bool:
        """Whether the system leads from here to a place on earth and back."""
        return custom.round_trips(self.way, east, north)


def raster_system(wkt: str, frame: Frame) -> RasterSystem:
    """The system of a picture from its description as well-known text. Raises SystemNotUnderstood, never guesses."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if len(wkt) > LONGEST_WKT:
        raise SystemNotUnderstood("too_long", most=LONGEST_WKT)
    try:
        crs = _bare(CRS.from_wkt(wkt))
    except CRSError as broken:
        raise SystemNotUnderstood("unreadable", detail=str(broken)[:200]) from None
    custom.check_kind(crs)
    system = _defined(crs, frame) or CustomSystem("raster", crs.name, wkt)
    opened = custom.prepared(system, crs, frame.operation)
    return RasterSystem(crs.name, opened.way, "" if opened.operation is None else opened.operation.code)


def _bare(crs: CRS) -> CRS:
    """The horizontal system alone, without heights and without a shift that came with it."""
    for _ in range(4):
        if crs.is_bound and crs.source_crs is not None:
            crs = crs.source_crs
        elif crs.is_compound and crs.sub_crs_list:
            crs = crs.sub_crs_list[0]
        else:
            break
    return crs.to_2d() if len(crs.axis_info) == 3 else crs


def _defined(crs: CRS, frame: Frame) -> CustomSystem | None:
    """The system of the programme that is the same, and brings an operation of its own."""
    from pyproj import CRS

    for system in frame.systems:
        try:
            custom.opened(system, frame)
        except SystemNotUnderstood:
            continue
        if system.operation is not None and CRS.from_user_input(system.definition).equals(crs, ignore_axis_order=True):
            return system
    return None
