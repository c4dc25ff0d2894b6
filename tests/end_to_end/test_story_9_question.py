"""Story 9: HQ asks team 7; every laptop of team 7 shows it, nobody else's; another laptop answers with a new photo.

Once in the windows by keyboard alone, once on the command line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldapp.operations import records
from tests.builders import a_find, deployment
from tests.cli.runner import done
from tests.end_to_end.driving import Person, window
from tests.end_to_end.export_page import take_in, write

ASKED = "PMN-2 or PMN-4? photo unreadable"
ANSWERED = "PMN-4: the new photo shows the fuze"
JPEG = b"\xff\xd8\xff\xe0" + b"the fuze from above"
LAPTOPS = {"first": "t7", "second": "t7", "third": "t7", "other": "t8"}


@pytest.fixture
def find(tmp_path: Path) -> str:
    """The number of laptop 3's find, which everybody of team 7 and HQ knows; four laptops are enrolled."""
    with deployment(tmp_path) as there:
        for name, team in LAPTOPS.items():
            there.join(name, team)
        number = str(records.as_json(a_find(there.laptops["third"], model_text="PMN-2"))["local_id"])
        for laptop in there.laptops.values():
            there.carry(laptop)
        for laptop in there.laptops.values():
            there.answer(laptop)
    for left in (tmp_path / "stick").iterdir():
        left.unlink()
    (tmp_path / "fuze.jpg").write_bytes(JPEG)
    return number


def states(workspace: Path) -> list[str]:
    """The states of the questions that a workspace shows."""
    return [one["state"] for one in done("review", "questions", workspace=workspace)["questions"]]


def three_revisions(workspace: Path, number: str) -> None:
    """The find's history: saved as PMN-2, corrected to PMN-4 by laptop 2, its depth by laptop 3."""
    told = done("find", "history", number, workspace=workspace)["history"]
    assert [one["by"] for one in told] == ["Third", "Second", "Third"]
    (shown,) = [one for one in done("find", "list", workspace=workspace)["records"] if one["local_id"] == number]
    assert (shown["model"], shown["depth_cm"]) == ("pmn-4", 7)


def to_team(folder: Path, team: str = "t7") -> None:
    """The return bundle of headquarters to all laptops of the team."""
    back = done("bundle", "export", "--team", team, "--to", folder / "stick", workspace=folder / "hq")["file"]
    for name, member in LAPTOPS.items():
        if member == team:
            done("bundle", "import", back, workspace=folder / name)


def to_hq(folder: Path, name: str) -> dict[str, Any]:
    """The laptop's bundle to headquarters."""
    out = done("bundle", "export", "--to", folder / "stick", workspace=folder / name)["file"]
    (taken,) = done("bundle", "import", out, workspace=folder / "hq")["bundles"]
    return dict(taken)


def test_a_question_goes_round_on_the_command_line(tmp_path: Path, find: str) -> None:
    hq, second, third = tmp_path / "hq", tmp_path / "second", tmp_path / "third"
    done("review", "ask", find, "--text", ASKED, workspace=hq)
    to_team(tmp_path)
    to_team(tmp_path, "t8")
    assert [states(tmp_path / name) for name in LAPTOPS] == [["open"], ["open"], ["open"], []]

    done("find", "correct", find, "--model-typed", "PMN-4", "--why", "the fuze is a PMN-4's", workspace=second)
    done(
        "review", "answer", find, "--text", ANSWERED, "--photo", tmp_path / "fuze.jpg", "--corrected", workspace=second
    )
    to_hq(tmp_path, "second")
    assert states(hq) == ["answered"]
    (asked,) = done("review", "questions", workspace=hq)["questions"]
    assert ANSWERED in str(asked)
    assert len(done("photo", "list", workspace=hq)["records"]) == 1
    to_team(tmp_path)
    done("find", "correct", find, "--depth-cm", 7, "--why", "measured again", workspace=third)
    to_hq(tmp_path, "third")

    done("review", "close", find, "--outcome", "PMN-4 it is", workspace=hq)
    to_team(tmp_path)
    assert [states(tmp_path / name) for name in ("hq", *LAPTOPS)] == [["closed"]] * 4 + [[]]
    for name in ("hq", "first", "second", "third"):
        three_revisions(tmp_path / name, find)


