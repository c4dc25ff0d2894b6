"""Drawing on the map page: from a click to the saved record, nothing lost by leaving, a restart or a kill."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.operations import areas, drafts, lookup
from fieldapp.operations.outlines import TypedPoint
from fieldapp.operations.workspace import Workspace, open_workspace
from tests import builders
from tests.builders import a_plot
from tests.builders_receiver import quiet_receiver
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.conftest import Opened
from tests.ui.pages.desk import CTRL, Desk, Key
from tests.ui.pages.test_plot_walked import stand_at
from tests.ui.pages.test_position_block import Field
from ui import sound
from ui.dialogs.task import TaskDialog
from ui.forms.typed_outline import TypedLine, from_text
from ui.map.drawing_outline import spot_of
from ui.map.drawing_panel import DrawingPanel
from ui.pages.area import AreaPage
from ui.pages.map import MapPage
from ui.pages.tasks import TasksPage
from ui.widgets import Banner

ROOT = Path(__file__).resolve().parents[3]
Open = Callable[..., Opened]
PLOT = ("40.0010 47.0000", "40.0010 47.0012", "40.0002 47.0012", "40.0002 47.0000")
NEW = ((40.0010, 47.0012), (40.0010, 47.0025), (40.0002, 47.0025), (40.0002, 47.0012))
"""A plot that has an edge in common with the saved one."""


def workspace(folder: Path) -> Workspace:
    ws = builders.alone(folder)
    a_plot(ws, points=PLOT)
    return ws


@pytest.fixture
def laid(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, tmp_path / "laptop", workspace(tmp_path / "laptop"))
    look(made)
    yield made
    made.close()


def look(desk: Desk) -> MapPage:
    """The map page, open, looking at both plots."""
    desk.open("map")
    page = page_of(desk)
    page.canvas.show_view(page.canvas.view.centred(40.0006, 47.0012, 17.6))
    desk.settle()
    return page


def page_of(desk: Desk) -> MapPage:
    page = desk.window.pages["map"]
    assert isinstance(page, MapPage)
    return page


def click(desk: Desk, lat: float, lon: float) -> None:
    canvas = page_of(desk).canvas
    x, y = canvas.view.pixel(lat, lon)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    desk.settle()


def draw(desk: Desk, corners: tuple[tuple[float, float], ...] = NEW) -> None:
    desk.press(Key.Key_D)
    for corner in corners:
        click(desk, *corner)


def panel(desk: Desk) -> DrawingPanel:
    shown = page_of(desk).side.card.content
    assert isinstance(shown, DrawingPanel)
    return shown


def offered(desk: Desk) -> Banner:
    shown = page_of(desk).side.card.content
    assert isinstance(shown, Banner)
    return shown


def drawn(desk: Desk) -> list[tuple[float, float]]:
    """The corners that the map has: in drawing, or waiting."""
    drawing = page_of(desk).drawing
    now = drawing.tool.steps.now if drawing.tool is not None else drawing.layer.drawn
    return [(round(spot.lat, 4), round(spot.lon, 4)) for spot in now.ring] if now is not None else []


def test_a_drawn_plot_is_reviewed_and_saved_by_its_form_and_shares_its_neighbours_digits(laid: Desk) -> None:
    draw(laid)
    laid.press(Key.Key_Return)
    page_of(laid).drawing.finish_button.click()
    laid.settle()
    assert laid.window.current_page() is laid.plot()
    form = laid.plot().form
    looked = form.looked().by_points
    assert looked is not None
    assert looked.count == 4
    (said, _), *_ = next(iter(looked.rows.values()))
    assert "Map click, snapped, ±5 m" in said
    form.release.set_text("cleared")
    laid.press(Key.Key_S, CTRL)
    saved = laid.saved("plot")[0]
    (ring,) = json.loads(saved["outline"])[0]
    assert [(float(vertex["lat"]), float(vertex["lon"])) for vertex in (ring[0], ring[3])] == [NEW[0], NEW[3]]
    assert {vertex["fixed_by"] for vertex in ring} == {"map_click"}
    laid.open("map")
    assert drawn(laid) == []
    assert not page_of(laid).drawing.active


def test_what_is_drawn_is_measured_and_a_crossing_is_named_while_it_is_drawn(laid: Desk) -> None:
    draw(laid)
    facts = dict(panel(laid).shown_facts)
    assert facts["Corners"] == "4"
    assert facts["Area"].endswith(" m²")
    canvas = page_of(laid).canvas
    x, y = canvas.view.pixel(*NEW[1])
    over, _ = canvas.view.pixel(40.0, 47.0018)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    QTest.mouseMove(canvas, QPoint(round(over), round(y) + 60))
    QTest.mouseMove(canvas, QPoint(round(over), round(canvas.view.pixel(40.0, 47.0)[1])))
    laid.settle()
    shown = panel(laid).problem
    assert shown.isVisible()
    assert shown.words()[0].startswith("The outline crosses or touches itself at 40.000")
    tool = page_of(laid).drawing.tool
    assert tool is not None
    assert tool.places
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    laid.settle()


def test_leaving_keeps_the_drawing_seen_and_offers_to_continue_it(laid: Desk) -> None:
    draw(laid, NEW[:3])
    laid.press(Key.Key_Escape)
    laid.settle()
    assert not page_of(laid).drawing.active
    assert offered(laid).words()[0] == "A drawing is not finished"
    assert offered(laid).words()[1].startswith("3 corners, kept ")
    assert drawn(laid) == list(NEW[:3])
    offered(laid).pressed.emit()
    laid.settle()
    click(laid, *NEW[3])
    assert drawn(laid) == list(NEW)
    laid.open("today")
    look(laid)
    assert page_of(laid).drawing.active
    laid.press(Key.Key_F)
    laid.settle()
    assert page_of(laid).drawing.active, "letters are the drawing's while something is drawn"
    page_of(laid).side.card.close_button.click()
    assert offered(laid).words()[0] == "A drawing is not finished"
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
        assert offered(again).words()[0] == "A drawing is not finished"
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


def test_a_typed_corner_goes_to_the_end_or_in_place_of_the_chosen_one(laid: Desk) -> None:
    draw(laid, NEW[:2])
    shown = panel(laid)
    shown.typed.set_text("not a place")
    assert not shown.put.isEnabled()
    shown.typed.set_text("40.0004 47.0030")
    assert shown.put.isEnabled()
    shown.put.click()
    laid.settle()
    assert drawn(laid)[-1] == (40.0004, 47.003)
    tool = page_of(laid).drawing.tool
    assert tool is not None
    assert tool.step(True)
    shown.typed.set_text("40.0012 47.0012")
    shown.put.click()
    laid.settle()
    assert drawn(laid)[0] == (40.0012, 47.0012)


def test_the_receivers_position_is_a_corner_that_says_so(
    app: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sounds: list[int] = []
    monkeypatch.setattr(sound, "alarm", lambda: sounds.append(1))
    with quiet_receiver() as talker:
        field = Field(qtbot, tmp_path / "laptop", talker)
        try:
            field.desk.open("map")
            field.desk.press(Key.Key_D)
            stand_at(field, NEW[0])
            field.desk.press(Key.Key_F5)
            field.desk.settle()
            tool = page_of(field.desk).drawing.tool
            assert tool is not None
            assert [spot.source for spot in tool.steps.now.ring] == ["live_fix"]
            assert float(tool.steps.now.ring[0].known["accuracy_m"]) > 0
            assert panel(field.desk).corner.text().startswith("SP: Live fix, ±")
            field.silence(14)
            page_of(field.desk).drawing.here.click()
            assert panel(field.desk).refused.words()[0].startswith("The receiver is silent")
            assert sounds
            assert tool.steps.now.count == 1
        finally:
            field.desk.close()


def test_without_a_receiver_a_corner_here_is_refused_in_words(laid: Desk) -> None:
    laid.press(Key.Key_D)
    laid.press(Key.Key_F5)
    assert panel(laid).refused.words()[0] == "No receiver is chosen."
    assert drawn(laid) == []


def test_a_form_sends_its_outline_to_the_map_and_takes_it_back_without_asking(laid: Desk) -> None:
    laid.open("plot")
    form = laid.plot().form
    form.points.set_text("\n".join(f"{lat} {lon}" for lat, lon in NEW[:3]))
    form.depth_cm.set_text("20")
    laid.settle()
    form.points.map_button.click()
    laid.settle()
    assert page_of(laid).drawing.active
    assert drawn(laid) == list(NEW[:3])
    page_of(laid).canvas.show_view(page_of(laid).canvas.view.centred(40.0006, 47.0012, 17.6))
    laid.press(Key.Key_Backspace)
    click(laid, *NEW[3])
    page_of(laid).drawing.finish_button.click()
    laid.settle()
    form = laid.plot().form
    assert form.points.typed().count == 4
    assert form.depth_cm.text() == "20"


def test_where_other_points_stand_in_the_form_it_asks_and_both_are_kept_until_then(laid: Desk) -> None:
    laid.open("plot")
    form = laid.plot().form
    form.points.set_text("40.02 46.98\n40.02 46.981")
    laid.settle()
    look(laid)
    draw(laid)
    page_of(laid).drawing.finish_button.click()
    laid.settle()
    form = laid.plot().form
    (banner,) = [one for one in form.findChildren(Banner) if one.isVisible() and one.words()[0].startswith("Take the")]
    assert form.points.typed().count == 2
    laid.open("map")
    assert drawn(laid) == list(NEW)
    page_of(laid).drawing.finish()
    laid.settle()
    banner = [one for one in form.findChildren(Banner) if one.isVisible() and one.words()[0].startswith("Take the")][-1]
    banner.pressed.emit()
    laid.settle()
    assert form.points.typed().count == 4
    assert form.undo()
    assert form.points.typed().count == 2
    laid.open("map")
    assert drawn(laid) == []


def test_a_recorded_area_is_drawn_on_and_corrected_with_its_hole(laid: Desk) -> None:
    ring = [TypedPoint(f"{lat} {lon}") for lat, lon in NEW]
    hole = [TypedPoint(text) for text in ("40.0004 47.0016", "40.0004 47.0020", "40.0007 47.0018")]
    name = areas.add(laid.ws, {"title": "North", "classification": "cha"}, outline=[[ring, hole]]).name
    laid.open("area", name)
    page = laid.window.pages["area"]
    assert isinstance(page, AreaPage)
    page.form.points.map_button.click()
    laid.settle()
    drawing = page_of(laid).drawing
    assert drawing.tool is not None
    assert drawing.record == name
    assert [len(one) for one in drawing.tool.steps.now.parts[0]] == [4, 3]
    drawing.tool.change(drawing.tool.steps.now.added(drawing.tool.steps.now.ring[0]))
    drawing.tool.undo()
    drawing.tool.chosen = None
    assert drawing.tool.step(True)
    laid.press(Key.Key_Up)
    laid.settle()
    drawing.finish()
    laid.settle()
    assert page.form.record is not None
    assert page.form.record.name == name
    typed = from_text(page.form.values()["points"])
    assert [len(one) for one in typed.parts[0]] == [4, 3]
    assert '"map_click"' in typed.parts[0][0][0].known
    assert '"map_click"' not in typed.parts[0][0][1].known


def test_headquarters_draws_a_task_and_the_drawing_waits_until_it_is_made(opened: Open) -> None:
    there = opened("hq")
    there.window.open_page("map")
    there.settle()
    page = there.window.pages["map"]
    assert isinstance(page, MapPage)
    page.drawing.go_on()
    tool, shown = page.drawing.tool, page.drawing.panel
    assert tool is not None
    assert shown is not None
    for lat, lon in NEW:
        tool.put(spot_of(TypedLine(f"{lat} {lon}")))
    tool.close()
    shown.target.set_text("tasks")
    tool.change(tool.steps.now.with_new_hole())
    for corner in ("40.0004 47.0016", "40.0004 47.0020", "40.0007 47.0018"):
        tool.put(spot_of(TypedLine(corner)))
    tool.close()
    there.settle()
    page.drawing.finish()
    there.settle()
    tasks_page = there.window.pages["tasks"]
    assert isinstance(tasks_page, TasksPage)
    (dialog,) = [one for one in tasks_page.findChildren(TaskDialog) if one.isVisible()]
    assert page.drawing.active
    dialog.items["title"].input.set_text("Canal")
    dialog.items["task_kind"].input.set_text("clearance")
    dialog.items["depth_required"].input.set_text("20")
    dialog.go.click()
    there.settle()
    (row,) = lookup.rows(there.there.hq, "task")
    assert [len(ring) for ring in json.loads(row["area"])[0]] == [4, 3]
    assert page.drawing.layer.drawn is None
    assert page.side.card.content is not shown
    assert drafts.kept(there.there.hq) == []


@pytest.mark.parametrize("language", ["az", "ru"])
def test_the_panel_has_no_clipped_words_and_no_small_targets(
    app: QApplication, qtbot: QtBot, tmp_path: Path, language: str
) -> None:
    desk = Desk(qtbot, tmp_path / "laptop", workspace(tmp_path / "laptop"), language)
    try:
        look(desk)
        draw(desk, (NEW[0], NEW[2], NEW[1], NEW[3]))
        shown = panel(desk)
        shown.typed.set_text("40.0004 47.0030")
        shown.sure.show()
        desk.press(Key.Key_F5)
        desk.settle()
        assert clipped_texts(page_of(desk)) == []
        assert small_targets(page_of(desk)) == []
    finally:
        desk.close()
