"""Adding records by their declaration: accidents by one key, victims with sealed personal data, drafts that last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.operations import drafts, entry, personal, records
from tests import builders
from tests.operations.test_entry import an_accident
from tests.operations.test_personal import SENTINEL, WHO, a_victim, tables_of
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.desk import CTRL, Desk, Key
from ui.dialogs.personal import PersonalDialog
from ui.dialogs.personal_files import PersonalFilesDialog
from ui.forms.entered_form import EnteredForm
from ui.pages.add import AddPage, page_of
from ui.pages.form_page import Continue
from ui.pages.records import RecordsPage


def add_page(desk: Desk) -> AddPage:
    page = desk.window.pages["add"]
    assert isinstance(page, AddPage)
    return page


def records_page(desk: Desk) -> RecordsPage:
    page = desk.window.pages["records"]
    assert isinstance(page, RecordsPage)
    return page


def fill(form: EnteredForm, **values: str) -> None:
    """Type into the form's inputs, by name; ``personal_`` for personal ones."""
    for name, text in values.items():
        form._inputs[name.replace("personal_", "personal.")].set_text(text)


@pytest.fixture
def office(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """The window of a headquarters."""
    desk = Desk(qtbot, tmp_path / "hq", builders.hq(tmp_path / "hq"))
    yield desk
    desk.close()


def test_an_accident_is_entered_from_any_page_by_one_key(desk: Desk) -> None:
    desk.press(Key.Key_F10)
    desk.settle()
    desk.type("2024-07-28")
    form = add_page(desk).form
    fill(form, accident_type="mine", killed="1", injured="2", position="39.9899 46.8988", model="PMN-2")
    desk.press(Key.Key_S, CTRL)
    (saved,) = desk.saved("accident")
    assert (saved["happened_on"], saved["accident_type"], saved["killed"]) == ("2024-07-28", "mine", 1)
    assert (saved["category"], saved["model"], saved["lat"]) == ("ap_mine", "pmn-2", 39.9899)
    assert desk.window.current_page() is records_page(desk)
    assert drafts.kept(desk.ws) == []


def test_what_cannot_be_taken_is_marked_and_kept(desk: Desk) -> None:
    desk.open("add", "victim")
    fill(add_page(desk).form, accident="NOT-0001-A")
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    assert add_page(desk).form.error() is not None
    assert desk.saved("victim") == []
    fill(add_page(desk).form, accident="", personal_date_of_birth="yesterday")
    desk.press(Key.Key_S, CTRL)
    desk.settle()
    assert desk.saved("victim") == []
    assert drafts.kept(desk.ws)[0].fields["personal.date_of_birth"] == "yesterday"


def test_each_kind_keeps_its_own_draft_and_today_offers_it(desk: Desk) -> None:
    desk.open("add", "accident")
    fill(add_page(desk).form, killed="1")
    desk.open("add", "progress")
    fill(add_page(desk).form, staff="12")
    desk.settle()
    assert {draft.form for draft in drafts.kept(desk.ws)} == {"accident", "progress"}
    desk.open("add", Continue("accident"))
    assert add_page(desk).form.values()["killed"] == "1"
    assert add_page(desk).form.question() is None


def test_a_victims_personal_fields_stay_closed_until_they_are_asked_for_and_are_sealed(desk: Desk) -> None:
    desk.open("add", "victim")
    form = add_page(desk).form
    assert not form.personal_shown()
    form.personal_button.click()
    assert form.personal_shown()
    fill(form, victim_outcome="injured", personal_name=f"Gülnar {SENTINEL}")
    desk.settle()
    assert SENTINEL.encode() not in tables_of(desk.ws), "the draft is sealed too"
    desk.press(Key.Key_Return, CTRL)
    (saved,) = desk.saved("victim")
    assert personal.look(desk.ws, saved.name)[0].values == {"name": f"Gülnar {SENTINEL}"}
    assert SENTINEL.encode() not in tables_of(desk.ws)
    assert not add_page(desk).form.personal_shown()
    assert add_page(desk).form.values()["personal.name"] == ""


def test_a_correction_shows_personal_data_on_purpose_and_changes_only_what_was_changed(desk: Desk) -> None:
    accident = an_accident(desk.ws)
    victim = a_victim(desk.ws, accident=accident.name)
    desk.open("add", victim.name)
    form = add_page(desk).form
    assert form.values()["accident"] == accident.fields["local_id"]
    assert SENTINEL not in " ".join(form.values().values())
    form.personal_button.click()
    desk.settle()
    assert form.values()["personal.name"] == WHO["name"]
    fill(form, personal_address="Ağdam", reason="she told us")
    desk.press(Key.Key_Return, CTRL)
    desk.settle()
    after = records.get(desk.ws, victim.name)
    assert personal.look(desk.ws, victim.name)[0].values == {**WHO, "address": "Ağdam"}
    assert after.fields["accident"] == accident.name
    assert [set(step.changes) for step in records.history(desk.ws, victim.name)][1:] == [{"sealed"}]
    assert len(personal.looks(desk.ws)) == 2


def test_personal_data_are_shown_in_records_only_when_asked_for(desk: Desk) -> None:
    victim = a_victim(desk.ws)
    desk.open("records", victim.name)
    page = records_page(desk)
    assert page.detail.personal.isVisible()
    page.detail.personal.click()
    desk.settle()
    (dialog,) = page.findChildren(PersonalDialog)
    assert dict(dialog.facts)["Full name"] == WHO["name"]
    dialog.accept()
    assert [look.record for look in personal.looks(desk.ws)] == [victim.name]


def test_records_lists_finds_corrects_and_leads_to_adding_them(desk: Desk) -> None:
    accident = an_accident(desk.ws)
    builders.a_find(desk.ws)
    desk.open("records")
    page = records_page(desk)
    page.filter.set_text("others")
    desk.settle()
    assert page.table.rows.rowCount() == 1
    assert page.table.rows.row(0).row.name == accident.name
    desk.open("records", accident.name)
    page.detail.correct_asked.emit()
    desk.settle()
    assert desk.window.current_page() is add_page(desk)
    assert add_page(desk).form.record is not None
    desk.open("records")
    page.add.click()
    desk.settle()
    assert add_page(desk).form.record is None


def test_a_programme_is_offered_at_headquarters_alone(desk: Desk, office: Desk) -> None:
    office.open("add", "programme")
    fill(add_page(office).form, title="Qarvand", target_m2="4000000", points="40.02 46.98\n40.02 46.99\n40.03 46.98")
    office.press(Key.Key_S, CTRL)
    (saved,) = office.saved("programme")
    assert (saved["title"], saved["target_m2"]) == ("Qarvand", 4000000)
    assert saved["outline"]
    assert "programme" not in [option.code for option in add_page(desk).kinds._options]


@pytest.mark.parametrize("language", ["az", "ru"])
def test_nothing_is_clipped_or_small(app: QApplication, qtbot: QtBot, tmp_path: Path, language: str) -> None:
    desk = Desk(qtbot, tmp_path / "hq", builders.hq(tmp_path / "hq"), language)
    try:
        for kind in entry.ENTERED:
            if page_of(kind) != "add":
                continue
            desk.open("add", kind)
            form = add_page(desk).form
            if form.personal_card is not None:
                form.personal_button.click()
                desk.settle()
            assert form.kind.name == kind
            assert clipped_texts(desk.window) == []
            assert small_targets(desk.window) == []
    finally:
        desk.close()


def test_records_shows_how_far_a_programme_has_come(office: Desk) -> None:
    programme = entry.add(office.ws, "programme", {"title": "Qarvand", "target_m2": "4000000", "place": "AZ-X-QARVAND"})
    office.open("records", programme.name)
    office.settle()
    progress = records_page(office).detail.progress
    assert progress is not None
    assert progress.isVisible()
    assert clipped_texts(office.window) == []


def test_personal_data_are_sent_and_taken_in_through_the_window(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    with builders.deployment(tmp_path, "one") as made:
        one = made.laptops["one"]
        made.exchange(one)
        victim = a_victim(one)
        made.carry(one)
        for ws in (one, made.hq):
            desk = Desk(qtbot, tmp_path / "desk", ws.beside())
            desk.open("records", victim.name)
            records_page(desk).detail.carry.click()
            (dialog,) = desk.window.findChildren(PersonalFilesDialog)
            dialog.choice.set_folder(made.stick)
            dialog.act.click()
            desk.settle()
            assert len(dialog.banners) == 1
            dialog.accept()
            desk.close()
        assert personal.look(made.hq, victim.name)[0].values == WHO
