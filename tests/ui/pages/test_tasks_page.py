"""Tasks and areas in the window: made, imported, given and followed at headquarters; chosen on a laptop."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel

from fieldapp.operations import current_task, export, headquarters, imports, lookup, records, review, task_items, tasks
from fieldapp.storage.records import Record
from tests.builders import RECTANGLE, a_plot
from tests.ui.pages.conftest import Opened
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.task import GiveDialog, ImportDialog, TaskDialog
from ui.pages.find import FindPage
from ui.pages.plot import PlotPage
from ui.pages.tasks import TasksPage
from ui.pages.today import TodayPage
from ui.widgets.banner import Banner

Open = Callable[..., Opened]
Dialog = TypeVar("Dialog", bound=QDialog)
WORK = {"title": "Fence line", "task_kind": "clearance", "depth_required": 20, "place": "AZ-FUZ"}


def tasks_page(there: Opened) -> TasksPage:
    """The page, open and read."""
    there.window.open_page("tasks")
    there.settle()
    page = there.window.pages["tasks"]
    assert isinstance(page, TasksPage)
    return page


def dialog_of(there: Opened, page: TasksPage, kind: type[Dialog]) -> Dialog:
    """The dialog the page has open."""
    there.settle()
    (found,) = [one for one in page.findChildren(kind) if one.isVisible()]
    return found


def rows(page: TasksPage) -> list[list[str]]:
    """What the table shows."""
    model = page.table.rows
    return [[model.cell(at, column).text for column in range(model.columnCount())] for at in range(model.rowCount())]


def given(there: Opened, **fields: object) -> Record:
    """A task for team t7 with an area."""
    return tasks.create(there.there.hq, {**WORK, **fields}, outline=tasks.outline_of(RECTANGLE), team="t7")


def test_an_empty_page_says_what_to_do(opened: Open) -> None:
    page = tasks_page(opened("hq"))
    assert not page.empty.isHidden()
    assert page.new_task.isEnabled()


def test_a_task_is_typed_and_refused_while_its_outline_crosses_itself(opened: Open) -> None:
    there = opened("hq")
    page = tasks_page(there)
    page.new_task.click()
    dialog = dialog_of(there, page, TaskDialog)
    dialog.items["title"].input.set_text("Canal")
    dialog.items["task_kind"].input.set_text("clearance")
    dialog.items["depth_required"].input.set_text("20")
    dialog.points.set_text("\n".join((RECTANGLE[0], RECTANGLE[2], RECTANGLE[1], RECTANGLE[3])))
    assert "crosses or touches itself at 40.0203" in dialog.said.text()
    QTest.keyClicks(dialog.team.line, "team t7")
    QTest.keyClick(dialog.team.line, Qt.Key.Key_Return)
    dialog.go.click()
    there.settle()
    assert dialog.isVisible()
    assert dialog.problem.count() == 1
    dialog.points.set_text("\n".join(RECTANGLE))
    assert dialog.said.text() == "9,595.7 m²"
    dialog.go.click()
    there.settle()
    (row,) = lookup.rows(there.there.hq, "task")
    assert (row["owner"], row["title"], row["area_m2"], row["depth_required"]) == ("t7", "Canal", 9595.7, 20)
    assert rows(page)[0][1:] == ["Canal", "Team t7", "Assigned", "9,596 of 9,596", "0.0 %"]
    assert len(page.detail.sketch.points()) == 4


def test_what_is_left_follows_approval(opened: Open) -> None:
    there = opened("hq")
    task = given(there)
    plot = a_plot(there.there.laptops["north"], (*RECTANGLE[:2], "40.02036 46.981406", "40.02036 46.98"))
    imports.import_file(there.there.hq, export.export_for_hq(there.there.laptops["north"], there.there.stick).path)
    page = tasks_page(there)
    assert rows(page)[0][4:] == ["9,596 of 9,596", "0.0 %"]
    review.decide(there.there.hq, [plot.name], "approved")
    page.refresh()
    there.settle()
    assert rows(page)[0][4:] == ["4,798 of 9,596", "50.0 %"]
    assert task.fields["local_id"] == rows(page)[0][0]


def test_areas_of_a_file_are_shown_and_those_marked_become_tasks(opened: Open, tmp_path: Path) -> None:
    there = opened("hq")
    page = tasks_page(there)
    ring = [[46.98, 40.02], [46.99, 40.02], [46.99, 40.03], [46.98, 40.03], [46.98, 40.02]]
    shapes = {"one": ring, "bow": [ring[0], ring[2], ring[1], ring[3], ring[0]], "two": ring}
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [shape]}}
        for name, shape in shapes.items()
    ]}))  # fmt: skip
    page.look_at(file)
    dialog = dialog_of(there, page, ImportDialog)
    assert dialog.go.text() == "Make 2 tasks"
    assert "crosses" in dialog.table.rows.cell(1, 3).text
    dialog.table.selectRow(1)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert dialog.marked == {1, 3}
    dialog.table.selectRow(0)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert dialog.go.text() == "Make 1 task"
    dialog.items["task_kind"].input.set_text("bac")
    dialog.go.click()
    there.settle()
    assert [(row["title"], row["task_kind"], row["owner"]) for row in lookup.rows(there.there.hq, "task")] == [
        ("two", "bac", "hq"),
    ]  # fmt: skip
    assert rows(page)[0][2] == "nobody yet"


def test_a_file_that_cannot_be_read_is_said(opened: Open, tmp_path: Path) -> None:
    there = opened("hq")
    page = tasks_page(there)
    (tmp_path / "areas.kml").write_text("<kml/>")
    page.look_at(tmp_path / "areas.kml")
    there.settle()
    assert page.problem.count() == 1
    assert lookup.rows(there.there.hq, "task") == []


def test_a_task_is_given_to_another_team_and_its_status_is_set(opened: Open) -> None:
    there = opened("hq")
    headquarters.name_team(there.there.hq, "t8", "Team eight")
    given(there)
    page = tasks_page(there)
    page.detail.give.click()
    dialog = dialog_of(there, page, GiveDialog)
    QTest.keyClicks(dialog.team.line, "t99")
    dialog.go.click()
    there.settle()
    assert dialog.problem.count() == 1
    dialog.team.line.clear()
    QTest.keyClicks(dialog.team.line, "eight")
    QTest.keyClick(dialog.team.line, Qt.Key.Key_Return)
    QTest.keyClicks(dialog.why.area, "t7 moves on")
    dialog.go.click()
    there.settle()
    assert [row[2:4] for row in rows(page)] == [["Team eight", "Assigned"]]
    page.detail.status.click()
    asked = dialog_of(there, page, ReasonDialog)
    assert asked.choice is not None
    asked.choice.set_text("completed")
    QTest.keyClicks(asked.reason.area, "all released")
    asked.go.click()
    there.settle()
    assert rows(page) == []
    page.which.set_text("all")
    there.settle()
    assert sorted(row[3] for row in rows(page)) == ["Closed", "Completed"]


def test_a_long_list_shows_its_first_part_and_more_when_asked(opened: Open) -> None:
    there = opened("hq")
    with there.there.hq.store.transaction():
        for at in range(65):
            tasks.create(there.there.hq, {**WORK, "title": f"No. {at}"}, team="t7")
    page = tasks_page(there)
    assert (len(rows(page)), page.count.text(), page.more.isHidden()) == (60, "65 tasks", False)
    page.more.click()
    there.settle()
    assert (len(rows(page)), page.more.isHidden()) == (65, True)


def said(page: TodayPage) -> list[str]:
    """First lines and details of all banners."""
    return [word for banner in page.findChildren(Banner) for word in banner.words()]


@pytest.fixture
def laptop(opened: Open) -> tuple[Opened, list[Record]]:
    """A laptop whose team has two tasks."""
    there = opened("north")
    made = [given(there), given(there, title="Dump", depth_required=13)]
    there.there.answer(there.there.laptops["north"])
    return there, made


def test_a_laptop_sees_its_tasks_and_chooses_the_one_it_works_on(laptop: tuple[Opened, list[Record]]) -> None:
    there, made = laptop
    there.window.open_page("today")
    there.settle()
    today = there.window.pages["today"]
    assert isinstance(today, TodayPage)
    assert "2 tasks are open, none is chosen" in said(today)
    page = tasks_page(there)
    assert [row[1:3] for row in rows(page)] == [["Dump", "13"], ["Fence line", "20"]]
    assert list(page.foot_actions()) == [page.outstanding, page.areas]
    page.table.selectRow(1)
    page.detail.current.click()
    there.settle()
    now = current_task.current(there.there.laptops["north"])
    assert now is not None
    assert now.name == made[0].name
    assert rows(page)[1][3] == "Current task"
    there.window.open_page("today")
    there.settle()
    assert f"{made[0].fields['local_id']} \u00b7 Fence line" in said(today)
    assert "Depth required 20 cm. 9,596 of 9,596 m² remain." in said(today)


def test_new_records_begin_with_the_current_task(laptop: tuple[Opened, list[Record]]) -> None:
    there, made = laptop
    north = there.there.laptops["north"]
    current_task.choose(north, made[1].name)
    there.window.open_page("plot")
    there.settle()
    plot = there.window.pages["plot"]
    assert isinstance(plot, PlotPage)
    number = str(made[1].fields["local_id"])
    assert [plot.form.values()[name] for name in ("task", "depth_cm", "place")] == [number, "13", "AZ-FUZ"]
    assert plot.subtitle().endswith(f"task {number}")
    there.window.open_page("find")
    there.settle()
    find = there.window.pages["find"]
    assert isinstance(find, FindPage)
    assert [find.form.values()[name] for name in ("task", "depth_cm", "place")] == [number, "", "AZ-FUZ"]
    find.form.model.set_text("PMN-2")
    find.save("next")
    there.settle()
    saved = lookup.rows(north, "find", limit=1)[0]
    assert (saved["task"], saved["place"], saved["model"]) == (made[1].name, "AZ-FUZ", "pmn-2")
    assert find.form.values()["place"] == "AZ-FUZ", "the next one begins the same way"
    current_task.choose(north, None)
    there.window.open_page("today")
    there.window.open_page("find")
    there.settle()
    assert find.form.values()["task"] == ""


def test_a_correction_shows_the_tasks_number_and_leaves_the_task_alone(laptop: tuple[Opened, list[Record]]) -> None:
    there, made = laptop
    north = there.there.laptops["north"]
    current_task.choose(north, made[0].name)
    saved = a_plot(north)
    there.window.open_page("plot", saved.name)
    there.settle()
    page = there.window.pages["plot"]
    assert isinstance(page, PlotPage)
    assert page.form.values()["task"] == made[0].fields["local_id"]
    page.form.depth_cm.set_text("25")
    page.form.reason.set_text("measured again")
    page.save("close")
    there.settle()
    row = lookup.rows_of(north, [saved.name])[saved.name]
    assert (row["task"], row["depth_cm"]) == (made[0].name, 25)


def test_a_laptop_sees_what_it_was_told_of_the_finds_of_others(opened: Open) -> None:
    there = opened("north")
    hq = there.there.hq
    find = records.add(hq, "find", {
        "category": "at_mine", "model": "tm-62m", "quantity": 3, "unit": "piece", "found_on": "2024-07-01",
        "local_id": "QKD-0001-A", "lat": "40.02", "lon": "46.98",
    }, owner="t8")  # fmt: skip
    task_items.include(hq, given(there).name, [find.name])
    there.there.answer(there.there.laptops["north"])
    page = tasks_page(there)
    shown = [label.text() for label in page.detail.facts.findChildren(QLabel)]
    assert "Item QKD-0001-A" in shown
    assert "TM-62M, 3 pieces, 40.020000° N 46.980000° E" in shown
