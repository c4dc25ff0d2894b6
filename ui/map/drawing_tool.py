"""The tool that draws an outline: corners are set by clicks, fingers and keys, dragged, put between and taken out.

Everything that is done is a step that can be taken back. What the tool draws itself stands in ``drawing_marks.py``.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter

from fieldapp.texts import N_, Texts
from ui import theme
from ui.forms.points import point_names
from ui.forms.typed_outline import RingAt
from ui.map import drawing_marks
from ui.map.drawing_marks import Marks
from ui.map.drawing_outline import LEAST, MOST_CORNERS, Drawn, LatLon, Spot, Steps, spot_on_map
from ui.map.edges import Edges
from ui.map.grounds import DRAFTS
from ui.map.keys import letter_of
from ui.map.layer import Pointer
from ui.map.snapping import OWN, Snapped, edges_of
from ui.map.view import View

REACH_PX, TOUCH_REACH_PX = 14.0, 28.0
"""A handle is taken from so far, by a mouse and by a finger: a finger's target is 56 px wide."""
POINTING_PX, FINGER_PX = 4.0, 12.0
"""How exactly a place on the map is pointed at."""
_NUDGE_PX, _FAR_NUDGE_PX = 1, 10
_SNAP_LETTER = "s"
_FINE_PX = 8
"""With Shift held the arrows move the map by so much: the crosshair is put exactly."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class Snaps(Protocol):
    """What moves a corner onto what is there already (``ui/map/snapping.py``)."""

    enabled: bool

    def snap(self, at: Pointer, *, exclude: Collection[str] = (), own: Edges | None = None) -> Snapped:
        """Where a corner at ``at`` goes."""
        ...


@dataclass(frozen=True)
class Chosen:
    """A corner: its ring, and its place in it."""

    at: RingAt
    place: int


@dataclass(frozen=True)
class _Held:
    """What was grabbed: a corner, or the middle of an edge, which becomes a corner; and from how far off (pixels)."""

    at: RingAt
    place: int
    middle: bool
    off_x: float
    off_y: float


class DrawingTool(QObject):
    """Draws on ``steps``. ``changed``: another outline is drawn now. ``shown``: chosen corner, pointer or words are
    others. ``ended``: Esc. ``finish_asked``: Enter on a closed outline. ``pan_asked(x, y)``: move the map by so many
    pixels.
    """

    changed = Signal()
    shown = Signal()
    ended = Signal()
    finish_asked = Signal()
    here_asked = Signal()
    pan_asked = Signal(int, int)

    def __init__(self, texts: Texts, steps: Steps, snaps: Snaps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts, self.steps, self.snaps = texts, steps, snaps
        self.exclude: Collection[str] = ()
        """Records nothing is snapped to: the one that is being corrected."""
        self.chosen: Chosen | None = None
        self.snapped: Snapped | None = None
        """What the corner that is pointed at or dragged would be moved onto."""
        self.names: dict[str, str] = {}
        """What people call the records that corners were moved onto."""
        self.said = ""
        """What happened last, where that is not seen at once."""
        self.places: tuple[LatLon, ...] = ()
        """Where the outline crosses itself or another place is wrong: marked."""
        self._pointer: LatLon | None = None
        self._held: _Held | None = None
        self._preview: Drawn | None = None
        self.by_keys = True
        """The crosshair in the middle is shown until a mouse or a finger takes over."""

    @property
    def now(self) -> Drawn:
        """What is seen now: with the corner that is being dragged where it is dragged to."""
        return self._preview or self.steps.now

    @property
    def ring_meant(self) -> RingAt:
        """The ring of the chosen corner, else the one that is worked on: buttons work on the one that is marked."""
        return self.chosen.at if self.chosen is not None else self.steps.now.at

    def press(self, at: Pointer) -> None:
        """A corner more, where the ring is open."""
        self.by_keys = False
        self._place(at)

    def double(self, at: Pointer) -> None:
        """The second click of two closes the ring."""
        self.by_keys = False
        if self.steps.now.can_close:
            self.close()

    def move(self, at: Pointer) -> None:
        """Show where a corner would be set: the canvas draws it anew by itself."""
        self.by_keys = False
        self._aim(at)

    def grab(self, at: Pointer) -> bool:
        """A corner or the middle of an edge within reach, the nearest; corners go before middles."""
        self.by_keys = False
        reach = TOUCH_REACH_PX if at.touch else REACH_PX
        here = QPointF(*at.view.pixel(at.lat, at.lon))
        corners = [
            (math.hypot(far.x(), far.y()), Chosen(ring, place), False)
            for ring in self.now.places()
            for place, far in enumerate(spot - here for spot in drawing_marks.pixels(self.now.ring_at(ring), at.view))
        ]
        middles = [
            (at.pixels_to(*one.at), Chosen(one.ring, one.place), True)
            for one in drawing_marks.middles(self.now, at.view)
        ]  # fmt: skip
        near = [hit for hit in corners if hit[0] <= reach] or [hit for hit in middles if hit[0] <= reach]
        if not near:
            return False
        _, found, middle = min(near, key=lambda hit: hit[0])
        lat, lon = self._place_of(found, middle=middle)
        x, y = at.view.pixel(lat, lon)
        px, py = at.view.pixel(at.lat, at.lon)
        self._held = _Held(found.at, found.place, middle, x - px, y - py)
        self.said = ""
        return True

    def drag(self, at: Pointer) -> None:
        """The corner goes along, onto what it comes near to."""
        if self._held is not None:
            self._preview = self._dragged(at, self._held)
            self.chosen = Chosen(self._held.at, self._held.place)
            self.shown.emit()

    def drop(self, at: Pointer) -> None:
        """The corner stays there; without a drag it is chosen, and the first one closes the open ring."""
        held, preview = self._held, self._preview
        self._held = self._preview = None
        if held is None:
            return
        if preview is not None:
            self._take(preview)
        elif held.middle:
            lat, lon = self._place_of(Chosen(held.at, held.place), middle=True)
            self._take(self.now.inserted(held.at, held.place, self._spot(Pointer(lat, lon, at.view, at.touch))))
            self.chosen = Chosen(held.at, held.place)
        elif held.place == 0 and self.now.is_open(held.at) and self.now.can_close:
            self.close()
            return
        else:
            self.chosen = Chosen(held.at, held.place)
        self.snapped = None
        self.shown.emit()

    def key(self, event: QKeyEvent, view: View) -> bool:
        """The keys of drawing; see the panel."""
        key = Qt.Key(event.key())
        if self._step_key(event):
            return True
        if key in _ARROWS:
            return self._arrow(key, event, view)
        acts = {
            Qt.Key.Key_Space: lambda: self._space(event, view), Qt.Key.Key_Backspace: self.take_last,
            Qt.Key.Key_Delete: self.take_chosen, Qt.Key.Key_Return: self.enter, Qt.Key.Key_Enter: self.enter,
            Qt.Key.Key_Escape: self.escape, Qt.Key.Key_F5: self.here_asked.emit,
        }  # fmt: skip
        letter = letter_of(event)
        if letter == _SNAP_LETTER:
            self.switch_snapping()
        elif key in acts:
            acts[key]()
        else:
            return letter.isalpha()  # a slip of the glove must not open another panel
        return True

    def _step_key(self, event: QKeyEvent) -> bool:
        redo = event.matches(QKeySequence.StandardKey.Redo) or (
            event.key() == Qt.Key.Key_Y and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        )
        if redo:
            self.redo()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        else:
            return False
        return True

    def _arrow(self, key: Qt.Key, event: QKeyEvent, view: View) -> bool:
        """Arrows move the chosen corner; without one the map, and with Shift held finely."""
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        right, down = _ARROWS[key]
        if self.chosen is not None:
            px = _FAR_NUDGE_PX if far else _NUDGE_PX
            spot = self._spot_at(self.chosen)
            x, y = view.pixel(spot.lat, spot.lon)
            lat, lon = view.position(x + right * px, y + down * px)
            moved = spot_on_map(lat, lon, view.metres_per_px(lat) * POINTING_PX, role=spot.line.role)
            self._take(self.now.moved(self.chosen.at, self.chosen.place, moved), run=f"nudge {self.chosen}")
            self.shown.emit()
            return True
        self.by_keys = True
        if far:
            self.pan_asked.emit(-right * _FINE_PX, -down * _FINE_PX)
        return far

    def _space(self, event: QKeyEvent, view: View) -> None:
        """A corner in the middle of the map. The first press only shows the middle, where a mouse was at work."""
        if not self.by_keys:
            self.by_keys = True
            self._pointer = self.snapped = None
            self.shown.emit()
            return
        exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self._place(Pointer(*view.middle, view, exact=exact))

    def _place(self, at: Pointer) -> None:
        now = self.steps.now
        self.chosen = None
        if not now.open:
            self.said = self._texts(N_("The outline is closed. Drag its corners, or add a hole or a part."))
        elif now.count >= MOST_CORNERS:
            self.said = self._texts(N_("An outline that is drawn has no more corners than this."))
        else:
            spot = self._spot(at)
            self._take(now.added(spot))
            self.said = self.snapped.sentence(self._texts) if self.snapped is not None else ""
        self._aim(at)
        self.shown.emit()

    def put(self, spot: Spot) -> None:
        """A corner that the receiver gave or that was typed: in place of the chosen one, else at the end."""
        now, chosen = self.steps.now, self.chosen
        if chosen is not None:
            self._take(now.moved(chosen.at, chosen.place, spot))
        elif now.open:
            self._take(now.added(spot))
        else:
            self.said = self._texts(N_("The outline is closed. Choose the corner that is to go there."))
        self.shown.emit()

    def close(self) -> None:
        """The open ring is whole."""
        if self.steps.now.can_close:
            self.chosen = self.snapped = None
            self._take(self.steps.now.closed())
            self.said = self._texts(N_("Closed. Drag corners to mend it; the small circles put one between."))
        elif self.steps.now.open:
            self.said = self._texts.plural(
                N_("{count} corner more is needed to close it."), N_("{count} corners more are needed to close it."),
                LEAST - len(self.steps.now.ring))  # fmt: skip
        self.shown.emit()

    def enter(self) -> None:
        """Close the ring; a closed outline goes on to its form."""
        if self.steps.now.open:
            self.close()
        else:
            self.finish_asked.emit()

    def escape(self) -> None:
        """Let go what is dragged, forget what is chosen, else end."""
        if self._held is not None or self.chosen is not None:
            self._held = self._preview = self.chosen = None
            self.shown.emit()
        else:
            self.ended.emit()

    def take_last(self) -> None:
        """The last corner of the ring goes; a closed ring is open again first."""
        now = self.steps.now
        self.chosen = None
        if now.ring:
            self._take(now.removed(now.at, len(now.ring) - 1) if now.open else now.reopened())
        self.shown.emit()

    def take_chosen(self) -> None:
        """The chosen corner goes; without one the last."""
        chosen = self.chosen
        if chosen is None:
            self.take_last()
            return
        self.chosen = None
        self._take(self.steps.now.removed(chosen.at, chosen.place))
        self.shown.emit()

    def change(self, new: Drawn) -> None:
        """Another outline is drawn: with a hole or a part more, or without a ring."""
        self.chosen = None
        self._take(new)
        self.shown.emit()

    def drop_ring(self, at: RingAt) -> None:
        """The ring there goes; a shell takes its holes along."""
        self.change(self.steps.now.without_ring(at))
        self.said = self._texts(N_("Ring removed. Undo (Ctrl+Z) brings it back."))
        self.shown.emit()

    def undo(self) -> None:
        """Take the last step back."""
        self._stepped(self.steps.undo())

    def redo(self) -> None:
        """Make the step again that was taken back last."""
        self._stepped(self.steps.redo())

    def _stepped(self, done: bool) -> None:
        self._held = self._preview = self.chosen = None
        self.said = ""
        if done:
            self.changed.emit()
        self.shown.emit()

    def switch_snapping(self) -> None:
        """Snap, or leave corners where they are put."""
        self.snaps.enabled = not self.snaps.enabled
        self.snapped = None
        self.shown.emit()

    def step(self, forward: bool) -> bool:
        """Choose the next corner; False after the last, so that the focus can go on."""
        every = [Chosen(at, place) for at in self.now.places() for place in range(len(self.now.ring_at(at)))]
        place = every.index(self.chosen) + (1 if forward else -1) if self.chosen in every else 0 if forward else -1
        self.chosen = every[place] if 0 <= place < len(every) else None
        self.shown.emit()
        return self.chosen is not None

    def spot(self) -> Spot | None:
        """The chosen corner, else the last of the ring that is worked on."""
        if self.chosen is not None:
            return self._spot_at(self.chosen)
        return self.now.ring[-1] if self.now.ring else None

    def name(self) -> str:
        """What ``spot`` is called: SP, TP1, TP2 ..."""
        at = self.chosen.at if self.chosen is not None else self.now.at
        names = point_names([spot.line.role for spot in self.now.ring_at(at)])
        return names[self.chosen.place if self.chosen is not None else -1] if names else ""

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """The handles, and where the next corner would be; the outline itself is a layer below the finds."""
        chosen = (self.chosen.at, self.chosen.place) if self.chosen is not None else None
        aimed = view.middle if self.by_keys else self._pointer
        if self.snapped is not None and self.snapped.kind:
            aimed = self.snapped.lat, self.snapped.lon
        word = self.snapped.sentence(self._texts) if self.snapped is not None else ""
        marks = Marks(chosen, aimed if self._held is None else None, word, self.places, cross=self.by_keys)
        drawing_marks.draw_handles(painter, view, tokens, self.now, marks)

    def _take(self, new: Drawn, run: str = "") -> None:
        self.said = ""
        self.steps.take(new, run)
        self.changed.emit()

    def _aim(self, at: Pointer) -> None:
        self._pointer = (at.lat, at.lon)
        self.snapped = self._snap(at) if self.steps.now.open else None

    def _snap(self, at: Pointer, without: Chosen | None = None) -> Snapped:
        """``without``: the corner that is dragged."""
        rings = [
            [(spot.lat, spot.lon) for place, spot in enumerate(self.steps.now.ring_at(ring))
             if without is None or (ring, place) != (without.at, without.place)]
            for ring in self.steps.now.places() if ring != self.steps.now.at
        ]  # fmt: skip
        return self.snaps.snap(at, exclude=self.exclude, own=edges_of([ring for ring in rings if ring]))

    def _spot(self, at: Pointer, without: Chosen | None = None, role: str = "") -> Spot:
        self.snapped = snapped = self._snap(at, without)
        metres = at.view.metres_per_px(at.lat) * (FINGER_PX if at.touch else POINTING_PX)
        if snapped.name:
            self.names[snapped.record] = snapped.name
        recorded = snapped.record if snapped.layer not in (OWN, DRAFTS) else ""
        return spot_on_map(snapped.lat, snapped.lon, metres, recorded, role, exact=bool(snapped.kind))

    def _dragged(self, at: Pointer, held: _Held) -> Drawn:
        x, y = at.view.pixel(at.lat, at.lon)
        there = Pointer(*at.view.position(x + held.off_x, y + held.off_y), at.view, at.touch, at.exact)
        if held.middle:
            return self.steps.now.inserted(held.at, held.place, self._spot(there))
        corner = Chosen(held.at, held.place)
        role = self.steps.now.ring_at(held.at)[held.place].line.role
        return self.steps.now.moved(held.at, held.place, self._spot(there, corner, role))

    def _spot_at(self, chosen: Chosen) -> Spot:
        return self.now.ring_at(chosen.at)[chosen.place]

    def _place_of(self, found: Chosen, *, middle: bool) -> LatLon:
        """Where a corner is, or the middle of the edge that ends at it."""
        ring = self.now.ring_at(found.at)
        after = ring[found.place % len(ring)]
        if not middle:
            return after.lat, after.lon
        return drawing_marks.middle_of(ring[found.place - 1], after)
