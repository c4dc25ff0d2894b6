"""Legs as they were written: walked, closed, adjusted, kept."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fieldapp.errors import OperatorError
from fieldapp.geodesy.area import distance_m
from fieldapp.operations import leg_records, outlines
from fieldapp.operations.legs import DateNeeded, Leg, LegNotUnderstood, LegSet, ModelExpired, walk
from fieldapp.operations.outlines import TypedPoint
from fieldapp.texts import LANGUAGES, Texts

START = TypedPoint("39.9911 46.9300")
TODAY = dt.date(2026, 11, 25)


def legset(*typed: tuple[str, float], **others: object) -> LegSet:
    given = {"start": START, "north": "true", "unit": "deg", "closes_at": "start"} | others
    return LegSet(legs=tuple(Leg(bearing, Decimal(str(metres))) for bearing, metres in typed), **given)  # type: ignore[arg-type]  # as given


SQUARE = (("90", 100), ("180", 50), ("270", 100), ("0", 50))
EXAMPLE = (("14.2", 88.4), ("101.7", 104.9), ("193.1", 87.2), ("281.3", 110.5))
"""391 m that miss their start by about a metre."""


def apart_m(one: TypedPoint, other: TypedPoint) -> float:
    assert one.known is not None
    assert other.known is not None
    a, b = outlines.position_of(one.known), outlines.position_of(other.known)
    return distance_m(a.lat, a.lon, b.lat, b.lon)


def test_a_square_closes_and_its_points_have_their_roles() -> None:
    found = walk(legset(*SQUARE))
    assert [point.role for point in found.points] == ["SP", "TP1", "TP2", "TP3"]
    assert found.misclosure_m is not None
    assert found.misclosure_m < 0.002
    assert found.problems == ()
    assert found.length_m == 300
    assert outlines.measure([[found.points]]).area_m2 == pytest.approx(Decimal(5000), abs=Decimal("0.2"))


def test_what_the_legs_miss_is_told_and_shared_out_only_on_request() -> None:
    raw, adjusted = walk(legset(*EXAMPLE)), walk(legset(*EXAMPLE, adjust=True))
    assert raw.misclosure_m == adjusted.misclosure_m
    assert raw.points == raw.raw_points == adjusted.raw_points
    assert raw.points[1:] != adjusted.points[1:]
    assert raw.points[0] == adjusted.points[0]
    assert [problem.code for problem in raw.problems] == ["misclosure_look"]
    for one, other in zip(raw.points[1:], adjusted.points[1:], strict=True):
        assert 0 < apart_m(one, other) < (raw.misclosure_m or 0)


@pytest.mark.parametrize(
    ("last_m", "codes"), [(50.0, []), (51.2, ["misclosure_look"]), (56.0, ["misclosure_danger"])]
)
def test_the_sentence_of_a_misclosure_has_metres_and_ratio(last_m: float, codes: list[str]) -> None:
    found = walk(legset(*SQUARE[:3], ("0", last_m)))
    assert [problem.code for problem in found.problems] == codes
    for problem in found.problems:
        assert f"1:{found.ratio_n}" in problem.sentence(Texts())
        assert len({problem.sentence(Texts(language)) for language in LANGUAGES}) == 3


def test_ignoring_declination_moves_the_end_of_100_m_by_11_m() -> None:
    one = legset(("0", 100), north="magnetic", date=TODAY, closes_at=None)
    with_model = walk(one)
    assert with_model.declination is not None
    assert with_model.declination.model == "WMM2025"
    ignored = walk(dataclasses.replace(one, declination_deg=0.0))
    assert apart_m(with_model.points[1], ignored.points[1]) == pytest.approx(11.2, abs=0.15)
    assert [problem.code for problem in ignored.problems] == ["own_declination"]
    assert "0.00° is not the model's 6.44° (WMM2025)" in ignored.problems[0].sentence(Texts())


def test_an_old_magnetic_bearing_needs_the_field_of_its_year() -> None:
    one = legset(("75", 640), north="magnetic", date=dt.date(1993, 7, 1), closes_at=None)
    then, now = walk(one), walk(dataclasses.replace(one, date=TODAY))
    assert then.declination is not None
    assert then.declination.deg == pytest.approx(4.65, abs=0.005)
    assert apart_m(then.points[1], now.points[1]) == pytest.approx(20, abs=0.5)


def test_magnetic_bearings_need_a_day_or_a_declination_of_ones_own() -> None:
    one = legset(("75", 640), north="magnetic")
    with pytest.raises(DateNeeded):
        walk(one)
    late = dataclasses.replace(one, date=dt.date(2031, 1, 1))
    with pytest.raises(ModelExpired):
        walk(late)
    own = walk(dataclasses.replace(late, declination_deg=6.5))
    assert own.declination is not None
    assert (own.declination.model, own.true_bearings_deg) == ("own", (81.5,))


def test_grid_bearings_are_turned_by_the_convergence_of_their_grid() -> None:
    found = walk(legset(("75", 640), north="grid", grid_system="sk42-gk", closes_at=None))
    assert found.grid_crs == "EPSG:28408"
    assert found.convergence_deg == pytest.approx(1.241, abs=0.001)
    assert found.true_bearings_deg[0] == pytest.approx(76.241, abs=0.001)
    other_zone = walk(legset(("75", 640), north="grid", grid_system="EPSG:32639", closes_at=None))
    assert other_zone.true_bearings_deg[0] == pytest.approx(75 - 2.618, abs=0.001)


def test_the_paper_record_of_story_eleven_leads_to_its_first_corner() -> None:
    """Landmark, then grid azimuth 12-50 of 6000, 640 m: corner 1 at 39.99128 N 46.90608 E, to a metre."""
    landmark = TypedPoint("39.989908 46.898804", "RP")
    one = legset(("12-50", 640), start=landmark, unit="mil6000", north="grid", grid_system="sk42-gk", closes_at=None)
    corner = walk(one).points[1]
    assert corner.role == "SP"
    assert corner.known is not None
    at = outlines.position_of(corner.known)
    assert distance_m(at.lat, at.lon, 39.99128, 46.90608) < 1
    wrong = walk(dataclasses.replace(one, unit="mil6400"))
    assert apart_m(corner, wrong.points[1]) == pytest.approx(52, abs=0.5)
    assert [problem.code for problem in wrong.problems] == ["unit"]


def test_legs_from_a_landmark_are_no_part_of_the_loop() -> None:
    landmark = TypedPoint("39.9911 46.9300", "RP")
    found = walk(legset(("45", 500), *SQUARE, start=landmark))
    assert [point.role for point in found.points] == ["RP", "SP", "TP1", "TP2", "TP3"]
    assert found.closure is not None
    assert (found.closure.length_m, found.length_m) == (300, 800)
    measured = outlines.measure([[found.points]])
    assert [vertex["role"] for vertex in measured.beside] == ["RP"]
    assert len(measured.outline[0][0]) == 4


def test_legs_may_end_at_another_known_point() -> None:
    other = walk(legset(("90", 100), ("45", 200), closes_at=None)).points[2]
    assert other.known is not None
    known = TypedPoint(f"{other.known['lat']} {other.known['lon']}", "EP")
    found = walk(legset(("90", 100), ("46", 200), closes_at=known, adjust=True))
    assert found.misclosure_m == pytest.approx(200 * 0.01745, abs=0.01)
    assert apart_m(found.points[-1], other) < 0.001
    back_at_landmark = walk(legset(("90", 100), ("45", 200), closes_at=dataclasses.replace(known, role="RP")))
    assert [point.role for point in back_at_landmark.points] == ["SP", "TP1"]


def test_a_distance_along_the_slope_becomes_horizontal() -> None:
    leg = Leg("90", Decimal(100), Decimal(30), slope_distance=True)
    found = walk(LegSet(START, "true", "deg", (leg,)))
    assert found.length_m == pytest.approx(86.6025, abs=1e-4)
    level = walk(LegSet(START, "true", "deg", (dataclasses.replace(leg, slope_distance=False),)))
    assert level.length_m == 100


@pytest.mark.parametrize(
    ("leg", "member"),
    [
        (Leg("375", Decimal(10)), "bearing"), (Leg("12-50", Decimal(10)), "bearing"),
        (Leg("90", Decimal(0)), "distance"),
        (Leg("90", Decimal(-5)), "distance"), (Leg("90", Decimal("NaN")), "distance"),
        (Leg("90", Decimal(10**6)), "distance"), (Leg("90", Decimal(10), slope_distance=True), "slope"),
        (Leg("90", Decimal(10), Decimal(75), slope_distance=True), "slope"),
    ],
)  # fmt: skip
def test_a_leg_that_cannot_be_read_is_named_with_its_number(leg: Leg, member: str) -> None:
    with pytest.raises(LegNotUnderstood) as refused:
        walk(LegSet(START, "true", "deg", (Leg("10", Decimal(10)), leg)))
    assert (refused.value.leg, refused.value.member) == (2, member)
    assert "Leg 2 cannot be read" in refused.value.sentence(Texts())
    assert len({refused.value.sentence(Texts(language)) for language in LANGUAGES}) == 3


def test_points_say_how_far_off_they_may_be() -> None:
    found = walk(legset(("0", 100), ("90", 1), north="magnetic", date=TODAY, closes_at=None))
    accuracy = [float(point.known["accuracy_m"]) for point in found.points[1:] if point.known]
    assert accuracy == pytest.approx([1.1, 1.1], abs=0.06)
    assert {point.known["fixed_by"] for point in found.points[1:] if point.known} == {"bearing_distance"}


@pytest.mark.parametrize(
    "given",
    [
        legset(*SQUARE, adjust=True), legset(("12-50", 640), unit="mil6000", north="grid", grid_system="sk42-gk"),
        legset(("75", 640.25), north="magnetic", date=TODAY, declination_deg=6.25, closes_at=None),
        legset(("75", 640), north="magnetic", date=dt.date(1993, 7, 1), closes_at=TypedPoint("39.9912 46.9302", "EP")),
        LegSet(TypedPoint("39.9911 46.93", "BM"), "true", "dms", (Leg("75 30", Decimal(9), Decimal(5), True, "IP3"),)),
    ],
)  # fmt: skip
def test_stored_legs_can_be_walked_again(given: LegSet) -> None:
    first = walk(given)
    kept = leg_records.stored(given, first)
    again = leg_records.from_stored(kept)
    assert dataclasses.replace(again, start=given.start, closes_at=given.closes_at) == dataclasses.replace(
        given, grid_system=again.grid_system
    )
    second = walk(again)
    assert leg_records.stored(again, second) == kept
    assert [point.known for point in second.points] == [point.known for point in first.points]
    assert second.problems == first.problems


@pytest.mark.parametrize(
    "kept",
    [
        {}, {"start": 7}, {"start": {}, "north": "up", "unit": "deg", "legs": []},
        {"start": {"text": "x"}, "north": "true", "unit": "deg", "legs": [7]},
        {"start": {}, "north": "true", "unit": "deg", "legs": [{"bearing": "1", "distance_m": "far"}]},
        {"start": {}, "north": [], "unit": {}, "legs": None},
    ],
)  # fmt: skip
def test_stored_legs_of_another_shape_are_refused_and_break_nothing(kept: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        leg_records.from_stored(kept)
    assert leg_records.words([kept]) is not None
    assert leg_records.still_true([kept, 7, {"led_to": [7]}, {"led_to": [["1", {}]]}], [[[{"lat": []}]]]) == []


def test_every_error_of_legs_is_an_operators_error() -> None:
    assert issubclass(LegNotUnderstood, OperatorError)
    assert issubclass(DateNeeded, OperatorError)
