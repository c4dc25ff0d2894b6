"""How an outline in drawing looks: line, handles whose shape tells the source, middles of edges, crosshair, crossings.

Line and squares follow the look of a new plot (``shared/look``): accent with a light casing, SP and TPn by their
corners. A square was clicked on the map, a circle came from the receiver, a diamond was typed or recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from ui import theme
from ui.forms.points import point_names
from ui.forms.typed_outline import RingAt
from ui.map.drawing_outline import Drawn, LatLon, Spot
from ui.map.furniture import halo_text
from ui.map.view import View, position_of

HANDLE_PX, CHOSEN_PX, MIDDLE_PX = 9.0, 12.0, 6.0
"""Half the width of a handle."""
_WORD_PX = 22.0
"""So far beside its place a word stands."""
_APART_PX = 56.0
"""Edges shorter than this on the screen have no handle in their middle: it would lie under those of the corners."""
_NAMED = 60
"""With more corners in view than this they have no names: the names would be all that is seen."""
_NAME_PX = 30.0
"""The middle of a name stands so far beside its corner."""
_SHAPED = 150
"""With more in view they are small squares."""
_FILL_ALPHA = 46
_FROM_RECEIVER = ("live_fix", "average")


@dataclass(frozen=True)
class Marks:
    """What is marked besides the outline: the chosen corner, where the next one would be (``word``: on what), and
    the places where something is wrong. ``cross``: the middle is aimed at by keys.
    """

    chosen: tuple[RingAt, int] | None = None
    aimed: LatLon | None = None
    word: str = ""
    places: tuple[LatLon, ...] = ()
    cross: bool = False


@dataclass(frozen=True)
class Middle:
    """The middle of an edge: a corner put there comes before the one at ``place``."""

    ring: RingAt
    place: int
    at: LatLon


def middle_of(one: Spot, other: Spot) -> LatLon:
    """The middle of an edge as it is drawn."""
    (ax, ay), (bx, by) = one.world, other.world
    return position_of((ax + bx) / 2, (ay + by) / 2)


def pixels(ring: Sequence[Spot], view: View) -> list[QPointF]:
    """Where corners stand on the canvas."""
    scale, left, top = view.scale, view.width / 2, view.height / 2
    return [QPointF((x - view.x) * scale + left, (y - view.y) * scale + top) for x, y in (spot.world for spot in ring)]


def middles(drawn: Drawn, view: View) -> Iterator[Middle]:
    """The middles of edges that are long enough to have a handle; an open ring has no last edge."""
    for at in drawn.places():
        ring = drawn.ring_at(at)
        spots = pixels(ring, view)
        first = 1 if drawn.is_open(at) or len(ring) < 3 else 0
        for place in range(first, len(ring)):
            if (spots[place] - spots[place - 1]).manhattanLength() >= _APART_PX:
                yield Middle(at, place or len(ring), middle_of(ring[place - 1], ring[place]))


def draw_outline(painter: QPainter, view: View, tokens: theme.Tokens, drawn: Drawn, *, at_work: bool = True) -> None:
    """Ground and lines. ``at_work``: false for a drawing that waits; it is dashed then."""
    ground, lines = QPainterPath(), QPainterPath()
    for at in drawn.places():
        spots = pixels(drawn.ring_at(at), view)
        if len(spots) < 2:
            continue
        line = QPainterPath(spots[0])
        for spot in spots[1:]:
            line.lineTo(spot)
        if not drawn.is_open(at):
            line.closeSubpath()
        lines.addPath(line)
        if len(spots) > 2:
            ground.addPolygon(QPolygonF([*spots, spots[0]]))
    fill = QColor(tokens.accent)
    fill.setAlpha(_FILL_ALPHA)
    painter.save()
    ground.setFillRule(Qt.FillRule.OddEvenFill)
    painter.fillPath(ground, fill)
    style = Qt.PenStyle.SolidLine if at_work else Qt.PenStyle.DashLine
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width, pen in ((tokens.card, 8, Qt.PenStyle.SolidLine), (tokens.accent, 4, style)):
        painter.setPen(QPen(QColor(colour), width, pen, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(lines)
    painter.restore()


def draw_handles(painter: QPainter, view: View, tokens: theme.Tokens, drawn: Drawn, marks: Marks) -> None:
    """The next edge, corners and middles of edges, what is wrong, and where the next corner would be."""
    painter.save()
    _draw_next(painter, view, tokens, drawn, marks)
    for middle in middles(drawn, view):
        _draw_middle(painter, QPointF(*view.pixel(*middle.at)), tokens)
    around = QRectF(0, 0, view.width, view.height).adjusted(-CHOSEN_PX, -CHOSEN_PX, CHOSEN_PX, CHOSEN_PX)
    seen = [
        (at, place, spot, where)
        for at in drawn.places()
        for place, (spot, where) in enumerate(zip(drawn.ring_at(at), pixels(drawn.ring_at(at), view), strict=True))
        if around.contains(where)
    ]
    if len(seen) > _SHAPED:
        _draw_many(painter, [where for *_, where in seen], tokens)
    for at, place, spot, where in seen:
        if len(seen) <= _SHAPED or (at, place) == marks.chosen:
            _draw_corner(painter, where, tokens, spot, (at, place) == marks.chosen)
    for lat, lon in marks.places:
        _draw_wrong(painter, QPointF(*view.pixel(lat, lon)), tokens)
    if len(seen) <= _NAMED:
        _draw_names(painter, view, tokens, drawn, [(at, place, where) for at, place, _, where in seen])
    _draw_aim(painter, view, tokens, marks)
    painter.restore()


def _draw_names(
    painter: QPainter, view: View, tokens: theme.Tokens, drawn: Drawn, seen: Sequence[tuple[RingAt, int, QPointF]]
) -> None:
    """Names of corners, away from the middle of their ring: inside it they would hide finds."""
    names = {at: point_names([spot.line.role for spot in drawn.ring_at(at)]) for at in drawn.places()}
    rings = {at: pixels(drawn.ring_at(at), view) for at in {at for at, _, _ in seen}}
    for at, place, where in seen:
        middle = sum(rings[at], QPointF()) / len(rings[at])
        right = 1 if where.x() >= middle.x() else -1
        baseline = where.y() + (CHOSEN_PX + theme.BODY if where.y() > middle.y() else -CHOSEN_PX)
        halo_text(painter, where.x() + right * _NAME_PX, baseline, names[at][place], tokens, size_px=theme.BODY,
                  middle=True)  # fmt: skip


def _draw_many(painter: QPainter, spots: Sequence[QPointF], tokens: theme.Tokens) -> None:
    """Corners in a crowd: small squares, their sources told apart from nearer."""
    for colour, px in ((tokens.accent, 2 * MIDDLE_PX), (tokens.card, MIDDLE_PX)):
        painter.setPen(QPen(QColor(colour), px, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
        painter.drawPoints(QPolygonF(spots))


def _draw_next(painter: QPainter, view: View, tokens: theme.Tokens, drawn: Drawn, marks: Marks) -> None:
    """From the last corner to where the next one would be, and thinly back to the first."""
    if not drawn.open or not drawn.ring or marks.aimed is None:
        return
    aimed = QPointF(*view.pixel(*marks.aimed))
    last, first = (QPointF(*view.pixel(spot.lat, spot.lon)) for spot in (drawn.ring[-1], drawn.ring[0]))
    for colour, width in ((tokens.card, 6), (tokens.accent, 3)):
        painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.DashLine))
        painter.drawLine(last, aimed)
    if len(drawn.ring) > 1:
        painter.setPen(QPen(QColor(tokens.accent), 1, Qt.PenStyle.DotLine))
        painter.drawLine(aimed, first)


def _draw_corner(painter: QPainter, at: QPointF, tokens: theme.Tokens, spot: Spot, chosen: bool) -> None:
    half = CHOSEN_PX if chosen else HANDLE_PX
    painter.setPen(QPen(QColor(tokens.accent), 3))
    painter.setBrush(QColor(tokens.accent if chosen else tokens.card))
    box = QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half)
    if spot.source in _FROM_RECEIVER:
        painter.drawEllipse(box)
    elif spot.source == "map_click":
        painter.drawRect(box)
    else:
        far = half * 1.25
        painter.drawPolygon(QPolygonF([
            at + QPointF(0, -far), at + QPointF(far, 0), at + QPointF(0, far), at + QPointF(-far, 0),
        ]))  # fmt: skip
    if chosen:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.card), 2))
        painter.drawEllipse(at, half / 2, half / 2)


def _draw_middle(painter: QPainter, at: QPointF, tokens: theme.Tokens) -> None:
    """A small circle with a plus."""
    painter.setPen(QPen(QColor(tokens.accent), 2))
    painter.setBrush(QColor(tokens.card))
    painter.drawEllipse(at, MIDDLE_PX + 2, MIDDLE_PX + 2)
    painter.drawLine(at - QPointF(4, 0), at + QPointF(4, 0))
    painter.drawLine(at - QPointF(0, 4), at + QPointF(0, 4))


def _draw_wrong(painter: QPainter, at: QPointF, tokens: theme.Tokens) -> None:
    """A cross in a ring."""
    for colour, width in ((tokens.card, 8), (tokens.danger, 4)):
        painter.setPen(QPen(QColor(colour), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, 16, 16)
        for one in (QPointF(8, 8), QPointF(8, -8)):
            painter.drawLine(at - one, at + one)


def _draw_aim(painter: QPainter, view: View, tokens: theme.Tokens, marks: Marks) -> None:
    """The crosshair of the keys, and a ring with its word where a corner would be moved onto something."""
    if marks.cross:
        middle = QPointF(*view.pixel(*view.middle))
        for colour, width in ((tokens.card, 6), (tokens.text, 2)):
            painter.setPen(QPen(QColor(colour), width))
            for one in (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)):
                painter.drawLine(middle + one * 5, middle + one * 22)
    if marks.aimed is None or not marks.word:
        return
    at = QPointF(*view.pixel(*marks.aimed))
    for colour, width in ((tokens.card, 7), (tokens.ok, 3)):
        painter.setPen(QPen(QColor(colour), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, 15, 15)
        painter.drawPoint(at)
    wide = QFontMetricsF(theme.font(theme.BODY, theme.SEMIBOLD)).horizontalAdvance(marks.word)
    beside = at.x() + _WORD_PX if at.x() + _WORD_PX + wide <= view.width else at.x() - _WORD_PX - wide
    halo_text(painter, beside, at.y() + 6, marks.word, tokens, size_px=theme.BODY)
