"""Files of areas that other programs wrote: measured before they are read, read whole or not at all."""

from __future__ import annotations

from pathlib import Path

from fieldapp.exchange import areas
from fieldapp.exchange.areas import Area
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.operations.task_errors import AreasNotRead
from fieldapp.texts import N_


def read_areas(file: Path, frame: Frame = FRAME) -> list[Area]:
    """The areas of a GeoJSON or CSV file. GeoPackage, KML and shapefile are not read yet. Raises AreasNotRead."""
    try:
        return areas.read(file.name, bytes_of(file), frame)
    except areas.Unreadable as unreadable:
        raise AreasNotRead(str(file), unreadable.message, **unreadable.facts) from unreadable


def bytes_of(file: Path) -> bytes:
    """The bytes of a file that is not too large. Raises AreasNotRead."""
    try:
        if file.stat().st_size > areas.MOST_BYTES:
            raise AreasNotRead(str(file), N_("it is larger than {size} MB."), size=areas.MOST_BYTES // 1_000_000)
        return file.read_bytes()
    except OSError as error:
        raise AreasNotRead(str(file), N_("{reason}."), reason=error.strerror or str(error)) from error
