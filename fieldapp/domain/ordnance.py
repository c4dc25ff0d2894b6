"""Ordnance models and the search a deminer types into.

The order of hits never depends on use: habit types blind, and the model that stands first must always be the same.
What is typed is tried as it stands and as it would read had the other keyboard layout been on (``зьт2`` is ``pmn2``,
``gvy2`` is ``пмн2``). Cyrillic letters that look like Latin ones are taken for them, so that a name half in one
alphabet is still found.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import msgspec

from fieldapp.domain.kinds import Names
from fieldapp.domain.lists import list_bytes
from fieldapp.texts import fold

_CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбю"
_US_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_AZ_KEYS = "qüertyuiopöğasdfghjklıəzxcvbnmçş"
"""The same physical keys, left to right and top to bottom, on Russian, US and Azerbaijani (Latin) keyboards."""
_TO_CYRILLIC = str.maketrans(_US_KEYS + _AZ_KEYS, _CYRILLIC_KEYS + _CYRILLIC_KEYS)
_TO_LATIN = str.maketrans(_CYRILLIC_KEYS + "ü", _US_KEYS + "w")
_LOOK_ALIKE = str.maketrans("авекмнорстух", "abekmhopctyx")
_SUBSTRING_FROM = 2
"""Characters typed before names that merely contain them are offered."""


@dataclass(frozen=True, slots=True)
class Model:
    """One ordnance model of the list."""

    code: str
    category: str
    sub_category: str
    names: Names
    source: str
    aliases: tuple[str, ...] = ()
    usual_quantity: int = 0
    """Pieces usually found in one place; 0 where nothing is usual. Ten times more is read back in words."""
    withdrawn: bool = False
    """Headquarters withdrew it: readable, offered no more."""

    def name(self, language: str = "en") -> str:
        """Its name in ``language``."""
        return self.names.in_language(language)


@dataclass(frozen=True, slots=True)
class Hit:
    """A model that fits what was typed, and the name or alias it was found by."""

    model: Model
    matched: str
    exact: bool
    other_layout: bool = False
    """Found only by reading the keys on the other keyboard layout."""


@dataclass(frozen=True)
class _File:
    models: tuple[Model, ...]


@lru_cache(maxsize=1)
def models() -> dict[str, Model]:
    """The shipped models by code, in the order of the list: within a prefix this is the order of hits."""
    return {model.code: model for model in msgspec.json.decode(list_bytes("ordnance_models"), type=_File).models}


def search_key(text: str) -> str:
    """``text`` as the search compares it: folded, with Cyrillic look-alikes as Latin letters."""
    return fold(text).translate(_LOOK_ALIKE)


class ModelIndex:
    """The search over a list of models: the shipped one, or that with what headquarters has added."""

    def __init__(self, listed: tuple[Model, ...]) -> None:
        self._rows = [(known, _keys(known)) for known in listed]

    def search(self, text: str, limit: int = 8) -> list[Hit]:
        """The best ``limit`` models for what was typed: exact, then beginning of a name, of an alias, then inside.

        Equal ranks keep the order of the list.
        """
        best: dict[str, tuple[tuple[int, int, int], Hit]] = {}
        for layout, typed in enumerate(_readings(text)):
            for place, (known, keys) in enumerate(self._rows):
                found = _match(typed, keys)
                if found is None:
                    continue
                rank, matched = found
                # What begins as typed, on either layout, stands before what only contains it.
                order = (2 * (rank == 3) + (layout > 0), rank, place)
                if known.code not in best or order < best[known.code][0]:
                    best[known.code] = (order, Hit(known, matched, rank == 0, layout > 0))
        return [hit for _, hit in sorted(best.values(), key=lambda found: found[0])[:limit]]


def _keys(known: Model) -> list[tuple[str, str, bool]]:
    names = dict.fromkeys((known.names.en, known.names.az, known.names.ru))
    return [(search_key(name), name, True) for name in names] + [
        (search_key(alias), alias, False) for alias in known.aliases
    ]


def _match(typed: str, keys: list[tuple[str, str, bool]]) -> tuple[int, str] | None:
    """The best rank of ``typed`` among a model's keys: 0 exact, 1 name begins, 2 alias begins, 3 inside."""
    best: tuple[int, str] | None = None
    for key, shown, is_name in keys:
        if key == typed:
            return 0, shown
        if key.startswith(typed):
            rank = 1 if is_name else 2
        elif len(typed) >= _SUBSTRING_FROM and typed in key:
            rank = 3
        else:
            continue
        if best is None or rank < best[0]:
            best = rank, shown
    return best


def _readings(text: str) -> list[str]:
    """What was typed, then the same keys on the other layouts; only readings that differ and are not empty."""
    lower = text.replace("İ", "i").lower()
    readings = (text, lower.translate(_TO_CYRILLIC), lower.translate(_TO_LATIN))
    return [key for key in dict.fromkeys(map(search_key, readings)) if key]
