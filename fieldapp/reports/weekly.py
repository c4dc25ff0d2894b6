"""The weekly report: numbers only, built by one pure function. How they are shown is the renderers' business.

The rules are those of ``fieldapp.domain.counting``. *Outstanding* is a stock at the period's last day; everything
else is what happened in the period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from fieldapp.domain.counting import (
    FOLLOW_UP_PENDING,
    NOT_COUNTED,
    OTHER_LINES,
    PUBLIC_LINES,
    RELEASES,
    Account,
    Amount,
    Ledger,
    Line,
    hectares,
    ledger,
    release_line,
    rollup,
)
from fieldapp.domain.lists_in_force import Lists, shipped_lists
from fieldapp.reports.facts import MissedItem, PlotFacts, WeeklyFacts
from fieldapp.texts import natural

WARN_OUTSTANDING = Decimal("0.05")
"""Share of the period's finds still outstanding above which "found and neutralised" needs a warning (M14)."""


@dataclass(slots=True)
class Items:
    """One line of ordnance, in its unit."""

    found: Amount = 0
    neutralised: Amount = 0
    """Neutralised or destroyed."""
    destroyed: Amount = 0
    outstanding: Amount = 0
    """Found up to the last day of the period, whenever, and not neutralised by then."""
    found_outstanding: Amount = 0
    """The part of ``found`` that is outstanding."""

    @property
    def moved(self) -> bool:
        """Did anything happen in the period?"""
        return bool(self.found or self.neutralised or self.destroyed)


@dataclass(slots=True)
class Figures:
    """The figures of one district, one operator, or all."""

    items: dict[Line, Items] = field(default_factory=lambda: defaultdict(Items))
    ground_m2: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """Square metres by release line, ``FOLLOW_UP_PENDING`` among them."""

    def line(self, rollup: str, unit: str = "piece") -> Items:
        """One line of ordnance; zeros where there is nothing."""
        return self.items.get(Line(rollup, unit)) or Items()

    def released_m2(self, release: str) -> Decimal:
        """Approved square metres of one release line."""
        return self.ground_m2.get(release, Decimal(0))

    def released_ha(self, release: str) -> Decimal:
        """The same in hectares, rounded once, half up."""
        return hectares(self.released_m2(release))

    @property
    def outstanding(self) -> Amount:
        """Outstanding pieces on the public lines."""
        return sum(self.line(rollup).outstanding for rollup in PUBLIC_LINES)

    @property
    def worked(self) -> bool:
        """Was anything found, neutralised or released in the period?"""
        return any(items.moved for items in self.items.values()) or any(self.ground_m2.values())

    @property
    def empty(self) -> bool:
        """Is there nothing to print?"""
        return not self.worked and not any(items.outstanding for items in self.items.values())


@dataclass(frozen=True, slots=True)
class ChangedPlot:
    """A plot that is another one than was approved. It counts as approved, or not at all where it is withdrawn."""

    record: str
    name: str
    approved_m2: Decimal
    current_m2: Decimal
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class TooMany:
    """More was destroyed (or neutralised) than was found under this tag."""

    name: str
    line: Line
    verb: str
    """``destroyed`` or ``neutralised``."""
    amount: Amount


