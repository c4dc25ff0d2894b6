"""Review: records that wait for headquarters' decision; approve, ask, or reject those that are marked."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import browsing, enrolment, review
from fieldapp.operations.browsing import Listed
from fieldapp.operations.enrolment import Team
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.models.shown import Shown, kind_of
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, EmptyState, Facts, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.fields import TextField
from ui.widgets.frame import scrolled
from ui.widgets.labels import secondary
from ui.widgets.table import Cell, Column, DataTable


class ReviewPage(Page):
    """Opened from the Inbox with the names a bundle brought, these are shown and marked."""

    key = "review"
    title = N_("Review")
    icon = "clipboard-check"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self.marked: set[str] = set()
        self._from_bundle: frozenset[str] = frozenset()
        self._teams: dict[str, str] = {}
        self._lines: list[Listed] = []
        self._problem = QVBoxLayout()
        self.column.addLayout(self._problem)
        halves = QHBoxLayout()
        halves.setSpacing(14)
        halves.addWidget(self._list_card(), 1)
        halves.addWidget(self._side())
        self.column.addLayout(halves, 1)
        QShortcut(QKeySequence("Ctrl+A"), self, self.mark_all)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.approve.click)

    def _list_card(self) -> Card:
        texts, shown = self.texts, self.shown
        self.which = Choice(
            "", [Option("bundle", texts(N_("This bundle"))), Option("all", texts(N_("All that wait")))], filled=True
        )
        self.which.setAccessibleName(texts(N_("Which records")))
        self.which.changed.connect(self._which_changed)
        self.which.hide()
        self.mark = Button(texts(N_("Mark all")), "square-check")
        self.mark.clicked.connect(self.mark_all)
        card = Card(texts(N_("Waiting for a decision")), side=self.mark)
        card.body.addWidget(self.which)
        self.table: DataTable[Listed] = DataTable([
            Column(texts(N_("Marked")), self._mark_cell, 84),
            Column(texts(N_("No.")), lambda line: Cell(shown.number(line.row, line.row["id"]), bold=True)),
            Column(
                texts(N_("Team")), lambda line: self._teams.get(line.row["owner"], line.row["owner"][:6]), stretch=True
            ),
            Column(texts(N_("What")), lambda line: shown.brief(line.row.kind, line.row), stretch=True),
            Column(texts(N_("Day")), lambda line: shown.day_of(line.row.kind, line.row)),
            Column(texts(N_("Team's signature")), self._signed_cell),
        ])  # fmt: skip
        self.table.setMinimumHeight(240)
        self.table.chosen.connect(self._show_one)
        self.table.opened.connect(lambda line: self.go.emit("records", line.row.name))
        self.table.clicked.connect(self._tapped)
        QShortcut(QKeySequence(Qt.Key.Key_Space), self.table, self._toggle_chosen, context=_WITHIN)
        self.empty = EmptyState(texts(N_("Everything is decided.")), icon="circle-check")
        self.empty.hide()
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.empty, 1)
        card.body.addWidget(secondary(texts(N_("Space marks, Ctrl+A marks all, Enter opens with the history."))))
        return card

    def _side(self) -> QWidget:
        texts = self.texts
        side = QWidget()
        side.setFixedWidth(390)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.about = Facts()
        self.about.setContentsMargins(0, 0, 8, 0)  # room for the scroll bar
        card = Card(texts(N_("The record")))
        card.body.addWidget(scrolled(self.about), 1)
        column.addWidget(card, 1)
        decision = Card(texts(N_("Decision on the marked records")))
        self.remark = TextField(texts(N_("Remark")), texts(N_("needed to ask or reject")), lines=2)
        self.remark.changed.connect(lambda _text: self._show_marks())
        decision.body.addWidget(self.remark)
        self.query = Button(texts(N_("Ask the team")), "message-square")
        self.reject = Button(texts(N_("Reject")), "x", "danger")
        self.query.clicked.connect(lambda: self._decide("queried"))
        self.reject.clicked.connect(lambda: self._decide("rejected"))
        row = QHBoxLayout()
        row.addWidget(self.query, 1)
        row.addWidget(self.reject, 1)
        decision.body.addLayout(row)
        self.approve = PrimaryButton("", "check")
        self.approve.clicked.connect(lambda: self._decide("approved"))
        decision.body.addWidget(self.approve)
        column.addWidget(decision)
        self._show_marks()
        return side

    def _mark_cell(self, line: Listed) -> Cell:
        if line.row.name in self.marked:
            return Cell("", "accent", "square-check")
        return Cell("", "text", "square")

    def _signed_cell(self, line: Listed) -> Cell:
        if line.row["unsettled"]:
            return Cell(self.texts(N_("To settle")), "warn", "git-compare", chip=True)
        if line.verdict == "changed":
            return Cell(self.texts(N_("Changed since")), "warn", "repeat", chip=True)
        if line.signed == "approved":
            return Cell(self.texts(N_("Signed off")), "ok", "check-check", chip=True)
        if line.signed == "changed":
            return Cell(self.texts(N_("Changed since sign-off")), "warn", "repeat", chip=True)
        return Cell(self.texts(N_("Not signed")), "plain", "circle", chip=True)

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
            self.which.show()
            self.which.set_text("bundle")

    def _which_changed(self, code: str) -> None:
        if not code:
            self.which.set_text("all")
            return
        self.marked.clear()
        if code == "bundle":
            self.marked = set(self._from_bundle)
        self.refresh()

    def refresh(self) -> None:
        """Read what waits."""
        self.session.ask(enrolment.teams, self._take_teams)
        names: Collection[str] | None = self._from_bundle if self.which.text() == "bundle" else None
        wanted = None if names is None else sorted(names)
        self.session.ask(lambda ws: browsing.waiting(ws, wanted), self._show, self._failed)

    def _take_teams(self, teams: list[Team]) -> None:
        self._teams = {team.code: team.name for team in teams}

    def _show(self, lines: list[Listed]) -> None:
        chosen = self.table.chosen_row()
        name = chosen.row.name if chosen else ""
        before = {line.row.name: line.row.heads for line in self._lines}
        self._lines = lines
        # A mark was put on what was shown: where another version is shown now, it is put again or not at all.
        self.marked &= {line.row.name for line in lines if before.get(line.row.name, line.row.heads) == line.row.heads}
        self.table.set_rows(lines, keep=lambda line: line.row.name == name)
        self.table.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        if lines and self.table.chosen_row() is None:
            self.table.selectRow(0)
        if not lines:
            self.about.set_facts(())
        self._show_marks()

    def _show_one(self, line: Listed) -> None:
        shown, row = self.shown, line.row
        shown.know(line.numbers)
        facts = [(self.texts(N_("No.")), shown.number(row, row["id"]))]
        if row.get("lat") is not None:
            facts.append((self.texts(N_("Position")), shown.position(row)))
        for one in kind_of(row.name).fields:
            text = shown.value(one, row[one.name])
            if text and one.name not in ("local_id", "lat", "lon", "lot", "batch", "fixed_by", "typed_crs", "unit"):
                facts.append((shown.field_name(one), text))
        facts.append((self.texts(N_("Logged by")), str(row["by"] or "")))
        self.about.set_facts(facts)

    def _tapped(self, index: QModelIndex) -> None:
        if index.column() == 0:
            self._toggle(self.table.rows.row(index.row()))

    def _toggle_chosen(self) -> None:
        line = self.table.chosen_row()
        if line is not None:
            self._toggle(line)

    def _toggle(self, line: Listed) -> None:
        self.marked ^= {line.row.name}
        self._show_marks()

    def mark_all(self) -> None:
        """Mark every record shown; unmark all where all are marked."""
        every = {line.row.name for line in self._lines}
        self.marked = set() if self.marked == every else every
        self._show_marks()

    def _show_marks(self) -> None:
        count = len(self.marked)
        some, said = count > 0, bool(self.remark.text().strip())
        self.approve.setEnabled(some)
        self.query.setEnabled(some and said)
        self.reject.setEnabled(some and said)
        self.approve.setText(
            self.texts.plural(N_("Approve {count} record"), N_("Approve {count} records"), count)
            if some
            else self.texts(N_("Nothing is marked"))
        )
        self.table.viewport().update()

    def _decide(self, verdict: str) -> None:
        heads = {line.row.name: line.row.heads for line in self._lines if line.row.name in self.marked}
        remark = self.remark.text()
        for button in (self.approve, self.query, self.reject):
            button.setEnabled(False)

        def judge(ws: Workspace) -> list[str]:
            review.decide(ws, heads, verdict, remark, heads=heads)
            return review.changed_since(ws, heads)

        self.session.do(judge, self._decided, self._failed)

    def _decided(self, changed: list[str]) -> None:
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
