"""``fieldapp missed``, and where else the command line names missed items."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import done, run

CORNERS = ("40.02 46.98", "40.02 46.981406", "40.02072 46.981406", "40.02072 46.98")


@pytest.fixture
def laptop(tmp_path: Path) -> Path:
    done("init", tmp_path / "alone", "--name", "Rəşad", "--key-file")
    return tmp_path / "alone"


def a_plot(laptop: Path) -> Any:
    points = [word for corner in CORNERS for word in ("--point", corner)]
    return done("plot", "add", *points, "--release", "cleared", "--method", "manual", "--depth-cm", 20,
                "--completed-on", "2024-07-30", workspace=laptop)


def a_find(laptop: Path, depth_cm: int = 5) -> Any:
    return done("find", "add", "PMN-2", "--at", "40.0203 46.9807", "--depth-cm", depth_cm, workspace=laptop)


def test_the_list_names_find_plot_order_and_what_changed(laptop: Path) -> None:
    before, plot, find = a_find(laptop), a_plot(laptop), a_find(laptop)
    listed = done("missed", "list", workspace=laptop)
    assert listed["open"] == 1
    (one,) = listed["missed"]
    assert (one["find_number"], one["plot_number"]) == (find["local_id"], plot["local_id"])
    assert (one["order"], one["open"], one["since"], one["explained"]) == ("had_plot", True, [], [])
    assert before["local_id"] not in run("missed", "list", workspace=laptop).out
    done("plot", "retract", plot["local_id"], "--why", "a mistake", workspace=laptop)
    assert done("missed", "show", find["local_id"], workspace=laptop)["since"] == ["plot_retracted"]


def test_explaining_closes_and_a_change_opens_again(laptop: Path) -> None:
    plot, find = a_plot(laptop), a_find(laptop)
    number = find["local_id"]
    told = done("missed", "explain", number, "--cause", "re_laid", "--text", "Seen by two", workspace=laptop)
    assert (told["open"], told["explained"][0]["cause"], told["explained"][0]["current"]) == (False, "re_laid", True)
    assert "No missed item." in run("missed", "list", workspace=laptop).out
    assert done("missed", "list", "--all", workspace=laptop)["open"] == 0
    done("plot", "correct", plot["local_id"], "--remarks", "seen", "--why", "seen", workspace=laptop)
    assert done("missed", "list", workspace=laptop)["open"] == 1
    assert "Open again" in run("missed", "list", workspace=laptop).out


def test_a_note_closes_nothing(laptop: Path) -> None:
    a_plot(laptop)
    number = a_find(laptop)["local_id"]
    told = done("missed", "note", number, "--text", "A fox den", workspace=laptop)
    assert (told["open"], [one["text"] for one in told["notes"]]) == (True, ["A fox den"])
    assert "Rəşad: A fox den" in run("missed", "show", number, workspace=laptop).out


def test_an_unknown_find_is_an_operator_error(laptop: Path) -> None:
    number = a_find(laptop)["local_id"]
    ran = run("missed", "show", number, "--json", workspace=laptop)
    assert (ran.code, ran.json["error"]["code"]) == (1, "no_missed_item")
    assert run("missed", "explain", number, "--cause", "no_idea", "--text", "x", workspace=laptop).code == 2


def test_the_import_names_new_alarms_and_the_weekly_report_the_open_ones(tmp_path: Path, laptop: Path) -> None:
    done("init", tmp_path / "hq", "--role", "hq", "--deployment", "Test", "--escrow-to", tmp_path / "escrow.txt",
         "--key-file")
    done("hq", "invite", "--team", "t7", "--name", "laptop 1", "--to", tmp_path, workspace=tmp_path / "hq")
    done("init", tmp_path / "t7", "--invitation", tmp_path / "t7.fieldinvite", "--name", "Rəşad", "--key-file")
    plot, find = a_plot(tmp_path / "t7"), a_find(tmp_path / "t7")
    (tmp_path / "stick").mkdir()
    file = done("bundle", "export", "--to", tmp_path / "stick", workspace=tmp_path / "t7")["file"]
    preview = done("bundle", "import", file, "--dry-run", workspace=tmp_path / "hq")["bundles"][0]
    taken = done("bundle", "import", file, workspace=tmp_path / "hq")["bundles"][0]
    assert taken["alarms"] == preview["alarms"]
    assert f"find {find['local_id']} lies inside plot {plot['local_id']}" in taken["alarms"][0]
    assert done("bundle", "import", file, workspace=tmp_path / "hq")["bundles"][0]["alarms"] == []
    week = ("report", "weekly", "--from", "2024-07-29", "--to", "2024-08-04")
    report = done(*week, "--format", "json", workspace=tmp_path / "hq")
    assert report["completeness"]["missed_items"] == [{"find": find["local_id"], "plot": plot["local_id"]}]
    for form in ("text", "html"):
        said = " ".join(run(*week, "--format", form, workspace=tmp_path / "hq").out.split())
        assert f"{find['local_id']} in plot {plot['local_id']}" in said
    first = done("review", "list", workspace=tmp_path / "hq")["needs_a_look"][0]
    assert "missed_item" in str(first["reasons"])
