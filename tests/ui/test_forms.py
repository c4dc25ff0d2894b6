from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.domain.kinds import Field, FieldType, Kind, Names, one
from fieldapp.domain.registry import KINDS
from fieldapp.operations import drafts
from fieldapp.texts import Texts
from tests.ui.layout import shown_at
from ui.forms.declared import CodeField, form_widgets
from ui.forms.draft_form import DraftForm
from ui.session import Session
from ui.widgets import Choice, NumberField, Option
from ui.widgets import Field as LineField


class SmallForm(DraftForm):
    def __init__(self, session: Session) -> None:
        super().__init__(session, "small")
        self.name, self.depth_field = LineField("Name"), NumberField("Depth")
        self.condition = Choice("Condition", [Option("armed", "Armed", "A"), Option("damaged", "Damaged", "D")])
        self.add("name", self.name)
        self.add("depth", self.depth_field)
        self.add("condition", self.condition)
        for widget in (self.name, self.depth_field, self.condition):
            self.body.addWidget(widget)
        self.letters_to(self.depth_field, self.condition)


def settle(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.background.is_busy())


def kept(qtbot: QtBot, session: Session) -> dict[str, str]:
    found: list[dict[str, str]] = []
    session.ask(drafts.kept, lambda all_kept: found.extend(one.fields for one in all_kept))
    settle(qtbot, session)
    return found[0] if found else {}


def test_each_change_is_committed_as_typed_even_when_it_is_not_valid(qtbot: QtBot, session: Session) -> None:
    form = SmallForm(session)
    sentences: list[str] = []
    form.kept.connect(sentences.append)
    form.depth_field.set_text("-")
    assert kept(qtbot, session) == {"name": "", "depth": "-", "condition": ""}
    assert sentences[0].startswith("Draft kept ")
    assert len(sentences[0].split()[-1]) == len("14:22:08")


def test_a_draft_is_shown_again_and_asked_about(qtbot: QtBot, session: Session) -> None:
    first = SmallForm(session)
    first.name.set_text("Tag 7")
    first.condition.set_text("damaged")
    settle(qtbot, session)
    again = SmallForm(session)
    again.restore()
    settle(qtbot, session)
    assert again.values() == {"name": "Tag 7", "depth": "", "condition": "damaged"}
    question = again.question()
    assert question is not None
    question.pressed.emit()
    assert again.question() is None
    assert again.values()["name"] == "Tag 7"


def test_discard_empties_the_form_and_forgets_the_draft(qtbot: QtBot, session: Session) -> None:
    SmallForm(session).name.set_text("Tag 7")
    form = SmallForm(session)
    form.restore()
    settle(qtbot, session)
    question = form.question()
    assert question is not None
    question.second_pressed.emit()
    assert set(form.values().values()) == {""}
    assert kept(qtbot, session) == {}


def test_ctrl_z_takes_the_last_change_back_and_keeps_that_too(qtbot: QtBot, session: Session) -> None:
    form = SmallForm(session)
    shown_at(form, 500, 400)
    form.name.set_text("Tag")
    form.condition.set_text("armed")
    form.condition.set_text("damaged")
    QTest.keyClick(form.name.line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert form.values()["condition"] == "armed"
    assert kept(qtbot, session)["condition"] == "armed"
    assert form.undo()
    assert form.undo()
    assert set(form.values().values()) == {""}
    assert not form.undo()


def test_five_and_a_in_depth_is_five_and_armed(session: Session) -> None:
    form = SmallForm(session)
    shown_at(form, 500, 400)
    QTest.keyClicks(form.depth_field.line, "5a")
    assert (form.values()["depth"], form.values()["condition"]) == ("5", "armed")


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.form_fields()], ids=lambda kind: kind.name)
@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_every_declared_form_field_but_shapes_has_an_input(app: QApplication, kind: Kind, language: str) -> None:
    wanted = [field.name for field in kind.form_fields() if field.type is not FieldType.SHAPE]
    assert [item.field.name for item in form_widgets(kind, Texts(language))] == wanted


def test_a_field_added_to_a_declaration_appears_in_its_form(app: QApplication) -> None:
    fuze = one(Field("fuze_colour", FieldType.TEXT, Names("Fuze colour", "Partladıcının rəngi", "Цвет взрывателя")))
    longer = replace(KINDS["find"], groups=(*KINDS["find"].groups, fuze))
    item = form_widgets(longer, Texts("ru"))[-1]
    assert isinstance(item.widget, LineField)
    assert item.widget.label() == "Цвет взрывателя"


def test_a_code_of_a_long_list_is_typed_by_name_and_kept_as_code(app: QApplication) -> None:
    items = {item.field.name: item.widget for item in form_widgets(KINDS["find"], Texts("ru"))}
    category = items["category"]
    assert isinstance(category, CodeField)
    category.set_text("ap_mine")
    assert category.text() == "ap_mine"
    assert category.line.text() != "ap_mine"
    category.set_text("a code of a newer version")
    assert category.text() == "a code of a newer version"
