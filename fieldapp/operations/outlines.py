"""Outlines from points: typed in any system, captured, walked by legs, pasted or read from a file - and measured.

A typed outline is a list of parts, each a list of rings (the first the shell, the others holes), each a list of
``TypedPoint``. Points are stored as they were measured: nothing here moves, crops or leaves out ground. Reference
points and benchmarks stand beside the ring (``Measured.beside``): one walks from them, the ground does not end there.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_UP, Decimal
from pathlib import Path
from typing import Protocol

from fieldapp.domain.decimals import decimal_text
from fieldapp.domain.vocabulary import vocabulary
from fieldapp.exchange import point_lists
from fieldapp.exchange.point_lists import Line, ListNotRead, PointList
from fieldapp.geodesy import area, coordinates, grids
from fieldapp.geodesy.area import Problem
from fieldapp.geodesy.coordinates import Position, SwapHint
from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.geodesy.notes import Note
from fieldapp.operations import positions
from fieldapp.operations.area_files import read_areas
from fieldapp.texts import Texts

__all__ = [
    "BESIDE", "FileArea", "Line", "ListNotRead", "Measured", "Outline", "PointList", "TypedOutline", "TypedPoint",
    "Vertex", "fields_of", "from_captured", "from_file", "from_map_click", "from_position_fields", "from_stored",
    "from_text", "from_vertex", "is_beside", "measure", "points_of", "position_of", "role_code", "role_name", "role_of",
    "thinned", "vertex_of", "with_roles",
]  # fmt: skip

Vertex = dict[str, str]
"""``lat`` and ``lon`` as decimal text, ``role``, ``text`` as typed, ``crs``; where known ``operation``, ``accuracy_m``
(decimal text), ``fixed_by``, and ``snapped_to``: the record onto whose corner or edge a hand moved it."""
Outline = list[list[list[Vertex]]]
"""As it is stored: parts, rings, vertices; no vertex repeated at the end."""

PLACES = 9
"""Digits after the point of stored latitudes and longitudes."""
MAP_AT_BEST_M = 5.0
"""A point placed on a map is not known better than this: satellite pictures without own control points are sold as
good to some 5 m (nine points of ten), and pointing comes on top.
"""
MAP_PLACES = 6
"""Digits after the point of a position that was placed on a map: some 10 cm."""
BESIDE = ("RP", "BM")
"""Roles of points that are no corner of the ground: reference point (landmark) and benchmark."""
_ROLE = re.compile(r"(RP|BM|SP|TP|IP|EP)([0-9]{0,4})")


@dataclass(frozen=True)
class TypedPoint:
    """One point as it was entered: typed text in a system ("auto", or a code of the parser), or a ``known`` vertex.

    ``role`` is a code of the vocabulary ``point_type``, with a number or without; empty: given by its place.
    """

    text: str = ""
    role: str = ""
    system: str = "auto"
    known: Mapping[str, str] | None = None
    """Members of a vertex that are known already (captured, walked, read from a file, stored): not read again."""


TypedOutline = Sequence[Sequence[Sequence[TypedPoint]]]


def from_vertex(vertex: Mapping[str, str]) -> TypedPoint:
    """A stored vertex as a point that keeps everything it has."""
    return TypedPoint(vertex.get("text", ""), vertex.get("role", ""), known=dict(vertex))


def from_stored(outline: Iterable[Iterable[Iterable[Mapping[str, str]]]]) -> list[list[list[TypedPoint]]]:
    """A stored outline as a typed one that measures and stores as the same."""
    return [[[from_vertex(vertex) for vertex in ring] for ring in part] for part in outline]


class HasPositionFields(Protocol):
    """What a captured fix offers (``operations/receiving.py``): the fields of a position group."""

    def fields(self) -> Mapping[str, object]:
        """By field name, as ``domain/records/shared.py`` declares them."""
        ...


def from_captured(captured: HasPositionFields, role: str = "") -> TypedPoint:
    """A fix or average of the receiver as a point of an outline."""
    return from_position_fields(captured.fields(), role)


def from_position_fields(fields: Mapping[str, object], role: str = "") -> TypedPoint:
    """A point out of the fields of a position group (``domain/records/shared.py``)."""
    known = {"lat": str(fields["lat"]), "lon": str(fields["lon"])}
    for member, name in (
        ("text", "typed_text"), ("crs", "typed_crs"), ("operation", "datum_operation"), ("accuracy_m", "accuracy_m"),
        ("fixed_by", "fixed_by"),
    ):  # fmt: skip
        if fields.get(name) not in (None, ""):
            known[member] = str(fields[name])
    known.setdefault("crs", "EPSG:4326")
    return TypedPoint(known.get("text", ""), role, known=known)


def from_map_click(
    lat: float, lon: float, pointing_m: float, snapped_to: str = "", *, exact: bool = False
) -> TypedPoint:
    """A point that was placed on a map by hand, to within ``pointing_m`` metres of what the map shows there.

    Its accuracy is never better than ``MAP_AT_BEST_M``: how well the map itself lies is not known. ``snapped_to`` names
    the record whose corner or edge it was moved onto. ``exact``: the very digits are kept, as for anything that was
    moved onto something; else as many as a click can mean.
    """
    places = PLACES if exact or snapped_to else MAP_PLACES
    metres = Decimal(repr(max(pointing_m, MAP_AT_BEST_M))).quantize(Decimal("0.1"), rounding=ROUND_UP)
    known = {
        "lat": decimal_text(lat, places), "lon": decimal_text(lon, places),
        "crs": "EPSG:4326", "fixed_by": "map_click", "accuracy_m": decimal_text(metres, 1),
    }  # fmt: skip
    if snapped_to:
        known["snapped_to"] = snapped_to
    return TypedPoint(known=known)


def role_of(index: int) -> str:
    """Name of the n-th point of a ring where none was given: SP (start point), TP1, TP2 ... (GICHD point types)."""
    return "SP" if index == 0 else f"TP{index}"


def role_code(role: str) -> str:
    """The code of the vocabulary ``point_type`` of a role: TP of TP7; empty where it is none."""
    found = _ROLE.fullmatch(role)
    return found[1] if found else ""


def role_name(role: str, language: str = "en") -> str:
    """A role in words: ``Turning point 7``; the role itself where this version does not know it."""
    found = _ROLE.fullmatch(role)
    if found is None:
        return role
    return f"{vocabulary('point_type').name(found[1], language)} {found[2]}".strip()


def is_beside(role: str) -> bool:
    """Does a point of that role stand beside the ring?"""
    return role_code(role) in BESIDE


def with_roles(ring: Sequence[TypedPoint]) -> list[TypedPoint]:
    """The points of a ring with a role each, those given kept: SP first, then TP and IP numbered as they come."""
    taken = {point.role for point in ring}
    counted: dict[str, int] = {}
    found: list[TypedPoint] = []
    corners = 0
    for point in ring:
        code = role_code(point.role) or ("SP" if corners == 0 else "TP")
        role = point.role
        if role in ("", "TP", "IP"):
            role = _next(code, counted, taken) if code in ("TP", "IP") else code
        corners += code not in BESIDE
        found.append(dataclasses.replace(point, role=role))
    return found


def _next(code: str, counted: dict[str, int], taken: set[str]) -> str:
    number = counted.get(code, 0) + 1
    while f"{code}{number}" in taken:
        number += 1
    counted[code] = number
    return f"{code}{number}"


def vertex_of(point: TypedPoint, frame: Frame = FRAME) -> Vertex:
    """The vertex that a point is stored as. Raises CoordinateNotUnderstood."""
    return _read(point, frame)[0]


def _read(point: TypedPoint, frame: Frame) -> tuple[Vertex, tuple[Note, ...]]:
    """The vertex, and what should be looked at in its text."""
    if point.known is not None:
        return {**point.known, "role": point.role or point.known.get("role", "")}, ()
    understood = coordinates.parse(point.text, frame, point.system)
    known = from_position_fields(positions.fields_of(understood)).known or {}
    return {**known, "role": point.role}, understood.notes


def position_of(vertex: Mapping[str, str]) -> Position:
    """Where a vertex is."""
    return Position(float(vertex["lat"]), float(vertex["lon"]))


def thinned(walk: Sequence[TypedPoint], tolerance_m: float, frame: Frame = FRAME) -> list[TypedPoint]:
    """Those fixes of a walk that say the same to ``tolerance_m``: first and last stay. The raw walk is the caller's."""
    kept = area.thinned([position_of(vertex_of(point, frame)) for point in walk], tolerance_m)
    return [walk[at] for at in kept]


