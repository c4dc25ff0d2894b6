from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fieldapp.operations import answers, export, imports, inbox, photo_parts, photos, records, review, today
from tests.builders import a_find, alone
from tests.ui.pages.conftest import Opened
from ui.main_window import MainWindow
from ui.pages.day import DayPage
from ui.pages.export import ExportPage, _to_hq
from ui.session import Session
from ui.widgets.banner import Banner
from ui.widgets.labels import PlainLabel

Open = Callable[..., Opened]
MONDAY = date(2024, 7, 29)


def day_page(opened: Opened) -> DayPage:
    opened.window.open_page("day", MONDAY)
    opened.settle()
    page = opened.window.pages["day"]
    assert isinstance(page, DayPage)
    return page


def export_page(opened: Opened) -> ExportPage:
    opened.window.open_page("export")
    opened.settle()
    page = opened.window.pages["export"]
    assert isinstance(page, ExportPage)
    return page


def test_the_day_lists_its_records_oldest_first_and_says_what_each_needs(opened: Open) -> None:
    north = opened("north")
    page = day_page(north)
    laptop = north.there.laptops["north"]
    shown = [page.table.rows.cell(place, 0).text for place in range(page.table.rows.rowCount())]
    standing = [name for name in north.names if not records.get(laptop, name).retracted]
    assert shown == [records.get(laptop, name).fields["local_id"] for name in standing]
    checks = [page.table.rows.cell(place, 4).text for place in range(len(shown))]
    assert checks[standing.index(north.names[4])] == "Missing: Depth"
    assert checks[standing.index(north.names[7])] == "2 fields missing"
    assert checks[standing.index(north.names[0])] == "Complete"


def test_the_control_totals_are_those_of_the_operations(opened: Open) -> None:
    north = opened("north")
    page = day_page(north)
    laptop = north.there.laptops["north"]
    totals = today.totals(laptop, today.records_of(laptop, MONDAY))
    assert page.figures["ap_mine"].text() == str(totals.pieces["ap_mine"]) == "4"
    assert page.figures["cleared"].text() == "9,596 m²"
    assert totals.check_word in [label.text() for label in page.facts.findChildren(type(page.figures["uxo"]))]


def test_signing_off_takes_the_complete_records_and_leaves_the_others(opened: Open) -> None:
    north = opened("north")
    page = day_page(north)
    laptop = north.there.laptops["north"]
    before = int(page.sign.text().split()[2])
    page.sign.setFocus()
    QTest.keyClick(page.sign, Qt.Key.Key_Return)
    north.settle()
    signed = review.judgements(laptop, "sign_off")
    assert len(signed) == before
    assert north.names[4] not in signed
    assert page.sign.text() == "Nothing to sign off"
    assert not page.sign.isEnabled()


def test_a_change_after_the_sign_off_is_shown_and_signed_again(opened: Open) -> None:
    north = opened("north")
    page = day_page(north)
    page.sign.click()
    north.settle()
    laptop = north.there.laptops["north"]
    records.correct(laptop, north.names[0], {"depth_cm": 9}, "measured again")
    page.refresh()
    north.settle()
    checks = [page.table.rows.cell(place, 4).text for place in range(page.table.rows.rowCount())]
    assert checks.count("Changed since sign-off") == 1
    assert page.sign.text() == "Sign off 1 record"


def test_what_changed_between_showing_and_signing_is_not_signed_unseen(opened: Open) -> None:
    north = opened("north")
    page = day_page(north)
    laptop = north.there.laptops["north"]
    shown = records.get(laptop, north.names[0]).heads
    records.correct(laptop, north.names[0], {"depth_cm": 9}, "measured again")
    page.sign.click()
    north.settle()
    north.settle()
    (signed,) = review.judgements(laptop, "sign_off")[north.names[0]]
    assert (signed.seen, signed.current) == (tuple(shown), False)
    first = [banner.words()[0] for banner in page.findChildren(Banner) if banner.isVisible()]
    assert first == ["1 record changed meanwhile and is not signed off"]
    assert page.sign.text() == "Sign off 1 record"
    page.sign.click()
    north.settle()
    north.settle()
    assert [banner for banner in page.findChildren(Banner) if banner.isVisible()] == []
    assert page.sign.text() == "Nothing to sign off"


