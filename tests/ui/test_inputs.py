from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from fieldapp.texts import Texts
from tests.ui.layout import clipped_texts, shown_at
from ui.forms.declared import model_search
from ui.widgets import Button, Choice, Field, Hit, ModelField, NumberField, Option, PositionBlock, Reading, TileGrid

CONDITIONS = [Option(word.lower(), word, word[0]) for word in ("Armed", "Unarmed", "Damaged")]


def type_into(widget: QWidget, text: str) -> None:
    """Key presses with the text they make, as a keyboard of any layout sends them."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            focused = QApplication.focusWidget() or widget
            QApplication.sendEvent(focused, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


class Sheet(QWidget):
    """A model, a number and a choice below each other, in a shown window."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        self.model = ModelField("Model", Texts(), model_search("en"), Hit("pmn_2", "PMN-2"))
        self.depth_field = NumberField("Depth, cm", maximum=300)
        self.condition = Choice("Condition", CONDITIONS)
        self.tiles = TileGrid([Option("ap", "AP mine", icon="ordnance-ap"), Option("at", "AT", icon="ordnance-at")])
        for widget in (self.model, self.depth_field, self.condition, self.tiles):
            column.addWidget(widget)
        column.addStretch(1)
        shown_at(self, 600, 760)
        self.activateWindow()
        self.model.setFocus()
        QApplication.processEvents()


@pytest.fixture
def sheet(app: QApplication) -> Sheet:
    return Sheet()


@pytest.mark.parametrize("typed", ["pmn2", "PMN-2", "пмн2"])
def test_enter_takes_the_model_that_stands_first(sheet: Sheet, typed: str) -> None:
    type_into(sheet, typed)
    marked = sheet.model.hits.marked()
    assert marked is not None
    assert marked.name == "PMN-2"
    QTest.keyClick(sheet.model.line, Qt.Key.Key_Return)
    assert sheet.model.text() == "PMN-2"
    assert sheet.model.code() == marked.code != ""
    assert sheet.depth_field.line.hasFocus()


def test_an_unknown_model_is_kept_as_typed_and_marked(sheet: Sheet) -> None:
    type_into(sheet, "qqqxyz 7")
    QTest.keyClick(sheet.model.line, Qt.Key.Key_Return)
    assert (sheet.model.text(), sheet.model.code()) == ("qqqxyz 7", "")
    assert sheet.model.note() == "not in the list"


def test_enter_on_the_empty_field_takes_the_last_model(sheet: Sheet) -> None:
    QTest.keyClick(sheet.model.line, Qt.Key.Key_Return)
    assert (sheet.model.text(), sheet.model.code()) == ("PMN-2", "pmn_2")


def test_a_hit_can_be_tapped_and_arrows_move_the_mark(sheet: Sheet) -> None:
    type_into(sheet, "pmn")
    QTest.keyClick(sheet.model.line, Qt.Key.Key_Down)
    second = sheet.model.hits.buttons[1]
    assert sheet.model.hits.marked() == second.hit
    assert second.height() >= 56
    assert clipped_texts(sheet) == []
    QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    assert sheet.model.code() == second.hit.code
    assert sheet.model.hits.marked() is None


def test_escape_closes_the_hits_and_keeps_the_text(sheet: Sheet) -> None:
    type_into(sheet, "pmn")
    QTest.keyClick(sheet.model.line, Qt.Key.Key_Escape)
    assert sheet.model.hits.marked() is None
    assert sheet.model.text() == "pmn"


def test_typing_after_a_model_was_taken_gives_its_code_up(sheet: Sheet) -> None:
    sheet.model.set_text("PMN-2")
    assert sheet.model.code()
    type_into(sheet, "x")
    assert sheet.model.code() == ""


def test_a_letter_in_a_number_is_handed_on_and_not_entered(sheet: Sheet) -> None:
    letters: list[str] = []
    sheet.depth_field.letter.connect(letters.append)
    sheet.depth_field.setFocus()
    type_into(sheet, "5a")
    assert (sheet.depth_field.text(), letters) == ("5", ["a"])


def test_plus_and_minus_keep_to_the_limits(sheet: Sheet) -> None:
    sheet.depth_field.set_text("299")
    for _ in range(3):
        QTest.mouseClick(sheet.depth_field.more, Qt.MouseButton.LeftButton)
    assert sheet.depth_field.text() == "300"
    sheet.depth_field.set_text("1")
    for _ in range(3):
        QTest.mouseClick(sheet.depth_field.less, Qt.MouseButton.LeftButton)
    assert sheet.depth_field.text() == "0"


def test_a_comma_is_read_as_a_point_where_fractions_are_allowed(app: QApplication) -> None:
    field = NumberField("Area, m2", fraction=True)
    shown_at(field, 400, 100)
    QTest.keyClicks(field.line, "12,5")
    assert field.text() == "12.5"


@pytest.mark.parametrize("letter", ["d", "D", "в"])
def test_a_key_letter_chooses_by_letter_and_by_place_on_a_russian_layout(sheet: Sheet, letter: str) -> None:
    assert sheet.condition.press_letter(letter)
    assert sheet.condition.text() == "damaged"


def test_nothing_is_preselected_and_enter_chooses_nothing(sheet: Sheet) -> None:
    sheet.condition.setFocus()
    QTest.keyClick(sheet.condition, Qt.Key.Key_Return)
    assert sheet.condition.text() == ""
    assert not any(button.isChecked() for button in sheet.condition.buttons)


def test_arrows_and_space_choose_and_a_second_press_takes_back(sheet: Sheet) -> None:
    sheet.condition.setFocus()
    QTest.keyClick(sheet.condition, Qt.Key.Key_Right)
    assert sheet.condition.text() == ""
    QTest.keyClick(sheet.condition, Qt.Key.Key_Space)
    assert sheet.condition.text() == "unarmed"
    QTest.mouseClick(sheet.condition.buttons[1], Qt.MouseButton.LeftButton)
    assert sheet.condition.text() == ""


def test_alt_and_a_digit_chooses_a_tile(sheet: Sheet) -> None:
    seen: list[str] = []
    sheet.tiles.changed.connect(seen.append)
    QTest.keyClick(sheet, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert (sheet.tiles.text(), seen) == ("at", ["at"])
    assert [tile.isChecked() for tile in sheet.tiles.tiles] == [False, True]


def test_a_problem_is_said_under_the_field(app: QApplication) -> None:
    field = Field("Day")
    shown_at(field, 400, 120)
    field.set_problem("This is no day.")
    assert field.problem() == "This is no day."
    assert clipped_texts(shown_at(field, 400, 120)) == []


def test_a_swapped_position_is_put_right_by_the_banners_button(app: QApplication) -> None:
    def read(text: str) -> Reading:
        if text.startswith("46"):
            return Reading("warn", "Are the axes swapped?", "", "46 N", "", "39.9 46.9", "Swap")
        return Reading("ok", "Position typed", "", "39.9 N 46.9 E", "38S PK 64701 28086")

    block = PositionBlock(Texts(), read)
    assert block.reading() is None
    block.set_text("46.9 39.9")
    shown_at(block, 400, 500)
    swap = next(button for button in block.findChildren(Button) if button.text() == "Swap")
    QTest.mouseClick(swap, Qt.MouseButton.LeftButton)
    assert block.text() == "39.9 46.9"
    assert block.first.text() == "39.9 N 46.9 E"
