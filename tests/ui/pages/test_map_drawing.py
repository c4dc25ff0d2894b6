"""Drawing on the map page: from a click to the saved record, nothing lost by leaving, a restart or a kill."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.operations import areas, drafts, lookup
from fieldapp.operations.outlines import TypedPoint
from tests.builders_receiver import quiet_receiver
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.conftest import Opened
from tests.ui.pages.desk import CTRL, SHIFT, Desk, Key
from tests.ui.pages.drawing import NEW, PLOT, draw, drawn, look, panel, workspace
from tests.ui.pages.on_map import click_at, page_of
from tests.ui.pages.test_plot_walked import stand_at
from tests.ui.pages.test_position_block import Field
from ui import sound
from ui.dialogs.task import TaskDialog
from ui.forms.typed_outline import TypedLine, from_text
from ui.map.drawing import NoReceiver
from ui.map.drawing_figures import Measuring, Said
from ui.map.drawing_outline import Drawn, spot_of
from ui.pages.area import AreaPage
from ui.pages.map import MapPage
from ui.pages.tasks import TasksPage
from ui.widgets import Banner

Open = Callable[..., Opened]
@pytest.fixture
def laid(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, tmp_path / "laptop", workspace(tmp_path / "laptop"))
    look(made)
    yield made
    made.close()


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


def test_area_overlap_and_the_nearest_hazard_follow_what_is_drawn(laid: Desk) -> None:
    north = [[[TypedPoint(text) for text in ("40.0014 47.0012", "40.0014 47.0025", "40.0022 47.0025")]]]
    areas.add(laid.ws, {"title": "North", "classification": "cha"}, outline=north)
    draw(laid)
    figures = panel(laid).figures
    facts = dict(figures.facts)
    assert facts["Corners"] == "4"
    assert facts["Area"].startswith("9,8")
    assert re.fullmatch(r"Nearest hazard: Hazardous area .*, 44\.[34] m away", figures.near[0])
    assert not panel(laid).warning.isVisible()
    layers = page_of(laid).canvas.layers()
    assert layers.index(page_of(laid).drawing.layer) < layers.index(page_of(laid).finds.layer), "no find is hidden"
    tool = page_of(laid).drawing.tool
    assert tool is not None
    while tool.name() != "TP3" or tool.chosen is None:
        assert tool.step(True)
    for _ in range(3):
        laid.press(Key.Key_Left, SHIFT)
    laid.settle()
    assert "m² lie in plot" in panel(laid).warning.words()[0]
    assert panel(laid).warning.isVisible()


def test_buttons_stay_in_place_whatever_is_said(laid: Desk) -> None:
    draw(laid)
    laid.press(Key.Key_Return)
    shown, card = panel(laid), page_of(laid).side.card

    def places() -> list[QPoint]:
        return [one.mapTo(card, QPoint()) for one in (shown.snap, shown.take_out, shown.hole, shown.part)]

    before = places()
    assert "Closed" in shown.said.text()
    shown.show_figures(Said((), ("Near. " * 40,), ("Wrong", "Very. " * 40), "danger", ("More", "Even more. " * 40)))
    shown.refuse(NoReceiver())
    laid.settle()
    assert shown.refused.isVisible()
    assert places() == before
    shown.discard.click()
    laid.settle()
    assert shown.sure.isVisible()
    assert places() == before
    assert shown.part.visibleRegion().boundingRect() == shown.part.rect()


def test_a_ring_is_removed_by_a_second_press_and_it_is_said_how_to_have_it_back(laid: Desk) -> None:
    draw(laid)
    laid.press(Key.Key_Return)
    shown = panel(laid)
    shown.drop_ring.click()
    assert len(drawn(laid)) == 4
    assert shown.sure_ring.words() == ("Remove this ring?", "4 corners go.")
    laid.press(Key.Key_Tab)
    laid.press(Key.Key_Left)
    assert not shown.sure_ring.isVisible(), "the question was of another outline"
    shown.drop_ring.click()
    shown.sure_ring.pressed.emit()
    assert drawn(laid) == []
    assert shown.said.text() == "Ring removed. Undo (Ctrl+Z) brings it back."
    laid.press(Key.Key_Z, CTRL)
    assert len(drawn(laid)) == 4


def corners_of(text: str) -> Drawn:
    return Drawn(((tuple(spot_of(TypedLine(one)) for one in text.split(", ")),),))


def test_figures_are_never_those_of_another_outline(laid: Desk) -> None:
    shown: list[Said] = []
    measuring = Measuring(laid.session, tuple, shown.append, lambda error: None)
    one, two, three = (corners_of(", ".join(PLOT[:many])) for many in (1, 2, 3))
    measuring.ask(one, "", "plot")
    measuring.forget()
    measuring.ask(two, "", "plot")
    measuring.ask(three, "", "plot")
    laid.settle()
    assert [said.facts[0] for said in shown] == [("Corners", "3")]
    held = Event()
    laid.session.ask(lambda _ws: held.wait(), lambda _waited: None)
    measuring.ask(two, "", "plot")
    laid.qtbot.waitUntil(lambda: len(shown) > 1)
    assert (shown[-1].facts, shown[-1].near) == ((("Corners", "2"),), ("Being measured …",)), "not those of before"
    held.set()
    laid.settle()
    assert dict(shown[-1].facts)["Perimeter"]


def test_a_crossing_is_marked_and_named_while_it_is_drawn(laid: Desk) -> None:
    draw(laid, (NEW[0], NEW[1], NEW[3], NEW[2]))
    tool, shown = page_of(laid).drawing.tool, panel(laid).problem
    assert tool is not None
    assert tool.places
    assert shown.isVisible()
    assert shown.words()[0] == "Closed as it is now, the outline would cross itself at the mark."
    canvas = page_of(laid).canvas
    ends = [QPoint(*map(round, canvas.view.pixel(*at))) for at in (NEW[2], (40.0012, 47.0018))]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=ends[0])
    for at in (ends[0] + QPoint(0, -20), ends[1]):
        QTest.mouseMove(canvas, at)
    laid.settle()
    assert shown.words()[0].startswith("The outline crosses or touches itself at 40.00"), "while it is dragged"
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=ends[1])
    laid.press(Key.Key_Z, CTRL)
    laid.press(Key.Key_Return)
    laid.settle()
    assert shown.words()[0].startswith("The outline crosses or touches itself at 40.00")


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
            stand_at(field, NEW[1])
            assert tool.step(True)
            field.desk.press(Key.Key_F5)
            assert tool.steps.now.count == 2, "who walks on adds corners"
            field.silence(14)
            page_of(field.desk).drawing.here.click()
            assert panel(field.desk).refused.words()[0].startswith("The receiver is silent")
            assert sounds
            assert tool.steps.now.count == 2
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
    click_at(laid, *NEW[3])
    page_of(laid).drawing.finish_button.click()
    laid.settle()
    form = laid.plot().form
    assert form.points.typed().count == 4
    assert form.depth_cm.text() == "20"


def test_a_corner_is_not_held_by_the_copy_of_it_that_stands_in_the_form(laid: Desk) -> None:
    laid.open("plot")
    laid.plot().form.points.set_text("\n".join(f"{lat} {lon}" for lat, lon in NEW))
    laid.settle()
    laid.plot().form.points.map_button.click()
    laid.settle()
    canvas = look(laid).canvas
    laid.qtbot.waitUntil(lambda: bool(page_of(laid).ground.drafts.shapes))
    x, y = canvas.view.pixel(*NEW[1])
    start = QPoint(round(x), round(y))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for right in (8, 9):
        QTest.mouseMove(canvas, start + QPoint(right, 0))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(9, 0))
    laid.settle()
    tool = page_of(laid).drawing.tool
    assert tool is not None
    moved = tool.steps.now.ring[1]
    assert canvas.view.pixel(moved.lat, moved.lon)[0] == pytest.approx(x + 9, abs=1)


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
    shown = panel(laid)
    assert shown.corrects.isVisible()
    shown.target.set_text("plot")
    assert drawing.record == ""
    assert not shown.corrects.isVisible()
    shown.target.set_text("area")
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


def test_a_line_that_is_no_area_is_not_made_an_outline_without_asking(laid: Desk) -> None:
    laid.open("area")
    page = laid.window.pages["area"]
    assert isinstance(page, AreaPage)
    page.form.how.set_text("line")
    page.form.points.set_text("40.02 46.98\n40.02 46.981\n40.021 46.982")
    laid.settle()
    page.form.points.map_button.click()
    laid.settle()
    page_of(laid).drawing.finish()
    laid.settle()
    assert page.form.how.text() == "line"
    shown = [one for one in page.form.findChildren(Banner) if one.isVisible() and one.words()[0].startswith("Take the")]
    assert len(shown) == 1
    shown[0].second_pressed.emit()
    laid.settle()
    assert page.form.how.text() == "line"
    laid.open("map")
    assert len(drawn(laid)) == 3


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
    tool.change(tool.steps.now.with_new_hole(0))
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
    below = min(button.geometry().top() for button in dialog.points.editor.buttons)
    assert dialog.points.area.geometry().bottom() < below, "no button lies on a row"
    assert dialog.points.geometry().bottom() < dialog.said.geometry().top()
    assert dialog.sketch.geometry().bottom() < dialog.go.geometry().top()
    assert dialog.height() <= 768
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
        shown.discard.click()
        desk.press(Key.Key_F5)
        desk.settle()
        assert clipped_texts(page_of(desk)) == []
        assert small_targets(page_of(desk)) == []
    finally:
        desk.close()
