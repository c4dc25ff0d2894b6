"""Vocabularies: the codes a field may hold, in order, with their names in the languages we ship.

A code that this version does not know, because a newer laptop wrote it, is shown as it is and never refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from fieldapp.domain.kinds import Names
from fieldapp.domain.lists import list_bytes

OWN_LISTS = {
    "model": ("ordnance_models", "models"),
    "place": ("places", "places"),
    "organisation": ("organisations", "organisations"),
}
"""Lists with a module of their own that a field may name like any vocabulary: file and member."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of a vocabulary. Only the members that its vocabulary uses are filled."""

    code: str
    names: Names
    key: str = ""
    """The key that chooses it in a form, an upper-case Latin letter."""
    rollup: str = ""
    """Of a category: its public line. Of a release: the line of the report (cleared, bac, reduced, cancelled)."""
    category: str = ""
    """Of a sub-category or a model: the category it belongs to."""
    tile: int = 0
    """Of a category: the number of its tile on the find form (Alt and this digit)."""
    follow_up_owed: bool = False
    """Of a clearance method: it ends no clearance, another method has to follow on the same ground."""
    from_receiver: bool = False
    """Of a way to fix a position: a receiver's accuracy may stand beside it."""
    withdrawn: bool = False
    """Headquarters withdrew it: readable, offered no more."""


@dataclass(frozen=True)
class Vocabulary:
    """One vocabulary: the entries that are offered, in that order, and all that can be read, by code."""

    name_of: str
    entries: tuple[Entry, ...]
    by_code: dict[str, Entry]
    """Withdrawn ones too."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that are offered, in order."""
        return tuple(entry.code for entry in self.entries)

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def name(self, code: str, language: str = "en") -> str:
        """The name of ``code``; the code itself where this version does not know it."""
        entry = self.by_code.get(code)
        return entry.names.in_language(language) if entry else code

    def key(self, code: str) -> str:
        """The key that chooses ``code`` in a form, or nothing."""
        entry = self.by_code.get(code)
        return entry.key if entry else ""

    def rollup(self, code: str) -> str:
        """The public line of ``code``; nothing for what has none or is not known here, so that a report can say so."""
        entry = self.by_code.get(code)
        return entry.rollup if entry else ""

    def of_category(self, category: str) -> tuple[Entry, ...]:
        """The entries that belong to ``category``, in order."""
        return tuple(entry for entry in self.entries if entry.category == category)

    def follow_up_owed(self, code: str) -> bool:
        """Does ``code``, a clearance method, leave work to another method? True where it is not known here."""
        entry = self.by_code.get(code)
        return entry is None or entry.follow_up_owed


@dataclass(frozen=True)
class _List:
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class _Vocabularies:
    vocabularies: dict[str, _List]


@lru_cache(maxsize=1)
def _shipped() -> dict[str, _List]:
    return msgspec.json.decode(list_bytes("vocabularies"), type=_Vocabularies).vocabularies


def vocabulary_names() -> tuple[str, ...]:
    """Names that ``vocabulary`` knows."""
    return (*_shipped(), *OWN_LISTS)


@lru_cache(maxsize=32)
def vocabulary(name: str) -> Vocabulary:
    """The shipped vocabulary ``name``, the word a field declares. Raises KeyError for one that does not exist."""
    if name in OWN_LISTS:
        file, member = OWN_LISTS[name]
        whole = msgspec.json.decode(list_bytes(file), type=dict[str, msgspec.Raw])
        entries = msgspec.json.decode(whole[member], type=tuple[Entry, ...])
    else:
        entries = _shipped()[name].entries
    return Vocabulary(name, entries, {entry.code: entry for entry in entries})
