"""What finds say of captured records: shares of searched ground, inside and outside, and what nobody searched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.traverse import forward
from fieldapp.operations import areas, entry, finds, paper, record_accuracy, records
from fieldapp.operations.paper_errors import NotACapturedRecord
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record
from tests.builders import RECTANGLE, hq
from tests.operations.test_paper import RECORD

FAR_M = (30, 45, 60, 120, 200)
"""Metres that five finds lie north of the record's far corners, beyond its tolerance."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    with hq(tmp_path / "hq") as made:
        yield made


def found_at(ws: Workspace, at: Position, **fields: object) -> Record:
    return finds.add_find(ws, fields, model_text="pmn2", position=f"{at.lat:.8f} {at.lon:.8f}")


def searched_record(ws: Workspace) -> Record:
    saved = areas.add(ws, {"tolerance_m": "20"}, record=RECORD, expected=("PMN-2 = 120",))
    m2 = f"{float(saved.fields['area_m2']) * 0.4:.1f}"
    return records.correct(ws, saved.name, {"searched_m2": m2, "record_verdict": "partly"}, "searched in part")


def eight_finds(ws: Workspace) -> None:
    """Three within the tolerance - one inside, two beside the edge - and five farther north."""
    worked = paper.work_out(RECORD)
    first, second, third, _ = worked.corners
    middle = Position((first.lat + third.lat) / 2, (first.lon + third.lon) / 2)
    for at in (middle, forward(first, 345, 10), forward(second, 15, 19)):
        found_at(ws, at)
    for metres in FAR_M:
        found_at(ws, forward(first, 15, metres))


def test_searched_40_per_cent_3_inside_5_outside(office: Workspace) -> None:
    saved = searched_record(office)
    eight_finds(office)
    found = record_accuracy.of_record(office, saved.name)
    assert found.searched_percent == pytest.approx(40, abs=0.01)
    assert (found.inside, found.outside, found.verdict) == (3, 5, "partly")
    assert (found.tolerance_m, found.tolerance_from) == (20, "record")
    assert 195 < found.farthest_m < 205
    (model,) = found.by_model
    assert model[0] == "PMN-2"
    assert model[1:] == (120, 3)


def test_not_searched_is_not_wrong(office: Workspace) -> None:
    searched_record(office)
    for _ in range(3):
        areas.add(office, {}, record=RECORD)
    found = record_accuracy.of_all(office)
    assert (len(found.records), found.searched, found.judged) == (4, 1, 1)
    assert found.confirmed_percent == 100
    assert found.unsearched_percent == 75
    assert found.verdicts == {"partly": 1, "not_searched": 3}
    assert "wrong" not in found.verdicts


def test_ground_searched_in_part_without_a_verdict_counts_as_neither(office: Workspace) -> None:
    areas.add(office, {"searched_m2": "100"}, record=RECORD)
    found = record_accuracy.of_all(office)
    assert (found.searched, found.judged, found.confirmed_percent) == (1, 0, None)


def test_finds_and_accidents_outside_any_recorded_area_are_two_figures(office: Workspace) -> None:
    areas.add(office, {"classification": "sha"}, outline=areas.one_ring(RECTANGLE))
    for at in (Position(40.0203, 46.9803), Position(40.03, 46.98), Position(40.031, 46.98)):
        found_at(office, at)
    finds.add_find(office, {}, model_text="pmn2")
    entry.add(office, "accident", {"happened_on": "2024-07-30"}, position="40.05 46.98")
    found = record_accuracy.of_all(office)
    assert (found.finds, found.finds_outside) == (3, 2)
    assert (found.accidents, found.accidents_outside) == (1, 1)


def test_a_published_record_counts_once(office: Workspace) -> None:
    source = areas.add(office, {}, record=RECORD)
    copy = areas.add(office, {"source": source.name}, record=RECORD)
    assert [one.record for one in record_accuracy.of_all(office).records] == [copy.name]


def test_a_record_without_an_outline_is_listed_and_nothing_is_held_against_it(office: Workspace) -> None:
    saved = areas.add(office, {"classification": "captured_record", "record_number": "7"})
    eight_finds(office)
    found = record_accuracy.of_record(office, saved.name)
    assert (found.measurable, found.inside, found.outside, found.searched_percent) == (False, 0, 0, None)


def test_finds_of_its_task_count_however_far_they_lie(office: Workspace) -> None:
    saved = areas.add(office, {"task": "T-118"}, record=RECORD)
    for task in ("T-118", "T-119"):
        found_at(office, Position(40.2, 46.9), task=task)
    assert record_accuracy.of_record(office, saved.name).outside == 1


def test_only_captured_records_have_an_accuracy(office: Workspace) -> None:
    with pytest.raises(NotACapturedRecord):
        record_accuracy.of_record(office, areas.add(office, {"classification": "sha"}).name)
