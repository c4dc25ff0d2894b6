"""What a weekly report is made from, read once from the store (``gather``) or built by hand in a test."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from fieldapp.domain.counting import Deed, Found, PlotState
from fieldapp.domain.lists_in_force import Lists, shipped_lists


@dataclass(frozen=True, slots=True)
class PlotFacts:
    """One plot in the two states a report looks at."""

    record: str
    owner: str
    current: PlotState | None
    """None where it is retracted."""
    approved: PlotState | None = None
    """Its last approved state; None where no approval stands."""
    changed: bool = False
    """There is an approved state, and the plot is another one now."""
    local_id: str | None = None
    place: str = ""
    """The code of its district."""


@dataclass(frozen=True, slots=True)
class MissedItem:
    """The numbers of a find and of the released plot it lies in."""

    find: str
    plot: str


@dataclass(frozen=True, slots=True)
class WeeklyFacts:
    """Live finds and disposals, all plots that are live or approved, and how complete it all is."""

    finds: Collection[Found] = ()
    deeds: Collection[Deed] = ()
    plots: Collection[PlotFacts] = ()
    signed: Collection[str] = frozenset()
    """Records of the period whose current version the team signed."""
    approved: Collection[str] = frozenset()
    """Finds and disposals of the period whose current version headquarters approved."""
    unsettled: Collection[str] = frozenset()
    """Records with more than one reading, or with something missing."""
    models_as_typed: Collection[str] = frozenset()
    """Finds of a model that is not in the list."""
    operators: Mapping[str, str] = field(default_factory=dict)
    """Organisation of each owner that has one; any other owner stands for itself."""
    team_names: Mapping[str, str] = field(default_factory=dict)
    """What people call a team, by its code."""
    teams_expected: Collection[str] = frozenset()
    """Teams for which a laptop may write."""
    teams_reported: Collection[str] = frozenset()
    """Teams that wrote something in the period or later."""
    gaps: int = 0
    """Missing pieces of streams."""
    lists: Lists = field(default_factory=shipped_lists)
    """The lists in force, by which codes are counted and named."""
    places_on: date | None = None
    """Districts are those in force on this day; None: as the records say."""
    conflicts: int = 0
    """Records with an open difference, of any kind and day."""
    overlap_m2: Decimal = Decimal(0)
    """Of the period's released ground: released before it, or in two plots of it."""
    missed_items: Collection[MissedItem] = ()
    """Items found in ground that was released before, which nobody has explained; of any day."""
