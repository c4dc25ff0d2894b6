from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest

from fieldapp.domain.kinds import Field, FieldType, Names, one
from fieldapp.operations import drafts, finds, records
from tests.builders import a_find
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.desk import ALT, CTRL, Desk, Key
from ui.forms import find_form, find_values
from ui.forms.find_form import FindForm
from ui.widgets import Choice

HERE = "39.9899 46.8988"


def at_a_position(desk: Desk, text: str = HERE) -> None:
    """The Find page with a position typed; the keys are counted from here."""
    desk.press(Key.Key_F2)
    desk.settle()
    desk.type(text)
    desk.press(Key.Key_Return)
    desk.settle()
    desk.keys = 0


@pytest.mark.parametrize("model", ["pmn2", "пмн2", "зьт2", "gvy2"])
@pytest.mark.parametrize("armed", ["a", "ф"])
def test_a_pmn_2_armed_at_5_cm_takes_8_keys_on_either_layout(desk: Desk, model: str, armed: str) -> None:
    at_a_position(desk)
    desk.type(model)
    desk.press(Key.Key_Return)
    desk.type("5" + armed)
    desk.press(Key.Key_Return)
    assert desk.keys == 8
    (saved,) = desk.saved()
    assert (saved["model"], saved["category"], saved["quantity"], saved["depth_cm"], saved["condition"]) == (
        "pmn-2", "ap_mine", 1, 5, "armed",
    )  # fmt: skip
    assert (saved["lat"], saved["lon"], saved["typed_text"]) == (39.9899, 46.8988, HERE)
    assert saved["anti_lift"] is None
    assert (saved["accuracy_m"], saved["accuracy_basis"], saved["satellites"]) == (None, None, None)


def test_the_same_model_again_takes_4_keys(desk: Desk) -> None:
    a_find(desk.ws, model_text="TM-62M")
    at_a_position(desk)
    desk.press(Key.Key_Return)
    desk.type("5a")
    desk.press(Key.Key_Return)
    assert desk.keys == 4
    assert [row["model"] for row in desk.saved()] == ["tm-62m", "tm-62m"]


def test_after_save_and_next_the_form_is_empty_and_waits_for_a_position(desk: Desk) -> None:
    at_a_position(desk)
    desk.type("pmn2")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_Return, CTRL)
    desk.settle()
    form = desk.find().form
    assert not any(form.values().values())
    assert desk.focus() is form.position.field.line
    assert "PMN-2" in desk.find()._last_words.text()
    assert drafts.kept(desk.ws) == []


def test_quantity_is_one_shift_tab_before_depth(desk: Desk) -> None:
    at_a_position(desk)
    desk.type("pmn2")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_Backtab)
    desk.type("7")
    desk.press(Key.Key_S, CTRL)
    assert desk.saved()[0]["quantity"] == 7


def test_nothing_about_danger_is_chosen_beforehand(desk: Desk) -> None:
    desk.press(Key.Key_F2)
    desk.settle()
    form = desk.find().form
    assert not any(form.values().values())


def test_the_position_is_read_back_in_a_second_format_and_the_district_is_only_asked(desk: Desk) -> None:
    at_a_position(desk)
    form = desk.find().form
    assert form.position.first.text() == "39.989900° N 46.898800° E"
    assert form.position.second.text() == "38N 662110 4428363"
    assert form.district.isVisible()
    assert form.district.words()[0] == "Aghdam?"
    assert form.values()["place"] == ""
    desk.press(Key.Key_D, ALT)
    assert form.values()["place"] == "AZ-AGM"
    assert not form.district.isVisible()


def test_a_swapped_pair_is_asked_about_and_put_right_by_one_press(desk: Desk) -> None:
    desk.press(Key.Key_F2)
    desk.settle()
    desk.type("46.8988 39.9899")
    form = desk.find().form
    assert any(line.first == "Swapped?" for line in form.checks.lines())
    assert form.position.text() == "46.8988 39.9899"
    desk.press(Key.Key_Tab)
    desk.press(Key.Key_Space)
    assert form.position.text() == HERE
    assert not any(line.first == "Swapped?" for line in form.checks.lines())
    assert desk.focus() is form.position.field.line


