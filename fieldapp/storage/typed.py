"""The fast way from a line to a row, for the common case: a well-formed event of a declared kind.

``read`` answers None whenever anything is out of the ordinary; the generic way then decides. Where it answers, the
columns are those that ``columns.row_of`` would give, and the line is proven to be canonical.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import astuple

from fieldapp.domain.canonical import MAX_INTEGER, NoCanonicalForm, canonical, check
from fieldapp.domain.events import MAX_LINE_BYTES, event_type
from fieldapp.domain.kinds import Field, FieldType, Group, Kind
from fieldapp.storage.columns import SqlValue, is_day, is_moment

_RECORD = re.compile(r"[a-z][a-z0-9_]*/([a-z0-9_]+)/([a-z0-9-]+)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_BARE_LEVELS, _MEMBER_LEVELS = 30, 29
"""Levels left of the 32 of an event below ``set.group`` and below ``set.group.member``."""

_encode = msgspec.json.encode


class NotTyped(Exception):
    """The value is not exactly what its column holds; look at the event the generic way."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A well-formed event with its columns."""

    event: Any
    kind: str
    owner: str
    id: str
    columns: list[SqlValue]
    """Field columns in the order of ``TypedKind.field_names``; None for groups the event does not set."""
    groups: tuple[str, ...]
    """The groups it sets."""


def _decimal(field: Field) -> Callable[[Any], SqlValue]:
    low = float("-inf") if field.minimum is None else field.minimum
    high = float("inf") if field.maximum is None else field.maximum

    def into(value: Any) -> SqlValue:
        try:
            number = float(value)
        except ValueError:
            raise NotTyped from None
        text = repr(number)
        exact = text in (value, value + ".0") and "e" not in text and "n" not in text and text != "-0.0"
        if not exact or len(text) > 17 or not low <= number <= high:
            raise NotTyped
        return number

    return into


def _amount(field: Field) -> Callable[[Any], SqlValue]:
    decimal = _decimal(field)

    def into(value: Any) -> SqlValue:
        if isinstance(value, str):
            number = decimal(value)
            if "." not in value:
                raise NotTyped
            return number
        return float(_ranged(field, value))

    return into


def _ranged(field: Field, value: int) -> int:
    if (field.minimum is not None and value < field.minimum) or (field.maximum is not None and value > field.maximum):
        raise NotTyped
    return value


def _integer(field: Field) -> Callable[[Any], SqlValue]:
    return lambda value: _ranged(field, value)


def _matching(test: Callable[[str], object]) -> Callable[[Field], Callable[[Any], SqlValue]]:
    def into(value: Any) -> SqlValue:
        if not test(value):
            raise NotTyped
        return str(value)

    return lambda _field: into


def _shape(levels: int) -> Callable[[Any], SqlValue]:
    def into(value: Any) -> SqlValue:
        try:
            check(value, levels)
            text = canonical(value)
        except NoCanonicalForm:
            raise NotTyped from None
        if text != _encode(value):
            raise NotTyped  # members not in order: no canonical line
        return text.decode()

    return into


_INTO: dict[FieldType, Callable[[Field], Callable[[Any], SqlValue]]] = {
    FieldType.DECIMAL: _decimal, FieldType.AMOUNT: _amount, FieldType.INTEGER: _integer,
    FieldType.BOOLEAN: lambda _field: int, FieldType.DIGEST: _matching(_DIGEST.fullmatch),
    FieldType.DAY: _matching(is_day), FieldType.MOMENT: _matching(is_moment),
}


class _TypedGroup:
    """One group's way from its Struct to columns."""

    def __init__(self, group: Group) -> None:
        self.name, self.bare = group.name, group.bare
        by_key = sorted(group.fields, key=lambda field: field.key)  # as the Struct's members stand
        self.field_names = tuple(field.name for field in by_key)
        self.blank: tuple[None, ...] = (None,) * len(by_key)
        levels = _BARE_LEVELS if group.bare else _MEMBER_LEVELS
        self.into = [
            (at, _shape(levels) if field.type is FieldType.SHAPE else _INTO[field.type](field))
            for at, field in enumerate(by_key)
            if field.type in _INTO or field.type is FieldType.SHAPE
        ]

    def columns(self, value: Any) -> list[SqlValue]:
        columns = [value] if self.bare else list(astuple(value))
        for at, into in self.into:
            if columns[at] is not None:
                columns[at] = into(columns[at])
        if not self.bare and columns == list(self.blank):
            raise NotTyped  # an empty object is not the same as nothing
        return columns


class TypedKind:
    """Reads events on records of one kind."""

    def __init__(self, kind: Kind) -> None:
        self.name = kind.name
        self._decode = msgspec.json.Decoder(event_type(kind)).decode
        self._groups = [_TypedGroup(group) for group in kind.groups]
        self._record_start = f"{kind.name}/"
        self.field_names = tuple(name for group in self._groups for name in group.field_names)
        self.columns_of = {group.name: group.field_names for group in self._groups}

    def read(self, line: bytes, seq: int) -> Typed | None:
        """The event of this line with its columns, or None if it must be read the generic way."""
        if len(line) > MAX_LINE_BYTES:
            return None
        try:
            event: Any = self._decode(line)
            if _encode(event) != line:
                return None
            name = _RECORD.fullmatch(event.record)
            if (
                name is None or event.seq != seq or event.seen is not None or event.set.exists is not None
                or event.needs is not None or not event.record.startswith(self._record_start)
                or not -MAX_INTEGER <= (event.offset_min or 0) <= MAX_INTEGER
            ):
                return None
            columns: list[SqlValue] = []
            groups: list[str] = []
            for group in self._groups:
                value = getattr(event.set, group.name)
                if value is None:
                    columns += group.blank
                else:
                    columns += group.columns(value)
                    groups.append(group.name)
        except (msgspec.DecodeError, NotTyped, RecursionError, UnicodeDecodeError):
            return None
        return Typed(event, self.name, name[1], name[2], columns, tuple(groups)) if groups else None


def kind_in(line: bytes) -> str:
    """The kind that the line's ``record`` seems to name; a guess, only to choose who reads it."""
    start = line.find(b'"record":"') + 10
    end = line.find(b"/", start, start + 64)
    return line[start:end].decode("ascii", "replace") if start >= 10 and end > 0 else ""


def typed_kinds(kinds: dict[str, Kind]) -> dict[str, TypedKind]:
    """A reader for each kind."""
    return {name: TypedKind(kind) for name, kind in kinds.items()}
