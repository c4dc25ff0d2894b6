"""Ground as layers of the map, in the order in which it is drawn: SHA, CHA, captured records, released plots, plots in
work, tasks; over the finds: single points and accidents; over everything: drafts.

How odd outlines are drawn: those across the antimeridian twice, once at each edge of the world; what lies beyond the
square world of the projection (85.05 degrees) at its edge; crossing ones by the odd-even rule, so nothing of them is
hidden. None of it is stored or measured.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from fieldapp.domain import symbols
from fieldapp.domain.symbols import ACCIDENT, Fill
from fieldapp.errors import OperatorError
from fieldapp.operations import drafts, ground_columns, map_grounds, outlines
from fieldapp.operations.ground_columns import GroundColumns
from fieldapp.operations.map_grounds import (
    ACCIDENTS,
    CAPTURED_RECORDS,
    CHA,
    PLOTS,
    RELEASED,
    SHA,
    TASKS,
    Ground,
    LatLon,
    Line,
)
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import Texts
from ui import theme
from ui.forms.drawn import DRAFT
from ui.forms.outline_values import outline_of
from ui.forms.typed_outline import from_text
from ui.map.districts import districts_layer
from ui.map.edges import Edges
from ui.map.ground_shapes import held_of, odd_ones
from ui.map.labels import DISTRICT, RANKS, Label, Labels, width_px
from ui.map.shapes_layer import Held, Ring, Shape, ShapesLayer, brighter
from ui.map.view import View

SPOTS, DRAFTS = "spots", "drafts"
GROUND_CODES = (SHA, CHA, CAPTURED_RECORDS, RELEASED, PLOTS, TASKS)
"""Layers of ground, the lowest first."""
_ABBREVIATED = ("cha", "sha")
STAR_PX, SPOT_PX = 20.0, 11.0
_LABELLED_ZOOM = 12.0
_MOST_LABELS = 120


@dataclass(frozen=True)
class Spot:
    """A point that is a symbol: an accident (a star), or ground of which only a point is known."""

    record: str
    label: str
    lat: float
    lon: float
    look: Fill
    filled: bool = True

    def as_shape(self) -> Shape:
        """A shape of one point: what shapes are asked can be asked of it."""
        return Shape(self.record, self.label, (Ring.of([self.lat], [self.lon], closed=False),), self.look)


@dataclass(frozen=True)
class Prepared:
    """What the layers show, made by a worker: shapes and points by layer."""

    shapes: Mapping[str, Held] = field(default_factory=dict)
    spots: Mapping[str, tuple[Spot, ...]] = field(default_factory=dict)
    edges: Mapping[str, Edges] = field(default_factory=dict)
    """Vertices and edges of the shapes, and the points of ``SPOTS``, to be snapped to."""
    complete: bool = True
    """False: nothing can be snapped to. Read again with ``GroundReader.with_edges``; it is drawn already."""


class GroundReader:
    """Reads ground for the layers on the worker: ``session.ask(reader.read, layers.show)``. Keeps what did not change.

    One for each workspace and language. In a large workspace it takes what was kept (``ground_columns``), and makes
    edges only ``with_edges``: the map shows at once, and who draws nothing needs none.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.with_edges = False
        self._known: dict[int, tuple[Ground, tuple[Shape, ...]]] = {}
        self._held: dict[str, Held] = {}
        self._edges: dict[str, tuple[Sequence[Shape] | Sequence[Spot], Edges]] = {}
        self._kept: tuple[GroundColumns, Prepared] | None = None

    def make_edges(self, read: Callable[[], object]) -> None:
        """Make edges from now on; ``read`` has it read again."""
        self.with_edges = True
        read()

    def read(self, ws: Workspace) -> Prepared:
        """All ground of the workspace, and the outlines of its drafts."""
        columns = None if self._known else ground_columns.kept(ws)
        if columns is None:
            self._kept, made_from = None, ground_columns.as_of(ws)
            grounds = map_grounds.grounds(ws)
            prepared = self.prepared(grounds, draft_shapes(ws))
            if ground_columns.kept(ws) is None:
                ground_columns.keep(ws, grounds, made_from)
            return prepared
        if self._kept is None or self._kept[0] is not columns:
            self._kept = columns, self.prepared_at_once(columns)
        prepared = self._kept[1]
        shapes = {**prepared.shapes, DRAFTS: self._held_of(DRAFTS, draft_shapes(ws))}
        edges = self._every_edge(shapes, prepared.spots) if self.with_edges else {}
        return Prepared(shapes, prepared.spots, edges, complete=self.with_edges)

    def prepared_at_once(self, columns: GroundColumns) -> Prepared:
        """Shapes and spots of ground in columns, without those of drafts and without edges."""
        odd = odd_ones(columns).tolist()
        if odd:  # few, if any; their neighbours in the order of drawing are made one by one with them
            slow = {columns.layers[columns.layer[at]] for at in odd}
            one_by_one = [at for at in range(len(columns)) if columns.layers[columns.layer[at]] in slow]
        else:
            slow, one_by_one = set(), []
        shapes: dict[str, Held] = {
            code: held_of(columns, code, self._label) for code in GROUND_CODES if code not in slow
        }
        many: dict[str, list[Shape]] = {code: [] for code in slow}
        for ground in columns.grounds(one_by_one):
            many[ground.layer] += shapes_of(ground, self._texts)
        for code, made in many.items():
            if code in GROUND_CODES:
                shapes[code] = Held.of(made)
        spots: dict[str, list[Spot]] = {SPOTS: [], ACCIDENTS: []}
        for ground in columns.grounds(np.flatnonzero(columns.points).tolist()):
            spots[ACCIDENTS if ground.layer == ACCIDENTS else SPOTS] += spots_of(ground, self._texts)
        return Prepared(shapes, {code: tuple(those) for code, those in spots.items()})

    def prepared(self, grounds: Sequence[Ground], drafted: Sequence[Shape] = ()) -> Prepared:
        """Shapes and spots of some ground; those of the very same ground as before are the same."""
        kept: dict[int, tuple[Ground, tuple[Shape, ...]]] = {}
        shapes: dict[str, list[Shape]] = {code: [] for code in GROUND_CODES}
        spots: dict[str, list[Spot]] = {SPOTS: [], ACCIDENTS: []}
        for ground in grounds:
            known = self._known.get(id(ground))
            made = known[1] if known is not None and known[0] is ground else shapes_of(ground, self._texts)
            kept[id(ground)] = ground, made
            if made:
                shapes[ground.layer].extend(made)
            spots[ACCIDENTS if ground.layer == ACCIDENTS else SPOTS] += spots_of(ground, self._texts)
        self._known = kept
        held = {code: self._held_of(code, many) for code, many in (*shapes.items(), (DRAFTS, drafted))}
        points = {code: tuple(many) for code, many in spots.items()}
        return Prepared(held, points, self._every_edge(held, points))

    def _label(self, name: str, look: Fill, state: str) -> str:
        return label_from(name, look, state, self._texts)

    def _held_of(self, code: str, many: Sequence[Shape]) -> Held:
        """Those of a layer in which nothing changed are the same."""
        known = self._held.get(code)
        if known is None or len(known.shapes) != len(many) or not all(map(operator.is_, known.shapes, many)):
            known = self._held[code] = Held.of(many)
        return known

    def _every_edge(self, shapes: Mapping[str, Held], spots: Mapping[str, tuple[Spot, ...]]) -> dict[str, Edges]:
        edges = {code: self._edges_of(code, held.shapes) for code, held in shapes.items()}
        edges[SPOTS] = self._edges_of(SPOTS, [spot for spot in spots[SPOTS] if spot.label])
        return edges

    def _edges_of(self, code: str, many: Sequence[Shape] | Sequence[Spot]) -> Edges:
        """Those of a layer in which nothing changed are the same."""
        known = self._edges.get(code)
        if known is not None and len(known[0]) == len(many) and all(map(operator.is_, known[0], many)):
            return known[1]
        made = Edges([one.as_shape() if isinstance(one, Spot) else one for one in many])
        self._edges[code] = many, made
        return made


