from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from fieldapp.operations import drafts, export, imports, questions, records
from fieldapp.operations.workspace import Workspace
from tests.builders import a_find
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.conftest import Opened
from tests.ui.pages.test_records_page import Open
from tests.ui.pages.test_today_page import banners, today
from ui.pages.questions import QuestionsPage
from ui.pages.records import RecordsPage
from ui.pages.today import TodayPage
from ui.widgets import Banner

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LONG = "Two of your finds lie closer together than their accuracy. Are they one item, and which tag hangs on it?"


def questions_page(opened: Opened) -> QuestionsPage:
    page = opened.window.pages["questions"]
    assert isinstance(page, QuestionsPage)
    return page


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(opened: Opened, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focus(), key, modifier)
    opened.settle()
    opened.settle()


def there_and_back(opened: Opened, laptop: Workspace) -> None:
    there = opened.there
    imports.import_file(there.hq, export.export_for_hq(laptop, there.stick).path)
    imports.import_file(laptop, export.export_for_team(there.hq, "t7", there.stick).path)


def shown_texts(page: QuestionsPage) -> str:
    return "\n".join(label.property("text") for label in page.detail.findChildren(QWidget) if label.property("text"))


def asking(page: TodayPage) -> list[Banner]:
    """The banners on Today in which headquarters asks; others speak of drafts and of finds without a position."""
    return [banner for banner in banners(page) if banner.words()[0].startswith("HQ asks")]


def test_today_leads_to_the_answer_and_it_is_written_by_keyboard_alone(opened: Open) -> None:
    north = opened("north")
    north.window.activateWindow()
    (banner,) = asking(today(north))
    assert banner.words()[1] == "“Depth 12 cm, the photo shows about 5. Which?”"
    (button,) = banner.buttons
    button.setFocus()
    press(north, Key.Key_Space)
    page = questions_page(north)
    assert north.window.current_page() is page
    assert focus() is page.detail.text.area
    QTest.keyClicks(focus(), "About 5, the rule lay askew.")
    press(north, Key.Key_Return, CTRL)
    (thread,) = questions.threads(north.there.laptops["north"])
    assert (thread.state, thread.entries[0].text) == ("answered", "About 5, the rule lay askew.")
    assert page.table.rows.cell(0, 2).text == "Answered"
    assert page.detail.text.text() == ""
    assert "About 5, the rule lay askew." in shown_texts(page)
    north.window.open_page("today")
    assert asking(today(north)) == []


def test_headquarters_asks_from_a_record_and_closes_by_keyboard_alone(opened: Open) -> None:
    hq = opened("hq")
    hq.window.activateWindow()
    hq.window.open_page("records", hq.names[3])
    hq.settle()
    page = hq.window.pages["records"]
    assert isinstance(page, RecordsPage)
    page.detail.ask.setFocus()
    press(hq, Key.Key_Space)
    asking = questions_page(hq)
    number = records.get(hq.there.hq, hq.names[3]).fields["local_id"]
    assert asking.number.text() == number
    assert focus() is asking.text.area
    QTest.keyClicks(focus(), "Was the pin in?")
    press(hq, Key.Key_Return, CTRL)
    (asked,) = [one for one in questions.threads(hq.there.hq) if not one.in_review]
    assert (asked.about, asked.text, asked.state) == (hq.names[3], "Was the pin in?", "open")
    assert (asking.number.text(), asking.text.text()) == ("", "")
    assert asking.detail.current is not None
    assert asking.detail.current.name == asked.name
    asking.detail.text.setFocus()
    QTest.keyClicks(focus(), "Settled by telephone.")
    press(hq, Key.Key_Return, CTRL)
    assert questions.thread(hq.there.hq, asked.name).state == "closed"
    assert asked.name not in [one.name for one in asking.table.rows.all_rows()]
    hq.window.open_page("questions", asked.name)
    hq.settle()
    hq.settle()
    assert asking.which.text() == "all"
    assert asking.detail.current is not None
    assert asking.detail.current.name == asked.name
    assert asked.name in [one.name for one in asking.table.rows.all_rows()]


def test_a_query_of_review_leads_to_review_and_has_no_close_button(opened: Open) -> None:
    hq = opened("hq")
    hq.window.open_page("questions")
    hq.settle()
    page = questions_page(hq)
    assert page.table.rows.cell(0, 3).text == "Unanswered"
    assert not page.detail.send.isVisible()
    page.detail.review.click()
    hq.settle()
    assert hq.window.current_page() is hq.window.pages["review"]


