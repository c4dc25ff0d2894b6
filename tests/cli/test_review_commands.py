"""Review by exception and the lead's day on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.operations import records
from tests.builders import a_find, deployment
from tests.cli.runner import done, run


@pytest.fixture(scope="module")
def hq(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A closed headquarters with twelve finds without remarks and one that lacks its depth; their numbers."""
    folder = tmp_path_factory.mktemp("review")
    with deployment(folder, "laptop") as there:
        laptop = there.laptops["laptop"]
        made = [a_find(laptop) for _ in range(12)] + [a_find(laptop, depth_cm=None)]
        numbers = [str(records.get(laptop, one.name).fields["local_id"]) for one in made]
        there.carry(laptop)
    return folder / "hq", numbers


def test_the_whole_way_from_the_list_to_approving_the_rest(hq: tuple[Path, list[str]]) -> None:
    ws, numbers = hq
    shown = done("review", "list", "--team", "t7", workspace=ws)
    assert shown["counts"] == {"needs_a_look": 1, "without_remarks": 12}
    assert [one["local_id"] for one in shown["needs_a_look"]] == [numbers[-1]]
    assert [reason["code"] for reason in shown["needs_a_look"][0]["reasons"]] == ["lacking"]
    assert shown["needs_a_look"][0]["reasons"][0]["sentence"] == "Something needed for sign-off is missing"
    assert shown["totals"]["ap_mine"] == 12
    assert len(shown["sample"]["drawn"]) == 2
    assert shown["sample"]["to_open"] == shown["sample"]["drawn"]
    early = run("review", "approve", "--team", "t7", "--without-remarks", "--json", workspace=ws)
    assert (early.code, early.json["error"]["code"]) == (1, "not_opened")
    assert run("review", "approve", "--all", "--json", workspace=ws).json["error"]["code"] == "not_opened"
    opened = done("review", "look", *shown["sample"]["drawn"], workspace=ws)
    assert [one["opened"] for one in opened["opened"]] == [True, True]
    other = run("review", "approve", "--without-remarks", "--shown", "123", "--json", workspace=ws)
    assert other.json["error"]["code"] == "shown_otherwise"
    approved = done("review", "approve", "--team", "t7", "--without-remarks", "--shown", shown["shown"], workspace=ws)
    assert len(approved["judged"]) == 12
    assert done("review", "list", workspace=ws)["counts"] == {"needs_a_look": 1, "without_remarks": 0}
    assert done("review", "changes", numbers[0], workspace=ws) == {"since": None}
    done("find", "correct", numbers[0], "--depth-cm", "9", "--why", "the sketch says so", workspace=ws)
    changed = done("review", "changes", numbers[0], workspace=ws)
    assert changed["since"]["verdict"] == "approved"
    assert changed["changes"] == [{"group": "depth_cm", "before": [5], "after": 9}]
    listed = done("review", "list", workspace=ws)["needs_a_look"]
    assert [one["reasons"][0]["code"] for one in listed] == ["changed_since_approval", "lacking"]
    assert done("review", "approve", numbers[0], "--by", "R. Sadigov", workspace=ws)["judged"]


def test_for_people_the_list_says_the_reasons(hq: tuple[Path, list[str]]) -> None:
    ran = run("review", "list", "--lang", "ru", workspace=hq[0])
    assert ran.code == 0
    assert hq[1][-1] in ran.out
    assert "Something needed" not in ran.out


def test_the_share_that_is_drawn_is_set_at_headquarters(hq: tuple[Path, list[str]]) -> None:
    assert done("review", "share", workspace=hq[0]) == {"share_percent": 10}
    assert done("review", "share", "25", workspace=hq[0]) == {"share_percent": 25}
    assert done("review", "share", "10", workspace=hq[0]) == {"share_percent": 10}
    assert run("review", "share", "0", "--json", workspace=hq[0]).json["error"]["code"] == "share_not_valid"


def test_without_remarks_goes_with_no_numbers(hq: tuple[Path, list[str]]) -> None:
    assert run("review", "approve", "--without-remarks", "--all", workspace=hq[0]).code == 2


def test_the_day_of_a_laptop_alone(tmp_path: Path) -> None:
    done("init", tmp_path / "ws")
    done("find", "add", "PMN-2", workspace=tmp_path / "ws")
    shown = done("review", "day", workspace=tmp_path / "ws")
    assert [(one["finds"], one["own"], one["collected"]) for one in shown["laptops"]] == [(1, True, True)]
    assert run("review", "day", "--date", "2024-07-29", workspace=tmp_path / "ws").code == 0
