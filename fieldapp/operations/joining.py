"""First doors of a laptop: on its own, or by invitation; and joining later, with ids, hashes and dates unchanged."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from fieldapp.clock import Clock
from fieldapp.ids import Entropy
from fieldapp.operations.errors import AlreadyJoined, DemonstrationOnly, ForNewSeat
from fieldapp.operations.headquarters import SEAT
from fieldapp.operations.personal import seal_for_headquarters
from fieldapp.operations.workspace import Workspace, create
from fieldapp.operations.writing import raise_clock_floor
from fieldapp.sync.demonstration import is_demonstration
from fieldapp.sync.invitation import Invitation, read_invitation
from fieldapp.sync.keys import DeviceKeys


def start_alone(
    folder: Path, person: str, *, clock: Clock | None = None, entropy: Entropy | None = None,
    keys: DeviceKeys | None = None, language: str = "en", use_keyring: bool = True,
) -> Workspace:
    """A laptop on its own: asks one name, nothing else."""
    return create(folder, role="field", person=person, clock=clock, entropy=entropy, keys=keys, language=language,
                  use_keyring=use_keyring)


def start_invited(
    folder: Path, invitation: Path, person: str = "", *, clock: Clock | None = None, entropy: Entropy | None = None,
    keys: DeviceKeys | None = None, language: str = "en", use_keyring: bool = True,
) -> Workspace:
    """A laptop, or a further seat of a headquarters, that begins with an invitation.

    The file is read before anything is made.
    """
    role = "hq" if read_invitation(invitation).team == SEAT else "field"
    ws = create(folder, role=role, person=person, clock=clock, entropy=entropy, keys=keys, language=language,
                use_keyring=use_keyring)
    try:
        _take_up(ws, read_invitation(invitation))
    except BaseException:
        ws.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return ws


def join(ws: Workspace, file: Path) -> Invitation:
    """Take up an invitation. Nothing recorded before changes; the first bundle proves the token to headquarters.
    Personal data of victims are sealed again, for headquarters too.

    Until headquarters has enrolled this laptop, a newer invitation of the same deployment takes the place of the
    first. Raises AlreadyJoined, ForNewSeat, DemonstrationOnly, and the invitation's own errors.
    """
    ws.require_field()
    invitation = read_invitation(file)
    if invitation.team == SEAT:
        raise ForNewSeat
    known = ws.deployment
    enrolled = ws.root != ws.device
    if known is not None and (enrolled or known.id != invitation.deployment.id):
        raise AlreadyJoined(deployment=known.name)
    _take_up(ws, invitation)
    return invitation


def _take_up(ws: Workspace, invitation: Invitation) -> None:
    if invitation.demonstration != is_demonstration(ws.device):
        raise DemonstrationOnly
    with ws.store.transaction():
        ws.set_json("deployment", {
            "id": invitation.deployment.id, "name": invitation.deployment.name,
            "demonstration": invitation.demonstration,
        })
        ws.set_json("hq", msgspec.to_builtins(invitation.hq))
        if ws.role == "hq":
            ws.set_meta("escrow", invitation.hq.escrow)
        else:
            ws.set_meta("team", invitation.team)
        ws.set_meta("team_name", invitation.team_name)
        ws.set_meta("device_name", invitation.device_name)
        ws.set_meta("token", invitation.token)
        raise_clock_floor(ws, invitation.created)
        if not ws.meta("counter"):  # a laptop whose numbers stand on tags keeps its letters
            ws.set_meta("prefix", invitation.prefix)
        seal_for_headquarters(ws)