def test_a_number_nobody_has_is_said_and_what_was_typed_stays(opened: Open) -> None:
    hq = opened("hq")
    hq.window.open_page("questions")
    page = questions_page(hq)
    assert not page.ask.isEnabled()
    page.number.set_text("T9-0001-X")
    page.text.set_text("Which?")
    page.ask.click()
    hq.settle()
    assert page.text.text() == "Which?"
    assert page.ask.isEnabled()
    assert "T9-0001-X" in page._problem.itemAt(0).widget().words()[0]  # type: ignore[union-attr]


def test_a_photo_that_is_none_is_said_and_a_good_one_goes_with_the_answer(opened: Open, tmp_path: Path) -> None:
    north = opened("north")
    laptop = north.there.laptops["north"]
    north.window.open_page("questions")
    north.settle()
    detail = questions_page(north).detail
    assert not detail.send.isEnabled()
    (bad := tmp_path / "notes.txt").write_bytes(b"no photo")
    (good := tmp_path / "tag.jpg").write_bytes(b"\xff\xd8\xff\xe0 tag")
    detail.photo.set_text(str(bad))
    detail.send.click()
    north.settle()
    assert questions.threads(laptop)[0].state == "open"
    assert detail._problem.count() == 1
    detail.photo.set_text(str(good))
    detail.send.click()
    north.settle()
    assert questions.threads(laptop)[0].entries[0].photo_file == "tag.jpg"
    assert detail.photo.text() == ""
    assert "New photo: tag.jpg" in shown_texts(questions_page(north))


def test_a_correction_made_here_goes_with_the_answer(opened: Open) -> None:
    north = opened("north")
    laptop = north.there.laptops["north"]
    records.correct(laptop, north.names[1], {"depth_cm": 5}, "the rule lay askew")
    north.window.open_page("questions")
    north.settle()
    north.settle()
    detail = questions_page(north).detail
    assert detail.note.text() == "Your correction of the record goes with the answer."
    assert detail.send.isEnabled()
    detail.send.click()
    north.settle()
    north.settle()
    made = records.history(laptop, north.names[1])[-1].event
    assert questions.threads(laptop)[0].entries[0].correction == made
    assert not detail.note.isVisible()


def test_a_half_written_answer_is_there_again_and_today_does_not_call_it_a_find(opened: Open) -> None:
    north = opened("north")
    laptop = north.there.laptops["north"]
    north.window.open_page("questions")
    north.settle()
    questions_page(north).detail.text.set_text("About")
    north.settle()
    assert [one.fields for one in drafts.kept(laptop)] == [{"remarks": "About"}]
    assert not any("not finished" in banner.words()[0] for banner in banners(today(north)))
    again = opened("north")
    assert len(asking(today(again))) == 1
    assert not any("not finished" in banner.words()[0] for banner in banners(today(again)))
    again.window.open_page("questions")
    again.settle()
    again.settle()
    assert questions_page(again).detail.text.text() == "About"


def test_a_team_mates_laptop_answers_for_a_record_it_does_not_hold(opened: Open) -> None:
    south = opened("south")
    there, laptop = south.there, south.there.laptops["south"]
    there_and_back(south, laptop)
    page = today(south)
    page.refresh()
    south.settle()
    assert [banner.words()[0][:13] for banner in asking(page)] == ["HQ asks about"]
    south.window.open_page("questions")
    south.settle()
    detail = questions_page(south).detail
    detail.text.set_text("Rəşad says 5.")
    detail.send.click()
    south.settle()
    imports.import_file(there.hq, export.export_for_hq(laptop, there.stick).path)
    assert questions.threads(there.hq)[0].state == "answered"


@pytest.mark.parametrize("language", ["en", "az", "ru"])
@pytest.mark.parametrize("whose", ["north", "hq"])
def test_every_text_fits_and_every_target_is_large_enough(opened: Open, whose: str, language: str) -> None:
    shown = opened(whose, language)
    north = shown.there.laptops["north"]
    for _ in range(2):
        find = a_find(north)
        there_and_back(shown, north)
        questions.ask(shown.there.hq, find.name, LONG)
    there_and_back(shown, north)
    for one in questions.threads(north)[:1]:
        questions.answer(north, one.name, "Two items, tags 14 and 15; a hand's breadth apart.")
    there_and_back(shown, north)
    for key in ("today", "questions", "records"):
        shown.window.open_page(key)
        shown.settle()
        shown.settle()
        assert clipped_texts(shown.window) == [], key
        assert small_targets(shown.window) == [], key


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_nothing_has_to_be_scrolled_sideways(opened: Open, language: str) -> None:
    for whose in ("north", "hq"):
        shown = opened(whose, language)
        for key in ("questions", "records"):
            shown.window.open_page(key)
            shown.settle()
            area = shown.window.scroll_area()
            assert area is not None
            assert area.horizontalScrollBar().maximum() == 0, (whose, key)
