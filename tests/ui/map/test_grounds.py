"""Ground as layers: labels, draw order, drafts, spots, districts, and that unchanged ground costs nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fieldapp.domain import symbols
from fieldapp.operations import areas, drafts, ground_columns, review
from fieldapp.operations.map_grounds import Ground
from fieldapp.texts import Texts
from tests.builders import RECTANGLE, a_plot, hq
from tests.ui.map.drawn import HIGH, WIDE, picture, view
from ui.map.districts import districts_layer
from ui.map.grounds import GroundLayers, GroundReader, label_of
from ui.map.legend import LegendPanel, entries
from ui.map.shapes_layer import Shape
from ui.map.view import Box

pytestmark = pytest.mark.usefixtures("app")
TEXTS = Texts("en")


def hazard(label: str, classification: str = "cha", status: str = "worked_on") -> Ground:
    look = symbols.of_hazard(classification, status, approved=False)
    return Ground("hazardous_area/hq/x", "hazardous_area", "cha", label, (), ((40.0, 47.0),), look, look.state)


def test_labels_say_number_and_state() -> None:
    assert label_of(hazard("CHA-0147"), TEXTS) == "CHA-0147 · worked on"
    assert label_of(hazard("QKD-0147-X"), TEXTS) == "CHA QKD-0147-X · worked on"
    assert label_of(hazard("R-12", "captured_record"), Texts("ru")) == "R-12 · в работе"


def test_layers_stand_in_the_order_of_drawing() -> None:
    layers = GroundLayers(TEXTS)
    assert [layer.code for layer in layers.under_finds] == [
        "districts", "sha", "cha", "captured", "released", "plots", "tasks", "spots",
    ]  # fmt: skip
    assert [layer.code for layer in layers.over_finds] == ["accidents"]


def test_only_layers_in_which_something_changed_are_built_again(tmp_path: Path) -> None:
    with hq(tmp_path / "hq") as ws:
        plot = a_plot(ws)
        values = {"classification": "sha", "status": "open", "informed_on": "2024-07-30"}
        areas.add(ws, values, outline=areas.one_ring(RECTANGLE))
        layers, reader = GroundLayers(TEXTS), GroundReader(TEXTS)
        layers.show(reader.read(ws))
        before = {code: layer.shapes for code, layer in layers.shapes.items()}
        review.decide(ws, [plot.name], "approved")
        layers.show(reader.read(ws))
        changed = {code for code, layer in layers.shapes.items() if layer.shapes is not before[code]}
        assert changed == {"plots", "released"}
        assert [shape.label for shape in layers.shapes["released"].shapes] == [plot.fields["local_id"]]


def test_the_outline_in_a_draft_is_drawn_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    with hq(tmp_path / "hq") as ws:
        drafts.keep(ws, "plot", {"points": "\n".join(RECTANGLE)})
        drafts.keep(ws, "hazardous_area", {"points": "40.0"})
        layers = GroundLayers(TEXTS)
        layers.show(GroundReader(TEXTS).read(ws))
        [shape] = layers.drafts.shapes
        assert shape.look == symbols.DRAFT
        assert len(shape.rings[0].x) == 4


def test_ground_without_an_outline_is_a_symbol_that_is_found_like_a_shape() -> None:
    layers = GroundLayers(TEXTS)
    layers.show(GroundReader(TEXTS).prepared([hazard("CHA-1")]))
    spots = layers.spots["spots"]
    assert spots.within(view().box) == [0]
    made = picture([spots])
    assert made.pixelColor(WIDE // 2, HIGH // 2).name() == symbols.AMBER.lower()


@pytest.mark.parametrize(("language", "name"), [("en", "Lachin"), ("az", "Laçın"), ("ru", "Лачин")])
def test_districts_have_names_in_the_language_and_say_where_they_come_from(language: str, name: str) -> None:
    layer = districts_layer(Texts(language))
    assert name in {shape.label for shape in layer.shapes}
    assert all(shape.label for shape in layer.shapes)
    assert layer.credit == "Made with Natural Earth"
    near = layer.within(Box.of_degrees(39.6, 46.5, 39.7, 46.6))
    assert name in {layer.shapes[place].label for place in near}


def test_the_panel_is_high_enough_for_all_its_lines_at_any_width() -> None:
    layers = GroundLayers(TEXTS)
    layers.show(GroundReader(TEXTS).prepared([hazard(f"CHA-{at}", "contact_line", at) for at in ("open", "suspended")]))
    panel = LegendPanel(Texts("ru"))
    assert panel.sizeHint().height() > 0
    said = entries(layers.under_finds, view(), Texts("ru"))
    panel.show_entries(said)
    panel.resize(900, 100)
    wide = panel.sizeHint().height()
    panel.resize(180, 100)
    assert panel.sizeHint().height() > wide
    assert panel.accessibleDescription() == "; ".join(entry.words for entry in said)
    assert len(said) == 3, "a district and two hazards"


def test_kept_ground_shows_what_reading_all_of_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground_columns, "MUCH", 1)
    with hq(tmp_path / "hq") as ws:
        plot = a_plot(ws)
        review.decide(ws, [plot.name], "approved")
        a_plot(ws, ("40.12 46.98", "40.12 46.9805", "40.12072 46.9805", "40.12072 46.98"))
        values = {"classification": "sha", "status": "open", "informed_on": "2024-07-30"}
        areas.add(ws, values, outline=areas.one_ring(("10 179.9", "10 -179.9", "10.1 -179.9", "10.1 179.9")))
        slowly, at_once = GroundLayers(TEXTS), GroundLayers(TEXTS)
        slowly.show(GroundReader(TEXTS).read(ws))
        reader = GroundReader(TEXTS)
        first = reader.read(ws)
        assert not first.complete, "the second reader has not taken what was kept"
        at_once.show(first)
        wanted: list[bool] = []
        at_once.want_edges = lambda: wanted.append(True)
        assert (dict(at_once.edges), dict(at_once.edges), wanted) == ({}, {}, [True]), "they are asked for once"
        reader.with_edges = True
        second = reader.read(ws)
        assert second.complete
        assert all(second.shapes[code] is first.shapes[code] for code in first.shapes)
        at_once.show(second)
        for code, layer in slowly.shapes.items():
            other = at_once.shapes[code]
            assert [_told(shape) for shape in layer.shapes] == [_told(shape) for shape in other.shapes]
            assert np.allclose(layer.held.boxes, other.held.boxes, rtol=0, atol=1e-15)
            assert [layer.held.looks[at] for at in layer.held.look] == [other.held.looks[at] for at in other.held.look]
            assert len(slowly.edges[code]) == len(at_once.edges[code])
            assert (layer.extent() is None) == (other.extent() is None)
        assert len(at_once.shapes["sha"].shapes) == 2, "across the antimeridian it is drawn at both edges"
        assert picture(at_once.under_finds, view(17, *plot_place(at_once))) == picture(
            slowly.under_finds, view(17, *plot_place(slowly)))  # fmt: skip
        review.decide(ws, [plot.name], "rejected", "not walked")
        at_once.show(reader.read(ws))
        assert not at_once.shapes["released"].shapes


def plot_place(layers: GroundLayers) -> tuple[float, float]:
    ring = layers.shapes["released"].shapes[0].rings[0]
    return float(ring.lat.mean()), float(ring.lon.mean())


def _told(shape: Shape) -> tuple[object, ...]:
    rings = [(ring.x.round(12).tolist(), ring.y.round(12).tolist(), ring.closed, ring.lat.tolist(), ring.lon.tolist())
             for ring in shape.rings]  # fmt: skip
    return shape.record, shape.label, shape.look, rings
