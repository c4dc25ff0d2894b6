"""Nothing drawn is lost: by leaving the map, by a restart, by a kill."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.operations import drafts
from fieldapp.operations.workspace import open_workspace
from tests.ui.pages.desk import Desk, Key
from tests.ui.pages.drawing import NEW, draw, drawn, look, offered, panel, workspace
from tests.ui.pages.on_map import click_at, page_of
from ui.forms.drawn import DRAFT
from ui.widgets import Banner

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def laid(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, tmp_path / "laptop", workspace(tmp_path / "laptop"))
    look(made)
    yield made
    made.close()


def test_leaving_keeps_the_drawing_seen_and_offers_to_continue_it(laid: Desk) -> None:
    draw(laid, NEW[:3])
    laid.press(Key.Key_Escape)
    laid.settle()
    assert not page_of(laid).drawing.active
    assert offered(laid).banner.words()[0] == "A drawing is not finished"
    assert offered(laid).banner.words()[1].startswith("3 corners, kept ")
    assert drawn(laid) == list(NEW[:3])
    offered(laid).pressed.emit()
    laid.settle()
    click_at(laid, *NEW[3])
    assert drawn(laid) == list(NEW)
    laid.open("today")
    look(laid)
    assert page_of(laid).drawing.active
    laid.press(Key.Key_F)
    laid.settle()
    assert page_of(laid).drawing.active, "letters are the drawing's while something is drawn"
    page_of(laid).side.card.close_button.click()
    assert offered(laid).banner.words()[0] == "A drawing is not finished"
    offered(laid).pressed.emit()
    assert page_of(laid).drawing.active
    page_of(laid).show_layers()
    assert not page_of(laid).drawing.active
    assert drawn(laid) == list(NEW)


def test_after_a_restart_the_map_offers_the_drawing_and_today_leads_to_it(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "laptop"
    first = Desk(qtbot, folder, workspace(folder))
    look(first)
    draw(first, NEW[:3])
    first.close()
    again = Desk(qtbot, folder, open_workspace(folder))
    try:
        look(again)
        assert offered(again).banner.words()[0] == "A drawing is not finished"
        again.open("today")
        (banner,) = [one for one in again.today().findChildren(Banner) if one.isVisible()]
        assert banner.words()[0] == "One drawing on the map is not finished"
        banner.pressed.emit()
        again.settle()
        assert page_of(again).drawing.active
        assert drawn(again) == list(NEW[:3])
        panel(again).discard.click()
        assert page_of(again).drawing.active
        panel(again).sure.pressed.emit()
        again.settle()
        assert drawn(again) == []
        again.open("today")
        assert not [one for one in again.today().findChildren(Banner) if one.isVisible()]
    finally:
        again.close()


DRAWER = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from fieldapp.clock import SystemClock
from fieldapp.operations import drafts
from fieldapp.operations.workspace import open_workspace
from ui import theme
from ui.app import settle
from ui.main_window import MainWindow
from ui.session import Session

app = QApplication(["drawer"])
theme.apply(app, "sun")
session = Session(SystemClock(), "en")
session.open(open_workspace(Path(sys.argv[1])))
window = MainWindow(session)
window.show()
window.open_page("map")
settle(window)
page = window.pages["map"]
QTest.keyClick(page.canvas, Qt.Key.Key_D)
for x, y in ((300, 200), (400, 200), (400, 300)):
    QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
settle(window)
spots = page.drawing.tool.steps.now.ring
print(*(f"{spot.lat} {spot.lon}" for spot in spots), sep=";", flush=True)
os.kill(os.getpid(), 9) if os.name != "nt" else os._exit(9)
"""


def test_a_kill_after_a_corner_loses_no_corner(app: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "laptop"
    workspace(folder).close()
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", DRAWER, str(folder)], capture_output=True, text=True, env=environment, cwd=ROOT,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert done.stdout.count(";") == 2, done.stderr
    desk = Desk(qtbot, folder, open_workspace(folder))
    try:
        desk.open("map")
        waiting = page_of(desk).drawing.layer.drawn
        assert waiting is not None
        assert ";".join(f"{spot.lat} {spot.lon}" for spot in waiting.ring) == done.stdout.strip()
    finally:
        desk.close()


def test_a_form_that_asks_for_the_map_after_a_restart_does_not_push_the_kept_drawing_out(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "laptop"
    first = Desk(qtbot, folder, workspace(folder))
    look(first)
    draw(first, NEW[:3])
    first.close()
    again = Desk(qtbot, folder, open_workspace(folder))
    try:
        again.open("plot")
        again.plot().form.points.set_text("40.02 46.98\n40.02 46.981\n40.021 46.98")
        again.settle()
        again.plot().form.points.map_button.click()
        again.settle()
        assert drawn(again) == list(NEW[:3])
        assert panel(again).said.text().startswith("This drawing was not finished.")
        assert again.plot().form.points.typed().count == 3
        page_of(again).drawing.rest()
        (kept,) = [one for one in drafts.kept(again.ws) if one.form == DRAFT]
        drafts.keep(again.ws, DRAFT, {**kept.fields, "points": "of a version to come"})
    finally:
        again.close()
    desk = Desk(qtbot, folder, open_workspace(folder))
    try:
        look(desk)
        assert "by another version" in offered(desk).banner.words()[1]
        desk.press(Key.Key_D)
        desk.settle()
        assert not page_of(desk).drawing.active
        assert [one.fields["points"] for one in drafts.kept(desk.ws) if one.form == DRAFT] == ["of a version to come"]
        offered(desk).sure.pressed.emit()
        desk.settle()
        desk.press(Key.Key_D)
        desk.settle()
        assert page_of(desk).drawing.active
    finally:
        desk.close()


def test_pages_that_are_made_again_while_a_drawing_goes_to_its_form_lose_nothing(laid: Desk) -> None:
    draw(laid)
    laid.press(Key.Key_Return)
    laid.session.vocabularies_changed.emit()
    page_of(laid).drawing.finish_button.click()
    laid.settle()
    assert laid.plot().form.points.typed().count == 4
    laid.open("map")
    assert drawn(laid) == []
    assert [one.form for one in drafts.kept(laid.ws)] == ["plot"]
    laid.press(Key.Key_D)
    laid.settle()
    click_at(laid, *NEW[0])
    laid.session.set_language("ru")
    laid.settle()
    assert laid.window.current_page() is page_of(laid)
    assert drawn(laid) == [NEW[0]]
