"""Plots on the command line: points with roles, legs, lists, files, holes; measured or saved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import alone
from tests.cli.runner import done, run

A = ("40.02 46.98", "40.02 46.981406", "40.02072 46.981406", "40.02072 46.98")
A_POINTS = [word for text in A for word in ("--point", text)]
HOLE = "40.0202 46.9802; 40.0202 46.9808; 40.0205 46.9808; 40.0205 46.9802"


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A laptop's workspace that only measures and adds."""
    ws = alone(tmp_path_factory.mktemp("laptop"))
    ws.close()
    return ws.folder


def test_points_are_measured_without_saving(laptop: Path) -> None:
    found = done("plot", "measure", *A_POINTS, workspace=laptop)
    assert (found["area_m2"], found["grid"]["crs"], found["problems"]) == (9595.7, "EPSG:32638", [])
    assert [point["role"] for point in found["points"]] == ["SP", "TP1", "TP2", "TP3"]
    shown = run("plot", "measure", *A_POINTS, workspace=laptop).out
    assert "Area on the ellipsoid: 9,595.7 m²" in shown
    assert "WGS 84 / UTM zone 38N, for comparison only" in shown
    other = done("plot", "measure", *A_POINTS, "--grid", "sk42-gk", workspace=laptop)
    assert (other["grid"]["crs"], other["area_m2"]) == ("EPSG:28408", 9595.7)
    assert other["grid"]["area_m2"] == pytest.approx(9602.6, abs=3)
    assert done("plot", "list", workspace=laptop)["records"] == []


def test_measuring_needs_no_workspace(tmp_path: Path) -> None:
    words = ["plot", "measure", "--start", A[0], "--leg", "12-50 640", "--unit", "mil6000", "--date", "2026"]
    found = done(*words, workspace=tmp_path / "none")
    assert found["legs"][0]["model"] == "WMM2025"
    assert not (tmp_path / "none").exists()


def test_what_is_wrong_is_said_with_its_place(laptop: Path) -> None:
    bow_tie = [word for at in (0, 2, 1, 3) for word in ("--point", A[at])]
    found = done("plot", "measure", *bow_tie, workspace=laptop)
    assert found["area_m2"] is None
    assert [problem["code"] for problem in found["problems"]] == ["self_crossing"]
    assert "40.020360° N" in found["problems"][0]["sentence"]
    assert "No area" in run("plot", "measure", *bow_tie, workspace=laptop).out


def test_holes_and_parts_are_points_between_semicolons(laptop: Path) -> None:
    far = "40.03 46.98; 40.03 46.981406; 40.03072 46.981406; 40.03072 46.98"
    hole = done("plot", "measure", *A_POINTS, "--hole", HOLE, workspace=laptop)
    parts = done("plot", "measure", *A_POINTS, "--part", far, "--hole", HOLE, workspace=laptop)
    assert hole["area_m2"] < 9595.7 < parts["area_m2"]
    wrong = done("plot", "measure", *A_POINTS, "--part", far, "--hole", f"2:{HOLE}", workspace=laptop)
    assert [problem["code"] for problem in wrong["problems"]] == ["hole_outside"]
    assert run("plot", "measure", *A_POINTS, "--hole", f"3:{HOLE}", workspace=laptop).code == 2


def test_legs_go_round_and_say_what_they_miss(laptop: Path) -> None:
    legs = ["--leg", "0 50", "--leg", "90 100", "--leg", "180 50", "--leg", "270 101"]
    words = ["--start", "39.9911 46.93", *legs, "--north", "true", "--close", "start"]
    found = done("plot", "measure", *words, workspace=laptop)
    [legset] = found["legs"]
    assert (legset["misclosure_m"], legset["ratio_n"]) == (pytest.approx(1.0, abs=0.01), 301)
    assert found["area_m2"] == pytest.approx(5000, abs=0.2)
    adjusted = done("plot", "measure", *words, "--adjust", workspace=laptop)
    assert adjusted["legs"][0]["misclosure_m"] == legset["misclosure_m"]
    assert adjusted["area_m2"] == pytest.approx(5025, abs=1)
    shown = run("plot", "measure", *words, "--lang", "en", workspace=laptop).out
    assert "Misclosure 0.999 m in 301.0 m, 1:301" in shown


def test_magnetic_legs_use_the_model_of_their_day(laptop: Path) -> None:
    words = ["plot", "measure", "--start", "RP=39.9911 46.93", "--leg", "12-50 640", "--unit", "mil6000"]
    then = done(*words, "--date", "1993", workspace=laptop)["legs"][0]
    assert (then["model"], then["declination_deg"]) == ("IGRF-14", pytest.approx(4.65, abs=0.01))
    own = done(*words, "--date", "2026-11-22", "--declination", "1", workspace=laptop)["legs"][0]
    assert [problem["code"] for problem in own["problems"]] == ["own_declination"]
    grid = done(*words, "--north", "grid", "--grid", "sk42-gk", workspace=laptop)["legs"][0]
    assert (grid["grid"], grid["convergence_deg"]) == ("EPSG:28408", pytest.approx(1.241, abs=0.001))
    late = run(*words, "--date", "2031-01-01", "--json", workspace=laptop)
    assert (late.code, late.json["error"]["code"]) == (1, "magnetic_model_expired")
    assert run(*words, "--date", "soon", workspace=laptop).code == 2
    assert run("plot", "measure", "--leg", "75 640", workspace=laptop).code == 2


