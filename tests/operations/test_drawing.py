"""Figures of an outline in drawing: what the form's checks say, the nearest hazard, and never more than is known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.geodesy.area import distance_m
from fieldapp.operations import (
    areas,
    checks,
    disposals,
    drawing,
    drawing_hazards,
    map_data,
    outlines,
    plots,
    records,
    tasks,
)
from fieldapp.operations.drawing import Figures
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record
from fieldapp.texts import Texts
from tests.builders import RECTANGLE, a_find, a_plot, hq

TEXTS = Texts("en")
LatLon = tuple[float, float]
A: tuple[LatLon, ...] = ((40.02, 46.98), (40.02, 46.981406), (40.02072, 46.981406), (40.02072, 46.98))
"""Story 7's rectangle A."""
B: tuple[LatLon, ...] = ((40.02, 46.981), (40.02, 46.982171), (40.02072, 46.982171), (40.02072, 46.981))
"""Rectangle B: 7,991.8 m2, of which 2,770.9 lie in A."""
BOW_TIE = (A[0], A[2], A[1], A[3])


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with hq(tmp_path / "hq") as made:
        yield made


def look(ws: Workspace, *rings: Sequence[LatLon], name: str | None = None) -> Figures:
    return drawing.look(ws, [list(rings)], name=name)[1]


def typed(points: Sequence[LatLon]) -> list[str]:
    return [f"{lat} {lon}" for lat, lon in points]


def an_area(ws: Workspace, points: Sequence[LatLon] = A, **fields: object) -> Record:
    values = {"classification": "cha", "status": "open", "informed_on": "2024-07-30", **fields}
    return areas.add(ws, values, outline=areas.one_ring(typed(points)) if points else [])


def moved(points: Sequence[LatLon], north_m: float = 0, east_m: float = 0) -> list[LatLon]:
    per_lon = 111_412 * math.cos(math.radians(points[0][0]))
    return [(round(lat + north_m / 111_035, 9), round(lon + east_m / per_lon, 9)) for lat, lon in points]


def test_area_and_length_are_those_of_the_record(ws: Workspace) -> None:
    found = look(ws, A)
    saved = a_plot(ws)
    assert found.area_m2 == Decimal(str(saved.fields["area_m2"])) == Decimal("9595.7")
    assert found.length_m == pytest.approx(float(str(saved.fields["perimeter_m"])), abs=0.06)
    assert found.points == 4


def test_a_hole_is_taken_out(ws: Workspace) -> None:
    hole = [(40.0202, 46.9804), (40.0202, 46.9808), (40.0204, 46.9808)]
    with_hole = look(ws, A, hole)
    assert with_hole.area_m2 is not None
    assert with_hole.area_m2 < Decimal(9300)
    assert with_hole.problems == ()


def test_overlaps_are_those_that_the_form_tells(ws: Workspace) -> None:
    a_plot(ws)
    found = look(ws, B)
    assert found.overlaps is not None
    [overlap] = found.overlaps
    form = checks.of_plot(ws, plots.land(typed(B))["outline"], {"release": "cleared"})
    told = {one.rule: one.facts for one in form}
    assert overlap.m2 == told["overlap"]["m2"] == pytest.approx(2770.9, abs=0.05)
    assert overlap.name == told["overlap"]["other"]
    assert found.net_m2 == told["net_area"]["net_m2"]
    neighbour = [A[1], (40.02, 46.99), (40.02072, 46.99), A[2]]
    assert look(ws, neighbour).overlaps == ()


def test_the_plot_that_is_changed_is_no_overlap_and_the_same_outline_is_told_as_such(ws: Workspace) -> None:
    plot = a_plot(ws)
    assert look(ws, B, name=plot.name).overlaps == ()
    same = look(ws, A)
    assert (same.overlaps, [one.record for one in same.same_as]) == ((), [plot.name])


def test_ground_that_releases_nothing_is_no_overlap(ws: Workspace) -> None:
    a_plot(ws, release="not_released")
    assert look(ws, B).overlaps == ()
    a_plot(ws)
    released = drawing.look(ws, [[B]], fields={"release": "not_released"})[1]
    assert released.overlaps == ()
    assert len(look(ws, B).overlaps or ()) == 1


