"""What stands beside or below a printed map: scale, north, legend, notes. It is fitted to its room, never cut off."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from fieldapp.texts import N_, Texts
from ui import theme
from ui.map.furniture import scale_length_m
from ui.map.legend import SWATCH_PX, Entry
from ui.map.printing_words import Note
from ui.map.view import View

HEAD_PX, GAP_PX = 150, 10
"""Height of scale and north together; between notes."""
_HEADING_PX = 26
_LONGEST_BAR_PX, _NEEDLE_PX = 250.0, 46.0
_WRAP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_BESIDE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
_BESIDE_PX, _LEAST_COLUMN_PX = 20, 190
_FACTORS = tuple(percent / 100 for percent in range(100, 15, -5))


def note_font(note: Note) -> QFont:
    """Loud notes are bold: colour is nothing in black and white."""
    return theme.paper_font(theme.SECONDARY, theme.BOLD if note.loud else theme.REGULAR)


def note_px(note: Note, width: float) -> float:
    """Height of a note in a column."""
    room = QFontMetricsF(note_font(note)).boundingRect(QRectF(0, 0, width - 2, 10_000), _WRAP, note.text)
    return math.ceil(room.height()) + GAP_PX


def notes_px(notes: Sequence[Note], width: float) -> float:
    """Height of notes under one another."""
    return sum(note_px(note, width) for note in notes)


def split(notes: Sequence[Note], width: float) -> int:
    """How many notes stand below scale and north where the others have a column of their own."""
    def height(first: int) -> float:
        return max(HEAD_PX + notes_px(notes[:first], width), notes_px(notes[first:], width))

    return min(range(len(notes) + 1), key=height)


def row_px(entry: Entry, column: float) -> float:
    """Height of an entry of the legend in a column: as many lines as its words need."""
    room = QRectF(0, 0, column - SWATCH_PX[0] - _BESIDE_PX, 10_000)
    words = QFontMetricsF(theme.paper_font()).boundingRect(room, _WRAP, entry.words)
    return max(SWATCH_PX[1] + 4.0, math.ceil(words.height()) + 6)


def columns_of(entries: Sequence[Entry], width: float, columns: int) -> list[list[Entry]]:
    """The entries one after another in so many columns of about one height."""
    rows = [row_px(entry, width / columns) for entry in entries]
    high = max(sum(rows) / columns, max(rows, default=0.0))
    while (found := _flowed(entries, rows, high, columns)) is None:
        high += 6
    return found


def _flowed(entries: Sequence[Entry], rows: Sequence[float], high: float, columns: int) -> list[list[Entry]] | None:
    found: list[list[Entry]] = [[]]
    used = 0.0
    for entry, row in zip(entries, rows, strict=True):
        if used + row > high + 0.5:
            found.append([])
            used = 0.0
        found[-1].append(entry)
        used += row
    return found if len(found) <= columns else None


def entries_px(entries: Sequence[Entry], width: float, columns: int) -> float:
    """Height of a legend in so many columns."""
    return max((sum(row_px(entry, width / columns) for entry in one) for one in columns_of(entries, width, columns)),
               default=0.0)  # fmt: skip


def fitted(entries: Sequence[Entry], width: float, height: float) -> tuple[float, int]:
    """The largest factor, and the columns, at which a legend has room."""
    for factor in _FACTORS:
        for columns in _columns(width / factor):
            if entries_px(entries, width / factor, columns) * factor <= height:
                return factor, columns
    return _FACTORS[-1], _columns(width / _FACTORS[-1])[-1]


def _columns(width: float) -> list[int]:
    return [count for count in range(1, 7) if count == 1 or width / count >= _LEAST_COLUMN_PX]


def legend_px(entries: Sequence[Entry], width: float) -> float:
    """The least height in which a legend has room at its full size, its heading included."""
    return _HEADING_PX + min(entries_px(entries, width, columns) for columns in _columns(width))


def draw_entries(painter: QPainter, box: QRectF, entries: Sequence[Entry], tokens: theme.Tokens, texts: Texts) -> None:
    """The legend with its heading, made smaller where it would not fit."""
    painter.save()
    painter.setPen(QColor(tokens.text))
    painter.setFont(theme.paper_font(theme.BODY, theme.SEMIBOLD))
    painter.drawText(box.adjusted(0, 0, 0, 0), _WRAP, texts(N_("Legend")))
    painter.setFont(theme.paper_font())
    room = box.adjusted(0, _HEADING_PX, 0, 0)
    if not entries:
        painter.drawText(room, _WRAP, texts(N_("Nothing is drawn here.")))
    else:
        factor, columns = fitted(entries, room.width(), room.height())
        painter.translate(room.topLeft())
        painter.scale(factor, factor)
        column = room.width() / factor / columns
        for place, listed in enumerate(columns_of(entries, room.width() / factor, columns)):
            _draw_column(painter, QPointF(place * column, 0), column, listed, tokens)
    painter.restore()


def _draw_column(
    painter: QPainter, at: QPointF, column: float, entries: Sequence[Entry], tokens: theme.Tokens
) -> None:
    wide, high = SWATCH_PX
    left, top = at.x(), at.y()
    for entry in entries:
        row = row_px(entry, column)
        painter.save()
        entry.draw(painter, QRectF(left, top + (row - high) / 2, wide, high), tokens)
        painter.restore()
        painter.setFont(theme.paper_font())
        painter.setPen(QColor(tokens.text))
        room = QRectF(left + wide + 8, top, column - wide - _BESIDE_PX + 4, row)
        painter.drawText(room, _BESIDE, entry.words)
        top += row


def draw_notes(painter: QPainter, box: QRectF, notes: Sequence[Note], tokens: theme.Tokens) -> None:
    """Notes from the upper edge of a box on, made smaller where they would not fit."""
    factor = next((one for one in _FACTORS if notes_px(notes, box.width() / one) * one <= box.height()), _FACTORS[-1])
    painter.save()
    painter.translate(box.topLeft())
    painter.scale(factor, factor)
    painter.setPen(QColor(tokens.text))
    width, top = box.width() / factor, 0.0
    for note in notes:
        painter.setFont(note_font(note))
        painter.drawText(QRectF(0, top, width, 10_000), _WRAP, note.text)
        top += note_px(note, width)
    painter.restore()


def draw_head(
    painter: QPainter, box: QRectF, view: View, scale: int, needle_deg: float | None, tokens: theme.Tokens,
    texts: Texts,
) -> QRectF:  # fmt: skip
    """Scale and north; returns where the scale bar stands, as long as the ground it says at the view's middle."""
    painter.save()
    painter.setPen(QColor(tokens.text))
    painter.setFont(theme.paper_font(theme.PAGE, theme.SEMIBOLD))
    painter.drawText(box, _WRAP, texts(N_("Scale 1:{number}"), number=texts.number(scale)))
    painter.setFont(theme.paper_font())
    painter.drawText(box.adjusted(0, 34, -80, 0), _WRAP, texts(N_("on this paper, in the middle of the map")))
    bar = _draw_bar(painter, QPointF(box.left() + 6, box.top() + 104), view, box.width() - 100, tokens, texts)
    _draw_norths(painter, QPointF(box.right() - 34, box.top() + 92), needle_deg, tokens, texts)
    painter.restore()
    return bar


