"""JSON Schema (2020-12) of a kind's events, derived from its declaration. For readers that are not ours."""

from __future__ import annotations

from typing import Any

from fieldapp.domain.canonical import MAX_INTEGER
from fieldapp.domain.kinds import Field, FieldType, Group, Kind

_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
_ID = r"^[0-9a-f]{64}$"
_DECIMAL = r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$"


def event_schema(kind: Kind) -> dict[str, Any]:
    """The schema of one line: an event on a record of ``kind``. Members of newer versions are allowed everywhere."""
    ids = {"type": "array", "items": {"type": "string", "pattern": _ID}, "uniqueItems": True}
    groups: dict[str, Any] = {group.name: _group(group) for group in kind.groups}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name,
        "type": "object",
        "required": ["parents", "record", "seq", "set"],
        "properties": {
            "record": {"type": "string", "pattern": f"^{kind.name}/[a-z0-9_]+/[a-z0-9-]+$"},
            "seq": {"type": "integer", "minimum": 1, "maximum": MAX_INTEGER},
            "parents": ids,
            "needs": ids,
            "at": {"type": "string", "pattern": _MOMENT},
            "by": {"type": "string"},
            "why": {"type": "string"},
            "set": {"type": "object", "properties": {**groups, "exists": {"type": "boolean"}}},
        },
    }


def _group(group: Group) -> dict[str, Any]:
    if group.bare:
        return {"anyOf": [_field(group.fields[0]), {"type": "null"}]}
    members = {field.key: _field(field) for field in group.fields}
    return {"anyOf": [{"type": "object", "properties": members}, {"type": "null"}]}


def _field(field: Field) -> dict[str, Any]:
    whole: dict[str, Any] = {"type": "integer"}
    if field.minimum is not None:
        whole["minimum"] = field.minimum
    if field.maximum is not None:
        whole["maximum"] = field.maximum
    decimal = {"type": "string", "pattern": _DECIMAL}
    shapes: dict[FieldType, dict[str, Any]] = {
        FieldType.INTEGER: whole,
        FieldType.DECIMAL: decimal,
        FieldType.AMOUNT: {"anyOf": [whole, decimal]},
        FieldType.BOOLEAN: {"type": "boolean"},
        FieldType.DAY: {"type": "string", "pattern": _DAY},
        FieldType.MOMENT: {"type": "string", "pattern": _MOMENT},
        FieldType.DIGEST: {"type": "string", "pattern": _ID},
        FieldType.SHAPE: {"type": ["array", "object"]},
    }
    schema = shapes.get(field.type, {"type": "string", "maxLength": field.max_length})
    return {**schema, "title": field.names.en}
