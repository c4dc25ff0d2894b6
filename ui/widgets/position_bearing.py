"""A position from another point: by bearing and distance, or along a baseline. Nothing here is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import Field, Labelled
from ui.widgets.position_given import BASELINE, BEARING

OTHER = "typed"
"""The starting point is typed."""
_SEPARATOR = "|"
EMPTY: Mapping[str, str] = {"north": "magnetic", "side": "right"}
"""What stands here while nothing was entered: nothing that describes danger is preselected, a compass is magnetic."""


@dataclass(frozen=True)
class From:
    """A point measured from: ``key`` (kept in drafts; holds the place itself), and its word."""

    key: str
    word: str


class BearingPanel(QWidget):
    """From where, which bearing and how far; or along a baseline and to its side. ``changed()`` after each change."""

    changed = Signal()

    def __init__(self, texts: Texts, placeholder: str) -> None:
        super().__init__()
        self._texts = texts
        self._points: list[From] = []
        self._from = ""
        self.how = Choice("", [
            Option(BEARING, texts(N_("Bearing, distance"))), Option(BASELINE, texts(N_("Baseline, offset"))),
        ])  # fmt: skip
        self.how.setAccessibleName(texts(N_("How it is measured")))
        self.how.set_text(BEARING)
        self._start_place = QVBoxLayout()
        self._start_place.setContentsMargins(0, 0, 0, 0)
        self.start = Choice(" ", [])
        self.typed = Field(texts(N_("Measured from")), placeholder=placeholder)
        self.towards = Field(texts(N_("Baseline towards")), placeholder=placeholder)
        self.bearing = Field(texts(N_("Bearing, degrees")), placeholder="212")
        self.distance = Field(texts(N_("Distance, m")), placeholder="34.5")
        self.chainage = Field(texts(N_("Along it, m")), placeholder="40")
        self.offset = Field(texts(N_("To the side, m")), placeholder="2.5")
        self.north = Choice("", [
            Option("magnetic", texts(N_("Magnetic"))), Option("true", texts(N_("True"))),
            Option("grid", texts(N_("Grid"))),
        ])  # fmt: skip
        self.north.setAccessibleName(texts(N_("Which north")))
        self.side = Choice("", [
            Option("left", texts(N_("To the left"))), Option("right", texts(N_("To the right"))),
        ])  # fmt: skip
        self.side.setAccessibleName(texts(N_("Which side")))
        self._lay_out()
        self.set_points([])
        self.show_parts(BEARING, {})
        for signal in (self.how.changed, *(one.changed for one in self._fields().values())):
            signal.connect(self._edited)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.how)
        column.addLayout(self._start_place)
        column.addWidget(self.typed)
        column.addWidget(self.towards)
        for pair in ((self.bearing, self.distance), (self.chainage, self.offset)):
            row = QHBoxLayout()
            row.setSpacing(12)
            for field in pair:
                row.addWidget(field)
            column.addLayout(row)
        column.addWidget(self.north)
        column.addWidget(self.side)

    def _fields(self) -> dict[str, Field | Choice]:
        return {
            "from_text": self.typed, "towards": self.towards, "bearing": self.bearing, "distance": self.distance,
            "chainage": self.chainage, "offset": self.offset, "north": self.north, "side": self.side,
        }  # fmt: skip

    def set_points(self, points: Sequence[From]) -> None:
        """Offer these points to measure from, and a typed one; what is chosen stays."""
        if points == self._points and self._start_place.count():
            return
        self._points = list(points)
        fresh = Choice("", [*(Option(one.key, one.word) for one in points), Option(OTHER, self._texts(N_("Typed")))])
        fresh.setAccessibleName(self._texts(N_("Measured from")))
        while (item := self._start_place.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.start = fresh
        self._start_place.addWidget(fresh)
        fresh.setVisible(bool(points))
        self._show_from(self._from)
        fresh.changed.connect(self._start_chosen)

    def parts(self) -> dict[str, str]:
        """What was entered, by name; empty while nothing but what stands there from the beginning."""
        found = {name: field.text() for name, field in self._fields().items()}
        entered = {name: text for name, text in found.items() if text and name not in EMPTY}
        if not entered and self._from in ("", self._first()):
            return {}
        bearing = self.how.text() != BASELINE
        belongs = {"from_text", *(("bearing", "distance", "north") if bearing else
                                  ("towards", "chainage", "offset", "side"))}  # fmt: skip
        return {"from": self._from or self._first()} | {name: found[name] for name in sorted(belongs) if found[name]}

    def way(self) -> str:
        """``bearing_distance`` or ``baseline``."""
        return self.how.text() or BEARING

    def show_parts(self, way: str, parts: Mapping[str, str]) -> None:
        """Show what ``parts`` gave."""
        self.how.set_text(way)
        for name, field in self._fields().items():
            field.set_text(parts.get(name, EMPTY.get(name, "")))
        self._from = parts.get("from", "")
        self._show_from(self._from)
        self._show_fields()

    def _first(self) -> str:
        return self._points[0].key if self._points else OTHER

    def _show_from(self, key: str) -> None:
        """A point of a draft that is no longer offered stays chosen: its place is in its key."""
        self.start.blockSignals(True)
        self.start.set_text(key or self._first())
        self.start.blockSignals(False)
        self._show_fields()

    def _start_chosen(self, key: str) -> None:
        self._from = key or self._first()
        self._show_from(self._from)
        self.changed.emit()

    def _edited(self, _text: str) -> None:
        self._show_fields()
        self.changed.emit()

    def _show_fields(self) -> None:
        bearing = self.way() != BASELINE
        self.typed.setVisible((self._from or self._first()) == OTHER)
        for field, shown in ((self.bearing, bearing), (self.distance, bearing), (self.north, bearing),
                             (self.towards, not bearing), (self.chainage, not bearing), (self.offset, not bearing),
                             (self.side, not bearing)):  # fmt: skip
            field.setVisible(shown)

    def first_stop(self) -> QWidget:
        """Where measuring is typed first: the start while it must be typed, else the bearing or chainage."""
        first: Labelled = self.bearing if self.way() != BASELINE else self.towards
        return self.typed if not self.typed.isHidden() and not self.typed.text() else first

    def tab_stops(self) -> list[QWidget]:
        """What the Tab key goes through here."""
        return [self.how, self.start, self.typed, self.towards, self.bearing, self.distance, self.chainage,
                self.offset, self.north, self.side]  # fmt: skip
