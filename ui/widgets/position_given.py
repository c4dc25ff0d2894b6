"""What stands in a position block, as one text: for drafts, undo and comparison with what was saved.

A position typed in any format is its own text, so that drafts of earlier releases mean what they meant. Everything
else is a JSON object: the way it was fixed and the parts that belong to that way, each as text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

LIVE, AVERAGE, TYPED, BEARING, BASELINE = "live_fix", "average", "typed", "bearing_distance", "baseline"
"""Ways of fixing a position, by code of the ``fixed_by`` vocabulary."""
TAKEN = (LIVE, AVERAGE)
"""Ways that take their position from a receiver."""
FALLBACKS = (BEARING, BASELINE)
"""Ways that work a position out from another point."""
AUTO = "auto"
"""Typed in any format: what it is, is found out."""


@dataclass(frozen=True)
class Given:
    """``way``; ``text`` and ``system`` of a typed position; ``parts`` of every other way."""

    way: str = TYPED
    text: str = ""
    system: str = AUTO
    parts: Mapping[str, str] = field(default_factory=dict)

    def as_text(self) -> str:
        """The whole as one text; empty where nothing was entered."""
        if self.way == TYPED:
            if not self.text or (self.system == AUTO and not self.text.startswith("{")):
                return self.text
            return _dumped({"way": TYPED, "system": self.system, "text": self.text})
        entered = {name: value for name, value in self.parts.items() if value}
        return _dumped({"way": self.way, "parts": entered}) if entered else ""


def given(text: str) -> Given:
    """What ``text`` stands for; a text that ``Given.as_text`` did not write is a typed position."""
    if not text.startswith("{"):
        return Given(text=text)
    try:
        read = json.loads(text)
        way, parts = read["way"], read.get("parts", {})
        if way == TYPED:
            return Given(TYPED, str(read["text"]), str(read["system"]))
        if way in (*TAKEN, *FALLBACKS) and isinstance(parts, dict):
            return Given(way, parts={str(name): str(value) for name, value in parts.items()})
    except (ValueError, LookupError, TypeError):
        pass
    return Given(text=text)


def _dumped(whole: Mapping[str, object]) -> str:
    return json.dumps(whole, ensure_ascii=False, sort_keys=True)
