"""Hazardous areas: entered by outline or as a captured record, corrected, published, read from a file."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.domain.validation import missing_for_sign_off
from fieldapp.operations import area_import, areas, lookup, paper, records
from fieldapp.operations.errors import NotThisTeams, WrongRole
from fieldapp.operations.paper_errors import PublishedAlready
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record
from tests.builders import RECTANGLE, Deployment, alone, deployment
from tests.operations.test_paper import RECORD


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with alone(tmp_path / "one") as made:
        yield made


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Deployment]:
    with deployment(tmp_path, "north") as made:
        made.join("south", "t8")
        for laptop in made.laptops.values():
            made.exchange(laptop)
        yield made


def a_record(ws: Workspace, **fields: object) -> Record:
    return areas.add(ws, {"title": "Formulyar 12", **fields}, record=RECORD, expected=("PMN-2 = 120", "ТМ-62М = 40"))


def test_an_outline_is_stored_with_its_area_and_the_area_is_open_until_said_otherwise(ws: Workspace) -> None:
    area = areas.add(ws, {"classification": "sha"}, outline=areas.one_ring(RECTANGLE), position="40.019 46.979")
    assert (area.fields["area_m2"], area.fields["status"]) == ("9595.7", "open")
    assert [vertex["text"] for vertex in area.fields["outline"][0][0]] == list(RECTANGLE)
    assert area.fields["lat"] == "40.019"


def test_a_captured_record_keeps_what_is_written_and_what_follows_from_it(ws: Workspace) -> None:
    fields = a_record(ws).fields
    assert (fields["classification"], fields["evidence"]) == ("captured_record", "indirect")
    assert fields["record_verdict"] == "not_searched"
    assert float(fields["area_m2"]) == pytest.approx(19187, abs=5)
    assert paper.from_stored(fields["legs"]) == RECORD
    assert (fields["typed_text"], fields["typed_crs"]) == ("X 4 430 226 Y 8 662 280", "EPSG:28408")
    assert fields["datum_operation"] == "EPSG:15865"
    assert 4.5 < float(fields["outline_accuracy_m"]) < 15
    corner = fields["outline"][0][0][0]
    assert (corner["role"], corner["operation"]) == ("SP", "EPSG:15865")
    assert {(one["what"], one["value"]) for one in fields["readings"]} >= {("mils", "mil6400"), ("datum", "none")}


def test_its_mines_are_kept_as_written_and_as_models_of_the_list(ws: Workspace) -> None:
    fields = a_record(ws).fields
    assert [one["quantity"] for one in fields["expected"]] == [120, 40]
    assert [one.get("model") for one in fields["expected"]] == ["pmn-2", "tm-62m"]
    assert fields["expected_total"] == 160
    assert areas.expected_lines(fields["expected"]) == ["PMN-2 = 120", "ТМ-62М = 40"]
    assert areas.expected_of(["some mines", ""], ws.lists) == [{"text": "some mines", "quantity": 0}]


def test_another_reading_is_chosen_by_a_correction_and_the_old_one_stays_in_the_history(ws: Workspace) -> None:
    saved = a_record(ws)
    other = dataclasses.replace(RECORD, unit="mil6400")
    after = areas.correct(ws, saved.name, {}, "NATO instrument", record=other)
    assert after.fields["legs"]["unit"] == "mil6400"
    assert after.fields["outline"] != saved.fields["outline"]
    assert [set(step.changes) for step in records.history(ws, saved.name)][1:] == [{"land"}]


def test_an_outline_typed_over_a_record_does_not_claim_to_follow_from_it(ws: Workspace) -> None:
    saved = a_record(ws)
    after = areas.correct(ws, saved.name, {}, "surveyed", outline=areas.one_ring(RECTANGLE)).fields
    assert after["area_m2"] == "9595.7"
    assert (after["legs"], after["readings"], after["outline_accuracy_m"]) == (None, None, None)
    assert after["classification"] == "captured_record"


def test_what_the_minimum_data_ask_for_is_needed_to_sign_off_and_never_to_save(ws: Workspace) -> None:
    area = areas.add(ws, {})
    needed = {one.name for one in missing_for_sign_off(areas.KIND, area.values)}
    assert {"classification", "outline", "lat", "evidence", "device_category", "direct_women"} <= needed
    assert "status" not in needed


def test_a_self_crossing_outline_is_saved_without_an_area(ws: Workspace) -> None:
    crossing = (RECTANGLE[0], RECTANGLE[2], RECTANGLE[1], RECTANGLE[3])
    assert areas.add(ws, {}, outline=areas.one_ring(crossing)).fields["area_m2"] is None


def test_what_headquarters_publishes_reaches_every_team_and_names_its_source(there: Deployment) -> None:
    north, south = there.laptops["north"], there.laptops["south"]
    saved = a_record(north)
    there.exchange(north)
    there.answer(south)
    assert lookup.rows(south, "hazardous_area") == []
    published = areas.publish(there.hq, saved.name)
    there.answer(south)
    (row,) = lookup.rows(south, "hazardous_area")
    assert (row["owner"], row["source"], row["area_m2"]) == ("hq", saved.name, float(saved.fields["area_m2"]))
    assert published.fields["local_id"] != saved.fields["local_id"]
    with pytest.raises(NotThisTeams):
        records.correct(south, row.name, {"status": "closed"}, "not ours")


def test_published_again_it_follows_its_source_and_keeps_what_headquarters_added(there: Deployment) -> None:
    north = there.laptops["north"]
    saved = a_record(north)
    there.carry(north)
    published = areas.publish(there.hq, saved.name)
    with pytest.raises(PublishedAlready):
        areas.publish(there.hq, saved.name)
    records.correct(there.hq, published.name, {"priority": "high"}, "school road")
    areas.correct(there.hq, saved.name, {"status": "worked_on"}, "begun")
    again = areas.publish(there.hq, saved.name)
    assert (again.name, again.fields["status"], again.fields["priority"]) == (published.name, "worked_on", "high")
    records.retract(there.hq, saved.name, "entered twice")
    assert areas.publish(there.hq, saved.name).retracted


def test_only_headquarters_publishes_and_not_its_own(there: Deployment) -> None:
    with pytest.raises(WrongRole):
        areas.publish(there.laptops["north"], a_record(there.laptops["north"]).name)
    with pytest.raises(PublishedAlready):
        areas.publish(there.hq, a_record(there.hq).name)


def test_areas_come_out_of_a_file_all_or_none_and_unsound_ones_are_named(ws: Workspace, tmp_path: Path) -> None:
    ring = [[float(lon), float(lat)] for lat, lon in (point.split() for point in RECTANGLE)]
    def feature(title: str, points: list[list[float]], **more: str) -> dict[str, object]:
        return {"type": "Feature", "properties": {"title": title, **more},
                "geometry": {"type": "Polygon", "coordinates": [[*points, points[0]]]}}  # fmt: skip
    features = [feature("North", ring, status="worked_on"), feature("Bow", [ring[0], ring[2], ring[1], ring[3]])]
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = area_import.preview(file)
    assert [one.sound for one in found] == [True, False]
    (made,) = area_import.make(ws, found, {"classification": "cha"})
    assert (made.fields["title"], made.fields["classification"], made.fields["status"]) == ("North", "cha", "worked_on")
    assert made.fields["area_m2"] == "9595.7"




def test_a_line_is_kept_as_a_line_and_has_no_area(ws: Workspace) -> None:
    saved = areas.add(ws, {"classification": "contact_line"}, line=areas.one_ring(RECTANGLE))
    assert (saved.fields["outline"], saved.fields["area_m2"]) == (None, None)
    assert [vertex["text"] for vertex in saved.fields["line"][0]] == list(RECTANGLE)
    after = areas.correct(ws, saved.name, {}, "surveyed", outline=areas.one_ring(RECTANGLE)).fields
    assert (after["line"], after["area_m2"]) == (None, "9595.7")


def test_ground_is_looked_at_before_it_is_saved_and_never_refused(ws: Workspace) -> None:
    crossing = areas.one_ring((RECTANGLE[0], RECTANGLE[2], RECTANGLE[1], RECTANGLE[3]))
    assert [one.severity for one in areas.look(ws, outline=crossing)][:1] != []
    assert areas.look(ws, record=RECORD) == []
    areas.add(ws, {}, record=RECORD)
    assert [one.rule for one in areas.look(ws, record=RECORD)] == ["same_outline"], "entered twice?"
