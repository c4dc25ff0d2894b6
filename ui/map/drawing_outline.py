"""An outline while it is drawn: parts, rings and corners at one moment, and every step that can be taken back.

Each corner keeps the row it will be in the points of a form (``ui/forms/typed_outline.py``), so that nothing of its
source is lost on the way: what was clicked on a map says so, and how well a click can be right; what the receiver
gave, what was typed and what a record had stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.operations import outlines
from ui.forms import outline_values, typed_outline
from ui.forms.points import OUTSIDE
from ui.forms.typed_outline import AUTO, RingAt, TypedLine, TypedOutlineText
from ui.map.view import world_of

LatLon = tuple[float, float]
LEAST = 3
"""Corners that a ring needs to be closed."""
MOST_CORNERS = 2_000
"""Outlines with more corners are no longer drawn by hand."""
FIRST = RingAt(0, 0)
_STEPS = 500
"""So many steps can be taken back."""


@dataclass(frozen=True)
class Spot:
    """A corner: where it is (WGS 84 degrees), and the row of a form that it becomes."""

    lat: float
    lon: float
    line: TypedLine

    @cached_property
    def world(self) -> tuple[float, float]:
        """Its world coordinates (``view.py``): asked for every frame."""
        return world_of(self.lat, self.lon)

    @property
    def known(self) -> Mapping[str, str]:
        """What is known of it besides its text; empty for a typed one."""
        return outline_values.point_of(self.line).known or {}

    @cached_property
    def source(self) -> str:
        """How it was fixed: a code of the vocabulary ``fixed_by``; "" where a record does not say it."""
        known = self.known
        return str(known.get("fixed_by") or ("typed" if known.get("text") else ""))


def spot_on_map(
    lat: float, lon: float, pointing_m: float, snapped_to: str = "", role: str = "", *, exact: bool = False
) -> Spot:
    """A corner that was clicked on the map (``outlines.from_map_click``), with the role of the one in whose place."""
    point = outlines.from_map_click(lat, lon, pointing_m, snapped_to, exact=exact)
    line = replace(outline_values.line_of(point), role=role)
    known = point.known or {}
    return Spot(float(known["lat"]), float(known["lon"]), line)


def spot_of(line: TypedLine, frame: Frame = FRAME, system: str = AUTO) -> Spot:
    """A row of a form as a corner; what was read once is not read again. Raises CoordinateNotUnderstood."""
    point = outline_values.point_of(line, system)
    if point.known is None:
        read = outlines.vertex_of(point, frame)
        line = replace(outline_values.line_of(replace(point, known=read)), role=line.role)
        point = replace(point, known=read)
    known = point.known or {}
    return Spot(float(known["lat"]), float(known["lon"]), line)


Ring = tuple[Spot, ...]


@dataclass(frozen=True)
class Drawn:
    """What is drawn at one moment. ``at`` is the ring that is worked on; ``open``: its next corner is still to come.

    All other rings are closed. ``beside`` are rows of points that are no corners (landmarks of a record): they wait.
    """

    parts: tuple[tuple[Ring, ...], ...] = (((),),)
    at: RingAt = FIRST
    open: bool = True
    beside: tuple[TypedLine, ...] = ()

    @property
    def ring(self) -> Ring:
        """The ring that is worked on."""
        return self.ring_at(self.at)

    def ring_at(self, at: RingAt) -> Ring:
        """The ring at a place."""
        return self.parts[at.part][at.ring]

    def places(self) -> list[RingAt]:
        """Where rings are, the shell of each part first."""
        return [RingAt(part, ring) for part, rings in enumerate(self.parts) for ring in range(len(rings))]

    @property
    def count(self) -> int:
        """Corners of all rings."""
        return sum(len(ring) for part in self.parts for ring in part)

    def is_open(self, at: RingAt) -> bool:
        """Is the ring there still open at its end?"""
        return self.open and at == self.at

    @property
    def can_close(self) -> bool:
        """Has the open ring corners enough?"""
        return self.open and len(self.ring) >= LEAST

    def with_ring(self, at: RingAt, ring: Ring) -> Drawn:
        """The same with another ring at a place. An open ring stays the one that is worked on until it is closed."""
        rings = [*self.parts[at.part]]
        rings[at.ring] = ring
        parts = [*self.parts]
        parts[at.part] = tuple(rings)
        return replace(self, parts=tuple(parts), at=self.at if self.open else at)

    def added(self, spot: Spot) -> Drawn:
        """A corner more at the end of the open ring."""
        return self.with_ring(self.at, (*self.ring, spot))

    def inserted(self, at: RingAt, place: int, spot: Spot) -> Drawn:
        """A corner more, before the one at ``place``."""
        ring = self.ring_at(at)
        return self.with_ring(at, (*ring[:place], spot, *ring[place:]))

    def moved(self, at: RingAt, place: int, spot: Spot) -> Drawn:
        """A corner elsewhere."""
        ring = self.ring_at(at)
        return self.with_ring(at, (*ring[:place], spot, *ring[place + 1 :]))

    def removed(self, at: RingAt, place: int) -> Drawn:
        """A corner less. A ring that has too few left is open again, and the one that is worked on."""
        ring = self.ring_at(at)
        ring = (*ring[:place], *ring[place + 1 :])
        found = self.with_ring(at, ring)
        return replace(found, open=self.open or len(ring) < LEAST)

    def closed(self) -> Drawn:
        """The ring is whole."""
        return replace(self, open=False)

    def reopened(self) -> Drawn:
        """The ring that is worked on takes corners at its end again."""
        return replace(self, open=True)

    def with_new_hole(self, of: int) -> Drawn:
        """A hole more in the part ``of``, open."""
        part = self.parts[of]
        parts = [*self.parts]
        parts[of] = (*part, ())
        return replace(self, parts=tuple(parts), at=RingAt(of, len(part)), open=True)

    def with_new_part(self) -> Drawn:
        """Another part, open."""
        return replace(self, parts=(*self.parts, ((),)), at=RingAt(len(self.parts), 0), open=True)

    def without_ring(self, gone: RingAt) -> Drawn:
        """Without this ring; a shell takes its holes along. The last one is only emptied. Another open one stays."""
        if gone.ring:
            part = self.parts[gone.part]
            kept = tuple(ring for at, ring in enumerate(part) if at != gone.ring)
            parts = [*self.parts]
            parts[gone.part] = kept
        else:
            parts = [part for at, part in enumerate(self.parts) if at != gone.part] or [((),)]
        at = self.at
        if at.part == gone.part and gone.ring in (0, at.ring):
            fresh = replace(self, parts=tuple(parts), at=FIRST)
            return replace(fresh, open=len(fresh.ring) < LEAST)
        if at.part == gone.part:
            at = RingAt(at.part, at.ring - (0 < gone.ring < at.ring))
        else:
            at = RingAt(at.part - (gone.ring == 0 and gone.part < at.part), at.ring)
        return replace(self, parts=tuple(parts), at=at)

    def rings(self) -> list[list[list[LatLon]]]:
        """Latitudes and longitudes, parts of rings; rings without a corner are left out."""
        every = [[[(spot.lat, spot.lon) for spot in ring] for ring in part if ring] for part in self.parts]
        return [part for part in every if part]

    def outline(self) -> TypedOutlineText:
        """The rows that a form gets; rings without a corner are left out."""
        parts = [[tuple(spot.line for spot in ring) for ring in part if ring] for part in self.parts]
        kept = [part for part in parts if part] or [[()]]
        if self.beside:
            kept[0][0] = (*self.beside, *kept[0][0])
        return TypedOutlineText(AUTO, tuple(tuple(part) for part in kept))

    def text(self) -> str:
        """``outline`` as one text."""
        return typed_outline.as_text(self.outline())

    def values(self) -> dict[str, str]:
        """As a draft keeps it, rings that have no corner yet included; ``from_values`` reads it."""
        parts = tuple(tuple(tuple(spot.line for spot in ring) for ring in part) for part in self.parts)
        return {
            "points": typed_outline.as_text(TypedOutlineText(AUTO, parts)),
            "beside": typed_outline.as_text(TypedOutlineText(AUTO, ((self.beside,),))),
            "ring": f"{self.at.part} {self.at.ring}", "open": "yes" if self.open else "",
        }  # fmt: skip


def from_typed(typed: TypedOutlineText, frame: Frame = FRAME) -> Drawn:
    """An outline of a form, to be drawn on. Raises CoordinateNotUnderstood for a row that cannot be read."""
    beside: list[TypedLine] = []
    parts = []
    for part in typed.parts:
        rings = []
        for ring in part:
            corners = [line for line in ring if not line.empty and line.role not in OUTSIDE]
            beside += [line for line in ring if not line.empty and line.role in OUTSIDE]
            rings.append(tuple(spot_of(line, frame, typed.system) for line in corners))
        parts.append(tuple(rings))
    made = Drawn(tuple(parts), beside=tuple(beside))
    return replace(made, open=len(made.ring) < LEAST)


def from_values(values: Mapping[str, str], frame: Frame = FRAME) -> Drawn:
    """What a draft kept. Raises CoordinateNotUnderstood, ValueError for a draft that is none of ``values``."""
    made = from_typed(typed_outline.from_text(values.get("points", "")), frame)
    part, ring = map(int, values.get("ring", "0 0").split())
    at = RingAt(part, ring) if RingAt(part, ring) in made.places() else FIRST
    beside = typed_outline.from_text(values.get("beside", "")).at(FIRST)
    return replace(made, at=at, open=bool(values.get("open")) or len(made.ring_at(at)) < LEAST, beside=beside)


class Steps:
    """What is drawn now, and the steps that led there. Steps of one ``run`` after one another are taken back as one."""

    def __init__(self, now: Drawn) -> None:
        self.now = now
        self._back: list[Drawn] = []
        self._forth: list[Drawn] = []
        self._run = ""

    @property
    def can_undo(self) -> bool:
        """Is there a step to be taken back?"""
        return bool(self._back)

    @property
    def can_redo(self) -> bool:
        """Is there one to be made again?"""
        return bool(self._forth)

    def take(self, new: Drawn, run: str = "") -> None:
        """A step: this is drawn now."""
        if not run or run != self._run:
            self._back.append(self.now)
            del self._back[:-_STEPS]
        self._forth.clear()
        self._run = run
        self.now = new

    def undo(self) -> bool:
        """Take the last step back. False: there is none."""
        return self._step(self._back, self._forth)

    def redo(self) -> bool:
        """Make the step again that was taken back last. False: there is none."""
        return self._step(self._forth, self._back)

    def _step(self, steps: list[Drawn], other_way: list[Drawn]) -> bool:
        if not steps:
            return False
        other_way.append(self.now)
        self.now = steps.pop()
        self._run = ""
        return True
