"""What a printed map says of where it comes from, and how its sheet was set up the last time."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from fieldapp.operations import base_maps, flat_files, lookup
from fieldapp.operations.base_maps import BaseMap, TilesNotRead, TileSource
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import LANGUAGES, N_, Texts

_META = "map_sheet"
_DRAWN = ("find", "disposal", "plot", "hazardous_area", "task", "accident", "quality_visit", "decision", "sign_off")
"""Kinds that change what a map shows."""
CLASSIFICATION = N_("For mine action staff only")
"""Stands at the top and the bottom of a sheet until somebody writes another line."""
_LONGEST = 120


@dataclass(frozen=True)
class SheetSetup:
    """How a sheet is set up; codes as the dialog offers them. ``classification`` may be empty: then none is printed."""

    classification: str = ""
    paper: str = "a4"
    landscape: bool = True
    grid: str = ""
    """A format of positions; empty: the one this computer shows, ``none``: no grid."""
    dpi: int = 200


@dataclass(frozen=True)
class SheetFacts:
    """What is said on the sheet beside the map."""

    person: str
    team: str
    deployment: str
    newest: str
    """When the newest record was entered (a stamp in UTC), by the clock of the laptop it was entered on; or empty."""
    setup: SheetSetup


def facts(ws: Workspace, texts: Texts) -> SheetFacts:
    """Everything a sheet needs to know of the workspace."""
    found = (str(row["at"] or "") for kind in _DRAWN for row in lookup.rows(ws, kind, limit=1))
    deployment = ws.deployment
    team = "" if ws.role == "hq" else ws.team
    return SheetFacts(ws.person, team, deployment.name if deployment else "", max(found, default=""),
                      _kept(ws, SheetSetup(texts(CLASSIFICATION))))  # fmt: skip


def keep(ws: Workspace, setup: SheetSetup) -> None:
    """Set the next sheet up like this one."""
    line = " ".join(setup.classification.split())[:_LONGEST]
    kept = asdict(replace(setup, classification=line))
    if line in {Texts(language)(CLASSIFICATION) for language in LANGUAGES}:  # it follows the language
        del kept["classification"]
    ws.set_meta(_META, json.dumps(kept, sort_keys=True))


def _kept(ws: Workspace, usual: SheetSetup) -> SheetSetup:
    """What was kept, as far as this version knows it."""
    try:
        read = json.loads(ws.meta(_META) or "{}")
    except ValueError:
        return usual
    if not isinstance(read, dict):
        return usual
    known = {one.name: type(getattr(usual, one.name)) for one in fields(usual)}
    return replace(usual, **{name: value for name, value in read.items() if type(value) is known.get(name)})


def open_base_maps(ws: Workspace, keys: set[str]) -> list[tuple[BaseMap, TileSource | TilesNotRead]]:
    """The base maps of these keys for a sheet of their own, the lowest first. Whoever asks closes the sources."""
    return base_maps.open_shown(ws, leave_out={one.key for one in base_maps.listed(ws)} - keys)


def free_name(file: Path) -> Path:
    """The file itself, or where one of that name exists the first free number behind it: ``map-2.pdf``."""
    number, free = 1, file
    while free.exists():
        number += 1
        free = file.with_name(f"{file.stem}-{number}{file.suffix}")
    return free


def write(file: Path, data: bytes) -> Path:
    """Write a sheet whole or not at all, never over another file; returns where. Raises FileNotWritten."""
    free = free_name(file)
    flat_files.write(free, data)
    return free
