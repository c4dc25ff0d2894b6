"""What a printed map says of itself: what is left out, how old it is, who made it, systems, norths, sources.

A map on paper is handed on without the screen that it came from: whatever a reader has to know stands on the sheet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.clock import local, offset_min
from fieldapp.geodesy.coordinates import Position, system_name
from fieldapp.geodesy.declination import ModelExpired, convergence_deg, declination
from fieldapp.geodesy.frame import Frame
from fieldapp.geodesy.gridlines import SheetGrid
from fieldapp.geodesy.grids import grid_name
from fieldapp.operations.map_sheet import SheetFacts
from fieldapp.texts import N_, Texts
from ui.map.drawing import DrawnLayer
from ui.map.filters import STATES, Wanted
from ui.map.finds_layer import FindsLayer
from ui.map.layer import Layer
from ui.map.view import View

_COUNTED = N_(
    "A number counts the finds around its symbol, which shows the most dangerous of them. A small square is one find or"
    " more, a pale one where all are destroyed or removed."
)


@dataclass(frozen=True)
class Note:
    """A sentence or two under one another; ``loud`` ones are what nobody may overlook."""

    text: str
    loud: bool = False


def left_out(
    layers: Sequence[Layer], names: dict[str, str], drawn: int, total: int, wanted: Sequence[str], texts: Texts
) -> tuple[str, ...]:
    """What a sheet does not show: finds that are filtered away, layers switched off, and a drawing that is not saved.

    ``names`` are the layers' by code, ``wanted`` the words of the filter in force (none: no filter).
    """
    said = []
    if wanted:
        number = texts.number
        filtered = texts(N_("Filtered: {some} of {all} finds"), some=number(drawn), all=number(total))
        said.append(f"{filtered} ({'; '.join(wanted)})")
    off = [names[layer.code] for layer in layers if layer.code in names and not layer.visible]
    if off:
        said.append(texts(N_("Switched off: {layers}"), layers=", ".join(dict.fromkeys(off))))
    if any(isinstance(layer, DrawnLayer) and layer.seen is not None for layer in layers):
        said.append(texts(N_("The drawing that is under way is not on this sheet.")))
    return tuple(said)


def words_of_filter(wanted: Wanted, category: str, team: str, task: str, texts: Texts) -> list[str]:
    """A filter in words; ``category``, ``team`` and ``task`` are those that it asks for, ready to show."""
    said = []
    for message, day in ((N_("Found from"), wanted.since), (N_("Found until"), wanted.until)):
        if day:
            said.append(_labelled(texts, message, texts.short_day(dt.date.fromordinal(day))))
    for message, word, asked in (
        (N_("Category"), category, wanted.category is not None), (N_("Team"), team, bool(wanted.team)),
        (N_("Task"), task, bool(wanted.task)),
    ):  # fmt: skip
        if asked:
            said.append(_labelled(texts, message, word))
    if wanted.state:
        said.append(_labelled(texts, N_("State"), texts(dict(STATES)[wanted.state])))
    return said


def _labelled(texts: Texts, label: str, word: str) -> str:
    return texts(N_("{label}: {word}"), label=texts(label), word=word)


@dataclass(frozen=True)
class Said:
    """Everything the notes are made from."""

    facts: SheetFacts
    frame: Frame
    now: dt.datetime
    left_out: tuple[str, ...]
    credits: tuple[str, ...]


def notes(said: Said, view: View, grid: SheetGrid | None, layers: Sequence[Layer], texts: Texts) -> list[Note]:
    """The notes of a sheet, the most important first."""
    found = [Note(texts(N_("Ground that is left blank is not safe: nothing is recorded there.")), loud=True)]
    found += [Note(one, loud=True) for one in said.left_out]
    if any(isinstance(layer, FindsLayer) and layer.is_overview(view) for layer in layers):
        found.append(Note(texts(_COUNTED)))
    found += [Note(_as_of(said, texts)), Note(_made(said, texts)), Note(_systems(said, grid, texts))]
    found.append(Note(" ".join(_norths(view, grid, said.now.date(), texts))))
    if said.credits:
        found.append(Note(texts(N_("Sources: {names}"), names=" · ".join(said.credits))))
    return found


def _as_of(said: Said, texts: Texts) -> str:
    if not said.facts.newest:
        return texts(N_("Data: nothing is recorded yet"))
    when = _moment(local(said.facts.newest, offset_min(said.now)), texts)
    return texts(N_("Data as of {when}, when the newest record was entered"), when=when)


def _made(said: Said, texts: Texts) -> str:
    facts = said.facts
    who = ", ".join(dict.fromkeys(filter(None, (facts.person, facts.team, facts.deployment))))
    ahead = offset_min(said.now)
    sign = "+" if ahead >= 0 else "\u2212"
    zone = f"UTC{sign}{abs(ahead) // 60:02d}:{abs(ahead) % 60:02d}"
    return texts(N_("Made on {when} ({zone}) by {who}"), when=_moment(said.now, texts), zone=zone, who=who)


def _moment(moment: dt.datetime, texts: Texts) -> str:
    return f"{texts.short_day(moment.date())} {moment:%H:%M}"


def _systems(said: Said, grid: SheetGrid | None, texts: Texts) -> str:
    if grid is None:
        return texts(N_("Drawn on WGS 84, Web Mercator (EPSG:3857); no grid"))
    name = texts(system_name(grid.format, said.frame))
    if grid.crs.startswith("EPSG:"):
        name = f"{name} ({grid_name(grid.crs)})"
    elif grid.format in ("dd", "dm", "dms"):
        return texts(N_("Drawn on WGS 84, Web Mercator (EPSG:3857). Grid: {grid}"), grid=name)
    if said.frame.system(grid.format) is None and not grid.format.startswith(("utm", "mgrs")):
        name = f"{name}, {said.frame.operation.code}"
    return texts(N_("Drawn on WGS 84, Web Mercator (EPSG:3857). Grid: {grid}"), grid=name)


def _norths(view: View, grid: SheetGrid | None, day: dt.date, texts: Texts) -> list[str]:
    at = Position(*view.middle)
    said = [texts(N_("True north is up."))]
    try:
        found = declination(at, day)
    except ModelExpired as error:
        return [*said, error.sentence(texts)]
    way = N_("Declination {angle}° east on {day} ({model}).")
    if found.deg < 0:
        way = N_("Declination {angle}° west on {day} ({model}).")
    said.append(texts(way, angle=texts.number(abs(found.deg), 1), day=texts.short_day(day), model=found.model))
    if grid is not None and grid.crs:
        turned = convergence_deg(at, grid.crs)
        way = N_("Grid north {angle}° east of true north.") if turned >= 0 else N_(
            "Grid north {angle}° west of true north.")
        said.append(texts(way, angle=texts.number(abs(turned), 1)))
    return said


def compass_deg(view: View, day: dt.date) -> float | None:
    """By how many degrees the needle points east of the sheet's upper edge; None where no model says it."""
    try:
        return declination(Position(*view.middle), day).deg
    except ModelExpired:
        return None
