from __future__ import annotations

import pytest

from fieldapp.texts import Texts
from tests.builders import RECTANGLE
from ui.forms import outline_values
from ui.forms.points import point_names
from ui.forms.typed_outline import RingAt, TypedLine, TypedOutlineText, as_text, from_text

HOLE = ("40.0202 46.9803", "40.0202 46.9808", "40.0205 46.9805")
PART = ("40.021 46.98", "40.021 46.9805", "40.0214 46.9803")
WHOLE = "\n".join((*RECTANGLE, "\thole", *HOLE, "\tpart", *PART))
TEXTS = Texts("en")


def test_a_plain_list_is_one_ring_and_comes_back_as_it_was() -> None:
    typed = from_text("\n".join(RECTANGLE))
    assert [line.text for line in typed.at(RingAt(0, 0))] == list(RECTANGLE)
    assert as_text(typed) == "\n".join(RECTANGLE)


@pytest.mark.parametrize(
    "text",
    ["", WHOLE, "\tin\tsk42-gk\n4430226 8662280", "40 47\tRP\n\n40 48", '40 47\t\t\t{"lat": "40", "lon": "47"}'],
)
def test_what_was_typed_comes_back_byte_for_byte(text: str) -> None:
    assert as_text(from_text(text)) == text


def test_tabs_and_line_ends_in_a_point_break_no_list() -> None:
    typed = TypedOutlineText(parts=(((TypedLine("40\t47\n40 48"),),),))
    assert from_text(as_text(typed)).count == 1


def test_a_shell_takes_its_holes_with_it_and_the_last_ring_is_only_emptied() -> None:
    typed = from_text(WHOLE)
    assert [place for place, _ in typed.without(RingAt(0, 0)).rings()] == [RingAt(0, 0)]
    assert [line.text for line in typed.without(RingAt(0, 0)).at(RingAt(0, 0))] == list(PART)
    assert from_text("\n".join(RECTANGLE)).without(RingAt(0, 0)) == TypedOutlineText()


def test_holes_are_taken_out_of_the_area_and_parts_added() -> None:
    whole, shell = (outline_values.look(from_text(text), TEXTS) for text in (WHOLE, "\n".join(RECTANGLE)))
    hole, part = (outline_values.look(from_text("\n".join(ring)), TEXTS) for ring in (HOLE, PART))
    areas = [float(looked.measured.area_m2 or 0) for looked in (whole, shell, hole, part) if looked.measured]
    assert areas[0] == pytest.approx(areas[1] - areas[2] + areas[3], abs=0.11)
    assert [len(ring.points) for ring in outline_values.drawing_of(whole, RingAt(0, 1)).rings] == [4, 3, 3]
    assert [ring.edited for ring in outline_values.drawing_of(whole, RingAt(0, 1)).rings] == [False, True, False]


def test_landmarks_are_no_corners() -> None:
    looked = outline_values.look(from_text("\n".join(("40.019 46.979\tRP", *RECTANGLE))), TEXTS)
    assert looked.measured is not None
    assert str(looked.measured.area_m2) == "9595.7"
    drawing = outline_values.drawing_of(looked, RingAt(0, 0))
    assert [point.name for point in drawing.beside] == ["RP"]
    assert [point.name for point in drawing.rings[0].points] == ["SP", "TP1", "TP2", "TP3"]


def test_points_are_named_by_their_roles() -> None:
    assert point_names(["RP", "BM", "", "", "IP", "EP"]) == ["RP", "BM", "SP", "TP1", "IP2", "EP"]


def test_a_stored_outline_comes_back_as_rows_that_measure_the_same() -> None:
    looked = outline_values.look(from_text(WHOLE), TEXTS)
    assert looked.measured is not None
    again = outline_values.typed_of_stored(looked.measured.outline)
    assert [[line.text for line in ring] for _, ring in again.rings()] == [list(RECTANGLE), list(HOLE), list(PART)]
    measured = outline_values.look(from_text(as_text(again)), TEXTS).measured
    assert measured is not None
    assert measured.outline == looked.measured.outline
