"""Inbox: bundles on a stick or in a folder; preview, import, approve, and the return bundle to the same stick."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import backup, checks_of_records, post_desk
from fieldapp.operations.addressees import Addressee, addressees
from fieldapp.operations.post_desk import Served
from fieldapp.texts import N_
from ui.background import Running
from ui.dialogs.teams import TeamsDialog
from ui.models.shown import Shown
from ui.pages.bundle_list import BundleList, FoundBundle
from ui.pages.bundle_preview import BundlePreview, Preview, preview
from ui.pages.checks import findings_banner
from ui.pages.export import STEP_OF
from ui.pages.folder_choice import FolderChoice
from ui.pages.folder_watch import FolderWatch
from ui.pages.inbox_reading import (
    Imported,
    TakenIn,
    look_for,
    read_taken,
    retry,
    serve,
    some_of,
    take_in,
    take_watched,
    take_words,
    worth_a_look,
)
from ui.pages.list_parts import unlisted_banner
from ui.pages.missed import missed_banner, read_open
from ui.pages.page import Page
from ui.pages.taken_before import TakenBefore
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import clear
from ui.widgets.frame import scrolled
from ui.widgets.progress import ProgressPanel

_STEPS = {"open": N_("Open and check"), "import": N_("Take over")} | STEP_OF

_ALARMS = 4
"""So many alarms of an import are shown in words; the banner above counts all that are open."""


class InboxPage(Page):
    """Nothing is written before an import is pressed. One bad file never stops the others.

    The next step with a stick is one: take in all it brought and write its teams' return bundles back to it (M9).
    """

    key = "inbox"
    title = N_("Inbox")
    icon = "inbox"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.shown = Shown(session.texts, session.clock, session.current_lists)
        self.found: list[FoundBundle] = []
        self._chosen: Path | None = None
        self._preview: Preview | None = None
        self._imported: Imported | None = None
        self._imported_from: Path | None = None
        self._lay_there: set[str] = set()
        """Files in the folder then; others are of the next stick, which may bear the same name."""
        self._running: Running | None = None
        self._without_backup: int | None = None
        """Days since the last backup where one is due, negative where there never was one."""
        self.panel: ProgressPanel | None = None
        self._build_actions()
        self.choice = FolderChoice(session, self.texts(N_("Stick or folder")))
        self.choice.chosen.connect(lambda _folder: self._look())
        self.choice.take_drops_on(self)
        self.list = BundleList(self.texts, self.shown)
        self.list.chosen.connect(self.choose)
        left = self._left()
        self.preview = BundlePreview(session)
        self.preview.hide()
        self.history = TakenBefore(self.shown)
        self._waiting = self.history.waiting
        self._above = QVBoxLayout()
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addLayout(self._above)
        right.addWidget(self.preview, 1)
        right.addWidget(self.history, 1)
        self._alarms = QVBoxLayout()
        self.column.addLayout(self._alarms)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(left)
        row.addLayout(right, 1)
        self.column.addLayout(row, 1)
        self._look()

    def _left(self) -> QWidget:
        left = QWidget()
        left.setFixedWidth(370)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.choice)
        self.watch = FolderWatch(self.session, self.choice)
        self.watch.ready.connect(self._take_watched)
        column.addWidget(self.watch)
        column.addWidget(scrolled(self.list), 1)
        return left

    def _build_actions(self) -> None:
        texts = self.texts
        self.again = Button(texts(N_("Look again")), "refresh-cw")
        self.again.clicked.connect(self._look)
        self.all = Button(texts(N_("Import all")), "download")
        self.all.clicked.connect(lambda: self._import([one.path for one in self.found if one.ready]))
        self.answer = Button(texts(N_("Write return bundle")), "send")
        self.answer.clicked.connect(self._answer)
        self.take = Button(texts(N_("Import")), "download")
        self.take.clicked.connect(self._import_chosen)
        self.serve = PrimaryButton(texts(N_("Import and answer")), "usb")
        self.serve.clicked.connect(self._serve)
        self.approve = PrimaryButton(texts(N_("Review and approve")), "clipboard-check")
        self.approve.clicked.connect(self._review)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._primary)

    def subtitle(self) -> str:
        """Whose inbox."""
        return self.session.about.deployment if self.session.about else ""

    def foot_line(self) -> tuple[str, str, str]:
        """What happens to the files; a backup that is due goes before it."""
        texts, days = self.texts, self._without_backup
        if days is None:
            return texts(N_("Files on the stick are never changed.")), "shield-check", "ok"
        if days < 0:
            return texts(N_("There is no backup of this headquarters yet.")), "triangle-alert", "warn"
        said = texts.plural(
            N_("The last backup is {count} day old."), N_("The last backup is {count} days old."), days
        )
        return said, "triangle-alert", "warn"

    def foot_actions(self) -> Sequence[QWidget]:
        """What can be done now; the last one is the next step."""
        if self._running is not None:
            return ()
        if self._imported is not None and self._imported.waiting:
            return (self.again, self.answer, self.approve)  # decisions made since want to travel too
        several = [self.all] if sum(one.ready for one in self.found) > 1 else []
        return (self.again, self.answer, *several, self.take, self.serve)

    def _primary(self) -> None:
        last = self.foot_actions()[-1:]
        if last and isinstance(last[0], Button):
            last[0].click()

    def refresh(self) -> None:
        """Read the history again."""
        self.session.ask(read_taken, self._show_taken)
        self.session.ask(backup.days_without, self._show_backup)
        self.session.ask(read_open, self._show_missed)

    def _show_missed(self, count: int) -> None:
        """The first thing on headquarters' first page, until somebody has explained it."""
        clear(self._alarms)
        if count:
            banner = missed_banner(count, self.texts)
            banner.pressed.connect(lambda: self.go.emit("missed", None))
            self._alarms.addWidget(banner)

    def _show_backup(self, days: int | None) -> None:
        self._without_backup = days
        self.frame_changed.emit()

    def _show_taken(self, read: TakenIn) -> None:
        self.history.table.set_rows(read.bundles)
        clear(self._waiting)
        if read.unanswered:
            first = self.texts.plural(
                N_("{count} laptop waits for its return bundle"), N_("{count} laptops wait for their return bundle"),
                len(read.unanswered),
            )  # fmt: skip
            self._waiting.addWidget(Banner("warn", first, some_of([one.name for one in read.unanswered], self.texts)))
        if read.refused:
            first = self.texts.plural(
                N_("{count} file was refused and has not come in since"),
                N_("{count} files were refused and have not come in since"), read.refused,
            )  # fmt: skip
            detail = self.texts(N_("When the reason is gone, put the stick in again and try again."))
            banner = Banner("warn", first, detail, self.texts(N_("Try again")), "shield-x")
            banner.pressed.connect(self._retry)
            self._waiting.addWidget(banner)

    def _look(self) -> None:
        """See which bundles lie in the folder, then read them one after the other."""
        folder = self.choice.folder()
        if folder != self._imported_from:
            self._forget_imported()
        self.found, self._chosen, self._preview = [], None, None
        self._show_found()
        if folder is not None:
            self.session.ask(lambda ws: look_for(ws, folder), self._show_listed, self._failed)

    def _forget_imported(self) -> None:
        if self._imported is not None:
            clear(self._above)
        self._imported = None

    def _show_listed(self, found: list[FoundBundle]) -> None:
        self.found = found
        self._show_found()
        for one in self.found:
            self._read(one.path)

    def _read(self, path: Path) -> None:
        self.session.ask(lambda ws: preview(ws, path), self._show_read, self._failed)

    def _show_read(self, read: Preview) -> None:
        if read.outcome.status == "imported" and read.path.name not in self._lay_there:
            self._forget_imported()
        self.found = [
            FoundBundle(one.path, one.size, read.outcome) if one.path == read.path else one for one in self.found
        ]
        worth = read.outcome.status == "imported" or len(self.found) == 1
        if self._chosen is None and self._imported is None and worth:
            self._chosen = read.path
        if read.path == self._chosen:
            self._preview = read
        if all(one.outcome is not None for one in self.found):
            self.found.sort(key=worth_a_look)
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
        self.answer.setEnabled(self.choice.folder() is not None)
        shown = self._preview
        self.preview.setVisible(shown is not None)
        self.history.setVisible(shown is None)
        self.take.setEnabled(shown is not None and shown.outcome.status == "imported")
        self.serve.setEnabled(any(one.outcome and one.outcome.status != "refused" for one in self.found))
        self.take.setText(take_words(self.texts, shown.outcome) if shown is not None else self.texts(N_("Import")))
        if shown is not None:
            self.preview.show_preview(shown)
        self.frame_changed.emit()

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

    def _retry(self) -> None:
        """Import again what was refused and lies in the chosen folder."""
        folder = self.choice.folder()
        if folder is None or self._running is not None:
            self.choice.setFocus()
            return
        self._start_panel()
        self._running = self.session.work(
            lambda ws, report, stop: retry(ws, folder, report, stop), self._done, self._failed, self._progress
        )
        self._connect_cancel()

    def _take_watched(self, paths: list[Path]) -> None:
        """What appeared in the watched folder comes in behind what is shown; the next look finds the rest."""
        folder, seen = self.watch.folder, self.watch.seen
        if self._running is not None or folder is None:
            return
        self._running = self.session.work(
            lambda ws, _report, stop: take_watched(ws, folder, paths, seen, stop), self._watched, self._failed
        )

    def _watched(self, imported: Imported) -> None:
        if imported.outcomes:
            self._done(imported)
            self._imported_from = self.watch.folder
        else:
            self._running = None

    def _serve(self) -> None:
        """Take in all that the stick brought, and write its teams' return bundles back to it."""
        folder = self.choice.folder()
        if folder is None or self._running is not None:
            return
        self._start_panel()
        self._running = self.session.work(
            lambda ws, report, stop: serve(ws, folder, report, stop), self._done, self._failed, self._progress
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
        self._imported, self._imported_from = imported, self.choice.folder()
        self._lay_there = {one.path.name for one in self.found}
        texts = self.texts
        new = sum(one.new for one in imported.outcomes)
        refused = [one for one in imported.outcomes if one.status == "refused"]
        first = texts.plural(N_("{count} new entry taken over"), N_("{count} new entries taken over"), new)
        waiting = texts.plural(
            N_("{count} record waits for a decision."), N_("{count} records wait for a decision."),
            len(imported.waiting),
        )  # fmt: skip
        if imported.stopped:
            waiting = texts(N_("Stopped before the end. What was taken in is kept; press Import again for the rest."))
        self._above.addWidget(Banner("warn" if imported.stopped else "ok", first, waiting))
        if not imported.outcomes and not imported.stopped:
            none = texts(N_("None of the files that are waited for lies in this folder."))
            self._above.addWidget(Banner("stale", none))
        for one in refused:
            self._above.addWidget(Banner("danger", texts(N_("Refused: {file}"), file=one.file), one.reason or ""))
        for alarm in [alarm for one in imported.outcomes for alarm in one.alarms][:_ALARMS]:
            self._above.addWidget(Banner("danger", alarm))
        self._show_disputed(sum(one.differ for one in imported.outcomes))
        if look := sum(checks_of_records.to_look_at(one.findings) for one in imported.outcomes):
            self._above.addWidget(findings_banner(texts, look, self.go.emit))
        if imported.served is not None:
            self._show_answers(imported.served)
        if imported.unlisted and new:
            self._above.addWidget(unlisted_banner(texts, imported.unlisted, self.go.emit))
        self.refresh()
        self._look()

    def _show_disputed(self, count: int) -> None:
        if not count:
            return
        first = self.texts.plural(N_("{count} record differs"), N_("{count} records differ"), count)
        said = self.texts(N_("Until settled the more dangerous reading counts."))
        banner = Banner("warn", first, said, self.texts(N_("Settle ...")), "git-compare")
        banner.pressed.connect(lambda: self.go.emit("conflicts", None))
        self._above.addWidget(banner)

    def _show_answers(self, served: Served) -> None:
        texts = self.texts
        for one in served.not_written:
            first = texts(N_("No return bundle for team {team}"), team=one.team)
            self._above.addWidget(Banner("danger", first, one.reason))
        if served.stopped:
            detail = texts(N_("What was taken in is kept. Press “Import and answer” again for the rest."))
            self._above.addWidget(Banner("warn", texts(N_("Stopped before the end.")), detail))
        elif served.answers:
            self._say_written([written.path.name for _, written in served.answers], safe=served.safe_to_unplug)

    def _teams(self) -> list[str]:
        """The teams whose bundles came from the folder that is chosen now: another stick is another team's."""
        imported = self._imported if self._imported_from == self.choice.folder() else None
        return imported.teams if imported is not None else []

    def _answer(self) -> None:
        """The return bundle goes to the stick the laptop's bundle came on: it does not travel home empty (M9).

        Where no bundle came on it, it is asked for which teams.
        """
        if self._running is None and self.choice.folder() is not None:
            if self._teams():
                self._write_for(self._teams())
            else:
                self.session.ask(addressees, self._ask_teams, self._failed)

    def _ask_teams(self, teams: list[Addressee]) -> None:
        dialog = TeamsDialog(self, self.texts, teams)
        dialog.given.connect(self._write_for)
        dialog.open()

    def _write_for(self, teams: Sequence[str]) -> None:
        folder = self.choice.folder()
        if folder is None or self._running is not None:
            return
        self._start_panel()
        self._running = self.session.work(
            lambda ws, report, stop: [
                post_desk.answer(ws, team, folder, progress=report, cancelled=stop).path.name for team in teams
            ],
            self._answered, self._failed, self._progress,
        )  # fmt: skip
        self._connect_cancel()

    def _answered(self, names: list[str]) -> None:
        self._end()
        self._say_written(names, safe=True)
        self.refresh()
        self._look()

    def _say_written(self, names: list[str], *, safe: bool) -> None:
        texts = self.texts
        detail = texts(N_("{files}: written, read back and compared."), files=", ".join(names))
        first = texts(N_("Return bundle written. Safe to unplug")) if safe else texts(N_("Return bundle written"))
        self._above.addWidget(Banner("ok", first, detail, icon="usb"))

    def _review(self) -> None:
        if self._imported is not None:
            self.go.emit("review", tuple(self._imported.waiting))

    def _failed(self, error: OperatorError) -> None:
        self._end()
        banner = error_banner(error.parts(self.texts))
        self._above.addWidget(banner)
        self._show_found()
