"""``fieldapp find add-measured`` as scripts use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.geodesy.area import bearing_deg, distance_m
from tests.cli.runner import done, run


@pytest.fixture
def laptop(tmp_path: Path) -> Path:
    """A workspace that commands made, with one find."""
    folder = tmp_path / "laptop"
    done("init", folder, "--name", "Aysel", "--key-file")
    done("find", "add", "PMN-2", "--at", "39.991100 46.930000", workspace=folder)
    return folder


def test_by_bearing_and_distance_from_the_last_find(laptop: Path) -> None:
    made = done("find", "add-measured", "PMN-2", "--bearing", "90", "--north", "true", "--distance", "100",
                "--depth-cm", "5", workspace=laptop)  # fmt: skip
    assert distance_m(39.9911, 46.93, float(made["lat"]), float(made["lon"])) == pytest.approx(100, abs=0.01)
    assert (made["fixed_by"], made["accuracy_basis"], made["depth_cm"]) == ("bearing_distance", "computed", 5)
    assert made["satellites"] is None


def test_in_mils_from_a_find_by_its_number(laptop: Path) -> None:
    (first,) = done("find", "list", workspace=laptop)["records"]
    made = done("find", "add-measured", "PMN-2", "--from", first["local_id"], "--bearing", "15-00",
                "--bearing-unit", "mil6000", "--north", "true", "--distance", "10", workspace=laptop)  # fmt: skip
    assert bearing_deg(39.9911, 46.93, float(made["lat"]), float(made["lon"])) == pytest.approx(90, abs=0.01)


def test_along_a_baseline(laptop: Path) -> None:
    made = done("find", "add-measured", "PMN-2", "--from", "39.9911 46.93", "--towards", "39.9921 46.93", "--along",
                "40", "--aside", "3", "--side", "left", workspace=laptop)  # fmt: skip
    assert made["fixed_by"] == "baseline"
    assert float(made["lon"]) < 46.93


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--bearing", "90"], 1),
        (["--bearing", "400", "--distance", "5"], 1),
        (["--from", "nowhere", "--bearing", "90", "--distance", "5"], 1),
        (["--towards", "39.9921 46.93"], 1),
        ([], 2),
        (["--bearing", "90", "--towards", "39.9921 46.93"], 2),
    ],
)
def test_what_is_missing_or_cannot_be_read_saves_nothing(laptop: Path, words: list[str], code: int) -> None:
    assert run("find", "add-measured", "PMN-2", *words, workspace=laptop).code == code
    assert len(done("find", "list", workspace=laptop)["records"]) == 1
