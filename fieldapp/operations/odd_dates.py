"""Dates that a wrong clock put into records: finding them, and shifting them by corrections (M19)."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta

from fieldapp import clock
from fieldapp.ids import RecordName, StreamId
from fieldapp.operations import lookup, records
from fieldapp.operations.errors import ConflictOpen, ReasonNeeded, RecordMissing, ShiftNotValid
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import coverage
from fieldapp.storage.coverage import Dated
from fieldapp.texts import N_

LATE_ENTRY_DAYS = 30
"""A day of information may lie this long before what is known of when it was written: work is entered late."""
_TOLERANCE_DAYS = 1
"""Local days run ahead of UTC, and midnight lies between work and entry."""


REASONS = {
    "after_written": N_("Dated after it was written"),
    "future": N_("Dated after it reached headquarters"),
    "long_before": N_("Dated long before the laptop's entries around it"),
    "clock_doubt": N_("The laptop's clock was wrong"),
}
"""What the reasons say."""


@dataclass(frozen=True)
class OddDate:
    """A record whose day of information is not plausible.

    ``reason``: ``after_written`` (the day lies after the record was written), ``future`` (after it reached this
    computer), ``long_before`` (more than 30 days before the laptop's entries until then) or ``clock_doubt`` (the
    laptop's clock was known to be wrong, and the day lies more than 30 days before the bundle came).
    """

    record: RecordName
    day: str
    reason: str
    stream: StreamId
    seq: int
    at: str
    by: str
    received_at: str


@dataclass(frozen=True)
class Shifted:
    """What ``shift_dates`` did: records corrected, and those that need a person because their day is disputed."""

    shifted: list[RecordName]
    disputed: list[RecordName]


@dataclass(frozen=True)
class CheckedRight:
    """A date that looked odd and that somebody checked: it is right as it stands."""

    record: RecordName
    day: str
    by: str
    at: str
    why: str


_CHECKED = "dates_checked_right"


def checked_right(ws: Workspace) -> list[CheckedRight]:
    """Odd dates that were found right, the latest last. Noted here at headquarters; it changes no record."""
    return [CheckedRight(*one) for one in ws.get_json(_CHECKED, [])]


def dismiss(ws: Workspace, names: Sequence[RecordName], why: str) -> list[CheckedRight]:
    """Note that these records' dates are right: they are listed no more, unless the date is changed again.

    Raises ReasonNeeded, and RecordMissing for a record whose date is not listed as odd.
    """
    if not why.strip():
        raise ReasonNeeded
    listed = {one.record: one.day for one in odd_dates(ws)}
    for name in names:
        if name not in listed:
            raise RecordMissing(name=name)
    at = clock.stamp(ws.clock.now())
    fresh = [CheckedRight(name, listed[name], ws.person, at, why) for name in dict.fromkeys(names)]
    kept = [list(astuple(one)) for one in [*checked_right(ws), *fresh]]
    ws.set_json(_CHECKED, kept)
    return fresh


def odd_dates(ws: Workspace, *, streams: Collection[StreamId] | None = None) -> list[OddDate]:
    """Records dated outside the plausible window, in the order of their streams; not those that were checked.

    Of all streams, or only those begun in ``streams``.

    Nothing follows from it by itself: a person shifts the dates of a whole stretch of a log, or corrects one record.
    """
    checked = {(one.record, one.day) for one in checked_right(ws)}
    return [one for one in _odd(ws, streams) if (one.record, one.day) not in checked]


def _odd(ws: Workspace, streams: Collection[StreamId] | None) -> list[OddDate]:
    as_of = ws.store.rows(
        "SELECT (SELECT coalesce(max(n), 0) FROM segment), (SELECT coalesce(sum(tip_seq), 0) FROM stream)"
    )
    known = ws.store.caches.get("odd_dates")
    if known is not None and known[0] == as_of:
        return [one for one in known[1] if streams is None or one.stream in streams]
    found: list[OddDate] = []
    for kind, column in lookup.DAY_COLUMNS.items():
        for one, before, doubt in coverage.unusual(ws.store, kind, column, streams):
            reason = _reason(one, before, doubt=doubt)
            if reason:
                found.append(
                    OddDate(one.record, one.day, reason, one.stream, one.seq, one.at, one.by, one.received_at)
                )
    found.sort(key=lambda one: (one.stream, one.seq))
    if streams is None:
        ws.store.caches["odd_dates"] = (as_of, found)
    return list(found)


def _reason(one: Dated, before: str, *, doubt: bool) -> str | None:
    """Why the day is not plausible. ``before`` is the latest moment among the earlier entries of the log."""
    came = one.received_at[:10]
    if came and one.day > _days_on(came, _TOLERANCE_DAYS):
        return "future"
    if doubt:
        return "clock_doubt" if came and one.day < _days_on(came, -LATE_ENTRY_DAYS) else None
    written = one.at[:10]
    if came and written > _days_on(came, _TOLERANCE_DAYS):  # the clock ran ahead: it says nothing about the day
        return None
    if written and one.day > _days_on(written, _TOLERANCE_DAYS):
        return "after_written"
    bound = before[:10] or written
    return "long_before" if bound and one.day < _days_on(bound, -LATE_ENTRY_DAYS) else None


@functools.lru_cache(maxsize=4096)
def _days_on(day: str, days: int) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return day


def shift_dates(ws: Workspace, stream: StreamId, first: int, last: int, days: int, why: str) -> Shifted:
    """Shift the day of information of every record that this stretch of a log began, by ordinary corrections.

    Finds, plots and disposals whose first event has a number from ``first`` to ``last`` in ``stream``; present
    records only; the day itself and, on plots, the day work began. The team sees each correction with its reason.
    All or none: one transaction. A record whose day has several readings is left to be settled, and named.
    Raises ReasonNeeded, ShiftNotValid, RecordMissing where the stretch began no record, and what ``correct`` raises.
    """
    if not why.strip():
        raise ReasonNeeded
    if first > last or not days or abs(days) > 36_600:
        raise ShiftNotValid
    shifted: list[RecordName] = []
    disputed: list[RecordName] = []
    with ws.store.transaction():
        for one, column in list(_begun_in(ws, stream, first, last)):
            changes = _shifted_days(ws, one.record, column, days)
            try:
                records.correct(ws, one.record, changes, why)
            except ConflictOpen:
                disputed.append(one.record)
            else:
                shifted.append(one.record)
    if not shifted and not disputed:
        raise RecordMissing(name=f"{stream} {first}-{last}")
    return Shifted(shifted, disputed)


@dataclass(frozen=True)
class WouldShift:
    """One record that ``shift_dates`` would correct: its day now and then."""

    record: RecordName
    number: str
    """The number people know it by."""
    before: str
    after: str


def preview(ws: Workspace, stream: StreamId, first: int, last: int, days: int) -> list[WouldShift]:
    """What ``shift_dates`` would do. Raises ShiftNotValid."""
    if first > last or not days or abs(days) > 36_600:
        raise ShiftNotValid
    found = [one for one, _ in _begun_in(ws, stream, first, last)]
    rows = lookup.rows_of(ws, [one.record for one in found])
    return [
        WouldShift(
            one.record, str(rows[one.record].get("local_id") or one.id[:8]), one.day, _shift(one.day, days)
        )
        for one in found
    ]


def _begun_in(ws: Workspace, stream: StreamId, first: int, last: int) -> Iterator[tuple[Dated, str]]:
    for kind, column in lookup.DAY_COLUMNS.items():
        for one in coverage.dated(ws.store, kind, column):
            if one.stream == stream and first <= one.seq <= last:
                yield one, column


_BESIDE = {"completed_on": ("started_on",)}
"""Days that a wrong clock put beside the day of information."""


def _shifted_days(ws: Workspace, name: RecordName, column: str, days: int) -> dict[str, object]:
    fields = records.get(ws, name).fields
    return {
        field: _shift(str(fields[field]), days)
        for field in (column, *_BESIDE.get(column, ()))
        if fields.get(field)
    }


def _shift(day: str, days: int) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError) as error:
        raise ShiftNotValid from error
