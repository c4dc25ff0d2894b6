"""What stands on a captured minefield record, typed as it is written: landmarks, azimuths, distances, a strip or legs.

``PaperEditor`` is an input like any other: ``text()`` is all of it as JSON, ``changed(str)`` tells each change. What
follows from it is worked out by ``area_values.look_at_paper`` and said with ``say``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.operations.paper_record import Paper, Strip, Tie
from fieldapp.operations.paper_wording import NORTH_WORDS, UNIT_WORDS
from fieldapp.texts import N_, Texts
from ui.forms.parts import Hidden
from ui.forms.rows import Line, RowColumn, RowsEditor
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import Field, Input
from ui.widgets.labels import field_label
from ui.widgets.pick import Pick
from ui.widgets.position_typed import system_options

_BEGUN = {
    "system": "auto", "unit": "mil6000", "north": "grid", "shape": "strip", "side": "right", "datum": "shifted",
}  # fmt: skip
"""What the settings are while nobody has said otherwise."""
_PLAIN = ("system", "unit", "north", "on", "declination", "datum", "zone", "bearing_off", "distance_off")
_AZIMUTH_PX, _DISTANCE_PX = 118, 118


class PaperEditor(QWidget):
    """The rows of landmarks, how they are read, and the field laid off from corner 1."""

    changed = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._quiet = False
        azimuth, distance = texts(N_("Azimuth")), texts(N_("Distance, m"))
        self.ties = RowsEditor(
            texts,
            [RowColumn(texts(N_("Landmark, as written")), 0),
             RowColumn(azimuth, _AZIMUTH_PX), RowColumn(distance, _DISTANCE_PX)],
            _numbers, self._tie_name, headed=True,
        )  # fmt: skip
        self.legs = RowsEditor(
            texts, [RowColumn(azimuth), RowColumn(distance, _DISTANCE_PX)], _numbers, self._leg_name, headed=True,
        )  # fmt: skip
        self.system = Pick(texts(N_("Typed in")), system_options(texts), texts, per_row=2, apart=True)
        self.unit = self._pick(N_("Azimuths in"), UNIT_WORDS)
        self.north = self._pick(N_("North"), NORTH_WORDS)
        self.on = Field(texts(N_("Day or year of the azimuths")), placeholder=texts(N_("1993, or 1993-05-12")))
        self.declination = Field(texts(N_("Declination, ° east")), placeholder=texts(N_("from the model")))
        self.bearing_off = Field(texts(N_("Azimuths may be off by, °")), placeholder=texts(N_("the usual")))
        self.distance_off = Field(texts(N_("Distances may be off by, %")), placeholder=texts(N_("the usual")))
        self.shape = Choice("", [
            Option("strip", texts(N_("A strip from corner 1"))), Option("legs", texts(N_("Round it from corner 1"))),
        ], filled=True)  # fmt: skip
        self.shape.setAccessibleName(texts(N_("How the field is laid off")))
        self.along = Field(texts(N_("Its azimuth")))
        self.length = Field(texts(N_("Length, m")))
        self.deep = Field(texts(N_("Depth, m")))
        self.side = Choice(
            texts(N_("It lies to the")), [Option("right", texts(N_("right"))), Option("left", texts(N_("left")))]
        )
        self.datum, self.zone = Hidden(), Hidden()
        self._inputs: dict[str, Input] = {
            "system": self.system, "unit": self.unit, "north": self.north, "on": self.on,
            "declination": self.declination, "bearing_off": self.bearing_off, "distance_off": self.distance_off,
            "datum": self.datum, "zone": self.zone, "shape": self.shape,
            "along": self.along, "length": self.length, "depth": self.deep, "side": self.side,
        }  # fmt: skip
        for name, code in _BEGUN.items():
            self._inputs[name].set_text(code)
        self._lay_out()
        self._show_needed()
        for widget in self._inputs.values():
            widget.changed.connect(self._tell)
        for rows in (self.ties, self.legs):
            rows.changed.connect(self._tell)

    def _pick(self, label: str, words: Mapping[str, str]) -> Pick:
        texts = self._texts
        return Pick(texts(label), [Option(code, texts(word)) for code, word in words.items()], texts, per_row=2,
                    apart=True)  # fmt: skip

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.system)
        column.addWidget(self.system.options_area)
        read = QHBoxLayout()
        read.setSpacing(6)
        read.addWidget(self.unit, 1)
        read.addWidget(self.north, 1)
        column.addLayout(read)
        column.addWidget(self.unit.options_area)
        column.addWidget(self.north.options_area)
        column.addWidget(self.ties)
        column.addWidget(field_label(self._texts(N_("The field"))))
        column.addWidget(self.shape)
        self.strip = QWidget()
        strip = QHBoxLayout(self.strip)
        strip.setContentsMargins(0, 0, 0, 0)
        strip.setSpacing(10)
        for widget in (self.along, self.length, self.deep):
            strip.addWidget(widget, 1)
        strip.addWidget(self.side, 2)
        column.addWidget(self.strip)
        column.addWidget(self.legs)
        for pair in ((self.on, self.declination), (self.bearing_off, self.distance_off)):
            beside = QHBoxLayout()
            beside.setSpacing(10)
            for widget in pair:
                beside.addWidget(widget, 1)
            column.addLayout(beside)

    def text(self) -> str:
        """Everything as typed, as JSON; "" while nothing is."""
        given: dict[str, Any] = {
            name: text for name, widget in self._inputs.items() if (text := widget.text()) != _BEGUN.get(name, "")
        }
        for name, rows in (("ties", self.ties), ("legs", self.legs)):
            typed = [list(line.cells) for line in rows.content()]
            if typed:
                given[name] = typed
        return json.dumps(given, ensure_ascii=False, sort_keys=True) if given else ""

    def set_text(self, text: str) -> None:
        """Show what ``text()`` gave."""
        if text == self.text():
            return
        given = from_text(text)
        self._quiet = True
        for name, widget in self._inputs.items():
            widget.set_text(str(given.get(name, _BEGUN.get(name, ""))))
        self.ties.set_content([Line(cells) for cells in _cells(given, "ties", 3)])
        self.legs.set_content([Line(cells) for cells in _cells(given, "legs", 2)])
        self._quiet = False
        self._tell()

    def take(self, paper: Paper) -> None:
        """Read the record as ``paper`` does; what is written in it stays as it is."""
        self.set_text(as_text(paper))

    def set_systems(self, custom: Sequence[tuple[str, str]]) -> None:
        """Offer these systems of the deployment beside the known ones: code and name."""
        self.system.set_options(system_options(self._texts, custom))

    def say(self, landmarks: Sequence[tuple[str, str]]) -> None:
        """What each landmark says below itself: sentence and tone."""
        self.ties.say(landmarks)

    def focus_first(self) -> None:
        """Put the focus on the first landmark."""
        self.ties.rows[0].line.setFocus()

    def _show_needed(self) -> None:
        self.strip.setVisible(self.shape.text() != "legs")
        self.legs.setVisible(self.shape.text() == "legs")

    def _tell(self, *_changed: object) -> None:
        self._show_needed()
        if not self._quiet:
            self.changed.emit(self.text())

    def _tie_name(self, row: str, column: str) -> str:
        return self._texts(N_("Landmark {number}: {column}"), number=row, column=column)

    def _leg_name(self, row: str, column: str) -> str:
        return self._texts(N_("Leg {number}: {column}"), number=row, column=column)


def _numbers(lines: Sequence[Line]) -> list[str]:
    return [str(number) for number in range(1, len(lines) + 1)]


def from_text(text: str) -> Mapping[str, Any]:
    """What stands in the editor's text; nothing for a text that is none of it."""
    try:
        given = json.loads(text) if text else {}
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _cells(given: Mapping[str, Any], name: str, columns: int) -> list[tuple[str, ...]]:
    rows = given.get(name)
    found = []
    for row in rows if isinstance(rows, list) else []:
        cells = [str(cell) for cell in row] if isinstance(row, list) else []
        found.append(tuple((*cells, *[""] * columns)[:columns]))
    return found


