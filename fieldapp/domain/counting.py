"""What counts, on which line and by which day: the one place where the rules of all published figures stand.

- Finds count by ``found_on``. AP mines, AT mines and UXO are the public lines; small arms, fuzes, IEDs and explosive
  stand on lines of their own, non-explosive remnants on none. Grams are summed as kilograms.
- Disposals count by ``done_on`` (``OUTCOMES``), but never before the day of the find. What was neutralised and later
  destroyed counts once, on its first day; nothing counts beyond what was found: the excess is reported instead.
- The items of one line in one lot are one account: a tag hangs on the pile, not on each model in it.
- Plots count by completion day in square metres, by their approved state; ground that only a machine went over
  stands apart. Hectares are rounded once, half up, from the sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from fieldapp.domain.lists_in_force import Lists, shipped_lists
from fieldapp.texts import fold

Amount = int | Decimal
"""Pieces, or a measured quantity."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one disposal outcome means for the figures."""

    neutralised: bool = False
    destroyed: bool = False
    ends: bool = False
    """Nothing dangerous is left of the item, so it is not outstanding."""


OUTCOMES: dict[str, Outcome] = {
    "inert": Outcome(ends=True),
    "destroyed_in_place": Outcome(neutralised=True, destroyed=True, ends=True),
    "central_demolition": Outcome(neutralised=True, destroyed=True, ends=True),
    "burned_low_order": Outcome(neutralised=True, destroyed=True, ends=True),
    "neutralised": Outcome(neutralised=True, ends=True),
    "stored": Outcome(),
    "received": Outcome(),
    "handed_over": Outcome(),
    "moved": Outcome(),
    "left_marked": Outcome(),
}
"""Every disposal outcome, always by its ``done_on``. An outcome not known here counts as nothing: still outstanding."""

PUBLIC_LINES = ("ap_mine", "at_mine", "uxo")
"""Lines of the public notice, in pieces."""
OTHER_LINES = ("fuze", "ied", "saa", "explosive", "axo", "unknown")
"""Lines of their own, in the order they are printed. ``unknown``: a category this version does not know."""
NOT_COUNTED = "not_counted"
RELEASES = ("cleared", "reduced", "cancelled", "bac")
"""Lines of released ground."""
FOLLOW_UP_PENDING = "follow_up_pending"
"""Line of ground that was processed by a method which ends no clearance."""


class Line(NamedTuple):
    """One line of the figures: a roll-up and the unit it is summed in."""

    rollup: str
    unit: str = "piece"


@dataclass(frozen=True, slots=True)
class Found:
    """The members of a live find that counting looks at. Days are YYYY-MM-DD; ``place`` is a district's code."""

    record: str
    owner: str
    found_on: str | None
    category: str | None
    quantity: Amount | None
    unit: str | None = None
    ordnance_state: str | None = None
    local_id: str | None = None
    lot: str | None = None
    place: str = ""
    listed_under: str = ""
    """The district it is listed under where that is not ``place``: it moves lines and no account, so no total."""


@dataclass(frozen=True, slots=True)
class Deed:
    """The members of a live disposal that counting looks at. It names its find, or a tag as written."""

    record: str
    owner: str
    outcome: str | None
    quantity: Amount | None
    done_on: str | None
    find: str | None = None
    tag: str | None = None
    category: str | None = None
    unit: str | None = None
    local_id: str | None = None
    place: str = ""
    store: str | None = None
    other_team: str | None = None
    """Handed to or received from, as written."""


class Done(NamedTuple):
    """What one disposal adds to the figures, on the day and at the place and team it counts for."""

    day: str
    place: str
    owner: str
    neutralised: Amount
    """Neutralised or destroyed, and not counted before."""
    destroyed: Amount


@dataclass(frozen=True, slots=True)
class Standing:
    """An account up to and including one day. ``outstanding`` is never negative."""

    found: Amount = 0
    done: tuple[Done, ...] = ()
    """By day. Together never more than ``found``."""
    outstanding: Amount = 0
    destroyed_too_many: Amount = 0
    """More destroyed than found."""
    neutralised_too_many: Amount = 0
    """More neutralised than found, where it is not more destroyed."""

    @property
    def neutralised(self) -> Amount:
        """Neutralised or destroyed so far."""
        return sum(done.neutralised for done in self.done)

    @property
    def destroyed(self) -> Amount:
        """Destroyed so far."""
        return sum(done.destroyed for done in self.done)


