"""The merge: from a set of events to current records. Defined by the three rules of the oracle, section 1.

1. An event writes a value for each group in its ``set``.
2. An event replaces, in each group it sets, what its direct ``parents`` wrote in the same record.
3. The values written and not replaced are the group's readings. Two different readings are a conflict.

No clock, no order of arrival and no walk through ancestors is used anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fieldapp.domain.canonical import canonical
from fieldapp.domain.events import Event
from fieldapp.domain.registry import DANGER, RELEASE_KINDS, Scales

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A group with more than one reading, most dangerous first, and the events that hold them."""

    record: str
    group: str
    readings: list[Any]
    events: list[str]


@dataclass(frozen=True, slots=True)
class RecordState:
    """What one record is now. ``heads`` are the parents of the next edit."""

    values: dict[str, Any]
    retracted: bool
    heads: list[str]
    conflicts: list[Conflict] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Incomplete:
    """An event that names something which is not here; it counts all the same unless a need is missing."""

    event: str
    record: str
    parents: list[str]
    needs: list[str]
    counts: bool


def live(events: Mapping[str, Event]) -> dict[str, set[str]]:
    """Rules 1 to 3 for the events of ONE record: the ids whose write stands, by group."""
    replaced = {(parent, group) for event in events.values() for parent in event.parents for group in event.set}
    groups: dict[str, set[str]] = {}
    for i, event in events.items():
        for group in event.set:
            if (i, group) not in replaced:
                groups.setdefault(group, set()).add(i)
    return groups


def danger_key(value: Any, scales: Iterable[tuple[str, tuple[object, ...] | str]]) -> tuple[Any, ...]:
    """Sort key of a reading: greater is more dangerous. Looks only at the value, never at who or when.

    Blank is least; on each scale absent < known < not understood; last resort is the canonical bytes.
    """
    key: list[Any] = [value is not None]
    for member, scale in scales:
        part = value if member == "" else value.get(member) if isinstance(value, dict) else None
        key.append((0, 0) if part is None else _place_on(scale, part))
    return (*key, canonical(value))


def _place_on(scale: tuple[object, ...] | str, part: Any) -> tuple[int, Any]:
    if not isinstance(scale, str):
        codes = [canonical(code) for code in scale]
        here = canonical(part)
        return (1, codes.index(here)) if here in codes else (2, 0)
    if type(part) is int or (isinstance(part, str) and _NUMBER.fullmatch(part)):
        return (1, Decimal(part) if scale == "more" else -Decimal(part))
    return (2, 0)


def record_state(
    name: str,
    applied: Mapping[str, Event],
    scales: Scales = DANGER,
    release_kinds: Collection[str] = RELEASE_KINDS,
) -> RecordState:
    """Current state and conflicts of the record ``name`` from those of its events that count."""
    kind, groups = name.split("/", 1)[0], live(applied)
    values: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    heads = set().union(*groups.values()) if groups else set()
    for group, ids in sorted(groups.items()):
        if group == "exists":
            continue
        readings = {canonical(applied[i].set[group]): applied[i].set[group] for i in ids}
        in_order = sorted(readings.values(), key=lambda v: danger_key(v, scales.get((kind, group), ())), reverse=True)
        values[group] = in_order[0]
        if len(in_order) > 1:
            conflicts.append(Conflict(name, group, in_order, sorted(ids)))
    retractions = {i for i in groups.get("exists", ()) if applied[i].set["exists"] is False}
    unseen = heads - retractions - {p for i in retractions for p in applied[i].parents}
    retracted = bool(retractions) and (not unseen or kind in release_kinds)
    if retractions and unseen:
        conflicts.append(Conflict(name, "exists", [not retracted, retracted], sorted(retractions | unseen)))
    return RecordState(values, retracted, sorted(heads), conflicts)


def incomplete(name: str, here: Mapping[str, Event], refused: Collection[str], counting: Collection[str]) -> list[
    Incomplete
]:
    """The events of one record that name missing parents or needs. ``refused`` are its quarantined events."""
    found = [
        Incomplete(
            i, name, [p for p in event.parents if p not in here], [n for n in event.needs if n not in counting],
            i in counting,
        )
        for i, event in here.items()
        if i not in refused
    ]
    return [one for one in found if one.parents or one.needs]


def counting(accepted: Iterable[Event]) -> set[str]:
    """Ids that count: accepted events whose needs, and their needs, are all here and accepted."""
    events = {event.id: event.needs for event in accepted}
    ids = set(events)
    needing = {i for i, needs in events.items() if needs}
    while waiting := {i for i in needing if i in ids and not ids.issuperset(events[i])}:
        ids -= waiting
    return ids


def by_record(events: Iterable[Event]) -> dict[str, dict[str, Event]]:
    """The events of each record, by id."""
    records: dict[str, dict[str, Event]] = {}
    for event in events:
        records.setdefault(event.record, {})[event.id] = event
    return records


def is_stale(state: RecordState, judged: RecordState | None) -> bool:
    """Does this live judgement (a value ``of {record, seen}``) rest on an earlier version than the current one?"""
    of = state.values.get("of")
    if not isinstance(of, dict) or state.retracted:
        return False
    return bool(of.get("seen") != (judged.heads if judged else None))
