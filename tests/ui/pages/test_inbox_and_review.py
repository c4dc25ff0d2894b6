from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldapp.operations import attention, backup, export, imports, inbox, records, review
from tests.ui.pages.conftest import Opened
from tests.ui.pages.scene import a_day, quarrel
from ui.dialogs.teams import TeamsDialog
from ui.pages.inbox import InboxPage
from ui.pages.laptops import LaptopsPage
from ui.pages.review import ReviewPage
from ui.widgets.banner import Banner
from ui.widgets.labels import PlainLabel

Open = Callable[..., Opened]


def inbox_page(opened: Opened) -> InboxPage:
    opened.window.open_page("inbox")
    page = opened.window.pages["inbox"]
    assert isinstance(page, InboxPage)
    page.choice.path.set_text(str(opened.there.stick))
    opened.settle()
    opened.settle()
    return page


def review_page(opened: Opened) -> ReviewPage:
    page = opened.window.current_page()
    assert isinstance(page, ReviewPage)
    opened.settle()
    return page


def empty(opened: Opened) -> None:
    for path in opened.there.stick.iterdir():
        path.unlink()


def test_the_preview_counts_what_would_happen_and_writes_nothing(opened: Open) -> None:
    hq = opened("hq")
    empty(hq)
    export.export_for_hq(hq.there.laptops["north"], hq.there.stick)
    page = inbox_page(hq)
    (found,) = page.found
    assert found.ready
    counts = page.preview.counts
    assert counts is not None
    assert found.outcome is not None
    total = counts.new + counts.known + counts.differ + counts.refused
    assert total == found.outcome.new + found.outcome.known
    assert counts.new == 4
    assert page.take.text() == "Import 4 new"
    words = [label.text() for label in page.preview.findChildren(PlainLabel)]
    assert "New by kind: Find 4" in words
    assert [line.split(" finds")[0] for line in words if " finds (" in line] == [
        f"The sender counts {found.outcome.totals['finds']}",
        f"Here of its team, with this: {found.outcome.totals_here['finds']}",
    ]
    assert records.list_records(hq.there.hq, "find", text="pmn4") == []


def test_rows_to_look_at_say_what_will_happen(opened: Open) -> None:
    hq = opened("hq")
    empty(hq)
    north = hq.there.laptops["north"]
    records.correct(hq.there.hq, hq.names[4], {"depth_cm": 30}, "the sketch says so")
    records.correct(north, hq.names[4], {"depth_cm": 18}, "measured")
    export.export_for_hq(north, hq.there.stick)
    page = inbox_page(hq)
    table = page.preview.table
    assert table is not None
    assert [table.rows.cell(0, column).text for column in range(1, 5)] == [
        "Depth", "30 cm", "18 cm", "Shown: 30 cm until settled",
    ]  # fmt: skip
    assert page.take.text().endswith("1 to settle")


def test_import_review_approve_and_answer_on_the_same_stick(opened: Open) -> None:
    hq = opened("hq")
    empty(hq)
    north = hq.there.laptops["north"]
    export.export_for_hq(north, hq.there.stick)
    page = inbox_page(hq)
    page.take.click()
    hq.settle()
    hq.settle()
    assert records.list_records(hq.there.hq, "find", text="pmn4")
    before = set(hq.there.stick.iterdir())
    page.answer.click()
    hq.settle()
    hq.settle()
    assert {one.path for one in page.found} == before, "our own return bundle is nothing to import"
    page.approve.click()
    judging = review_page(hq)
    marked = set(judging.marked)
    assert hq.names[-1] in marked
    assert hq.names[5] not in marked
    assert judging.approve.text() == f"Approve {len(marked)} records"
    judging.approve.click()
    hq.settle()
    assert said(judging)[0][0].startswith("Still to be opened one by one: ")
    for line in judging.table.rows.all_rows():
        judging.table.selectRow([one.name for one in judging.table.rows.all_rows()].index(line.name))
        judging.about.seen.click()
        hq.settle()
        hq.settle()
    judging.marked = set(marked)
    judging.approve.setEnabled(True)
    judging.approve.click()
    hq.settle()
    states = {name: review.state_of(review.judgements(hq.there.hq)[name]) for name in marked}
    assert set(states.values()) == {"approved"}
    (answer,) = set(hq.there.stick.iterdir()) - before
    imports.import_file(north, answer)
    assert records.whereabouts(north, [hq.names[-1]]) == {hq.names[-1]: "hq"}


def words_above(page: InboxPage) -> list[str]:
    """The first lines of the banners that say what was done."""
    items = [page._above.itemAt(place) for place in range(page._above.count())]
    banners = [item.widget() for item in items if item is not None]
    return [banner.words()[0] for banner in banners if isinstance(banner, Banner)]


