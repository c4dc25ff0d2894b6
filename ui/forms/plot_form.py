"""The Plot form: what was released, its turning points one to a row, and what they measure."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.operations.browsing import Record
from fieldapp.texts import N_
from ui import theme
from ui.forms import plot_values
from ui.forms.declared import input_for
from ui.forms.plot_values import PLOT, Looked
from ui.forms.points import PointsEditor
from ui.forms.record_form import RecordForm
from ui.session import Session
from ui.widgets import (
    Banner,
    Card,
    Choice,
    Field,
    NumberField,
    Option,
    OptionButton,
    PlainLabel,
    field_label,
    scrolled,
    secondary,
)
from ui.widgets.fields import Input
from ui.widgets.sketch import Point, Sketch

OWN_WAY = ("release", "depth_cm", "outline", "declared_m2", "method", "completed_on")
"""Declared fields this form shows in its own way; all others stand under More fields as they are declared."""
HECTARE_M2 = 10_000
TWO_LINES_PX = 290
"""Words of this width take two lines in a third of the card; longer ones get half of it."""


class PlotForm(RecordForm):
    """Enter a plot, or correct the plot ``record``. Points stay as typed; problems are said and never block."""

    kind = PLOT
    own_way = OWN_WAY

    def __init__(self, session: Session, record: Record | None = None) -> None:
        super().__init__(session, record)
        self._looked = Looked([], None, [], [])
        self._undo_step = 0
        self._make_inputs()
        self._lay_out()
        self._connect()
        if record is not None:
            self.open_record(plot_values.values_of(record))
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
        self.points = PointsEditor(texts)
        named: dict[str, Input] = {
            "release": self.release, "method": self.method, "depth_cm": self.depth_cm,
            "completed_on": self.completed_on, "declared_m2": self.declared_m2, "points": self.points,
        }  # fmt: skip
        for name, widget in named.items():
            self.add(name, widget)
        self.add_shared()

    def input_of_group(self, input_name: str) -> str:
        """The points are a part of the group ``land``."""
        return "land" if input_name == "points" else super().input_of_group(input_name)

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
        right.addWidget(drawing, 1)
        right.addWidget(self._computed())
        self.problem = Banner("danger", " ", " ", self.texts(N_("Swap")))
        self.problem.hide()
        right.addWidget(self.problem)
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
        row.addLayout(right, 1)
        self.body.addLayout(row, 1)
        self.body.addWidget(self.more_card)

    def _typed(self) -> QWidget:
        card = Card()
        card.setFixedWidth(560)
        card.body.addWidget(self.release)
        work = QHBoxLayout()
        work.setSpacing(10)
        self.depth_cm.setFixedWidth(116)
        self.completed_on.setFixedWidth(160)
        work.addWidget(self.method, 1)
        work.addWidget(self.depth_cm)
        work.addWidget(self.completed_on)
        card.body.addLayout(work)
        head = QHBoxLayout()
        head.addWidget(field_label(self.name("outline")), 1)
        head.addWidget(secondary(self.texts(N_("decimal degrees or UTM, in walking order")), wrap=False))
        card.body.addLayout(head)
        self.points_area: QScrollArea = scrolled(self.points)
        self.points_area.setMinimumHeight(170)
        self.points_area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        card.body.addWidget(self.points_area, 1)
        return card

    def _computed(self) -> QWidget:
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(16)
        area = QVBoxLayout()
        area.setSpacing(0)
        self.area = PlainLabel("", theme.FIGURE, theme.SEMIBOLD)
        self.hectares = secondary("")
        area.addWidget(self.area)
        area.addWidget(self.hectares)
        row.addLayout(area, 1)
        self.declared_m2.setFixedWidth(150)
        row.addWidget(self.declared_m2)
        against = QVBoxLayout()
        against.setSpacing(0)
        self.apart = PlainLabel("", theme.POSITION, theme.SEMIBOLD)
        against.addWidget(self.apart)
        against.addWidget(secondary(self.texts(N_("against declared"))))
        row.addLayout(against)
        card.body.addLayout(row)
        return card

    def _connect(self) -> None:
        self.edited.connect(self._checked)
        self.problem.pressed.connect(self._swap)
        self.points.current_changed.connect(self._show_row)
        # Whole inputs, not the lines in them: an input left behind in the order would lead Tab back to its line.
        stops = [self.release, self.method, self.depth_cm, self.completed_on, self.points.rows[0].line]
        for one, following in pairwise(stops):
            self.setTabOrder(one, following)
        self.completed_on.line.next_on_enter = self.points.rows[0].line

    def start(self) -> None:
        """Put the focus where entering begins: release, or the points where that is said already."""
        self.release.setFocus() if not self.release.text() else self.points.focus_first_free()

    def next(self) -> None:
        """Empty the form for the next plot; method, depth and task stay."""
        self.clear_error()
        self.set_values(self.fresh(("method", "depth_cm", "task")))
        self.start()

    def _changed(self, name: str, text: str) -> None:
        # One undo takes back one point: the base would take all points typed in a row for one change.
        if name == "points" and not self._quiet and self.points.step != self._undo_step:
            self._undo_step = self.points.step
            before = self._shown["points"]
            if self._undo and self._undo[-1][0] == "points" and before != self.points.text():
                self._undo.append(("points", before))
        super()._changed(name, text)

    def looked(self) -> Looked:
        """What can be said of the points now."""
        return self._looked

    def _checked(self) -> None:
        texts, values = self.texts, self.values()
        lines = self.points.points()
        self._looked = looked = plot_values.look(lines, texts)
        self.points.say(looked.rows)
        measured = looked.measured
        area_m2 = measured.area_m2 if measured else None
        self.area.setText(
            texts(N_("{value} m²"), value=texts.number(area_m2)) if area_m2 is not None else texts(N_("No area yet"))
        )
        hectares = texts.number(area_m2 / HECTARE_M2, 3) if area_m2 is not None else ""
        few = texts(N_("Three points enclose ground.")) if len(looked.read) < 3 else ""
        self.hectares.setText(
            texts(N_("{hectares} ha, computed on the ellipsoid"), hectares=hectares) if hectares else few
        )
        self.apart.setText(plot_values.difference(area_m2, self.declared_m2.text(), texts))
        self._draw(looked)
        self._say_problem(looked)
        missing = plot_values.missing(values, measured, texts, self.session.lists)
        self.needed.setText(
            texts(N_("Needed to sign off: {fields}"), fields=", ".join(missing)) if missing
            else texts(N_("Complete for sign-off"))
        )  # fmt: skip
        self.show_filled_more(("task",))

    def _draw(self, looked: Looked) -> None:
        measured = looked.measured
        crossing = next((p.place for p in measured.problems if p.code == "self_crossing"), None) if measured else None
        self.sketch.show_points(
            [Point(lat, lon, name) for name, lat, lon in looked.read],
            (crossing.lat, crossing.lon) if crossing else None,
        )

    def _say_problem(self, looked: Looked) -> None:
        texts, measured = self.texts, looked.measured
        swap, shown = False, True
        stays = texts(N_("The plot can be saved. Your points stay as typed."))
        if looked.unread:
            names = ", ".join(looked.unread)
            self.problem.say("danger", texts(N_("Cannot be read: {points}"), points=names), texts(
                N_("Correct it, or empty the row. What you typed is kept as a draft.")))  # fmt: skip
        elif measured is not None and measured.swaps:
            swap = True
            self.problem.say("warn", texts(N_("Swapped?")), texts.plural(
                N_("{count} point lies in the work area only the other way round."),
                N_("{count} points lie in the work area only the other way round."), len(measured.swaps)))  # fmt: skip
        elif measured is not None and measured.problems and len(measured.vertices) > 2:
            self.problem.say("danger", measured.problems[0].sentence(texts), stays)
        else:
            shown = False
        self.problem.setVisible(shown)
        for button in self.problem.buttons:
            button.setVisible(swap)

    def _swap(self) -> None:
        if self._looked.measured is not None:
            fixed = plot_values.swapped_back(self.points.points(), self._looked.measured)
            self.points.step += 1
            self.points.set_text("\n".join(fixed))
            self.points.focus_first_free()

    def _show_row(self, place: int) -> None:
        self.sketch.mark(place)
        self.points_area.ensureWidgetVisible(self.points.rows[place])
