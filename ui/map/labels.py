"""Where names stand on the map: all layers' in one go, so that none lies on another or on a symbol.

Symbols and numbers of finds are drawn first and keep their places. Then names are put down in the order of what they
warn of, each where it finds room first, else shorter, else not at all: what has no name is still drawn, and is named
when it is chosen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from ui import theme
from ui.map.furniture import HALO_PX, halo_text
from ui.map.view import View

CELL_PX = 4
"""Room is kept in cells of so many pixels, fixed to the ground: moving the map moves no name to another place."""
HAZARD, ACCIDENT, PLOT, TASK, DISTRICT = range(5)
"""Ranks, the most important first."""
RANKS = {"sha": HAZARD, "cha": HAZARD, "captured": HAZARD, "spots": HAZARD, "accidents": ACCIDENT, "released": PLOT,
         "plots": PLOT, "tasks": TASK, "drafts": TASK, "districts": DISTRICT}  # fmt: skip
"""Of layers by their codes; others are as districts."""

_STEPS_PX = (20, 40, 60, 90, 120, 160, 200)
"""So far above or below the middle a name may stand in its shape."""

_ONE_BY_ONE = 6
"""Nearly always one of the first middles is taken; more are looked at together."""

Floats = NDArray[np.float64]
Longs = NDArray[np.int32]


@dataclass(frozen=True)
class Label:
    """A name that asks for room: its words, the longest first, and the middles it may have, the best first.

    A middle is that of the line of text, in logical pixels. ``span`` are the left and right edge of what it names: a
    name that is not wider stays between them.
    """

    words: tuple[str, ...]
    middles: tuple[tuple[float, float], ...]
    rank: int
    span: tuple[float, float] | None = None


class Labels:
    """The names of one frame. Layers take room for symbols and ask for names; ``draw`` puts the names down."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._left, self._top = ((view.x * view.scale - view.width / 2) % CELL_PX,
                                 (view.y * view.scale - view.height / 2) % CELL_PX)  # fmt: skip
        self._taken = np.zeros((view.height // CELL_PX + 3, view.width // CELL_PX + 3), np.int32)
        self._plots = np.zeros_like(self._taken)
        self._symbols: list[tuple[Floats, Floats, float]] = []
        self._asked: list[Label] = []

    def take(self, rooms: Iterable[QRectF]) -> None:
        """Nothing else stands there."""
        for room in rooms:
            self._taken[self._cells(room)] = 1

    def take_around(self, xs: Floats, ys: Floats, half_px: float) -> None:
        """Nothing else stands on symbols of so many pixels to either side."""
        self._symbols.append((xs, ys, half_px))

    def take_from_hazards(self, rooms: Iterable[QRectF]) -> None:
        """Names of hazardous areas stand there only where they find no other room: it would name the wrong ground."""
        for room in rooms:
            self._plots[self._cells(room)] = 1

    def ask(self, label: Label) -> None:
        """Put this name down if there is room for it."""
        self._asked.append(label)

    def draw(self, painter: QPainter, tokens: theme.Tokens) -> list[tuple[str, QRectF]]:
        """Put the names down, the most important first; gives those that found room, and where."""
        found: list[tuple[str, QRectF]] = []
        if not self._asked:
            return found
        for xs, ys, half in self._symbols:
            self._taken |= self._around(xs, ys, half)
        taken = _Room(self._taken)
        hazards = any(label.rank == HAZARD for label in self._asked) and bool(self._plots.any())
        first = [_Room(self._taken | self._plots), taken] if hazards else [taken]
        for label in sorted(self._asked, key=lambda one: one.rank):
            grids = first if label.rank == HAZARD else [taken]
            rooms = (room for grid in grids for word in label.words for room in self._free(word, label, grid))
            placed = next((one for one in rooms if not any(one[1].intersects(other) for _, other in found)), None)
            if placed is not None:
                word, room = placed
                halo_text(painter, room.center().x(), room.bottom() - 6, word, tokens, middle=True)
                found.append(placed)
        return found

    def _around(self, xs: Floats, ys: Floats, half_px: float) -> NDArray[np.bool_]:
        """The cells within so many pixels of some points."""
        high, wide = self._taken.shape
        reach = round(half_px / CELL_PX)
        rows, columns = _cell(ys + self._top) + reach, _cell(xs + self._left) + reach
        inside = (rows >= 0) & (rows < high + 2 * reach) & (columns >= 0) & (columns < wide + 2 * reach)
        middles = np.zeros((high + 2 * reach, wide + 2 * reach), bool)
        middles[rows[inside], columns[inside]] = True
        down = middles[:high].copy()
        for step in range(1, 2 * reach + 1):
            down |= middles[step : step + high]
        near = down[:, :wide].copy()
        for step in range(1, 2 * reach + 1):
            near |= down[:, step : step + wide]
        return near

    def _free(self, word: str, label: Label, room: _Room) -> Iterator[tuple[str, QRectF]]:
        """Rooms for a word of a label in which no symbol stands, the best first."""
        wide, high = width_px(word), float(theme.SECONDARY + 6)
        fits = label.span is not None and label.span[1] - label.span[0] >= wide
        for x, y in label.middles[:_ONE_BY_ONE]:
            left, top = x - wide / 2, y - high / 2
            if fits and label.span is not None:
                left = min(max(left, label.span[0]), label.span[1] - wide)
            box = QRectF(left, top, wide, high)
            if self._is_seen(box) and room.is_free(self._cells(box)):
                yield word, box
        if len(label.middles) > _ONE_BY_ONE:
            yield from self._free_among(word, label, label.middles[_ONE_BY_ONE:], room)

    def _free_among(
        self, word: str, label: Label, some: Sequence[tuple[float, float]], room: _Room
    ) -> Iterator[tuple[str, QRectF]]:
        wide, high = width_px(word), theme.SECONDARY + 6
        middles = np.array(some).reshape(-1, 2)
        left, top = middles[:, 0] - wide / 2, middles[:, 1] - high / 2
        if label.span is not None and label.span[1] - label.span[0] >= wide:
            left = np.clip(left, label.span[0], label.span[1] - wide)
        seen = (left >= 0) & (top >= 0) & (left + wide <= self._view.width) & (top + high <= self._view.height)
        left, top = left[seen], top[seen]
        west, north = _cell(left + self._left), _cell(top + self._top)
        east, south = _cell(left + wide + self._left) + 1, _cell(top + high + self._top) + 1
        taken = room.summed
        within = taken[south, east] - taken[north, east] - taken[south, west] + taken[north, west]
        for x, y in zip(left[within == 0].tolist(), top[within == 0].tolist(), strict=True):
            yield word, QRectF(x, y, wide, high)

    def _is_seen(self, box: QRectF) -> bool:
        across = box.left() >= 0 and box.right() <= self._view.width
        return across and box.top() >= 0 and box.bottom() <= self._view.height

    def _cells(self, room: QRectF) -> tuple[slice, slice]:
        rows, columns = (
            slice(max(math.floor((low + shift) / CELL_PX), 0), max(math.floor((high + shift) / CELL_PX) + 1, 0))
            for low, high, shift in ((room.top(), room.bottom(), self._top), (room.left(), room.right(), self._left))
        )
        return rows, columns


class _Room:
    """Which cells are taken."""

    def __init__(self, taken: Longs) -> None:
        self._taken = taken

    def is_free(self, cells: tuple[slice, slice]) -> bool:
        """Whether none of these is."""
        return not self._taken[cells].any()

    @cached_property
    def summed(self) -> Longs:
        """For many questions at once."""
        return _summed(self._taken)


def _cell(pixels: Floats) -> NDArray[np.intp]:
    return np.floor(pixels / CELL_PX).astype(np.intp)


def _summed(cells: Longs) -> Longs:
    """How many cells are taken above and left of each: four of these numbers tell of any box (Crow 1984)."""
    made = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1), np.int32)
    made[1:, 1:] = np.cumsum(np.cumsum(cells, axis=0, dtype=np.int32), axis=1, dtype=np.int32)
    return made


