"""Choosing a stick or folder: the sticks that are in, the last folder, or any other."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QStorageInfo, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.texts import N_
from ui.session import Session
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, clear
from ui.widgets.fields import Field
from ui.widgets.labels import secondary

_STICK_ROOTS = ("/media/", "/run/media/", "/mnt/", "/Volumes/")
_LAST = "last_folder"
"""The session remembers the folder for all pages until the window closes."""


def sticks() -> list[tuple[str, Path, int]]:
    """Name, root and free bytes of every stick that is in."""
    found = []
    for volume in QStorageInfo.mountedVolumes():
        root = volume.rootPath()
        local = os.name == "nt" or bytes(volume.device().data()).startswith(b"/dev/")
        drive = os.name == "nt" and not volume.isRoot() and not root.upper().startswith(_system_drive())
        if volume.isReady() and volume.bytesTotal() > 0 and local and (drive or root.startswith(_STICK_ROOTS)):
            found.append((volume.name() or Path(root).name or root, Path(root), volume.bytesAvailable()))
    return found


def _folders_in(event: QDropEvent) -> set[Path]:
    """The folders of the files of this computer that are dropped; a folder itself counts as such."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return {path if path.is_dir() else path.parent for path in paths}


def _system_drive() -> str:
    return os.environ.get("SYSTEMDRIVE", "C:").upper()


class FolderChoice(Card):
    """``chosen(Path)`` follows each folder chosen or typed that exists; ``folder()`` is the present one."""

    chosen = Signal(object)

    def __init__(self, session: Session, heading: str) -> None:
        super().__init__(heading)
        self._session, self._texts = session, session.texts
        self._sticks = QVBoxLayout()
        self.stick_buttons: list[Button] = []
        self.body.addLayout(self._sticks)
        self.path = Field(self._texts(N_("Folder")))
        self.path.changed.connect(self._typed)
        self.body.addWidget(self.path)
        self.other = Button(self._texts(N_("Other folder ...")), "folder-open")
        self.other.clicked.connect(self._ask)
        self.body.addWidget(self.other)
        self.body.addStretch(1)
        self.look()

    def folder(self) -> Path | None:
        """The folder named, if it is there."""
        text = self.path.text().strip()
        path = Path(text)
        return path if text and path.is_dir() else None

    def set_folder(self, folder: Path) -> None:
        """Name a folder."""
        self.path.set_text(str(folder))

    def take_drops_on(self, page: QWidget) -> None:
        """A folder, or files of one folder, may be dropped anywhere on ``page``: that folder is chosen."""
        page.setAcceptDrops(True)
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is dropped on the page."""
        if isinstance(event, QDropEvent) and self.isEnabled() and (folders := _folders_in(event)):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self._dropped(folders)
            return True
        return super().eventFilter(watched, event)

    def _dropped(self, folders: set[Path]) -> None:
        if len(folders) == 1:
            self.set_folder(folders.pop())
        else:
            self.path.set_problem(self._texts(N_("These files lie in several folders. Drop those of one at a time.")))

    def look(self) -> None:
        """See which sticks are in now; the folder used last is offered again."""
        clear(self._sticks)
        self.stick_buttons = []
        found = sticks()
        for name, root, free in found:
            said = self._texts(N_("{name}, {free} GB free"), name=name, free=self._texts.number(free / 1e9, 1))
            button = Button(said, "usb")
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, root=root: self.set_folder(root))
            self._sticks.addWidget(button)
            self.stick_buttons.append(button)
        if not found:
            self._sticks.addWidget(secondary(self._texts(N_("No stick is in. Put one in, or choose a folder."))))
        last = self._session.property(_LAST)
        if not self.path.text():
            self.path.set_text(str(last or (found[0][1] if len(found) == 1 else "")))

    def _typed(self, _text: str) -> None:
        folder = self.folder()
        missing = bool(self.path.text().strip()) and folder is None
        self.path.set_problem(self._texts(N_("There is no such folder here.")) if missing else "")
        if folder is not None:
            self._session.setProperty(_LAST, str(folder))
        self.chosen.emit(folder)

    def _ask(self) -> None:
        start = str(self.folder() or Path.home())
        named = QFileDialog.getExistingDirectory(self, self._texts(N_("Choose a stick or folder")), start)
        if named:
            self.set_folder(Path(named))
