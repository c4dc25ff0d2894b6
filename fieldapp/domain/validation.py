"""From what was typed or handed in to the values of an event; derived from the declarations.

Nothing here knows a record kind by name: a field added to a declaration is validated without a change here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from fieldapp.domain import canonical
from fieldapp.domain.decimals import decimal_text
from fieldapp.domain.kinds import Field, FieldType, Group, Kind
from fieldapp.domain.lists_in_force import Lists, shipped_lists
from fieldapp.texts import N_, parse_day, parse_moment

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?")
_RECORD = re.compile(r"[a-z][a-z0-9_]*/[a-z0-9_]+/[a-z0-9-]+")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_YES = frozenset(("true", "yes", "1"))
_NO = frozenset(("false", "no", "0"))


@dataclass(frozen=True)
class Problem:
    """Why a value cannot be taken: the field and a catalogue message with its facts."""

    field: str
    message: str
    facts: Mapping[str, object]


class Unusable(ValueError):
    """A value cannot be taken; carries its Problem."""

    def __init__(self, field: Field, message: str, **facts: object) -> None:
        super().__init__(message)
        self.problem = Problem(field.name, message, facts)


def value_of(field: Field, raw: object, lists: Lists | None = None) -> Any:
    """The value of ``field`` as events hold it, from typed text or a Python value; None for blank.

    ``lists``: those in force; without them the shipped ones. A withdrawn code is readable, so it is taken.
    Raises Unusable. Digits are ASCII digits; a decimal comma is taken as a point; NaN and infinity are no numbers.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if field.type is FieldType.SHAPE:
        return _shape(field, raw)
    if field.type is FieldType.BOOLEAN:
        return _boolean(field, raw)
    if field.type in (FieldType.INTEGER, FieldType.DECIMAL, FieldType.AMOUNT):
        return _number(field, raw)
    if not isinstance(raw, str):
        raise Unusable(field, N_("is not text"))
    text = _text(field, raw)
    if field.vocabulary is not None and field.type is FieldType.CODE:
        _code(field, text, lists or shipped_lists())
    return text


def _shape(field: Field, raw: object) -> Any:
    try:
        canonical.check(raw)
    except canonical.NoCanonicalForm as error:
        raise Unusable(field, N_("cannot be written down exactly")) from error
    return raw


