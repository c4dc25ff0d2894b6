"""Records as the window leafs through them: finds, plots and disposals in one list, and one record opened with all
that is known of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.lists_in_force import Lists
from fieldapp.domain.registry import KINDS
from fieldapp.ids import EventId, RecordName
from fieldapp.operations import enrolment, explaining, lookup, questions, records, review
from fieldapp.operations.review import JUDGED_KINDS, Judgement
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import ledger, listing
from fieldapp.storage.listing import Filter, Row
from fieldapp.storage.records import Change, ConflictFound, HistoryEvent, Record

__all__ = [
    "NO_POSITION", "Change", "ConflictFound", "HistoryEvent", "Listed", "Opened", "Part", "Record", "Row", "Wanted",
    "count", "day", "numbers_in", "open_record", "part", "states",
]  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which records to list."""

    kinds: tuple[str, ...] = JUDGED_KINDS
    text: str = ""
    """Found in any text or code, with case, accents and hyphens folded."""
    unplaced: bool = False
    """Only records that still need a position (M24): retracted ones need none."""

    def which(self, lists: Lists) -> Filter:
        """The filter that lists them; ``lists`` say which codes and texts mean what is looked for."""
        meant = lists.spelled_like(self.text)
        if self.unplaced:
            return Filter(retracted=False, text=self.text, lacking=lookup.POSITION, meant=meant)
        return Filter(retracted=None, text=self.text, meant=meant)


NO_POSITION = Wanted(("find",), unplaced=True)
"""Finds that have no position yet: counted and listed until they have one (M24)."""


@dataclass(frozen=True)
class Listed:
    """One line of a list: the record, where it is (here, stick, hq) and what headquarters says of it."""

    row: Row
    place: str
    verdict: str
    """``approved``, ``queried``, ``rejected``, ``changed`` or empty."""
    signed: str = ""
    """``approved`` where the team has signed this version off, ``changed`` where an earlier one, else empty."""
    missing: tuple[str, ...] = ()
    """Names of the fields it still needs before it can be signed off; filled by ``day`` only."""
    numbers: Mapping[RecordName, str] = field(default_factory=dict)
    """Numbers of the records it names (its find, its task), as far as they are here."""
    asked: bool = False
    """Does a question of headquarters about it wait for the team?"""
    missed: bool = False
    """Is it part of a missed item that nobody has explained? Filled by ``day`` only."""


@dataclass(frozen=True)
class Part:
    """Some lines of a long list, and where the next part begins: rows taken of each kind so far."""

    lines: list[Listed]
    taken: Mapping[str, int]
    more: bool


def part(ws: Workspace, wanted: Wanted, taken: Mapping[str, int] | None = None, size: int = 60) -> Part:
    """The next ``size`` records behind what was ``taken``, newest first; where all are listed, retracted ones too.

    Each kind is read only as far as needed, so the first part of a long list comes at once.
    """
    so_far = dict(taken or dict.fromkeys(wanted.kinds, 0))
    which = wanted.which(ws.lists)
    queues = {
        kind: listing.select(ws.store, kind, which, limit=size + 1, offset=so_far[kind])
        for kind in wanted.kinds
    }
    rows: list[Row] = []
    while len(rows) < size and any(queues.values()):
        newest = max((kind for kind in queues if queues[kind]), key=lambda kind: str(queues[kind][0]["at"] or ""))
        rows.append(queues[newest].pop(0))
        so_far[newest] += 1
    return Part(states(ws, rows), so_far, any(queues.values()))


def count(ws: Workspace, wanted: Wanted) -> int:
    """How many records ``wanted`` lists."""
    which = wanted.which(ws.lists)
    return sum(listing.count(ws.store, kind, which) for kind in wanted.kinds)


def states(ws: Workspace, rows: Sequence[Row]) -> list[Listed]:
    """Rows with where they are and what was decided on them, in the same order."""
    names = [row.name for row in rows]
    where = records.whereabouts(ws, names)
    decided = _verdicts(ws, "decision", names)
    signed = _verdicts(ws, "sign_off", names)
    numbers = numbers_in(ws, [list(row.values()) for row in rows])
    asked = questions.asked_about(ws, names)
    return [
        Listed(
            row, where.get(row.name, "here"), decided.get(row.name, ""), signed.get(row.name, ""),
            numbers={text: numbers[text] for text in row.values() if isinstance(text, str) and text in numbers},
            asked=row.name in asked,
        )
        for row in rows
    ]


