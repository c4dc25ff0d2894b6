"""Personal data of a victim, shown on purpose: who looked is noted, and nothing stays when the dialog is closed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from fieldapp.domain.personal import PERSONAL
from fieldapp.operations.personal import Reading
from fieldapp.texts import N_, Texts
from ui import theme
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Facts
from ui.widgets.labels import PlainLabel, title


class PersonalDialog(QDialog):
    """All parts that stand: one as a rule, several while corrections made apart are not settled."""

    def __init__(self, parent: QWidget, texts: Texts, number: str, readings: Sequence[Reading]) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts(N_("Personal data")))
        self.setModal(True)
        self.setMinimumWidth(620)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(theme.GAP)
        column.addWidget(title(texts(N_("Personal data of {number}"), number=number)))
        self.facts: list[tuple[str, str]] = []
        for reading in readings:
            column.addWidget(self._part(texts, reading))
        if not readings:
            column.addWidget(PlainLabel(texts(N_("No personal data were entered.")), wrap=True))
        if self.facts:
            column.addWidget(PlainLabel(texts(N_("It is noted who looked, and when.")), wrap=True))
        self.shut = Button(texts(N_("Close")), "x")
        self.shut.clicked.connect(self.accept)
        column.addWidget(self.shut)
        self.shut.setFocus()

    def _part(self, texts: Texts, reading: Reading) -> QWidget:
        if reading.values is None:
            if reading.here:
                return Banner("stale", texts(N_("Sealed for somebody else.")), "")
            said = texts(N_("They travel in a file of their own, which the laptop writes on purpose."))
            return Banner("stale", texts(N_("Not on this computer yet.")), said)
        facts = [
            (field.names.in_language(texts.language), str(reading.values[field.name]))
            for field in PERSONAL.fields if reading.values.get(field.name)
        ]  # fmt: skip
        self.facts += facts
        return Facts(facts)