def test_what_it_lies_in_is_told_wholly_or_in_part(ws: Workspace) -> None:
    task = tasks.create(ws, {"title": "A", "task_kind": "clearance", "depth_required": 20},
                        outline=tasks.outline_of(RECTANGLE))  # fmt: skip
    area = an_area(ws, moved(A, east_m=50))
    inner = [(40.0202, 46.9807), (40.0202, 46.9812), (40.0205, 46.9812)]
    told = {one.record: one for one in look(ws, inner).inside or ()}
    assert told[task.name].whole
    assert told[area.name].whole
    assert told[area.name].m2 == pytest.approx(float(look(ws, inner).area_m2 or 0), abs=0.1)
    partly = {one.record: one for one in look(ws, B).inside or ()}
    assert not partly[task.name].whole
    assert partly[task.name].m2 == pytest.approx(2770.9, abs=0.1)
    assert look(ws, moved(A, north_m=500)).inside == ()
    assert {one.record for one in look(ws, [A[0]]).inside or ()} == {task.name}


def test_the_nearest_hazard_is_measured_from_the_first_point_on(ws: Workspace) -> None:
    area = an_area(ws)
    for count in (1, 2, 4):
        found = look(ws, moved(A, north_m=180)[:count])
        nearest = found.nearest_hazard
        assert nearest is not None
        assert (nearest.record, nearest.sort) == (area.name, drawing_hazards.AREA)
        assert nearest.metres == pytest.approx(distance_m(40.02072, 46.98, *moved(A, north_m=180)[0]), abs=0.01)
        assert nearest.distance(TEXTS) == "100 m away"
    touching = look(ws, B).nearest_hazard
    assert touching is not None
    assert (touching.metres, touching.distance(TEXTS)) == (0.0, "touched by the outline")


def test_an_area_ends_being_a_hazard_by_headquarters_word_alone(ws: Workspace) -> None:
    area = an_area(ws)
    records.correct(ws, area.name, {"status": "closed"}, "all done")
    assert look(ws, B).hazards == ()
    [inside] = look(ws, B).inside or ()
    assert inside.ended


def test_of_a_captured_record_its_accuracy_counts(ws: Workspace) -> None:
    exact = an_area(ws, moved(A, north_m=200))
    vague = an_area(ws, moved(A, north_m=-230), classification="captured_record", outline_accuracy_m="150")
    first, second = look(ws, A).hazards or ()
    assert (first.record, second.record) == (vague.name, exact.name)
    assert first.sort == drawing_hazards.RECORD
    assert first.words(TEXTS).startswith("Captured record ")
    assert first.distance(TEXTS) == "150 m away, known to ±150 m"


def test_an_area_without_an_outline_is_near_by_its_point_and_one_without_a_place_is_counted(ws: Workspace) -> None:
    pointed = an_area(ws, (), lat="40.0210", lon="46.9805")
    an_area(ws, ())
    found = look(ws, A)
    assert found.nearest_hazard is not None
    assert found.nearest_hazard.record == pointed.name
    assert found.nearest_hazard.metres == pytest.approx(31.1, abs=0.1)
    assert found.unplaced_hazards == 1


def test_a_find_is_a_hazard_until_all_of_it_is_gone_and_a_remnant_is_none(ws: Workspace) -> None:
    find = a_find(ws, position="40.0203 46.9806", quantity=2)
    a_find(ws, position="40.0204 46.9806", category="non_explosive", model_text="tin")
    found = look(ws, A)
    assert (found.finds, found.open_finds) == (2, 2)
    assert found.nearest_hazard is not None
    assert (found.nearest_hazard.record, found.nearest_hazard.sort) == (find.name, drawing_hazards.FIND)
    assert found.nearest_hazard.words(TEXTS) == f"Find {find.fields['local_id']}, not removed"
    for quantity, still in ((1, True), (1, False)):
        disposals.add_disposal(ws, {"quantity": quantity, "outcome": "destroyed_in_place", "done_on": "2024-08-01"},
                               of=find.name)  # fmt: skip
        found = look(ws, A)
        assert bool(found.hazards) is still
    assert (found.finds, found.open_finds) == (2, 1)


