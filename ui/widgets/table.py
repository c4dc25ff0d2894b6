"""Tables: typed columns over plain rows. Rows of 56 px one can tap, no elided text, keyboard selection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui import icons, theme
from ui.widgets.banner import chip_width, draw_chip

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT, REPORT_ROW_HEIGHT = 56, 31
"""Heights of rows one can tap and of read-only report rows, logical px."""
OBJECT_ROLE = int(Qt.ItemDataRole.UserRole)
"""The row itself."""
CELL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The ``Cell`` to draw."""
_LINES_KNOWN = 5_000
"""So many widths of texts are remembered."""
_ROWS_KNOWN = 300
"""So many rows are remembered as they were measured."""
_MEASURED = 100
"""So many rows of a new list decide how wide its columns are."""


@dataclass(frozen=True)
class Cell:
    """What a cell shows. A ``tone`` with ``chip`` draws a chip (icon and word), without it coloured text."""

    text: str
    tone: str = "text"
    icon: str = ""
    chip: bool = False
    bold: bool = False
    struck: bool = False


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: its title and what it shows of a row.

    ``width_px`` 0 takes what its widest text needs; ``stretch`` takes what is left and wraps. Numbers go ``right``.
    """

    title: str
    cell: Callable[[Row], Cell | str]
    width_px: int = 0
    stretch: bool = False
    right: bool = False


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows of any type, shown through columns. ``rows`` may be a lazy sequence: only what is seen is read."""

    def __init__(self, columns: Sequence[Column[Row]], rows: Sequence[Row] = ()) -> None:
        super().__init__()
        self._columns, self._rows = tuple(columns), rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def add_rows(self, more: Sequence[Row]) -> None:
        """Show these rows below the others; what is selected and where the list stands stay as they are."""
        if more:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(more) - 1)
            self._rows = [*self._rows, *more]
            self.endInsertRows()

    def row(self, place: int) -> Row:
        """The row at a place."""
        return self._rows[place]

    def all_rows(self) -> Sequence[Row]:
        """All rows, as given."""
        return self._rows

    def columns(self) -> tuple[Column[Row], ...]:
        """The columns."""
        return self._columns

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's name and default
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's name and default
        """How many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def cell(self, place: int, column: int) -> Cell:
        """What is shown at a place; the first column is bold."""
        shown = self._columns[column].cell(self._rows[place])
        return shown if isinstance(shown, Cell) else Cell(shown, bold=column == 0)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Text, cell or row, by role."""
        if not index.isValid():
            return None
        if role == OBJECT_ROLE:
            return self._rows[index.row()]
        cell = self.cell(index.row(), index.column())
        if role == CELL_ROLE:
            return cell
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            return cell.text
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """The column's title and alignment."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        column = self._columns[section]
        if role == int(Qt.ItemDataRole.DisplayRole):
            return column.title
        if role == int(Qt.ItemDataRole.TextAlignmentRole):
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class _CellDelegate(QStyledItemDelegate):
    """Draws cells: wrapped text or a chip, a hairline below, soft fill on the selected row."""

    def __init__(self, row_height_px: int) -> None:
        super().__init__()
        self._row_height_px = row_height_px
        self._lines_px: dict[Cell, int] = {}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        cell = index.data(CELL_ROLE)
        tokens = theme.current()
        rect: QRect = option.rect
        state = option.state
        painter.save()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, QColor(tokens.soft if chosen else tokens.card))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.hairline))
        if cell.chip:
            wide = min(chip_width(cell.text, cell.icon), rect.width() - 8)
            spot = QRectF(rect.left() + 4, rect.center().y() - 15.5, wide, 32)
            draw_chip(painter, spot, cell.text, cell.tone, cell.icon, cell.struck)
        else:
            self._paint_text(painter, rect.adjusted(10, 2, -10, -2), cell, self._right(index))
        painter.restore()

    @staticmethod
    def _right(index: Index) -> bool:
        model = index.model()
        return isinstance(model, RowsModel) and model.columns()[index.column()].right

    @staticmethod
    def _paint_text(painter: QPainter, box: QRect, cell: Cell, right: bool) -> None:
        ink = theme.current().ink(cell.tone)
        if cell.icon:
            icons.draw(painter, cell.icon, QRectF(box.left(), box.center().y() - 11.5, 24, 24), ink)
            box = box.adjusted(32, 0, 0, 0)
        text_font = cell_font(cell)
        text_font.setStrikeOut(cell.struck)
        painter.setFont(text_font)
        painter.setPen(QColor(ink))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap), cell.text)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """The width of the text on one line, and the height it takes in its column."""
        cell: Cell = index.data(CELL_ROLE)
        line = self.line_px(cell)
        view = self.parent()
        width = view.columnWidth(index.column()) if isinstance(view, QTableView) else line
        return QSize(line, self.height_in(cell, width))

    def height_in(self, cell: Cell, width_px: int) -> int:
        """The height a cell takes in a column of this width."""
        if cell.chip or (self.line_px(cell) <= width_px and "\n" not in cell.text):
            return self._row_height_px
        box = QRect(0, 0, max(width_px - _beside(cell), 20), 10_000)
        metrics = QFontMetrics(cell_font(cell))
        return max(
            self._row_height_px, metrics.boundingRect(box, int(Qt.TextFlag.TextWordWrap), cell.text).height() + 10
        )

    def line_px(self, cell: Cell) -> int:
        """The width of a cell on one line; measured once, as a layout asks for it several times."""
        known = self._lines_px.get(cell)
        if known is None:
            if len(self._lines_px) > _LINES_KNOWN:
                self._lines_px.clear()
            if cell.chip:
                known = chip_width(cell.text, cell.icon) + 12
            else:
                known = QFontMetrics(cell_font(cell)).horizontalAdvance(cell.text) + _beside(cell)
            self._lines_px[cell] = known
        return known


def _beside(cell: Cell) -> int:
    """What stands beside the text of a cell: its margins and icon, logical px."""
    return 22 + (32 if cell.icon else 0)


def cell_font(cell: Cell) -> QFont:
    """The font a cell is drawn in."""
    return theme.font(theme.BODY, theme.SEMIBOLD if cell.bold else theme.REGULAR)


class DataTable(QTableView, Generic[Row]):
    """A table of rows. ``chosen(object)`` tells the selected row, ``opened(object)`` Enter or a second tap on it.

    With ``tappable`` False it is a read-only report table: rows of 31 px, nothing can be selected.
    """

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, columns: Sequence[Column[Row]], rows: Sequence[Row] = (), tappable: bool = True) -> None:
        super().__init__()
        self.rows: RowsModel[Row] = RowsModel(columns, rows)
        self._row_height_px = ROW_HEIGHT if tappable else REPORT_ROW_HEIGHT
        side = self.verticalHeader()
        side.hide()
        side.setFont(theme.font(8))  # hidden, yet rows are never made lower than its own text would be
        side.setMinimumSectionSize(self._row_height_px)
        side.setDefaultSectionSize(self._row_height_px)
        self.setModel(self.rows)  # after the row height: changing it later walks through every row there is
        self._delegate = _CellDelegate(self._row_height_px)
        self._delegate.setParent(self)
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.SingleSelection if tappable else mode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tappable else Qt.FocusPolicy.NoFocus)
        self._set_headers(columns)
        if tappable:
            self.activated.connect(lambda index: self.opened.emit(self.rows.row(index.row())))

    def _set_headers(self, columns: Sequence[Column[Row]]) -> None:
        head = self.horizontalHeader()
        head.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        head.setSectionsClickable(False)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(theme.TARGET)
        head.setTextElideMode(Qt.TextElideMode.ElideNone)
        resize = QHeaderView.ResizeMode
        for place, column in enumerate(columns):
            # not ResizeToContents: Qt would measure every cell again at each step of a layout
            head.setSectionResizeMode(place, resize.Stretch if column.stretch else resize.Fixed)
            if column.width_px:
                self.setColumnWidth(place, column.width_px)
        # A scroll bar that appears narrows the columns while Qt still lays out: fit once it has finished.
        self._fit_later = QTimer(self)
        self._fit_later.setSingleShot(True)
        self._fit_later.timeout.connect(self._fit_rows)
        head.sectionResized.connect(lambda *_sizes: self._fit_later.start(0))
        self._seen: dict[int, list[tuple[Cell, int]]] = {}
        self.rows.modelReset.connect(self._seen.clear)
        self.rows.rowsInserted.connect(self._fit_new)
        self._fit()

    def set_rows(self, rows: Sequence[Row], keep: Callable[[Row], bool] | None = None) -> None:
        """Show these rows; the first one ``keep`` accepts is selected without being announced."""
        self.rows.set_rows(rows)
        self._fit()
        if keep is not None:
            for place, row in enumerate(rows):
                if keep(row):
                    blocked = self.blockSignals(True)
                    self.selectRow(place)
                    self.blockSignals(blocked)
                    break

    def chosen_row(self) -> Row | None:
        """The selected row, None while none is."""
        places = self.selectionModel().selectedRows()
        return self.rows.row(places[0].row()) if places else None

    def natural_height(self) -> int:
        """Height that shows all rows without scrolling, logical px."""
        return self.horizontalHeader().sizeHint().height() + sum(
            self.rowHeight(place) for place in range(self.rows.rowCount())
        )

    def _fit(self) -> None:
        """Ask for the width at which no word is cut, so that the page widens or scrolls instead of eliding."""
        self._fit_columns(range(min(self.rows.rowCount(), _MEASURED)), narrow=True)
        head, metrics = self.horizontalHeader(), QFontMetrics(theme.font(theme.BODY, theme.SEMIBOLD))
        width = self.verticalScrollBar().sizeHint().width()
        for place, column in enumerate(self.rows.columns()):
            if column.stretch:
                seen = [self._cells(row)[place][0].text for row in range(min(self.rows.rowCount(), _MEASURED))]
                words = {word for text in (*seen, column.title) for word in text.split()}
                width += max(map(metrics.horizontalAdvance, words), default=0) + 60
            else:
                width += head.sectionSize(place)
        self.setMinimumWidth(width)
        self._fit_rows()

    def _cells(self, place: int) -> list[tuple[Cell, int]]:
        """What a row shows and its widths on one line, worded once for all that is measured of it."""
        known = self._seen.get(place)
        if known is None:
            if len(self._seen) > _ROWS_KNOWN:
                self._seen.clear()
            cells = [self.rows.cell(place, at) for at in range(self.rows.columnCount())]
            known = self._seen[place] = [(cell, self._delegate.line_px(cell)) for cell in cells]
        return known

    def _fit_columns(self, places: Iterable[int], *, narrow: bool) -> None:
        """Give every column that does not stretch the width of its widest cell among these rows, or its title's."""
        head, places = self.horizontalHeader(), list(places)
        for at, column in enumerate(self.rows.columns()):
            if column.stretch or column.width_px:
                continue
            widest = max((self._cells(place)[at][1] for place in places), default=0)
            least = 0 if narrow else head.sectionSize(at)
            wanted = max(widest, head.sectionSizeHint(at), head.minimumSectionSize(), least)
            if wanted != head.sectionSize(at):
                head.resizeSection(at, wanted)

    def _fit_rows(self) -> None:
        """Give wrapped rows the height they need; long tables keep one height, so that they open at once."""
        if self.rows.rowCount() <= _ROWS_KNOWN:
            self._fit_some(range(self.rows.rowCount()))

    def _fit_new(self, _parent: Index, first: int, last: int) -> None:
        self._fit_columns(range(first, last + 1), narrow=False)
        self._fit_some(range(first, last + 1))

    def _fit_some(self, places: Iterable[int]) -> None:
        # resizeRowsToContents asks every cell through the model and the style; only few rows are not of one height
        widths = [self.columnWidth(column) for column in range(self.rows.columnCount())]
        for place in places:
            height = max(
                (
                    self._delegate.height_in(cell, width)
                    for (cell, line), width in zip(self._cells(place), widths, strict=True)
                    if line > width or "\n" in cell.text
                ),
                default=self._row_height_px,
            )
            if self.rowHeight(place) != height:
                self.setRowHeight(place, height)

    def showEvent(self, event: QShowEvent) -> None:
        """Titles take the room that the style gives them only once it is known."""
        super().showEvent(event)
        self._fit()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell which row was chosen."""
        super().selectionChanged(selected, deselected)
        row = self.chosen_row()
        if row is not None and not self.signalsBlocked():
            self.chosen.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the selected row; Esc is left to the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            row = self.chosen_row()
            if row is not None:
                self.opened.emit(row)
                return
        super().keyPressEvent(event)
