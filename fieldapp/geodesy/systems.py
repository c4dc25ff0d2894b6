"""The coordinate systems that are known without asking anybody: their names, zones and CRS codes.

Zones of the Soviet grids are the first digits of the easting, which everybody leaves out one day: PROJ answers such a
number without complaint, 25 degrees away. So every rule a number must keep to be an easting stands here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fieldapp.geodesy.errors import SystemName
from fieldapp.geodesy.frame import Frame
from fieldapp.texts import N_

WGS84_DEGREES = ("dd", "dm", "dms")
SK42_DEGREES = ("sk42", "sk42-dm", "sk42-dms")
FORMATS = (*WGS84_DEGREES, "utm", "mgrs", *SK42_DEGREES, "sk42-gk", "sk42-gk3", "ck63")
"""Formats a position is read in and printed in; as a system, those of one line of degrees mean the same."""

_NAMES = {
    "dd": N_("WGS 84, decimal degrees"),
    "dm": N_("WGS 84, degrees and minutes"),
    "dms": N_("WGS 84, degrees, minutes and seconds"),
    "utm": N_("UTM"),
    "mgrs": N_("MGRS"),
    "sk42": N_("SK-42, decimal degrees"),
    "sk42-dm": N_("SK-42, degrees and minutes"),
    "sk42-dms": N_("SK-42, degrees, minutes and seconds"),
    "sk42-gk": N_("SK-42, Gauss-Krueger, 6-degree zones"),
    "sk42-gk3": N_("SK-42, Gauss-Krueger, 3-degree zones"),
    "ck63": N_("CK-63"),
}


def system_name(system: str, frame: Frame) -> SystemName:
    """What a format, or a custom system by its code, is called: a message of the catalogue, or the name it was given.

    Raises KeyError for one that is not known.
    """
    custom = frame.system(system)
    return SystemName(_NAMES[system] if custom is None else custom.name)


@dataclass(frozen=True)
class Zones:
    """A Soviet grid whose eastings begin with their zone.

    ``first_code`` is the EPSG code that a zone 0 would have; zones ``least`` to ``most``, ``width_deg`` wide, zone 0
    around ``meridian_deg``. ``middle_m`` is what follows the zone in an easting on the central meridian, ``reach_m``
    how far eastings go to either side, a little beyond the zone's edge at 35 N; ``norths_m`` are its northings.
    """

    system: str
    first_code: int
    least: int
    most: int
    width_deg: float
    meridian_deg: float
    middle_m: int
    reach_m: int
    norths_m: tuple[float, float] = (0.0, 10_000_000.0)

    def zone(self, sk42_lon: float) -> int | None:
        """The zone of a longitude (SK-42 degrees), None beyond the first and last."""
        zone = math.floor((sk42_lon - self.meridian_deg) / self.width_deg + 0.5)
        return zone if self.has(zone) else None

    def crs(self, zone: int) -> str:
        """The EPSG code of a zone."""
        return f"EPSG:{self.first_code + zone}"

    def has(self, zone: int) -> bool:
        """Whether there is such a zone."""
        return self.least <= zone <= self.most

    def reaches(self, rest: int) -> bool:
        """Whether the six digits after a zone can be an easting."""
        return abs(rest - self.middle_m) <= self.reach_m

    def goes_to(self, northing_m: float) -> bool:
        """Whether the grid has such a northing."""
        return self.norths_m[0] <= northing_m <= self.norths_m[1]


ZONES = {
    grid.system: grid
    for grid in (
        Zones("sk42-gk", 28400, 4, 32, 6.0, -3.0, 500_000, 280_000),
        Zones("sk42-gk3", 2516, 7, 33, 3.0, 0.0, 500_000, 145_000),
        Zones("ck63", 2934, 1, 4, 3.0, 38 + 32 / 60, 300_000, 145_000, (3_900_000.0, 5_100_000.0)),
    )
}
"""EPSG:28404-28432, EPSG:2523-2549 (zones beyond 33 are numbered otherwise) and EPSG:2935-2938 (zones A1-A4, of
the Caucasus: 35 to 46 N), all on Pulkovo 1942."""
