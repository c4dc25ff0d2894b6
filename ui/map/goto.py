"""Going to a coordinate in any format: what is typed is read back before anybody goes there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.geodesy.frame import Frame
from fieldapp.operations import positions
from fieldapp.operations.positions import ReadBack
from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.buttons import PrimaryButton
from ui.widgets.fields import Field
from ui.widgets.labels import PlainLabel, secondary


class GotoPanel(QWidget):
    """A line for a position. ``asked(lat, lon)``: go there (WGS 84 degrees)."""

    asked = Signal(float, float)

    def __init__(self, texts: Texts, frame: Frame) -> None:
        super().__init__()
        self._texts, self._frame = texts, frame
        self._read: ReadBack | None = None
        self.position = Field(texts(N_("Position in any format")))
        self.position.changed.connect(lambda _text: self._show())
        self.position.line.entered.connect(self._go)
        self.read_as = PlainLabel("", theme.BODY, theme.SEMIBOLD, wrap=True)
        self.second = secondary("")
        self.remarks = PlainLabel("", theme.SECONDARY, tone="warn", wrap=True)
        self.problem = PlainLabel("", theme.SECONDARY, tone="danger", wrap=True)
        self.go = PrimaryButton(texts(N_("Go there")), "crosshair")
        self.go.clicked.connect(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(secondary("39.9899 46.8988; 38N 662106 4428361; 38S PK 64764 28110"))
        for part in (self.position, self.read_as, self.second, self.remarks, self.problem, self.go):
            column.addWidget(part)
        self._show()

    def _show(self) -> None:
        texts, typed = self._texts, self.position.text().strip()
        self._read, wrong = None, ""
        if typed:
            try:
                self._read = positions.read(typed, self._frame)
            except OperatorError as error:
                what, _kept, do = error.parts(texts)
                wrong = f"{what} {do}".strip()
        read = self._read
        remarks = [note.sentence(texts) for note in read.understood.notes] if read is not None else []
        if read is not None and read.swap is not None:
            remarks.append(read.swap.sentence(texts))
        shown = (read.shown, read.second) if read is not None else ("", "")
        for label, said in zip((self.read_as, self.second, self.remarks, self.problem),
                               (*shown, "\n".join(remarks), wrong), strict=True):  # fmt: skip
            label.setText(said)
            label.setVisible(bool(said))
        self.go.setEnabled(read is not None)

    def _go(self) -> None:
        if self._read is not None:
            self.asked.emit(self._read.understood.lat, self._read.understood.lon)
