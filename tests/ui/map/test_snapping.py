"""Snapping: vertices before edges, the very digits, only what is shown, the same whatever order ground came in."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.domain import symbols
from fieldapp.operations.ground_columns import GroundColumns
from fieldapp.operations.map_grounds import Ground, LatLon, Line
from fieldapp.texts import Texts
from ui.map.edges import Edges
from ui.map.grounds import GroundLayers, GroundReader, Prepared
from ui.map.layer import Pointer
from ui.map.shapes_layer import Held, Ring, Shape
from ui.map.snapping import EDGE, REACH_PX, TOUCH_REACH_PX, VERTEX, Snapped, Snapping, edges_of
from ui.map.view import View

pytestmark = pytest.mark.usefixtures("app")
TEXTS = Texts("en")
PLOT = symbols.of_plot("cleared", approved=True)
SQUARE = ((40.02, 46.98), (40.02, 46.981406007), (40.02072, 46.981406), (40.02072, 46.98))


def ground(number: str, points: tuple[LatLon, ...] = SQUARE, layer: str = "released") -> Ground:
    line = Line(tuple(lat for lat, _ in points), tuple(lon for _, lon in points))
    return Ground(f"plot/t/{number}", "plot", layer, number, (line,), (), PLOT)


def shown(*grounds: Ground) -> GroundLayers:
    layers = GroundLayers(TEXTS)
    layers.show(GroundReader(TEXTS).prepared(grounds))
    return layers


def pointer(lat: float, lon: float, *, right_px: float = 0, down_px: float = 0, zoom: float = 17) -> Pointer:
    """A pointer so many pixels from a position."""
    view = View.at(lat, lon, zoom, 800, 600)
    x, y = view.pixel(lat, lon)
    return Pointer(*view.position(x + right_px, y + down_px), view)


def snap(at: Pointer, *grounds: Ground) -> Snapped:
    return Snapping(shown(*(grounds or (ground("P-1"),)))).snap(at)


def test_a_vertex_within_reach_gives_its_very_digits_and_says_whose_it_is() -> None:
    found = snap(pointer(*SQUARE[1], right_px=8, down_px=-8))
    assert (found.lat, found.lon, found.kind) == (*SQUARE[1], VERTEX)
    assert (found.record, found.name, found.layer) == ("plot/t/P-1", "P-1", "released")
    assert found.sentence(TEXTS) == "On a corner of P-1"


@pytest.mark.parametrize(("touch", "reach"), [(False, REACH_PX), (True, TOUCH_REACH_PX)])
def test_it_reaches_so_far_and_no_farther_and_a_finger_reaches_farther(touch: bool, reach: float) -> None:
    for px, kind in ((reach - 0.5, VERTEX), (reach + 0.5, "")):
        at = replace(pointer(*SQUARE[0], right_px=-px), touch=touch)
        found = snap(at)
        assert found.kind == kind
        if not kind:
            assert found == Snapped(at.lat, at.lon)
            assert found.sentence(TEXTS) == ""


def test_a_vertex_goes_before_a_nearer_edge() -> None:
    assert snap(pointer(*SQUARE[0], right_px=9)).kind == VERTEX
    assert snap(pointer(*SQUARE[0], right_px=40, down_px=5)).kind == EDGE


def test_on_an_edge_the_place_lies_on_the_line_straight_in_degrees() -> None:
    (lat1, lon1), (lat2, lon2) = (40.02, 46.98), (40.0231, 46.9873)
    outline = ((lat1, lon1), (lat2, lon2), (40.03, 46.97))
    at = pointer((lat1 + lat2) / 2, (lon1 + lon2) / 2, right_px=5, down_px=5)
    found = snap(at, ground("P-1", outline))
    assert found.kind == EDGE
    assert found.sentence(TEXTS) == "On an edge of P-1"
    across = (found.lat - lat1) * (lon2 - lon1) - (found.lon - lon1) * (lat2 - lat1)
    assert abs(across) / np.hypot(lat2 - lat1, lon2 - lon1) <= 1e-9
    assert at.pixels_to(found.lat, found.lon) <= 7.1


def test_an_edge_drawn_elsewhere_than_it_lies_is_not_snapped_to() -> None:
    long = ((38.0, 45.0), (42.0, 50.0), (38.0, 50.0))
    view = View.at(40.0, 47.5, 16, 800, 600)
    (x1, y1), (x2, y2) = view.pixel(*long[0]), view.pixel(*long[1])
    on_the_drawn_line = Pointer(*view.position((x1 + x2) / 2, (y1 + y2) / 2), view)
    assert snap(on_the_drawn_line, ground("P-1", long)).kind == ""
    assert snap(replace(on_the_drawn_line, view=view.zoomed(-12)), ground("P-1", long)).kind == EDGE


def test_switched_off_or_with_alt_held_nothing_moves() -> None:
    snapping = Snapping(shown(ground("P-1")))
    at = pointer(*SQUARE[0], right_px=4)
    assert snapping.snap(replace(at, exact=True)) == Snapped(at.lat, at.lon)
    snapping.enabled = False
    assert snapping.snap(at) == Snapped(at.lat, at.lon)
    snapping.enabled = True
    assert snapping.snap(at).kind == VERTEX


def test_hidden_layers_and_excluded_records_are_left_alone() -> None:
    layers = shown(ground("P-1"))
    snapping, at = Snapping(layers), pointer(*SQUARE[0], right_px=4)
    assert snapping.snap(at, exclude={"plot/t/P-1"}).kind == ""
    layers.shapes["released"].visible = False
    assert snapping.snap(at).kind == ""
    layers.shapes["released"].visible, layers.shapes["released"].opacity = True, 0.0
    assert snapping.snap(at).kind == ""


def test_ground_that_is_a_dot_is_not_snapped_to() -> None:
    assert snap(pointer(*SQUARE[0], zoom=8)).kind == ""
    assert snap(pointer(*SQUARE[0], zoom=17)).kind == VERTEX


def test_a_shared_vertex_names_both_and_is_the_same_in_any_order() -> None:
    beside = (SQUARE[1], (40.02, 46.99), (40.021, 46.99), SQUARE[2])
    one, other = ground("P-1"), ground("P-2", beside)
    at = pointer(*SQUARE[1], right_px=3)
    found = snap(at, one, other)
    assert found == snap(at, other, one)
    assert found.name == "P-1"
    assert found.records == ("plot/t/P-1", "plot/t/P-2")


def test_the_edge_of_two_neighbours_gives_one_place() -> None:
    one, other = ground("P-1"), ground("P-2", tuple(reversed(SQUARE)))
    at = pointer((SQUARE[1][0] + SQUARE[2][0]) / 2, SQUARE[1][1], right_px=5)
    found = [snap(at, one), snap(at, other), snap(at, one, other), snap(at, other, one)]
    assert {(each.kind, each.lat, each.lon) for each in found} == {(EDGE, found[0].lat, found[0].lon)}
    assert found[2] == found[3]
    assert found[2].records == ("plot/t/P-1", "plot/t/P-2")


def test_what_is_drawn_on_top_is_named_first() -> None:
    found = snap(pointer(*SQUARE[0]), ground("C-1", layer="cha"), ground("T-1", layer="tasks"))
    assert (found.name, found.layer) == ("T-1", "tasks")


def test_the_outline_in_drawing_and_drafts_are_snapped_to_where_asked() -> None:
    snapping, at = Snapping(GroundLayers(TEXTS)), pointer(*SQUARE[0], right_px=4)
    assert snapping.snap(at).kind == ""
    own = snapping.snap(at, own=edges_of([SQUARE]))
    assert (own.lat, own.lon, own.sentence(TEXTS)) == (*SQUARE[0], "On a corner of this outline")
    open_line = edges_of([SQUARE[:3]], closed=False)
    closing = pointer((SQUARE[0][0] + SQUARE[2][0]) / 2, (SQUARE[0][1] + SQUARE[2][1]) / 2)
    assert snapping.snap(closing, own=open_line).kind == ""
    assert snapping.snap(closing, own=edges_of([SQUARE[:3]])).kind == EDGE
    assert snapping.snap(at, own=edges_of([[]])).kind == ""


def test_a_point_without_an_outline_is_a_vertex() -> None:
    alone = Ground("hazardous_area/hq/x", "hazardous_area", "cha", "CHA-1", (), (SQUARE[0],), PLOT)
    found = snap(pointer(*SQUARE[0], right_px=4, zoom=9), alone)
    assert (found.lat, found.lon, found.name) == (*SQUARE[0], "CHA-1")


def test_across_the_antimeridian_digits_are_those_recorded() -> None:
    across = ((0.0, 179.9999), (0.0, -179.9997), (0.0005, -179.9997), (0.0005, 179.9999))
    east, west = pointer(0.0, 179.9999), pointer(0.0, -179.9997)
    for at, vertex in ((east, across[0]), (west, across[1])):
        found = snap(at, ground("P-1", across))
        assert (found.lat, found.lon) == vertex
    view = View.at(0.0, 179.9999, 20, 800, 600)
    found = snap(Pointer(0.0, 180.0, view), ground("P-1", across))
    assert found.kind == EDGE
    assert (found.lat, abs(found.lon)) == (0.0, 180.0)


def test_what_is_drawn_at_the_edge_of_the_square_world_is_not_snapped_to() -> None:
    polar = ((89.9, 10.0), (89.9, 11.0), (80.0, 10.5))
    view = View.at(85.0511, 10.0, 12, 800, 600)
    assert snap(Pointer(85.0511, 10.0, view), ground("P-1", polar)).kind == ""
    assert snap(Pointer(85.0511, 10.25, view), ground("P-1", polar)).kind == ""
    assert snap(pointer(80.0, 10.5), ground("P-1", polar)).kind == VERTEX


def test_a_repeated_vertex_is_no_edge_and_a_crossing_outline_is_snapped_to_like_others() -> None:
    stutter = (SQUARE[0], SQUARE[0], SQUARE[1])
    assert snap(pointer(*SQUARE[0], right_px=30), ground("P-1", stutter)).kind == EDGE
    crossing = (SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3])
    assert snap(pointer(*SQUARE[2]), ground("P-1", crossing)).kind == VERTEX


def test_edges_of_a_layer_in_which_nothing_changed_are_kept() -> None:
    reader = GroundReader(TEXTS)
    plot, task = ground("P-1"), ground("T-1", layer="tasks")
    before = reader.prepared([plot, task])
    after = reader.prepared([plot, task, ground("T-2", layer="tasks")])
    assert after.edges["released"] is before.edges["released"]
    assert after.edges["tasks"] is not before.edges["tasks"]


def test_ground_that_was_kept_packed_gives_the_very_digits_too() -> None:
    odd = tuple((round(lat + 0.000000001, 9), round(lon + 0.123456789, 9)) for lat, lon in SQUARE)
    packed = GroundColumns.from_bytes(GroundColumns.of([ground("P-1"), ground("P-2", odd)]).to_bytes())
    layers, held = GroundLayers(TEXTS), GroundReader(TEXTS).prepared_at_once(packed)
    layers.show(replace(held, edges={code: Edges(those.shapes) for code, those in held.shapes.items()}))
    for vertex in (*SQUARE, *odd):
        found = Snapping(layers).snap(pointer(*vertex, right_px=5))
        assert (found.lat, found.lon, found.kind) == (*vertex, VERTEX)


degrees = st.integers(0, 4_000_000).map(lambda steps: round(40.0 + steps * 1e-9, 9))
corners = st.lists(st.tuples(degrees, degrees.map(lambda lat: round(lat + 7, 9))), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(rings=st.lists(corners, min_size=1, max_size=6), lat=degrees, lon=degrees, zoom=st.sampled_from([12, 15, 18]),
       long=st.booleans())  # fmt: skip
def test_it_finds_what_looking_at_every_vertex_finds(
    rings: list[list[LatLon]], lat: float, lon: float, zoom: int, long: bool
) -> None:
    if long:  # more than one run of edges
        rings = [[point for _ in range(40) for point in ring] for ring in rings]
    shapes = [
        Shape(f"plot/t/{at}", str(at), (Ring.of([a for a, _ in ring], [b for _, b in ring]),), PLOT)
        for at, ring in enumerate(rings)
    ]
    layers = GroundLayers(TEXTS)
    layers.show(Prepared({"plots": Held.of(shapes)}, {}, {"plots": Edges(shapes)}))
    at = Pointer(lat, lon + 7, View.at(lat, lon + 7, zoom, 800, 600))
    found = Snapping(layers).snap(at)
    far = [
        at.pixels_to(*point)
        for ring, shape in zip(rings, shapes, strict=True)
        for point in ring
        if (len(set(ring)) > 1 and _size_px(shape, at) >= 4) or len(ring) == 1
    ]
    nearest = min(far, default=np.inf)
    if nearest <= REACH_PX - 1e-6:
        assert found.kind == VERTEX
        assert any((found.lat, found.lon) in ring for ring in rings)
        assert at.pixels_to(found.lat, found.lon) <= nearest + 2e-3
    elif nearest > REACH_PX + 1e-6:
        assert found.kind != VERTEX
        assert at.pixels_to(found.lat, found.lon) <= REACH_PX + 0.01
        if found.kind == EDGE:
            assert any(
                _between(found, one, other) for ring in rings for one, other in pairwise([*ring, ring[0]])
            )


def _size_px(shape: Shape, at: Pointer) -> float:
    box = shape.box()
    return max(box.east - box.west, box.south - box.north) * at.view.scale


def _between(found: Snapped, one: LatLon, other: LatLon) -> bool:
    length = np.hypot(other[0] - one[0], other[1] - one[1])
    across = (found.lat - one[0]) * (other[1] - one[1]) - (found.lon - one[1]) * (other[0] - one[0])
    along = (found.lat - one[0]) * (other[0] - one[0]) + (found.lon - one[1]) * (other[1] - one[1])
    return bool(length > 0 and abs(across) / length <= 2e-9 and -1e-9 <= along / length <= length + 1e-9)