def _draw_bar(
    painter: QPainter, at: QPointF, view: View, room_px: float, tokens: theme.Tokens, texts: Texts
) -> QRectF:
    per_px = view.metres_per_px()
    metres = scale_length_m(per_px, min(_LONGEST_BAR_PX, room_px))
    width = metres / per_px
    bar = QRectF(at.x(), at.y(), width, 8)
    painter.setPen(QPen(QColor(tokens.text), 1))
    for piece in range(4):  # black and white by turns: it is read in a photocopy
        painter.setBrush(QColor(tokens.text if piece % 2 == 0 else tokens.bg))
        painter.drawRect(QRectF(bar.left() + piece * width / 4, bar.top(), width / 4, bar.height()))
    for share, text in ((0.0, "0"), (0.5, _number(metres / 2, metres, texts)), (1.0, _length(metres, texts))):
        wide = QFontMetricsF(painter.font()).horizontalAdvance(text) + 4
        number = QFontMetricsF(painter.font()).horizontalAdvance(text.split("\u00a0")[0].split(" ")[0])
        left = bar.left() + share * width - number / 2
        painter.drawText(QRectF(left, bar.bottom() + 2, wide, 22), Qt.AlignmentFlag.AlignLeft, text)
    return bar


def _number(metres: float, of: float, texts: Texts) -> str:
    value = metres / 1000 if of >= 1000 else metres
    return texts.number(value, 0 if value == round(value) else 1)


def _length(metres: float, texts: Texts) -> str:
    said = N_("{count} km") if metres >= 1000 else N_("{count} m")
    return texts(said, count=_number(metres, metres, texts))


def _draw_norths(
    painter: QPainter, foot: QPointF, needle_deg: float | None, tokens: theme.Tokens, texts: Texts
) -> None:
    """An arrow for true north, which is up, and a thin one for the compass, at its true angle."""
    ink = QColor(tokens.text)
    x, y = foot.x(), foot.y()
    top = y - _NEEDLE_PX
    painter.setPen(QPen(ink, 1.5))
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([QPointF(x, top - 12), QPointF(x + 8, top + 12), QPointF(x, top + 7),
                                   QPointF(x - 8, top + 12)]))  # fmt: skip
    painter.drawLine(QPointF(x, top), QPointF(x, y))
    painter.setFont(theme.paper_font(theme.SECONDARY, theme.SEMIBOLD))
    painter.drawText(QRectF(x - 30, top - 34, 60, 22), Qt.AlignmentFlag.AlignCenter, texts(N_("N")))
    if needle_deg is None:
        return
    painter.setFont(theme.paper_font())
    angle = math.radians(needle_deg)
    end = QPointF(x + math.sin(angle) * _NEEDLE_PX * 1.05, y - math.cos(angle) * _NEEDLE_PX * 1.05)
    painter.setPen(QPen(ink, 1, Qt.PenStyle.DashLine))
    painter.drawLine(foot, end)
    painter.setPen(ink)
    sign = "+" if needle_deg >= 0 else ""
    words = f"{sign}{texts.number(needle_deg, 1)}°"
    painter.drawText(QRectF(x - 60, y + 4, 90, 22), Qt.AlignmentFlag.AlignRight, words)
