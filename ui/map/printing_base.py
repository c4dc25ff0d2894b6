"""The base maps of a printed map as one picture: read and drawn in strips, so that a large sheet needs little memory.

They are opened for the sheet alone; the window's own tiles are never waited for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from fieldapp.operations.base_maps import BaseMap, TilesNotRead, TileSource
from fieldapp.texts import N_, Texts
from ui import theme
from ui.map.printing_paper import MOST_PIXELS
from ui.map.tiles_layer import TilesLayer
from ui.map.view import View

_STRIP_PX = 512
Checkpoint = Callable[[int, int], None]
"""Told how much of the whole is done; raises to stop."""


@dataclass(frozen=True)
class SheetMaps:
    """Base maps opened for a sheet, the lowest first, and those that could not be. Whoever made it closes it."""

    layers: tuple[TilesLayer, ...] = ()
    problems: tuple[tuple[str, TilesNotRead], ...] = ()
    """Titles, and why: a sheet names no folder of this computer."""

    @classmethod
    def of(cls, opened: Sequence[tuple[BaseMap, TileSource | TilesNotRead]]) -> SheetMaps:
        """Layers of what was opened."""
        layers = [
            TilesLayer(f"base:{one.key}", found, title=one.title, credit=one.credit, opacity=one.opacity)
            for one, found in opened if isinstance(found, TileSource)
        ]  # fmt: skip
        problems = [(one.title, found) for one, found in opened if isinstance(found, TilesNotRead)]
        return cls(tuple(layers), tuple(problems))

    def close(self) -> None:
        """Let go of the files."""
        for layer in self.layers:
            layer.close()

    def words(self, texts: Texts) -> list[str]:
        """What of them is missing on the sheet, a sentence each; known once the picture is made."""
        said = N_("The base map {name} is not on this sheet: {reason}")
        broken = [(layer.title, layer.problem) for layer in self.layers if layer.problem is not None]
        missing = [texts(said, name=name, reason=error.why(texts)) for name, error in (*self.problems, *broken)]
        whole = [layer for layer in self.layers if layer.problem is None]
        return missing + [words for layer in whole if (words := layer.words(texts))]


@dataclass(frozen=True)
class BasePicture:
    """The picture, and the base maps of which it shows no more than the edge."""

    image: QImage
    too_fine: tuple[str, ...]

    def words(self, texts: Texts) -> list[str]:
        """A sentence for each base map that is too fine for the scale."""
        said = N_("The base map {name} is too detailed for this scale: only its edge is drawn.")
        return [texts(said, name=name) for name in self.too_fine]


def base_picture(maps: SheetMaps, view: View, ratio: float, checkpoint: Checkpoint) -> BasePicture | None:
    """The base maps under a view, ``ratio`` pixels to each of the view's; None where there are none.

    Tiles that cannot be read are left blank; ``maps.words`` counts them.
    """
    if not maps.layers:
        return None
    ratio = min(ratio, math.sqrt(MOST_PIXELS / (view.width * view.height)))
    width, height = max(round(view.width * ratio), 1), max(round(view.height * ratio), 1)
    whole = View(view.x, view.y, view.zoom + math.log2(width / view.width), width, height)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.PAPER.bg))
    painter = QPainter(image)
    too_fine: dict[str, None] = {}
    try:
        for top in range(0, height, _STRIP_PX):
            strip = _strip(whole, top)
            for layer in maps.layers:
                checkpoint(top, height)
                layer.prepare(strip)
                if not layer.holds(strip):
                    too_fine[layer.title] = None
                _draw(painter, layer, strip, top)
    finally:
        painter.end()
    return BasePicture(image, tuple(too_fine))


def _strip(whole: View, top: int) -> View:
    high = min(_STRIP_PX, whole.height - top)
    return View(whole.x, whole.y + (top + high / 2 - whole.height / 2) / whole.scale, whole.zoom, whole.width, high)


def _draw(painter: QPainter, layer: TilesLayer, strip: View, top: int) -> None:
    painter.save()
    painter.translate(0, top)
    painter.setClipRect(QRectF(0, 0, strip.width, strip.height))
    painter.setOpacity(layer.opacity)
    layer.draw(painter, strip, theme.PAPER)
    painter.restore()
