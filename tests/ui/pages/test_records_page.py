from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fieldapp.operations import browsing, entry, records
from fieldapp.operations.browsing import Wanted
from tests.builders import a_find
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.conftest import Opened
from tests.ui.pages.scene import quarrel
from ui.dialogs.reason import ReasonDialog
from ui.pages.correct import CorrectPage
from ui.pages.records import RecordsPage
from ui.widgets.labels import PlainLabel

Open = Callable[..., Opened]


def records_page(opened: Opened) -> RecordsPage:
    opened.window.open_page("records")
    opened.settle()
    page = opened.window.pages["records"]
    assert isinstance(page, RecordsPage)
    return page


def numbers(page: RecordsPage) -> list[str]:
    return [page.table.rows.cell(place, 0).text for place in range(page.table.rows.rowCount())]


def search_for(opened: Opened, page: RecordsPage, text: str) -> None:
    page.search.setFocus()
    QTest.keyClicks(page.search, text)
    with opened.qtbot.waitSignal(page.lines.counted, timeout=10_000):
        pass
    opened.settle()


def give_reason(opened: Opened, page: RecordsPage, reason: str) -> None:
    dialog = page.findChild(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.reason.area, reason)
    QTest.keyClick(dialog.go, Qt.Key.Key_Return)
    opened.settle()


def test_records_stand_newest_first_with_where_they_are(opened: Open) -> None:
    north = opened("north")
    page = records_page(north)
    assert page.table.rows.rowCount() == len(north.names)
    laptop = north.there.laptops["north"]
    newest = records.get(laptop, north.names[-1]).fields["local_id"]
    assert numbers(page)[0] == newest
    words = {page.table.rows.cell(place, 0).text: page.table.rows.cell(place, 3).text for place in range(10)}
    by_name = {name: records.get(laptop, name).fields["local_id"] for name in north.names}
    assert words[by_name[north.names[5]]] == "Safe at HQ"
    assert words[by_name[north.names[0]]] == "On a stick"
    assert words[by_name[north.names[-1]]] == "This laptop"
    assert words[by_name[north.names[1]]] == "HQ asks"
    assert words[by_name[north.names[2]]] == "Retracted"


def test_search_folds_case_and_hyphens_and_says_how_many_of_all(opened: Open) -> None:
    north = opened("north")
    page = records_page(north)
    search_for(north, page, "PmN 2")
    assert page.table.rows.rowCount() == 3
    assert page.count.text() == "3 of 10"
    search_for(north, page, "zzz")
    assert page.table.rows.rowCount() == 0
    assert page.empty.isVisible()


def test_the_filter_shows_one_kind_by_keyboard(opened: Open) -> None:
    north = opened("north")
    page = records_page(north)
    page.filter.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space):
        QTest.keyClick(page.filter, key)
    north.settle()
    assert page.filter.text() == "plot"
    assert page.table.rows.rowCount() == 2
    assert page.count.text() == "2 records"


@pytest.mark.parametrize("whose", ["north", "hq"])
def test_what_has_no_position_is_listed_by_keyboard_until_it_has_one(opened: Open, whose: str) -> None:
    there = opened(whose)
    ws = there.there.hq if whose == "hq" else there.there.laptops["north"]
    page = records_page(there)
    page.filter.setFocus()
    for key in (*[Qt.Key.Key_Right] * 4, Qt.Key.Key_Space):
        QTest.keyClick(page.filter, key)
    there.settle()
    assert [line.row.name for line in page.table.rows.all_rows()] == [there.names[7]]
    assert page.count.text().startswith("1 of ")
    search_for(there, page, "zzz")
    assert page.table.rows.rowCount() == 0
    page.search.clear()
    records.correct(ws, there.names[7], {"lat": "39.99", "lon": "46.93"}, "read from the sketch")
    page.refresh()
    there.settle()
    assert page.empty.isVisible()
    assert "Every find here has a position." in [label.text() for label in page.empty.findChildren(PlainLabel)]


@pytest.mark.parametrize("language", ["en", "az", "ru"])
@pytest.mark.parametrize("whose", ["north", "hq"])
def test_every_word_of_the_list_fits(opened: Open, whose: str, language: str) -> None:
    there = opened(whose, language)
    records_page(there)
    assert clipped_texts(there.window) == []
    assert small_targets(there.window) == []