class GroundLayers:
    """The layers, and what they show. ``under_finds`` and ``over_finds`` are in the order of drawing."""

    def __init__(self, texts: Texts) -> None:
        self.districts = districts_layer(texts)
        self.shapes = {code: ShapesLayer(code) for code in (*GROUND_CODES, DRAFTS)}
        self.spots = {code: SpotsLayer(code) for code in (SPOTS, ACCIDENTS)}
        self.under_finds = (self.districts, *(self.shapes[code] for code in GROUND_CODES), self.spots[SPOTS])
        self.over_finds = (self.spots[ACCIDENTS],)
        self.drafts = self.shapes[DRAFTS]
        self._edges: Mapping[str, Edges] | None = {}
        self.want_edges: Callable[[], object] = lambda: None
        """Called when something is to be snapped to and the edges were not made."""

    @property
    def edges(self) -> Mapping[str, Edges]:
        """What can be snapped to, by layer; nothing until it is made."""
        if self._edges is None:
            self._edges = {}
            self.want_edges()
        return self._edges

    def show(self, prepared: Prepared) -> None:
        """Draw this from now on; layers in which nothing changed are left as they are."""
        for code, held in prepared.shapes.items():
            layer = self.shapes[code]
            if held is not layer.held:
                layer.show_held(held)
        for code, spots in prepared.spots.items():
            self.spots[code].show_spots(spots)
        self._edges = prepared.edges if prepared.complete else None


