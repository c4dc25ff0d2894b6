"""Review by exception: what needs a look stands first with its reasons; the rest is approved at once after a sample."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import attention, enrolment, questions, review
from fieldapp.operations.attention import Line, Overview, Scope
from fieldapp.operations.enrolment import Team
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, fold
from ui.models.shown import Shown
from ui.pages.page import Page
from ui.pages.review_side import TONES, AboutRecord, DecisionCard, reason_icon
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import Field
from ui.widgets.labels import secondary
from ui.widgets.table import Cell, Column, DataTable

PART_ROWS = 30
SHARES = (5, 10, 20, 50, 100)
"""Shares that are offered, in per cent."""


class ReviewPage(Page):
    """Opened from the Inbox with the names a bundle brought, these are shown and marked."""

    key = "review"
    title = N_("Review")
    icon = "clipboard-check"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self.marked: set[str] = set()
        self.now: Overview | None = None
        self._from_bundle: frozenset[str] = frozenset()
        self._teams: dict[str, str] = {}
        self._lines: list[Line] = []
        self._more = False
        self._reading = 0
        self._next = ""
        self._changed = 0
        self._problem = QVBoxLayout()
        self.column.addLayout(self._problem)
        halves = QHBoxLayout()
        halves.setSpacing(14)
        side = self._side()
        halves.addWidget(self._list_card(), 1)
        halves.addWidget(side)
        self.column.addLayout(halves, 1)
        self._show_marks()
        QShortcut(QKeySequence("Ctrl+A"), self, self.mark_all)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.approve.click)
        QShortcut(QKeySequence("Ctrl+L"), self, self.about.seen.click)

    def _list_card(self) -> Card:
        texts = self.texts
        self.which = Choice("", [
            Option("look", texts(N_("Needs a look"))), Option("plain", texts(N_("Without remarks"))),
            Option("bundle", texts(N_("This bundle"))),
        ], filled=True)  # fmt: skip
        self.which.setAccessibleName(texts(N_("Which records")))
        self.which.buttons[2].hide()
        self.which.set_text("look")
        self.which.changed.connect(self._which_changed)
        self.mark = Button(texts(N_("Mark all")), "square-check")
        self.mark.clicked.connect(self.mark_all)
        self.all_checks = Button(texts(N_("Checks ...")), "shield-check")
        self.all_checks.clicked.connect(lambda: self.go.emit("checks", None))
        side = QWidget()
        beside = QHBoxLayout(side)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.all_checks)
        beside.addWidget(self.mark)
        card = Card(texts(N_("Waiting for a decision")), side=side)
        card.body.addWidget(self.which)
        card.body.addLayout(self._filters())
        self.table = self._table()
        self.empty = EmptyState(texts(N_("Everything is decided.")), icon="circle-check")
        self.empty.hide()
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.empty, 1)
        self.totals = secondary("")
        self.totals.hide()
        card.body.addWidget(self.totals)
        self.share = Choice(
            texts(N_("Drawn to be opened, %")), [Option(str(one), texts.number(one)) for one in SHARES], inline=True
        )
        self.share.hide()
        self.share.changed.connect(self._share_changed)
        card.body.addWidget(self.share)
        said = texts(N_("Space marks, Ctrl+A marks all, Ctrl+L notes as looked at, Enter opens with the history."))
        card.body.addWidget(secondary(said))
        return card

    def _filters(self) -> QHBoxLayout:
        texts = self.texts
        self.team = Field(texts(N_("Team")), texts(N_("empty: all")))
        self.team.changed.connect(lambda _text: self.refresh())
        self.period = Choice(texts(N_("Which days")), [
            Option("all", texts(N_("All"))), Option("last", texts(N_("Last week"))),
            Option("this", texts(N_("This week"))),
        ])  # fmt: skip
        self.period.set_text("all")
        self.period.changed.connect(self._period_changed)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.team, 2)
        row.addWidget(self.period, 4)
        row.addWidget(self.by, 3)
        return row

    def _table(self) -> DataTable[Line]:
        texts, shown = self.texts, self.shown
        table: DataTable[Line] = DataTable([
            Column(texts(N_("Marked")), self._mark_cell, 72),
            Column(texts(N_("No.")), lambda one: Cell(shown.number(one.listed.row, one.listed.row["id"]), bold=True)),
            Column(texts(N_("Team")), lambda one: self._team_name(one.listed.row["owner"]), stretch=True),
            Column(texts(N_("What")), lambda one: shown.brief(one.listed.row.kind, one.listed.row), stretch=True),
            Column(texts(N_("Age")), self._age, right=True),
            Column(texts(N_("Why")), self._why_cell),
        ])  # fmt: skip
        table.setMinimumHeight(180)
        table.chosen.connect(self._show_one)
        table.opened.connect(lambda one: self.go.emit("records", one.name))
        table.clicked.connect(self._tapped)
        table.verticalScrollBar().valueChanged.connect(self._scrolled)
        QShortcut(QKeySequence(Qt.Key.Key_Space), table, self._toggle_chosen, context=_WITHIN)
        return table

    def _side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(390)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.about = AboutRecord(self.session, self.shown)
        self.about.looked.connect(self._looked)
        self.about.asked.connect(self._ask)
        self.about.disputed.connect(lambda line: self.go.emit("conflicts", line.name))
        self.decision = DecisionCard(self.session)
        self.approve, self.query, self.reject = self.decision.approve, self.decision.query, self.decision.reject
        self.remark, self.by = self.decision.remark, self.decision.by
        for one in (self.remark, self.by):
            one.changed.connect(lambda _text: self._show_marks())
        self.decision.decide.connect(self._decide)
        self.decision.all_plain.connect(self._approve_plain)
        column.addWidget(self.about, 1)
        column.addWidget(self.decision)
        return side

    def _team_name(self, code: str) -> str:
        return self._teams.get(code, code[:6])

    def _mark_cell(self, line: Line) -> Cell:
        if line.name in self.marked:
            return Cell("", "accent", "square-check")
        return Cell("", "text", "square")

    def _age(self, line: Line) -> str:
        """Whole days since it was logged."""
        try:
            logged = self.shown.local(str(line.listed.row["at"]))
        except ValueError:
            return ""
        days = max(0, (self.session.clock.now().date() - logged.date()).days)
        return self.texts(N_("{count} d"), count=self.texts.number(days))

    def _why_cell(self, line: Line) -> Cell:
        if line.reasons:
            first = line.reasons[0]
            tone = TONES[first.severity]
            return Cell(self.texts(first.word), "plain" if tone == "text2" else tone, reason_icon(first), chip=True)
        if line.opened:
            return Cell(self.texts(N_("Was looked at")), "ok", "check", chip=True)
        if self.now is not None and line.name in self.now.to_open:
            return Cell(self.texts(N_("To open")), "info", "search", chip=True)
        return Cell("", "plain")

    def subtitle(self) -> str:
        """What a decision means."""
        return self.texts(N_("A decision holds for the record as it is now; a later change asks for it again."))

    def open_with(self, what: object) -> None:
        """Show and mark the records with these names."""
        if isinstance(what, tuple | list | set | frozenset):
            self._from_bundle = frozenset(str(name) for name in what)
            self.marked = set(self._from_bundle)
            self._lines = []
            clear(self._problem)
            self.which.buttons[2].show()
            self.which.set_text("bundle")

    def _which_changed(self, code: str) -> None:
        if not code:
            self.which.set_text("look")
            return
        self.marked = set(self._from_bundle) if code == "bundle" else set()
        self._lines = []
        self.refresh()

    def _period_changed(self, code: str) -> None:
        if code:
            self.refresh()
        else:
            self.period.set_text("all")

    def _scope(self) -> Scope:
        today = self.session.clock.now().date()
        monday = today - timedelta(days=today.weekday())
        first: date | None = {"this": monday, "last": monday - timedelta(days=7)}.get(self.period.text())
        team = self._wanted_team()
        if first is None:
            return Scope(team)
        return Scope(team, first.isoformat(), (first + timedelta(days=6)).isoformat())

    def _wanted_team(self) -> str | None:
        """The team that was typed: its code, or the beginning of its name where that is one team's only."""
        typed = fold(self.team.text())
        if not typed:
            return None
        found = [code for code, name in self._teams.items() if typed in (fold(code), fold(name))]
        found = found or [code for code, name in self._teams.items() if fold(name).startswith(typed)]
        return found[0] if len(found) == 1 else self.team.text().strip()

    def refresh(self) -> None:
        """Read the first part of what waits, then its counts."""
        self._reading += 1
        mine, scope, which = self._reading, self._scope(), self.which.text()
        self.session.ask(enrolment.teams, self._take_teams)
        if which == "bundle":
            names = sorted(self._from_bundle)
            self.session.ask(lambda ws: attention.lines_of(ws, names), lambda found: self._show(mine, found, False),
                             self._failed)
        else:
            size = max(PART_ROWS, len(self._lines))
            self.session.ask(
                lambda ws: attention.page(ws, scope, plain=which == "plain", limit=size),
                lambda found: self._show(mine, found, len(found) == size), self._failed,
            )  # fmt: skip
        self.session.ask(lambda ws: attention.overview(ws, scope), lambda now: self._count(mine, now))

    def _take_teams(self, teams: list[Team]) -> None:
        self._teams = {team.code: team.name for team in teams}

    def _show(self, mine: int, lines: list[Line], more: bool) -> None:
        if mine != self._reading:
            return
        chosen = self.table.chosen_row()
        name = self._next or (chosen.name if chosen else "")
        self._next = ""
        before = {line.name: line.listed.row.heads for line in self._lines}
        self._lines, self._more = lines, more
        # A mark was put on what was shown: where another version is shown now, it is put again or not at all.
        heads = {line.name: line.listed.row.heads for line in lines}
        self.marked = {one for one in self.marked if one in heads and before.get(one, heads[one]) == heads[one]}
        self.table.set_rows(lines, keep=lambda line: line.name == name)
        self.table.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        if not lines:
            self.about.show_nothing()
        elif (one := self.table.chosen_row()) is not None:
            self._show_one(one)
        else:
            self.table.selectRow(0)
        self._show_marks()

    def _scrolled(self, value: int) -> None:
        if not self._more or value < self.table.verticalScrollBar().maximum() - self.table.height():
            return
        self._more = False
        mine, scope, plain, at = self._reading, self._scope(), self.which.text() == "plain", len(self._lines)
        self.session.ask(
            lambda ws: attention.page(ws, scope, plain=plain, limit=PART_ROWS, offset=at),
            lambda found: self._go_on(mine, found),
        )

    def _go_on(self, mine: int, lines: list[Line]) -> None:
        if mine == self._reading:
            self._more = len(lines) == PART_ROWS
            self._lines = [*self._lines, *lines]
            self.table.rows.add_rows(lines)

    def _count(self, mine: int, now: Overview) -> None:
        if mine != self._reading:
            return
        self.now = now
        texts, number = self.texts, self.texts.number
        plain = now.plain
        words = (texts(N_("Needs a look: {count}"), count=number(now.look)),
                 texts(N_("Without remarks: {count}"), count=number(plain.records)))
        for button, said in zip(self.which.buttons, words, strict=False):
            button.setText(said)
        self.totals.setText(texts(
            N_("{ap} AP, {at} AT, {uxo} UXO in {finds} finds; {plots} plots of {m2} m²; {drawn} drawn, {left} to open"),
            ap=number(plain.pieces["ap_mine"]), at=number(plain.pieces["at_mine"]), uxo=number(plain.pieces["uxo"]),
            finds=number(plain.finds), plots=number(plain.plots), m2=number(plain.m2), drawn=number(len(now.sample)),
            left=number(len(now.to_open)),
        ))  # fmt: skip
        self.share.blockSignals(True)
        self.share.set_text(str(now.share_percent))
        self.share.blockSignals(False)
        is_plain = self.which.text() == "plain"
        self.totals.setVisible(is_plain)
        self.share.setVisible(is_plain)
        self._show_marks()

    def _share_changed(self, code: str) -> None:
        if code:
            self.session.do(lambda ws: attention.set_share(ws, int(code)), None, self._failed)

    def _show_one(self, line: Line) -> None:
        self.about.show_line(line)

    def _tapped(self, index: QModelIndex) -> None:
        if index.column() == 0:
            self._toggle(self.table.rows.row(index.row()))

    def _toggle_chosen(self) -> None:
        line = self.table.chosen_row()
        if line is not None:
            self._toggle(line)

    def _toggle(self, line: Line) -> None:
        self.marked ^= {line.name}
        self._show_marks()

    def mark_all(self) -> None:
        """Mark every record shown; unmark all where all are marked."""
        every = {line.name for line in self._lines}
        self.marked = set() if self.marked == every else every
        self._show_marks()

    def _show_marks(self) -> None:
        now = self.now if self.which.text() == "plain" else None
        self.decision.show_marks(
            len(self.marked), now.plain.records if now else 0, len(now.to_open) if now else 0
        )
        self.table.viewport().update()

    def _looked(self, line: Line | None) -> None:
        if line is None or line.opened:
            return
        heads, by = line.listed.row.heads, self.by.text()
        behind = [one.name for one in self._lines[self._lines.index(line) + 1 :]] if line in self._lines else []
        wanted = set(self.now.to_open) if self.now and self.which.text() == "plain" else set(behind)
        self._next = next((name for name in behind if name in wanted), line.name)
        self.session.do(
            lambda ws: attention.look(ws, line.name, heads=heads, by=by), lambda _none: clear(self._problem),
            self._failed,
        )  # fmt: skip

    def _ask(self, line: Line | None) -> None:
        """A question about the chosen record, with what stands in the remark."""
        text, by = self.remark.text(), self.by.text()
        if line is None or not text.strip():
            self.remark.setFocus()
            return
        self.session.do(
            lambda ws: questions.ask(ws, line.name, text, by=review.officer(ws, by)), lambda _asked: self._decided([]),
            self._failed,
        )  # fmt: skip

    def _decide(self, verdict: str) -> None:
        heads = {line.name: line.listed.row.heads for line in self._lines if line.name in self.marked}
        remark, by = self.remark.text(), self.by.text()
        self._rest()

        def judge(ws: Workspace) -> list[str]:
            attention.decide(ws, heads, verdict, remark, by=by)
            return review.changed_since(ws, heads)

        self.session.do(judge, self._decided, self._failed)

    def _approve_plain(self) -> None:
        if self.now is None:
            return
        scope, shown, by = self._scope(), self.now.shown, self.by.text()
        self._rest()
        self.session.do(
            lambda ws: attention.approve_plain(ws, scope, shown=shown, by=by), lambda _names: self._decided([]),
            self._failed,
        )  # fmt: skip

    def _rest(self) -> None:
        for button in (self.approve, self.query, self.reject):
            button.setEnabled(False)

    def _decided(self, changed: Sequence[str]) -> None:
        """What changed between showing and deciding stays in the list, not marked: it was not seen."""
        self.marked.clear()
        clear(self._problem)
        self.remark.set_text("")
        if changed:
            first = self.texts.plural(
                N_("{count} record changed meanwhile and is not decided"),
                N_("{count} records changed meanwhile and are not decided"), len(changed),
            )  # fmt: skip
            said = self.texts(N_("The decision holds for what was shown. Look at what is new, then decide again."))
            self._problem.addWidget(Banner("warn", first, said, icon="repeat"))

    def _failed(self, error: OperatorError) -> None:
        clear(self._problem)
        self._problem.addWidget(error_banner(error.parts(self.texts)))
        self._show_marks()


_WITHIN = Qt.ShortcutContext.WidgetShortcut
