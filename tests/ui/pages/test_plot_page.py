from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from fieldapp.operations import drafts, records
from tests.builders import RECTANGLE, a_plot
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.desk import ALT, CTRL, Desk, Key
from ui.dialogs.points import PointsDialog
from ui.forms import plot_values
from ui.forms.plot_form import PlotForm
from ui.forms.typed_outline import TypedLine
from ui.widgets.sketch import round_length

UTM = ("38N 668969 4431855", "38N 669089 4431858", "38N 669087 4431937", "38N 668967 4431935")


def new_plot(desk: Desk) -> PlotForm:
    """The Plot page by its key, the focus in the first row of points."""
    desk.press(Key.Key_F3)
    desk.settle()
    desk.press(Key.Key_F5)
    return desk.plot().form


def walk(desk: Desk, points: tuple[str, ...]) -> None:
    for point in points:
        desk.type(point)
        desk.press(Key.Key_Return)


def test_a_plot_is_logged_by_keys_alone(desk: Desk) -> None:
    desk.press(Key.Key_F3)
    desk.settle()
    desk.press(Key.Key_Space)
    desk.press(Key.Key_Return)
    desk.type("manu")
    desk.press(Key.Key_Return)
    desk.type("20")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_Return)
    walk(desk, RECTANGLE)
    desk.press(Key.Key_S, CTRL)
    (saved,) = desk.saved("plot")
    assert (saved["release"], saved["method"], saved["depth_cm"]) == ("cleared", "manual", 20)
    assert saved["area_m2"] == 9595.7
    assert saved["completed_on"] == "2024-07-29"
    record = records.get(desk.ws, saved.name)
    assert [vertex["text"] for vertex in record.fields["outline"][0][0]] == list(RECTANGLE)
    assert [vertex["role"] for vertex in record.fields["outline"][0][0]] == ["SP", "TP1", "TP2", "TP3"]
    assert desk.window.current_page() is desk.today()


def test_area_hectares_legs_and_the_difference_to_declared_follow_the_typing(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, RECTANGLE)
    form.declared_m2.line.setFocus()
    desk.type("9500")
    assert form.area.text() == "9,596 m²"
    assert form.hectares.text() == "0.960 ha, computed on the ellipsoid"
    assert form.apart.text() == "+96 m²"
    assert form.points.rows[2].said.text().startswith("38N 669087 4431937 · ")
    assert form.points.rows[2].said.text().endswith(" · to next 120.0 m")
    assert form.points.rows[0].said.text() == (
        "38N 668969 4431855 · The digits typed tell the place to 701 m only. · to next 120.0 m"
    )
    assert [point.name for point in form.sketch.points()] == ["SP", "TP1", "TP2", "TP3"]
    assert not form.problem.isVisible()


def test_utm_is_read_back_in_degrees(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, UTM)
    assert form.points.rows[0].said.text().startswith("40.02000")
    assert form.looked().measured is not None


def test_a_self_crossing_is_said_with_its_place_and_saved_without_an_area(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, (RECTANGLE[0], RECTANGLE[2], RECTANGLE[1], RECTANGLE[3]))
    assert form.problem.isVisible()
    assert form.problem.words()[0] == "The outline crosses or touches itself at 40.020360° N 46.980703° E."
    desk.press(Key.Key_Return, CTRL)
    (saved,) = desk.saved("plot")
    assert saved["area_m2"] is None


def test_two_points_and_the_first_again_enclose_nothing(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, (*RECTANGLE[:2], RECTANGLE[0]))
    assert form.area.text() == "No area yet"
    desk.press(Key.Key_Return, CTRL)
    assert desk.saved("plot")[0]["area_m2"] is None


def test_swapped_points_are_asked_about_and_put_right_together(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, tuple(" ".join(reversed(point.split())) for point in RECTANGLE))
    assert form.problem.words() == ("Swapped?", "4 points lie in the work area only the other way round.")
    form.problem.buttons[1].click()
    assert form.points.points() == list(RECTANGLE)
    assert not form.problem.isVisible()


