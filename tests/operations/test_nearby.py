"""What lies around a place: disputed outlines by every reading, ground that crosses itself, accidents."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.operations import areas, map_card, nearby, records
from tests.builders import a_find, a_plot, alone


def test_ground_that_crosses_itself_is_near_with_all_its_loops(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        a_plot(ws, ("40.0 47.0", "40.001 47.001", "40.001 47.0", "40.0 47.001"))
        (one,) = nearby.within(ws, 40.0002, 47.0005, 50)
        assert one.kind == "plot"
        assert nearby.within(ws, 40.0, 47.01, 50) == []


def test_an_area_without_an_outline_is_near_by_its_line_or_its_place(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        common = {"classification": "cha", "status": "open", "informed_on": "2024-07-30"}
        pointed = areas.add(ws, {**common, "lat": "40.0002", "lon": "47.0"}, outline=[])
        line = [[{"lat": "39.9", "lon": "47.0003", "role": "TP1"}, {"lat": "40.1", "lon": "47.0003", "role": "TP2"}]]
        lined = records.add(ws, "hazardous_area", {**common, "line": line})
        areas.add(ws, {**common, "lat": "40.1", "lon": "47.0"}, outline=[])
        found = {one.record: one.metres for one in nearby.within(ws, 40.0, 47.0, 50)}
        assert found == {
            pointed.name: pytest.approx(22.2, abs=0.1), lined.name: pytest.approx(25.6, abs=0.1),
        }


def test_what_was_retracted_is_not_near(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        find = a_find(ws, position="40.0001 47.0")
        assert [one.record for one in nearby.within(ws, 40.0, 47.0)] == [find.name]
        records.retract(ws, find.name, "logged twice")
        assert nearby.within(ws, 40.0, 47.0) == []


def test_an_accident_is_near_by_its_position(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        made = records.add(ws, "accident", {"lat": "40.0002", "lon": "47.0", "happened_on": "2024-07-01"})
        (one,) = nearby.within(ws, 40.0, 47.0)
        assert one.record == made.name
        assert one.metres == pytest.approx(22.2, abs=0.1)
        assert nearby.as_json(one)["kind"] == "accident"


def test_the_card_of_a_record_has_its_checks_and_history(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        plot = a_plot(ws)
        find = a_find(ws, depth_cm=10)
        carded = map_card.card(ws, find.name)
        assert len(carded.opened.history) == 1
        assert map_card.card(ws, plot.name).opened.record.name == plot.name
        twin = a_find(ws, depth_cm=10)
        assert any(find.name in one.records for one in map_card.card(ws, twin.name).findings)


def test_what_lies_across_the_antimeridian_is_near(tmp_path: Path) -> None:
    with alone(tmp_path / "laptop") as ws:
        values = {"category": "ap_mine", "quantity": 1, "found_on": "2024-07-01", "lat": "10.0"}
        names = {records.add(ws, "find", {**values, "lon": lon}).name for lon in ("179.9999", "-179.9999")}
        plot = a_plot(ws, ("10.0001 -179.9999", "10.0001 -179.9997", "10.0002 -179.9997", "10.0002 -179.9999"))
        for lon in (179.9999, 180.0, -180.0, -179.9999):
            found = nearby.within(ws, 10.0, lon)
            assert {one.record for one in found} == {*names, plot.name}
            assert all(abs(one.lon) > 179 for one in found)
            assert [one.metres for one in found] == sorted(one.metres for one in found)
