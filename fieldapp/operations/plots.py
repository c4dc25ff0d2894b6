"""Plots: from typed turning points to a saved land release product with its geodesic area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fieldapp.domain.decimals import decimal_text
from fieldapp.geodesy import area, coordinates
from fieldapp.geodesy.area import Problem
from fieldapp.geodesy.coordinates import Position, SwapHint
from fieldapp.geodesy.districts import WORK_AREA
from fieldapp.operations import current_task, records
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record

Vertex = dict[str, str]
"""``lat`` and ``lon`` as decimal text, ``role``, ``text`` as typed, ``crs``."""


@dataclass(frozen=True)
class Measured:
    """What can be said of turning points while they are typed."""

    vertices: list[Vertex]
    area_m2: Decimal | None
    """Geodesic, one decimal; None while the points enclose nothing that can be measured."""
    perimeter_m: float
    legs_m: list[float]
    """Horizontal length from each point to the next, the last back to the first."""
    problems: list[Problem]
    swaps: list[tuple[int, SwapHint]]
    """Points that lie outside the work area while their swap lies inside: index and hint."""


def vertex(text: str, role: str) -> Vertex:
    """A turning point from typed text. Raises CoordinateNotUnderstood."""
    understood = coordinates.parse(text)
    return {
        "lat": decimal_text(understood.lat, 9), "lon": decimal_text(understood.lon, 9), "role": role,
        "text": understood.text, "crs": understood.crs,
    }


def role_of(index: int) -> str:
    """Name of the n-th point of an outline: SP (start point), TP1, TP2 ... (GICHD point types)."""
    return "SP" if index == 0 else f"TP{index}"


def measure(points: Sequence[str]) -> Measured:
    """Area, perimeter, legs and problems of one ring of typed points. Raises CoordinateNotUnderstood."""
    vertices = [vertex(text, role_of(index)) for index, text in enumerate(points)]
    ring = [Position(float(v["lat"]), float(v["lon"])) for v in vertices]
    problems = area.outline_problems(ring)
    legs = area.leg_lengths_m(ring) if len(ring) > 1 else []
    swaps = [
        (index, hint)
        for index, at in enumerate(ring)
        if (hint := coordinates.swap_hint(at.lat, at.lon, WORK_AREA)) is not None
    ]
    return Measured(vertices, _area(vertices), sum(legs), legs, problems, swaps)


def _area(vertices: list[Vertex]) -> Decimal | None:
    try:
        return area.outline_area_m2([[vertices]]) if len(vertices) > 2 else None
    except (area.OutlineHasNoArea, ValueError):  # ValueError: two points and the first one again
        return None


def add_plot(
    ws: Workspace, fields: Mapping[str, object], points: Sequence[str], *, by: str | None = None
) -> Record:
    """Save a plot with the outline of ``points`` as typed. Raises CoordinateNotUnderstood.

    The area is computed here, once, and stored; the points stay as typed and are never moved or cropped. An
    outline that encloses nothing (self-crossing, too few points) is saved without an area and releases nothing.
    """
    given = _given(current_task.inherited(ws, "plot", fields))
    return records.add(ws, "plot", {**_defaults(ws), **given, **land(points)}, by=by)


def correct_plot(
    ws: Workspace,
    name: str,
    fields: Mapping[str, object],
    why: str,
    *,
    points: Sequence[str] | None = None,
    heads: Sequence[str] | None = None,
    by: str | None = None,
) -> Record:
    """Correct a plot with a reason; new ``points`` replace the whole outline and its area."""
    values = dict(fields) | (land(points) if points is not None else {})
    return records.correct(ws, name, current_task.named(ws, values), why, heads=heads, by=by)


def land(points: Sequence[str]) -> dict[str, Any]:
    """Outline and area fields of one ring of typed points. Raises CoordinateNotUnderstood."""
    measured = measure(points)
    if not measured.vertices:
        return {}
    computed = measured.area_m2
    return {"outline": [[measured.vertices]], "area_m2": None if computed is None else decimal_text(computed, 1)}


def outline_rings(outline: Any) -> list[list[list[tuple[float, float]]]]:
    """The rings of a stored outline as (lon, lat) in degrees, for measuring and drawing."""
    return [[[(float(v["lon"]), float(v["lat"])) for v in ring] for ring in part] for part in outline]


def typed_points(outline: Any) -> list[str]:
    """The first ring's points as they were typed (or as decimal degrees), to correct them."""
    return [v.get("text") or f"{v['lat']} {v['lon']}" for v in outline[0][0]] if outline else []


def _defaults(ws: Workspace) -> dict[str, object]:
    return {"completed_on": ws.clock.now().date().isoformat()}


def _given(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value not in (None, "")}
