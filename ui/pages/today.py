"""Today: log a find or a plot, what was logged today, what is not finished, and where the records are."""

from __future__ import annotations

import dataclasses
import textwrap
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.clock import local, offset_min
from fieldapp.domain.registry import KINDS
from fieldapp.operations import browsing, drafts, hq_changes, list_news, questions, task_board, today
from fieldapp.operations.browsing import NO_POSITION, Listed, Wanted
from fieldapp.operations.drafts import Draft
from fieldapp.operations.entry import ENTERED
from fieldapp.operations.questions import Thread
from fieldapp.operations.task_board import Line
from fieldapp.operations.today import DayTotals, Places
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui import theme
from ui.forms import drawn
from ui.forms.live import receiver_chip
from ui.models.shown import Shown
from ui.models.states import state_cell
from ui.pages.add import page_of
from ui.pages.connect import ConnectCard
from ui.pages.form_page import ALONE, Continue, Saved, where_we_are
from ui.pages.known_point_card import KnownPointCard
from ui.pages.missed import missed_banner, read_open
from ui.pages.page import Page
from ui.pages.thread import DRAFTS
from ui.session import Session
from ui.widgets import (
    Banner,
    BigButton,
    Button,
    Card,
    Cell,
    Chip,
    Column,
    DataTable,
    EmptyState,
    InfoRow,
    StatTile,
    clear,
)

LAST = 3
"""So many of the last records are shown."""
ASKED = 2
"""So many questions are shown in their own words; of the others the number."""


@dataclass(frozen=True)
class Present:
    """What the page shows."""

    totals: DayTotals
    last: list[Listed]
    places: Places
    drafts: list[Draft]
    alone: bool
    questions: list[Thread]
    """Those that wait for an answer, newest first."""
    unplaced: int
    """Finds that have no position yet."""
    hq_changed: int = 0
    """Records that headquarters changed and nobody here has looked at (M6)."""
    headquarters_at: str = ""
    """When the newest file of headquarters here was made; empty before the first."""
    missed: int = 0
    """Missed items that nobody has explained (M18)."""


def read_present(ws: Workspace, now: datetime) -> Present:
    """The counters of the day ``now`` lies in, the last records, drafts and places."""
    rows = today.records_of(ws, now.date())
    lines = browsing.part(ws, Wanted(), size=60).lines
    unfinished = [
        one for one in drafts.kept(ws) if any(one.fields.values()) and not one.form.startswith(DRAFTS)
    ]
    return Present(
        today.totals(ws, rows), lines[:LAST], today.places(ws), unfinished, ws.deployment is None,
        questions.threads(ws, states=("open",)), browsing.count(ws, NO_POSITION), hq_changes.count(ws),
        list_news.headquarters_at(ws), read_open(ws),
    )  # fmt: skip


def read_task(ws: Workspace) -> tuple[Line | None, int]:
    """The current task with what is left of it, and how many tasks of the team are open."""
    board = task_board.read(ws)
    now = next((line for line in board.lines if line.current), None)
    if now is None:
        return None, board.total
    left = task_board.left_of(ws, [now.row.name])
    return dataclasses.replace(now, left=left.get(now.row.name)), board.total


