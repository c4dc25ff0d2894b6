"""Kinds entered by their declaration: from typed fields to a record, its list, its correction and its exports."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from fieldapp.errors import OperatorError
from fieldapp.operations import entry, flat_files, lookup, records
from fieldapp.operations.errors import FieldsNotValid, NotThisKind, RecordMissing, WrongRole
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record
from tests.builders import RECTANGLE, a_plot, alone, deployment, hq


def an_accident(ws: Workspace, **fields: object) -> Record:
    """A mine accident with one killed and two injured unless ``fields`` say otherwise."""
    values = {"happened_on": "2024-07-30", "accident_type": "mine", "killed": 1, "injured": 2, "place": "AZ-AGM"}
    return entry.add(ws, "accident", {**values, **fields}, position="39.9899 46.8988", model_text="pmn2")


def test_an_accident_takes_position_and_model_as_people_write_them(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        accident = an_accident(laptop)
        assert accident.fields["local_id"]
        assert (accident.fields["lat"], accident.fields["typed_text"]) == ("39.9899", "39.9899 46.8988")
        assert (accident.fields["category"], accident.fields["model"]) == ("ap_mine", "pmn-2")
        corrected = entry.correct(laptop, accident.name, {"killed": 2}, "the hospital called")
        assert (corrected.fields["killed"], corrected.fields["injured"]) == (2, 2)
        assert [step.why for step in records.history(laptop, accident.name)] == [None, "the hospital called"]


def test_a_victim_names_its_accident_by_number_and_takes_its_day(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        accident = an_accident(laptop)
        victim = entry.add(laptop, "victim", {"accident": accident.fields["local_id"], "victim_outcome": "injured"})
        assert (victim.fields["accident"], victim.fields["harmed_on"]) == (accident.name, "2024-07-30")
        by_day = lookup.rows(laptop, "victim", since="2024-07-30", until="2024-07-30")
        assert [row.name for row in by_day] == [victim.name]


@pytest.mark.parametrize(
    ("typed", "error"), [("NOT-0001-A", RecordMissing), ("find/t7/1", NotThisKind)], ids=["unknown", "another kind"]
)
def test_a_victims_accident_must_be_an_accident(tmp_path: Path, typed: str, error: type[OperatorError]) -> None:
    with alone(tmp_path / "laptop") as laptop:
        with pytest.raises(error):
            entry.add(laptop, "victim", {"accident": typed})
        assert not lookup.rows(laptop, "victim")


def test_a_quality_visit_names_its_plot_and_may_have_an_outline(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        plot = a_plot(laptop)
        visit = entry.add(
            laptop, "quality_visit",
            {"visited_on": "2024-08-01", "visit_kind": "qc_sample", "plot": plot.fields["local_id"], "lot": "L1",
             "lot_m2": "9595.7", "sampled_m2": "960", "severity": "none", "result": "accepted"}, points=RECTANGLE,
        )
        assert visit.fields["plot"] == plot.name
        file = tmp_path / "visits.geojson"
        assert flat_files.export(laptop, "quality_visit", "geojson", file) == 1
        (feature,) = json.loads(file.read_text("utf-8"))["features"]
        assert feature["geometry"]["type"] == "Polygon"
        assert feature["properties"]["result"] == "accepted"


def test_accidents_are_exported_with_their_names_and_place(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop:
        accident = an_accident(laptop)
        flat_files.export(laptop, "accident", "csv", tmp_path / "a.csv")
        flat_files.export(laptop, "accident", "geojson", tmp_path / "a.geojson")
    (line,) = csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"), newline=""))
    assert (line["record"], line["killed"], line["accident_type_name"]) == (accident.name, "1", "Mine accident")
    (feature,) = json.loads((tmp_path / "a.geojson").read_text("utf-8"))["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [46.8988, 39.9899]}


def test_a_programme_is_headquarters_alone(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as laptop, pytest.raises(WrongRole):
        entry.add(laptop, "programme", {"title": "Qarvand", "target_m2": 4_000_000})
    with hq(tmp_path / "hq") as office:
        programme = entry.add(office, "programme", {"title": "Qarvand", "target_m2": 4_000_000, "in_kind": ""})
        assert programme.fields["target_m2"] == "4000000"
        with pytest.raises(FieldsNotValid):
            entry.add(office, "programme", {"title": "Qarvand", "target_m2": "much"})


def test_what_headquarters_notes_of_an_accident_reaches_no_team_unless_it_belongs_to_one(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as made:
        made.exchange(made.laptops["one"])
        an_accident(made.hq)
        entry.add(made.hq, "victim", {"victim_outcome": "killed"})
        theirs = entry.add(made.hq, "quality_visit", {"visited_on": "2024-08-01", "severity": "major"}, owner="t7")
        made.answer(made.laptops["one"])
        laptop = made.laptops["one"]
        assert not lookup.rows(laptop, "accident")
        assert not lookup.rows(laptop, "victim")
        assert [row.name for row in lookup.rows(laptop, "quality_visit")] == [theirs.name]


def test_a_teams_accident_and_victim_reach_headquarters(tmp_path: Path) -> None:
    with deployment(tmp_path, "one") as made:
        accident = an_accident(made.laptops["one"])
        entry.add(made.laptops["one"], "victim", {"accident": accident.name, "victim_outcome": "killed"})
        made.carry(made.laptops["one"])
        assert [row.name for row in lookup.rows(made.hq, "accident")] == [accident.name]
        assert [row["accident"] for row in lookup.rows(made.hq, "victim")] == [accident.name]