@dataclass(slots=True)
class Account:
    """The items of one line, found as one lot or one find, and what was done with them."""

    line: Line
    owner: str
    place: str
    name: str
    """The tag people know it by: the first local id."""
    finds: list[tuple[str, Amount]] = field(default_factory=list)
    """Day and amount; only finds that have both."""
    records: list[str] = field(default_factory=list)
    """Its finds, also those without day or amount."""
    deeds: list[tuple[Deed, Amount]] = field(default_factory=list)
    """Disposals that have day and quantity, with the amount in this line's unit."""

    def standing(self, until: str) -> Standing:
        """The sums up to and including the day ``until``."""
        found = [(day, amount) for day, amount in self.finds if day <= until]
        if not found:
            return Standing()
        first, total = min(day for day, _ in found), sum(amount for _, amount in found)
        tally = _Tally(total)
        in_order = sorted(
            ((max(deed.done_on, first), outcome_of(deed), deed, amount)
             for deed, amount in self.deeds if deed.done_on and deed.done_on <= until),
            key=lambda each: (each[0], each[1].destroyed, each[2].record),
        )  # fmt: skip
        done = [
            Done(day, deed.place or self.place, deed.owner, *tally.take(outcome, amount))
            for day, outcome, deed, amount in in_order
        ]
        more = max(tally.destroyed - total, 0)
        return Standing(
            total, tuple(each for each in done if each.neutralised or each.destroyed),
            max(total - tally.safe - tally.ended, 0), more, 0 if more else max(tally.safe - total, 0),
        )  # fmt: skip


@dataclass(slots=True)
class _Tally:
    """The running sums of one account; its own numbers may pass ``total``, what it gives out never does."""

    total: Amount
    safe: Amount = 0
    destroyed: Amount = 0
    ended: Amount = 0
    waiting: Amount = 0
    """Neutralised, so counted already, and not yet destroyed: what is destroyed later is first of all this."""

    def take(self, outcome: Outcome, amount: Amount) -> tuple[Amount, Amount]:
        """Book one disposal; what it adds to the neutralised and to the destroyed items."""
        safe, destroyed = self.safe, self.destroyed
        if outcome.destroyed:
            again = min(self.waiting, amount)
            self.waiting -= again
            self.destroyed += amount
            self.safe += amount - again
        elif outcome.neutralised:
            self.waiting += amount
            self.safe += amount
        elif outcome.ends:
            self.ended += amount
        return self._within(safe, self.safe), self._within(destroyed, self.destroyed)

    def _within(self, before: Amount, after: Amount) -> Amount:
        return min(after, self.total) - min(before, self.total)


def outcome_of(deed: Deed) -> Outcome:
    """What a disposal's outcome means; nothing for one that is missing or not known here."""
    return OUTCOMES.get(deed.outcome or "", Outcome())


