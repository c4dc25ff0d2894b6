"""The map page: filters, a coordinate, measuring, layers, keys, and 50,000 finds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldapp.clock import SetClock
from fieldapp.operations import base_maps, map_data, receiver_log, records
from fieldapp.operations.map_data import FindColumns
from tests.builders import a_find
from tests.builders_gnss import moment
from tests.builders_tiles import REAL, mbtiles, real_tiles
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.conftest import Opened
from tests.ui.pages.desk import Desk, Key
from tests.ui.pages.on_map import SPOTS, click_at, few_pages, laid, listed, page_of
from ui import theme
from ui.dialogs.base_maps import BaseMapsDialog
from ui.map.card import CONTENT_PX, PlaceCard, RecordCard
from ui.map.filters import FilterPanel
from ui.map.goto import GotoPanel
from ui.map.keys import KeysPanel
from ui.map.measuring import MeasuringTool
from ui.map.tool_panels import LayersPanel, MeasuringPanel
from ui.map.view import Box
from ui.pages.map import MapPage
from ui.widgets.labels import PlainLabel

__all__ = ["few_pages", "laid"]

Open = Callable[..., Opened]


def test_the_first_look_shows_every_record_clear_of_the_buttons(laid: Desk) -> None:
    a_find(laid.ws, position="40.0005 46.95")
    laid.open("today")
    laid.open("map")
    page = page_of(laid)
    page.show_everything()
    view = page.canvas.view
    buttons = [button.geometry().adjusted(-9, -9, 9, 9) for button in page.over.buttons()]
    for spot in (*(spot for _, spot in SPOTS), "40.0005 46.95"):
        x, y = view.pixel(*map(float, spot.split()))
        assert 0 < x < view.width
        assert 0 < y < view.height
        assert not any(button.contains(round(x), round(y)) for button in buttons)


def test_every_button_of_the_page_has_a_letter_on_any_keyboard(laid: Desk) -> None:
    page = page_of(laid)
    page.canvas.setFocus()
    laid.type("?")
    shown = page.side.card.content
    assert isinstance(shown, KeysPanel)
    said = [label.text() for label in shown.findChildren(PlainLabel)]
    assert {"G", "W", "F", "T", "B", "M", "L", "?"} <= set(said)
    for letter, panel in (("f", FilterPanel), ("г", None), ("п", GotoPanel), ("l", LayersPanel), ("m", MeasuringPanel)):
        page.canvas.setFocus()
        laid.type(letter)
        laid.settle()
        assert panel is None or isinstance(page.side.card.content, panel), letter


def test_the_filter_says_how_many_of_all_are_drawn(laid: Desk) -> None:
    page = page_of(laid)
    page.filter.click()
    panel = page.side.card.content
    assert isinstance(panel, FilterPanel)
    panel.category.set_text("=at_mine")
    laid.settle()
    assert page.finds.drawn == 1
    assert page.over.filtered.text() == "Filtered: 1 of 3 finds"
    click_at(laid, 40.0, 47.0)
    assert isinstance(page.side.card.content, PlaceCard), "what is filtered away cannot be chosen"
    page.filter.click()
    panel = page.side.card.content
    assert isinstance(panel, FilterPanel)
    assert panel.category.text() == "=at_mine", "the filter in force is shown again"
    panel.everything.click()
    laid.settle()
    assert page.finds.drawn == 3
    assert page.over.filtered.isHidden()


def test_a_base_map_that_cannot_be_read_is_said_on_the_map(laid: Desk, tmp_path: Path) -> None:
    page, file = page_of(laid), mbtiles(tmp_path / "stick.mbtiles", real_tiles())
    page.session.do(lambda ws: base_maps.add(ws, file))
    laid.settle()
    assert page.over.filtered.isHidden()
    file.unlink()
    page.session.do(lambda ws: base_maps.add(ws, REAL))
    page.session.do(lambda ws: base_maps.change(ws, "1", shown=False))
    laid.settle()
    page.session.do(lambda ws: base_maps.change(ws, "1", shown=True))
    laid.settle()
    assert page.over.filtered.text() == "1 base map is not read"


def test_a_find_that_may_be_what_is_asked_for_stays_and_is_counted(laid: Desk) -> None:
    """A find without a day, or whose day is disputed, may be of the days that are asked for."""
    twice = a_find(laid.ws, model_text="POMZ-2M", position="40.00080 47.00080", found_on="2024-07-01")
    for day in ("2024-07-02", "2024-07-03"):
        records.correct(laid.ws, twice.name, {"found_on": day}, "misread", heads=twice.heads)
    undated = a_find(laid.ws, model_text="PMN-4", position="40.00100 47.00100")
    if undated.fields["found_on"]:
        records.correct(laid.ws, undated.name, {"found_on": None}, "nobody knows")
    laid.open("today")
    laid.open("map")
    page = page_of(laid)
    page.filter.click()
    panel = page.side.card.content
    assert isinstance(panel, FilterPanel)
    for line in (panel.since, panel.until):
        line.set_text("2024-07-29")
        laid.settle()
        assert page.finds.drawn == 5
    assert panel.doubtful.text().startswith("2 finds stay because")
    panel.category.set_text("=at_mine")
    laid.settle()
    assert page.finds.drawn == 2, "what is disputed in one way may be in another"
    panel.everything.click()
    laid.settle()
    assert panel.doubtful.isHidden()


def test_a_day_that_is_none_is_said_and_filters_nothing(laid: Desk) -> None:
    page = page_of(laid)
    page.filter.click()
    panel = page.side.card.content
    assert isinstance(panel, FilterPanel)
    panel.since.set_text("2024-07-30")
    laid.settle()
    assert page.finds.drawn == 0
    panel.since.set_text("29.7.24x")
    assert not panel.problem.isHidden()
    panel.since.set_text("2024-07-29")
    laid.settle()
    assert panel.problem.isHidden()
    assert page.finds.drawn == 3


def test_a_typed_coordinate_is_read_back_and_gone_to(laid: Desk) -> None:
    page = page_of(laid)
    page.go_to.click()
    panel = page.side.card.content
    assert isinstance(panel, GotoPanel)
    panel.position.set_text("nowhere")
    assert not panel.go.isEnabled()
    assert not panel.problem.isHidden()
    panel.position.set_text("38S PK 64764 28110")
    assert panel.read_as.text()
    assert panel.second.text()
    panel.position.set_text("40.0005 47.0005")
    laid.type("\r") if panel.position.line.hasFocus() else panel.go.click()
    laid.settle()
    assert page.canvas.view.middle == pytest.approx((40.0005, 47.0005), abs=1e-6)
    assert page.choosing.layer.mark is not None
    assert listed(laid).lines[0].first == "TM-62M, 1 piece"
    assert page.canvas.hasFocus(), "the arrows move the map"


def test_measuring_takes_clicks_until_esc(laid: Desk) -> None:
    page = page_of(laid)
    page.over.measure.click()
    assert page.over.measure.isChecked()
    click_at(laid, 40.0, 47.0)
    click_at(laid, 40.001, 47.0)
    panel = page.side.card.content
    assert isinstance(panel, MeasuringPanel)
    tool = page.canvas.tool()
    assert tool is not None
    assert isinstance(tool, MeasuringTool)
    assert len(tool.points) == 2
    shown = [label.text() for label in panel.facts.findChildren(PlainLabel)]
    assert shown[0] == "Length"
    assert 105 < float(shown[1].removesuffix(" m")) < 117
    assert "Its bearing" in shown, "the pointer still stands on the last point"
    QTest.mouseMove(page.canvas, QPoint(60, 600))
    assert tool.result().length_m > 200, "the line goes on to the pointer"
    QApplication.sendEvent(page.canvas, QEvent(QEvent.Type.Leave))
    assert 105 < tool.result().length_m < 117, "beyond the map there is nothing to measure"
    laid.press(Key.Key_Escape)
    assert page.canvas.tool() is None
    assert not page.over.measure.isChecked()


def test_keys_move_and_zoom_and_home_comes_back(laid: Desk) -> None:
    page = page_of(laid)
    page.canvas.setFocus()
    first = page.canvas.view
    laid.press(Key.Key_Plus)
    assert page.canvas.view.zoom == first.zoom + 1
    laid.press(Key.Key_Right)
    assert page.canvas.view.x > first.x
    laid.press(Key.Key_Home)
    assert page.canvas.view.zoom == pytest.approx(first.zoom)
    laid.press(Key.Key_0)
    assert page.canvas.view.zoom == pytest.approx(first.zoom), "without a receiver there is nowhere to go"
    assert page.side.card.content is not None


def test_what_is_logged_elsewhere_is_there_when_one_comes_back(laid: Desk) -> None:
    page = page_of(laid)
    assert page.finds.drawn == 3
    laid.open("today")
    a_find(laid.ws, model_text="PMN-4", position="40.00100 47.00100")
    laid.open("map")
    assert page.finds.drawn == 4


def test_layers_are_switched_by_name(laid: Desk) -> None:
    page = page_of(laid)
    page.over.layers.click()
    panel = page.side.card.content
    assert isinstance(panel, LayersPanel)
    panel.buttons["finds"].click()
    assert not page.finds.layer.visible
    assert page.over.filtered.text() == "1 layer switched off", "nobody takes a map for whole that is not"
    click_at(laid, 40.0, 47.0)
    assert isinstance(page.side.card.content, PlaceCard)


def test_base_maps_have_a_window_of_their_own(laid: Desk) -> None:
    page_of(laid).ask_base_maps()
    laid.settle()
    (dialog,) = page_of(laid).findChildren(BaseMapsDialog)
    assert dialog.card.isVisible()
    assert clipped_texts(dialog) == []
    assert small_targets(dialog) == []
    dialog.accept()


def test_an_empty_workspace_says_so_and_shows_the_districts(desk: Desk) -> None:
    desk.open("map")
    page = page_of(desk)
    assert page.over.nothing.isVisible()
    assert page.canvas.view.box.meets(Box.of_degrees(39.0, 46.0, 41.0, 48.0))


def test_fifty_thousand_finds_do_not_hold_the_window(laid: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(laid)
    few = page.finds.columns
    assert few is not None
    rng = np.random.default_rng(5)
    many = few.taken(rng.integers(0, len(few), 50_000))
    scattered = FindColumns(**{**vars(many), "lat": rng.uniform(39.5, 40.5, 50_000),
                               "lon": rng.uniform(46.5, 47.5, 50_000), "n": np.arange(50_000)})  # fmt: skip
    monkeypatch.setattr(map_data, "find_points", lambda _ws: scattered)
    monkeypatch.setattr(map_data, "newer", lambda _ws, _since: map_data.News(scattered, all_changed=True))
    page.refresh()
    laid.settle()
    assert page.finds.drawn == 50_000
    page.show_everything()
    started = time.perf_counter()
    for _ in range(5):
        page.canvas.show_view(page.canvas.view.moved(40, 10))
        page.canvas.repaint()
    assert (time.perf_counter() - started) / 5 < 0.25
    started = time.perf_counter()
    page.choosing.box(39.5, 46.5, 40.5, 47.5)
    page.choosing.step(forward=True)
    assert time.perf_counter() - started < 1.0
    laid.settle()


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_nothing_is_clipped_and_every_target_is_large(opened: Open, language: str) -> None:
    there = opened("north", language)
    there.window.open_page("map")
    there.settle()
    page = there.window.pages["map"]
    assert isinstance(page, MapPage)
    shows: list[Callable[[], None]] = [
        lambda: page.choosing.choose(there.names[1]), page.ask_filter, page.ask_position, page.measure,
        page.show_layers, lambda: page.choosing.around(39.9899, 46.8988), page.show_own,
    ]  # fmt: skip
    for show in shows:
        show()
        there.settle()
        assert clipped_texts(there.window) == []
        assert small_targets(there.window) == []
        content = page.side.card.content
        assert content is not None
        assert content.minimumSizeHint().width() <= CONTENT_PX, "nothing lies beside the card"


def test_headquarters_has_it_too_at_night(opened: Open, app: QApplication) -> None:
    there = opened("hq")
    theme.apply(app, "night")
    there.window.open_page("map")
    there.settle()
    page = there.window.pages["map"]
    assert isinstance(page, MapPage)
    page.choosing.choose(there.names[0])
    there.settle()
    shown = page.side.card.content
    assert isinstance(shown, RecordCard)
    assert not shown.dispose.isVisible(), "a disposal is logged by a team"
    assert not there.window.grab().isNull()


def test_the_way_of_the_day_is_there_after_a_restart(laid: Desk) -> None:
    log = receiver_log.log_of(laid.ws)
    log.write(b"".join(moment(second, 40.0 + second * 4 / 111_000, 47.0, datum="W84") for second in range(5)))
    log.close()
    assert isinstance(laid.ws.clock, SetClock)
    laid.ws.clock.pass_time(600)
    laid.session.set_language("en")  # the pages are made again
    laid.open("today")
    laid.open("map")
    [way] = page_of(laid).own.ways(page_of(laid).canvas.view.centred(40.0, 47.0, 18.0))
    assert way.size() >= 4
