"""The grid of a printed map: lines over the map, their numbers in the margin around it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from fieldapp.errors import OperatorError
from fieldapp.geodesy.frame import Frame
from fieldapp.geodesy.gridlines import GridLine, SheetGrid, sheet_grid
from ui import theme
from ui.map.view import View

GUTTER_PX = 24
"""Room for the numbers on each side of the map."""
NONE = "none"
_APART_PX = 130.0
_USUAL = "dd"


def grid_of(how: str, view: View, frame: Frame) -> SheetGrid | None:
    """The grid of a format over a view; decimal degrees where the format does not reach there, None for no grid."""
    if how == NONE:
        return None
    (north, west), (south, east) = view.position(0, 0), view.position(view.width, view.height)
    apart_m = _APART_PX * view.metres_per_px()
    try:
        return sheet_grid(how, south, west, north, east, apart_m, frame)
    except (OperatorError, ValueError):
        return sheet_grid(_USUAL, south, west, north, east, apart_m, frame)


def draw_lines(painter: QPainter, view: View, grid: SheetGrid, tokens: theme.Tokens) -> None:
    """The lines over the map; whoever calls clips them to it."""
    painter.save()
    painter.setPen(QPen(QColor(tokens.edge), 0.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in grid.lines:
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in _spots(view, line)]))
    painter.restore()


def draw_labels(painter: QPainter, view: View, grid: SheetGrid, at: QRectF, tokens: theme.Tokens) -> None:
    """The numbers around the map, which stands at ``at``: eastings above and below, northings left and right."""
    painter.save()
    painter.setFont(theme.paper_font())
    painter.setPen(QColor(tokens.text))
    for line in grid.lines:
        spots = _spots(view, line)
        for edge in (0.0, at.height() if not line.across else at.width()):
            place = crossing(spots, edge, across=line.across)
            if place is not None and 0 <= place <= (at.height() if line.across else at.width()):
                _label(painter, at, line, place, far=edge > 0)
    painter.restore()


def crossing(spots: Sequence[tuple[float, float]], edge: float, *, across: bool) -> float | None:
    """Where a line meets an edge: the y at x = ``edge`` of lines that run across, the x at y = ``edge`` of others."""
    along, other = (0, 1) if across else (1, 0)
    for one, next_one in pairwise(spots):
        near, far = one[along], next_one[along]
        if near != far and min(near, far) - 0.5 <= edge <= max(near, far) + 0.5:
            return one[other] + (edge - near) / (far - near) * (next_one[other] - one[other])
    return None


def _label(painter: QPainter, at: QRectF, line: GridLine, place: float, *, far: bool) -> None:
    half = QFontMetricsF(painter.font()).horizontalAdvance(line.label) / 2 + 2
    length = at.height() if line.across else at.width()
    middle = min(max(place, half), length - half)
    painter.save()
    if line.across:
        painter.translate(at.right() + GUTTER_PX / 2 if far else at.left() - GUTTER_PX / 2, at.top() + middle)
        painter.rotate(-90)
    else:
        painter.translate(at.left() + middle, at.bottom() + GUTTER_PX / 2 if far else at.top() - GUTTER_PX / 2)
    box = QRectF(-half, -GUTTER_PX / 2, 2 * half, GUTTER_PX)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, line.label)
    painter.restore()


def _spots(view: View, line: GridLine) -> list[tuple[float, float]]:
    return [view.pixel(lat, lon) for lat, lon in zip(line.lats, line.lons, strict=True)]
