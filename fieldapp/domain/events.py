"""Events: the lines of a stream, their ids, and their typed form (oracle sections 2 and 7.5; design section 2)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

import msgspec

from fieldapp.domain import canonical
from fieldapp.domain.kinds import Field, FieldType, Group, Kind

_ID = re.compile(r"[0-9a-f]{64}")
_STREAM = re.compile(r"[a-z0-9]+\.[a-z0-9]+")
_RECORD = re.compile(r"[a-z][a-z0-9_]*/[a-z0-9_]+/[a-z0-9-]+")

MAX_LINE_BYTES = 256 * 1024
"""The longest line a reader takes: an outline of about 1,500 typed vertices."""


class NotAnEvent(ValueError):
    """A line is no event at all and never enters the set; the argument is the reference model's reason."""


class LineTooLong(NotAnEvent):
    """More than MAX_LINE_BYTES in one event."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event with the id that its place in its stream gives it."""

    id: str
    stream: str
    seq: int
    prev: str | None
    record: str
    parents: tuple[str, ...]
    needs: tuple[str, ...]
    set: dict[str, Any]
    value: dict[str, Any]
    """All its members except ``stream`` and ``prev``."""
    line: bytes

    @property
    def device(self) -> str:
        """The device whose stream this is."""
        return self.stream.split(".", 1)[0]

    @property
    def kind(self) -> str:
        """The kind of the record it writes."""
        return self.record.split("/", 1)[0]

    @property
    def owner(self) -> str:
        """The team (or ``hq``) whose record it is."""
        return self.record.split("/", 2)[1]


def event_id(stream: str, prev: str | None, line: bytes) -> str:
    """SHA-256 of stream, previous id (empty at 1) and line, one under the other, as 64 hexadecimal digits."""
    return hashlib.sha256(f"{stream}\n{prev or ''}\n".encode() + line).hexdigest()


def decode(stream: str, prev: str | None, line: bytes) -> Event:
    """The event whose canonical line this is. Raises NotAnEvent with the reference model's reason."""
    if len(line) > MAX_LINE_BYTES:
        raise LineTooLong("line too long")
    try:
        value = canonical.parse(line)
    except canonical.NoCanonicalForm as error:
        raise NotAnEvent("no canonical form") from error
    return of_value(stream, prev, value, line)


def of_value(stream: str, prev: str | None, value: Any, line: bytes) -> Event:
    """The event of an already parsed canonical ``value``. Raises NotAnEvent with the reference model's reason."""
    if not isinstance(value, dict):
        raise NotAnEvent("not an object")
    reason = _malformed(stream, prev, value)
    if reason:
        raise NotAnEvent(reason)
    return Event(
        event_id(stream, prev, line), stream, value["seq"], prev, value["record"], tuple(value["parents"]),
        tuple(value.get("needs", ())), value["set"], value, line,
    )


def _malformed(stream: str, prev: str | None, value: dict[str, Any]) -> str | None:
    seq, record = value.get("seq"), value.get("record")
    if "stream" in value or "prev" in value:
        return "stream or prev in the line"
    if not (_STREAM.fullmatch(stream) and isinstance(record, str) and _RECORD.fullmatch(record)):
        return "stream, record or seq"
    if type(seq) is not int or seq < 1:
        return "stream, record or seq"
    if (prev is None) != (seq == 1) or (prev is not None and not _ID.fullmatch(prev)):
        return "prev"
    if not _ids(value.get("parents")) or not _ids(value.get("needs", [])):
        return "parents or needs"
    return None if isinstance(value.get("set"), dict) else "set"


def _ids(value: object) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(v, str) and _ID.fullmatch(v) for v in value)
        and value == sorted(set(value))
    )


_WHOLE = Annotated[int, msgspec.Meta(ge=-canonical.MAX_INTEGER, le=canonical.MAX_INTEGER)]
_PYTHON_TYPES: dict[FieldType, Any] = {
    FieldType.INTEGER: _WHOLE,
    FieldType.BOOLEAN: bool,
    FieldType.AMOUNT: _WHOLE | str,
    FieldType.SHAPE: Any,
}
"""Python types of the field types that are not text in events."""


def _type_of(field: Field) -> Any:
    return _PYTHON_TYPES.get(field.type, str) | None if field.type is not FieldType.SHAPE else Any


def _struct(name: str, members: dict[str, Any], required: frozenset[str] = frozenset()) -> type[msgspec.Struct]:
    fields = [(m, t) if m in required else (m, t, None) for m, t in sorted(members.items())]
    return msgspec.defstruct(
        name, fields, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False
    )


def _group_type(group: Group) -> Any:
    if group.bare:
        return _type_of(group.fields[0])
    return _struct(f"Group_{group.name}", {field.key: _type_of(field) for field in group.fields}) | None


@lru_cache(maxsize=64)
def event_type(kind: Kind) -> type[msgspec.Struct]:
    """The typed form of an event on a record of ``kind``: a msgspec Struct with members in canonical order.

    It is the fast path. A line that decodes into it and encodes back to the same bytes is canonical, has no member
    twice, and is held by it completely; every other line must go through ``decode``. ``None`` stands for absent:
    an explicit null does not survive the way back and is so recognised. Values of SHAPE fields are untyped and need
    ``canonical.check``.
    """
    groups = {group.name: _group_type(group) for group in kind.groups} | {"exists": bool | None}
    members: dict[str, Any] = {
        "app": str | None, "at": str | None, "by": str | None, "clock": str | None, "needs": list[str] | None,
        "offset_min": int | None, "parents": list[str], "person": str | None, "record": str,
        "seen": list[tuple[str, int, str]] | None, "seq": int, "set": _struct("Set", groups), "why": str | None,
    }
    return _struct(f"Event_{kind.name}", members, frozenset(("parents", "record", "seq", "set")))
