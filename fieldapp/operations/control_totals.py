"""A bundle's control totals beside what this headquarters holds of the same team, and what is new in it by kind."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from fieldapp.domain.registry import KINDS
from fieldapp.ids import DeviceId
from fieldapp.operations import enrolment, lookup, readable
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts

Totals = Mapping[str, object]
"""``finds``, ``ap_mine``, ``at_mine``, ``uxo``, ``plots`` as integers, ``plots_m2`` as decimal text."""

FEWER = N_("Fewer here than the sender counts: something has not come, is kept aside, or was corrected here.")

_COUNTS = ("finds", "ap_mine", "at_mine", "uxo", "plots")
_AREA = "plots_m2"
_LONGEST = 30
"""Characters of a number in a manifest: longer ones are no totals."""


def held_of(ws: Workspace, sender: DeviceId) -> dict[str, object]:
    """The control totals of what is here of a laptop's teams; empty for a sender that is not enrolled or is a seat."""
    device = enrolment.device(ws, sender)
    if device is None or device.role != "field":
        return {}
    owners = sorted({*device.teams, sender})
    finds, plots = (lookup.rows(ws, kind, owner=owners, retracted=False) for kind in ("find", "plot"))
    return readable.control_totals(finds, plots, ws.lists)


def fewer_here(said: Totals, here: Totals) -> bool:
    """True where the sender counts something that is not here: it lacks, is kept aside, or was corrected here.

    More is usual: a team's other laptops count here too.
    """
    told, held = _numbers(said), _numbers(here)
    return bool(told and held) and any(held[name] < told[name] for name in told)


def compared(said: Totals, here: Totals, texts: Texts) -> list[str]:
    """Two sentences, what the sender counts and what is here; none where the bundle or this workspace has no totals."""
    told, held = _numbers(said), _numbers(here)
    if not told or not held:
        return []
    return [
        texts(N_("The sender counts {finds} finds ({ap} AP, {at} AT, {uxo} UXO), {plots} plots, {m2} m²."),
              **_shown(told, texts)),
        texts(N_("Here of its team, with this: {finds} finds ({ap} AP, {at} AT, {uxo} UXO), {plots} plots, {m2} m²."),
              **_shown(held, texts)),
    ]  # fmt: skip


def by_kind(kinds: Mapping[str, int], texts: Texts) -> str:
    """``New by kind: Find 12, Photo 3``; empty where nothing is new."""
    named = (
        texts(N_("{kind} {count}"), kind=KINDS[name].names.in_language(texts.language) if name in KINDS else name,
              count=texts.number(count))
        for name, count in kinds.items()
    )  # fmt: skip
    return texts(N_("New by kind: {kinds}"), kinds=", ".join(named)) if kinds else ""


def _numbers(totals: Totals) -> dict[str, Decimal]:
    """The totals as numbers; empty where one of them is none, for a manifest may say anything."""
    found = {}
    for name in (*_COUNTS, _AREA):
        value = totals.get(name)
        if isinstance(value, bool) or not isinstance(value, int | str) or len(str(value)) > _LONGEST:
            return {}
        try:
            found[name] = Decimal(value)
        except InvalidOperation:
            return {}
        if not found[name].is_finite() or abs(found[name].adjusted()) > _LONGEST:
            return {}
    return found


def _shown(of: Mapping[str, Decimal], texts: Texts) -> dict[str, str]:
    return {
        "finds": texts.number(of["finds"]), "ap": texts.number(of["ap_mine"]), "at": texts.number(of["at_mine"]),
        "uxo": texts.number(of["uxo"]), "plots": texts.number(of["plots"]), "m2": texts.number(of[_AREA]),
    }
