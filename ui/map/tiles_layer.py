"""A base map on the map: tiles at any zoom, decoded by threads of its own; the window never waits for a file.

Until a tile is there, its piece of a coarser one stands in its place, and so it stays where the file has no finer one.
Tiles that cannot be read are counted and drawn as nothing. Each zoom takes the level whose pixels are nearest to the
screen's; beyond the finest level its pixels grow; where the coarsest would take too many tiles, only the frame of what
the file covers is drawn.
"""

from __future__ import annotations

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from fieldapp.operations.base_maps import Level, TilesNotRead, TileSource, TileUnreadable
from fieldapp.texts import N_, Texts
from ui import crash
from ui.map.pieces import Pieces
from ui.map.tile_memory import NotDecoded, TileMemory, decode
from ui.map.view import Box, View
from ui.theme import Tokens

MOST_TILES = 600
"""Of one frame: a screen of 3840 x 2160 takes some 300 of 256 px."""
_THREADS = 2
_WASH = {"night": 0.6}
_WASH_BY_DAY = 0.25
"""How much of the ground's colour lies over a base map: finds and ground must stand out from it."""


class Key(NamedTuple):
    """Which tile: place of its level from coarse to fine, column, row from the north."""

    level: int
    column: int
    row: int


class TilesLayer(QObject):
    """One base map. ``changed`` asks for a new frame; ``troubled`` follows a tile or file that cannot be read.

    It owns ``source`` from now on: ``close`` lets go of it.
    """

    changed = Signal()
    troubled = Signal()
    _found = Signal(object, object, int)
    _crashed = Signal(object)

    def __init__(
        self, code: str, source: TileSource, *, title: str = "", credit: str = "", opacity: float = 1.0,
        visible: bool = True,
    ) -> None:
        super().__init__()
        self.code, self.opacity, self.visible, self.title = code, opacity, visible, title
        self.credit = credit or source.about.credit or title or source.about.name or source.file.name
        self.about = source.about
        self.problem: TilesNotRead | None = None
        """Why the whole file cannot be read any more."""
        self._source = source
        self._memory = TileMemory()
        self._pieces = Pieces(self._draw_tiles, self.is_ready)
        self._unreadable: set[Key] = set()
        self._lock = threading.Lock()
        self._wanted: list[Key] = []
        self._working: set[Key] = set()
        self._at_work, self._round, self._closed = 0, 0, False
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="tiles")
        self._found.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._crashed.connect(crash.unexpected, Qt.ConnectionType.QueuedConnection)

    @property
    def unreadable(self) -> int:
        """How many tiles were tried and cannot be read."""
        return len(self._unreadable)

    def words(self, texts: Texts) -> str:
        """What is wrong with it in one sentence; empty where nothing is."""
        if self.problem is not None:
            return self.problem.sentence(texts)
        if not self._unreadable:
            return ""
        return texts.plural(
            N_("{count} tile of the base map {name} cannot be read."),
            N_("{count} tiles of the base map {name} cannot be read."), self.unreadable, name=self.title,
        )  # fmt: skip

    def box(self) -> Box:
        """What the file covers."""
        return Box.of_degrees(*self.about.bounds)

    def is_ready(self, view: View, ratio: float = 1.0) -> bool:
        """Whether a frame of this view would be complete."""
        return not self._missing(view, ratio)

    def prepare(self, view: View, ratio: float = 1.0) -> None:
        """Have all tiles of a view decoded before this returns.

        For printing, with a layer of its own: what the window draws is never waited for.
        """
        while self.problem is None and (missing := self._missing(view, ratio)):
            for key in missing:
                self._take(key, *self._decoded(key))

    def holds(self, view: View, ratio: float = 1.0) -> bool:
        """Whether a frame of this view takes few enough tiles; else only the edge of the base map is drawn."""
        return self._seen(view, ratio) is not None

    def close(self) -> None:
        """Let the threads end and the file go, without waiting for a disk that does not answer."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._wanted.clear()
            idle = not self._at_work
        if idle:
            self._source.close()
        self._pool.shutdown(wait=False)
        self._memory.clear()
        self._pieces.forget()

    def draw(self, painter: QPainter, view: View, tokens: Tokens) -> None:
        """Draw what is decoded, and ask for what is not."""
        ratio = painter.device().devicePixelRatio()
        self._memory.begin_frame()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        if self._seen(view, ratio) is None:
            self._draw_frame(painter, view, tokens)
            return
        if not (isinstance(painter.device(), QWidget) and self._pieces.draw(painter, view, tokens)):
            self._draw_tiles(painter, view, tokens)
        self._ask_for(self._missing(view, ratio))

    def _draw_tiles(self, painter: QPainter, view: View, tokens: Tokens) -> None:
        ratio = painter.device().devicePixelRatio()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        wash = QColor(tokens.bg)
        wash.setAlphaF(_WASH.get(tokens.name, _WASH_BY_DAY))
        for key in self._seen(view, ratio) or ():
            found = self._best(key, [])
            if found is not None:
                self._draw_tile(painter, view, key, *found, ratio, wash)

    def _draw_frame(self, painter: QPainter, view: View, tokens: Tokens) -> None:
        box = self.box()
        left, top = view.pixel_of_world(box.west, box.north)
        right, low = view.pixel_of_world(box.east, box.south)
        painter.setPen(QPen(QColor(tokens.text2), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, top, max(right - left, 4.0), max(low - top, 4.0)))

    def _draw_tile(
        self, painter: QPainter, view: View, key: Key, held: Key, image: QImage, ratio: float, wash: QColor
    ) -> None:
        """The piece of ``image`` (of the tile ``held``) that covers the tile ``key``, clipped to the view."""
        box, whole = self._box(key), self._box(held)
        left, top = (_on_grid(one, ratio) for one in view.pixel_of_world(box.west, box.north))
        right, low = (_on_grid(one, ratio) for one in view.pixel_of_world(box.east, box.south))
        target = QRectF(left, top, right - left, low - top)
        drawn = target.intersected(QRectF(-1, -1, view.width + 2, view.height + 2))
        if drawn.isEmpty():
            return
        if key == held and target.width() * ratio == image.width() and target.height() * ratio == image.height():
            # pixel for pixel: a copy, where any piece that is not of whole pixels would be computed anew
            painter.drawImage(target, image)
            painter.fillRect(drawn, wash)
            return
        # of the target, not of the view: rounding to the screen's grid must not shift the picture within the tile
        across = (box.east - box.west) / (whole.east - whole.west) * image.width() / target.width()
        down = (box.south - box.north) / (whole.south - whole.north) * image.height() / target.height()
        x = (box.west - whole.west) / (whole.east - whole.west) * image.width()
        y = (box.north - whole.north) / (whole.south - whole.north) * image.height()
        piece = QRectF(x + (drawn.left() - left) * across, y + (drawn.top() - top) * down,
                       drawn.width() * across, drawn.height() * down)  # fmt: skip
        painter.drawImage(drawn, image, piece)
        painter.fillRect(drawn, wash)

    def _levels(self) -> tuple[Level, ...]:
        return self.about.levels

    def _box(self, key: Key) -> Box:
        level = self._levels()[key.level]
        west, north = level.west + key.column * level.wide, level.north + key.row * level.high
        return Box(west, north, west + level.wide, north + level.high)

    def _seen(self, view: View, ratio: float) -> list[Key] | None:
        """The tiles of a view, those in its middle first; None where there are too many."""
        levels = self._levels()
        pixel = 1 / (view.scale * ratio)
        at = min(range(len(levels)), key=lambda n: abs(math.log2(levels[n].wide / levels[n].tile_px / pixel)))
        level, box, covered = levels[at], view.box, self.box()
        # whole tiles, also where they reach over the edge of what the file says it covers
        first, last = _places((box.west, box.east), (covered.west, covered.east), level.west, level.wide, level.columns)
        top, low = _places((box.north, box.south), (covered.north, covered.south), level.north, level.high, level.rows)
        if first > last or top > low:
            return []
        if (last - first + 1) * (low - top + 1) > MOST_TILES:
            return None
        middle = ((view.x - level.west) / level.wide - 0.5, (view.y - level.north) / level.high - 0.5)
        keys = [Key(at, column, row) for row in range(top, low + 1) for column in range(first, last + 1)]
        return sorted(keys, key=lambda key: math.dist((key.column, key.row), middle))

    def _best(self, key: Key, missing: list[Key]) -> tuple[Key, QImage] | None:
        """The finest picture that covers a tile; what would be better and is not known yet goes to ``missing``."""
        asked = False
        held: Key | None = key
        while held is not None:
            if held in self._memory:
                image = self._memory.get(held)
                if image is not None:
                    return held, image
            elif not asked:
                asked = True
                missing.append(held)
            held = self._coarser(held)
        return None

    def _coarser(self, key: Key) -> Key | None:
        """The tile of the next coarser level under the middle of this one."""
        if key.level == 0:
            return None
        level, box = self._levels()[key.level - 1], self._box(key)
        column = math.floor(((box.west + box.east) / 2 - level.west) / level.wide)
        row = math.floor(((box.north + box.south) / 2 - level.north) / level.high)
        inside = 0 <= column < level.columns and 0 <= row < level.rows
        return Key(key.level - 1, column, row) if inside else None

    def _missing(self, view: View, ratio: float) -> list[Key]:
        missing: list[Key] = []
        for key in self._seen(view, ratio) or ():
            self._best(key, missing)
        return list(dict.fromkeys(missing))

    def _ask_for(self, keys: list[Key]) -> None:
        """Have these decoded, and no others that were asked for before: only what is in view is waited for."""
        with self._lock:
            self._wanted = [] if self._closed or self.problem else list(dict.fromkeys(keys))[::-1]
            start = min(_THREADS, len(self._wanted)) - self._at_work
            self._at_work += max(start, 0)
        for _ in range(start):
            self._pool.submit(self._work)

    def _work(self) -> None:
        """One thread: the most wanted tile, until none is."""
        while True:
            with self._lock:
                while self._wanted and self._wanted[-1] in self._working:
                    self._wanted.pop()
                if not self._wanted:
                    self._at_work -= 1
                    last = self._closed and not self._at_work
                    break
                key = self._wanted.pop()
                self._working.add(key)
            try:
                found = self._decoded(key)
            except BaseException as error:  # noqa: BLE001 - a bug is shown by the window's thread, not lost here
                self._crashed.emit(error)
                found = None, 1
            if not self._closed:
                self._found.emit(key, *found)
        if last:
            self._source.close()

    def _decoded(self, key: Key) -> tuple[QImage | TilesNotRead | None, int]:
        """The picture, None where there is none, or why the file cannot be read; and how many tiles were broken."""
        level = self._levels()[key.level]
        try:
            tile = self._source.tile(level, key.column, key.row)
            return (None if tile is None else decode(tile, level.tile_px)), 0
        except (TileUnreadable, NotDecoded):
            return None, 1
        except TilesNotRead as error:
            return error, 0

    def _take(self, key: Key, found: QImage | TilesNotRead | None, broken: int) -> None:
        with self._lock:
            self._working.discard(key)
        if self._closed:
            return
        if isinstance(found, TilesNotRead):
            first, self.problem = self.problem is None, found
            if first:
                self.troubled.emit()
            return
        self._memory.put(key, found)
        if broken:
            self._unreadable.add(key)
            self.troubled.emit()
        self.changed.emit()


def _places(
    seen: tuple[float, float], covered: tuple[float, float], start: float, size: float, count: int
) -> tuple[int, int]:
    """The first and last of ``count`` tiles of ``size`` that both stretches meet; the last is less where none is."""
    ends = [(math.floor((near - start) / size + 1e-9), math.ceil((far - start) / size - 1e-9) - 1)
            for near, far in (seen, covered)]  # fmt: skip
    return max(0, *(first for first, _ in ends)), min(count - 1, *(last for _, last in ends))


def _on_grid(px: float, ratio: float) -> float:
    """Where the screen has a pixel's edge: no seams between tiles at fractional zooms."""
    return math.floor(px * ratio + 0.5) / ratio
