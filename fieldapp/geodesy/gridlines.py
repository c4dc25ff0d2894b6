"""The lines of a grid over a piece of ground, with the numbers that stand at a sheet's margin.

Degrees are drawn as their own format writes them; UTM, Gauss-Krueger, CK-63 and a programme's own systems as the square
grid of the zone in which the middle lies. A line is where the system says it is, through the pinned operation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fieldapp.geodesy.coordinates import Format, Position
from fieldapp.geodesy.crs import SK42, Way, sk42_way
from fieldapp.geodesy.custom import opened
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.geodesy.grids import grid_crs, grid_way
from fieldapp.geodesy.systems import SK42_DEGREES, WGS84_DEGREES, ZONES

_METRES_PER_DEGREE = 111_320.0
_MINUTE, _SECOND = 60, 3600
_DECIMAL = tuple(step * 10.0**power for power in range(-5, 2) for step in (1, 2, 5))
_SEXAGESIMAL = (
    *(step / 10 / _SECOND for step in (1, 2, 5)), *(step / _SECOND for step in (1, 2, 5, 10, 15, 30)),
    *(step / _MINUTE for step in (1, 2, 5, 10, 15, 30)), 1.0, 2.0, 5.0, 10.0, 20.0, 30.0,
)  # fmt: skip
_MINUTES = (
    *(step * 10.0**power / _MINUTE for power in (-3, -2, -1) for step in (1, 2, 5)),
    *(step / _MINUTE for step in (1, 2, 5, 10, 15, 30)), 1.0, 2.0, 5.0, 10.0, 20.0, 30.0,
)  # fmt: skip
_STEPS_DEG = {"dd": _DECIMAL, "dm": _MINUTES, "dms": _SEXAGESIMAL}
_STEPS_M = tuple(step * 10.0**power for power in range(7) for step in (1, 2, 5))
_PIECES = 16
"""Straight pieces that a line is drawn of: over a sheet it bends less than one of them shows."""
_MOST_LINES = 200
"""In one direction; more are no grid but a mistake."""


@dataclass(frozen=True)
class GridLine:
    """One line: its value in the system (metres or degrees), what stands at the margin, its points in WGS 84 degrees.

    ``across`` lines run from west to east: they have one northing or latitude.
    """

    value: float
    label: str
    across: bool
    lats: tuple[float, ...]
    lons: tuple[float, ...]


@dataclass(frozen=True)
class SheetGrid:
    """A grid over a piece of ground. ``crs`` is the projected system, empty for degrees; ``step`` in its units."""

    format: Format
    crs: str
    step: float
    lines: tuple[GridLine, ...]


def sheet_grid(
    how: Format, south: float, west: float, north: float, east: float, apart_m: float, frame: Frame = FRAME
) -> SheetGrid:
    """The grid of a format over a box of WGS 84 degrees, its lines at least ``apart_m`` metres from each other.

    MGRS has the lines of UTM. Raises ValueError where the format has no coordinates all over the box, GridUnknown for
    a grid that does not reach there, SystemNotUnderstood for a custom system that cannot be used.
    """
    lat, lon = (south + north) / 2, (west + east) / 2
    style = _style(how, frame)
    if style:
        crs, way = "", _degrees_way(how, frame)
        squeezed = math.cos(math.radians(max(abs(south), abs(north))))
        steps = _STEPS_DEG[style]
        apart = apart_m / (_METRES_PER_DEGREE * max(squeezed, 0.05))
    else:
        crs = grid_crs("utm" if how in ("utm", "mgrs") else how, Position(lat, lon), frame)
        way, steps, apart = grid_way(crs, frame), _STEPS_M, apart_m
    step = next((one for one in steps if one >= apart), steps[-1])
    es, ns = _extent(way, south, west, north, east)
    lines = []
    for across, (least, most), span in ((False, es, ns), (True, ns, es)):
        first, last = math.ceil(least / step - 1e-9), math.floor(most / step + 1e-9)
        if last - first > _MOST_LINES:
            raise ValueError(f"too many lines: {how}")
        for count in range(first, last + 1):
            lats, lons = _points(way, count * step, span, across=across)
            label = _degree_label(count * step, step, style, across=across) if style else _metre_label(
                count * step, how, across=across)  # fmt: skip
            lines.append(GridLine(count * step, label, across, lats, lons))
    return SheetGrid(how, crs, step, tuple(lines))


def _style(how: Format, frame: Frame) -> str:
    """How degrees are written; empty for a grid of metres."""
    if how in WGS84_DEGREES:
        return how
    if how in SK42_DEGREES:
        return WGS84_DEGREES[SK42_DEGREES.index(how)]
    own = frame.system(how)
    return "dd" if own is not None and opened(own, frame).geographic else ""


def _degrees_way(how: Format, frame: Frame) -> Way:
    if how in WGS84_DEGREES:
        return Way(None, None)
    own = frame.system(how)
    return sk42_way(SK42, frame.operation) if own is None else opened(own, frame).way


def _extent(
    way: Way, south: float, west: float, north: float, east: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Least and greatest easting and northing along the box's edge."""
    shares = [piece / _PIECES for piece in range(_PIECES + 1)]
    edge = [(lat, west + (east - west) * share) for share in shares for lat in (south, north)]
    edge += [(south + (north - south) * share, lon) for share in shares for lon in (west, east)]
    found = [way.from_wgs84(lat, lon) for lat, lon in edge]
    if not all(math.isfinite(number) for pair in found for number in pair):
        raise ValueError("no coordinates there")
    es, ns = zip(*found, strict=True)
    return (min(es), max(es)), (min(ns), max(ns))


def _points(
    way: Way, value: float, span: tuple[float, float], *, across: bool
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    places = [span[0] + (span[1] - span[0]) * piece / _PIECES for piece in range(_PIECES + 1)]
    found = [way.to_wgs84(*((one, value) if across else (value, one))) for one in places]
    lats, lons = zip(*found, strict=True)
    return lats, lons


def _metre_label(value: float, how: Format, *, across: bool) -> str:
    """As the format prints positions: 662000 E, on Soviet maps Y 8662000 for the easting."""
    if how in ZONES:
        return f"{'X' if across else 'Y'} {value:.0f}"
    return f"{value:.0f} {'N' if across else 'E'}"


def _degree_label(value: float, step: float, style: str, *, across: bool) -> str:
    letter = ("N" if value >= 0 else "S") if across else ("E" if value >= 0 else "W")
    size = abs(value)
    if style == "dd":
        return f"{size:.{_places(step)}f}° {letter}"
    if style == "dm":
        places = _places(step * _MINUTE)
        units = round(size * _MINUTE * 10**places)
        degrees, rest = divmod(units, _MINUTE * 10**places)
        minutes = f"{rest / 10**places:0{3 + places if places else 2}.{places}f}"
        return f"{degrees}°{minutes}' {letter}"
    places = _places(step * _SECOND)
    units = round(size * _SECOND * 10**places)
    minutes_all, rest = divmod(units, _MINUTE * 10**places)
    degrees, whole = divmod(minutes_all, _MINUTE)
    if step * _MINUTE >= 1 - 1e-9:
        return f"{degrees}°{whole:02d}' {letter}"
    seconds = f"{rest / 10**places:0{3 + places if places else 2}.{places}f}"
    return f"{degrees}°{whole:02d}'{seconds}\" {letter}"


def _places(step: float) -> int:
    """Decimals that tell the lines apart."""
    return max(0, -math.floor(math.log10(step) + 1e-9))
