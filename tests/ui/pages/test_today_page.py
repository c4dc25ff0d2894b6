from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fieldapp.clock import SetClock
from fieldapp.operations import drafts, headquarters, records
from tests import builders
from tests.builders import a_find, a_plot
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.conftest import Opened
from tests.ui.pages.desk import CTRL, Desk, Key
from tests.ui.pages.test_records_page import Open
from ui.pages.records import RecordsPage
from ui.pages.today import TodayPage
from ui.widgets import Banner


def banners(page: TodayPage) -> list[Banner]:
    return [banner for banner in page.findChildren(Banner) if banner.isVisible()]


def today(opened: Opened) -> TodayPage:
    opened.settle()
    page = opened.window.pages["today"]
    assert isinstance(page, TodayPage)
    return page


def test_the_counters_hold_what_was_found_today(desk: Desk) -> None:
    a_find(desk.ws, quantity=3)
    a_find(desk.ws, model_text="TM-62M")
    a_find(desk.ws, model_text="OG-7")
    a_find(desk.ws, found_on="2024-07-01")
    a_plot(desk.ws, completed_on="2024-07-29")
    desk.open("today")
    figures = {name: tile.figure() for name, tile in desk.today().figures.items()}
    assert figures == {"ap_mine": "3", "at_mine": "1", "uxo": "1", "m2": "9,596"}


def test_an_empty_day_says_what_belongs_there_and_its_button_brings_it(desk: Desk) -> None:
    page = desk.today()
    assert page.empty.isVisible()
    assert not page.table.isVisible()
    page.empty.pressed.emit()
    assert desk.window.current_page() is desk.find()


def test_after_the_first_save_alone_it_says_where_the_record_is_and_offers_three_next_steps(desk: Desk) -> None:
    desk.press(Key.Key_F2)
    desk.settle()
    desk.press(Key.Key_Return)
    desk.type("pmn2")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    page = desk.today()
    assert [banner.words()[0] for banner in banners(page)] == [
        "Saved on this laptop. Not at any headquarters yet.", "1 find has no position yet",
    ]  # fmt: skip
    assert page.next_steps.isVisible()
    assert len([button for button in page._once_logged if button.isVisible()]) + 1 == 3
    assert page.table.rows.cell(0, 3).text == "This laptop"
    desk.open("find")
    desk.open("today")
    assert [banner.words()[0] for banner in banners(page)] == ["1 find has no position yet"]


def test_a_draft_is_offered_continued_and_discarded(desk: Desk) -> None:
    drafts.keep(desk.ws, "find", {"position": "39.9", "model": "pmn"})
    desk.open("today")
    (banner,) = banners(desk.today())
    assert banner.words()[0] == "One find is not finished"
    banner.pressed.emit()
    desk.settle()
    assert desk.window.current_page() is desk.find()
    desk.open("today")
    (banner,) = banners(desk.today())
    banner.second_pressed.emit()
    desk.settle()
    assert banners(desk.today()) == []
    assert drafts.kept(desk.ws) == []


def test_the_draft_of_a_correction_is_continued_as_one(desk: Desk) -> None:
    made = a_find(desk.ws)
    desk.open("find", made.name)
    desk.find().form.depth_cm.set_text("9")
    desk.press(Key.Key_Escape)
    desk.settle()
    desk.open("today")
    (banner,) = banners(desk.today())
    assert banner.words()[0] == "One correction is not finished"
    banner.pressed.emit()
    desk.settle()
    form = desk.find().form
    assert form.record is not None
    assert form.values()["depth_cm"] == "9"
    assert form.question() is None


def test_a_laptop_alone_connects_a_headquarters_and_keeps_its_records(desk: Desk, tmp_path: Path) -> None:
    made = a_find(desk.ws)
    with builders.hq(tmp_path / "hq") as hq:
        file = tmp_path / "north.fieldinvite"
        headquarters.invite(hq, "north", file, team_name="North", device_name="laptop 1")
    desk.open("today")
    page = desk.today()
    page.connect_button.click()
    desk.type(str(tmp_path / "none"))
    desk.press(Key.Key_Return)
    desk.press(Key.Key_Return)
    desk.settle()
    assert [banner.tone() for banner in banners(page)] == ["danger"]
    page.connect_card.file.set_text(str(file))
    page.connect_card.join.click()
    desk.settle()
    assert desk.ws.team == "north"
    assert "Test programme" in desk.today().subtitle()
    assert records.get(desk.ws, made.name).fields == made.fields
    assert not desk.today().next_steps.isVisible()


def test_it_says_where_records_are_and_how_old_the_receipt_is(opened: Open) -> None:
    page = today(opened("north"))
    assert page._where_rows.count() == 4, "three places, and how old headquarters' information is"
    assert not page.next_steps.isVisible()
    assert page._receipt_age("").startswith("No receipt")
    assert page._receipt_age("2024-07-26T08:00:00Z") == "Receipt of 26 Jul 2024, 3 days ago"
    assert [banner.words()[0][:8] for banner in banners(page)] == ["HQ asks ", "1 find h"]


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_every_text_fits_and_every_target_is_large_enough(opened: Open, language: str) -> None:
    shown = opened("north", language)
    today(shown)
    assert clipped_texts(shown.window) == []
    assert small_targets(shown.window) == []


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_it_fits_alone_with_drafts_too(qtbot: QtBot, desk: Desk, language: str) -> None:
    a_find(desk.ws)
    drafts.keep(desk.ws, "find", {"model": "PMN-2"})
    desk.session.set_language(language)
    desk.settle()
    assert clipped_texts(desk.window) == []
    desk.today().connect_button.click()
    assert clipped_texts(desk.window) == []
    assert small_targets(desk.window) == []


def test_finds_without_a_position_are_counted_and_listed_by_keyboard(opened: Open) -> None:
    north = opened("north")
    laptop = north.there.laptops["north"]
    more = a_find(laptop, position=None).name
    gone = a_find(laptop, position=None).name
    records.retract(laptop, gone, "logged twice")
    north.window.open_page("today")
    page = today(north)
    banner = next(one for one in banners(page) if "position" in one.words()[0])
    assert banner.words()[0] == "2 finds have no position yet"
    (button,) = banner.buttons
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    north.settle()
    north.settle()
    listed = north.window.current_page()
    assert isinstance(listed, RecordsPage)
    assert [line.row.name for line in listed.table.rows.all_rows()] == [more, north.names[7]]
    assert listed.filter.text() == "no_position"
    assert listed.count.text() == "2 of 9"


def test_once_every_find_has_its_position_nothing_is_said_of_it(desk: Desk) -> None:
    made = a_find(desk.ws, position=None)
    desk.open("today")
    assert [one.words()[0] for one in banners(desk.today())] == ["1 find has no position yet"]
    records.correct(desk.ws, made.name, {"lat": "39.99", "lon": "46.93"}, "read from the sketch")
    desk.open("today")
    assert banners(desk.today()) == []


def test_an_earlier_day_is_shown_as_a_day_and_today_as_a_time(desk: Desk) -> None:
    clock = desk.session.clock
    assert isinstance(clock, SetClock)
    a_find(desk.ws)
    clock.set(clock.now() + timedelta(days=1))
    newest = a_find(desk.ws)
    desk.open("today")
    page = desk.today()
    assert [page.table.rows.cell(place, 2).text for place in range(2)] == [
        page.shown.time(newest.at), "29 Jul 2024",
    ]  # fmt: skip
