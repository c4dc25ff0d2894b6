"""Finds: from what a deminer types to a saved record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldapp import clock, ids
from fieldapp.domain.lists_in_force import Lists, shipped_lists
from fieldapp.domain.ordnance import Model
from fieldapp.operations import current_task, positions, records
from fieldapp.operations.errors import NothingToIdentify
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record

READ_BACK_ABOVE = 50
"""Quantities above this are read back in words before saving (M11)."""


@dataclass
class FoundTogether:
    """What several finds at one place share, and their lines."""

    shared: Mapping[str, object]
    lines: Sequence[Mapping[str, object]] = field(default_factory=list)


def model_fields(text: str, lists: Lists) -> dict[str, object]:
    """The model fields for what was typed: the model it means, or the text kept as typed ("not in list").

    A text that several models are called by is kept as typed: nothing is guessed.
    """
    meant = lists.models_meant(text)
    if len(meant) == 1 and not meant[0].withdrawn:
        return of_model(meant[0])
    hits = [] if meant else lists.search_models(text, limit=1)  # keys typed on the other keyboard layout
    if hits and hits[0].exact:
        return of_model(hits[0].model)
    return {"model_text": text.strip()}


def of_model(known: Model) -> dict[str, object]:
    """Category, sub-category and model of a model of the list."""
    return {
        "category": known.category or None, "sub_category": known.sub_category or None, "model": known.code,
    }  # fmt: skip


def with_defaults(ws: Workspace, fields: Mapping[str, object]) -> dict[str, object]:
    """``fields`` with today, now, this person, one piece where nothing was said. Depth is never guessed."""
    now = ws.clock.now()
    defaults: dict[str, object] = {"quantity": 1, "unit": "piece", "found_on": now.date().isoformat()}
    if not fields.get("found_on"):
        defaults["found_at"] = clock.stamp(now)
    if ws.person:
        defaults["found_by"] = ws.person
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    return {**defaults, **given}


def add_find(
    ws: Workspace,
    fields: Mapping[str, object],
    *,
    model_text: str | None = None,
    position: str | None = None,
    system: str = positions.AUTO,
    by: str | None = None,
) -> Record:
    """Save a find. One of model, category or text is needed; everything else may be missing, position included.

    ``model_text`` is what was typed as model, ``position`` what was typed as position, in
    ``system``. Raises NothingToIdentify,
    CoordinateNotUnderstood, FieldsNotValid.
    """
    values = _typed(ws, fields, model_text, position, system)
    if not any(values.get(name) for name in ("category", "model", "model_text")):
        raise NothingToIdentify
    return records.add(ws, "find", with_defaults(ws, current_task.inherited(ws, "find", values)), by=by)


def add_lot(
    ws: Workspace, together: FoundTogether, *, position: str | None = None, system: str = positions.AUTO
) -> list[Record]:
    """Save several finds of one place as one lot: one position typed once, one find for each line.

    All lines or none are saved.
    """
    shared = _typed(ws, together.shared, None, position, system)
    shared["lot"] = ids.uuid7(ws.clock.now(), ws.entropy)
    with ws.store.transaction():
        return [
            add_find(ws, {**shared, **line}, model_text=_text(line.get("model_text"))) for line in together.lines
        ]


def correct_find(
    ws: Workspace,
    name: str,
    fields: Mapping[str, object],
    why: str,
    *,
    model_text: str | None = None,
    position: str | None = None,
    system: str = positions.AUTO,
    heads: Sequence[str] | None = None,
    by: str | None = None,
) -> Record:
    """Correct a find with a reason. A new model replaces category and sub-category with its own."""
    values = _typed(ws, fields, model_text, position, system)
    if model_text is not None:
        for other in ("category", "sub_category", "model", "model_text"):
            values.setdefault(other, None)
    return records.correct(ws, name, current_task.named(ws, values), why, heads=heads, by=by)


def needs_reading_back(quantity: object, code: str | None, lists: Lists | None = None) -> bool:
    """Is this quantity so large that it is read back in words before saving? It can be saved all the same (M11)."""
    known = (lists or shipped_lists()).models.get(code) if code else None
    usual = (known.usual_quantity if known else 0) or 0
    try:
        number = float(str(quantity).replace(",", "."))
    except ValueError:
        return False
    return number > READ_BACK_ABOVE or (usual > 0 and number > 10 * usual)


def _typed(
    ws: Workspace, fields: Mapping[str, object], model_text: str | None, position: str | None, system: str
) -> dict[str, Any]:
    lists = ws.lists
    values: dict[str, Any] = {name: value for name, value in fields.items() if name != "model_text" or not model_text}
    if model_text and model_text.strip():
        known = model_fields(model_text, lists)
        values = {**known, **{k: v for k, v in values.items() if v not in (None, "") or k not in known}}
    listed = lists.models.get(str(values["model"])) if values.get("model") else None
    if listed is not None and not values.get("category"):  # figures go by category
        sub_category = values.get("sub_category") or listed.sub_category or None
        values.update(category=listed.category or None, sub_category=sub_category)
    if position and position.strip():
        values.update(positions.typed_fields(position, positions.frame_of(ws), system))
    return values


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
