"""Add, correct, retract, restore, settle, list, show: the verbs every record kind has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fieldapp import ids
from fieldapp.domain.canonical import canonical
from fieldapp.domain.kinds import FieldType, Kind
from fieldapp.domain.registry import HQ_KINDS, KINDS
from fieldapp.domain.validation import Problem, field_value, group_problems, groups_to_set
from fieldapp.ids import RecordName
from fieldapp.operations import lookup
from fieldapp.operations.errors import (
    ConflictOpen,
    FieldsNotValid,
    NothingChanged,
    NotOneReading,
    NotThisKind,
    NotThisTeams,
    ReasonNeeded,
    RecordMissing,
    SeveralRecords,
    WrongRole,
)
from fieldapp.operations.workspace import Workspace
from fieldapp.operations.writing import write
from fieldapp.storage import journal, ledger, records
from fieldapp.storage.listing import Row
from fieldapp.storage.records import HistoryEvent, Record
from fieldapp.texts import N_, Texts


def problems_error(kind: Kind, problems: Iterable[Problem], language: str) -> FieldsNotValid:
    """One error for all fields that cannot be taken, with the fields' names in the operator's language."""
    texts = Texts(language)
    lines = [
        texts(
            N_("{field} {reason}."),
            field=kind.by_name[p.field].names.in_language(language),
            reason=texts(p.message, **p.facts),
        )
        for p in problems
    ]
    error = FieldsNotValid(reasons=" ".join(lines))
    error.problems = list(problems)
    return error


def add(
    ws: Workspace,
    kind_name: str,
    fields: Mapping[str, object],
    *,
    owner: str | None = None,
    record_id: str | None = None,
    by: str | None = None,
) -> Record:
    """Save a new record and return it; "saved" is true when this returns. Raises FieldsNotValid, WrongRole.

    ``fields`` by field name, typed text or Python values. A local id is given where the kind has one and the
    fields bring none.
    """
    kind = KINDS[kind_name]
    if kind_name in HQ_KINDS and ws.role != "hq":
        raise WrongRole
    with ws.store.transaction():
        values = dict(fields)
        if "local_id" in kind.by_name and not values.get("local_id"):
            values["local_id"] = ids.local_id(ws.prefix, journal.next_number(ws.store))
        if "place" in kind.by_name and "task" in kind.by_name and not values.get("place") and values.get("task"):
            values["place"] = lookup.place_of_task(ws, str(values["task"]))
        changes, problems = groups_to_set(kind, values, lists=ws.lists)
        if problems:
            raise problems_error(kind, problems, ws.language)
        name = f"{kind_name}/{owner or ws.team}/{record_id or ids.uuid7(ws.clock.now(), ws.entropy)}"
        write(ws, name, changes, by=by)
        return get(ws, name)


def correct(
    ws: Workspace,
    name: RecordName,
    fields: Mapping[str, object],
    why: str,
    *,
    heads: Sequence[str] | None = None,
    by: str | None = None,
) -> Record:
    """Replace the values of some fields, with a reason. The old values stay in the history.

    ``heads`` are the record's heads when the form was opened (its current ones if not given): what an import
    brought meanwhile is then a conflict, never overwritten unseen. Raises ReasonNeeded, NothingChanged,
    ConflictOpen, FieldsNotValid, NotThisTeams.
    """
    record = editable(ws, name, why)
    kind = KINDS[record.kind]
    changes, problems = groups_to_set(kind, _placed_by_hand(kind, fields, record.values), record.values, ws.lists)
    if problems:
        raise problems_error(kind, problems, ws.language)
    if not changes:
        raise NothingChanged
    open_groups = {conflict.group for conflict in record.conflicts}
    for group in changes:
        if group in open_groups:
            field = kind.group_by_name[group].fields[0]
            raise ConflictOpen(field=field.names.in_language(ws.language))
    write(ws, name, changes, parents=record.heads if heads is None else heads, why=why.strip(), by=by)
    return get(ws, name)


def _placed_by_hand(kind: Kind, fields: Mapping[str, object], current: Mapping[str, Any]) -> Mapping[str, object]:
    """``fields``, with what was said of the old position blanked where the position is corrected.

    A point that was typed never keeps a receiver's accuracy, nor the text of another point.
    """
    group = kind.group_by_name.get("position")
    told = {"lat", "lon", "typed_text", "fixed_by"} & fields.keys()
    if group is None or all(fields[name] == field_value(kind, current, name) for name in told):
        return fields
    blank: dict[str, object] = {field.name: None for field in group.fields if field.name not in ("lat", "lon")}
    typed = any(fields.get(name) not in (None, "") for name in ("lat", "lon"))
    return {**blank, **({"fixed_by": "typed"} if typed else {}), **fields}


def settle(
    ws: Workspace,
    name: RecordName,
    group: str,
    value: Any,
    why: str,
    *,
    heads: Sequence[str] | None = None,
    by: str | None = None,
) -> Record:
    """Choose one value for a group that has several readings: one of them, or another one.

    ``heads`` are the record's heads when its readings were shown (its current ones if not given). They are the
    parents, so the value stands alone unless a reading came meanwhile that was not shown. Raises ReasonNeeded,
    FieldsNotValid, NotThisTeams, WrongRole.
    """
    record = editable(ws, name, why)
    kind = KINDS.get(record.kind)
    readings = [canonical(one) for found in record.conflicts if found.group == group for one in found.readings]
    problems = group_problems(kind, group, value, ws.lists) if kind and canonical(value) not in readings else []
    if kind and problems:
        raise problems_error(kind, problems, ws.language)
    if group == "exists" and not isinstance(value, bool):
        raise NotOneReading
    write(ws, name, {group: value}, parents=record.heads if heads is None else heads, why=why.strip(), by=by)
    return get(ws, name)


def retract(
    ws: Workspace, name: RecordName, why: str, *, heads: Sequence[str] | None = None, by: str | None = None
) -> Record:
    """Say that the record should not be there. It stays in the history and can be restored."""
    return _set_exists(ws, name, False, why, heads, by)


def restore(
    ws: Workspace, name: RecordName, why: str, *, heads: Sequence[str] | None = None, by: str | None = None
) -> Record:
    """Take a retraction back."""
    return _set_exists(ws, name, True, why, heads, by)


def _set_exists(
    ws: Workspace, name: RecordName, exists: bool, why: str, heads: Sequence[str] | None, by: str | None
) -> Record:
    record = editable(ws, name, why)
    if record.retracted is not exists and not any(c.group == "exists" for c in record.conflicts):
        raise NothingChanged
    parents = record.heads if heads is None else heads
    write(ws, name, {"exists": exists}, parents=parents, why=why.strip(), by=by)
    return get(ws, name)


def editable(ws: Workspace, name: RecordName, why: str) -> Record:
    """The record, if this workspace may change it for this reason. Raises ReasonNeeded, NotThisTeams, WrongRole."""
    if not why.strip():
        raise ReasonNeeded
    record = get(ws, name)
    if ws.role == "field":
        if record.kind in HQ_KINDS:
            raise WrongRole
        if record.owner not in own_teams(ws):
            raise NotThisTeams(name=str(record.fields.get("local_id") or name))
    return record


def own_teams(ws: Workspace) -> set[str]:
    """Teams whose records this laptop may write: its team, and its own device id from the time it worked alone."""
    return {ws.team, ws.device}


def get(ws: Workspace, name: RecordName) -> Record:
    """The record with this full name. Raises RecordMissing."""
    record = records.read(ws.store, name)
    if record is None:
        raise RecordMissing(name=name)
    return record


def find_by(ws: Workspace, name_or_number: str, kind_name: str | None = None) -> Record:
    """The record with this full name, id or local id. Raises RecordMissing, SeveralRecords."""
    if name_or_number.count("/") == 2:
        return get(ws, name_or_number)
    rows: list[Row] = []
    for kind in [KINDS[kind_name]] if kind_name else KINDS.values():
        rows += lookup.rows(ws, kind.name, ids=[name_or_number])
        if "local_id" in kind.by_name:
            rows += lookup.rows(ws, kind.name, equal={"local_id": name_or_number})
    if not rows and name_or_number != name_or_number.upper():
        return find_by(ws, name_or_number.upper(), kind_name)
    if not rows:
        raise RecordMissing(name=name_or_number)
    if len({row.name for row in rows}) > 1:
        raise SeveralRecords(name=name_or_number)
    return get(ws, rows[0].name)


def with_full_names(ws: Workspace, kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` with full names where other records are named by number, as people write it.

    A full name may be that of a record which has not come here yet. Raises RecordMissing, SeveralRecords, NotThisKind.
    """
    named = dict(values)
    for field in kind.fields:
        typed = values.get(field.name)
        if field.type is FieldType.RECORD and field.name in KINDS and isinstance(typed, str) and typed.strip():
            named[field.name] = _full_name(ws, field.name, typed.strip())
    return named


