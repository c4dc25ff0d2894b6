"""Captured records worked out: the control values, other readings side by side, cross-checks, uncertainty."""

from __future__ import annotations

import dataclasses
import math

import pytest

from fieldapp.geodesy.coordinates import CoordinateNotUnderstood, Position
from fieldapp.geodesy.traverse import BearingNotUnderstood, bearing_and_distance
from fieldapp.operations import paper, paper_wording
from fieldapp.operations.paper import Paper, Strip, Tie, WorkedOut, work_out
from fieldapp.operations.paper_errors import RecordNotLaidOff
from fieldapp.texts import Texts

LANDMARK = "X 4 430 226 Y 8 662 280"
RECORD = Paper((Tie(LANDMARK, "12-50", "640"),), Strip("17-50", "320", "60"))
CORNER_1 = Position(39.99128, 46.90608)


def apart_m(one: Position | None, other: Position) -> float:
    assert one is not None
    return bearing_and_distance(one, other)[1]


def moved(worked: WorkedOut) -> dict[tuple[str, str], float]:
    return {(one.what, one.value): one.moved_m for one in worked.readings}


def test_the_record_of_story_11_lands_where_it_was_computed() -> None:
    worked = work_out(RECORD)
    assert apart_m(worked.landmarks[0].at, Position(39.989908, 46.898804)) < 0.1
    assert apart_m(worked.corner, CORNER_1) < 1
    assert worked.area_m2 == pytest.approx(19187, abs=5)
    assert (worked.grid.crs, len(worked.corners)) == ("EPSG:28408", 4)


def test_mils_of_6400_and_a_missing_shift_are_side_by_side_with_what_they_move() -> None:
    found = moved(work_out(RECORD))
    assert found["mils", "mil6400"] == pytest.approx(52, abs=0.5)
    assert found["datum", "none"] == pytest.approx(103, abs=0.5)
    assert found["zone", "9"] > 500_000
    assert 13 < found["north", "true"] < 14
    assert ("north", "magnetic") not in found, "no year is known"
    dated = moved(work_out(dataclasses.replace(RECORD, on="1993")))
    assert dated["north", "magnetic"] == pytest.approx(38.3, abs=1)


def test_a_reading_that_is_chosen_lands_where_it_was_said_and_offers_the_way_back() -> None:
    worked = work_out(RECORD)
    for reading in worked.readings:
        chosen = work_out(reading.paper)
        assert apart_m(chosen.corner, reading.corner) < 0.001
        assert chosen.landmarks[0].tie.text == LANDMARK, "what is written stays as it is"
        back = [one for one in chosen.readings if apart_m(one.corner, CORNER_1) < 1]
        assert back, reading.value


@pytest.mark.parametrize("text", ["8662280 4430226", "Y 8 662 280 X 4 430 226"])
def test_x_and_y_the_other_way_round_are_recognised(text: str) -> None:
    worked = work_out(dataclasses.replace(RECORD, ties=(Tie(text, "12-50", "640"),)))
    assert apart_m(worked.corner, CORNER_1) < 1


def test_x_and_y_labelled_the_wrong_way_round_are_named_not_guessed() -> None:
    with pytest.raises(CoordinateNotUnderstood, match="swapped"):
        work_out(dataclasses.replace(RECORD, ties=(Tie("X 8 662 280 Y 4 430 226", "12-50", "640"),)))


def test_a_strip_to_the_left_lies_on_the_other_side() -> None:
    right = work_out(RECORD)
    assert RECORD.strip is not None
    left = work_out(dataclasses.replace(RECORD, strip=dataclasses.replace(RECORD.strip, side="left")))
    assert right.corners[:2] == left.corners[:2]
    assert apart_m(right.corners[2], left.corners[2]) == pytest.approx(120, abs=0.2)


def test_legs_round_the_field_close_and_say_by_how_much_they_do_not() -> None:
    legs = (("17-50", "320"), ("32-50", "60"), ("47-50", "320"), ("2-50", "62"))
    worked = work_out(dataclasses.replace(RECORD, strip=None, legs=legs))
    assert worked.misclosure_m == pytest.approx(2, abs=0.01)
    assert len(worked.corners) == 4
    assert worked.area_m2 == pytest.approx(19187, abs=5)
    written = dataclasses.replace(RECORD, strip=None, legs=legs)
    assert paper_wording.remarks(worked, written, Texts("en")) == [
        "The walk round misses corner 1 by 2.0 m in 762 m, 1:381."
    ]
    exact = dataclasses.replace(written, legs=(*legs[:3], ("2-50", "60")))
    assert paper_wording.remarks(work_out(exact), exact, Texts("en")) == ["The walk round closes: 0.0 m in 760 m."]


def test_a_walk_that_does_not_come_back_says_that_its_end_is_taken_for_a_corner() -> None:
    written = dataclasses.replace(
        RECORD, strip=None, legs=(("17-50", "320"), ("32-50", "60"), ("47-50", "320"), ("2-50", "600"))
    )
    worked = work_out(written)
    assert (worked.misclosure_m, len(worked.corners)) == (None, 5)
    assert worked.ends_off_m == pytest.approx(540, abs=0.01)
    assert paper_wording.remarks(worked, written, Texts("en")) == [
        "The walk ends 540 m from corner 1: its last point is taken for a corner."
    ]


