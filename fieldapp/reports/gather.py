"""Reading what a weekly report is made from: current records, judgements on them, and how complete they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from fieldapp.domain.counting import Amount, Deed, Found, PlotState
from fieldapp.domain.events import Event
from fieldapp.domain.judging import Verdict, approved_versions
from fieldapp.domain.lists_in_force import Lists
from fieldapp.domain.merge import record_state
from fieldapp.geodesy import overlap
from fieldapp.geodesy.districts import district_hint
from fieldapp.reports.facts import PlotFacts, WeeklyFacts
from fieldapp.reports.ground import OutlineOf, outline_in, overlap_m2
from fieldapp.storage import journal, records
from fieldapp.storage.database import Store
from fieldapp.storage.listing import Filter, Row, select
from fieldapp.storage.lists import in_force
from fieldapp.storage.log import events_at, stream_ids
from fieldapp.texts import fold

GROWN_M2 = 1.0
"""Ground of a corrected plot that the approved one did not have, from which on both signatures are needed again."""


def gather(store: Store, first: date, last: date, places_on: date | None = None) -> WeeklyFacts:
    """The facts of the report from ``first`` to ``last``. Everything up to ``last`` counts for what is outstanding.

    ``places_on``: districts are those in force on that day (M22); no total depends on it.
    """
    until = last.isoformat()
    finds, disposals = _dated(store, "find", "found_on", until), _dated(store, "disposal", "done_on", until)
    plots = select(store, "plot", Filter(retracted=None), order="n")
    period = [
        row.name
        for rows, day in ((finds, "found_on"), (disposals, "done_on"), (plots, "completed_on"))
        for row in rows
        if row[day] and first.isoformat() <= row[day] <= until
    ]
    decisions = _Judgements(store, "decision", {*period, *(row.name for row in plots)})
    sign_offs = _Judgements(store, "sign_off", period)
    district = Districts(store, places_on)
    lists = district.lists
    everything = [*finds, *disposals, *plots]
    teams = {row["id"]: row for row in select(store, "team", order="n")}
    laptops = _laptops(store)
    facts = [_plot(store, row, decisions, district) for row in plots]
    operators = {team: row["organisation"] for team, row in teams.items() if row["organisation"]}
    # What a laptop wrote before it joined belongs to it, and counts for the team it joined.
    alone = {laptop: operators[team] for laptop, granted in laptops.items() for team in granted if team in operators}
    return WeeklyFacts(
        finds=[found(row, district) for row in finds],
        deeds=[deed(row, district) for row in disposals],
        plots=facts,
        overlap_m2=overlap_m2(store, facts, lists, first, last, _approved_outlines(store, plots, decisions)),
        signed=sign_offs.taken(everything),
        approved=decisions.taken((*finds, *disposals)),
        unsettled={row.name for row in everything if row["unsettled"]},
        models_as_typed={
            row.name for row in finds if row["model_text"] and not lists.item(row["model"], row["model_text"])
        },
        operators=alone | operators,
        team_names={team: row["name"] for team, row in teams.items() if row["name"]},
        teams_expected={team for granted in laptops.values() for team in granted},
        teams_reported=_reported(store, laptops, first),
        lists=lists,
        places_on=places_on,
        gaps=len(journal.gaps(store)),
        conflicts=len({conflict.record for conflict in records.conflicts(store)}),
    )


def _dated(store: Store, kind: str, day: str, until: str) -> list[Row]:
    """Live records up to a day, and those without one."""
    dated = select(store, kind, Filter(between={day: (None, until)}), order="n")
    return dated + select(store, kind, Filter(equal={day: None}), order="n")


def amount(stored: float | None) -> Amount | None:
    """A quantity out of its column, whole numbers as int, others exactly as written."""
    if stored is None:
        return None
    return int(stored) if stored == int(stored) else Decimal(repr(stored))


def found(row: Row, district: Districts) -> Found:
    """A find as counting takes it."""
    return Found(
        row.name, row["owner"], row["found_on"], _category(row, district.lists), amount(row["quantity"]), row["unit"],
        row["ordnance_state"], row["local_id"], row["lot"], district.named_by(row), district.of(row),
    )  # fmt: skip


def deed(row: Row, district: Districts) -> Deed:
    """A disposal as counting takes it."""
    return Deed(
        row.name, row["owner"], row["outcome"], amount(row["quantity"]), row["done_on"], row["find"], row["tag"],
        _category(row, district.lists), row["unit"], row["local_id"], district.of(row), row["store"], row["other_team"],
    )  # fmt: skip


def _category(row: Row, lists: Lists) -> str | None:
    return lists.category(row["category"], row["model"], row["model_text"])


class Districts:
    """The district of a record: its own place, else that of its task."""

    def __init__(self, store: Store, places_on: date | None = None) -> None:
        self.lists, self._day = in_force(store), places_on
        self._of_task: dict[str, str] = {}
        numbers: dict[str, list[str]] = {}
        for row in select(store, "task", order="n"):
            self._of_task[row.name] = row["place"] or ""
            numbers.setdefault(fold(row["local_id"] or ""), []).append(row["place"] or "")
        self._of_number = {number: places[0] for number, places in numbers.items() if number and len(places) == 1}

    def of(self, row: Mapping[str, Any]) -> str:
        """The district it is listed under: as ``named_by`` it, or the one in force on the day asked for."""
        district = self.named_by(row)
        return self.lists.on_day(district, self._day, lambda: _inside(row)) if district and self._day else district

    def named_by(self, row: Mapping[str, Any]) -> str:
        """The district's code as the record says; a place nobody here knows as it is; "" where there is none."""
        task = row["task"] or ""
        place = row["place"] or self._of_task.get(task) or self._of_number.get(fold(task)) or ""
        return (self.lists.district_of(place) or place) if place else ""


