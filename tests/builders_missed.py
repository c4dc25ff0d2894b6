"""Finds and plots for the missed-item alarm: one rectangle of released ground, places inside and outside of it."""

from __future__ import annotations

from fieldapp.operations import explaining, export, imports, missed
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record
from tests.builders import Deployment, a_find

INSIDE, ALSO_INSIDE, OUTSIDE = "40.0203 46.9807", "40.0205 46.9810", "40.0303 46.9807"
"""Inside and outside of ``builders.RECTANGLE``."""
LARGER = ("40.02 46.98", "40.02 46.981406", "40.04 46.981406", "40.04 46.98")
"""``RECTANGLE`` grown to the north, over ``OUTSIDE``."""
SMALLER = ("40.02 46.98", "40.02 46.981406", "40.02015 46.981406", "40.02015 46.98")
"""``RECTANGLE`` cut back, so that ``INSIDE`` lies outside."""


def found_inside(ws: Workspace, **fields: object) -> Record:
    """A find inside the rectangle, 5 cm deep unless ``fields`` say otherwise."""
    return a_find(ws, **{"position": INSIDE, **fields})


def levels(ws: Workspace, find: Record) -> list[str]:
    """What the rule says of a find, for each plot it ever lay in."""
    return [one.level for one in missed.of_find(ws, find.name)]


def orders(ws: Workspace) -> list[str]:
    """The orders of the alarms that are open, by find."""
    return [one.pair.known for one in sorted(explaining.all_open(ws), key=lambda one: one.pair)]


def alarms(ws: Workspace) -> set[tuple[str, str]]:
    """The alarms that are open, as pairs of find and plot."""
    return {one.pair[:2] for one in explaining.all_open(ws)}


def acquainted(there: Deployment) -> list[Workspace]:
    """The laptops, once headquarters and all of them know each other."""
    laptops = list(there.laptops.values())
    for laptop in laptops:
        there.carry(laptop)
    for laptop in laptops:
        there.answer(laptop)
    return laptops


def pass_on(giver: Workspace, taker: Workspace, there: Deployment) -> imports.Outcome:
    """A stick from one laptop of a team to another."""
    return imports.import_file(taker, export.export_for_team(giver, giver.team, there.stick).path)
