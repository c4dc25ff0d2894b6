"""Places: districts and communities under stable codes, with what changed when.

Codes are ISO 3166-2 where there is one. Aghdara, formed in December 2023, has none and bears our own
``AZ-X-AGHDARA``; ``AZ-AGA`` is Aghstafa, not Aghdara. Communities bear our own codes too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import msgspec

from fieldapp.domain.kinds import Names
from fieldapp.domain.lists import list_bytes
from fieldapp.texts import fold


@dataclass(frozen=True, slots=True)
class FormedFrom:
    """Ground that belonged to another place before, in square kilometres as the law gives them (decimal text)."""

    place: str
    area_km2: str


@dataclass(frozen=True, slots=True)
class Place:
    """A district, city or community. ``kind`` is one of those three words."""

    code: str
    kind: str
    names: Names
    source: str
    variants: tuple[str, ...] = ()
    """Other spellings it is found by, in any alphabet."""
    parent: str = ""
    """Of a community: the code of its district."""
    public_order: int = 0
    """Its place in the order public notices name districts in; 0 where notices give none."""
    valid_from: str = ""
    """First day, month or year it exists, as exactly as known (ISO 8601); empty where it always did here."""
    formed_from: tuple[FormedFrom, ...] = field(default=())
    valid_to: str = ""
    """Last day, month or year it existed; empty while it exists."""
    withdrawn: bool = False

    def name(self, language: str = "en") -> str:
        """Its name in ``language``."""
        return self.names.in_language(language)

    def in_force(self, day: date) -> bool:
        """Did the place exist on ``day``? A month or year counts from its first day to its last."""
        text = day.isoformat()
        return self.valid_from <= text and (not self.valid_to or text[: len(self.valid_to)] <= self.valid_to)


@dataclass(frozen=True)
class _File:
    places: tuple[Place, ...]


@lru_cache(maxsize=1)
def places() -> dict[str, Place]:
    """The shipped places by code, in the order of the list."""
    return {place.code: place for place in msgspec.json.decode(list_bytes("places"), type=_File).places}


@lru_cache(maxsize=1)
def _by_key() -> dict[str, Place]:
    keys: dict[str, Place] = {}
    for found in places().values():
        for text in (found.code, found.names.en, found.names.az, found.names.ru, *found.variants):
            keys[fold(text)] = found
    return keys


def place(code: str) -> Place | None:
    """The place with this code, or None where this version does not know it."""
    return places().get(code)


def place_name(code: str, language: str = "en") -> str:
    """The name of a place; the code itself where this version does not know it."""
    known = places().get(code)
    return known.name(language) if known else code


def find_place(text: str) -> Place | None:
    """The place that ``text`` names in any shipped language, spelling or as its code; None where there is none."""
    return _by_key().get(fold(text))


def district_of(code: str) -> str | None:
    """The code of the district that a place lies in (a district or city itself); None where it is not known."""
    known = places().get(code)
    return (known.parent or known.code) if known else None


def public_districts() -> tuple[str, ...]:
    """Codes of the districts public notices name, in their order; then the other districts of the list."""
    districts = [known for known in places().values() if not known.parent]
    return tuple(known.code for known in sorted(districts, key=lambda known: known.public_order or len(districts) + 1))


def in_public_order(codes: set[str]) -> list[str]:
    """``codes`` as notices name them: known districts in public order, then all others by code."""
    known = [code for code in public_districts() if code in codes]
    return known + sorted(codes.difference(known))
