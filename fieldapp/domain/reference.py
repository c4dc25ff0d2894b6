"""The whole merge over a set of events in memory, in the shape the reference model returns.

Storage keeps the same result up incrementally; this is what it is compared with and what small sets use.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from fieldapp.domain import merge as rules
from fieldapp.domain.authority import Authority
from fieldapp.domain.canonical import canonical
from fieldapp.domain.chains import Piece, chains
from fieldapp.domain.events import Event
from fieldapp.domain.registry import DANGER, HQ_KINDS, RELEASE_KINDS, Scales


def merge(
    events: Iterable[Event],
    root: str,
    scales: Scales = DANGER,
    hq_kinds: Collection[str] = HQ_KINDS,
    release_kinds: Collection[str] = RELEASE_KINDS,
) -> dict[str, Any]:
    """The state of a set of events (any order, repeats allowed), exactly as the reference model's ``merge`` gives it.

    ``refused`` is always empty here: what is no event never becomes an ``Event``.
    """
    held = {event.id: event for event in events}
    authority = Authority(held.values(), root, lambda stream, seq, i: _at(held, stream, seq, i), hq_kinds)
    reasons = {i: authority.refuse(event) for i, event in held.items()}
    counting = rules.counting(event for i, event in held.items() if reasons[i] is None)
    states: dict[str, rules.RecordState] = {}
    settled: dict[str, bool] = {}
    pending: list[rules.Incomplete] = []
    for name, here in rules.by_record(held.values()).items():
        missing = rules.incomplete(name, here, {i for i in here if reasons[i] is not None}, counting)
        pending += missing
        applied = {i: event for i, event in here.items() if i in counting}
        if applied:
            states[name] = rules.record_state(name, applied, scales, release_kinds)
            settled[name] = not (states[name].conflicts or missing)
    quarantined = [{"event": i, "record": held[i].record, "reason": r} for i, r in reasons.items() if r is not None]
    ends = chains(Piece(e.stream, e.seq, e.seq, e.prev, (e.id,)) for e in held.values())
    return {
        "records": {name: shown(states[name], settled[name]) for name in sorted(states)},
        "conflicts": ordered(listed(c) for state in states.values() for c in state.conflicts),
        "quarantined": ordered(quarantined),
        "pending": ordered(listed(p) for p in pending),
        "gaps": ends.gaps, "forks": ends.forks, "receipts": ends.receipts,
        "stale": sorted(name for name, state in states.items() if rules.is_stale(state, _judged(state, states))),
        "refused": [],
    }


def shown(state: rules.RecordState, settled: bool) -> dict[str, Any]:
    """One record as the result shows it."""
    return {"values": state.values, "retracted": state.retracted, "heads": state.heads, "settled": settled}


def listed(item: rules.Conflict | rules.Incomplete) -> dict[str, Any]:
    """A conflict or an incomplete event as the result lists it."""
    return {name: getattr(item, name) for name in type(item).__slots__}


def ordered(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """In the order of their canonical bytes."""
    return sorted(items, key=canonical)


def _judged(state: rules.RecordState, states: dict[str, rules.RecordState]) -> rules.RecordState | None:
    of = state.values.get("of")
    return states.get(str(of.get("record"))) if isinstance(of, dict) else None


def _at(held: dict[str, Event], stream: str, seq: int, i: str) -> Event | None:
    event = held.get(i)
    return event if event is not None and event.stream == stream and event.seq == seq else None
