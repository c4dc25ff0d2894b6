"""What is seen on the map, in pixels: released ground only after approval, hatching before, symbols, odd outlines."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from fieldapp.domain import symbols
from fieldapp.domain.symbols import ACCIDENT, Fill
from fieldapp.operations import review
from fieldapp.operations.map_grounds import Ground, Line
from fieldapp.texts import Texts
from tests.builders import a_plot, hq
from tests.ui.map.drawn import HIGH, LAT, LON, WIDE, alike, blended, colours, picture, share, view
from ui import theme
from ui.map.finds_layer import FindsLayer
from ui.map.grid import Grid, Points, worlds_of
from ui.map.grounds import GroundLayers, GroundReader, Spot, SpotsLayer, shapes_of
from ui.map.legend import entries
from ui.map.shapes_layer import Ring, Shape, ShapesLayer
from ui.map.view import View

pytestmark = pytest.mark.usefixtures("app")
TEXTS = Texts("en")
MIDDLE = (WIDE // 2 - 40, HIGH // 2 - 40, 80, 80)
"""A part of the picture in the middle of a shape of ``square``."""
SECONDS = 5.0
"""Far more than a frame may take, and far less than a hang."""


def square(look: Fill, *, half: float = 0.001, hole: float = 0.0) -> Shape:
    rings = [Ring.of([LAT - one, LAT - one, LAT + one, LAT + one], [LON - one, LON + one, LON + one, LON - one])
             for one in (half, hole) if one]  # fmt: skip
    return Shape("plot/t7/x", "", tuple(rings), look)


def drawn(look: Fill, tokens: theme.Tokens = theme.SUN, **how: float) -> QImage:
    return picture([ShapesLayer("plots", [square(look, **how)])], view(17.0), tokens)


def test_released_fill_appears_only_after_approval_and_hatching_stands_before(tmp_path: Path) -> None:
    with hq(tmp_path / "hq") as ws:
        plot = a_plot(ws)
        layers, reader = GroundLayers(TEXTS), GroundReader(TEXTS)
        at = view(17.0, 40.02036, 46.9807)
        green = blended(symbols.GREEN, 0.22, theme.SUN.bg)
        ground = layers.under_finds[1:]

        layers.show(reader.read(ws))
        before = picture(ground, at)
        assert share(before, green, *MIDDLE) == 0
        assert 0.3 < share(before, theme.SUN.bg, *MIDDLE) < 0.99, "paper shows between the hatching"
        assert share(before, symbols.BLUE, *MIDDLE) > 0.01

        review.decide(ws, [plot.name], "approved")
        layers.show(reader.read(ws))
        after = picture(ground, at)
        assert share(after, green, *MIDDLE) > 0.3
        assert share(after, theme.SUN.bg, *MIDDLE) == 0
        assert share(after, symbols.BLUE, *MIDDLE) == 0


def test_machine_ground_shows_paper_though_it_is_approved() -> None:
    made = drawn(symbols.of_plot("follow_up_pending", approved=True))
    assert share(made, theme.SUN.bg, *MIDDLE) > 0.3
    assert symbols.GREEN not in colours(made, 0, 0, WIDE, HIGH)


def test_hatches_run_as_they_are_declared() -> None:
    looks = {line: drawn(symbols.of_plot(line, approved=True)) for line in ("cleared", "bac", "reduced")}
    ink = symbols.GREEN.lower()

    def inked(made: QImage) -> np.ndarray:
        left, top, wide, high = MIDDLE
        return np.array([[made.pixelColor(left + x, top + y).name() == ink for x in range(wide)] for y in range(high)])

    horizontal, vertical = inked(looks["bac"]), inked(looks["reduced"])
    assert set(horizontal.mean(axis=1)) == {0.0, 1.0}
    assert set(vertical.mean(axis=0)) == {0.0, 1.0}
    assert 0 < inked(looks["cleared"]).mean(axis=0).max() < 1


def test_worked_on_has_dashes_on_a_dark_casing() -> None:
    made = drawn(symbols.of_hazard("cha", "worked_on", approved=False))
    edge = colours(made, 0, 0, WIDE, HIGH)
    assert edge["#241A05"] > 50
    assert edge[symbols.AMBER] > 200
    red = blended("#FF0000", 0.5, theme.SUN.bg)
    assert share(made, red, *MIDDLE) == 1


def test_suspected_ground_is_dotted_and_confirmed_is_not() -> None:
    suspected = drawn(symbols.of_hazard("sha", "open", approved=False))
    confirmed = drawn(symbols.of_hazard("cha", "open", approved=False))
    assert len(colours(confirmed, *MIDDLE)) == 1
    assert len(colours(suspected, *MIDDLE)) == 2


@pytest.mark.parametrize("theme_name", list(theme.THEMES))
@pytest.mark.parametrize("classification", ["sha", "captured_record", "indication", "contact_line"])
def test_the_hatch_of_a_class_is_seen_while_it_is_worked_on(classification: str, theme_name: str) -> None:
    tokens = theme.THEMES[theme_name]
    made = drawn(symbols.of_hazard(classification, "worked_on", approved=False), tokens)
    seen = colours(made, *MIDDLE)
    fill = seen.most_common(1)[0][0]
    hatched = sum(count for colour, count in seen.items() if theme.contrast(colour, fill) >= 3)
    assert hatched > 100


@pytest.mark.parametrize("theme_name", ["sun", "night"])
def test_a_closed_area_is_not_filled(theme_name: str) -> None:
    tokens = theme.THEMES[theme_name]
    made = drawn(symbols.of_hazard("cha", "closed", approved=True), tokens)
    assert share(made, tokens.bg, *MIDDLE) == 1


def test_at_night_fills_are_fainter_and_outlines_brighter() -> None:
    look = symbols.of_hazard("cha", "open", approved=False)
    made = drawn(look, theme.NIGHT)
    inside = made.pixelColor(WIDE // 2, HIGH // 2)
    assert 60 < inside.red() < 110
    assert theme.luminance(inside.name()) < 0.05
    plot = drawn(symbols.of_plot("cleared", approved=False), theme.NIGHT)
    brightest = max(colours(plot, 0, 0, WIDE, HIGH), key=theme.luminance)
    assert theme.contrast(brightest, theme.NIGHT.bg) >= 3


def test_a_hole_stays_paper() -> None:
    made = drawn(symbols.of_plot("cleared", approved=True), half=0.001, hole=0.0006)
    assert share(made, theme.SUN.bg, *MIDDLE) == 1
    released = blended(symbols.GREEN, 0.22, theme.SUN.bg)
    assert colours(made, 0, 0, WIDE, HIGH)[released] > 2000


def finds(*gone: bool) -> FindsLayer:
    lons = np.array([LON + 0.0005 * place for place in range(len(gone))])
    x, y = worlds_of(np.full(len(gone), LAT), lons)
    ones, zeros = np.full(len(gone), 9, np.uint8), np.zeros(len(gone), np.uint8)
    layer = FindsLayer()
    layer.show_grid(Grid(Points(x, y, ones, zeros, np.array(gone), np.arange(len(gone)))))
    return layer


@pytest.mark.parametrize("theme_name", list(theme.THEMES))
def test_a_find_in_the_ground_is_full_and_one_that_is_gone_is_hollow(theme_name: str) -> None:
    tokens = theme.THEMES[theme_name]
    full = share(picture([finds(False)], tokens=tokens), tokens.text, WIDE // 2 - 4, HIGH // 2 - 4, 8, 8)
    hollow = share(picture([finds(True)], tokens=tokens), tokens.text, WIDE // 2 - 4, HIGH // 2 - 4, 8, 8)
    assert full == 1
    assert 0.05 < hollow < 0.6, "a tick in it"


def test_an_accident_is_a_star_full_where_somebody_was_killed() -> None:
    inked = {}
    for killed in (True, False):
        layer = SpotsLayer("accidents")
        layer.show_spots([Spot("accident/t7/x", "", LAT, LON, ACCIDENT, killed)])
        inked[killed] = share(picture([layer]), ACCIDENT.outline, WIDE // 2 - 12, HIGH // 2 - 12, 24, 24)
    assert inked[True] > 1.5 * inked[False] > 0


def quickly(shape: Shape | Sequence[Shape], at: View | None = None) -> QImage:
    began = time.process_time()
    made = picture([ShapesLayer("plots", [shape] if isinstance(shape, Shape) else shape)], at)
    assert time.process_time() - began < SECONDS
    return made


@pytest.mark.parametrize("look", [
    symbols.of_hazard("cha", "worked_on", approved=False), symbols.of_plot("reduced", approved=True),
    symbols.of_plot("cleared", approved=False, state="signed"),
], ids=["cased", "dashed", "double"])  # fmt: skip
def test_a_hundred_thousand_vertices_are_drawn_in_time(look: Fill) -> None:
    chance = random.Random(7)
    turns = [2 * math.pi * place / 100_000 for place in range(100_000)]
    far = [0.001 * (0.6 + 0.4 * chance.random()) for _ in turns]
    lats = [LAT + out * math.sin(turn) for out, turn in zip(far, turns, strict=True)]
    lons = [LON + out * math.cos(turn) for out, turn in zip(far, turns, strict=True)]
    made = quickly(Shape("plot/t7/x", "", (Ring.of(lats, lons),), look))
    assert made.pixelColor(WIDE // 2, HIGH // 2 + 3) != made.pixelColor(2, 2) or look.hatch != "none"
    quickly(Shape("plot/t7/x", "", (Ring.of(lats, lons),), look), view(21.0, LAT, LON + 0.0008))


def test_an_outline_that_crosses_itself_a_hundred_thousand_times_is_drawn_in_time() -> None:
    chance = np.random.default_rng(7)
    lats, lons = LAT + chance.uniform(-0.001, 0.001, 100_001), LON + chance.uniform(-0.001, 0.001, 100_001)
    tangle = Shape("plot/t7/x", "", (Ring.of(lats.tolist(), lons.tolist()),),
                   symbols.of_hazard("cha", "open", approved=False))  # fmt: skip
    for zoom in (16.0, 19.0):
        made = quickly(tangle, View.at(LAT, LON, zoom, 1280, 800))
        assert sum(made.pixelColor(640 + step, 400).name() != theme.SUN.bg.lower() for step in range(40)) > 5


def is_red(made: QImage, x: int, y: int) -> bool:
    return alike(made.pixelColor(x, y).name(), blended("#FF0000", 0.5, theme.SUN.bg))


def test_a_bow_tie_shows_both_wings() -> None:
    tie = Shape("plot/t7/x", "", (Ring.of([LAT - 0.001, LAT + 0.001, LAT - 0.001, LAT + 0.001],
                                          [LON - 0.001, LON - 0.001, LON + 0.001, LON + 0.001]),),
                symbols.of_hazard("cha", "open", approved=False))  # fmt: skip
    made = quickly(tie)
    assert [is_red(made, WIDE // 2 + dx, HIGH // 2) for dx in (-30, 30)] == [True, True]
    assert not is_red(made, WIDE // 2, HIGH // 2 - 40)


def ground(lats: Sequence[float], lons: Sequence[float]) -> Ground:
    return Ground("hazardous_area/hq/x", "hazardous_area", "cha", "X", (Line(tuple(lats), tuple(lons)),), (),
                  symbols.of_hazard("cha", "open", approved=False))  # fmt: skip


def test_ground_across_the_antimeridian_is_drawn_at_both_edges_and_nowhere_between() -> None:
    shapes = shapes_of(ground([10, 10, 12, 12], [179, -179, -179, 179]), TEXTS)
    for lon in (179.5, -179.5):
        made = quickly(shapes, view(9.0, 11.0, lon))
        assert is_red(made, WIDE // 2, HIGH // 2)
    assert quickly(shapes, view(5.0, 11.0, 0.0)).pixelColor(WIDE // 2, HIGH // 2).name() == theme.SUN.bg.lower()


def test_ground_at_the_pole_is_drawn_at_the_edge_of_the_world() -> None:
    shapes = shapes_of(ground([84, 84, 90, 90], [-10, 10, 10, -10]), TEXTS)
    made = quickly(shapes, view(7.0, 84.5, 0.0))
    assert is_red(made, WIDE // 2, HIGH // 2)
    assert len(shapes) == 1


def test_the_legend_says_what_is_in_view_and_nothing_else(qapp: QApplication) -> None:
    del qapp
    layer = ShapesLayer("plots", [square(symbols.of_plot("cleared", approved=True))])
    away = ShapesLayer("tasks", [Shape("task/hq/y", "", (Ring.of([50, 50, 51], [10, 11, 11]),), symbols.TASK)])
    said = [entry.words for entry in entries([layer, away, finds(False, True)], view(), TEXTS)]
    assert said == ["AP mine", "Destroyed or removed", "Cleared · approved"]
    layer.visible = False
    assert [entry.words for entry in entries([layer, away], view(), TEXTS)] == []
