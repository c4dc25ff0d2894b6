"""Typed positions on the Find page: each slip is said where it is typed, with what to do; a photo; what is near."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.operations import finds, lookup
from fieldapp.operations.fallbacks import Start
from fieldapp.texts import Texts
from tests.ui.pages.desk import ALT, CTRL, Desk, Key
from ui.forms.surroundings import Surroundings
from ui.forms.where import Where
from ui.widgets.position_given import Given

JPEG = b"\xff\xd8\xff\xe0 a photo of the receiver"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[46.93, 39.98], [46.94, 39.98], [46.94, 39.99], [46.93, 39.99], [46.93, 39.98]]],
}


@pytest.mark.parametrize(
    ("system", "text", "tone", "said"),
    [
        ("sk42-gk", "4430226 9662280", "danger", "outside the work area: in it, this would be 8662280"),
        ("sk42-gk", "4430226 662280", "danger", "The zone digit is missing in front of “662280”"),
        ("sk42-gk", "8662280 4430226", "warn", "Read with the easting first"),
        ("auto", "46.8988 39.9899", "warn", "Swapped?"),
        ("auto", "51.5007 0.1246", "warn", "This lies outside the work area."),
        ("mgrs", "38TPK6477128553", "danger", "Band T does not go with this northing"),
        ("sk42", "39.99120 46.93120", "warn", "If it is WGS 84, the place is 103 m away"),
        ("auto", "39.9911", "danger", "A position has two numbers"),
    ],
)  # fmt: skip
def test_each_slip_is_said_on_the_screen(desk: Desk, system: str, text: str, tone: str, said: str) -> None:
    desk.open("find")
    block = desk.find().form.position
    block.set_text(Given(system=system, text=text).as_text())
    assert block._banner.tone() == tone
    assert said in "\n".join(block._banner.words())


def test_sk_42_typed_by_keys_is_read_back_with_its_operation_and_accuracy(desk: Desk) -> None:
    desk.press(Key.Key_F2)
    desk.settle()
    desk.press(Key.Key_P, ALT)
    desk.type("4430226 8662280")
    desk.press(Key.Key_Tab)
    desk.press(Key.Key_Space)
    block = desk.find().form.position
    assert desk.focus() is block.typed.systems
    for _ in range(5):
        desk.press(Key.Key_Right)
    desk.press(Key.Key_Space)
    assert block.typed.button.text() == "Typed in: SK-42 Gauss-Krueger, 6°"
    assert block.second.text() == "39.989908° N 46.898804° E"
    assert "± 4.5 m from the datum (EPSG:15865)" in block._banner.words()[1]
    assert ("Datum", "± 4.5 m") in block.quality.lines()
    desk.find().form.model.setFocus()
    desk.type("pmn2")
    desk.press(Key.Key_S, CTRL)
    (saved,) = desk.saved()
    assert (saved["typed_text"], saved["datum_operation"]) == ("4430226 8662280", "EPSG:15865")
    assert (saved["accuracy_basis"], saved["satellites"]) == ("typed_digits", None)
    assert 4.5 <= saved["accuracy_m"] < 5


def test_the_system_of_a_draft_is_kept(desk: Desk) -> None:
    desk.open("find")
    desk.find().form.position.typed.show_typed("4430226 8662280", "sk42-gk")
    desk.settle()
    desk.session.set_language("ru")
    desk.settle()
    desk.open("find")
    assert desk.find().form.position.typed.system() == "sk42-gk"
    assert desk.find().form.position.second.text() == "39.989908° N 46.898804° E"


def test_f9_attaches_a_photo_of_the_receiver(desk: Desk, tmp_path: Path) -> None:
    photo = tmp_path / "screen.jpg"
    photo.write_bytes(JPEG)
    desk.press(Key.Key_F2)
    desk.settle()
    desk.press(Key.Key_F9)
    desk.type(str(photo))
    desk.find().form.model.setFocus()
    desk.type("pmn2")
    desk.press(Key.Key_S, CTRL)
    (find,) = desk.saved()
    (kept,) = lookup.rows(desk.ws, "photo")
    assert (kept["shows"], kept["file_name"]) == (find.name, "screen.jpg")


def test_a_photo_that_cannot_be_used_saves_nothing_and_says_so(desk: Desk, tmp_path: Path) -> None:
    desk.open("find")
    form = desk.find().form
    form.photo.set_text(str(tmp_path / "none.jpg"))
    form.model.setFocus()
    desk.type("pmn2")
    desk.press(Key.Key_S, CTRL)
    assert desk.saved() == []
    error = form.error()
    assert error is not None
    assert "none.jpg" in error.words()[0]
    assert form.values()["model"] != ""


def test_the_tasks_point_and_edge_are_read_back() -> None:
    around = Surroundings((Start("T-118", 39.985, 46.9352, 3.0, "task"),), "T-118", SQUARE)
    facts = dict(around.facts(Where(39.9805, 46.935), Texts("en")))
    assert facts["Task T-118"] == "inside, 56 m from the edge"
    assert facts["To the point of T-118"].startswith("500 m at 2° true")
    outside = dict(around.facts(Where(39.979, 46.935), Texts("en")))
    assert outside["Task T-118"].startswith("outside, 111 m")


@pytest.mark.parametrize("way", ["live_fix", "bearing_distance"])
def test_a_correction_shows_a_position_nobody_typed_as_it_was_saved_and_leaves_it_alone(desk: Desk, way: str) -> None:
    position = {"lat": "39.9911", "lon": "46.93", "fixed_by": way, "accuracy_m": "2.9", "accuracy_basis": "receiver"}
    if way == "live_fix":
        position |= {"fix_type": "DGNSS", "satellites": "14"}
    else:
        position |= {"accuracy_basis": "computed", "typed_text": "212 magnetic, 34.5 m, QKD-0412-T"}
    made = finds.add_find(desk.ws, position, model_text="PMN-2")
    desk.open("find", made.name)
    form = desk.find().form
    assert form.position.first.text() == "39.991100° N 46.930000° E"
    assert form.position._banner.words()[0] == "Position as it was saved"
    form.depth_cm.set_text("12")
    form.reason.set_text("measured again")
    desk.press(Key.Key_S, CTRL)
    (saved,) = desk.saved()
    assert (saved["depth_cm"], saved["lat"], saved["fixed_by"], saved["accuracy_m"]) == (12, 39.9911, way, 2.9)
    desk.open("find", made.name)
    desk.find().form.position.use("typed")
    desk.type("39.9800 46.9000")
    desk.find().form.reason.set_text("another place")
    desk.press(Key.Key_S, CTRL)
    (saved,) = desk.saved()
    assert (saved["lat"], saved["fixed_by"], saved["satellites"], saved["fix_type"]) == (39.98, "typed", None, None)
