from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldapp.operations import export, imports, lists, not_in_list
from fieldapp.operations.writing import write
from tests.builders import Deployment, a_find
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.conftest import Opened
from tests.ui.pages.test_records_page import Open
from ui.dialogs.reason import ReasonDialog
from ui.pages.inbox import InboxPage
from ui.pages.list_parts import MapCard
from ui.pages.lists import ListsPage
from ui.widgets import Banner


def lists_page(opened: Opened) -> ListsPage:
    opened.window.open_page("lists")
    settle(opened)
    page = opened.window.pages["lists"]
    assert isinstance(page, ListsPage)
    return page


def settle(opened: Opened) -> None:
    for _ in range(3):
        opened.settle()


def codes(page: ListsPage) -> list[str]:
    return [one.code for one in page.table.rows.all_rows()]


def choose(opened: Opened, page: ListsPage, code: str) -> None:
    page.table.selectRow(codes(page).index(code))
    settle(opened)


def search(opened: Opened, page: ListsPage, text: str) -> None:
    page.search.setText(text)
    page.refresh()
    settle(opened)


def unlisted(there: Deployment) -> None:
    """North logs three finds of models that are in no list, and one at a place nobody at headquarters knows."""
    north = there.laptops["north"]
    for text in ("Ləpə minası", "LƏPƏ-MINASI", "Пехотка"):
        find = a_find(north, model_text=text, category="ap_mine")
    write(north, find.name, {"place": "AZ-X-FAR"}, parents=find.heads, why="a newer list")
    imports.import_file(there.hq, export.export_for_hq(north, there.stick).path)


def test_headquarters_adds_a_model_by_keyboard_changes_it_and_withdraws_it(opened: Open) -> None:
    hq = opened("hq")
    hq.window.activateWindow()
    page = lists_page(hq)
    page.add.click()
    assert page.form is not None
    for name, text in (("name_en", "Wolf-3"), ("name_ru", "Волк-3"), ("aliases", "Yeddi\nQurd üç")):
        page.form.inputs[name].set_text(text)
    page.form.inputs["category"].set_text("ap_mine")
    assert QApplication.focusWidget() is page.form.code.line
    QTest.keyClick(page.form.code.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(hq)
    assert [one.words() for one in page.findChildren(Banner)] == [("Saved: Wolf-3", "")]
    added = lists.entry(hq.there.hq, "model", "wolf-3")
    assert (added.names["az"], added.facts["aliases"]) == ("Wolf-3", ["Yeddi", "Qurd üç"])
    search(hq, page, "QURD ÜÇ")
    assert codes(page) == ["wolf-3"]
    choose(hq, page, "wolf-3")
    page._edit(page.table.chosen_row())
    assert page.form is not None
    assert not page.form.save.isEnabled(), "a change needs its reason"
    page.form.inputs["name_az"].set_text("Qurd-3")
    page.form.reason.set_text("as on the crate")
    page.form.save.click()
    settle(hq)
    assert lists.entry(hq.there.hq, "model", "wolf-3").names["az"] == "Qurd-3"
    page._ask_why(lists.entry(hq.there.hq, "model", "wolf-3"))
    (dialog,) = page.findChildren(ReasonDialog)
    dialog.reason.set_text("never seen")
    dialog.go.click()
    settle(hq)
    assert lists.entry(hq.there.hq, "model", "wolf-3").withdrawn
    assert not hq.session.lists.search_models("wolf")


def test_what_cannot_be_an_entry_is_said_and_the_form_stays(opened: Open) -> None:
    hq = opened("hq")
    page = lists_page(hq)
    page.add.click()
    assert page.form is not None
    page.form.inputs["name_en"].set_text("Again")
    page.form.code.set_text("pmn-2")
    page.form.save.click()
    settle(hq)
    assert page.form is not None
    assert page.form.inputs["name_en"].text() == "Again"
    (said,) = page.findChildren(Banner)
    assert said.words()[0] == "“pmn-2” is in the list already."


def test_a_text_is_mapped_once_and_every_record_shows_the_model(opened: Open) -> None:
    hq = opened("hq")
    unlisted(hq.there)
    page = lists_page(hq)
    page.tabs.set_text("unmapped")
    settle(hq)
    texts = {one.text: one for one in page.texts_table.rows.all_rows()}
    assert {one.records for one in texts.values()} == {1, 2}
    place = next(at for at, one in enumerate(page.texts_table.rows.all_rows()) if one.records == 2)
    page.texts_table.selectRow(place)
    settle(hq)
    card = page.findChildren(MapCard)[-1]
    assert not card.map.isEnabled()
    card.model.set_text("PMN-2")
    card.map.click()
    settle(hq)
    assert [code for _, code in not_in_list.mapped(hq.there.hq)] == ["pmn-2"]
    assert all(one.records == 1 for one in page.texts_table.rows.all_rows())
    assert page.shown.item({"model": None, "model_text": "ləpə minasi", "category": "ap_mine"}) == "PMN-2"


def test_an_unknown_code_is_listed_with_what_to_do_and_goes_once_it_is_in_the_list(opened: Open) -> None:
    hq = opened("hq")
    unlisted(hq.there)
    page = lists_page(hq)
    page.tabs.set_text("unmapped")
    settle(hq)
    (banner,) = page.findChildren(Banner)
    assert banner.words() == (
        "“AZ-X-FAR”: 1 record names a code nobody here knows", "Team t7. Add the place to the list, with this code."
    )
    banner.buttons[0].click()
    settle(hq)
    assert page.form is not None
    assert page.form.code.text() == "AZ-X-FAR"
    page.form.inputs["name_az"].set_text("Uzaq")
    page.form.inputs["place_kind"].set_text("community")
    page.form.save.click()
    settle(hq)
    assert hq.session.lists.place_name("AZ-X-FAR") == "Uzaq"
    assert not_in_list.unknown(hq.there.hq) == []


def test_the_inbox_says_after_an_import_what_is_in_no_list_and_leads_there(opened: Open) -> None:
    hq = opened("hq")
    north = hq.there.laptops["north"]
    a_find(north, model_text="Пехотка", category="ap_mine")
    file = export.export_for_hq(north, hq.there.stick).path
    inbox = hq.window.pages["inbox"]
    assert isinstance(inbox, InboxPage)
    inbox._import([file])
    settle(hq)
    banner = next(one for one in inbox.findChildren(Banner) if one.words()[0].endswith("in no list"))
    assert banner.words()[0] == "2 models and codes in the records are in no list", "the tin with two wires, too"
    banner.buttons[0].click()
    settle(hq)
    page = hq.window.current_page()
    assert isinstance(page, ListsPage)
    assert page.which() == "unmapped"


def test_a_laptop_reads_the_lists_and_how_old_they_are(opened: Open) -> None:
    north = opened("north")
    page = lists_page(north)
    assert "pmn-2" in codes(page)
    assert not page.add.isVisible()
    page.open_with("unmapped")
    assert page.which() != "unmapped", "that view is headquarters'"
    assert page.subtitle().startswith("Newest file of headquarters here:")


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_nothing_is_clipped_and_every_target_is_large_enough(opened: Open, language: str) -> None:
    hq = opened("hq", language)
    unlisted(hq.there)
    page = lists_page(hq)
    for tab in ("model", "place", "unmapped"):
        page.tabs.set_text(tab)
        settle(hq)
        assert clipped_texts(page) == []
        assert small_targets(page) == []
    page.tabs.set_text("place")
    settle(hq)
    page._edit(page.table.rows.row(1))
    QApplication.processEvents()
    assert clipped_texts(page) == []
