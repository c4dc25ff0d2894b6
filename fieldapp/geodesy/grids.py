"""The grids whose north a bearing may run from, named as positions in them are named."""

from __future__ import annotations

import re

from fieldapp.errors import OperatorError
from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.crs import utm_crs, utm_zone
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.texts import N_

GRIDS = ("utm", "sk42-gk", "sk42-gk3", "ck63")
"""Codes of the shipped grids; a programme's own systems and ``EPSG:number`` come beside them."""


class GridUnknown(OperatorError):
    """No grid of that name, or it does not reach there. Facts: ``grid``."""

    code = "grid_unknown"
    what = N_("“{grid}” is no grid that has a north at this place.")
    kept = N_("What you typed is still there.")
    do = N_("Choose UTM, Gauss-Krueger, CK-63 or a system of the programme.")


def grid_crs(system: str, at: Position, frame: Frame = FRAME) -> str:
    """The projected system (EPSG code, or the definition of a custom one) of a grid in its zone at a place.

    Empty is UTM. Raises GridUnknown.
    """
    custom = frame.system(system)
    if custom is not None:
        found: str | None = custom.definition
    elif re.fullmatch(r"EPSG:[0-9]{4,5}", system):
        found = system
    else:
        found = _zone(system or "utm", at)
    if found is None or not _is_projected(found):
        raise GridUnknown(grid=system)
    return found


def _zone(system: str, at: Position) -> str | None:
    """Zones by EPSG: Gauss-Krueger 28402 on, 3-degree 2523 to 2549 (zones 7 to 33), CK-63 A1 to A4 2935 to 2938."""
    if system == "utm":
        return utm_crs(utm_zone(at.lon), north=at.lat >= 0)
    if system == "sk42-gk":
        zone = int(at.lon // 6) + 1
        return f"EPSG:{28400 + zone}" if 2 <= zone <= 32 else None
    if system == "sk42-gk3":
        zone = round(at.lon / 3)
        return f"EPSG:{2516 + zone}" if 7 <= zone <= 33 else None
    if system == "ck63":
        zone = round((at.lon - 41 - 32 / 60) / 3)
        return f"EPSG:{2935 + zone}" if 0 <= zone <= 3 else None
    return None


def _is_projected(definition: str) -> bool:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return bool(CRS.from_user_input(definition).is_projected)
    except CRSError:
        return False