def test_a_find_without_position_is_saved(desk: Desk) -> None:
    desk.press(Key.Key_F2)
    desk.settle()
    desk.press(Key.Key_Return)
    desk.type("pmn2")
    desk.press(Key.Key_Return)
    assert "Position" in desk.find().form.checks.lines()[-1].detail
    desk.press(Key.Key_S, CTRL)
    (saved,) = desk.saved()
    assert (saved["lat"], saved["typed_text"]) == (None, None)


def test_a_model_that_is_not_in_the_list_is_kept_as_typed(desk: Desk) -> None:
    at_a_position(desk)
    desk.type("rusty tin ")
    assert desk.find().form.checks.lines()[0].first == "Model not in the list"
    desk.press(Key.Key_S, CTRL)
    (saved,) = desk.saved()
    assert (saved["model"], saved["model_text"]) == (None, "rusty tin")


def test_a_find_of_nothing_is_refused_in_place_and_the_draft_is_kept(desk: Desk) -> None:
    at_a_position(desk)
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    error = desk.find().form.error()
    assert error is not None
    assert error.words()[0] == "A find needs a model, a category or a text."
    assert desk.saved() == []
    assert drafts.kept(desk.ws)[0].fields["position"] == HERE
    desk.type("pmn2")
    assert desk.find().form.error() is None


def test_a_tile_of_one_category_chooses_it_from_anywhere(desk: Desk) -> None:
    desk.press(Key.Key_F2)
    desk.settle()
    desk.press(Key.Key_2, ALT)
    form = desk.find().form
    assert form.values()["category"] == "at_mine"
    assert desk.focus() is form.model.line


def test_a_tile_of_several_opens_them_as_a_row_and_the_page_does_not_scroll(desk: Desk) -> None:
    desk.press(Key.Key_F2)
    desk.settle()
    desk.press(Key.Key_4, ALT)
    form = desk.find().form
    row = form.category.open_row()
    assert isinstance(row, Choice)
    assert desk.focus() is row
    assert form.values()["category"] == ""
    desk.press(Key.Key_Right)
    desk.press(Key.Key_Space)
    assert form.values()["category"] == "mortar_bomb"
    desk.settle()
    area = desk.window.scroll_area()
    assert area is not None
    assert area.verticalScrollBar().maximum() == 0
    desk.press(Key.Key_S, CTRL)
    assert desk.saved()[0]["category"] == "mortar_bomb"


def test_another_category_than_the_models_is_asked_about_and_saved_as_chosen(desk: Desk) -> None:
    at_a_position(desk)
    desk.type("pmn2")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_7, ALT)
    assert desk.find().form.checks.lines()[0].detail == "PMN-2 is listed as AP mine."
    desk.press(Key.Key_S, CTRL)
    assert (desk.saved()[0]["category"], desk.saved()[0]["model"]) == ("ied_booby_trap", "pmn-2")


def test_several_models_at_one_place_share_lot_and_position(desk: Desk) -> None:
    at_a_position(desk)
    for model in ("pmn2", "tm62m", "og7"):
        desk.type(model)
        desk.press(Key.Key_Return)
        if model == "og7":
            desk.press(Key.Key_Return, CTRL)
        else:
            desk.press(Key.Key_L, CTRL)
        desk.settle()
    saved = desk.saved()
    assert len(saved) == 3
    assert len({row["lot"] for row in saved}) == 1
    assert saved[0]["lot"]
    assert {(row["lat"], row["lon"]) for row in saved} == {(39.9899, 46.8988)}
    assert desk.find().form.values()["lot"] == ""


def test_a_new_place_ends_the_lot(desk: Desk) -> None:
    at_a_position(desk)
    desk.type("pmn2")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_L, CTRL)
    desk.settle()
    form = desk.find().form
    assert form.same_place.isVisible()
    form.same_place.buttons[0].click()
    assert (form.values()["lot"], form.values()["position"]) == ("", "")
    assert not form.same_place.isVisible()


