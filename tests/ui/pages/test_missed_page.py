"""Missed items in the window: the red banner of the first page, the list, explaining by keyboard, notes of the team."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fieldapp.operations import explaining, records
from fieldapp.operations.workspace import Workspace
from tests.builders import Deployment, a_find, a_plot, deployment
from tests.builders_missed import OUTSIDE, alarms, found_inside
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.desk import CTRL, Desk, Key
from ui.pages.inbox import InboxPage
from ui.pages.missed import MissedPage
from ui.widgets import Banner
from ui.widgets.sketch import Sketch

Sit = Callable[[Workspace], Desk]


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Deployment]:
    """Team t7 logged a plot, then a find inside it; headquarters has both."""
    with deployment(tmp_path, "north") as made:
        north = made.laptops["north"]
        a_plot(north)
        found_inside(north, found_on="2024-07-29")
        made.exchange(north)
        yield made


@pytest.fixture
def sit(qtbot: QtBot, tmp_path: Path) -> Iterator[Sit]:
    """Sit down at a computer, in a language."""
    desks: list[Desk] = []

    def down(ws: Workspace, language: str = "en") -> Desk:
        desks.append(Desk(qtbot, tmp_path / "none", ws, language))
        return desks[-1]

    yield down
    for desk in desks:
        desk.settle()
        desk.session._workspace = None  # its owner closes it
        desk.close()


def page_of(desk: Desk) -> MissedPage:
    page = desk.window.pages["missed"]
    assert isinstance(page, MissedPage)
    return page


def red_banners(desk: Desk) -> list[Banner]:
    page = desk.window.current_page()
    assert page is not None
    return [banner for banner in page.findChildren(Banner) if "released before" in banner.words()[0]]


def said(page: MissedPage) -> str:
    return "\n".join(str(part.property("text")) for part in page.detail.findChildren(QWidget) if part.property("text"))


@pytest.mark.parametrize("role", ["hq", "field"])
def test_the_first_page_says_it_in_red_and_leads_to_it(there: Deployment, sit: Sit, role: str) -> None:
    desk = sit(there.hq if role == "hq" else there.laptops["north"])
    (banner,) = red_banners(desk)
    assert (banner.tone(), banner.words()[0][:13]) == ("danger", "1 missed item")
    banner.buttons[0].click()
    desk.settle()
    assert desk.window.current_page() is page_of(desk)
    assert page_of(desk).table.chosen_row() is not None


def test_headquarters_explains_by_keyboard_and_the_banner_goes(there: Deployment, sit: Sit) -> None:
    desk = sit(there.hq)
    desk.open("missed")
    page = page_of(desk)
    assert "Whoever entered this find had the plot already." in "\n".join(
        banner.words()[1] for banner in page.detail.findChildren(Banner)
    )
    assert "Had the plot already." in said(page)
    (sketch,) = page.detail.findChildren(Sketch)
    assert [point.name for point in sketch.points()] == ["SP", "TP1", "TP2", "TP3"]
    page.table.setFocus()
    desk.press(Key.Key_Return)
    desk.press(Key.Key_Right)
    desk.press(Key.Key_Space)
    assert page.detail.cause.text() == "re_laid"
    page.detail.text.setFocus()
    desk.type("Seen by two")
    desk.press(Key.Key_Return, CTRL)
    desk.settle()
    assert page.empty.isVisible()
    assert alarms(there.hq) == set()
    (one,) = explaining.every(there.hq)
    assert (one.explained[0].cause, one.explained[0].text) == ("re_laid", "Seen by two")
    desk.open("inbox")
    assert isinstance(desk.window.current_page(), InboxPage)
    assert red_banners(desk) == []
    desk.open("missed")
    page.which.set_text("all")
    desk.settle()
    assert page.table.rows.cell(0, 3).text == "Explained"


def test_a_cause_without_words_closes_nothing(there: Deployment, sit: Sit) -> None:
    desk = sit(there.hq)
    desk.open("missed")
    detail = page_of(desk).detail
    detail.enter()
    assert not detail.send.isEnabled()
    detail.cause.set_text("re_laid")
    assert not detail.send.isEnabled()
    detail.text.set_text("It was")
    assert detail.send.isEnabled()
    detail.back.click()
    assert (detail.send.isVisible(), detail.ask.isVisible()) == (False, True)


def test_a_change_opens_it_again_in_words(there: Deployment, sit: Sit) -> None:
    (alarm,) = explaining.all_open(there.hq)
    explaining.explain(there.hq, alarm, "re_laid", "Seen by two")
    records.retract(there.hq, alarm.pair.plot, "drawn twice")
    desk = sit(there.hq)
    desk.open("missed")
    page = page_of(desk)
    assert page.table.rows.cell(0, 3).text == "Open again"
    words = "\n".join("\n".join(banner.words()) for banner in page.detail.findChildren(Banner))
    assert "The plot was retracted since." in words
    assert "Explained before the last change: Laid again afterwards" in words


def test_a_team_adds_a_note_and_closes_nothing(there: Deployment, sit: Sit) -> None:
    north = there.laptops["north"]
    desk = sit(north)
    desk.open("missed")
    detail = page_of(desk).detail
    assert not detail.ask.isVisible()
    detail.text.set_text("A fox den beside it")
    detail.send.click()
    desk.settle()
    assert "A fox den beside it" in [banner.words()[0] for banner in detail.findChildren(Banner)]
    assert len(alarms(north)) == 1


def test_the_day_names_them_before_it_is_signed(there: Deployment, sit: Sit) -> None:
    desk = sit(there.laptops["north"])
    desk.open("day")
    banners = [banner.words()[0] for banner in desk.window.pages["day"].findChildren(Banner)]
    assert "1 record of this day is part of a missed item" in banners


def test_without_one_there_is_no_banner(tmp_path: Path, sit: Sit) -> None:
    with deployment(tmp_path, "north") as made:
        north = made.laptops["north"]
        a_plot(north)
        a_find(north, position=OUTSIDE)
        made.exchange(north)
        assert red_banners(sit(made.hq)) == []


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_nothing_is_clipped(there: Deployment, sit: Callable[[Workspace, str], Desk], language: str) -> None:
    explaining.add_note(there.laptops["north"], explaining.all_open(there.laptops["north"])[0], "A fox den")
    desk = sit(there.hq, language)
    desk.open("missed")
    page = page_of(desk)
    for asking in (False, True):
        if asking:
            page.detail.enter()
            desk.settle()
        assert clipped_texts(page) == []
        assert small_targets(page) == []
        area = desk.window.scroll_area()
        assert area is not None
        assert (area.horizontalScrollBar().maximum(), area.verticalScrollBar().maximum()) == (0, 0)
