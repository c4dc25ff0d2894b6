"""``fieldapp convert`` and the settings it goes by, as scripts use them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldapp.operations import settings
from fieldapp.operations.workspace import Workspace
from tests.builders import alone
from tests.cli.runner import done, run

AGHDAM = (39.9911, 46.9300)
NOWHERE = Path("no workspace here")
FORMATS = {"dd", "dm", "dms", "utm", "mgrs", "sk42", "sk42_gk", "sk42_gk3", "ck63"}


def converted(*words: str) -> dict[str, Any]:
    found: dict[str, Any] = done("convert", *words, workspace=NOWHERE)
    return found


def test_every_format_that_is_shown_is_read_back_as_the_same_place() -> None:
    shown = converted("39.9911000 46.9300000")["formats"]
    assert set(shown) == FORMATS
    for how, text in shown.items():
        again = converted(text, "--from", how.replace("_", "-"))
        assert (again["lat"], again["lon"]) == pytest.approx(AGHDAM, abs=1.2e-5), how
        assert again["format"] == how.replace("_", "-")


def test_a_soviet_position_says_its_operation_and_how_exact_it_is() -> None:
    read = converted("X 4430415.604 Y 8664941.733", "--to", "dd")
    assert (read["lat"], read["lon"]) == pytest.approx(AGHDAM, abs=1e-8)
    assert (read["crs"], read["operation"], read["operation_accuracy_m"]) == ("EPSG:28408", "EPSG:15865", 4.5)
    assert read["accuracy_m"] == pytest.approx(4.5, abs=0.01)
    assert list(read["formats"]) == ["dd"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("4430415.6 664941.7", "8664941.7"),  # the zone digit is missing: the error says with which it would fit
        ("38TPK6477128553", "Band T"),
        ("39 59 70 N 46 55 48 E", ""),
    ],
)
def test_what_cannot_be_read_is_refused_and_said(text: str, said: str) -> None:
    ran = run("convert", text, "--json", workspace=NOWHERE)
    assert (ran.code, ran.json["error"]["code"]) == (1, "coordinate_not_understood")
    assert said in ran.json["error"]["message"]


def test_swapped_degrees_are_read_as_typed_and_asked_about() -> None:
    read = converted("46.9300 39.9911")
    assert (read["lat"], read["swapped"]) == (46.93, True)


def test_a_format_nobody_knows_is_a_mistake_in_the_command() -> None:
    assert run("convert", "39.9911 46.93", "--to", "gauss", workspace=NOWHERE).code == 2


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return alone(tmp_path / "ws")


def test_the_workspaces_settings_count_and_one_that_is_open_elsewhere_is_said(ws: Workspace) -> None:
    settings.change(ws, "datum-operation", "EPSG:1808")
    words = ("convert", "X 4430415.604 Y 8664941.733", "--json")
    while_open = run(*words, workspace=ws.folder)
    assert while_open.json["operation"] == "EPSG:15865"
    assert "open elsewhere" in while_open.err
    ws.close()
    afterwards = run(*words, workspace=ws.folder)
    assert (afterwards.json["operation"], afterwards.err) == ("EPSG:1808", "")


def test_settings_are_shown_set_and_put_back(ws: Workspace) -> None:
    ws.close()
    assert done("settings", "set", "axo", "apart", workspace=ws.folder)["origin"] == "own"
    shown = {one["code"]: one["value"] for one in done("settings", "show", workspace=ws.folder)["settings"]}
    assert shown["axo"] == "apart"
    assert done("settings", "reset", "axo", workspace=ws.folder)["value"] == "with-uxo"
    turned = done("settings", "set", "datum-operation", "own 25 -141 -78.5 0 0.35 0.736 0 5", workspace=ws.folder)
    assert "Are the rotations of the other convention" in turned["remarks"][0]
    refused = run("settings", "set", "work-area", "1 2", "--json", workspace=ws.folder)
    assert (refused.code, refused.json["error"]["code"]) == (1, "setting_not_valid")
    assert done("systems", "show", workspace=ws.folder) == {"systems": []}
    only_hq = ("systems", "add", "mine", "--name-en", "Mine", "--definition", "EPSG:2498", "--json")
    assert run(*only_hq, workspace=ws.folder).json["error"]["code"] == "wrong_role"