def test_a_large_quantity_is_read_back_in_words_and_saved_all_the_same(desk: Desk) -> None:
    at_a_position(desk)
    desk.type("og7")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_Backtab)
    desk.type("3120")
    lines = desk.find().form.checks.lines()
    assert ("Quantity 3120?", "Read it back: three thousand one hundred and twenty.") in [
        (line.first, line.detail) for line in lines
    ]
    desk.press(Key.Key_S, CTRL)
    assert desk.saved()[0]["quantity"] == 3120


def test_a_near_find_of_the_same_model_is_asked_about(desk: Desk) -> None:
    a_find(desk.ws)
    at_a_position(desk, "39.98991 46.8988")
    desk.type("pmn2")
    desk.press(Key.Key_Return)
    assert any(line.first == "The same item?" for line in desk.find().form.checks.lines())


def test_esc_leaves_and_keeps_the_draft_which_today_continues(desk: Desk) -> None:
    at_a_position(desk)
    desk.type("pmn")
    desk.press(Key.Key_Escape)  # the list of hits
    desk.press(Key.Key_Escape)
    desk.settle()
    assert desk.window.current_page() is desk.today()
    assert desk.saved() == []
    (draft,) = drafts.kept(desk.ws)
    assert (draft.fields["model"], draft.fields["position"]) == ("pmn", HERE)
    desk.press(Key.Key_F2)
    assert desk.find().form.values()["model"] == "pmn"


def test_saved_is_only_said_once_the_record_is_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    there: list[int] = []
    save = find_values.save

    def watched(*arguments: object, **options: object) -> object:
        there.append(len(records.list_records(desk.ws, "find")))
        assert not desk.find().last_saved.isVisible()
        made = save(*arguments, **options)  # type: ignore[arg-type]
        there.append(len(records.list_records(desk.ws, "find")))
        return made

    monkeypatch.setattr(find_values, "save", watched)
    at_a_position(desk)
    desk.type("pmn2")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_Return, CTRL)
    desk.settle()
    assert there == [0, 1]
    assert desk.find().last_saved.isVisible()
    assert desk.find()._last_note.text() == "Saved on this laptop. Not at any headquarters yet."


def test_pressing_save_twice_saves_once(desk: Desk) -> None:
    at_a_position(desk)
    desk.type("pmn2")
    desk.press(Key.Key_Return)
    page = desk.find()
    page.save("next")
    page.save("next")
    assert len(desk.saved()) == 1


def test_a_value_that_cannot_be_taken_is_marked_at_its_field(desk: Desk) -> None:
    at_a_position(desk)
    desk.type("pmn2")
    desk.press(Key.Key_Return)
    form = desk.find().form
    form.set_values({"found_on": "yesterday"})
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    (item,) = [item for item in form.more if item.field.name == "found_on"]
    assert item.widget.isVisible()
    assert form.more_button.isChecked()
    assert desk.saved() == []


def test_a_field_added_to_the_declaration_appears_and_is_saved_with_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = one(Field("colour", FieldType.TEXT, Names("Colour", "Rəng", "Цвет")))
    kind = replace(find_values.FIND, groups=(*find_values.FIND.groups, extra))
    monkeypatch.setattr(FindForm, "kind", kind)
    monkeypatch.setattr(find_values, "FIND", kind)
    monkeypatch.setattr(find_form, "FIND", kind)
    form = FindForm(desk.session)
    (item,) = [item for item in form.more if item.field.name == "colour"]
    item.input.set_text("green")
    assert find_values.fields_of(form.values())["colour"] == "green"
    form.deleteLater()


def test_all_declared_fields_have_an_input(desk: Desk) -> None:
    form = desk.find().form
    shown = set(form.values()) | {"lat", "lon"}
    assert {one.name for one in find_values.FIND.form_fields()} <= shown


