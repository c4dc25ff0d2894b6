"""Where a programme works and how its Soviet coordinates become WGS 84: what every reading of a position stands on.

Choosing an operation matters 2 to 5 m; using none is a mistake of 100 m. So the operation is pinned, stored with
every point that went through it, and never left to PROJ to choose.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fieldapp.geodesy.districts import WORK_AREA, WorkArea

FORMER_USSR = WorkArea(south=35.14, west=19.57, north=81.91, east=180.0)
"""The area of EPSG:15865, without the few degrees beyond 180."""


@dataclass(frozen=True)
class DatumOperation:
    """A pinned way from Pulkovo 1942 (or another datum) to WGS 84.

    ``code`` is stored with each point (``EPSG:15865``, or ``own ...`` with all seven numbers); ``accuracy_m`` what its
    source states. ``parameters`` are None for an operation of the EPSG registry, else metres (dx, dy, dz),
    arc seconds (rx, ry, rz, in the *coordinate frame* convention) and parts per million (ds).
    """

    code: str
    accuracy_m: float
    name: str
    parameters: tuple[float, ...] | None = None
    area: WorkArea | None = None
    """Where its source says that it holds; None: not stated."""

    def __hash__(self) -> int:
        return hash(self.code)  # transformers are cached by it, at every reading

    def holds(self, lat: float, lon: float) -> bool:
        """Whether its source says that it holds at a WGS 84 position; where it says nothing, in the former USSR."""
        return (self.area or FORMER_USSR).holds(lat, lon)


EPSG_15865 = DatumOperation("EPSG:15865", 4.5, "Pulkovo 1942 to WGS 84 (16)", None, FORMER_USSR)
EPSG_1808 = DatumOperation(
    "EPSG:1808", 5.0, "Pulkovo 1942 to WGS 84 (14)", None, WorkArea(south=37.89, west=39.99, north=43.59, east=51.73)
)
OPERATIONS = {operation.code: operation for operation in (EPSG_15865, EPSG_1808)}
"""The operations of the EPSG registry that a programme may choose, the default first (areas and accuracies: EPSG)."""

_MOST = (3000.0,) * 3 + (60.0,) * 3 + (200.0,)
"""Larger shifts (m), rotations (arc seconds) and scales (ppm) are typing mistakes: Molodensky's are below these."""


def own_operation(
    parameters: tuple[float, ...], accuracy_m: float, *, position_vector: bool = False, name: str = ""
) -> DatumOperation:
    """An operation of a programme's own seven parameters: dx dy dz (m), rx ry rz (arc seconds), ds (ppm).

    The two conventions have opposite rotation signs: GOST and EPSG:15865 are coordinate frame, ``+towgs84`` and
    EPSG:1808 position vector (``position_vector=True``; kept as coordinate frame). Raises ValueError for anything but
    seven finite numbers of possible size with a stated accuracy above zero.
    """
    if len(parameters) != 7 or not all(abs(one) <= most for one, most in zip(parameters, _MOST, strict=True)):
        raise ValueError(f"no seven parameters: {parameters}")
    if not 0 < accuracy_m <= 1000 or not math.isfinite(accuracy_m):
        raise ValueError(f"no accuracy: {accuracy_m}")
    sign = -1.0 if position_vector else 1.0
    dx, dy, dz, rx, ry, rz, ds = parameters
    kept = (dx, dy, dz, sign * rx + 0.0, sign * ry + 0.0, sign * rz + 0.0, ds)
    code = f"own {' '.join(f'{one:.10g}' for one in kept)} coordinate frame"
    return DatumOperation(code, accuracy_m, name or code, kept)


@dataclass(frozen=True)
class CustomSystem:
    """A coordinate system that an administrator defined. ``code`` is short and plain (``local1``), ``name`` shown.

    ``definition`` is a PROJ string, WKT or EPSG code and untrusted (see ``custom.checked``). ``operation`` leads from
    its datum to WGS 84; None: it is on WGS 84, or on Pulkovo 1942 by name (then the frame's operation is taken).
    ``area`` is where it may be used, None: wherever work is.
    """

    code: str
    name: str
    definition: str
    operation: DatumOperation | None = None
    area: WorkArea | None = None


@dataclass(frozen=True)
class Frame:
    """What positions are read in: the work area, the operation for Pulkovo 1942, the systems of the programme."""

    work_area: WorkArea = WORK_AREA
    operation: DatumOperation = EPSG_15865
    systems: tuple[CustomSystem, ...] = ()

    def system(self, code: str) -> CustomSystem | None:
        """The custom system of that code, if there is one."""
        return next((one for one in self.systems if one.code == code), None)


FRAME = Frame()
"""The shipped outlines of Azerbaijan and EPSG:15865: what holds until a programme names its own."""