def numbers_in(ws: Workspace, values: object) -> dict[RecordName, str]:
    """The number of every record that is named somewhere in ``values`` and is here."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for text in _texts_in(values):
        kind, _, rest = text.partition("/")
        if kind in KINDS and rest.count("/") == 1:
            owner, record_id = rest.split("/")
            wanted.setdefault((kind, owner), set()).add(record_id)
    return {
        row.name: str(row.get("local_id") or row["id"][:8])
        for (kind, owner), ids in wanted.items()
        for row in lookup.rows(ws, kind, ids=sorted(ids), owner=owner)
    }


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(inner)


def _verdicts(ws: Workspace, kind: str, names: Sequence[RecordName]) -> dict[RecordName, str]:
    return {name: review.state_of(many) for name, many in review.judgements(ws, kind, names=names).items()}


def day(ws: Workspace, rows: Sequence[Row]) -> list[Listed]:
    """The records of a day with what each still needs before it can be signed off, and missed items among them."""
    missed = explaining.open_names(ws)
    return [
        Listed(
            line.row, line.place, line.verdict, line.signed,
            tuple(one.name for one in review.still_needed(records.get(ws, line.row.name))), line.numbers, line.asked,
            line.row.name in missed,
        )
        for line in states(ws, rows)
    ]


@dataclass(frozen=True)
class Opened:
    """One record with its history, newest first, and everything said about it."""

    record: Record
    listed: Listed
    history: list[HistoryEvent]
    places: dict[EventId, str]
    """Where each step of the history is that this laptop wrote: here, stick, hq; empty at headquarters."""
    devices: dict[EventId, str]
    """Name of the laptop that wrote each step; empty where no record names it."""
    decisions: list[Judgement]
    asked: str = ""
    """What headquarters asks: in a question that waits for the team, or in its current query."""
    mine: bool = True
    """May this workspace change it?"""
    teams: dict[str, str] = field(default_factory=dict)
    """Names of teams by code."""
    numbers: dict[RecordName, str] = field(default_factory=dict)
    """Numbers of the records it names now or named before, as far as they are here."""


def open_record(ws: Workspace, name: RecordName) -> Opened:
    """Everything about one record. Raises RecordMissing."""
    record = records.get(ws, name)
    kind, owner, record_id = name.split("/")
    rows = lookup.rows(ws, kind, ids=[record_id], owner=owner)
    steps = records.history(ws, name)[::-1]
    decisions = review.judgements(ws, names=[name]).get(name, [])
    names = {device.device: device.name for device in enrolment.devices(ws)}
    return Opened(
        record=record,
        listed=states(ws, rows)[0],
        history=steps,
        places=_step_places(ws, steps) if ws.role == "field" else {},
        devices={step.event: names.get(step.stream.split(".")[0], "") for step in steps},
        decisions=decisions,
        asked=_asked(ws, name, decisions),
        mine=ws.role == "hq" or owner in records.own_teams(ws),
        teams={team.code: team.name for team in enrolment.teams(ws)},
        numbers=numbers_in(ws, [
            record.values, [[change.before, change.after] for step in steps for change in step.changes.values()],
        ]),
    )


def _asked(ws: Workspace, name: RecordName, decisions: Sequence[Judgement]) -> str:
    asking = [one for one in decisions if one.current and one.verdict == "queried"]
    queried = str(records.get(ws, asking[-1].name).fields.get("remarks") or "") if asking else ""
    return questions.asked_about(ws, [name]).get(name, queried)


def _step_places(ws: Workspace, steps: Sequence[HistoryEvent]) -> dict[EventId, str]:
    safe, out = ledger.confirmed(ws.store), ledger.exported(ws.store)
    own = {stream.id for stream in lookup.own_streams(ws)}
    found = {}
    for step in steps:
        if step.stream not in own:
            continue
        if step.seq <= safe.get(step.stream, 0):
            found[step.event] = "hq"
        else:
            found[step.event] = "stick" if step.seq <= out.get(step.stream, 0) else "here"
    return found
