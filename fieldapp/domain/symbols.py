"""What stands for what on maps and in reports: shapes, colours, hatching. Declared once; a drawing follows state.

Colours of hazardous areas are those of the land release symbology (TN 07.11/01: CHA FF0000 and SHA F4A718, both half
transparent; outline red while open, F4A718 while worked on, green when closed). Colour is never the only difference.

Nothing looks released before it is approved, and ground that a machine went over never does (M17): plots that are
entered or signed are hatched on the colour of the paper; only approved ground of a releasing line is filled.

So that a look is read without its colours (print, glare, colour blindness): of ground, the hatch tells the class or
the kind of release, the line tells the state, and the fill tells danger or released ground.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.counting import FOLLOW_UP_PENDING, RELEASES
from fieldapp.domain.records.hazardous_area import CAPTURED
from fieldapp.domain.records.task import ENDED
from fieldapp.domain.vocabulary import vocabulary
from fieldapp.texts import N_, Texts

CIRCLE, SQUARE, DIAMOND, CROSS, HEXAGON, DASHED = "circle", "square", "diamond", "cross", "hexagon", "dashed"
STAR = "star"
"""An accident: no shape of a find. Filled where somebody was killed, hollow where nobody was."""

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

    ``hatch``: one of ``HATCHES``; ``line``: one of ``LINES``; ``opacity`` is that of the fill. What it stands for:
    ``classification`` (a code of the vocabulary ``area_classification``) or ``what`` (a message), and its ``state`` (a
    message).
    """

    fill: str
    opacity: float
    outline: str
    width_px: float
    line: str = "solid"
    hatch: str = "none"
    classification: str = ""
    what: str = ""
    state: str = ""

    @property
    def form(self) -> tuple[bool, str, str]:
        """What is left of it without colours: whether it is filled, its line, its hatch."""
        return bool(self.fill), self.line, self.hatch


HATCHES = ("none", "diagonal", "back_diagonal", "vertical", "horizontal", "cross", "grid", "dots", "dense")
LINES = ("solid", "dashed", "dotted", "dash_dot", "dash_dot_dot", "double", "haloed", "cased")
"""``cased`` are dashes on a dark casing, ``haloed`` is a line on a casing of the paper's colour."""

RED, AMBER, GREEN, INK, BLUE, BROWN = "#D40000", "#F4A718", "#1B7F3B", "#10140F", "#0F3B68", "#8A5200"
"""Amber is only drawn on a dark casing and as a fill: as a line on paper it has no contrast."""
_CHA, _SHA = "#FF0000", "#F4A718"

AT_NIGHT = {
    RED: "#FF6B5A", GREEN: "#7CC68F", BLUE: "#7FB2E8", BROWN: "#D9A24A", "#8A1212": "#FF6B5A", "#5F675E": "#8A7762",
}  # fmt: skip
"""The same colours on near-black ground, where the dark ones would not be seen."""

APPROVED, CHANGED, SIGNED, ENTERED, UNSETTLED, REJECTED = (
    "approved", "changed", "signed", "entered", "unsettled", "rejected"
)  # fmt: skip
"""States of a plot, as ``operations/remaining.py`` tells them."""
QC_OUTSTANDING = "qc_outstanding"
"""Approved, but its task asks for QC and no accepted QC sample of it is known here."""
SHALLOW = "shallow"
"""Approved, but cleared less deep than its task asks."""
WITHHELD = frozenset((QC_OUTSTANDING, SHALLOW))
"""States of approved ground that yet does not look released."""
STATE_WORDS = {
    APPROVED: N_("approved"), CHANGED: N_("changed since approval"), SIGNED: N_("signed off, not approved"),
    ENTERED: N_("entered, not approved"), UNSETTLED: N_("readings disagree"), REJECTED: N_("rejected"),
    QC_OUTSTANDING: N_("approved, no QC known here"),
    SHALLOW: N_("approved, but shallower than its task asks"),
}  # fmt: skip

HAZARD_FILLS = {"cha": _CHA, "sha": _SHA, CAPTURED: _SHA, "indication": _SHA, "contact_line": _SHA}
_HAZARD_HATCHES = {
    "cha": "none", "sha": "dots", CAPTURED: "grid", "indication": "back_diagonal", "contact_line": "cross",
    "ammunition_storage": "dense", "eod_spot": "vertical",
}  # fmt: skip
_INDIRECT = frozenset((CAPTURED, "indication", "contact_line"))
_ENDED = {"closed": ("solid", N_("closed")), "released": ("double", N_("released, handed over"))}


