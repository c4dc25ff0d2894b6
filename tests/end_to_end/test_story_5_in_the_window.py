"""Story 5 through the widgets: a lot handed over, destroyed by tag by another team, counted at headquarters."""

from __future__ import annotations

from pathlib import Path

from tests.cli.runner import done
from tests.end_to_end.driving import Person, window

MODELS = (("og-7", 180), ("pg-7", 97), ("152", 35))
DESTROYED, HANDED_OVER = 1, 6
"""How many steps right of the first choice of what was done."""


def programme(folder: Path) -> Path:
    """A headquarters, teams 7 and 12 with a laptop each, and an empty stick."""
    hq = folder / "hq"
    done("init", hq, "--role", "hq", "--deployment", "Test", "--escrow-to", folder / "escrow.txt", "--key-file")
    for team in ("t7", "t12"):
        done("hq", "invite", "--team", team, "--to", folder, workspace=hq)
        done("init", folder / team, "--invitation", folder / f"{team}.fieldinvite", "--name", team, "--key-file")
    (folder / "stick").mkdir()
    return folder / "stick"


def press(person: Person, word: str) -> None:
    """Press the button that bears this word."""
    person.go(word)
    person.press("Space")


def fill(person: Person, field: str, text: str) -> None:
    """Put this text into a field, for what stands there."""
    person.go(field)
    person.press("Ctrl+A")
    person.type(text)


def log_the_lot(person: Person) -> None:
    """Three models at one place, found on 3 June."""
    person.press("F2")
    person.see("New find")
    person.type("39.9899 46.8988")
    person.press("Return")
    for number, (model, quantity) in enumerate(MODELS):
        fill(person, "Model", model)
        person.press("Return")
        fill(person, "Quantity", str(quantity))
        if not number:
            press(person, "More fields")
        fill(person, "Found on", "2024-06-03")
        person.press("Ctrl+S" if number == len(MODELS) - 1 else "Ctrl+L")
        person.see(f"{quantity} pieces")


def open_disposals(person: Person) -> None:
    """From Today to an empty Disposal form."""
    person.go("Today")
    person.press("Return")
    person.see("Logged today")
    press(person, "Tasks")
    press(person, "Outstanding items")
    press(person, "Log disposal")


def disposed(person: Person, tag: str, quantity: int, day: str, what: int, team: str = "") -> None:
    """Fill the Disposal form and save it."""
    fill(person, "Number of the find", tag)
    person.go("What was done")
    person.press(*["Left"] * 9, *["Right"] * what, "Space")
    fill(person, "Quantity", str(quantity))
    fill(person, "Done on", day)
    if team:
        fill(person, "Handed to or received from", team)
    person.press("Ctrl+Return")
    person.screen()


def to_the_stick(person: Person, stick: Path) -> None:
    """A bundle for headquarters."""
    person.press("F7")
    press(person, "Export to stick")
    person.see("Which stick or folder")
    fill(person, "Folder", str(stick))
    person.press("Ctrl+Return")
    person.see("Safe to unplug")
    person.press("Return")


def take_in(officer: Person, stick: Path) -> None:
    """All bundles of the stick."""
    officer.go("Inbox")
    officer.press("Return")
    fill(officer, "Folder", str(stick))
    officer.screen()
    press(officer, "Import and answer")
    officer.see("Return bundle written")


def weeks(officer: Person) -> None:
    """Week 23 shows 312 found and nothing destroyed, week 24 shows 310 destroyed."""
    officer.go("Reports")
    officer.press("Return")
    officer.see("Week 24, 2024", "UXO; neutralised: 310")
    press(officer, "The week before")
    officer.see("Week 23, 2024", "UXO; neutralised: 0", "Total | 0 | 0 | 312 | 0.0 | 0.0")


def test_destroyed_by_tag_and_counted_at_headquarters(tmp_path: Path) -> None:
    stick = programme(tmp_path)
    with window(tmp_path, tmp_path / "t7") as person:
        log_the_lot(person)
        person.close()
    finds = {one["quantity"]: one for one in done("find", "list", workspace=tmp_path / "t7")["records"]}
    assert [finds[quantity]["found_on"] for _, quantity in MODELS] == ["2024-06-03"] * 3
    assert len({one["lot"] for one in finds.values()}) == 1
    tag = finds[180]["local_id"]
    with window(tmp_path, tmp_path / "t7") as person:
        open_disposals(person)
        for quantity, one in finds.items():
            disposed(person, one["local_id"], quantity, "2024-06-03", HANDED_OVER, "t12")
        to_the_stick(person, stick)
        person.close()
    handed = done("disposal", "list", workspace=tmp_path / "t7")["records"]
    assert [(one["outcome"], one["other_team"]) for one in handed] == [("handed_over", "t12")] * 3
    with window(tmp_path, tmp_path / "t12") as person:
        open_disposals(person)
        disposed(person, tag, 200, "2024-06-10", DESTROYED)
        disposed(person, tag, 110, "2024-06-12", DESTROYED)
        to_the_stick(person, stick)
        person.close()
    logged = done("disposal", "list", workspace=tmp_path / "t12")["records"]
    assert [(one["tag"], one["outcome"], one["quantity"], one["done_on"]) for one in logged] == [
        (tag, "central_demolition", 110, "2024-06-12"), (tag, "central_demolition", 200, "2024-06-10"),
    ]  # fmt: skip
    with window(tmp_path, tmp_path / "hq") as officer:
        take_in(officer, stick)
        weeks(officer)
        press(officer, "Tasks")
        press(officer, "Outstanding items")
        assert tag in officer.see("| 2 of 312 |")
        officer.close()
    with window(tmp_path, tmp_path / "t12") as person:
        open_disposals(person)
        disposed(person, tag, 5, "2024-06-14", DESTROYED)
        to_the_stick(person, stick)
        person.close()
    with window(tmp_path, tmp_path / "hq") as officer:
        take_in(officer, stick)
        press(officer, "Tasks")
        press(officer, "Outstanding items")
        officer.see("3 more destroyed than found")
        assert "-3" not in officer.screen()
        officer.close()
