"""Logging disposals in the window: by the number of a find, by a tag nobody knows, with drafts and the task."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fieldapp.operations import drafts, lookup
from tests.builders import a_find
from tests.ui.pages.conftest import Opened
from ui.pages.disposal import DisposalPage
from ui.pages.form_page import Continue
from ui.pages.outstanding import OutstandingPage
from ui.pages.today import TodayPage
from ui.widgets.banner import Banner

Open = Callable[..., Opened]


def page_of(there: Opened, what: object = None) -> DisposalPage:
    """The page, open."""
    there.window.open_page("disposal", what)
    there.settle()
    page = there.window.pages["disposal"]
    assert isinstance(page, DisposalPage)
    return page


def test_it_begins_with_the_items_chosen_among_those_outstanding(opened: Open) -> None:
    there = opened("north")
    north = there.there.laptops["north"]
    find = a_find(north, model_text="TM-62M", quantity=7, found_on="2024-07-01")
    there.window.open_page("outstanding")
    there.settle()
    outstanding = there.window.pages["outstanding"]
    assert isinstance(outstanding, OutstandingPage)
    outstanding.dispose.click()
    there.settle()
    page = there.window.pages["disposal"]
    assert isinstance(page, DisposalPage)
    assert there.window.current_page() is page
    assert page.form.item.text() == find.fields["local_id"]
    assert page.form.known.words() == (f"{find.fields['local_id']} \u00b7 TM-62M, 7 pieces", "The find is known here.")
    page.form.outcome.set_text("stored")
    page.form.quantity.set_text("3")
    page.form.store.set_text("Dump A")
    page.save("next")
    there.settle()
    (row,) = lookup.rows(north, "disposal", limit=1)
    assert (row["find"], row["outcome"], row["quantity"], row["store"]) == (find.name, "stored", 3, "Dump A")
    assert (row["category"], row["model"]) == ("at_mine", "tm-62m")
    assert page.form.values()["item"] == ""
    assert page.form.values()["store"] == "Dump A", "the next line often goes to the same store"


def test_a_tag_nobody_knows_is_said_and_kept_as_written(opened: Open) -> None:
    there = opened("north")
    page = page_of(there)
    QTest.keyClicks(page.form.item.line, "red string 12")
    there.settle()
    assert page.form.known.words()[0] == "No find here bears this number"
    page.form.outcome.set_text("central_demolition")
    page.save("close")
    there.settle()
    (row,) = lookup.rows(there.there.laptops["north"], "disposal", limit=1)
    assert (row["find"], row["tag"], row["quantity"]) == (None, "red string 12", 1)
    assert isinstance(there.window.current_page(), TodayPage)


def test_nothing_said_is_refused_in_place_and_stays_typed(opened: Open) -> None:
    there = opened("north")
    page = page_of(there)
    page.form.outcome.set_text("stored")
    page.save("next")
    there.settle()
    assert page.form.error() is not None
    assert page.form.outcome.text() == "stored"


def test_what_is_typed_is_a_draft_that_today_continues(opened: Open) -> None:
    there = opened("north")
    north = there.there.laptops["north"]
    page = page_of(there)
    QTest.keyClicks(page.form.item.line, "red")
    there.settle()
    assert [one.fields["item"] for one in drafts.kept(north) if one.form == "disposal"] == ["red"]
    there.window.open_page("today")
    there.settle()
    (banner,) = [one for one in there.window.pages["today"].findChildren(Banner) if "not finished" in one.words()[0]]
    assert banner.words()[0] == "One record is not finished: Disposal"
    banner.pressed.emit()
    there.settle()
    assert there.window.current_page() is page
    assert page.form.item.text() == "red"


def test_a_saved_disposal_is_corrected_on_its_own_page(opened: Open) -> None:
    there = opened("north")
    name = there.names[8]
    assert name.startswith("disposal/")
    page = page_of(there, Continue(name))
    assert there.window.current_page() is there.window.pages["correct"]
    assert page.form.record is None


def test_enter_leads_on_from_the_item(opened: Open) -> None:
    there = opened("north")
    page = page_of(there)
    there.window.activateWindow()
    page.form.item.line.setFocus()
    QTest.keyClick(page.form.item.line, Qt.Key.Key_Tab)
    assert page.form.outcome.hasFocus()
