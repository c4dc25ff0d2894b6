"""The three norths: what a compass bearing and a grid bearing have to be turned by to run from true north.

Declination comes from the World Magnetic Model of the date (NOAA and BGS, in pygeomag, by the name of its file, so that
an upgrade changes no result), before 2010 from IGRF-14 (IAGA, ``data/igrf14.README.md``). Old records need the field
of their year: 4.65 degrees near Aghdam in 1993, 6.44 in 2026. East is positive. Iron nearby is worse than any model.
"""

from __future__ import annotations

import datetime as dt
import math
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fieldapp.errors import OperatorError
from fieldapp.geodesy.coordinates import Position
from fieldapp.texts import N_

_DATA = Path(__file__).parent / "data" / "igrf14.txt"
_WORLD_MODELS = (
    (2010.0, "WMM2010", "wmm/WMM_2010.COF"),
    (2015.0, "WMM2015v2", "wmm/WMM_2015v2.COF"),
    (2020.0, "WMM2020", "wmm/WMM_2020.COF"),
    (2025.0, "WMM2025", "wmm/WMM_2025.COF"),
)
"""First year, name and file; each serves five years. 2015v2 replaced 2015 in 2018, when the field had run away."""
FIRST_YEAR, LAST_YEAR = 1965.0, 2030.0
"""The years that the shipped models cover."""
_ONE_AT_A_TIME = threading.Lock()
"""pygeomag works in lists that the model keeps: two threads at once would both get a wrong angle."""
UNSTATED_DEG = 0.5
"""Taken as uncertainty where the model's package states none (before 2015)."""


@dataclass(frozen=True)
class Declination:
    """By how many degrees the compass points east of true north."""

    deg: float
    model: str
    uncertainty_deg: float
    """The model's own: 0.34 degrees near Aghdam, 0.6 m at the end of 100 m."""
    year: float
    """Decimal year it was computed for."""


class ModelExpired(OperatorError):
    """No shipped magnetic model covers the date. Facts: ``year``, ``first``, ``last``."""

    code = "magnetic_model_expired"
    what = N_("The magnetic model has expired: it covers {first} to {last}, and the date is in {year}.")
    kept = N_("What you typed is still there.")
    do = N_("Type the declination from a newer map or model.")


def decimal_year(day: dt.date) -> float:
    """The day as a decimal year: 2026-11-22 is 2026.89."""
    start = dt.date(day.year, 1, 1).toordinal()
    return day.year + (day.toordinal() - start) / (dt.date(day.year, 12, 31).toordinal() - start + 1)


def declination(at: Position, day: dt.date, altitude_m: float = 0.0) -> Declination:
    """The declination at a place on a day, by the model of its year. Raises ModelExpired."""
    return declination_in(at, decimal_year(day), altitude_m)


def declination_in(at: Position, year: float, altitude_m: float = 0.0) -> Declination:
    """The declination at a place in a decimal year. Raises ModelExpired for years no shipped model covers."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ModelExpired(first=round(FIRST_YEAR), last=round(LAST_YEAR) - 1, year=math.floor(year))
    name, model = _model(year)
    with _ONE_AT_A_TIME:
        found = model.calculate(glat=at.lat, glon=at.lon, alt=altitude_m / 1000, time=year)  # it takes kilometres
    stated = float(found.calculate_uncertainty().d) if year >= 2015 else UNSTATED_DEG
    return Declination(float(found.d), name, stated, year)


def _model(year: float) -> tuple[str, Any]:
    if year < _WORLD_MODELS[0][0]:
        return "IGRF-14", _reference_field(int(year // 5 * 5))
    _, name, file = [entry for entry in _WORLD_MODELS if entry[0] <= year][-1]
    return name, _world_model(file)


@lru_cache(maxsize=8)
def _world_model(file: str) -> Any:
    from pygeomag import GeoMag

    return GeoMag(coefficients_file=file)


@lru_cache(maxsize=8)
def _reference_field(epoch: int) -> Any:
    """IGRF between one epoch and the next, in the form pygeomag reads: values and their change in a year."""
    from pygeomag import GeoMag

    found: dict[tuple[int, int], list[tuple[float, float]]] = {}
    head, *lines = _DATA.read_text(encoding="ascii").splitlines()
    column = head.split().index(str(epoch))
    for line in lines:
        values = line.split()
        n, m, now, later = int(values[0]), int(values[1]), float(values[column]), float(values[column + 1])
        found.setdefault((n, abs(m)), []).append((now, (later - now) / 5))
    rows = [(n, m, *_pairs(pairs)) for (n, m), pairs in found.items()]
    return GeoMag(coefficients_data=((float(epoch), "IGRF-14", ""), rows))


def _pairs(pairs: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    """g, h and their change; there is no h where m is 0. The table has g before h."""
    (g, g_year), (h, h_year) = pairs if len(pairs) == 2 else (*pairs, (0.0, 0.0))
    return g, h, g_year, h_year


def convergence_deg(at: Position, crs: str) -> float:
    """How many degrees the grid north of a projected ``crs`` (an EPSG code) lies east of true north at a place.

    A bearing from grid north and this make the bearing from true north. The place is taken as it is in WGS 84; the
    shift of datum turns the grid by less than a thousandth of a degree.
    """
    return float(_projection(crs).get_factors(at.lon, at.lat).meridian_convergence)


@lru_cache(maxsize=16)
def _projection(crs: str) -> Any:
    from pyproj import Proj

    return Proj(crs)
