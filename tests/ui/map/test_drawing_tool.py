"""Drawing with real mouse, touch and key events: corners set, snapped, dragged, put between, taken out, taken back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.domain import symbols
from fieldapp.operations import outlines
from fieldapp.operations.map_grounds import Ground, Line
from fieldapp.texts import Texts
from ui.forms import outline_values
from ui.forms.typed_outline import RingAt, TypedLine
from ui.map import drawing_outline
from ui.map.canvas import MapCanvas
from ui.map.drawing_outline import FIRST, Drawn, Steps, spot_of
from ui.map.drawing_tool import Chosen, DrawingTool
from ui.map.grounds import GroundLayers, GroundReader
from ui.map.snapping import Snapping
from ui.map.view import View

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
NONE, CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
WIDE, HIGH = 600, 400
NEIGHBOUR = ((40.0005, 47.0), (40.0005, 47.001), (39.9995, 47.001), (39.9995, 47.0))
"""A plot that stands on the map: its edges lie in the view."""
SQUARE = (QPoint(120, 80), QPoint(240, 80), QPoint(240, 200), QPoint(120, 200))
"""Far from it."""


@dataclass
class Table:
    """A canvas with the tool on it."""

    canvas: MapCanvas
    tool: DrawingTool

    def click(self, at: QPoint, modifier: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.canvas, LEFT, modifier, at)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.canvas, key, modifier)

    def drag(self, start: QPoint, end: QPoint, modifier: Qt.KeyboardModifier = NONE) -> None:
        QTest.mousePress(self.canvas, LEFT, modifier, start)
        QTest.mouseMove(self.canvas, start + QPoint(8, 8))
        QTest.mouseMove(self.canvas, end)
        QTest.mouseRelease(self.canvas, LEFT, modifier, end)

    def square(self) -> None:
        for at in SQUARE:
            self.click(at)

    def pixels(self, ring: RingAt = FIRST) -> list[tuple[int, int]]:
        """Where the corners of a ring are seen."""
        spots = [self.canvas.view.pixel(spot.lat, spot.lon) for spot in self.tool.steps.now.ring_at(ring)]
        return [(round(x), round(y)) for x, y in spots]

    def steps_closed(self) -> bool:
        return not self.tool.steps.now.open

    def at(self, lat: float, lon: float) -> QPoint:
        x, y = self.canvas.view.pixel(lat, lon)
        return QPoint(round(x), round(y))


@pytest.fixture
def table(app: QApplication, qtbot: QtBot) -> Table:
    texts = Texts("en")
    layers = GroundLayers(texts)
    line = Line(tuple(lat for lat, _ in NEIGHBOUR), tuple(lon for _, lon in NEIGHBOUR))
    look = symbols.of_plot("cleared", approved=True)
    layers.show(GroundReader(texts).prepared([Ground("plot/t/1", "plot", "released", "P-1", (line,), (), look)]))
    canvas = MapCanvas(texts)
    qtbot.addWidget(canvas)
    canvas.resize(WIDE, HIGH)
    canvas.show_view(View.at(40.0, 46.9995, 18.0, WIDE, HIGH))
    tool = DrawingTool(texts, Steps(Drawn()), Snapping(layers))
    tool.pan_asked.connect(lambda x, y: canvas.show_view(canvas.view.moved(x, y)))
    canvas.set_tool(tool)
    canvas.show()
    qtbot.waitExposed(canvas)
    return Table(canvas, tool)


def seen(points: tuple[QPoint, ...]) -> list[tuple[int, int]]:
    return [(point.x(), point.y()) for point in points]


def test_clicks_set_corners_and_each_says_that_it_was_clicked_and_is_no_better_than_a_map(table: Table) -> None:
    table.square()
    assert table.pixels() == seen(SQUARE)
    assert {(spot.source, spot.known["accuracy_m"]) for spot in table.tool.steps.now.ring} == {("map_click", "5")}
    table.canvas.show_view(View.at(40.0, 46.9995, 12.0, WIDE, HIGH))
    table.click(QPoint(500, 300))
    metres = float(table.tool.steps.now.ring[-1].known["accuracy_m"])
    assert metres >= 4 * table.canvas.view.metres_per_px()


@pytest.mark.parametrize("how", ["first", "enter", "double"])
def test_a_click_on_the_first_corner_enter_and_a_double_click_close_the_ring(table: Table, how: str) -> None:
    for at in SQUARE[:2]:
        table.click(at)
    table.press(Key.Key_Return)
    assert table.tool.steps.now.open
    assert table.tool.said == "1 corner more is needed to close it."
    if how == "double":
        QTest.mouseDClick(table.canvas.windowHandle(), LEFT, NONE, SQUARE[2])
    else:
        table.click(SQUARE[2])
        table.click(SQUARE[0]) if how == "first" else table.press(Key.Key_Return)
    assert table.pixels() == seen(SQUARE[:3])
    assert table.steps_closed()
    table.click(QPoint(400, 300))
    assert table.tool.steps.now.count == 3


def test_a_corner_near_a_plot_snaps_to_its_very_digits_and_says_so(table: Table) -> None:
    table.click(table.at(*NEIGHBOUR[0]) + QPoint(-7, 6))
    spot = table.tool.steps.now.ring[0]
    assert (spot.lat, spot.lon) == NEIGHBOUR[0]
    assert spot.known["snapped_to"] == "plot/t/1"
    assert spot.source == "map_click"
    assert table.tool.said == "On a corner of P-1"


def test_alt_holds_snapping_off_and_s_switches_it(table: Table) -> None:
    near = table.at(*NEIGHBOUR[0]) + QPoint(-7, 6)
    table.click(near, ALT)
    table.press(Key.Key_Backspace)
    assert table.tool.steps.now.count == 0
    table.press(Key.Key_S)
    table.click(near)
    assert "snapped_to" not in table.tool.steps.now.ring[0].known
    assert table.pixels() == seen((near,))
    table.press(Key.Key_S)
    assert table.tool.snaps.enabled


def test_where_a_corner_would_snap_is_shown_before_it_is_set(table: Table) -> None:
    table.click(SQUARE[0])
    QTest.mouseMove(table.canvas, table.at(*NEIGHBOUR[3]) + QPoint(5, 5))
    assert table.tool.snapped is not None
    assert table.tool.snapped.name == "P-1"
    assert table.tool.steps.now.count == 1


def test_corners_are_dragged_onto_the_plot_too_and_the_map_stays(table: Table) -> None:
    table.square()
    table.press(Key.Key_Return)
    before = table.canvas.view
    table.drag(SQUARE[1], table.at(*NEIGHBOUR[0]) + QPoint(4, 4))
    assert table.canvas.view == before
    moved = table.tool.steps.now.ring[1]
    assert (moved.lat, moved.lon) == NEIGHBOUR[0]
    table.press(Key.Key_Z, CTRL)
    assert table.pixels() == seen(SQUARE)
    assert not table.tool.steps.now.open


def test_the_middle_of_an_edge_is_dragged_into_a_corner_or_tapped_into_one(table: Table) -> None:
    table.square()
    table.press(Key.Key_Return)
    table.drag(QPoint(180, 80), QPoint(180, 40))
    assert table.pixels() == [*seen(SQUARE[:1]), (180, 40), *seen(SQUARE[1:])]
    table.click(QPoint(120, 140))
    assert table.pixels()[-1] == (120, 140)
    assert table.tool.chosen == Chosen(FIRST, 5)


def test_a_drag_elsewhere_moves_the_map_and_sets_nothing(table: Table) -> None:
    table.click(SQUARE[0])
    before = table.canvas.view
    table.drag(QPoint(300, 300), QPoint(330, 260))
    assert table.canvas.view != before
    assert table.tool.steps.now.count == 1


def test_a_finger_takes_a_handle_from_farther_off_than_a_mouse(table: Table) -> None:
    table.square()
    table.press(Key.Key_Return)
    beside = SQUARE[2] + QPoint(18, 12)
    table.drag(beside, beside + QPoint(30, 30))
    assert table.pixels() == [(x + 30, y + 30) for x, y in seen(SQUARE)]
    screen = QTest.createTouchDevice()
    start = SQUARE[2] + QPoint(30, 30) + QPoint(18, 12)
    QTest.touchEvent(table.canvas, screen).press(0, start, table.canvas)
    for far in (10, 40):
        QTest.touchEvent(table.canvas, screen).move(0, start + QPoint(far, 0), table.canvas)
    QTest.touchEvent(table.canvas, screen).release(0, start + QPoint(40, 0), table.canvas)
    assert table.pixels()[2] == (SQUARE[2].x() + 70, SQUARE[2].y() + 30)


def test_every_step_is_taken_back_and_made_again(table: Table) -> None:
    table.square()
    states = [table.pixels()]
    table.press(Key.Key_Return)
    table.drag(SQUARE[2], QPoint(280, 240))
    states.append(table.pixels())
    table.click(SQUARE[1])
    table.press(Key.Key_Delete)
    states.append(table.pixels())
    assert len(states[-1]) == 3
    for expected in (states[1], states[0]):
        table.press(Key.Key_Z, CTRL)
        assert table.pixels() == expected
    table.press(Key.Key_Z, CTRL)
    assert table.tool.steps.now.open
    for left in (3, 2, 1, 0):
        table.press(Key.Key_Z, CTRL)
        assert table.tool.steps.now.count == left
    assert not table.tool.steps.can_undo
    for key, modifier in (*[(Key.Key_Y, CTRL)] * 4, (Key.Key_Z, CTRL | SHIFT), (Key.Key_Y, CTRL), (Key.Key_Y, CTRL)):
        table.press(key, modifier)
    assert table.pixels() == states[2]
    assert not table.tool.steps.can_redo


def test_backspace_takes_the_last_corner_back_and_reopens_a_closed_ring_first(table: Table) -> None:
    table.square()
    table.press(Key.Key_Return)
    table.press(Key.Key_Backspace)
    assert table.tool.steps.now.open
    assert table.tool.steps.now.count == 4
    table.press(Key.Key_Backspace)
    assert table.pixels() == seen(SQUARE[:3])


def test_an_outline_is_drawn_by_keys_alone(table: Table) -> None:
    table.press(Key.Key_S)
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_Left):
        table.press(Key.Key_Space)
        table.press(key)
    table.press(Key.Key_Left, SHIFT)
    table.press(Key.Key_Space)
    table.press(Key.Key_Return)
    assert not table.tool.steps.now.open
    (x0, y0), (x1, _), (_, y2), (x3, _) = table.pixels()
    assert (x1 - x0, y2 - y0, x3 - x1) == (96, 96, -104)


def test_arrows_move_the_chosen_corner_and_a_row_of_them_is_one_step(table: Table) -> None:
    table.square()
    table.press(Key.Key_Return)
    assert table.tool.step(True)
    assert table.tool.name() == "SP"
    for _ in range(3):
        table.press(Key.Key_Right)
    table.press(Key.Key_Down, SHIFT)
    x, y = table.pixels()[0]
    assert (x - SQUARE[0].x(), y - SQUARE[0].y()) == (3, 10)
    table.press(Key.Key_Z, CTRL)
    assert table.pixels() == seen(SQUARE)


def test_tab_goes_through_the_corners_of_all_rings_and_then_on(table: Table) -> None:
    table.square()
    table.press(Key.Key_Return)
    names = []
    while table.tool.step(True):
        names.append(table.tool.name())
    assert names == ["SP", "TP1", "TP2", "TP3"]
    assert table.tool.chosen is None


def test_holes_and_parts_are_rings_of_their_own(table: Table) -> None:
    table.square()
    table.press(Key.Key_Return)
    table.tool.change(table.tool.steps.now.with_new_hole(0))
    for at in (QPoint(150, 110), QPoint(210, 110), QPoint(180, 170)):
        table.click(at)
    table.press(Key.Key_Return)
    table.tool.change(table.tool.steps.now.with_new_part())
    for at in (QPoint(60, 260), QPoint(160, 260), QPoint(110, 330)):
        table.click(at)
    table.press(Key.Key_Return)
    measured = outlines.measure(outline_values.outline_of(table.tool.steps.now.outline()))
    assert [[len(ring) for ring in part] for part in measured.outline] == [[4, 3], [3]]
    assert measured.area_m2 is not None
    assert not [one for one in measured.problems if one.blocks]
    table.tool.change(table.tool.steps.now.without_ring(table.tool.ring_meant))
    assert [len(part) for part in table.tool.steps.now.parts] == [2]


def test_buttons_of_rings_work_on_the_ring_whose_corner_is_chosen(table: Table) -> None:
    table.square()
    table.press(Key.Key_Return)
    table.tool.change(table.tool.steps.now.with_new_part())
    for at in (QPoint(60, 260), QPoint(160, 260), QPoint(110, 330)):
        table.click(at)
    table.press(Key.Key_Return)
    assert table.tool.ring_meant == RingAt(1, 0)
    table.click(SQUARE[1])
    assert table.tool.ring_meant == FIRST
    holed = table.tool.steps.now.with_new_hole(table.tool.ring_meant.part)
    assert [len(part) for part in holed.parts] == [2, 1]
    table.tool.change(table.tool.steps.now.without_ring(table.tool.ring_meant))
    assert [[len(ring) for ring in part] for part in table.tool.steps.now.parts] == [[3]]
    table.press(Key.Key_Z, CTRL)
    assert [[len(ring) for ring in part] for part in table.tool.steps.now.parts] == [[4], [3]]


def test_a_ring_that_goes_leaves_the_open_one_open(table: Table) -> None:
    table.square()
    table.press(Key.Key_Return)
    table.tool.change(table.tool.steps.now.with_new_hole(0))
    for at in (QPoint(150, 110), QPoint(210, 110), QPoint(180, 170)):
        table.click(at)
    table.press(Key.Key_Return)
    table.tool.change(table.tool.steps.now.with_new_part())
    for at in (QPoint(60, 260), QPoint(160, 260), QPoint(110, 330)):
        table.click(at)
    without_hole = table.tool.steps.now.without_ring(RingAt(0, 1))
    assert (without_hole.at, without_hole.open, len(without_hole.ring)) == (RingAt(1, 0), True, 3)
    alone = table.tool.steps.now.without_ring(RingAt(0, 0))
    assert (alone.at, alone.open, len(alone.ring)) == (FIRST, True, 3)


def test_esc_lets_go_what_is_chosen_and_then_ends(table: Table, qtbot: QtBot) -> None:
    table.square()
    table.click(SQUARE[1])
    table.press(Key.Key_Escape)
    assert table.tool.chosen is None
    with qtbot.waitSignal(table.tool.ended, timeout=1000):
        table.press(Key.Key_Escape)
    assert table.tool.steps.now.count == 4


def test_a_measured_corner_that_is_moved_by_hand_no_longer_says_it_was_measured(table: Table) -> None:
    lat, lon = table.canvas.view.position(300, 300)
    fix = {"lat": str(lat), "lon": str(lon), "fixed_by": "average", "accuracy_m": "0.8", "crs": "EPSG:4326"}
    table.tool.put(spot_of(outline_values.line_of(outlines.TypedPoint(known=fix))))
    assert table.tool.spot() is not None
    assert [spot.source for spot in table.tool.steps.now.ring] == ["average"]
    table.drag(QPoint(300, 300), QPoint(340, 300))
    (moved,) = table.tool.steps.now.ring
    assert (moved.source, moved.known["accuracy_m"]) == ("map_click", "5")


def test_a_draft_of_a_drawing_is_read_as_it_was_kept(table: Table) -> None:
    table.square()
    table.press(Key.Key_Return)
    table.tool.put(spot_of(TypedLine("40.0001 46.9981")))
    table.tool.change(table.tool.steps.now.with_new_hole(0))
    table.tool.put(spot_of(TypedLine("38T PK 71000 29700")))
    assert table.tool.steps.now.ring[0].source == "typed"
    kept = drawing_outline.from_values(table.tool.steps.now.values())
    assert kept == table.tool.steps.now