def test_another_day_is_a_key_away_and_an_empty_one_says_so(opened: Open) -> None:
    north = opened("north")
    page = day_page(north)
    page.before.setFocus()
    QTest.keyClick(page.before, Qt.Key.Key_Space)
    north.settle()
    assert page.day == date(2024, 7, 28)
    assert page.empty.isVisible()
    assert not page.sign.isEnabled()


def test_export_ends_with_safe_to_unplug_and_the_bundle_can_be_imported(opened: Open, tmp_path: Path) -> None:
    north = opened("north")
    target = tmp_path / "another stick"
    target.mkdir()
    page = export_page(north)
    page.choice.path.set_text(str(target))
    assert page.write.isEnabled()
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    north.qtbot.waitUntil(lambda: page.safe is not None, timeout=20_000)
    (bundle,) = target.iterdir()
    assert bundle.suffix == ".fieldbundle"
    laptop = north.there.laptops["north"]
    assert records.whereabouts(laptop, [north.names[-1]]) == {north.names[-1]: "stick"}
    assert imports.import_file(north.there.hq, bundle).status == "imported"
    assert page.safe is not None
    page.safe.done.click()
    assert north.window.current_page() is north.window.pages["day"]


def test_a_folder_that_is_not_there_cannot_be_written_to(opened: Open, tmp_path: Path) -> None:
    north = opened("north")
    page = export_page(north)
    page.choice.path.set_text(str(tmp_path / "nowhere"))
    assert not page.write.isEnabled()
    assert page.choice.path.problem() == "There is no such folder here."


def test_a_stick_pulled_before_writing_is_said_in_place_and_can_be_tried_again(opened: Open, tmp_path: Path) -> None:
    north = opened("north")
    target = tmp_path / "stick that goes"
    target.mkdir()
    page = export_page(north)
    page.choice.path.set_text(str(target))
    target.rmdir()
    page.write.click()
    north.settle()
    assert page.safe is None
    target.mkdir()
    page.choice.path.set_text("")
    page.choice.path.set_text(str(target))
    page.write.click()
    north.qtbot.waitUntil(lambda: page.safe is not None, timeout=20_000)


