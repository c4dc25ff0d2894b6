from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea

from fieldapp.operations import reports, review, settings
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.conftest import Opened
from ui import theme
from ui.pages.reports import ReportsPage
from ui.pages.settings import SettingsPage

Open = Callable[..., Opened]
MONDAY, SUNDAY = date(2024, 7, 29), date(2024, 8, 4)


def reports_page(opened: Opened) -> ReportsPage:
    opened.window.open_page("reports", MONDAY)
    opened.settle()
    page = opened.window.pages["reports"]
    assert isinstance(page, ReportsPage)
    return page


def test_the_headline_numbers_are_those_of_the_report(opened: Open) -> None:
    hq = opened("hq")
    review.decide(hq.there.hq, [hq.names[5]], "approved")
    page = reports_page(hq)
    report = reports.weekly(hq.there.hq, MONDAY, SUNDAY)
    assert page.figures["ap_mine"].figure() == str(report.totals.line("ap_mine").found)
    assert page.figures["cleared"].figure() == "1.0 ha"
    last = page.table.rows.rowCount() - 1
    assert page.table.rows.cell(last, 0).text == "Total"
    assert page.table.rows.cell(last, 4).text == "1.0"
    assert "9,59" in page.foot_line()[0]


def test_the_sentence_is_copied_in_the_language_chosen(opened: Open) -> None:
    hq = opened("hq")
    page = reports_page(hq)
    report = reports.weekly(hq.there.hq, MONDAY, SUNDAY)
    for language in ("az", "ru", "en"):
        page.language.set_text(language)
        assert page.sentence.words()[0] == reports.bulletin_sentence(report, language)
        page.copy.click()
        assert QGuiApplication.clipboard().text() == reports.bulletin_sentence(report, language)


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_the_report_does_not_scroll_sideways_at_1366(opened: Open, language: str) -> None:
    page = reports_page(hq := opened("hq", language))
    hq.settle()
    assert page.period.text()
    (area,) = [one for one in hq.window.findChildren(QScrollArea) if one.isVisible() and one.isAncestorOf(page)]
    assert area.horizontalScrollBar().maximum() == 0


def test_the_weeks_go_back_and_forth_by_keyboard(opened: Open) -> None:
    hq = opened("hq")
    page = reports_page(hq)
    assert page.this.text() == "Week 31, 2024"
    page.before.setFocus()
    QTest.keyClick(page.before, Qt.Key.Key_Return)
    hq.settle()
    assert page.this.text() == "Week 30, 2024"
    assert page.figures["ap_mine"].figure() == "0"
    QTest.keyClick(page.after, Qt.Key.Key_Return)
    hq.settle()
    assert page.first == MONDAY


def test_the_page_opens_on_the_latest_week_with_something_approved_and_comes_back_to_it(opened: Open) -> None:
    hq = opened("hq")
    hq.window.open_page("reports")
    hq.settle()
    page = hq.window.pages["reports"]
    assert isinstance(page, ReportsPage)
    assert (page.first, page.this.text()) == (MONDAY, "Week 31, 2024")
    assert page.figures["ap_mine"].figure() != "0"
    page.show_week(date(2024, 1, 1))
    hq.settle()
    assert page.figures["ap_mine"].figure() == "0"
    page.this.click()
    hq.settle()
    assert page.first == MONDAY


def test_the_report_is_saved_as_html_text_and_json(opened: Open, tmp_path: Path) -> None:
    hq = opened("hq")
    page = reports_page(hq)
    for form in ("html", "text", "json"):
        page.save(form, tmp_path / f"week.{form}")
        hq.settle()
        assert page.said().startswith("Saved: ")
    assert json.loads((tmp_path / "week.json").read_text(encoding="utf-8"))["period"] == {
        "from": "2024-07-29", "to": "2024-08-04",
    }  # fmt: skip
    assert (tmp_path / "week.html").read_text(encoding="utf-8").lstrip().startswith("<!")
    page.save("text", tmp_path / "no such folder" / "week.txt")
    hq.settle()
    assert "could not be written" in page.said()


