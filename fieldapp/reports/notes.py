"""What stands under the figures: by which rules they count, what they leave out, how complete they are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from fieldapp.domain.counting import AMBIGUOUS, FOLLOW_UP_PENDING, NOT_HERE
from fieldapp.domain.lists_in_force import Lists, shipped_lists
from fieldapp.reports.weekly import TooMany, UnresolvedDisposal, WeeklyReport
from fieldapp.texts import N_, Texts

REASONS = {
    NOT_HERE: N_("no such item here"),
    AMBIGUOUS: N_("more than one item it may be"),
}
"""Why a disposal is not resolved; another unit is the reason that is left."""
_NAMED_ITEMS = 8
_OTHER_REASON = N_("its item is counted in another unit")


def footnotes(report: WeeklyReport, texts: Texts) -> list[str]:
    """The rules of counting, printed with every figure (M14, M16)."""
    rules = [
        texts(
            "Found counts by the day of the find. Neutralised means neutralised or destroyed, by the day it was done; "
            "what is moved, stored, handed over or left marked is not neutralised. What is neutralised and destroyed "
            "later counts once."
        ),
        texts(
            "Outstanding: everything found up to {day} and not neutralised by then.",
            day=texts.day(report.last),
        ),
        texts(
            "Hectares are approved plots by the day of completion, rounded once, half up, from the square metres; "
            "lines may not add up to the total."
        ),
        texts(
            "Small-arms ammunition, fuzes, improvised devices and explosives are not part of UXO; non-explosive "
            "remnants are not counted."
        ),
    ]
    if report.axo_apart:
        return [*rules, texts("Abandoned ordnance (AXO) is not part of UXO here and stands on its own line.")]
    axo = texts.number(report.axo_found)
    return [*rules, texts("UXO includes abandoned ordnance (AXO): {found} of those found.", found=axo)]


def completeness(report: WeeklyReport, texts: Texts) -> list[str]:
    """How complete the figures are, one sentence for each thing a reader must know."""
    has = report.completeness
    lines = [
        texts(
            "Teams that reported through the period: {reported} of {expected}.",
            reported=texts.number(has.teams_reported), expected=texts.number(has.teams_expected),
        )
    ]  # fmt: skip
    if has.teams_missing:
        lines.append(texts("Not heard of: {teams}.", teams=", ".join(has.teams_missing)))
    return [
        *lines,
        texts("Missing pieces of laptops' records: {count}.", count=texts.number(has.gaps)),
        texts("Records not signed by the team: {count}.", count=texts.number(has.unsigned)),
        texts("Records waiting for approval: {count}.", count=texts.number(report.waiting.records)),
        texts("Open differences: {count}.", count=texts.number(has.conflicts)),
        _missed_items(report, texts),
    ]


def _missed_items(report: WeeklyReport, texts: Texts) -> str:
    items = report.completeness.missed_items
    if not items:
        return texts(N_("Missed items that nobody has explained: none."))
    named = "; ".join(
        texts(N_("{find} in plot {plot}"), find=one.find, plot=one.plot) for one in items[:_NAMED_ITEMS]
    ) + (" …" if len(items) > _NAMED_ITEMS else "")
    return texts(
        N_("Missed items (found in ground that was released before) that nobody has explained: {count} ({items})."),
        count=texts.number(len(items)), items=named,
    )


def notes(report: WeeklyReport, texts: Texts) -> list[str]:
    """What these figures leave out or hold provisionally; nothing where there is nothing to say."""
    parts = (_places, _provisional, _ground, _items, _records)
    return [line for part in parts for line in part(report, texts)]


def ground_notes(report: WeeklyReport, texts: Texts) -> list[str]:
    """Those about the ground: what lies in two plots, what is pending, what changed since approval."""
    return list(_ground(report, texts))


def _places(report: WeeklyReport, texts: Texts) -> Iterator[str]:
    if report.places_on is None:
        return
    day = texts.day(report.places_on)
    yield texts("Districts are those of the list in force on {day}; no total depends on it.", day=day)
    for code in report.districts:
        known = report.lists.places.get(code)
        if known is not None and not known.in_force(report.places_on):
            yield texts(
                "{place} was not in force on {day}; the list does not say where its records belong: its line stays.",
                place=known.name(texts.language), day=day,
            )  # fmt: skip


def _provisional(report: WeeklyReport, texts: Texts) -> Iterator[str]:
    if report.waiting.finds:
        yield texts.plural(
            "{count} find is provisional: it counts, and is not approved yet.",
            "{count} finds are provisional: they count, and are not approved yet.",
            report.waiting.finds,
        )
    if report.completeness.unsettled:
        yield texts.plural(
            "{count} record counts with its more dangerous reading until its difference is settled.",
            "{count} records count with their more dangerous reading until their differences are settled.",
            report.completeness.unsettled,
        )


def _ground(report: WeeklyReport, texts: Texts) -> Iterator[str]:
    if report.waiting.plots:
        yield texts.plural(
            "{count} plot is waiting for approval and not counted: {area} m².",
            "{count} plots are waiting for approval and not counted: {area} m².",
            report.waiting.plots,
            area=texts.number(report.waiting.plots_m2, 1),
        )
    if report.overlap_m2:
        yield texts(
            "Released ground: {sum} m² in sum, {overlap} m² of it released before or in two plots, {net} m² net.",
            sum=texts.number(report.released_m2, 1), overlap=texts.number(report.overlap_m2, 1),
            net=texts.number(report.net_m2, 1),
        )  # fmt: skip
    if pending := report.totals.released_m2(FOLLOW_UP_PENDING):
        yield texts("Processed, follow-up pending: {area} m². Not in the hectares.", area=texts.number(pending, 1))
    changed = [plot for plot in report.changed_plots if not plot.withdrawn]
    if changed:
        more = sum((plot.current_m2 - plot.approved_m2 for plot in changed), Decimal(0))
        yield texts.plural(
            "{count} plot changed since approval ({difference} m²). It counts as approved.",
            "{count} plots changed since approval ({difference} m²). They count as approved.",
            len(changed),
            difference=("+" if more > 0 else "") + texts.number(more, 1),
        )
    gone = [plot for plot in report.changed_plots if plot.withdrawn]
    if gone:
        yield texts.plural(
            "{count} plot was withdrawn after approval: {area} m² no longer counted.",
            "{count} plots were withdrawn after approval: {area} m² no longer counted.",
            len(gone),
            area=texts.number(sum((plot.approved_m2 for plot in gone), Decimal(0)), 1),
        )


def _items(report: WeeklyReport, texts: Texts) -> Iterator[str]:
    yield from (_too_many(each, report, texts) for each in report.too_many)
    yield from (_unresolved(each, report, texts) for each in report.unresolved)
    if report.models_as_typed:
        yield texts.plural(
            "{count} find has a model that is not in the list.",
            "{count} finds have a model that is not in the list.",
            report.models_as_typed,
        )


def _too_many(each: TooMany, report: WeeklyReport, texts: Texts) -> str:
    amount = amount_text(each.amount, each.line.unit, texts, report.lists)
    if each.verb == "destroyed":
        return texts("{tag}: {amount} more destroyed than found.", tag=each.name, amount=amount)
    return texts("{tag}: {amount} more neutralised than found.", tag=each.name, amount=amount)


def _unresolved(each: UnresolvedDisposal, report: WeeklyReport, texts: Texts) -> str:
    return texts(
        "Not counted, {reason}: {outcome}, {amount}, tag {tag}.",
        reason=texts(REASONS.get(each.reason, _OTHER_REASON)),
        outcome=report.lists.name("disposal_outcome", each.outcome, texts.language),
        amount=amount_text(each.quantity, each.line.unit, texts, report.lists),
        tag=each.tag or "–",
    )


def amount_text(amount: int | Decimal, unit: str, texts: Texts, lists: Lists | None = None) -> str:
    """A quantity, with its unit where it is not pieces: 40, 12.5 kg."""
    decimals = 0 if amount == int(amount) else min(3, -int(Decimal(amount).normalize().as_tuple().exponent))
    shown = texts.number(amount, decimals)
    return shown if unit == "piece" else f"{shown} {(lists or shipped_lists()).name('unit', unit, texts.language)}"


def _records(report: WeeklyReport, texts: Texts) -> Iterator[str]:
    if report.undated:
        yield texts.plural(
            "{count} record has no date and is in no report: {records}.",
            "{count} records have no date and are in no report: {records}.",
            len(report.undated),
            records=_some(report.undated),
        )
    if report.unmeasured:
        yield texts.plural(
            "{count} record has no quantity: {records}.",
            "{count} records have no quantity: {records}.",
            len(report.unmeasured),
            records=_some(report.unmeasured),
        )


def _some(names: tuple[str, ...], most: int = 8) -> str:
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
