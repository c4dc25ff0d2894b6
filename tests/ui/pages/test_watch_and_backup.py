"""A watched folder, refused files tried again, and a backup, through the widgets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fieldapp.operations import backup, export, lookup, watching
from fieldapp.operations.addressees import addressees
from tests.builders import a_find
from tests.operations.test_seats import seated
from tests.ui.pages.conftest import Opened
from ui.pages.inbox import InboxPage
from ui.pages.settings import SettingsPage
from ui.widgets.banner import Banner

Open = Callable[..., Opened]


def inbox_page(opened: Opened, folder: Path) -> InboxPage:
    folder.mkdir(exist_ok=True)
    opened.window.open_page("inbox")
    page = opened.window.pages["inbox"]
    assert isinstance(page, InboxPage)
    page.choice.set_folder(folder)
    opened.settle()
    return page


def said(page: InboxPage) -> list[str]:
    items = [page._above.itemAt(place) for place in range(page._above.count())]
    shown = [item.widget() for item in items if item is not None]
    return [banner.words()[0] for banner in shown if isinstance(banner, Banner)]


def look(opened: Opened, page: InboxPage, times: int = 2) -> None:
    for _ in range(times):
        page.watch.look()
        for _ in range(4):
            opened.settle()


def test_a_watched_folder_takes_a_new_bundle_in_by_itself_and_is_watched_again(opened: Open, tmp_path: Path) -> None:
    hq = opened("hq")
    page = inbox_page(hq, tmp_path / "drop")
    page.watch.switch.click()
    hq.settle()
    hq.settle()
    assert page.watch.said.text() == f"Watched: {tmp_path / 'drop'}"
    before = len(lookup.rows(hq.there.hq, "find"))
    south = hq.there.laptops["south"]
    a_find(south)
    export.export_for_hq(south, tmp_path / "drop")
    (tmp_path / "drop" / "half.fieldbundle").write_bytes(b"age-encryption.org/v1\n" + b"x" * 600)
    look(hq, page, 1)
    assert len(lookup.rows(hq.there.hq, "find")) == before, "one look is not enough"
    look(hq, page, 1)
    assert len(lookup.rows(hq.there.hq, "find")) == before + 1
    assert said(page) == [
        "1 new entry taken over", "To look at in what is new: 1", "1 model or code in the records is in no list",
    ]
    look(hq, page, 1)
    assert "1 file is not complete yet" in page.watch.said.text()
    assert watching.watched_folder(hq.there.hq) == tmp_path / "drop"
    hq.window.build_pages()
    again = inbox_page(hq, tmp_path / "drop")
    hq.settle()
    assert again.watch.folder == tmp_path / "drop"
    again.watch.switch.click()
    hq.settle()
    assert watching.watched_folder(hq.there.hq) is None
    assert again.watch.switch.text() == "Watch this folder"


def test_refused_files_are_tried_again_when_the_reason_is_gone(opened: Open, tmp_path: Path) -> None:
    hq = opened("hq")
    there = hq.there
    page = inbox_page(hq, there.stick)
    invitations = there.hq.get_json("invitations", [])
    third = there.join("third")
    there.hq.set_json("invitations", invitations)
    a_find(third)
    path = export.export_for_hq(third, tmp_path).path
    page._import([path])
    for _ in range(3):
        hq.settle()
    assert said(page)[-1].startswith("Refused: ")
    waiting = page._waiting.itemAt(page._waiting.count() - 1)
    assert waiting is not None
    banner = waiting.widget()
    assert isinstance(banner, Banner)
    assert banner.words()[0] == "1 file was refused and has not come in since"
    banner.buttons[-1].click()
    for _ in range(3):
        hq.settle()
    assert said(page)[-1] == "None of the files that are waited for lies in this folder."


def test_stopping_an_import_of_several_keeps_what_came_and_says_so(opened: Open, tmp_path: Path) -> None:
    hq = opened("hq")
    south = hq.there.laptops["south"]
    paths = []
    for _ in range(3):
        a_find(south)
        paths.append(export.export_for_hq(south, hq.there.stick).path)
    page = inbox_page(hq, tmp_path / "empty")
    page._import(paths)
    assert page._running is not None
    page._running.cancel()
    for _ in range(3):
        hq.settle()
    (banner,) = [item.widget() for item in [page._above.itemAt(0)] if item is not None]
    assert isinstance(banner, Banner)
    assert banner.tone() == "warn"
    assert banner.words()[1].startswith("Stopped before the end.")
    page._import(paths)
    for _ in range(3):
        hq.settle()
    assert "new entries taken over" in said(page)[0] or "new entry" in said(page)[0]


def test_a_backup_is_written_to_a_folder_and_the_page_says_where_it_lies(opened: Open, tmp_path: Path) -> None:
    hq = opened("hq")
    hq.window.open_page("settings")
    page = hq.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    hq.settle()
    assert page.backup.last.text().startswith("No backup was written yet.")
    (tmp_path / "safe").mkdir()
    page.backup.choice.set_folder(tmp_path / "safe")
    page.backup.go.click()
    for _ in range(3):
        hq.settle()
    (file,) = (tmp_path / "safe").iterdir()
    state = backup.state(hq.there.hq)
    assert (state.file, state.folder) == (file.name, str(tmp_path / "safe"))
    assert file.name in page.backup.last.text()
    assert backup.days_without(hq.there.hq) is None
    item = page.backup._said.itemAt(0)
    assert item is not None
    banner = item.widget()
    assert isinstance(banner, Banner)
    assert banner.words()[0] == "Backup written, read back and compared. Safe to unplug"
    page.backup.choice.set_folder(tmp_path / "gone")
    assert not page.backup.go.isEnabled()


def test_a_cancelled_backup_leaves_no_file_and_no_date(opened: Open, tmp_path: Path) -> None:
    hq = opened("hq")
    hq.window.open_page("settings")
    page = hq.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    (tmp_path / "safe").mkdir()
    page.backup.choice.set_folder(tmp_path / "safe")
    page.backup.go.click()
    assert page.backup._running is not None
    page.backup._running.cancel()
    for _ in range(3):
        hq.settle()
    assert list((tmp_path / "safe").iterdir()) == []
    assert backup.state(hq.there.hq).at == ""
    assert page.backup.go.isEnabled()


def test_a_seats_inbox_takes_the_roots_bundle_and_answers_it(opened: Open, tmp_path: Path) -> None:
    hq = opened("hq")
    seated(hq.there)
    a_find(hq.there.laptops["south"])
    hq.there.carry(hq.there.laptops["south"])
    (tmp_path / "between").mkdir()
    export.export_for_seats(hq.there.hq, tmp_path / "between")
    officer = opened("officer")
    page = inbox_page(officer, tmp_path / "between")
    for _ in range(3):
        officer.settle()
    assert page.serve.isEnabled()
    page.serve.click()
    for _ in range(3):
        officer.settle()
    assert "Return bundle written. Safe to unplug" in said(page)
    assert len(list((tmp_path / "between").iterdir())) == 2
    assert [one.team for one in addressees(officer.there.laptops["officer"])] == ["hq"]
    assert "hq" in [one.team for one in addressees(hq.there.hq)]
