"""Computers that sent records and are not enrolled: an officer accepts or refuses each, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import admission, enrolment, senders
from fieldapp.operations.imports import Outcome
from fieldapp.operations.senders import Newcomer
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_
from ui.dialogs.accept import AcceptDialog
from ui.dialogs.reason import ReasonDialog
from ui.models.shown import Shown
from ui.session import Session
from ui.widgets.banner import Banner
from ui.widgets.cards import clear
from ui.widgets.labels import secondary

_AT_ONCE = 6
"""So many newcomers are shown; the others follow when these are decided."""


@dataclass(frozen=True)
class AtTheDoor:
    """Who waits or was refused, the names of devices, and the codes of the teams there are."""

    newcomers: list[Newcomer]
    names: dict[str, str]
    teams: list[str]


def read_door(ws: Workspace) -> AtTheDoor:
    """Who sent records without being enrolled."""
    names = {one.device: one.name for one in enrolment.devices(ws)}
    return AtTheDoor(senders.newcomers(ws), names, [team.code for team in enrolment.teams(ws)])


class NewcomerBanners(QWidget):
    """A banner with two buttons for each; one that was refused stays, and can be accepted after all."""

    def __init__(
        self, session: Session, told: Callable[[str, str], None], failed: Callable[[OperatorError], None]
    ) -> None:
        super().__init__()
        self._session, self._texts = session, session.texts
        self._shown = Shown(session.texts, session.clock, session.current_lists)
        self._told, self._failed = told, failed
        self.banners: list[Banner] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def refresh(self) -> None:
        """Read who is there."""
        self._session.ask(read_door, self._show)

    def _show(self, door: AtTheDoor) -> None:
        clear(self._column)
        self.banners = [self._banner(one, door) for one in door.newcomers[:_AT_ONCE]]
        for banner in self.banners:
            self._column.addWidget(banner)
        more = len(door.newcomers) - _AT_ONCE
        if more > 0:
            said = self._texts.plural(
                N_("{count} more computer is not enrolled."), N_("{count} more computers are not enrolled."), more
            )  # fmt: skip
            self._column.addWidget(secondary(said))

    def _banner(self, one: Newcomer, door: AtTheDoor) -> Banner:
        texts = self._texts
        accept, refuse = texts(N_("Accept ...")), texts(N_("Refuse ..."))
        if one.state == senders.REFUSED:
            first = texts(N_("{name} was refused by {by}"), name=one.name, by=one.decided_by)
            banner = Banner("stale", first, f"{one.why}\n{self._story(one, door)}", accept, "shield-x")
        else:
            first = texts.plural(
                N_("{name} is not enrolled. {count} entry waits for your decision"),
                N_("{name} is not enrolled. {count} entries wait for your decision"), one.entries, name=one.name,
            )  # fmt: skip
            banner = Banner("warn", first, self._story(one, door), accept, "laptop", refuse)
        banner.pressed.connect(lambda: self._ask_team(one, door))
        banner.second_pressed.connect(lambda: self._ask_why(one, door))
        return banner

    def _story(self, one: Newcomer, door: AtTheDoor) -> str:
        """How it came here, in sentences."""
        texts = self._texts
        said = [texts(N_("Device {device}, first bundle {when}."), device=one.device,
                      when=self._shown.moment(one.first_at))]  # fmt: skip
        if one.invitation and one.used_by:
            said.append(texts(N_("It used the invitation of {name}, which {other} had used before."),
                              name=one.invitation, other=door.names.get(one.used_by, one.used_by)))  # fmt: skip
        elif one.invitation:
            said.append(texts(N_("The invitation of {name} was over."), name=one.invitation))
        if one.once_enrolled:
            said.append(texts(N_("Headquarters' own signed file was written to it: it was enrolled once.")))
        if one.copies:
            said.append(texts.plural(
                N_("{count} file of it was refused; a copy is kept here."),
                N_("{count} files of it were refused; copies are kept here."), one.copies,
            ))  # fmt: skip
        return " ".join(said)

    def _ask_team(self, one: Newcomer, door: AtTheDoor) -> None:
        teams = ", ".join(door.teams[:12])
        dialog = AcceptDialog(self, self._texts, one, self._story(one, door), teams)
        dialog.given.connect(lambda team, why: self._accept(one, team, why))
        dialog.open()

    def _accept(self, one: Newcomer, team: str, why: str) -> None:
        self._session.do(
            lambda ws: admission.accept(ws, one.device, team, why), lambda outcomes: self._accepted(one, outcomes),
            self._failed,
        )  # fmt: skip

    def _accepted(self, one: Newcomer, outcomes: list[Outcome]) -> None:
        refused = [outcome.reason or "" for outcome in outcomes if outcome.status == "refused"]
        first = self._texts(N_("{name} is accepted. Its records count from now on"), name=one.name)
        self._told(first, " ".join(refused))

    def _ask_why(self, one: Newcomer, door: AtTheDoor) -> None:
        texts = self._texts
        heading = texts(N_("Refuse {name}"), name=one.name)
        detail = texts(N_("{story} What it sent stays kept aside, and it can be accepted later."),
                       story=self._story(one, door))  # fmt: skip
        dialog = ReasonDialog(self, texts, heading, detail, texts(N_("Refuse")), danger=True)
        dialog.given.connect(lambda _code, why: self._refuse(one, why))
        dialog.open()

    def _refuse(self, one: Newcomer, why: str) -> None:
        self._session.do(
            lambda ws: admission.refuse(ws, one.device, why),
            lambda _none: self._told(self._texts(N_("{name} is refused"), name=one.name), ""), self._failed,
        )  # fmt: skip