@dataclass(frozen=True, slots=True)
class UnresolvedDisposal:
    """A disposal whose item is not here or not certain. It counts nowhere."""

    record: str
    tag: str
    line: Line
    outcome: str
    quantity: Amount
    done_on: str
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Records of the period that headquarters has not approved. Finds and disposals count all the same."""

    finds: int = 0
    disposals: int = 0
    plots: int = 0
    plots_m2: Decimal = Decimal(0)

    @property
    def records(self) -> int:
        """All of them."""
        return self.finds + self.disposals + self.plots


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far a reader may rely on the figures."""

    teams_expected: int = 0
    teams_reported: int = 0
    teams_missing: tuple[str, ...] = ()
    gaps: int = 0
    unsigned: int = 0
    unsettled: int = 0
    """Records of the period that are counted though they are not settled."""
    conflicts: int = 0
    missed_items: tuple[MissedItem, ...] = ()
    """Open alarms of any day: the ground may not be as safe as the hectares say."""


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """All numbers of one period, both its days included."""

    first: date
    last: date
    totals: Figures
    districts: dict[str, Figures]
    """By code, in the order of public notices; "" where records name none."""
    operators: dict[str, Figures]
    """By code of the organisation, or by owner."""
    methods_m2: dict[str, Decimal]
    """Released square metres by method of clearance."""
    waiting: Waiting
    completeness: Completeness
    axo_found: Amount
    """AXO found in the period, in pieces: part of the UXO unless ``axo_apart``."""
    axo_apart: bool
    changed_plots: tuple[ChangedPlot, ...] = ()
    overlap_m2: Decimal = Decimal(0)
    """Of the released square metres: released before the period, or in two of its plots. Nothing is taken off."""
    too_many: tuple[TooMany, ...] = ()
    unresolved: tuple[UnresolvedDisposal, ...] = ()
    undated: tuple[str, ...] = ()
    """Records without the day they count by: they are in no period."""
    unmeasured: tuple[str, ...] = ()
    models_as_typed: int = 0
    lists: Lists = field(default_factory=shipped_lists)
    """The lists in force, by which codes are named."""
    places_on: date | None = None
    """Districts are those in force on this day; None: as the records say."""

    @property
    def released_m2(self) -> Decimal:
        """All approved ground of the period, as the plots sum up to."""
        return sum((self.totals.released_m2(line) for line in RELEASES), Decimal(0))

    @property
    def net_m2(self) -> Decimal:
        """The same, each place once and without what had been released before."""
        return self.released_m2 - self.overlap_m2

    @property
    def other_lines(self) -> dict[Line, Items]:
        """Lines apart from the public ones, in the order they are printed."""
        mine = {line: items for line, items in self.totals.items.items() if items.moved or items.outstanding}
        place = {rollup: at for at, rollup in enumerate((*OTHER_LINES, *PUBLIC_LINES))}
        apart = [line for line in mine if line not in {Line(rollup) for rollup in PUBLIC_LINES}]
        return {line: mine[line] for line in sorted(apart, key=lambda line: (place[line.rollup], line.unit))}

    @property
    def worked_in(self) -> tuple[str, ...]:
        """Districts in which something was found, neutralised or released in the period."""
        return tuple(code for code, figures in self.districts.items() if code and figures.worked)

    @property
    def too_much_outstanding(self) -> bool:
        """Is "found and neutralised" untrue for more of the finds than ``WARN_OUTSTANDING``?"""
        lines = [self.totals.line(rollup) for rollup in PUBLIC_LINES]
        return sum(line.found_outstanding for line in lines) > WARN_OUTSTANDING * sum(line.found for line in lines)


def build(facts: WeeklyFacts, first: date, last: date, *, axo_apart: bool = False) -> WeeklyReport:
    """The report from the day ``first`` to the day ``last``, both included."""
    span = _Span(first.isoformat(), last.isoformat())
    books = ledger(facts.finds, facts.deeds, axo_apart=axo_apart, lists=facts.lists)
    sheet = _Sheet(facts)
    for account in books.accounts:
        sheet.take_account(account, span)
    for plot in facts.plots:
        sheet.take_plot(plot, span)
    names = {find.record: find.local_id or find.record for find in facts.finds}
    names |= {deed.record: deed.local_id or deed.record for deed in facts.deeds}
    return WeeklyReport(
        first, last, sheet.totals, _districts(sheet.districts, facts.lists),
        _operators(sheet.operators, facts.lists),
        dict(sorted(sheet.methods_m2.items())), _waiting(facts, span), _completeness(facts, span),
        _axo(facts, span), axo_apart,
        changed_plots=tuple(_changed(facts, span)),
        overlap_m2=facts.overlap_m2,
        too_many=tuple(_too_many(books.accounts, span)),
        unresolved=tuple(_unresolved(books, span)),
        undated=tuple(sorted(names[record] for record in books.undated)) + _undated_plots(facts.plots),
        unmeasured=tuple(sorted(names[record] for record in books.unmeasured)),
        models_as_typed=sum(span.has(f.found_on) and f.record in facts.models_as_typed for f in facts.finds),
        lists=facts.lists,
        places_on=facts.places_on,
    )  # fmt: skip


def withdrawn(plot: PlotFacts, lists: Lists | None = None) -> bool:
    """Is a plot retracted, or said not to be released? Then it counts no longer, approved or not."""
    return plot.current is None or release_line(plot.current, lists) is None


@dataclass(frozen=True, slots=True)
class _Span:
    first: str
    last: str

    def has(self, day: str | None) -> bool:
        return day is not None and self.first <= day <= self.last


