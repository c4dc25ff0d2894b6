"""Story 11: a captured minefield record lands where it says, every other reading is warned of, and unsearched ground
is never called wrong. On the command line and by keys through the window.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from fieldapp.geodesy.coordinates import Position
from fieldapp.geodesy.traverse import bearing_and_distance, forward
from tests.cli.runner import done, run
from tests.end_to_end.driving import Person, window

LANDMARK, CORNER_1 = Position(39.989908, 46.898804), Position(39.99128, 46.90608)
TYPED = (
    "--landmark", "X 4 430 226 Y 8 662 280", "--azimuth", "12-50", "--distance", "640", "--strip-azimuth", "17-50",
    "--strip-length", "320", "--strip-depth", "60",
)  # fmt: skip
INSIDE, OUTSIDE = 3, 5
AREAS = 4
"""How many steps right of the first kind of record."""


def place(member: dict[str, Any]) -> Position:
    return Position(member["lat"], member["lon"])


def apart_m(one: Position, other: Position) -> float:
    return bearing_and_distance(one, other)[1]


def finds_round(corners: list[dict[str, Any]]) -> list[Position]:
    """Three finds within 20 m of the record, one of them inside; five farther off."""
    first, second, third = (place(corner) for corner in corners[:3])
    middle = Position((first.lat + third.lat) / 2, (first.lon + third.lon) / 2)
    near = [middle, forward(first, 345, 10), forward(second, 15, 19)]
    return near + [forward(first, 15, metres) for metres in (30, 45, 60, 120, 200)]


def test_story_11_on_the_command_line(tmp_path: Path) -> None:
    office = tmp_path / "hq"
    done("init", office, "--role", "hq", "--deployment", "Test", "--escrow-to", tmp_path / "escrow.txt", "--key-file")
    worked = done("area", "measure", *TYPED, workspace=office)
    assert apart_m(place(worked["landmarks"][0]), LANDMARK) < 0.1
    assert apart_m(place(worked["corners"][0]), CORNER_1) < 1
    assert worked["area_m2"] == pytest.approx(19187, abs=5)
    moved = {(one["what"], one["value"]): one["moved_m"] for one in worked["readings"]}
    assert moved["mils", "mil6400"] == pytest.approx(52, abs=0.5)
    assert moved["datum", "none"] == pytest.approx(103, abs=0.5)
    swapped = done("area", "measure", "--landmark", "8 662 280, 4 430 226", *TYPED[2:], workspace=office)
    assert apart_m(place(swapped["corners"][0]), CORNER_1) < 1, "the easting is known by its zone"
    assert swapped["remarks"], "and it is said that they stand the other way round"
    labelled = run("area", "measure", "--landmark", "X 8 662 280 Y 4 430 226", *TYPED[2:], "--json", workspace=office)
    assert "swapped" in labelled.json["error"]["message"]

    added = run("area", "add", *TYPED, "--tolerance-m", "20", "--mine", "PMN-2 = 120", "--json", workspace=office)
    assert "52 m" in added.err
    assert "103 m" in added.err
    number, area_m2 = added.json["local_id"], added.json["area_m2"]
    assert added.json["record_verdict"] == "not_searched"
    unsearched = done("area", "accuracy", number, workspace=office)
    assert (unsearched["verdict"], unsearched["searched_percent"]) == ("not_searched", 0)
    assert "Not searched is not wrong" in run("area", "accuracy", number, workspace=office).out

    done("area", "correct", number, "--searched-m2", f"{area_m2 * 0.4:.1f}", "--record-verdict", "partly", "--why",
         "searched by team 7", workspace=office)
    for at in finds_round(worked["corners"]):
        done("find", "add", "pmn2", "--at", f"{at.lat:.8f} {at.lon:.8f}", workspace=office)
    found = done("area", "accuracy", number, workspace=office)
    assert found["searched_percent"] == 40
    assert (found["finds"]["inside"], found["finds"]["outside"]) == (INSIDE, OUTSIDE)
    text = run("area", "accuracy", number, workspace=office).out
    assert "Searched: 40.0 % of its ground." in text
    assert "Finds inside 3, outside 5 (tolerance 20 m, as entered)." in text
    done("area", "add", *TYPED, workspace=office)
    every = done("area", "accuracy", workspace=office)
    assert every["verdicts"] == {"partly": 1, "not_searched": 1}
    assert (every["confirmed_percent_of_judged"], every["unsearched_percent"]) == (100, 50)


def fill(person: Person, field: str, text: str) -> None:
    """Put this text into a field, for what stands there."""
    person.go(field)
    person.press("Ctrl+A")
    person.type(text)


def write_the_record(person: Person) -> None:
    """From the key that adds records to the whole paper, typed as it is written."""
    person.press("F10")
    person.see("Add a record")
    person.go("Kind of record")
    person.press(*["Right"] * AREAS, "Space")
    person.see("New hazardous area")
    person.type("Formulyar 12")
    person.go("How the ground is given")
    person.press("Right", "Right", "Space")
    person.go("Landmark 1: Landmark")
    person.type("8 662 280 4 430 226")
    person.see("39.989908° N 46.898804° E", "Read with the easting first")
    person.press("Ctrl+A")
    person.type("X 4 430 226 Y 8 662 280")
    person.press("Tab")
    person.type("12-50")
    person.press("Tab")
    person.type("640")
    person.see("39.991280° N 46.906080° E")
    fill(person, "Its azimuth", "17-50")
    fill(person, "Length, m", "320")
    fill(person, "Depth, m", "60")
    person.see("19,187.5 m²", "Mils of 6400 to the circle", "52 m", "No shift of datum", "103 m")
    fill(person, "Mines on the record", "PMN-2 = 120")


def test_story_11_by_keys_in_the_window(tmp_path: Path) -> None:
    laptop = Path(os.environ["FIELDAPP_WORKSPACE"])
    done("init", laptop, "--name", "Aysel", "--key-file")
    worked = done("area", "measure", *TYPED, workspace=laptop)
    for at in finds_round(worked["corners"]):
        done("find", "add", "pmn2", "--at", f"{at.lat:.8f} {at.lon:.8f}", workspace=laptop)
    with window(tmp_path) as aysel:
        aysel.see("Log find")
        write_the_record(aysel)
        aysel.press("Ctrl+S")
        aysel.see("Formulyar 12", "Not searched is not wrong", "Ground outside a record is not safe")
        aysel.go("Correct")
        aysel.press("Space")
        aysel.see("Reason for the correction")
        aysel.press("Alt+M")
        fill(aysel, "Searched, m²", "7675")
        fill(aysel, "Tolerance, m", "20")
        aysel.go("Reason for the correction")
        aysel.type("searched by team 7")
        aysel.press("Ctrl+S")
        aysel.see("Searched: 40.0 % of its ground.", "Finds inside 3, outside 5 (tolerance 20 m, as entered).",
                  "Searched in part, no verdict yet", "PMN-2: 120 on the record, 3 found inside.")  # fmt: skip
        aysel.close()
    (saved,) = done("area", "list", workspace=laptop)["records"]
    corner = place({name: float(value) for name, value in saved["outline"][0][0][0].items() if name in ("lat", "lon")})
    assert apart_m(corner, CORNER_1) < 1
    assert apart_m(corner, CORNER_1) < saved["outline_accuracy_m"], "it lands within its stated accuracy"
    assert saved["area_m2"] == pytest.approx(19187, abs=5)
    assert (saved["typed_text"], saved["datum_operation"]) == ("X 4 430 226 Y 8 662 280", "EPSG:15865")
    assert {(one["what"], one["value"]) for one in saved["readings"]} >= {("mils", "mil6400"), ("datum", "none")}


LEGS = (("17-50", "320"), ("32-50", "60"), ("47-50", "320"), ("2-50", "60"))


def test_a_record_with_legs_round_the_field_is_typed_closes_and_lands_within_its_accuracy() -> None:
    laptop = Path(os.environ["FIELDAPP_WORKSPACE"])
    done("init", laptop, "--name", "Aysel", "--key-file")
    with window(laptop.parent) as aysel:
        aysel.see("Log find")
        aysel.press("F10")
        aysel.see("Add a record")
        aysel.go("Kind of record")
        aysel.press(*["Right"] * AREAS, "Space")
        aysel.see("New hazardous area")
        aysel.go("How the ground is given")
        aysel.press("Right", "Right", "Space")
        aysel.go("Landmark 1: Landmark")
        for text in ("X 4 430 226 Y 8 662 280", "12-50", "640"):
            aysel.type(text)
            aysel.press("Tab")
        aysel.go("How the field is laid off")
        aysel.press("Right", "Space")
        for number, (azimuth, metres) in enumerate(LEGS, 1):
            fill(aysel, f"Leg {number}: Azimuth", azimuth)
            fill(aysel, f"Leg {number}: Distance", metres if number < len(LEGS) else "80")
        aysel.see("misses corner 1 by 20 m in 780 m, 1:39", "The points cannot be trusted")
        fill(aysel, "Leg 4: Distance", "60")
        aysel.see("The walk round closes: 0.0 m in 760 m", "19,187.5 m²")
        aysel.press("Ctrl+S")
        aysel.see("Not searched is not wrong")
        aysel.close()
    (saved,) = done("area", "list", workspace=laptop)["records"]
    ((ring,),) = saved["outline"]
    corners = [place({name: float(value) for name, value in one.items() if name in ("lat", "lon")}) for one in ring]
    worked = done("area", "measure", *TYPED, workspace=laptop)
    assert len(corners) == len(LEGS)
    for corner, strip in zip(corners, worked["corners"], strict=True):
        assert apart_m(corner, place(strip)) < 0.01, "the same field, walked round"
    assert apart_m(corners[0], CORNER_1) < 1 < saved["outline_accuracy_m"]
    assert [(one["bearing"], one["distance"]) for one in saved["legs"]["legs"]] == list(LEGS)
