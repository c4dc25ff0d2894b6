"""What goes between the map and the forms when an outline is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

DRAFT = "drawing"
"""The draft in which a drawing is kept."""


@dataclass(frozen=True)
class DrawOn:
    """A form asks the map: draw on this outline (``typed_outline``), or anew where it is empty.

    ``target`` is the key of the form's page, ``record`` what is corrected there ("" for a new record).
    """

    target: str
    text: str = ""
    record: str = ""


@dataclass(frozen=True)
class DrawnOutline:
    """The map hands an outline over. ``began`` is what the form had when the drawing began: only that is replaced
    without asking. ``taken()`` is called once the form has it in its own draft.
    """

    text: str
    record: str
    began: str
    taken: Callable[[], None]