def _inside(row: Mapping[str, Any]) -> str | None:
    """The district whose shipped outline a record lies in: of finds and disposals the point, of plots the first one."""
    if "lat" in row:
        return None if row["lat"] is None or row["lon"] is None else district_hint(row["lat"], row["lon"])
    try:
        vertex = json.loads(row["outline"])[0][0][0]
        return district_hint(float(vertex["lat"]), float(vertex["lon"]))
    except (TypeError, ValueError, KeyError, IndexError):
        return None


class _Judgements:
    """Live judgements of one kind on these records, by the record they judge."""

    def __init__(self, store: Store, kind: str, records: Iterable[str]) -> None:
        self._of: dict[str, list[Verdict]] = {}
        for row in select(store, kind, Filter(equal={"judged": sorted(records)}), order="n"):
            seen = json.loads(row["seen"]) if row["seen"] else None
            if isinstance(row["judged"], str) and isinstance(seen, list) and all(isinstance(i, str) for i in seen):
                self._of.setdefault(row["judged"], []).append(
                    Verdict(row["verdict"] or "", frozenset(seen), row["stream"], row["seq"])
                )

    def approvals(self, record: str) -> list[frozenset[str]]:
        """The versions of ``record`` that are approved."""
        return approved_versions(self._of.get(record, []))

    def taken(self, rows: Iterable[Row]) -> set[str]:
        """The names of those of the rows whose version, as it is now, is approved."""
        return {name for row in rows if (name := row.name) in self._of and self._approves(name, row.heads)}

    def _approves(self, record: str, heads: Iterable[str]) -> bool:
        return frozenset(heads) in self.approvals(record)


def plot_facts(store: Store, rows: Iterable[Row]) -> list[PlotFacts]:
    """These plots in the two states a report looks at."""
    rows = list(rows)
    decisions, district = _Judgements(store, "decision", [row.name for row in rows]), Districts(store)
    return [_plot(store, row, decisions, district) for row in rows]


def _plot(store: Store, row: Row, decisions: _Judgements, district: Districts) -> PlotFacts:
    now = PlotState(row["release"], row["method"], Decimal(repr(row["area_m2"] or 0.0)), row["completed_on"])
    approvals, heads = _signed_approvals(store, row, decisions), frozenset(row.heads)
    approved = now if heads in approvals else _earlier(store, row.name, approvals) if approvals else None
    return PlotFacts(
        row.name, row["owner"], None if row["retracted"] else now, approved,
        approved is not None and (heads not in approvals or bool(row["retracted"])), row["local_id"], district.of(row),
    )  # fmt: skip


def _signed_approvals(store: Store, row: Row, decisions: _Judgements) -> list[frozenset[str]]:
    """The approved versions of a plot, without the present one where the team has yet to sign its new ground."""
    approvals, heads = decisions.approvals(row.name), frozenset(row.heads)
    if heads in approvals and _owes_a_signature(store, row, approvals):
        approvals.remove(heads)
    return approvals


