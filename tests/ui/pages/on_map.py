"""A laptop with the map open, and what its tests look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests import builders
from tests.builders import a_find
from tests.ui.pages.desk import Desk
from ui import main_window
from ui.map.card import ListCard, RecordCard
from ui.pages import pages_for
from ui.pages.map import MapPage

SPOTS = (("PMN-2", "40.00000 47.00000"), ("TM-62M", "40.00050 47.00050"), ("OG-7", "40.00100 47.00000"))


@pytest.fixture(autouse=True)
def few_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The window has the map and the pages it leads to: to make all of them takes longer than most of these tests."""
    few = {"today", "map", "records", "disposal"}
    monkeypatch.setattr(main_window, "pages_for", lambda role: tuple(one for one in pages_for(role) if one.key in few))


@pytest.fixture
def laid(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """A laptop with three finds some 70 m apart."""
    ws = builders.alone(tmp_path / "laptop")
    for model, position in SPOTS:
        a_find(ws, model_text=model, position=position, found_on="2024-07-29")
    made = Desk(qtbot, tmp_path / "laptop", ws)
    made.open("map")
    yield made
    made.close()


def page_of(desk: Desk) -> MapPage:
    """The page, open and read."""
    page = desk.window.pages["map"]
    assert isinstance(page, MapPage)
    return page


def click_at(desk: Desk, lat: float, lon: float) -> None:
    """A real click on the canvas where a position is drawn."""
    page = page_of(desk)
    x, y = page.canvas.view.pixel(lat, lon)
    QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    desk.settle()


def card(desk: Desk) -> RecordCard:
    """The card of a record, which is shown."""
    shown = page_of(desk).side.card.content
    assert isinstance(shown, RecordCard)
    return shown


def listed(desk: Desk) -> ListCard:
    """The list, which is shown."""
    shown = page_of(desk).side.card.content
    assert isinstance(shown, ListCard)
    return shown
