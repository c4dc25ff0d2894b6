"""The base maps of the map, in a window of their own: their lines need more room than the map's side has."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from fieldapp.texts import N_
from ui.map.base_maps_card import BaseMapsCard
from ui.map.base_maps_feed import BaseMapsFeed
from ui.session import Session
from ui.widgets.buttons import Button
from ui.widgets.frame import scrolled


class BaseMapsDialog(QDialog):
    """Changes take effect at once; the map follows behind it."""

    def __init__(self, parent: QWidget, session: Session, feed: BaseMapsFeed) -> None:
        super().__init__(parent)
        self.setWindowTitle(session.texts(N_("Base maps")))
        self.setModal(True)
        self.resize(760, 560)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.card = BaseMapsCard(session, feed)
        close = Button(session.texts(N_("Close")), "x")
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.addWidget(scrolled(self.card), 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
