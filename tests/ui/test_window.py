from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import ui.main_window
from fieldapp.operations.workspace import Workspace
from tests.ui.layout import clipped_texts, shown_at, small_targets
from ui import theme
from ui.app import screenshots
from ui.background import Cancelled, Report
from ui.main_window import MainWindow
from ui.pages.page import Page
from ui.session import Session
from ui.widgets import Cell, Column, DataTable, PrimaryButton


class First(Page):
    key, title, icon = "first", "First", "house"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.refreshed = 0
        self.may_leave = True

    def refresh(self) -> None:
        self.refreshed += 1

    def leave(self) -> bool:
        return self.may_leave


class Second(Page):
    key, title, icon, shortcut = "second", "Second", "list", "F2"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.save = PrimaryButton("Save")
        self.opened_with: object = None

    def open_with(self, what: object) -> None:
        self.opened_with = what

    def foot_line(self) -> tuple[str, str, str]:
        return "Draft kept 14:22:08", "circle-check", "ok"

    def foot_actions(self) -> list[QWidget]:
        return [self.save]


@pytest.fixture
def window(session: Session, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(ui.main_window, "pages_for", lambda _role: (First, Second))
    made = MainWindow(session)
    shown_at(made)
    return made


def first_of(window: MainWindow) -> First:
    page = window.pages["first"]
    assert isinstance(page, First)
    return page


def test_the_frame_is_104_60_and_76_and_the_foot_bar_only_where_a_page_acts(window: MainWindow) -> None:
    assert window._rail.width() == 104
    assert window._top.height() == 60
    assert not window._foot.isVisible()
    window.open_page("second")
    shown_at(window)
    assert window._foot.height() == 76
    assert window._foot.said() == "Draft kept 14:22:08"
    assert clipped_texts(window) == small_targets(window) == []


def test_keys_open_pages_and_f12_changes_the_theme(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F2)
    assert window.current_page() is window.pages["second"]
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert theme.current().name == "day"


def test_f11_goes_full_screen_and_back(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert not window.isFullScreen()


def test_a_page_opens_another_one_with_what_it_is_about(window: MainWindow) -> None:
    window.pages["first"].go.emit("second", "find/a/b")
    second = window.current_page()
    assert isinstance(second, Second)
    assert second.opened_with == "find/a/b"
    second.go.emit("no such page", None)
    assert window.current_page() is second


def test_a_page_that_may_not_be_left_stays(window: MainWindow) -> None:
    first_of(window).may_leave = False
    window.open_page("second")
    assert window.current_page() is first_of(window)


def test_a_change_refreshes_the_page_that_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    before = first_of(window).refreshed
    window.session.do(lambda ws: ws.set_meta("person", "N. Veliyeva"))
    qtbot.waitUntil(lambda: first_of(window).refreshed == before + 1)


def test_another_language_makes_the_pages_again_and_stays_on_the_page(qtbot: QtBot, window: MainWindow) -> None:
    window.open_page("second")
    old = window.pages["second"]
    window.session.set_language("ru")
    qtbot.waitUntil(lambda: not window.session.background.is_busy())
    assert window.current_page() is window.pages["second"] is not old
    assert window.session.texts.language == "ru"


def test_a_window_without_pages_opens(app: QApplication, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui.main_window, "pages_for", lambda _role: ())
    empty = MainWindow(session)
    assert clipped_texts(shown_at(empty)) == []
    assert empty.current_page() is None


def test_where_height_is_missing_the_page_scrolls(window: MainWindow) -> None:
    window.pages["first"].setMinimumHeight(900)
    shown_at(window)
    area = window.scroll_area()
    assert area is not None
    assert area.verticalScrollBar().maximum() > 0
    assert window.pages["first"].height() >= 900


def test_closing_while_work_is_under_way_stops_it_first(qtbot: QtBot, window: MainWindow) -> None:
    begun = threading.Event()
    ended: list[str] = []

    def op(ws: Workspace, _report: Report, stop: Cancelled) -> None:
        begun.set()
        while not stop():
            begun.wait(0.001)
        ws.set_meta("last", "whole")
        ended.append(ws.meta("last"))

    window.session.work(op)
    begun.wait()
    window.close()
    assert window.isVisible()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert ended == ["whole"]


def test_screenshots_show_every_page_at_1366_by_768(window: MainWindow, tmp_path: Path) -> None:
    assert screenshots(window, tmp_path / "pictures") == 0
    made = sorted((tmp_path / "pictures").iterdir())
    assert [path.name for path in made] == ["01-first.png", "02-second.png"]
    assert {(QImage(str(path)).width(), QImage(str(path)).height()) for path in made} == {(1366, 768)}


def test_a_table_tells_the_chosen_row_and_opens_it_by_enter(app: QApplication) -> None:
    rows = [("QKD-0001-T", 5), ("QKD-0002-A", 8)]
    columns: list[Column[tuple[str, int]]] = [
        Column("No.", lambda row: row[0]),
        Column("Depth", lambda row: Cell(f"{row[1]} cm", bold=True), right=True),
    ]
    table = DataTable(columns, rows)
    shown_at(table, 500, 300)
    chosen: list[object] = []
    opened: list[object] = []
    table.chosen.connect(chosen.append)
    table.opened.connect(opened.append)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert chosen[-1] == rows[1]
    assert opened == [rows[1]]
    table.set_rows(rows[::-1], keep=lambda row: row[0] == "QKD-0002-A")
    assert table.chosen_row() == rows[1]
    assert chosen[-1] == rows[1]
    assert [table.rowHeight(place) for place in (0, 1)] == [56, 56]


def test_a_table_words_each_cell_once_to_measure_it(app: QApplication) -> None:
    worded: list[tuple[int, str]] = []

    def word(row: int, column: str) -> str:
        worded.append((row, column))
        return f"{column} {row}\nunder it"

    table: DataTable[int] = DataTable([
        Column("No.", lambda row: word(row, "No.")), Column("What", lambda row: word(row, "What"), stretch=True),
    ])  # fmt: skip
    table.set_rows(range(40))
    assert sorted(worded) == sorted({(row, column) for row in range(40) for column in ("No.", "What")})
    assert len(worded) == 80
    table.set_rows([10**40])
    wide = QFontMetrics(table.font()).horizontalAdvance("No. 39") + 100
    assert table.columnWidth(0) > wide, "other rows are worded anew"


def test_a_long_table_reads_only_what_is_seen(app: QApplication) -> None:
    class Million(list[int]):
        reads = 0

        def __len__(self) -> int:
            return 1_000_000

        def __getitem__(self, place: object) -> int:  # type: ignore[override] # rows are read one by one
            Million.reads += 1
            return 7

    table = DataTable([Column[int]("No.", str)], Million())
    shown_at(table, 500, 300)
    assert table.rows.rowCount() == 1_000_000
    assert 0 < Million.reads < 2_000