def test_one_key_takes_in_the_whole_stick_and_writes_its_answers_to_it(opened: Open) -> None:
    hq = opened("hq")
    empty(hq)
    north, south = hq.there.laptops["north"], hq.there.laptops["south"]
    a_day(south)
    for laptop in (north, south):
        export.export_for_hq(laptop, hq.there.stick)
    (hq.there.stick / "torn.fieldbundle").write_bytes(b"age-encryption.org/v1\n" + b"x" * 4000)
    brought = set(hq.there.stick.iterdir())
    page = inbox_page(hq)
    assert page.serve.isEnabled()
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    hq.settle()
    hq.settle()
    first, refused, to_look_at, *others = words_above(page)
    assert first.endswith("new entries taken over")
    assert refused == "Refused: torn.fieldbundle"
    assert to_look_at.startswith("To look at in what is new: ")  # which of two twins is new hangs on the files' names
    assert others == ["Return bundle written. Safe to unplug", "1 model or code in the records is in no list"]
    (answer,) = set(hq.there.stick.iterdir()) - brought
    for laptop in (north, south):
        imports.import_file(laptop, answer)
        names = [row.name for row in records.list_records(laptop, "find")]
        assert set(records.whereabouts(laptop, names).values()) == {"hq"}
    assert page.foot_actions()[-1] is page.approve


def test_a_stick_that_was_imported_and_not_answered_is_named_until_it_is(opened: Open) -> None:
    hq = opened("hq")
    empty(hq)
    export.export_for_hq(hq.there.laptops["north"], hq.there.stick)
    page = inbox_page(hq)
    page.take.click()
    hq.settle()
    hq.settle()

    def waiting() -> list[tuple[str, ...]]:
        items = [page._waiting.itemAt(place) for place in range(page._waiting.count())]
        shown = [item.widget() for item in items if item is not None]
        return [tuple(banner.words()) for banner in shown if isinstance(banner, Banner)]

    assert waiting() == [("1 laptop waits for its return bundle", "north")]
    page.answer.click()
    hq.settle()
    hq.settle()
    assert waiting() == []
    assert words_above(page) == ["Return bundle written. Safe to unplug"]


def test_a_bad_file_shows_its_sentence_and_does_not_stop_the_others(opened: Open) -> None:
    hq = opened("hq")
    empty(hq)
    (hq.there.stick / "torn.fieldbundle").write_bytes(b"age-encryption.org/v1\n" + b"x" * 4000)
    export.export_for_hq(hq.there.laptops["north"], hq.there.stick)
    page = inbox_page(hq)
    assert [one.outcome.status for one in page.found if one.outcome] == ["imported", "refused"]
    row = next(row for row in page.list.rows if row.found.path.name == "torn.fieldbundle")
    row.click()
    hq.settle()
    (banner,) = page.preview.said
    assert banner.words()[0] == "Refused: torn.fieldbundle"
    assert banner.words()[1]
    assert not page.take.isEnabled()


def test_all_ready_bundles_are_taken_in_one_go(opened: Open) -> None:
    hq = opened("hq")
    empty(hq)
    a_day(hq.there.laptops["south"])
    for laptop in hq.there.laptops.values():
        export.export_for_hq(laptop, hq.there.stick)
    page = inbox_page(hq)
    assert page.all in page.foot_actions()
    page.all.click()
    hq.settle()
    hq.settle()
    assert {one.outcome.status for one in page.found if one.outcome} == {"known"}
    assert len([one for one in inbox.bundles(hq.there.hq) if one.direction == "in"]) == 3


def test_what_was_taken_in_says_whether_it_was_answered(opened: Open) -> None:
    hq = opened("hq")
    empty(hq)
    export.export_for_hq(hq.there.laptops["north"], hq.there.stick)
    page = inbox_page(hq)
    page.take.click()
    hq.settle()
    page.choose(None)
    page.refresh()
    hq.settle()
    states = [page.history.table.rows.cell(place, 4).text for place in range(page.history.table.rows.rowCount())]
    assert states == ["Not answered", "Answered"]


def said(page: ReviewPage) -> list[tuple[str, str]]:
    """What the banners above the list say."""
    return [banner.words() for banner in page.findChildren(Banner) if banner.isVisible()]


def test_what_an_import_brings_between_showing_and_approving_is_not_approved_unseen(opened: Open) -> None:
    hq = opened("hq")
    empty(hq)
    hq.window.open_page("review")
    page = review_page(hq)
    changed, other = hq.names[5], hq.names[6]
    page.marked = {changed, other}
    for name in page.marked:
        attention.look(hq.there.hq, name)
    shown = records.get(hq.there.hq, changed).heads
    north = hq.there.laptops["north"]
    records.correct(north, changed, {"release": "reduced"}, "only reduced")
    imports.import_file(hq.there.hq, export.export_for_hq(north, hq.there.stick).path)
    page.approve.setEnabled(True)
    page.approve.click()
    hq.settle()
    hq.settle()
    (judged,) = review.judgements(hq.there.hq)[changed]
    assert (judged.seen, judged.current) == (tuple(shown), False)
    assert review.state_of(review.judgements(hq.there.hq)[other]) == "approved"
    assert [first for first, _ in said(page)] == ["1 record changed meanwhile and is not decided"]
    waiting = [line.name for line in page.table.rows.all_rows()]
    assert changed in waiting
    assert other not in waiting
    assert not page.marked
    page.marked = {changed}
    page._show_marks()
    page.approve.click()
    hq.settle()
    hq.settle()
    assert said(page) == []
    assert review.state_of(review.judgements(hq.there.hq)[changed]) == "approved"


