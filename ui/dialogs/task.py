"""Making tasks and giving them to teams: a new task, the areas of a file, and who gets one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.registry import KINDS
from fieldapp.errors import OperatorError
from fieldapp.operations.task_import import Candidate
from fieldapp.texts import N_, Texts, fold
from ui import theme
from ui.forms import outline_values
from ui.forms.declared import FormItem, ListsNow, form_widgets
from ui.forms.points import PointsEditor
from ui.forms.typed_outline import TypedOutlineText
from ui.widgets.banner import error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import clear
from ui.widgets.fields import TextField
from ui.widgets.frame import scrolled
from ui.widgets.labels import PlainLabel, field_label, secondary, title
from ui.widgets.model_field import Hit, ModelField
from ui.widgets.sketch import Sketch
from ui.widgets.table import Cell, Column, DataTable

TASK = KINDS["task"]
_LEFT_OUT = (
    "status", "lat", "lon", "programme", "other_methods", "fixed_by", "accuracy_m", "starts_on", "follows",
)  # fmt: skip
_FOR_ALL = ("task_kind", "depth_required", "place")
"""Fields asked once for all areas of a file."""


@dataclass(frozen=True)
class NewTask:
    """What was typed: declared fields as typed, its outline, and the team it is for (empty: nobody yet)."""

    fields: Mapping[str, str]
    outline: TypedOutlineText = field(default_factory=TypedOutlineText)
    team: str = ""
    only: frozenset[int] = field(default_factory=frozenset)
    """Numbers of the areas to take from a file."""


class TeamField(ModelField):
    """A team, found by name or code. ``team()`` is its code, or what was typed."""

    def __init__(self, label: str, texts: Texts, teams: Mapping[str, str]) -> None:
        def search(text: str) -> list[Hit]:
            wanted = fold(text)
            return [
                Hit(code, name, code) for code, name in teams.items() if wanted in fold(name) or wanted in fold(code)
            ]

        super().__init__(label, texts, search)

    def team(self) -> str:
        """The code of the team; what was typed where it is no team."""
        return self.code() or self.line.text().strip()


class _Dialog(QDialog):
    """A heading, a body, where a refusal is said, and two buttons. Stays open until its work is done."""

    given = Signal(object)

    def __init__(self, parent: QWidget, texts: Texts, heading: str, verb: str, size: tuple[int, int]) -> None:
        super().__init__(parent)
        self.texts = texts
        self.setWindowTitle(heading)
        self.setModal(True)
        self.resize(*size)  # the layout says what is least: nothing is pressed onto something else
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(theme.GAP)
        column.addWidget(title(heading))
        self.problem = QVBoxLayout()
        column.addLayout(self.problem)
        self.body = QVBoxLayout()
        column.addLayout(self.body, 1)
        self.leave = Button(texts(N_("Leave as it is")), "x")
        self.leave.clicked.connect(self.reject)
        self.go = PrimaryButton(verb, "check")
        self.go.clicked.connect(self._give)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.go)
        column.addLayout(row)

    def refused(self, error: OperatorError) -> None:
        """Say why it was not done; everything stays as typed."""
        clear(self.problem)
        self.problem.addWidget(error_banner(error.parts(self.texts)))
        self.go.setEnabled(True)

    def answer(self) -> object:
        """What is given."""
        raise TypeError

    def _give(self) -> None:
        self.go.setEnabled(False)
        self.given.emit(self.answer())


class TaskDialog(_Dialog):
    """A new task: what, how deep, where, for whom. ``given(NewTask)``."""

    def __init__(self, parent: QWidget, texts: Texts, teams: Mapping[str, str], lists: ListsNow) -> None:
        super().__init__(parent, texts, texts(N_("New task")), texts(N_("Make task")), (1180, 700))
        self.items: dict[str, FormItem] = {
            item.field.name: item
            for item in form_widgets(TASK, texts, _LEFT_OUT, lists)
        }
        left = QWidget()
        fields = QVBoxLayout(left)
        fields.setContentsMargins(0, 0, 10, 0)
        self.team = TeamField(texts(N_("For team")), texts, teams)
        fields.addWidget(self.items["title"].widget)
        fields.addWidget(self.team)
        for name, item in self.items.items():
            if name != "title":
                fields.addWidget(item.widget)
        fields.addStretch(1)
        self.points = PointsEditor(texts, plain=True)
        self.points.changed.connect(self._measure)
        self.sketch = Sketch(texts)
        self.said = PlainLabel(texts(N_("No area yet")), theme.BODY, theme.SEMIBOLD, wrap=True)
        right = QVBoxLayout()
        right.addWidget(field_label(texts(N_("Turning points in walking order"))))
        right.addWidget(self.points, 3)
        right.addWidget(self.said)
        right.addWidget(self.sketch, 2)
        halves = QHBoxLayout()
        halves.setSpacing(20)
        halves.addWidget(scrolled(left), 1)
        halves.addLayout(right, 1)
        self.body.addLayout(halves)
        self.items["title"].widget.setFocus()

    def answer(self) -> NewTask:
        """Everything as typed."""
        fields = {name: item.input.text() for name, item in self.items.items() if item.input.text().strip()}
        return NewTask(fields, self.points.typed(), self.team.team())

    def _measure(self, _text: str) -> None:
        looked = outline_values.look(self.points.typed(), self.texts)
        self.points.say(looked.rows[self.points.at()])
        measured = looked.measured
        problem = measured.problems[0] if measured is not None and measured.problems else None
        self.sketch.show_drawing(outline_values.drawing_of(looked, self.points.at()))
        if measured is not None and measured.area_m2 is not None:
            self.said.setText(self.texts(N_("{value} m²"), value=self.texts.number(measured.area_m2, 1)))
            self.said.set_tone("text")
        else:
            self.said.setText(problem.sentence(self.texts) if problem else self.texts(N_("No area yet")))
            self.said.set_tone("danger" if problem and problem.code == "self_crossing" else "text")


class ImportDialog(_Dialog):
    """The areas of a file before they become tasks: which are sound, why others are not. ``given(NewTask)``."""

    def __init__(
        self, parent: QWidget, texts: Texts, name: str, found: Sequence[Candidate], teams: Mapping[str, str],
        lists: ListsNow,
    ) -> None:
        heading = texts(N_("Areas in {file}"), file=name)
        super().__init__(parent, texts, heading, "", (1180, 640))
        self._found = found
        self.marked = {one.at for one in found if one.ready}
        self.table: DataTable[Candidate] = DataTable([
            Column(texts(N_("Marked")), self._mark_cell, 84),
            Column(texts(N_("Title")), lambda one: Cell(one.title, bold=True), stretch=True),
            Column(texts(N_("Area, m²")), lambda one: "" if one.area_m2 is None else texts.number(one.area_m2, 1),
                   right=True),
            Column(texts(N_("What is to be said")), lambda one: Cell(
                one.reason(texts), "danger" if not one.sound else "warn"), stretch=True),
        ], list(found))  # fmt: skip
        self.table.opened.connect(self._toggle)
        self.table.clicked.connect(lambda index: self._toggle(self.table.rows.row(index.row())))
        self.items = {
            item.field.name: item for item in form_widgets(TASK, texts, (), lists) if item.field.name in _FOR_ALL
        }  # fmt: skip
        self.team = TeamField(texts(N_("For team")), texts, teams)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(secondary(texts(N_("What a file says of an area itself goes before what is said here."))))
        row = QHBoxLayout()
        row.setSpacing(12)
        for widget in (self.items["depth_required"].widget, self.items["place"].widget, self.team):
            row.addWidget(widget, 1)
        self.body.addWidget(self.items["task_kind"].widget)
        self.body.addLayout(row)
        self._show_marks()
        self.table.setFocus()
        self.table.selectRow(0)

    def _mark_cell(self, one: Candidate) -> Cell:
        if not one.sound:
            return Cell("", "danger", "ban")
        return Cell("", "accent", "square-check") if one.at in self.marked else Cell("", "text", "square")

    def _toggle(self, one: Candidate) -> None:
        if one.sound:
            self.marked ^= {one.at}
            self._show_marks()

    def _show_marks(self) -> None:
        count = len(self.marked)
        self.go.setEnabled(bool(count))
        self.go.setText(
            self.texts.plural(N_("Make {count} task"), N_("Make {count} tasks"), count)
            if count else self.texts(N_("Nothing is marked"))
        )  # fmt: skip
        self.table.viewport().update()

    def answer(self) -> NewTask:
        """What is said of all of them, and which."""
        fields = {name: item.input.text() for name, item in self.items.items() if item.input.text().strip()}
        return NewTask(fields, team=self.team.team(), only=frozenset(self.marked))


class GiveDialog(_Dialog):
    """Which team gets a task, and why. ``given((team, why))``."""

    def __init__(self, parent: QWidget, texts: Texts, number: str, teams: Mapping[str, str], has: str) -> None:
        super().__init__(parent, texts, texts(N_("Give task {number} to a team"), number=number),
                         texts(N_("Give task")), (640, 360))  # fmt: skip
        if has:
            said = N_("{team} has it. Its task closes with the reason; the other team gets one that follows it.")
            self.body.addWidget(PlainLabel(texts(said, team=has), wrap=True))
        self.team = TeamField(texts(N_("For team")), texts, teams)
        self.why = TextField(texts(N_("Reason")), texts(N_("everyone can read it in the history")))
        self.team.changed.connect(self._check)
        self.body.addWidget(self.team)
        self.body.addWidget(self.why)
        self.body.addStretch(1)
        self._check("")
        self.team.setFocus()

    def _check(self, _text: str) -> None:
        self.go.setEnabled(bool(self.team.line.text().strip()))

    def answer(self) -> tuple[str, str]:
        """Team and reason."""
        return self.team.team(), self.why.text().strip()
