"""Outstanding items in the window: what is left and where, over-claims, and a tag joined to its find."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest

from fieldapp.operations import disposals, outstanding, records
from tests.builders import a_find
from tests.ui.pages.conftest import Opened
from ui.pages.outstanding import JoinDialog, OutstandingPage
from ui.widgets.banner import Banner
from ui.widgets.table import DataTable

Open = Callable[..., Opened]


def page_of(there: Opened) -> OutstandingPage:
    """The page, open and counted."""
    there.window.open_page("outstanding")
    there.settle()
    page = there.window.pages["outstanding"]
    assert isinstance(page, OutstandingPage)
    return page


def cells(table: DataTable[object] | object) -> list[list[str]]:
    """What a table shows."""
    assert isinstance(table, DataTable)
    model = table.rows
    return [[model.cell(at, column).text for column in range(model.columnCount())] for at in range(model.rowCount())]


def test_what_is_left_is_counted_by_line_and_listed_with_where_it_is(opened: Open) -> None:
    there = opened("north")
    north = there.there.laptops["north"]
    find = a_find(north, model_text="TM-62M", quantity=7, found_on="2024-07-01", place="AZ-AGM")
    fields = {"outcome": "stored", "quantity": 3, "done_on": "2024-07-02", "store": "Dump A"}
    disposals.add_disposal(north, fields, of=find.name)
    page = page_of(there)
    counted = outstanding.outstanding(north)
    assert page.tiles["at_mine"].figure() == str(counted.lines["at_mine", "piece"])
    shown = cells(page.items)
    assert len(shown) == len(counted.items)
    assert shown[0][:5] == [str(find.fields["local_id"]), "AT mines: TM-62M", "Team t7", "Aghdam", "7 of 7"]
    assert shown[0][6:] == ["28", "Found 4; In store 3"]
    page.which.set_text("held")
    assert ["In store", "Dump A", "Team t7", "AT mines", "3", "2 Jul 2024", "27"] in cells(page.held)
    assert page.held.isVisible()
    assert not page.items.isVisible()


def test_more_destroyed_than_found_is_a_banner_and_no_negative_number(opened: Open) -> None:
    there = opened("hq")
    find = records.add(there.there.hq, "find", {
        "category": "uxo", "quantity": 312, "unit": "piece", "found_on": "2024-06-03", "local_id": "QKD-0001-A",
    }, owner="t7")  # fmt: skip
    records.add(there.there.hq, "disposal", {
        "find": find.name, "outcome": "central_demolition", "quantity": 315, "done_on": "2024-06-12",
    }, owner="t7")  # fmt: skip
    page = page_of(there)
    banners = [banner.words()[0] for banner in page.findChildren(Banner)]
    assert banners == ["QKD-0001-A: 3 more destroyed than found"]
    assert page.tiles["uxo"].figure() == "1", "north's shell alone"
    assert not [cell for row in cells(page.items) for cell in row if cell.startswith("-")]


def test_a_tag_is_joined_to_its_find_with_a_reason(opened: Open) -> None:
    there = opened("hq")
    hq = there.there.hq
    waits = records.add(hq, "disposal", {
        "tag": "red string", "outcome": "central_demolition", "quantity": 1, "unit": "piece", "done_on": "2024-07-30",
    }, owner="t7")  # fmt: skip
    find = next(row for row in records.list_records(hq, "find", retracted=False) if row["quantity"] == 1)
    page = page_of(there)
    assert page.join.isHidden()
    page.which.set_text("loose")
    assert "No find here bears this tag." in cells(page.loose)[0][-1]
    page.join.click()
    (dialog,) = page.findChildren(JoinDialog)
    QTest.keyClicks(dialog.item.line, "NOT-0001-A")
    QTest.keyClicks(dialog.why.area, "the photo shows it")
    dialog.go.click()
    there.settle()
    assert dialog.isVisible()
    dialog.item.line.clear()
    QTest.keyClicks(dialog.item.line, str(find["local_id"]))
    dialog.go.click()
    there.settle()
    assert records.get(hq, waits.name).fields["find"] == find.name
    assert cells(page.loose) == []
    assert not page.empty.isHidden()


def test_a_long_list_is_shown_a_part_at_a_time(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.pages.outstanding.PAGE", 2)
    there = opened("north")
    north = there.there.laptops["north"]
    for _ in range(3):
        a_find(north, model_text="TM-62M", found_on="2024-07-01", place="AZ-AGM")
    page = page_of(there)
    page._size = 2
    page.refresh()
    there.settle()
    every = outstanding.outstanding(north).item_count
    assert (len(cells(page.items)), page.more.isHidden()) == (2, False)
    while not page.more.isHidden():
        page.more.click()
        there.settle()
    assert len(cells(page.items)) == every