def test_a_mark_does_not_pass_to_another_version_of_the_record(opened: Open) -> None:
    hq = opened("hq")
    hq.window.open_page("review")
    page = review_page(hq)
    page.marked = {hq.names[5], hq.names[6]}
    records.correct(hq.there.hq, hq.names[5], {"release": "reduced"}, "only reduced")
    page.refresh()
    hq.settle()
    assert page.marked == {hq.names[6]}


def test_asking_and_rejecting_need_a_remark(opened: Open) -> None:
    hq = opened("hq")
    hq.window.open_page("review")
    page = review_page(hq)
    assert not page.approve.isEnabled()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    QApplication.processEvents()
    (name,) = page.marked
    assert page.approve.isEnabled()
    assert not page.query.isEnabled()
    QTest.keyClicks(page.remark.area, "Which of the two photos?")
    page.query.click()
    hq.settle()
    (judged,) = review.judgements(hq.there.hq)[name]
    assert judged.verdict == "queried"
    hq.settle()
    (line,) = [line for line in page.table.rows.all_rows() if line.name == name]
    assert "asked" in [rule.code for rule in line.reasons]
    assert page.remark.text() == ""


def test_control_a_marks_all_and_again_none(opened: Open) -> None:
    hq = opened("hq")
    hq.window.open_page("review")
    page = review_page(hq)
    QTest.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(page.marked) == page.table.rows.rowCount() > 1
    QTest.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert not page.marked


def test_laptops_shows_who_writes_and_what_is_missing(opened: Open) -> None:
    hq = opened("hq")
    quarrel(hq.there, hq.names[3])
    hq.window.open_page("laptops")
    page = hq.window.pages["laptops"]
    assert isinstance(page, LaptopsPage)
    hq.settle()
    assert page.table.rows.cell(0, 0).text == "north"
    assert page.table.rows.cell(0, 3).text == "Complete"
    assert page.tiles["complete"].figure() == "1 of 1"


def test_the_foot_reminds_of_a_backup_until_there_is_one(opened: Open, tmp_path: Path) -> None:
    hq = opened("hq")
    page = inbox_page(hq)
    page.refresh()
    hq.settle()
    assert page.foot_line()[0] == "There is no backup of this headquarters yet."
    backup.backup(hq.there.hq, tmp_path / "file.backup")
    page.refresh()
    hq.settle()
    assert page.foot_line()[2] == "ok"


def test_return_bundles_can_be_written_though_no_stick_came(opened: Open) -> None:
    hq = opened("hq")
    empty(hq)
    page = inbox_page(hq)
    page.answer.click()
    hq.settle()
    (dialog,) = page.findChildren(TeamsDialog)
    assert dialog.marked == set(), "every laptop has its return bundle"
    assert not dialog.go.isEnabled()
    dialog.every.click()
    dialog.go.click()
    hq.settle()
    (written,) = hq.there.stick.iterdir()
    assert imports.import_file(hq.there.laptops["north"], written).status != "refused"


def test_another_stick_is_not_answered_for_the_team_of_the_last_one(opened: Open, tmp_path: Path) -> None:
    hq = opened("hq")
    empty(hq)
    export.export_for_hq(hq.there.laptops["north"], hq.there.stick)
    page = inbox_page(hq)
    page.take.click()
    hq.settle()
    hq.settle()
    other = tmp_path / "other"
    other.mkdir()
    page.choice.path.set_text(str(other))
    hq.settle()
    page.answer.click()
    hq.settle()
    assert list(other.iterdir()) == []
    (dialog,) = page.findChildren(TeamsDialog)
    assert dialog.marked == {"t7"}


def drop(on: InboxPage, *paths: Path) -> bool:
    """Drag files over the page and let go of them there; was it taken?"""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    over = QDragEnterEvent(QPoint(200, 200), copy, data, left, none)
    QApplication.sendEvent(on, over)
    if over.isAccepted():
        QApplication.sendEvent(on, QDropEvent(QPointF(200, 200), copy, data, left, none))
    return over.isAccepted()


def test_files_and_folders_can_be_dropped_on_the_page(opened: Open, tmp_path: Path) -> None:
    hq = opened("hq")
    empty(hq)
    hq.window.open_page("inbox")
    page = hq.window.pages["inbox"]
    assert isinstance(page, InboxPage)
    file = export.export_for_hq(hq.there.laptops["north"], hq.there.stick).path
    assert drop(page, file)
    hq.settle()
    assert page.choice.folder() == hq.there.stick
    assert [one.path for one in page.found] == [file]
    other = tmp_path / "other"
    other.mkdir()
    assert drop(page, other)
    assert page.choice.folder() == other
    assert drop(page, file, other / "x.fieldbundle")
    assert page.choice.folder() == other, "files of several folders are not guessed about"
    assert page.choice.path.problem()
    assert not drop(page)
