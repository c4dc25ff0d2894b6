"""Districts on the map: outlines with their names in the reader's language, and where the outlines come from."""

from __future__ import annotations

from fieldapp.domain.places import places
from fieldapp.domain.symbols import DISTRICT
from fieldapp.geodesy.districts import CREDIT, districts
from fieldapp.texts import Texts
from ui.map.shapes_layer import Ring, Shape, ShapesLayer

CODE = "districts"


def districts_layer(texts: Texts) -> ShapesLayer:
    """The shipped outlines. They are kilometres off in places: drawn thin, a hint where one is, never a border."""
    listed = places()
    return ShapesLayer(
        CODE,
        [
            Shape(
                f"district/{one.code}",
                listed[one.code].name(texts.language) if one.code in listed else one.names[texts.language],
                tuple(Ring.of([lat for _, lat in ring], [lon for lon, _ in ring]) for ring in one.rings),
                DISTRICT,
            )
            for one in districts()
        ],
        CREDIT,
    )
