"""Review by exception: why a record needs an officer's eyes, and which records are drawn to be opened all the same.

A rule looks at facts about one record and nothing else. Conflicts and missed items stand first, then what may make
ground or items look safer than they are, then what is doubtful, then what is incomplete; within one severity the
oldest comes first. A record that no rule names is *without remarks* and may be approved together with others of its
kind, once those of them that are drawn have been opened (as QA by sampling goes, IMAS 07.40 and 09.20).

The draw hangs on the version of the record alone: whoever holds the record draws the same, on any day and in any
order, so nobody can draw again until it pleases.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from fieldapp.texts import N_

PLAIN = 9
"""The severity of a record without remarks: behind all others."""


class Facts(NamedTuple):
    """What is known of one record that waits for a decision."""

    kind: str
    conflict: bool = False
    """Two people said different things."""
    pending: bool = False
    """An entry names something that has not come."""
    missed: bool = False
    """A find inside ground that was released before, above the depth cleared (M18)."""
    over_claimed: bool = False
    """More items made safe than were found."""
    overlaps: bool = False
    """Its outline covers ground of another released plot."""
    decided: str = ""
    """What headquarters decided on an earlier version: approved, queried, rejected."""
    signed: str = ""
    """``approved`` where the team signed this version, ``changed`` where it signed an earlier one."""
    asked: str = ""
    """Headquarters' question about it: open, answered."""
    unresolved: bool = False
    """A disposal whose item is not here, or not the only one of its tag."""
    odd_date: bool = False
    clock_doubt: bool = False
    odd_quantity: bool = False
    lacking: bool = False
    """A field that sign-off needs is empty."""
    unlisted: bool = False
    """Its model is not in the list."""
    remark: bool = False
    """The team leader left a remark with the signature."""
    uncertain: bool = False
    """A note says how certain it is."""
    photos: bool = False
    """It names photos that are not here."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to look. ``severity`` 1 stands first."""

    code: str
    severity: int
    word: str
    """For lists, a catalogue message."""
    sentence: str
    """A catalogue message."""
    holds: Callable[[Facts], bool]


RULES: tuple[Rule, ...] = (
    Rule("conflict", 1, N_("To settle"), N_("Two people said different things: to settle"), lambda f: f.conflict),
    Rule("missed_item", 1, N_("Missed item"), N_("Found inside ground that was released before"), lambda f: f.missed),
    Rule("changed_since_approval", 2, N_("Changed since"), N_("Changed since headquarters approved it"),
         lambda f: f.decided == "approved"),
    Rule("overlap", 2, N_("Overlap"), N_("Overlaps ground that is released already"), lambda f: f.overlaps),
    Rule("over_claimed", 2, N_("Too many"), N_("More items made safe than were found"), lambda f: f.over_claimed),
    Rule("pending", 2, N_("Not whole yet"), N_("Something it builds on has not come yet"), lambda f: f.pending),
    Rule("answered", 3, N_("Answered"), N_("The team has answered"),
         lambda f: f.asked == "answered" or (f.decided == "queried" and f.asked != "open")),
    Rule("changed_since_rejection", 3, N_("Changed since"), N_("Changed since headquarters rejected it"),
         lambda f: f.decided == "rejected"),
    Rule("changed_since_sign_off", 3, N_("Changed since"), N_("Changed since the team signed it off"),
         lambda f: f.signed == "changed"),
    Rule("plot_unsigned", 3, N_("Not signed"), N_("A plot without the team's signature"),
         lambda f: f.kind == "plot" and not f.signed),
    Rule("unresolved", 3, N_("Item not known"), N_("The item it disposes of is not known here"),
         lambda f: f.unresolved),
    Rule("odd_quantity", 3, N_("Quantity"), N_("The quantity is out of the ordinary"), lambda f: f.odd_quantity),
    Rule("odd_date", 3, N_("Date"), N_("The date is not plausible"), lambda f: f.odd_date),
    Rule("lacking", 3, N_("Incomplete"), N_("Something needed for sign-off is missing"), lambda f: f.lacking),
    Rule("clock_doubt", 4, N_("Wrong clock"), N_("Logged while the laptop's clock was wrong"), lambda f: f.clock_doubt),
    Rule("unlisted", 4, N_("Not in the list"), N_("The model is not in the list"), lambda f: f.unlisted),
    Rule("remark", 4, N_("Remark"), N_("The team leader left a remark"), lambda f: f.remark),
    Rule("uncertain", 4, N_("Not certain"), N_("A note says how certain it is"), lambda f: f.uncertain),
    Rule("photos", 4, N_("Photos missing"), N_("Photos have not come yet"), lambda f: f.photos),
    Rule("asked", 5, N_("Asked"), N_("The team was asked and has not answered yet"), lambda f: f.asked == "open"),
)
"""Every reason, the more serious first."""

VERSION = hashlib.sha256(repr([(rule.code, rule.severity) for rule in RULES]).encode()).hexdigest()[:16]
"""Changes with the rules: lists that were made by other rules are made anew."""


def bit(code: str) -> int:
    """The place of a reason in a set of reasons kept as a number."""
    return 1 << next(place for place, rule in enumerate(RULES) if rule.code == code)


@lru_cache(maxsize=4096)
def reasons(facts: Facts) -> int:
    """Why this record needs a look, as a set of bits; 0 for a record without remarks."""
    return sum(1 << place for place, rule in enumerate(RULES) if rule.holds(facts))


def rules_in(bits: int) -> list[Rule]:
    """The rules of a set of reasons, the more serious first."""
    return [rule for place, rule in enumerate(RULES) if bits >> place & 1]


@lru_cache(maxsize=4096)
def severity(bits: int) -> int:
    """The most serious of these reasons; ``PLAIN`` where there is none."""
    return min((rule.severity for rule in rules_in(bits)), default=PLAIN)


_DRAW_BYTES = 5
"""Forty bits: sums of as many draws as there will ever be records stay below 2**63."""


def draw(record: str, heads: Sequence[str]) -> int:
    """The lot of one version of a record: the lowest of a group are opened one by one. From its SHA-256."""
    return int.from_bytes(hashlib.sha256(f"{record} {' '.join(sorted(heads))}".encode()).digest()[:_DRAW_BYTES])


def sample_size(population: int, share_percent: int) -> int:
    """How many of a group are drawn: the share rounded up, at least one where there is any."""
    return min(population, max(1, math.ceil(population * share_percent / 100))) if population else 0
