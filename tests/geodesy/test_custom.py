"""Systems that an administrator defines: taken whole and with a known operation, or refused with the reason."""

from __future__ import annotations

import dataclasses

import pytest

from fieldapp.geodesy import custom
from fieldapp.geodesy.area import distance_m
from fieldapp.geodesy.coordinates import CoordinateNotUnderstood, format_position, parse
from fieldapp.geodesy.crs import sk42_way
from fieldapp.geodesy.districts import WorkArea
from fieldapp.geodesy.errors import SYSTEM_REASONS, SystemNotUnderstood
from fieldapp.geodesy.frame import EPSG_1808, EPSG_15865, FRAME, CustomSystem, Frame
from fieldapp.texts import LANGUAGES, Texts

PLACE = (39.9911, 46.93)
TOWN = "+proj=tmerc +lat_0=39.5 +lon_0=46.8 +k=1 +x_0=50000 +y_0=0 +ellps=krass +units=m +no_defs"
WKT = """GEOGCRS["Pulkovo by hand",DATUM["Own",ELLIPSOID["Krassowsky 1940",6378245,298.3]],CS[ellipsoidal,2],
AXIS["latitude",north],AXIS["longitude",east],ANGLEUNIT["degree",0.0174532925199433]]"""

TAKEN = [
    (CustomSystem("town", "Town grid", TOWN, EPSG_1808), "EPSG:1808"),
    (CustomSystem("gk8", "Gauss-Krueger 45 without its zone", "EPSG:2498"), "EPSG:15865"),
    (CustomSystem("gk8", "Gauss-Krueger 45 without its zone", " epsg:2498 ", EPSG_1808), "EPSG:1808"),
    (CustomSystem("utm38", "UTM 38", "EPSG:32638"), ""),
    (CustomSystem("utm38", "UTM 38", "+proj=utm +zone=38 +datum=WGS84"), ""),
    (CustomSystem("hand", "Degrees by hand", WKT, EPSG_15865), "EPSG:15865"),
]

REFUSED = [
    ("Town", TOWN, "code"),
    ("t", TOWN, "code"),
    ("utm", TOWN, "code"),
    ("sk-42", TOWN, "code"),
    ("town", TOWN + " " * 4100 + "+a=1", "too_long"),
    ("town", "", "form"),
    ("town", "WGS 84", "form"),
    ("town", "/etc/passwd", "form"),
    ("town", "+init=epsg:2498", "form"),
    ("town", TOWN + " +towgs84=25,-141,-78.5,0,0.35,0.736,0", "shift"),
    ("town", TOWN + " +nadgrids=@/etc/passwd", "shift"),
    ("town", "+proj=pipeline +step +proj=merc", "shift"),
    ("town", "+proj=nonsense +lon_0=46", "unreadable"),
    ("town", "EPSG:999999", "unreadable"),
    ("town", "PROJCRS[" * 300, "unreadable"),
    ("town", "EPSG:4978", "kind"),
    ("town", "EPSG:4979", "kind"),
    ("town", TOWN.replace("+units=m", "+units=us-ft"), "unit"),
    ("town", TOWN + " +pm=paris", "meridian"),
    ("town", TOWN, "no_operation"),
    ("town", "EPSG:27700", "no_operation"),
    ("town", "+proj=utm +zone=38 +ellps=WGS84", "no_operation"),
    ("town", "+proj=gnom +lat_0=-80 +lon_0=-130 +datum=WGS84", "not_here"),
]


@pytest.mark.parametrize(("system", "operation"), TAKEN)
def test_a_system_that_can_be_used_is_read_and_printed(system: CustomSystem, operation: str) -> None:
    assert custom.checked(system, FRAME).system is system
    frame = Frame(systems=(system,))
    text = format_position(*PLACE, system.code, frame)
    assert text.startswith(f"{system.code} ")
    for chosen in ("auto", system.code):
        understood = parse(text, frame, chosen)
        assert (understood.format, understood.crs) == (system.code, f"custom:{system.code}")
        assert understood.operation == operation
        assert distance_m(*PLACE, understood.lat, understood.lon) < 0.75
        assert understood.system(Texts(), frame) == system.name


@pytest.mark.parametrize(("code", "definition", "reason"), REFUSED)
def test_a_system_that_cannot_is_refused_with_its_reason(code: str, definition: str, reason: str) -> None:
    with pytest.raises(SystemNotUnderstood) as refused:
        custom.checked(CustomSystem(code, "Town grid", definition), FRAME)
    assert refused.value.reason == reason
    for language in LANGUAGES:
        assert "{" not in refused.value.sentence(Texts(language))


def test_every_reason_is_reached_by_an_example() -> None:
    assert {reason for _, _, reason in REFUSED} == set(SYSTEM_REASONS)


def test_a_system_that_nobody_can_use_is_remarked_and_the_others_are_read() -> None:
    frame = Frame(systems=(CustomSystem("town", "Town grid", TOWN),))  # no operation leads from its datum
    understood = parse("X 4430226 Y 8662280", frame)
    assert understood.crs == "EPSG:28408"
    [note] = understood.notes
    assert note.sentence(Texts()) == "Town grid could not be tried: its definition cannot be used."
    with pytest.raises(SystemNotUnderstood):
        parse("X 4430226 Y 8662280", frame, "town")


def test_a_grid_without_zones_is_found_by_the_work_area_alone() -> None:
    system = CustomSystem("gk8", "Gauss-Krueger 45 without its zone", "EPSG:2498")
    frame = Frame(systems=(system,))
    easting, northing = sk42_way("EPSG:28408", EPSG_15865).from_wgs84(*PLACE)
    understood = parse(f"{northing:.1f} {easting - 8_000_000:.1f}", frame)
    assert understood.crs == "custom:gk8"
    assert distance_m(*PLACE, understood.lat, understood.lon) < 0.1


def test_two_systems_that_read_the_same_numbers_differently_are_both_named() -> None:
    system = CustomSystem("gk8x", "Gauss-Krueger by other parameters", "EPSG:28408", EPSG_1808)
    with pytest.raises(CoordinateNotUnderstood) as refused:
        parse("X 4430226 Y 8662280", Frame(systems=(system,)))
    assert refused.value.reason == "several"
    sentence = refused.value.sentence(Texts())
    assert "SK-42, Gauss-Krueger, 6-degree zones: 39.989908° N" in sentence
    assert "Gauss-Krueger by other parameters: 39.98993" in sentence


def test_a_system_is_not_read_outside_its_own_area() -> None:
    system = CustomSystem("town", "Town grid", TOWN, EPSG_1808, WorkArea(39.9, 46.8, 40.1, 47.0))
    frame = Frame(systems=(system,))
    inside = format_position(39.95, 46.9, "town", frame)
    assert parse(inside, frame).crs == "custom:town"
    outside = format_position(40.5, 46.9, "town", dataclasses.replace(frame, systems=(system,)))
    with pytest.raises(CoordinateNotUnderstood):
        parse(outside, frame)
