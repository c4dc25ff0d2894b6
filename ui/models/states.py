"""The state of a record as a chip or a table cell: the same words everywhere."""

from __future__ import annotations

from fieldapp.operations.browsing import HistoryEvent, Listed
from fieldapp.operations.review import JUDGED_KINDS
from fieldapp.texts import N_, Texts
from ui.widgets.banner import Chip, Place, place_look
from ui.widgets.table import Cell

PLACES = {"here": Place.THIS_LAPTOP, "stick": Place.ON_A_STICK, "hq": Place.SAFE_AT_HQ}
_DECIDED = {
    "approved": (N_("Approved"), "ok", "circle-check"),
    "rejected": (N_("Rejected"), "danger", "x"),
    "changed": (N_("Changed since"), "warn", "repeat"),
    "": (N_("Not decided"), "plain", "circle"),
}


def state_look(line: Listed, role: str, texts: Texts) -> tuple[str, str, str, bool]:
    """Word, tone, icon, struck through: what matters most of a record's state to this role."""
    if line.row["retracted"]:
        return *place_look(Place.RETRACTED, texts), True
    if line.row["unsettled"]:
        return texts(N_("To settle")), "warn", "git-compare", False
    if line.asked or line.verdict == "queried":
        return *place_look(Place.HQ_ASKS, texts), False
    if role == "hq" and line.row.kind not in JUDGED_KINDS:
        return texts(N_("Recorded")), "plain", "circle-check", False
    if role == "hq" or line.verdict == "rejected":
        word, tone, icon = _DECIDED[line.verdict]
        return texts(word), tone, icon, False
    return *place_look(PLACES[line.place], texts), False


def state_cell(line: Listed, role: str, texts: Texts) -> Cell:
    """The state in a table."""
    word, tone, icon, struck = state_look(line, role, texts)
    return Cell(word, tone, icon, chip=True, struck=struck)


def state_chip(line: Listed, role: str, texts: Texts) -> Chip:
    """The state beside a title."""
    return Chip(*state_look(line, role, texts))

def what_was_done(step: HistoryEvent, texts: Texts) -> str:
    """What a step of a record's history did, in a word."""
    exists = step.changes.get("exists")
    if exists is not None:
        what = texts(N_("Restored")) if exists.after else texts(N_("Retracted"))
    elif not step.parents:
        what = texts(N_("Logged"))
    else:
        settled = any(len(change.before) > 1 for change in step.changes.values())
        what = texts(N_("Settled")) if settled else texts(N_("Corrected"))
    return what if step.counts else texts(N_("{what} (kept aside)"), what=what)
