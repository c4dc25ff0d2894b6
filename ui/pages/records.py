"""Records: search, filter, one record with its history; correct, retract, restore, settle."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from fieldapp.domain.records.hazardous_area import CAPTURED
from fieldapp.errors import OperatorError
from fieldapp.operations import (
    areas,
    browsing,
    enrolment,
    paper_wording,
    personal,
    programmes,
    record_accuracy,
    records,
)
from fieldapp.operations.browsing import NO_POSITION, Listed, Opened, Record, Wanted
from fieldapp.operations.entry import ENTERED
from fieldapp.operations.record_accuracy import RecordAccuracy
from fieldapp.operations.review import JUDGED_KINDS
from fieldapp.texts import N_
from ui.dialogs.personal import PersonalDialog
from ui.dialogs.personal_files import PersonalFilesDialog
from ui.dialogs.reason import ReasonDialog
from ui.models.record_lines import RecordLines
from ui.models.shown import Shown, kind_of
from ui.models.states import state_cell
from ui.pages.add import page_of
from ui.pages.page import Page
from ui.pages.record_detail import RecordDetail
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import LineEdit
from ui.widgets.labels import IconLabel, secondary
from ui.widgets.table import Cell, Column, DataTable

_TYPING_MS = 200
"""A search starts once nothing was typed for this long."""
_NO_RECORDS = N_("Records appear here once they are logged or imported.")
_OTHERS = "others"
"""The choice that lists the kinds entered by their declaration: accidents, victims, quality visits ..."""
_KINDS = {"": (*JUDGED_KINDS, *ENTERED), "all": (*JUDGED_KINDS, *ENTERED), _OTHERS: ENTERED}
_UNPLACED = "no_position"
"""The choice that lists what has no position yet (M24)."""


class RecordsPage(Page):
    """All records of this workspace, newest first. Other pages open it with a record's name."""

    key = "records"
    title = N_("Records")
    icon = "list"
    shortcut = "F6"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self._teams: dict[str, str] = {}
        self._opened: Opened | None = None
        self._wanted_name = ""
        self.lines = RecordLines(session)
        self.lines.started.connect(self._begin)
        self.lines.continued.connect(self._go_on)
        self.lines.counted.connect(self._count)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._search_now)
        self._build_list()
        self.detail = RecordDetail(session)
        self.problem = QVBoxLayout()
        halves = QHBoxLayout()
        halves.setSpacing(14)
        halves.addWidget(self._left, 66 if session.role == "hq" else 50)
        halves.addWidget(self.detail, 34 if session.role == "hq" else 50)
        self.column.addLayout(self.problem)
        self.column.addLayout(halves, 1)
        self._connect()

    def _connect(self) -> None:
        self.table.chosen.connect(lambda line: self._open(line.row.name))
        self.table.opened.connect(self._enter)
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.detail.correct_asked.connect(self._correct)
        self.detail.retract_asked.connect(lambda: self._ask_why("retract"))
        self.detail.restore_asked.connect(lambda: self._ask_why("restore"))
        self.detail.settle_asked.connect(self._settle)
        self.detail.publish_asked.connect(self._publish)
        self.detail.map_asked.connect(self._show_on_map)
        self.detail.question_asked.connect(self._question)
        self.detail.personal_asked.connect(self._look)
        self.detail.carry_asked.connect(lambda: PersonalFilesDialog(self, self.session).open())
        QShortcut(QKeySequence("Ctrl+F"), self, self.search.setFocus)

    def _build_list(self) -> None:
        texts = self.texts
        self._left = Card()
        self.search = LineEdit()
        self.search.setPlaceholderText(texts(N_("Number, model, name, remark ...")))
        self.search.setAccessibleName(texts(N_("Search")))
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.entered.connect(self._to_table)
        self.count = secondary("", wrap=False)
        self.add = Button(texts(N_("Add ...")), "circle-plus")
        self.add.clicked.connect(lambda: self.go.emit("add", None))
        row = QHBoxLayout()
        row.addWidget(IconLabel("search"))
        row.addWidget(self.search, 1)
        row.addWidget(self.count)
        self.filter = Choice(
            "",
            [
                Option("all", texts(N_("All"))),
                Option("find", texts(N_("Finds"))),
                Option("plot", texts(N_("Plots"))),
                Option("disposal", texts(N_("Disposals"))),
                Option(_UNPLACED, texts(N_("No position"))),
                Option(_OTHERS, texts(N_("Others"))),
            ],
            filled=True,
        )
        self.filter.setAccessibleName(texts(N_("Kind of record")))
        self.filter.set_text("all")
        self.filter.changed.connect(self._filter_changed)
        self.table: DataTable[Listed] = DataTable(self._columns())
        self.table.setMinimumHeight(300)
        self.empty = EmptyState(texts(_NO_RECORDS), icon="list")
        self.empty.hide()
        for part in (row, self.filter, self.table, self.empty, self.add):
            if isinstance(part, QHBoxLayout):
                self._left.body.addLayout(part)
            else:
                self._left.body.addWidget(part, 1 if part in (self.table, self.empty) else 0)

    def _columns(self) -> list[Column[Listed]]:
        texts, shown, role = self.texts, self.shown, self.session.role
        columns: list[Column[Listed]] = [
            Column(
                texts(N_("No.")),
                lambda line: Cell(
                    shown.number(line.row, line.row["id"]), bold=True, struck=bool(line.row["retracted"])
                ),
            ),
            Column(texts(N_("What")), lambda line: shown.brief(line.row.kind, line.row), stretch=True),
            Column(texts(N_("Day")), lambda line: shown.day_of(line.row.kind, line.row)),
            Column(
                texts(N_("State")) if role == "hq" else texts(N_("Where it is")),
                lambda line: state_cell(line, role, texts),
            ),
        ]
        if role == "hq":
            columns.insert(1, Column(texts(N_("Team")), lambda line: self._team(line.row["owner"])))
        return columns

    def _team(self, code: str) -> str:
        return self._teams.get(code, code[:6])

    def subtitle(self) -> str:
        """Whose records these are."""
        about = self.session.about
        if about is None:
            return ""
        return " \u00b7 ".join(filter(None, (about.deployment, about.person)))

    def refresh(self) -> None:
        """Read the list again; what is selected stays so."""
        if self.session.role == "hq":
            self.session.ask(enrolment.teams, self._take_teams)
        self._search_now()
        if self._opened is not None and not self._wanted_name:
            self._open(self._opened.record.name)

    def _take_teams(self, teams: list[enrolment.Team]) -> None:
        self._teams = {team.code: team.name for team in teams}

    def open_with(self, what: object) -> None:
        """Show the record with this name, or list the finds without a position."""
        if what == NO_POSITION:
            self._opened = None
            self.search.clear()
            self.filter.set_text(_UNPLACED)
        elif isinstance(what, str):
            self._wanted_name = what
            self._open(what)

    def _filter_changed(self, code: str) -> None:
        if code:
            self._search_now()
        else:
            self.filter.set_text("all")

    def _search_now(self) -> None:
        self._typing.stop()
        code, text = self.filter.text(), self.search.text().strip()
        wanted = Wanted(_KINDS.get(code, (code,)), text)
        if code == _UNPLACED:
            wanted = replace(NO_POSITION, text=text)
        self.lines.search(wanted, self.table.rows.rowCount())

    def _begin(self, lines: list[Listed]) -> None:
        name = self._wanted_name or (self._opened.record.name if self._opened else "")
        bar = self.table.verticalScrollBar().value()
        self.table.set_rows(lines, keep=lambda line: line.row.name == name)
        self.table.verticalScrollBar().setValue(bar)
        nothing = not lines
        self.table.setVisible(not nothing)
        unplaced = self.filter.text() == _UNPLACED
        self.empty.set_sentence(self.texts(N_("Every find here has a position.") if unplaced else _NO_RECORDS))
        self.empty.setVisible(nothing)
        if lines and not name:
            self.table.selectRow(0)

    def _go_on(self, lines: list[Listed]) -> None:
        self.table.rows.add_rows(lines)

    def _count(self, matching: int, of: int) -> None:
        number = self.texts.number
        if matching == of:
            self.count.setText(self.texts.plural(N_("{count} record"), N_("{count} records"), of))
        else:
            self.count.setText(self.texts(N_("{some} of {all}"), some=number(matching), all=number(of)))

    def _scrolled(self, value: int) -> None:
        if value >= self.table.verticalScrollBar().maximum() - self.table.height():
            self.lines.more()

    def _to_table(self) -> None:
        if not self.table.chosen_row() and self.table.rows.rowCount():
            self.table.selectRow(0)
        QTimer.singleShot(0, self.table.setFocus)

    def _enter(self, line: Listed) -> None:
        self._open(line.row.name)
        button = self.detail.restore if line.row["retracted"] else self.detail.correct
        if button.isVisible():
            button.setFocus()

    def _open(self, name: str) -> None:
        self.session.ask(lambda ws: browsing.open_record(ws, name), self._show, self._failed)

    def _show(self, opened: Opened) -> None:
        if self._wanted_name in ("", opened.record.name):
            self._wanted_name = ""
            self._opened = opened
            clear(self.problem)
            self.detail.show_record(opened)
            if opened.record.kind == "programme" and self.session.role == "hq":
                name, texts = opened.record.name, self.texts
                self.session.ask(
                    lambda ws: programmes.progress(ws, name),
                    lambda found: self.detail.show_progress(
                        name, programmes.facts(found, texts), programmes.remarks(found, texts)
                    ),
                )  # fmt: skip

            if opened.record.kind == "hazardous_area" and opened.record.fields.get("classification") == CAPTURED:
                self._show_accuracy(opened.record.name)

    def _show_accuracy(self, name: str) -> None:
        """How a captured record agrees with what was found."""
        def show(found: RecordAccuracy) -> None:
            verdict = self.shown.lists.name("record_verdict", found.verdict, self.texts.language)
            lines = paper_wording.accuracy_lines(found, verdict, self.texts)
            heading = self.texts(N_("Agreement with finds"))
            self.detail.show_progress(name, (), [*lines, self.texts(paper_wording.NOT_SAFE)], heading)

        self.session.ask(lambda ws: record_accuracy.of_record(ws, name), show)

    def _publish(self) -> None:
        if self._opened is not None:
            name = self._opened.record.name
            self.session.do(lambda ws: areas.publish(ws, name), self._published, self._failed)

    def _published(self, record: Record) -> None:
        self._wanted_name = record.name
        self._open(record.name)

    def _failed(self, error: OperatorError) -> None:
        clear(self.problem)
        self.problem.addWidget(error_banner(error.parts(self.texts)))

    def _correct(self) -> None:
        if self._opened is not None:
            record = self._opened.record
            own_form = self.session.role == "field" and record.kind in ("find", "plot")
            page = record.kind if own_form else page_of(record.kind) if record.kind in ENTERED else "correct"
            self.go.emit(page, record.name)

    def _show_on_map(self) -> None:
        if self._opened is not None:
            self.go.emit("map", self._opened.record.name)

    def _question(self) -> None:
        if self._opened is not None:
            self.go.emit("questions", self._opened.record.name)

    def _look(self) -> None:
        if self._opened is not None:
            record = self._opened.record
            number = self.shown.number(record.fields, record.id)
            self.session.ask(
                lambda ws: personal.look(ws, record.name),
                lambda readings: PersonalDialog(self, self.texts, number, readings).open(), self._failed,
            )  # fmt: skip

    def _ask_why(self, verb: str) -> None:
        opened, texts = self._opened, self.texts
        if opened is None:
            return
        number = self.shown.number(opened.record.fields, opened.record.id)
        if verb == "retract":
            dialog = ReasonDialog(
                self, texts, texts(N_("Retract {number}?"), number=number),
                texts(N_("It no longer counts anywhere. It stays in the history and can be restored.")),
                texts(N_("Retract {number}"), number=number), danger=True,
            )  # fmt: skip
        else:
            dialog = ReasonDialog(
                self, texts, texts(N_("Restore {number}?"), number=number),
                texts(N_("It counts again, as it stood before it was retracted.")),
                texts(N_("Restore {number}"), number=number),
            )  # fmt: skip
        dialog.given.connect(lambda _code, why: self._set_exists(opened, verb, why))
        dialog.open()

    def _set_exists(self, opened: Opened, verb: str, why: str) -> None:
        name, heads = opened.record.name, opened.record.heads
        act = records.retract if verb == "retract" else records.restore
        self.session.do(lambda ws: act(ws, name, why, heads=heads), None, self._failed)

    def _settle(self, group: str) -> None:
        opened, texts = self._opened, self.texts
        if opened is None:
            return
        readings = next(one.readings for one in opened.record.conflicts if one.group == group)
        kind = kind_of(opened.record.name)
        options = [
            Option(str(place), self.shown.group_value(kind, group, reading)) for place, reading in enumerate(readings)
        ]
        dialog = ReasonDialog(
            self, texts, texts(N_("Settle: {field}"), field=self.detail.group_name(opened, group)),
            texts(N_("All readings stay in the history. The one you choose counts from now on.")),
            texts(N_("Settle")), choices=options,
        )  # fmt: skip
        dialog.given.connect(lambda code, why: self._settle_with(opened, group, readings[int(code)], why))
        dialog.open()

    def _settle_with(self, opened: Opened, group: str, value: object, why: str) -> None:
        name, heads = opened.record.name, opened.record.heads
        self.session.do(lambda ws: records.settle(ws, name, group, value, why, heads=heads), None, self._failed)

    def banners(self) -> list[Banner]:
        """What is said above and beside the record now."""
        return self.detail.banners
