"""Areas of interest out of a map package: outlines in the colour of the text, without any fill.

They say where to look and nothing of what is there: no colour of hazardous or released ground, whoever sent them.
"""

from __future__ import annotations

from collections.abc import Sequence

from fieldapp.domain.symbols import Fill
from fieldapp.operations.map_package import AreaOfInterest
from fieldapp.texts import N_
from ui import theme
from ui.map.shapes_layer import Ring, Shape, ShapesLayer

CODE = "interest"
WORDS = N_("Area of interest")
"""Of the legend."""


def areas_layer(areas: Sequence[AreaOfInterest]) -> ShapesLayer:
    """The layer of these areas; it lies right above the base maps."""
    return ShapesLayer(CODE, [_shape(one) for one in areas])


def _shape(area: AreaOfInterest) -> Shape:
    rings = tuple(Ring.of([lat for lat, _lon in ring], [lon for _lat, lon in ring]) for ring in area.rings)
    look = Fill("", 0.0, theme.SUN.text, 2.0, area.line, what=WORDS)
    return Shape("", area.title if area.labelled else "", rings, look)
