"""``fieldapp check --records``: the documented shape, exit 0 whatever it finds, and the demonstration."""

from __future__ import annotations

import shutil
from pathlib import Path

from fieldapp.domain.checks import RULES, SEVERITIES
from tests.cli.runner import done, run


def test_findings_have_their_documented_shape_and_are_no_failure(tmp_path: Path) -> None:
    done("init", tmp_path / "alone", "--name", "Aysel", "--key-file")
    for _ in range(2):
        find = done("find", "add", "pmn2", "--at", "39.9899 46.8988", "--depth-cm", 5, workspace=tmp_path / "alone")
    (found,) = done("check", "--records", workspace=tmp_path / "alone")["findings"]
    assert set(found) == {"rule", "severity", "records", "place", "message"}
    assert (found["rule"], found["severity"]) == ("same_row", "look")
    assert found["records"][0].endswith(find["id"])
    assert found["place"] == {"lat": 39.9899, "lon": 46.8988}
    assert "has the same model" in found["message"]
    said = run("check", "--records", "--lang", "ru", workspace=tmp_path / "alone")
    assert said.code == 0
    assert str(find["local_id"]) in said.out
    assert "Проверьте" in said.out


def test_two_kinds_of_check_are_not_one_command(tmp_path: Path) -> None:
    done("init", tmp_path / "alone", "--name", "Aysel", "--key-file")
    assert run("check", "--records", "--read-data", workspace=tmp_path / "alone").code == 2


def test_the_demonstration_is_checked(demonstration: Path, tmp_path: Path) -> None:
    shutil.copytree(demonstration / "hq", tmp_path / "hq")
    found = done("check", "--records", workspace=tmp_path / "hq")["findings"]
    assert all(one["rule"] in RULES and one["severity"] in SEVERITIES and one["message"] for one in found)
    assert [SEVERITIES.index(one["severity"]) for one in found] == sorted(
        SEVERITIES.index(one["severity"]) for one in found
    )
    assert done("check", "--records", workspace=tmp_path / "hq")["findings"] == found


def test_signing_off_says_what_the_checks_found_and_signs(tmp_path: Path) -> None:
    done("init", tmp_path / "alone", "--name", "Aysel", "--key-file")
    for _ in range(2):
        done("find", "add", "pmn2", "--at", "39.9899 46.8988", "--depth-cm", 5, "--condition", "armed",
             workspace=tmp_path / "alone")
    signed = done("review", "sign-off", "--all", workspace=tmp_path / "alone")
    assert (len(signed["judged"]), len(signed["written"])) == (2, 2)
    assert [one["rule"] for one in signed["findings"]] == ["same_row"]


def test_what_the_checks_find_is_said_when_a_record_is_saved_and_nothing_is_refused(tmp_path: Path) -> None:
    laptop = tmp_path / "alone"
    done("init", laptop, "--name", "Aysel", "--key-file")
    square = ("40.02000 46.98000", "40.02000 46.98140", "40.02072 46.98140", "40.02072 46.98000")
    ground = [word for corner in square for word in ("--point", corner)]
    cleared = ("--release", "cleared", "--method", "manual", "--depth-cm", 20, "--completed-on", "2024-07-30")
    first = run("plot", "add", *ground, *cleared, "--json", workspace=laptop)
    assert "same outline" not in first.err
    number = first.json["local_id"]
    again = run("plot", "add", *ground, *cleared, workspace=laptop)
    assert (again.code, f"{number} has the same outline." in again.err) == (0, True)
    beside = [word for corner in square for word in ("--point", corner.replace("46.98000", "46.98100"))]
    assert f"m² lie in plot {number} as well." in run("plot", "add", *beside, *cleared, workspace=laptop).err
    find = ("find", "add", "pmn2", "--at", "40.02030 46.98070", "--depth-cm")
    alarm = run(*find, 5, workspace=laptop)
    assert alarm.code == 0
    assert f"Inside plot {number}, which was released before: a missed item. Stop work there" in alarm.err
    assert f"Inside plot {number}, below the 20 cm it was cleared to." in run(*find, 25, workspace=laptop).err
    outside = run("find", "add", "pmn2", "--at", "40.03030 46.98070", "--depth-cm", 5, workspace=laptop)
    assert outside.err == ""
    moved = run("find", "correct", outside.out.split()[1], "--at", "40.02050 46.98070", "--why", "read again",
                workspace=laptop)  # fmt: skip
    assert "a missed item" in moved.err
