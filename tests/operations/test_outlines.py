"""Outlines of points with roles, in several parts, with holes."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.vocabulary import vocabulary
from fieldapp.exchange import flat
from fieldapp.geodesy.area import distance_m
from fieldapp.operations import leg_records, lookup, outlines, plots, records
from fieldapp.operations.legs import Leg, LegSet, walk
from fieldapp.operations.outlines import BESIDE, TypedPoint, from_stored, measure, role_name, with_roles
from fieldapp.operations.paper_wording import shape_words
from fieldapp.texts import Texts
from tests.builders import alone

A = ("40.02 46.98", "40.02 46.981406", "40.02072 46.981406", "40.02072 46.98")
HOLE = ("40.0202 46.9802", "40.0202 46.9808", "40.0205 46.9808", "40.0205 46.9802")
FAR = ("40.03 46.98", "40.03 46.981406", "40.03072 46.981406", "40.03072 46.98")


def ring(texts: tuple[str, ...], *roles: str) -> list[TypedPoint]:
    return [TypedPoint(text, roles[at] if at < len(roles) else "") for at, text in enumerate(texts)]


def test_an_outline_of_one_ring_is_measured_on_the_ellipsoid_and_in_the_grid() -> None:
    found = measure([[ring(A)]])
    assert (found.area_m2, found.grid_crs) == (Decimal("9595.7"), "EPSG:32638")
    assert found.grid_m2 is not None
    assert 0 < abs(found.grid_m2 - Decimal("9595.7")) < 10
    assert found.perimeter_m == pytest.approx(sum(found.legs_m)) == pytest.approx(399.94, abs=0.01)
    assert found.bearings_deg == pytest.approx([90, 0, 270, 180], abs=0.01)
    assert [vertex["role"] for vertex in found.vertices] == ["SP", "TP1", "TP2", "TP3"]
    assert found.problems == []


def test_holes_are_taken_out_and_parts_are_added_up() -> None:
    hole = measure([[ring(HOLE)]]).area_m2
    assert hole is not None
    found = measure([[ring(A), ring(HOLE)], [ring(FAR)]])
    assert found.area_m2 is not None
    far = measure([[ring(FAR)]]).area_m2
    assert far is not None
    assert abs(found.area_m2 - (Decimal("9595.7") - hole + far)) <= Decimal("0.2")
    assert len(found.vertices) == len(found.legs_m) == 12
    assert [[len(one) for one in part] for part in found.outline] == [[4, 4], [4]]
    assert found.problems == []


@pytest.mark.parametrize(
    ("outline", "codes"),
    [
        ([[ring(A), ring(FAR)]], ["hole_outside"]), ([[ring(A)], [ring(HOLE)]], ["parts_overlap"]),
        ([[ring(A[:2])]], ["too_few_points"]), ([[ring((*A, *A[:2]))]], ["last_two_repeat"]),
        ([[ring((A[0], A[2], A[1], A[3]))]], ["self_crossing"]), ([[ring((A[0], A[0], *A[1:]))]], ["repeated_point"]),
        ([[ring((A[0], "40.0200005 46.9800005", *A[1:]))]], ["repeated_point"]),
        ([[ring(A)], [ring(FAR[:2])]], ["too_few_points"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(outline: outlines.TypedOutline, codes: list[str]) -> None:
    found = measure(outline)
    assert [problem.code for problem in found.problems] == codes
    assert (found.area_m2 is None) == found.problems[0].blocks


def test_advice_keeps_nothing_from_being_measured() -> None:
    closed = measure([[ring((*A, A[0]))]])
    assert [problem.code for problem in closed.advice] == ["closing_repeated", "intermediate"]
    assert closed.area_m2 == Decimal("9595.7")
    assert len(outlines.fields_of(closed)["outline"][0][0]) == 4  # type: ignore[index]  # a list of lists
    long = measure([[ring(("40.0 46.9", "40.0 46.98", "40.01 46.98"))]])
    assert [problem.code for problem in long.advice] == ["long_leg", "long_leg"]
    small = measure([[ring(("40.0 46.9", "40.0 46.9003", "40.0003 46.9003"))]])
    assert small.advice == []


def test_reference_points_and_benchmarks_stand_beside_the_ring() -> None:
    outline: outlines.TypedOutline = [[[TypedPoint("40.025 46.97", "RP"), TypedPoint("40.021 46.979", "BM"), *ring(A)]]]
    found = measure(outline)
    assert [vertex["role"] for vertex in found.beside] == ["RP", "BM"]
    assert [vertex["role"] for vertex in found.outline[0][0]] == ["SP", "TP1", "TP2", "TP3"]
    assert found.area_m2 == Decimal("9595.7")
    assert found.legs_m[:2] == [0.0, 0.0]
    assert {code for code in vocabulary("point_type").codes if outlines.is_beside(code)} == set(BESIDE)


def test_roles_are_given_by_place_and_kept_where_they_were_given() -> None:
    roles = [p.role for p in with_roles(ring((*A, *FAR), "", "IP", "", "TP5", "", "IP", "TP1", "EP"))]
    assert roles == ["SP", "IP1", "TP2", "TP5", "TP3", "IP2", "TP1", "EP"]
    assert [p.role for p in with_roles(ring(A, "RP2"))] == ["RP2", "SP", "TP1", "TP2"]
    assert role_name("TP12", "en") == "Turning point 12"
    assert role_name("SP", "ru") == "Начальная точка"
    assert role_name("corner of a newer version") == "corner of a newer version"
    assert outlines.role_code("TP") == "TP"


def test_a_swapped_point_is_asked_about() -> None:
    found = measure([[ring((A[0], "46.981406 40.02", *A[2:]))]])
    [(index, hint)] = found.swaps
    assert (index, hint.lat) == (1, 40.02)


def test_no_points_are_no_outline() -> None:
    outline: outlines.TypedOutline
    for outline in ([], [[]], [[[]]]):
        found = measure(outline)
        assert (found.area_m2, found.perimeter_m, found.outline) == (None, 0, [])
        assert outlines.fields_of(found) == {}


def test_a_stored_outline_measures_and_stores_as_it_was() -> None:
    first = measure([[ring(A), ring(HOLE)], [ring(FAR)]])
    again = measure(from_stored(first.outline))
    assert outlines.fields_of(again) == outlines.fields_of(first)


def test_a_captured_fix_is_a_point_with_its_accuracy() -> None:
    class Fix:
        def fields(self) -> dict[str, object]:
            return {"lat": "40.02", "lon": "46.98", "fixed_by": "average", "accuracy_m": "1.6", "satellites": 12,
                    "datum_operation": "EPSG:15865"}  # fmt: skip

    found = measure([[[outlines.from_captured(Fix()), *ring(A[1:])]]])
    assert found.outline[0][0][0] == {
        "lat": "40.02", "lon": "46.98", "role": "SP", "crs": "EPSG:4326", "accuracy_m": "1.6", "fixed_by": "average",
        "operation": "EPSG:15865",
    }  # fmt: skip
    assert found.area_m2 == Decimal("9595.7")


def test_points_of_several_systems_make_one_outline_and_keep_what_they_were_read_with() -> None:
    """A corner of each plot sheet: SK-42 by its operation, with its accuracy; MGRS; degrees."""
    found = measure([[[
        TypedPoint("X 4430415.6 Y 8664941.7", "SP", "sk42-gk"), TypedPoint("38SPK6487128553"),
        TypedPoint("39.9921 46.9312"), TypedPoint("39 59.52 N 46 55.80 E", system="dm"),
    ]]])  # fmt: skip
    crs = [(v["crs"], v.get("operation"), v.get("accuracy_m") is not None) for v in found.vertices]
    assert crs == [("EPSG:28408", "EPSG:15865", True), ("MGRS", None, False), ("EPSG:4326", None, False),
                   ("EPSG:4326", None, True)]  # fmt: skip
    assert distance_m(39.9911, 46.93, float(found.vertices[0]["lat"]), float(found.vertices[0]["lon"])) < 0.1
    assert found.problems == []


def test_what_should_be_looked_at_in_a_text_is_told_with_its_point() -> None:
    found = measure([[ring(("50.0 30.0", *A[1:]))]])
    assert [index for index, note in found.notes if note.code == "outside"] == [0]
    stored = measure(found_again := from_stored(found.outline))
    assert (stored.notes, len(found_again[0][0])) == ([], 4)


def fixes(count: int, side_m: float) -> list[TypedPoint]:
    """A walk round a square, a fix every few metres, each off by some decimetres."""
    corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
    found = []
    for at in range(count):
        side, share = divmod(at * 4 / count, 1)
        (e1, n1), (e2, n2) = corners[int(side)], corners[int(side) + 1]
        east, north = side_m * (e1 + (e2 - e1) * share) + 0.2 * (at % 3 - 1), side_m * (n1 + (n2 - n1) * share)
        place = {"lat": 39.9911 + north / 111_000, "lon": 46.93 + east / 85_400, "fixed_by": "live_fix"}
        found.append(outlines.from_position_fields(place))
    return found


def test_a_walk_is_thinned_only_on_request_and_kept_raw_beside_it(tmp_path: Path) -> None:
    walk_of_200 = fixes(200, 100)
    whole = plots.Ground.of_walk(walk_of_200)
    assert (len(whole.outline[0][0]), len(whole.track)) == (200, 0)
    thinned = plots.Ground.of_walk(walk_of_200, 1.0)
    assert 4 <= len(thinned.outline[0][0]) <= 8
    raw_m2, thin_m2 = (measure(ground.outline).area_m2 for ground in (whole, thinned))
    assert raw_m2 is not None
    assert thin_m2 is not None
    assert abs(raw_m2 - thin_m2) < 100
    saved = plots.add_plot(alone(tmp_path), {"release": "reduced"}, thinned)
    assert len(saved.values["land"]["track"]) == 200
    assert saved.values["land"]["track"][0]["fixed_by"] == "live_fix"
    assert outlines.thinned(walk_of_200[:2], 1.0) == walk_of_200[:2]
    assert plots.Ground.of_walk([], 1.0).outline == []


def test_a_plot_keeps_its_legs_beside_the_outline_and_loses_them_with_it(tmp_path: Path) -> None:
    laptop = alone(tmp_path)
    square = LegSet(
        TypedPoint("39.9911 46.9300", "RP"), "true", "deg",
        tuple(Leg(bearing, Decimal(50)) for bearing in ("45", "0", "90", "180", "270")), closes_at="start",
    )  # fmt: skip
    ground = plots.Ground([[list(walk(square).points)]], (square,))
    saved = plots.add_plot(laptop, {"release": "cleared", "method": "manual", "depth_cm": 20}, ground)
    land = saved.values["land"]
    assert land["legs"][0]["closes_at"] == "start"
    assert [point["role"] for point in land["points"]] == ["RP"]
    assert [vertex["role"] for vertex in land["outline"][0][0]] == ["SP", "TP1", "TP2", "TP3"]
    assert Decimal(land["area_m2"]) == pytest.approx(Decimal(2500), abs=Decimal("0.2"))
    corrected = plots.correct_plot(laptop, saved.name, {}, "typed anew", points=list(A))
    assert {"legs", "points"} & corrected.values["land"].keys() == set()
    assert corrected.values["land"]["area_m2"] == "9595.7"
    texts = plots.typed_points(land["outline"])
    at = [tuple(map(float, text.split())) for text in texts]
    assert distance_m(*at[0], *at[1]) == pytest.approx(50, abs=0.001)


def test_legs_that_an_older_version_left_beside_another_outline_are_not_taken_for_its_own(tmp_path: Path) -> None:
    laptop = alone(tmp_path)
    square = LegSet(
        TypedPoint("39.9911 46.9300"), "true", "deg",
        tuple(Leg(bearing, Decimal(50)) for bearing in ("0", "90", "180", "270")), closes_at="start", adjust=True,
    )  # fmt: skip
    ground = plots.Ground([[list(walk(square).points)]], (square,))
    saved = plots.add_plot(laptop, {"release": "cleared"}, ground)
    land = saved.values["land"]
    assert leg_records.still_true(land["legs"], land["outline"], land.get("points")) == land["legs"]
    assert leg_records.make_all(land["legs"][0], land["outline"])
    assert not leg_records.make_all(land["legs"][0], [[[*land["outline"][0][0], {"lat": "40", "lon": "46"}]]])
    assert not leg_records.make_all({"led_to": [7]}, land["outline"])
    other = plots.land(A)
    old = records.correct(laptop, saved.name, {name: other[name] for name in ("outline", "area_m2")}, "walked again")
    land = old.values["land"]
    assert land["legs"]
    assert leg_records.still_true(land["legs"], land["outline"], land.get("points")) == []
    assert leg_records.still_true("damaged", None) == leg_records.still_true(None) == []


def test_perimeter_is_recorded_with_the_area(tmp_path: Path) -> None:
    saved = plots.add_plot(alone(tmp_path), {"release": "cleared"}, A)
    assert (saved.values["land"]["perimeter_m"], saved.fields["perimeter_m"]) == ("399.9", "399.9")
    crossed = plots.correct_plot(saved_in := alone(tmp_path / "2"), plots.add_plot(saved_in, {}, A).name, {}, "typing",
                                 points=(A[0], A[2], A[1], A[3]))  # fmt: skip
    assert "perimeter_m" not in crossed.values["land"]


@pytest.mark.parametrize(
    ("grid", "crs", "m2"),
    [("utm", "EPSG:32638", 9592.7), ("sk42-gk", "EPSG:28408", 9602.6), ("ck63", "EPSG:2937", 9598)],
)
def test_the_area_in_a_grid_is_another_figure_and_names_its_grid(grid: str, crs: str, m2: float) -> None:
    found = measure([[ring(A)]], grid=grid)
    assert found.grid_crs == crs
    assert float(found.grid_m2 or 0) == pytest.approx(m2, abs=3)
    assert found.area_m2 == Decimal("9595.7")


def test_100_m_square_in_the_gauss_krueger_grid_near_aghdam_is_9993_on_the_ground() -> None:
    """The control value of the geodesy notes (2.1)."""
    corners = [(0, 0), (0, 100), (100, 100), (100, 0)]
    texts = [f"X {4430415 + north} Y {8664941 + east}" for north, east in corners]
    found = measure([[[TypedPoint(text, system="sk42-gk") for text in texts]]], grid="sk42-gk")
    assert float(found.area_m2 or 0) == pytest.approx(9993.33, abs=0.1)
    assert float(found.grid_m2 or 0) == pytest.approx(10000, abs=0.1)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([{"legs": [{"bearing": "12-50", "distance_m": "640"}, {"bearing": "17-50", "distance_m": "320"}]}],
         "12-50 640, 17-50 320"),
        ([{"legs": [{"bearing": "75", "distance_m": "9", "slope_deg": "5", "measured": "slope"}, 7]}], "75 9 ∠5°, ?"),
        ([{"role": "RP", "lat": "40.02", "lon": "46.98"}], "RP 40.02 46.98"), ([], ""), ("text", ""), ([[[{}]]], ""),
        ([{"lat": str(at), "lon": "1"} for at in range(30)], None),
    ],
)  # fmt: skip
def test_legs_and_single_points_are_shown_as_they_were_written(value: object, said: str | None) -> None:
    if said is None:
        assert leg_records.words(value).endswith("9 1; … (30)")
    else:
        assert leg_records.words(value) == said
        assert not said or shape_words(value, Texts()) == said


def test_exports_keep_turning_points_and_legs_apart(tmp_path: Path) -> None:
    laptop = alone(tmp_path)
    square = LegSet(
        TypedPoint("39.9911 46.9300", "BM"), "true", "deg",
        tuple(Leg(bearing, Decimal(50)) for bearing in ("45", "0", "90", "180")),
    )  # fmt: skip
    plots.add_plot(laptop, {"release": "cleared"}, plots.Ground([[list(walk(square).points)]], (square,)))
    rows = lookup.rows(laptop, "plot")
    [feature] = json.loads(flat.plots_geojson(rows))["features"]
    told = feature["properties"]
    assert [vertex["role"] for vertex in told["turning_points"]] == ["SP", "TP1", "TP2", "TP3"]
    assert [leg["bearing"] for leg in told["legs"][0]["legs"]] == ["45", "0", "90", "180"]
    assert [vertex["role"] for vertex in told["points"]] == ["BM"]
    assert told["perimeter_m"] == pytest.approx(200, abs=0.1)


@given(st.integers(0, 3), st.integers(0, 3), st.booleans(), st.booleans())
def test_area_depends_on_the_ground_alone(start: int, hole_start: int, turned: bool, hole_turned: bool) -> None:
    def again(texts: tuple[str, ...], at: int, back: bool) -> list[TypedPoint]:
        moved = (*texts[at:], *texts[:at])
        return ring(moved[::-1] if back else moved)

    one = measure([[again(A, start, turned), again(HOLE, hole_start, hole_turned)], [ring(FAR)]])
    other = measure([[ring(FAR)], [ring(A), ring(HOLE)]])
    assert one.problems == other.problems == []
    assert abs((one.area_m2 or Decimal(0)) - (other.area_m2 or Decimal(0))) <= Decimal("0.1")
    assert one.perimeter_m == pytest.approx(other.perimeter_m)
