"""What the canvas gives to the tool at work: clicks, drags of what it grabs, double clicks, Alt, fingers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.texts import Texts
from ui.map.canvas import MapCanvas
from ui.map.layer import Pointer
from ui.map.view import View
from ui.theme import Tokens

ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
HANDLE = QPoint(200, 150)
REACH_PX = 20


class OneHandle:
    """A tool with a handle in the middle of the canvas; it writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.last: Pointer | None = None

    def _say(self, word: str, at: Pointer) -> None:
        self.told.append(word)
        self.last = at

    def press(self, at: Pointer) -> None:
        self._say("press", at)

    def double(self, at: Pointer) -> None:
        self._say("double", at)

    def move(self, at: Pointer) -> None:
        self._say("move", at)

    def grab(self, at: Pointer) -> bool:
        return at.pixels_to(*at.view.middle) <= REACH_PX

    def drag(self, at: Pointer) -> None:
        self._say("drag", at)

    def drop(self, at: Pointer) -> None:
        self._say("drop", at)

    def key(self, event: QKeyEvent, view: View) -> bool:
        self.told.append(f"key at zoom {view.zoom:g}")
        return event.key() == Qt.Key.Key_Space

    def draw(self, painter: QPainter, view: View, tokens: Tokens) -> None:
        """Nothing to draw."""


def canvas_with(qtbot: QtBot, tool: OneHandle) -> MapCanvas:
    made = MapCanvas(Texts("en"))
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show_view(View.at(40.0, 47.0, 16.0, 400, 300))
    made.set_tool(tool)
    made.show()
    qtbot.waitExposed(made)
    return made


def drag(canvas: MapCanvas, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(canvas, LEFT, NONE, start)
    QTest.mouseMove(canvas, start + QPoint(10, 0))
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, LEFT, NONE, end)


def test_what_the_tool_grabs_is_dragged_and_the_map_stays(app: QApplication, qtbot: QtBot) -> None:
    tool = OneHandle()
    canvas = canvas_with(qtbot, tool)
    before = canvas.view
    drag(canvas, HANDLE, QPoint(260, 190))
    assert canvas.view == before
    assert tool.told[-1] == "drop"
    assert "drag" in tool.told
    assert tool.last is not None
    x, y = canvas.view.pixel(tool.last.lat, tool.last.lon)
    assert (round(x), round(y)) == (260, 190)


def test_a_drag_elsewhere_moves_the_map_and_tells_the_tool_nothing(app: QApplication, qtbot: QtBot) -> None:
    tool = OneHandle()
    canvas = canvas_with(qtbot, tool)
    before = canvas.view
    drag(canvas, QPoint(50, 50), QPoint(90, 80))
    assert canvas.view != before
    assert not {"press", "drag", "drop"} & set(tool.told)


def test_a_click_is_a_press_and_a_double_click_is_told_after_it(app: QApplication, qtbot: QtBot) -> None:
    tool = OneHandle()
    canvas = canvas_with(qtbot, tool)
    QTest.mouseDClick(canvas.windowHandle(), LEFT, NONE, QPoint(50, 50))
    assert [word for word in tool.told if word != "move"] == ["press", "double"]


def test_alt_and_a_finger_are_told_with_the_place(app: QApplication, qtbot: QtBot) -> None:
    tool = OneHandle()
    canvas = canvas_with(qtbot, tool)
    QTest.mouseClick(canvas, LEFT, ALT, QPoint(50, 50))
    assert tool.last is not None
    assert tool.last.exact
    assert not tool.last.touch
    screen = QTest.createTouchDevice()
    QTest.touchEvent(canvas, screen).press(0, QPoint(60, 60), canvas)
    QTest.touchEvent(canvas, screen).release(0, QPoint(60, 60), canvas)
    assert tool.last.touch


def test_keys_go_to_the_tool_first_with_the_view_they_are_meant_in(app: QApplication, qtbot: QtBot) -> None:
    tool = OneHandle()
    canvas = canvas_with(qtbot, tool)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert tool.told[-2:] == ["key at zoom 16", "key at zoom 16"]
    assert canvas.view.zoom == 17.0


def test_two_fingers_move_the_ground_and_zoom_it_and_set_no_point(qtbot: QtBot) -> None:
    tool = OneHandle()
    canvas = canvas_with(qtbot, tool)
    screen = QTest.createTouchDevice()
    before = canvas.view

    def slide(wider_px: int) -> None:
        QTest.touchEvent(canvas, screen).press(0, QPoint(60, 60), canvas).press(1, QPoint(160, 60), canvas)
        for step in range(1, 11):
            left, right = QPoint(60 + 8 * step, 60), QPoint(160 + (8 + wider_px) * step, 60)
            QTest.touchEvent(canvas, screen).move(0, left, canvas).move(1, right, canvas)
        QTest.touchEvent(canvas, screen).release(0, left, canvas).release(1, right, canvas)

    slide(0)
    assert canvas.view.zoom == pytest.approx(before.zoom)
    assert canvas.view.middle[1] < before.middle[1], "the ground went to the right with the fingers"
    slide(10)
    assert canvas.view.zoom > before.zoom + 0.5
    assert not {"press", "drag", "drop"} & set(tool.told)
