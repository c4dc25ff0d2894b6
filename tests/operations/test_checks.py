"""Checks of a draft: each rule with a case that fires and one that must not; a record is never changed by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.checks import Finding
from fieldapp.operations import checks, plots, records, tasks
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.merged import state_hash
from fieldapp.storage.records import Record
from fieldapp.texts import Texts
from tests.builders import RECTANGLE, a_find, a_plot, hq

B = ("40.02 46.981", "40.02 46.982171", "40.02072 46.982171", "40.02072 46.981")
"""Story 7's rectangle B: 7,991.8 m2, of which 2,770.9 lie in A."""
BESIDE = ("40.02 46.981406", "40.02 46.982", "40.02072 46.982", "40.02072 46.981406")
"""Shares an edge with A."""
PMN = {"category": "ap_mine", "model": "pmn-2", "quantity": 1, "unit": "piece", "found_on": "2024-08-01"}


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with hq(tmp_path / "hq") as made:
        yield made


def at(lat: float, lon: float, **fields: object) -> dict[str, object]:
    return {**PMN, "lat": str(lat), "lon": str(lon), **fields}


def outline(points: Sequence[str]) -> Any:
    return plots.land(points)["outline"]


def rules_of(found: Sequence[Finding]) -> list[str]:
    return [one.rule for one in found]


def find(ws: Workspace, fields: Mapping[str, object]) -> list[str]:
    return rules_of(checks.of_find(ws, fields))


def plot(ws: Workspace, points: Sequence[str], **fields: object) -> list[str]:
    return rules_of(checks.of_plot(ws, outline(points), {"release": "cleared", "depth_cm": 20, **fields}))


def a_task(ws: Workspace, **fields: object) -> Record:
    values = {"title": "A", "task_kind": "clearance", "depth_required": 20, **fields}
    return tasks.create(ws, values, outline=tasks.outline_of(RECTANGLE))


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [(40.0203, 46.9806, []), (55.0, 37.0, ["outside_work_area"]), (46.9806, 40.0203, ["swapped_axes"])],
)
def test_a_place_is_looked_for_in_the_work_area(ws: Workspace, lat: float, lon: float, expected: list[str]) -> None:
    assert find(ws, at(lat, lon)) == expected


@pytest.mark.parametrize(
    ("lat", "accuracy", "expected"),
    [(40.0203, None, []), (40.0209, None, ["outside_task"]), (40.02073, "2.5", []),
     (40.02075, "2.5", ["outside_task"])],
)
def test_a_find_outside_its_task_is_told_with_the_metres(
    ws: Workspace, lat: float, accuracy: str | None, expected: list[str]
) -> None:
    task = a_task(ws)
    for named in (task.name, str(task.fields["local_id"])):
        found = checks.of_find(ws, at(lat, 46.9806, task=named, accuracy_m=accuracy))
        assert rules_of(found) == expected
    if lat == 40.0209:
        assert abs(found[0].facts["metres"] - 19.99) < 0.05


def test_a_task_without_an_area_has_no_outside(ws: Workspace) -> None:
    task = tasks.create(ws, {"title": "A", "task_kind": "clearance", "depth_required": 20})
    assert find(ws, at(41, 48, task=task.name)) == []


def test_the_same_model_within_three_metres_is_told_and_another_model_or_place_is_not(ws: Workspace) -> None:
    here = a_find(ws, position="40.0203 46.9806")
    model = {name: here.fields[name] for name in ("category", "model")}
    near = {**at(40.02032, 46.9806), **model, "quantity": here.fields["quantity"], "found_on": "2020-01-01"}
    (found,) = checks.of_find(ws, near)
    assert (found.rule, found.records) == ("near_duplicate", (here.name,))
    assert abs(found.facts["metres"] - 2.22) < 0.01
    assert find(ws, {**near, "lat": "40.02033"}) == []
    assert find(ws, {**near, "model": "tm-62m", "category": "at_mine"}) == []
    assert rules_of(checks.of_find(ws, near, here.name)) == [], "a record is no duplicate of itself"


def test_an_alias_is_the_same_model(ws: Workspace) -> None:
    a_find(ws, model_text="ПМН-2", position="40.0203 46.9806")
    assert find(ws, at(40.02031, 46.9806)) == ["near_duplicate"]


def test_the_same_row_twice_is_told_and_another_day_or_quantity_is_not(ws: Workspace) -> None:
    here = a_find(ws, position="40.0203 46.9806")
    same = {name: here.fields[name] for name in ("category", "model", "quantity", "unit", "found_on", "lat", "lon")}
    assert find(ws, same) == ["same_row"]
    assert find(ws, same | {"quantity": "7"}) == ["near_duplicate"]
    assert find(ws, same | {"found_on": "1999-01-01"}) == ["near_duplicate"]


