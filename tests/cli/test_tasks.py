"""Tasks on the command line: made, imported, given, and what is left of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import RECTANGLE
from tests.cli.runner import done, run

POINTS = [word for point in RECTANGLE for word in ("--point", point)]


@pytest.fixture
def hq(tmp_path: Path) -> Path:
    """A headquarters with teams t7 and t8."""
    folder = tmp_path / "hq"
    done("init", folder, "--role", "hq", "--deployment", "Test", "--escrow-to", tmp_path / "escrow.txt", "--key-file")
    for team in ("t7", "t8"):
        done("hq", "invite", "--team", team, "--to", tmp_path, workspace=folder)
    return folder


def add(hq: Path, *words: object) -> dict[str, object]:
    found: dict[str, object] = done(
        "task", "add", "--title", "Fence line", "--task-kind", "clearance", "--depth-required", 20, *POINTS, *words,
        workspace=hq,
    )
    return found


def test_a_task_is_made_given_on_and_closed(hq: Path) -> None:
    made = add(hq, "--team", "t7", "--due-on", "2024-09-01", "--qc-asked", "yes")
    assert (made["area_m2"], made["owner"], made["status"], made["qc_asked"]) == (9595.7, "t7", "assigned", True)
    given = done("task", "assign", made["local_id"], "--team", "t8", "--why", "t7 moves on", workspace=hq)
    assert (given["owner"], given["follows"], given["due_on"]) == ("t8", made["record"], "2024-09-01")
    ended = done("task", "status", given["local_id"], "completed", "--why", "all released", workspace=hq)
    assert ended["status"] == "completed"
    assert [one["status"] for one in done("task", "list", workspace=hq)["records"]] == ["completed", "closed"]
    assert done("task", "show", given["local_id"], workspace=hq)["title"] == "Fence line"
    assert run("task", "assign", given["local_id"], "--team", "t7", workspace=hq).code == 1


def test_remaining_says_what_is_done_and_what_only_waits(hq: Path, tmp_path: Path) -> None:
    task = add(hq, "--team", "t7")
    done("init", tmp_path / "t7", "--invitation", tmp_path / "t7.fieldinvite", "--name", "Aysel", "--key-file")
    (tmp_path / "stick").mkdir()
    done("bundle", "export", "--to", tmp_path / "stick", workspace=tmp_path / "t7")
    done("bundle", "import", tmp_path / "stick", workspace=hq)
    back = done("bundle", "export", "--team", "t7", "--to", tmp_path / "stick", workspace=hq)
    done("bundle", "import", back["file"], workspace=tmp_path / "t7")
    assert done("task", "current", workspace=tmp_path / "t7")["task"]["record"] == task["record"]
    plot = done("plot", "add", "--release", "cleared", "--method", "manual", *POINTS, workspace=tmp_path / "t7")
    assert (plot["task"], plot["depth_cm"]) == (task["record"], 20)
    (waiting,) = done("task", "remaining", workspace=tmp_path / "t7")["tasks"]
    assert (waiting["remaining_m2"], waiting["entered_m2"], waiting["per_cent"]) == (9595.7, 9595.7, 0)
    there = done("bundle", "export", "--to", tmp_path / "stick", workspace=tmp_path / "t7")
    done("bundle", "import", there["file"], workspace=hq)
    done("review", "approve", plot["local_id"], "--by", "Officer", workspace=hq)
    (found,) = done("task", "remaining", task["local_id"], workspace=hq)["tasks"]
    assert (found["remaining_m2"], found["released_m2"]["cleared"], found["per_cent"]) == (0, 9595.7, 100)
    assert done("task", "current", "--none", workspace=tmp_path / "t7") == {"task": None}
    assert run("task", "current", workspace=hq).code == 1


def test_import_shows_first_and_exits_1_where_an_area_was_not_taken(hq: Path, tmp_path: Path) -> None:
    ring = [[46.98, 40.02], [46.99, 40.02], [46.99, 40.03], [46.98, 40.03], [46.98, 40.02]]
    bow = [ring[0], ring[2], ring[1], ring[3], ring[0]]
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [shape]}}
        for name, shape in (("north", ring), ("bow", bow))
    ]}))  # fmt: skip
    ran = run("task", "import", file, "--dry-run", "--json", workspace=hq)
    assert ran.code == 1
    assert [(one["title"], one["sound"]) for one in ran.json["areas"]] == [("north", True), ("bow", False)]
    assert done("task", "list", workspace=hq)["records"] == []
    made = done("task", "import", file, "--only", 1, "--team", "t7", "--task-kind", "bac", workspace=hq)["records"]
    assert [(one["title"], one["owner"], one["task_kind"]) for one in made] == [("north", "t7", "bac")]
    said = run("task", "import", tmp_path / "no.kml", workspace=hq)
    assert said.code == 1
    assert "cannot be read as areas" in said.err


def test_lines_for_people_name_remaining_and_remarks(hq: Path) -> None:
    task = add(hq)
    plot = done("plot", "add", "--release", "cleared", "--method", "manual", "--depth-cm", 10, *POINTS, workspace=hq)
    done("review", "approve", plot["local_id"], "--by", "Officer", workspace=hq)
    said = run("task", "remaining", workspace=hq).out
    assert "9,595.7" in said
    assert f"{task['local_id']}: 9,595.7 m² cleared less deep than required." in said
    assert "Lie in it without naming it" in said


def test_a_team_is_told_of_a_find_of_another(hq: Path, tmp_path: Path) -> None:
    done("init", tmp_path / "t7", "--invitation", tmp_path / "t7.fieldinvite", "--name", "Aysel", "--key-file")
    find = done("find", "add", "TM-62M", "--quantity", 3, workspace=tmp_path / "t7")
    (tmp_path / "stick").mkdir()
    file = done("bundle", "export", "--to", tmp_path / "stick", workspace=tmp_path / "t7")["file"]
    done("bundle", "import", file, workspace=hq)
    task = add(hq, "--team", "t8")
    (told,) = done("task", "include", task["local_id"], "--find", find["local_id"], workspace=hq)["records"]
    assert (told["find"], told["quantity"], told["owner"]) == (find["record"], 3, "t8")
    assert [one["number"] for one in done("task", "items", task["local_id"], workspace=hq)["items"]] == [
        find["local_id"],
    ]  # fmt: skip


def test_programme_and_district_are_named_as_people_write_them(hq: Path) -> None:
    programme = done("programme", "add", "--title", "Trust fund", "--place", "Ağdam", workspace=hq)
    made = add(hq, "--programme", programme["local_id"], "--place", "Агдам")
    assert (made["programme"], made["place"], programme["place"]) == (programme["record"], "AZ-AGM", "AZ-AGM")
    listed = run("task", "show", made["local_id"], "--lang", "ru", workspace=hq).out
    assert f"Программа: {programme['local_id']}" in listed
    plain = add(hq)
    corrected = done("task", "correct", plain["local_id"], "--programme", programme["local_id"], "--why", "funded",
                     workspace=hq)
    assert corrected["programme"] == programme["record"]
    wrong = run("task", "add", "--title", "x", "--place", "Atlantis", "--json", workspace=hq)
    assert (wrong.code, wrong.json["error"]["code"]) == (1, "fields_not_valid")


def test_a_feature_without_an_outline_says_so(hq: Path, tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": None, "geometry": None}
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    ran = run("task", "import", file, "--json", workspace=hq)
    assert (ran.code, [one["reason"] for one in ran.json["areas"]]) == (1, ["It has no area."])


def test_a_team_whose_laptops_sent_nothing_yet_is_told_apart_from_no_team(hq: Path, tmp_path: Path) -> None:
    codes = [
        run("bundle", "export", "--team", team, "--to", tmp_path, "--json", workspace=hq).json["error"]["code"]
        for team in ("t7", "t99")
    ]
    assert codes == ["no_laptop_yet", "team_unknown"]
