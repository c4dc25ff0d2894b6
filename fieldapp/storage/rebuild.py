"""Current records made anew from the log: for other declarations, another root, and to check."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.storage import judging
from fieldapp.storage.database import Store
from fieldapp.storage.ingest import Intake
from fieldapp.storage.log import pieces_of
from fieldapp.storage.schema import create_indexes, create_state, drop_state


def rebuild(store: Store, root: str | None = None) -> None:
    """Drop everything that follows from the log and compute it again; ``root`` makes another device's grants count.

    One transaction: until it commits the old state stands.
    """
    with store.transaction():
        if root is not None:
            store.set_meta("root", root)
        remake(store)


def remake(store: Store) -> None:
    """The work of ``rebuild``, inside the caller's transaction."""
    store.caches.clear()
    database = store.schema()
    drop_state(database)
    create_state(database, store.kinds)
    store.execute("DELETE FROM run")
    intake = Intake(store)
    waiting = store.rows("SELECT n, device FROM stream ORDER BY n")
    root = store.root
    steps: list[Callable[[str], bool]] = [
        lambda device: device == root,
        lambda device: device in judging.standing(store).authority.seats,
        lambda _device: True,
    ]
    for goes_now in steps:
        now = [n for n, device in waiting if goes_now(device)]
        waiting = [one for one in waiting if one[0] not in now]
        for n in now:
            for piece in pieces_of(store, n):
                intake.own(n, piece)
    intake.finish()
    for kind in store.kinds.values():
        create_indexes(database, kind)
