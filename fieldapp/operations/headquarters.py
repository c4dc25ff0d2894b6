"""Setting up a headquarters, inviting teams, enrolling and revoking laptops."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fieldapp import clock, ids
from fieldapp.clock import Clock
from fieldapp.errors import OperatorError
from fieldapp.ids import DeviceId, Entropy, SystemEntropy
from fieldapp.operations import enrolment
from fieldapp.operations.enrolment import grant_value
from fieldapp.operations.epochs import begin as begin_epoch
from fieldapp.operations.errors import (
    EscrowNotProven,
    FileNotWritten,
    PrefixNotValid,
    RecordMissing,
    TeamCode,
    WorkspaceExists,
)
from fieldapp.operations.workspace import Deployment, Workspace, create
from fieldapp.operations.writing import write
from fieldapp.storage import journal
from fieldapp.storage import records as stored
from fieldapp.sync.demonstration import DEPLOYMENT_ID
from fieldapp.sync.invitation import Headquarters, Invitation, new_token, write_invitation
from fieldapp.sync.keys import DeviceKeys, ReceivingKey, escrow_file
from fieldapp.sync.manifest import FORMAT
from fieldapp.sync.manifest import Deployment as Named
from fieldapp.sync.sealing import open_sealed, seal
from fieldapp.texts import N_, Texts

_TEAM = re.compile(r"[a-z0-9]{1,32}")
_PREFIX = re.compile(r"[A-Z0-9]{2,4}")
SEAT = "hq"
"""What an invitation names instead of a team when it is for a further seat of the headquarters."""
_RESERVED_TEAMS = frozenset((SEAT, "all"))
INVITATION_DAYS = 30
"""An invitation can be used this long unless another end is named."""


def set_up(
    folder: Path,
    name: str,
    escrow_to: Path,
    *,
    person: str = "",
    clock: Clock | None = None,
    entropy: Entropy | None = None,
    keys: DeviceKeys | None = None,
    escrow: ReceivingKey | None = None,
    deployment_id: str | None = None,
    language: str = "en",
    use_keyring: bool = True,
) -> Workspace:
    """Make the headquarters of a new deployment. Does not finish before the escrow key has opened a test bundle.

    ``escrow_to`` is the file the escrow key is written to (paper, or a second stick kept elsewhere); it is read
    back from there. Raises WorkspaceExists, EscrowNotProven.
    """
    entropy = entropy or SystemEntropy()
    if folder.exists() and any(folder.iterdir()):
        raise WorkspaceExists(folder=str(folder))
    keys = keys or DeviceKeys.from_entropy(entropy)
    escrow = escrow or ReceivingKey.from_entropy(entropy)
    _write_escrow(escrow, escrow_to, name, Texts(language))
    _prove_escrow(escrow_to, [keys.recipient, escrow.recipient])
    ws = create(folder, role="hq", person=person, keys=keys, clock=clock, entropy=entropy, language=language,
                use_keyring=use_keyring)
    try:
        with ws.store.transaction():
            _found(ws, name, deployment_id, escrow)
    except BaseException:
        ws.close()
        raise
    return ws


def _found(ws: Workspace, name: str, deployment_id: str | None, escrow: ReceivingKey) -> None:
    own = deployment_id or ids.uuid7(ws.clock.now(), ws.entropy)
    ws.set_json("deployment", {"id": own, "name": name, "demonstration": own == DEPLOYMENT_ID})
    ws.set_meta("escrow", escrow.recipient)
    begin_epoch(ws)
    ws.set_json("invitations", [])
    write(
        ws, f"device/hq/{ws.device}",
        {
            "name": name, "grant": grant_value([], role="hq"),
            "keys": {"signing_key": ws.keys.signing_public, "receiving_key": ws.keys.recipient},
        },
    )


def _write_escrow(escrow: ReceivingKey, path: Path, name: str, texts: Texts) -> None:
    comments = [
        texts(N_("Escrow key of the fieldapp headquarters “{name}”."), name=name),
        texts(N_("It opens every bundle of this deployment. Keep it away from the headquarters' computer.")),
    ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise EscrowNotProven(file=str(path)) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(escrow_file(escrow, comments))
        file.flush()
        os.fsync(file.fileno())


def _prove_escrow(path: Path, recipients: Sequence[str]) -> None:
    """Seal a test bundle to the headquarters' keys and open it with the key that was written, as read back."""
    message = b"fieldapp escrow test"
    sealed = path.with_name(path.name + ".test")
    try:
        with sealed.open("wb") as out:
            seal(io.BytesIO(message), out, recipients)
        written = ReceivingKey.from_text(path.read_text(encoding="utf-8"))
        opened = open_sealed(sealed, path.parent, [written])
        try:
            proven = opened.path.read_bytes() == message
        finally:
            opened.path.unlink()
    except (OSError, ValueError, OperatorError) as error:
        raise EscrowNotProven(file=str(path)) from error
    finally:
        sealed.unlink(missing_ok=True)
    if not proven:
        raise EscrowNotProven(file=str(path))


def deployment_of(ws: Workspace) -> Deployment:
    """The deployment of a headquarters' or joined workspace."""
    found = ws.deployment
    if found is None:
        raise RecordMissing(name="deployment")
    return found


