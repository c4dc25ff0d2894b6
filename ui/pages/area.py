"""The Area page: hazardous areas by their turning points, captured minefield records as they are written."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from fieldapp.operations.browsing import Record
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.dialogs.points import PointsDialog
from ui.forms import area_values
from ui.forms.area_form import AreaForm
from ui.forms.drawn import DrawnOutline
from ui.forms.from_map import take_drawn
from ui.pages.form_page import FormPage
from ui.pages.point_list import ask_for_points
from ui.session import Session


class AreaPage(FormPage[AreaForm]):
    """Enter hazardous areas. Opened from Records, from Add and from Tasks; with a record's name it corrects that."""

    key = "area"
    title = N_("New hazardous area")
    icon = "shield-x"
    in_rail = False
    home = "records"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.show_form()

    def make_form(self, record: Record | None) -> AreaForm:
        """An Area form."""
        form = AreaForm(self.session, record)
        form.points.list_asked.connect(self.ask_list)
        form.points.map_asked.connect(self.draw_on_map)
        return form

    def ask_list(self, text: str) -> PointsDialog:
        """Look at a pasted list or a file before its points are taken."""
        return ask_for_points(self, self.form.points, text)

    def take_outline(self, form: AreaForm, drawn: DrawnOutline) -> None:
        """Show an outline from the map as the form's points."""
        values = form.values()
        typed = {area_values.RECORD: values["paper"], area_values.LINE: values["points"]}
        written = bool(typed.get(values["how"]))  # a line is no outline: it is not made one without asking
        take_drawn(form, form.points, drawn, lambda: form.how.set_text(area_values.POINTS), other_way=written)

    def first_input(self) -> QWidget:
        """Its name."""
        return self.form.declared["title"]

    def write(self, ws: Workspace, form: AreaForm, values: dict[str, str], then: str) -> Record:
        """Save or correct the area."""
        if form.record is not None:
            return area_values.correct(ws, form.record.name, form.before(), values)
        return area_values.save(ws, values)

    def after(self, then: str, record: Record, words: str) -> None:
        """Empty the form for the next area."""
        self.form.next()
        self._kept = self.texts(N_("Saved: {number}"), number=words)

    def refresh(self) -> None:
        """Begin with what the current task gives, in the frame in force now."""
        self.form.use_frame()
        self.take_defaults()