def test_the_language_changes_while_the_window_runs(opened: Open) -> None:
    hq = opened("hq")
    hq.window.open_page("settings")
    hq.settle()
    page = hq.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    page.language.set_text("ru")
    hq.settle()
    fresh = hq.window.current_page()
    assert isinstance(fresh, SettingsPage)
    assert fresh.texts.language == "ru"
    assert hq.there.hq.language == "ru"


def test_the_colours_change_at_once(opened: Open) -> None:
    hq = opened("hq")
    hq.window.open_page("settings")
    hq.settle()
    page = hq.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    page.theme.buttons[2].click()
    assert theme.current().name == "night"


PAGES = {
    "north": ("records", "day", "export", "reports", "settings"),
    "hq": ("inbox", "review", "laptops", "records", "reports", "settings"),
}


@pytest.mark.parametrize("language", ["en", "az", "ru"])
@pytest.mark.parametrize("whose", sorted(PAGES))
def test_nothing_is_clipped_and_every_target_is_large_enough(opened: Open, whose: str, language: str) -> None:
    window = opened(whose, language)
    for key in PAGES[whose]:
        window.window.open_page(key, MONDAY if key in ("day", "reports") else None)
        for _ in range(3):
            window.settle()
        assert clipped_texts(window.window) == [], key
        assert small_targets(window.window) == [], key


def test_headquarters_sets_the_datum_operation_with_a_reason_and_a_laptop_only_sees_it(opened: Open) -> None:
    hq = opened("hq")
    hq.window.open_page("settings")
    hq.settle()
    page = hq.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    page.deployment.buttons["datum-operation"].click()
    dialog = page.deployment.dialog
    assert dialog is not None
    assert dialog.choice is not None
    dialog.choice.buttons[1].click()
    assert not dialog.go.isEnabled()
    dialog.reason.set_text("order 12")
    dialog.go.click()
    hq.settle()
    assert settings.value(hq.there.hq, "datum-operation") == "EPSG:1808"
    assert page.session.frame.operation.code == "EPSG:1808"


def test_a_laptop_of_a_programme_has_no_button_to_change_what_headquarters_settles(opened: Open) -> None:
    north = opened("north")
    north.window.open_page("settings")
    north.settle()
    page = north.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    assert page.deployment.buttons == {}


def test_an_officer_defines_a_coordinate_system_and_a_refused_one_keeps_what_was_typed(opened: Open) -> None:
    hq = opened("hq")
    hq.window.open_page("settings")
    hq.settle()
    page = hq.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    page.deployment.add_system.click()
    dialog = page.deployment.system_dialog
    assert dialog is not None
    dialog.code.set_text("Not a code")
    dialog.name.set_text("Local grid")
    dialog.definition.set_text("EPSG:28408")
    dialog.go.click()
    hq.settle()
    assert dialog.isVisible()
    assert dialog.definition.text() == "EPSG:28408"
    dialog.code.set_text("local-grid")
    dialog.go.click()
    hq.settle()
    assert [one.code for one in settings.systems(hq.there.hq)] == ["local-grid"]
    assert [one.code for one in page.session.frame.systems] == ["local-grid"]


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_own_parameters_that_lead_far_off_say_so_beside_the_setting(opened: Open, language: str) -> None:
    hq = opened("hq", language)
    settings.change(hq.there.hq, "datum-operation", "own 25 -141 -78.5 0 0.35 0.736 0 5", "order 12")
    hq.window.open_page("settings")
    hq.settle()
    page = hq.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    said = [label.text() for label in page.deployment.findChildren(QLabel) if "EPSG:15865" in label.text()]
    assert [one for one in said if one.endswith("?")]
    hq.qtbot.waitUntil(lambda: clipped_texts(hq.window) == [])  # the layout follows the rows by an event