def _full_name(ws: Workspace, kind_name: str, typed: str) -> RecordName:
    if typed.count("/") != 2:
        return find_by(ws, typed, kind_name).name
    if not typed.startswith(kind_name + "/"):
        raise NotThisKind(name=typed, kind=KINDS[kind_name].names.in_language(ws.language))
    return typed


def history(ws: Workspace, name: RecordName) -> list[HistoryEvent]:
    """All events of the record, oldest first: what changed, who, when, why."""
    return records.history(ws.store, name)


def whereabouts(ws: Workspace, names: Sequence[RecordName]) -> dict[RecordName, str]:
    """For each record ``here`` (this laptop), ``stick`` (on a stick) or ``hq`` (safe at HQ, by its receipt)."""
    return dict(ledger.whereabouts(ws.store, names))


def as_json(record: Record) -> dict[str, Any]:
    """A record as the command line prints it: declared field names, doubles for decimal text, shapes as they are."""
    kind = KINDS.get(record.kind)
    shown: dict[str, Any] = {
        "record": record.name, "kind": record.kind, "owner": record.owner, "id": record.id,
        "retracted": record.retracted, "settled": record.settled, "heads": list(record.heads),
        "at": record.at, "by": record.by,
    }
    for field in kind.fields if kind else ():
        value = field_value(kind, record.values, field.name) if kind else None
        if value is not None and field.type in (FieldType.DECIMAL, FieldType.AMOUNT) and isinstance(value, str):
            value = float(value)
        shown[field.name] = value
    return shown


