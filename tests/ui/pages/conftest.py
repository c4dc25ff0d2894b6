"""Windows over real workspaces, and waiting for the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.operations.workspace import Workspace
from tests import builders
from tests.builders import Deployment
from tests.ui.pages.desk import Desk
from tests.ui.pages.scene import programme
from ui.main_window import MainWindow
from ui.session import Session


@dataclass
class Opened:
    """A window over one workspace of a programme."""

    there: Deployment
    names: list[str]
    window: MainWindow
    qtbot: QtBot

    @property
    def session(self) -> Session:
        """Its session."""
        return self.window.session

    def settle(self) -> None:
        """Wait until the worker has nothing left to do and the window has shown it."""
        self.qtbot.waitUntil(lambda: not self.session.background.is_busy(), timeout=20_000)
        QApplication.processEvents()


@pytest.fixture
def opened(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[str], Opened]]:
    """Opens the window on ``hq``, ``north`` or ``south`` of a fresh programme."""
    windows: list[MainWindow] = []
    with programme(tmp_path) as (there, names):

        def make(whose: str, language: str = "en") -> Opened:
            ws: Workspace = there.hq if whose == "hq" else there.laptops[whose]
            session = Session(ws.clock)
            session.open(ws, language)
            window = MainWindow(session)
            windows.append(window)
            qtbot.addWidget(window)
            window.resize(1366, 768)
            window.show()
            made = Opened(there, names, window, qtbot)
            made.settle()  # what a test writes itself must not meet the worker
            return made

        yield make
        for window in windows:
            window.session.background.close()
            window.hide()


@pytest.fixture
def desk(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """A laptop on its own."""
    made = Desk(qtbot, tmp_path / "laptop", builders.alone(tmp_path / "laptop"))
    yield made
    made.close()
