"""What headquarters changed in this team's records: shown until somebody here has seen it (M6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import browsing, hq_changes
from fieldapp.operations.hq_changes import CORRECTED, RESTORED, RETRACTED, SETTLED, HqChange
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui import theme
from ui.models.shown import Shown, kind_of
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, EmptyState, clear
from ui.widgets.frame import scrolled
from ui.widgets.labels import PlainLabel, secondary
from ui.widgets.lists import Change, HistoryEntry, HistoryList
from ui.widgets.table import Cell, Column, DataTable

LISTED = 200
"""So many changes are shown, the newest."""
WHAT = {
    CORRECTED: (N_("Changed by HQ"), "info", "pencil"),
    SETTLED: (N_("Settled by HQ"), "ok", "check-check"),
    RETRACTED: (N_("Retracted by HQ"), "danger", "ban"),
    RESTORED: (N_("Restored by HQ"), "info", "undo-2"),
}
"""Word, tone and icon of what headquarters did."""


class HqChangesPage(Page):
    """Reached from Today as long as there is something to see."""

    key = "hq_changes"
    title = N_("What HQ changed")
    icon = "pencil"
    in_rail = False

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self._current: HqChange | None = None
        texts = self.texts
        self.table: DataTable[HqChange] = DataTable([
            Column(texts(N_("No.")), lambda one: Cell(one.number, bold=True)),
            Column(texts(N_("What")), lambda one: self.shown.brief(one.row.kind, one.row), stretch=True),
            Column(texts(N_("State")), self._what),
        ])  # fmt: skip
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda _one: self.seen.setFocus())
        self.empty = EmptyState(texts(N_("HQ changed nothing that was not seen here.")), texts(N_("Today")), "check")
        self.empty.pressed.connect(lambda: self.go.emit("today", None))
        self.empty.hide()
        left = Card()
        left.body.addWidget(self.table, 1)
        left.body.addWidget(self.empty, 1)
        self._right = Card()
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setSpacing(10)
        self._right.body.addWidget(scrolled(inside), 1)
        self._right.body.addLayout(self._buttons())
        self._above = QVBoxLayout()
        halves = QHBoxLayout()
        halves.setSpacing(14)
        halves.addWidget(left, 50)
        halves.addWidget(self._right, 50)
        self.column.addLayout(self._above)
        self.column.addLayout(halves, 1)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.seen.click)

    def _buttons(self) -> QHBoxLayout:
        texts = self.texts
        self.record = Button(texts(N_("Open the record")), "history")
        self.record.clicked.connect(self._open_record)
        self.all = Button(texts(N_("All seen")), "check-check")
        self.all.clicked.connect(lambda: self._mark(self.table.rows.all_rows()))
        self.seen = PrimaryButton(texts(N_("Seen")), "check")
        self.seen.clicked.connect(lambda: self._mark([self._current] if self._current else []))
        row = QHBoxLayout()
        row.addWidget(self.record)
        row.addWidget(self.all)
        row.addWidget(self.seen, 1)
        return row

    def _what(self, one: HqChange) -> Cell:
        word, tone, icon = WHAT[one.what]
        return Cell(self.texts(word), tone, icon, chip=True)

    def subtitle(self) -> str:
        """Until when it is shown, and what can be done against it."""
        return self.texts(N_("Shown on this laptop until seen. Correct the record if HQ is mistaken."))

    def refresh(self) -> None:
        """Read what was not seen yet."""
        self.session.ask(_read, lambda read: self._show(*read), self._failed)

    def _show(self, found: list[HqChange], numbers: dict[str, str]) -> None:
        self.shown.know(numbers)
        before = self._current.event if self._current else ""
        one = next((one for one in found if one.event == before), found[0] if found else None)
        self.table.set_rows(found, keep=lambda row: row is one)
        self.table.setVisible(bool(found))
        self.empty.setVisible(not found)
        self._right.setVisible(bool(found))
        self._current = None
        if one is not None:
            self._choose(one)

    def _choose(self, one: HqChange) -> None:
        self._current = one
        texts, shown = self.texts, self.shown
        clear(self._rows)
        self._rows.addWidget(PlainLabel(one.number, theme.PAGE, theme.SEMIBOLD))
        self._rows.addWidget(secondary(shown.what(one.row.kind, one.row)))
        if one.row["unsettled"]:
            said = texts(N_("Both readings stand until somebody settles them."))
            self._rows.addWidget(Banner("warn", texts(N_("Your team changed it too")), said, icon="git-compare"))
        who = " \u00b7 ".join(part for part in (one.by, shown.moment(one.at)) if part)
        entry = HistoryEntry("", texts(WHAT[one.what][0]), who, tuple(self._changes(one)), one.why)
        self._rows.addWidget(HistoryList(texts, [entry]))
        self._rows.addStretch(1)

    def _changes(self, one: HqChange) -> Iterator[Change]:
        kind = kind_of(one.record)
        for group, change in one.changes.items():
            for before in change.before or [None]:
                yield from self.shown.changes(kind, group, before, change.after)

    def _open_record(self) -> None:
        if self._current is not None:
            self.go.emit("records", self._current.record)

    def _mark(self, changes: Sequence[HqChange]) -> None:
        events = [one.event for one in changes]
        self.session.do(lambda ws: hq_changes.mark_seen(ws, events), lambda _count: clear(self._above), self._failed)

    def _failed(self, error: OperatorError) -> None:
        clear(self._above)
        self._above.addWidget(error_banner(error.parts(self.texts)))


def _read(ws: Workspace) -> tuple[list[HqChange], dict[str, str]]:
    """The changes nobody here has seen, and the numbers of the records they name."""
    found = hq_changes.listed(ws, limit=LISTED)
    values = [[change.before, change.after] for one in found for change in one.changes.values()]
    return found, browsing.numbers_in(ws, values)
