"""Legs as people write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from fieldapp.exchange.point_lists import ListNotRead
from fieldapp.operations.leg_lists import day_of, leg_of, read, text_of
from fieldapp.operations.legs import Leg, LegNotUnderstood


@pytest.mark.parametrize(
    ("text", "leg"),
    [
        ("12-50 640", Leg("12-50", Decimal(640))), ("75,5 640,25 m", Leg("75,5", Decimal("640.25"))),
        ("75 30 00 640m", Leg("75 30 00", Decimal(640))), ("75.5, 640", Leg("75.5", Decimal(640))),
        ("75 640 slope=-12.5", Leg("75", Decimal(640), Decimal("-12.5"), True)),
        ("75 640 role=ip2", Leg("75", Decimal(640), role="IP2")), ("75 640 м", Leg("75", Decimal(640))),
    ],
)  # fmt: skip
def test_a_leg_is_a_bearing_then_metres(text: str, leg: Leg) -> None:
    assert leg_of(text) == leg
    assert read(text_of([leg])) == [leg]


@pytest.mark.parametrize(
    ("text", "member"),
    [("640", "leg"), ("", "leg"), ("75 far", "distance"), ("75 -5", "distance"), ("75 640 slope=steep", "slope"),
     ("75 640 role=oak", "role"), ("75 640 colour=red", "leg"), ("75 1e3", "distance")],
)  # fmt: skip
def test_what_is_no_leg_says_which_part_of_it(text: str, member: str) -> None:
    with pytest.raises(LegNotUnderstood) as refused:
        leg_of(text, 4)
    assert (refused.value.leg, refused.value.member) == (4, member)


@pytest.mark.parametrize(
    "text", ["12-50 640\n17-50 320\n", "bearing;metres\n12-50;640\n17-50;320", "12-50\t640\t\n\n17-50\t320\t\t\n"]
)
def test_legs_are_read_one_to_a_line_or_from_a_table(text: str) -> None:
    assert read(text) == [Leg("12-50", Decimal(640)), Leg("17-50", Decimal(320))]


def test_a_bad_leg_in_a_list_is_named_by_its_number() -> None:
    with pytest.raises(LegNotUnderstood) as refused:
        read("bearing;metres;slope;role\n12-50;640;3;TP1\n17-50;\n")
    assert refused.value.leg == 2
    with pytest.raises(LegNotUnderstood):
        read("1;2;3;4;5")


@pytest.mark.parametrize("text", ["", "\n", "bearing metres", "75 1\n" * 1001, "x" * 200_001])
def test_what_is_no_list_is_refused_whole(text: str) -> None:
    with pytest.raises((ListNotRead, LegNotUnderstood)):
        read(text)


def test_an_old_record_may_say_only_its_year() -> None:
    assert day_of("1993") == dt.date(1993, 7, 1)
    assert day_of("1993-05") == dt.date(1993, 5, 15)
    assert day_of(" 1993-05-09 ") == dt.date(1993, 5, 9)
    for text in ("93", "1993-13", "yesterday", ""):
        with pytest.raises(ValueError):
            day_of(text)
