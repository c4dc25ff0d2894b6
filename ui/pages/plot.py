"""The Plot page: released ground by its turning points; and the correction of a saved plot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from fieldapp.geodesy.traverse import ClosureLimits
from fieldapp.operations import legs, plots
from fieldapp.operations.browsing import Record
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.background import Cancelled, Report
from ui.dialogs.points import PointsDialog
from ui.forms import plot_values
from ui.forms.drawn import DrawnOutline
from ui.forms.from_map import take_drawn
from ui.forms.plot_form import PlotForm
from ui.pages.form_page import FormPage
from ui.pages.point_list import ask_for_points
from ui.session import Session
from ui.widgets import Button, KeyCap

_ANY_TRIANGLE = ("40.0 47.0", "40.0 47.001", "40.001 47.0")


def _warm_up(_report: Report, _cancelled: Cancelled) -> None:
    """Measure once off the window's thread: what measuring needs is loaded before the third point is typed."""
    plots.measure(_ANY_TRIANGLE)


class PlotPage(FormPage[PlotForm]):
    """Log plots. F5 adds a point here, Alt+B goes to bearing and distance; Ctrl+Z takes a change back."""

    key = "plot"
    title = N_("New plot")
    word = N_("Plot")
    icon = "hexagon"
    shortcut = "F3"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._warm = False
        self.undo = Button(self.texts(N_("Undo")), "undo-2")
        self.undo.clicked.connect(self._undo)
        self.here = Button(self.texts(N_("Add point here")), "locate-fixed")
        self._f5 = KeyCap("F5")
        self.here.clicked.connect(self._add_here)
        QShortcut(QKeySequence("F5"), self, self._add_here)
        QShortcut(QKeySequence("Alt+B"), self, self._by_legs)
        self.show_form()

    def make_form(self, record: Record | None) -> PlotForm:
        """A Plot form."""
        form = PlotForm(self.session, record)
        form.points.list_asked.connect(self.ask_list)
        form.points.map_asked.connect(self.draw_on_map)
        return form

    def ask_list(self, text: str) -> PointsDialog:
        """Look at a pasted list or a file before its points are taken."""
        return ask_for_points(self, self.form.points, text)

    def take_outline(self, form: PlotForm, drawn: DrawnOutline) -> None:
        """Show an outline from the map as the form's points."""
        legs = plot_values.way_of(form.values()) != plot_values.POINTS
        take_drawn(form, form.points, drawn, lambda: form.way.set_text(plot_values.POINTS), other_way=legs)

    def first_input(self) -> QWidget:
        """The kind of release."""
        return self.form.release

    def write(self, ws: Workspace, form: PlotForm, values: dict[str, str], then: str) -> Record:
        """Save or correct the plot."""
        if form.record is not None:
            return plot_values.correct(ws, form.record.name, form.before(), values)
        return plot_values.save(ws, values)

    def after(self, then: str, record: Record, words: str) -> None:
        """Empty the form for the next plot."""
        self.form.next()

    def more_actions(self) -> Sequence[QWidget]:
        """Taking a point from the receiver, and Undo, as buttons for gloves."""
        return (self.here, self._f5, self.undo)

    def refresh(self) -> None:
        """Be ready to measure, with what the current task gives."""
        self.take_defaults()
        self.form.use_frame()
        self.session.ask(legs.limits_of, self._take_limits)
        if not self._warm:
            self._warm = True
            self.session.background.run(_warm_up)

    def _undo(self) -> None:
        self.form.undo()

    def _add_here(self) -> None:
        self.form.add_here()

    def _take_limits(self, limits: ClosureLimits) -> None:
        self.form.use_limits(limits)

    def _by_legs(self) -> None:
        self.form.by_legs()
