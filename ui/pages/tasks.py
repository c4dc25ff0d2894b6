"""Tasks and areas: what was asked of which team, how much of it is done, and what is left.

Headquarters makes, imports and gives tasks here; a laptop sees its team's and chooses the one it works on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.ids import RecordName
from fieldapp.operations import current_task, outlines, positions, task_board, task_import, tasks
from fieldapp.operations.remaining import Remaining
from fieldapp.operations.task_board import Board, Line
from fieldapp.operations.task_import import Candidate
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.task import GiveDialog, ImportDialog, NewTask, TaskDialog
from ui.forms import outline_values, typed_outline
from ui.forms.drawn import DrawnOutline
from ui.models.shown import Shown
from ui.pages.page import Page
from ui.pages.task_detail import STATUS_LOOK, TASK, TaskDetail
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, EmptyState, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.labels import secondary
from ui.widgets.table import Cell, Column, DataTable

PAGE = tasks.PAGE


class TasksPage(Page):
    """The list at once; square metres that are left follow when they are counted."""

    key = "tasks"
    title = N_("Tasks and areas")
    word = N_("Tasks")
    icon = "layers"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self.at_hq = session.role == "hq"
        self._board = Board([], 0)
        self._left: dict[RecordName, Remaining] = {}
        self._size = PAGE
        self._drawn: DrawnOutline | None = None
        """An outline to make a task of, once the teams are read."""
        self.problem = QVBoxLayout()
        self.column.addLayout(self.problem)
        self.detail = TaskDetail(session)
        self.detail.give_asked.connect(self._ask_team)
        self.detail.status_asked.connect(self._ask_status)
        self.detail.history_asked.connect(lambda line: self.go.emit("records", line.row.name))
        self.detail.current_asked.connect(self._choose)
        halves = QHBoxLayout()
        halves.setSpacing(14)
        halves.addWidget(self._list_card(), 1)
        halves.addWidget(self.detail)
        self.column.addLayout(halves, 1)
        self.import_areas = Button(self.texts(N_("Import areas")), "folder-open")
        self.import_areas.clicked.connect(self._ask_file)
        self.new_task = PrimaryButton(self.texts(N_("New task")), "plus")
        self.new_task.clicked.connect(self._ask_new)
        self.areas = Button(self.texts(N_("Hazardous area")), "shield-x")
        self.areas.clicked.connect(lambda: self.go.emit("area", None))
        self.outstanding = Button(self.texts(N_("Outstanding items")), "shield")
        self.outstanding.clicked.connect(lambda: self.go.emit("outstanding", None))

    def _list_card(self) -> Card:
        texts = self.texts
        options = [Option("open", texts(N_("Open tasks"))), Option("all", texts(N_("All tasks")))]
        self.which = Choice("", options, filled=True)
        self.which.setAccessibleName(texts(N_("Which tasks")))
        self.which.set_text("open")
        self.which.changed.connect(self._which_changed)
        self.table: DataTable[Line] = DataTable(self._columns())
        self.table.setMinimumHeight(240)
        self.table.chosen.connect(self._show_one)
        self.table.opened.connect(lambda line: self.go.emit("records", line.row.name))
        said = N_("No task yet. Make one, or import areas.") if self.at_hq else N_("Headquarters has sent no task yet.")
        self.empty = EmptyState(texts(said), icon="layers")
        self.more = Button(texts(N_("Show more")), "chevron-down")
        self.more.clicked.connect(self._show_more)
        self.more.hide()
        self.count = secondary("", wrap=False)
        card = Card(texts(N_("Tasks")), side=self.count)
        card.body.addWidget(self.which)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.empty, 1)
        card.body.addWidget(self.more)
        return card

    def _columns(self) -> list[Column[Line]]:
        texts, shown = self.texts, self.shown
        columns: list[Column[Line]] = [
            Column(texts(N_("No.")), lambda line: Cell(shown.number(line.row, line.row["id"]), bold=True)),
            Column(texts(N_("Title")), lambda line: str(line.row["title"] or ""), stretch=True),
        ]
        if self.at_hq:
            columns.append(Column(texts(N_("Team")), lambda line: line.team or texts(N_("nobody yet")), stretch=True))
        else:
            columns.append(Column(texts(N_("Depth, cm")), lambda line: str(line.row["depth_required"] or "\u2013"),
                                  right=True))  # fmt: skip
        return [
            *columns,
            Column(texts(N_("Status")), self._status_cell),
            Column(texts(N_("Remaining, m²")), self._left_cell, right=True),
            Column(texts(N_("Done")), self._done_cell, right=True),
        ]

    def _status_cell(self, line: Line) -> Cell:
        if line.current:
            return Cell(self.texts(N_("Current task")), "ok", "crosshair", chip=True)
        tone, icon = STATUS_LOOK.get(str(line.row["status"]), ("plain", "circle"))
        return Cell(self.shown.value(TASK.by_name["status"], line.row["status"]) or "\u2013", tone, icon, chip=True)

    def _m2(self, m2: object) -> str:
        return "\u2013" if m2 is None else self.texts.number(float(str(m2)))

    def _left_cell(self, line: Line) -> str:
        left = self._left.get(line.row.name)
        if line.row["area_m2"] is None:
            return "\u2013"
        remains = "\u2026" if left is None else self._m2(left.remaining_m2)
        return self.texts(N_("{fine} of {all}"), fine=remains, all=self._m2(line.row["area_m2"]))

    def _done_cell(self, line: Line) -> str:
        left = self._left.get(line.row.name)
        if left is None or left.per_cent is None:
            return "" if left is None else "\u2013"
        return self.texts(N_("{value} %"), value=self.texts.number(left.per_cent, 1))

    def subtitle(self) -> str:
        """What counts as done."""
        return self.texts(N_("Only approved ground is taken off what remains."))

    def foot_actions(self) -> Sequence[QWidget]:
        """Making tasks is headquarters' business; outstanding items are for everybody."""
        if not self.at_hq:
            return (self.outstanding, self.areas)
        return (self.outstanding, self.areas, self.import_areas, self.new_task)

    def open_with(self, what: object) -> None:
        """Show the task of this name; make a task of an outline that was drawn on the map."""
        if isinstance(what, str):
            self.detail.wanted = what
        elif isinstance(what, DrawnOutline):
            self._drawn = what

    def refresh(self) -> None:
        """Read the list, then count what is left."""
        ended, size = self.which.text() == "all", self._size
        self.session.ask(lambda ws: task_board.read(ws, ended=ended, size=size), self._show, self._failed)

    def _show(self, board: Board) -> None:
        self._board = board
        chosen = self.detail.wanted or (self.detail.line.row.name if self.detail.line is not None else "")
        self.table.set_rows(board.lines, keep=lambda line: line.row.name == chosen)
        self.detail.wanted = ""
        self.table.setVisible(bool(board.lines))
        self.empty.setVisible(not board.lines)
        self.more.setVisible(board.total > len(board.lines))
        self.count.setText(self.texts.plural(N_("{count} task"), N_("{count} tasks"), board.total))
        if board.lines and self.table.chosen_row() is None:
            self.table.selectRow(0)
        self._show_one(self.table.chosen_row())
        names = [line.row.name for line in board.lines]
        self.session.ask(lambda ws: task_board.left_of(ws, names), self._take_left, self._failed)

        drawn, self._drawn = self._drawn, None
        if drawn is not None:
            self._ask_new(drawn=drawn)

    def _take_left(self, left: dict[RecordName, Remaining]) -> None:
        self._left = left
        chosen = self.detail.line.row.name if self.detail.line is not None else ""
        self.table.set_rows(self._board.lines, keep=lambda line: line.row.name == chosen)
        self._show_one(self.table.chosen_row())

    def _show_one(self, line: Line | None) -> None:
        self.detail.show_task(line, self._left.get(line.row.name) if line is not None else None)

    def _which_changed(self, code: str) -> None:
        if not code:
            self.which.set_text("open")
            return
        self._size = PAGE
        self.refresh()

    def _show_more(self) -> None:
        self._size += PAGE
        self.refresh()

    def _ask_new(self, *_pressed: object, drawn: DrawnOutline | None = None) -> None:
        """``drawn``: its outline comes from the map, which keeps it until the task is made."""
        dialog = TaskDialog(self, self.texts, self._board.teams, self.session.current_lists)

        def make(wanted: NewTask) -> None:
            def op(ws: Workspace) -> RecordName:
                typed = outline_values.outline_of(wanted.outline)
                outline = outlines.measure(typed, positions.frame_of(ws)).outline
                return tasks.create(ws, wanted.fields, outline=outline, team=wanted.team or None).name

            self.session.do(op, made, dialog.refused)

        def made(name: RecordName) -> None:
            if drawn is not None:
                drawn.taken()
            self._done(dialog, name)

        dialog.given.connect(make)
        if drawn is not None:
            dialog.points.take(typed_outline.from_text(drawn.text))
        dialog.open()

    def _done(self, dialog: TaskDialog | ImportDialog | GiveDialog, name: RecordName) -> None:
        clear(self.problem)
        self.detail.wanted = name
        dialog.accept()
        self.refresh()

    def _ask_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, self.texts(N_("Import areas")), "", "GeoJSON, CSV (*.geojson *.json *.csv)"
        )
        if chosen:
            self.look_at(Path(chosen))

    def look_at(self, file: Path) -> None:
        """Show what a file would make."""
        self.session.ask(
            lambda _ws: task_import.preview(file), lambda found: self._ask_areas(file, found), self._failed
        )

    def _ask_areas(self, file: Path, found: list[Candidate]) -> None:
        dialog = ImportDialog(self, self.texts, file.name, found, self._board.teams, self.session.current_lists)

        def make(wanted: NewTask) -> None:
            def op(ws: Workspace) -> RecordName:
                made = task_import.make(ws, found, wanted.fields, only=wanted.only, team=wanted.team or None)
                return made[-1].name

            self.session.do(op, lambda name: self._done(dialog, name), dialog.refused)

        dialog.given.connect(make)
        dialog.open()

    def _ask_team(self, line: Line) -> None:
        number = self.shown.number(line.row, line.row["id"])
        dialog = GiveDialog(self, self.texts, number, self._board.teams, line.team)

        def give(answer: tuple[str, str]) -> None:
            team, why = answer
            self.session.do(
                lambda ws: tasks.assign(ws, line.row.name, team, why).name, lambda name: self._done(dialog, name),
                dialog.refused,
            )  # fmt: skip

        dialog.given.connect(give)
        dialog.open()

    def _ask_status(self, line: Line) -> None:
        texts, number = self.texts, self.shown.number(line.row, line.row["id"])
        options = [
            Option(code, self.shown.value(TASK.by_name["status"], code))
            for code in STATUS_LOOK if code not in ("planned", line.row["status"])
        ]  # fmt: skip
        dialog = ReasonDialog(
            self, texts, texts(N_("Status of task {number}"), number=number), str(line.row["title"] or ""),
            texts(N_("Set status")), choices=options, ask=texts(N_("How far is it")),
        )  # fmt: skip
        dialog.given.connect(lambda code, why: self.session.do(
            lambda ws: tasks.set_status(ws, line.row.name, code, why), lambda _record: clear(self.problem),
            self._failed,
        ))  # fmt: skip
        dialog.open()

    def _choose(self, line: Line) -> None:
        chosen = None if line.current else line.row.name
        self.session.do(lambda ws: current_task.choose(ws, chosen), lambda _none: self._chosen(line))

    def _chosen(self, line: Line) -> None:
        clear(self.problem)
        if not line.current:
            number = self.shown.number(line.row, line.row["id"])
            said = self.texts(N_("What is logged from now on belongs to {number}."), number=number)
            self.problem.addWidget(Banner("ok", said))

    def _failed(self, error: OperatorError) -> None:
        clear(self.problem)
        self.problem.addWidget(error_banner(error.parts(self.texts)))
