"""The lead's day: one column for each laptop of the team (M1)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fieldapp.operations import export, imports, photos, team_day
from fieldapp.operations.workspace import Workspace
from tests.builders import a_find, a_plot, alone, deployment

MONDAY = date(2024, 7, 29)


def to_the_lead(lead: Workspace, laptop: Workspace, stick: Path) -> None:
    """A team stick from a laptop to the lead's."""
    imports.import_file(lead, export.export_for_team(laptop, "t7", stick).path)


def test_each_laptop_of_the_team_has_a_column_and_says_whether_it_was_collected(tmp_path: Path) -> None:
    with deployment(tmp_path, "lead", "second", "third") as there:
        lead, second, third = there.laptops.values()
        for laptop in there.laptops.values():
            there.carry(laptop)
        for laptop in there.laptops.values():
            there.answer(laptop)
        a_find(lead)
        a_find(second)
        last = a_find(second, found_on="2024-07-29")
        a_plot(second, completed_on="2024-07-29")
        a_find(second, found_on="2024-07-22")
        picture = tmp_path / "photo.jpg"
        picture.write_bytes(b"\xff\xd8\xff" + b"0" * 50)
        photos.add_photo(second, picture, shows=last.name)
        a_find(third)
        to_the_lead(lead, second, there.stick)
        columns = team_day.team_day(lead, MONDAY)
        assert [(one.name, one.own, one.finds, one.plots, one.photos, one.collected) for one in columns] == [
            ("lead", True, 1, 0, 0, True), ("second", False, 2, 1, 1, True), ("third", False, 0, 0, 0, False),
        ]  # fmt: skip
        assert columns[1].last is not None
        assert columns[1].last.startswith("plot/")
        assert columns[2].missing
        to_the_lead(lead, third, there.stick)
        assert [one.finds for one in team_day.team_day(lead, MONDAY)] == [1, 2, 1]
        assert not any(one.missing for one in team_day.team_day(lead, MONDAY))
        assert team_day.team_day(lead, date(2024, 7, 30))[1].missing, "another day is collected on its own"


def test_a_laptop_alone_has_one_column(tmp_path: Path) -> None:
    ws = alone(tmp_path / "alone")
    try:
        find = a_find(ws)
        (one,) = team_day.team_day(ws, MONDAY)
        assert (one.name, one.own, one.finds, one.last, one.missing) == ("Aysel", True, 1, find.name, False)
        (none,) = team_day.team_day(ws, date(2024, 7, 30))
        assert (none.finds, none.last, none.last_at) == (0, None, "")
    finally:
        ws.close()
