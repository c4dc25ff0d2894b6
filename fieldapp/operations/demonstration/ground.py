"""Where the demonstration's plots lie: outlines of 20 to 60 ha beside each other, whose geodesic areas add up.

Corners are laid out in UTM 38N metres and become what people type: UTM to the metre, or decimal degrees to the sixth
place. The last plot of each district is as long as it must be for the district's square metres to come out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from fieldapp.geodesy import area, coordinates
from fieldapp.geodesy.crs import from_utm, to_utm
from fieldapp.operations.demonstration.dice import Dice
from fieldapp.operations.demonstration.programme import FIRST, District

_ZONE = "EPSG:32638"
_CELL_M = 1250
"""Each plot has a square of its own, so that no two overlap however they are turned."""
_LARGEST_M2, _SMALLEST_M2 = 550_000, 230_000
_METHODS = ("manual", "sub_surface", "sub_surface", "combined", "animal_dog", "visual_surface", "animal_rat")

Metres = tuple[float, float]
"""Easting and northing, WGS 84 / UTM 38N."""


@dataclass(frozen=True)
class PlannedPlot:
    """One plot as its team will type it."""

    team: int
    place: str
    day: date
    points: tuple[str, ...]
    centre: Metres
    release: str = "cleared"
    method: str = "manual"
    depth_cm: int = 20
    remarks: str = ""
    approve: bool = True


def plots_of(district: District) -> list[PlannedPlot]:
    """The cleared plots of the week in a district; together its square metres to within 50 m2."""
    dice = Dice(f"plots {district.place}")
    left = district.cleared_ha * 10_000
    plots: list[PlannedPlot] = []
    last = False
    while not last:
        cell = len(plots)
        centre = _cell_centre(district, cell)
        last = left <= _LARGEST_M2
        if last:
            points = _fitted(centre, left)
        elif left > _LARGEST_M2 + _SMALLEST_M2:
            wanted = dice.between(_SMALLEST_M2, _LARGEST_M2)
            points = _typed(_turned(dice, wanted, centre), degrees=dice.one_in(2))
        else:
            points = _typed(_turned(dice, float(left) / 2, centre), degrees=True)
        left -= measured_m2(points)
        plots.append(PlannedPlot(
            district.teams[cell % len(district.teams)], district.place, FIRST + timedelta(days=dice.below(6)), points,
            centre, method=dice.of(_METHODS), depth_cm=dice.of((20, 20, 30, 50)),
        ))
    return plots


def rectangle(district: District, cell: int, wide_m: int, high_m: int) -> tuple[tuple[str, ...], Metres]:
    """The typed corners of a rectangle in one of a district's cells, and its centre."""
    centre = _cell_centre(district, cell)
    return _typed(_corners(centre, wide_m, high_m), degrees=False), centre


def position(centre: Metres, east_m: float, north_m: float, *, degrees: bool = True) -> str:
    """A place beside ``centre`` as somebody types it."""
    return _text((centre[0] + east_m, centre[1] + north_m), degrees=degrees)


def measured_m2(points: tuple[str, ...]) -> Decimal:
    """The geodesic area of typed corners, as saving the plot computes it."""
    return area.outline_area_m2([[[_vertex(text) for text in points]]])


def _vertex(text: str) -> dict[str, str]:
    read = coordinates.parse(text)
    return {"lat": f"{read.lat:.9f}", "lon": f"{read.lon:.9f}"}


def _cell_centre(district: District, cell: int) -> Metres:
    row, column = divmod(cell, district.columns)
    east, north = to_utm(*district.corner, _ZONE)
    return round(east + (column + 0.5) * _CELL_M), round(north + (row + 0.5) * _CELL_M)


def _turned(dice: Dice, wanted_m2: float, centre: Metres) -> list[Metres]:
    """A rectangle turned by up to 25 degrees; one in three has a corner cut off, as a track or ditch does."""
    wide = math.sqrt(wanted_m2 * dice.between(80, 150) / 100)
    corners = _corners(centre, wide, wanted_m2 / wide)
    if dice.one_in(3):
        (west, south), (east, _), (_, north), _ = corners
        corners = [(west, south), (east, south), (east, north - wide / 4), (east - wide / 5, north), (west, north)]
    angle = math.radians(dice.between(-25, 25))
    return [_turn(corner, centre, angle) for corner in corners]


def _turn(point: Metres, centre: Metres, angle: float) -> Metres:
    east, north = point[0] - centre[0], point[1] - centre[1]
    return (
        centre[0] + east * math.cos(angle) - north * math.sin(angle),
        centre[1] + east * math.sin(angle) + north * math.cos(angle),
    )


def _corners(centre: Metres, wide_m: float, high_m: float) -> list[Metres]:
    west, south = centre[0] - wide_m / 2, centre[1] - high_m / 2
    return [(west, south), (west + wide_m, south), (west + wide_m, south + high_m), (west, south + high_m)]


def _fitted(centre: Metres, wanted_m2: Decimal) -> tuple[str, ...]:
    """A rectangle whose typed corners measure ``wanted_m2`` as nearly as the sixth decimal allows (some 30 m2)."""
    wide = high = math.sqrt(float(wanted_m2))
    points = _typed(_corners(centre, wide, high), degrees=True)
    for _ in range(4):
        high *= float(wanted_m2 / measured_m2(points))
        points = _typed(_corners(centre, wide, high), degrees=True)
    return points


def _typed(corners: list[Metres], *, degrees: bool) -> tuple[str, ...]:
    return tuple(_text(corner, degrees=degrees) for corner in corners)


def _text(point: Metres, *, degrees: bool) -> str:
    if not degrees:
        return f"38N {point[0]:.0f} {point[1]:.0f}"
    lat, lon = from_utm(*point, _ZONE)
    return f"{lat:.6f} {lon:.6f}"
