"""Settings: language and theme, what this workspace is, and its backup."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from fieldapp.operations import positions
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import LANGUAGES, N_
from ui import theme
from ui.pages.backup_card import BackupCard
from ui.pages.deployment_card import DeploymentCard
from ui.pages.page import Page
from ui.pages.receiver_card import ReceiverCard
from ui.pages.reports import LANGUAGE_NAMES
from ui.session import Session
from ui.widgets.cards import Card, Facts
from ui.widgets.choice import Choice, Option
from ui.widgets.labels import secondary

_FORMATS = {
    "dd": N_("Degrees, WGS 84"), "dms": N_("Degrees, minutes, seconds"), "utm": N_("UTM"), "mgrs": N_("MGRS"),
    "sk42-gk": N_("SK-42 Gauss-Krueger"),
}  # fmt: skip
_THEMES = {"sun": N_("Sun"), "day": N_("Day"), "night": N_("Night")}


class SettingsPage(Page):
    """Language and theme change at once, without a restart."""

    key = "settings"
    title = N_("Settings")
    icon = "settings"
    low = True

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        texts = self.texts
        languages = [Option(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
        self.language = Choice(texts(N_("Language")), languages, filled=True)
        self.language.set_text(texts.language)
        self.language.changed.connect(self._language_changed)
        self.theme = Choice(
            texts(N_("Colours")), [Option(name, texts(word)) for name, word in _THEMES.items()], filled=True
        )
        self.theme.changed.connect(self._theme_changed)
        look = Card(texts(N_("How it looks")))
        look.body.addWidget(self.language)
        look.body.addWidget(self.theme)
        self.positions = Choice(
            texts(N_("Positions of the receiver in")), [Option(code, texts(word)) for code, word in _FORMATS.items()],
            filled=True,
        )  # fmt: skip
        self.positions.set_text(session.positions_in)
        self.positions.changed.connect(self._positions_changed)
        look.body.addWidget(self.positions)
        look.body.addWidget(secondary(texts(N_("F12 goes through the colours, F11 fills the screen."))))
        self.facts = Facts()
        about = Card(texts(N_("This computer")))
        about.body.addWidget(self.facts)
        self.column.addWidget(look)
        self.receiver = ReceiverCard(session)
        self.column.addWidget(self.receiver)
        self.deployment = DeploymentCard(session)
        self.column.addWidget(self.deployment)
        self.backup = BackupCard(session)
        self.column.addWidget(self.backup)
        self.column.addWidget(about)
        self.column.addStretch(1)

    def refresh(self) -> None:
        """Show the present choice and what this workspace is."""
        self.theme.blockSignals(True)
        self.theme.set_text(theme.current().name)
        self.theme.blockSignals(False)
        self.session.ask(_facts, self._show)
        self.deployment.refresh()
        self.backup.refresh()

    def _show(self, facts: dict[str, str]) -> None:
        texts = self.texts
        words = {
            "person": N_("Person"), "deployment": N_("Programme"), "team": N_("Team"),
            "prefix": N_("Numbers begin with"),
            "device": N_("Device"), "folder": N_("Folder"),
        }  # fmt: skip
        self.facts.set_facts([(texts(word), facts[name]) for name, word in words.items() if facts[name]])

    def _language_changed(self, code: str) -> None:
        if code and code != self.session.texts.language:
            self.session.set_language(code)
        elif not code:
            self.language.set_text(self.session.texts.language)

    def _positions_changed(self, how: str) -> None:
        if not how:
            self.positions.set_text(self.session.positions_in)
        elif how != self.session.positions_in:
            self.session.positions_in = how
            self.session.ask(lambda ws: positions.show_in(ws, how), lambda _none: None)

    def _theme_changed(self, name: str) -> None:
        app = QApplication.instance()
        if name and isinstance(app, QApplication):
            theme.apply(app, name)
        elif not name:
            self.theme.set_text(theme.current().name)


def _facts(ws: Workspace) -> dict[str, str]:
    return {
        "person": ws.person, "deployment": ws.deployment.name if ws.deployment else "",
        "team": "" if ws.team in (ws.device, "hq") else ws.team, "prefix": ws.prefix, "device": ws.device,
        "folder": str(ws.folder),
    }  # fmt: skip
