"""Records to flat files that other programs read."""

from __future__ import annotations

import os
from pathlib import Path

from fieldapp.domain.registry import KINDS
from fieldapp.exchange import flat
from fieldapp.operations import lookup
from fieldapp.operations.errors import FileNotWritten
from fieldapp.operations.workspace import Workspace


def export(ws: Workspace, kind: str, form: str, file: Path) -> int:
    """Write all records of a kind that are not retracted as ``csv`` or ``geojson``; returns how many."""
    rows, declared = lookup.rows(ws, kind, retracted=False, order="oldest"), KINDS[kind]
    if form == "csv":
        write(file, flat.records_csv(declared, rows, ws.language, lists=ws.lists))
    else:
        write(file, flat.records_geojson(declared, rows).encode())
    return len(rows)


def write(file: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises FileNotWritten."""
    part = file.with_name(file.name + ".part")
    try:
        with part.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise FileNotWritten(file=str(file), reason=error.strerror or str(error)) from error
