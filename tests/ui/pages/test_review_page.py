"""Review by exception in the window: reasons, the sample, approving the rest at once, what changed since a decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fieldapp.operations import attention, questions, records, review
from tests.builders import a_find
from tests.ui.pages.conftest import Opened
from tests.ui.pages.scene import quarrel
from ui.pages.conflicts import ConflictsPage
from ui.pages.day import DayPage
from ui.pages.review import PART_ROWS, ReviewPage
from ui.widgets.banner import Banner
from ui.widgets.labels import PlainLabel

Open = Callable[..., Opened]


def review_page(opened: Opened, which: str = "look") -> ReviewPage:
    opened.window.open_page("review")
    page = opened.window.current_page()
    assert isinstance(page, ReviewPage)
    opened.settle()
    page.which.set_text(which)
    opened.settle()
    opened.settle()
    return page


def words(page: ReviewPage) -> list[str]:
    """All words at the right of the chosen record."""
    return [label.text() for label in page.about.findChildren(PlainLabel)]


def choose(opened: Opened, page: ReviewPage, name: str) -> None:
    page.table.selectRow([line.name for line in page.table.rows.all_rows()].index(name))
    opened.settle()


def more_finds(opened: Opened, count: int) -> list[str]:
    """Finds without remarks, come to headquarters."""
    north = opened.there.laptops["north"]
    made = [a_find(north).name for _ in range(count)]
    opened.there.carry(north)
    return made


def test_what_needs_a_look_stands_apart_with_its_reasons_in_words(opened: Open) -> None:
    hq = opened("hq")
    page = review_page(hq)
    listed = attention.page(hq.there.hq)
    assert [line.name for line in page.table.rows.all_rows()] == [line.name for line in listed]
    assert page.which.buttons[0].text() == f"Needs a look: {len(listed)}"
    choose(hq, page, hq.names[4])
    assert "Something needed for sign-off is missing" in words(page)
    row = [line.name for line in page.table.rows.all_rows()].index(hq.names[4])
    assert page.table.rows.cell(row, 5).text == "Incomplete"


def test_a_dispute_leads_to_its_readings_on_the_conflicts_page(opened: Open) -> None:
    hq = opened("hq")
    quarrel(hq.there, hq.names[3])
    page = review_page(hq)
    choose(hq, page, hq.names[3])
    assert page.about.settle.isVisible()
    page.about.settle.click()
    hq.settle()
    conflicts = hq.window.current_page()
    assert isinstance(conflicts, ConflictsPage)
    shown = conflicts.table.chosen_row()
    assert shown is not None
    assert shown.alike.first == hq.names[3]
    page = review_page(hq)
    choose(hq, page, hq.names[4])
    assert not page.about.settle.isVisible()


def test_the_rest_is_approved_at_once_after_the_drawn_were_looked_at(opened: Open) -> None:
    hq = opened("hq")
    made = more_finds(hq, 12)
    page = review_page(hq, "plain")
    before = attention.overview(hq.there.hq)
    assert before.plain.records >= len(made)
    assert not page.approve.isEnabled()
    assert page.approve.text() == f"Open {len(before.to_open)} drawn records first"
    assert page.totals.isVisible()
    for name in before.to_open:
        choose(hq, page, name)
        QTest.keyClick(page, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        hq.settle()
        hq.settle()
    assert page.approve.text() == f"Approve all {before.plain.records} without remarks"
    page.approve.click()
    hq.settle()
    hq.settle()
    decided = review.judgements(hq.there.hq)
    assert {review.state_of(decided[name]) for name in made} == {"approved"}
    assert attention.overview(hq.there.hq).plain.records == 0
    assert page.empty.isVisible()
    assert page.approve.text() == "Nothing is marked"


def test_what_came_after_the_list_was_shown_is_not_approved_at_once(opened: Open) -> None:
    hq = opened("hq")
    more_finds(hq, 2)
    page = review_page(hq, "plain")
    for name in attention.overview(hq.there.hq).to_open:
        attention.look(hq.there.hq, name)
    page.refresh()
    hq.settle()
    more_finds(hq, 1)
    page.approve.click()
    hq.settle()
    (banner,) = [one for one in page.findChildren(Banner) if one.isVisible()]
    assert banner.words()[0] == "The records have changed since they were shown."
    assert not any(one.verdict == "approved" and one.current and one.judged.startswith("find/")
                   for many in review.judgements(hq.there.hq).values() for one in many if one.judged not in hq.names)


def test_a_change_since_approval_is_shown_field_by_field(opened: Open) -> None:
    hq = opened("hq")
    north = hq.there.laptops["north"]
    hq.there.carry(north)
    page = review_page(hq)
    choose(hq, page, hq.names[0])
    hq.settle()
    assert "Changed since headquarters approved it" in words(page)
    assert "5 cm → 8 cm" in words(page)
    assert "1 → 2" in words(page)


def test_asking_about_a_record_takes_one_step_and_shows_on_it(opened: Open) -> None:
    hq = opened("hq")
    (name,) = more_finds(hq, 1)
    page = review_page(hq, "plain")
    choose(hq, page, name)
    page.about.ask.click()
    hq.settle()
    assert questions.threads(hq.there.hq, states=("open",), about=[name]) == [], "nothing to ask yet"
    page.remark.set_text("PMN-2 or PMN-4?")
    page.about.ask.click()
    hq.settle()
    (thread,) = questions.threads(hq.there.hq, states=("open",), about=[name])
    assert (thread.text, thread.by) == ("PMN-2 or PMN-4?", "Officer")
    page = review_page(hq)
    choose(hq, page, name)
    assert "The team was asked and has not answered yet" in words(page)


def test_a_decision_needs_a_name(opened: Open) -> None:
    hq = opened("hq")
    page = review_page(hq)
    page.marked = {page.table.rows.row(0).name}
    page.by.set_text("")
    assert not page.approve.isEnabled()
    page.by.set_text("R. Sadigov")
    assert page.approve.isEnabled()
    (name,) = page.marked
    page.approve.click()
    hq.settle()
    assert review.judgements(hq.there.hq)[name][-1].by == "R. Sadigov"


def test_a_team_and_a_week_narrow_the_list(opened: Open) -> None:
    hq = opened("hq")
    page = review_page(hq)
    every = page.table.rows.rowCount()
    page.team.set_text("team T7")
    hq.settle()
    assert page.table.rows.rowCount() == every > 0
    page.team.set_text("t9")
    hq.settle()
    assert page.empty.isVisible()
    page.team.set_text("")
    page.period.set_text("last")
    hq.settle()
    assert page._scope().since == "2024-07-22"
    assert page.table.rows.rowCount() < every


def test_the_share_is_set_where_it_is_shown(opened: Open) -> None:
    hq = opened("hq")
    more_finds(hq, 3)
    page = review_page(hq, "plain")
    assert page.share.text() == "10"
    page.share.set_text("100")
    hq.settle()
    hq.settle()
    now = attention.overview(hq.there.hq)
    assert now.share_percent == 100
    assert len(now.sample) == now.plain.records


def test_a_long_list_goes_on_when_it_is_scrolled(opened: Open) -> None:
    hq = opened("hq")
    more_finds(hq, 45)
    page = review_page(hq, "plain")
    assert page.table.rows.rowCount() == PART_ROWS
    bar = page.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    hq.settle()
    assert page.table.rows.rowCount() == attention.overview(hq.there.hq).plain.records


def test_the_day_has_a_column_for_each_laptop_of_the_team(opened: Open) -> None:
    north = opened("north")
    there = north.there
    there.exchange(there.laptops["south"])
    there.exchange(there.laptops["north"])
    north.window.open_page("day", date(2024, 7, 29))
    north.settle()
    page = north.window.pages["day"]
    assert isinstance(page, DayPage)
    assert page.laptops.isVisible()
    own, other = page.laptops.laptops
    assert own.own
    finds = [name for name in north.names if name.startswith("find/")]
    standing = [name for name in finds if not records.get(there.laptops["north"], name).retracted]
    assert page.laptops.words(own)[0] == str(len(standing))
    assert (other.name, other.missing) == ("south", True)
