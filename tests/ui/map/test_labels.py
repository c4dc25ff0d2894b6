"""Names on the map: none on another or on a symbol, what warns first, and they stay where they are when it moves."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from fieldapp.domain import symbols
from fieldapp.texts import Texts
from tests.ui.gallery_map import LAT, LON, finds, grounds, own
from tests.ui.map.drawn import named, view
from ui.map.finds_layer import FindsLayer
from ui.map.grid import Grid, Points, worlds_of
from ui.map.grounds import GroundLayers, GroundReader
from ui.map.labels import CELL_PX
from ui.map.shapes_layer import Ring, Shape, ShapesLayer
from ui.map.view import View

pytestmark = pytest.mark.usefixtures("app")
TEXTS = Texts("en")


def square(code: str, label: str, *, half_px: float = 100.0, lat: float = 40.0, lon: float = 47.0) -> ShapesLayer:
    """Ground whose middle lies at a position, so many pixels wide at zoom 16 to either side."""
    at = view()
    x, y = at.pixel(lat, lon)
    corners = [at.position(x + dx, y + dy) for dx, dy in ((-half_px, -half_px), (half_px, -half_px), (half_px, half_px),
                                                          (-half_px, half_px))]  # fmt: skip
    rings = (Ring.of([lat for lat, _ in corners], [lon for _, lon in corners]),)
    return ShapesLayer(code, [Shape(f"{code}/hq/1", label, rings, symbols.of_hazard("cha", "open", approved=False))])


def a_find(lat: float, lon: float) -> FindsLayer:
    x, y = worlds_of(np.array([lat]), np.array([lon]))
    layer = FindsLayer()
    nothing = np.zeros(1, np.uint8)
    layer.show_grid(Grid(Points(x, y, nothing, nothing, np.zeros(1, bool), np.zeros(1, np.int64))).build())
    return layer


def test_in_a_crowded_place_no_name_lies_on_another_or_on_a_find() -> None:
    ground = GroundLayers(TEXTS)
    ground.show(GroundReader(TEXTS).prepared(grounds()))
    at = View.at(LAT, LON, 17.0, 900, 600)
    layer = finds()
    placed = named([*ground.under_finds, layer, *ground.over_finds, own(TEXTS)], at)
    assert len(placed) >= 8
    assert not [pair for pair in combinations(placed, 2) if pair[0][1].intersects(pair[1][1])]
    assert layer.grid is not None
    for x, y in zip(layer.grid.points.x, layer.grid.points.y, strict=True):
        px, py = at.pixel_of_world(x, y)
        symbol = QRectF(px - 9, py - 9, 18, 18)
        assert not [word for word, room in placed if room.intersects(symbol)]


def test_where_there_is_room_for_one_it_is_the_hazards() -> None:
    low = [square(code, code, half_px=36) for code in ("districts", "tasks", "plots", "cha")]
    names = [word for word, _ in named(low)]
    assert names[0] == "cha"
    assert next(word for word, _ in named(list(reversed(low)))) == "cha"


def test_a_name_gives_way_to_a_symbol_and_stays_in_its_ground() -> None:
    ground = square("cha", "CHA-0147 \u00b7 worked on")
    [(word, alone)] = named([ground])
    assert word == "CHA-0147 \u00b7 worked on"
    assert alone.contains(200, 150)
    [(_, beside)] = named([ground, a_find(40.0, 47.0)])
    assert not beside.contains(200, 150)
    assert QRectF(100, 50, 200, 200).contains(beside)


def test_a_hazards_name_stands_on_a_plot_only_where_there_is_no_other_room() -> None:
    hazard, plot = square("cha", "CHA-1"), square("plots", "", half_px=40)
    [(_, room)] = named([hazard, plot])
    assert not room.intersects(QRectF(160, 110, 80, 80))
    [(word, _)] = named([hazard, square("plots", "", half_px=300)])
    assert word == "CHA-1"


def test_a_name_without_room_says_its_number_and_then_nothing() -> None:
    assert [word for word, _ in named([square("cha", "CHA-0147 \u00b7 worked on", half_px=45)])] == ["CHA-0147"]
    many = [a_find(40.0 + row * 1e-4, 47.0 + column * 1e-4) for row in range(-9, 10) for column in range(-9, 10)]
    assert named([square("cha", "CHA-0147", half_px=60), *many]) == []


def test_moving_the_map_leaves_names_where_they_stand_on_the_ground() -> None:
    ground, find = square("cha", "CHA-0147"), a_find(40.0, 47.0)
    [(_, before)] = named([ground, find])
    for moved in range(1, 2 * CELL_PX + 1):
        [(_, after)] = named([ground, find], view().moved(moved, moved))
        assert after.x() - before.x() == pytest.approx(moved)
        assert after.y() - before.y() == pytest.approx(moved)


def test_a_district_is_named_only_where_it_is() -> None:
    """The corner that an L leaves out is no part of it, though its box covers it."""
    corners = [(39.9, 46.9), (39.9, 47.1), (39.95, 47.1), (39.95, 46.95), (40.1, 46.95), (40.1, 46.9)]
    rings = (Ring.of([lat for lat, _ in corners], [lon for _, lon in corners]),)
    layer = ShapesLayer("districts", [Shape("district/AZ-AGM", "Aghdam", rings, symbols.DISTRICT)])
    assert named([layer], view(14.0, 40.05, 47.05)) == []
    assert [word for word, _ in named([layer], view(14.0, 40.0, 46.92))] == ["Aghdam"]