@dataclass(frozen=True)
class Measured:
    """What can be said of an outline while it is entered. Lists of points go through parts, rings, points in order."""

    vertices: list[Vertex]
    """All points as typed, those beside the ring too."""
    outline: Outline
    """As it would be stored."""
    beside: list[Vertex]
    """Reference points and benchmarks."""
    area_m2: Decimal | None
    """Geodesic, one decimal, holes taken out; None while the points enclose nothing that can be measured."""
    perimeter_m: float
    """Geodesic, of all rings."""
    grid_m2: Decimal | None
    """In the plane of ``grid_crs``: what a map program shows. Never recorded."""
    grid_crs: str
    legs_m: list[float]
    """For each of ``vertices`` the horizontal metres to the next of its ring, the last one back to the first; 0.0 for
    points beside it."""
    bearings_deg: list[float]
    """The bearings of these legs, from true north."""
    problems: list[Problem]
    """What is wrong, with its place."""
    advice: list[Problem] = field(default_factory=list)
    """What is worth a look and keeps nothing from being measured."""
    swaps: list[tuple[int, SwapHint]] = field(default_factory=list)
    """Points that lie outside the work area while their swap lies inside: index in ``vertices`` and hint."""
    notes: list[tuple[int, Note]] = field(default_factory=list)
    """What should be looked at in typed texts: index in ``vertices`` and remark."""


