"""A map on a sheet of paper: the screen's layers at a scale, with all that a map needs that leaves its screen.

One drawing for the preview, pictures, PDF and printers; only the resolution differs. It is drawn by a worker.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from fieldapp.geodesy.gridlines import SheetGrid
from fieldapp.operations.map_sheet import SheetSetup
from fieldapp.texts import Texts
from ui import theme
from ui.map.finds_layer import FindsLayer
from ui.map.labels import Labelled, Labels
from ui.map.layer import Layer
from ui.map.legend import Entry, entries
from ui.map.printing_base import BasePicture, Checkpoint, SheetMaps, base_picture
from ui.map.printing_grid import GUTTER_PX, draw_labels, draw_lines, grid_of
from ui.map.printing_panel import HEAD_PX, draw_entries, draw_head, draw_notes, legend_px, notes_px, split
from ui.map.printing_paper import MARGIN_PX, PAPERS, PX_PER_INCH, scale_of_screen, size_px, view_at
from ui.map.printing_words import Note, Said, compass_deg, notes
from ui.map.shapes_layer import ShapesLayer
from ui.map.view import View

_LINE_PX, _TITLE_PX, _GAP_PX = 26, 38, 20
_PANEL_PX, _PANEL_SHARE = 375, 0.3
_LEGEND_SHARE, _BELOW_SHARE = 0.28, 0.42
"""How much of an upright sheet's height its legend may ask for, and all that stands below the map."""
_TROUBLE_PX = 60
"""Kept for what base maps may have to say."""
_SMALLEST_PX = 8


@dataclass(frozen=True)
class OnScreen:
    """What the map shows when it is printed. ``left_out``: sentences on what it does not draw.

    ``layers`` are those of ``printable``; ``base_maps`` the keys of the base maps among them.
    """

    view: View
    layers: tuple[Layer, ...]
    base_maps: frozenset[str]
    left_out: tuple[str, ...]
    title: str


