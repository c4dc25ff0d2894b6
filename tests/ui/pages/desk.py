"""A laptop on a desk: the window over a workspace of its own, driven by real keys that are counted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fieldapp.operations import records
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row
from tests import builders
from ui.main_window import MainWindow
from ui.pages.find import FindPage
from ui.pages.first_run import FirstRunPage
from ui.pages.plot import PlotPage
from ui.pages.today import TodayPage
from ui.session import Session

Key = Qt.Key
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Desk:
    """One window, one workspace (or none yet), and a count of keys pressed."""

    def __init__(self, qtbot: QtBot, folder: Path, ws: Workspace | None = None, language: str = "en") -> None:
        self.qtbot = qtbot
        self.session = Session(ws.clock if ws else builders.clock(), language, folder)
        if ws is not None:
            self.session.open(ws, language)
        self.window = MainWindow(self.session)
        self.window.resize(1366, 768)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.settle()
        self.keys = 0

    @property
    def ws(self) -> Workspace:
        """The open workspace; only while the worker has nothing to do."""
        return self.session._held()

    def close(self) -> None:
        """Put everything away."""
        self.session.close()
        self.window.hide()
        self.window.deleteLater()
        # Windows left for later would be styled again with each test that follows.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def settle(self) -> None:
        """Wait until the worker has nothing left to do and the window has shown it."""
        self.qtbot.waitUntil(lambda: not self.session.background.is_busy(), timeout=60_000)
        for _ in range(3):
            QApplication.processEvents()

    def focus(self) -> QWidget:
        """The widget that gets the keys."""
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, to whatever has the focus."""
        self.keys += 1
        QTest.keyClick(self.focus(), key, modifier)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """One key for each character, to whatever has the focus."""
        for character in text:
            self.keys += 1
            if character.isascii():
                QTest.keyClicks(self.focus(), character)
            else:  # QTest only knows the keys of an English keyboard
                plain = Qt.KeyboardModifier.NoModifier
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    event = QKeyEvent(kind, ord(character.upper()), plain, character)
                    QApplication.sendEvent(self.focus(), event)
            QApplication.processEvents()

    def open(self, key: str, what: object = None) -> None:
        """Another page."""
        self.window.open_page(key, what)
        self.settle()

    def find(self) -> FindPage:
        """The Find page, open."""
        page = self.window.pages["find"]
        assert isinstance(page, FindPage)
        return page

    def plot(self) -> PlotPage:
        """The Plot page."""
        page = self.window.pages["plot"]
        assert isinstance(page, PlotPage)
        return page

    def today(self) -> TodayPage:
        """The Today page."""
        page = self.window.pages["today"]
        assert isinstance(page, TodayPage)
        return page

    def first_run(self) -> FirstRunPage:
        """The page of the first start."""
        page = self.window.pages["first_run"]
        assert isinstance(page, FirstRunPage)
        return page

    def saved(self, kind: str = "find") -> list[Row]:
        """What is saved, newest first."""
        self.settle()
        return records.list_records(self.ws, kind)
