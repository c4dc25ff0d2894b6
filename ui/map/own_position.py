"""Where I am on the map: a dot with its true accuracy ring, and the way that was walked today.

What was walked before the program was started comes from the day's log of the receiver. Where nothing was heard for a
while the way has a gap: nobody knows that it was straight.

A ring smaller than 24 px is drawn at 24 px, or nobody would find it: then the number beside it tells. What is not
live is grey and dashed and says how old it is: a stale fix is never drawn as if somebody stood there now.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import date

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from fieldapp.clock import Clock
from fieldapp.geodesy.area import distance_m
from fieldapp.operations.receiver_track import APART_M, DayTrack, Stretch
from fieldapp.operations.receiving import ReceiverState
from fieldapp.texts import N_, Texts
from ui import theme
from ui.map.furniture import halo_text
from ui.map.grid import worlds_of
from ui.map.labels import Labels, width_px
from ui.map.view import View
from ui.receiver import Receiver
from ui.session import Session

LEAST_RING_PX = 24.0
DOT_PX = 8.0
_GAP_M = 40.0
"""Steps farther apart are not joined: at a second each, even a car has been somewhere in between."""
_ROOM_PX = 200.0
_MOST_STEPS = 20_000
_DASHES = [4.0, 3.0]


@dataclass(frozen=True)
class Own:
    """The last position known: WGS 84 degrees, radius of 95 %, seconds since the clock's start at which it was true.

    ``live``: somebody stands there now, as far as the receiver knows.
    """

    lat: float
    lon: float
    accuracy_m: float | None
    at_s: float
    live: bool


class OwnPositionLayer(QObject):
    """Follows a receiver. ``changed`` when it is to be drawn anew."""

    code = "own"
    changed = Signal()

    def __init__(self, texts: Texts, clock: Clock) -> None:
        super().__init__()
        self._texts, self._clock = texts, clock
        self.visible, self.opacity, self.credit = True, 1.0, ""
        self.own: Own | None = None
        self.track: deque[tuple[float, float]] = deque(maxlen=_MOST_STEPS)
        self.since = clock.now()
        """From then on it follows."""
        self._before: list[tuple[float, float]] = []
        self._log: DayTrack | None = None
        self._day: date | None = None
        self._said = ""

    def follow(self, receiver: Receiver) -> None:
        """Draw what this receiver says from now on."""
        receiver.told.connect(self.tell)
        self.tell(receiver.state())

    def tell(self, state: ReceiverState | None) -> None:
        """The receiver's state; None where none is chosen: what was known stays, and grows old."""
        before = self.own
        if state is not None and state.fix is not None:
            live = state.status == "live"
            at_s = self._clock.monotonic() - (state.age_s or 0.0)
            self.own = Own(state.fix.lat, state.fix.lon, state.accuracy_m, at_s, live)
            if live:
                self._step(state.fix.lat, state.fix.lon)
        elif before is not None:
            self.own = Own(before.lat, before.lon, before.accuracy_m, before.at_s, live=False)
        said = self.words()
        if said != self._said or not _same_place(before, self.own):
            self._said = said
            self.changed.emit()

    def read_the_day(self, session: Session) -> None:
        """Read what was walked today before it followed, once, on the worker, a piece of the log at a time."""
        if self._log is not None:
            return
        log = self._log = DayTrack(self.since.date(), self.since)

        def take(stretch: Stretch) -> None:
            if stretch.steps and self._clock.now().date() == self.since.date():
                self._before += stretch.steps
                self.changed.emit()
            if stretch.left:
                session.ask(log.step, take)

        session.ask(log.step, take)

    def _step(self, lat: float, lon: float) -> None:
        today = self._clock.now().date()
        if today != self._day:
            if self._day is not None:
                self._before = []
            self._day = today
            self.track.clear()
        if not self.track or distance_m(*self.track[-1], lat, lon) >= APART_M:
            self.track.append((lat, lon))

    def words(self) -> str:
        """What stands beside the dot: "you, ±4 m", or how old it is."""
        texts, own = self._texts, self.own
        if own is None:
            return ""
        if not own.live:
            return texts(N_("you, {age} ago"), age=self._age(self._clock.monotonic() - own.at_s))
        if own.accuracy_m is None:
            return texts(N_("you, accuracy not known"))
        decimals = 1 if own.accuracy_m < 3 else 0
        return texts(N_("you, ±{metres} m"), metres=texts.number(own.accuracy_m, decimals))

    def _age(self, seconds: float) -> str:
        texts = self._texts
        if seconds < 60:
            return texts(N_("{count} s"), count=texts.number(max(seconds, 0.0)))
        if seconds < 3600:
            return texts(N_("{count} min"), count=texts.number(int(seconds / 60)))
        return texts(N_("{count} h"), count=texts.number(int(seconds / 3600)))

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """Draw track, ring, dot and words."""
        ways = self.ways(view)
        for colour, width in ((tokens.card, 5), (tokens.accent, 2)):
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                                Qt.PenJoinStyle.RoundJoin))  # fmt: skip
            for way in ways:
                painter.drawPolyline(way)
        if self.own is None:
            return
        x, y = view.pixel(self.own.lat, self.own.lon)
        ring_px = self.ring_px(view)
        draw_own(painter, x, y, ring_px, tokens, live=self.own.live)
        halo_text(painter, x + min(ring_px, view.width / 4) + 6, y + 6, self.words(), tokens,
                  colour=tokens.accent if self.own.live else tokens.text2)  # fmt: skip

    def ways(self, view: View) -> list[QPolygonF]:
        """What of the track lies in and around a view, in pixels: a line for each stretch without a gap."""
        steps = np.array([*self._before, *self.track], float).reshape(-1, 2)
        if len(steps) < 2:
            return []
        x, y = worlds_of(steps[:, 0].copy(), steps[:, 1])
        xs = (x - view.x) * view.scale + view.width / 2
        ys = (y - view.y) * view.scale + view.height / 2
        joined = np.hypot(np.diff(xs), np.diff(ys)) * view.metres_per_px(float(steps[0, 0])) <= _GAP_M
        seen = (xs > -_ROOM_PX) & (xs < view.width + _ROOM_PX) & (ys > -_ROOM_PX) & (ys < view.height + _ROOM_PX)
        joined &= seen[1:] | seen[:-1]
        made = []
        for stretch in np.split(np.arange(len(xs)), np.flatnonzero(~joined) + 1):
            if len(stretch) > 1:
                cell = np.round(xs[stretch]) * 4e9 + np.round(ys[stretch])
                kept = stretch[np.r_[True, cell[1:] != cell[:-1]]]
                made.append(QPolygonF([QPointF(a, b) for a, b in zip(xs[kept].tolist(), ys[kept].tolist(),
                                                                     strict=True)]))  # fmt: skip
        return made

    def label(self, labels: Labels, view: View) -> None:
        """No name stands on the dot, its ring and its words."""
        if self.own is None:
            return
        x, y = view.pixel(self.own.lat, self.own.lon)
        ring = min(self.ring_px(view), view.width / 4)
        reach = min(ring, LEAST_RING_PX)  # a wide ring is a circle on the ground, names may stand in it
        labels.take([QRectF(x - reach, y - reach, 2 * reach, 2 * reach),
                     QRectF(x + ring + 4, y - 12, width_px(self.words()), 22)])  # fmt: skip

    def ring_px(self, view: View) -> float:
        """Radius of the ring: the true one, never under 24 px."""
        own = self.own
        if own is None or own.accuracy_m is None:
            return LEAST_RING_PX
        return max(own.accuracy_m / view.metres_per_px(own.lat), LEAST_RING_PX)


