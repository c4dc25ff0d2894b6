"""The base maps of this workspace: files of tiles that lie under everything else, in their order.

The list is this computer's own, beside the log: it names files, which may lie on a stick. Files that cannot be read
stay listed and say why. What a map package brought, and what was made of a GeoTIFF, lies in the workspace's own folder
``maps``.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from fieldapp.errors import OperatorError
from fieldapp.exchange import tiles
from fieldapp.exchange.tile_errors import ROWS, SeveralTileLayers, TileRowsConflict, TilesNotRead, TileUnreadable
from fieldapp.exchange.tile_images import TileImage
from fieldapp.exchange.tiles import About, Level, TileSource
from fieldapp.geodesy.frame import Frame
from fieldapp.operations import geotiff_maps, positions
from fieldapp.operations.geotiff_maps import FOLDER, TurnedMap
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_

__all__ = [
    "FOLDER", "About", "BaseMap", "BaseMapListed", "BaseMapMissing", "BaseMapState", "Level", "SeveralTileLayers",
    "TileImage", "TileRowsConflict", "TileSource", "TileUnreadable", "TilesNotRead", "ToTurn", "add", "add_turned",
    "change", "find", "listed", "look", "open_map", "open_shown", "remove", "states", "to_turn",
]  # fmt: skip

MOST_MAPS = 20
LEAST_OPACITY = 0.05
_KEPT = "base_maps"
_PERCENT = "opacity_percent"


class BaseMapMissing(OperatorError):
    """No base map of this number or name is listed."""

    code = "base_map_missing"
    what = N_("There is no base map {name}.")
    do = N_("Look at the list of base maps.")


class BaseMapListed(OperatorError):
    """The file is listed already, or there is no room for more."""

    code = "base_map_listed"
    what = N_("{file} is listed already, or there are {count} base maps.")
    do = N_("Remove one that is not needed.")


@dataclass(frozen=True)
class BaseMap:
    """One file on the list. ``file`` is absolute, or relative to the workspace where it lies in there.

    ``opacity`` is 0.05 to 1; ``rows`` is ``north`` or ``south`` where somebody said so against the file's format;
    ``layer`` names one of several in a GeoPackage; ``credit`` is printed on the map while it is drawn. ``made_from``:
    the GeoTIFF it was made of, ``system`` that one's coordinate system, ``operation`` the datum operation used.
    """

    file: str
    title: str
    credit: str
    opacity: float = 1.0
    shown: bool = True
    rows: str = ""
    layer: str = ""
    made_from: str = ""
    system: str = ""
    operation: str = ""

    @property
    def key(self) -> str:
        """What names it for good, whatever its place."""
        return hashlib.sha256(f"{self.file}\n{self.layer}".encode("utf-8", "surrogateescape")).hexdigest()[:12]

    def path(self, ws: Workspace) -> Path:
        """Where the file lies."""
        return ws.folder / self.file


@dataclass(frozen=True)
class BaseMapState:
    """A base map with what its file says, or why it cannot be read now."""

    base_map: BaseMap
    about: About | None
    error: TilesNotRead | None


def listed(ws: Workspace) -> list[BaseMap]:
    """The base maps, the lowest first."""
    return [
        BaseMap(**{name: value for name, value in one.items() if name != _PERCENT}, opacity=one[_PERCENT] / 100)
        for one in ws.get_json(_KEPT, [])
    ]


def states(ws: Workspace) -> list[BaseMapState]:
    """Every base map, the lowest first, with what was found when its file was opened just now."""
    found = []
    for one in listed(ws):
        try:
            with contextlib.closing(open_map(ws, one)) as source:
                found.append(BaseMapState(one, source.about, None))
        except TilesNotRead as error:
            found.append(BaseMapState(one, None, error))
    return found


def open_shown(
    ws: Workspace, *, leave_out: Collection[str] = ()
) -> list[tuple[BaseMap, TileSource | TilesNotRead]]:
    """Every base map that is to be drawn, the lowest first, opened, or with what keeps it from being read.

    Those of the keys ``leave_out`` are not opened. Whoever asks closes the sources.
    """
    found: list[tuple[BaseMap, TileSource | TilesNotRead]] = []
    for one in listed(ws):
        if one.shown and one.key not in leave_out:
            try:
                found.append((one, open_map(ws, one)))
            except TilesNotRead as error:
                found.append((one, error))
    return found


def look(file: Path, *, rows: str = "", layer: str = "") -> About:
    """What a file says of itself, checked; adds nothing. Raises TilesNotRead."""
    if geotiff_maps.is_geotiff(file):
        return geotiff_maps.look(file)
    with contextlib.closing(tiles.open_tiles(file, rows=rows, layer=layer)) as source:
        return source.about


def open_map(ws: Workspace, base_map: BaseMap) -> TileSource:
    """Open the file of a base map for drawing; close it afterwards. Raises TilesNotRead."""
    return tiles.open_tiles(base_map.path(ws), rows=base_map.rows, layer=base_map.layer)


def find(ws: Workspace, name: str) -> BaseMap:
    """The base map of a key, or of a number as listed (1 is the lowest). Raises BaseMapMissing."""
    every = listed(ws)
    if name.isascii() and name.isdigit() and len(name) < 4 and 0 < int(name) <= len(every):
        return every[int(name) - 1]
    for one in every:
        if one.key == name:
            return one
    raise BaseMapMissing(name=name)


@dataclass(frozen=True)
class ToTurn:
    """A GeoTIFF with what turning it needs of the workspace: its folder and its frame."""

    file: Path
    folder: Path
    frame: Frame


def to_turn(ws: Workspace, file: Path) -> ToTurn | None:
    """What has to be turned into tiles first; None where the file can be added as it is.

    Raises TilesNotRead, and BaseMapListed before long work whose result could not be listed.
    """
    if not geotiff_maps.is_geotiff(file):
        return None
    count = len(listed(ws))
    if count >= MOST_MAPS:
        raise BaseMapListed(file=str(file), count=count)
    return ToTurn(file, ws.folder, positions.frame_of(ws))


def add(
    ws: Workspace, file: Path, *, title: str = "", credit: str = "", opacity: float = 1.0, rows: str = "",
    layer: str = "", finest: int | None = None, progress: Callable[[str, int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> BaseMap:  # fmt: skip
    """List a file above the others, once it was opened and checked; a GeoTIFF is turned into tiles first.

    ``finest``: no zoom level beyond this one is made. Raises TilesNotRead, BaseMapListed, Cancelled.
    """
    job = to_turn(ws, file)
    if job is not None:
        turned = geotiff_maps.turn(job.folder, job.frame, file, finest=finest, progress=progress, cancelled=cancelled)
        return add_turned(ws, turned, title=title, credit=credit, opacity=opacity)
    about = look(file, rows=rows, layer=layer)
    if not rows:
        _check_side(ws, file, about)
    inside = file.is_relative_to(ws.folder / FOLDER)
    made = BaseMap(
        file.relative_to(ws.folder).as_posix() if inside else str(file.absolute()),
        tiles.plain(title, tiles.MOST_NAME) or about.name or file.stem,
        tiles.plain(credit, tiles.MOST_CREDIT) or about.credit, _opacity(opacity), rows=rows, layer=layer,
    )  # fmt: skip
    return _listed_now(ws, made, file)


def _check_side(ws: Workspace, file: Path, about: About) -> None:
    """Raises TileRowsConflict for tiles that lie in the work area only when counted from the other end.

    A file without bounds of its own gives itself away by nothing else.
    """
    area = positions.frame_of(ws).work_area
    south, west, north, east = about.bounds

    def touched(least: float, most: float) -> bool:
        return west <= area.east and east >= area.west and least <= area.north and most >= area.south

    if touched(-north, -south) and not touched(south, north):
        raise TileRowsConflict(
            file, ROWS, N_("it lies as far south of the equator as the work area lies north: its tile rows are counted "
                           "from the other end than its format says. It would be drawn in the wrong place."),
            "north" if about.rows == "south" else "south",
        )  # fmt: skip


def add_turned(
    ws: Workspace, turned: TurnedMap, *, title: str = "", credit: str = "", opacity: float = 1.0
) -> BaseMap:
    """List what was made of a GeoTIFF above the others. Raises BaseMapListed; what was made is then gone again."""
    made = BaseMap(
        turned.file.relative_to(ws.folder).as_posix(), tiles.plain(title, tiles.MOST_NAME) or turned.title,
        tiles.plain(credit, tiles.MOST_CREDIT) or turned.credit, _opacity(opacity), made_from=str(turned.made_from),
        system=turned.system, operation=turned.operation,
    )  # fmt: skip
    try:
        return _listed_now(ws, made, turned.made_from)
    except BaseMapListed:
        if all(one.file != made.file for one in listed(ws)):
            with contextlib.suppress(OSError):
                turned.file.unlink(missing_ok=True)
        raise


def _listed_now(ws: Workspace, made: BaseMap, file: Path) -> BaseMap:
    with ws.store.transaction():
        every = listed(ws)
        if len(every) >= MOST_MAPS or any(one.key == made.key for one in every):
            raise BaseMapListed(file=str(file), count=len(every))
        keep(ws, [*every, made])
    return made


def change(
    ws: Workspace, key: str, *, opacity: float | None = None, shown: bool | None = None, place: int | None = None,
) -> BaseMap:  # fmt: skip
    """Give a base map another opacity, show or hide it, or move it: place 1 is the lowest. Raises BaseMapMissing."""
    with ws.store.transaction():
        old = find(ws, key)
        made = replace(
            old, opacity=old.opacity if opacity is None else _opacity(opacity),
            shown=old.shown if shown is None else shown,
        )  # fmt: skip
        every = listed(ws)
        at = every.index(old)
        every.remove(old)
        every.insert(at if place is None else min(max(place - 1, 0), len(every)), made)
        keep(ws, every)
    return made


def remove(ws: Workspace, key: str) -> BaseMap:
    """Take a base map off the list. The file stays; only a copy in the workspace goes with it.

    Raises BaseMapMissing.
    """
    with ws.store.transaction():
        old = find(ws, key)
        rest = [one for one in listed(ws) if one.key != old.key]
        keep(ws, rest)
    if not Path(old.file).is_absolute() and all(one.file != old.file for one in rest):
        with contextlib.suppress(OSError):  # a window may still draw it
            old.path(ws).unlink()
    return old


def keep(ws: Workspace, every: Sequence[BaseMap]) -> None:
    """Make this the list."""
    kept: list[dict[str, Any]] = [asdict(one) | {_PERCENT: round(one.opacity * 100)} for one in every]
    for one in kept:  # settings are kept without fractions
        del one["opacity"]
    ws.set_json(_KEPT, kept)


def _opacity(wanted: float) -> float:
    return round(min(max(wanted, LEAST_OPACITY), 1.0), 2)
