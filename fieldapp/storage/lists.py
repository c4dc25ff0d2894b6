"""Headquarters' entries in the lists, read from current records, and the lists in force that follow from them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fieldapp.domain.kinds import FieldType
from fieldapp.domain.lists_in_force import KIND_OF_LIST, Lists, Said
from fieldapp.domain.lists_in_force import in_force as in_force_with
from fieldapp.storage.database import Store
from fieldapp.storage.listing import select

_CACHE = "lists"


def in_force(store: Store) -> Lists:
    """The lists in force here. Made anew only when an entry's version changed: the same object otherwise."""
    if not store.in_transaction:
        store.forget_if_stale()
    kept: tuple[int, list[Any], Lists] | None = store.caches.get(_CACHE)
    if kept is not None and kept[0] == store.changes:
        return kept[2]
    versions = [
        row
        for kind in KIND_OF_LIST.values()
        for row in store.rows(f'SELECT id, owner, heads FROM "{kind}" WHERE retracted = 0')  # noqa: S608 - our names
    ]
    lists = kept[2] if kept is not None and kept[1] == versions else in_force_with(said(store))
    store.caches[_CACHE] = store.changes, versions, lists
    return lists


def said(store: Store) -> Iterator[Said]:
    """What headquarters says of single entries, oldest first."""
    for kind in KIND_OF_LIST.values():
        fields = store.kinds[kind].fields
        for row in select(store, kind, order="n"):
            values = {
                field.name: json.loads(row[field.name]) if field.type is FieldType.SHAPE else row[field.name]
                for field in fields
                if row[field.name] is not None
            }
            if row["owner"] == "hq":
                yield Said(kind, row["id"], values)
