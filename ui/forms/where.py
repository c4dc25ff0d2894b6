"""What a typed position was read as, for the position block of any form."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.errors import OperatorError
from fieldapp.geodesy.coordinates import format_position
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.operations import positions
from fieldapp.operations.positions import ReadBack
from fieldapp.texts import N_, Texts
from ui.widgets import Reading

ReadFacts = Callable[[ReadBack], tuple[tuple[str, str], ...]]


def no_facts(_read: ReadBack) -> tuple[tuple[str, str], ...]:
    """Nothing is near that is known."""
    return ()


def reading_of(text: str, texts: Texts, facts: ReadFacts = no_facts, frame: Frame = FRAME) -> Reading:
    """Read ``text``: what it means in two formats, whether it seems swapped, and ``facts`` about the place."""
    try:
        read = positions.read(text, frame)
    except OperatorError as error:
        what, kept, do = error.parts(texts)
        return Reading("danger", what, f"{kept} {do}")
    if read.swap is not None:
        swapped = f"{read.swap.lat!r} {read.swap.lon!r}"
        place = format_position(read.swap.lat, read.swap.lon, "dd")
        other_way = texts(N_("The other way round it is {place}, inside the work area."), place=place)
        return Reading(
            "warn", texts(N_("Swapped?")), other_way, read.shown, read.second, swapped, texts(N_("Swap")), value=read
        )
    return Reading(
        "ok", texts(N_("Position read as typed")), texts(N_("No receiver accuracy.")), read.shown, read.second,
        facts=facts(read), value=read,
    )  # fmt: skip
