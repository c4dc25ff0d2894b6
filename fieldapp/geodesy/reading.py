"""One way in which a typed text can be read."""

from __future__ import annotations

from typing import NamedTuple

from fieldapp.geodesy.frame import DatumOperation
from fieldapp.geodesy.notes import Note


class Reading(NamedTuple):
    """A place in WGS 84 degrees that a text may mean.

    ``format`` is the system with its style, ``crs`` what is stored, ``uncertainty_m`` what the digits typed tell,
    ``operation`` what led to WGS 84.
    """

    lat: float
    lon: float
    format: str
    crs: str
    uncertainty_m: float
    operation: DatumOperation | None = None
    notes: tuple[Note, ...] = ()