@pytest.mark.parametrize(
    ("fields", "depth", "expected"),
    [({}, "5", ["in_released_ground"]), ({}, "", ["in_released_ground"]), ({}, "25", ["below_released_depth"]),
     ({"method": "mechanical"}, "5", []), ({"release": "not_released"}, "5", [])],
)
def test_a_find_in_a_plot_is_told_by_depth_where_the_plot_releases_ground(
    ws: Workspace, fields: dict[str, object], depth: str, expected: list[str]
) -> None:
    here = a_plot(ws, RECTANGLE, **fields)
    found = checks.of_find(ws, at(40.0203, 46.9806, depth_cm=depth))
    assert rules_of(found) == expected
    assert all(one.records == (here.name,) for one in found)
    assert find(ws, at(40.0208, 46.9806, depth_cm=depth)) == []


def test_a_correction_that_moves_a_find_into_released_ground_is_told_and_one_inside_it_is_not(ws: Workspace) -> None:
    inside, outside = a_find(ws, position="40.0203 46.9806"), a_find(ws, position="40.0303 46.9806")
    plot = a_plot(ws, RECTANGLE)
    (moved,) = checks.of_find(ws, at(40.0204, 46.9807, depth_cm="5"), outside.name)
    assert (moved.rule, moved.records) == ("in_released_ground", (outside.name, plot.name))
    assert checks.of_find(ws, at(40.0204, 46.9807, depth_cm="5"), inside.name) == []
    assert checks.of_find(ws, at(40.0304, 46.9807, depth_cm="5"), outside.name) == []


def test_a_find_outside_every_recorded_area_is_a_note_only_where_there_are_any(ws: Workspace) -> None:
    assert find(ws, at(40.0203, 46.9806)) == []
    area = records.add(ws, "hazardous_area", {"outline": outline(RECTANGLE), "classification": "cha", "status": "open"})
    assert find(ws, at(40.0203, 46.9806)) == []
    found = checks.of_find(ws, at(40.0208, 46.9806))
    assert [(one.rule, one.severity) for one in found] == [("outside_recorded_areas", "note")]
    records.retract(ws, area.name, "entered twice")
    assert find(ws, at(40.0208, 46.9806)) == []


def test_story_7_the_overlap_is_told_in_square_metres_with_gross_and_net_and_nothing_is_cropped(ws: Workspace) -> None:
    a = a_plot(ws)
    found = checks.of_plot(ws, outline(B), {"release": "cleared", "depth_cm": 20})
    assert rules_of(found) == ["overlap", "net_area"]
    overlap, net = found
    assert overlap.records == (a.name,)
    assert abs(overlap.facts["m2"] - 2770.9) < 0.5
    assert abs(net.facts["gross_m2"] - 7991.8) < 0.5
    assert abs(net.facts["net_m2"] - (7991.8 - 2770.9)) < 0.5
    assert overlap.sentence(Texts("en")).startswith("2,770.9 m² lie in plot ")


def test_neighbours_machine_ground_and_unreleased_plots_are_no_overlap(ws: Workspace) -> None:
    a_plot(ws)
    assert plot(ws, BESIDE) == []
    assert plot(ws, B, method="mechanical") == []
    assert plot(ws, B, release="not_released") == []


def test_an_earlier_plot_is_not_overlapped_by_its_own_correction(ws: Workspace) -> None:
    a = a_plot(ws)
    assert checks.of_plot(ws, outline(RECTANGLE), {"release": "cleared", "depth_cm": 20}, a.name) == []


def test_the_same_outline_is_told_wherever_it_starts_and_however_it_is_wound(ws: Workspace) -> None:
    a_plot(ws)
    turned = (*RECTANGLE[2:], *RECTANGLE[:2])
    for points in (RECTANGLE, turned, tuple(reversed(turned))):
        assert plot(ws, points) == ["same_outline"]
    assert "same_outline" not in plot(ws, (*RECTANGLE[:3], "40.02072 46.98001"))


POINTS: dict[str, tuple[list[str], list[str]]] = {
    "sound": (["40 47", "40 47.001", "40.001 47.001"], []),
    "too few": (["40 47", "40 47.001"], ["too_few_points"]),
    "all one place": (["40 47", "40 47", "40 47"], ["too_few_points"]),
    "on one line": (["40 47", "40 47.001", "40 47.002"], ["zero_area"]),
    "a bow-tie": (["40 47", "40.001 47.001", "40 47.001", "40.001 47"], ["self_crossing"]),
    "closed": (["40 47", "40 47.001", "40.001 47.001", "40 47"], ["closing_point_repeated"]),
    "first two again": (
        ["40 47", "40 47.001", "40.001 47.001", "40 47", "40 47.001"], ["self_crossing", "first_two_repeated"]
    ),
    "a point twice": (["40 47", "40 47.001", "40.0000005 47.001", "40.001 47.001"], ["repeated_point"]),
    "a long leg": (["40 47", "40 47.06", "40.001 47.06"], ["long_leg", "long_leg"]),
    "a short leg": (["40 47", "40 47.001", "40.000008 47.001", "40.001 47.001"], ["short_leg"]),
    "elsewhere": (["30 47", "30 47.001", "30.001 47.001"], ["outside_work_area"]),
    "swapped": (["47 40", "47 40.001", "47.001 40.001"], ["swapped_axes"]),
}


