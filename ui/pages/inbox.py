"""Inbox: bundles on a stick or in a folder; preview, import, approve, and the return bundle to the same stick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import enrolment, export, imports, inbox, review
from fieldapp.operations.imports import Outcome
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.background import Cancelled, Report, Running
from ui.models.shown import Shown
from ui.pages.bundle_list import BundleList, FoundBundle
from ui.pages.bundle_preview import BundlePreview, Preview, judged, preview
from ui.pages.export import STEP_OF
from ui.pages.folder_choice import FolderChoice
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import Card, clear
from ui.widgets.frame import scrolled
from ui.widgets.progress import ProgressPanel
from ui.widgets.table import Cell, Column, DataTable

_STEPS = {"open": N_("Open and check"), "import": N_("Take over")} | STEP_OF


@dataclass(frozen=True)
class Taken:
    """One bundle in the history: when, whose, what was new, and whether its team got an answer since."""

    at: str
    sender: str
    number: int
    new: int
    answered: bool
    refused: str = ""


@dataclass(frozen=True)
class Imported:
    """What an import did, which records wait for a decision since, and the team to answer."""

    outcomes: list[Outcome]
    waiting: list[str]
    teams: list[str]


class InboxPage(Page):
    """Nothing is written before Import is pressed. One bad file never stops the others."""

    key = "inbox"
    title = N_("Inbox")
    icon = "inbox"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock)
        self.found: list[FoundBundle] = []
        self._chosen: Path | None = None
        self._preview: Preview | None = None
        self._imported: Imported | None = None
        self._running: Running | None = None
        self.panel: ProgressPanel | None = None
        self._build_actions()
        self.choice = FolderChoice(session, self.texts(N_("Stick or folder")))
        self.choice.chosen.connect(lambda _folder: self._look())
        self.list = BundleList(self.texts, self.shown)
        self.list.chosen.connect(self.choose)
        left = QWidget()
        left.setFixedWidth(370)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.choice)
        column.addWidget(scrolled(self.list), 1)
        self.preview = BundlePreview(session)
        self.preview.hide()
        self.history = self._history_card()
        self._above = QVBoxLayout()
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addLayout(self._above)
        right.addWidget(self.preview, 1)
        right.addWidget(self.history, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(left)
        row.addLayout(right, 1)
        self.column.addLayout(row, 1)
        self._look()

    def _build_actions(self) -> None:
        texts = self.texts
        self.again = Button(texts(N_("Look again")), "refresh-cw")
        self.again.clicked.connect(self._look)
        self.all = Button(texts(N_("Import all")), "download")
        self.all.clicked.connect(lambda: self._import([one.path for one in self.found if one.ready]))
        self.answer = Button(texts(N_("Write return bundle")), "send")
        self.answer.clicked.connect(self._answer)
        self.take = PrimaryButton(texts(N_("Import")), "download")
        self.take.clicked.connect(self._import_chosen)
        self.approve = PrimaryButton(texts(N_("Review and approve")), "clipboard-check")
        self.approve.clicked.connect(self._review)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._primary)

    def _history_card(self) -> Card:
        texts, shown = self.texts, self.shown
        card = Card(texts(N_("Taken in before")))
        self.taken: DataTable[Taken] = DataTable([
            Column(texts(N_("From")), lambda one: one.sender, stretch=True),
            Column(texts(N_("When")), lambda one: shown.moment(one.at)),
            Column(texts(N_("No.")), lambda one: texts.number(one.number) if one.number else "\u2013", right=True),
            Column(texts(N_("New")), lambda one: texts.number(one.new), right=True),
            Column(texts(N_("State")), self._taken_state),
        ])  # fmt: skip
        self.taken.setMinimumHeight(200)
        card.body.addWidget(self.taken, 1)
        return card

    def _taken_state(self, one: Taken) -> Cell:
        if one.refused:
            return Cell(self.texts(N_("Refused")), "danger", "shield-x", chip=True)
        if one.answered:
            return Cell(self.texts(N_("Answered")), "ok", "check", chip=True)
        return Cell(self.texts(N_("Not answered")), "warn", "clock", chip=True)

    def subtitle(self) -> str:
        """Whose inbox."""
        return self.session.about.deployment if self.session.about else ""

    def foot_line(self) -> tuple[str, str, str]:
        """What happens to the files."""
        return self.texts(N_("Files on the stick are never changed.")), "shield-check", "ok"

    def foot_actions(self) -> Sequence[QWidget]:
        """What can be done now; the last one is the next step."""
        if self._running is not None:
            return ()
        last = self.approve if self._imported is not None and self._imported.waiting else self.take
        several = [self.all] if sum(one.ready for one in self.found) > 1 else []
        return (self.again, *several, *([self.answer] if self._teams() else []), last)

    def _primary(self) -> None:
        last = self.foot_actions()[-1:]
        if last and isinstance(last[0], Button):
            last[0].click()

    def refresh(self) -> None:
        """Read the history again."""
        self.session.ask(read_taken, self._show_taken)

    def _show_taken(self, taken: list[Taken]) -> None:
        self.taken.set_rows(taken)

    def _look(self) -> None:
        """See which bundles lie in the folder, then read them one after the other."""
        folder = self.choice.folder()
        self.found, self._chosen, self._preview = [], None, None
        self._show_found()
        if folder is not None:
            self.session.ask(lambda ws: look_for(ws, folder), self._show_listed, self._failed)

    def _show_listed(self, found: list[FoundBundle]) -> None:
        self.found = found
        self._show_found()
        for one in self.found:
            self._read(one.path)

    def _read(self, path: Path) -> None:
        self.session.ask(lambda ws: preview(ws, path), self._show_read, self._failed)

    def _show_read(self, read: Preview) -> None:
        self.found = [
            FoundBundle(one.path, one.size, read.outcome) if one.path == read.path else one for one in self.found
        ]
        if self._chosen is None and self._imported is None and read.outcome.status == "imported":
            self._chosen = read.path
        if read.path == self._chosen:
            self._preview = read
        if all(one.outcome is not None for one in self.found):
            self.found.sort(key=_worth_a_look)
        self._show_found()

    def choose(self, found: FoundBundle | None) -> None:
        """Show the preview of a file; of none, what was taken in before."""
        self._chosen = found.path if found is not None else None
        self._preview = None
        self._imported = None
        clear(self._above)
        self._show_found()
        if found is not None:
            self._read(found.path)

    def _show_found(self) -> None:
        self.list.set_bundles(self.found, self._chosen)
        shown = self._preview
        self.preview.setVisible(shown is not None)
        self.history.setVisible(shown is None)
        self.take.setEnabled(shown is not None and shown.outcome.status == "imported")
        self.take.setText(self._take_words(shown.outcome) if shown is not None else self.texts(N_("Import")))
        if shown is not None:
            self.preview.show_preview(shown)
        self.frame_changed.emit()

    def _take_words(self, outcome: Outcome) -> str:
        new, differ = self.texts.number(outcome.new - outcome.differ), self.texts.number(outcome.differ)
        if outcome.differ:
            return self.texts(N_("Import {new} new, {differ} to settle"), new=new, differ=differ)
        return self.texts(N_("Import {new} new"), new=new)

    def _import_chosen(self) -> None:
        if self._preview is not None:
            self._import([self._preview.path])

    def _import(self, paths: list[Path]) -> None:
        if self._running is not None or not paths:
            return
        self._start_panel()
        self._running = self.session.work(
            lambda ws, report, stop: take_in(ws, paths, report, stop), self._done, self._failed, self._progress
        )
        self._connect_cancel()

    def _start_panel(self) -> None:
        clear(self._above)
        self.panel = ProgressPanel(
            self.texts, self.session.clock,
            pulled=self.texts(N_("If the stick is pulled now, nothing is taken over and nothing is lost.")),
        )  # fmt: skip
        self._above.addWidget(self.panel, 0, Qt.AlignmentFlag.AlignTop)
        self.preview.hide()
        self.history.hide()
        self.list.setEnabled(False)
        self.choice.setEnabled(False)

    def _connect_cancel(self) -> None:
        if self.panel is not None and self._running is not None:
            self.panel.cancelled.connect(self._running.cancel)
        self.frame_changed.emit()

    def _progress(self, step: str, done: int, total: int) -> None:
        if self.panel is not None:
            self.panel.report(_STEPS.get(step, step), done, total)

    def _end(self) -> None:
        self._running = self.panel = None
        clear(self._above)
        self.list.setEnabled(True)
        self.choice.setEnabled(True)

    def _done(self, imported: Imported) -> None:
        self._end()
        self._imported = imported
        texts = self.texts
        new = sum(one.new for one in imported.outcomes)
        refused = [one for one in imported.outcomes if one.status == "refused"]
        first = texts.plural(N_("{count} new entry taken over"), N_("{count} new entries taken over"), new)
        waiting = texts.plural(
            N_("{count} record waits for a decision."), N_("{count} records wait for a decision."),
            len(imported.waiting),
        )  # fmt: skip
        self._above.addWidget(Banner("ok", first, waiting))
        for one in refused:
            self._above.addWidget(Banner("danger", texts(N_("Refused: {file}"), file=one.file), one.reason or ""))
        self._look()

    def _teams(self) -> list[str]:
        return self._imported.teams if self._imported is not None else []

    def _answer(self) -> None:
        """The return bundle goes to the stick the laptop's bundle came on: it does not travel home empty (M9)."""
        folder, teams = self.choice.folder(), self._teams()
        if folder is None or self._running is not None:
            return
        self._start_panel()
        self._running = self.session.work(
            lambda ws, report, stop: [
                export.export_for_team(ws, team, folder, progress=report, cancelled=stop).path.name for team in teams
            ],
            self._answered, self._failed, self._progress,
        )  # fmt: skip
        self._connect_cancel()

    def _answered(self, names: list[str]) -> None:
        self._end()
        texts = self.texts
        detail = texts(N_("{files}: written, read back and compared."), files=", ".join(names))
        self._above.addWidget(Banner("ok", texts(N_("Return bundle written. Safe to unplug")), detail, icon="usb"))
        self._look()

    def _review(self) -> None:
        if self._imported is not None:
            self.go.emit("review", tuple(self._imported.waiting))

    def _failed(self, error: OperatorError) -> None:
        self._end()
        banner = error_banner(error.parts(self.texts))
        self._above.addWidget(banner)
        self._show_found()