def name_team(ws: Workspace, code: str, name: str, organisation: str | None = None) -> None:
    """Make the team's record if there is none yet."""
    if not _TEAM.fullmatch(code) or code in _RESERVED_TEAMS:
        raise TeamCode(team=code)
    if enrolment.team(ws, code) is None:
        changes: dict[str, Any] = {"name": name or code}
        if organisation:
            changes["organisation"] = organisation
        write(ws, f"team/hq/{code}", changes)


def invite(
    ws: Workspace,
    team: str,
    to: Path,
    *,
    team_name: str = "",
    device_name: str = "",
    organisation: str | None = None,
    prefix: str | None = None,
    days: int = INVITATION_DAYS,
) -> Invitation:
    """Write an invitation file for one laptop of a team: HQ's keys, the team, a one-time token, no private key.

    The root's workspace alone invites: bundles are encrypted to its keys, and it holds the tokens.
    """
    ws.require_root()
    now = ws.clock.now()
    with ws.store.transaction():
        name_team(ws, team, team_name, organisation)
        known = enrolment.team(ws, team)
        return _invite(ws, team, known.name if known else team, device_name or team, to, prefix, now, days)


def invite_seat(
    ws: Workspace, to: Path, *, device_name: str, prefix: str | None = None, days: int = INVITATION_DAYS
) -> Invitation:
    """Write an invitation file for a further seat of the headquarters. Only the root enrols seats."""
    ws.require_root()
    with ws.store.transaction():
        return _invite(ws, SEAT, deployment_of(ws).name, device_name, to, prefix, ws.clock.now(), days)


def _invite(
    ws: Workspace, team: str, team_name: str, device_name: str, to: Path, prefix: str | None, now: datetime, days: int
) -> Invitation:
    if prefix is not None and not _PREFIX.fullmatch(prefix):
        raise PrefixNotValid(prefix=prefix)
    deployment = deployment_of(ws)
    invitation = Invitation(
        created=clock.stamp(now), demonstration=deployment.demonstration,
        deployment=Named(deployment.id, deployment.name), device_name=device_name, format=FORMAT,
        hq=Headquarters(ws.device, ws.keys.signing_public, ws.keys.recipient, ws.meta("escrow")),
        minimum_reader=FORMAT, prefix=prefix or ids.tag_prefix(ws.entropy), team=team, team_name=team_name,
        token=new_token(ws.entropy), until=(now + timedelta(days=days)).date().isoformat(),
    )
    ws.set_json("invitations", [*ws.get_json("invitations", []), {
        "token": invitation.token, "team": team, "name": invitation.device_name, "prefix": invitation.prefix,
        "until": invitation.until, "used_by": None,
    }])
    try:
        write_invitation(invitation, ws.keys, to)
    except OSError as error:  # then nothing of it is kept, and the token is worth nothing
        raise FileNotWritten(file=str(to), reason=error.strerror or str(error)) from error
    return invitation


def enrol(ws: Workspace, device: DeviceId, *, name: str, team: str, signing_key: str, receiving_key: str,
          prefix: str = "", why: str | None = None) -> None:
    """Write the grant that lets a laptop write for its team, and for itself from the time it worked alone.

    ``team`` SEAT makes it a seat of the headquarters; that counts from the root's hand alone.
    """
    grant = grant_value([], role="hq") if team == SEAT else grant_value([team, device])
    changes: dict[str, Any] = {
        "name": name, "grant": grant,
        "keys": {"signing_key": signing_key, "receiving_key": receiving_key},
    }
    if prefix:
        changes["tag_prefix"] = prefix
    current = stored.read(ws.store, f"device/hq/{device}")
    write(ws, f"device/hq/{device}", changes, parents=current.heads if current else (), why=why)


def revoke(ws: Workspace, device: DeviceId, why: str, *, keep: Sequence[str] = ()) -> None:
    """Cut a laptop off after what is here: its later events are quarantined, earlier finds go on counting.

    Where two machines wrote one log, ``keep`` may name the heads (or their beginnings) of the branches that go on
    counting; without it all do. Raises RecordMissing for a device or head that is not here.
    """
    ws.require_hq()
    record = stored.read(ws.store, f"device/hq/{device}")
    if record is None:
        raise RecordMissing(name=device)
    grant = dict(record.values.get("grant") or {})
    if grant.get("role") == "hq":
        ws.require_root()
    grant["until"] = _cut_off(ws, device, keep)
    write(ws, record.name, {"grant": grant}, parents=record.heads, why=why)


def _cut_off(ws: Workspace, device: DeviceId, keep: Sequence[str]) -> list[list[object]]:
    """The positions that end what counts of a device: the ends of its logs, of a forked log those in ``keep``."""
    ends = {
        stream: heads for stream, heads in journal.branches(ws.store).items() if stream.split(".")[0] == device
    }
    for wanted in keep:
        if not wanted or not any(head.startswith(wanted) for heads in ends.values() for _, head in heads):
            raise RecordMissing(name=wanted)
    chosen: list[list[object]] = []
    for stream, heads in sorted(ends.items()):
        kept = [one for one in heads if one[1].startswith(tuple(keep))]
        chosen += [[stream, seq, head] for seq, head in (kept or heads)]
    return chosen
