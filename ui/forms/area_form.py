"""The Area form: a hazardous area by its turning points, or a captured minefield record as it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.records.hazardous_area import CAPTURED
from fieldapp.errors import OperatorError
from fieldapp.geodesy.area import distance_m
from fieldapp.operations import paper_wording, positions
from fieldapp.operations.browsing import Record
from fieldapp.operations.checks import Checked, look_at_area
from fieldapp.operations.paper import Reading, land_of
from fieldapp.texts import N_
from ui import theme
from ui.forms import area_values, outline_values
from ui.forms.area_values import AREA, LINE, POINTS, RECORD, LookedAtPaper
from ui.forms.checking import Check, Checking
from ui.forms.declared import input_for
from ui.forms.paper_editor import PaperEditor
from ui.forms.points import PointsEditor
from ui.forms.record_form import RecordForm
from ui.session import Session
from ui.widgets import (
    Banner,
    Card,
    Cell,
    Choice,
    Column,
    DataTable,
    Facts,
    Field,
    Option,
    PlainLabel,
    TextField,
    field_label,
    secondary,
)
from ui.widgets.fields import Input
from ui.widgets.findings import Findings
from ui.widgets.pick import Pick
from ui.widgets.sketch import Drawing, DrawnRing, Point, Sketch

OWN_WAY = ("classification", "status", "title", "informed_on", "record_number", "laid_on", "lat", "lon")
"""Declared fields this form shows in its own way; all others stand under More fields as they are declared."""
LEFT_PX = 600
_SKETCH_PX = 230
_SAID = frozenset((
    "too_few_points", "zero_area", "self_crossing", "parts_overlap", "closing_point_repeated", "first_two_repeated",
    "repeated_point", "long_leg", "blank_number", "outline",
))
"""Rules and subjects of the clearance checks that the form says beside the points, or that wait for them."""

_BEGUN = {"how": POINTS, "status": "open"}
"""An area is open until somebody says otherwise."""


def _length_m(points: Sequence[Point]) -> float:
    """Metres from the first to the last of some points, one after the other."""
    return sum(distance_m(one.lat, one.lon, other.lat, other.lon) for one, other in pairwise(points))


class AreaForm(RecordForm):
    """Enter a hazardous area, or correct the area ``record``. Everything stays as typed; problems never block."""

    kind = AREA
    own_way = OWN_WAY

    def __init__(self, session: Session, record: Record | None = None) -> None:
        super().__init__(session, record)
        self._looked = LookedAtPaper()
        self._outline: object = None
        self._legs: object = None
        self._frame = session.current_frame()
        self._make_inputs()
        self._lay_out()
        self._connect()
        if record is not None:
            self.open_record(area_values.values_of(record))
        else:
            self.begin_with(_BEGUN)
        self._checked()

    def _make_inputs(self) -> None:
        texts = self.texts
        self.declared = {
            name: input_for(AREA.by_name[name], texts, self.session.current_lists)
            for name in ("classification", "title", "record_number", "laid_on")
        }
        self.informed_on = Field(self.name("informed_on"), placeholder=texts(N_("today")))
        statuses = self.session.lists.vocabulary("area_status").entries
        self.status = Pick(
            self.name("status"), [Option(one.code, one.names.in_language(texts.language)) for one in statuses], texts,
            per_row=len(statuses), apart=True,
        )  # fmt: skip
        self.how = Choice("", [
            Option(POINTS, texts(N_("Turning points"))), Option(LINE, texts(N_("Line, no area"))),
            Option(RECORD, texts(N_("Captured record"))),
        ], filled=True)  # fmt: skip
        self.how.setAccessibleName(texts(N_("How the ground is given")))
        self.points = PointsEditor(texts)
        self.paper = PaperEditor(texts)
        self.position = Field(self.texts(N_("Reference point")), placeholder=texts(N_("39.9899 46.8988")))
        self.mines = TextField(texts(N_("Mines on the record, a model a line")), texts(N_("PMN-2 = 120")), lines=3)
        named: dict[str, Input] = {
            **self.declared, "informed_on": self.informed_on, "status": self.status, "how": self.how,
            "points": self.points, "paper": self.paper, "position": self.position, "mines": self.mines,
        }  # fmt: skip
        for name, widget in named.items():
            self.add(name, widget)
        self.add_shared()

    def input_of_group(self, input_name: str) -> str:
        """Points and record are parts of the group ``land``."""
        apart = {"points": "land", "paper": "land", "how": "land", "mines": "captured", "position": "position"}
        return apart.get(input_name) or super().input_of_group(input_name)

    def _lay_out(self) -> None:
        self.body.setSpacing(theme.GAP)
        self.body.addWidget(self._head())
        row = QHBoxLayout()
        row.setSpacing(theme.MARGIN)
        row.addWidget(self._ground())
        row.addLayout(self._right(), 1)
        self.body.addLayout(row, 1)
        self.body.addWidget(self.more_card)

    def _head(self) -> Card:
        card = Card()
        first = QHBoxLayout()
        first.setSpacing(12)
        first.addWidget(self.declared["title"], 3)
        first.addWidget(self.declared["classification"], 3)
        first.addWidget(self.informed_on, 2)
        first.addWidget(self.status, 2, Qt.AlignmentFlag.AlignBottom)
        card.body.addLayout(first)
        card.body.addWidget(self.status.options_area)
        return card

    def _ground(self) -> Card:
        card = Card()
        card.setFixedWidth(LEFT_PX)
        card.body.addWidget(self.how)
        self.points_panel = QWidget()
        points = QVBoxLayout(self.points_panel)
        points.setContentsMargins(0, 0, 0, 0)
        points.addWidget(self.points, 1)
        points.addWidget(self.position)
        self.position_said = secondary("")
        points.addWidget(self.position_said)
        self.record_panel = QWidget()
        record = QVBoxLayout(self.record_panel)
        record.setContentsMargins(0, 0, 0, 0)
        record.setSpacing(10)
        known = QHBoxLayout()
        known.setSpacing(10)
        for name in ("record_number", "laid_on"):
            known.addWidget(self.declared[name], 1)
        record.addLayout(known)
        record.addWidget(self.paper)
        record.addWidget(self.mines)
        card.body.addWidget(self.points_panel, 1)
        card.body.addWidget(self.record_panel)
        card.body.addStretch(0)
        return card

    def _right(self) -> QVBoxLayout:
        texts = self.texts
        right = QVBoxLayout()
        right.setSpacing(theme.GAP)
        self.findings = Findings(texts, framed=False)
        self._checking = Checking(self, self.session, self._to_check, self._show_found)
        right.addWidget(self.findings)
        self.sketch = Sketch(texts)
        drawing = Card()
        drawing.body.setContentsMargins(2, 2, 2, 2)
        drawing.body.addWidget(self.sketch)
        drawing.setFixedHeight(_SKETCH_PX)
        right.addWidget(drawing)
        worked = Card()
        self.facts = Facts()
        self.area = PlainLabel("", theme.FIGURE, theme.SEMIBOLD)
        worked.body.addWidget(self.area)
        worked.body.addWidget(self.facts)
        worked.body.addWidget(secondary(texts(paper_wording.NOT_SAFE)))
        right.addWidget(worked)
        self.problem = Banner("danger", " ", " ")
        self.remark = Banner("warn", " ", " ")
        for banner in (self.problem, self.remark):
            banner.hide()
            right.addWidget(banner)
        self.readings_card = Card()
        self.readings_card.body.addWidget(field_label(texts(N_("How else it can be read"))))
        self.readings: DataTable[Reading] = DataTable([
            Column(texts(N_("Read otherwise")), lambda one: Cell(paper_wording.otherwise(one, texts), bold=True),
                   stretch=True),
            Column(texts(N_("Corner 1 moves by")), self._moves, right=True),
        ])  # fmt: skip
        self.readings.setAccessibleName(texts(N_("How else it can be read")))
        self.readings_card.body.addWidget(self.readings)
        self.readings_card.body.addWidget(secondary(texts(N_("Enter reads the record that way; it stays as typed."))))
        right.addWidget(self.readings_card)
        if self.record is not None:
            why = Card()
            why.body.addWidget(self.reason)
            right.addWidget(why)
        low = QHBoxLayout()
        low.addStretch(1)
        low.addWidget(self.more_button)
        right.addLayout(low)
        right.addStretch(1)
        return right

    def _moves(self, one: Reading) -> Cell:
        shown = paper_wording.metres(one.moved_m, self.texts)
        return Cell(shown, "text" if one.inside else "danger")

    def _connect(self) -> None:
        self.edited.connect(self._checked)
        self.readings.opened.connect(self._read_so)
        self.points.ring_changed.connect(self._checked)
        self.points.current_changed.connect(self.sketch.mark)

    def use_frame(self) -> None:
        """Read positions in the frame in force now: work area, datum operation, systems of the deployment."""
        frame = self.session.current_frame()
        if frame != self._frame:
            self._frame = frame
            custom = [(one.code, one.name) for one in frame.systems]
            self.points.set_systems(custom)
            self.paper.set_systems(custom)
            self._checked()

    def offer_defaults(self, values: Mapping[str, str]) -> None:
        """As in every form, with what an area begins with."""
        super().offer_defaults({**_BEGUN, **values})

    def start(self) -> None:
        """Put the focus where entering begins."""
        self.declared["title"].setFocus(Qt.FocusReason.OtherFocusReason)

    def next(self) -> None:
        """Empty the form for the next area; how it is given stays."""
        self.clear_error()
        self.set_values(self.fresh(("how", "classification", "task", "status")))
        self.start()

    def looked(self) -> LookedAtPaper:
        """What can be said of the captured record now."""
        return self._looked

    def _read_so(self, reading: Reading) -> None:
        self.paper.take(reading.paper)

    def _checked(self) -> None:
        by_record = self.how.text() == RECORD
        self.points_panel.setVisible(not by_record)
        self.record_panel.setVisible(by_record)
        if by_record and not self.declared["classification"].text():
            self.declared["classification"].set_text(CAPTURED)
        if by_record:
            self._show_record()
        else:
            self._show_points()
        self._checking.changed()

    def _to_check(self) -> Check:
        outline, itself = self._outline, self.record.name if self.record else None
        fields = {"source": self.record.fields.get("source") if self.record else None, "legs": self._legs}
        return lambda ws: look_at_area(ws, outline, fields, itself)

    def _show_found(self, checked: Checked) -> None:
        said = _SAID if self.how.text() != RECORD else {"outline"}
        self.findings.show_findings(checked.findings, checked.passed, said=said)

    def _show_record(self) -> None:
        texts = self.texts
        self._looked = looked = area_values.look_at_paper(self.values(), texts, self._frame)
        self.paper.say(looked.marks)
        worked = looked.worked
        land = land_of(looked.paper, worked) if worked is not None and looked.paper is not None else {}
        self._outline, self._legs = land.get("outline"), land.get("legs")
        self.facts.set_facts(looked.facts)
        area_m2 = worked.area_m2 if worked is not None else None
        self._say_area(texts(N_("{value} m²"), value=texts.number(area_m2, 1)) if area_m2 is not None else "")
        self._say(self.problem, *looked.problem)
        self._say(self.remark, looked.remarks[0] if looked.remarks else "", " ".join(looked.remarks[1:]))
        self.readings_card.setVisible(bool(looked.readings))
        if [one.stored() for one in self.readings.rows.all_rows()] != [one.stored() for one in looked.readings]:
            self.readings.set_rows(list(looked.readings))
            self.readings.setFixedHeight(self.readings.natural_height())
        rings: tuple[DrawnRing, ...] = ()
        beside: tuple[Point, ...] = ()
        if worked is not None:
            corners = tuple(Point(at.lat, at.lon, str(number)) for number, at in enumerate(worked.corners, 1))
            rings = (DrawnRing(corners),) if corners else ()
            beside = tuple(
                Point(mark.at.lat, mark.at.lon, f"RP{number}") for number, mark in enumerate(worked.landmarks, 1)
            )
        self.sketch.show_drawing(Drawing(rings, beside))

    def _show_points(self) -> None:
        texts = self.texts
        looked = outline_values.look(self.points.typed(), texts, self._frame)
        edited = self.points.at()
        self.points.say(looked.rows.get(edited, []))
        self.facts.set_facts([])
        self.readings_card.hide()
        self._say_position()
        self._outline = self._legs = None
        if self.how.text() == LINE:
            self._show_line(looked)
            return
        self.sketch.show_drawing(outline_values.drawing_of(looked, edited))
        measured = looked.measured
        self._outline = measured.outline if measured is not None else None
        area_m2 = measured.area_m2 if measured is not None else None
        self._say_area(texts(N_("{value} m²"), value=texts.number(area_m2, 1)) if area_m2 is not None else "")
        for banner, blocking in ((self.problem, True), (self.remark, False)):
            said = [one.sentence(texts) for one in looked.problems if one.blocks is blocking] if looked.count else []
            self._say(banner, said[0] if said else "", " ".join(said[1:]))

    def _show_line(self, looked: outline_values.Looked) -> None:
        """A line encloses nothing: its length is said, from its first point to its last."""
        rings = tuple(DrawnRing(tuple(points), closed=False) for points in looked.read.values() if points)
        self.sketch.show_drawing(Drawing(rings))
        length_m = sum(_length_m(points) for points in looked.read.values())
        self._say_area(paper_wording.metres(length_m, self.texts) if length_m else "")
        for banner in (self.problem, self.remark):
            self._say(banner, "", "")

    def _say_position(self) -> None:
        text = self.position.text().strip()
        try:
            self.position_said.setText(positions.read(text, self._frame).second if text else "")
            self.position_said.set_tone("text2")
        except OperatorError as error:
            self.position_said.setText(error.parts(self.texts)[0])
            self.position_said.set_tone("danger")

    def _say_area(self, said: str) -> None:
        self.area.setText(said or self.texts(N_("No area yet")))

    def _say(self, banner: Banner, first: str, detail: str) -> None:
        banner.say("danger" if banner is self.problem else "warn", first, detail)
        banner.setVisible(bool(first))
