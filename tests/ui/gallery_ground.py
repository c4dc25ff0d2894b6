"""The points and legs of an outline with believable invented contents, for the gallery."""

from __future__ import annotations

import json
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldapp.texts import Texts
from ui.forms import legs_values, outline_values
from ui.forms.legs import LegsEditor
from ui.forms.points import PointsEditor
from ui.widgets import Card
from ui.widgets.sketch import Drawing, DrawnRing, Neighbour, Point, Sketch


def outline_page(texts: Texts) -> QWidget:
    """Points with a landmark, a hole and a part, one that cannot be read; the sketch with all it can show."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(14, 14, 14, 14)
    row.setSpacing(14)
    card = Card()
    card.setFixedWidth(600)
    points = PointsEditor(texts)
    corners = ("39.991100 46.930000", "39.991100 46.931000", "39.991800 46.9310OO")
    typed = ("39.9905 46.9291\tRP", *corners, "\thole", "\tpart")
    points.set_text("\n".join(typed))
    looked = outline_values.look(points.typed(), texts)
    points.say(looked.rows[points.at()])
    card.body.addWidget(points)
    row.addWidget(card)
    sketch = Sketch(texts)
    ring = tuple(Point(lat, lon, name) for lat, lon, name in (
        (39.9911, 46.93, "SP"), (39.9911, 46.931, "TP1"), (39.9918, 46.931, "TP2"), (39.9918, 46.93, "TP3")))
    hole = tuple(Point(lat, lon, "") for lat, lon in ((39.9913, 46.9303), (39.9913, 46.9306), (39.9915, 46.9304)))
    neighbour = Neighbour("P-032", (((39.9908, 46.9307), (39.9908, 46.9315), (39.9914, 46.9315), (39.9914, 46.9307)),))
    sketch.show_drawing(Drawing(
        (DrawnRing(ring), DrawnRing(hole, edited=False)), (Point(39.9909, 46.9295, "RP"),), ((39.9918, 46.9305),),
        ((39.99105, 46.9299), (39.9911, 46.93)), (neighbour,)))  # fmt: skip
    drawn = Card()
    drawn.body.addWidget(sketch)
    row.addWidget(drawn, 1)
    return page


def legs_page(texts: Texts) -> QWidget:
    """Legs from a landmark in mils of 6000 that close badly, shared out; along the slope, by grid north."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(14, 14, 14, 14)
    row.setSpacing(14)
    measured = [["12-50", "40", ""], ["17-50", "100", ""], ["32-50", "60", ""], ["47-50", "98", ""], ["2-50", "61", ""]]
    for more in (
        {"unit": "mil6000", "start_role": "RP", "adjust": "bowditch", "date": "1993", "legs": measured},
        {"unit": "dms", "north": "grid", "slope": "slope", "closing": "known", "known": "39.9912 46.93",
         "legs": [["75 30 00", "64,2", "5"], ["abc", "20", ""]]},
    ):  # fmt: skip
        card = Card()
        card.setFixedWidth(600)
        legs = LegsEditor(texts)
        legs.set_text(json.dumps({"start": "38SPK6477128553", **more}))
        found = legs_values.look(legs.text(), texts, date(2026, 11, 15))
        legs.show_walk(found.rows, found.start, found.known, found.north, found.misclosure)
        card.body.addWidget(legs)
        row.addWidget(card)
    return page