def measure(outline: TypedOutline, frame: Frame = FRAME, grid: str = "utm") -> Measured:
    """Area, perimeter, legs and problems of a typed outline; ``grid``: whose plane the extra area is in (``grids``).

    Raises CoordinateNotUnderstood, GridUnknown.
    """
    vertices: list[Vertex] = []
    stored: Outline = []
    beside: list[Vertex] = []
    legs_m: list[float] = []
    bearings: list[float] = []
    notes: list[tuple[int, Note]] = []
    for part in outline:
        rings = []
        for ring in part:
            read = [_read(point, frame) for point in with_roles(ring)]
            notes += [(len(vertices) + at, note) for at, (_, found) in enumerate(read) for note in found]
            made = [vertex for vertex, _ in read]
            corners = [vertex for vertex in made if not is_beside(vertex["role"])]
            beside += [vertex for vertex in made if is_beside(vertex["role"])]
            each = iter(area.legs([position_of(vertex) for vertex in corners]))
            for vertex in made:
                bearing, leg_m = (0.0, 0.0) if is_beside(vertex["role"]) else next(each, (0.0, 0.0))
                bearings.append(bearing)
                legs_m.append(leg_m)
            vertices += made
            rings.append(corners)
        stored.append([ring for ring in rings if ring])
    stored = [part for part in stored if part]
    problems = area.geometry_problems(stored) if stored else []
    grid_crs = _grid_crs(stored, grid, frame)
    swaps = [
        (index, hint)
        for index, vertex in enumerate(vertices)
        if (hint := coordinates.swap_hint(float(vertex["lat"]), float(vertex["lon"]), frame.work_area)) is not None
    ]
    area_m2 = _area(stored)
    return Measured(
        vertices, stored, beside, area_m2, area.perimeter_m(stored),
        grids.area_m2(stored, grid_crs, frame) if area_m2 is not None else None, grid_crs, legs_m, bearings, problems,
        area.advice(stored), swaps, notes,
    )  # fmt: skip


def _grid_crs(outline: Outline, grid: str, frame: Frame) -> str:
    if not outline:
        return ""
    first = outline[0][0][0]
    return grids.grid_crs(grid, position_of(first), frame, first.get("crs", ""))


def _area(outline: Outline) -> Decimal | None:
    if not outline:
        return None
    try:
        return area.outline_area_m2(outline)
    except (area.OutlineHasNoArea, ValueError):  # ValueError: fewer than three points in a ring
        return None


def fields_of(measured: Measured) -> dict[str, object]:
    """The fields ``outline``, ``area_m2``, ``perimeter_m`` and ``points`` to be saved; nothing for no points.

    A closing point that repeats the first one is left out: the stored ring closes itself.
    """
    if not measured.vertices:
        return {}
    area_m2 = measured.area_m2
    return {
        "outline": [[_open(ring) for ring in part] for part in measured.outline] or None,
        "area_m2": None if area_m2 is None else decimal_text(area_m2, 1),
        "perimeter_m": None if area_m2 is None else decimal_text(measured.perimeter_m, 1),
        "points": measured.beside or None,
    }


def _open(ring: list[Vertex]) -> list[Vertex]:
    closes = len(ring) > 3 and (ring[0]["lat"], ring[0]["lon"]) == (ring[-1]["lat"], ring[-1]["lon"])
    return ring[:-1] if closes else ring


@dataclass(frozen=True)
class FileArea:
    """One area of a file, ready to be an outline, or why it cannot be taken."""

    title: str
    outline: list[list[list[TypedPoint]]]
    unread: str = ""
    """A catalogue message, with ``facts``; empty for an area that was read."""
    facts: Mapping[str, object] = field(default_factory=dict)

    def reason(self, texts: Texts) -> str:
        """Why it cannot be taken; empty where it can."""
        return texts(self.unread, **self.facts) if self.unread else ""


def from_text(text: str, frame: Frame = FRAME, system: str = "auto") -> PointList:
    """The points of a pasted list, each line read or with its error: a preview. Raises ListNotRead.

    Nothing is taken while a line is unread: ``points_of`` makes points of the lines that were.
    """
    return point_lists.read(text, frame, system)


def points_of(pasted: PointList, system: str = "auto") -> list[TypedPoint]:
    """The points of the lines that were read, in their order, with the roles that were named."""
    return [TypedPoint(line.text, line.role, system) for line in pasted.lines if line.understood is not None]


def from_file(file: Path, frame: Frame = FRAME) -> list[FileArea]:
    """The areas of a GeoJSON or CSV file, in their order. Raises AreasNotRead; other formats come later."""
    return [FileArea(one.title, from_stored(one.parts), one.problem, one.facts) for one in read_areas(file, frame)]
