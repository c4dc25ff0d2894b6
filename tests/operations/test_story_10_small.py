"""Story 10 at small scale: shuffled and doubled day bundles with a gap, a copied laptop and a slow clock, one desk."""

from __future__ import annotations

import random
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from fieldapp.clock import SetClock
from fieldapp.operations import forks, imports, laptops, lookup, odd_dates, post_desk
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage.merged import state_hash
from tests.builders import START, Deployment, a_find, clock, deployment
from tests.builders_faults import carried, packed, sealed_day

TEAMS, DAYS, FINDS = 5, 4, 3
GAP, COPIED, SLOW = "team1", "team2", "team3"


def set_day(laptop: Workspace, day: int) -> None:
    """The morning of a day; the slow laptop's clock stands a year before it."""
    assert isinstance(laptop.clock, SetClock)
    slow = timedelta(days=365) if laptop.folder.name == SLOW else timedelta()
    laptop.clock.set(START + timedelta(days=day) - slow)


def a_days_bundle(there: Deployment, laptop: Workspace, day: int) -> Path:
    """The finds of a day in a bundle of that day only."""
    set_day(laptop, day)
    for _ in range(FINDS):
        a_find(laptop)
    return carried(laptop, there.stick, [packed(sealed_day(laptop))])


def a_copy_writes(there: Deployment) -> list[Path]:
    """The copied laptop's twin of day 2 logs two finds of its own; bundles of both until the last day."""
    original = there.laptops[COPIED]
    bundles = [a_days_bundle(there, original, day) for day in range(2)]
    original.close()
    twin_folder = original.folder.with_name("twin")
    shutil.copytree(original.folder, twin_folder)
    twin, original = open_workspace(twin_folder, clock=clock()), open_workspace(original.folder, clock=clock())
    there.laptops |= {"twin": twin, COPIED: original}
    set_day(twin, 2)
    for _ in range(2):
        a_find(twin)
    bundles.append(carried(twin, there.stick, [packed(sealed_day(twin))]))
    return bundles + [a_days_bundle(there, original, day) for day in range(2, DAYS)]


def season(there: Deployment) -> list[Path]:
    """All bundles but the one that is lost, doubled and shuffled."""
    for number in range(TEAMS):
        there.carry(there.join(f"team{number}", f"t{number}"))
    for path in there.stick.glob("*.fieldbundle"):
        path.unlink()
    bundles: list[Path] = []
    for name in [f"team{number}" for number in range(TEAMS)]:
        laptop = there.laptops[name]
        if name == COPIED:
            bundles += a_copy_writes(there)
        else:
            bundles += [a_days_bundle(there, laptop, day) for day in range(DAYS)]
            if name == GAP:
                bundles.pop(-2).unlink()
    doubled = bundles * 2
    random.Random(10).shuffle(doubled)
    return doubled


@pytest.mark.parametrize("at_once", [True, False], ids=["from one stick", "shuffled and doubled"])
def test_sixty_teams_at_small_scale(tmp_path: Path, at_once: bool) -> None:
    with deployment(tmp_path) as there:
        bundles = season(there)
        set_day(there.hq, DAYS)
        if at_once:
            assert post_desk.serve(there.hq, there.stick).safe_to_unplug
        else:
            assert {outcome.status for outcome in imports.import_files(there.hq, bundles)} == {"imported", "known"}
        finds = TEAMS * DAYS * FINDS
        assert len(lookup.rows(there.hq, "find")) == finds - FINDS + 2
        (gap,) = [(one.name, gap.first, gap.last) for one in laptops.laptops(there.hq) for gap in one.gaps]
        assert gap == (GAP, 2 * FINDS + 1, 3 * FINDS)
        (fork,) = forks.forks(there.hq)
        assert (fork.name, sorted(branch.entries for branch in fork.branches)) == (COPIED, [2, 2 * FINDS])
        odd = odd_dates.odd_dates(there.hq)
        assert len(odd) == DAYS * FINDS
        odd_dates.shift_dates(there.hq, odd[0].stream, odd[0].seq, odd[-1].seq, 365, "the clock was a year slow")
        assert odd_dates.odd_dates(there.hq) == []
        there.carry(there.laptops[GAP])
        assert len(lookup.rows(there.hq, "find")) == finds + 2
        assert [one.gaps for one in laptops.laptops(there.hq) if one.gaps] == []
        before = state_hash(there.hq.store)
        imports.import_files(there.hq, bundles)
        assert state_hash(there.hq.store) == before
