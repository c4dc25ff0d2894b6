"""Whether records of a kind changed since something was worked out from them; for what is remembered in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from fieldapp.storage.database import Store

_CACHE = "generations"


@dataclass(frozen=True)
class Generation:
    """A state of the records of some kinds. Equal as long as none of them changed."""

    counts: tuple[int, ...]
    counter: int
    """Which counter they come from: another connection's commit, or a rollback, begins a new one."""


class _Counter(Counter[str]):
    """Changes by kind."""

    last = 0

    def __init__(self) -> None:
        super().__init__()
        _Counter.last += 1
        self.number = _Counter.last


def _counter(store: Store) -> _Counter:
    found: _Counter = store.caches.setdefault(_CACHE, _Counter())
    return found


def note_changed(store: Store, kinds: Iterable[str]) -> None:
    """Records of these kinds came or changed."""
    _counter(store).update(set(kinds))


def generation(store: Store, kinds: Iterable[str]) -> Generation:
    """The state of the records of these kinds as it is now."""
    if not store.in_transaction:
        store.forget_if_stale()
    counter = _counter(store)
    return Generation(tuple(counter[kind] for kind in kinds), counter.number)