class _Sheet:
    """Totals, districts and operators, filled together."""

    def __init__(self, facts: WeeklyFacts) -> None:
        self.totals = Figures()
        self.districts: dict[str, Figures] = defaultdict(Figures)
        self.operators: dict[str, Figures] = defaultdict(Figures)
        self.methods_m2: dict[str, Decimal] = defaultdict(Decimal)
        self._operator, self._lists = facts.operators, facts.lists

    def _rows(self, place: str, owner: str) -> tuple[Figures, Figures, Figures]:
        return self.totals, self.districts[place], self.operators[self._operator.get(owner, owner)]

    def take_account(self, account: Account, span: _Span) -> None:
        if account.line.rollup == NOT_COUNTED:
            return
        now = account.standing(span.last)
        found = sum(amount for day, amount in account.finds if span.has(day))
        for row in self._rows(account.place, account.owner):
            items = row.items[account.line]
            items.found += found
            items.outstanding += now.outstanding
            items.found_outstanding += min(found, now.outstanding)
        for done in now.done:
            if span.has(done.day):
                for row in self._rows(done.place, done.owner):
                    items = row.items[account.line]
                    items.neutralised += done.neutralised
                    items.destroyed += done.destroyed

    def take_plot(self, plot: PlotFacts, span: _Span) -> None:
        state = plot.approved
        if state is None or withdrawn(plot, self._lists) or not span.has(state.completed_on):
            return
        line = release_line(state, self._lists)
        if line is None:
            return
        for row in self._rows(plot.place, plot.owner):
            row.ground_m2[line] += state.area_m2
        if line != FOLLOW_UP_PENDING:
            self.methods_m2[state.method or ""] += state.area_m2


def _districts(rows: dict[str, Figures], lists: Lists) -> dict[str, Figures]:
    filled = {code for code, figures in rows.items() if not figures.empty}
    named = lists.in_public_order(filled - {""})
    return {code: rows[code] for code in (*named, *({""} & filled))}


def _operators(rows: dict[str, Figures], lists: Lists) -> dict[str, Figures]:
    filled = {code for code, figures in rows.items() if not figures.empty}
    listed = [code for code in lists.organisations if code in filled]
    return {code: rows[code] for code in (*listed, *sorted(filled.difference(listed)))}


def _waiting(facts: WeeklyFacts, span: _Span) -> Waiting:
    plots = [
        plot.current
        for plot in facts.plots
        if plot.current and plot.approved is None and span.has(plot.current.completed_on)
        and release_line(plot.current, facts.lists)
    ]
    return Waiting(
        sum(span.has(find.found_on) and find.record not in facts.approved for find in facts.finds),
        sum(span.has(deed.done_on) and deed.record not in facts.approved for deed in facts.deeds),
        len(plots),
        sum((plot.area_m2 for plot in plots), Decimal(0)),
    )


def _completeness(facts: WeeklyFacts, span: _Span) -> Completeness:
    mine = [find.record for find in facts.finds if span.has(find.found_on)]
    mine += [deed.record for deed in facts.deeds if span.has(deed.done_on)]
    mine += [plot.record for plot in facts.plots if plot.current and span.has(plot.current.completed_on)]
    expected = set(facts.teams_expected)
    silent = expected.difference(facts.teams_reported)
    return Completeness(
        len(expected),
        len(expected.intersection(facts.teams_reported)),
        tuple(facts.team_names.get(team, team) for team in sorted(silent, key=natural)),
        facts.gaps,
        sum(record not in facts.signed for record in mine),
        sum(record in facts.unsettled for record in mine),
        facts.conflicts,
        tuple(facts.missed_items),
    )


def _axo(facts: WeeklyFacts, span: _Span) -> Amount:
    return sum(
        find.quantity or 0
        for find in facts.finds
        if find.ordnance_state == "axo" and rollup(find.category, facts.lists) == "uxo" and span.has(find.found_on)
        and find.unit in {None, "piece"}
    )  # fmt: skip


def _changed(facts: WeeklyFacts, span: _Span) -> Iterable[ChangedPlot]:
    lists = facts.lists
    for plot in sorted(facts.plots, key=lambda plot: plot.record):
        was, now = plot.approved, plot.current
        if was is None or not plot.changed or not (release_line(was, lists) or (now and release_line(now, lists))):
            continue
        if span.has(was.completed_on) or (now and span.has(now.completed_on)):
            area = now.area_m2 if now and release_line(now, lists) else Decimal(0)
            yield ChangedPlot(plot.record, plot.local_id or plot.record, was.area_m2, area, withdrawn(plot, lists))


def _undated_plots(plots: Iterable[PlotFacts]) -> tuple[str, ...]:
    return tuple(sorted(p.local_id or p.record for p in plots if p.current and not p.current.completed_on))


def _too_many(accounts: Iterable[Account], span: _Span) -> Iterable[TooMany]:
    for account in accounts:
        now = account.standing(span.last)
        for verb, amount in (("destroyed", now.destroyed_too_many), ("neutralised", now.neutralised_too_many)):
            if amount:
                yield TooMany(account.name, account.line, verb, amount)


def _unresolved(books: Ledger, span: _Span) -> Iterable[UnresolvedDisposal]:
    for each in books.unresolved:
        deed = each.deed
        if not deed.done_on or deed.done_on <= span.last:
            yield UnresolvedDisposal(
                deed.record, deed.tag or deed.find or "", each.line, deed.outcome or "", deed.quantity or 0,
                deed.done_on or "", each.reason,
            )  # fmt: skip
