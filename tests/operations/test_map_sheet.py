"""What a printed map says of its workspace, how its setup is kept, and that no file is written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.operations import lookup, map_sheet
from fieldapp.operations.errors import FileNotWritten
from fieldapp.operations.map_sheet import SheetSetup
from fieldapp.texts import Texts
from tests.builders import a_find, a_plot, alone, deployment


def test_the_facts_name_people_and_the_newest_record(tmp_path: Path) -> None:
    with deployment(tmp_path, "north") as there:
        laptop = there.laptops["north"]
        assert map_sheet.facts(laptop, Texts("en")).newest == ""
        a_find(laptop)
        last = a_plot(laptop)
        facts = map_sheet.facts(laptop, Texts("en"))
        rows = [row for row in lookup.rows(laptop, "plot") if row.name == last.name]
        assert facts.newest == rows[0]["at"]
        assert facts.deployment == "Test programme"
        assert facts.person == laptop.person
        assert facts.team == laptop.team
        assert map_sheet.facts(there.hq, Texts("en")).team == ""


def test_the_next_sheet_is_set_up_like_the_last(tmp_path: Path) -> None:
    ws = alone(tmp_path / "laptop")
    assert map_sheet.facts(ws, Texts("az")).setup.classification == Texts("az")(map_sheet.CLASSIFICATION)
    kept = SheetSetup("  Not for\n publication ", "a3", landscape=False, grid="utm", dpi=300)
    map_sheet.keep(ws, kept)
    assert map_sheet.facts(ws, Texts("en")).setup == SheetSetup("Not for publication", "a3", False, "utm", 300)
    map_sheet.keep(ws, SheetSetup(""))
    assert map_sheet.facts(ws, Texts("en")).setup.classification == "", "no line is a choice, too"
    map_sheet.keep(ws, map_sheet.facts(ws, Texts("az")).setup)
    map_sheet.keep(ws, SheetSetup("For mine action staff only"))
    assert map_sheet.facts(ws, Texts("ru")).setup.classification == Texts("ru")(map_sheet.CLASSIFICATION)
    ws.close()


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"paper": 3, "dpi": "x", "landscape": 1, "colour": "red"}'])
def test_a_setup_that_cannot_be_read_is_the_usual_one(tmp_path: Path, text: str) -> None:
    ws = alone(tmp_path / "laptop")
    ws.set_meta("map_sheet", text)
    setup = map_sheet.facts(ws, Texts("en")).setup
    assert setup == SheetSetup("For mine action staff only")
    ws.close()


def test_a_file_of_that_name_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "map.pdf"
    assert [map_sheet.write(file, data).name for data in (b"1", b"2", b"3")] == ["map.pdf", "map-2.pdf", "map-3.pdf"]
    assert file.read_bytes() == b"1"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["map-2.pdf", "map-3.pdf", "map.pdf"]


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten):
        map_sheet.write(tmp_path / "nowhere" / "map.pdf", b"1")
    assert list(tmp_path.iterdir()) == []