def test_a_point_that_cannot_be_read_is_named_and_the_others_are_still_drawn(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, (RECTANGLE[0], "40.02", RECTANGLE[1]))
    assert form.problem.words()[0] == "Cannot be read: TP1"
    assert form.points.rows[1].said.tone() == "danger"
    assert [point.name for point in form.sketch.points()] == ["SP", "TP2"]
    desk.press(Key.Key_Return, CTRL)
    desk.settle()
    assert form.error() is not None
    assert desk.saved("plot") == []
    assert drafts.kept(desk.ws)[0].fields["points"].split("\n")[1] == "40.02"


def test_a_point_can_be_inserted_and_removed(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, (RECTANGLE[0], RECTANGLE[2]))
    form.points.rows[1].line.setFocus()
    desk.press(Key.Key_Insert, ALT)
    assert desk.focus() is form.points.rows[1].line
    desk.type(RECTANGLE[1])
    assert form.points.points() == list(RECTANGLE[:3])
    form.points.rows[0].line.setFocus()
    form.points.editor.remove_button.click()
    assert form.points.points() == [RECTANGLE[1], RECTANGLE[2]]
    assert [row.name.text() for row in form.points.rows] == ["SP", "TP1", "TP2"]


def test_undo_takes_back_one_point_at_a_time(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, RECTANGLE)
    form.points.rows[0].line.setFocus()
    desk.press(Key.Key_Delete, ALT)
    seen = []
    for _ in range(5):
        desk.press(Key.Key_Z, CTRL)
        seen.append(form.points.points())
    assert seen == [list(RECTANGLE), list(RECTANGLE[:3]), list(RECTANGLE[:2]), list(RECTANGLE[:1]), []]


def test_what_was_undone_is_made_again(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, RECTANGLE[:3])
    for _ in range(2):
        desk.press(Key.Key_Z, CTRL)
    assert form.points.points() == [RECTANGLE[0]]
    desk.press(Key.Key_Y, CTRL)
    assert form.points.points() == list(RECTANGLE[:2])
    desk.press(Key.Key_Y, CTRL)
    desk.press(Key.Key_Y, CTRL)
    assert form.points.points() == list(RECTANGLE[:3])
    desk.press(Key.Key_Z, CTRL)
    desk.press(Key.Key_F5)
    desk.type("9")
    desk.press(Key.Key_Y, CTRL)
    assert form.points.points() == [*RECTANGLE[:2], "9"]


def test_a_point_is_moved_up_and_down_by_keys(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, RECTANGLE[:3])
    form.points.rows[2].line.setFocus()
    desk.press(Key.Key_Up, ALT)
    assert form.points.points() == [RECTANGLE[0], RECTANGLE[2], RECTANGLE[1]]
    assert desk.focus() is form.points.rows[1].line
    desk.press(Key.Key_Down, ALT)
    desk.press(Key.Key_Down, ALT)
    assert form.points.points() == list(RECTANGLE[:3])


def test_both_ways_keep_what_was_typed_and_the_one_with_something_in_it_counts(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, RECTANGLE)
    desk.press(Key.Key_B, ALT)
    assert desk.focus() is form.legs.start.line
    assert form.other_way.isVisible()
    assert form.area.text() == "9,596 m²"
    desk.press(Key.Key_Return, CTRL)
    assert desk.saved("plot")[0]["area_m2"] == 9595.7


def test_a_ring_of_legs_is_entered_by_keys_closes_and_keeps_the_legs_as_typed(desk: Desk) -> None:
    form = new_plot(desk)
    desk.press(Key.Key_B, ALT)
    desk.type("38N 668969 4431855")
    form.legs.north.set_text("true")
    form.legs.rows.focus_first_free()
    for leg in (("90", "120"), ("0", "80"), ("270", "120,5"), ("180", "80")):
        for cell in leg:
            desk.type(cell)
            desk.press(Key.Key_Return)
    assert form.legs.misclosure.words()[0] == "Closes well: 0.50 m in 401 m, 1:799"
    assert form.legs.misclosure.tone() == "ok"
    assert [point.name for point in form.sketch.points()] == ["SP", "TP1", "TP2", "TP3"]
    desk.press(Key.Key_Return, CTRL)
    (saved,) = desk.saved("plot")
    record = records.get(desk.ws, saved.name)
    assert [leg["bearing"] for leg in record.fields["legs"][0]["legs"]] == ["90", "0", "270", "180"]
    assert record.fields["outline"][0][0][1]["fixed_by"] == "bearing_distance"