def returns(officer: Person, stick: Path, teams: list[str]) -> None:
    """At headquarters: return bundles for all teams, though no stick came."""
    page(officer, "Inbox")
    officer.go("Folder")
    officer.press("Ctrl+A")
    officer.type(str(stick))
    officer.go("Write return bundle")
    officer.press("Return")
    officer.see("Return bundles for which teams", *teams)
    officer.go("Mark all")
    officer.press("Return")
    officer.go(f"Write {len(teams)} return bundle")
    officer.press("Return")
    officer.see("Return bundle written. Safe to unplug")


def served(officer: Person, stick: Path, sender: str) -> None:
    """At headquarters: the stick of this laptop is taken in and answered."""
    officer.go("Folder")
    officer.press("Ctrl+A")
    officer.type(str(stick))
    officer.see(f"Signed by {sender}")
    officer.go("Import and answer")
    officer.press("Return")
    officer.see("Return bundle written. Safe to unplug")


def page(person: Person, word: str) -> None:
    """A page by its word in the rail."""
    person.go(word)
    person.press("Return")


def test_a_question_goes_round_in_the_windows(tmp_path: Path, find: str) -> None:
    stick = tmp_path / "stick"

    def each(names: list[str], what: Callable[[Person], None]) -> None:
        for name in names:
            with window(tmp_path, tmp_path / name) as person:
                what(person)
                person.close()

    def asks(officer: Person) -> None:
        page(officer, "Questions")
        officer.go("Number of the record")
        officer.type(find)
        officer.press("Tab")
        officer.type(ASKED)
        officer.go("Ask the team")
        officer.press("Return")
        officer.see("Unanswered")
        returns(officer, stick, ["Team t7 | 3", "Team t8 | 1"])

    def reads(mate: Person) -> None:
        take_in(mate, stick)
        page(mate, "Today")
        mate.see("HQ asks", ASKED)

    def reads_nothing(mate: Person) -> None:
        take_in(mate, stick)
        page(mate, "Today")
        assert ASKED not in mate.screen()

    def answers(mate: Person) -> None:
        reads(mate)
        mate.press("F6")
        mate.go("PMN-2")
        mate.press("Return")
        mate.see("History, newest first")
        mate.go("Correct")
        mate.press("Return")
        mate.go("Model")
        mate.press("Ctrl+A")
        mate.type("pmn4")
        mate.press("Return")
        mate.go("Reason for the correction")
        mate.type("the fuze is a PMN-4's")
        mate.press("Ctrl+S")
        mate.see("Corrected")
        page(mate, "Questions")
        mate.see(ASKED)
        mate.go("Answer")
        mate.type(ANSWERED)
        mate.go("New photo")
        mate.type(str(tmp_path / "fuze.jpg"))
        mate.go("Send answer")
        mate.press("Return")
        mate.see("Answered")
        write(mate, stick)

    def takes_the_answer(officer: Person) -> None:
        served(officer, stick, "second")
        page(officer, "Questions")
        officer.see(f"{find} | Team t7 | PMN-2 or PMN-4? photo unreadable | Answered", ANSWERED, "New photo: ")

    def measures_again(mate: Person) -> None:
        take_in(mate, stick)
        mate.press("F6")
        mate.go("PMN-4")
        mate.press("Return")
        mate.see("History, newest first")
        mate.go("Correct")
        mate.press("Return")
        mate.go("Depth, cm")
        mate.press("Ctrl+A")
        mate.type("7")
        mate.go("Reason for the correction")
        mate.type("measured again")
        mate.press("Ctrl+S")
        mate.see("7 cm", "Corrected")
        write(mate, stick)

    def closes(officer: Person) -> None:
        served(officer, stick, "third")
        page(officer, "Questions")
        officer.see(ANSWERED)
        officer.go("What came of it")
        officer.type("PMN-4 it is")
        officer.go("Close question")
        officer.press("Return")
        officer.see("No question waits.")
        returns(officer, stick, ["Team t7 | 3", "Team t8 | 1"])

    def sees_it_closed(mate: Person) -> None:
        take_in(mate, stick)
        page(mate, "Questions")
        mate.go("Which questions")
        mate.press("Right", "Space")
        mate.see("Closed by HQ", "PMN-4 it is", "| Closed")

    each(["hq"], asks)
    each(["first", "third"], reads)
    each(["other"], reads_nothing)
    each(["second"], answers)
    each(["hq"], takes_the_answer)
    each(["third"], measures_again)
    each(["hq"], closes)
    each(["first", "second", "third"], sees_it_closed)
    for name in ("hq", "first", "second", "third"):
        assert states(tmp_path / name) == ["closed"]
        three_revisions(tmp_path / name, find)
    assert states(tmp_path / "other") == []