def test_finds_that_came_after_the_maps_were_read_are_known(ws: Workspace) -> None:
    a_find(ws, position="40.05 46.98")
    held = [map_data.find_points(ws)]
    before, found = drawing.look(ws, [[A]], finds=held)
    assert found.finds == 0
    a_find(ws, position="40.0203 46.9806")
    after, found = drawing.look(ws, [[A]], before, finds=held)
    assert found.finds == 1
    again, _ = drawing.look(ws, [[A]], after, finds=held)
    assert again is after
    news = map_data.newer(ws, held[-1].mark).points
    again, found = drawing.look(ws, [[A]], after, finds=[*held, news])
    assert (again is after, found.finds) == (False, 1)


def test_beside_what_it_touches_the_nearest_beyond_is_told(ws: Workspace) -> None:
    for north_m in (0, 5, 10, 15, 400):
        last = an_area(ws, moved(A, north_m=north_m))
    a_find(ws, position="40.0203 46.9806")
    outside = a_find(ws, position="40.0215 46.9807")
    found = look(ws, A)
    assert found.nearest_hazard is not None
    assert found.nearest_hazard.metres == 0
    assert found.nearest_untouched is not None
    assert found.nearest_untouched.record == outside.name
    assert last.name in [one.record for one in found.hazards or () if one.metres > 0]


def test_an_accident_is_named_as_one(ws: Workspace) -> None:
    records.add(ws, "accident", {"lat": "40.021", "lon": "46.9805", "happened_on": "2021-05-01"})
    nearest = look(ws, A).nearest_hazard
    assert nearest is not None
    assert nearest.sort == drawing_hazards.ACCIDENT
    assert nearest.words(TEXTS).startswith("Accident ")


def test_where_nothing_is_near_it_says_how_far_it_looked(ws: Workspace) -> None:
    an_area(ws, moved(A, north_m=3000))
    found = look(ws, A)
    assert found.hazards == ()
    assert found.looked_m == pytest.approx(2000, rel=0.02)


def test_the_area_that_is_changed_is_not_its_own_hazard_nor_is_the_one_published_of_it(ws: Workspace) -> None:
    area = an_area(ws)
    published = an_area(ws, source=area.name)
    found = look(ws, B, name=area.name)
    assert (found.hazards, found.inside) == ((), ())
    assert look(ws, B, name=published.name).hazards == ()
    assert look(ws, B).hazards


def test_a_crossing_outline_has_no_figures_that_need_ground_and_says_where(ws: Workspace) -> None:
    a_plot(ws)
    hazard = an_area(ws, moved(A, north_m=20))
    found = look(ws, BOW_TIE)
    assert (found.area_m2, found.overlaps, found.net_m2, found.finds) == (None, None, None, None)
    [problem] = found.problems
    assert problem.rule == "self_crossing"
    assert problem.place == pytest.approx((40.02036, 46.980703), abs=1e-5)
    assert found.nearest_hazard is not None
    assert (found.nearest_hazard.record, found.nearest_hazard.metres) == (hazard.name, 0.0)


def test_the_problems_are_those_that_the_form_tells(ws: Workspace) -> None:
    for points in (A, BOW_TIE, A[:2], [*A, A[0]], [A[0], *A], [A[0], A[1], (41.5, 47.0)], [A[0]] * 4):
        form = checks.of_plot(ws, outlines.measure([[[outlines.TypedPoint(one) for one in typed(points)]]]).outline, {})
        soundness = [one for one in form if one.rule not in ("overlap", "net_area", "same_outline")]
        assert sorted(one.rule for one in look(ws, points).problems) == sorted(one.rule for one in soundness)


