"""Every format in and out: spellings people use, what is remarked, round trips over the whole work area."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from fieldapp.errors import OperatorError
from fieldapp.geodesy.area import distance_m
from fieldapp.geodesy.coordinates import (
    FORMATS,
    CoordinateNotUnderstood,
    Understood,
    format_position,
    parse,
    read_back,
    system_name,
)
from fieldapp.geodesy.districts import WORK_AREA, WorkArea
from fieldapp.geodesy.errors import SystemName
from fieldapp.geodesy.frame import EPSG_1808, EPSG_15865, CustomSystem, Frame
from fieldapp.geodesy.notes import NOTES, Note
from fieldapp.texts import LANGUAGES, Texts

AGHDAM = (39.9911, 46.9300)
LANDMARK = (39.989908, 46.898804)
ROAD = (40 + 7 / 60 + 24.4 / 3600, 46 + 59 / 60 + 26.1 / 3600)
TOWN = CustomSystem(
    "town", "Town grid", "+proj=tmerc +lat_0=38 +lon_0=47.5 +k=1 +x_0=300000 +ellps=krass +units=m", EPSG_1808
)
FRAME = Frame(systems=(TOWN,))
EVERY = (*FORMATS, "town")

GOOD = [
    ("40°07′24.4″N 46°59′26.1″E", "dms", "EPSG:4326", ROAD),
    ("40º07´24,4´´ N, 46º59´26,1´´ E", "dms", "EPSG:4326", ROAD),
    ("N40°07'24.4\" E046°59'26.1\"", "dms", "EPSG:4326", ROAD),
    ("40 07 24.4 46 59 26.1", "dms", "EPSG:4326", ROAD),
    ("40 07 24,4, 46 59 26,1", "dms", "EPSG:4326", ROAD),
    ("С 40°07'24,4'' В 46°59'26,1''", "dms", "EPSG:4326", ROAD),
    ("40° 07 мин. 24,4 сек. с.ш. 46° 59 мин. 26,1 сек. в.д.", "dms", "EPSG:4326", ROAD),
    ("40 dərəcə 07 dəqiqə 24,4 saniyə şimal 46 dərəcə 59 dəqiqə 26,1 saniyə ŞƏRQ", "dms", "EPSG:4326", ROAD),
    ("40 deg 07 min 24.4 sec N 46 deg 59 min 26.1 sec E", "dms", "EPSG:4326", ROAD),
    ("40°07.4067' 46°59.4350'", "dm", "EPSG:4326", ROAD),
    ("40 07.4067 46 59.4350", "dm", "EPSG:4326", ROAD),
    ("ŞİMAL 40 07,4067 ŞƏRQ 46 59,4350", "dm", "EPSG:4326", ROAD),
    ("WGS84 39.9911 46.9300", "dd", "EPSG:4326", AGHDAM),
    ("39.9911 46.9300 (WGS 84)", "dd", "EPSG:4326", AGHDAM),
    ("38SPK6477128553", "mgrs", "MGRS", AGHDAM),
    ("38s pk 64771 28553", "mgrs", "MGRS", AGHDAM),
    ("38 S PK 64 771 28 553", "mgrs", "MGRS", AGHDAM),
    ("MGRS 38SPK6477128553", "mgrs", "MGRS", AGHDAM),
    ("38S 664771 4428553", "utm", "EPSG:32638", AGHDAM),
    ("UTM 38N 664771 4428553", "utm", "EPSG:32638", AGHDAM),
    ("38 S 664771 m E 4428553 m N", "utm", "EPSG:32638", AGHDAM),
    ("38N E664771 N4428553", "utm", "EPSG:32638", AGHDAM),
    ("Zone 38N, Easting 664771, Northing 4428553", "utm", "EPSG:32638", AGHDAM),
    ("38N 664 771 4 428 553", "utm", "EPSG:32638", AGHDAM),
    ("39.9911/46.9300", "dd", "EPSG:4326", AGHDAM),
    ("4 430 416 / 8 664 942", "sk42-gk", "EPSG:28408", AGHDAM),
    ("SK-42 39.991187 46.931196", "sk42", "EPSG:4284", AGHDAM),
    ("СК-42: 39,991187 46,931196", "sk42", "EPSG:4284", AGHDAM),
    ("39.991187 46.931196 (СК-42)", "sk42", "EPSG:4284", AGHDAM),
    ("Пулково 1942 39°59,4712' С 46°55,8718' В", "sk42-dm", "EPSG:4284", AGHDAM),
    ("SK42 39°59'28.27\" 46°55'52.31\"", "sk42-dms", "EPSG:4284", AGHDAM),
    ("X 4 430 226, Y 8 662 280", "sk42-gk", "EPSG:28408", LANDMARK),
    ("Х=4430226 У=8662280", "sk42-gk", "EPSG:28408", LANDMARK),  # Cyrillic Х, У
    ("Y: 8662280 X: 4430226", "sk42-gk", "EPSG:28408", LANDMARK),
    ("4430226 8662280", "sk42-gk", "EPSG:28408", LANDMARK),
    ("4430226,0 8662280,0", "sk42-gk", "EPSG:28408", LANDMARK),
    ("4430226 N 8662280 E", "sk42-gk", "EPSG:28408", LANDMARK),
    ("SK-42 zone 8 X 4430226 Y 8662280", "sk42-gk", "EPSG:28408", LANDMARK),
    ("X 4430226 Y 662280 зона 8", "sk42-gk", "EPSG:28408", LANDMARK),
    ("zona 8, 4430226, 662280", "sk42-gk", "EPSG:28408", LANDMARK),
    ("X 4429176 Y 16408717", "sk42-gk3", "EPSG:2532", AGHDAM),
    ("4415902 3248574", "ck63", "EPSG:2937", AGHDAM),
    ("СК-63 X 4415902 Y 3248574", "ck63", "EPSG:2937", AGHDAM),
]

EARLIER = [
    ("8662280 4430226", "easting_first"),
    ("40°7'24.4\" N 46°59'26.1\" E", "single_digit"),
    ("40°07'24.4\" N 46°59'26\" E", "uneven_digits"),
    ("39.9911 46.93", "uneven_digits"),
    ("38SPK647285", "coarse"),
    ("38SPK6428", "coarse"),
    ("39.99 46.93", "coarse"),
    ("46.9300 39.9911", "outside"),
    ("38N 664771 4828553", "outside"),
    ("X 4930226 Y 8662280", "outside"),
]


@pytest.mark.parametrize(("text", "how", "crs", "place"), GOOD)
def test_a_spelling_is_read_in_its_format(text: str, how: str, crs: str, place: tuple[float, float]) -> None:
    understood = parse(text)
    assert (understood.format, understood.crs, understood.text) == (how, crs, text)
    assert distance_m(*place, understood.lat, understood.lon) < 1.1
    assert understood.notes == ()


@pytest.mark.parametrize(("text", "code"), EARLIER)
def test_what_speaks_for_a_slip_is_remarked(text: str, code: str) -> None:
    notes = parse(text).notes
    assert code in [note.code for note in notes]
    for note in notes:
        for language in LANGUAGES:
            assert "{" not in note.sentence(Texts(language))


def test_every_remark_is_reached_by_an_example() -> None:
    elsewhere = {"assumed", "not_tried"}  # below, and with the custom systems
    assert {code for _, code in EARLIER} | elsewhere == set(NOTES)


@pytest.mark.parametrize("text", ["39.991187 46.931196", "39°59'28.27\" N 46°55'52.31\" E"])
def test_bare_degrees_read_as_sk42_say_what_was_assumed(text: str) -> None:
    assert parse(text).crs == "EPSG:4326"
    understood = parse(text, system="sk42")
    assert understood.crs == "EPSG:4284"
    [note] = understood.notes
    assert note.code == "assumed"
    assert note.sentence(Texts()).endswith("If it is WGS 84, the place is 103 m away from here.")
    assert parse(f"SK-42 {text}", system="sk42").notes == ()


@pytest.mark.parametrize(
    ("text", "operation", "accuracy_m"),
    [("39.9911 46.9300", "", None), ("38SPK6477128553", "", None), ("SK-42 39.9911 46.9300", "EPSG:15865", 4.5),
     ("X 4430226 Y 8662280", "EPSG:15865", 4.5), ("4415902 3248574", "EPSG:15865", 4.5)],
)  # fmt: skip
def test_the_operation_and_its_accuracy_stand_with_the_place(
    text: str, operation: str, accuracy_m: float | None
) -> None:
    understood = parse(text)
    assert (understood.operation, understood.operation_accuracy_m) == (operation, accuracy_m)
    assert understood.accuracy_m >= max(understood.uncertainty_m, accuracy_m or 0.0)


def test_the_programmes_operation_is_taken() -> None:
    by_default, by_choice = parse("X 4430226 Y 8662280"), parse("X 4430226 Y 8662280", Frame(operation=EPSG_1808))
    assert (by_choice.operation, by_choice.operation_accuracy_m) == ("EPSG:1808", 5.0)
    assert distance_m(*_place(by_default), *_place(by_choice)) == pytest.approx(3.65, abs=0.1)


@pytest.mark.parametrize(
    ("digits", "uncertainty_m"),
    [("6477128553", 0.71), ("64772855", 7.1), ("647285", 70.7), ("6428", 707.0)],
)
def test_fewer_digits_of_mgrs_are_a_larger_square(digits: str, uncertainty_m: float) -> None:
    understood = parse(f"38SPK{digits}")
    assert understood.uncertainty_m == pytest.approx(uncertainty_m, rel=0.01)
    assert distance_m(*AGHDAM, understood.lat, understood.lon) <= uncertainty_m * 1.01


@pytest.mark.parametrize(("lat", "text"), [(40.0000001, "38TPK7072529672"), (39.9999999, "38SPK7072529672")])
def test_a_square_across_the_edge_of_its_band_is_read_by_both_letters(lat: float, text: str) -> None:
    assert format_position(lat, 47.0, "mgrs") == text
    assert distance_m(lat, 47.0, *_place(parse(text))) < 0.75


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ("dd", "39.991100° N 46.930000° E"),
        ("dm", "39°59.4660' N 46°55.8000' E"),
        ("dms", "39°59'27.96\" N 46°55'48.00\" E"),
        ("utm", "38N 664771 4428553"),
        ("mgrs", "38SPK6477128553"),
        ("sk42", "SK-42 39.991187° N 46.931196° E"),
        ("sk42-gk", "SK-42 X 4430416 Y 8664942"),
        ("sk42-gk3", "SK-42 X 4429176 Y 16408717"),
        ("ck63", "CK-63 X 4415902 Y 3248574"),
    ],
)
def test_a_place_is_printed_in_every_format(how: str, text: str) -> None:
    assert format_position(*AGHDAM, how) == text


@pytest.mark.parametrize(
    ("lat", "lon", "how", "text"),
    [
        (39.99999999, 46.99999999, "dms", "40°00'00.00\" N 47°00'00.00\" E"),
        (39.99999999, 46.99999999, "dm", "40°00.0000' N 47°00.0000' E"),
        (-39.99999999, -0.00000001, "dms", "40°00'00.00\" S 0°00'00.00\" E"),
        (40.1249999999, 46.5, "dm", "40°07.5000' N 46°30.0000' E"),
    ],
)
def test_nothing_is_rounded_to_sixty(lat: float, lon: float, how: str, text: str) -> None:
    assert format_position(lat, lon, how) == text


@pytest.mark.parametrize(
    ("lat", "lon", "how"),
    [(85.0, 46.0, "utm"), (85.0, 46.0, "mgrs"), (40.0, 60.0, "ck63"), (40.0, 5.0, "sk42-gk"),
     (-10.0, 15.0, "sk42"), (44.0, 17.0, "sk42-gk"), (40.0, 46.0, "none")],
)
def test_a_format_without_coordinates_there_prints_nothing(lat: float, lon: float, how: str) -> None:
    with pytest.raises(ValueError, match="no "):
        format_position(lat, lon, how)


def test_what_was_typed_is_read_back_in_another_format_on_wgs84() -> None:
    assert read_back(parse("X 4430226 Y 8662280")) == "39.989908° N 46.898804° E"
    assert read_back(parse("38SPK6477128553")) == "39.991102° N 46.930005° E"
    assert read_back(parse("SK-42 39.991187 46.931196")) == "38N 664771 4428553"
    assert parse("SK-42 39.991187 46.931196").system(Texts()) == "SK-42, decimal degrees"


@pytest.mark.parametrize("how", EVERY)
def test_every_format_has_a_name_in_every_language(how: str) -> None:
    assert isinstance(system_name(how, FRAME), SystemName)
    assert all(Texts(language)(system_name(how, FRAME)) for language in LANGUAGES)


LATS = st.floats(WORK_AREA.south + 0.001, WORK_AREA.north - 0.001)
LONS = st.floats(WORK_AREA.west + 0.001, WORK_AREA.east - 0.001)


@pytest.mark.parametrize("how", EVERY)
@settings(max_examples=40)
@given(LATS, LONS)
@example(40.0, 48.0)
@example(39.9999999999, 47.9999999999)
@example(40.00001, 46.0333333)
def test_what_is_printed_is_read_again_over_the_whole_work_area(how: str, lat: float, lon: float) -> None:
    text = format_position(lat, lon, how, FRAME)
    found, chosen = parse(text, FRAME), parse(text, FRAME, how)
    assert found == chosen
    assert (found.format, found.notes) == (how, ())
    assert distance_m(lat, lon, found.lat, found.lon) <= found.uncertainty_m * 1.01 + 0.001
    again = format_position(found.lat, found.lon, how, FRAME)
    assert distance_m(*_place(parse(again, FRAME)), found.lat, found.lon) <= found.uncertainty_m * 1.01 + 0.001
    assert distance_m(*_place(parse(read_back(found, FRAME), FRAME)), lat, lon) <= found.uncertainty_m + 0.8


def _place(understood: Understood) -> tuple[float, float]:
    return understood.lat, understood.lon


@pytest.mark.parametrize("how", FORMATS)
@settings(max_examples=60)
@given(LATS, LONS, st.data())
def test_a_character_lost_or_doubled_never_moves_the_place_without_a_word(
    how: str, lat: float, lon: float, data: st.DataObject
) -> None:
    """Refused, or remarked, or the same place: any one character of a printed position dropped or typed twice."""
    text = format_position(lat, lon, how)
    at = data.draw(st.integers(0, len(text) - 1), label="at")
    doubled = data.draw(st.booleans(), label="doubled")
    _never_silently(text, text[:at] + (text[at] * 2 if doubled else "") + text[at + 1 :])


@pytest.mark.parametrize("how", FORMATS)
@settings(max_examples=60)
@given(LATS, LONS, st.data())
def test_a_piece_lost_never_moves_the_place_without_a_word(
    how: str, lat: float, lon: float, data: st.DataObject
) -> None:
    """A whole number, mark, word or label left out: a group of digits, a hemisphere, the zone, the name in front."""
    text = format_position(lat, lon, how)
    cuts = _pieces(text)
    lost = data.draw(st.sampled_from(cuts), label="lost")
    slipped = text[: lost[0]] + text[lost[1] :]
    if slipped.strip() == text.removeprefix("SK-42 ") and how in {"sk42", "sk42-dm", "sk42-dms"}:
        return  # without its name SK-42 looks like WGS 84: see the test of what was assumed
    _never_silently(text, slipped)


@settings(max_examples=60)
@given(LATS, LONS, st.sampled_from(["sk42-gk", "sk42-gk3", "ck63"]))
def test_the_zone_lost_from_an_easting_is_asked_for_by_name(lat: float, lon: float, how: str) -> None:
    text = format_position(lat, lon, how)
    easting = text.split()[-1]
    with pytest.raises(CoordinateNotUnderstood) as refused:
        parse(text.replace(easting, easting[-6:]))
    assert refused.value.reason in {"zone_or_utm", "zone_missing"}
    assert easting in str(refused.value.facts["eastings"]).split(" / ")


@settings(max_examples=60)
@given(LATS, LONS, st.integers(1, 9))
def test_a_wrong_zone_of_an_easting_is_refused(lat: float, lon: float, zone: int) -> None:
    """In zones of 6 degrees; those of 3 degrees meet within the work area, where only the read-back can tell."""
    text = format_position(lat, lon, "sk42-gk")
    easting = text.split()[-1]
    assume(f"{zone}" != easting[0])
    with pytest.raises(CoordinateNotUnderstood) as refused:
        parse(text.replace(easting, f"{zone}{easting[1:]}"))
    assert refused.value.reason == "zone_wrong"
    assert easting in str(refused.value.facts["eastings"]).split(" / ")


@settings(max_examples=60)
@given(LATS, LONS, st.sampled_from(["sk42-gk", "sk42-gk3", "ck63"]))
def test_swapped_axes_of_a_grid_are_recognised(lat: float, lon: float, how: str) -> None:
    name, _, northing, _, easting = format_position(lat, lon, how).split()
    place = _place(parse(f"{name} X {northing} Y {easting}"))
    bare = _reason(f"{name} {easting} {northing}")
    if bare == "several":  # both orders lie in the work area (CK-63 A4): the labels decide
        assert _place(parse(f"{name} X {northing} Y {easting}")) == place
        return
    understood = parse(f"{name} {easting} {northing}")
    assert (_place(understood), [note.code for note in understood.notes]) == (place, ["easting_first"])
    assert _reason(f"{name} X {easting} Y {northing}") == "axes_swapped"


def _reason(text: str) -> str:
    try:
        parse(text)
    except CoordinateNotUnderstood as refused:
        return refused.reason
    return ""


@given(LATS, LONS, st.sampled_from(FORMATS), st.data())
def test_a_changed_digit_is_the_place_of_the_digits_typed_and_is_read_back_so(
    lat: float, lon: float, how: str, data: st.DataObject
) -> None:
    """Nothing can see a wrong digit but the person who reads it back: the read-back must move with the place."""
    text = format_position(lat, lon, how)
    at = data.draw(st.sampled_from([at for at, character in enumerate(text) if character.isdecimal()]), label="at")
    slipped = text[:at] + data.draw(st.sampled_from("0123456789"), label="digit") + text[at + 1 :]
    before = parse(text)
    try:
        after = parse(slipped)
    except CoordinateNotUnderstood:
        return
    if distance_m(*_place(before), *_place(after)) > 2:
        assert read_back(after) != read_back(before)
        assert after.crs == before.crs or after.notes or how == "utm" or at < text.index(" ")
    elif slipped != text:
        assert after.text != before.text


def _never_silently(text: str, slipped: str) -> None:
    before = parse(text)
    try:
        after = parse(slipped)
    except OperatorError:
        return
    assert after.notes or distance_m(*_place(before), *_place(after)) <= before.uncertainty_m + 1.0, slipped


def _pieces(text: str) -> list[tuple[int, int]]:
    """Runs of digits, of letters, and every other character."""
    cuts: list[tuple[int, int]] = []
    for at, character in enumerate(text):
        kind = "digit" if character.isdecimal() else "letter" if character.isalpha() else ""
        if cuts and kind and _kind(text[at - 1]) == kind:
            cuts[-1] = (cuts[-1][0], at + 1)
        else:
            cuts.append((at, at + 1))
    return cuts


def _kind(character: str) -> str:
    return "digit" if character.isdecimal() else "letter" if character.isalpha() else ""


def test_the_work_area_decides_what_is_possible() -> None:
    elsewhere = Frame(WorkArea(55.0, 36.0, 57.0, 39.0), EPSG_15865)
    assert parse("X 6180000 Y 7400000", elsewhere).crs == "EPSG:28407"
    assert parse("X 6180000 Y 7400000", elsewhere).notes == ()
    assert Note("outside") in parse("X 4430226 Y 8662280", elsewhere).notes


def test_degrees_stay_what_was_typed_to_the_last_digit() -> None:
    understood = parse("39.123456789 46.987654321")
    assert Decimal(repr(understood.lat)) == Decimal("39.123456789")
    assert Decimal(repr(understood.lon)) == Decimal("46.987654321")