def printable(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """The layers that are printed, as they are now: finds and ground that are switched on.

    One's own position and what is chosen are of this screen and this minute; base maps are opened anew. Copies hold
    the same data: what comes in while a sheet is drawn is not on it.
    """
    found: list[Layer] = []
    for layer in layers:
        if isinstance(layer, FindsLayer | ShapesLayer) and layer.visible and layer.opacity > 0:
            kept = copy.copy(layer)
            if isinstance(kept, FindsLayer):
                kept.on_paper = True
            found.append(kept)
    return tuple(found)


@dataclass(frozen=True)
class _Plan:
    """Where everything stands, in pixels of the sheet."""

    view: View
    scale: int
    at: QRectF
    grid: SheetGrid | None
    head: QRectF
    legend: QRectF
    notes: tuple[tuple[QRectF, tuple[Note, ...]], ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet. ``scale`` 0: so that it shows what the screen shows. ``grid``: a format of positions, or ``none``."""

    on_screen: OnScreen
    said: Said
    maps: SheetMaps
    setup: SheetSetup
    scale: int
    grid: str
    title: str
    texts: Texts

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the sheet."""
        return size_px(PAPERS[self.setup.paper], landscape=self.setup.landscape)

    def base_picture(self, dpi: float, checkpoint: Checkpoint) -> BasePicture | None:
        """Its base maps at a resolution; to be made before it is drawn."""
        return base_picture(self.maps, self.plan.view, dpi / PX_PER_INCH, checkpoint)

    def draw(self, painter: QPainter, base: BasePicture | None, checkpoint: Checkpoint) -> None:
        """Draw it with a painter whose unit is a pixel of the sheet."""
        tokens, plan = theme.PAPER, self.plan
        width, height = self.size
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
            | QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.NonCosmeticBrushPatterns
        )  # fmt: skip
        painter.fillRect(QRectF(0, 0, width, height), QColor(tokens.bg))
        self._draw_map(painter, base, checkpoint)
        painter.setPen(QPen(QColor(tokens.text), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(plan.at)
        if plan.grid is not None:
            draw_labels(painter, plan.view, plan.grid, plan.at, tokens)
        self._draw_lines(painter)
        day = self.said.now.date()
        draw_head(painter, plan.head, plan.view, plan.scale, compass_deg(plan.view, day), tokens, self.texts)
        draw_entries(painter, plan.legend, plan.entries, tokens, self.texts)
        trouble = [Note(text, loud=True) for text in self._trouble(base)]
        for place, (box, said) in enumerate(plan.notes):
            draw_notes(painter, box, [*said, *trouble] if place == len(plan.notes) - 1 else said, tokens)

    def _draw_map(self, painter: QPainter, base: BasePicture | None, checkpoint: Checkpoint) -> None:
        tokens, plan = theme.PAPER, self.plan
        painter.save()
        try:
            painter.setClipRect(plan.at)
            if base is not None:
                painter.drawImage(plan.at, base.image)
            painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)  # after photographs: dots keep colours
            painter.translate(plan.at.topLeft())
            layers = self.on_screen.layers
            lines_under = next((one for one in layers if isinstance(one, FindsLayer)), None)
            for place, layer in enumerate(layers):
                checkpoint(place, len(layers))
                if layer is lines_under:
                    self._draw_grid(painter)
                painter.save()
                painter.setOpacity(layer.opacity)
                layer.draw(painter, plan.view, tokens)
                painter.restore()
            if lines_under is None:
                self._draw_grid(painter)
            labels = Labels(plan.view)
            for layer in layers:
                if isinstance(layer, Labelled):
                    layer.label(labels, plan.view)
            labels.draw(painter, tokens)
        finally:
            painter.restore()

    def _draw_grid(self, painter: QPainter) -> None:
        """Over ground, under finds: no line goes through a symbol."""
        if self.plan.grid is not None:
            draw_lines(painter, self.plan.view, self.plan.grid, theme.PAPER)

    def _draw_lines(self, painter: QPainter) -> None:
        """The title, and the classification at the top and the bottom."""
        width, height = self.size
        room = width - 2 * MARGIN_PX
        line, middle = self.setup.classification, Qt.AlignmentFlag.AlignCenter
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if line:
            for top in (MARGIN_PX, height - MARGIN_PX - _LINE_PX):
                _draw_line(painter, QRectF(MARGIN_PX, top, room, _LINE_PX), line, theme.BODY, middle)
        top = MARGIN_PX + (_LINE_PX if line else 0)
        _draw_line(painter, QRectF(MARGIN_PX, top, room, _TITLE_PX), self.title, theme.PAGE, left)

    def _trouble(self, base: BasePicture | None) -> list[str]:
        return [*self.maps.words(self.texts), *(base.words(self.texts) if base is not None else ())]

    @cached_property
    def plan(self) -> _Plan:
        """Where everything stands; worked out once."""
        return self._landscape() if self.setup.landscape else self._upright()

    @property
    def _room(self) -> QRectF:
        """What title and classification leave of the sheet."""
        width, height = self.size
        line = _LINE_PX if self.setup.classification else 0
        top = MARGIN_PX + line + _TITLE_PX
        return QRectF(MARGIN_PX, top, width - 2 * MARGIN_PX, height - MARGIN_PX - line - top)

    def _landscape(self) -> _Plan:
        """The map at the left, everything else in a column at the right."""
        room = self._room
        wide = min(_PANEL_PX, room.width() * _PANEL_SHARE)
        at = self._framed(QRectF(room.left(), room.top(), room.width() - wide - _GAP_PX, room.height()))
        view, scale, grid = self._looking(at)
        said = self._notes(view, grid)
        left = room.right() - wide
        spare = _TROUBLE_PX if self.maps.layers or self.maps.problems else 0
        low = min(notes_px(said, wide) + spare, room.height() * 0.55)
        legend = QRectF(left, room.top() + HEAD_PX, wide, room.height() - HEAD_PX - low - _GAP_PX)
        notes_box = QRectF(left, room.bottom() - low, wide, low)
        return _Plan(view, scale, at, grid, QRectF(left, room.top(), wide, HEAD_PX), legend,
                     ((notes_box, tuple(said)),), self._entries(view))  # fmt: skip

    def _upright(self) -> _Plan:
        """The map above; below it the legend, scale and north, and notes in two columns."""
        room = self._room
        free = room.width() - 2 * _GAP_PX
        wide, column = free * 0.4, free * 0.3
        low = room.height() * _BELOW_SHARE
        for _again in range(2):  # notes and legend follow from what the map shows, its height from theirs
            above = QRectF(room.left(), room.top(), room.width(), room.height() - low - _GAP_PX)
            at = self._framed(above)
            view, scale, grid = self._looking(at)
            said, listed = self._notes(view, grid), self._entries(view)
            first = split(said, column)
            beside = max(HEAD_PX + notes_px(said[:first], column), notes_px(said[first:], column) + (
                _TROUBLE_PX if self.maps.layers or self.maps.problems else 0))
            low = min(max(beside, min(legend_px(listed, wide) + 4, room.height() * _LEGEND_SHARE)),
                      room.height() * _BELOW_SHARE)  # fmt: skip
        top = above.bottom() + _GAP_PX
        high = room.bottom() - top
        legend = QRectF(room.left(), top, wide, high)
        boxes = [QRectF(room.right() - place * column - (place - 1) * _GAP_PX, top, column, high) for place in (2, 1)]
        return _Plan(
            view, scale, at, grid, QRectF(boxes[0].left(), top, column, HEAD_PX), legend,
            ((boxes[0].adjusted(0, HEAD_PX, 0, 0), tuple(said[:first])), (boxes[1], tuple(said[first:]))), listed,
        )  # fmt: skip

    def _framed(self, room: QRectF) -> QRectF:
        """The map's own frame, in whole pixels, with room around it for the grid's numbers."""
        edge = 0 if self.grid == "none" else GUTTER_PX
        return QRectF(round(room.left() + edge), round(room.top() + edge), int(room.width() - 2 * edge),
                      int(room.height() - 2 * edge))  # fmt: skip

    def _looking(self, at: QRectF) -> tuple[View, int, SheetGrid | None]:
        width, height = round(at.width()), round(at.height())
        screen = self.on_screen.view
        scale = self.scale or scale_of_screen(screen, width, height)
        view = view_at(scale, screen, width, height)
        return view, scale, grid_of(self.grid, view, self.said.frame)

    def _notes(self, view: View, grid: SheetGrid | None) -> list[Note]:
        return notes(self.said, view, grid, self.on_screen.layers, self.texts)

    def _entries(self, view: View) -> tuple[Entry, ...]:
        return tuple(entries(self.on_screen.layers, view, self.texts, exact=True))


def _draw_line(painter: QPainter, box: QRectF, text: str, size_px: int, flags: Qt.AlignmentFlag) -> None:
    """A line of text, smaller where it is too long."""
    fonts = (theme.paper_font(size, theme.BOLD) for size in range(size_px, _SMALLEST_PX - 1, -1))
    fits = next((one for one in fonts if QFontMetricsF(one).horizontalAdvance(text) <= box.width()), None)
    painter.setFont(fits or theme.paper_font(_SMALLEST_PX, theme.BOLD))
    painter.setPen(QColor(theme.PAPER.text))
    painter.drawText(box, flags, text)