def list_records(
    ws: Workspace,
    kind_name: str,
    *,
    since: str | None = None,
    until: str | None = None,
    owner: str | None = None,
    text: str | None = None,
    retracted: bool | None = None,
    lacking: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[Row]:
    """The records of a kind, newest first. ``since`` and ``until`` are days (YYYY-MM-DD), both included.

    ``lacking``: only records in which at least one of these fields is empty.
    """
    return lookup.rows(
        ws, kind_name, since=since, until=until, owner=owner, text=text or "", retracted=retracted,
        lacking=lacking, limit=limit, offset=offset,
    )


def without_position(ws: Workspace, kind_name: str, *, limit: int | None = None, **filters: Any) -> list[Row]:
    """Records that still need a position, newest first; retracted ones need none. Filters as in ``list_records``."""
    if "lat" not in KINDS[kind_name].by_name:
        return []
    return list_records(ws, kind_name, retracted=False, lacking=lookup.POSITION, limit=limit, **filters)


def row_as_json(row: Row) -> dict[str, Any]:
    """A listed record as the command line prints it, with the declared field names."""
    kind = KINDS[row.name.split("/")[0]]
    base = {
        "record": row.name, "id": row["id"], "owner": row["owner"], "retracted": bool(row["retracted"]),
        "settled": not row["unsettled"], "at": row["at"], "by": row["by"],
    }
    return base | {field.name: _plain(field.type, row[field.name]) for field in kind.fields}


def _plain(kind: FieldType, value: Any) -> Any:
    if value is None:
        return None
    if kind is FieldType.BOOLEAN:
        return bool(value)
    if kind is FieldType.SHAPE and isinstance(value, str):
        return json.loads(value)
    if kind is FieldType.AMOUNT and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def history_as_json(entry: HistoryEvent) -> dict[str, Any]:
    """One step of a record's history as the command line prints it."""
    return {
        "event": entry.event, "at": entry.at, "by": entry.by, "why": entry.why, "stream": entry.stream,
        "seq": entry.seq, "counts": entry.counts, "reason": entry.reason,
        "changes": [
            {"group": group, "before": change.before, "after": change.after} for group, change in entry.changes.items()
        ],
    }
