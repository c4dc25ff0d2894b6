"""What stands for what on maps and in reports: shapes, colours, hatching. Declared once; a drawing follows state.

Colours of hazardous areas are those of the land release symbology (TN 07.11/01: CHA FF0000 and SHA F4A718, both half
transparent; outline red while open, F4A718 while worked on, green when closed). Colour is never the only difference.

Nothing looks released before it is approved, and ground that a machine went over never does (M17): plots that are
entered or signed are hatched on the colour of the paper; only approved ground of a releasing line is filled.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.counting import FOLLOW_UP_PENDING
from fieldapp.domain.records.hazardous_area import CAPTURED
from fieldapp.texts import N_

CIRCLE, SQUARE, DIAMOND, CROSS, HEXAGON, DASHED = "circle", "square", "diamond", "cross", "hexagon", "dashed"

_SHAPE_OF_ROLLUP = {"ap_mine": CIRCLE, "at_mine": SQUARE, "uxo": DIAMOND, "fuze": CROSS, "ied": HEXAGON}
"""The icon's outline is the map symbol (see the look of the tiles); what is not counted is a dashed circle."""

SHAPES: tuple[tuple[str, str], ...] = (
    (CIRCLE, N_("AP mine")), (SQUARE, N_("AT mine")), (DIAMOND, N_("UXO")), (CROSS, N_("Fuze, detonator")),
    (HEXAGON, N_("IED, booby-trap")), (DASHED, N_("Not counted")),
)  # fmt: skip
"""Shapes with their words, for a legend."""


def shape_of(rollup: str | None) -> str:
    """The shape of a find by the line it counts on; a find whose category nobody knows yet is drawn as UXO."""
    if rollup is None:
        return DIAMOND
    return _SHAPE_OF_ROLLUP.get(rollup, DASHED)


@dataclass(frozen=True)
class Fill:
    """How ground is drawn. Colours are ``#RRGGBB``; ``""`` for none.

    ``hatch``: none, diagonal, vertical, horizontal, cross. ``line``: solid, dashed, dotted, cased (dashes on a dark
    casing). ``opacity`` is that of the fill.
    """

    fill: str
    opacity: float
    outline: str
    width_px: float
    line: str = "solid"
    hatch: str = "none"


RED, AMBER, GREEN, INK, BLUE = "#D40000", "#F4A718", "#1B7F3B", "#10140F", "#0F3B68"
_CHA, _SHA = "#FF0000", "#F4A718"

HAZARD_FILLS = {"cha": _CHA, "sha": _SHA, CAPTURED: _SHA, "indication": _SHA, "contact_line": _SHA}
_OPEN = (RED, 3.0, "solid")
_HAZARD_OUTLINE = {
    "worked_on": (AMBER, 6.0, "cased"), "closed": (GREEN, 3.0, "solid"), "released": (GREEN, 3.0, "solid"),
}
_INDIRECT = frozenset((CAPTURED, "indication", "contact_line"))


def of_hazard(classification: str | None, status: str | None, *, approved: bool) -> Fill:
    """A hazardous area by its classification and status; what nobody knows is drawn as if it were confirmed and open.

    Indirect evidence (a captured record, an indication, the former contact line) has a dotted outline. One that is
    closed or released keeps its fill and red outline until headquarters has approved that.
    """
    colour = HAZARD_FILLS.get(classification or "", _CHA)
    ended = status in ("closed", "released")
    outline, width_px, line = _OPEN if ended and not approved else _HAZARD_OUTLINE.get(status or "", _OPEN)
    if ended and approved:
        return Fill("", 0.0, outline, width_px, line)
    return Fill(colour, 0.5, outline, width_px, "dotted" if classification in _INDIRECT and line == "solid" else line)


_PLOT_LINES = {
    "cleared": ("solid", "diagonal"), "bac": ("solid", "horizontal"), "reduced": ("dashed", "vertical"),
    "reduced_without_asset": ("dashed", "vertical"), "cancelled": ("dotted", "none"),
}  # fmt: skip
_RELEASED = "#BFE3C8"


def of_plot(line: str | None, *, approved: bool) -> Fill:
    """A plot by the line it counts on (``release``, or ``follow_up_pending``) and whether headquarters approved it.

    Green and filled only where approved ground is released; before that, and where a follow-up is owed, it is an
    accent-coloured hatching that nobody takes for released ground.
    """
    if line == FOLLOW_UP_PENDING or line not in _PLOT_LINES:
        return Fill("", 0.0, AMBER if line == FOLLOW_UP_PENDING else INK, 3.0, "dashed", "cross")
    drawn, hatch = _PLOT_LINES[line]
    if not approved:
        return Fill("", 0.0, BLUE, 3.0, drawn, hatch)
    return Fill("" if line == "cancelled" else _RELEASED, 0.6, GREEN, 3.0, drawn, hatch)


TASK = Fill("", 0.0, INK, 2.0, "dashed")
DISTRICT = Fill("", 0.0, "#5F675E", 1.0)
DRAFT = Fill("#0F3B68", 0.12, BLUE, 4.0)
OVERLAP = Fill("", 0.0, "#8A1212", 2.0, "solid", "cross")
