"""Choosing on the map: by click, by box, by Tab, by name; what was chosen is ringed and stands on the card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from fieldapp.domain.registry import KINDS
from fieldapp.domain.symbols import TASK, words_of
from fieldapp.errors import OperatorError
from fieldapp.ids import RecordName
from fieldapp.operations import lookup, map_card, map_data, nearby
from fieldapp.operations.browsing import Row
from fieldapp.operations.map_card import Carded
from fieldapp.operations.nearby import Nearby
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.map import picking
from ui.map.canvas import MapCanvas
from ui.map.card import LatLon, Line, ListCard, PlaceCard, RecordCard, away_text, position_text
from ui.map.feed import FindsFeed
from ui.map.finds_layer import FindsLayer
from ui.map.picking import ChosenLayer
from ui.map.shapes_layer import Ring, Shape, ShapesLayer
from ui.map.side import SideCard
from ui.map.view import NORTHERNMOST_DEG, Box, position_of, world_of
from ui.models.shown import Shown
from ui.session import Session
from ui.widgets.banner import error_banner

MOST_LINES = 40
"""A list names so many records; the rest is a number."""


@dataclass(frozen=True)
class Found:
    """Records to choose from."""

    names: list[RecordName]
    rows: dict[RecordName, Row]
    gone: set[RecordName]
    """The finds among them that are destroyed or removed."""

    @classmethod
    def of(cls, ws: Workspace, names: list[RecordName]) -> Found:
        """Read them."""
        return cls(names, lookup.rows_of(ws, names), map_data.gone_among(ws, names))


class Choosing(QObject):
    """What is chosen on one canvas. ``chosen(name)``: this record; ``open_asked``, ``disposal_asked`` from its card."""

    chosen = Signal(str)
    open_asked = Signal(str)
    disposal_asked = Signal(str)

    def __init__(self, session: Session, canvas: MapCanvas, finds: FindsFeed, card: SideCard) -> None:
        super().__init__()
        self._session, self._texts = session, session.texts
        self._canvas, self._finds, self._card = canvas, finds, card
        self._shown = Shown(session.texts, session.clock, session.current_lists)
        self.layer = ChosenLayer()
        self.record: RecordName = ""
        self._step = -1
        self._asked = 0
        self._rings: list[list[LatLon]] = []
        session.receiver.told.connect(lambda _state: self._follow())

    def _follow(self) -> None:
        """What the card says of the way there follows the receiver."""
        shown = self._card.content
        if isinstance(shown, (RecordCard, PlaceCard)) and shown.isVisible():
            shown.from_you.show_own(self.own_position())

    def own_position(self) -> LatLon | None:
        """Where this laptop is, while the receiver says it and it can be believed."""
        state = self._session.receiver.state()
        if state is None or state.fix is None or state.status != "live":
            return None
        return state.fix.lat, state.fix.lon

    def click(self, lat: float, lon: float) -> None:
        """The nearest symbol within reach; else the ground there; else the place itself."""
        self._step = -1
        numbers = picking.finds_at(self._finds.layer, self._canvas.view, lat, lon)
        shapes = picking.ground_at(self._canvas.layers(), self._canvas.view, lat, lon)
        shapes = [one for one in shapes if picking.is_symbol(one)] or shapes
        if numbers:
            at = picking.place_of(self._finds.layer, numbers[0])
            self._ask_finds(numbers, position_of(*at) if at else (lat, lon), self._texts(N_("Drawn on one spot here")))
        elif len(shapes) == 1:
            self.choose(shapes[0].record, (lat, lon))
        elif shapes:
            self._ask_shapes(shapes, (lat, lon))
        else:
            self.show_place(lat, lon)

    def box(self, south: float, west: float, north: float, east: float) -> None:
        """Everything in a box, counted by category."""
        box = Box.of_degrees(south, west, north, east)
        numbers = picking.finds_in(self._finds.layer, box)
        shapes = picking.ground_in(self._canvas.layers(), box)
        counts = self._counts(numbers)
        names = [shape.record for shape in shapes]
        heading = self._texts.plural(N_("{count} find in the box"), N_("{count} finds in the box"), len(numbers))
        for kind, many in Counter(name.split("/")[0] for name in names).items():
            counts.append((KINDS[kind].names.in_language(self._texts.language), self._texts.number(many)))
        self.forget()

        def read(ws: Workspace) -> Found:
            finds = map_data.finds_at(ws, numbers[:MOST_LINES])
            return Found.of(ws, [*(finds[n] for n in numbers[:MOST_LINES] if n in finds), *names][:MOST_LINES])

        def show(found: Found) -> None:
            self._list(heading, found, {}, len(numbers) + len(names), counts)

        self._session.ask(read, show, self.failed)

    def _counts(self, numbers: Sequence[int]) -> list[tuple[str, str]]:
        """How many finds there are of each category; one with two disputed places counts once."""
        texts, codes, left = self._texts, Counter[str](), np.asarray(numbers)
        for columns in self._finds.parts():
            inside = np.flatnonzero(np.isin(columns.n, left))
            inside = inside[np.unique(columns.n[inside], return_index=True)[1]]
            codes.update(columns.categories[place] for place in columns.category[inside].tolist())
            left = np.setdiff1d(left, columns.n[inside])
        return [(self.category(code), texts.number(many)) for code, many in codes.most_common()]

    def category(self, code: str) -> str:
        """A category in words; one that nobody knows is said."""
        return self._session.lists.name("category", code, self._texts.language) or self._texts(N_("Not known"))

    def step(self, forward: bool) -> bool:
        """Choose the next symbol in view; False after the last, so that the focus can go on."""
        numbers = picking.steps(self._finds.layer, self._canvas.view)
        place = self._step + (1 if forward else -1)
        if self._step < 0 and not forward:
            return False
        if not 0 <= place < len(numbers):
            self._step = -1
            return False
        self._step = place
        at = picking.place_of(self._finds.layer, numbers[place])
        if at is not None:
            self._ask_finds(numbers[place : place + 1], position_of(*at), "")
        return True

    def _ask_finds(self, numbers: Sequence[int], at: LatLon, heading: str) -> None:
        def read(ws: Workspace) -> Found:
            found = map_data.finds_at(ws, numbers[:MOST_LINES])
            return Found.of(ws, [found[number] for number in numbers if number in found])

        def show(found: Found) -> None:
            if len(found.names) == 1:
                self.choose(found.names[0], at)
            elif found.names:
                self.layer.at, self.layer.shape = world_of(*at), None
                self._list(heading, found, dict.fromkeys(found.names, at), len(numbers), self._counts(numbers))

        self.layer.at, self.layer.shape = world_of(*at), None
        self._canvas.update()
        self._session.ask(read, show, self.failed)

    def _ask_shapes(self, shapes: Sequence[Shape], at: LatLon) -> None:
        names = [shape.record for shape in shapes][:MOST_LINES]
        heading = self._texts(N_("Several lie here"))
        self._session.ask(
            lambda ws: Found.of(ws, names),
            lambda found: self._list(heading, found, dict.fromkeys(names, at), len(shapes), ()), self.failed,
        )  # fmt: skip

    def around(self, lat: float, lon: float, radius_m: float = nearby.RADIUS_M) -> None:
        """What lies within some metres of a place."""
        self.layer.mark = world_of(lat, lon) if abs(lat) <= NORTHERNMOST_DEG else None
        self._canvas.update()

        def read(ws: Workspace) -> tuple[list[Nearby], set[RecordName]]:
            found = nearby.within(ws, lat, lon, radius_m)
            return found, map_data.gone_among(ws, [one.record for one in found[:MOST_LINES]])

        def show(read: tuple[list[Nearby], set[RecordName]]) -> None:
            where = {one.record: (one.lat, one.lon) for one in read[0]}
            self._show_list(self._around_card(*read, radius_m, (lat, lon)), where)

        self._session.ask(read, show, self.failed)

    def _around_card(
        self, found: Sequence[Nearby], gone: Collection[RecordName], radius_m: float, at: LatLon
    ) -> ListCard:
        texts = self._texts
        metres = texts.number(radius_m)
        heading = texts(N_("Nothing recorded within {metres} m of here."), metres=metres)
        kinds = Counter(one.kind for one in found)
        if kinds["find"] >= nearby.MOST_FINDS:  # so many are read and no more
            heading = texts(N_("At least {count} records within {metres} m"), count=texts.number(len(found)),
                            metres=metres)  # fmt: skip
        elif found:
            heading = texts.plural(N_("{count} record within {metres} m"), N_("{count} records within {metres} m"),
                                   len(found), metres=metres)  # fmt: skip
        states = self.states([one.record for one in found[:MOST_LINES]], gone)
        lines = [
            self.line(one.row, away_text(one.metres, one.bearing_deg, texts) if one.metres else texts(N_("here")),
                      states.get(one.record, ""))
            for one in found[:MOST_LINES] if isinstance(one.row, Row)
        ]  # fmt: skip
        counts = [(KINDS[kind].names.in_language(texts.language), texts.number(many)) for kind, many in kinds.items()]
        nearest = texts(N_("Only the {count} nearest are listed here."), count=texts.number(len(lines)))
        return ListCard(texts, heading, lines, len(found), counts if len(found) > len(lines) else (),
                        place=position_text(self._session, at), rest=nearest)  # fmt: skip

    def states(self, names: Collection[RecordName], gone: Collection[RecordName]) -> dict[RecordName, str]:
        """What the drawing of each says of it, in words; ``gone``: finds of which nothing is left."""
        texts = self._texts
        ground = {name for name in names if not name.startswith("find/")}
        said = {name: texts(N_("Destroyed or removed") if name in gone else N_("In the ground"))
                for name in names if name not in ground}  # fmt: skip
        for name, looks in picking.looks_of(self._canvas.layers(), ground).items():
            told = [look for look in looks if look.state or name.startswith("plot/")]
            said[name] = ", ".join(words_of(look, texts) for look in told)
        return said

    def line(self, row: Row, *more: str) -> Line:
        """A record as a line of a list: what it is; its number and ``more`` below."""
        shown, texts = self._shown, self._texts
        number = shown.number(row, row["id"])
        what = shown.what(row.kind, row) or KINDS[row.kind].names.in_language(texts.language)
        return Line(row.name, what, " \u00b7 ".join(filter(None, (number, *more))), shown.icon(row.kind, row))

    def _list(
        self, heading: str, found: Found, where: Mapping[RecordName, LatLon], of: int, counts: Sequence[tuple[str, str]]
    ) -> None:
        states = self.states(found.names, found.gone)
        lines = [
            self.line(row, self._shown.day_of(row.kind, row), states.get(row.name, ""))
            for name in found.names if (row := found.rows.get(name)) is not None
        ]  # fmt: skip
        self._show_list(ListCard(self._texts, heading, lines, of, counts), where)

    def _show_list(self, made: ListCard, where: Mapping[RecordName, LatLon]) -> None:
        made.chosen.connect(lambda name: self.choose(name, where.get(name)))
        self._card.show_widget(made)
        self._canvas.update()

    def show_place(self, lat: float, lon: float) -> None:
        """Nothing that is drawn lies there."""
        self.forget()
        self.layer.mark = world_of(lat, lon) if abs(lat) <= NORTHERNMOST_DEG else None
        made = PlaceCard(self._session, (lat, lon), self.own_position(), all_drawn=self._all_drawn())
        made.around_asked.connect(lambda: self.around(lat, lon))
        self._card.show_widget(made)
        self._canvas.update()

    def _all_drawn(self) -> bool:
        """Is every find and all ground that is here on the map?"""
        finds = self._finds
        whole = finds.columns is not None and (finds.wanted is None or finds.drawn == finds.total)
        switched_off = [layer for layer in self._canvas.layers() if not layer.visible]
        return whole and not any(
            isinstance(layer, FindsLayer | ShapesLayer) and layer.code != "districts" for layer in switched_off
        )

    def choose(self, name: RecordName, at: LatLon | None = None, *, look: bool = False) -> None:
        """Show the card of a record. ``at``: where it was chosen; else where it lies, if that is known.

        ``look``: go there as well.
        """
        self._asked += 1
        asked = self._asked

        def show(carded: Carded) -> None:
            if asked == self._asked:  # else another was chosen meanwhile
                self._show(carded, at)
                if look:
                    self._look_at()

        self._session.ask(lambda ws: map_card.card(ws, name), show, self.failed)

    def _show(self, carded: Carded, at: LatLon | None) -> None:
        record = carded.opened.record
        self.record, self._rings = record.name, carded.rings
        lat, lon = record.fields.get("lat"), record.fields.get("lon")
        if at is None and lat is not None and lon is not None:
            at = float(lat), float(lon)
        self.layer.at = world_of(*at) if at is not None else None
        self.ground_changed()
        said = {} if record.retracted else self.states([record.name], [record.name] if carded.gone else [])
        state = said.get(record.name, "")
        made = RecordCard(self._session, carded, at, self.own_position(), state)
        made.opened.connect(self.open_asked)
        made.disposal_asked.connect(self.disposal_asked)
        self._card.show_widget(made, made.number)
        self._canvas.update()
        self.chosen.emit(record.name)

    def ground_changed(self) -> None:
        """Ring what is chosen as it is drawn now; ground that is not drawn, as its outline says."""
        if not self.record:
            return
        drawn = next(iter(picking.shapes_of(self._canvas.layers(), self.record)), None)
        if drawn is None and self._rings:
            rings = tuple(Ring.of([lat for lat, _ in ring], [lon for _, lon in ring]) for ring in self._rings)
            drawn = Shape(self.record, "", rings, TASK)
        self.layer.shape = drawn
        if drawn is not None:
            self.layer.at = None
        self._canvas.update()

    def _look_at(self) -> None:
        """Look at what is chosen, from near."""
        shape, spot = self.layer.shape, self.layer.at
        if shape is not None:
            self._canvas.show_box(shape.box())
        elif spot is not None:
            self._canvas.show_box(Box(spot[0], spot[1], spot[0], spot[1]))

    def forget(self) -> None:
        """Nothing is chosen any more."""
        self._asked += 1
        self.record, self._rings = "", []
        self.layer.clear()
        self.layer.mark = None
        self._canvas.update()

    def failed(self, error: OperatorError) -> None:
        """Say what went wrong on the card."""
        self._card.show_widget(error_banner(error.parts(self._texts)))
