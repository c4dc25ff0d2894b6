"""No clock and no order of arrival touches a missed-item alarm; an alarm that is there for good stays (M18)."""

from __future__ import annotations

import dataclasses
import itertools
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.clock import SetClock
from fieldapp.domain import missed as rule
from fieldapp.domain.events import Event
from fieldapp.ids import SeededEntropy
from fieldapp.operations import explaining, export, finds, imports, plots, records
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.storage import missed as kept
from tests.builders import START, a_plot, clock, deployment
from tests.builders_missed import ALSO_INSIDE, INSIDE, LARGER, OUTSIDE, SMALLER, acquainted, found_inside, pass_on

EVENTS = st.integers(0, 2**32)


def a_history(dice: random.Random, kind: str) -> dict[str, Event]:
    """Some events of a find or a plot that build on each other, or do not."""
    made: dict[str, Event] = {}
    for place in range(dice.randint(1, 4)):
        i = f"{kind}{place}"
        parents = tuple(sorted(dice.sample(sorted(made), dice.randint(0, len(made)))))
        what: dict[str, object] = {}
        if kind == "find":
            what["position"] = {"lat": f"40.0{dice.randint(1, 3)}", "lon": "46.9"}
            if dice.random() < 0.7:
                what["depth_cm"] = dice.choice([5, 30])
        else:
            what["land"] = {"release": dice.choice(["cleared", "bac", "reduced", "not_released", None]),
                            "depth_cm": dice.choice([20, None]), "outline": dice.randint(1, 3)}
            if dice.random() < 0.8:
                what["work"] = {"method": dice.choice(["manual", "mechanical"]),
                                "completed_on": dice.choice(["2024-07-30", "2031-01-01", None])}
        if place and dice.random() < 0.3:
            what = {"exists": dice.random() < 0.5}
        value = {"at": f"20{dice.randint(10, 99)}-01-01T00:00:00Z", "offset_min": dice.randint(-600, 600)}
        made[i] = Event(i, "s.1", place + 1, None, f"{kind}/t7/1", parents, (), what, value, b"")
    return made


def answer_of(find: dict[str, Event], plot: dict[str, Event], known: set[tuple[str, str]]) -> rule.Answer | None:
    claims = rule.claims_of(plot, lambda method: method == "mechanical")
    grounds = {i: event.set["land"]["outline"] for i, event in plot.items() if "land" in event.set}
    places = {i: rule.position(event) for i, event in find.items()}
    return rule.judge(
        rule.found_of(find), claims, lambda sighting, outline: places[sighting] == (40 + grounds[outline] / 100, 46.9),
        lambda writer, event: (writer, event) in known,
    )


def known_by_chance(dice: random.Random, *histories: dict[str, Event]) -> set[tuple[str, str]]:
    """What was known when, as it may be: later events of an arbitrary common order know some of the earlier ones."""
    order = [i for history in histories for i in history]
    dice.shuffle(order)
    return {(later, earlier) for earlier, later in itertools.combinations(order, 2) if dice.random() < 0.5}


@settings(max_examples=300)
@given(EVENTS)
def test_no_clock_changes_any_answer(seed: int) -> None:
    dice = random.Random(seed)
    find, plot = a_history(dice, "find"), a_history(dice, "plot")
    known = known_by_chance(dice, find, plot)
    said = answer_of(find, plot, known)
    shifted = [
        {i: dataclasses.replace(event, value={"at": f"{dice.randint(1970, 2099)}-06-01T00:00:00Z", "offset_min": 0})
         for i, event in history.items()}
        for history in (find, plot)
    ]
    for event in shifted[1].values():
        work = event.set.get("work")
        if isinstance(work, dict) and work["completed_on"] is not None:
            work["completed_on"] = f"{dice.randint(1970, 2099)}-06-01"
    assert answer_of(shifted[0], shifted[1], known) == said


@settings(max_examples=300)
@given(EVENTS)
def test_an_alarm_is_never_taken_away_by_a_later_entry(seed: int) -> None:
    dice = random.Random(seed)
    find, plot = a_history(dice, "find"), a_history(dice, "plot")
    known = known_by_chance(dice, find, plot)
    before = answer_of(find, plot, known)
    if before is None or before.level != rule.ALARM:
        return
    later, kind = dice.choice([(find, "find"), (plot, "plot")])
    more = a_history(dice, kind)[f"{kind}0"]
    parents = tuple(sorted(dice.sample(sorted(later), dice.randint(1, len(later)))))
    what = dice.choice([more.set, {"exists": False}])
    grown = {**later, "new": dataclasses.replace(more, id="new", parents=parents, set=what)}
    known |= {("new", i) for i in (*find, *plot)}  # whoever writes it knows everything
    after = answer_of(grown if kind == "find" else find, grown if kind == "plot" else plot, known)
    assert after is not None
    assert after.level == rule.ALARM


def pairs(ws: Workspace) -> list[kept.Pair]:
    """The alarms; in an order of their own, because a list shows what came last first."""
    return sorted(one.pair for one in explaining.every(ws))


def test_bundles_in_any_order_give_the_same_alarms_under_any_clock(tmp_path: Path) -> None:
    with deployment(tmp_path, "north", "south") as there:
        north, south = acquainted(there)
        for ws, years in ((north, -9), (south, 40)):
            ws.clock = SetClock(START + timedelta(days=365 * years), timedelta(minutes=1))
        first, second = found_inside(north), found_inside(north, position=OUTSIDE)
        files = [export.export_for_hq(north, there.stick).path]
        pass_on(north, south, there)
        plot = a_plot(south)
        files.append(export.export_for_hq(south, there.stick).path)
        third = found_inside(south, position=ALSO_INSIDE)
        plots.correct_plot(south, plot.name, {}, "cleared on", points=LARGER)
        a_plot(south, SMALLER)
        files.append(export.export_for_hq(south, there.stick).path)
        finds.correct_find(north, first.name, {}, "read again", position=ALSO_INSIDE)
        finds.correct_find(north, second.name, {}, "read again", position=INSIDE)
        records.retract(south, third.name, "twice")
        files += [export.export_for_hq(ws, there.stick).path for ws in (north, south)]
        seen = []
        for turn, order in enumerate(itertools.islice(itertools.permutations(files), 0, 120, 24)):
            with a_copy(there.hq, tmp_path / f"hq{turn}") as hq:
                for half in (order[:2], order[2:]):  # asked in between, and at the end
                    assert {one.status for one in imports.import_files(hq, half)} <= {"imported", "known"}
                    explaining.every(hq)
                seen.append(pairs(hq))
        assert all(one == seen[0] for one in seen)
        assert {(one.find, one.plot) for one in seen[0]} >= {(third.name, plot.name), (second.name, plot.name)}
        assert first.name not in {one.find for one in seen[0] if one.plot == plot.name}


@contextmanager
def a_copy(ws: Workspace, folder: Path) -> Iterator[Workspace]:
    """The workspace as it is now, in another folder."""
    ws.store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(ws.folder, folder, ignore=shutil.ignore_patterns("*.lock", "*.user"))
    with open_workspace(folder, clock=clock(), entropy=SeededEntropy(str(folder))) as made:
        yield made
