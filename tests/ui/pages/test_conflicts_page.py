from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.clock import SetClock
from fieldapp.operations import conflicts, export, hq_changes, imports, records
from fieldapp.operations.workspace import Workspace
from tests.builders import START, a_find, a_plot, deployment
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.conftest import Opened
from tests.ui.pages.test_day_and_export import export_page
from tests.ui.pages.test_inbox_and_review import inbox_page
from tests.ui.pages.test_today_page import banners
from ui.main_window import MainWindow
from ui.pages.conflicts import ConflictsPage
from ui.pages.hq_changes import HqChangesPage
from ui.pages.today import TodayPage
from ui.session import Session
from ui.widgets.banner import Banner
from ui.widgets.labels import PlainLabel
from ui.widgets.table import DataTable

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
Open = Callable[..., Opened]


@pytest.fixture
def disputed(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """A window on ``hq`` or ``north``. Disputed at HQ: a plot, a retraction, and the depth of three finds alike.

    The names are those finds', the plot's and the retracted find's.
    """
    windows: list[MainWindow] = []
    with deployment(tmp_path, "north") as there:
        north = there.laptops["north"]
        names = [a_find(north, place="AZ-AGM").name for _ in range(3)]
        names += [a_plot(north).name, a_find(north).name]
        there.exchange(north)
        for name in names[:3]:
            records.correct(there.hq, name, {"depth_cm": 30}, "the sketch says so")
            records.correct(north, name, {"depth_cm": 18}, "measured again")
        records.correct(there.hq, names[3], {"depth_cm": 13}, "the completion paper says 13")
        records.correct(north, names[3], {"release": "reduced"}, "only surveyed")
        records.retract(there.hq, names[4], "logged twice")
        records.correct(north, names[4], {"condition": "unarmed"}, "looked again")
        there.carry(north)
        assert isinstance(there.hq.clock, SetClock)
        there.hq.clock.set(START + timedelta(days=9, hours=3))

        def make(whose: str, language: str = "en") -> Opened:
            ws: Workspace = there.hq if whose == "hq" else there.laptops[whose]
            session = Session(ws.clock)
            session.open(ws, language)
            window = MainWindow(session)
            windows.append(window)
            qtbot.addWidget(window)
            window.resize(1366, 768)
            window.show()
            made = Opened(there, names, window, qtbot)
            made.settle()
            return made

        yield make
        for window in windows:
            window.session.background.close()
            window.hide()


def page_on(opened: Opened, what: object = None) -> ConflictsPage:
    opened.window.open_page("conflicts", what)
    settle(opened)
    page = opened.window.pages["conflicts"]
    assert isinstance(page, ConflictsPage)
    return page


def settle(opened: Opened) -> None:
    """A change is followed by reading again."""
    for _ in range(3):
        opened.settle()


def shown_texts(page: ConflictsPage) -> list[str]:
    return [label.text() for label in page.detail.findChildren(PlainLabel) if label.isVisible()]


def rows(page: ConflictsPage) -> list[tuple[str, ...]]:
    model = page.table.rows
    return [tuple(model.cell(row, column).text for column in range(3)) for row in range(model.rowCount())]


def said(page: ConflictsPage) -> list[str]:
    return [banner.words()[0] for banner in page.said]


def choose(page: ConflictsPage, value: object, reason: str = "photo 2 shows it") -> None:
    assert page.detail.opened is not None
    assert page.detail.choice is not None
    readings = [one.value for one in page.detail.opened.readings]
    page.detail.choice.set_text(str(readings.index(value) + 1))
    page.detail.reason.set_text(reason)


def a_third_reading(opened: Opened) -> Path:
    """The team corrects the first find once more before it hears of headquarters; returns its bundle."""
    north = opened.there.laptops["north"]
    records.correct(north, opened.names[0], {"depth_cm": 44}, "dug it out")
    return export.export_for_hq(north, opened.there.stick).path


def test_the_list_has_what_is_alike_in_one_line_with_count_readings_and_age(disputed: Open) -> None:
    page = page_on(disputed("hq"))
    assert sorted(row[2] for row in rows(page)) == ["9 days"] * 3
    (three,) = [row for row in rows(page) if row[0] == "3 records"]
    assert three[1].startswith("Find: Depth\n")
    assert set(three[1].split("\n")[1].split(" / ")) == {"30 cm", "18 cm"}
    (plot,) = [row for row in rows(page) if row[1].startswith("Plot")]
    assert plot[1] == "Plot: Release\nReduced, with technical asset, 20 cm / Cleared, 13 cm", "only what differs"
    assert page.count.text() == "5 disputed"


def test_readings_stand_side_by_side_with_their_writers_and_the_dangerous_one_is_marked(disputed: Open) -> None:
    hq = disputed("hq")
    page = page_on(hq, hq.names[3])
    texts = shown_texts(page)
    for text in ("Reading 1", "Reading 2", "20 cm", "13 cm", "North \u00b7 Team t7", "Officer \u00b7 Headquarters",
                 "Reason: only surveyed", "Reason: the completion paper says 13", "Shown until it is settled"):
        assert any(text in one for one in texts), text
    assert page.detail.opened is not None
    first, second = page.detail.opened.readings
    assert (first.value["release"], first.dangerous, second.dangerous) == ("reduced", True, False)


def test_a_disputed_retraction_is_said_in_words(disputed: Open) -> None:
    hq = disputed("hq")
    texts = shown_texts(page_on(hq, hq.names[4]))
    for text in ("The record stands", "Retracted", "Changed: Condition", "Reason: logged twice"):
        assert text in texts, text


def test_depths_have_no_scale_of_danger_and_none_is_claimed(disputed: Open) -> None:
    hq = disputed("hq")
    page = page_on(hq, hq.names[0])
    assert page.detail.opened is not None
    assert [one.shown for one in page.detail.opened.readings] == [True, False]
    assert not any(one.dangerous for one in page.detail.opened.readings)


def test_three_alike_are_settled_by_keyboard_and_taken_back(disputed: Open) -> None:
    hq = disputed("hq")
    hq.window.activateWindow()
    page = page_on(hq, hq.names[0])
    (table,) = page.detail.findChildren(DataTable)
    assert table.rows.rowCount() == 3, "every record that is settled is listed"
    assert not page.detail.settle.isEnabled()
    page.table.setFocus()
    QTest.keyClick(page.table, Key.Key_Return)
    assert page.detail.choice is not None
    assert QApplication.focusWidget() is page.detail.choice
    QTest.keyClick(page.detail.choice, Key.Key_2)
    assert page.detail.opened is not None
    value = page.detail.opened.readings[1].value
    assert not page.detail.settle.isEnabled(), "no reason yet"
    page.detail.reason.area.setFocus()
    QTest.keyClicks(page.detail.reason.area, "photo 2 shows it")
    assert page.detail.settle.text() == "Settle these 3 alike"
    QTest.keyClick(page.detail.reason.area, Key.Key_Return, CTRL)
    settle(hq)
    found = [records.get(hq.there.hq, name) for name in hq.names[:3]]
    assert {(one.fields["depth_cm"], one.settled) for one in found} == {(value, True)}
    assert said(page) == ["3 records settled"]
    assert len(rows(page)) == 2
    page.said[0].buttons[0].click()
    settle(hq)
    assert said(page) == ["3 records are disputed again"]
    assert len(rows(page)) == 3
    assert page.detail.opened is not None
    assert [one.name for one in page.detail.opened.records] == hq.names[:3]


def test_a_reading_that_comes_while_the_page_is_open_is_shown_and_the_choice_is_asked_again(disputed: Open) -> None:
    hq = disputed("hq")
    page = page_on(hq, hq.names[0])
    choose(page, 18)
    file = a_third_reading(hq)
    hq.session.do(lambda ws: imports.import_file(ws, file))
    settle(hq)
    assert said(page) == ["This changed meanwhile"]
    assert page.detail.choice is not None
    assert page.detail.choice.text() == ""
    assert not page.detail.settle.isEnabled()
    assert page.detail.reason.text() == "photo 2 shows it", "what was typed stays"


def test_a_reading_that_comes_between_showing_and_pressing_keeps_its_record_open(disputed: Open) -> None:
    hq = disputed("hq")
    page = page_on(hq, hq.names[0])
    choose(page, 30)
    imports.import_file(hq.there.hq, a_third_reading(hq))
    page.detail.settle.click()
    settle(hq)
    number = records.get(hq.there.hq, hq.names[0]).fields["local_id"]
    assert said(page) == ["2 records settled", f"Another reading came meanwhile; still open: {number}"]
    (left,) = records.get(hq.there.hq, hq.names[0]).conflicts
    assert sorted(left.readings) == [30, 44]
    assert page.detail.opened is not None
    assert [one.name for one in page.detail.opened.records] == [hq.names[0]], "what is left of it is shown"


def test_one_record_takes_another_value_and_what_cannot_be_taken_is_said(disputed: Open) -> None:
    hq = disputed("hq")
    there = hq.there
    records.correct(there.hq, hq.names[0], {"remarks": "beside the road"}, "hq")
    records.correct(there.laptops["north"], hq.names[0], {"remarks": "beside the ditch"}, "team")
    there.carry(there.laptops["north"])
    page = page_on(hq)
    line = next(line for line in page.table.rows.all_rows() if line.alike.group == "remarks")
    page.table.selectRow(list(page.table.rows.all_rows()).index(line))
    settle(hq)
    assert page.detail.choice is not None
    page.detail.choice.set_text("other")
    page.detail.reason.set_text("both")
    assert not page.detail.settle.isEnabled()
    (item,) = page.detail._other
    item.input.set_text("x" * 5000)
    page.detail.settle.click()
    assert "longer than" in said(page)[0]
    item.input.set_text("between road and ditch")
    page.detail.settle.click()
    settle(hq)
    assert records.get(there.hq, hq.names[0]).fields["remarks"] == "between road and ditch"


def test_filters_by_kind_team_and_age_and_what_stands_where_nothing_is_left(disputed: Open) -> None:
    hq = disputed("hq")
    page = page_on(hq)
    page.kind.set_text("plot")
    settle(hq)
    assert [row[1].split(":")[0] for row in rows(page)] == ["Plot"]
    page.kind.set_text("all")
    page.age.set_text("old")
    page.team.setText("team T7")
    settle(hq)
    assert len(rows(page)) == 3
    page.team.setText("team t9")
    settle(hq)
    assert rows(page) == []
    assert page.empty.isVisible()
    assert "Nothing is disputed among these." in [label.text() for label in page.findChildren(PlainLabel)]
    page_on(hq, hq.names[3])
    assert len(rows(page)) == 3, "opened on a record, nothing is filtered"


def test_a_long_list_is_read_in_parts(disputed: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.pages.conflicts.PART_ROWS", 2)
    hq = disputed("hq")
    page = page_on(hq)
    page._scrolled(page.table.verticalScrollBar().maximum())
    settle(hq)
    assert len(rows(page)) == 3


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_nothing_is_clipped_and_every_target_is_large_enough(disputed: Open, language: str) -> None:
    hq = disputed("hq", language)
    for name in (hq.names[0], hq.names[3]):
        page = page_on(hq, name)
        choose(page, page.detail.opened.readings[0].value if page.detail.opened else None)
        assert clipped_texts(hq.window) == []
        assert small_targets(hq.window) == []


def test_what_headquarters_settled_is_said_on_today_until_somebody_there_has_seen_it(disputed: Open) -> None:
    north = disputed("north")
    there = north.there
    for mark in conflicts.on_record(there.hq, north.names[0]):
        found = conflicts.opened(there.hq, mark)
        assert found is not None
        conflicts.settle(
            there.hq, "depth_cm", 18, "photo shows it", heads=found.heads,
            readings=[one.value for one in found.readings],
        )
    there.answer(there.laptops["north"])
    north.window.open_page("today")
    settle(north)
    today = north.window.pages["today"]
    assert isinstance(today, TodayPage)
    (banner,) = [one for one in banners(today) if one.words()[0].startswith("HQ changed")]
    assert banner.words()[0] == "HQ changed 5 records"
    banner.buttons[0].click()
    settle(north)
    page = north.window.pages["hq_changes"]
    assert isinstance(page, HqChangesPage)
    assert north.window.current_page() is page
    assert clipped_texts(north.window) == []
    words = [page.table.rows.cell(row, 2).text for row in range(page.table.rows.rowCount())]
    assert sorted(set(words)) == ["Changed by HQ", "Retracted by HQ", "Settled by HQ"]
    before = len(words)
    page.seen.click()
    settle(north)
    assert page.table.rows.rowCount() == before - 1
    page.all.click()
    settle(north)
    assert page.empty.isVisible()
    assert hq_changes.count(there.laptops["north"]) == 0
    north.window.open_page("today")
    settle(north)
    assert not [one for one in banners(today) if one.words()[0].startswith("HQ changed")]


def test_taking_in_a_return_bundle_says_how_many_records_headquarters_changed(disputed: Open) -> None:
    north = disputed("north")
    stick = north.there.stick
    for old in stick.glob("*.fieldbundle"):
        old.unlink()
    export.export_for_team(north.there.hq, "t7", stick)
    page = export_page(north)
    page.choice.path.set_text(str(stick))
    page.take_in.click()
    settle(north)
    assert page.said is not None
    assert "HQ changed 5 records. Today shows them." in page.said.words()[1].splitlines()


def test_an_import_that_brings_contradictions_leads_from_the_inbox_to_them(disputed: Open) -> None:
    hq = disputed("hq")
    stick, north = hq.there.stick, hq.there.laptops["north"]
    for old in stick.glob("*.fieldbundle"):
        old.unlink()
    more = a_find(north).name
    hq.there.exchange(north)
    records.correct(hq.there.hq, more, {"depth_cm": 30}, "the sketch says so")
    records.correct(north, more, {"depth_cm": 12}, "measured again")
    export.export_for_hq(north, stick)
    page = inbox_page(hq)
    page.take.click()
    settle(hq)
    (banner,) = [one for one in page.findChildren(Banner) if one.words()[0] == "1 record differs"]
    banner.buttons[0].click()
    settle(hq)
    shown = hq.window.current_page()
    assert isinstance(shown, ConflictsPage)
    assert len(rows(shown)) == 4


def test_the_list_stands_before_its_first_difference_is_opened(
    disputed: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    hq = disputed("hq")
    shown: list[int] = []
    real = conflicts.opened

    def counted(ws: Workspace, alike: str, wanted: conflicts.Wanted = conflicts.EVERYTHING) -> conflicts.Opened | None:
        page = hq.window.pages["conflicts"]
        assert isinstance(page, ConflictsPage)
        shown.append(page.table.rows.rowCount())
        return real(ws, alike, wanted)

    monkeypatch.setattr(conflicts, "opened", counted)
    page = page_on(hq, hq.names[3])
    assert shown
    assert set(shown) == {3}
    assert page.detail.opened is not None
    assert [one.name for one in page.detail.opened.records] == [hq.names[3]]
    chosen = page.table.chosen_row()
    assert chosen is not None
    assert chosen.alike.alike == page.detail.opened.line.alike.alike