@runtime_checkable
class Labelled(Protocol):
    """A layer that has names or symbols on which no name may stand."""

    def label(self, labels: Labels, view: View) -> None:
        """Take room and ask for names; called after the layer was drawn."""


@lru_cache(maxsize=8192)
def width_px(text: str) -> float:
    """How wide a name is with its halo."""
    return QFontMetricsF(theme.font(theme.SECONDARY, theme.SEMIBOLD)).horizontalAdvance(text) + 2 * HALO_PX


def within(left: float, top: float, right: float, bottom: float, view: View) -> tuple[tuple[float, float], ...]:
    """Middles for a name inside a box: in the middle of what is seen of it, then above and below, then at its sides."""
    left, right = max(left, 0.0), min(right, float(view.width))
    top, bottom = max(top, 0.0), min(bottom, float(view.height))
    x, y, most = (left + right) / 2, (top + bottom) / 2, (bottom - top) / 2 - 12
    downs = [0.0, *(down for step in _STEPS_PX if step <= most for down in (-float(step), float(step)))]
    sides = [x + (right - left) * share for share in (0.0, -0.25, 0.25, -0.375, 0.375)]
    return tuple((side, y + down) for side in sides for down in downs)


def places_in(boxes: Floats, view: View) -> Sequence[tuple[float, float, float, float]]:
    """Boxes in world coordinates (west, north, east, south by rows) as pixels of a view."""
    scale, wide, high = view.scale, view.width / 2, view.height / 2
    turned = (boxes - np.array([view.x, view.y, view.x, view.y])) * scale + np.array([wide, high, wide, high])
    return [tuple(row) for row in turned.tolist()]
