"""Organisations that contribute finds and hectares (the agency, ministries, neutral codes for private operators)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import msgspec

from fieldapp.domain.kinds import Names
from fieldapp.domain.lists import list_bytes


@dataclass(frozen=True, slots=True)
class Organisation:
    """One contributor. ``kind`` is agency, state or private; ``short`` fits a table's column."""

    code: str
    kind: str
    short: str
    names: Names
    withdrawn: bool = False


@dataclass(frozen=True)
class _File:
    organisations: tuple[Organisation, ...]


@lru_cache(maxsize=1)
def organisations() -> dict[str, Organisation]:
    """The shipped organisations by code, in the order of public notices."""
    listed = msgspec.json.decode(list_bytes("organisations"), type=_File).organisations
    return {organisation.code: organisation for organisation in listed}
