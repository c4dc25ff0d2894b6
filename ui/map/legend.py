"""The legend: what is drawn in the view now, each symbol with its words; for the page and for print."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fieldapp.domain.symbols import ACCIDENTS, SHAPES, Fill, every_look, words_of
from fieldapp.texts import N_, Texts
from ui import theme
from ui.map.finds_layer import FindsLayer
from ui.map.finds_layer import draw_shape as draw_find
from ui.map.grid import Points
from ui.map.grounds import SpotsLayer, draw_spot
from ui.map.layer import Layer
from ui.map.own_position import OwnPositionLayer, draw_own
from ui.map.shapes_layer import ShapesLayer, draw_path
from ui.map.view import Box, View

SWATCH_PX = (40, 26)
ROW_PX, TALL_ROW_PX = 34, 48
"""Of a line whose words have room, and of one whose words need two."""
_GAP_PX = 10
_MOST_EXACT = 50_000
"""Of more finds in view every symbol is shown: looking at each would delay the page."""

Draw = Callable[[QPainter, QRectF, theme.Tokens], None]


@dataclass(frozen=True)
class Entry:
    """One line of a legend: what a symbol means, ready to show, and how it is drawn into a box."""

    words: str
    draw: Draw


def entries(layers: Sequence[Layer], view: View, texts: Texts, *, exact: bool = False) -> list[Entry]:
    """What is drawn in the view, finds first, then ground from the most dangerous on, then the rest.

    ``exact``: however many finds there are, only symbols that stand there; it takes its time.
    """
    shown = [layer for layer in layers if layer.visible and layer.opacity > 0]
    found = [entry for layer in shown if isinstance(layer, FindsLayer) for entry in _finds(layer, view, texts, exact)]
    spots = [layer for layer in shown if isinstance(layer, SpotsLayer)]
    grounds = [layer for layer in shown if isinstance(layer, ShapesLayer) and not isinstance(layer, SpotsLayer)]
    looks = {look for layer in grounds for look in layer.looks_within(view.box)}
    found += [Entry(words_of(look, texts), _swatch(look)) for look in sorted(looks, key=_place_of)]
    found += [entry for layer in spots for entry in _spots(layer, view.box, texts)]
    for layer in shown:
        if isinstance(layer, OwnPositionLayer) and layer.own is not None:
            live = layer.own.live
            found.append(Entry(texts(N_("You, accuracy") if live else N_("You, old position")), _own(live)))
    return found


@lru_cache(maxsize=1)
def _places() -> dict[Fill, int]:
    return {look: place for place, look in enumerate(every_look().values())}


def _place_of(look: Fill) -> int:
    return _places().get(look, len(_places()))


def _finds(layer: FindsLayer, view: View, texts: Texts, exact: bool) -> list[Entry]:
    shapes: set[int] = set()
    gone: set[bool] = set()
    for points, places in _points(layer, view, exact):
        if places is None:
            shapes |= set(range(len(SHAPES)))
            gone |= {False, True}
        else:
            shapes |= set(np.unique(points.shape[places]).tolist())
            gone |= set(np.unique(points.gone[places]).tolist())
    found = [Entry(texts(SHAPES[shape][1]), _find(SHAPES[shape][0])) for shape in sorted(shapes)]
    if True in gone:
        found.append(Entry(texts(N_("Destroyed or removed")), _find(SHAPES[0][0], gone=True)))
    return found


def _points(layer: FindsLayer, view: View, exact: bool) -> list[tuple[Points, np.ndarray | None]]:
    box = view.box
    found: list[tuple[Points, np.ndarray | None]] = []
    if layer.grid is not None and len(layer.grid):
        few = layer.grid.at_most(box) <= _MOST_EXACT
        if exact and layer.is_overview(view):
            found.append((layer.grid.points, layer.worst_shown(view)))
        else:
            found.append((layer.grid.points, layer.grid.inside(box) if few or exact else None))
    if layer.newer is not None:
        new = layer.newer
        inside = (new.x >= box.west) & (new.x <= box.east) & (new.y >= box.north) & (new.y <= box.south)
        found.append((new, np.flatnonzero(inside)))
    return found


def _spots(layer: SpotsLayer, box: Box, texts: Texts) -> list[Entry]:
    seen = [layer.spots[place] for place in layer.within(box)]
    if layer.code == "accidents":
        filled = {spot.filled for spot in seen}
        look = seen[0].look if seen else None
        return [Entry(texts(words), _spot(look, filled=full)) for full, words in ACCIDENTS if full in filled and look]
    return [Entry(words_of(look, texts), _spot(look)) for look in dict.fromkeys(spot.look for spot in seen)]


def _swatch(look: Fill) -> Draw:
    def draw(painter: QPainter, box: QRectF, tokens: theme.Tokens) -> None:
        path = QPainterPath()
        path.addRect(box.adjusted(3, 3, -3, -3))
        draw_path(painter, path, look, tokens)

    return draw


def _find(shape: str, *, gone: bool = False) -> Draw:
    def draw(painter: QPainter, box: QRectF, tokens: theme.Tokens) -> None:
        middle = box.center()
        draw_find(painter, shape, middle.x(), middle.y(), 18, tokens.text, tokens.card, gone=gone)

    return draw


def _spot(look: Fill, *, filled: bool = True) -> Draw:
    def draw(painter: QPainter, box: QRectF, tokens: theme.Tokens) -> None:
        draw_spot(painter, box.center().x(), box.center().y(), look, tokens, filled=filled)

    return draw


def _own(live: bool) -> Draw:
    def draw(painter: QPainter, box: QRectF, tokens: theme.Tokens) -> None:
        draw_own(painter, box.center().x(), box.center().y(), 11, tokens, live=live, dot_px=5)

    return draw


def row_heights(said: Sequence[Entry], column_px: float) -> list[int]:
    """How high each line of a legend is whose columns are so wide: words that are too long for a line have two."""
    metrics = QFontMetricsF(theme.font(theme.SECONDARY))
    room = column_px - SWATCH_PX[0] - 2 * _GAP_PX
    return [TALL_ROW_PX if metrics.horizontalAdvance(entry.words) > room else ROW_PX for entry in said]


def height_px(said: Sequence[Entry], width_px: float, columns: int) -> int:
    """Height of a legend of this width."""
    heights = row_heights(said, width_px / columns)
    rows = max(math.ceil(len(said) / columns), 1)
    return max((sum(heights[first : first + rows]) for first in range(0, len(said), rows)), default=0)


def columns_for(said: Sequence[Entry], width_px: float) -> int:
    """How many columns of this width hold the words of all entries whole."""
    metrics = QFontMetricsF(theme.font(theme.SECONDARY))
    widest = max((metrics.horizontalAdvance(entry.words) for entry in said), default=0.0)
    return max(int(width_px // (SWATCH_PX[0] + 2 * _GAP_PX + widest)), 1)


def draw_legend(
    painter: QPainter, box: QRectF, said: Sequence[Entry], tokens: theme.Tokens, columns: int = 1
) -> None:
    """Draw the entries into a box, column by column; words that are too long for a line have two."""
    rows = max(math.ceil(len(said) / columns), 1)
    width = box.width() / columns
    heights = row_heights(said, width)
    wide, high = SWATCH_PX
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font(theme.SECONDARY))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
    for place, entry in enumerate(said):
        left = box.left() + place // rows * width
        top = box.top() + sum(heights[place // rows * rows : place])
        painter.save()
        entry.draw(painter, QRectF(left, top + (heights[place] - high) / 2, wide, high), tokens)
        painter.restore()
        room = QRectF(left + wide + _GAP_PX, top, width - wide - 2 * _GAP_PX, heights[place])
        painter.setPen(QColor(tokens.text))
        painter.drawText(room, flags, entry.words)
    painter.restore()


class LegendPanel(QWidget):
    """The legend of a map on its page: call ``show_entries`` after every move of the view. It asks for its height."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.entries: tuple[Entry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(texts(N_("Legend")))

    def show_entries(self, said: Sequence[Entry]) -> None:
        """Show these."""
        changed = [entry.words for entry in said] != [entry.words for entry in self.entries]
        self.entries = tuple(said)
        if changed:
            nothing = self._texts(N_("Nothing is drawn here."))
            self.setAccessibleDescription("; ".join(entry.words for entry in said) or nothing)
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as it may be, as high as its lines."""
        width = max(self.width(), 1)
        return QSize(260, max(height_px(self.entries, width, columns_for(self.entries, width)), ROW_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another height."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        tokens = theme.current()
        if self.entries:
            columns = columns_for(self.entries, self.width())
            draw_legend(painter, QRectF(self.rect()), self.entries, tokens, columns)
        else:
            painter.setPen(QColor(tokens.text2))
            painter.setFont(theme.font(theme.SECONDARY))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._texts(N_("Nothing is drawn here.")))
        painter.end()
