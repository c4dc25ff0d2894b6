"""Snapping: a vertex that is being placed moves onto a vertex or an edge of ground that the map shows.

It moves nothing else, crops nothing, and says what it moved onto. Vertices go before edges. A vertex has the very
digits of the one it snapped to, so neighbours share it without gap or overlap. Of an edge the place on it is found in
pixels of the map, and then taken on the straight line between its ends in longitude and latitude: what lies inside an
outline, overlaps and distances are judged by that line (``geodesy.soundness``, ``overlap``, ``cover``), while the
area alone follows the geodesic, less than a millimetre beside it over the side of a plot. On an edge so long that the
line drawn and the line meant are farther apart than a click reaches, nothing is snapped to.

Ground of hidden layers, ground that is drawn as a dot, and vertices beyond the edge of the square world (85.05
degrees), which are drawn where they are not, are left alone.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fieldapp.domain import symbols
from fieldapp.texts import N_, Texts
from ui.map.edges import Edges, Floats, Places
from ui.map.grounds import DRAFTS, GROUND_CODES, SPOTS, GroundLayers, unwrapped
from ui.map.layer import Pointer
from ui.map.shapes_layer import DOT_PX, Ring, Shape
from ui.map.view import NORTHERNMOST_DEG, View, world_of

REACH_PX, TOUCH_REACH_PX = 12.0, 24.0
"""So far a vertex moves, under a mouse and under a finger."""
VERTEX, EDGE = "vertex", "edge"
OWN = "own"
"""Layer of the outline that is being drawn."""
_ORDER = (OWN, DRAFTS, *reversed(GROUND_CODES), SPOTS)
"""Of ground at one place, what is drawn on top."""
_PLACES = 9
"""Digits after the point of stored latitudes and longitudes."""
_ALIKE_PX = 1e-3
"""What is nearer by less than this is as near: arithmetic errs so much."""
_MOST_ROUNDS = 4
_MOST_EDGES = 32
"""So many of the edges of a layer are looked at, the nearest."""

LatLon = tuple[float, float]


@dataclass(frozen=True)
class Snapped:
    """Where the vertex goes: WGS 84 degrees. ``kind`` is ``vertex``, ``edge`` or empty: then it stays where it was.

    ``layer`` is the code of the layer, ``record`` the record that it snapped to (of a draft ``draft/...``, empty for
    the outline itself), ``name`` what people call it, ``records`` every record that has a vertex with these very
    digits, or the very same edge.
    """

    lat: float
    lon: float
    kind: str = ""
    layer: str = ""
    record: str = ""
    name: str = ""
    records: tuple[str, ...] = ()

    def sentence(self, texts: Texts) -> str:
        """What it snapped to, to be shown and said; empty where it did not."""
        if not self.kind:
            return ""
        if self.layer == OWN:
            return texts(N_("On a corner of this outline") if self.kind == VERTEX else N_("On an edge of this outline"))
        if self.layer == DRAFTS:
            return texts(N_("On a corner of a draft") if self.kind == VERTEX else N_("On an edge of a draft"))
        said = N_("On a corner of {name}") if self.kind == VERTEX else N_("On an edge of {name}")
        return texts(said, name=self.name)


@dataclass(frozen=True)
class _Hit:
    """A vertex or an edge within reach: how far it is in pixels, and where in which layer."""

    far_px: float
    order: int
    edges: Edges
    at: int

    @property
    def shape(self) -> Shape:
        return self.edges.shapes[int(self.edges.shape[self.at])]

    @property
    def rank(self) -> tuple[int, int, str]:
        """The nearest first, then the uppermost, then by name: never by chance."""
        return round(self.far_px / _ALIKE_PX), self.order, self.shape.record


def edges_of(rings: Sequence[Sequence[LatLon]], *, closed: bool = True) -> Edges:
    """Vertices and edges of an outline in drawing, to be given to ``snap`` as ``own``."""
    drawn = [
        Ring.of([lat for lat, _ in ring], unwrapped([lon for _, lon in ring]), closed=closed and len(ring) > 2,
                recorded=[lon for _, lon in ring])
        for ring in rings if ring
    ]  # fmt: skip
    return Edges([Shape("", "", tuple(drawn), symbols.DRAFT)] if drawn else [])


class Snapping:
    """Snaps to what ``layers`` show at the moment. ``enabled``: somebody may switch it off; Alt holds it off."""

    def __init__(self, layers: GroundLayers) -> None:
        self._layers = layers
        self.enabled = True

    def snap(self, at: Pointer, *, exclude: Collection[str] = (), own: Edges | None = None) -> Snapped:
        """Where a vertex at ``at`` goes. ``exclude``: records that are not snapped to, such as the one being changed;
        ``own``: the outline in drawing, without the vertex that moves.
        """
        stays = Snapped(at.lat, at.lon)
        if not self.enabled or at.exact:
            return stays
        reach_px = TOUCH_REACH_PX if at.touch else REACH_PX
        near = [_Within(those, order, at, reach_px, exclude) for order, those in self._sources(own)]
        vertices = [hit for one in near for hit in one.vertices()]
        if vertices:
            return _on_vertex(vertices)
        edges = sorted((hit for one in near for hit in one.edges()), key=lambda hit: hit.rank)
        for hit in edges:
            place = _on_edge(hit, at)
            if place is not None and _pixels(at, *place) <= reach_px:
                return _snapped(hit, EDGE, place, [other for other in edges if _ends(other) == _ends(hit)])
        return stays

    def _sources(self, own: Edges | None) -> Iterator[tuple[int, Edges]]:
        """What can be snapped to now, with its place in the order of drawing."""
        for order, code in enumerate(_ORDER):
            if code == OWN:
                if own is not None:
                    yield order, own
                continue
            layer = self._layers.spots[code] if code == SPOTS else self._layers.shapes[code]
            those = self._layers.edges.get(code)
            if those is not None and layer.visible and layer.opacity > 0:
                yield order, those


class _Within:
    """What of one layer is within reach of the pointer."""

    def __init__(self, those: Edges, order: int, at: Pointer, reach_px: float, exclude: Collection[str]) -> None:
        self._those, self._order, self._reach_px, self._exclude = those, order, reach_px, exclude
        self._x, self._y = world_of(at.lat, at.lon)
        self._scale = at.view.scale
        least = 0.0 if _ORDER[order] == OWN else DOT_PX / self._scale
        self._near = those.near(self._x, self._y, reach_px / self._scale, least)

    def vertices(self) -> list[_Hit]:
        """The nearest vertex, with those that are as near."""
        those = self._those
        places = self._taken(self._near.vertices[_drawn_truly(those, self._near.vertices)])
        far = np.hypot(those.x[places] - self._x, those.y[places] - self._y) * self._scale
        return self._hits(places, far, far <= far.min(initial=math.inf) + _ALIKE_PX)

    def edges(self) -> list[_Hit]:
        """The nearest edges."""
        places = self._near.edges
        places = self._taken(places[_drawn_truly(self._those, places) & _drawn_truly(self._those, places + 1)])
        far = _far_from_edges(self._those, places, self._x, self._y) * self._scale
        wanted = np.zeros(len(far), bool)
        wanted[np.argsort(far, kind="stable")[:_MOST_EDGES]] = True
        return self._hits(places, far, wanted)

    def _hits(self, places: Places, far: Floats, wanted: NDArray[np.bool_]) -> list[_Hit]:
        wanted = wanted & (far <= self._reach_px)
        found = zip(places[wanted].tolist(), far[wanted].tolist(), strict=True)
        return [_Hit(px, self._order, self._those, place) for place, px in found]

    def _taken(self, places: Places) -> Places:
        """Those of records that are not excluded."""
        if not self._exclude:
            return places
        those, exclude = self._those, self._exclude
        left_out = [at for at in np.unique(those.shape[places]).tolist() if those.shapes[at].record in exclude]
        return places[~np.isin(those.shape[places], left_out)]


def _drawn_truly(those: Edges, places: Places) -> NDArray[np.bool_]:
    """Are these vertices drawn where they are?"""
    found: NDArray[np.bool_] = np.abs(those.lat[places]) <= NORTHERNMOST_DEG
    return found


def _far_from_edges(those: Edges, edges: Places, x: float, y: float) -> Floats:
    """How far the drawn lines are from a place, in world coordinates."""
    ax, ay = those.x[edges] - x, those.y[edges] - y
    dx, dy = those.x[edges + 1] - those.x[edges], those.y[edges + 1] - those.y[edges]
    square = dx * dx + dy * dy
    share = np.clip(-(ax * dx + ay * dy) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    made: Floats = np.hypot(ax + share * dx, ay + share * dy)
    return made


def _on_vertex(every: Sequence[_Hit]) -> Snapped:
    hit = min(every, key=lambda one: one.rank)
    place = float(hit.edges.lat[hit.at]), float(hit.edges.lon[hit.at])
    same = [one for one in every if (one.edges.lat[one.at], one.edges.lon[one.at]) == place]
    return _snapped(hit, VERTEX, place, same)


def _snapped(hit: _Hit, kind: str, place: LatLon, same: Sequence[_Hit]) -> Snapped:
    records = dict.fromkeys(one.shape.record for one in sorted(same, key=lambda one: one.rank))
    shape = hit.shape
    return Snapped(*place, kind, _ORDER[hit.order], shape.record, shape.label.split(" · ", 1)[0], tuple(records))


def _ends(hit: _Hit) -> tuple[LatLon, LatLon]:
    """The ends of an edge, always the same one first: the edge of two neighbours gives one place, not two."""
    those, at = hit.edges, hit.at
    one, other = ((float(those.lat[end]), float(those.lon[end])) for end in (at, at + 1))
    return (one, other) if one <= other else (other, one)


def _on_edge(hit: _Hit, at: Pointer) -> LatLon | None:
    """The place on the line between the ends, straight in longitude and latitude, that is nearest in the view."""
    (lat1, lon1), (lat2, lon2) = _ends(hit)
    if (lat1, lon1) == (lat2, lon2):
        return None
    across = lon2 - lon1
    if abs(across) > 180:  # the edge goes the other way round
        across -= math.copysign(360, across)
    x, y = world_of(at.lat, at.lon)
    first = hit.at if (float(hit.edges.lat[hit.at]), float(hit.edges.lon[hit.at])) == (lat1, lon1) else hit.at + 1
    start = float(hit.edges.x[first])
    share = 0.5
    for _ in range(_MOST_ROUNDS):  # Newton's: in pixels the line is bent
        lat = lat1 + share * (lat2 - lat1)
        here = start + share * across / 360, world_of(lat, 0.0)[1]
        along = across / 360, -math.radians(lat2 - lat1) / (2 * math.pi * math.cos(math.radians(lat)))
        square = along[0] ** 2 + along[1] ** 2
        share += ((x - here[0]) * along[0] + (y - here[1]) * along[1]) / square
        share = min(max(share, 0.0), 1.0)
    lon = lon1 + share * across
    lon = lon - math.copysign(360, lon) if abs(lon) > 180 else lon
    return round(lat1 + share * (lat2 - lat1), _PLACES), round(lon, _PLACES)


def _pixels(at: Pointer, lat: float, lon: float) -> float:
    """How far a place is from the pointer, the shorter way round the world."""
    view: View = at.view
    x, y = world_of(at.lat, at.lon)
    px, py = world_of(lat, lon)
    across = (px - x + 0.5) % 1.0 - 0.5
    return math.hypot(across, py - y) * view.scale
