"""What a person at a laptop does on the page "Export to stick", by keyboard alone."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.driving import Person


def at_the_stick(person: Person, stick: Path) -> None:
    """Day, export, and the stick's folder typed."""
    person.press("F7")
    person.go("Export to stick")
    person.press("Return")
    person.see("Which stick or folder")
    person.go("Folder")
    person.press("Ctrl+A")
    person.type(str(stick))


def write(person: Person, stick: Path, *, for_the_team: bool = False) -> None:
    """A bundle for headquarters, or for the team, until it may be unplugged."""
    at_the_stick(person, stick)
    if for_the_team:
        person.go("For")
        person.press("Right", "Space")
        person.see("What the team's other laptops lack")
    person.go("Write to the stick")
    person.press("Return")
    person.see("Safe to unplug")
    person.press("Return")


def take_in(person: Person, stick: Path) -> str:
    """What the window says after it took in what lies there."""
    at_the_stick(person, stick)
    person.go("Take in a file")
    person.press("Return")
    return person.see("Taken in", "more record", "taken over")