def test_a_failure_while_writing_shows_its_sentence_and_marks_nothing_as_exported(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = opened("north")
    target = tmp_path / "stick"
    page = export_page(north)
    page.choice.path.set_text(str(target))

    def pulled(ws: object, folder: Path, report: object, stop: object) -> object:
        return _to_hq(ws, folder / "gone", report, stop)  # type: ignore[arg-type]

    monkeypatch.setattr("ui.pages.export._to_hq", pulled)
    page.write.click()
    north.settle()
    assert page.safe is None
    assert page.problem is not None
    assert page.problem.tone() == "danger"
    assert page.problem.words()[0]
    assert page.choice.isVisible()
    laptop = north.there.laptops["north"]
    assert records.whereabouts(laptop, [north.names[-1]]) == {north.names[-1]: "here"}


def test_cancelling_leaves_no_bundle_and_the_records_here(opened: Open, tmp_path: Path) -> None:
    north = opened("north")
    target = tmp_path / "cancelled"
    target.mkdir()
    page = export_page(north)
    page.choice.path.set_text(str(target))
    gate = threading.Event()
    north.session.ask(lambda _ws: gate.wait(20), lambda _done: None)
    page.write.click()
    assert page.panel is not None
    page.panel.cancel.click()
    gate.set()
    north.settle()
    assert page.safe is None
    assert page.problem is not None
    assert page.problem.tone() == "warn"
    assert not list(target.glob("*.fieldbundle"))


def test_a_laptop_on_its_own_writes_plain_files(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    elsewhere = opened("south")
    ws = alone(tmp_path / "on its own")
    a_find(ws)
    session = Session(ws.clock)
    session.open(ws)
    window = MainWindow(session)
    window.show()
    target = tmp_path / "plain"
    target.mkdir()
    page = export_page(Opened(elsewhere.there, [], window, qtbot))
    page.choice.path.set_text(str(target))
    page.write.click()
    qtbot.waitUntil(lambda: page.safe is not None, timeout=20_000)
    assert sorted(path.name for path in target.iterdir()) == ["finds.csv", "plots.csv", "plots.geojson"]
    assert "PMN-2" in (target / "finds.csv").read_text(encoding="utf-8-sig")
    window.close()


def test_headquarters_file_is_taken_in_from_a_stick_that_carries_others_too(opened: Open) -> None:
    north = opened("north")
    there, laptop = north.there, north.there.laptops["north"]
    there.carry(laptop)
    there.carry(there.laptops["south"])
    export.export_for_team(there.hq, laptop.team, there.stick)
    refusals = inbox.refused(laptop)
    page = export_page(north)
    page.choice.path.set_text(str(there.stick))
    QTest.keyClick(page.take_in, Qt.Key.Key_Return)
    north.settle()
    assert page.said is not None
    first, detail = page.said.words()
    assert (first, page.said.tone()) == ("Taken in", "ok")
    assert "safe at HQ" in detail
    assert not detail.startswith("0 ")
    assert set(records.whereabouts(laptop, north.names).values()) == {"hq"}
    assert inbox.refused(laptop) == refusals
    QTest.keyClick(page.take_in, Qt.Key.Key_Return)
    north.settle()
    assert page.said.words()[1].startswith("0 ")


def test_a_stick_without_a_file_of_headquarters_says_so(opened: Open, tmp_path: Path) -> None:
    north = opened("north")
    target = tmp_path / "another stick"
    target.mkdir()
    (target / "torn.fieldbundle").write_bytes(b"age-encryption.org/v1\n" + b"x" * 100)
    page = export_page(north)
    page.choice.path.set_text(str(target))
    page.take_in.click()
    north.settle()
    assert page.said is not None
    assert page.said.words()[0] == "There is no file for this team here"
    assert "torn.fieldbundle" in page.said.words()[1]


def test_a_bundle_for_the_team_reaches_the_other_laptop(opened: Open, tmp_path: Path) -> None:
    north = opened("north")
    there, laptop = north.there, north.there.laptops["north"]
    mate = there.join("mate", laptop.team)
    for one in (laptop, mate):
        there.exchange(one)
    there.answer(laptop)
    name = a_find(laptop).name
    target = tmp_path / "team stick"
    target.mkdir()
    page = export_page(north)
    page.choice.path.set_text(str(target))
    page.whom.set_text("team")
    north.settle()
    assert "What the team's other laptops lack" in [label.text() for label in page.inside.findChildren(PlainLabel)]
    page.write.click()
    north.qtbot.waitUntil(lambda: page.safe is not None, timeout=20_000)
    assert records.whereabouts(laptop, [name]) == {name: "stick"}
    (outcome,) = answers.take_in(mate, target).taken
    assert outcome.status == "imported"
    assert records.get(mate, name).name == name


def test_for_a_team_whose_laptops_are_not_known_the_page_says_what_to_do(opened: Open, tmp_path: Path) -> None:
    north = opened("north")
    target = tmp_path / "team stick"
    target.mkdir()
    page = export_page(north)
    page.choice.path.set_text(str(target))
    page.whom.set_text("team")
    page.write.click()
    north.settle()
    assert page.problem is not None
    assert page.problem.words()[0] == "No other laptop of this team is known here yet."
    assert not list(target.iterdir())


def test_a_full_stick_says_how_much_of_the_photos_is_on_it(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = opened("north")
    laptop = north.there.laptops["north"]
    picture = tmp_path / "a.png"
    for n in range(2):
        picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes([n]) * 2_000)
        photos.add_photo(laptop, picture, shows=north.names[0])
    monkeypatch.setattr(photo_parts, "free_bytes", lambda _folder: photo_parts.BESIDE_BYTES)
    north.window.open_page("export")
    page = north.window.current_page()
    assert isinstance(page, ExportPage)
    page.choice.path.set_text(str(north.there.stick))
    north.settle()
    page.write.click()
    north.settle()
    assert page.safe is not None
    said = [label.text() for label in page.safe.findChildren(PlainLabel)]
    assert "On this stick: records 100 %, photos 0 % (0 of 2)." in said
    assert "Export to another stick: it goes on with the photos that follow." in said
