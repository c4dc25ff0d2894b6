"""The main job: one find from a deminer's keyboard to the weekly figures, and headquarters' receipt back to her.

Two windows in two processes, a stick between them, and no mouse.
"""

from __future__ import annotations

from pathlib import Path

from tests.cli.runner import done
from tests.end_to_end.driving import Person, window


def programme(folder: Path) -> tuple[Path, Path, Path]:
    """A headquarters, a laptop that it invited, and an empty stick."""
    hq, laptop, stick = folder / "hq", folder / "laptop", folder / "stick"
    stick.mkdir()
    done("init", hq, "--role", "hq", "--name", "Officer", "--deployment", "Test", "--escrow-to", folder / "escrow.txt",
         "--key-file")
    done("hq", "invite", "--team", "t7", "--to", folder, workspace=hq)
    done("init", laptop, "--invitation", folder / "t7.fieldinvite", "--name", "Aysel", "--key-file")
    return hq, laptop, stick


def log_and_correct(deminer: Person) -> None:
    """A PMN-2, armed, first at 5 and then at 8 cm."""
    deminer.press("F2")
    deminer.see("New find")
    deminer.type("39.9899 46.8988")
    deminer.press("Return")
    deminer.type("pmn2")
    deminer.press("Return")
    deminer.type("5a")
    deminer.press("Ctrl+S")
    deminer.see("Saved on this laptop.")
    deminer.press("F6")
    deminer.see("1 record", "This laptop")
    deminer.go("PMN-2")
    deminer.press("Return")
    deminer.see("History, newest first")
    deminer.go("Correct")
    deminer.press("Return")
    deminer.see("Reason for the correction")
    deminer.go("Depth, cm")
    deminer.press("Ctrl+A")
    deminer.type("8")
    deminer.go("Reason for the correction")
    deminer.type("measured again")
    deminer.press("Ctrl+S")
    deminer.see("measured again", "8 cm", "Corrected")


def to_the_stick(deminer: Person, stick: Path) -> None:
    """Day, export, a folder typed, and the stick may be pulled."""
    deminer.press("F7")
    deminer.go("Export to stick")
    deminer.press("Return")
    deminer.see("Which stick or folder")
    deminer.go("Folder")
    deminer.type(str(stick))
    deminer.press("Ctrl+Return")
    deminer.see("Safe to unplug")
    deminer.press("Return", "F6")
    deminer.see("On a stick")


def take_in_and_approve(officer: Person, stick: Path) -> None:
    """Inbox, preview, import, review, approve."""
    officer.see("Inbox")
    officer.go("Folder")
    officer.type(str(stick))
    officer.see("Signed by t7", "First bundle of an invited laptop.", "Import 2 new")
    officer.press("Ctrl+Return")
    officer.see("2 new entries taken over", "1 record waits for a decision.")
    officer.press("Ctrl+Return")
    officer.see("Waiting for a decision", "Approve 1 record")
    officer.press("Ctrl+Return")
    officer.see("Everything is decided.")


def report_and_answer(officer: Person) -> None:
    """The weekly report counts the find; the answer goes to the stick the find came on."""
    officer.go("Reports")
    officer.press("Return")
    officer.see("Total | 1 | 0 | 0 | 0.0 | 0.0")
    officer.see("1 anti-personnel mine")
    officer.see("0 records wait for approval")
    officer.go("Inbox")
    officer.press("Return")
    officer.go("Write return bundle")
    officer.press("Return")
    officer.see("Return bundle written. Safe to unplug")


def test_a_find_is_logged_corrected_carried_approved_reported_and_confirmed_by_keyboard(tmp_path: Path) -> None:
    hq, laptop, stick = programme(tmp_path)
    with window(tmp_path, laptop) as deminer, window(tmp_path, hq) as officer:
        log_and_correct(deminer)
        to_the_stick(deminer, stick)
        take_in_and_approve(officer, stick)
        report_and_answer(officer)
        deminer.press("F7")
        deminer.go("Export to stick")
        deminer.press("Return")
        deminer.go("Take in a file")
        deminer.press("Return")
        deminer.see("Taken in", "1 more record is safe at HQ.")
        deminer.press("F6")
        deminer.see("Safe at HQ")
        for person in (deminer, officer):
            person.close()
    (find,) = done("find", "list", workspace=laptop)["records"]
    assert (find["model"], find["depth_cm"]) == ("pmn-2", 8)
    assert done("check", workspace=laptop)["state_hash"]
    (at_hq,) = done("find", "list", workspace=hq)["records"]
    assert at_hq == find
