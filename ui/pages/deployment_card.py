"""What holds for the whole deployment, and who set it; headquarters changes it here, a laptop on its own too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.settings import DATUM_OPERATION
from fieldapp.errors import OperatorError
from fieldapp.operations import positions, settings
from fieldapp.operations.positions import OwnOperation
from fieldapp.operations.settings import Defined, InForce
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui import theme
from ui.dialogs.coordinate_system import CoordinateSystemDialog
from ui.dialogs.setting import SettingDialog
from ui.session import Session
from ui.widgets.banner import error_banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, clear
from ui.widgets.labels import Hairline, PlainLabel, secondary

_ORIGINS = {
    "shipped": N_("as shipped"), "own": N_("set on this laptop"), "hq": N_("set by headquarters"),
}  # fmt: skip


@dataclass(frozen=True)
class _Settled:
    settings: list[InForce]
    systems: list[Defined]
    may_change: bool
    with_reason: bool
    own_operation: OwnOperation | None
    """Set where the programme's own parameters are in force."""


def _read(ws: Workspace) -> _Settled:
    hq = ws.role == "hq"
    return _Settled(settings.all_settings(ws), settings.systems(ws), hq or ws.deployment is None, hq,
                    positions.own_operation_of(ws))


class DeploymentCard(Card):
    """One row to a setting: its name, its value, who set it, and a button to change it for who may."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.texts(N_("For the whole programme")))
        self._session = session
        self.buttons: dict[str, Button] = {}
        self.dialog: SettingDialog | None = None
        self.system_dialog: CoordinateSystemDialog | None = None
        self._said = QVBoxLayout()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.body.addLayout(self._said)
        self.body.addLayout(self._rows)
        self.add_system = Button(session.texts(N_("Add a coordinate system")), "plus")
        self.add_system.clicked.connect(self._open_system)
        self.add_system.hide()
        self.body.addWidget(self.add_system, 0, Qt.AlignmentFlag.AlignLeft)

    def refresh(self) -> None:
        """Read the settings again."""
        self._session.ask(_read, self._show)

    def _show(self, found: _Settled) -> None:
        clear(self._rows)
        self.buttons = {}
        for place, one in enumerate(found.settings):
            if place:
                self._rows.addWidget(Hairline())
            self._rows.addWidget(self._row(one, found))
        texts = self._session.texts
        if found.systems:
            names = ", ".join(one.name(texts.language) for one in found.systems)
            self._rows.addWidget(Hairline())
            self._rows.addWidget(secondary(texts(N_("Own coordinate systems: {names}"), names=names)))
        self.add_system.setVisible(found.with_reason)
        if not found.may_change:
            self._rows.addWidget(secondary(texts(N_("Headquarters sets these for everyone."))))

    def _row(self, one: InForce, found: _Settled) -> QWidget:
        texts = self._session.texts
        words = {code: texts(word) for code, word in one.setting.choices}
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(PlainLabel(texts(one.setting.name), theme.BODY, theme.SEMIBOLD))
        left.addWidget(secondary(texts(_ORIGINS[one.origin])))
        if one.setting.code == DATUM_OPERATION and found.own_operation is not None:
            left.addWidget(PlainLabel(found.own_operation.sentence(texts), wrap=True))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addLayout(left, 1)
        row.addWidget(PlainLabel(words.get(one.value, one.value), theme.BODY, wrap=True), 1)
        if found.may_change:
            button = Button(texts(N_("Change")), "pencil")
            button.setAccessibleName(texts(N_("Change: {name}"), name=texts(one.setting.name)))
            button.clicked.connect(partial(self._open, one, found.with_reason))
            self.buttons[one.setting.code] = button
            row.addWidget(button)
        widget = QWidget()
        widget.setLayout(row)
        return widget

    def _open(self, one: InForce, with_reason: bool, *_pressed: object) -> None:
        self.dialog = SettingDialog(self, self._session.texts, one, with_reason=with_reason)
        self.dialog.given.connect(partial(self._set, one.setting.code))
        self.dialog.open()

    def _set(self, code: str, value: str, why: str) -> None:
        clear(self._said)
        self._session.do(lambda ws: settings.change(ws, code, value, why), self._done, self._failed)

    def _open_system(self, *_pressed: object) -> None:
        self.system_dialog = dialog = CoordinateSystemDialog(self, self._session.texts)
        dialog.given.connect(partial(self._define, dialog))
        dialog.open()

    def _define(self, dialog: CoordinateSystemDialog, code: str, fields: dict[str, object]) -> None:
        def failed(error: OperatorError) -> None:
            dialog.say(error.parts(self._session.texts))

        self._session.do(
            lambda ws: settings.add_system(ws, code, fields), lambda _made: self._defined(dialog), failed
        )

    def _defined(self, dialog: CoordinateSystemDialog) -> None:
        dialog.accept()
        self.refresh()

    def _done(self, _made: InForce) -> None:
        self.refresh()

    def _failed(self, error: OperatorError) -> None:
        self._said.addWidget(error_banner(error.parts(self._session.texts)))
