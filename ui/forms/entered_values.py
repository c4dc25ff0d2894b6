"""From what stands in the form of a kind entered by its declaration to a saved or corrected record."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.domain.kinds import FieldType, Kind
from fieldapp.domain.lists_in_force import Lists
from fieldapp.domain.registry import KINDS
from fieldapp.operations import entry, plots
from fieldapp.operations.browsing import Record
from fieldapp.operations.drafts import SECRET
from fieldapp.operations.workspace import Workspace
from ui.forms.find_values import position_text
from ui.forms.record_form import as_typed
from ui.forms.where import placed_fields

APART = ("lat", "lon", "outline", "model")
"""Declared fields that the form takes in another way: a typed position, turning points, the model as written."""


def fields_of(kind: Kind, values: Mapping[str, str]) -> dict[str, object]:
    """The declared fields among the form's values, as typed."""
    return {name: text for name, text in values.items() if name in kind.by_name and name not in APART}


def points_of(values: Mapping[str, str]) -> list[str]:
    """The turning points, one a line."""
    return [line for line in values.get("points", "").split("\n") if line.strip()]


def personal_of(values: Mapping[str, str]) -> dict[str, object]:
    """The personal fields among the form's values, by their names in ``PERSONAL``."""
    return {name.removeprefix(SECRET): text for name, text in values.items() if name.startswith(SECRET)}


def save(ws: Workspace, kind: Kind, values: Mapping[str, str]) -> Record:
    """Save the record that ``values`` describe."""
    return entry.add(
        ws, kind.name, fields_of(kind, values) | placed_fields(ws, values.get("position", "")),
        points=points_of(values), model_text=values.get("model"), personal=personal_of(values),
        owner=values.get("owner", "").strip() or None,
    )  # fmt: skip


def correct(ws: Workspace, name: str, before: Mapping[str, str], now: Mapping[str, str]) -> Record:
    """Correct the record ``name``: only what differs between ``before`` and ``now`` is written."""
    kind = KINDS[name.split("/", maxsplit=1)[0]]
    changed = {one: text for one, text in now.items() if text != before.get(one, "")}
    fields = fields_of(kind, changed)
    if "position" in changed:
        fields |= placed_fields(ws, changed["position"]) or {"lat": None, "lon": None}
    if "model" in changed and not changed["model"].strip():
        fields |= {"model": None, "model_text": None}
    if "points" in changed and not points_of(changed):
        fields["outline"] = None
    return entry.correct(
        ws, name, fields, now["reason"], points=points_of(changed),
        model_text=changed.get("model"), personal=personal_of(changed), heads=now["heads"].split(),
    )  # fmt: skip


def values_of(record: Record, numbers: Mapping[str, str], lists: Lists, language: str) -> dict[str, str]:
    """What the form shows of a saved record; ``numbers`` of the records it names, by name. No personal data."""
    kind = KINDS[record.kind]
    values = {one.name: as_typed(record.fields.get(one.name)) for one in kind.fields if one.name not in APART}
    for one in kind.fields:
        if one.type is FieldType.RECORD:
            values[one.name] = numbers.get(values[one.name], values[one.name])
    if "model" in kind.by_name:
        model = record.fields.get("model")
        typed = as_typed(record.fields.get("model_text"))
        values["model"] = lists.model_name(str(model), language) if model else typed
    if "lat" in kind.by_name:
        values["position"] = position_text(record)
    if "outline" in kind.by_name:
        values["points"] = "\n".join(plots.typed_points(record.fields.get("outline")))
    values["heads"] = " ".join(record.heads)
    return values
