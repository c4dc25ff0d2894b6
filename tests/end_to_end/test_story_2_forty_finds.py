"""Story 2: a day of finds with a failing receiver, by keyboard; but the power cut, which is a killed process here.

The receiver talks over a pseudo-terminal. At full size (``FIELDAPP_SOAK``) it is silent from the 9th to the 14th of
40 finds and the program is killed in the 22nd; else from the 3rd to the 8th of 12, and it is killed in the 10th.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.builders_receiver import Talker, receiver
from tests.cli.runner import done
from tests.end_to_end.driving import Person, window

FINDS, SILENT_FROM, KILLED_IN = (40, 9, 22) if os.environ.get("FIELDAPP_SOAK") else (12, 3, 10)
SILENT = range(SILENT_FROM, SILENT_FROM + 6)
ON_A_GRID_M = 0.0002
"""Degrees from one find to the next: some 20 metres, so that none looks like the one before."""


@pytest.fixture
def workspace() -> Path:
    """Where the program keeps its records on a computer that never saw it."""
    return Path(os.environ["FIELDAPP_WORKSPACE"])


def choose_receiver(person: Person, port: str) -> None:
    """On the Settings page, by keys."""
    person.go("Settings")
    person.press("Return")
    person.go("Receiver")
    person.press("Right", "Space")
    person.go("Port")
    person.type(port)
    person.go("Speed")
    person.type("9600")
    person.go("Listen to it")
    person.press("Return")
    person.see("Live fix")


def enter_what(person: Person, *, saved: bool = True) -> None:
    """PMN-2, 5 cm, armed; the focus is on the model."""
    person.type("pmn2")
    person.press("Return")
    person.type("5a")
    if saved:
        person.press("Ctrl+Return")
        assert "Saved " in person.screen()


def place_of(number: int) -> tuple[float, float]:
    """Where the find with this number lies."""
    return 39.9911 + number * ON_A_GRID_M, 46.93


def take(person: Person, talker: Talker, number: int) -> None:
    """Carry the receiver to the find and take its position there."""
    talker.place = place_of(number)
    person.see(f"{talker.place[0]:.6f}", "Live fix")  # after a jump the new place is not believed at once
    person.press("F5")
    person.see("Position taken")


def refused(person: Person) -> None:
    """Try to take it, in vain."""
    before = person.heard()
    person.press("F5")
    person.see("The receiver is silent")
    assert person.heard() == before + 1


def log_in_silence(person: Person, number: int) -> None:
    """The three ways there are without a receiver: measured, typed, none."""
    refused(person)
    if number < 3:
        person.press("F8")
        person.type("212")
        person.press("Return")
        person.type("34.5")
        person.see("Position measured by hand")
        person.press("Return")
    elif number < 5:
        person.press("Alt+P")
        person.type(f"39.98{number}1 46.9288")
        person.see("No receiver accuracy.")
        person.press("Return")
    else:
        person.go("Model")
    enter_what(person)


def morning(person: Person, talker: Talker) -> None:
    """Up to the find in which the program is killed."""
    choose_receiver(person, talker.port)
    person.press("F2")
    for number in range(1, KILLED_IN):
        if number == SILENT.start:
            talker.silent.set()
            person.see("Position stale")
        if number == SILENT.stop:
            talker.silent.clear()
        if number in SILENT:
            log_in_silence(person, number - SILENT.start)
        else:
            take(person, talker, number)
            enter_what(person)
    take(person, talker, KILLED_IN)
    enter_what(person, saved=False)
    person.see("Draft kept")
    person.screen()


def test_a_day_with_a_failing_receiver(tmp_path: Path, workspace: Path) -> None:
    done("init", workspace, "--name", "Aysel", "--key-file")
    with receiver() as talker:
        with window(tmp_path) as aysel:
            morning(aysel, talker)
            aysel.kill()
        talker.place = (40.0, 46.99)
        with window(tmp_path) as aysel:
            aysel.see("One find is not finished")
            aysel.go("Continue")
            aysel.press("Return")
            aysel.see("Position taken before the restart, at", "5", "PMN-2")
            aysel.press("Ctrl+Return")
            assert "Saved " in aysel.screen()
            for number in range(KILLED_IN + 1, FINDS + 1):
                take(aysel, talker, number)
                enter_what(aysel)
            aysel.press("F7")
            aysel.see("1 to look at", f"{FINDS - 1} complete", "Missing: Position", f"Sign off {FINDS - 1} records")
            aysel.close()
    check_day(workspace)


def check_day(workspace: Path) -> None:
    """What the records say of it."""
    finds = done("find", "list", workspace=workspace)["records"]
    assert len(finds) == FINDS
    ways = Counter(one["fixed_by"] for one in finds)
    assert ways == {"live_fix": FINDS - 6, "bearing_distance": 3, "typed": 2, None: 1}
    for one in finds:
        taken = one["fixed_by"] == "live_fix"
        assert (one["accuracy_basis"] in ("receiver", "hdop")) is taken
        assert (one["satellites"] == 14) is taken
        assert (one["fix_type"] == "DGNSS") is taken
    lats = sorted(round(one["lat"], 4) for one in finds if one["fixed_by"] == "live_fix")
    assert lats == [round(place_of(number)[0], 4) for number in range(1, FINDS + 1) if number not in SILENT]
