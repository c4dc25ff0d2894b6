"""The shipped outlines of Azerbaijan's districts: where work is expected, and a hint in which district a point lies.

The outlines (Natural Earth, see data/az-districts.README.md) are kilometres off in places and lack Aghdara: good
enough to suggest a district that a person confirms, never to fill one in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data" / "az-districts.geojson"

CREDIT = "Made with Natural Earth"
"""Printed wherever the outlines are drawn."""

Ring = tuple[tuple[float, float], ...]
"""A closed ring of (lon, lat), WGS 84 degrees."""


@dataclass(frozen=True)
class WorkArea:
    """A box in WGS 84 degrees where positions are expected. It asks questions; it never refuses a position."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the position lies in the box or on its edge."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


WORK_AREA = WorkArea(south=38.3, west=44.7, north=42.0, east=50.7)
"""The shipped outlines, rounded outwards: what is expected until a programme names its own work area."""


@dataclass(frozen=True)
class District:
    """One shipped outline. ``code`` is ISO 3166-2; ``rings`` holds shells and holes of all its parts.

    ``names`` are those of the outlines by language (en, az, ru): of districts that the list of places does not have.
    """

    code: str
    box: WorkArea
    rings: tuple[Ring, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the position lies inside: an odd number of edges east of it (holes count by themselves)."""
        if not self.box.holds(lat, lon):
            return False
        inside = False
        for ring in self.rings:
            for (lon1, lat1), (lon2, lat2) in pairwise(ring):
                if (lat1 > lat) != (lat2 > lat) and lon < lon1 + (lat - lat1) / (lat2 - lat1) * (lon2 - lon1):
                    inside = not inside
        return inside


@lru_cache(maxsize=1)
def districts() -> tuple[District, ...]:
    """All shipped outlines in the order of their codes, read on first use."""
    return tuple(_district(feature) for feature in json.loads(_DATA.read_text(encoding="utf-8"))["features"])


def district_hint(lat: float, lon: float) -> str | None:
    """The ISO 3166-2 code (AZ-AGM) of the outline the position falls in. A hint to confirm, never a fact."""
    return next((district.code for district in districts() if district.holds(lat, lon)), None)


def _district(feature: dict[str, Any]) -> District:
    shape = feature["geometry"]
    parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    rings = tuple(tuple((float(lon), float(lat)) for lon, lat in ring) for part in parts for ring in part)
    lons = [lon for ring in rings for lon, _ in ring]
    lats = [lat for ring in rings for _, lat in ring]
    box = WorkArea(south=min(lats), west=min(lons), north=max(lats), east=max(lons))
    said = feature["properties"]
    names = {language: str(said[f"name_{language}"]) for language in ("en", "az", "ru")}
    return District(str(said["iso_3166_2"]), box, rings, names)
