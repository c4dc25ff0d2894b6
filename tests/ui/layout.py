"""Measures of a shown widget: text larger than its box, targets under 56 px. For tests of widgets and pages."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QLineEdit, QScrollBar, QWidget

from ui.theme import TARGET
from ui.widgets.buttons import PaintedButton
from ui.widgets.progress import Steps
from ui.widgets.table import CELL_ROLE, DataTable, cell_font

_WRAP = int(Qt.TextFlag.TextWordWrap)


def clipped_texts(widget: QWidget) -> list[str]:
    """Texts inside the shown ``widget`` that do not fit their boxes: labels, buttons, line fields, table cells."""
    found = []
    for inner in [widget, *widget.findChildren(QWidget)]:
        if not inner.isVisible():
            continue
        for text, font, box in _boxes(inner):
            wraps = not isinstance(inner, QLineEdit) and (not isinstance(inner, QLabel) or inner.wordWrap())
            if text and not _fits(text, font, box, wraps):
                found.append(f"{type(inner).__name__} {text!r} in {box.width()}x{box.height()}")
    return found


def _boxes(inner: QWidget) -> list[tuple[str, QFont, QRect]]:
    if isinstance(inner, PaintedButton | Steps):
        return inner.text_boxes()
    if isinstance(inner, QLabel):
        return [(inner.text(), inner.font(), inner.contentsRect())]
    if isinstance(inner, QAbstractButton):
        return [(inner.text(), inner.font(), inner.rect().adjusted(8, 4, -8, -4))]
    if isinstance(inner, QLineEdit):
        shown = inner.displayText() or inner.placeholderText()
        return [(shown, inner.font(), inner.rect().adjusted(14, 0, -14, 0))]
    if isinstance(inner, DataTable):
        return _cells(inner)
    return []


def _cells(table: DataTable[object]) -> list[tuple[str, QFont, QRect]]:
    boxes = []
    for row in range(min(table.rows.rowCount(), 50)):
        for column in range(table.rows.columnCount()):
            index = table.rows.index(row, column)
            cell = index.data(CELL_ROLE)
            pad = 24 if cell.chip else 20
            icon = (24 if cell.chip else 32) if cell.icon else 0
            box = QRect(0, 0, table.columnWidth(column) - pad - icon, table.rowHeight(row) - 4)
            boxes.append((cell.text, cell_font(cell), box))
    return boxes


def _fits(text: str, font: QFont, box: QRect, wraps: bool) -> bool:
    metrics = QFontMetrics(font)
    if not wraps:
        lines = text.split("\n")
        widest = max(metrics.horizontalAdvance(line) for line in lines)
        return widest <= box.width() + 1 and metrics.height() * len(lines) <= box.height() + 2
    needed = metrics.boundingRect(QRect(0, 0, max(box.width(), 1), 10_000), _WRAP, text)
    return needed.width() <= box.width() + 1 and needed.height() <= box.height() + 2


def small_targets(widget: QWidget) -> list[str]:
    """Buttons, fields and tappable rows inside the shown ``widget`` under 56 x 56 px."""
    found = []
    for inner in [widget, *widget.findChildren(QWidget)]:
        if not inner.isVisible() or isinstance(inner, QScrollBar):
            continue
        if isinstance(inner, QAbstractButton | QLineEdit) and not isinstance(inner.parent(), QAbstractItemView):
            if inner.width() < TARGET or inner.height() < TARGET:
                found.append(f"{type(inner).__name__} {inner.width()}x{inner.height()} {inner.text()!r}")
        elif isinstance(inner, DataTable) and inner.selectionMode() != QAbstractItemView.SelectionMode.NoSelection:
            low = [row for row in range(min(inner.rows.rowCount(), 50)) if inner.rowHeight(row) < TARGET]
            found.extend(f"row {row} of a table" for row in low)
    return found


def shown_at(widget: QWidget, width_px: int = 1366, height_px: int = 768) -> QWidget:
    """``widget`` shown at a size, laid out and painted once."""
    widget.resize(width_px, height_px)
    widget.show()
    for _ in range(3):
        QApplication.processEvents()
    widget.grab()
    return widget