def test_a_misclosure_is_said_in_metres_and_1_to_n_by_word_and_colour_and_shared_out_on_request(desk: Desk) -> None:
    form = new_plot(desk)
    legs = [["90", "120", ""], ["0", "80", ""], ["270", "110", ""], ["180", "80", ""]]
    form.set_values({"way": "legs", "legs": json.dumps({"start": "40.02 46.98", "north": "true", "legs": legs})})
    assert form.legs.misclosure.tone() == "danger"
    assert form.legs.misclosure.words()[0] == "Too far off: 10.00 m in 390 m, 1:39"
    assert form.sketch.drawing().gap is not None
    raw = form.area.text()
    form.legs.adjust.set_text("bowditch")
    assert form.area.text() != raw
    assert "Area as measured 9,199.9 m², shared out 9,189.7 m²." in form.legs.misclosure.words()[1]
    assert [ring.faint for ring in form.sketch.drawing().rings] == [False, True]


def test_a_leg_that_cannot_be_read_is_named_and_stays(desk: Desk) -> None:
    form = new_plot(desk)
    legs = [["90", "120", ""], ["abc", "80", ""], ["270", "x", ""]]
    form.set_values({"way": "legs", "legs": json.dumps({"start": "40.02 46.98", "north": "true", "legs": legs})})
    assert form.legs.rows.rows[2].said.tone() == "danger"
    form.legs.rows.rows[2].lines[1].setText("120")
    assert form.legs.rows.rows[1].said.tone() == "danger"
    assert form.problem.isVisible()
    desk.press(Key.Key_Return, CTRL)
    desk.settle()
    assert form.error() is not None
    assert desk.saved("plot") == []


def test_a_walked_plot_is_corrected_by_its_legs(desk: Desk) -> None:
    legs = [["90", "120", ""], ["0", "80", ""], ["270", "120", ""], ["180", "80", ""]]
    form = new_plot(desk)
    text = json.dumps({"start": "40.02 46.98", "north": "true", "legs": legs})
    form.set_values({"way": "legs", "legs": text, "release": "cleared"})
    desk.press(Key.Key_Return, CTRL)
    (saved,) = desk.saved("plot")
    desk.open("plot", saved.name)
    form = desk.plot().form
    assert form.way.text() == "legs"
    assert json.loads(form.legs.text()) == json.loads(text)
    form.legs.rows.rows[0].lines[1].setText("110")
    form.reason.set_text("the tape was read again")
    desk.press(Key.Key_Return, CTRL)
    desk.settle()
    assert records.get(desk.ws, saved.name).fields["legs"][0]["legs"][0]["distance_m"] == "110"


def test_holes_parts_and_roles_are_entered_by_keys_and_stored(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, RECTANGLE)
    form.points.hole_button.setFocus()
    desk.press(Key.Key_Return)
    walk(desk, ("40.0202 46.9803", "40.0202 46.9808", "40.0205 46.9805"))
    form.points.part_button.setFocus()
    desk.press(Key.Key_Return)
    walk(desk, ("40.021 46.98", "40.021 46.9805", "40.0214 46.9803"))
    form.points.ring.set_text("0 0")
    form.points.rows[3].line.setFocus()
    form.points.role.button.setFocus()
    desk.press(Key.Key_Return)
    form.points.role.choices[-1].setFocus()
    desk.press(Key.Key_Return)
    assert form.points.rows[3].name.text() == "EP"
    desk.press(Key.Key_Return, CTRL)
    record = records.get(desk.ws, desk.saved("plot")[0].name)
    assert [[len(ring) for ring in part] for part in record.fields["outline"]] == [[4, 3], [3]]
    assert record.fields["outline"][0][0][3]["role"] == "EP"
    assert float(record.fields["area_m2"]) < 9595.7 + 1000