def test_the_history_shows_old_and_new_value_who_and_why(opened: Open) -> None:
    north = opened("north")
    page = records_page(north)
    page.open_with(north.names[0])
    north.settle()
    entries = page.detail.history.entries()
    assert [entry.what for entry in entries] == ["Corrected", "Logged"]
    assert [(change.field, change.old, change.new) for change in entries[0].changes] == [
        ("Quantity", "1", "2"), ("Depth", "5 cm", "8 cm"),
    ]  # fmt: skip
    assert entries[0].reason == "misread the rule; the second lay below"
    assert "North" in entries[0].who


def test_a_question_of_headquarters_stands_above_the_history(opened: Open) -> None:
    north = opened("north")
    page = records_page(north)
    page.open_with(north.names[1])
    north.settle()
    assert [banner.words()[0] for banner in page.banners()] == ["HQ asks"]
    assert "photo shows about 5" in page.banners()[0].words()[1]


def test_retracting_needs_a_reason_and_restoring_takes_it_back(opened: Open) -> None:
    north = opened("north")
    page = records_page(north)
    name = north.names[3]
    page.open_with(name)
    north.settle()
    page.detail.retract.click()
    give_reason(north, page, "logged under the wrong team")
    laptop = north.there.laptops["north"]
    assert records.get(laptop, name).retracted
    assert page.detail.restore.isVisible()
    assert not page.detail.correct.isVisible()
    page.detail.restore.click()
    give_reason(north, page, "it was ours after all")
    assert not records.get(laptop, name).retracted
    assert records.history(laptop, name)[-1].why == "it was ours after all"
    assert page.detail.correct.isVisible()


