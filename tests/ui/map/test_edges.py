"""The map at the edges of the world: it says that it ends, and takes nothing beyond for ground."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fieldapp.domain import symbols
from fieldapp.operations.map_grounds import Ground, Line
from fieldapp.texts import Texts
from tests.ui.map.drawn import picture, view
from ui import theme
from ui.map.canvas import MapCanvas
from ui.map.grounds import GroundLayers, GroundReader
from ui.map.picking import ground_at
from ui.map.view import View

TEXTS = Texts("en")


@pytest.fixture
def canvas(qtbot: QtBot) -> MapCanvas:
    made = MapCanvas(TEXTS)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


@pytest.mark.parametrize(("lat", "lon", "beyond"), [
    (0.0, 180.0, (700, 200)), (0.0, -180.0, (100, 200)), (90.0, 47.0, (300, 100)), (-90.0, 47.0, (300, 500)),
])  # fmt: skip
def test_what_lies_beyond_the_edge_is_hatched_and_no_place(
    canvas: MapCanvas, lat: float, lon: float, beyond: tuple[int, int]
) -> None:
    pressed: list[tuple[float, float]] = []
    hovered: list[tuple[float, float]] = []
    canvas.clicked.connect(lambda *at: pressed.append(at))
    canvas.hovered.connect(lambda *at: hovered.append(at))
    canvas.show_view(View.at(lat, lon, 9.0, 800, 600))
    made = canvas.grab().toImage()
    around = {made.pixelColor(beyond[0] + right, beyond[1]).name().upper() for right in range(12)}
    assert {theme.SUN.card.upper(), theme.SUN.edge.upper()} <= around
    QTest.mouseMove(canvas, QPoint(*beyond))
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(*beyond))
    assert (pressed, hovered) == ([], [])


def test_ground_across_the_antimeridian_is_drawn_and_chosen_at_both_edges() -> None:
    look = symbols.of_hazard("cha", "open", approved=False)
    ring = Line((-0.01, -0.01, 0.01, 0.01), (179.99, -179.99, -179.99, 179.99))
    layers = GroundLayers(TEXTS)
    ground = Ground("hazardous_area/hq/a", "hazardous_area", "cha", "CHA-1", (ring,), (), look)
    layers.show(GroundReader(TEXTS).prepared([ground]))
    empty = picture([], view(12.0))
    for lon in (179.995, -179.995):
        at = view(12.0, 0.0, lon)
        assert picture([layers.shapes["cha"]], at) != empty
        assert [one.record for one in ground_at([layers.shapes["cha"]], at, 0.0, lon)] == ["hazardous_area/hq/a"]
