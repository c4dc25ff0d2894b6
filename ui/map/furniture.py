"""What stands on every map: graticule, scale bar, north, credits; texts with a halo that are read on any ground."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from fieldapp.texts import N_, Texts
from ui import theme
from ui.map.view import View

_SCALE_PX = 240
"""The scale bar is at most this long."""
_NICE = (1, 2, 5)
_STEPS_DEG = (30.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001)
_LEAST_APART_PX = 140
_MARGIN_PX = 18
_LOWEST_DEGREES_PX = 96
"""Above that the arrow to the north stands."""
_BESIDE_NORTH_PX = 140
"""No meridian so near to the right edge says its degrees: the arrow stands there."""
HALO_PX = 2
_CREDIT_LINE_PX = 18.0
_BESIDE_POINTER_PX = 150
_LEAST_CREDIT_PX = 220


def scale_length_m(metres_per_px: float, longest_px: float = _SCALE_PX) -> float:
    """The longest round length (1, 2 or 5 times a power of ten, in metres) that fits the scale bar."""
    longest_m = metres_per_px * longest_px
    power = 10.0 ** math.floor(math.log10(longest_m))
    return max(step * power for step in _NICE if step * power <= longest_m)


@lru_cache(maxsize=512)
def _advance_px(text: str) -> float:
    """How wide a line of small print is."""
    return QFontMetricsF(theme.font(theme.SECONDARY, theme.SEMIBOLD)).horizontalAdvance(text)


def graticule_step_deg(view: View) -> float:
    """Degrees between the lines: the finest step at which they stand far enough apart."""
    degrees_per_px = 360 / view.scale
    return min((step for step in _STEPS_DEG if step / degrees_per_px >= _LEAST_APART_PX), default=_STEPS_DEG[0])


def halo_text(
    painter: QPainter, x: float, baseline: float, text: str, tokens: theme.Tokens, *, size_px: int = theme.SECONDARY,
    colour: str = "", middle: bool = False,
) -> QRectF:
    """Draw ``text`` with a halo, from ``x`` on or with its middle there; returns the room it takes."""
    ink = colour or tokens.text
    if tokens.name == theme.PAPER.name:  # letters there, not pictures of them
        font = theme.paper_font(size_px, theme.SEMIBOLD)
        width = QFontMetricsF(font).horizontalAdvance(text)
        left = x - width / 2 if middle else x
        draw_halo(painter, QPointF(left, baseline), text, font, ink, tokens.card, letters=True)
    else:
        label = stamped(text, size_px, ink, tokens.card, painter.device().devicePixelRatio())
        width = label.width() / label.devicePixelRatio() - 2 * HALO_PX
        left = x - width / 2 if middle else x
        painter.drawPixmap(QPointF(left - HALO_PX, baseline - size_px - HALO_PX), label)
    return QRectF(left - HALO_PX, baseline - size_px, width + 2 * HALO_PX, size_px + 6)


@lru_cache(maxsize=8192)
def stamped(text: str, size_px: int, ink: str, paper: str, ratio: float) -> QPixmap:
    """A text with its halo, drawn once; its baseline lies ``size_px`` and the halo below its upper edge."""
    font = theme.font(size_px, theme.SEMIBOLD)
    width = math.ceil(QFontMetricsF(font).horizontalAdvance(text)) + 2 * HALO_PX
    made = QPixmap(round(width * ratio), round((size_px + 6 + 2 * HALO_PX) * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_halo(painter, QPointF(HALO_PX, size_px + HALO_PX), text, font, ink, paper)
    painter.end()
    return made


def draw_halo(
    painter: QPainter, at: QPointF, text: str, font: QFont, ink: str, paper: str, *, letters: bool = False
) -> None:
    """Draw ``text`` from ``at`` (left, baseline) in ``ink`` with a halo of ``paper``.

    ``letters``: as text that a PDF keeps as such, so that it can be searched and copied.
    """
    path = QPainterPath()
    path.addText(at, font, text)
    painter.save()
    round_pen = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(QPen(QColor(paper), 2 * HALO_PX, *round_pen))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    if letters:
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(at, text)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink))
        painter.drawPath(path)
    painter.restore()


def _credit_px(said: str) -> float:
    return QFontMetricsF(theme.font(theme.SECONDARY, theme.SEMIBOLD)).horizontalAdvance(said)


def credit_lines(sources: Sequence[str], width_px: float) -> list[str]:
    """All credits, once each, in lines that stand right of the pointer's coordinates and of the scale bar."""
    room = max(width_px / 2 - _BESIDE_POINTER_PX, _LEAST_CREDIT_PX)
    lines: list[str] = []
    said = " · ".join(dict.fromkeys(sources)).split()
    longest = int(room / theme.SECONDARY)  # few letters are wider than they are high
    for word in (long[at : at + longest] for long in said for at in range(0, len(long), longest)):
        if lines and _credit_px(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


class Furniture:
    """Draws over the layers. ``graticule`` can be switched off."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.graticule = True

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens, sources: Sequence[str]) -> None:
        """Draw all of it."""
        if self.graticule:
            self.draw_graticule(painter, view, tokens)
        self.draw_scale(painter, view, tokens)
        self.draw_north(painter, view, tokens)
        self._draw_credits(painter, view, tokens, sources)

    def rooms(self, view: View) -> list[QRectF]:
        """Where scale bar, north and the edges' degrees stand: no name may stand there."""
        metres = scale_length_m(view.metres_per_px())
        bar_px = metres / view.metres_per_px()
        return [
            QRectF(0, view.height - 46, _MARGIN_PX + bar_px + 70, 46), QRectF(view.width - 52, 0, 52, 76),
            QRectF(0, 0, view.width, 20),
        ]  # fmt: skip

    def draw_edges(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """Beyond the edges of the world: nobody is to take it for ground on which nothing lies."""
        left, top = view.pixel_of_world(0.0, 0.0)
        right, low = view.pixel_of_world(1.0, 1.0)
        wide, high = float(view.width), float(view.height)
        beyond = [
            QRectF(0, 0, max(left, 0.0), high), QRectF(min(right, wide), 0, max(wide - right, 0.0), high),
            QRectF(0, 0, wide, max(top, 0.0)), QRectF(0, min(low, high), wide, max(high - low, 0.0)),
        ]  # fmt: skip
        for part in (one for one in beyond if one.width() > 0 and one.height() > 0):
            painter.fillRect(part, QColor(tokens.card))
            painter.fillRect(part, QBrush(QColor(tokens.edge), Qt.BrushStyle.BDiagPattern))
            said, middle = self._texts(N_("The map ends here.")), part.center()
            halo_text(painter, middle.x(), middle.y(), said, tokens, size_px=theme.BODY, middle=True)

    def draw_graticule(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """Lines of latitude and longitude (WGS 84) with their degrees at the edges."""
        step = graticule_step_deg(view)
        places = max(0, -math.floor(math.log10(step) + 1e-9))
        north, west = view.position(0, 0)
        south, east = view.position(view.width, view.height)
        painter.save()
        painter.setPen(QPen(QColor(tokens.edge), 1, Qt.PenStyle.DotLine))
        labels: list[tuple[float, float, str]] = []
        for count in range(math.ceil(west / step), math.floor(east / step) + 1):
            x, _ = view.pixel(0.0, count * step)
            painter.drawLine(QPointF(x, 0), QPointF(x, view.height))
            if x < view.width - _BESIDE_NORTH_PX:
                labels.append((x + 4, 16.0, f"{abs(count * step):.{places}f}° {'E' if count >= 0 else 'W'}"))
        for count in range(math.ceil(south / step), math.floor(north / step) + 1):
            _, y = view.pixel(count * step, 0.0)
            painter.drawLine(QPointF(0, y), QPointF(view.width, y))
            said = f"{abs(count * step):.{places}f}° {'N' if count >= 0 else 'S'}"
            width = _advance_px(said)
            if _LOWEST_DEGREES_PX <= y <= view.height - _MARGIN_PX * 2:  # right, where no buttons, north or credits are
                labels.append((view.width - width - 6, y - 4, said))
        painter.restore()
        for x, y, text in labels:
            halo_text(painter, x, y, text, tokens, colour=tokens.text2)

    def draw_scale(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """The scale bar, right for the latitude of the middle."""
        per_px = view.metres_per_px()
        metres = scale_length_m(per_px)
        left, low = _MARGIN_PX, view.height - _MARGIN_PX
        right = left + metres / per_px
        for colour, width in ((tokens.card, 7), (tokens.text, 3)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawLine(QPointF(left, low), QPointF(right, low))
            for x in (left, (left + right) / 2, right):
                painter.drawLine(QPointF(x, low - 8), QPointF(x, low))
        halo_text(painter, left - 4, low - 14, "0", tokens)
        texts = self._texts
        said = (
            texts(N_("{count} km"), count=texts.number(metres / 1000)) if metres >= 1000
            else texts(N_("{count} m"), count=texts.number(metres))
        )  # fmt: skip
        halo_text(painter, right + 8, low + 5, said, tokens)

    def draw_north(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """An arrow: north is up."""
        x, top = view.width - 34.0, 20.0
        arrow = QPolygonF([QPointF(x, top), QPointF(x + 10, top + 28), QPointF(x, top + 21), QPointF(x - 10, top + 28)])
        painter.setPen(QPen(QColor(tokens.card), 3))
        painter.setBrush(QColor(tokens.text))
        painter.drawPolygon(arrow)
        halo_text(painter, x, top + 46, self._texts(N_("N")), tokens, middle=True)

    def _draw_credits(
        self, painter: QPainter, view: View, tokens: theme.Tokens, sources: Sequence[str]
    ) -> None:
        lines = credit_lines(sources, view.width)
        for up, said in enumerate(reversed(lines)):
            left, baseline = max(view.width - _credit_px(said) - 10, 4.0), view.height - 8.0 - up * _CREDIT_LINE_PX
            halo_text(painter, left, baseline, said, tokens, colour=tokens.text2)


def draw_rubber_band(painter: QPainter, one: QPointF, other: QPointF, tokens: theme.Tokens) -> None:
    """The box that is being drawn."""
    colour = QColor(tokens.accent)
    painter.setPen(QPen(colour, 2, Qt.PenStyle.DashLine))
    colour.setAlpha(40)
    painter.setBrush(colour)
    painter.drawRect(QRectF(one, other).normalized())