@pytest.mark.parametrize("case", list(POINTS))
def test_points_are_judged_as_the_record_has_them(ws: Workspace, case: str) -> None:
    points, expected = POINTS[case]
    raw = [[[dict(zip(("lat", "lon"), point.split(), strict=True)) for point in points]]]
    for said in (checks.of_plot(ws, raw, {}), checks.of_area(ws, raw, {})):
        assert rules_of(said) == expected


def test_parts_and_holes_that_overlap_are_told_and_a_proper_hole_is_not(ws: Workspace) -> None:
    def ring(south: float, west: float, size: float) -> list[dict[str, str]]:
        corners = ((0, 0), (0, size), (size, size), (size, 0))
        return [{"lat": f"{south + a:.4f}", "lon": f"{west + o:.4f}"} for a, o in corners]

    shell = ring(40, 47, 0.01)
    assert checks.of_area(ws, [[shell, ring(40.002, 47.002, 0.002)]], {}) == []
    assert checks.of_area(ws, [[shell], [ring(40.02, 47, 0.002)]], {}) == []
    assert rules_of(checks.of_area(ws, [[shell], [ring(40.005, 47.005, 0.01)]], {})) == ["parts_overlap"]
    assert rules_of(checks.of_area(ws, [[shell, ring(40.009, 47.002, 0.004)]], {})) == ["parts_overlap"]


@pytest.mark.parametrize("value", ["no list", [[[{"lat": "x", "lon": "47"}]]], [[[]]], [["40"]], {"type": "Polygon"}])
def test_what_is_no_outline_is_said_to_be_none(ws: Workspace, value: Any) -> None:
    assert rules_of(checks.of_area(ws, value, {})) == ["unreadable_outline"]


def test_depth_and_ground_are_held_against_the_task(ws: Workspace) -> None:
    task = a_task(ws, depth_required=30)
    assert plot(ws, RECTANGLE, task=task.name) == ["depth_below_task"]
    assert plot(ws, RECTANGLE, task=task.name, depth_cm=30) == []
    assert plot(ws, B, task=task.name, depth_cm=30) == ["plot_outside_task"]
    assert plot(ws, RECTANGLE, depth_cm=0) == ["no_depth"]


@pytest.mark.parametrize(
    ("metres", "length", "expected"),
    [("0.18", "148", []), ("0", "391", []), ("1.326", "391", ["misclosure"]), ("0.9", "100", ["misclosure"]),
     ("5.2", "9000", ["wide_misclosure"])],
)
def test_legs_that_do_not_close_are_told(ws: Workspace, metres: str, length: str, expected: list[str]) -> None:
    assert plot(ws, RECTANGLE, legs=[{"misclosure_m": metres, "length_m": length}]) == expected
    assert plot(ws, RECTANGLE, legs=[{"length_m": length}]) == []


def test_declared_square_metres_and_rates_far_off_are_told(ws: Workspace) -> None:
    work = {"method": "manual", "started_on": "2024-08-01", "completed_on": "2024-08-10"}
    assert plot(ws, RECTANGLE, declared_m2="9600", staff=8, **work) == []
    assert plot(ws, RECTANGLE, declared_m2="0.96") == ["declared_differs"]
    assert plot(ws, RECTANGLE, staff=1, **work) == ["fast_work"]


def test_a_number_of_blanks_is_told(ws: Workspace) -> None:
    assert find(ws, at(40.0203, 46.9806, local_id="   ")) == ["blank_number"]


def test_what_was_looked_at_is_said_and_what_waits_too(ws: Workspace) -> None:
    a_plot(ws)
    said = [(one.state, one.subject) for one in checks.look_at_find(ws, at(40.0208, 46.9806)).passed]
    assert said == [("ok", "in_work_area"), ("ok", "no_near_duplicate"), ("ok", "off_released_ground")]
    assert [one.state for one in checks.look_at_find(ws, PMN).passed] == ["waiting"]
    assert [one.state for one in checks.look_at_plot(ws, None, {}).passed] == ["waiting"]
    for language in ("en", "az", "ru"):
        for one in checks.look_at_find(ws, at(40.0208, 46.9806)).passed:
            assert one.sentence(Texts(language)).endswith(".")


def test_checking_changes_nothing(ws: Workspace) -> None:
    a_find(ws, position="40.0203 46.9806")
    a_plot(ws)
    before, changes = state_hash(ws.store), ws.store.changes
    find(ws, at(40.0203, 46.9806))
    plot(ws, B)
    assert (state_hash(ws.store), ws.store.changes) == (before, changes)
