"""Personal data of victims on their way: a laptop writes its file to a stick, headquarters takes the files in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import personal
from fieldapp.operations.personal import Brought, Sent
from fieldapp.texts import N_
from ui import theme
from ui.pages.folder_choice import FolderChoice
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import clear
from ui.widgets.labels import PlainLabel, title


class PersonalFilesDialog(QDialog):
    """One folder or stick, one verb: send on a laptop, take at headquarters. What came of it is said above."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent)
        self._session, texts = session, session.texts
        self._taking = session.role == "hq"
        heading = texts(N_("Take in personal data")) if self._taking else texts(N_("Send personal data"))
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setMinimumWidth(620)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(theme.GAP)
        column.addWidget(title(heading))
        column.addWidget(PlainLabel(texts(N_(
            "Files of personal data are signed, encrypted for headquarters, and apart from every bundle."
        )), wrap=True))  # fmt: skip
        self.said = QVBoxLayout()
        column.addLayout(self.said)
        self.choice = FolderChoice(session, texts(N_("Stick or folder")))
        self.choice.chosen.connect(self._ready)
        column.addWidget(self.choice)
        self.shut = Button(texts(N_("Close")), "x")
        self.shut.clicked.connect(self.accept)
        self.act = PrimaryButton(heading, "download" if self._taking else "usb")
        self.act.clicked.connect(self._go)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.shut)
        row.addWidget(self.act)
        column.addLayout(row)
        self.banners: list[Banner] = []
        self._ready()

    def _ready(self, *_folder: object) -> None:
        self.act.setEnabled(self.choice.folder() is not None)

    def _go(self) -> None:
        folder = self.choice.folder()
        if folder is None:
            return
        self.act.setEnabled(False)
        if self._taking:
            self._session.do(lambda ws: personal.take_all(ws, folder), self._taken, self._failed)
        else:
            self._session.do(lambda ws: personal.send(ws, folder), self._sent, self._failed)

    def _sent(self, files: list[Sent]) -> None:
        texts = self._session.texts
        self._say([
            Banner("ok", texts(N_("Safe to unplug")),
                   texts(N_("Written and read back: {file}"), file=one.path.name)) for one in files
        ])  # fmt: skip

    def _taken(self, files: list[Brought]) -> None:
        texts, banners = self._session.texts, []
        for one in files:
            if one.taken is None:
                banners.append(error_banner(one.error.parts(texts)) if one.error else Banner("danger", one.file))
                continue
            said = texts(N_("Taken from {sender}: {new} new, {known} known, {waiting} wait for their record."),
                         sender=one.taken.sender, new=one.taken.new, known=one.taken.known,
                         waiting=one.taken.waiting)  # fmt: skip
            banners.append(Banner("ok", one.file, said))
        nothing = texts(N_("No file of personal data lies in this folder."))
        self._say(banners or [Banner("info", nothing, texts(N_("Their names end in .fieldpersonal.")))])

    def _failed(self, error: OperatorError) -> None:
        self._say([error_banner(error.parts(self._session.texts))])

    def _say(self, banners: list[Banner]) -> None:
        clear(self.said)
        self.banners = banners
        for banner in banners[:4]:
            self.said.addWidget(banner)
        self._ready()
