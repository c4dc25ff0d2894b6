"""Laptops and gaps in the window: gaps with dates, silence, odd dates, and a copied laptop that is invited anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from fieldapp.clock import SetClock
from fieldapp.operations import forks, imports
from fieldapp.operations.workspace import Workspace, open_workspace
from tests.builders import START, Deployment, a_find, clock
from tests.builders_faults import carried, packed, sealed_day
from tests.ui.pages.conftest import Opened
from ui.dialogs.reason import ReasonDialog
from ui.pages.laptops import LaptopsPage
from ui.widgets.banner import Banner

Open = Callable[..., Opened]


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
    layout = {"answers": page._answers, "odd": page._odd}[where]
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
    assert words(page, "answers") == [("south is cut off.", "Invitation written: again.fieldinvite")]
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
