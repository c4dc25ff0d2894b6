"""Legs by bearing and distance, as read off the instrument and the tape, with what has to be known to walk them.

``LegsEditor(texts)`` is an input like any other: ``text()`` is everything as typed (JSON, "" while nothing is),
``set_text`` shows it, ``changed(str)`` tells each change. It knows no plot and no hazardous area. What the legs come
to is worked out by ``legs_values.look`` and said with ``show_walk``. ``start`` names the point they begin at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldapp.texts import N_, Texts
from ui.forms.points import OUTSIDE, role_options
from ui.forms.rows import Line, RowColumn, RowsEditor
from ui.widgets.banner import Banner
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import Field, Input
from ui.widgets.frame import scrolled
from ui.widgets.labels import secondary
from ui.widgets.pick import Pick
from ui.widgets.position_typed import SYSTEMS, system_options

NORTHS = (("magnetic", N_("magnetic")), ("true", N_("true")), ("grid", N_("grid")))
UNITS = (
    ("deg", N_("degrees")), ("dms", N_("degrees, minutes, seconds")),
    ("mil6000", N_("mils of 6000, as 12-50")), ("mil6400", N_("mils of 6400")),
)  # fmt: skip
GRIDS = tuple(one for one in SYSTEMS if one[0] in ("utm", "sk42-gk", "sk42-gk3", "ck63"))
DISTANCES = (("", N_("horizontal")), ("slope", N_("along the slope")))
CLOSINGS = (("start", N_("on the start")), ("known", N_("on a known point")), ("open", N_("not closed")))
ADJUST = "bowditch"
_FIRST = {"north": "magnetic", "unit": "deg", "grid": "utm", "closing": "start", "start_in": "auto", "start_role": "SP"}
_BEARING, _DISTANCE, _SLOPE = range(3)


class LegsEditor(QWidget):
    """Start, north, unit, date, declination; the legs; where they close; what the misclosure is.

    ``step`` counts up when another row begins to be changed. Values of ``values()`` are as typed: ``start``,
    ``start_in`` (system), ``start_role``, ``north``, ``unit``, ``grid``, ``slope``, ``date``, ``declination``,
    ``closing``, ``known``, ``adjust``; ``legs()`` are bearing, distance and slope of each row.
    """

    changed = Signal(str)
    current_changed = Signal(int)

    def __init__(self, texts: Texts, *, start: str = "") -> None:
        """``start`` is the label of the first point (a landmark, say); "" for the start point."""
        super().__init__()
        self._texts = texts
        self._quiet = False
        self._shown = ""
        self.start = Field(start or texts(N_("Start point")))
        self.start_in = Pick(texts(N_("Typed in")), system_options(texts), texts, per_row=2, apart=True)
        starts = [one for one in role_options(texts) if one.code in ("SP", *OUTSIDE)]
        starts.sort(key=lambda one: one.code != "SP")
        self.start_role = Pick(texts(N_("This is")), starts, texts, per_row=1, apart=True)
        self.north = self._pick(N_("North"), NORTHS)
        self.unit = self._pick(N_("Bearings in"), UNITS, per_row=1)
        self.grid = self._pick(N_("Grid"), GRIDS)
        self.slope = self._pick(N_("Distances"), DISTANCES)
        self.date = Field(texts(N_("Measured on")), placeholder=texts(N_("today")))
        self.declination = Field(texts(N_("Own declination, °")))
        self.closing = self._pick(N_("Closes"), CLOSINGS, per_row=1)
        self.known = Field(texts(N_("Known point at the end")))
        self.adjust = Choice("", [Option(ADJUST, texts(N_("Share the misclosure out (Bowditch)")))])
        self.rows = RowsEditor(
            texts,
            [
                RowColumn(texts(N_("Bearing"))), RowColumn(texts(N_("Distance, m")), 150),
                RowColumn(texts(N_("Slope, °")), 110),
            ],
            lambda lines: [str(place) for place in range(1, len(lines) + 1)],
            lambda row, column: texts(N_("Leg {number}: {column}"), number=row, column=column), headed=True,
        )  # fmt: skip
        self.start_said, self.north_said, self.known_said = secondary(""), secondary(""), secondary("")
        self.area: QScrollArea = scrolled(self.rows)
        self.area.setMinimumHeight(236)
        self.misclosure = Banner("ok", " ", " ")
        self.misclosure.hide()
        self._inputs: dict[str, Input] = {
            "start": self.start, "start_in": self.start_in, "start_role": self.start_role, "north": self.north,
            "unit": self.unit, "grid": self.grid, "slope": self.slope, "date": self.date,
            "declination": self.declination, "closing": self.closing, "known": self.known, "adjust": self.adjust,
        }  # fmt: skip
        self._lay_out()
        for widget in self._inputs.values():
            widget.changed.connect(self._setting_changed)
        self.rows.changed.connect(self._tell)
        self.rows.current_changed.connect(self._row_reached)
        self._steps = 0
        self._show_needed()
        self._shown = self.text()

    def _pick(self, label: str, options: Sequence[tuple[str, str]], per_row: int = 2) -> Pick:
        texts = self._texts
        return Pick(texts(label), [Option(code, texts(word)) for code, word in options], texts, per_row=per_row,
                    apart=True)  # fmt: skip

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.start)
        column.addWidget(self.start_said)
        self._beside(column, self.start_in, self.start_role)
        self._beside(column, self.north, self.unit)
        self._beside(column, self.grid, self.slope)
        dated = QHBoxLayout()
        dated.setSpacing(10)
        dated.addWidget(self.date)
        dated.addWidget(self.declination)
        column.addLayout(dated)
        column.addWidget(self.north_said)
        column.addWidget(self.area, 1)
        strip = QHBoxLayout()
        strip.setSpacing(6)
        strip.addWidget(self.closing, 1)
        for button in self.rows.buttons:
            strip.addWidget(button)
        column.addLayout(strip)
        column.addWidget(self.closing.options_area)
        column.addWidget(self.known)
        column.addWidget(self.known_said)
        column.addWidget(self.misclosure)
        column.addWidget(self.adjust)

    def _beside(self, column: QVBoxLayout, *picks: Pick) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for pick in picks:
            row.addWidget(pick, 1)
        column.addLayout(row)
        for pick in picks:
            column.addWidget(pick.options_area)

    @property
    def step(self) -> int:
        """How often another row or setting began to be changed."""
        return self.rows.step + self._steps

    def values(self) -> dict[str, str]:
        """Everything but the legs, as typed."""
        return {name: widget.text() for name, widget in self._inputs.items()}

    def legs(self) -> list[tuple[str, str, str]]:
        """Bearing, distance and slope of each row as typed; an empty row between others is still missing."""
        return [(line.cells[0], line.cells[1], line.cells[2]) for line in self.rows.content()]

    def begun(self) -> bool:
        """Whether anything is typed."""
        return bool(self.text())

    def text(self) -> str:
        """Everything as typed, as JSON; "" while nothing is."""
        given = {name: text for name, text in self.values().items() if text and text != _FIRST.get(name)}
        legs = self.legs()
        if not given and not legs:
            return ""
        return json.dumps({**given, "legs": legs}, ensure_ascii=False, sort_keys=True)

    def set_text(self, text: str) -> None:
        """Show what ``text()`` gave."""
        if text == self.text():
            return
        given = from_text(text)
        self._quiet = True
        for name, widget in self._inputs.items():
            widget.set_text(str(given.get(name) or _FIRST.get(name, "")))
        self.rows.set_content([Line(tuple(leg)) for leg in legs_in(given)])
        self._quiet = False
        self._show_needed()
        self._tell()

    def set_systems(self, custom: Sequence[tuple[str, str]]) -> None:
        """Offer these systems of the deployment beside the known ones: code and name."""
        self.start_in.set_options(system_options(self._texts, custom))

    def show_walk(
        self, rows: Sequence[tuple[str, str]], start: tuple[str, str], known: tuple[str, str], north: tuple[str, str],
        misclosure: tuple[str, str, str] | None,
    ) -> None:  # fmt: skip
        """Say what each leg, the start, the known point and the declination come to (sentence and tone).

        ``misclosure``: tone, first line and detail; None where there is none.
        """
        self.rows.say(rows)
        for label, (sentence, tone) in ((self.start_said, start), (self.known_said, known), (self.north_said, north)):
            label.setText(sentence)
            label.set_tone(tone)
            label.setVisible(bool(sentence))
        if misclosure is not None:
            self.misclosure.say(*misclosure)
        self.misclosure.setVisible(misclosure is not None)

    def focus_first(self) -> None:
        """Put the focus where typing goes on: the start point, or the first free leg."""
        if self.start.text().strip():
            self.rows.focus_first_free()
        else:
            self.start.line.setFocus()

    def _setting_changed(self, _text: str) -> None:
        if not self._quiet:
            self._show_needed()
            self._tell()

    def _show_needed(self) -> None:
        self.known.setVisible(self.closing.text() == "known")
        self.grid.setVisible(self.north.text() == "grid")
        self.rows.show_column(_SLOPE, self.slope.text() == "slope")
        magnetic = self.north.text() == "magnetic"
        self.date.setVisible(magnetic)
        self.declination.setVisible(magnetic)

    def _tell(self) -> None:
        now = self.text()
        if not self._quiet and now != self._shown:
            self._shown = now
            self.changed.emit(now)

    def _row_reached(self, place: int) -> None:
        self.area.ensureWidgetVisible(self.rows.rows[place])
        self.current_changed.emit(place)


def from_text(text: str) -> Mapping[str, object]:
    """What stands in the text of the editor; nothing for a text that is none of it."""
    try:
        given = json.loads(text) if text else {}
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def legs_in(given: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Bearing, distance and slope of each leg in what ``from_text`` gave."""
    legs = given.get("legs")
    found = []
    for leg in legs if isinstance(legs, list) else []:
        cells = [str(cell) for cell in leg] if isinstance(leg, list) else []
        found.append((*cells, "", "", "")[:3])
    return found  # type: ignore[return-value]
