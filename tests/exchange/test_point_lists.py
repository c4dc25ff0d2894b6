"""Pasted lists of points: tables, headings, ids, roles; every line read or named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.exchange.point_lists import MOST_CHARACTERS, MOST_LINES, ListNotRead, PointList, read, role_of_words
from fieldapp.texts import LANGUAGES, Texts


def texts_of(found: PointList) -> list[str]:
    assert not found.unread, [line.sentence(Texts()) for line in found.unread]
    return [line.text for line in found.lines]


@pytest.mark.parametrize(
    ("pasted", "roles"),
    [
        ("39.9911 46.93\n39.9921 46.93\n39.9921 46.94", ["", "", ""]),
        ("39.9911, 46.93\n\n39.9921, 46.93\n39.9921, 46.94\n", ["", "", ""]),
        ("1 39.9911 46.93\n2 39.9921 46.93\n3 39.9921 46.94", ["", "", ""]),
        ("SP\t39.9911\t46.93\nTP1\t39.9921\t46.93\nTP 2\t39.9921\t46.94", ["SP", "TP1", "TP2"]),
        ("sp;39,9911;46,93\ntp1;39,9921;46,93\nip1;39,9921;46,94", ["SP", "TP1", "IP1"]),
        ("a,39.9911,46.93\nb,39.9921,46.93\nc,39.9921,46.94", ["", "", ""]),
        ("id;lat;lon\n1;39,9911;46,93\n2;39,9921;46,93\n3;39,9921;46,94", ["", "", ""]),
        ("lon\tlat\trole\n46.93\t39.9911\tstart point\n46.93\t39.9921\tTurning point 1\n46.94\t39.9921\tson nöqtə",
         ["SP", "TP1", "EP"]),
        ('"id","широта","долгота"\n"1","39.9911","46.93"\n"2","39.9921","46.93"\n"3","39.9921","46.94"', ["", "", ""]),
        ("\ufeffpoint\n39.9911 46.93\n39.9921 46.93\n39.9921 46.94\n", ["", "", ""]),
        ("point;lat;lon\n1;39.9911;46.93\n2;39.9921;46.93\n3;39.9921;46.94\n", ["", "", ""]),
        ("Our corners\n39.9911 46.93\n39.9921 46.93\n39.9921 46.94\n", ["", "", ""]),
    ],
)
def test_the_ways_in_which_lists_are_written_give_the_same_points(pasted: str, roles: list[str]) -> None:
    found = read(pasted)
    texts_of(found)
    assert [line.role for line in found.lines] == roles
    places = [(line.understood.lat, line.understood.lon) for line in found.lines if line.understood]
    assert places == [(39.9911, 46.93), (39.9921, 46.93), (39.9921, 46.94)]


def test_a_table_of_grid_numbers_takes_its_zone_from_its_own_column() -> None:
    table = "No\tZone\tEasting\tNorthing\n1\t38N\t664 771\t4 428 553\n2\t38N\t664 871\t4 428 553\n"
    assert texts_of(read(table)) == ["38N 664771 4428553", "38N 664871 4428553"]
    turned = "zone;x;y\n38N;4428553;664771\n38N;664871;4428553\n"
    assert texts_of(read(turned)) == ["38N 664771 4428553", "38N 664871 4428553"]


def test_degrees_in_columns_x_and_y_are_refused_instead_of_guessed() -> None:
    found = read("id;x;y\n1;46.93;39.9911\n")
    [line] = found.unread
    assert line.sentence(Texts()) == "Line 2: Degrees in columns named X and Y may stand in either order."


def test_every_line_that_cannot_be_read_is_named_with_its_number() -> None:
    found = read("39.9911 46.93\n\nby the old oak\n39.9921 46.93\n139 46\n")
    assert [(line.number, line.typed) for line in found.unread] == [(3, "by the old oak"), (5, "139 46")]
    for language in LANGUAGES:
        assert all(str(line.number) in line.sentence(Texts(language)) for line in found.unread)
    assert found.lines[0].sentence(Texts()) == ""


def test_a_row_that_lacks_a_cell_is_an_error_of_its_own() -> None:
    found = read("id;lat;lon\n1;39.9911;46.93\n2;39.9911\n3\n")
    assert [line.number for line in found.unread] == [3, 4]
    found = read("id;easting;northing;zone\n1;664771\n")
    assert len(found.unread) == 1


@pytest.mark.parametrize(
    "pasted", ["", " \n\n", "id;lat;lon\n", "x" * (MOST_CHARACTERS + 1), "39 46\n" * (MOST_LINES + 1)],
    ids=["empty", "blank", "heading", "long", "lines"],
)  # fmt: skip
def test_what_is_no_list_is_refused_whole(pasted: str) -> None:
    with pytest.raises(ListNotRead) as refused:
        read(pasted)
    assert len({refused.value.sentence(Texts(language)) for language in LANGUAGES}) == 3


@pytest.mark.parametrize(
    ("words", "role"),
    [("SP", "SP"), ("tp12", "TP12"), ("TP-3", "TP3"), ("Поворотная", ""), ("Точка поворота 4", "TP4"),
     ("Dönmə nöqtəsi", "TP"), ("benchmark", "BM"), ("reper", "BM"), ("7", ""), ("", ""), ("XX1", "")],
)  # fmt: skip
def test_roles_are_known_by_code_and_by_name(words: str, role: str) -> None:
    assert role_of_words(words) == role


@given(st.text("0123456789.,;\t -NESWabcXY\n\"'°", max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        found = read(text)
    except ListNotRead:
        return
    assert all((line.understood is None) == (line.error is not None) for line in found.lines)
