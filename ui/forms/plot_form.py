"""The Plot form: what was released, its ground by points or by legs, and what that measures."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.geodesy.area import Problem
from fieldapp.geodesy.frame import FRAME
from fieldapp.geodesy.traverse import LIMITS, ClosureLimits
from fieldapp.ids import RecordName
from fieldapp.operations import outlines
from fieldapp.operations.browsing import Record
from fieldapp.operations.checks import Checked, look_at_plot
from fieldapp.operations.outlines import Measured
from fieldapp.texts import N_
from ui import sound, theme
from ui.forms import legs_values, outline_values, plot_values
from ui.forms.checking import Check, Checking
from ui.forms.computed import HINTS, ComputedCard
from ui.forms.declared import input_for
from ui.forms.legs import LegsEditor
from ui.forms.plot_values import BY_LEGS, PLOT, Seen
from ui.forms.points import PointsEditor
from ui.forms.record_form import RecordForm
from ui.forms.typed_outline import RingAt
from ui.session import Session
from ui.widgets import (
    Banner,
    Card,
    Choice,
    Field,
    NumberField,
    Option,
    OptionButton,
    secondary,
)
from ui.widgets.fields import Input
from ui.widgets.findings import Findings
from ui.widgets.sketch import Drawing, Neighbour, Sketch

OWN_WAY = ("release", "depth_cm", "outline", "declared_m2", "method", "completed_on")
"""Declared fields this form shows in its own way; all others stand under More fields as they are declared."""
TWO_LINES_PX = 290
"""Words of this width take two lines in a third of the card; longer ones get half of it."""
LEFT_PX = 600
SKETCH_PX = 340
"""Where the page is higher than the screen, what the outline measures still stands beside its first points."""


class PlotForm(RecordForm):
    """Enter a plot, or correct the plot ``record``. Points stay as typed; problems are said and never block.

    ``findings`` above the drawing say what is found when the plot is compared with other records.
    """

    kind = PLOT
    own_way = OWN_WAY

    def __init__(self, session: Session, record: Record | None = None) -> None:
        super().__init__(session, record)
        self._frame, self._limits = FRAME, LIMITS
        self._ground = Seen(None)
        self._near: tuple[RecordName, ...] = ()
        self._neighbours: tuple[Neighbour, ...] = ()
        """The plots ``_near`` that share ground with this one, as the sketch draws them."""
        self._undo_steps = {"points": 0, "legs": 0}
        self._show: tuple[RingAt, int] | None = None
        self._make_inputs()
        self._lay_out()
        self._connect()
        self.begin_with({"way": plot_values.POINTS})
        if record is not None:
            self.open_record(plot_values.values_of(record))
        self.use_frame()
        self._checked()

    def _make_inputs(self) -> None:
        texts, language = self.texts, self.texts.language
        entries = self.session.lists.vocabulary("release")
        releases = [Option(entry.code, entry.names.in_language(language)) for entry in entries]
        longest = max(OptionButton(one.word).line_px() for one in releases)
        self.release = Choice("", releases, per_row=3 if longest <= TWO_LINES_PX else 2)
        self.release.setAccessibleName(self.name("release"))
        self.method = input_for(PLOT.by_name["method"], texts, self.session.current_lists)
        self.depth_cm = NumberField(texts(N_("Depth, cm")), 0, PLOT.by_name["depth_cm"].maximum or 0, buttons=False)
        self.completed_on = Field(self.name("completed_on"), placeholder=texts(N_("today")))
        self.declared_m2 = NumberField(self.name("declared_m2"), 0, fraction=True, buttons=False)
        ways = [
            Option(plot_values.POINTS, texts(N_("By points"))), Option(BY_LEGS, texts(N_("By bearing and distance"))),
        ]  # fmt: skip
        self.way = Choice("", ways, filled=True)
        self.way.setAccessibleName(texts(N_("How the ground is entered")))
        self.points, self.legs = PointsEditor(texts), LegsEditor(texts)
        named: dict[str, Input] = {
            "release": self.release, "method": self.method, "depth_cm": self.depth_cm,
            "completed_on": self.completed_on, "declared_m2": self.declared_m2, "way": self.way,
            "points": self.points, "legs": self.legs,
        }  # fmt: skip
        for name, widget in named.items():
            self.add(name, widget)
        self.add_shared()

    def input_of_group(self, input_name: str) -> str:
        """Points and legs are a part of the group ``land``."""
        return "land" if input_name in plot_values.OUTLINE_INPUTS else super().input_of_group(input_name)

    def _lay_out(self) -> None:
        self.body.setSpacing(theme.GAP)
        row = QHBoxLayout()
        row.setSpacing(theme.MARGIN)
        row.addWidget(self._typed())
        right = QVBoxLayout()
        right.setSpacing(theme.GAP)
        self.sketch = Sketch(self.texts)
        drawing = Card()
        drawing.body.setContentsMargins(2, 2, 2, 2)
        drawing.body.addWidget(self.sketch)
        drawing.setMaximumHeight(SKETCH_PX)
        right.addWidget(drawing, 1)
        self.computed = ComputedCard(self.texts, self.declared_m2)
        self.area, self.hectares, self.apart = self.computed.area, self.computed.hectares, self.computed.apart
        right.addWidget(self.computed)
        self.findings = Findings(self.texts, framed=False)
        self._checking = Checking(self, self.session, self._to_check, self._show_found)
        right.insertWidget(0, self.findings)  # above the drawing: what warns must be seen without scrolling
        self.problem = Banner("danger", " ", " ", self.texts(N_("Swap")), second=self.texts(N_("Go to the point")))
        self.problem.hide()
        right.insertWidget(0, self.problem)
        self.refused = Banner("stale", " ", " ")
        self.refused.hide()
        right.insertWidget(0, self.refused)
        if self.record is not None:
            why = Card()
            why.body.addWidget(self.reason)
            right.addWidget(why)
        low = QHBoxLayout()
        low.setSpacing(theme.GAP)
        self.needed = secondary("")
        low.addWidget(self.needed, 1)
        low.addWidget(self.more_button)
        right.addLayout(low)
        right.addStretch(0)
        row.addLayout(right, 1)
        self.body.addLayout(row, 1)
        self.body.addWidget(self.more_card)

    def _typed(self) -> QWidget:
        card = Card()
        card.setFixedWidth(LEFT_PX)
        card.body.addWidget(self.release)
        work = QHBoxLayout()
        work.setSpacing(10)
        self.depth_cm.setFixedWidth(116)
        self.completed_on.setFixedWidth(160)
        work.addWidget(self.method, 1)
        work.addWidget(self.depth_cm)
        work.addWidget(self.completed_on)
        card.body.addLayout(work)
        card.body.addWidget(self.way)
        self.other_way = secondary(self.texts(N_("Nothing is typed here: what was entered the other way counts.")))
        self.other_way.hide()
        card.body.addWidget(self.other_way)
        for editor in (self.points, self.legs):
            editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            card.body.addWidget(editor, 1)
        return card

    def _connect(self) -> None:
        self.edited.connect(self._checked)
        self.problem.pressed.connect(self._swap)
        self.problem.second_pressed.connect(self._go_to_point)
        self.points.current_changed.connect(self.sketch.mark)
        self.points.ring_changed.connect(self._ring_changed)
        self.legs.current_changed.connect(lambda place: self.sketch.mark(place + 1))
        # Whole inputs, not the lines in them: an input left behind in the order would lead Tab back to its line.
        stops = [self.release, self.method, self.depth_cm, self.completed_on, self.way]
        for one, following in pairwise(stops):
            self.setTabOrder(one, following)
        self.completed_on.line.next_on_enter = self.points.rows[0].line

    def use_frame(self) -> None:
        """Read positions in the frame in force now: work area, datum operation, systems of the deployment."""
        frame = self.session.current_frame()
        if frame != self._frame:
            self._frame = frame
            custom = [(one.code, one.name) for one in frame.systems]
            self.points.set_systems(custom)
            self.legs.set_systems(custom)
            self._checked()

    def use_limits(self, limits: ClosureLimits) -> None:
        """Say what a misclosure means by these limits, the deployment's."""
        if limits != self._limits:
            self._limits = limits
            self._checked()

    def start(self) -> None:
        """Put the focus where entering begins: release, or the points where that is said already."""
        self.release.setFocus() if not self.release.text() else self.focus_ground()

    def focus_ground(self) -> None:
        """Put the focus where the ground goes on: the first free point, or leg."""
        if self.way.text() == BY_LEGS:
            self.legs.focus_first()
        else:
            self.points.focus_first_free()

    def next(self) -> None:
        """Empty the form for the next plot; method, depth, task and the way of entering stay."""
        self.clear_error()
        self.set_values(self.fresh(("method", "depth_cm", "task", "way")))
        self.start()

    def add_here(self) -> None:
        """Take the receiver's position as the next point; where there is none, go to where it is typed.

        A fix that is stale, poor or in another datum is refused with a sentence and a sound, and nothing is added.
        """
        try:
            captured = self.session.receiver.capture(average=False)
        except OperatorError as error:
            sound.alarm()
            what, kept, do = error.parts(self.texts)
            self.refused.say("stale", what, " ".join(part for part in (kept, do) if part))
            self.refused.show()
            return
        self.refused.hide()
        if captured is None or self.way.text() == BY_LEGS:
            self.focus_ground()
        else:
            self.points.add_point(outline_values.line_of(outlines.from_captured(captured)))

    def by_legs(self) -> None:
        """Enter by bearing and distance, from the point that is typed where it is the only one."""
        typed = self.points.points()
        if not self.legs.begun() and len(typed) == 1:
            self.legs.start.set_text(typed[0])
        self.way.set_text(BY_LEGS)
        self.focus_ground()

    def _changed(self, name: str, text: str) -> None:
        # One undo takes back one point: the base would take all points typed in a row for one change.
        editor = self.points if name == "points" else self.legs if name == "legs" else None
        if editor is not None and not self._quiet and editor.step != self._undo_steps[name]:
            self._undo_steps[name] = editor.step
            before = self._shown[name]
            if self._undo and self._undo[-1][0] == name and before != editor.text():
                self._undo.append((name, before))
        super()._changed(name, text)

    def looked(self) -> Seen:
        """What can be said of the ground now."""
        return self._ground

    def _checked(self) -> None:
        texts, values = self.texts, self.values()
        today = self.session.clock.now().date()
        self._ground = ground = plot_values.look(values, texts, today, self._frame, self._limits)
        self._show_way(values.get("way") == BY_LEGS)
        self._say_rows(ground)
        other = plot_values.way_of(values) != (values.get("way") or plot_values.POINTS)
        self.other_way.setVisible(other)
        measured = ground.measured
        self.computed.show_measured(measured, self._count(ground))
        self.apart.setText(
            plot_values.difference(measured.area_m2 if measured else None, self.declared_m2.text(), texts)
        )
        self._draw(ground)
        self._say_problem(ground)
        missing = plot_values.missing(values, measured, texts, self.session.lists)
        self.needed.setText(
            texts(N_("Needed to sign off: {fields}"), fields=", ".join(missing)) if missing
            else texts(N_("Complete for sign-off"))
        )  # fmt: skip
        self.show_filled_more(("task",))
        self._checking.changed()

    def _to_check(self) -> Check:
        measured = self._ground.measured
        fields, outline = plot_values.fields_of(self.values()), measured.outline if measured is not None else None
        itself = self.record.name if self.record else None
        return lambda ws: look_at_plot(ws, outline, fields, itself)

    def _show_found(self, checked: Checked) -> None:
        self.findings.show_findings(checked.findings, checked.passed, said=plot_values.SAID)
        names = plot_values.overlapped(checked.findings, self.record.name if self.record else None)
        if names != self._near:
            self._near = names
            self.session.ask(lambda ws: plot_values.neighbours(ws, names), self._show_near)

    def _show_near(self, neighbours: tuple[Neighbour, ...]) -> None:
        self._neighbours = neighbours
        self._draw(self._ground)

    def _show_way(self, by_legs: bool) -> None:
        if not self.way.text():
            self._quiet, quiet = True, self._quiet
            self.way.set_text(plot_values.POINTS)
            self._shown["way"] = plot_values.POINTS
            self._quiet = quiet
        self.points.setVisible(not by_legs)
        self.legs.setVisible(by_legs)

    def _count(self, ground: Seen) -> int:
        if ground.by_points is not None:
            return ground.by_points.count
        return len(ground.measured.vertices) if ground.measured else 0

    def _say_rows(self, ground: Seen) -> None:
        if ground.by_points is not None:
            self.points.say(ground.by_points.rows.get(self.points.at(), []))
        elif ground.by_legs is not None:
            found = ground.by_legs
            self.legs.show_walk(found.rows, found.start, found.known, found.north, found.misclosure)

    def _ring_changed(self) -> None:
        if not self._quiet and self._ground.by_points is not None:
            self._say_rows(self._ground)
            self._draw(self._ground)

    def _draw(self, ground: Seen) -> None:
        drawing = Drawing()
        if ground.by_points is not None:
            drawing = outline_values.drawing_of(ground.by_points, self.points.at())
        elif ground.by_legs is not None:
            drawing = legs_values.drawing_of(ground.by_legs)
        self.sketch.show_drawing(replace(drawing, neighbours=self._neighbours))

    def _say_problem(self, ground: Seen) -> None:
        texts, measured = self.texts, ground.measured
        swap, self._show = False, None
        stays = texts(N_("The plot can be saved. Your points stay as typed."))
        unread = ground.by_points.unread if ground.by_points else []
        sentences = [one.sentence(texts) for one in _loud(measured)] if measured else []
        if unread:
            said = ("danger", texts(N_("Cannot be read: {points}"), points=", ".join(unread)), texts(
                N_("Correct it, or empty the row. What you typed is kept as a draft.")))  # fmt: skip
        elif ground.by_points is not None and ground.by_points.refused:
            said = ("danger", ground.by_points.refused, texts(outline_values.HoleAlone.do))
        elif ground.by_legs is not None and ground.by_legs.unread:
            said = ("danger", ground.by_legs.unread, texts(
                N_("Correct it, or empty the row. What you typed is kept as a draft.")))  # fmt: skip
        elif measured is not None and measured.swaps and ground.by_points is not None:
            swap = True
            said = ("warn", texts(N_("Swapped?")), texts.plural(
                N_("{count} point lies in the work area only the other way round."),
                N_("{count} points lie in the work area only the other way round."), len(measured.swaps)))  # fmt: skip
        elif sentences and measured is not None and len(measured.vertices) > 2:
            blocks = bool(measured.problems) and measured.problems[0].blocks
            self._show = self._place_of_problem(ground)
            said = ("danger" if blocks else "warn", sentences[0], "\n".join([*sentences[1:], stays]))
        elif ground.by_legs is not None and ground.by_legs.problems:  # of the misclosure the legs say it themselves
            said = ("warn", ground.by_legs.problems[0], "\n".join([*ground.by_legs.problems[1:], stays]))
        else:
            self.problem.hide()
            return
        self.problem.say(*said)
        self.problem.show()
        go_to, swap_button = self.problem.buttons
        swap_button.setVisible(swap)
        go_to.setVisible(self._show is not None)

    def _place_of_problem(self, ground: Seen) -> tuple[RingAt, int] | None:
        """The ring and row that the first problem concerns, where it concerns one."""
        looked = ground.by_points
        problem = next((one for one in looked.problems if one.code not in HINTS), None) if looked else None
        if looked is None or problem is None or not problem.points:
            return None
        part, ring = problem.ring or (1, 1)
        at = RingAt(part - 1, ring - 1)
        places = [place for where, place in looked.corners if where == at]
        number = problem.points[0] - 1
        return (at, places[number]) if number < len(places) else None

    def _go_to_point(self) -> None:
        if self._show is not None:
            at, place = self._show
            self.points.edit_ring(at)
            self.points.editor.focus_row(place)

    def _swap(self) -> None:
        looked = self._ground.by_points
        if looked is not None:
            self.points.take(outline_values.swapped_back(self.points.typed(), looked), one_step=True)
            self.points.focus_first_free()


def _loud(measured: Measured) -> list[Problem]:
    """What a banner says: problems, then advice that few outlines deserve."""
    return [*measured.problems, *(one for one in measured.advice if one.code not in HINTS)]
