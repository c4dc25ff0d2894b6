"""``fieldapp near``: what lies around a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import a_find, a_plot, alone
from tests.cli.runner import done, run


def test_finds_and_plots_around_a_place_are_listed_by_distance(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        near = a_find(ws, position="40.00010 47.00000")
        far = a_find(ws, position="40.00030 47.00000")
        a_find(ws, position="40.00100 47.00000")
        around = a_plot(ws, ("39.9999 46.9999", "39.9999 47.0001", "40.00005 47.0001", "40.00005 46.9999"))
    said = done("near", "40.0 47.0", workspace=tmp_path / "laptop")
    assert [one["record"] for one in said["near"]] == [around.name, near.name, far.name]
    assert [one["metres"] for one in said["near"]] == [0, pytest.approx(11.1, abs=0.05), pytest.approx(33.3, abs=0.05)]
    assert [one["bearing_deg"] for one in said["near"]] == [None, 0.0, 0.0]
    assert len(done("near", "40.0 47.0", "--radius", "200", workspace=tmp_path / "laptop")["near"]) == 4
    out = run("near", "40.0 47.0", workspace=tmp_path / "laptop").out
    assert str(near.fields["local_id"]) in out
    assert "PMN-2" in out


def test_nothing_near_is_said_and_a_position_that_is_none_is_an_error(tmp_path: Path) -> None:
    alone(tmp_path / "laptop").close()
    assert "Nothing recorded within 50 m" in run("near", "40.0 47.0", workspace=tmp_path / "laptop").out
    wrong = run("near", "somewhere", "--json", workspace=tmp_path / "laptop")
    assert wrong.code == 1
    assert wrong.json["error"]["code"]


def test_ground_that_lies_beside_the_place_is_as_far_as_its_nearest_edge(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        a_plot(ws, ("40.0001 46.999", "40.0001 47.001", "40.001 47.001", "40.001 46.999"))
    (one,) = done("near", "40.0 47.0", workspace=tmp_path / "laptop")["near"]
    assert one["metres"] == pytest.approx(11.1, abs=0.05)
    assert one["bearing_deg"] in (0.0, 360.0)
