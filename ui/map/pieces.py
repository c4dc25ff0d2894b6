"""Pieces of a picture that is costly to put down again: squares of 256 px at the zoom shown, drawn when first seen.

A base map between the zooms of its tiles is computed anew for every pixel; copied, it takes a tenth of that. A piece
that is not complete yet is drawn into the frame itself and not kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from ui import theme
from ui.map.squares import Square, corner_of, empty_picture, squares_of, view_of
from ui.map.view import TILE_PX, View

_SPARE = 12
"""Kept beside those in view."""

DrawIn = Callable[[QPainter, View, theme.Tokens], None]


class Pieces:
    """The pieces of one layer at one zoom, in one theme."""

    def __init__(self, draw_in: DrawIn, is_ready: Callable[[View, float], bool]) -> None:
        self._draw_in, self._is_ready = draw_in, is_ready
        self._kept: OrderedDict[Square, QImage] = OrderedDict()
        self._of: tuple[float, str, float] | None = None

    def forget(self) -> None:
        """Keep nothing."""
        self._kept.clear()
        self._of = None

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> bool:
        """Draw all of the view; False, and nothing is drawn, while the zoom is changing: no piece would last."""
        ratio = painter.device().devicePixelRatio()
        now = view.zoom, tokens.name, ratio
        if now != self._of:
            self._kept.clear()
            self._of = now
            return False
        left, top = corner_of(view)
        seen = squares_of(view)
        for square in seen:
            at = QPointF(square[0] * TILE_PX - left, square[1] * TILE_PX - top)
            image = self._kept.get(square)
            here = view_of(square, view.zoom)
            if image is None and self._is_ready(here, ratio):
                image = self._kept[square] = self._drawn(here, tokens, ratio)
            if image is not None:
                self._kept.move_to_end(square)
                painter.drawImage(at, image)
            else:
                painter.save()
                painter.setClipRect(QRectF(at.x(), at.y(), TILE_PX, TILE_PX))
                painter.translate(at)
                self._draw_in(painter, here, tokens)
                painter.restore()
        while len(self._kept) > len(seen) + _SPARE:
            self._kept.popitem(last=False)
        return True

    def _drawn(self, view: View, tokens: theme.Tokens, ratio: float) -> QImage:
        image = empty_picture(TILE_PX, TILE_PX, ratio)
        painter = QPainter(image)
        self._draw_in(painter, view, tokens)
        painter.end()
        return _opaque(image)


def _opaque(image: QImage) -> QImage:
    """Without transparency where no pixel has any: what hides all below it is copied and not blended."""
    alpha = np.frombuffer(image.constBits(), np.uint32) >> 24
    return image.convertToFormat(QImage.Format.Format_RGB32) if bool((alpha == 255).all()) else image