def of_hazard(classification: str | None, status: str | None, *, approved: bool) -> Fill:
    """A hazardous area by its classification and status; what nobody knows is drawn as if it were confirmed and open.

    Indirect evidence (a captured record, an indication, the former contact line) has a dotted outline. One that is
    closed or released keeps its fill and a red outline until headquarters has approved that.
    """
    code = classification or ""
    if status in _ENDED and approved:
        line, word = _ENDED[status]
        return Fill("", 0.0, GREEN, 3.0, line, what=N_("Hazardous area"), state=word)
    colour, hatch = HAZARD_FILLS.get(code, _CHA), _HAZARD_HATCHES.get(code, "none")
    if status in _ENDED:
        return Fill(colour, 0.5, RED, 3.0, "dash_dot_dot", hatch, code, state=N_("ended, not approved"))
    if status == "worked_on":
        return Fill(colour, 0.5, AMBER, 6.0, "cased", hatch, code, state=N_("worked on"))
    if status == "suspended":
        return Fill(colour, 0.5, RED, 3.0, "dash_dot", hatch, code, state=N_("suspended"))
    return Fill(colour, 0.5, RED, 3.0, "dotted" if code in _INDIRECT else "solid", hatch, code, state=N_("open"))


_PLOT_LINES = {
    "cleared": ("solid", "diagonal", N_("Cleared")), "bac": ("solid", "horizontal", N_("BAC")),
    "reduced": ("dashed", "vertical", N_("Reduced")), "cancelled": ("dotted", "none", N_("Cancelled")),
}  # fmt: skip
_WAITING_LINES = {SIGNED: "double", UNSETTLED: "dash_dot_dot"}
"""Outlines of what is not approved; what was entered, changed or rejected has ``dash_dot``."""
_WAITING_HATCHES = {FOLLOW_UP_PENDING: "cross", "cancelled": "back_diagonal"}


def of_plot(line: str | None, *, approved: bool, state: str = ENTERED) -> Fill:
    """A plot by the line it counts on (``release_line``) and whether headquarters approved it; else by its ``state``.

    Green and filled only where approved ground is released; before that, and where a follow-up is owed, it is a
    hatching on the paper that nobody takes for released ground.
    """
    state = APPROVED if approved else ENTERED if state == APPROVED else state
    if state in WITHHELD and line not in _PLOT_LINES:
        state, approved = APPROVED, True  # it releases nothing anyhow
    word = STATE_WORDS[state]
    if line not in _PLOT_LINES:
        drawn = "dashed" if approved else _WAITING_LINES.get(state, "dash_dot")
        if line == FOLLOW_UP_PENDING:
            word = "" if approved else word  # nobody is to read "approved" on ground that a machine went over
            return Fill("", 0.0, BROWN, 3.0, drawn, "cross", what=N_("Processed, follow-up pending"), state=word)
        return Fill("", 0.0, INK, 3.0, drawn, "grid", what=N_("Not released"), state=word)
    drawn, hatch, what = _PLOT_LINES[line]
    if not approved:
        hatch = _WAITING_HATCHES.get(line, hatch)
        if state in WITHHELD:
            return Fill("", 0.0, AMBER, 6.0, "cased", hatch, what=what, state=word)
        return Fill("", 0.0, BLUE, 3.0, _WAITING_LINES.get(state, "dash_dot"), hatch, what=what, state=word)
    return Fill("" if line == "cancelled" else GREEN, 0.22, GREEN, 3.0, drawn, hatch, what=what, state=word)


TASK = Fill("", 0.0, INK, 2.0, "dashed", what=N_("Task"))
TASK_ENDED = Fill("", 0.0, INK, 2.0, "dash_dot", what=N_("Task"), state=N_("ended"))
DISTRICT = Fill("", 0.0, "#5F675E", 1.0, "dash_dot_dot", what=N_("District"))
DRAFT = Fill("#0F3B68", 0.12, BLUE, 4.0, "haloed", what=N_("Draft"))
OVERLAP = Fill("", 0.0, "#8A1212", 2.0, "solid", "cross", what=N_("Overlap"))
ACCIDENT = Fill("#8A1212", 1.0, "#8A1212", 2.0, what=N_("Accident"))
"""Of its symbol, a star."""
ACCIDENTS: tuple[tuple[bool, str], ...] = (
    (True, N_("Accident, somebody killed")), (False, N_("Accident, nobody killed")),
)  # fmt: skip
"""Whether the star is filled, with its words."""


def of_task(status: str | None) -> Fill:
    """A task's outline: one nobody works on any more has another line."""
    return TASK_ENDED if status in ENDED else TASK


def words_of(look: Fill, texts: Texts) -> str:
    """What a look says, for a legend: "CHA · worked on"."""
    code = look.classification
    name = vocabulary("area_classification").name(code, texts.language) if code else texts(look.what)
    return " · ".join(word for word in (name, texts(look.state)) if word)


def every_look() -> dict[str, Fill]:
    """Every look that ground can have, by a code of its own, in the order of a legend."""
    found: dict[str, Fill] = {}
    for classification in vocabulary("area_classification").codes:
        for status in vocabulary("area_status").codes:
            for approved in (False, True):
                found[f"{classification} {status} {approved}"] = of_hazard(classification, status, approved=approved)
    for line in (*RELEASES, FOLLOW_UP_PENDING, None):
        for state in STATE_WORDS:
            found[f"{line} {state}"] = of_plot(line, approved=state == APPROVED, state=state)
    return found | {
        "task": TASK, "task_ended": TASK_ENDED, "overlap": OVERLAP, "draft": DRAFT, "district": DISTRICT,
    }  # fmt: skip