def _same_place(one: Own | None, other: Own | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.lat, one.lon, one.accuracy_m, one.live) == (other.lat, other.lon, other.accuracy_m, other.live)


def draw_own(
    painter: QPainter, x: float, y: float, ring_px: float, tokens: theme.Tokens, *, live: bool, dot_px: float = DOT_PX
) -> None:
    """The dot with its ring: whole and in the accent colour while live, dashed and grey when not."""
    painter.save()
    colour = QColor(tokens.accent if live else tokens.edge)
    inside = QColor(colour)
    inside.setAlphaF(0.18 if live else 0.0)
    painter.setBrush(inside)
    painter.setPen(QPen(QColor(tokens.card), 6))
    painter.drawEllipse(QPointF(x, y), ring_px, ring_px)
    pen = QPen(colour, 3)
    if not live:
        pen.setDashPattern(_DASHES)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawEllipse(QPointF(x, y), ring_px, ring_px)
    painter.setPen(QPen(QColor(tokens.card), 3))
    painter.setBrush(colour if live else QColor(tokens.card))
    painter.drawEllipse(QPointF(x, y), dot_px, dot_px)
    if not live:
        painter.setPen(QPen(colour, 3))
        painter.drawEllipse(QPointF(x, y), dot_px - 2, dot_px - 2)
    painter.restore()