def test_a_plot_of_points_then_legs_is_saved_with_both(laptop: Path) -> None:
    words = ["--point", "RP=39.98 46.92", "--point", "39.9911 46.93", "--point", "39.9911 46.931", "--north", "true",
             "--leg", "0 50", "--leg", "270 85.39 role=EP", "--leg", "180 50", "--close", "start"]  # fmt: skip
    saved = done("plot", "add", *words, "--release", "cleared", "--depth-cm", 20, workspace=laptop)
    assert [vertex["role"] for vertex in saved["outline"][0][0]] == ["SP", "TP1", "TP2", "EP"]
    assert [vertex["role"] for vertex in saved["points"]] == ["RP"]
    assert [leg["bearing"] for leg in saved["legs"][0]["legs"]] == ["0", "270", "180"]
    assert float(saved["legs"][0]["misclosure_m"]) < 0.1
    assert saved["area_m2"] == pytest.approx(4270, abs=5)
    corrected = done("plot", "correct", saved["local_id"], "--depth-cm", 30, "--why", "typing", workspace=laptop)
    assert corrected["legs"] == saved["legs"]
    again = done("plot", "correct", saved["local_id"], *A_POINTS, "--why", "walked again", workspace=laptop)
    assert (again["legs"], again["points"], again["area_m2"]) == (None, None, 9595.7)


def test_what_looks_odd_is_said_on_standard_error_and_saved(laptop: Path) -> None:
    ran = run("plot", "add", *A_POINTS, "--point", A[0], "--release", "reduced", workspace=laptop)
    assert ran.code == 0
    assert "The last point repeats the first one" in ran.err


def test_a_pasted_list_is_taken_whole_or_not_at_all(laptop: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("id;lat;lon\n" + "\n".join(f"{at};{';'.join(text.split())}" for at, text in enumerate(A)))
    bad.write_text("\n".join((*A[:2], "by the old oak")))
    assert done("plot", "measure", "--paste", good, workspace=laptop)["area_m2"] == 9595.7
    refused = run("plot", "measure", "--paste", bad, "--json", workspace=laptop)
    assert (refused.code, refused.json["error"]["code"]) == (1, "list_has_errors")
    assert "Line 3" in refused.json["error"]["message"]
    assert run("plot", "measure", "--paste", tmp_path / "none.txt", workspace=laptop).code == 1
    (tmp_path / "legs.txt").write_text("0 50\n90 100\n180 50\n")
    found = done("plot", "measure", "--start", A[0], "--legs", tmp_path / "legs.txt", "--north", "true",
                 workspace=laptop)  # fmt: skip
    assert found["area_m2"] == pytest.approx(5000, abs=0.1)
    (tmp_path / "latin.txt").write_bytes(b"\xff\xfe\x00")
    assert run("plot", "measure", "--paste", tmp_path / "latin.txt", workspace=laptop).code == 1


def test_an_area_is_taken_out_of_a_file_by_its_name(laptop: Path, tmp_path: Path) -> None:
    def feature(name: str, shift: float) -> dict[str, object]:
        ring = [[46.98 + shift, 40.02], [46.981406 + shift, 40.02], [46.981406 + shift, 40.02072],
                [46.98 + shift, 40.02072], [46.98 + shift, 40.02]]  # fmt: skip
        shape = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "properties": {"name": name}, "geometry": shape}

    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature("A", 0), feature("B", 0.1)]}))
    assert done("plot", "measure", "--file", file, "--area", "A", workspace=laptop)["area_m2"] == 9595.7
    assert done("plot", "measure", "--file", file, "--area", "2", workspace=laptop)["area_m2"] == 9595.7
    assert run("plot", "measure", "--file", file, workspace=laptop).code == 2
    assert run("plot", "measure", "--file", file, "--area", "A", *A_POINTS, workspace=laptop).code == 2
    gpkg = tmp_path / "areas.gpkg"
    gpkg.write_bytes(b"SQLite")
    refused = run("plot", "measure", "--file", gpkg, "--json", workspace=laptop)
    assert "only GeoJSON and CSV" in refused.json["error"]["message"]


def test_a_plot_may_still_be_saved_without_any_point(laptop: Path) -> None:
    saved = done("plot", "add", "--release", "cleared", workspace=laptop)
    assert saved["outline"] is None
