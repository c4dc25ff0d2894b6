"""Whom a return bundle can be written for: teams with a laptop that can open it, and which of them wait for one."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.operations import enrolment, post_desk
from fieldapp.operations.headquarters import SEAT
from fieldapp.operations.workspace import Workspace
from fieldapp.texts import N_, Texts, natural


@dataclass(frozen=True)
class Addressee:
    """A team that a return bundle can be written for."""

    team: str
    name: str
    laptops: int
    """Enrolled laptops that can open it."""
    waits: bool
    """A bundle of one of its laptops came in, and no return bundle was written since."""


def addressees(ws: Workspace) -> list[Addressee]:
    """The teams that have an enrolled laptop: those that wait first, then by name.

    The root's further seats stand among them as SEAT; a seat itself writes for the root alone.
    """
    waiting = {team for one in post_desk.unanswered(ws) for team in one.teams}
    known = {team.code: team.name for team in enrolment.teams(ws)}
    laptops: dict[str, int] = {}
    for device in enrolment.devices(ws):
        if device.receiving_key and device.role == "field" and not device.revoked:
            for team in device.teams:
                laptops[team] = laptops.get(team, 0) + (team != device.device)
    seats = 1 if ws.is_seat else len(enrolment.seats(ws))
    if seats:
        laptops = {SEAT: seats} if ws.is_seat else laptops | {SEAT: seats}
        known[SEAT] = Texts(ws.language)(N_("Headquarters"))
    found = [Addressee(team, known.get(team, team), count, team in waiting) for team, count in laptops.items() if count]
    return sorted(found, key=lambda one: (not one.waits, natural(one.name), one.team))
