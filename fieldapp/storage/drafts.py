"""Drafts: what stands in a form that was not saved yet, kept as it is typed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldapp.clock import stamp
from fieldapp.storage.database import Store


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of one form as typed, valid or not."""

    form: str
    at: str
    """When it was last kept, UTC."""
    fields: dict[str, Any]


def keep(store: Store, form: str, fields: dict[str, Any], now: datetime) -> None:
    """Keep the draft of ``form`` (any name the caller finds it by), in place of the one before."""
    with store.transaction():
        store.execute(
            "INSERT INTO draft (form, at, fields) VALUES (?,?,?)"
            " ON CONFLICT(form) DO UPDATE SET at = excluded.at, fields = excluded.fields",
            (form, stamp(now), json.dumps(fields, ensure_ascii=True)),
        )


def kept(store: Store) -> list[Draft]:
    """All drafts, the latest first."""
    rows = store.rows("SELECT form, at, fields FROM draft ORDER BY at DESC, form")
    return [Draft(form, at, json.loads(fields)) for form, at, fields in rows]


def discard(store: Store, form: str) -> None:
    """Forget the draft of ``form``: it was saved, or is not wanted."""
    with store.transaction():
        store.execute("DELETE FROM draft WHERE form = ?", (form,))
