"""Stored outlines as WKT and as GeoJSON geometry. Both have longitude before latitude, WGS 84, closed rings."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

Ring = list[list[float]]


def parts_of(stored: str | None) -> list[list[Ring]]:
    """The parts of an outline out of its column: rings of [lon, lat], closed; empty where it is none."""
    try:
        return [[_ring(ring) for ring in part] for part in json.loads(stored or "[]")]
    except (ValueError, TypeError, KeyError):
        return []  # an outline of a newer version: shown as no shape, kept in the record


def _ring(vertices: list[dict[str, Any]]) -> Ring:
    ring = [[float(vertex["lon"]), float(vertex["lat"])] for vertex in vertices]
    if len(ring) < 3:
        raise ValueError("a ring needs three vertices")
    return [*ring, ring[0]]


def vertices_of(stored: str | None) -> list[dict[str, Any]]:
    """All vertices in order as they were typed, with part and ring number from 1: role, text, crs and lat, lon."""
    try:
        return [
            {"part": p, "ring": r, **vertex}
            for p, part in enumerate(json.loads(stored or "[]"), 1)
            for r, ring in enumerate(part, 1)
            for vertex in ring
        ]
    except (ValueError, TypeError):
        return []


def wkt(stored: str | None) -> str:
    """POLYGON or MULTIPOLYGON with longitude first; empty where there is no outline."""
    parts = [f"({', '.join(_wkt_ring(ring) for ring in part)})" for part in parts_of(stored)]
    if len(parts) > 1:
        return f"MULTIPOLYGON ({', '.join(parts)})"
    return f"POLYGON {parts[0]}" if parts else ""


def _wkt_ring(ring: Ring) -> str:
    return "(" + ", ".join(f"{lon:.9f} {lat:.9f}" for lon, lat in ring) + ")"


def geometry(stored: str | None) -> dict[str, Any] | None:
    """A Polygon or MultiPolygon whose shells run counter-clockwise and holes clockwise (RFC 7946, 3.1.6)."""
    parts = [[_turned(ring, shell=at == 0) for at, ring in enumerate(part)] for part in parts_of(stored)]
    if not parts:
        return None
    if len(parts) > 1:
        return {"type": "MultiPolygon", "coordinates": parts}
    return {"type": "Polygon", "coordinates": parts[0]}


def _turned(ring: Ring, *, shell: bool) -> Ring:
    lon, lat = ring[0]  # from the first vertex: a small plot far from zero keeps its digits
    twice_area = sum((a[0] - lon) * (b[1] - lat) - (b[0] - lon) * (a[1] - lat) for a, b in pairwise(ring))
    return ring if (twice_area > 0) == shell else ring[::-1]
