"""Values of events in words, for lines of text: names for codes, counts for outlines."""

from __future__ import annotations

from typing import Any

from fieldapp.domain.canonical import canonical
from fieldapp.domain.kinds import Field, FieldType
from fieldapp.domain.lists_in_force import Lists
from fieldapp.domain.registry import KINDS
from fieldapp.operations import leg_records
from fieldapp.texts import N_, Texts


def group_name(kind_name: str, group: str, texts: Texts) -> str:
    """Name of a group of fields; of one that nobody declared, its own."""
    if group == "exists":
        return texts(N_("Whole record"))
    if group == "position":
        return texts(N_("Position"))
    kind = KINDS.get(kind_name)
    declared = kind.group_by_name.get(group) if kind else None
    return declared.fields[0].names.in_language(texts.language) if declared else group


def group_words(kind_name: str, group: str, value: Any, texts: Texts, lists: Lists) -> str:
    """A group's whole value, as events hold it, in one line. What nobody declared is shown as it was written.

    ``lists`` are those in force where it is shown.
    """
    if group == "exists" and isinstance(value, bool):
        return texts(N_("The record stands")) if value else texts(N_("Retracted"))
    if value is None:
        return texts(N_("nothing entered"))
    kind = KINDS.get(kind_name)
    declared = kind.group_by_name.get(group) if kind else None
    if declared is None or not (declared.bare or isinstance(value, dict)):
        return canonical(value).decode()
    if declared.bare:
        return _words(declared.fields[0], value, texts, lists)
    if group == "position" and {"lat", "lon"} <= value.keys():
        return f"{value['lat']} {value['lon']}"
    return ", ".join(
        f"{one.names.in_language(texts.language)} {_words(one, value[one.key], texts, lists)}"
        for one in declared.fields
        if value.get(one.key) is not None
    )


def _words(one: Field, value: Any, texts: Texts, lists: Lists) -> str:
    if one.type is FieldType.BOOLEAN and isinstance(value, bool):
        return texts(N_("Yes")) if value else texts(N_("No"))
    if one.type is FieldType.CODE and one.vocabulary and isinstance(value, str):
        return lists.name(one.vocabulary, value, texts.language)
    if one.type is FieldType.SHAPE:
        return ", ".join(_vertices(value)) or leg_records.words(value) or canonical(value).decode()
    return value if isinstance(value, str) else canonical(value).decode()


def _vertices(value: Any) -> list[str]:
    """Latitude and longitude of an outline's points, in order."""
    rings = [ring for part in _items(value) for ring in _items(part)]
    return [f"{p.get('lat')} {p.get('lon')}" for ring in rings for p in _items(ring) if isinstance(p, dict)]


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
