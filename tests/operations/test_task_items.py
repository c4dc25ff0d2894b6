"""Items a task is about: what another team's laptop is told of finds it never had, and what it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.operations import disposals, lookup, outstanding, records, task_items, tasks
from fieldapp.operations.errors import WrongRole
from fieldapp.operations.task_errors import TaskNotGiven
from fieldapp.storage.records import Record
from tests.builders import Deployment, a_find, deployment


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Deployment]:
    """North found seven mines and stored four in Dump A; south has the task to destroy them."""
    with deployment(tmp_path, "north") as made:
        made.join("south", "t8")
        north = made.laptops["north"]
        find = a_find(north, quantity=7, model_text="TM-62M")
        fields = {"outcome": "stored", "quantity": 4, "store": "Dump A"}
        disposals.add_disposal(north, fields, of=find.name)
        for laptop in made.laptops.values():
            made.exchange(laptop)
        yield made


def find_of(there: Deployment) -> str:
    return lookup.rows(there.hq, "find")[0].name


def task_for(there: Deployment, team: str | None) -> Record:
    return tasks.create(there.hq, {"title": "Demolition", "task_kind": "eod_spot"}, team=team)


def test_the_team_with_the_task_is_told_and_its_disposal_names_the_find_at_once(there: Deployment) -> None:
    north, south, find = there.laptops["north"], there.laptops["south"], find_of(there)
    task = task_for(there, "t8")
    (made,) = task_items.include(there.hq, task.name, [find])
    assert (made.owner, made.fields["store"], made.fields["quantity"]) == ("t8", "Dump A", 7)
    assert made.fields["lat"] is None, "it does not lie where it was found any more"
    for laptop in (north, south):
        there.answer(laptop)
    assert lookup.rows(north, "task_item") == []
    (item,) = task_items.items_of(south, task.name)
    assert lookup.rows(south, "find") == [], "the find itself stays with its team"
    gone = disposals.add_disposal(south, {"outcome": "central_demolition", "quantity": 7}, of=str(item["number"]))
    assert (gone.fields["find"], gone.fields["tag"], gone.fields["model"]) == (find, item["number"], "tm-62m")
    there.carry(south)
    found = outstanding.outstanding(there.hq)
    assert (found.items, found.loose, found.over) == ([], [], [])


def test_what_lies_where_it_was_found_is_told_with_its_position(there: Deployment) -> None:
    lies = a_find(there.laptops["north"])
    there.carry(there.laptops["north"])
    (made,) = task_items.include(there.hq, task_for(there, "t8").name, [lies.name])
    assert (made.fields["lat"], made.fields["lon"], made.fields["store"]) == ("39.9899", "46.8988", None)


def test_its_own_finds_and_what_it_was_told_are_not_told_again(there: Deployment) -> None:
    find = find_of(there)
    assert task_items.include(there.hq, task_for(there, "t7").name, [find]) == []
    task = task_for(there, "t8")
    assert len(task_items.include(there.hq, task.name, [find, find])) == 1
    assert task_items.include(there.hq, task.name, [find]) == []


def test_only_headquarters_tells_and_only_a_team_that_has_the_task(there: Deployment) -> None:
    with pytest.raises(TaskNotGiven):
        task_items.include(there.hq, task_for(there, None).name, [find_of(there)])
    with pytest.raises(WrongRole):
        task_items.include(there.laptops["north"], "task/t7/x", [])
    assert records.list_records(there.hq, "task_item") == []
