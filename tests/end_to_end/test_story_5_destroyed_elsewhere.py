"""Story 5: found by one team, destroyed a week later by another that knows the items by their tag only."""

from __future__ import annotations

import shutil
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import done, run

FOUND, DESTROYED = ("2024-06-03", "2024-06-09"), ("2024-06-10", "2024-06-16")
"""Weeks 23 and 24."""


@pytest.fixture(scope="module")
def sticks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A headquarters before anything came, and the three bundles: found and handed over, 200 destroyed, 110 more."""
    folder = tmp_path_factory.mktemp("story5")
    hq = folder / "hq"
    done("init", hq, "--role", "hq", "--deployment", "Test", "--escrow-to", folder / "escrow.txt", "--key-file")
    for team in ("t7", "t12"):
        done("hq", "invite", "--team", team, "--to", folder, workspace=hq)
        done("init", folder / team, "--invitation", folder / f"{team}.fieldinvite", "--name", team, "--key-file")
        (folder / f"{team}-stick").mkdir()
    lot = done(
        "find", "add-lot", "--at", "39.9899 46.8988", "--found-on", "2024-06-03", "--line", "OG-7=180",
        "--line", "PG-7=97", "--line", "152 mm=35", "--line", "fuze=40", workspace=folder / "t7",
    )["records"]
    tag = lot[0]["local_id"]
    for record in lot[:3]:
        done("disposal", "add", "--of", record["local_id"], "--outcome", "handed_over", "--quantity",
             record["quantity"], "--done-on", "2024-06-03", "--other-team", "t12", workspace=folder / "t7")
    bundles = [_export(folder, "t7")]
    for quantity, day in ((200, "2024-06-10"), (110, "2024-06-12")):
        done("disposal", "add", "--of", tag, "--outcome", "central_demolition", "--quantity", quantity,
             "--done-on", day, workspace=folder / "t12")
        bundles.append(_export(folder, "t12"))
    return folder, bundles


def _export(folder: Path, team: str) -> str:
    return str(done("bundle", "export", "--to", folder / f"{team}-stick", workspace=folder / team)["file"])


def week(hq: Path, days: tuple[str, str]) -> dict[str, Any]:
    """The UXO line of one week's report."""
    report = done("report", "weekly", "--from", days[0], "--to", days[1], workspace=hq)
    uxo: dict[str, Any] = report["totals"]["uxo"]
    return uxo


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_weeks_and_what_is_outstanding_are_the_same_in_every_order(
    sticks: tuple[Path, list[str]], tmp_path: Path, order: tuple[int, ...]
) -> None:
    folder, bundles = sticks
    hq = tmp_path / "hq"
    shutil.copytree(folder / "hq", hq)
    for place in order:
        done("bundle", "import", bundles[place], workspace=hq)
    first, second = week(hq, FOUND), week(hq, DESTROYED)
    assert (first["found"], first["neutralised"], first["outstanding"]) == (312, 0, 312)
    assert (second["found"], second["neutralised"], second["outstanding"]) == (0, 310, 2)
    found = done("outstanding", workspace=hq)
    assert {one["line"]: one["outstanding"] for one in found["lines"]} == {"uxo": 2, "fuze": 40}
    (uxo,) = [one for one in found["items"] if one["line"] == "uxo"]
    assert [(one["state"], one["holder"], one["quantity"]) for one in uxo["custody"]] == [("handed_over", "t12", 2)]
    assert (found["over_claims"], found["unresolved"]) == ([], [])
    assert done("outstanding", "--to", "2024-06-09", workspace=hq)["lines"][0]["outstanding"] == 312


def test_five_more_claimed_are_three_more_than_found_and_no_number_is_negative(
    sticks: tuple[Path, list[str]], tmp_path: Path
) -> None:
    folder, bundles = sticks
    hq, t12 = tmp_path / "hq", tmp_path / "t12"
    shutil.copytree(folder / "hq", hq)
    shutil.copytree(folder / "t12", t12)
    for bundle in bundles:
        done("bundle", "import", bundle, workspace=hq)
    tag = done("disposal", "list", workspace=t12)["records"][0]["tag"]
    done("disposal", "add", "--of", tag, "--outcome", "central_demolition", "--quantity", 5, "--done-on",
         "2024-06-14", workspace=t12)
    (tmp_path / "stick").mkdir()
    done("bundle", "import", done("bundle", "export", "--to", tmp_path / "stick", workspace=t12)["file"], workspace=hq)
    found = done("outstanding", workspace=hq)
    assert [one["message"] for one in found["over_claims"]] == ["3 more destroyed than found"]
    assert {one["line"]: one["outstanding"] for one in found["lines"]} == {"fuze": 40}
    assert "3 more destroyed than found" in run("outstanding", workspace=hq).out
    assert week(hq, DESTROYED)["outstanding"] == 0
    assert '": -' not in run("outstanding", "--json", workspace=hq).out
    report = run("report", "weekly", "--from", DESTROYED[0], "--to", DESTROYED[1], "--json", workspace=hq).out
    assert '": -' not in report


def test_a_tag_that_names_nothing_is_joined_by_headquarters(sticks: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, bundles = sticks
    hq, t12 = tmp_path / "hq", tmp_path / "t12"
    shutil.copytree(folder / "hq", hq)
    shutil.copytree(folder / "t12", t12)
    done("bundle", "import", bundles[0], workspace=hq)
    typed = done("disposal", "add", "--of", "red string", "--outcome", "central_demolition", "--quantity", 1,
                 "--done-on", "2024-06-14", workspace=t12)
    (tmp_path / "stick").mkdir()
    done("bundle", "import", done("bundle", "export", "--to", tmp_path / "stick", workspace=t12)["file"], workspace=hq)
    (waits,) = done("outstanding", workspace=hq)["unresolved"]
    assert (waits["tag"], waits["reason"], waits["team"]) == ("red string", "not_here", "t12")
    find = done("find", "list", workspace=hq)["records"][0]["local_id"]
    done("disposal", "join", typed["local_id"], find, "--why", "the lead said so", workspace=hq)
    assert done("outstanding", workspace=hq)["unresolved"] == []
