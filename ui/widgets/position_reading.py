"""What a position block shows: what a position was read as, and what the receiver says. All texts ready to show."""

from __future__ import annotations

from dataclasses import dataclass

Lines = tuple[tuple[str, str], ...]
"""Words and their values."""


@dataclass(frozen=True)
class Reading:
    """What an entered position was read as.

    ``tone`` and ``first``, ``detail`` are the banner (ok, warn, danger, stale). ``first_format`` is shown large and
    ``second_format`` small; both are empty when it is no position. ``instead`` is what the banner's button
    ``instead_label`` puts into the field (axes swapped, say). ``quality`` stands in a row under the position,
    ``facts`` are read back below. ``value`` is whatever the page wants to keep of it.
    """

    tone: str
    first: str
    detail: str = ""
    first_format: str = ""
    second_format: str = ""
    instead: str = ""
    instead_label: str = ""
    facts: Lines = ()
    value: object = None
    quality: Lines = ()
    icon: str = ""


@dataclass(frozen=True)
class Live:
    """What the receiver says now.

    ``can_take``: the button that takes the position works; ``take`` is its word, and with ``ended`` it begins a fresh
    average, as the one that was wanted came to an end. ``counted`` of ``wanted`` fixes are in
    the average that runs, ``average`` is the word of the button that takes it, and ``spread`` what is said of it; all
    empty while none runs. ``alarm`` tells that the fix has just been lost: it is to be heard.
    """

    tone: str
    first: str
    detail: str = ""
    first_format: str = ""
    second_format: str = ""
    quality: Lines = ()
    icon: str = ""
    can_take: bool = False
    take: str = ""
    counted: int = 0
    wanted: int = 0
    spread: str = ""
    average: str = ""
    alarm: bool = False
    ended: bool = False

    @property
    def is_stale(self) -> bool:
        """Is what is shown no longer true?"""
        return self.tone == "stale"
