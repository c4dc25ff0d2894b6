"""How far things on the map reach: boxes to look at."""

from __future__ import annotations

from collections.abc import Sequence

from fieldapp.operations import map_card
from fieldapp.operations.browsing import Row
from ui.map.feed import FindsFeed
from ui.map.grounds import GroundLayers
from ui.map.view import Box


def around(boxes: Sequence[Box]) -> Box | None:
    """The box around boxes; those of nothing are left out."""
    real = [box for box in boxes if box.west <= 1.0]
    if not real:
        return None
    return Box(min(box.west for box in real), min(box.north for box in real), max(box.east for box in real),
               max(box.south for box in real))  # fmt: skip


def of_task(row: Row, finds: FindsFeed) -> Box | None:
    """A task's area and its finds; None where nobody knows where it is."""
    corners = [Box.of_degrees(lat, lon, lat, lon) for lat, lon in map_card.corners(row)]
    return around([*corners, *filter(None, [finds.box(row.name)])])


def of_everything(ground: GroundLayers, finds: FindsFeed) -> Box | None:
    """All records; the districts where there is none."""
    layers = (*ground.shapes.values(), *ground.spots.values())
    every = [*(layer.extent() for layer in layers), finds.box()]
    return around([*filter(None, every)]) or ground.districts.extent()
