"""Legs as they are stored beside the outline they led to: as typed, with what was used to walk them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from fieldapp.domain.decimals import decimal_text
from fieldapp.geodesy.traverse import UNITS
from fieldapp.operations.legs import NORTHS, Leg, LegSet, Walked
from fieldapp.operations.outlines import TypedPoint

_SHOWN = 10
"""Single points that are written out in words."""


def stored(legset: LegSet, found: Walked) -> dict[str, Any]:
    """A set of legs as it is stored beside the outline: everything as typed, and what was used to walk it.

    ``length_m`` is what lies between the two known points where they close, else all; ``led_to`` the points they made,
    by which ``still_true`` knows them as the legs of an outline.
    """
    made: dict[str, Any] = {
        "start": _stored_point(legset.start, found.raw_points[0]), "north": legset.north, "unit": legset.unit,
        "legs": [_stored_leg(leg) for leg in legset.legs], "adjust": legset.adjust,
        "length_m": decimal_text(found.closure.length_m if found.closure else found.length_m, 2),
        "led_to": [[point.known["lat"], point.known["lon"]] for point in found.points if point.known],
    }  # fmt: skip
    end = legset.closes_at
    if end is not None:
        made["closes_at"] = end if isinstance(end, str) else _stored_point(end, None)
    if legset.date is not None:
        made["date"] = legset.date.isoformat()
    if legset.declination_deg is not None:
        made["own_declination_deg"] = decimal_text(legset.declination_deg, 4)
    if found.declination is not None:
        made["declination_deg"] = decimal_text(found.declination.deg, 4)
        made["declination_model"] = found.declination.model
        made["declination_uncertainty_deg"] = decimal_text(found.declination.uncertainty_deg, 2)
    if legset.north == "grid":
        made |= {"grid_system": legset.grid_system or "utm", "grid_crs": found.grid_crs}
        made["convergence_deg"] = decimal_text(found.convergence_deg or 0.0, 4)
    if found.misclosure_m is not None:
        made["misclosure_m"] = decimal_text(found.misclosure_m, 3)
    return made


def _stored_point(point: TypedPoint, walked: TypedPoint | None) -> dict[str, str]:
    known = point.known or (walked.known if walked is not None else None) or {}
    role = point.role or known.get("role", "")
    return {**known, "role": role, "text": point.text or known.get("text", ""), "system": point.system}


def _stored_leg(leg: Leg) -> dict[str, str]:
    made = {"bearing": leg.bearing, "distance_m": decimal_text(leg.distance_m, 3)}
    if leg.slope_deg is not None:
        made["slope_deg"] = decimal_text(leg.slope_deg, 3)
    if leg.slope_distance:
        made["measured"] = "slope"
    if leg.role:
        made["role"] = leg.role
    return made


def still_true(kept: object, *vertices: object) -> list[dict[str, Any]]:
    """Those of the stored sets of legs whose points stand in the outline (and among the points beside it).

    A version that knows nothing of legs leaves them where they were when it writes another outline.
    """
    there = {f"{vertex.get('lat')} {vertex.get('lon')}" for vertex in _vertices(vertices)}
    return [
        one for one in (kept if isinstance(kept, list) else [])
        if isinstance(one, dict) and _led_to(one.get("led_to")) <= there
    ]  # fmt: skip


def make_all(one: Mapping[str, Any], outline: object) -> bool:
    """Does every point of the outline come from this set of legs? Then it can be shown and changed by its legs."""
    there = {f"{vertex.get('lat')} {vertex.get('lon')}" for vertex in _vertices(outline)}
    return bool(there) and there <= _led_to(one.get("led_to"))


def _led_to(points: object) -> set[str]:
    """As ``lat lon``; what is no list of pairs is a place that no outline has."""
    if not isinstance(points, list) or not all(isinstance(point, list) for point in points):
        return {"?"}
    return {" ".join(map(str, point)) for point in points}


def _vertices(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _vertices(one)


def from_stored(kept: Mapping[str, Any]) -> LegSet:
    """The legs that ``stored`` wrote, to be shown or walked again. Raises ValueError on any other shape."""
    try:
        return _from_stored(kept)
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError("not as legs are stored") from error


def _from_stored(kept: Mapping[str, Any]) -> LegSet:
    if kept["north"] not in NORTHS or kept["unit"] not in UNITS:
        raise KeyError(kept["north"], kept["unit"])
    end = kept.get("closes_at")
    own = kept.get("own_declination_deg")
    return LegSet(
        _read_point(kept["start"]), kept["north"], kept["unit"], tuple(_read_leg(leg) for leg in kept["legs"]),
        dt.date.fromisoformat(kept["date"]) if kept.get("date") else None, None if own is None else float(own),
        kept.get("grid_system", ""), "start" if end == "start" else _read_point(end) if end is not None else None,
        bool(kept.get("adjust")),
    )  # fmt: skip


def _read_point(kept: Mapping[str, str]) -> TypedPoint:
    known = {name: value for name, value in kept.items() if name != "system"}
    return TypedPoint(
        kept.get("text", ""), kept.get("role", ""), kept.get("system", "auto"), known if "lat" in known else None
    )


def _read_leg(kept: Mapping[str, str]) -> Leg:
    slope = kept.get("slope_deg")
    return Leg(
        kept["bearing"], Decimal(kept["distance_m"]), None if slope is None else Decimal(slope),
        kept.get("measured") == "slope", kept.get("role", ""),
    )  # fmt: skip


def words(value: object) -> str:
    """Stored legs, or a list of single points, in a few words as they were written; empty for anything else."""
    rows = [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
    if rows and all(isinstance(one.get("legs"), list) for one in rows):
        return "; ".join(", ".join(_leg_words(leg) for leg in one["legs"]) for one in rows)
    if rows and all("lat" in one and "lon" in one for one in rows):
        said = [f"{one.get('role', '')} {one['lat']} {one['lon']}".strip() for one in rows]
        return "; ".join(said if len(said) <= _SHOWN else [*said[:_SHOWN], f"\u2026 ({len(said)})"])
    return ""


def _leg_words(leg: object) -> str:
    if not isinstance(leg, Mapping):
        return "?"
    slope = f" \u2220{leg['slope_deg']}\u00b0" if leg.get("measured") == "slope" else ""
    return f"{leg.get('bearing', '?')} {leg.get('distance_m', '?')}{slope}"
