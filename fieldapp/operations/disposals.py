"""Disposals: what was done with found items, by find or by the tag as written (M13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.ids import RecordName
from fieldapp.operations import current_task, lookup, positions, records, task_items
from fieldapp.operations.errors import NothingDisposed
from fieldapp.operations.workspace import Workspace
from fieldapp.storage import records as stored
from fieldapp.storage.records import Record


def add_disposal(
    ws: Workspace, fields: Mapping[str, object], *, of: str | None = None, position: str | None = None,
    system: str = positions.AUTO, by: str | None = None,
) -> Record:
    """Save one line of a disposal. ``of`` is the find's number, full name, or a tag nobody here knows.

    A tag that names no find here is kept as written and stays unresolved until headquarters knows both.
    """
    values: dict[str, Any] = current_task.inherited(ws, "disposal", fields)
    if of and of.strip():
        find = known_find(ws, of.strip())
        if find is not None:
            for name in ("category", "model", "model_text"):
                if find.fields.get(name):
                    values.setdefault(name, find.fields[name])
        named = find.name if find is not None else of.strip() if _is_find(of.strip()) else None
        told = None if named is not None else task_items.told_find(ws, of.strip())
        if told is not None:  # of another team, and headquarters told this one of it
            named = told["find"]
            for name in ("category", "model", "model_text"):
                if told[name]:
                    values.setdefault(name, told[name])
        if named is not None:  # a find that has not come here yet is named all the same
            values.setdefault("find", named)
        if not _is_find(of.strip()):
            values.setdefault("tag", of.strip())
    if position and position.strip():
        values.update(positions.typed_fields(position, positions.frame_of(ws), system))
    if not any(values.get(name) for name in ("find", "tag", "category", "model", "model_text")):
        raise NothingDisposed
    now = ws.clock.now()
    defaults = {"done_on": now.date().isoformat(), "quantity": 1, "unit": "piece", "done_by": ws.person or None}
    return records.add(ws, "disposal", {**defaults, **{k: v for k, v in values.items() if v not in (None, "")}}, by=by)


def known_find(ws: Workspace, tag: str) -> Record | None:
    """The one find here with this full name or number; None where there is none, or more than one."""
    if _is_find(tag):
        return stored.read(ws.store, tag)
    rows = lookup.rows(ws, "find", equal={"local_id": tag})
    names: set[RecordName] = {row.name for row in rows}
    return stored.read(ws.store, names.pop()) if len(names) == 1 else None


def _is_find(text: str) -> bool:
    return text.startswith("find/") and text.count("/") == 2
