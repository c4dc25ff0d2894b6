"""Story 10: sixty teams, day bundles shuffled and doubled, a gap, a copied laptop, a slow clock, an old program.

In CI with fewer teams and finds; FIELDAPP_SOAK=1 runs it at full size (60 teams x 5 days x 40 finds).
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldapp.clock import SetClock
from fieldapp.operations import imports, records
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.sync.manifest import OLDEST_WRITTEN
from tests.builders import Deployment, a_find, clock, deployment
from tests.builders_faults import carried, packed, sealed_day
from tests.builders_sync import reading_only
from tests.cli.runner import done, run
from tests.end_to_end.driving import ROOT, Person, window

GAP, COPIED, SLOW, OLD = "team1", "team2", "team3", "team4"
SLOW_DAYS = 365
ASKED = "Is the tag of this one still on it?"


@dataclass(frozen=True)
class Size:
    """How much of it."""

    teams: int
    finds: int
    copied_after: int
    copy_enters: int
    days: int = 5

    @property
    def all(self) -> int:
        """Finds that the teams' own laptops log."""
        return self.teams * self.days * self.finds


FULL = bool(os.environ.get("FIELDAPP_SOAK"))
SIZE = Size(60, 40, 100, 15) if FULL else Size(6, 4, 10, 3)


@dataclass
class Season:
    """The folders of headquarters and the laptops, all closed, and the bundles as they lie on the table."""

    folder: Path
    bundles: list[Path]

    @property
    def hq(self) -> Path:
        return self.folder / "hq"


def morning(ws: Workspace, day: int) -> None:
    """Set the clock to the morning of a day of last week; the slow laptop's a year before it."""
    assert isinstance(ws.clock, SetClock)
    ago = timedelta(days=SIZE.days + 1 - day) + (timedelta(days=SLOW_DAYS) if ws.folder.name == SLOW else timedelta())
    ws.clock.set(datetime.now(UTC).replace(microsecond=0) - ago)


def log(ws: Workspace, count: int, first: int = 0) -> None:
    """Finds at different places."""
    for number in range(count):
        a_find(ws, position=f"{39.98 + (first + number) * 0.0003:.4f} 46.8988")


def a_days_bundle(there: Deployment, ws: Workspace, day: int) -> Path:
    morning(ws, day)
    log(ws, SIZE.finds)
    return carried(ws, there.stick, [packed(sealed_day(ws))])


def copied(there: Deployment) -> list[Path]:
    """The laptop is copied in the middle of a day; both copies go on and bring bundles."""
    original = there.laptops[COPIED]
    whole, rest = divmod(SIZE.copied_after, SIZE.finds)
    bundles = [a_days_bundle(there, original, day) for day in range(whole)]
    morning(original, whole)
    log(original, rest)
    original.close()
    shutil.copytree(original.folder, original.folder.with_name("copy"))
    copy, original = (
        open_workspace(folder, clock=clock()) for folder in (original.folder.with_name("copy"), original.folder)
    )
    there.laptops |= {"copy": copy, COPIED: original}
    for ws, more in ((copy, SIZE.copy_enters), (original, SIZE.finds - rest)):
        morning(ws, whole)
        log(ws, more)
        bundles.append(carried(ws, there.stick, [packed(sealed_day(ws))]))
    return bundles + [a_days_bundle(there, original, day) for day in range(whole + 1, SIZE.days)]


@pytest.fixture
def season(tmp_path: Path) -> Season:
    with deployment(tmp_path) as there:
        morning(there.hq, 0)
        for number in range(SIZE.teams):
            laptop = there.join(f"team{number}", f"t{number}")
            morning(laptop, 0)
            there.carry(laptop)
        for path in there.stick.iterdir():
            path.unlink()
        bundles: list[Path] = []
        for name in [f"team{number}" for number in range(SIZE.teams)]:
            if name == COPIED:
                bundles += copied(there)
                continue
            bundles += [a_days_bundle(there, there.laptops[name], day) for day in range(SIZE.days)]
            if name == GAP:
                bundles.pop(-SIZE.days + 2).unlink()
        return Season(tmp_path, bundles)


def shuffled(bundles: list[Path], seed: int) -> list[Path]:
    """All of them twice, in some order."""
    found = bundles * 2
    random.Random(seed).shuffle(found)
    return found


