"""Laptops and gaps in the window: gaps with dates, silence, odd dates, and a copied laptop that is invited anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from fieldapp.clock import SetClock
from fieldapp.operations import enrolment, forks, imports, joining, odd_dates
from fieldapp.operations.workspace import Workspace, open_workspace
from tests.builders import START, Deployment, a_find, alone, clock
from tests.builders_faults import carried, packed, sealed_day
from tests.operations.test_seats import seated
from tests.ui.pages.conftest import Opened
from ui.dialogs.accept import AcceptDialog
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.shift_dates import ShiftDatesDialog
from ui.pages.laptops import LaptopsPage
from ui.widgets.banner import Banner

Open = Callable[..., Opened]
Dialog = TypeVar("Dialog", bound=QDialog)


def laptops_page(opened: Opened) -> LaptopsPage:
    opened.window.open_page("laptops")
    page = opened.window.pages["laptops"]
    assert isinstance(page, LaptopsPage)
    opened.settle()
    opened.settle()
    return page


def row(page: LaptopsPage, name: str) -> list[str]:
    """What stands in the row of this laptop."""
    rows = page.table.rows
    (place,) = [place for place in range(rows.rowCount()) if rows.cell(place, 0).text == name]
    return [rows.cell(place, column).text for column in range(rows.columnCount())]


def words(page: LaptopsPage, where: str) -> list[tuple[str, str]]:
    """The banners of one of the page's places."""
    if where == "odd":
        return [banner.words() for banner in page.odd.banners]
    layout = page._answers
    items = [layout.itemAt(place) for place in range(layout.count())]
    shown = [item.widget() for item in items if item is not None]
    return [banner.words() for banner in shown if isinstance(banner, Banner)]


def turn(ws: Workspace, days: int) -> None:
    assert isinstance(ws.clock, SetClock)
    ws.clock.set(START + timedelta(days=days))


def test_a_gap_stands_with_numbers_and_dates_and_silence_with_its_days(opened: Open) -> None:
    hq = opened("hq")
    south = hq.there.laptops["south"]
    hq.there.exchange(south)
    bundles = []
    for day in (1, 2, 3):
        turn(south, day)
        a_find(south)
        bundles.append(carried(south, hq.there.stick, [packed(sealed_day(south))]))
    imports.import_files(hq.there.hq, [bundles[0], bundles[2]])
    turn(hq.there.hq, 12)
    page = laptops_page(hq)
    shown = row(page, "south")
    assert shown[3:6] == ["Gap", "2 of 3", "2 \u2013 2 (30 Jul 2024 \u2013 1 Aug 2024)"]
    assert row(page, "north")[3] == "Silent for 11 days"
    assert (page.tiles["gaps"].figure(), page.tiles["silent"].figure()) == ("1", "2")


def copied(there: Deployment) -> None:
    """South is copied after a find, and both machines log on and send."""
    south = there.laptops["south"]
    there.exchange(south)
    a_find(south)
    south.close()
    shutil.copytree(south.folder, south.folder.with_name("copy"))
    for name in ("south", "copy"):
        there.laptops[name] = open_workspace(south.folder.with_name(name), clock=clock())
        a_find(there.laptops[name])
        there.carry(there.laptops[name])


def test_two_machines_are_shown_and_one_is_invited_anew_with_a_reason(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hq = opened("hq")
    copied(hq.there)
    page = laptops_page(hq)
    assert row(page, "south")[3] == "Two machines"
    (banner,) = page.said
    first, detail = banner.words()
    assert first == "Two machines write the log of south"
    assert detail.startswith("1 entry until 29 Jul 2024")
    file = tmp_path / "again.fieldinvite"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    banner.buttons[-1].click()
    (dialog,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, ReasonDialog) and w.isVisible()]
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.reason.area, "the disk was copied")
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    hq.settle()
    hq.settle()
    assert file.exists()
    assert [fork.cut_off for fork in forks.forks(hq.there.hq)] == [True]
    ((first, detail),) = words(page, "answers")
    assert first == "south is cut off."
    assert detail.startswith("Invitation written: again.fieldinvite\nOn the machine, make a new workspace")
    assert page.said == []
    assert row(page, "south")[3] == "Cut off"


def test_odd_dates_are_named_by_log_with_the_numbers_that_a_shift_needs(opened: Open) -> None:
    hq = opened("hq")
    assert words(laptops_page(hq), "odd") == []
    south = hq.there.laptops["south"]
    turn(south, -365)
    for _ in range(3):
        a_find(south)
    hq.there.carry(south)
    page = laptops_page(hq)
    page.refresh()
    hq.settle()
    hq.settle()
    assert words(page, "odd") == [(
        "3 records with an odd date",
        "south, entries 1 to 3, dated 30 Jul 2023 to 30 Jul 2023: The laptop's clock was wrong",
    )]  # fmt: skip
    assert row(page, "south")[4] == "3 of 3, 3 under a wrong clock"