def test_a_hole_is_drawn_and_a_hole_outside_its_part_is_said(desk: Desk) -> None:
    form = new_plot(desk)
    outside = ("40.03 46.9803", "40.03 46.9808", "40.0305 46.9805")
    form.set_values({"points": "\n".join((*RECTANGLE, "\thole", *outside))})
    assert form.problem.words()[0].startswith("A hole lies outside of its part")
    assert len(form.sketch.drawing().rings) == 2


def test_rows_left_empty_are_no_points(desk: Desk) -> None:
    form = new_plot(desk)
    walk(desk, RECTANGLE)
    form.points.insert_before(2)
    assert form.looked().measured is not None
    desk.press(Key.Key_Return, CTRL)
    assert desk.saved("plot")[0]["area_m2"] == 9595.7


def test_every_point_is_kept_in_the_draft_as_it_is_typed(desk: Desk) -> None:
    new_plot(desk)
    walk(desk, RECTANGLE[:2])
    desk.type("40.0")
    desk.settle()
    (draft,) = drafts.kept(desk.ws)
    assert draft.form == "plot"
    assert draft.fields["points"] == "\n".join((*RECTANGLE[:2], "40.0"))


def test_what_a_plot_needs_for_sign_off_is_listed_until_it_is_there(desk: Desk) -> None:
    form = new_plot(desk)
    assert form.needed.text() == "Needed to sign off: Release, Depth cleared to, Turning points, Method"
    form.set_values({"release": "cleared", "method": "manual", "depth_cm": "20", "points": "\n".join(RECTANGLE)})
    assert form.needed.text() == "Complete for sign-off"


def test_a_corrected_outline_gets_a_new_area_and_keeps_the_rest(desk: Desk) -> None:
    made = a_plot(desk.ws, remarks="steep")
    desk.open("plot", made.name)
    form = desk.plot().form
    assert form.points.points() == list(RECTANGLE)
    form.points.remove(3)
    form.reason.set_text("TP3 was a peg of the neighbour")
    desk.press(Key.Key_Return, CTRL)
    desk.settle()
    corrected = records.get(desk.ws, made.name)
    assert corrected.fields["area_m2"] == "4797.9"
    assert corrected.fields["remarks"] == "steep"
    assert set(records.history(desk.ws, made.name)[-1].changes) == {"land"}


def test_a_correction_without_a_reason_is_refused_at_its_field(desk: Desk) -> None:
    made = a_plot(desk.ws)
    desk.open("plot", made.name)
    desk.plot().form.depth_cm.set_text("30")
    desk.press(Key.Key_Return, CTRL)
    desk.settle()
    assert desk.plot().form.reason.problem()
    assert records.get(desk.ws, made.name).fields["depth_cm"] == 20


def test_land_with_several_readings_cannot_be_edited(desk: Desk) -> None:
    made = a_plot(desk.ws)
    for depth in (10, 30):
        records.correct(desk.ws, made.name, {"depth_cm": depth}, "sheet", heads=made.heads)
    desk.open("plot", made.name)
    form = desk.plot().form
    assert not form.points.isEnabled()
    assert not form.depth_cm.isEnabled()
    assert form.method.isEnabled()


def test_all_declared_fields_have_an_input(desk: Desk) -> None:
    form = desk.plot().form
    assert {one.name for one in plot_values.PLOT.form_fields()} <= set(form.values()) | {"outline"}


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_every_text_fits_and_every_target_is_large_enough(desk: Desk, language: str) -> None:
    made = a_plot(desk.ws)
    desk.session.set_language(language)
    desk.settle()
    desk.open("plot")
    form = desk.plot().form
    crossing = "\n".join((RECTANGLE[0], RECTANGLE[2], RECTANGLE[1], RECTANGLE[3]))
    swapped = "\n".join(" ".join(reversed(point.split())) for point in RECTANGLE)
    for points in ("", "\n".join(RECTANGLE), crossing, swapped, "40.02 46.98\nabc"):
        form.set_values({"points": points, "declared_m2": "9500", "method": "manual"})
        desk.settle()
        assert clipped_texts(desk.window) == []
        assert small_targets(desk.window) == []
    desk.open("plot", made.name)
    assert clipped_texts(desk.window) == []


