"""Checks: what may be wrong with any record here, the more serious first. Opened from Day and from Review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.clock import stamp
from fieldapp.domain.checks import SEVERITIES, SEVERITY_WORDS, Finding
from fieldapp.errors import OperatorError
from fieldapp.operations import checks_of_records
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts
from ui.background import Cancelled, Report, Running
from ui.models.shown import Shown
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import PrimaryButton
from ui.widgets.cards import Card, EmptyState, clear
from ui.widgets.choice import Choice, Option
from ui.widgets.labels import secondary
from ui.widgets.progress import ProgressPanel
from ui.widgets.table import Cell, Column, DataTable

TONES = {
    "alarm": ("danger", "triangle-alert"), "danger": ("danger", "triangle-alert"), "look": ("warn", "circle-alert"),
    "note": ("info", "info"),
}
"""Tone and icon of a severity; its word stands beside them."""
ALL = "all"
CHECK_NOW = "check now"
"""Opened with this, the page begins to check at once."""


@dataclass(frozen=True)
class Told:
    """A finding and what people call the record it is about."""

    finding: Finding
    number: str


@dataclass(frozen=True)
class Result:
    """What one run of the checks found, and when it ended (UTC)."""

    told: list[Told] = field(default_factory=list)
    at: str = ""


def check(ws: Workspace, report: Report, cancelled: Cancelled) -> Result:
    """Check every record here."""
    found = checks_of_records.of_records(ws, report, cancelled)
    called = checks_of_records.called(ws, found)
    return Result([Told(*one) for one in zip(found, called, strict=True)], stamp(ws.clock.now()))


def findings_banner(texts: Texts, count: int, go: Callable[[str, object], object]) -> Banner:
    """What the checks found among records that just came in, and the way here."""
    first = texts(N_("To look at in what is new: {count}"), count=texts.number(count))
    said = texts(N_("The checks of finds and plots say what. They changed nothing."))
    banner = Banner("warn", first, said, texts(N_("Checks ...")), "shield-check")
    banner.pressed.connect(lambda: go("checks", CHECK_NOW))
    return banner


class ChecksPage(Page):
    """Nothing is checked before somebody asks: with very many records it takes a while, and can be stopped."""

    key = "checks"
    title = N_("Checks")
    icon = "shield-check"
    in_rail = False

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self.result: Result | None = None
        self.panel: ProgressPanel | None = None
        self._running: Running | None = None
        self._said = QVBoxLayout()
        self.column.addLayout(self._said)
        self.column.addWidget(self._list_card(), 1)
        self.start = PrimaryButton(self.texts(N_("Check all records")), "shield-check")
        self.start.clicked.connect(self.check_all)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.check_all)
        self._show()

    def _list_card(self) -> Card:
        texts = self.texts
        self.which = Choice("", [Option(ALL, texts(N_("All")))] + [
            Option(one, texts(SEVERITY_WORDS[one])) for one in SEVERITIES
        ], filled=True)  # fmt: skip
        self.which.setAccessibleName(texts(N_("Which findings")))
        self.which.set_text(ALL)
        self.which.changed.connect(lambda _text: self._show())
        self.table: DataTable[Told] = DataTable([
            Column(texts(N_("No.")), lambda one: Cell(one.number, bold=True)),
            Column(texts(N_("How serious")), self._severity),
            Column(texts(N_("What was found")), lambda one: one.finding.sentence(texts), stretch=True),
        ])  # fmt: skip
        self.table.setMinimumHeight(240)
        self.table.opened.connect(self._open)
        self.empty = EmptyState(" ", icon="shield-check")
        card = Card(texts(N_("What may be wrong")))
        card.body.addWidget(self.which)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.empty, 1)
        self.hint = secondary(texts(N_("Enter opens the record. Checks change nothing and block nothing.")))
        card.body.addWidget(self.hint)
        self.card = card
        return card

    def _severity(self, one: Told) -> Cell:
        tone, icon = TONES[one.finding.severity]
        return Cell(self.texts(SEVERITY_WORDS[one.finding.severity]), tone, icon, chip=True)

    def open_with(self, what: object) -> None:
        """Check at once where another page asked for it."""
        if what == CHECK_NOW:
            self.check_all()

    def check_all(self) -> None:
        """Look at every record; what was found last stands there until the new result comes."""
        if self._running is not None:
            return
        clear(self._said)
        self.panel = ProgressPanel(self.texts, self.session.clock)
        self._said.addWidget(self.panel)
        self.start.setEnabled(False)
        self._running = self.session.work(check, self._done, self._failed, self.panel.report)
        self.panel.cancelled.connect(self._running.cancel)

    def _done(self, result: Result) -> None:
        self._end()
        self.result = result
        self.frame_changed.emit()
        self._show()
        (self.table if result.told else self.start).setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, error: OperatorError) -> None:
        self._end()
        if error.code != "cancelled":
            self._said.addWidget(error_banner(error.parts(self.texts)))

    def _end(self) -> None:
        self._running = self.panel = None
        clear(self._said)
        self.start.setEnabled(True)

    def _show(self) -> None:
        texts, which = self.texts, self.which.text()
        told = self.result.told if self.result else []
        counts = Counter(one.finding.severity for one in told)
        for button, severity in zip(self.which.buttons[1:], SEVERITIES, strict=True):
            count = counts[severity]
            word = texts(SEVERITY_WORDS[severity])
            button.setText(f"{word} \u00b7 {texts.number(count)}" if count else word)
            button.setEnabled(bool(count) or which == severity)
        rows = told if which == ALL else [one for one in told if one.finding.severity == which]
        self.table.set_rows(rows)
        for widget in (self.table, self.hint, self.which):
            widget.setVisible(bool(told))
        self.empty.setVisible(not told)
        self.empty.set_sentence(
            texts(N_("Nothing was found.")) if self.result
            else texts(N_("Not checked yet. All finds, plots, areas and tasks here are looked at."))
        )  # fmt: skip

    def _open(self, one: Told) -> None:
        if one.finding.records:
            self.go.emit("records", one.finding.records[0])

    def subtitle(self) -> str:
        """When the records were checked."""
        if self.result is None:
            return ""
        return self.texts(N_("Checked at {time}"), time=self.shown.time(self.result.at))

    def foot_line(self) -> tuple[str, str, str]:
        """Later records are not in the list."""
        if self.result is None:
            return "", "info", "text2"
        return self.texts(N_("What came after that is not looked at yet.")), "info", "text2"

    def foot_actions(self) -> Sequence[QWidget]:
        """Checking everything."""
        return (self.start,)