def dialog_of(kind: type[Dialog]) -> Dialog:
    """The one dialog of this kind that is open."""
    (dialog,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    return dialog


def slow_finds(opened: Opened) -> LaptopsPage:
    """South logs two finds under a clock a year slow, and they come in."""
    south = opened.there.laptops["south"]
    turn(south, -365)
    for _ in range(2):
        a_find(south)
    opened.there.carry(south)
    return laptops_page(opened)


def test_odd_dates_are_shifted_after_a_preview_and_with_a_reason(opened: Open) -> None:
    hq = opened("hq")
    page = slow_finds(hq)
    (banner,) = page.odd.banners
    banner.buttons[-1].click()
    dialog = dialog_of(ShiftDatesDialog)
    hq.settle()
    assert dialog.days.text() == "365", "the days between writing and arrival are proposed"
    assert dialog.table.rows.rowCount() == 2
    assert [dialog.table.rows.cell(0, column).text for column in (1, 2)] == ["30 Jul 2023", "29 Jul 2024"]
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.reason.area, "a year slow")
    dialog.days.set_text("")
    assert not dialog.go.isEnabled()
    dialog.days.set_text("365")
    hq.settle()
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    hq.settle()
    hq.settle()
    assert page.odd.banners == []
    assert words(page, "answers")[0][0] == "2 records corrected."


def test_dates_that_were_checked_leave_the_page(opened: Open) -> None:
    hq = opened("hq")
    page = slow_finds(hq)
    page.odd.banners[0].buttons[0].click()
    dialog = dialog_of(ReasonDialog)
    QTest.keyClicks(dialog.reason.area, "from the archive")
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    hq.settle()
    hq.settle()
    assert page.odd.banners == []
    assert [one.why for one in odd_dates.checked_right(hq.there.hq)] == ["from the archive"] * 2


def second_laptop(opened: Opened) -> tuple[Workspace, LaptopsPage]:
    """A second laptop takes north's invitation, and its bundle comes in."""
    there = opened.there
    second = alone(there.stick.parent / "second")
    there.laptops["second"] = second
    joining.join(second, there.stick / "north.fieldinvite")
    a_find(second)
    there.carry(second)
    return second, laptops_page(opened)


def test_a_newcomer_is_refused_and_accepted_after_all(opened: Open) -> None:
    hq = opened("hq")
    second, page = second_laptop(hq)
    (banner,) = page.newcomers.banners
    first, detail = banner.words()
    assert first == "north is not enrolled. 1 entry waits for your decision"
    assert "It used the invitation of north, which north had used before." in detail
    banner.buttons[0].click()
    dialog = dialog_of(ReasonDialog)
    QTest.keyClicks(dialog.reason.area, "not ours")
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    hq.settle()
    hq.settle()
    (banner,) = page.newcomers.banners
    assert (banner.tone(), banner.words()[0]) == ("stale", "north was refused by Officer")
    banner.buttons[-1].click()
    accept = dialog_of(AcceptDialog)
    assert accept.team.text() == "t7"
    assert not accept.go.isEnabled()
    QTest.keyClicks(accept.reason.area, "the spare laptop")
    QTest.mouseClick(accept.go, Qt.MouseButton.LeftButton)
    hq.settle()
    hq.settle()
    assert page.newcomers.banners == []
    assert words(page, "answers")[0][0] == "north is accepted. Its records count from now on"
    assert enrolment.device(hq.there.hq, second.device) is not None


def test_a_seat_stands_in_the_list(opened: Open) -> None:
    hq = opened("hq")
    seated(hq.there)
    assert row(laptops_page(hq), "officer")[1] == "Seat of the headquarters"


def test_other_pages_are_answered_between_two_pieces_of_the_odd_dates(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(odd_dates, "_AT_ONCE", 1)
    hq = opened("hq")
    page = slow_finds(hq)
    hq.there.hq.store.caches.clear()
    seen: list[bool] = []
    pieces: list[bool] = []
    go_on = odd_dates.Survey.go_on

    def counted(survey: odd_dates.Survey, ws: Workspace) -> bool:
        done = go_on(survey, ws)
        pieces.append(done)
        return done

    monkeypatch.setattr(odd_dates.Survey, "go_on", counted)
    page.odd.refresh()
    hq.session.ask(lambda _ws: list(pieces), lambda found: seen.append(True in found))
    hq.settle()
    assert seen == [False]
    assert pieces[-1]
    assert len(pieces) > 3
    assert len(page.odd.banners) == 1


def test_laptops_stand_in_the_order_people_count_in(opened: Open) -> None:
    hq = opened("hq")
    for name in ("laptop10", "laptop2"):
        hq.there.carry(hq.there.join(name, "t8"))
    page = laptops_page(hq)
    names = [page.table.rows.cell(place, 0).text for place in range(page.table.rows.rowCount())]
    assert names.index("laptop2") < names.index("laptop10")


def test_why_entries_are_kept_aside_is_said_in_the_language_of_the_window(opened: Open) -> None:
    _second, page = second_laptop(opened("hq", "ru"))
    item = page._reasons.itemAt(0)
    assert item is not None
    banner = item.widget()
    assert isinstance(banner, Banner)
    assert banner.words() == ("Отложено и почему", "ноутбук не зарегистрирован: 1")
