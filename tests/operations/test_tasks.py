"""Tasks: who gets which, what giving one on does, and what a laptop takes from the one it works on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.operations import current_task, disposals, lookup, plots, records, task_import, tasks, verifying
from fieldapp.operations.errors import FieldsNotValid, WrongRole
from fieldapp.operations.task_errors import AreasNotRead, NoSuchTeam, OutlineNotSound, TaskGivenAlready, TaskOver
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal
from fieldapp.storage.records import Record
from fieldapp.texts import Texts
from tests.builders import RECTANGLE, Deployment, a_find, a_plot, deployment

BOW_TIE = (RECTANGLE[0], RECTANGLE[2], RECTANGLE[1], RECTANGLE[3])
WORK = {"title": "Fence line", "task_kind": "clearance", "depth_required": 20, "place": "AZ-AGM"}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Deployment]:
    with deployment(tmp_path, "north") as made:
        made.join("south", "t8")
        for laptop in made.laptops.values():
            made.exchange(laptop)
        yield made


def a_task(ws: Workspace, team: str | None = "t7", **fields: object) -> Record:
    return tasks.create(ws, {**WORK, **fields}, outline=tasks.outline_of(RECTANGLE), team=team)


def seen(ws: Workspace) -> dict[str, str | None]:
    """Status of every task here, by title and owner."""
    return {f"{row['title']} {row['owner']}": row["status"] for row in lookup.rows(ws, "task")}


def test_a_task_has_its_geodesic_area_and_points_as_typed(there: Deployment) -> None:
    task = a_task(there.hq)
    assert task.fields["area_m2"] == "9595.7"
    assert [vertex["text"] for vertex in task.fields["area"][0][0]] == list(RECTANGLE)
    assert (task.owner, task.fields["status"], task.fields["local_id"][-2]) == ("t7", "assigned", "-")


def test_a_self_crossing_outline_is_refused_with_its_place_and_nothing_is_saved(there: Deployment) -> None:
    with pytest.raises(OutlineNotSound) as refused:
        tasks.create(there.hq, WORK, outline=tasks.outline_of(BOW_TIE))
    assert "crosses or touches itself at 40.0203" in str(refused.value)
    assert seen(there.hq) == {}


def test_a_task_of_a_team_reaches_that_team_and_no_other(there: Deployment) -> None:
    a_task(there.hq)
    for laptop in there.laptops.values():
        there.answer(laptop)
    assert seen(there.laptops["north"]) == {"Fence line t7": "assigned"}
    assert seen(there.laptops["south"]) == {}


def test_a_planned_task_stays_at_headquarters(there: Deployment) -> None:
    planned = a_task(there.hq, None)
    assert (planned.owner, planned.fields["status"]) == ("hq", "planned")
    there.answer(there.laptops["north"])
    assert seen(there.laptops["north"]) == {}
    audiences = {stream.id: stream.audience for stream in journal.streams(there.hq.store)}
    assert audiences[planned.stream] == "hq"
    given = tasks.assign(there.hq, planned.name, "t7")
    assert given.fields["follows"] == planned.name
    assert given.fields["area_m2"] == planned.fields["area_m2"]
    assert given.fields["local_id"] != planned.fields["local_id"]
    there.answer(there.laptops["north"])
    assert seen(there.laptops["north"]) == {"Fence line t7": "assigned"}
    assert verifying.check(there.laptops["north"], read_data=True).problems == []


def test_a_task_taken_from_a_team_closes_there_with_the_reason_and_the_other_team_gets_it(there: Deployment) -> None:
    north, south = there.laptops["north"], there.laptops["south"]
    first = a_task(there.hq)
    there.answer(north)
    second = tasks.assign(there.hq, first.name, "t8", "t7 is at the dump")
    for laptop in (north, south):
        there.answer(laptop)
    assert seen(north) == {"Fence line t7": "closed"}
    assert seen(south) == {"Fence line t8": "assigned"}
    assert records.history(north, first.name)[-1].why == "t7 is at the dump"
    assert second.fields["follows"] == first.name
    (row,) = lookup.rows(there.hq, "task", owner="t8")
    assert tasks.forerunners(there.hq, row) == [first.name]
    assert [one["owner"] for one in tasks.page(there.hq)] == ["t8"]
    assert tasks.count(there.hq, ended=True) == 2


def test_what_cannot_be_given_says_why_and_changes_nothing(there: Deployment) -> None:
    task = a_task(there.hq)
    with pytest.raises(NoSuchTeam, match="t7, t8"):
        tasks.assign(there.hq, task.name, "t99")
    with pytest.raises(TaskGivenAlready):
        tasks.assign(there.hq, task.name, "t7")
    tasks.set_status(there.hq, task.name, "completed", "all released")
    with pytest.raises(TaskOver):
        tasks.assign(there.hq, task.name, "t8")
    with pytest.raises(FieldsNotValid):
        tasks.set_status(there.hq, task.name, "nearly", "?")
    with pytest.raises(WrongRole):
        a_task(there.laptops["north"])
    assert tasks.count(there.hq, ended=True) == 1


def test_records_of_a_laptop_take_the_task_it_works_on(there: Deployment) -> None:
    north = there.laptops["north"]
    task = a_task(there.hq)
    there.answer(north)
    find, plot = a_find(north), a_plot(north, depth_cm=None)
    gone = disposals.add_disposal(north, {"outcome": "destroyed_in_place"}, of=find.name)
    assert {one.fields["task"] for one in (find, plot, gone)} == {task.name}
    assert {one.fields["place"] for one in (find, plot, gone)} == {"AZ-AGM"}
    assert find.fields["depth_cm"] == 5
    assert records.get(north, plot.name).fields["depth_cm"] is None
    given = {"release": "cleared", "method": "manual"}
    assert plots.add_plot(north, given, RECTANGLE).fields["depth_cm"] == 20


def test_a_record_that_names_its_own_task_or_none_takes_nothing(there: Deployment) -> None:
    north = there.laptops["north"]
    task = a_task(there.hq)
    there.answer(north)
    assert a_find(north, task="T-118").fields["place"] is None
    assert a_find(north, task="").fields["task"] is None
    assert a_find(north, place="AZ-FUZ").fields["place"] == "AZ-FUZ"
    assert a_find(north, task=task.fields["local_id"]).fields["place"] == "AZ-AGM"


def test_of_two_tasks_one_is_chosen_and_none_is_a_choice(there: Deployment) -> None:
    north = there.laptops["north"]
    first, second = a_task(there.hq), a_task(there.hq, title="Dump")
    there.answer(north)
    assert current_task.current(north) is None
    current_task.choose(north, second.name)
    assert a_find(north).fields["task"] == second.name
    current_task.choose(north, None)
    assert a_find(north).fields["task"] is None
    current_task.choose(north, first.name)
    tasks.set_status(there.hq, first.name, "suspended", "mud")
    there.answer(north)
    assert a_find(north).fields["task"] == first.name
    tasks.set_status(there.hq, first.name, "completed", "done")
    there.answer(north)
    assert a_find(north).fields["task"] == second.name, "the only one left"


def square(west: float, **properties: object) -> dict[str, object]:
    ring = [[west, 40.02], [west + 0.001, 40.02], [west + 0.001, 40.021], [west, 40.021], [west, 40.02]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def write(file: Path, *features: object) -> Path:
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return file


def test_a_file_of_areas_is_looked_at_and_then_made_into_tasks(there: Deployment, tmp_path: Path) -> None:
    crossing = square(46.9, name="bow")
    ring = crossing["geometry"]["coordinates"][0]  # type: ignore[index]  # as made above
    ring[1], ring[2] = ring[2], ring[1]
    file = write(tmp_path / "areas.geojson", square(46.98, name="one", depth_required=13), crossing,
                 square(46.97, name="two"), square(46.96, name="odd", place="Narnia"))
    found = task_import.preview(file)
    assert [one.sound for one in found] == [True, False, True, False]
    assert "crosses" in found[1].reason(Texts())
    assert "Narnia" in found[3].reason(Texts())
    assert seen(there.hq) == {}
    made = task_import.make(there.hq, found, {"task_kind": "clearance", "depth_required": 20}, team="t7")
    assert [(one.fields["title"], one.fields["depth_required"]) for one in made] == [("one", 13), ("two", 20)]
    assert all(float(str(one.fields["area_m2"])) > 9000 for one in made)
    assert len(task_import.make(there.hq, found, {}, only={3})) == 1


def test_swapped_axes_are_asked_about_and_left(there: Deployment, tmp_path: Path) -> None:
    swapped = {"type": "Polygon", "coordinates": [[[40.02, 46.98], [40.02, 46.99], [40.03, 46.99], [40.02, 46.98]]]}
    (one,) = task_import.preview(write(tmp_path / "a.geojson", {"type": "Feature", "geometry": swapped}))
    assert one.sound
    assert "Swapped?" in one.reason(Texts())
    assert task_import.make(there.hq, [one], {"task_kind": "bac"}) == []
    assert len(task_import.make(there.hq, [one], {"task_kind": "bac"}, only=[1])) == 1
    assert one.outline[0][0][0]["lat"] == "46.98"


def test_a_file_that_cannot_be_read_is_named_and_left(tmp_path: Path) -> None:
    (tmp_path / "a.kml").write_text("<kml/>")
    with pytest.raises(AreasNotRead, match=r"a\.kml cannot be read as areas: only GeoJSON and CSV"):
        task_import.preview(tmp_path / "a.kml")
    with pytest.raises(AreasNotRead):
        task_import.preview(tmp_path / "nothing.csv")

