"""Where the items of an account are that are still to be dealt with: found, marked, in a store, handed over, received.

Every disposal that ends nothing moves items from one holding to another; one that ends them takes them out. Custody
follows the day, and on one day the order in which things are done: marked, handed over, received, stored, destroyed.
What a disposal moves is taken where its team would have it from; what is not there is not moved, so holdings never
hold more than was found, and together they are what is outstanding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fieldapp.domain.counting import Account, Amount, Deed, outcome_of
from fieldapp.texts import fold

FOUND, MARKED, IN_STORE, HANDED_OVER, RECEIVED = "found", "marked", "in_store", "handed_over", "received"
"""Codes of the vocabulary ``custody`` for items that are not destroyed."""

_BECOMES = {
    "left_marked": MARKED, "stored": IN_STORE, "moved": IN_STORE, "handed_over": HANDED_OVER, "received": RECEIVED,
}
_WHERE_IT_LIES = ("destroyed_in_place", "neutralised")
_ORDER = ("left_marked", "handed_over", "received", "moved", "stored")


@dataclass(frozen=True, slots=True)
class Holding:
    """Items of one account in one hand. ``quantity`` in the account's unit, never zero."""

    state: str
    store: str
    """The store's name as written, for items in a store."""
    holder: str
    """The team whose they are now: its code, or for items handed over the other team as written."""
    quantity: Amount
    since: str
    """Day since when, YYYY-MM-DD."""


@dataclass(slots=True)
class _Pool:
    state: str
    store: str
    holder: str
    quantity: Amount
    since: str


def holdings(account: Account, until: str, names: Mapping[str, str] | None = None) -> list[Holding]:
    """Where the account's outstanding items are at the end of the day ``until``, the longest held first.

    ``names``: names of teams by code, because people write either when they hand something over.
    """
    found = [(day, amount) for day, amount in account.finds if day <= until]
    if not found:
        return []
    first = min(day for day, _ in found)
    pools = [_Pool(FOUND, "", account.owner, sum(amount for _, amount in found), first)]
    waiting: Amount = 0
    for deed, amount in sorted(account.deeds, key=lambda one: _when(one[0], first)):
        if max(deed.done_on or "", first) > until:
            continue
        outcome = outcome_of(deed)
        again = min(waiting, amount) if outcome.destroyed else 0  # what was neutralised is what is destroyed first
        waiting += amount if outcome.neutralised and not outcome.destroyed else -again
        if outcome.ends:
            _take(pools, amount - again, _dealing(deed, names or {}))
        elif (deed.outcome or "") in _BECOMES:
            _move(pools, deed, amount, max(deed.done_on or "", first), names or {})
    return sorted(
        (Holding(p.state, p.store, p.holder, p.quantity, p.since) for p in pools if p.quantity),
        key=lambda one: (one.since, one.state, one.store, one.holder),
    )


def _when(deed: Deed, first: str) -> tuple[str, int, bool, str]:
    order = _ORDER.index(deed.outcome) if deed.outcome in _ORDER else len(_ORDER)
    return max(deed.done_on or "", first), order, outcome_of(deed).destroyed, deed.record


def _is(written: str, team: str, names: Mapping[str, str]) -> bool:
    return bool(written) and fold(written) in (fold(team), fold(names.get(team, team)))


_Wanted = Callable[[_Pool], int | None]
"""How soon a pool is taken from, smaller first; None: not at all."""


def _take(pools: list[_Pool], amount: Amount, wanted: _Wanted) -> list[tuple[_Pool, Amount]]:
    """Take up to ``amount`` out of the pools that are wanted."""
    order = [(rank, pool.since, at, pool) for at, pool in enumerate(pools) if (rank := wanted(pool)) is not None]
    taken = []
    for _, _, _, pool in sorted(order, key=lambda one: one[:3]):
        part = min(pool.quantity, amount)
        if part:
            pool.quantity -= part
            amount -= part
            taken.append((pool, part))
    return taken


def _dealing(deed: Deed, names: Mapping[str, str]) -> _Wanted:
    """Who destroys takes what it received, then what was handed to it, then what lies in stores, then anything; in
    place, what lies where it was found.
    """

    def rank(pool: _Pool) -> int:
        mine = pool.holder == deed.owner or _is(pool.holder, deed.owner, names)
        if mine and pool.state in (RECEIVED, HANDED_OVER):
            return 0 if pool.state == RECEIVED else 1
        if deed.store and fold(pool.store) == fold(deed.store):
            return 1
        if mine and pool.state in (FOUND, MARKED):
            return -1 if deed.outcome in _WHERE_IT_LIES else 3
        return {IN_STORE: 2 if mine else 4, HANDED_OVER: 5, RECEIVED: 6}.get(pool.state, 7)

    return rank


def _moving(deed: Deed, names: Mapping[str, str]) -> _Wanted:
    """A team moves what it has; who receives takes what was handed over, then what others still had."""

    def rank(pool: _Pool) -> int | None:
        mine = pool.holder == deed.owner
        if deed.outcome == "received":
            if pool.state == RECEIVED and mine:
                return None
            if pool.state == HANDED_OVER:
                return 0 if _is(pool.holder, deed.owner, names) else 1
            return None if mine else 2
        if deed.outcome == "left_marked":
            return 0 if mine and pool.state == FOUND else None
        if pool.state == HANDED_OVER:  # on its way to this team, which never said that it came
            return 1 if _is(pool.holder, deed.owner, names) else None
        return 0 if mine and pool.state != HANDED_OVER else None

    return rank


def _move(pools: list[_Pool], deed: Deed, amount: Amount, day: str, names: Mapping[str, str]) -> None:
    state = _BECOMES[deed.outcome or ""]
    store = (deed.store or "") if state == IN_STORE else ""
    holder = (deed.other_team or "") if state == HANDED_OVER else deed.owner
    moved = sum((part for _, part in _take(pools, amount, _moving(deed, names))), 0)
    if moved:
        pools.append(_Pool(state, store, holder, moved, day))
