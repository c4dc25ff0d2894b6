"""Watching a folder while the window is open: it is looked into every few seconds, on the worker's thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import watching
from fieldapp.operations.watching import Seen
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.pages.folder_choice import FolderChoice
from ui.session import Session
from ui.widgets.buttons import Button
from ui.widgets.labels import PlainLabel, secondary


class FolderWatch(QWidget):
    """Starts and stops watching the folder that is chosen; ``ready(object)`` tells the files that are complete.

    The folder is kept as a setting of the headquarters, and watched again when the window is opened. No file system
    tells reliably what is copied to a stick or a network share, so it is looked for.
    """

    ready = Signal(object)

    def __init__(self, session: Session, choice: FolderChoice) -> None:
        super().__init__()
        self._session, self._texts, self._choice = session, session.texts, choice
        self.folder: Path | None = None
        self.seen = Seen()
        self._looking = False
        self.switch = Button("", "folder-open")
        self.switch.clicked.connect(self._toggle)
        self.said: PlainLabel = secondary("")
        self.said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.switch)
        column.addWidget(self.said)
        self._timer = QTimer(self)
        self._timer.setInterval(1000 * watching.LOOK_EVERY_SECONDS)
        self._timer.timeout.connect(self.look)
        choice.chosen.connect(lambda _folder: self._show())
        self._show()
        session.ask(watching.watched_folder, self._resume)

    def look(self) -> None:
        """Look now, unless a look is under way."""
        seen, folder = self.seen, self.folder
        if folder is not None and not self._looking:
            self._looking = True
            self._session.ask(lambda _ws: watching.look_in(folder, seen), self._looked, self._gone)

    def _toggle(self) -> None:
        folder = None if self.folder is not None else self._choice.folder()
        self._session.ask(lambda ws: _keep(ws, folder), lambda seen: self._begin(folder, seen))

    def _resume(self, folder: Path | None) -> None:
        if folder is not None:
            self._session.ask(lambda ws: watching.recall(ws, folder), lambda seen: self._begin(folder, seen))

    def _begin(self, folder: Path | None, seen: Seen) -> None:
        self.folder, self.seen = folder, seen
        if folder is None:
            self._timer.stop()
        else:
            self._timer.start()
        self._show()
        self.look()

    def _looked(self, paths: list[Path]) -> None:
        self._looking = False
        self._show()
        if paths:
            self.ready.emit(paths)

    def _gone(self, _error: OperatorError) -> None:
        self._looking = False
        if self.folder is not None:
            self.said.setText(self._texts(N_("{folder} is not there now. It is waited for."), folder=self.folder))

    def _show(self) -> None:
        texts = self._texts
        self.said.setVisible(self.folder is not None)
        if self.folder is None:
            self.switch.setText(texts(N_("Watch this folder")))
            self.switch.setEnabled(self._choice.folder() is not None)
            return
        self.switch.setText(texts(N_("Stop watching")))
        self.switch.setEnabled(True)
        if self.seen.cut_off:
            said = texts.plural(
                N_("Watched: {folder}. {count} file is not complete yet."),
                N_("Watched: {folder}. {count} files are not complete yet."), self.seen.cut_off,
                folder=self.folder,
            )  # fmt: skip
        else:
            said = texts(N_("Watched: {folder}"), folder=self.folder)
        self.said.setText(said)


def _keep(ws: Workspace, folder: Path | None) -> Seen:
    watching.watch_folder(ws, folder)
    return watching.recall(ws, folder) if folder is not None else Seen()
