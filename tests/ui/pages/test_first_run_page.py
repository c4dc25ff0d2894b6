from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.operations import demo, flat_files, headquarters
from fieldapp.operations.workspace import is_workspace, open_workspace
from tests import builders
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.desk import ALT, CTRL, Desk, Key
from ui.pages.first_run import PRACTICE
from ui.widgets import Banner


@pytest.fixture
def fresh(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """A computer on which nothing was ever recorded."""
    made = Desk(qtbot, tmp_path / "data" / "workspace")
    yield made
    made.close()


def refusals(desk: Desk) -> list[tuple[str, str]]:
    return [banner.words() for banner in desk.first_run().findChildren(Banner) if banner.isVisible()]


def test_record_now_asks_one_name_and_nothing_else(fresh: Desk) -> None:
    fresh.type("Aysel")
    fresh.press(Key.Key_Return)
    fresh.settle()
    assert fresh.session.role == "field"
    assert (fresh.ws.person, fresh.ws.language, fresh.ws.deployment) == ("Aysel", "en", None)
    assert fresh.window.current_page() is fresh.today()


def test_without_a_name_nothing_is_made(fresh: Desk) -> None:
    fresh.press(Key.Key_Return)
    fresh.settle()
    assert fresh.first_run().person.problem()
    assert fresh.session.role == "new"
    assert not fresh.session.folder.exists()


def test_the_chosen_language_is_the_workspaces(fresh: Desk) -> None:
    fresh.first_run().language.set_text("az")
    fresh.settle()
    fresh.type("Aysel")
    fresh.press(Key.Key_Return)
    fresh.settle()
    assert fresh.ws.language == "az"


def test_an_invitation_makes_a_laptop_of_that_team(fresh: Desk, tmp_path: Path) -> None:
    file = tmp_path / "north.fieldinvite"
    with builders.hq(tmp_path / "hq") as hq:
        headquarters.invite(hq, "north", file, team_name="North", device_name="laptop 1")
    fresh.press(Key.Key_2, ALT)
    fresh.type(str(file))
    fresh.press(Key.Key_Return)
    fresh.type("Rauf")
    fresh.press(Key.Key_Return)
    fresh.settle()
    assert (fresh.ws.team, fresh.ws.person) == ("north", "Rauf")


def test_a_file_that_is_no_invitation_is_refused_in_place_and_nothing_is_made(fresh: Desk, tmp_path: Path) -> None:
    file = tmp_path / "holiday.fieldinvite"
    file.write_text("not an invitation")
    fresh.press(Key.Key_2, ALT)
    fresh.type(str(file))
    fresh.press(Key.Key_Return)
    fresh.press(Key.Key_Return)
    fresh.settle()
    ((what, _rest),) = refusals(fresh)
    assert what.startswith("holiday.fieldinvite is not an invitation")
    assert not fresh.session.folder.exists()
    fresh.press(Key.Key_1, ALT)
    assert refusals(fresh) == []


def test_a_headquarters_is_set_up_with_its_spare_key_written(fresh: Desk, tmp_path: Path) -> None:
    escrow = tmp_path / "spare.txt"
    fresh.press(Key.Key_3, ALT)
    fresh.type("Test programme")
    fresh.press(Key.Key_Return)
    fresh.type("Officer")
    fresh.press(Key.Key_Return)
    fresh.type(str(escrow))
    fresh.press(Key.Key_Return)
    fresh.press(Key.Key_Return)
    fresh.settle()
    assert fresh.session.role == "hq"
    assert escrow.is_file()
    assert "inbox" in fresh.window.pages


def test_without_a_place_for_the_spare_key_no_headquarters_is_made(fresh: Desk) -> None:
    page = fresh.first_run()
    page.choose("hq")
    page.deployment.set_text("Test programme")
    page.set_up.click()
    fresh.settle()
    assert page.escrow.field.problem()
    assert fresh.session.role == "new"


def test_a_folder_that_is_not_empty_is_refused_in_place(fresh: Desk) -> None:
    fresh.session.folder.mkdir(parents=True)
    (fresh.session.folder / "letter.txt").write_text("dear all")
    fresh.type("Aysel")
    fresh.press(Key.Key_Return)
    fresh.settle()
    ((what, _rest),) = refusals(fresh)
    assert what.endswith("is not empty.")


def test_practising_makes_the_week_and_opens_a_laptop_of_it(fresh: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def small(folder: Path, progress: demo.Progress, cancelled: demo.Cancelled) -> None:
        # The whole week is proven with the demonstration itself; here it matters who asks for it and what is opened.
        progress("Making the demonstration", 1, 2)
        assert not cancelled()
        folder.mkdir(parents=True)
        for name in ("hq", "team-07"):
            builders.alone(folder / name).close()
        made.append(folder)

    monkeypatch.setattr(demo, "make_demo", small)
    fresh.press(Key.Key_4, ALT)
    fresh.press(Key.Key_Return)
    fresh.settle()
    assert made == [fresh.session.folder.parent / PRACTICE]
    page = fresh.first_run()
    assert page.open_laptop.isVisible()
    assert page.open_hq.isVisible()
    assert not page.make.isVisible()
    page.open_laptop.click()
    fresh.settle()
    assert fresh.ws.folder == made[0] / "team-07"
    assert not is_workspace(fresh.session.folder)


def test_a_practice_week_that_was_cancelled_can_be_made_again(fresh: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = demo.make_demo
    page = fresh.first_run()
    page.choose("practise")

    pressed = threading.Event()

    def stopped(folder: Path, progress: demo.Progress, cancelled: demo.Cancelled) -> object:
        assert pressed.wait(60)
        return real(folder, progress, cancelled)

    monkeypatch.setattr(demo, "make_demo", stopped)
    page.make.click()
    assert page.progress.isVisible()
    page.progress.cancel.click()
    pressed.set()
    fresh.settle()
    assert len(refusals(fresh)) == 1
    assert page.make.isVisible()
    assert not page.progress.isVisible()
    assert not is_workspace(fresh.session.folder.parent / PRACTICE / "hq")


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_every_text_fits_and_every_target_is_large_enough(fresh: Desk, language: str) -> None:
    fresh.session.set_language(language)
    fresh.settle()
    for name in ("record", "invited", "hq", "practise"):
        fresh.first_run().choose(name)
        fresh.settle()
        assert clipped_texts(fresh.window) == []
        assert small_targets(fresh.window) == []


def test_story_1_a_newcomer_logs_her_first_find_within_60_keys(fresh: Desk) -> None:
    fresh.type("Aysel")
    fresh.press(Key.Key_Return)
    fresh.settle()
    fresh.press(Key.Key_F2)
    fresh.settle()
    fresh.type("39.9899 46.8988")
    form = fresh.find().form
    assert form.position.second.text() == "38N 662110 4428363"
    assert form.district.words()[0] == "Aghdam?"
    fresh.press(Key.Key_Return)
    fresh.type("pmn2")
    fresh.press(Key.Key_Return)
    fresh.press(Key.Key_S, CTRL)
    fresh.settle()
    assert fresh.keys <= 60
    (saved,) = fresh.saved()
    assert saved["category"] == "ap_mine"
    fresh.session.background.close()
    folder = fresh.ws.folder
    fresh.ws.close()
    with open_workspace(folder) as again:
        assert flat_files.export(again, "find", "csv", folder.parent / "finds.csv") == 1