def look_for(ws: Workspace, folder: Path) -> list[FoundBundle]:
    """Files in a folder that may be bundles for this headquarters; return bundles it wrote itself are left out."""
    written = {bundle.file for bundle in inbox.bundles(ws) if bundle.direction == "out"}
    return [FoundBundle(one.path, one.size) for one in imports.look_in(folder) if one.path.name not in written]


def _worth_a_look(one: FoundBundle) -> tuple[int, str]:
    """Sorts what can be imported first, then what was refused, then what is known; oldest bundle first."""
    status = one.outcome.status if one.outcome is not None else "known"
    return ("imported", "refused", "known").index(status), one.outcome.created if one.outcome is not None else ""


def take_in(ws: Workspace, paths: Sequence[Path], report: Report, stop: Cancelled) -> Imported:
    """Import files; with the records that wait for a decision since, and the teams that sent something."""
    before = {row.name for row in review.undecided(ws)}
    outcomes = imports.import_files(ws, paths, progress=report, cancelled=stop)
    touched = {name for outcome in outcomes for name in judged(outcome)}
    waiting = [row.name for row in review.undecided(ws) if row.name not in before or row.name in touched]
    teams: list[str] = []
    for outcome in outcomes:
        sender = enrolment.device(ws, outcome.sender) if outcome.sender else None
        teams += [team for team in (sender.teams if sender else ()) if team != outcome.sender and team not in teams]
    return Imported(outcomes, waiting, teams)


def read_taken(ws: Workspace) -> list[Taken]:
    """Bundles taken in and files refused, newest first."""
    answered: dict[str, str] = {}
    every = inbox.bundles(ws)
    for bundle in every:
        if bundle.direction == "out":
            audience = str(bundle.counts.get("audience") or "")
            answered[audience] = max(answered.get(audience, ""), bundle.taken_at)
    devices = {device.device: device for device in enrolment.devices(ws)}
    taken = []
    for bundle in every:
        if bundle.direction == "in":
            sender = devices.get(bundle.sender or "")
            teams = sender.teams if sender else ()
            name = sender.name if sender else str(bundle.counts.get("sender_name") or bundle.file)
            back = any(answered.get(f"team/{team}", "") >= bundle.taken_at for team in teams)
            number, new = int(bundle.counts.get("number") or 0), int(bundle.counts.get("new") or 0)
            taken.append(Taken(bundle.taken_at, name, number, new, back))
    refused = [Taken(one.at, one.file, 0, 0, False, one.reason) for one in inbox.refused(ws)]
    return sorted((*taken, *refused), key=lambda one: one.at, reverse=True)