@pytest.mark.parametrize(("metres", "long"), [(0.7, 0.5), (1, 1), (19, 10), (20, 20), (499, 200), (500, 500)])
def test_the_scale_bar_has_a_round_length(metres: float, long: float) -> None:
    assert round_length(metres) == pytest.approx(long)


LIST = "id\tlat\tlon\nSP\t40.02\t46.98\nTP1\t40.02\t46.981406\nTP2\t40.02072\t46.981406\nTP3\t40.02072\t46.98\n"


def test_a_list_pasted_into_a_row_is_shown_line_by_line_before_it_is_taken(desk: Desk) -> None:
    form = new_plot(desk)
    QApplication.clipboard().setText(LIST)
    desk.press(Key.Key_V, CTRL)
    (dialog,) = desk.window.findChildren(PointsDialog)
    assert form.points.points() == []
    assert dialog.table.rows.rowCount() == 4
    assert dialog.go.text() == "Take 4 points"
    dialog.go.click()
    assert form.area.text() == "9,596 m²"
    form.undo()
    assert form.points.points() == []


def test_nothing_of_a_list_is_taken_while_a_line_cannot_be_read(desk: Desk) -> None:
    form = new_plot(desk)
    form.points.list_button.setFocus()
    desk.press(Key.Key_Return)
    (dialog,) = desk.window.findChildren(PointsDialog)
    assert not dialog.go.isEnabled()
    dialog.text.set_text(LIST.replace("40.02072\t46.981406", "4x\t46.981406"))
    assert not dialog.go.isEnabled()
    assert dialog.table.rows.cell(2, 2).tone == "danger"
    assert dialog.table.rows.cell(2, 2).text.startswith("Line 4: ")
    assert clipped_texts(dialog) == []
    dialog.leave.click()
    assert form.points.points() == []


def test_an_area_of_a_geojson_file_is_taken_with_its_hole(desk: Desk, tmp_path: Path) -> None:
    form = new_plot(desk)
    shell = [[46.98, 40.02], [46.981406, 40.02], [46.981406, 40.02072], [46.98, 40.02072], [46.98, 40.02]]
    hole = [[46.9803, 40.0202], [46.9808, 40.0202], [46.9805, 40.0205], [46.9803, 40.0202]]
    file = tmp_path / "area.geojson"
    file.write_text(json.dumps({"type": "Polygon", "coordinates": [shell, hole]}), encoding="utf-8")
    dialog = desk.plot().ask_list("")
    dialog.look_at(file)
    desk.settle()
    assert dialog.go.text() == "Take 7 points"
    dialog.go.click()
    assert [len(ring) for _, ring in form.points.typed().rings()] == [4, 3]
    file.write_text("{", encoding="utf-8")
    dialog = desk.plot().ask_list("")
    dialog.look_at(file)
    desk.settle()
    assert not dialog.go.isEnabled()
    dialog.reject()


def test_plots_that_share_ground_are_drawn_with_it_while_one_types(desk: Desk) -> None:
    made = a_plot(desk.ws)
    form = new_plot(desk)
    walk(desk, ("40.02 46.981", "40.02 46.982171", "40.02072 46.982171", "40.02072 46.981"))
    desk.qtbot.waitUntil(lambda: bool(form.sketch.drawing().neighbours), timeout=20_000)
    (neighbour,) = form.sketch.drawing().neighbours
    assert neighbour.name == made.fields["local_id"]
    assert [len(ring) for ring in neighbour.rings] == [4]
    form.points.set_text("")
    form.points.add_point(TypedLine("40.1 46.9"))
    desk.qtbot.waitUntil(lambda: not form.sketch.drawing().neighbours, timeout=20_000)


def test_a_hole_without_ground_around_it_is_never_taken_for_the_ground(desk: Desk) -> None:
    form = new_plot(desk)
    form.set_values({"points": "\n".join(("\thole", *RECTANGLE))})
    assert form.area.text() == "No area yet"
    assert form.problem.words()[0] == "A hole is typed, and the ground around it is not."
    desk.press(Key.Key_Return, CTRL)
    desk.settle()
    assert form.error() is not None
    assert desk.saved("plot") == []
