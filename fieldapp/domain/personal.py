"""The personal part of a victim: who the person is. Never in an event, a bundle, a list, an export or a log.

Its bytes before they are sealed: canonical JSON ``{"record", "values"}``, a line feed, and spaces up to the next
multiple of 4,096 bytes, so that the size of a sealed part tells nothing about a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.domain.canonical import NoCanonicalForm, canonical, parse
from fieldapp.domain.kinds import Field, FieldType, Kind, Names, one
from fieldapp.domain.validation import Problem, groups_to_set

T = FieldType

PADDED_BYTES = 4096
MAX_PLAIN_BYTES = 64 * 1024
"""All fields at their longest fit into less."""

PERSONAL = Kind(
    "personal",
    Names("Personal data", "Şəxsi məlumatlar", "Личные данные"),
    (
        one(Field("name", T.TEXT, Names("Full name", "Soyadı, adı, atasının adı", "Фамилия, имя, отчество"),
                  max_length=200)),
        one(Field("identification", T.TEXT, Names("Identity document", "Şəxsiyyət sənədi",
                                                  "Документ, удостоверяющий личность"), max_length=100)),
        one(Field("date_of_birth", T.DAY, Names("Date of birth", "Doğum tarixi", "Дата рождения"))),
        one(Field("address", T.TEXT, Names("Address", "Ünvan", "Адрес"), max_length=400)),
        one(Field("contact", T.TEXT, Names("Contact", "Əlaqə", "Контакт"), max_length=200)),
        one(Field("notes", T.TEXT, Names("Notes on the person", "Şəxs haqqında qeydlər", "Заметки о человеке"),
                  multiline=True)),
    ),
    hq_only=False,
)
"""Declared like a record kind, for forms and validation; it is none: no table, no event, no list has these fields."""


class NotPersonal(ValueError):
    """The bytes are no personal part."""


def values_of(typed: Mapping[str, object], before: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The whole values after ``typed`` was entered over ``before``, and what cannot be taken.

    Fields that are not typed stay, also those of newer versions; a blank text takes a field away.
    """
    changed, problems = groups_to_set(PERSONAL, typed, before)
    return {name: value for name, value in {**before, **changed}.items() if value is not None}, problems


def plain_bytes(record: str, values: Mapping[str, Any]) -> bytes:
    """The bytes that are sealed for the victim ``record``."""
    line = canonical({"record": record, "values": dict(values)}) + b"\n"
    return line + b" " * (-len(line) % PADDED_BYTES)


def read_plain(data: bytes) -> tuple[str, dict[str, Any]]:
    """The record's name and the values. Raises NotPersonal for anything that ``plain_bytes`` does not make."""
    if len(data) > MAX_PLAIN_BYTES:
        raise NotPersonal("size")
    try:
        whole = parse(data.rstrip(b" ").removesuffix(b"\n"))
    except NoCanonicalForm as error:
        raise NotPersonal("form") from error
    if not isinstance(whole, dict) or set(whole) != {"record", "values"} or not isinstance(whole["values"], dict):
        raise NotPersonal("members")
    record, values = whole["record"], whole["values"]
    if not isinstance(record, str) or plain_bytes(record, values) != data:
        raise NotPersonal("padding")
    return record, values