NOT_HERE = "not_here"
AMBIGUOUS = "ambiguous"
OTHER_UNIT = "other_unit"


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A disposal that no account takes: its item is not here, is not the only one of that tag, or has another unit."""

    deed: Deed
    line: Line
    """The line of the category the disposal itself states."""
    reason: str


@dataclass(slots=True)
class Ledger:
    """All accounts, and what could not be put on one."""

    accounts: list[Account] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    """Records without the day they count by."""
    unmeasured: list[str] = field(default_factory=list)
    """Records without a quantity."""


def rollup(category: str | None, lists: Lists | None = None) -> str:
    """The line of a category; ``unknown`` for one that is missing or not known here.

    ``lists``: those in force; without them the shipped ones.
    """
    return (lists or shipped_lists()).vocabulary("category").rollup(category or "") or "unknown"


def measured(
    category: str | None, quantity: Amount, unit: str | None, ordnance_state: str | None = None, *, axo_apart: bool,
    lists: Lists | None = None,
) -> tuple[Line, Amount]:
    """The line on which a quantity counts, and the amount in that line's unit.

    AXO are part of UXO (ERW = UXO + AXO) unless the deployment wants them apart; abandoned mines stay mines.
    """
    line = rollup(category, lists)
    if axo_apart and line == "uxo" and ordnance_state == "axo":
        line = "axo"
    if unit == "g":
        return Line(line, "kg"), Decimal(quantity) / 1000
    return Line(line, unit or "piece"), quantity


def ledger(
    finds: Iterable[Found], deeds: Iterable[Deed], *, axo_apart: bool = False, lists: Lists | None = None
) -> Ledger:
    """The accounts of live finds and disposals. The order in which they are given changes no sum."""
    books = _Books(axo_apart, lists)
    for find in sorted(finds, key=lambda find: find.record):
        books.take_find(find)
    for deed in sorted(deeds, key=lambda deed: deed.record):
        books.take_deed(deed)
    books.ledger.accounts.extend(books.accounts.values())
    return books.ledger


_Pile = tuple[str, str, str]
"""Owner, lot (or the record, for a find on its own) and place: finds that may bear one tag together."""


class _Books:
    """The ledger while it is being written, with its ways in: record, tag, lot."""

    def __init__(self, axo_apart: bool, lists: Lists | None) -> None:
        self.ledger = Ledger()
        self._lists = lists
        self.accounts: dict[tuple[_Pile, Line], Account] = {}
        self._axo_apart = axo_apart
        self._piles: dict[_Pile, list[Account]] = {}
        self._by_record: dict[str, tuple[_Pile, Account]] = {}
        self._by_tag: dict[str, list[str]] = {}
        self._by_lot: dict[str, set[_Pile]] = {}

    def take_find(self, find: Found) -> None:
        line, amount = measured(
            find.category, find.quantity or 0, find.unit, find.ordnance_state, axo_apart=self._axo_apart,
            lists=self._lists,
        )  # fmt: skip
        pile = find.owner, find.lot or find.record, find.place
        account = self.accounts.get((pile, line))
        if account is None:
            account = Account(line, find.owner, find.listed_under or find.place, find.local_id or find.record)
            self.accounts[pile, line] = account
            self._piles.setdefault(pile, []).append(account)
        self._by_record[find.record] = pile, account
        account.records.append(find.record)
        if find.local_id and (tag := fold(find.local_id)):
            self._by_tag.setdefault(tag, []).append(find.record)
        if find.lot and (lot := fold(find.lot)):
            self._by_lot.setdefault(lot, set()).add(pile)
        if self._complete(find.record, find.found_on, find.quantity) and find.found_on:
            account.finds.append((find.found_on, amount))

    def _complete(self, record: str, day: str | None, quantity: Amount | None) -> bool:
        if not day:
            self.ledger.undated.append(record)
        if quantity is None:
            self.ledger.unmeasured.append(record)
        return bool(day) and quantity is not None

    def take_deed(self, deed: Deed) -> None:
        line, amount = measured(deed.category, deed.quantity or 0, deed.unit, axo_apart=False, lists=self._lists)
        account = self._account_of(deed)
        complete = self._complete(deed.record, deed.done_on, deed.quantity)
        if isinstance(account, Account) and deed.unit and line.unit != account.line.unit:
            account = OTHER_UNIT
        if not isinstance(account, Account):
            self.ledger.unresolved.append(Unresolved(deed, line, account))
        elif complete:
            account.deeds.append((deed, amount))

    def _account_of(self, deed: Deed) -> Account | str:
        """The account of the item a disposal names, or why there is none."""
        if deed.find in self._by_record:
            # Its own category was copied from the find and may be older than a correction of the find.
            return self._by_record[deed.find][1]
        tag = fold(deed.tag) if deed.tag else ""
        bearing = self._by_tag.get(tag, []) if tag else []
        if len(bearing) > 1:
            return AMBIGUOUS
        if bearing:
            pile, own = self._by_record[bearing[0]]
            return self._of_category(self._piles[pile], deed) or own
        piles = self._by_lot.get(tag, set()) if tag else set()
        if len(piles) != 1:
            return AMBIGUOUS if piles else NOT_HERE
        in_lot = self._piles[next(iter(piles))]
        return in_lot[0] if len(in_lot) == 1 else self._of_category(in_lot, deed) or AMBIGUOUS

    def _of_category(self, accounts: list[Account], deed: Deed) -> Account | None:
        """The one account of a pile that has the category the disposal itself states; None where it states none."""
        if not deed.category:
            return None
        wanted = rollup(deed.category, self._lists)
        fitting = [a for a in accounts if wanted == ("uxo" if a.line.rollup == "axo" else a.line.rollup)]
        return fitting[0] if len(fitting) == 1 else None


@dataclass(frozen=True, slots=True)
class PlotState:
    """One state of a plot: what it claims. ``area_m2`` is the geodesic area of its outline."""

    release: str | None
    method: str | None
    area_m2: Decimal
    completed_on: str | None


def release_line(state: PlotState, lists: Lists | None = None) -> str | None:
    """The line a plot's ground counts on, one of ``RELEASES`` or ``FOLLOW_UP_PENDING``; None where it releases nothing.

    A method that owes a follow-up ends no release whatever is claimed. A method not known here owes one, too.
    """
    lists = lists or shipped_lists()
    line = lists.vocabulary("release").rollup(state.release or "")
    if line not in RELEASES:
        return None
    owed = state.method is not None and lists.vocabulary("clearance_method").follow_up_owed(state.method)
    return FOLLOW_UP_PENDING if owed else line


TO_A_DEPTH = frozenset(("cleared", "bac"))
"""Releases that say a depth; reduced and cancelled ground was not cleared to any."""


def is_shallow(line: str | None, depth_cm: int | None, asked_cm: int | None) -> bool:
    """Did clearance go less deep than its task asks, or to no known depth?"""
    return line in TO_A_DEPTH and bool(asked_cm) and (depth_cm is None or depth_cm < (asked_cm or 0))


def hectares(area_m2: Decimal) -> Decimal:
    """Hectares with one decimal, rounded half up. Call it once, on a sum."""
    return (area_m2 / 10000).quantize(Decimal("0.1"), ROUND_HALF_UP)