def three_at_once(hq: Path, bundles: list[Path]) -> None:
    """Three programs import a third each at the same time."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "fieldapp", "--workspace", hq, "bundle", "import", "--wait", "300",
             *bundles[third::3]],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for third in range(3)
    ]  # fmt: skip
    for one in running:
        said, _ = one.communicate()
        assert one.returncode == 0, said


def finds_at(workspace: Path) -> int:
    return len(done("find", "list", workspace=workspace)["records"])


def one_gap_and_one_fork(hq: Path) -> None:
    (gap,) = done("hq", "gaps", workspace=hq)["gaps"]
    assert (gap["from"], gap["to"]) == (2 * SIZE.finds + 1, 3 * SIZE.finds)
    (fork,) = done("hq", "forks", workspace=hq)["forks"]
    assert fork["name"] == COPIED
    assert sorted(branch["entries"] for branch in fork["branches"]) == sorted(
        [SIZE.copy_enters, SIZE.days * SIZE.finds - SIZE.copied_after]
    )


def odd_dates(hq: Path) -> list[Any]:
    return list(done("hq", "odd-dates", workspace=hq)["odd_dates"])


def the_old_laptop_reads_its_answer(season: Season) -> None:
    """Its program reads nothing newer than the oldest format that is written: its receipts and the question arrive."""
    ws = open_workspace(season.folder / OLD, clock=clock())
    morning(ws, SIZE.days)
    number = records.list_records(ws, "find")[0]["local_id"]
    with ws, pytest.MonkeyPatch.context() as patch:
        reading_only(patch, OLDEST_WRITTEN)
        log(ws, 1)
        late = carried(ws, season.folder / "stick", [packed(sealed_day(ws))])
        patch.undo()
        done("bundle", "import", late, workspace=season.hq)
        done("review", "ask", number, "--text", ASKED, workspace=season.hq)
        back = done("bundle", "export", "--team", OLD.replace("team", "t"), "--to", season.folder, workspace=season.hq)
        reading_only(patch, OLDEST_WRITTEN)
        taken = imports.import_file(ws, Path(back["file"]))
        assert (taken.status, bool(taken.receipts)) == ("imported", True)
        names = [row.name for row in records.list_records(ws, "find")]
        assert set(records.whereabouts(ws, names).values()) == {"hq"}
    (asked,) = done("review", "questions", workspace=season.folder / OLD)["questions"]
    assert asked["state"] == "open"


def the_gap_closes(season: Season) -> None:
    """The laptop's next ordinary bundle carries everything since the last receipt."""
    before = finds_at(season.hq)
    file = done("bundle", "export", "--to", season.folder / "stick", workspace=season.folder / GAP)["file"]
    done("bundle", "import", file, workspace=season.hq)
    assert finds_at(season.hq) == before + SIZE.finds
    assert done("hq", "gaps", workspace=season.hq)["gaps"] == []


def test_sixty_teams_on_the_command_line(season: Season) -> None:
    other = shutil.copytree(season.hq, season.folder / "other")
    three_at_once(season.hq, shuffled(season.bundles, 10))
    assert finds_at(season.hq) == SIZE.all - SIZE.finds + SIZE.copy_enters
    one_gap_and_one_fork(season.hq)
    assert run("bundle", "import", *shuffled(season.bundles, 11), workspace=other).code == 0
    hashes = {done("check", workspace=ws)["state_hash"] for ws in (season.hq, other)}
    assert len(hashes) == 1

    odd = odd_dates(season.hq)
    assert len(odd) == SIZE.days * SIZE.finds
    (stream,) = {one["stream"] for one in odd}
    first, last = min(one["seq"] for one in odd), max(one["seq"] for one in odd)
    done("shift-dates", stream, "--from", first, "--to", last, "--by", SLOW_DAYS, "--why", "a year slow",
         workspace=season.hq)  # fmt: skip
    assert odd_dates(season.hq) == []

    the_gap_closes(season)
    assert finds_at(season.hq) == SIZE.all + SIZE.copy_enters
    the_old_laptop_reads_its_answer(season)


def wait_until_gone(person: Person, words: str) -> None:
    """Look at the screen until these words are not on it any more; who looks waits for the program each time."""
    for _ in range(20):
        if words not in person.screen():
            return
    raise AssertionError(words)


def test_sixty_teams_in_headquarters_window(tmp_path: Path, season: Season) -> None:
    stick = season.folder / "stick"
    days = SIZE.days * SIZE.finds
    with window(tmp_path, season.hq) as officer:
        officer.go("Folder")
        officer.type(str(stick))
        officer.go("Import all")
        officer.press("Return")
        officer.see(f"{SIZE.all - SIZE.finds + SIZE.copy_enters:,} new entries taken over")
        officer.go("Laptops")
        officer.press("Return")
        officer.see("Two machines write the log of team2", f"{days} records with an odd date")
        officer.see("| Gap |", "| Two machines |")
        officer.go("Shift dates")
        officer.press("Return")
        officer.see(f"{days} records would be corrected.")
        officer.go("Days")
        officer.press("Ctrl+A")
        officer.type(str(SLOW_DAYS))
        officer.go("Reason")
        officer.type("a year slow")
        officer.go("Shift dates")
        officer.press("Return")
        wait_until_gone(officer, "with an odd date")
        late = done("bundle", "export", "--to", season.folder, workspace=season.folder / GAP)["file"]
        shutil.rmtree(stick)
        stick.mkdir()
        shutil.copy(late, stick)
        officer.go("Inbox")
        officer.press("Return")
        officer.go("Look again")
        officer.press("Return")
        officer.see("Signed by team1")
        officer.go("Import and answer")
        officer.press("Return")
        officer.see("Return bundle written. Safe to unplug")
        officer.go("Laptops")
        officer.press("Return")
        wait_until_gone(officer, "| Gap |")
        officer.close()
    assert odd_dates(season.hq) == []
    assert done("hq", "gaps", workspace=season.hq)["gaps"] == []
    assert len(done("hq", "forks", workspace=season.hq)["forks"]) == 1
    assert finds_at(season.hq) == SIZE.all + SIZE.copy_enters
