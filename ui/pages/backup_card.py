"""The whole workspace in one encrypted file: where to, how far, read back, and where the copy lies."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from fieldapp.errors import OperatorError
from fieldapp.operations import backup
from fieldapp.operations.backup import Made, State
from fieldapp.texts import N_
from ui.background import Running
from ui.models.shown import Shown
from ui.pages.export import STEP_OF
from ui.pages.folder_choice import FolderChoice
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import PrimaryButton
from ui.widgets.cards import Card, clear
from ui.widgets.labels import PlainLabel, secondary
from ui.widgets.progress import ProgressPanel


class BackupCard(Card):
    """Says how old the last backup is and where it lies, and writes a new one to a stick or folder."""

    def __init__(self, session: Session) -> None:
        texts = session.texts
        super().__init__(texts(N_("Backup")))
        self._session, self._texts = session, texts
        self._shown = Shown(texts, session.clock, session.current_lists)
        self._running: Running | None = None
        self.panel: ProgressPanel | None = None
        self.last: PlainLabel = secondary("")
        self.body.addWidget(self.last)
        self._said = QVBoxLayout()
        self.body.addLayout(self._said)
        self.choice = FolderChoice(session, texts(N_("Stick or folder for the backup")))
        self.choice.chosen.connect(lambda _folder: self._enable())
        self.body.addWidget(self.choice)
        self.go = PrimaryButton(texts(N_("Write backup")), "save")
        self.go.clicked.connect(self._write)
        self.body.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        self._enable()

    def refresh(self) -> None:
        """Read when the last backup was written."""
        self._session.ask(backup.state, self._show)

    def _enable(self) -> None:
        self.go.setEnabled(self._running is None and self.choice.folder() is not None)

    def _show(self, state: State) -> None:
        texts = self._texts
        if not state.at:
            self.last.setText(texts(N_("No backup was written yet. It holds everything: records, photos and keys.")))
            return
        where = texts(N_("{file} in {folder}"), file=state.file, folder=state.folder) if state.file else ""
        said = texts(N_("Last backup {when}."), when=self._shown.moment(state.at))
        self.last.setText(f"{said} {where}".strip())

    def _write(self) -> None:
        folder = self.choice.folder()
        if folder is None or self._running is not None:
            return
        clear(self._said)
        self.panel = ProgressPanel(
            self._texts, self._session.clock,
            pulled=self._texts(N_("If the stick is pulled now, there is no backup, and nothing here is lost.")),
        )  # fmt: skip
        self._said.addWidget(self.panel)
        self._running = self._session.work(
            lambda ws, report, stop: backup.backup_to(ws, folder, progress=report, cancelled=stop), self._done,
            self._failed, self._progress,
        )  # fmt: skip
        self.panel.cancelled.connect(self._running.cancel)
        self._enable()

    def _progress(self, step: str, done: int, total: int) -> None:
        if self.panel is not None:
            self.panel.report(STEP_OF.get(step, step), done, total)

    def _end(self) -> None:
        self._running = self.panel = None
        clear(self._said)
        self._enable()

    def _done(self, made: Made) -> None:
        self._end()
        texts = self._texts
        first = texts(N_("Backup written, read back and compared. Safe to unplug"))
        where = texts(N_("{file} in {folder}, {size}."), file=made.path.name, folder=made.path.parent,
                      size=self._shown.size(made.size))  # fmt: skip
        keep = texts(N_("Keep it away from this computer. It opens with this workspace's key file or the escrow key."))
        self._said.addWidget(Banner("ok", first, f"{where} {keep}", icon="shield-check"))
        self.refresh()

    def _failed(self, error: OperatorError) -> None:
        self._end()
        self._said.addWidget(error_banner(error.parts(self._texts)))
