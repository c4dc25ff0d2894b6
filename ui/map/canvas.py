"""The canvas of the map: layers drawn over one another, moved and zoomed by mouse, touch and keys.

Drag or arrow keys move it, the wheel, two fingers, plus and minus zoom, 0 goes to one's own position, Home shows
everything. A press that does not move is a click; with a tool at work the tool gets presses first, and what it grabs
is dragged instead of the map.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QSizePolicy, QWidget

from fieldapp.texts import N_, Texts
from ui import theme
from ui.map.furniture import Furniture, draw_rubber_band
from ui.map.labels import Labelled, Labels
from ui.map.layer import Layer, Pointer, Tool
from ui.map.view import Box, View

_CLICK_PX = 6
"""A press that moved less than this is a click: gloves tremble."""
_STEP_PX = 96
_FREE_PX = 80, 36
"""So far from its edges a map keeps what it was told to show: a find under a button is not seen."""
_WHEEL_STEP = 120.0
"""A notch of the wheel, in eighths of a degree (Qt)."""
_KEYS = {
    Qt.Key.Key_Left: (_STEP_PX, 0), Qt.Key.Key_Right: (-_STEP_PX, 0), Qt.Key.Key_Up: (0, _STEP_PX),
    Qt.Key.Key_Down: (0, -_STEP_PX),
}  # fmt: skip
_NEARER, _FARTHER = (Qt.Key.Key_Plus, Qt.Key.Key_Equal), (Qt.Key.Key_Minus, Qt.Key.Key_Underscore)
START = View.at(39.9, 46.9, 9.0, 800, 600)


class MapCanvas(QWidget):
    """Draws its layers in order, the first lowest, and the furniture over them.

    ``clicked(lat, lon)``, ``hovered(lat, lon)`` in WGS 84 degrees, ``strayed()`` beyond the edges of the world or
    of the canvas, ``left()`` of the canvas only; ``boxed(south, west, north, east)`` after a drag with Shift held;
    ``view_changed`` after every move; ``home_asked`` and ``own_asked`` by their keys.
    """

    clicked = Signal(float, float)
    hovered = Signal(float, float)
    strayed = Signal()
    left = Signal()
    boxed = Signal(float, float, float, float)
    view_changed = Signal()
    home_asked = Signal()
    own_asked = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._layers: list[Layer] = []
        self.furniture = Furniture(texts)
        self.view = START
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._dragging = False
        self._grabbed = False
        self._box: tuple[QPointF, QPointF] | None = None
        self._tool: Tool | None = None
        self.on_tab: Callable[[bool], bool] | None = None
        """Asked when Tab (True) or Shift+Tab is pressed on the map: False lets the focus go on."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(texts(N_("Map")))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)

    def layers(self) -> Sequence[Layer]:
        """The layers, the lowest first."""
        return tuple(self._layers)

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """Draw these, the first lowest."""
        self._layers = list(layers)
        self.update()

    def tool(self) -> Tool | None:
        """The tool at work."""
        return self._tool

    def set_tool(self, tool: Tool | None) -> None:
        """Let a tool have clicks, moves of the pointer and keys first, and draw over the layers; None: none."""
        self._tool, self._grabbed = tool, False
        self.setCursor(Qt.CursorShape.CrossCursor if tool is not None else Qt.CursorShape.ArrowCursor)
        self.update()

    def show_view(self, view: View) -> None:
        """Look there."""
        view = view.sized(self.width(), self.height())
        if view != self.view:
            self.view = view
            self.view_changed.emit()
            self.update()

    def show_box(self, box: Box) -> None:
        """Show all of this, clear of the buttons and tags that stand on the map."""
        wide, high = _FREE_PX
        inside = self.view.sized(max(self.width() - 2 * wide, 1), max(self.height() - 2 * high, 1)).showing(box)
        self.show_view(inside.sized(self.width(), self.height()))

    def zoom_by(self, steps: float) -> None:
        """Nearer or farther, about the middle."""
        self.show_view(self.view.zoomed(steps))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a frame."""
        painter = QPainter(self)
        self.draw(painter, self.view, theme.current())
        if self._tool is not None:
            self._tool.draw(painter, self.view, theme.current())
        if self._box is not None:
            draw_rubber_band(painter, *self._box, theme.current())
        painter.end()

    def draw(self, painter: QPainter, view: View, tokens: theme.Tokens) -> None:
        """Draw everything with any painter: the screen's, or a printer's with a view of its own."""
        painter.fillRect(0, 0, view.width, view.height, QColor(tokens.bg))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = [layer for layer in self._layers if layer.visible and layer.opacity > 0]
        for layer in shown:
            painter.save()
            painter.setOpacity(layer.opacity)
            layer.draw(painter, view, tokens)
            painter.restore()
        self.furniture.draw_edges(painter, view, tokens)
        labels = Labels(view)
        if painter.device() is self:
            labels.take(QRectF(one.geometry()) for one in self.findChildren(QWidget) if one.isVisible())
        labels.take(self.furniture.rooms(view))
        for layer in shown:
            if isinstance(layer, Labelled):
                layer.label(labels, view)
        labels.draw(painter, tokens)
        self.furniture.draw(painter, view, tokens, [layer.credit for layer in shown if layer.credit])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the middle where it is."""
        self.view = self.view.sized(event.size().width(), event.size().height())
        self.view_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, a move, a drag of the tool's, or with Shift and no tool a box."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._last = event.position()
            self._dragging = False
            if self._tool is not None:
                self._grabbed = self._tool.grab(self._pointer(event))
                self.update()
            elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._box = (event.position(), event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A tool is told; without one the second click is a click like the first."""
        if self._tool is None:
            super().mouseDoubleClickEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._tool.double(self._pointer(event))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the ground with the pointer, or tell where the pointer is."""
        at = event.position()
        if self.view.shows_world(at.x(), at.y()):
            self.hovered.emit(*self.view.position(at.x(), at.y()))
        else:
            self.strayed.emit()
        if self._pressed is None:
            if self._tool is not None:
                self._tool.move(self._pointer(event))
                self.update()
            return
        if (at - self._pressed).manhattanLength() >= _CLICK_PX:
            self._dragging = True
        if self._box is not None:
            self._box = (self._box[0], at)
            self.update()
        elif self._dragging and self._grabbed and self._tool is not None:
            self._tool.drag(self._pointer(event))
            self.update()
        elif self._dragging:
            moved = at - self._last
            self._last = at
            self.show_view(self.view.moved(moved.x(), moved.y()))

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is over no ground any more."""
        self.strayed.emit()
        self.left.emit()
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it: a click where nothing moved."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        at, box, dragged, grabbed = event.position(), self._box, self._dragging, self._grabbed
        self._pressed, self._box, self._dragging, self._grabbed = None, None, False, False
        if not (dragged or grabbed or self.view.shows_world(at.x(), at.y())):
            return  # there is no ground beyond the edge of the world
        if self._tool is not None and (grabbed or not dragged):
            pointer = self._pointer(event)
            if grabbed:
                self._tool.drop(pointer)
            else:
                self._tool.press(pointer)
            self.update()
        elif box is not None and dragged:
            (north, west), (south, east) = (self.view.position(one.x(), one.y()) for one in box)
            self.boxed.emit(min(south, north), min(west, east), max(south, north), max(west, east))
            self.update()
        elif not dragged:
            self.clicked.emit(*self.view.position(at.x(), at.y()))

    def _pointer(self, event: QMouseEvent) -> Pointer:
        """The pointer of an event; fingers come as a mouse that Qt makes of them."""
        at = event.position()
        touch = event.device() is not None and event.device().type() == QInputDevice.DeviceType.TouchScreen
        exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        return Pointer(*self.view.position(at.x(), at.y()), self.view, touch, exact)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer; a touch pad's fine steps zoom finely."""
        steps = event.angleDelta().y() / _WHEEL_STEP
        if steps:
            at = event.position()
            self.show_view(self.view.zoomed(steps / 2, at.x(), at.y()))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Two fingers zoom, on a screen and on a touch pad; on a screen they move the ground as well."""
        if event.type() == QEvent.Type.Gesture and isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                gone = pinch.centerPoint() - pinch.lastCenterPoint()
                self.show_view(self.view.moved(gone.x(), gone.y()))
                self._pinch(pinch.scaleFactor(), QPointF(self.mapFromGlobal(pinch.centerPoint().toPoint())))
                return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._pinch(1 + event.value(), event.position())
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes to the next symbol first. Widgets that stand on the map ask here, too, and go on."""
        if self.hasFocus() and self.on_tab is not None and self.on_tab(forward):
            return True
        return super().focusNextPrevChild(forward)

    def _pinch(self, factor: float, at: QPointF) -> None:
        if self._grabbed and self._tool is not None:
            self._tool.drop(Pointer(*self.view.position(at.x(), at.y()), self.view, touch=True))
        self._pressed, self._grabbed = None, False  # the first finger was no click
        if factor > 0:
            self.show_view(self.view.zoomed(math.log2(factor), at.x(), at.y()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, plus and minus zoom, 0 and Home go."""
        key = Qt.Key(event.key())
        if self._tool is not None and self._tool.key(event, self.view):
            self.update()
        elif key in _KEYS:
            self.show_view(self.view.moved(*_KEYS[key]))
        elif key in _NEARER or key in _FARTHER:
            self.zoom_by(1 if key in _NEARER else -1)
        elif key == Qt.Key.Key_Home:
            self.home_asked.emit()
        elif key == Qt.Key.Key_0:
            self.own_asked.emit()
        else:
            super().keyPressEvent(event)