def _owes_a_signature(store: Store, row: Row, approvals: list[frozenset[str]]) -> bool:
    """Has an approved plot that the team had signed grown since, and the team has not signed that (M7)?"""
    heads = frozenset(row.heads)
    earlier = [seen for seen in approvals if seen != heads]
    if not earlier or row["retracted"]:
        return False
    signed = _Judgements(store, "sign_off", [row.name]).approvals(row.name)
    if heads in signed or not any(seen in signed for seen in earlier):
        return False
    now = outline_in(row)
    befores = [_members(values.get("land")).get("outline") for values in last_approved(store, row.name, earlier)]
    grown = [overlap.beyond_m2(now, before) for before in befores if now and before]
    return any(m2 is None or m2 >= GROWN_M2 for m2 in grown)


def _approved_outlines(store: Store, rows: Iterable[Row], decisions: _Judgements) -> OutlineOf:
    """Gives the outline of a plot as it was approved."""
    row_of = {row.name: row for row in rows}

    def outline(plot: PlotFacts) -> Any:
        if not plot.changed:
            return outline_in(row_of[plot.record])
        states = last_approved(store, plot.record, _signed_approvals(store, row_of[plot.record], decisions))
        lands = [_members(values.get("land")) for values in states]
        least = min(lands, key=lambda land: _decimal(land.get("area_m2")), default={})
        return least.get("outline")

    return outline


def _earlier(store: Store, record: str, approvals: list[frozenset[str]]) -> PlotState | None:
    """The last approved version of a plot that has changed since; the smaller one where none is the last."""
    states = [_state(values) for values in last_approved(store, record, approvals)]
    return min(states, key=lambda state: state.area_m2, default=None)


def last_approved(store: Store, record: str, approvals: list[frozenset[str]]) -> list[dict[str, Any]]:
    """The values by group of the last approved version of a record; of each where none is the last.

    An approval whose events are not all here, or do not count, approves nothing that can be known.
    """
    events = records.counting_events(store, record)
    known = [seen for seen in approvals if seen <= events.keys()]
    behind = {seen: _behind(events, seen) for seen in known}
    last = [seen for seen in known if not any(seen != other and seen <= behind[other] | other for other in known)]
    return [record_state(record, {i: events[i] for i in seen}).values for seen in last]


def _behind(events: Mapping[str, Event], ids: Iterable[str]) -> set[str]:
    """All events that these build on, near and far."""
    found: set[str] = set()
    ahead = list(ids)
    while ahead:
        event = events.get(ahead.pop())
        new = [parent for parent in event.parents if parent not in found] if event else []
        found.update(new)
        ahead += new
    return found


def _state(values: Mapping[str, Any]) -> PlotState:
    land, work = (_members(values.get(group)) for group in ("land", "work"))
    return PlotState(
        _text(land.get("release")), _text(work.get("method")), _decimal(land.get("area_m2")),
        _text(work.get("completed_on")),
    )  # fmt: skip


def _members(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _decimal(value: object) -> Decimal:
    try:
        number = Decimal(value) if isinstance(value, str) else Decimal(0)
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)


def _laptops(store: Store) -> dict[str, list[str]]:
    """Field laptops and the teams they may write for now; a laptop is no team, though it may write for itself."""
    rows = [row for row in select(store, "device", Filter(retracted=None), order="n") if row["role"] == "field"]
    devices = {row["id"] for row in rows}
    granted = {row["id"]: json.loads(row["teams"] or "[]") if row["until"] is None else [] for row in rows}
    return {
        laptop: [team for team in teams if isinstance(team, str) and team not in devices]
        for laptop, teams in granted.items()
    }


def _reported(store: Store, laptops: Mapping[str, list[str]], first: date) -> set[str]:
    """Teams whose laptops wrote something from the day ``first`` on."""
    writers = {stream.id: stream.device for stream in journal.streams(store) if stream.device in laptops}
    since = first.isoformat()
    heard = {writers[stream] for stream, at in _last_moments(store) if stream in writers and at[:10] >= since}
    return {team for laptop in heard for team in laptops[laptop]}


def _last_moments(store: Store) -> Iterator[tuple[str, str]]:
    """When the last event of each branch of each stream was written, by its own clock."""
    numbers = {name: n for n, name in stream_ids(store).items()}
    ends = [(numbers[stream], seq) for stream, many in journal.branches(store).items() for seq, _ in many]
    for event in events_at(store, ends).values():
        at = event.value.get("at")
        if isinstance(at, str):
            yield event.stream, at
