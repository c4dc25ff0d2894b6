"""A season of 60 teams into headquarters: CPU in units, memory, bytes; the same again; a day more; report; rebuild."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from fieldapp.operations import reports
from fieldapp.operations.workspace import open_workspace
from fieldapp.storage.merged import state_hash
from fieldapp.storage.rebuild import rebuild
from tests.benchmarks import season, unit
from tests.benchmarks.figure import Figure, cpu, size_of
from tests.benchmarks.season import Season, Size
from tests.benchmarks.taking_in import Taken, take_in

WHOLE = Size()
"""60 teams, about 200,000 events, 2,000 photos."""
SMALL = Size(teams=12, days=60, finds_a_day=10, photos=40)


def season_figures(size: Size, folder: Path) -> list[Figure]:
    """Make a season, take it in, and everything that follows. Raises AssertionError where an event is missing."""
    hq, made = season.make(size, folder)
    rows = list(_rows(made))
    day = season.one_more_day(hq, made, folder / "sticks")
    empty = size_of(hq.folder)
    hq.close()
    one_unit = unit.seconds(rows, folder)
    taken = take_in(hq.folder, made.files, folder)
    one_unit = statistics.mean((one_unit, unit.seconds(rows, folder)))
    assert (taken.new, taken.refused) == (made.events, 0), taken
    stored = size_of(hq.folder) - empty
    again = take_in(hq.folder, made.files, folder)
    assert again.new == 0, again
    more = take_in(hq.folder, day[1:], folder)
    photographed = take_in(hq.folder, day[:1], folder)
    name = f"{made.events:,} events of {size.teams} teams"
    return [
        *_taken(name, taken, one_unit, made.events),
        Figure("  photos in it", made.photos, None, "photos, every bundle's own"),
        Figure("  wire", made.wire_bytes / made.events, 70, "bytes an event, segments and signatures"),
        Figure("  stored", stored / made.events, 400, "bytes an event, all indexes"),
        Figure("  all bundles again", again.cpu_s / one_unit, 0.1, "unit of the same records"),
        Figure("  a day of all teams but one, into it", more.wall_s, None, f"s, {more.new:,} events"),
        Figure("  a day of one team with 30 photos", photographed.wall_s, 1, f"s, {photographed.new} events"),
        *_afterwards(hq.folder, size, one_unit),
    ]


def _taken(name: str, taken: Taken, one_unit: float, events: int) -> list[Figure]:
    return [
        Figure(f"season of {name}", taken.cpu_s / one_unit, 2.4, "unit of the same records, CPU"),
        Figure("  on this machine", taken.wall_s, None, "s wall"),
        Figure("  on this machine, an event", taken.cpu_s / events * 1e6, None, "us CPU"),
        Figure("  one unit, an event", one_unit / events * 1e6, None, "us CPU"),
        Figure("  memory at its highest", taken.peak_mb, 300, f"MB resident, {taken.before_mb:.0f} before the first"),
    ]


def _rows(made: Season) -> Iterator[unit.Row]:
    """The unit's row of every event: what is not the first of its record is a row of its own."""
    for team in made.teams:
        for log in (team.log, team.hq):
            for line in log.lines[: log.sealed[-1].last]:
                event = json.loads(line)
                row = unit.row_of(event, log.stream)
                yield row if not event["parents"] else (f"{row[0]} {event['seq']}", *row[1:])


def _afterwards(workspace: Path, size: Size, one_unit: float) -> list[Figure]:
    """The weekly report, and state made anew from the log."""
    with open_workspace(workspace) as hq:
        first, last = reports.week_of(size.end.date())
        reports.weekly(hq, first, last)
        start = time.perf_counter()
        reports.weekly(hq, first, last)
        report = time.perf_counter() - start
        before = state_hash(hq.store)
        anew = cpu(lambda: rebuild(hq.store))
        assert state_hash(hq.store) == before
    return [
        Figure("  weekly report of it", report, None, "s wall"),
        Figure("  state made anew, and equal", anew / one_unit, None, "unit of the same records"),
    ]
