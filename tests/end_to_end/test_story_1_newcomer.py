"""Story 1: a newcomer alone, her first find within 60 keys, and what the files for others hold.

CSV and GeoJSON are the plain files there are today; the story's GeoPackage is written by a later part of the program
and is tested there.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from tests.cli.runner import done
from tests.end_to_end.driving import window

MOST_KEYS = 60


@pytest.fixture
def workspace() -> Path:
    """Where the program keeps its records on a computer that never saw it."""
    return Path(os.environ["FIELDAPP_WORKSPACE"])


def test_the_first_find_of_a_newcomer_is_on_disk_when_saved_is_said(tmp_path: Path, workspace: Path) -> None:
    with window(tmp_path) as aysel:
        aysel.see("First start", "Your name")
        aysel.type("Aysel")
        aysel.press("Return")
        aysel.see("Log find")
        aysel.press("F2")
        aysel.see("New find")
        aysel.type("39.9899 46.8988")
        aysel.see("38N 662110 4428363")
        aysel.see("Aghdam?")
        aysel.press("Return")
        aysel.type("pmn2")
        aysel.press("Return", "Ctrl+S")
        aysel.see("Saved on this laptop. Not at any headquarters yet.")
        aysel.kill()
        assert aysel.keys <= MOST_KEYS
    (find,) = done("find", "list", workspace=workspace)["records"]
    assert (find["category"], find["model"], find["quantity"]) == ("ap_mine", "pmn-2", 1)
    assert (find["lat"], find["lon"], find["by"]) == (39.9899, 46.8988, "Aysel")
    for form in ("csv", "geojson"):
        done("export", form, tmp_path / f"finds.{form}", workspace=workspace)
    rows = list(csv.DictReader((tmp_path / "finds.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 1
    (feature,) = json.loads((tmp_path / "finds.geojson").read_text(encoding="utf-8"))["features"]
    assert feature["geometry"]["coordinates"] == [46.8988, 39.9899]


def test_the_numbers_in_the_other_order_are_asked_about_and_put_right_by_keys(tmp_path: Path, workspace: Path) -> None:
    done("init", workspace, "--name", "Aysel", "--key-file")
    with window(tmp_path, "--page", "find") as aysel:
        aysel.see("New find")
        aysel.type("46.8988 39.9899")
        aysel.see("Swapped?")
        aysel.go("Swap")
        aysel.press("Return")
        aysel.see("38N 662110 4428363")
        aysel.press("Return")
        aysel.type("пмн2")
        aysel.press("Return", "Ctrl+S")
        aysel.see("Saved on this laptop")
        aysel.close()
    (find,) = done("find", "list", workspace=workspace)["records"]
    assert (find["lat"], find["lon"], find["model"]) == (39.9899, 46.8988, "pmn-2")
