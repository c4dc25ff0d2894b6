"""The fast way from a line to a row, for the common case: a well-formed event of a declared kind.

``read`` answers None whenever anything is out of the ordinary; the generic way then decides. Where it answers, the
columns are those that ``columns.row_of`` would give, and the line is proven to be canonical.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import astuple

from fieldapp.domain.canonical import MAX_INTEGER, NoCanonicalForm, check
from fieldapp.domain.events import MAX_LINE_BYTES, event_type
from fieldapp.domain.kinds import Field, FieldType, Group, Kind
from fieldapp.storage.columns import SqlValue, is_day, is_moment

_RECORD = re.compile(r"[a-z][a-z0-9_]*/([a-z0-9_]+)/([a-z0-9-]+)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_BARE_LEVELS, _MEMBER_LEVELS = 30, 29
"""Levels left of the 32 of an event below ``set.group`` and below ``set.group.member``."""

_NORMAL = re.compile(
    r"-?(?:0|[1-9][0-9]{0,5})\.[0-9]{0,8}[1-9]|0|-?[1-9][0-9]{0,14}|-?[1-9][0-9]{0,9}\.[0-9]{0,4}[1-9]"
).fullmatch
"""Decimal text in normal form with at most 15 digits: a double gives exactly this text back (IEEE 754)."""

_encode = msgspec.json.encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


class NotTyped(Exception):
    """The value is not exactly what its column holds; look at the event the generic way."""


class Typed(NamedTuple):
    """A well-formed event with its columns."""

    event: Any
    kind: str
    owner: str
    id: str
    columns: list[SqlValue]
    """Values to bind, in the order of ``TypedKind.field_names``; None for groups the event does not set."""


def _decimal(field: Field) -> Callable[[Any], SqlValue]:
    low = -1e15 if field.minimum is None else field.minimum
    high = 1e15 if field.maximum is None else field.maximum

    def into(value: Any) -> SqlValue:
        if not _NORMAL(value):
            raise NotTyped
        number = float(value)
        if low <= number <= high:
            return number
        raise NotTyped

    return into


def _amount(field: Field) -> Callable[[Any], SqlValue]:
    decimal, integer = _decimal(field), _integer(field)

    def into(value: Any) -> SqlValue:
        if type(value) is int:
            return integer(value)
        if "." not in value:
            raise NotTyped
        return decimal(value)

    return into


def _integer(field: Field) -> Callable[[Any], SqlValue]:
    low = -MAX_INTEGER if field.minimum is None else field.minimum
    high = MAX_INTEGER if field.maximum is None else field.maximum

    def into(value: int) -> SqlValue:
        if low <= value <= high:
            return value
        raise NotTyped

    return into


def _matching(test: Callable[[str], object]) -> Callable[[Field], Callable[[Any], SqlValue]]:
    def into(value: str) -> SqlValue:
        if test(value):
            return value
        raise NotTyped

    return lambda _field: into


def _shape(levels: int) -> Callable[[Any], SqlValue]:
    def into(value: Any) -> SqlValue:
        text = _encode(value)
        if type(value) is list and all(type(item) is str for item in value):
            return text.decode()  # what a judgement saw: nothing in it has another form
        try:
            check(value, levels)
        except NoCanonicalForm:
            raise NotTyped from None
        if text != _encode_sorted(value):
            raise NotTyped  # members not in order: no canonical line
        return text.decode()

    return into


_REPEATED = (FieldType.DECIMAL, FieldType.DAY)

_INTO: dict[FieldType, Callable[[Field], Callable[[Any], SqlValue]]] = {
    FieldType.DECIMAL: _decimal, FieldType.AMOUNT: _amount, FieldType.INTEGER: _integer,
    FieldType.DIGEST: _matching(_DIGEST.fullmatch),
    FieldType.DAY: _matching(is_day), FieldType.MOMENT: _matching(is_moment),
}


def _into(group: Group, field: Field) -> Callable[[Any], SqlValue] | None:
    """How a member becomes its column's value; None where it stays as it is."""
    if field.type is FieldType.SHAPE:
        return _shape(_BARE_LEVELS if group.bare else _MEMBER_LEVELS)
    make = _INTO.get(field.type)
    if make is None:
        return None
    # most numbers come again and again; coordinates do not
    return lru_cache(maxsize=1024)(make(field)) if field.type in _REPEATED and field.places < 7 else make(field)


class TypedKind:
    """Reads events on records of one kind.

    Columns stand bare groups first, then the others, each in the order of its Struct's members.
    """

    def __init__(self, kind: Kind) -> None:
        self.name = kind.name
        self._decode = msgspec.json.Decoder(event_type(kind)).decode
        self._record_start = f"{kind.name}/"
        bare = [group for group in kind.groups if group.bare]
        self._bare = [group.name for group in bare]
        self._bare_values = _getter(self._bare)
        self._objects = [(group.name, (None,) * len(group.fields)) for group in kind.groups if not group.bare]
        in_order = [(group, group.fields[0]) for group in bare]
        self.columns_of: dict[str, tuple[str, ...]] = {group.name: (group.fields[0].name,) for group in bare}
        for group in kind.groups:
            if not group.bare:
                by_key = sorted(group.fields, key=lambda field: field.key)
                self.columns_of[group.name] = tuple(field.name for field in by_key)
                in_order += [(group, field) for field in by_key]
        self.field_names = tuple(field.name for _, field in in_order)
        made = [(at, _into(group, field)) for at, (group, field) in enumerate(in_order)]
        self._convert = [(at, into) for at, into in made if into is not None]

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
            columns = self._columns(event.set)
        except (msgspec.DecodeError, NotTyped, RecursionError, UnicodeDecodeError):
            return None
        return Typed(event, self.name, name[1], name[2], columns)

    def _columns(self, groups: Any) -> list[SqlValue]:
        columns: list[SqlValue] = [*self._bare_values(groups)]
        present = columns.count(None) < len(columns)
        for name, blank in self._objects:
            value = getattr(groups, name)
            if value is None:
                columns += blank
            else:
                members = astuple(value)
                if members == blank:
                    raise NotTyped  # an empty object is not the same as nothing
                columns += members
                present = True
        if not present:
            raise NotTyped
        for at, into in self._convert:
            member = columns[at]
            if member is not None:
                columns[at] = into(member)
        return columns

    def groups_set(self, event: Any) -> tuple[str, ...]:
        """The groups that a read event sets."""
        return tuple(name for name in self.columns_of if getattr(event.set, name) is not None)


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """The values of several members as a tuple; attrgetter gives no tuple for fewer than two."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda groups: tuple(getattr(groups, name) for name in names)


def kind_in(line: bytes) -> str:
    """The kind that the line's ``record`` seems to name; a guess, only to choose who reads it."""
    start = line.find(b'"record":"') + 10
    end = line.find(b"/", start, start + 64)
    return line[start:end].decode("ascii", "replace") if start >= 10 and end > 0 else ""


def typed_kinds(kinds: dict[str, Kind]) -> dict[str, TypedKind]:
    """A reader for each kind."""
    return {name: TypedKind(kind) for name, kind in kinds.items()}