def test_surroundings_are_read_again_where_the_outline_leaves_them_or_records_changed(ws: Workspace) -> None:
    before, _ = drawing.look(ws, [[A]])
    again, _ = drawing.look(ws, [[B]], before)
    assert again is before
    far, _ = drawing.look(ws, [[[*A, moved(A, north_m=1500)[0]]]], before)
    assert far is not before
    an_area(ws)
    newer, found = drawing.look(ws, [[A]], before)
    assert newer is not before
    assert found.hazards


@pytest.mark.parametrize("drawn", [[], [[]], [[[]]], [[[], [A[0]]]]])
def test_of_nothing_nothing_is_said(ws: Workspace, drawn: list[list[list[LatLon]]]) -> None:
    assert drawing.look(ws, drawn) == (None, Figures())


@pytest.mark.parametrize(
    "points",
    [
        [(10.0, 179.9), (10.0, -179.9), (10.1, -179.9), (10.1, 179.9)],
        [(89.9, 0.0), (89.9, 120.0), (89.9, -120.0)],
        [(-89.9, 10.0), (-89.9, 11.0), (-89.8, 10.0)],
        [(90.0, 0.0), (89.0, 10.0), (89.0, 20.0)],
        [(40.0, 46.0), (40.0, 46.51), (40.1, 46.51)],
    ],
)
def test_across_180_degrees_at_a_pole_and_over_50_km_it_is_measured_and_not_compared(
    ws: Workspace, points: list[LatLon]
) -> None:
    a_plot(ws, ("10.05 0", "10.05 1", "10.06 1"))
    found = look(ws, points)
    assert not found.compared
    assert (found.overlaps, found.inside, found.hazards) == (None, None, None)
    assert found.area_m2 is not None
    assert 1e6 < found.area_m2 < Decimal("3e10")
    assert "self_crossing" not in [one.rule for one in found.problems]


def test_positions_that_are_none_are_refused(ws: Workspace) -> None:
    for point in ((91.0, 0.0), (math.nan, 0.0), (0.0, math.inf)):
        with pytest.raises(ValueError, match="no position"):
            look(ws, [*A, point])


def test_a_hundred_thousand_vertices_are_measured(ws: Workspace) -> None:
    a_plot(ws)
    an_area(ws, moved(A, north_m=400))
    turns = [step * 2 * math.pi / 100_000 for step in range(100_000)]
    circle = [(40.02036 + 0.002 * math.sin(turn), 46.9807 + 0.002 * math.cos(turn)) for turn in turns]
    found = look(ws, circle)
    assert found.overlaps is not None
    assert found.overlaps[0].m2 == pytest.approx(9595.7, abs=0.1)
    assert found.hazards
    assert (len(found.problems), found.problem_count) == (20, 99_999), "each of its legs is short"
    tangle = look(ws, circle[::9] + circle[1::11])
    assert (tangle.area_m2, tangle.problems[0].rule) == (None, "self_crossing")


degrees = st.integers(-1000, 1000).map(lambda steps: steps * 1e-6)
offsets = st.tuples(degrees, degrees)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.lists(offsets, min_size=1, max_size=7))
def test_any_outline_has_figures_and_the_form_agrees(ws: Workspace, points: list[LatLon]) -> None:
    if not records_here(ws):
        a_plot(ws)
        an_area(ws, moved(A, north_m=300))
        a_find(ws, position="40.0203 46.9806")
    drawn = [(round(40.02036 + lat, 9), round(46.9807 + lon, 9)) for lat, lon in points]
    found = look(ws, drawn)
    outline = outlines.measure([[[outlines.TypedPoint(one) for one in typed(drawn)]]]).outline
    told = {one.rule: one.facts for one in checks.of_plot(ws, outline, {"release": "cleared"})}
    assert [one.m2 for one in found.overlaps or ()] == ([told["overlap"]["m2"]] if "overlap" in told else [])
    assert (found.area_m2 is None) == bool({"too_few_points", "zero_area", "self_crossing"} & set(told))
    assert found.hazards
    ways = [distance_m(lat, lon, hazard.lat, hazard.lon) for hazard in found.hazards for lat, lon in drawn]
    assert min(one.metres for one in found.hazards) <= min(ways) + 0.01


def records_here(ws: Workspace) -> bool:
    return bool(look(ws, A).hazards)
