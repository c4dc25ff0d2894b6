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
