"""Choosing on the map: by click, by box, by Tab; what is near; what the card leads to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.gnss.fix import Fix
from fieldapp.operations import disposals, nearby, tasks
from fieldapp.operations.receiving import ReceiverState
from tests.builders import a_find, a_plot, hq
from tests.ui.pages.desk import SHIFT, Desk, Key
from tests.ui.pages.on_map import SPOTS, card, click_at, few_pages, laid, listed, page_of
from ui.map import choosing, which_task
from ui.map.card import PlaceCard
from ui.map.filters import FilterPanel, Wanted
from ui.pages.records import RecordsPage
from ui.widgets.labels import PlainLabel

__all__ = ["few_pages", "laid"]


def test_a_click_near_a_symbol_chooses_the_nearest_and_shows_its_card(laid: Desk) -> None:
    page = page_of(laid)
    x, y = page.canvas.view.pixel(40.0005, 47.0005)
    click_at(laid, *page.canvas.view.position(x + 20, y - 15))
    shown = card(laid)
    assert shown.what == "TM-62M, 1 piece"
    assert dict(shown.facts)["Found on"] == "29 Jul 2024"
    assert dict(shown.facts)["Depth"] == "5 cm"
    assert shown.history[0].startswith("Logged · Aysel · ")
    assert page.choosing.layer.at is not None


def test_symbols_on_one_spot_open_a_list_that_leads_to_each(laid: Desk) -> None:
    a_find(laid.ws, model_text="POMZ-2M", position="40.00000 47.00000")
    laid.open("today")
    laid.open("map")
    click_at(laid, 40.0, 47.0)
    shown = listed(laid)
    assert sorted(line.first for line in shown.lines) == ["PMN-2, 1 piece", "POMZ-2M, 1 piece"]
    assert shown.counts == (("AP mine", "2"),)
    shown.rows[0].click()
    laid.settle()
    assert card(laid).what == shown.lines[0].first


def test_a_click_on_nothing_says_that_nothing_recorded_is_not_safe(laid: Desk) -> None:
    click_at(laid, 40.0008, 47.0008)
    shown = page_of(laid).side.card.content
    assert isinstance(shown, PlaceCard)
    assert shown.position.text().startswith("40.0008")
    shown.around.click()
    laid.settle()
    assert [line.first for line in listed(laid).lines] == ["TM-62M, 1 piece"]
    assert listed(laid).lines[0].detail.endswith("° true · In the ground")


def test_a_click_where_something_is_not_drawn_never_says_that_nothing_is_recorded(laid: Desk) -> None:
    def said() -> str:
        click_at(laid, 40.0005, 47.0005)
        shown = page_of(laid).side.card.content
        assert isinstance(shown, PlaceCard)
        return shown.said.text()

    page = page_of(laid)
    page.want(Wanted(category="no such"))
    laid.settle()
    assert said().startswith("Nothing that is drawn now lies here. Not everything is drawn")
    page.want(Wanted())
    laid.settle()
    page.finds.layer.visible = False
    assert said().startswith("Nothing that is drawn now lies here. Not everything is drawn")


def test_a_list_of_what_is_near_says_when_it_is_not_all(laid: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "MOST_FINDS", 2)
    monkeypatch.setattr(choosing, "MOST_LINES", 2)
    page_of(laid).choosing.around(40.0006, 47.0, 200)
    laid.settle()
    shown = listed(laid)
    assert shown.heading == "At least 3 records within 200 m"
    assert [line.first for line in shown.lines] == ["TM-62M, 1 piece", "OG-7, 1 piece"], "the nearest first"
    assert shown.counts == (("Find", "3"),)
    assert "Only the 2 nearest are listed here." in [label.text() for label in shown.findChildren(PlainLabel)]


def test_ground_shows_its_card_and_several_pieces_of_ground_open_a_list(laid: Desk) -> None:
    outer = a_plot(laid.ws, ("39.9990 47.0020", "39.9990 47.0040", "40.0010 47.0040", "40.0010 47.0020"))
    inner = a_plot(laid.ws, ("39.9999 47.0028", "39.9999 47.0032", "40.0002 47.0032", "40.0002 47.0028"))
    laid.open("today")
    laid.open("map")
    page_of(laid).show_everything()
    click_at(laid, 39.9993, 47.0022)
    assert card(laid).record.name == outer.name
    assert "20 cm" in dict(card(laid).facts).values()
    assert card(laid).checks, "two plots that overlap are worth a look"
    click_at(laid, 40.0, 47.003)
    assert {line.record for line in listed(laid).lines} == {outer.name, inner.name}


def test_a_box_lists_what_is_in_it_and_counts_by_category(laid: Desk) -> None:
    canvas = page_of(laid).canvas
    (x1, y1), (x2, y2) = canvas.view.pixel(40.0012, 46.9998), canvas.view.pixel(40.0004, 47.0008)
    start, end = QPoint(round(x1), round(y1)), QPoint(round(x2), round(y2))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, SHIFT, start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, SHIFT, end)
    laid.settle()
    shown = listed(laid)
    assert shown.heading == "2 finds in the box"
    assert sorted(shown.counts) == [("AT mine", "1"), ("Grenade", "1")]
    assert sorted(line.first for line in shown.lines) == ["OG-7, 1 piece", "TM-62M, 1 piece"]


def test_the_next_drag_is_a_box_after_its_button_or_key_and_only_that_one(laid: Desk) -> None:
    page = page_of(laid)
    canvas = page.canvas
    (x1, y1), (x2, y2) = canvas.view.pixel(40.0012, 46.9998), canvas.view.pixel(40.0004, 47.0008)
    start, end = QPoint(round(x1), round(y1)), QPoint(round(x2), round(y2))

    def drag() -> None:
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(canvas, (start + end) / 2)
        QTest.mouseMove(canvas, end)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
        laid.settle()

    stood = canvas.view
    page.over.box.click()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=start)
    assert page.over.box.isChecked(), "a tap is no box"
    drag()
    assert listed(laid).heading == "2 finds in the box"
    assert not page.over.box.isChecked()
    assert canvas.view == stood
    canvas.setFocus()
    laid.press(Key.Key_B)
    assert page.over.box.isChecked()
    laid.press(Key.Key_Escape)
    assert canvas.tool() is None
    drag()
    assert canvas.view != stood, "now it moves the map"


def test_tab_goes_from_symbol_to_symbol_then_on_and_enter_opens(laid: Desk) -> None:
    page = page_of(laid)
    page.canvas.setFocus()
    seen = []
    for _ in SPOTS:
        laid.press(Key.Key_Tab)
        laid.settle()
        seen.append(card(laid).what)
    assert seen == ["OG-7, 1 piece", "TM-62M, 1 piece", "PMN-2, 1 piece"], "from the north on"
    assert page.canvas.hasFocus()
    laid.press(Key.Key_Return)
    laid.settle()
    assert isinstance(laid.window.current_page(), RecordsPage)
    laid.open("map")
    page.canvas.setFocus()
    for _ in range(2):
        laid.press(Key.Key_Tab)
        laid.settle()
    assert not page.canvas.hasFocus(), "after the last symbol the focus goes on"


def test_log_disposal_takes_the_item_along(laid: Desk) -> None:
    click_at(laid, 40.0, 47.0)
    number = str(card(laid).record.fields["local_id"])
    card(laid).dispose.click()
    laid.settle()
    page = laid.window.current_page()
    assert page is not None
    assert page.key == "disposal"
    assert page.form.item.text() == number  # type: ignore[attr-defined]


def test_records_lead_to_their_place_on_the_map(laid: Desk) -> None:
    far = a_plot(laid.ws, ("39.0 46.5", "39.0 46.501", "39.001 46.501", "39.001 46.5"))
    for name, place in ((far.name, (39.0005, 46.5005)), (laid.saved()[-1].name, (40.0, 47.0))):
        laid.open("records", name)
        page = laid.window.pages["records"]
        assert isinstance(page, RecordsPage)
        page.detail.on_map.click()
        laid.settle()
        assert page_of(laid).canvas.view.middle == pytest.approx(place, abs=1e-4)
        assert card(laid).record.name == name
    assert page_of(laid).canvas.view.zoom >= 17


def test_what_is_chosen_before_it_is_drawn_is_ringed_by_its_outline(laid: Desk) -> None:
    plot = a_plot(laid.ws)
    choosing = page_of(laid).choosing
    choosing.choose(plot.name)  # the map has not read it yet
    laid.settle()
    ringed = choosing.layer.shape
    assert ringed is not None
    assert len(ringed.rings[0].x) == 4
    laid.open("today")
    laid.open("map")
    assert choosing.layer.shape is not ringed, "now it is the shape that is drawn"


def test_the_way_there_follows_the_receiver_and_says_when_it_is_silent(laid: Desk) -> None:
    told: list[ReceiverState | None] = [None]
    receiver = laid.session.receiver

    def tell(state: ReceiverState | None) -> None:
        told[0] = state
        receiver.told.emit(state)

    receiver.state = lambda: told[0]  # type: ignore[method-assign]
    click_at(laid, 40.0, 47.0)
    assert card(laid).from_you.said == ""
    for lat, said in ((39.999, "111 m at 000° true, 35"), (39.9995, "55.5 m at 000° true, 35")):
        tell(ReceiverState("live", "GNSS", Fix(lat, 47.0, 1, 9, 0.9, 1.0), 0.0, 4.0))
        assert card(laid).from_you.said.startswith(said)
        assert card(laid).from_you.said.endswith("° magnetic")
    tell(ReceiverState("lost"))
    assert card(laid).from_you.said == "no position now"


@pytest.fixture
def headquarters(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """Headquarters with two tasks."""
    ws = hq(tmp_path / "hq")
    for number, south in enumerate((40.0, 40.2)):
        corners = [f"{south + dy:.3f} {47 + dx:.3f}" for dy, dx in ((0, 0), (0, 0.01), (0.01, 0.01), (0.01, 0))]
        tasks.create(ws, {"title": f"Field {number}", "task_kind": "clearance", "depth_required": 20},
                     outline=tasks.outline_of(corners))  # fmt: skip
    made = Desk(qtbot, tmp_path / "hq", ws)
    made.open("map")
    yield made
    made.close()


def test_tasks_that_are_not_offered_are_said(headquarters: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(which_task, "PAGE", 2)
    page = page_of(headquarters)
    page.task.click()
    said = [label.text() for label in listed(headquarters).findChildren(PlainLabel)]
    assert any(text.startswith("Only the 2 newest open tasks are offered.") for text in said)
    page.filter.click()
    panel = page.side.card.content
    assert isinstance(panel, FilterPanel)
    assert panel.left_out.isVisible()


def test_of_several_tasks_the_map_asks_which(headquarters: Desk) -> None:
    page = page_of(headquarters)
    page.task.click()
    headquarters.settle()
    shown = listed(headquarters)
    assert [line.first.split(" \u00b7 ")[1] for line in shown.lines] == ["Field 1", "Field 0"]
    shown.rows[0].click()
    headquarters.settle()
    assert page.canvas.view.middle == pytest.approx((40.205, 47.005), abs=1e-3)
    assert card(headquarters).record.fields["title"] == "Field 1"
    page.want(Wanted(task=next(row.name for row in headquarters.saved("task") if row["title"] == "Field 0")))
    page.task.click()
    headquarters.settle()
    assert page.canvas.view.middle == pytest.approx((40.005, 47.005), abs=1e-3), "the one that is filtered by"


def test_a_card_is_read_from_its_top_however_far_the_one_before_was_scrolled(laid: Desk) -> None:
    page = page_of(laid)
    page.show_layers()
    laid.settle()
    bar = page.side.card.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    click_at(laid, 40.0005, 47.0005)
    assert card(laid).state
    assert bar.value() == 0


def test_a_card_and_lists_say_whether_it_lies_there_and_what_ground_is(laid: Desk) -> None:
    plot = a_plot(laid.ws, ("39.9990 47.0020", "39.9990 47.0040", "40.0010 47.0040", "40.0010 47.0020"))
    laid.open("today")
    laid.open("map")
    page_of(laid).show_everything()
    click_at(laid, 40.0005, 47.0005)
    assert card(laid).state == "In the ground"
    disposals.add_disposal(laid.ws, {"outcome": "destroyed_in_place"}, of=card(laid).record.name)
    laid.open("today")
    laid.open("map")
    click_at(laid, 40.0005, 47.0005)
    assert card(laid).state == "Destroyed or removed"
    click_at(laid, 40.0, 47.003)
    assert card(laid).record.name == plot.name
    assert card(laid).state == "Cleared · entered, not approved", "the chip beside it is green as soon as it is safe"
    page_of(laid).choosing.around(40.0003, 47.0003, 60)
    laid.settle()
    states = [line.detail.rsplit(" · ", 1)[-1] for line in listed(laid).lines]
    assert states == ["Destroyed or removed", "In the ground"]