def test_a_second_landmark_checks_the_first() -> None:
    second = work_out(Paper((Tie("X 4 430 900 Y 8 663 500"),)))
    assert second.corner == second.landmarks[0].at
    good = work_out(RECORD)
    assert good.corner is not None
    grid = good.grid
    here, there = grid.plane(good.corner), grid.plane(second.landmarks[0].at)
    mils = round((math.degrees(math.atan2(here.east - there.east, here.north - there.north)) % 360) / 0.06)
    tie = Tie("X 4 430 900 Y 8 663 500", f"{mils // 100}-{mils % 100:02d}", f"{there.distance_m(here):.0f}")
    checked = work_out(dataclasses.replace(RECORD, ties=(*RECORD.ties, tie)))
    assert checked.landmarks[1].off_m is not None
    assert checked.landmarks[1].off_m < 1
    wrong = dataclasses.replace(tie, distance=f"{there.distance_m(here) + 50:.0f}")
    off_m = work_out(dataclasses.replace(RECORD, ties=(*RECORD.ties, wrong))).landmarks[1].off_m
    assert off_m == pytest.approx(50, abs=1)


def test_the_uncertainty_grows_along_the_legs_and_is_never_less_than_the_operations() -> None:
    worked = work_out(RECORD)
    first, second, third, fourth = worked.off_m
    assert 4.5 < first < second < third
    assert first < fourth < third, "the fourth corner is reached along the depth"
    sure = work_out(dataclasses.replace(RECORD, bearing_off="0", distance_off="0"))
    assert sure.accuracy_m == pytest.approx(math.hypot(4.5, 0.7071), abs=0.01)
    assert work_out(dataclasses.replace(RECORD, bearing_off="2")).off_m[0] > first


def test_magnetic_azimuths_take_the_field_of_their_year() -> None:
    magnetic = dataclasses.replace(RECORD, north="magnetic", on="1993")
    old, new = work_out(magnetic), work_out(dataclasses.replace(magnetic, on="2026-11-22"))
    assert old.declination is not None
    assert old.declination.deg == pytest.approx(4.65, abs=0.1)
    assert new.corner is not None
    assert apart_m(old.corner, new.corner) == pytest.approx(20, abs=1), "20 m on 640 m (users.md)"
    own = work_out(dataclasses.replace(magnetic, on="", declination="4,65"))
    assert apart_m(own.corner, old.corner or CORNER_1) < 1


def test_paces_are_counted_as_paces() -> None:
    assert paper.metres_of("800 paces") == (600.0, paper.PACED_PER_CENT)
    assert paper.metres_of("640,5 м") == (640.5, paper.TAPED_PER_CENT)
    with pytest.raises(RecordNotLaidOff):
        paper.metres_of("640 km")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ties": ()}, "no_landmark"),
        ({"ties": (Tie(LANDMARK, "12-50", "far"),)}, "distance"),
        ({"north": "magnetic"}, "no_year"),
        ({"north": "magnetic", "declination": "east"}, "declination"),
        ({"zone": "x"}, "zone"),
        ({"bearing_off": "-1"}, "uncertainty"),
    ],
)  # fmt: skip
def test_what_cannot_be_laid_off_is_named(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(RecordNotLaidOff) as refused:
        work_out(dataclasses.replace(RECORD, **changes))  # type: ignore[arg-type]  # fields by name
    assert refused.value.reason == reason


def test_an_azimuth_in_the_wrong_unit_is_refused() -> None:
    with pytest.raises(BearingNotUnderstood):
        work_out(dataclasses.replace(RECORD, unit="deg"))


def test_a_landmark_alone_is_read_and_nothing_else_follows() -> None:
    worked = work_out(Paper((Tie(LANDMARK, "12-50"),)))
    assert (worked.corner, worked.corners, worked.area_m2, worked.readings) == (None, (), None, ())


def test_a_record_in_degrees_is_laid_off_in_the_soviet_grid_of_its_place() -> None:
    worked = work_out(dataclasses.replace(RECORD, ties=(Tie("39.98990792 46.89880400", "12-50", "640"),)))
    assert worked.grid.crs == "EPSG:28408"
    assert apart_m(worked.corner, CORNER_1) < 1
    assert moved(worked)["system", "sk42"] == pytest.approx(103, abs=1)


def test_what_is_stored_gives_the_same_paper_back() -> None:
    whole = dataclasses.replace(
        RECORD, on="1993", north="magnetic", declination="4.7", zone="8", strip=None, legs=(("1-00", "20"),),
    )  # fmt: skip
    for one in (RECORD, whole):
        assert paper.from_stored(one.stored()) == one
    assert paper.from_stored({"form": "record", "ties": [{"nonsense": 1}]}) is None
    assert paper.from_stored([1]) is None
    strange: list[dict[str, object]] = [
        {"ties": [7]}, {"ties": []}, {"strip": "right"}, {"legs": [3]}, {"unit": "hours"}, {"north": "up"},
    ]
    for odd in strange:
        assert paper.from_stored(RECORD.stored() | odd) is None
    number = paper.from_stored(RECORD.stored() | {"ties": [{"text": "40.1 46.9", "bearing": 1250, "distance": 640}]})
    assert number is not None
    assert number.ties == (Tie("40.1 46.9", "1250", "640"),), "another program may write numbers"


def test_azimuths_are_as_old_as_the_field_where_nothing_else_is_said() -> None:
    assert RECORD.dated("12.05.1993").on == "12.05.1993"
    assert dataclasses.replace(RECORD, on="1994").dated("12.05.1993").on == "1994"
    assert ("north", "magnetic") in moved(work_out(RECORD.dated("12.05.1993")))
    assert ("north", "magnetic") not in moved(work_out(RECORD.dated("spring")))