def label_of(ground: Ground, texts: Texts) -> str:
    """What is written on it: "P-031", "CHA-0147 · worked on"."""
    return label_from(ground.label, ground.look, ground.state, texts)


def label_from(label: str, look: Fill, state: str, texts: Texts) -> str:
    """What is written on ground of this number or name, look and state."""
    code = look.classification
    if code in _ABBREVIATED and not label.upper().startswith(code.upper()):
        label = f"{code.upper()} {label}".strip()
    return " · ".join(word for word in (label, texts(state)) if word)


def shapes_of(ground: Ground, texts: Texts) -> tuple[Shape, ...]:
    """The drawing of its outline: two across the antimeridian, none of what has no outline."""
    if not ground.lines:
        return ()
    lines = [(line, unwrapped(line.lons)) for line in ground.lines]
    found = []
    for turn in _turns([lons for _, lons in lines]):
        rings = tuple(
            Ring.of(line.lats, [lon + turn for lon in lons], closed=line.closed, recorded=line.lons)
            for line, lons in lines
        )
        found.append(Shape(ground.record, label_of(ground, texts), rings, ground.look))
    return tuple(found)


def unwrapped(lons: Sequence[float]) -> list[float]:
    """Longitudes whose neighbours are never more than half the world apart: across 180 they go on counting."""
    found = list(lons[:1])
    for before, lon in pairwise(lons):
        found.append(found[-1] + (lon - before + 180.0) % 360.0 - 180.0)
    return found


def _turns(many: Iterable[Sequence[float]]) -> list[float]:
    """By how many degrees it is turned to be drawn on the map of the world: 0, and 360 more where it leaves that."""
    every = [lon for lons in many for lon in lons]
    west, east = min(every), max(every)
    return [turn for turn in (0.0, 360.0, -360.0) if west + turn < 180.0 and east + turn > -180.0] or [0.0]


def spots_of(ground: Ground, texts: Texts) -> list[Spot]:
    """Its points. Those beside an outline have no label: the outline has it."""
    label = "" if ground.lines else label_of(ground, texts)
    return [Spot(ground.record, label, lat, lon, ground.look, ground.filled) for lat, lon in ground.points]


