"""Story 8 as people do it: four laptops, a lost stick, another, and receipts that reach all of them through the lead.

Once in the windows by keyboard alone, once on the command line. What was logged before the stick was lost is set up.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.builders import deployment
from tests.cli.runner import done
from tests.end_to_end.driving import window
from tests.end_to_end.export_page import take_in, write
from tests.end_to_end.test_story_8_lost_stick import TEAM, enrolled, three_days

OTHERS = TEAM[1:]


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """The folders ``hq`` and one for each laptop, with 126 records of three days that no receipt names."""
    with deployment(tmp_path, *TEAM) as there:
        three_days(enrolled(there))
    shutil.rmtree(tmp_path / "stick")
    for stick in ("evening", "lost", "other"):
        (tmp_path / stick).mkdir()
    return tmp_path


def records_at(workspace: Path, state: str | None = None) -> int:
    """Finds and plots of a workspace, or those that are in a state."""
    rows = [row for kind in ("find", "plot") for row in done(kind, "list", workspace=workspace)["records"]]
    return sum(state is None or row["where"] == state for row in rows)


def test_a_lost_stick_costs_nothing_in_the_windows(tmp_path: Path, team: Path) -> None:
    for name in OTHERS:
        with window(tmp_path, team / name) as mate:
            write(mate, team / "evening", for_the_team=True)
            mate.close()
    with window(tmp_path, team / "lead") as lead:
        assert "93 new entries taken over" in take_in(lead, team / "evening")
        write(lead, team / "lost")
        write(lead, team / "other")
        with window(tmp_path, team / "hq") as officer:
            officer.go("Folder")
            officer.type(str(team / "other"))
            officer.see("Import 126 new")
            officer.press("Ctrl+Return")
            officer.see("126 new entries taken over")
            officer.go("Folder")
            officer.press("Ctrl+A")
            officer.type(str(team / "lost"))
            officer.see("All of this is here already")
            officer.go("Write return bundle")
            officer.press("Return")
            officer.see("Return bundles for which teams", "Team t7 | 4 | Answered")
            officer.press("Space")
            officer.go("Write 1 return bundle")
            officer.press("Return")
            officer.see("Return bundle written. Safe to unplug")
            officer.close()
        assert "126 more records are safe at HQ." in take_in(lead, team / "lost")
        write(lead, team / "lost", for_the_team=True)
        lead.close()
    for name in OTHERS:
        with window(tmp_path, team / name) as mate:
            take_in(mate, team / "lost")
            mate.close()
    for name in TEAM:
        assert records_at(team / name) == records_at(team / name, "hq") == 130
    assert records_at(team / "hq") == 130


def test_a_lost_stick_costs_nothing_on_the_command_line(team: Path) -> None:
    hq, lead = team / "hq", team / "lead"
    for name in OTHERS:
        done("bundle", "export", "--for", "team", "--to", team / "evening", workspace=team / name)
    collected = done("bundle", "import", *sorted((team / "evening").iterdir()), workspace=lead)["bundles"]
    assert sum(one["new"] for one in collected) == 93
    first = done("bundle", "export", "--to", team / "lost", workspace=lead)["file"]
    again = done("bundle", "export", "--to", team / "other", workspace=lead)["file"]
    (taken,) = done("bundle", "import", again, workspace=hq)["bundles"]
    assert (taken["status"], taken["new"], taken["known"], taken["quarantined"]) == ("imported", 126, 0, 0)
    (late,) = done("bundle", "import", first, workspace=hq)["bundles"]
    assert (late["status"], late["new"], late["known"]) == ("known", 0, 126)
    back = done("bundle", "export", "--team", "t7", "--to", team / "lost", workspace=hq)["file"]
    done("bundle", "import", back, workspace=lead)
    assert records_at(lead, "hq") == 130
    relayed = done("bundle", "export", "--for", "team", "--to", team / "lost", workspace=lead)["file"]
    for name in OTHERS:
        assert records_at(team / name, "hq") == 4
        done("bundle", "import", relayed, workspace=team / name)
        assert records_at(team / name) == records_at(team / name, "hq") == 130
