"""Feeds the base maps of the workspace to the map: opened in the worker, drawn in their order, kept while they can be.

After a base map was added, changed or removed, or a map package taken, the list is read again; files that are open stay
open. ``load`` again (a stick is back) tries those that could not be read.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from fieldapp.errors import OperatorError
from fieldapp.operations import base_maps, map_package
from fieldapp.operations.base_maps import BaseMap, TilesNotRead, TileSource
from fieldapp.operations.map_package import AreaOfInterest, MapPackage
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui.map.areas_layer import areas_layer
from ui.map.geotiff_turning import GeotiffTurning
from ui.map.layer import Layer
from ui.map.tiles_layer import TilesLayer
from ui.session import Session


@dataclass(frozen=True)
class _Read:
    """What the worker found: the list, what it opened or could not open, the areas of interest."""

    listed: list[BaseMap]
    opened: dict[str, TileSource | TilesNotRead]
    areas: list[AreaOfInterest]


class BaseMapsFeed(QObject):
    """``layers()`` are the lowest of the map. ``changed()``: draw a frame; ``listed()``: the layers are others, or one
    of them cannot be read; ``failed(OperatorError)``: the list itself could not be read.
    """  # fmt: skip

    changed = Signal()
    listed = Signal()
    failed = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.base_maps: list[BaseMap] = []
        """All that are listed, the lowest first."""
        self.problems: dict[str, TilesNotRead] = {}
        """Why a base map cannot be read, by its key."""
        self._open: dict[str, TilesLayer] = {}
        self._areas = areas_layer(())
        self._closed = False
        self.turning = GeotiffTurning(session)
        """The GeoTIFF that is being turned into tiles, if one is."""
        self.turning.failed.connect(self.listed)
        session.changed.connect(self._something_changed)

    def load(self) -> None:
        """Read the list and open what is shown and not open yet."""
        keep = frozenset(key for key, layer in self._open.items() if layer.problem is None)
        self._session.ask(lambda ws: _read(ws, keep), self._take, self._fail)

    def layers(self) -> list[Layer]:
        """Base maps that are shown and can be read, the lowest first, and the areas of interest over them."""
        tiled: list[Layer] = [self._open[one.key] for one in self.base_maps if one.key in self._open]
        return [*tiled, self._areas]

    def words(self, texts: Texts) -> list[str]:
        """A sentence for each base map that cannot be read, whole or in part."""
        whole = [error.sentence(texts) for error in self.problems.values()]
        if self.turning.unseen is not None:
            whole.append(self.turning.unseen[0].sentence(texts))
        return whole + [said for layer in self._open.values() if (said := layer.words(texts))]

    def trouble(self, texts: Texts) -> str:
        """How many of them there are, for a line on the map; empty where there is none."""
        count = len(self.words(texts))
        said = texts.plural(N_("{count} base map is not read"), N_("{count} base maps are not read"), count)
        return said if count else ""

    def words_of(self, key: str, texts: Texts) -> str:
        """What is wrong with one base map; empty where nothing is."""
        if key in self.problems:
            return self.problems[key].why(texts)
        return self._open[key].words(texts) if key in self._open else ""

    def close(self) -> None:
        """Let go of all files."""
        self._closed = True
        self.turning.close()
        for layer in self._open.values():
            layer.close()
        self._open.clear()

    def _something_changed(self, result: object) -> None:
        if isinstance(result, BaseMap | MapPackage):
            self.load()

    def _fail(self, error: OperatorError) -> None:
        self.failed.emit(error)

    def _take(self, read: _Read) -> None:
        if self._closed:
            for source in read.opened.values():
                if isinstance(source, TileSource):
                    source.close()
            return
        self.base_maps = read.listed
        shown = {one.key: one for one in read.listed if one.shown}
        self.problems = {}
        for key, layer in list(self._open.items()):
            if key not in shown or layer.problem is not None:
                self._open.pop(key).close()
            if key in shown and layer.problem is not None:
                self.problems[key] = layer.problem
        for key, found in read.opened.items():
            if isinstance(found, TilesNotRead):
                self.problems[key] = found
            elif key in self._open:  # two changes were read one after the other
                found.close()
            else:
                self.problems.pop(key, None)
                self._open[key] = self._layer(shown[key], found)
        for key, layer in self._open.items():
            layer.opacity = shown[key].opacity
        self._areas = areas_layer(read.areas)
        self.listed.emit()
        self.changed.emit()

    def _layer(self, one: BaseMap, source: TileSource) -> TilesLayer:
        layer = TilesLayer(f"base:{one.key}", source, title=one.title, credit=one.credit, opacity=one.opacity)
        layer.changed.connect(self.changed)
        layer.troubled.connect(self.listed)
        return layer


def _read(ws: Workspace, keep: frozenset[str]) -> _Read:
    opened = {one.key: found for one, found in base_maps.open_shown(ws, leave_out=keep)}
    return _Read(base_maps.listed(ws), opened, map_package.areas_of_interest(ws))
