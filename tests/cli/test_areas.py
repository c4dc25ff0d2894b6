"""Hazardous areas and captured records through commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import RECTANGLE
from tests.cli.runner import done, run

RECORD = (
    "--landmark", "X 4 430 226 Y 8 662 280", "--azimuth", "12-50", "--distance", "640", "--strip-azimuth", "17-50",
    "--strip-length", "320", "--strip-depth", "60",
)  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("areas") / "hq"
    done("init", folder, "--role", "hq", "--deployment", "Test", "--escrow-to", folder.parent / "escrow.txt",
         "--key-file")
    return folder


def test_measure_works_a_record_out_and_saves_nothing(office: Path) -> None:
    shown = done("area", "measure", *RECORD, "--on", "1993", workspace=office)
    assert shown["area_m2"] == pytest.approx(19187, abs=5)
    assert shown["operation"] == "EPSG:15865"
    assert [one["number"] for one in shown["corners"]] == [1, 2, 3, 4]
    moved = {(one["what"], one["value"]): one["moved_m"] for one in shown["readings"]}
    assert moved["mils", "mil6400"] == pytest.approx(52, abs=0.5)
    assert moved["datum", "none"] == pytest.approx(103, abs=0.5)
    assert done("area", "list", workspace=office)["records"] == []
    text = run("area", "measure", *RECORD, workspace=office).out
    assert "Mils of 6400 to the circle: corner 1 would move by 52 m." in text
    assert "taken for WGS 84: corner 1 would move by 103 m." in text
    assert "Ground outside a record is not safe because of that." in text


def test_a_saved_record_is_measured_again_corrected_and_shown(office: Path) -> None:
    added = run("area", "add", *RECORD, "--title", "Formulyar 12", "--record-number", "12/93", "--mine", "PMN-2 = 120",
                "--json", workspace=office)
    number = added.json["local_id"]
    assert "corner 1 would move by 52 m" in added.err
    again = done("area", "measure", number, workspace=office)
    assert again["area_m2"] == pytest.approx(19187, abs=5)
    done("area", "correct", number, *RECORD, "--unit", "mil6400", "--why", "NATO instrument", workspace=office)
    assert done("area", "show", number, workspace=office)["legs"]["unit"] == "mil6400"
    assert len(done("area", "history", number, workspace=office)["history"]) == 2
    done("area", "retract", number, "--why", "entered twice", workspace=office)
    assert done("area", "show", number, workspace=office)["retracted"] is True


def test_an_outline_of_points_is_measured_and_saved(office: Path) -> None:
    points = [part for point in RECTANGLE for part in ("--point", point)]
    assert done("area", "measure", *points, workspace=office)["area_m2"] == 9595.7
    added = done("area", "add", *points, "--classification", "sha", "--at", "40.019 46.979", workspace=office)
    assert (added["area_m2"], added["lat"], added["status"]) == (9595.7, 40.019, "open")
    line = [part for point in RECTANGLE[:2] for part in ("--line", point)]
    assert len(done("area", "add", *line, workspace=office)["line"][0]) == 2
    assert run("area", "measure", workspace=office).code == 2
    assert run("area", "accuracy", added["local_id"], "--json", workspace=office).json["error"]["code"] == (
        "not_a_captured_record"
    )


def test_what_cannot_be_read_is_an_error_with_its_reason(office: Path) -> None:
    ran = run("area", "measure", "--landmark", "X 8 662 280 Y 4 430 226", "--json", workspace=office)
    assert (ran.code, "swapped" in ran.json["error"]["message"]) == (1, True)
    ran = run("area", "measure", *RECORD, "--north", "magnetic", "--json", workspace=office)
    assert (ran.code, ran.json["error"]["code"]) == (1, "record_not_laid_off")
    assert run("area", "measure", "--landmark", "40 47", "--leg", "12-50", workspace=office).code == 2


def test_areas_are_read_from_a_file(office: Path) -> None:
    ring = [[float(lon), float(lat)] for lat, lon in (point.split() for point in RECTANGLE)]
    file = office.parent / "areas.geojson"
    file.write_text(json.dumps({
        "type": "Feature", "properties": {"title": "North"},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }))  # fmt: skip
    assert done("area", "import", file, "--dry-run", workspace=office)["records"] == []
    (made,) = done("area", "import", file, "--classification", "cha", workspace=office)["records"]
    assert (made["title"], made["classification"], made["area_m2"]) == ("North", "cha", 9595.7)


def test_headquarters_publishes_a_teams_area(office: Path) -> None:
    done("hq", "invite", "--team", "t7", "--name", "laptop 1", "--to", office.parent, workspace=office)
    laptop = office.parent / "t7"
    done("init", laptop, "--invitation", office.parent / "t7.fieldinvite", "--name", "Rəşad", "--key-file")
    number = done("area", "add", *RECORD, workspace=laptop)["local_id"]
    (office.parent / "stick").mkdir()
    done("bundle", "export", "--to", office.parent / "stick", workspace=laptop)
    done("bundle", "import", office.parent / "stick", workspace=office)
    published = done("area", "publish", number, workspace=office)
    assert (published["owner"], published["source"].split("/")[1]) == ("hq", "t7")
    assert run("area", "publish", number, "--json", workspace=office).json["error"]["code"] == "published_already"
    assert run("area", "publish", number, workspace=laptop).code == 1
