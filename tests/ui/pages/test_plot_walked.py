"""A plot walked with a receiver on a pseudo-terminal: a corner is one key, kept at once, refused while it is stale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.geodesy.area import distance_m
from fieldapp.operations import drafts, records
from tests.builders_receiver import quiet_receiver
from tests.ui.pages.desk import CTRL, Key
from tests.ui.pages.test_position_block import Field
from ui import sound

CORNERS = ((39.9911, 46.93), (39.9911, 46.931), (39.9918, 46.931))


@pytest.fixture
def sounds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sounds made."""
    made: list[int] = []
    monkeypatch.setattr(sound, "alarm", lambda: made.append(1))
    return made


@pytest.fixture
def field(app: QApplication, qtbot: QtBot, tmp_path: Path, sounds: list[int]) -> Iterator[Field]:
    with quiet_receiver() as talker:
        made = Field(qtbot, tmp_path / "laptop", talker)
        made.desk.open("plot")
        yield made
        made.desk.close()


def stand_at(field: Field, place: tuple[float, float]) -> None:
    """The receiver is carried there, and has said so."""
    field.talker.place = place

    def there() -> bool:
        field.hear(2)
        state = field.desk.session.receiver.state()
        fix = state.fix if state is not None and state.status == "live" else None  # else a jump not believed yet
        return fix is not None and distance_m(fix.lat, fix.lon, *place) < 0.5

    field.qtbot.waitUntil(there, timeout=30_000)


def test_each_corner_is_one_key_and_kept_at_once_with_its_accuracy(field: Field) -> None:
    form = field.desk.plot().form
    for count, place in enumerate(CORNERS, 1):
        stand_at(field, place)
        field.desk.press(Key.Key_F5)
        field.desk.settle()
        (draft,) = drafts.kept(field.desk.ws)
        assert len(draft.fields["points"].split("\n")) == count
    assert "±" in form.points.rows[0].said.text()
    assert form.area.text() != "No area yet"
    field.desk.press(Key.Key_Return, CTRL)
    record = records.get(field.desk.ws, field.desk.saved("plot")[0].name)
    (ring,) = record.fields["outline"][0]
    assert [vertex["fixed_by"] for vertex in ring] == ["live_fix"] * 3
    assert all(float(vertex["accuracy_m"]) > 0 for vertex in ring)
    assert [round(float(vertex["lat"]), 5) for vertex in ring] == [place[0] for place in CORNERS]


def test_a_stale_fix_adds_no_corner_and_is_refused_with_a_sentence_and_a_sound(field: Field, sounds: list[int]) -> None:
    form = field.desk.plot().form
    stand_at(field, CORNERS[0])
    field.desk.press(Key.Key_F5)
    field.silence(14)
    before = len(sounds)
    field.desk.press(Key.Key_F5)
    assert len(sounds) == before + 1
    assert form.refused.isVisible()
    assert form.refused.words()[0] == "The receiver is silent: its last position is 14 s old."
    assert len(form.points.points()) == 1
    stand_at(field, CORNERS[1])
    field.desk.press(Key.Key_F5)
    assert not form.refused.isVisible()
    assert len(form.points.points()) == 2


def test_typing_over_a_corner_of_the_receiver_makes_it_a_typed_one_without_its_accuracy(field: Field) -> None:
    form = field.desk.plot().form
    stand_at(field, CORNERS[0])
    field.desk.press(Key.Key_F5)
    form.points.rows[0].line.setText("39.991100 46.930000")
    assert "±" not in form.points.rows[0].said.text()
    assert "fixed_by" not in form.points.text()
