"""Story 5 through the widgets: the team that destroys logs by tag; headquarters reads what is outstanding."""

from __future__ import annotations

from pathlib import Path

from tests.cli.runner import done
from tests.end_to_end.driving import Person, window


def programme(folder: Path) -> str:
    """A headquarters, team 7 that found and handed over the lot, team 12; returns the tag on the pile."""
    hq = folder / "hq"
    done("init", hq, "--role", "hq", "--deployment", "Test", "--escrow-to", folder / "escrow.txt", "--key-file")
    for team in ("t7", "t12"):
        done("hq", "invite", "--team", team, "--to", folder, workspace=hq)
        done("init", folder / team, "--invitation", folder / f"{team}.fieldinvite", "--name", team, "--key-file")
    (folder / "stick").mkdir()
    lot = done("find", "add-lot", "--at", "39.9899 46.8988", "--found-on", "2024-06-03", "--line", "OG-7=180",
               "--line", "PG-7=97", "--line", "152 mm=35", workspace=folder / "t7")["records"]
    for record in lot:
        done("disposal", "add", "--of", record["local_id"], "--outcome", "handed_over", "--quantity",
             record["quantity"], "--done-on", "2024-06-03", "--other-team", "t12", workspace=folder / "t7")
    return str(lot[0]["local_id"])


def carry(folder: Path, team: str) -> None:
    """A bundle of the team to headquarters."""
    file = done("bundle", "export", "--to", folder / "stick", workspace=folder / team)["file"]
    done("bundle", "import", file, workspace=folder / "hq")


def press(person: Person, word: str) -> None:
    """Press the button that bears this word."""
    person.go(word)
    person.press("Space")


def destroyed(person: Person, tag: str, quantity: int, day: str) -> None:
    """Fill the Disposal form."""
    person.go("Number of the find")
    person.type(tag)
    person.go("Quantity")
    person.press("Ctrl+A")
    person.type(str(quantity))
    person.go("Done on")
    person.press("Ctrl+A")
    person.type(day)


def open_disposals(person: Person) -> None:
    """From Today to an empty Disposal form."""
    person.see("Logged today")
    press(person, "Tasks")
    press(person, "Outstanding items")
    press(person, "Log disposal")


def test_destroyed_by_tag_and_counted_at_headquarters(tmp_path: Path) -> None:
    tag = programme(tmp_path)
    with window(tmp_path, tmp_path / "t12") as person:
        open_disposals(person)
        destroyed(person, tag, 200, "2024-06-10")
        person.go("What was done")
        person.press("Right", "Space")
        person.see("No find here bears this number")
        person.press("Ctrl+Return")
        person.screen()
        destroyed(person, tag, 110, "2024-06-12")
        person.press("Ctrl+S")
        person.see("Saved on this laptop.")
        person.close()
    logged = done("disposal", "list", workspace=tmp_path / "t12")["records"]
    assert [(one["tag"], one["outcome"], one["quantity"], one["done_on"]) for one in logged] == [
        (tag, "central_demolition", 110, "2024-06-12"), (tag, "central_demolition", 200, "2024-06-10"),
    ]  # fmt: skip
    carry(tmp_path, "t12")
    carry(tmp_path, "t7")
    with window(tmp_path, tmp_path / "hq") as person:
        press(person, "Tasks")
        press(person, "Outstanding items")
        row = person.see("| 2 of 312 |")
        assert tag in row
        person.close()
    with window(tmp_path, tmp_path / "t12") as person:
        open_disposals(person)
        destroyed(person, tag, 5, "2024-06-14")
        person.go("What was done")
        person.press("Right", "Space")
        person.press("Ctrl+S")
        person.see("Saved on this laptop.")
        person.close()
    carry(tmp_path, "t12")
    with window(tmp_path, tmp_path / "hq") as person:
        press(person, "Tasks")
        press(person, "Outstanding items")
        person.see("3 more destroyed than found")
        assert "-3" not in person.screen()
        person.close()
