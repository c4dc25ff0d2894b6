"""Clearance checks where people see them: beside the forms, on the day's page, after an import, on their own page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from fieldapp.domain.checks import SEVERITIES
from tests.builders import RECTANGLE, a_find, a_plot
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.conftest import Opened
from tests.ui.pages.desk import CTRL, Desk, Key
from ui.pages.checks import ChecksPage
from ui.pages.day import DayPage
from ui.widgets.findings import Findings

B = ("40.02 46.981", "40.02 46.982171", "40.02072 46.982171", "40.02072 46.981")


def wait_for(desk: Desk, panel: Findings, *rules: str) -> None:
    desk.qtbot.waitUntil(lambda: [one.rule for one in panel.findings()] == list(rules), timeout=20_000)


def test_a_find_on_released_ground_is_told_beside_the_form_and_saved_all_the_same(desk: Desk) -> None:
    plot = a_plot(desk.ws)
    desk.press(Key.Key_F2)
    desk.settle()
    panel = desk.find().form.checks
    assert any(line.level == "not_yet" for line in panel.shown())
    desk.type("40.0203 46.9806")
    desk.press(Key.Key_Return)
    desk.type("pmn2")
    desk.press(Key.Key_Return)
    wait_for(desk, panel, "in_released_ground")
    first = panel.shown()[0]
    assert (first.level, first.first) == (
        "danger", f"This place lies in ground that is released: plot {plot.fields['local_id']}."
    )
    assert clipped_texts(desk.window) == []
    desk.press(Key.Key_S, CTRL)
    assert len(desk.saved()) == 1


def test_the_last_result_stays_until_the_next_is_there(desk: Desk) -> None:
    a_plot(desk.ws)
    desk.press(Key.Key_F2)
    desk.settle()
    form = desk.find().form
    desk.type("40.0203 46.9806")
    desk.press(Key.Key_Return)
    wait_for(desk, form.checks, "in_released_ground")
    form.position.set_text("")
    assert [one.rule for one in form.checks.findings()] == ["in_released_ground"]
    wait_for(desk, form.checks)


def test_an_overlap_is_told_in_square_metres_beside_the_plot(desk: Desk) -> None:
    a_plot(desk.ws)
    desk.press(Key.Key_F3)
    desk.settle()
    desk.press(Key.Key_F5)
    for point in B:
        desk.type(point)
        desk.press(Key.Key_Return)
    panel = desk.plot().form.findings
    wait_for(desk, panel, "overlap", "net_area")
    assert "2,770.9 m² lie in plot" in panel.shown()[0].first
    assert clipped_texts(desk.window) == []


def test_sound_ground_is_said_to_be_in_order_in_one_line(desk: Desk) -> None:
    desk.press(Key.Key_F3)
    desk.settle()
    desk.press(Key.Key_F5)
    for point in RECTANGLE:
        desk.type(point)
        desk.press(Key.Key_Return)
    panel = desk.plot().form.findings
    desk.qtbot.waitUntil(lambda: bool(panel.shown()), timeout=20_000)
    assert [(line.level, line.first) for line in panel.shown()] == [("ok", "No overlap with earlier plots.")]


def checks(desk: Desk) -> ChecksPage:
    page = desk.window.pages["checks"]
    assert isinstance(page, ChecksPage)
    return page


def test_the_page_of_checks_waits_to_be_asked_then_lists_filters_and_opens(desk: Desk) -> None:
    for _ in range(2):
        last = a_find(desk.ws, position="40.1 46.9")
    a_plot(desk.ws)
    a_plot(desk.ws, B)
    desk.open("checks")
    page = checks(desk)
    assert page.empty.isVisible()
    assert not page.table.isVisible()
    desk.press(Key.Key_Return, CTRL)
    desk.settle()
    assert [one.finding.rule for one in page.table.rows.all_rows()] == ["overlap", "same_row", "net_area"]
    assert clipped_texts(desk.window) == []
    assert small_targets(desk.window) == []
    page.which.set_text("look")
    page.which.changed.emit("look")
    assert [one.number for one in page.table.rows.all_rows()] == [last.fields["local_id"]]
    page.table.opened.emit(page.table.rows.all_rows()[0])
    desk.settle()
    assert desk.window.current_page() is desk.window.pages["records"]


def test_nothing_found_is_said(desk: Desk) -> None:
    desk.open("checks")
    checks(desk).start.click()
    desk.settle()
    page = checks(desk)
    assert page.result is not None
    assert page.empty.isVisible()
    assert all(not button.text().endswith("0") for button in page.which.buttons[1:])
    assert len(page.which.buttons) == len(SEVERITIES) + 1


def test_the_day_lists_findings_and_signing_off_stays_possible(opened: Callable[[str], Opened]) -> None:
    there = opened("north")
    ws = there.there.laptops["north"]
    twin = a_find(ws, place="AZ-AGM")
    there.window.open_page("day", None)
    there.settle()
    page = there.window.pages["day"]
    assert isinstance(page, DayPage)
    lines = page.findings.lines()
    assert any(line.first == twin.fields["local_id"] and line.level == "look" for line in lines)
    assert page.sign.isEnabled()
    QApplication.processEvents()
    assert clipped_texts(there.window) == []