def test_a_dialog_closed_with_escape_changes_nothing(opened: Open) -> None:
    north = opened("north")
    page = records_page(north)
    page.open_with(north.names[3])
    north.settle()
    page.detail.retract.click()
    dialog = page.findChild(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    QTest.keyClicks(dialog.reason.area, "a reason")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    north.settle()
    assert not records.get(north.there.laptops["north"], north.names[3]).retracted


def test_a_difference_shows_all_readings_and_is_settled_with_a_reason(opened: Open) -> None:
    hq = opened("hq")
    name = hq.names[3]
    quarrel(hq.there, name)
    page = records_page(hq)
    page.open_with(name)
    hq.settle()
    (banner,) = page.banners()
    first, detail = banner.words()
    assert first == "Depth: the readings differ"
    assert "30 cm" in detail
    assert "18 cm" in detail
    banner.buttons[0].click()
    dialog = page.findChild(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    assert dialog.choice is not None
    readings = [button.text() for button in dialog.choice.buttons]
    QTest.keyClicks(dialog.reason.area, "the team measured it twice")
    assert not dialog.go.isEnabled()
    dialog.choice.buttons[readings.index("18 cm")].click()
    dialog.go.click()
    hq.settle()
    record = records.get(hq.there.hq, name)
    assert (record.fields["depth_cm"], record.settled) == (18, True)
    assert not page.banners()


def test_headquarters_sees_all_teams_and_their_names(opened: Open) -> None:
    hq = opened("hq")
    page = records_page(hq)
    titles = [column.title for column in page.table.rows.columns()]
    assert titles == ["No.", "Team", "What", "Day", "State"]
    assert page.table.rows.cell(0, 1).text == "Team t7"


def test_headquarters_corrects_a_record_with_a_reason(opened: Open) -> None:
    hq = opened("hq")
    page = records_page(hq)
    page.open_with(hq.names[5])
    hq.settle()
    page.detail.correct.click()
    hq.settle()
    form = hq.window.current_page()
    assert isinstance(form, CorrectPage)
    form.items["depth_cm"].input.set_text("13")
    assert not form.save.isEnabled()
    QTest.keyClicks(form.reason.area, "the sketch says 13 cm")
    form.save.click()
    hq.settle()
    record = records.get(hq.there.hq, hq.names[5])
    assert record.fields["depth_cm"] == 13
    assert record.fields["release"] == "cleared"
    assert hq.window.current_page() is page


def test_a_correction_that_cannot_be_taken_is_said_at_its_field(opened: Open) -> None:
    hq = opened("hq")
    hq.window.open_page("correct", hq.names[5])
    hq.settle()
    form = hq.window.current_page()
    assert isinstance(form, CorrectPage)
    form.items["depth_cm"].input.set_text("99999")
    QTest.keyClicks(form.reason.area, "typed wrong")
    form.save.click()
    hq.settle()
    assert form.problems() == ["is above 3000"]
    assert records.get(hq.there.hq, hq.names[5]).fields["depth_cm"] == 20


def test_a_long_list_is_read_a_part_at_a_time(opened: Open, qtbot: QtBot) -> None:
    north = opened("north")
    laptop = north.there.laptops["north"]
    with laptop.store.transaction():
        for _ in range(130):
            a_find(laptop, model_text="TM-57", place="AZ-FUZ")
    page = records_page(north)
    assert page.table.rows.rowCount() == 60
    assert page.count.text() == "140 records"
    bar = page.table.verticalScrollBar()
    for expected in (120, 140, 140):
        bar.setValue(bar.maximum())
        north.settle()
        assert page.table.rows.rowCount() == expected
    assert len(set(numbers(page))) == 140


def test_parts_of_a_list_meet_without_loss_or_repetition(opened: Open) -> None:
    north = opened("north")
    laptop = north.there.laptops["north"]
    names: list[str] = []
    taken = None
    more = True
    while more:
        part = browsing.part(laptop, Wanted(), taken, 3)
        names += [line.row.name for line in part.lines]
        taken, more = part.taken, part.more
    assert sorted(names) == sorted(north.names)
    assert browsing.count(laptop, Wanted()) == len(names)


def test_records_that_a_record_names_are_shown_by_their_number(opened: Open) -> None:
    hq = opened("hq")
    task = records.add(hq.there.hq, "task", {"title": "Fence line", "task_kind": "clearance"}, owner="t7")
    of_find = hq.names[0]
    number = str(records.get(hq.there.hq, of_find).fields["local_id"])
    disposal = hq.names[8]
    records.correct(hq.there.hq, disposal, {"task": task.name}, "the order says so")
    hq.window.open_page("records", disposal)
    hq.settle()
    page = records_page(hq)
    said = [label.text() for label in page.detail.findChildren(PlainLabel)]
    assert number in said
    assert str(task.fields["local_id"]) in said
    assert [text for text in said if of_find in text or task.name in text] == []
    changes = [change for entry in page.detail.history.entries() for change in entry.changes]
    assert [(change.field, change.new) for change in changes] == [("Task", task.fields["local_id"])]


def test_a_correction_leaves_the_record_it_names_alone(opened: Open) -> None:
    hq = opened("hq")
    task = records.add(hq.there.hq, "task", {"title": "Fence line", "task_kind": "clearance"}, owner="t7")
    find = hq.names[3]
    records.correct(hq.there.hq, find, {"task": task.name}, "the order says so")
    hq.window.open_page("correct", find)
    hq.settle()
    page = hq.window.pages["correct"]
    assert isinstance(page, CorrectPage)
    assert page.items["task"].input.text() == task.fields["local_id"]
    page.items["remarks"].input.set_text("looked at again")
    page.reason.set_text("a remark was missing")
    page.save.click()
    hq.settle()
    assert records.get(hq.there.hq, find).fields["task"] == task.name


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_a_victims_page_fits_the_window_in_every_language(opened: Open, language: str) -> None:
    shown = opened("hq", language)
    victim = entry.add(shown.there.hq, "victim", {"victim_outcome": "injured"}, personal={"name": "A"}, owner="t7")
    shown.window.open_page("records", victim.name)
    shown.settle()
    page = shown.window.pages["records"]
    assert isinstance(page, RecordsPage)
    shown.qtbot.waitUntil(page.detail.personal.isVisible, timeout=10_000)
    area = shown.window.scroll_area()
    assert area is not None
    assert area.horizontalScrollBar().maximum() == 0
    assert clipped_texts(page.detail) == []
