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