def test_a_correction_writes_only_what_changed_with_its_reason(desk: Desk) -> None:
    made = a_find(desk.ws, model_text="TM-62M", remarks="by the road")
    desk.open("find", made.name)
    page = desk.find()
    assert page.heading() == f"Correct {made.fields['local_id']}"
    page.form.model.line.selectAll()
    desk.type("pmn2")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    assert page.form.reason.problem() == "A change to a saved record needs a reason."
    assert desk.focus() is page.form.reason.area
    desk.type("read the marking")
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    corrected = records.get(desk.ws, made.name)
    assert (corrected.fields["model"], corrected.fields["category"]) == ("pmn-2", "ap_mine")
    assert corrected.fields["remarks"] == "by the road"
    last = records.history(desk.ws, made.name)[-1]
    assert last.why == "read the marking"
    assert set(last.changes) == {"what"}
    assert desk.window.current_page() is desk.window.pages["records"]
    assert desk.find().form.record is None


def test_what_came_while_a_correction_was_open_is_a_conflict_and_never_overwritten(desk: Desk) -> None:
    made = a_find(desk.ws)
    desk.open("find", made.name)
    form = desk.find().form
    records.correct(desk.ws, made.name, {"depth_cm": 20}, "measured again")
    form.depth_cm.line.setFocus()
    form.depth_cm.line.selectAll()
    desk.type("8")
    form.reason.set_text("misread")
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    (conflict,) = records.get(desk.ws, made.name).conflicts
    assert sorted(conflict.readings) == [8, 20]


def test_a_group_with_several_readings_cannot_be_edited(desk: Desk) -> None:
    made = a_find(desk.ws)
    for depth in (8, 20):
        finds.correct_find(desk.ws, made.name, {"depth_cm": depth}, "measured", heads=made.heads)
    desk.open("find", made.name)
    form = desk.find().form
    assert not form.depth_cm.isEnabled()
    assert form.condition.isEnabled()


def test_the_position_can_be_corrected_and_taken_away(desk: Desk) -> None:
    made = a_find(desk.ws)
    for text, lat in (("39.98 46.9", 39.98), ("", None)):
        desk.open("find", made.name)
        form = desk.find().form
        form.position.set_text(text)
        form.reason.set_text("wrong sheet")
        desk.press(Key.Key_S, CTRL)
        desk.settle()
        (row,) = desk.saved()
        assert row["lat"] == lat
        assert row["typed_text"] == (text or None)


def test_leaving_a_correction_keeps_its_draft_and_f2_begins_a_new_find(desk: Desk) -> None:
    made = a_find(desk.ws)
    desk.open("find", made.name)
    desk.find().form.depth_cm.set_text("77")
    desk.press(Key.Key_Escape)
    desk.settle()
    assert [draft.form for draft in drafts.kept(desk.ws)] == [made.name]
    desk.press(Key.Key_F2)
    desk.settle()
    assert desk.find().form.record is None
    desk.open("find", made.name)
    form = desk.find().form
    assert form.question() is not None
    assert form.values()["depth_cm"] == "77"


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_every_text_fits_and_every_target_is_large_enough(desk: Desk, language: str) -> None:
    made = a_find(desk.ws)
    desk.session.set_language(language)
    desk.settle()
    desk.open("find")
    page = desk.find()
    for values in ({}, {"position": "46.8988 39.9899"}, {"position": HERE, "model": "PMN-2", "quantity": "3120"}):
        page.form.set_values(values)
        desk.settle()
        assert clipped_texts(desk.window) == []
        assert small_targets(desk.window) == []
    page.form.more_button.click()
    desk.settle()
    assert clipped_texts(desk.window) == []
    desk.open("find", made.name)
    assert clipped_texts(desk.window) == []
    assert small_targets(desk.window) == []


def test_typing_never_waits_for_the_worker(desk: Desk) -> None:
    desk.press(Key.Key_F2)
    line = desk.find().form.position.field.line
    QTest.keyClicks(line, HERE)
    assert line.text() == HERE
    desk.settle()
    assert drafts.kept(desk.ws)[0].fields["position"] == HERE
