"""Facts of a week, built by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from fieldapp.domain.counting import Deed, Found, PlotState
from fieldapp.reports.facts import PlotFacts, WeeklyFacts

FIRST, LAST = date(2024, 7, 29), date(2024, 8, 4)

DISTRICTS = (
    "AZ-ZAN AZ-TAR AZ-X-AGHDARA AZ-KAL AZ-AGM AZ-XCI AZ-XA AZ-XVD AZ-LAC AZ-SUS AZ-FUZ AZ-QBI AZ-CAB".split()
)
TEAMS = {f"team-{n:02}": operator for n, operator in enumerate(["anama", "mod", "sbs", "operator-1"] * 4, 1)}


def plot(record: str, area_m2: str, **members: Any) -> PlotFacts:
    """An approved plot of the week, cleared by hand; ``members`` replace what stands here."""
    state = PlotState("cleared", "manual", Decimal(area_m2), "2024-08-02")
    return PlotFacts(record, "team-01", **{"current": state, "approved": state, **members})


def published_week() -> WeeklyFacts:
    """The published week: 280 AP mines, 87 AT mines, 8,086 UXO, 2,790.9 ha, in thirteen districts."""
    finds, deeds, plots = [], [], []
    for at, place in enumerate(DISTRICTS):
        owner = f"team-{at + 1:02}"
        amounts = {
            "ap_mine": 21 + 7 * (at == 0), "at_mine": 6 + 9 * (at == 1), "projectile": 622,
            "small_arms_ammunition": 100 * at,
        }  # fmt: skip
        for n, (category, quantity) in enumerate(amounts.items()):
            name = f"find/{owner}/{n}"
            finds.append(Found(name, owner, f"2024-08-0{1 + at % 4}", category, quantity, place=place))
            deeds.append(
                Deed(f"disposal/{owner}/{n}", owner, "destroyed_in_place", quantity, "2024-08-04", find=name)
            )
        state = PlotState("cleared", "manual", Decimal("2146862.3") + at, "2024-08-03")
        plots.append(PlotFacts(f"plot/{owner}/1", owner, state, state, place=place))
    everything = {*(find.record for find in finds), *(deed.record for deed in deeds), *(plot.record for plot in plots)}
    return WeeklyFacts(
        finds, deeds, plots, signed=everything, approved=everything, operators=TEAMS,
        teams_expected=set(TEAMS) - {"team-14", "team-15", "team-16"}, teams_reported=set(TEAMS),
    )  # fmt: skip
