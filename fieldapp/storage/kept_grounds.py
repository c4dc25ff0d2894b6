"""The ground of the map as it was last worked out, kept beside the records that it follows from: a map opens at once.

It goes with the first change of a record of any kind that ground follows from, in the same transaction; so what is
there is right. Only large workspaces keep any.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection

from fieldapp.storage.database import Store
from fieldapp.storage.generations import Generation, generation

FOLLOWS_FROM = ("hazardous_area", "plot", "task", "accident", "decision", "sign_off", "quality_visit")
"""Kinds of the records that ground is drawn by."""
_TABLE = "map_ground"


def forget(store: Store, kinds: Collection[str]) -> None:
    """Records of these kinds came or changed."""
    if not set(FOLLOWS_FROM).isdisjoint(kinds) and _is_there(store):
        store.execute("DELETE FROM map_ground")


def as_of(store: Store) -> Generation:
    """The state of the records; take it before ground is worked out, and give it to ``keep``."""
    return generation(store, FOLLOWS_FROM)


def keep(store: Store, version: str, data: bytes, made_from: Generation) -> None:
    """Keep what was worked out by the rules of ``version``, unless a record changed since ``made_from``."""
    with store.transaction():
        if as_of(store) != made_from:
            return
        columns = "stands TEXT NOT NULL, digest BLOB NOT NULL, data BLOB NOT NULL"
        store.execute(f"CREATE TABLE IF NOT EXISTS map_ground ({columns}) STRICT")
        store.execute("DELETE FROM map_ground")
        digest = hashlib.blake2b(data, digest_size=16).digest()
        store.execute("INSERT INTO map_ground VALUES (?, ?, ?)", (_stands(store, version), digest, data))


def digest_of_kept(store: Store, version: str) -> bytes | None:
    """What the kept data is told by, if it was made by the rules of ``version`` from the records as they are."""
    if not _is_there(store):
        return None
    found = store.row("SELECT digest FROM map_ground WHERE stands = ?", (_stands(store, version),))
    return bytes(found[0]) if found else None


def kept(store: Store, digest: bytes) -> bytes | None:
    """The kept data of this digest; None where it went or is damaged."""
    found = store.row("SELECT data FROM map_ground WHERE digest = ?", (digest,))
    data = bytes(found[0]) if found else b""
    return data if hashlib.blake2b(data, digest_size=16).digest() == digest else None


def _is_there(store: Store) -> bool:
    return store.row("SELECT 1 FROM sqlite_schema WHERE name = ?", (_TABLE,)) is not None


def _stands(store: Store, version: str) -> str:
    """The rules and how many records there are: rows that were taken away show in it, whoever took them."""
    counts = [
        store.rows(f'SELECT count(*), coalesce(max(n), 0) FROM "{kind}"')[0]  # noqa: S608 - our own words
        for kind in FOLLOWS_FROM
    ]
    return json.dumps([version, counts])
