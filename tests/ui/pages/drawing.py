"""Drawing on the map page with real mouse and key events: what tests of it share."""

from __future__ import annotations

from pathlib import Path

from fieldapp.operations.workspace import Workspace
from tests import builders
from tests.builders import a_plot
from tests.ui.pages.desk import Desk, Key
from tests.ui.pages.on_map import click_at, page_of
from ui.map.drawing_panel import DrawingPanel, Offer
from ui.pages.map import MapPage

PLOT = ("40.0010 47.0000", "40.0010 47.0012", "40.0002 47.0012", "40.0002 47.0000")
NEW = ((40.0010, 47.0012), (40.0010, 47.0025), (40.0002, 47.0025), (40.0002, 47.0012))
"""A plot that has an edge in common with the saved one."""


def workspace(folder: Path) -> Workspace:
    ws = builders.alone(folder)
    a_plot(ws, points=PLOT)
    return ws


def look(desk: Desk) -> MapPage:
    """The map page, open, looking at both plots."""
    desk.open("map")
    page = page_of(desk)
    page.canvas.show_view(page.canvas.view.centred(40.0006, 47.0012, 17.6))
    desk.settle()
    return page


def draw(desk: Desk, corners: tuple[tuple[float, float], ...] = NEW) -> None:
    desk.press(Key.Key_D)
    for corner in corners:
        click_at(desk, *corner)


def panel(desk: Desk) -> DrawingPanel:
    shown = page_of(desk).side.card.content
    assert isinstance(shown, DrawingPanel)
    return shown


def offered(desk: Desk) -> Offer:
    shown = page_of(desk).side.card.content
    assert isinstance(shown, Offer)
    return shown


def drawn(desk: Desk) -> list[tuple[float, float]]:
    """The corners that the map has: in drawing, or waiting."""
    drawing = page_of(desk).drawing
    now = drawing.tool.steps.now if drawing.tool is not None else drawing.layer.drawn
    return [(round(spot.lat, 4), round(spot.lon, 4)) for spot in now.ring] if now is not None else []
