"""Positions as people type them: read in one way only, or refused with the reason."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from fieldapp.geodesy.area import distance_m
from fieldapp.geodesy.coordinates import (
    FORMATS,
    CoordinateNotUnderstood,
    Format,
    Position,
    SwapHint,
    format_position,
    parse,
    read_back,
    swap_hint,
)
from fieldapp.geodesy.districts import WORK_AREA, WorkArea
from fieldapp.geodesy.errors import REASONS
from fieldapp.geodesy.frame import EPSG_1808, CustomSystem, Frame
from fieldapp.geodesy.spelling import _HEMISPHERES, HEMISPHERES
from fieldapp.texts import LANGUAGES, Texts

LATS = st.floats(WORK_AREA.south, WORK_AREA.north)
LONS = st.floats(WORK_AREA.west, WORK_AREA.east)

GOOD = [
    ("39.9899 46.8988", 39.9899, 46.8988),
    ("  39.9899\u00a0\t46.8988 ", 39.9899, 46.8988),
    ("\ufeff39.9899 46.8988\u200e", 39.9899, 46.8988),
    ("39.9899, 46.8988", 39.9899, 46.8988),
    ("39.9899,46.8988", 39.9899, 46.8988),
    ("39.9899; 46.8988", 39.9899, 46.8988),
    ("39,9899 46,8988", 39.9899, 46.8988),
    ("39,9899, 46,8988", 39.9899, 46.8988),
    ("39,9899;46,8988", 39.9899, 46.8988),
    ("39.9899° 46.8988°", 39.9899, 46.8988),
    ("39.9899º N, 46.8988˚ E", 39.9899, 46.8988),
    ("N39.9899 E46.8988", 39.9899, 46.8988),
    ("n 39,9899 e 046,8988", 39.9899, 46.8988),
    ("46.8988 E 39.9899 N", 39.9899, 46.8988),
    ("E 46.8988; N 39.9899", 39.9899, 46.8988),
    ("39.9899 north 46.8988 East", 39.9899, 46.8988),
    ("39.9899 с.ш. 46.8988 в.д.", 39.9899, 46.8988),
    ("39,9899° С. Ш., 46,8988° В. Д.", 39.9899, 46.8988),
    ("С 39,9899 В 46,8988", 39.9899, 46.8988),
    ("39.9899 северной широты 46.8988 восточной долготы", 39.9899, 46.8988),
    ("39.9899 ю.ш. 46.8988 з.д.", -39.9899, -46.8988),
    ("ŞİMAL 39,9899 ŞƏRQ 46,8988", 39.9899, 46.8988),
    ("39,9899 şimal enliyi 46,8988 şərq uzunluğu", 39.9899, 46.8988),
    ("39,9899 ş.e. 46,8988 ş.u.", 39.9899, 46.8988),
    ("39,9899 şm.e. 46,8988 şq.u.", 39.9899, 46.8988),
    ("39,9899 c.e. 46,8988 q.u.", -39.9899, -46.8988),
    ("CƏNUB 39.9899 QƏRB 46.8988", -39.9899, -46.8988),
    ("39.9899 Ş 46.8988 E", 39.9899, 46.8988),
    ("46.8988 Ş 39.9899 N", 39.9899, 46.8988),
    ("-39.9899 -46.8988", -39.9899, -46.8988),
    ("−39.9899 +46.8988", -39.9899, 46.8988),
    ("39.9899 S 46.8988 W", -39.9899, -46.8988),
    ("40 N 47 E", 40.0, 47.0),
    ("40; 47", 40.0, 47.0),
    ("90 -180", 90.0, -180.0),
    ("-0.0 0.0", 0.0, 0.0),
]

BAD = [
    ("", "empty"),
    (" \u200b ", "empty"),
    ("9" * 200, "too_long"),
    ("39.9899", "count"),
    ("39,9899", "count"),
    ("39.9899 N", "count"),
    ("Aghdam", "count"),
    ("39.98 99 46.8988", "count"),
    ("40 07 24.4 46", "fraction"),
    ("40°07'24.4\" 46°59'", "uneven"),
    ("40 07.5 24.4 46 59 26.1", "fraction"),
    ("40 60 24.4 46 59 26.1", "minutes_range"),
    ("40 07 024.4 46 59 26.1", "minutes_range"),
    ("40 07 24.4 46 -59 26.1", "sign"),
    ("39,9899,46,8988", "commas"),
    ("40,47.34", "commas"),
    ("38N 664,771.1 4,428,553.3", "commas"),
    ("39.98.99 46.8988", "number"),
    ("39. 46.8988", "number"),
    (".5 46.8988", "character"),
    ("39.9899|46.8988", "character"),
    ("39² 46.8988", "character"),
    ("３９.9899 46.8988", "character"),
    ("٣٩ 46.8988", "character"),
    ("39.98\u200b99 46.8988", "character"),
    ("39.9899-46.8988", "sign"),
    ("° 39.9899 46.8988", "mark"),
    ('40°07.407" 46°59.260"', "mark"),
    ("40'07° 46'59°", "mark"),
    ("40 07.407", "maybe_minutes"),
    ("40 46.8988", "maybe_minutes"),
    ("40° 07.4", "maybe_minutes"),
    ("40.5° 46.9", "maybe_minutes"),
    ("39.9899 foo 46.8988 E", "word"),
    ("39.9899 N 46.8988 Е", "word"),  # Cyrillic Е
    ("39.9899 N E 46.8988 E", "word"),
    ("39.9899 с.e. 46.8988 E", "word"),  # Cyrillic с, Latin e
    ("39.9899 C 46.8988 E", "lookalike"),  # Latin C
    ("Ş 39.9899 Ş 46.8988", "ambiguous_word"),
    ("39.9899 N 46.8988", "one_hemisphere"),
    ("39.9899 E 46.8988", "one_hemisphere"),
    ("N 39.9899 46.8988 E", "layout"),
    ("39.9899 46.8988 N", "layout"),
    ("39.9899 46.8988;", "layout"),
    ("39.9899 N 46.8988 S", "same_axis"),
    ("39.9899 E 46.8988 W", "same_axis"),
    ("-39.9899 N 46.8988 E", "sign_and_hemisphere"),
    ("39.9899 N +46.8988 E", "sign_and_hemisphere"),
    ("90.1 46.8988", "lat_range"),
    ("400724.4N 0465926.1E", "off_area"),
    ("120.5 100.1", "lat_range"),
    ("39.9899 180.1", "lon_range"),
    ("0039.9899 46.8988", "lat_range"),
    ("61N 664771 4428553", "zone"),
    ("0N 664771 4428553", "zone"),
    ("038N 664771 4428553", "zone"),
    ("38.5N 664771 4428553", "zone"),
    ("38I 664771 4428553", "zone_letter"),
    ("38С 664771 4428553", "cyrillic"),
    ("38N 4428553 664771", "easting"),
    ("38N 66477 4428553", "easting"),
    ("38N -664771 4428553", "easting"),
    ("38N 664771 442855", "northing"),
    ("38N 664771 -4428553", "northing"),
    ("38N 664771 10000001", "northing"),
    ("38N 664771 9900000", "off_earth"),
    ("38T 664771 4428553", "band"),  # 39.99 N is band S
    ("38S 500000 2000000", "zone_s"),
    ("38N, 664771, 4428553, 12", "count"),
    ("38SPK647712855", "square_digits"),
    ("38SPK64771 2855", "square_digits"),
    ("38SPK", "square_digits"),
    ("38SPI6477128553", "square"),
    ("38SQZ6477128553", "square"),
    ("38SРК6477128553", "cyrillic"),
    ("4'430'226 8'662'280", "mark"),
    ("8864942 4430416", "off_area"),  # CK-63 does not reach 80 N
    ("68SPK6477128553", "zone"),
    ("38IPK6477128553", "zone_letter"),
    ("38TPK6477128553", "band"),
    ("38RPK6477128553", "band"),
    ("X 4430226 Y 662280", "zone_or_utm"),
    ("4430226 662280", "zone_or_utm"),
    ("4430226 100000", "no_zone"),
    ("X 4430226 Y 9662280", "zone_wrong"),
    ("9662280 4430226", "zone_wrong"),
    ("zone 9 X 4430226 Y 8662280", "zone_said"),
    ("X 8662280 Y 4430226", "axes_swapped"),
    ("8662280 N 4430226 E", "axes_swapped"),
    ("4300000 4300000", "same_number"),
    ("X 4430226 X 8662280", "same_axis"),
    ("X 4430226 Z 8662280", "word"),
    ("X 4430226 8662280", "layout"),
    ("-4430226 8662280", "off_area"),
    ("4300000 4290000", "several"),
]


@pytest.mark.parametrize(("text", "lat", "lon"), GOOD)
def test_a_spelling_that_can_be_read_in_one_way_is_read(text: str, lat: float, lon: float) -> None:
    understood = parse(text)
    assert (understood.lat, understood.lon) == (lat, lon)
    assert (understood.format, understood.crs, understood.text) == ("dd", "EPSG:4326", text)
    assert understood.position == Position(lat, lon)


@pytest.mark.parametrize(("text", "reason"), BAD)
def test_a_spelling_that_cannot_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(CoordinateNotUnderstood) as refused:
        parse(text)
    assert refused.value.reason == reason
    for language in LANGUAGES:
        what, kept, do = refused.value.parts(Texts(language))
        assert "{" not in what + kept + do
        assert all((what, kept, do))


def test_every_reason_is_reached_by_an_example() -> None:
    assert {reason for _, reason in BAD} | {reason for _, _, reason in CHOSEN} == set(REASONS)


CHOSEN = [
    ("39.9899 46.8988", "nonsense", "system"),
    ("39.9899 46.8988", "utm", "other_system"),
    ("38N 664771 4428553", "dd", "other_system"),
    ("38SPK6477128553", "utm", "other_system"),
    ("X 4430226 Y 8662280", "dd", "other_system"),
    ("X 4430226 Y 8662280", "mgrs", "other_system"),
    ("SK-42 39.9899 46.8988", "sk42-gk", "other_system"),
    ("SK-42 39.9899 46.8988", "dd", "said_system"),
    ("WGS 84 39.9899 46.8988", "sk42", "said_system"),
    ("CK-63 X 4415902 Y 3248574", "sk42-gk", "said_system"),
    ("-10.5 15.5", "sk42", "off_area"),
    ("X 4430226 Y 8662280", "ck63", "zone_system"),
    ("X 4415902 Y 3248574", "sk42-gk", "zone_system"),
    ("X 4430226 Y 662280", "sk42-gk", "zone_missing"),
    ("X 4415902 Y 248574", "ck63", "zone_missing"),
]


@pytest.mark.parametrize(("text", "system", "reason"), CHOSEN)
def test_a_system_that_was_chosen_is_the_only_one_that_is_read(text: str, system: str, reason: str) -> None:
    with pytest.raises(CoordinateNotUnderstood) as refused:
        parse(text, system=system)
    assert refused.value.reason == reason
    for language in LANGUAGES:
        assert "{" not in refused.value.sentence(Texts(language))


def test_what_lies_outside_the_work_area_is_read_and_remarked() -> None:
    note = parse("10.5 10.5").notes[0]
    assert note.sentence(Texts()) == "This lies outside the work area."
    assert parse("39.9899 46.8988").notes == ()


def test_a_refusal_tells_the_piece_and_where_it_stands() -> None:
    with pytest.raises(CoordinateNotUnderstood) as refused:
        parse("39.9899 N 46.8988 Q")
    assert (refused.value.part, refused.value.at) == ("q", 18)
    assert "“q” is not a word for north, south, east or west." in str(refused.value)


def test_the_word_list_holds_nothing_that_is_north_in_one_language_and_south_in_another() -> None:
    assert len(HEMISPHERES) == sum(len(words.split()) for words in _HEMISPHERES.values())
    assert not {"ş", "c", "q"} & set(HEMISPHERES)


@pytest.mark.parametrize(
    ("text", "uncertainty_m"),
    [("39.9899 46.8988", 7.0), ("39.98990 46.89880", 0.70), ("38N 664771 4428553", 0.71), ("40; 47", 70_070)],
)
def test_the_digits_typed_tell_the_uncertainty(text: str, uncertainty_m: float) -> None:
    assert parse(text).uncertainty_m == pytest.approx(uncertainty_m, rel=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "38N 664771 4428553",
        "38n 664771 4428553",
        "38 N 664771.0 4428553.0",
        "38N664771 4428553",
        "38N, 664771, 4428553",
        "38N 664771,0 4428553,0",
        "38 north 0664771 04428553",
    ],
)
def test_utm_is_read(text: str) -> None:
    understood = parse(text)
    assert (understood.format, understood.crs) == ("utm", "EPSG:32638")
    assert distance_m(understood.lat, understood.lon, 39.9911, 46.9300) < 0.5


def test_the_letter_s_is_refused_with_both_readings() -> None:
    with pytest.raises(CoordinateNotUnderstood) as refused:
        parse("38S 664771 4428553", Frame(WorkArea(0, 0, 1, 1)))
    assert "39.991098° N 46.929999° E" in str(refused.value)
    assert "50.272141° S" in str(refused.value)


def test_the_letter_s_is_decided_by_the_work_area() -> None:
    understood = parse("38S 664771 4428553")
    assert understood.crs == "EPSG:32638"
    assert read_back(understood) == "39.991098° N 46.929999° E"


def test_the_letter_s_across_its_band_edge_is_refused_even_in_the_work_area() -> None:
    with pytest.raises(CoordinateNotUnderstood) as refused:
        parse("38S 664771 4528553")
    assert refused.value.reason == "band"


def test_the_letter_s_is_south_where_no_north_reaches() -> None:
    understood = parse("38S 664771 9900000")
    assert understood.crs == "EPSG:32738"
    assert -1 < understood.lat < 0


@pytest.mark.parametrize(("letter", "northing"), [("T", 4528553), ("X", 8500000), ("N", 4428553), ("R", 3000000)])
def test_northern_bands_are_read(letter: str, northing: int) -> None:
    assert parse(f"38{letter} 500000 {northing}").crs == "EPSG:32638"


@pytest.mark.parametrize(("letter", "northing"), [("M", 9900000), ("C", 1500000), ("F", 4428553), ("south", 4428553)])
def test_southern_bands_are_read(letter: str, northing: int) -> None:
    assert parse(f"38{letter} 500000 {northing}").crs == "EPSG:32738"


def test_swapped_numbers_are_asked_about() -> None:
    typed = parse("46.8988 39.9899")
    hint = swap_hint(typed.lat, typed.lon)
    assert hint == SwapHint(39.9899, 46.8988)
    assert hint.sentence(Texts()) == (
        "Swapped? The other way round it is 39.989900° N 46.898800° E, inside the work area."
    )


@pytest.mark.parametrize(("lat", "lon"), [(39.9899, 46.8988), (10.0, 10.0), (46.8988, 120.0)])
def test_nothing_is_asked_where_the_swap_would_not_help(lat: float, lon: float) -> None:
    assert swap_hint(lat, lon) is None


@pytest.mark.parametrize(
    ("lat", "lon", "dd"),
    [
        (39.9899, 46.8988, "39.989900° N 46.898800° E"),
        (39.9999996, 46.0, "40.000000° N 46.000000° E"),
        (-39.5, -46.25, "39.500000° S 46.250000° W"),
        (-0.0000001, -0.0, "0.000000° N 0.000000° E"),
        (0.0000005, 179.9999999, "0.000001° N 180.000000° E"),
    ],
)
def test_decimal_degrees_round_once_and_name_the_hemisphere(lat: float, lon: float, dd: str) -> None:
    assert format_position(lat, lon, "dd") == dd


def test_utm_is_printed_with_all_its_digits() -> None:
    assert format_position(39.9911, 46.9300, "utm") == "38N 664771 4428553"
    assert format_position(0.001, 45.0, "utm") == "38N 500000 0000111"
    assert format_position(-0.001, 45.0, "utm") == "38 south 500000 9999889"


@pytest.mark.parametrize(("lat", "lon"), [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0)])
def test_what_is_no_position_is_not_printed(lat: float, lon: float) -> None:
    with pytest.raises(ValueError, match="no position"):
        format_position(lat, lon, "dd")


def test_a_position_is_read_back_in_the_other_format() -> None:
    assert read_back(parse("39.9911 46.93")) == "38N 664771 4428553"
    assert read_back(parse("38N 664771 4428553")) == "39.991098° N 46.929999° E"
    assert read_back(parse("89.5 46.93")) == "89.500000° N 46.930000° E"


@given(LATS, LONS, st.sampled_from(["dd", "utm"]))
@example(40.0, 48.0, "utm")
def test_what_is_printed_is_read_again(lat: float, lon: float, how: Format) -> None:
    understood = parse(format_position(lat, lon, how))
    assert understood.format == how
    assert distance_m(lat, lon, understood.lat, understood.lon) <= understood.uncertainty_m + 0.001
    assert format_position(understood.lat, understood.lon, how) == format_position(lat, lon, how) or how == "utm"
    assert distance_m(lat, lon, *_place(read_back(understood))) <= 1.6


@given(st.floats(-80, 84), st.floats(-180, 180), st.sampled_from(["dd", "utm"]))
def test_what_is_printed_is_read_again_anywhere_on_earth(lat: float, lon: float, how: Format) -> None:
    understood = parse(format_position(lat, lon, how))
    assert distance_m(lat, lon, understood.lat, understood.lon) <= understood.uncertainty_m * 1.01 + 0.001


def _place(text: str) -> tuple[float, float]:
    understood = parse(text)
    return understood.lat, understood.lon


_SLIPS = " .,;:/-+°º'\"NSEWTCnsewСсВвЮЗŞşƏəmd²\u200b\u00a0"


@given(LATS, LONS, st.sampled_from(["dd", "utm", "plain", "comma"]), st.data())
def test_a_slip_outside_the_digits_never_moves_the_place_silently(
    lat: float, lon: float, how: str, data: st.DataObject
) -> None:
    """One sign, letter or blank lost, added or changed: refused, or the same place.

    The one thing a single slip can turn into another lawful spelling is the hemisphere: a sign put before a bare
    number, N for S, a southern band letter. Then latitude and longitude are mirrored or the CRS says south.
    """
    text = {"plain": f"{lat:.6f} {lon:.6f}", "comma": f"{lat:.5f} {lon:.5f}".replace(".", ",")}.get(how)
    text = text or format_position(lat, lon, "utm" if how == "utm" else "dd")
    before = parse(text)
    at = data.draw(st.integers(0, len(text)), label="at")
    slip = data.draw(st.sampled_from(_SLIPS), label="slip")
    kind = data.draw(st.sampled_from(["insert", "delete", "replace"]), label="kind")
    if kind == "insert":
        slipped = text[:at] + slip + text[at:]
    else:
        assume(at < len(text) and not text[at].isdigit())
        slipped = text[:at] + ("" if kind == "delete" else slip) + text[at + 1 :]
    try:
        after = parse(slipped)
    except CoordinateNotUnderstood:
        return
    if after.crs != before.crs:
        assert after.crs == before.crs.replace("EPSG:326", "EPSG:327")
        assert parse(text.replace("N", " south")).position == after.position
        return
    mirrored = (abs(after.lat), abs(after.lon)) == (abs(before.lat), abs(before.lon))
    assert mirrored
    if after.position != before.position:
        assert slip in "-−SsWwЮЗ"


@given(LATS, LONS, st.data())
def test_a_digit_lost_or_added_in_utm_is_always_refused(lat: float, lon: float, data: st.DataObject) -> None:
    text = format_position(lat, lon, "utm")
    at = data.draw(st.integers(text.index(" ") + 1, len(text) - 1))
    assume(text[at].isdigit())
    added = data.draw(st.sampled_from("0123456789"))
    for slipped in (text[:at] + text[at + 1 :], text[:at] + added + text[at:]):
        try:
            after = parse(slipped)
        except CoordinateNotUnderstood:
            continue
        assert after.position == parse(text).position, slipped  # a leading zero


_TOWN = CustomSystem("town", "Town grid", "+proj=tmerc +lat_0=38 +lon_0=47.5 +ellps=krass", EPSG_1808)
_FRAME = Frame(systems=(_TOWN,))
_PIECES = st.sampled_from(
    ["SK-42", "CK-63", "WGS 84", "town", "zone 8", "38N", "38S PK", "X", "Y", "N", "E", "С", "В", "şərq", "deg", "=",
     ",", "4430226", "8662280", "4 430 226", "662280", "3248574", "16408717", "39.9911", "46,9300", "40°07'24.4\"",
     "59.26'", "-46", "0", "99999999", "6477128553", "64771", "28553"]
)  # fmt: skip


def _read_or_refused(text: str, system: str) -> Position | str:
    try:
        understood = parse(text, _FRAME, system)
    except CoordinateNotUnderstood as refused:
        return str(refused)
    assert read_back(understood, _FRAME)
    assert format_position(understood.lat, understood.lon, understood.format, _FRAME)
    assert 0 < understood.uncertainty_m <= understood.accuracy_m
    return understood.position


@given(
    st.text(max_size=60)
    | st.text(alphabet="0123456789.,;-+° NSEWnsew'ŞşСВ", max_size=40)
    | st.lists(_PIECES, max_size=6).map(" ".join),
    st.sampled_from(["auto", *FORMATS, "town"]),
)
@settings(max_examples=300)
def test_whatever_is_typed_is_a_position_on_the_earth_or_a_sentence(text: str, system: str) -> None:
    outcome = _read_or_refused(text, system)
    if isinstance(outcome, str):
        assert outcome.endswith("Type it like 39.9899 46.8988 or 38N 664771 4428553.")
    else:
        assert -90 <= outcome.lat <= 90
        assert -180 <= outcome.lon <= 180
