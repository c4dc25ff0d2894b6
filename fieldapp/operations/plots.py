"""Plots: from typed turning points or legs to a saved land release product with its geodesic area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.geodesy.frame import FRAME, Frame
from fieldapp.operations import current_task, leg_records, legs, outlines, positions, records
from fieldapp.operations.legs import LegSet
from fieldapp.operations.outlines import Measured, TypedOutline, TypedPoint, Vertex, role_of
from fieldapp.operations.workspace import Workspace
from fieldapp.storage.records import Record

__all__ = [
    "Ground", "Measured", "Vertex", "add_plot", "correct_plot", "land", "measure", "role_of", "typed_points",
]  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """The ground of a plot as it was entered."""

    outline: TypedOutline
    legs: Sequence[LegSet] = ()
    """Bearings and distances that points of the outline came from; stored beside it as typed."""
    track: Sequence[TypedPoint] = ()
    """Fixes of a walk that the ring was thinned out of; kept raw."""

    @classmethod
    def of_texts(cls, points: Sequence[str]) -> Ground:
        """One ring of points as typed; none for no points."""
        return cls([[[TypedPoint(text) for text in points]]] if points else [])

    @classmethod
    def of_walk(cls, fixes: Sequence[TypedPoint], thin_to_m: float | None = None, frame: Frame = FRAME) -> Ground:
        """One ring of captured fixes: all of them, or thinned to ``thin_to_m`` with the raw fixes kept beside it."""
        if thin_to_m is None:
            return cls([[list(fixes)]] if fixes else [])
        kept = outlines.thinned(fixes, thin_to_m, frame)
        return cls([[kept]] if kept else [], track=fixes if len(kept) < len(fixes) else ())


def measure(points: Sequence[str], frame: Frame = FRAME) -> Measured:
    """Area, perimeter, legs and problems of one ring of typed points. Raises CoordinateNotUnderstood."""
    return outlines.measure(Ground.of_texts(points).outline, frame)


def add_plot(
    ws: Workspace, fields: Mapping[str, object], points: Sequence[str] | Ground, *, by: str | None = None
) -> Record:
    """Save a plot with the outline of ``points`` as typed. Raises CoordinateNotUnderstood, and what ``walk`` raises.

    The area is computed here, once, and stored; the points stay as typed and are never moved or cropped. An
    outline that encloses nothing (self-crossing, too few points) is saved without an area and releases nothing.
    """
    given = _given(current_task.inherited(ws, "plot", fields))
    return records.add(ws, "plot", {**_defaults(ws), **given, **land(points, positions.frame_of(ws))}, by=by)


def correct_plot(
    ws: Workspace,
    name: str,
    fields: Mapping[str, object],
    why: str,
    *,
    points: Sequence[str] | Ground | None = None,
    heads: Sequence[str] | None = None,
    by: str | None = None,
) -> Record:
    """Correct a plot with a reason; new ``points`` replace the whole outline, its legs and area."""
    values = dict(fields) | (land(points, positions.frame_of(ws)) if points is not None else {})
    return records.correct(ws, name, current_task.named(ws, values), why, heads=heads, by=by)


def land(points: Sequence[str] | Ground, frame: Frame = FRAME) -> dict[str, Any]:
    """Outline, area, points beside it, legs and track: all fields of the ground, blank ones to be blanked.

    Nothing for no points at all. Raises CoordinateNotUnderstood, and what ``legs.walk`` raises.
    """
    ground = points if isinstance(points, Ground) else Ground.of_texts(points)
    found = outlines.fields_of(outlines.measure(ground.outline, frame))
    if not found:
        return {}
    walked = [leg_records.stored(legset, legs.walk(legset, frame)) for legset in ground.legs]
    track = [outlines.vertex_of(point, frame) for point in ground.track]
    return {**found, "legs": walked or None, "track": track or None}


def typed_points(outline: Any) -> list[str]:
    """The first ring's points as they were typed (or as decimal degrees), to correct them."""
    return [v.get("text") or f"{v['lat']} {v['lon']}" for v in outline[0][0]] if outline else []


def _defaults(ws: Workspace) -> dict[str, object]:
    return {"completed_on": ws.clock.now().date().isoformat()}


def _given(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value not in (None, "")}
