"""The grids whose north a bearing may run from, named as positions in them are named."""

from __future__ import annotations

import re

from fieldapp.errors import OperatorError
from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.crs import utm_crs, utm_zone
from fieldapp.geodesy.custom import opened
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.geodesy.systems import ZONES
from fieldapp.texts import N_

GRIDS = ("utm", *ZONES)
"""Codes of the shipped grids; a programme's own systems and ``EPSG:number`` come beside them."""


class GridUnknown(OperatorError):
    """No grid of that name, or it does not reach there. Facts: ``grid``."""

    code = "grid_unknown"
    what = N_("“{grid}” is no grid that has a north at this place.")
    kept = N_("What you typed is still there.")
    do = N_("Choose UTM, Gauss-Krueger, CK-63 or a system of the programme.")


def grid_crs(system: str, at: Position, frame: Frame = FRAME, typed_crs: str = "") -> str:
    """The projected system (EPSG code, or the definition of a custom one) of a grid in its zone at a place.

    Empty is UTM. ``typed_crs`` is what the place was typed in: near a zone's edge the sheet it was read from decides,
    not the longitude. Raises GridUnknown, and SystemNotUnderstood for a custom system that cannot be used.
    """
    custom = frame.system(system)
    if custom is not None:
        found = None if opened(custom, frame).geographic else custom.definition
    elif re.fullmatch(r"EPSG:[0-9]{4,5}", system):
        found = system if _is_projected(system) else None
    elif system in ("", "utm"):
        found = typed_crs if re.fullmatch(r"EPSG:32[67][0-9]{2}", typed_crs) else _utm(at)
    else:
        found = _zone(system, at, typed_crs)
    if found is None:
        raise GridUnknown(grid=system)
    return found


def _utm(at: Position) -> str:
    return utm_crs(utm_zone(at.lon), north=at.lat >= 0)


def _zone(system: str, at: Position, typed_crs: str) -> str | None:
    grid = ZONES.get(system)
    if grid is None:
        return None
    if typed_crs in {grid.crs(zone) for zone in range(grid.least, grid.most + 1)}:
        return typed_crs
    zone = grid.zone(at.lon)
    return None if zone is None else grid.crs(zone)


def _is_projected(code: str) -> bool:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return bool(CRS.from_user_input(code).is_projected)
    except CRSError:
        return False
