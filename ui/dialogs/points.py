"""A list of points, pasted or out of a file, looked at line by line before anything of it is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.geodesy import coordinates
from fieldapp.geodesy.frame import Frame
from fieldapp.operations import outlines
from fieldapp.operations.outlines import FileArea, Line, PointList
from fieldapp.texts import N_, Texts
from ui import theme
from ui.forms.outline_values import typed_of
from ui.forms.typed_outline import AUTO, TypedOutlineText
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import clear
from ui.widgets.fields import TextField
from ui.widgets.labels import secondary, title
from ui.widgets.table import Cell, Column, DataTable

MOST_POINTS = 500
"""More rows than that are no list to be looked over by eye: the command line takes such outlines from a file."""

ReadFile = Callable[[Path, Callable[[list[FileArea]], None], Callable[[OperatorError], None]], None]


class PointsDialog(QDialog):
    """Paste a list or open a file; ``taken(object)``: the ``TypedOutlineText`` that somebody has looked at.

    Nothing is taken while a line cannot be read. ``read_file(path, done, failed)`` reads a file off this thread.
    """

    taken = Signal(object)

    def __init__(
        self, parent: QWidget, texts: Texts, frame: Frame, read_file: ReadFile, *, text: str = "", system: str = AUTO
    ) -> None:
        super().__init__(parent)
        self._texts, self._frame, self._system, self._read_file = texts, frame, system, read_file
        self._typed = TypedOutlineText()
        self.setWindowTitle(texts(N_("A list of points")))
        self.setModal(True)
        self.setMinimumSize(1100, 620)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = TextField(texts(N_("Paste the list here, one point to a line")), lines=14)
        self.text.set_text(text)
        self.table: DataTable[Line] = DataTable([
            Column(texts(N_("Line")), lambda one: str(one.number), 70, right=True),
            Column(texts(N_("Role")), lambda one: one.role, 80),
            Column(texts(N_("Read as")), self._read_as, stretch=True),
        ])  # fmt: skip
        self.said = QVBoxLayout()
        self.file = Button(texts(N_("Open a file")), "folder-open")
        self.leave = Button(texts(N_("Leave as it is")), "x")
        self.go = PrimaryButton(texts(N_("Nothing to take")), "check")
        self._lay_out()
        self.text.changed.connect(lambda _text: self._read())
        self.file.clicked.connect(self._ask_file)
        self.leave.clicked.connect(self.reject)
        self.go.clicked.connect(self._give)
        self._read()
        self.text.setFocus()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(theme.GAP)
        column.addWidget(title(self.windowTitle()))
        column.addWidget(secondary(self._texts(
            N_("From a spreadsheet, a message or a file: a position in each line, or columns named id, lat, lon."))))
        halves = QHBoxLayout()
        halves.setSpacing(20)
        halves.addWidget(self.text, 2)
        halves.addWidget(self.table, 3)
        column.addLayout(halves, 1)
        column.addLayout(self.said)
        row = QHBoxLayout()
        row.addWidget(self.file)
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.go)
        column.addLayout(row)

    def _read_as(self, one: Line) -> Cell:
        if one.understood is None:
            return Cell(one.sentence(self._texts), "danger", "triangle-alert")
        at = one.understood
        notes = " ".join(note.sentence(self._texts) for note in at.notes)
        shown = coordinates.format_position(at.lat, at.lon, "dd", self._frame)
        if notes:
            return Cell(self._texts(N_("{position} \u00b7 {note}"), position=shown, note=notes), "warn")
        return Cell(shown)

    def _read(self) -> None:
        """Look at the list as it stands."""
        clear(self.said)
        found: PointList | None = None
        if self.text.text().strip():
            try:
                found = outlines.from_text(self.text.text(), self._frame, self._system)
            except OperatorError as error:
                self.said.addWidget(error_banner(error.parts(self._texts)))
        self.table.set_rows(found.lines if found else ())
        ready = found is not None and not found.unread and self._few(len(found.lines))
        self._typed = TypedOutlineText()
        if found is not None and ready:
            points = outlines.points_of(found, self._system)
            self._typed = typed_of([[points]], self._system)
        elif found is not None and found.unread:
            count = len(found.unread)
            self.said.addWidget(Banner("danger", self._texts.plural(
                N_("{count} line cannot be read. Nothing is taken before it can."),
                N_("{count} lines cannot be read. Nothing is taken before they can."), count)))  # fmt: skip
        self._offer(ready)

    def _few(self, count: int) -> bool:
        if count <= MOST_POINTS:
            return True
        self.said.addWidget(Banner("warn", self._texts(
            N_("There are {count} points; here at most {most} are taken. Import them with the command line."),
            count=count, most=MOST_POINTS)))  # fmt: skip
        return False

    def _offer(self, ready: bool) -> None:
        count = self._typed.count
        self.go.setEnabled(ready and bool(count))
        self.go.setText(
            self._texts.plural(N_("Take {count} point"), N_("Take {count} points"), count)
            if ready and count else self._texts(N_("Nothing to take"))
        )  # fmt: skip

    def _ask_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, self._texts(N_("Open a file")), "", "GeoJSON, CSV (*.geojson *.json *.csv *.txt)"
        )
        if chosen:
            self.look_at(Path(chosen))

    def look_at(self, file: Path) -> None:
        """Show what a file holds: the areas of a GeoJSON or CSV file, or a list of points."""
        self._read_file(file, self._show_areas, self._show_failed)

    def _show_areas(self, found: list[FileArea]) -> None:
        clear(self.said)
        self.table.set_rows(())
        parts = [part for area in found if not area.unread for part in area.outline]
        for area in found:
            if area.unread:
                said = self._texts(N_("{title}: {reason}"), title=area.title, reason=area.reason(self._texts))
                self.said.addWidget(Banner("danger", said))
        self._typed = typed_of(parts)
        ready = self._few(self._typed.count) and not any(area.unread for area in found)
        if ready and parts:
            areas = len(found)
            self.said.addWidget(Banner("info", self._texts.plural(
                N_("{count} area in the file; its parts and holes are taken as they stand."),
                N_("{count} areas in the file; they are taken as parts of one."), areas)))  # fmt: skip
        self._offer(ready)

    def _show_failed(self, error: OperatorError) -> None:
        clear(self.said)
        self.table.set_rows(())
        self.said.addWidget(error_banner(error.parts(self._texts)))
        self._offer(ready=False)

    def _give(self) -> None:
        self.taken.emit(self._typed)
        self.accept()
