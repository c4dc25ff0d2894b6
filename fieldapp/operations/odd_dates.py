"""Dates that a wrong clock put into records: finding them, and shifting them by corrections (M19)."""

from __future__ import annotations

import bisect
import functools
import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta

from fieldapp import clock
from fieldapp.ids import RecordName, StreamId
from fieldapp.operations import lookup, records
from fieldapp.operations.errors import ConflictOpen, ReasonNeeded, RecordMissing, ShiftNotValid
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import coverage
from fieldapp.storage.coverage import Dated, DatedRow, DayGroup
from fieldapp.storage.log import stream_ids
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


_CHECKED, _FOUND = "dates_checked_right", "odd_dates"
_AT_ONCE = 40_000
"""So many records are counted in one piece."""


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
    if streams is None:
        survey = Survey()
        while not survey.go_on(ws):
            pass
        return survey.found
    known = ws.store.caches.get(_FOUND)
    if known is not None and known[0] == _as_of(ws):
        return [one for one in known[1] if one.stream in streams]
    return sorted(
        itertools.chain(*(_of_kind(ws, kind, streams) for kind in lookup.DAY_COLUMNS)),
        key=lambda one: (one.stream, one.seq),
    )


def _of_kind(ws: Workspace, kind: str, streams: Collection[StreamId]) -> Iterator[OddDate]:
    for one, before, doubt in coverage.unusual(ws.store, kind, lookup.DAY_COLUMNS[kind], streams):
        reason = _reason(one, before, doubt=doubt)
        if reason:
            yield OddDate(one.record, one.day, reason, one.stream, one.seq, one.at, one.by, one.received_at)


def _as_of(ws: Workspace) -> tuple[int, ...]:
    """Changes with every event that comes or is written."""
    return ws.store.rows(
        "SELECT (SELECT coalesce(max(n), 0) FROM segment), (SELECT coalesce(sum(tip_seq), 0) FROM stream)"
    )[0]


class Survey:
    """Looks for odd dates a piece at a time, so that whoever asks can do other things in between.

    First every record is counted in groups, by log and the day it was written, which tells in which groups none can
    be odd; the records of the others are then looked at one by one. What was found is remembered until something
    changes; a change in between begins it anew.
    """

    def __init__(self) -> None:
        self.found: list[OddDate] = []
        """All odd dates, those that were checked too, once ``go_on`` has said that it is done."""
        self._as_of: tuple[int, ...] = ()
        self._steps: Iterator[None] = iter(())

    def go_on(self, ws: Workspace) -> bool:
        """Do the next piece, about a tenth of a second; True when all is done."""
        as_of = _as_of(ws)
        known = ws.store.caches.get(_FOUND)
        if known is not None and known[0] == as_of:
            self.found = list(known[1])
            return True
        if as_of != self._as_of:
            self._as_of, self._steps = as_of, self._look(ws)
        try:
            next(self._steps)
        except StopIteration:
            self.found.sort(key=lambda one: (one.stream, one.seq))
            ws.store.caches[_FOUND] = (as_of, list(self.found))
            return True
        return False

    def _look(self, ws: Workspace) -> Iterator[None]:
        self.found = []
        around = _Around(ws)
        for kind, column in lookup.DAY_COLUMNS.items():
            slices: dict[int, list[DayGroup]] = {}
            for above in range(0, coverage.last_row(ws.store, kind), _AT_ONCE):
                slices[above] = coverage.day_groups(ws.store, kind, column, above, above + _AT_ONCE)
                yield
            around.know(itertools.chain(*slices.values()))
            for above, groups in slices.items():
                suspicious = [(one.stream, one.written) for one in groups if around.may_be_odd(one)]
                if suspicious:
                    rows = coverage.dated_in(ws.store, kind, column, above, above + _AT_ONCE, suspicious)
                    self.found += filter(None, map(around.judge, rows))
                    yield


class _Around:
    """What is known of the entries around a record of some kind: the days they were written, and when they came."""

    def __init__(self, ws: Workspace) -> None:
        self._names = stream_ids(ws.store)
        self._came = coverage.arrivals(ws.store)
        self._doubts: dict[StreamId, list[int]] = {}
        for stream, seq in sorted(coverage.doubtful(ws.store)):
            self._doubts.setdefault(stream, []).append(seq)
        self._latest: dict[int, list[tuple[int, str]]] = {}

    def know(self, groups: Iterable[DayGroup]) -> None:
        """These are all the records of the kind that is looked at next."""
        self._latest = {}
        for one in sorted(groups, key=lambda one: one.first):
            days = self._latest.setdefault(one.stream, [])
            if not days or one.written > days[-1][1]:
                days.append((one.first, one.written))

    def _before(self, stream: int, seq: int) -> str:
        """The latest day on which one of the records with a lower number was written; empty for the first."""
        days = self._latest[stream]
        place = bisect.bisect_left(days, (seq, ""))
        return days[place - 1][1] if place else ""

    def may_be_odd(self, group: DayGroup) -> bool:
        """May one of these records be dated oddly? By the rules of ``_reason``; never False where one is."""
        doubts = self._doubts.get(self._names[group.stream], ())
        place = bisect.bisect_left(doubts, group.first)
        if place < len(doubts) and doubts[place] <= group.last:
            return True
        written = group.written
        if written and not _is_day(written):  # another text than a day: nothing follows from its order among days
            return True
        if written and group.latest > _days_on(written, _TOLERANCE_DAYS):
            return True
        came = [at[:10] for first, last, at in self._came.get(group.stream, ())
                if first <= group.last and last >= group.first]  # fmt: skip
        if came and group.latest > _days_on(min(came), _TOLERANCE_DAYS):
            return True
        before = self._before(group.stream, group.last)
        if before and not _is_day(before):
            return True
        return group.earliest < _days_on(max(before, written), -LATE_ENTRY_DAYS)

    def judge(self, row: DatedRow) -> OddDate | None:
        """The record, if its date is odd."""
        stream = self._names[row.stream]
        pieces = self._came.get(row.stream, ())
        first, _, came = next((one for one in pieces if one[1] >= row.seq), (row.seq + 1, 0, ""))
        one = Dated(row.kind, row.owner, row.id, stream, row.seq, row.at, row.by, row.day,
                    came if first <= row.seq else "")  # fmt: skip
        doubts = self._doubts.get(stream, ())
        place = bisect.bisect_left(doubts, row.seq)
        doubt = place < len(doubts) and doubts[place] == row.seq
        reason = _reason(one, self._before(row.stream, row.seq), doubt=doubt)
        if reason is None:
            return None
        return OddDate(one.record, one.day, reason, stream, one.seq, one.at, one.by, one.received_at)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


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
