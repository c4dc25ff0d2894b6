"""The whole plan: every spot and plot of every team, by day. Pure: the same on every run, nothing is saved here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from fieldapp.operations.demonstration.dice import Dice
from fieldapp.operations.demonstration.ground import PlannedPlot, plots_of, position, rectangle
from fieldapp.operations.demonstration.items import BESIDE_M, Spot, outside_the_week, spots_of
from fieldapp.operations.demonstration.programme import DISTRICTS, FIRST, WEEK_AFTER, WEEK_BEFORE, district


@dataclass(frozen=True)
class Plan:
    """What is going to be entered."""

    spots: tuple[Spot, ...]
    plots: tuple[PlannedPlot, ...]

    def spots_on(self, team: int, day: date) -> list[Spot]:
        """What a team finds on a day, in the order it is entered."""
        return [spot for spot in self.spots if spot.team == team and spot.day == day]

    def plots_on(self, team: int, day: date) -> list[PlannedPlot]:
        """Plots that a team completes on a day."""
        return [plot for plot in self.plots if plot.team == team and plot.day == day]

    def places_of(self, team: int) -> list[str]:
        """Districts that a team works in, in the order of the public notice."""
        worked = {spot.place for spot in self.spots if spot.team == team}
        worked |= {plot.place for plot in self.plots if plot.team == team}
        return [one.place for one in DISTRICTS if one.place in worked]


@lru_cache(maxsize=1)
def plan() -> Plan:
    """The plan of the demonstration."""
    spots: list[Spot] = []
    plots: list[PlannedPlot] = []
    near: dict[int, tuple[str, str]] = {}
    beside: dict[int, str] = {}
    for one in DISTRICTS:
        cleared = plots_of(one)
        found = spots_of(one, cleared)
        for spot in found:
            if spot.position:
                near.setdefault(spot.team, (one.place, spot.position))
        for plot in cleared:
            beside.setdefault(plot.team, position(plot.centre, BESIDE_M, 0))
        plots += cleared
        spots += _shuffled(one.place, found)
    return Plan((*spots, *outside_the_week(near, beside)), (*plots, *_other_plots(plots)))


def _shuffled(seed: str, spots: list[Spot]) -> list[Spot]:
    """Rows of mines stay together, all else comes in the order of a working day."""
    dice = Dice(f"order {seed}")
    return sorted(spots, key=lambda spot: (spot.day, spot.team, len(spot.items), dice.below(3)))


def _other_plots(plots: Sequence[PlannedPlot]) -> list[PlannedPlot]:
    """Ground that is not among the 2,790.9 ha: other releases, other weeks, waiting, or no clearance at all."""
    found: list[PlannedPlot] = []
    for team, place, wide_m, high_m, day, release, method, approve, remarks in (
        (4, "AZ-AGM", 620, 540, FIRST + timedelta(days=1), "reduced", "combined", True, "Texniki tədqiqat."),
        (10, "AZ-FUZ", 800, 450, FIRST + timedelta(days=3), "reduced", "animal_dog", True, "Texniki tədqiqat."),
        (13, "AZ-CAB", 900, 700, FIRST + timedelta(days=2), "cancelled", "visual_surface", True,
         "Qeyri-texniki tədqiqat: torpaq əkilir, sübut yoxdur."),
        (7, "AZ-XVD", 500, 400, FIRST + timedelta(days=4), "cancelled", "visual_surface", True, "NTS, no evidence."),
        (8, "AZ-SUS", 420, 380, FIRST + timedelta(days=5), "bac", "sub_surface", True, ""),
        (5, "AZ-AGM", 700, 480, FIRST + timedelta(days=2), "cleared", "mechanical", True,
         "First pass by machine; manual follow-up owed."),
        (12, "AZ-QBI", 460, 410, FIRST + timedelta(days=5), "cleared", "manual", False,
         "QC sampling on Tuesday."),
        (4, "AZ-AGM", 510, 430, WEEK_BEFORE, "cleared", "sub_surface", True, ""),
        (1, "AZ-TAR", 380, 360, WEEK_BEFORE, "cleared", "manual", True, ""),
        (7, "AZ-XVD", 450, 400, WEEK_AFTER, "cleared", "manual", False, ""),
    ):
        cell = sum(plot.place == place for plot in (*plots, *found))
        points, centre = rectangle(district(place), cell, wide_m, high_m)
        found.append(PlannedPlot(team, place, day, points, centre, release, method, 20, remarks, approve))
    return found