def _boolean(field: Field, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise Unusable(field, N_("is neither yes nor no"))


def _number(field: Field, raw: object) -> int | str:
    text = str(raw).strip() if not isinstance(raw, bool) else ""
    text = text.replace("\u2212", "-")
    whole = field.type is FieldType.INTEGER
    if not (_INTEGER if whole else _NUMBER).fullmatch(text):
        message = N_("is not a whole number") if whole else N_("is not a number")
        raise Unusable(field, message)
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise Unusable(field, N_("is not a number")) from error
    if field.minimum is not None and value < field.minimum:
        raise Unusable(field, N_("is below {minimum}"), minimum=field.minimum)
    if field.maximum is not None and value > field.maximum:
        raise Unusable(field, N_("is above {maximum}"), maximum=field.maximum)
    if whole or (field.type is FieldType.AMOUNT and value == value.to_integral_value()):
        return int(value)
    return decimal_text(value, field.places)


def _text(field: Field, raw: str) -> str:
    text = unicodedata.normalize("NFC", raw).strip()
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unusable(field, N_("contains characters that cannot be kept")) from error
    if any(unicodedata.category(c) == "Cc" and not (field.multiline and c in "\n\t") for c in text):
        raise Unusable(field, N_("contains characters that cannot be kept"))
    if len(text) > field.max_length:
        raise Unusable(field, N_("is longer than {length} characters"), length=field.max_length)
    check = _FORMS.get(field.type)
    if check is not None:
        check(field, text)
    return text


def _day(field: Field, text: str) -> None:
    try:
        day = parse_day(text)
    except ValueError as error:
        raise Unusable(field, N_("is not a date written YYYY-MM-DD")) from error
    if not 1900 <= day.year <= 2199:
        raise Unusable(field, N_("is not a date written YYYY-MM-DD"))


def _moment(field: Field, text: str) -> None:
    try:
        parse_moment(text)
    except ValueError as error:
        raise Unusable(field, N_("is not a moment written YYYY-MM-DDTHH:MM:SSZ")) from error


def _code(field: Field, text: str, lists: Lists) -> None:
    if field.vocabulary is not None and text not in lists.vocabulary(field.vocabulary):
        raise Unusable(field, N_("“{code}” is not in the list"), code=text)


def _record(field: Field, text: str) -> None:
    if not _RECORD.fullmatch(text):
        raise Unusable(field, N_("is not the name of a record"))


def _digest(field: Field, text: str) -> None:
    if not _DIGEST.fullmatch(text):
        raise Unusable(field, N_("is not a SHA-256 in hexadecimal"))


_FORMS = {
    FieldType.DAY: _day,
    FieldType.MOMENT: _moment,
    FieldType.RECORD: _record,
    FieldType.DIGEST: _digest,
}


def groups_to_set(
    kind: Kind, fields: Mapping[str, object], current: Mapping[str, Any] | None = None, lists: Lists | None = None
) -> tuple[dict[str, Any], list[Problem]]:
    """The ``set`` of an event that gives ``fields`` (by field name) their new values, and what cannot be taken.

    Whoever edits a part of a group writes the whole group: the other members are kept as they are in ``current``,
    also those this version does not know. Groups that come out as they were are left out. A group whose last
    member is blanked is set to null on purpose if it had a value, and left out if it had none.
    """
    current = current or {}
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, raw in fields.items():
        try:
            values[name] = value_of(kind.by_name[name], raw, lists)
        except Unusable as unusable:
            problems.append(unusable.problem)
    changed: dict[str, Any] = {}
    for group in kind.groups:
        given = {field: values[field.name] for field in group.fields if field.name in values}
        if not given:
            continue
        after = _group_after(group, given, current.get(group.name))
        if group.name in current:
            if canonical.canonical(after) != canonical.canonical(current[group.name]):
                changed[group.name] = after
        elif after is not None:
            changed[group.name] = after
    return changed, problems


def _group_after(group: Group, given: Mapping[Field, Any], before: Any) -> Any:
    if group.bare:
        return next(iter(given.values()))
    after = dict(before) if isinstance(before, dict) else {}
    for field, value in given.items():
        if value is None:
            after.pop(field.key, None)
        else:
            after[field.key] = value
    return after or None


def group_problems(kind: Kind, name: str, value: Any, lists: Lists | None = None) -> list[Problem]:
    """What in a group's whole value, as events hold it, its fields could not take. Unknown groups and members pass."""
    group = kind.group_by_name.get(name)
    if group is None or value is None:
        return []
    if not group.bare and not isinstance(value, dict):
        return [Problem(group.fields[0].name, N_("is not text"), {})]
    problems: list[Problem] = []
    for field in group.fields:
        part = value if group.bare else value.get(field.key)
        try:
            if part is not None and value_of(field, part, lists) != part:
                problems.append(Problem(field.name, N_("cannot be written down exactly"), {}))
        except Unusable as unusable:
            problems.append(unusable.problem)
    return problems


def missing_for_sign_off(kind: Kind, values: Mapping[str, Any]) -> tuple[Field, ...]:
    """Fields that are still needed to sign a record off, in order. Saving never needs them."""
    return tuple(field for field in kind.fields if field.required and field_value(kind, values, field.name) is None)


def field_value(kind: Kind, values: Mapping[str, Any], name: str) -> Any:
    """The value of one field in a record's values by group; None where it has none."""
    group = kind.group_of[name]
    value = values.get(group.name)
    if group.bare:
        return value
    return value.get(kind.by_name[name].key) if isinstance(value, dict) else None
