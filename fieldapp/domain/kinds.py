"""How a record kind is declared. Everything that knows fields derives from these declarations.

Storage columns, event validation, JSON Schema, form fields, list columns and export columns all come from the one
``Kind`` of a record kind: adding a field is one line with its names in the languages we ship. Records are flat:
things that grow side by side are records of their own, joined by a shared id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

RESERVED = frozenset(
    "n id owner stream seq heads events unsettled retracted at by extra record kind state".split()
)
"""Column names that storage uses itself; no field may take one of them."""


class FieldType(Enum):
    """What a field's value looks like in an event, and the column it is kept in."""

    TEXT = "TEXT"
    CODE = "CODE"
    """A code of a vocabulary or list. A code this version does not know is kept and shown as it is."""
    INTEGER = "INTEGER"
    DECIMAL = "DECIMAL"
    """Decimal text in normal form (design, section 2); a double in its column."""
    AMOUNT = "AMOUNT"
    """An integer, or decimal text where it is not whole; a double in its column."""
    BOOLEAN = "BOOLEAN"
    DAY = "DAY"
    """YYYY-MM-DD."""
    MOMENT = "MOMENT"
    """UTC, YYYY-MM-DDTHH:MM:SSZ."""
    RECORD = "RECORD"
    """The name of another record."""
    DIGEST = "DIGEST"
    """SHA-256 as 64 lower-case hexadecimal digits."""
    SHAPE = "SHAPE"
    """A list or object kept as canonical JSON: an outline, a grant's cut-off."""


SQL_TYPES = {
    FieldType.INTEGER: "INTEGER",
    FieldType.BOOLEAN: "INTEGER",
    FieldType.DECIMAL: "REAL",
    FieldType.AMOUNT: "REAL",
}
"""Column types of the field types that are not kept as TEXT."""


@dataclass(frozen=True)
class Names:
    """A name in the languages we ship."""

    en: str
    az: str
    ru: str

    def in_language(self, language: str) -> str:
        """The name in ``language``; English where we have no other."""
        return {"az": self.az, "ru": self.ru}.get(language, self.en)


@dataclass(frozen=True)
class Field:
    """One field of a record kind. ``name`` is its member in events and its column, with the unit in it."""

    name: str
    type: FieldType
    names: Names
    vocabulary: str | None = None
    """The vocabulary or list a CODE comes from."""
    minimum: int | None = None
    maximum: int | None = None
    places: int = 3
    """Digits after the point that a writer keeps of a DECIMAL or AMOUNT."""
    max_length: int = 4000
    required: bool = False
    """Needed to sign off, never to save."""
    listed: bool = False
    """Shown in the record list."""
    in_form: bool = True
    exported: bool = True
    multiline: bool = False
    member: str | None = None
    """Its member in events, where that is not the column's name."""

    @property
    def key(self) -> str:
        """Its member in the group's value in events."""
        return self.member or self.name


@dataclass(frozen=True)
class Group:
    """The smallest set of fields that is true on its own: the unit of merging.

    A *bare* group has one field of the group's own name, and its value stands in the event without an object.
    """

    name: str
    fields: tuple[Field, ...]
    bare: bool = False
    scales: tuple[tuple[str, tuple[object, ...] | str], ...] = ()
    """Danger scales as the oracle's DANGER has them: member ("" in a bare group) and codes from least to most
    dangerous, or "more", or "less"."""


@dataclass(frozen=True)
class Kind:
    """The declaration of one record kind."""

    name: str
    names: Names
    groups: tuple[Group, ...]
    hq_only: bool = False
    """Only headquarters writes records of this kind."""
    release: bool = False
    """Makes ground or items look safer: while a retraction is disputed, it is shown as retracted."""
    private: bool = False
    """Headquarters' own records of this kind are for its seats alone; what belongs to a team, the team sees."""
    day: str | None = None
    """The field that holds its date of information, which lists and reports go by."""

    def __post_init__(self) -> None:
        names = [field.name for field in self.fields]
        clear = len(set(names)) == len(names) and not RESERVED.intersection(names)
        if not clear or self.day not in (None, *names):
            raise ValueError(f"field names of {self.name}")

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields in declared order: also the order of columns, forms, lists and exports."""
        return tuple(field for group in self.groups for field in group.fields)

    @cached_property
    def group_of(self) -> dict[str, Group]:
        """The group of each field, by field name."""
        return {field.name: group for group in self.groups for field in group.fields}

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def group_by_name(self) -> dict[str, Group]:
        """The groups by name."""
        return {group.name: group for group in self.groups}

    def columns(self) -> Iterator[tuple[str, str]]:
        """Name and SQL type of each field's column."""
        for field in self.fields:
            yield field.name, SQL_TYPES.get(field.type, "TEXT")

    def form_fields(self) -> tuple[Field, ...]:
        """The fields a form shows, in order."""
        return tuple(field for field in self.fields if field.in_form)

    def list_columns(self) -> tuple[Field, ...]:
        """The fields a record list shows, in order."""
        return tuple(field for field in self.fields if field.listed)

    def export_columns(self) -> tuple[Field, ...]:
        """The fields an export writes, in order."""
        return tuple(field for field in self.fields if field.exported)


def one(field: Field, scale: tuple[object, ...] | str | None = None) -> Group:
    """A bare group of one field, with its danger scale if it has one."""
    return Group(field.name, (field,), bare=True, scales=() if scale is None else (("", scale),))