def paper_of(text: str) -> Paper | None:
    """The record that the editor's text describes; None while it names no landmark."""
    given = from_text(text)
    ties = tuple(
        Tie(mark, bearing, distance) for mark, bearing, distance in _cells(given, "ties", 3) if mark.strip()
    )
    if not ties:
        return None
    plain: dict[str, Any] = {name: str(given.get(name, _BEGUN.get(name, ""))) for name in _PLAIN}
    along, length, depth = (str(given.get(name, "")) for name in ("along", "length", "depth"))
    if given.get("shape") == "legs":
        legs = tuple((cells[0], cells[1]) for cells in _cells(given, "legs", 2) if any(c.strip() for c in cells))
        return Paper(ties, None, legs, **plain)
    begun = any(text.strip() for text in (along, length, depth))
    side: Any = given.get("side", "right")
    return Paper(ties, Strip(along, length, depth, side) if begun else None, **plain)


def as_text(paper: Paper) -> str:
    """The editor's text of a record."""
    given: dict[str, Any] = {name: str(getattr(paper, name)) for name in _PLAIN}
    given = {name: text for name, text in given.items() if text != _BEGUN.get(name, "")}
    given["ties"] = [[tie.text, tie.bearing, tie.distance] for tie in paper.ties]
    if paper.legs:
        given |= {"shape": "legs", "legs": [list(leg) for leg in paper.legs]}
    elif paper.strip is not None:
        strip = paper.strip
        given |= {"along": strip.bearing, "length": strip.length, "depth": strip.depth}
        if strip.side != "right":
            given["side"] = strip.side
    return json.dumps(given, ensure_ascii=False, sort_keys=True)
