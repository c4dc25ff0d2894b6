"""The map with believable invented contents in every state, and its panels, for the gallery."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldapp.clock import SetClock
from fieldapp.domain import symbols
from fieldapp.geodesy.frame import Frame
from fieldapp.gnss.fix import Fix
from fieldapp.operations.map_grounds import Ground, Line
from fieldapp.operations.receiving import ReceiverState
from fieldapp.texts import Texts
from ui.map.canvas import MapCanvas
from ui.map.card import Line as Listed
from ui.map.card import ListCard
from ui.map.filters import FilterPanel, Wanted
from ui.map.finds_layer import FindsLayer
from ui.map.goto import GotoPanel
from ui.map.grid import Grid, Points, worlds_of
from ui.map.grounds import GroundLayers, GroundReader
from ui.map.keys import KeysPanel
from ui.map.layer import Pointer
from ui.map.legend import LegendPanel, entries
from ui.map.measuring import MeasuringTool
from ui.map.over import Over
from ui.map.own_position import OwnPositionLayer
from ui.map.side import Side
from ui.map.tool_panels import LayersPanel, MeasuringPanel
from ui.map.view import View
from ui.widgets import Card, EmptyState
from ui.widgets.frame import scrolled

LAT, LON = 39.9869, 46.9290
CLOCK = SetClock(datetime(2026, 11, 15, 14, 22, 8, tzinfo=UTC))


def _box(south_m: float, west_m: float, high_m: float, wide_m: float) -> Line:
    south, west = LAT + south_m / 111_000, LON + west_m / 85_000
    north, east = south + high_m / 111_000, west + wide_m / 85_000
    return Line((south, south, north, north), (west, east, east, west))


def _plot(number: str, line: str | None, state: str, where: Line) -> Ground:
    look = symbols.of_plot(line, approved=state == symbols.APPROVED, state=state)
    layer = "released" if look.fill else "plots"
    said = "" if state == symbols.APPROVED else symbols.STATE_WORDS[state]
    return Ground(f"plot/t7/{number}", "plot", layer, number, (where,), (), look, said)


def _hazard(number: str, code: str, status: str, where: Line, *, approved: bool = False) -> Ground:
    look = symbols.of_hazard(code, status, approved=approved)
    layer = {"sha": "sha", "captured_record": "captured"}.get(code, "cha")
    return Ground(f"hazardous_area/hq/{number}", "hazardous_area", layer, number, (where,), (), look, look.state)


def grounds() -> list[Ground]:
    """A field in work: areas in every state, plots in every state, a task, an accident, a benchmark."""
    star = symbols.ACCIDENT
    return [
        _hazard("QKD-0147", "cha", "worked_on", _box(-60, -190, 150, 260)),
        _hazard("SHA-0151", "sha", "open", _box(-170, 100, 150, 170)),
        _hazard("R-12", "captured_record", "open", _box(40, 110, 60, 150)),
        _hazard("CHA-0099", "cha", "closed", _box(-170, -280, 60, 90), approved=True),
        _plot("P-031", "cleared", symbols.APPROVED, _box(-55, -180, 60, 80)),
        _plot("P-032", "reduced", symbols.APPROVED, _box(-55, -95, 60, 70)),
        _plot("P-033", "cleared", symbols.SIGNED, _box(10, -180, 60, 80)),
        _plot("P-034", "bac", symbols.ENTERED, _box(10, -95, 60, 70)),
        _plot("P-035", "cleared", symbols.CHANGED, _box(-130, -180, 60, 80)),
        _plot("P-036", "follow_up_pending", symbols.APPROVED, _box(-130, -95, 60, 70)),
        _plot("P-037", "cleared", symbols.QC_OUTSTANDING, _box(-130, -15, 60, 80)),
        Ground("task/t7/1", "task", "tasks", "T-118 · Yukhari field", (_box(-150, -200, 260, 480),), (), symbols.TASK),
        Ground("accident/hq/1", "accident", "accidents", "A-3", (), ((LAT + 0.0005, LON + 0.0018),), star, "", True),
        Ground("hazardous_area/hq/9", "hazardous_area", "cha", "EOD-7", (), ((LAT - 0.0014, LON + 0.0006),),
               symbols.of_hazard("eod_spot", "open", approved=False), "open"),
    ]  # fmt: skip


def finds() -> FindsLayer:
    """Finds of every shape, some gone, some so near to one another that they cannot be told apart."""
    rng = np.random.default_rng(7)
    many = 40
    lat, lon = LAT + rng.uniform(-0.0012, 0.0010, many), LON + rng.uniform(-0.0022, 0.0026, many)
    x, y = worlds_of(lat, lon)
    shape = rng.integers(0, 6, many).astype(np.uint8)
    layer = FindsLayer()
    layer.show_grid(Grid(Points(x, y, shape, shape, rng.random(many) < 0.25, np.arange(many))).build())
    return layer


def own(texts: Texts) -> OwnPositionLayer:
    """Standing beside the field, ±4 m, after some steps."""
    layer = OwnPositionLayer(texts, CLOCK)
    for step in range(12):
        fix = Fix(LAT - 0.0010 + step * 4e-5, LON + 0.0004 + step * 3e-5, 1, 14, 0.8, CLOCK.monotonic())
        layer.tell(ReceiverState("live", "GNSS", fix, 0.0, 4.0))
    return layer


def map_page(texts: Texts) -> QWidget:
    """The page as it stands when a list is chosen."""
    canvas, side = MapCanvas(texts), Side(texts)
    over = Over(canvas, texts)
    over.box.setChecked(True)
    over.pointer.say("38S PK 64701 28086")
    over.filtered.say(texts.plural("{count} layer switched off", "{count} layers switched off", 2))
    ground = GroundLayers(texts)
    ground.show(GroundReader(texts).prepared(grounds()))
    canvas.set_layers([*ground.under_finds, finds(), *ground.over_finds, own(texts)])
    canvas.show_view(View.at(LAT - 0.0002, LON + 0.0003, 17.0, 900, 600))
    listed = [Listed(f"find/t7/{n}", what, f"QKD-041{n} · {away}", icon) for n, (what, away, icon) in enumerate((
        ("PMN-2, 1", "12 m", "ordnance-ap"), ("TM-62M, 2", "31 m", "ordnance-at"), ("OG-7, 1", "44 m", "ordnance-uxo"),
    ))]  # fmt: skip
    side.card.show_widget(ListCard(texts, "3 finds in the box", listed, 3, [("AP mine", "1"), ("AT mine", "2")]))
    legend = LegendPanel(texts)
    legend.show_entries(entries(canvas.layers(), canvas.view, texts))
    low = Card("Legend")
    low.body.addWidget(scrolled(legend))
    low.setMaximumHeight(230)
    side.low.addWidget(low)
    return _beside(canvas, side)


def map_panels_page(texts: Texts) -> QWidget:
    """Its panels beside one another."""
    chosen = FilterPanel(texts)
    chosen.show_wanted(Wanted(since=date(2026, 7, 1).toordinal(), category="ap_mine"))
    chosen.say_doubtful(1_204)
    going = GotoPanel(texts, Frame())
    going.position.set_text("38S PK 64764 28110")
    tool = MeasuringTool(texts, CLOCK.now().date())
    for lat, lon in ((LAT, LON), (LAT + 0.001, LON), (LAT + 0.001, LON + 0.002)):
        tool.press(Pointer(lat, lon, View.at(lat, lon, 17.0, 800, 600)))
    layers = LayersPanel(texts)
    ground = GroundLayers(texts)
    layers.offer(ground.under_finds, {"sha": "SHA", "cha": "CHA", "plots": "Plots in work"})
    nothing = EmptyState("Press a symbol or ground to see what it is.", icon="crosshair")
    keys = KeysPanel(texts, [("g", "Go to a position"), ("b", "Choose in a box")])
    many: list[tuple[str, QWidget]] = [
        ("Filter", chosen), ("Go to", going), ("Measure", MeasuringPanel(texts, tool)), ("Layers", layers),
        ("Keys", keys), ("", nothing),
    ]  # fmt: skip
    sides = []
    for heading, panel in many:
        side = Side(texts)
        side.card.show_widget(panel, heading, closable=bool(heading))
        sides.append(side)
    return _beside(*sides)


def _beside(*parts: QWidget) -> QWidget:
    page = QWidget()
    page.setObjectName("page")
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    for part in parts:
        row.addWidget(part, 1 if isinstance(part, MapCanvas) else 0)
    return page
