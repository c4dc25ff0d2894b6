"""One way in which a typed text can be read."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.geodesy.frame import DatumOperation
from fieldapp.geodesy.notes import Note


@dataclass(frozen=True)
class Reading:
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
