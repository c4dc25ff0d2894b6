"""Finding current records and the ends of streams: the questions all verbs ask of storage."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from fieldapp.domain.events import Event
from fieldapp.domain.registry import KINDS
from fieldapp.ids import EventId, RecordName, StreamId
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import journal, listing
from fieldapp.storage.listing import Filter, Row
from fieldapp.storage.log import events_at
from fieldapp.storage.state import places_of

DAY_COLUMNS = {kind.name: kind.day for kind in KINDS.values() if kind.day is not None}
"""The date of information of each kind that has one."""
POSITION = ("lat", "lon")
"""A record has a position where none of these columns is empty."""
_ORDERS = {"newest": "-n", "oldest": "n"}


def rows(
    ws: Workspace,
    kind: str,
    *,
    ids: Collection[str] | None = None,
    owner: str | Collection[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    equal: dict[str, Any] | None = None,
    text: str = "",
    retracted: bool | None = None,
    lacking: Collection[str] = (),
    order: str = "newest",
    limit: int | None = None,
    offset: int = 0,
) -> list[Row]:
    """Records of a kind; ``since`` and ``until`` are days of information, both included.

    ``lacking``: only records in which at least one of these columns is empty.
    """
    between = {DAY_COLUMNS[kind]: (since, until)} if (since or until) and kind in DAY_COLUMNS else {}
    which = Filter(
        owner=owner, ids=ids, equal=equal or {}, between=between, lacking=lacking, retracted=retracted, text=text,
        meant=ws.lists.spelled_like(text) if text else {},
    )  # fmt: skip
    return listing.select(ws.store, kind, which, order=_ORDERS[order], limit=limit, offset=offset)


def latest_day(ws: Workspace, kind: str, until: str) -> str | None:
    """The latest day of information (YYYY-MM-DD) of a present record of a kind, not after ``until``."""
    column = DAY_COLUMNS[kind]
    which = Filter(between={column: (None, until)})
    found = listing.select(ws.store, kind, which, order=f"-{column}", limit=1)
    return str(found[0][column]) if found and found[0][column] else None


def place_of_task(ws: Workspace, task: str) -> str | None:
    """The place of the one task here with this name or number: its records lie there unless they say otherwise."""
    named = rows(ws, "task", ids=[task.rsplit("/", 1)[-1]]) if task.startswith("task/") else []
    found = {row["place"] for row in named if row.name == task} or {
        row["place"] for row in rows(ws, "task", equal={"local_id": task})
    }
    return found.pop() if len(found) == 1 else None


def shape(row: Row, column: str) -> Any:
    """The value of a SHAPE field of a row; None where it has none."""
    text = row[column]
    return None if text is None else json.loads(text)


def rows_of(ws: Workspace, names: Collection[RecordName]) -> dict[RecordName, Row]:
    """These records by name; those that are not here are left out, and texts that are no record's name."""
    wanted = set(names)
    by_kind: dict[str, set[str]] = {}
    for parts in (name.split("/") for name in wanted):
        if len(parts) == 3:
            by_kind.setdefault(parts[0], set()).add(parts[2])
    # one question for each kind, whoever owns the records: a page of a list has those of many teams
    found = (row for kind, ids in by_kind.items() for row in rows(ws, kind, ids=sorted(ids)))
    return {row.name: row for row in found if row.name in wanted}


def heads_of(ws: Workspace, names: Sequence[RecordName]) -> dict[RecordName, list[EventId]]:
    """The current heads of these records, by name; records that are not here are left out."""
    return {name: row.heads for name, row in rows_of(ws, names).items()}


def ends(ws: Workspace) -> list[tuple[StreamId, int, EventId]]:
    """The end of every branch of every stream, behind gaps too."""
    return [(stream, seq, head) for stream, many in journal.branches(ws.store).items() for seq, head in many]


def events_of(ws: Workspace, name: RecordName) -> dict[EventId, Event]:
    """Every event of a record that is held here, those that do not count too, by id."""
    return events_of_all(ws, [name])[name]


def events_of_all(ws: Workspace, names: Collection[RecordName]) -> dict[RecordName, dict[EventId, Event]]:
    """Every event of these records that is held here, by record and id; read together, so a long list costs little."""
    found = places_of(ws.store, list(names))
    events = events_at(ws.store, [place for one in found.values() for place in one.values()])
    return {name: {i: events[i] for i in found.get(name, {})} for name in names}


def own_streams(ws: Workspace, *, closed: bool = True) -> list[journal.StreamInfo]:
    """The streams this installation writes or once wrote."""
    return [s for s in journal.streams(ws.store) if s.own and (closed or not s.closed)]
