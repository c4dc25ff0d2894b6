"""Items a task is about (M13): what headquarters tells the team with the task of finds that other teams logged.

The finds of the team itself, with all their custody, are in its own log and need no copy. What cannot be done: hand on
another team's log, its photos or its history; the copy says what a person needs to go there and to name the find.
"""

from __future__ import annotations

from collections.abc import Sequence

from fieldapp.domain.registry import KINDS
from fieldapp.ids import RecordName
from fieldapp.operations import lookup, outstanding, records
from fieldapp.operations.task_errors import TaskNotGiven
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.listing import Row
from fieldapp.storage.records import Record

_ITEM = ("category", "model", "model_text", "quantity", "unit")
_STILL_THERE = ("found", "marked")


def include(
    ws: Workspace, task: RecordName, finds: Sequence[RecordName], *, by: str | None = None
) -> list[Record]:
    """Tell the team that has ``task`` of these finds; those of its own and those it was told of are passed over.

    All or none. Raises WrongRole, RecordMissing, and TaskNotGiven for a task that no team has.
    """
    ws.require_hq()
    with ws.store.transaction():
        given = records.get(ws, task)
        if given.owner == "hq":
            raise TaskNotGiven(number=str(given.fields["local_id"] or task))
        told = {str(row["find"]) for row in items_of(ws, task)}
        found = [records.get(ws, name) for name in dict.fromkeys(finds) if name not in told]
        wanted = [find for find in found if find.owner != given.owner]
        stores = _stores(ws, [find.name for find in wanted])
        return [_write(ws, given, find, stores.get(find.name), by) for find in wanted]


def _write(
    ws: Workspace, task: Record, find: Record, holding: tuple[str, str] | None, by: str | None
) -> Record:
    state, store = holding or ("found", "")
    fields: dict[str, object] = {
        "task": task.name, "find": find.name, "number": find.fields["local_id"], "store": store or None,
        **{name: find.fields[name] for name in _ITEM},
    }  # fmt: skip
    if state in _STILL_THERE:
        group = KINDS["find"].group_by_name["position"]
        fields |= {field.name: find.fields[field.name] for field in group.fields}
    values = {name: value for name, value in fields.items() if value is not None}
    return records.add(ws, "task_item", values, owner=task.owner, by=by)


def _stores(ws: Workspace, finds: Sequence[RecordName]) -> dict[RecordName, tuple[str, str]]:
    """State and store of what is outstanding of these finds; the greatest part where it is in several hands."""
    where: dict[RecordName, tuple[str, str]] = {}
    for item in outstanding.of_finds(ws, finds):
        most = max(item.holdings, key=lambda one: one.quantity, default=None)
        if most is not None:
            store = most.store or ("" if most.state in _STILL_THERE else most.holder)
            where |= dict.fromkeys(item.finds, (most.state, store))
    return where


def items_of(ws: Workspace, task: RecordName) -> list[Row]:
    """The items a task is about, as far as its team was told of them."""
    return lookup.rows(ws, "task_item", equal={"task": task}, retracted=False, order="oldest")


def told_find(ws: Workspace, tag: str) -> Row | None:
    """What headquarters told this team of the one find with this number; None for none or several."""
    rows = lookup.rows(ws, "task_item", equal={"number": tag}, retracted=False)
    return rows[0] if len({row["find"] for row in rows}) == 1 else None
