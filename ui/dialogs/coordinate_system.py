"""Defines a coordinate system: its code, its name, its definition and, where it needs one, its datum operation."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.banner import error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import clear
from ui.widgets.fields import Field, TextField
from ui.widgets.labels import PlainLabel, title


class CoordinateSystemDialog(QDialog):
    """``given(str, dict)``: the code and the fields. It stays open until somebody says that the system was written."""

    given = Signal(str, dict)

    def __init__(self, parent: QWidget, texts: Texts) -> None:
        super().__init__(parent)
        self._texts = texts
        heading = texts(N_("Add a coordinate system"))
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setMinimumWidth(760)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(theme.GAP)
        column.addWidget(title(heading))
        column.addWidget(PlainLabel(texts(N_("Every laptop gets it, and positions can be typed in it by its code.")),
                                    wrap=True))  # fmt: skip
        self.code = Field(texts(N_("Code")), placeholder="kalbajar-1931")
        self.name = Field(texts(N_("Name")))
        both = QHBoxLayout()
        both.setSpacing(theme.GAP)
        both.addWidget(self.code, 1)
        both.addWidget(self.name, 2)
        column.addLayout(both)
        self.definition = TextField(texts(N_("Definition (EPSG code, WKT or PROJ)")))
        column.addWidget(self.definition)
        self.operation = Field(texts(N_("Datum operation (empty: as for SK-42)")),
                               placeholder="EPSG:15865")  # fmt: skip
        column.addWidget(self.operation)
        self._said = QVBoxLayout()
        column.addLayout(self._said)
        keep = Button(texts(N_("Leave as it is")), "x")
        keep.clicked.connect(self.reject)
        self.go = PrimaryButton(texts(N_("Add the system")), "check")
        self.go.clicked.connect(self._give)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(keep)
        row.addWidget(self.go)
        column.addLayout(row)
        for field in (self.code, self.name, self.definition):
            field.changed.connect(self._check)
        self._check()
        self.code.setFocus()

    def say(self, parts: tuple[str, str, str]) -> None:
        """What kept it from being written; everything typed stays."""
        clear(self._said)
        self._said.addWidget(error_banner(parts))

    def _check(self, *_changed: object) -> None:
        self.go.setEnabled(all(one.text().strip() for one in (self.code, self.name, self.definition)))

    def _give(self) -> None:
        clear(self._said)
        fields = {
            f"name_{self._texts.language}": self.name.text().strip(), "definition": self.definition.text().strip(),
            "operation": self.operation.text().strip() or None,
        }  # fmt: skip
        self.given.emit(self.code.text().strip(), fields)