class TodayPage(Page):
    """The first page of a laptop."""

    key = "today"
    title = N_("Today")
    icon = "house"
    shortcut = "F1"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self._saved: Saved | None = None
        halves = QHBoxLayout()
        halves.setSpacing(theme.MARGIN)
        halves.addLayout(self._left(), 1)
        right = QWidget()
        right.setFixedWidth(436)
        self._right = QVBoxLayout(right)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.setSpacing(theme.MARGIN)
        self._build_right()
        halves.addWidget(right)
        self.column.addLayout(halves)
        self.setFocusProxy(self.log_find)

    def _left(self) -> QVBoxLayout:
        texts = self.texts
        column = QVBoxLayout()
        column.setSpacing(theme.MARGIN)
        big = QHBoxLayout()
        big.setSpacing(theme.MARGIN)
        self.log_find = BigButton(
            texts(N_("Log find")), texts(N_("Mine, UXO, other item")), "crosshair", "F2", primary=True
        )
        self.log_plot = BigButton(texts(N_("Log plot")), texts(N_("Cleared or reduced ground")), "hexagon", "F3")
        for button, key in ((self.log_find, "find"), (self.log_plot, "plot")):
            button.clicked.connect(partial(self._go, key))
            big.addWidget(button)
        column.addLayout(big)
        column.addWidget(self._counters())
        column.addWidget(self._last_records(), 1)
        return column

    def _counters(self) -> Card:
        texts = self.texts
        self._day = Card(texts(N_("Logged today")), " ")
        row = QHBoxLayout()
        self.figures = {
            "ap_mine": StatTile("0", texts(N_("AP mines")), "ordnance-ap"),
            "at_mine": StatTile("0", texts(N_("AT mines")), "ordnance-at"),
            "uxo": StatTile("0", texts(N_("UXO")), "ordnance-uxo"),
            "m2": StatTile("0", texts(N_("m² cleared"))),
        }
        for figure in self.figures.values():
            row.addWidget(figure, 1)
        self._day.body.addLayout(row)
        return self._day

    def _last_records(self) -> Card:
        texts, shown = self.texts, self.shown
        every = Button(texts(N_("All records")), "list")
        every.clicked.connect(partial(self._go, "records"))
        card = Card(texts(N_("Last records")), side=every)
        columns: list[Column[Listed]] = [
            Column(texts(N_("No.")), lambda line: Cell(shown.number(line.row, line.row["id"]), bold=True)),
            Column(texts(N_("What")), lambda line: shown.what(line.row.kind, line.row), stretch=True),
            Column(texts(N_("When")), lambda line: shown.when(line.row["at"])),
            Column(texts(N_("State")), lambda line: state_cell(line, self.session.role, texts)),
        ]
        self.table: DataTable[Listed] = DataTable(columns)
        self.table.opened.connect(lambda line: self.go.emit("records", line.row.name))
        self.empty = EmptyState(texts(N_("Nothing logged yet. Log the first find.")), texts(N_("Log find")))
        self.empty.pressed.connect(partial(self._go, "find"))
        self.empty.hide()
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.empty, 1)
        return card

    def _build_right(self) -> None:
        texts = self.texts
        self._news = QVBoxLayout()
        self._news.setSpacing(theme.MARGIN)
        self._right.addLayout(self._news)
        self._task_row = QVBoxLayout()
        self._right.addLayout(self._task_row)
        self.known_point = KnownPointCard(self.session)
        self._right.addWidget(self.known_point)
        self._where = Card(texts(N_("Where your records are")))
        self._where_rows = QVBoxLayout()
        self._where_rows.setSpacing(12)
        self._where.body.addLayout(self._where_rows)
        self._right.addWidget(self._where)
        self.next_steps = Card(texts(N_("Next steps")))
        self._once_logged: list[Button] = []
        for word, icon, key in (
            (N_("Log another find"), "crosshair", "find"),
            (N_("Make a copy on a stick"), "usb", "day"),
        ):
            button = Button(texts(word), icon)
            button.clicked.connect(partial(self._go, key))
            self.next_steps.body.addWidget(button)
            self._once_logged.append(button)
        self.connect_button = Button(texts(N_("Connect a headquarters")), "log-in")
        self.next_steps.body.addWidget(self.connect_button)
        self.next_steps.hide()
        self._right.addWidget(self.next_steps)
        self.connect_card = ConnectCard(self.session)
        self.connect_card.hide()
        self.connect_button.clicked.connect(self._open_connect)
        self._right.addWidget(self.connect_card)
        self._right.addStretch(1)

    def _go(self, key: str, *_pressed: object) -> None:
        self.go.emit(key, None)

    def _open_connect(self) -> None:
        self.next_steps.hide()
        self.connect_card.show()
        self.connect_card.setFocus()

    def subtitle(self) -> str:
        """Who works for whom."""
        return where_we_are(self.session)

    def chip(self) -> QWidget | None:
        """What the receiver says; the time of day where there is none."""
        receiver = receiver_chip(self.session.receiver.state(), self.texts)
        return receiver or Chip(self.session.clock.now().strftime("%H:%M"), "plain", "clock")

    def open_with(self, what: object) -> None:
        """Say what was saved just now."""
        if isinstance(what, Saved):
            self._saved = what

    def leave(self) -> bool:
        """What was saved is said once."""
        self._saved = None
        return True

    def refresh(self) -> None:
        """Read everything again."""
        now = self.session.clock.now()
        self._day.set_note(self.texts.day(now.date()))
        self.session.ask(lambda ws: read_present(ws, now), self._show)
        self.known_point.refresh(now)
        self.session.ask(read_task, self._show_task)  # measuring takes longer: the page does not wait for it

    def _show(self, present: Present) -> None:
        number = self.texts.number
        for line, figure in self.figures.items():
            figure.set_figure(number(present.totals.cleared_m2 if line == "m2" else present.totals.pieces[line]))
        plots = self.texts.plural(N_("m² cleared, {count} plot"), N_("m² cleared, {count} plots"), present.totals.plots)
        self.figures["m2"].set_figure(number(present.totals.cleared_m2), plots)
        self.table.set_rows(present.last)
        self.table.setVisible(bool(present.last))
        self.empty.setVisible(not present.last)
        self._show_news(present)
        self._show_where(present)
        self._where.setVisible(not present.alone)
        self.next_steps.setVisible(present.alone and self.connect_card.isHidden())
        for button in self._once_logged:
            button.setVisible(bool(present.last))
        if not present.alone:
            self.connect_card.hide()

    def _show_news(self, present: Present) -> None:
        texts = self.texts
        clear(self._news)
        if present.missed:
            missed = missed_banner(present.missed, self.texts)
            missed.pressed.connect(partial(self.go.emit, "missed", None))
            self._news.addWidget(missed)
        if self._saved is not None:
            kept = ALONE if present.alone else N_("Saved on this laptop.")
            self._news.addWidget(Banner("ok", texts(kept), self._saved.what))
        for draft in present.drafts:
            self._news.addWidget(self._draft_banner(draft))
        for one in present.questions[:ASKED]:
            said = texts(N_("“{question}”"), question=textwrap.shorten(one.text, 120, placeholder=" \u2026"))
            first = texts(N_("HQ asks about {number}"), number=one.number)
            self._news.addWidget(self._question_banner(first, said, texts(N_("Answer")), one.name))
        more = len(present.questions) - ASKED
        if more > 0:
            first = texts.plural(N_("HQ asks {count} more question"), N_("HQ asks {count} more questions"), more)
            self._news.addWidget(self._question_banner(first, "", texts(N_("Open")), None))
        if present.hq_changed:
            self._news.addWidget(self._hq_changed_banner(present.hq_changed))
        if present.unplaced:
            self._news.addWidget(self._unplaced_banner(present.unplaced))

    def _question_banner(self, first: str, said: str, button: str, question: str | None) -> Banner:
        banner = Banner("info", first, said, button)
        banner.pressed.connect(partial(self.go.emit, "questions", question))
        return banner

    def _hq_changed_banner(self, count: int) -> Banner:
        first = self.texts.plural(N_("HQ changed {count} record"), N_("HQ changed {count} records"), count)
        banner = Banner("info", first, "", self.texts(N_("Show")), "pencil")
        banner.pressed.connect(partial(self.go.emit, "hq_changes", None))
        return banner

    def _unplaced_banner(self, count: int) -> Banner:
        first = self.texts.plural(
            N_("{count} find has no position yet"), N_("{count} finds have no position yet"), count
        )  # fmt: skip
        banner = Banner("stale", first, "", self.texts(N_("Show")), "locate-fixed")
        banner.pressed.connect(partial(self.go.emit, "records", NO_POSITION))
        return banner

    def _draft_banner(self, draft: Draft) -> Banner:
        texts = self.texts
        kind = draft.form.partition("/")[0]
        first = texts(N_("One plot is not finished")) if kind == "plot" else texts(N_("One find is not finished"))
        if kind in ENTERED or kind == "disposal":
            name = KINDS[kind].names.in_language(texts.language)
            first = texts(N_("One record is not finished: {kind}"), kind=name)
        if draft.form == drawn.DRAFT:
            kind, first = "map", texts(N_("One drawing on the map is not finished"))
        if "/" in draft.form:
            first = texts(N_("One correction is not finished"))
        model = draft.fields.get("model", "")
        time = local(draft.at, offset_min(self.session.clock.now())).strftime("%H:%M")
        said = texts(N_("Kept {time}, everything as typed."), time=time)
        if model:
            said = texts(N_("{model}. Kept {time}, everything as typed."), model=model, time=time)
        banner = Banner("warn", first, said, texts(N_("Continue")), "pencil", texts(N_("Discard")), below=True)
        page = page_of(kind) if kind in ENTERED else kind
        banner.pressed.connect(partial(self.go.emit, page, Continue(draft.form)))
        banner.second_pressed.connect(partial(self._discard, draft.form))
        return banner

    def _discard(self, form: str) -> None:
        self.session.do(lambda ws: drafts.discard(ws, form))

    def _show_task(self, found: tuple[Line | None, int]) -> None:
        """The task in hand with depth and what is left; a question where several are open and none is chosen."""
        texts, (line, open_tasks) = self.texts, found
        clear(self._task_row)
        if line is None and open_tasks:
            first = texts.plural(
                N_("{count} task is open, none is chosen"), N_("{count} tasks are open, none is chosen"),
                open_tasks,
            )  # fmt: skip
            banner = Banner("info", first, "", texts(N_("Choose")), "layers")
        elif line is not None:
            title = texts(N_("{number} \u00b7 {what}"), number=line.row["local_id"], what=line.row["title"] or "")
            banner = Banner("info", title, self._task_words(line), texts(N_("Tasks")), "layers")
        else:
            return
        banner.pressed.connect(partial(self.go.emit, "tasks", line.row.name if line is not None else None))
        self._task_row.addWidget(banner)

    def _task_words(self, line: Line) -> str:
        texts, left = self.texts, line.left
        depth = line.row["depth_required"]
        said = [texts(N_("Depth required {depth} cm."), depth=depth)] if depth is not None else []
        if left is not None and left.remaining_m2 is not None and left.task_m2 is not None:
            said.append(texts(N_("{left} of {all} m² remain."), left=texts.number(left.remaining_m2),
                              all=texts.number(left.task_m2)))  # fmt: skip
        return " ".join(said)

    def _show_where(self, present: Present) -> None:
        texts, number, places = self.texts, self.texts.number, present.places
        clear(self._where_rows)
        receipt = self._receipt_age(places.receipt_at)
        written = texts(N_("Written {when}"), when=self.shown.moment(places.exported_at)) if places.exported_at else ""
        for icon, word, detail, count, tone in (
            ("shield-check", N_("Safe at HQ"), receipt, places.hq, "ok"),
            ("usb", N_("On a stick, no receipt yet"), written, places.stick, "text"),
            ("laptop", N_("Only on this laptop"), texts(N_("Export today: Day, then Export")), places.here, "warn"),
        ):
            self._where_rows.addWidget(InfoRow(icon, texts(word), detail, number(count), tone))
        if present.headquarters_at:
            age = self._days_old(present.headquarters_at)
            self._where_rows.addWidget(InfoRow("download", texts(N_("Newest file of headquarters")), age))

    def _days_old(self, at: str) -> str:
        day = self.shown.local(at).date()
        days = (self.session.clock.now().date() - day).days
        if days <= 0:
            return self.texts(N_("of today"))
        return self.texts.plural(
            N_("of {day}, {count} day ago"), N_("of {day}, {count} days ago"), days, day=self.texts.short_day(day)
        )  # fmt: skip

    def _receipt_age(self, at: str) -> str:
        texts = self.texts
        if not at:
            return texts(N_("No receipt yet"))
        days = (self.session.clock.now().date() - self.shown.local(at).date()).days
        day = self.shown.local(at).date()
        if days <= 0:
            return texts(N_("Last receipt today"))
        return texts.plural(
            N_("Receipt of {day}, {count} day ago"), N_("Receipt of {day}, {count} days ago"), days,
            day=texts.short_day(day),
        )  # fmt: skip
