"""Merged values to columns and back.

The law: ``values(row(values)) == values``, byte for byte canonical, for every JSON value. A group that its columns
cannot give back exactly (members nobody declared, other types, decimals not in normal form, blanks on purpose) is
kept whole in ``extra``; its columns still hold what can be understood, so lists and sums can use it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from fieldapp.domain.canonical import canonical, parse
from fieldapp.domain.kinds import Field, FieldType, Group, Kind
from fieldapp.texts import parse_day

SqlValue = str | int | float | None

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def decimal_text(number: float) -> str:
    """A double as decimal text in normal form (design section 2): no exponent, no trailing zeros, never -0."""
    if number == 0:
        return "0"  # SQLite keeps no sign of a zero
    text = repr(number)
    if "e" in text:
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")


def _in_range(field: Field, number: float) -> bool:
    return (
        math.isfinite(number)
        and (field.minimum is None or number >= field.minimum)
        and (field.maximum is None or number <= field.maximum)
    )


def _decimal(field: Field, value: Any) -> SqlValue:
    if not (isinstance(value, str) and _NUMBER.fullmatch(value)):
        return None
    number = float(value)
    return number if _in_range(field, number) else None


def _amount(field: Field, value: Any) -> SqlValue:
    if type(value) is int:
        return float(value) if _in_range(field, value) else None
    return _decimal(field, value)


def _integer(field: Field, value: Any) -> SqlValue:
    return value if type(value) is int and _in_range(field, value) else None


def _boolean(_field: Field, value: Any) -> SqlValue:
    return int(value) if isinstance(value, bool) else None


def _text(_field: Field, value: Any) -> SqlValue:
    return value if isinstance(value, str) else None


def _digest(_field: Field, value: Any) -> SqlValue:
    return value if isinstance(value, str) and _DIGEST.fullmatch(value) else None


@lru_cache(maxsize=4096)
def is_day(text: str) -> bool:
    """Is this a calendar day as events write it?"""
    try:
        parse_day(text)
    except ValueError:
        return False
    return text.isascii()


def is_moment(text: str) -> bool:
    """Is this a moment in UTC as events write it?"""
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _day(_field: Field, value: Any) -> SqlValue:
    return value if isinstance(value, str) and is_day(value) else None


def _moment(_field: Field, value: Any) -> SqlValue:
    return value if isinstance(value, str) and is_moment(value) else None


def _shape(_field: Field, value: Any) -> SqlValue:
    return None if value is None else canonical(value).decode()


_INTO: dict[FieldType, Callable[[Field, Any], SqlValue]] = {
    FieldType.DECIMAL: _decimal, FieldType.AMOUNT: _amount, FieldType.INTEGER: _integer, FieldType.BOOLEAN: _boolean,
    FieldType.DIGEST: _digest, FieldType.DAY: _day, FieldType.MOMENT: _moment, FieldType.SHAPE: _shape,
}


def into_column(field: Field, value: Any) -> SqlValue:
    """The column's value for a member of an event; None where the field's type does not understand it."""
    return _INTO.get(field.type, _text)(field, value)


def out_of_column(field: Field, stored: SqlValue) -> Any:
    """The member of an event that a column stands for; None for an empty column."""
    if stored is None:
        return None
    if field.type is FieldType.DECIMAL:
        return decimal_text(float(stored))
    if field.type is FieldType.AMOUNT:
        number = float(stored)
        return int(number) if number.is_integer() else decimal_text(number)
    if field.type is FieldType.BOOLEAN:
        return bool(stored)
    if field.type is FieldType.SHAPE:
        return parse(str(stored).encode())
    return stored


def _rebuilt(group: Group, stored: Sequence[SqlValue]) -> Any:
    """The group's value that its columns stand for; None where all are empty."""
    members = [(field.key, out_of_column(field, one)) for field, one in zip(group.fields, stored, strict=True)]
    if group.bare:
        return members[0][1]
    return {key: value for key, value in members if value is not None} or None


def _stored(group: Group, value: Any) -> list[SqlValue]:
    if group.bare:
        return [into_column(group.fields[0], value)]
    if not isinstance(value, dict):
        return [None] * len(group.fields)
    return [into_column(field, value.get(field.key)) for field in group.fields]


def row_of(kind: Kind | None, values: Mapping[str, Any]) -> tuple[list[SqlValue], str | None]:
    """The field columns of ``kind`` in declared order, and ``extra``. ``kind`` None: a kind nobody declared."""
    columns: list[SqlValue] = []
    rest = dict(values)
    for group in kind.groups if kind else ():
        if group.name not in values:
            columns += [None] * len(group.fields)
            continue
        value = values[group.name]
        stored = _stored(group, value)
        columns += stored
        if value is not None and canonical(_rebuilt(group, stored)) == canonical(value):
            del rest[group.name]
    return columns, canonical(rest).decode() if rest else None


def values_of(kind: Kind | None, columns: Sequence[SqlValue], extra: str | None) -> dict[str, Any]:
    """The merged values that a row stands for, by group."""
    values: dict[str, Any] = {}
    start = 0
    for group in kind.groups if kind else ():
        value = _rebuilt(group, columns[start : start + len(group.fields)])
        start += len(group.fields)
        if value is not None:
            values[group.name] = value
    if extra is not None:
        values |= parse(extra.encode())
    return values