def draft_shapes(ws: Workspace) -> list[Shape]:
    """The outlines in drafts, as far as they can be read: forms keep points as typed under ``points``."""
    found = []
    for draft in drafts.kept(ws):
        if draft.form == DRAFT:  # the map draws that one itself, as it is now
            continue
        rings = [ring for part in _drafted(draft.fields.get("points", "")) for ring in part]
        lines = [Line(tuple(lat for lat, _ in ring), tuple(lon for _, lon in ring), len(ring) > 2) for ring in rings]
        lines = [line for line in lines if len(line.lats) > 1]
        if lines:
            drawn = tuple(
                Ring.of(line.lats, unwrapped(line.lons), closed=line.closed, recorded=line.lons) for line in lines
            )
            found.append(Shape(f"draft/{draft.form}", "", drawn, symbols.DRAFT))
    return found


def _drafted(text: str) -> list[list[list[LatLon]]]:
    if not text.strip():
        return []
    try:
        measured = outlines.measure(outline_of(from_text(text)))
    except (OperatorError, ValueError, KeyError):
        return []  # half a number is no point yet
    return [[[(float(v["lat"]), float(v["lon"])) for v in ring] for ring in part] for part in measured.outline]


class SpotsLayer(ShapesLayer):
    """Symbols at points. They are shapes of one point as well, so that they are found as shapes are."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.spots: tuple[Spot, ...] = ()

    def show_spots(self, spots: Sequence[Spot]) -> None:
        """Draw these from now on."""
        if tuple(spots) != self.spots:
            self.spots = tuple(spots)
            self.show_shapes([spot.as_shape() for spot in spots])

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """Draw those in view."""
        for place in self.within(view.box):
            spot = self.spots[place]
            draw_spot(painter, *view.pixel(spot.lat, spot.lon), spot.look, tokens, filled=spot.filled)

    def label(self, labels: Labels, view: View) -> None:
        """Take room for the symbols, and ask for their names where the map is near enough to read them."""
        seen = [self.spots[place] for place in self.within(view.box)]
        pixels = [view.pixel(spot.lat, spot.lon) for spot in seen]
        labels.take_around(np.array([x for x, _ in pixels]), np.array([y for _, y in pixels]), STAR_PX / 2)
        if not self.labels or view.zoom < _LABELLED_ZOOM:
            return
        for spot, (x, y) in list(zip(seen, pixels, strict=True))[:_MOST_LABELS]:
            if spot.label:
                aside = STAR_PX / 2 + 6 + width_px(spot.label) / 2
                middles = ((x + aside, y), (x - aside, y), (x, y - STAR_PX - 2), (x, y + STAR_PX + 2))
                labels.ask(Label((spot.label,), middles, RANKS.get(self.code, DISTRICT)))


def draw_spot(
    painter: QPainter, x: float, y: float, look: Fill, tokens: theme.Tokens, *, filled: bool = True
) -> None:
    """A star for an accident, filled or hollow; for other points a small ring with a dot in the outline's colour."""
    ink, paper = brighter(look.outline, tokens), QColor(tokens.card)
    painter.save()
    if look == ACCIDENT:
        for colour, size, inside in ((paper, STAR_PX + 8, paper), (ink, STAR_PX, ink if filled else paper)):
            painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.setBrush(inside)
            painter.drawPolygon(_star(x, y, size / 2))
    else:
        painter.setBrush(paper)
        painter.setPen(QPen(paper, 7))
        painter.drawEllipse(QPointF(x, y), SPOT_PX / 2, SPOT_PX / 2)
        painter.setPen(QPen(ink, 3))
        painter.drawEllipse(QPointF(x, y), SPOT_PX / 2, SPOT_PX / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(QPointF(x, y), 2, 2)
    painter.restore()


def _star(x: float, y: float, size: float) -> QPolygonF:
    turns = np.radians(np.arange(16) * 22.5 - 90)
    far = np.where(np.arange(16) % 2 == 0, size, size * 0.5)
    return QPolygonF([
        QPointF(x + dx, y + dy) for dx, dy in zip((np.cos(turns) * far).tolist(), (np.sin(turns) * far).tolist(),
                                                  strict=True)
    ])  # fmt: skip
